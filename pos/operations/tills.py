"""The first step of every act at a register: lock its book, look for a replay, see what stands there."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from pos.domain.business_day import business_date
from pos.domain.rights import Right
from pos.domain.shop import Shop
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.models import Book, Location, Outlet, Register, Shift
from pos.models.partial import SHIFT_NOT_CLOSED
from pos.operations.actor import Actor
from pos.operations.journal import LOCK, OFFICE, USED, BookState, Request, book_of, refuse_used
from pos.queries.shop import shop_at
from pos.statements import Statement, together

CLOCK_BEHIND = timedelta(seconds=60)
"""How far the clock may stand before the register's own last entry.

Its own, so that a clock that was ahead at several registers can be put right and confirmed at each of them.
"""
CLOCK_AHEAD = timedelta(days=7)

_OFFICE_SEQ = select(Book.seq).where(Book.code == OFFICE).scalar_subquery()
NEWEST_AT = (
    select(Book.last_at)
    .where(Book.last_at.is_not(None))
    .order_by(Book.last_at.desc())
    .limit(1)
    .scalar_subquery()
)
"""When anything was last written in any book."""


@dataclass(frozen=True, slots=True)
class ShiftState:
    """The register's shift that is not closed yet."""

    id: str
    status: str
    business_date: date
    opened_seq: int


@dataclass(frozen=True, slots=True)
class Till:
    """A register with its book locked, its outlet, its shift and the shop's settings."""

    book: BookState
    register_id: int
    code: str
    kind: str
    outlet_name: str
    outlet_address: str
    time_zone: str
    cut_off: time
    location_id: int
    shift: ShiftState | None
    shop: Shop
    last_at: datetime | None

    def business_date(self, at: datetime) -> date:
        """Return the business date a shift opened at `at` has here."""
        return business_date(at, self.time_zone, self.cut_off)

    def expiry_day(self, at: datetime) -> date:
        """Return the day goods must still be good on: today here, even when the shift is from yesterday."""
        today = at.astimezone(ZoneInfo(self.time_zone)).date()
        return max(today, self.shift.business_date) if self.shift else today


_TILL = Statement(
    select(
        Register.id,
        Register.kind,
        Register.active,
        Outlet.name,
        Outlet.address,
        Outlet.time_zone,
        Outlet.cut_off,
        Outlet.location_id,
        Shift.id,
        Shift.status,
        Shift.business_date,
        Shift.opened_seq,
        _OFFICE_SEQ,
        NEWEST_AT,
    )
    .join(Outlet, Outlet.id == Register.outlet_id)
    .join(Location, Location.id == Outlet.location_id)
    .outerjoin(Shift, (Shift.register_id == Register.id) & SHIFT_NOT_CLOSED)
    .where(Register.code == bindparam("code"))
)


def enter_to_print(register: str, actor: Actor, request: Request) -> Till:
    """Lock the book of a register that prints a paper. Raises forbidden, and what `enter` raises."""
    actor.need(Right.REPRINT)
    actor.at(register)
    return enter(register, request)


def enter(register: str, request: Request | None) -> Till:
    """Lock the register's book and return what stands there.

    Raises Replayed, id_conflict, validation_error.
    """
    with together():
        locked, used, found = (
            LOCK.ask(code=register),
            None if request is None else USED.ask(id=request.id),
            _TILL.ask(code=register),
        )
    book = book_of(locked)
    if request is not None and used is not None:
        refuse_used(used, request)
    row = found.row()
    if book is None or row is None or not row[2]:
        raise ValidationError(
            FieldError("register", N_("There is no register %(code)s."), {"code": register})
        )
    shift = ShiftState(row[8], row[9], row[10], row[11]) if row[8] else None
    return Till(
        book=book,
        register_id=row[0],
        code=register,
        kind=row[1],
        outlet_name=row[3],
        outlet_address=row[4],
        time_zone=row[5],
        cut_off=time.fromisoformat(row[6]),
        location_id=row[7],
        shift=shift,
        shop=shop_at(row[12]),
        last_at=row[13],
    )


def clock_is_plausible(own: datetime | None, newest: datetime | None, at: datetime) -> bool:
    """Say whether `at` is neither before the register's `own` last entry nor a week after the `newest`.

    A register without an entry yet is held against the shop's newest.
    """
    if newest is None:
        return True
    return (own or newest) - CLOCK_BEHIND <= at <= newest + CLOCK_AHEAD


def refuse_odd_clock(till: Till, at: datetime) -> None:
    """Refuse to sell while a supervisor has not confirmed a clock that jumped."""
    if not clock_is_plausible(till.book.last_at, till.last_at, at):
        raise PosError(
            "clock_unconfirmed",
            N_("The date and time look wrong. A supervisor must confirm them before selling goes on."),
            extra={"role": "supervisor"},
        )


def refuse_counted(till: Till) -> None:
    """Refuse when the cash of the shift was counted: what happens now belongs to the next shift."""
    if till.shift is not None and till.shift.status != "open":
        raise PosError(
            "shift_closed", N_("The cash was counted already. Close the shift and open a new one.")
        )


def need_open_shift(till: Till) -> ShiftState:
    """Return the open shift, or refuse with shift_not_open or shift_closed."""
    refuse_counted(till)
    if till.shift is None:
        raise PosError("shift_not_open", N_("The till is not open. Open it with a float first."))
    return till.shift
