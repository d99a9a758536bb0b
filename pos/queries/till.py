"""What the till's own page needs: registers to pick from, people who may stand there, how things are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select

from pos import clock
from pos.db import db
from pos.domain.rights import Right, may
from pos.errors import PosError
from pos.models import Book, Location, Outlet, Payment, PrintJob, Register, User
from pos.models.partial import JOB_OPEN, taken_at
from pos.operations.tills import NEWEST_AT, clock_is_plausible
from pos.queries import notes, registers

View: TypeAlias = dict[str, Any]

MOST_JOBS = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A register that a browser may become."""

    code: str
    name: str
    kind: str
    outlet_name: str


def choices() -> list[Choice]:
    """Return every active register, in the order of outlets."""
    rows = db.session.execute(
        select(Register.code, Register.name, Register.kind, Outlet.name)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .where(Register.active)
        .order_by(Outlet.id, Register.id)
    )
    return [Choice(*row) for row in rows]


def people() -> list[View]:
    """Return who may work at a till, by name and role, in the order they were added."""
    rows = db.session.execute(select(User.name, User.role).where(User.active).order_by(User.id))
    return [{"name": name, "role": role} for name, role in rows if may(role, Right.SELL)]


def calls_near(register: str) -> list[View]:
    """Return the kiosks of a register's outlet that call an officer, the longest wait first."""
    calls = notes.calls()
    if not calls:
        return []
    here = select(Register.outlet_id).where(Register.code == register).scalar_subquery()
    rows = db.session.execute(
        select(Register.code, Register.name).where(Register.code.in_(calls), Register.outlet_id == here)
    )
    found = [{"code": code, "name": name, "since": clock.iso(calls[code])} for code, name in rows]
    return sorted(found, key=lambda one: one["since"])


def place_of(register: str) -> tuple[str, str]:
    """Return the name and the time zone of a register's outlet."""
    row = db.session.execute(
        select(Outlet.name, Outlet.time_zone)
        .join(Register, Register.outlet_id == Outlet.id)
        .where(Register.code == register)
    ).one()
    return row[0], row[1]


def shelf_of(register: str) -> tuple[str, str]:
    """Return the code of the location that a register sells from, and its outlet's time zone."""
    row = db.session.execute(
        select(Location.code, Outlet.time_zone)
        .join(Outlet, Outlet.location_id == Location.id)
        .join(Register, Register.outlet_id == Outlet.id)
        .where(Register.code == register)
    ).one()
    return row[0], row[1]


def open_shift(register: str) -> View | None:
    """Return the register's shift that is not closed, with `counted` once its cash is."""
    try:
        shift = registers.current_shift(register)
    except PosError as error:
        if error.code != "shift_not_open":
            raise
        return None
    return shift | {"counted": shift["status"] == "counted"}


def clock_stands(register: str, at: datetime) -> bool:
    """Say whether the register's last entry lets the clock be right."""
    row = db.session.execute(select(Book.last_at, NEWEST_AT).where(Book.code == register)).one_or_none()
    return row is None or clock_is_plausible(row[0], row[1], at)


def unknown_jobs(register_id: int) -> list[View]:
    """Return print jobs of the register of which nobody knows whether they came out, oldest first."""
    rows = db.session.execute(
        select(PrintJob.id, PrintJob.kind, PrintJob.title)
        .where(PrintJob.register_id == register_id, JOB_OPEN, PrintJob.status == "unknown")
        .order_by(PrintJob.id)
        .limit(MOST_JOBS)
    )
    return [{"id": job, "kind": kind, "title": title} for job, kind, title in rows]


def late_money(register_id: int) -> list[View]:
    """Return what came by QRIS for the register's sales and found none to pay, oldest first, undecided."""
    rows = db.session.execute(
        select(Payment.id, Payment.paid_amount, Payment.settled_at)
        .where(
            Payment.why.is_not(None),
            Payment.status == "late",
            Payment.decision.is_(None),
            taken_at(register_id),
        )
        .order_by(Payment.settled_at)
        .limit(MOST_JOBS)
    )
    return [{"id": row[0], "paid_amount": row[1], "settled_at": clock.iso(row[2])} for row in rows if row[2]]
