"""The first page of the back office: today's takings and what needs a person."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import case, func, or_, select

from pos.db import db
from pos.domain.business_day import business_date
from pos.models import Book, Outlet, Payment, PrintJob, Refund, Register, Sale, Shift, ZReport
from pos.models.partial import JOB_OPEN, PAYMENT_WAITING, SALE_WAITING, SHIFT_NOT_CLOSED, SHIFTS_NOT_CLOSED
from pos.queries.paging import older
from pos.queries.shifts import shift_drawer


@dataclass(frozen=True, slots=True)
class RegisterToday:
    """A register's business day so far, and the shift that is open there."""

    code: str
    name: str
    kind: str
    outlet: str
    outlet_name: str
    active: bool
    last_at: datetime | None
    sales: int
    net: int
    shift: str | None
    shift_status: str | None
    opened_at: datetime | None
    opened_by: str | None
    expected_cash: int | None


def day_at_registers(at: datetime, *, with_cash: bool) -> list[RegisterToday]:
    """Return every active register's day, by outlet; with the expected cash only for those who may see it."""
    query = (
        select(Register, Outlet, Shift, Book.id, Book.last_at)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .join(Book, Book.register_id == Register.id)
        .outerjoin(Shift, (Shift.register_id == Register.id) & SHIFT_NOT_CLOSED)
        .where(or_(Register.active, Shift.id.is_not(None)))
        .order_by(Outlet.id, Register.id)
    )
    rows = [(row[0], row[1], _maybe(row[2]), row[3], row[4]) for row in db.session.execute(query)]
    days = {
        place.id: business_date(at, place.time_zone, time.fromisoformat(place.cut_off))
        for _, place, _, _, _ in rows
    }
    takings = {on: takings_on(on) for on in set(days.values())}
    found = []
    for desk, place, shift, book_id, last_at in rows:
        sales, net = takings[days[place.id]].get(desk.id, (0, 0))
        cash = shift_drawer(book_id, shift).expected_cash if shift is not None and with_cash else None
        found.append(
            RegisterToday(
                desk.code,
                desk.name,
                desk.kind,
                place.code,
                place.name,
                desk.active,
                last_at,
                sales,
                net,
                shift.id if shift else None,
                shift.status if shift else None,
                shift.opened_at if shift else None,
                shift.opened_by if shift else None,
                cash,
            )
        )
    return found


def _maybe(shift: Shift | None) -> Shift | None:
    """Return what an outer join found, as the type it really has."""
    return shift


def takings_on(on: date) -> dict[int, tuple[int, int]]:
    """Return (number of sales, net rupiah) of each register on a business date."""
    done = case((Sale.status == "completed", 1), else_=0)
    sold = db.session.execute(
        select(
            Shift.register_id,
            func.coalesce(func.sum(done), 0),
            func.coalesce(func.sum(done * Sale.total), 0),
        )
        .join(Sale, Sale.shift_id == Shift.id)
        .where(Shift.business_date == on)
        .group_by(Shift.register_id)
    )
    found = {register: (int(count), int(total)) for register, count, total in sold}
    back = db.session.execute(
        select(Shift.register_id, func.sum(Refund.total))
        .join(Refund, Refund.shift_id == Shift.id)
        .where(Shift.business_date == on)
        .group_by(Shift.register_id)
    )
    for register, total in back:
        count, net = found.get(register, (0, 0))
        found[register] = (count, net - int(total))
    return found


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for a person: payments that wait, print jobs that wait or are not certain."""

    waiting: int
    unknown_jobs: int
    queued_jobs: int


def waits(register: str | None = None) -> Waits:
    """Return the counts, of one register or of all."""
    payments = (
        select(func.count())
        .select_from(Payment)
        .join(Sale, Sale.id == Payment.sale_id)
        .where(SALE_WAITING, PAYMENT_WAITING)
    )
    jobs = select(PrintJob.status, func.count())
    if register is not None:
        payments = payments.join(Register, Register.id == Sale.register_id).where(Register.code == register)
        jobs = jobs.join(Register, Register.id == PrintJob.register_id).where(Register.code == register)
    spooled = dict(
        db.session.execute(
            jobs.where(JOB_OPEN, PrintJob.status.in_(("unknown", "queued"))).group_by(PrintJob.status)
        ).all()
    )
    waiting = db.session.execute(payments).scalar_one()
    return Waits(waiting, spooled.get("unknown", 0), spooled.get("queued", 0))


def sale_with_number(number: str) -> str | None:
    """Return the id of the sale with a receipt number, as people read it from paper."""
    return db.session.execute(
        select(Sale.id).where(Sale.number == number.strip().upper())
    ).scalar_one_or_none()


def entry_of_sale(sale_id: str) -> tuple[str, int] | None:
    """Return book and seq of the entry that completed a sale."""
    row = db.session.execute(
        select(Book.code, Sale.seq)
        .join(Book, Book.register_id == Sale.register_id)
        .where(Sale.id == sale_id, Sale.seq.is_not(None))
    ).one_or_none()
    return None if row is None or row[1] is None else (row[0], row[1])


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift in a list; `z` is its number once it is closed."""

    id: str
    register: str
    outlet: str
    status: str
    business_date: date
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    z: int | None


def shifts(
    *,
    register: str | None,
    before: str | None,
    limit: int,
    open_ones: bool,
    since: date | None = None,
    until: date | None = None,
) -> tuple[list[ShiftRow], str | None]:
    """Return open shifts, or a page of closed ones, newest first, and where the next page begins.

    Of the business dates from `since` to `until`, where they are given.
    """
    query = (
        select(Shift, Register.code, Outlet.name, ZReport.number)
        .join(Register, Register.id == Shift.register_id)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .outerjoin(ZReport, ZReport.shift_id == Shift.id)
        .order_by(Shift.business_date.desc(), Shift.opened_at.desc(), Shift.id.desc())
        .where(SHIFTS_NOT_CLOSED if open_ones else Shift.status == "closed")
        .limit(limit + 1)
    )
    if register is not None:
        query = query.where(Register.code == register)
    if since is not None:
        query = query.where(Shift.business_date >= since)
    if until is not None:
        query = query.where(Shift.business_date <= until)
    if before is not None:
        on, opened, last = before.split("~")
        day, same = date.fromisoformat(on), older(Shift.opened_at, Shift.id, opened, last)
        query = query.where((Shift.business_date < day) | ((Shift.business_date == day) & same))
    rows = [
        ShiftRow(
            shift.id,
            code,
            outlet,
            shift.status,
            shift.business_date,
            shift.opened_at,
            shift.opened_by,
            shift.closed_at,
            shift.closed_by,
            number,
        )
        for shift, code, outlet, number in db.session.execute(query)
    ]
    last_row = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], None if last_row is None else (
        f"{last_row.business_date.isoformat()}~{last_row.opened_at.isoformat()}~{last_row.id}"
    )
