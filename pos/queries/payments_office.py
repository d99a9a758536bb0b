"""QRIS payments for those who look after them: lists, money that found no sale, by hand."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from pos import clock
from pos.db import db
from pos.domain.business_day import day_end
from pos.errors import N_, NotFound
from pos.ids import first_id_at
from pos.models import Payment, PaymentRefund, PaymentTask, Register, Sale, Shift
from pos.models.partial import PAYMENT_WAITING, REFUND_OPEN, SALE_WAITING, SHIFT_NOT_CLOSED
from pos.queries.paging import newer
from pos.queries.searching import with_words

CAME = ("paid", "late", "refunded")
"""States of a payment that somebody paid."""

UNDECIDED: ColumnElement[bool] = (
    # Spelled as the partial index has it: the badge of every page asks this.
    Payment.why.is_not(None) & (Payment.status == "late") & Payment.decision.is_(None)
)
UNVERIFIED: ColumnElement[bool] = (
    Payment.confirmed_by.is_not(None) & Payment.verified_by.is_(None) & Payment.status.in_(CAME)
)
STATES: dict[str, ColumnElement[bool]] = {
    "waiting": PAYMENT_WAITING,
    "paid": Payment.status == "paid",
    "late": (Payment.status == "late") & Payment.decision.is_(None),
    "kept": (Payment.status == "late") & (Payment.decision == "kept"),
    "going_back": (Payment.status == "late") & (Payment.decision == "refunded"),
    "refunded": Payment.status == "refunded",
    "expired": Payment.status == "expired",
    "cancelled": Payment.status == "cancelled",
    "failed": Payment.status == "failed",
}
"""What a payment is called for people, and which those are: `late` has three outcomes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A payment with the sale and register it belongs to."""

    payment: Payment
    number: str | None
    sale_status: str
    register: str
    cashier: str

    @property
    def state(self) -> str:
        """What it is called: its status, or what was decided about money that found no sale."""
        if self.payment.status == "late" and self.payment.decision is not None:
            return "kept" if self.payment.decision == "kept" else "going_back"
        return self.payment.status


def lines() -> Select[Payment, str | None, str, str, str]:
    """Return the query of payments that a `Line` is made of."""
    return (
        select(Payment, Sale.number, Sale.status, Register.code, Sale.cashier)
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .execution_options(populate_existing=True)
    )


@dataclass(frozen=True, slots=True)
class Day:
    """A business date of the first outlet as a span of instants."""

    on: date
    since: datetime
    until: datetime

    @classmethod
    def of(cls, on: date, zone: str, cut_off: time) -> "Day":
        """Return the span of `on`."""
        return cls(on, day_end(on - timedelta(days=1), zone, cut_off), day_end(on, zone, cut_off))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of payments is about; empty: everything."""

    state: str = ""
    provider: str = ""
    unverified: bool = False
    by: str = ""
    day: Day | None = None
    confirmed_on: Day | None = None
    words: str = ""
    amount: int | None = None


def page(
    wanted: Wanted, register: str | None, before: str | None, limit: int
) -> tuple[list[Line], str | None]:
    """Return a page of payments, newest first, and the id that the next page begins before."""
    query = lines().order_by(Payment.id.desc()).limit(limit + 1)
    for condition in _conditions(wanted):
        query = query.where(condition)
    if register is not None:
        query = query.where(Register.code == register)
    if before is not None:
        query = query.where(Payment.id < before)
    rows = [Line(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(query)]
    return rows[:limit], rows[limit - 1].payment.id if len(rows) > limit else None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state in STATES:
        found.append(STATES[wanted.state])
    if wanted.provider:
        found.append(Payment.provider == wanted.provider)
    if wanted.unverified:
        found.append(UNVERIFIED)
    if wanted.by:
        found.append(Payment.confirmed_by == wanted.by)
    if wanted.day is not None:
        # Ids grow with time, so the day is a short stretch of the primary key.
        found.append(Payment.id >= first_id_at(wanted.day.since - timedelta(hours=1)))
        found.append(Payment.created_at >= wanted.day.since)
        found.append(Payment.created_at < wanted.day.until)
    if wanted.confirmed_on is not None:
        found.append(Payment.settled_at >= wanted.confirmed_on.since)
        found.append(Payment.settled_at < wanted.confirmed_on.until)
    if wanted.words or wanted.amount is not None:
        found.append(or_(*_meant(wanted)))
    return found


def _meant(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what typed words may mean: the number of a sale, of a payment, or an amount."""
    meant: list[ColumnElement[bool]] = []
    if wanted.amount is not None:
        meant += [Payment.amount == wanted.amount, Payment.paid_amount == wanted.amount]
    if wanted.words:
        meant.append(Sale.number == wanted.words.upper())
        for column in (
            Payment.reference,
            Payment.our_reference,
            Payment.their_reference,
            Payment.verified_reference,
        ):
            meant.append(column.icontains(wanted.words, autoescape=True))
    return meant


def one(payment_id: str, register: str | None) -> Line:
    """Return a payment that a reader at `register` may see. Raises not_found."""
    row = db.session.execute(lines().where(Payment.id == payment_id)).one_or_none()
    if row is None or register not in (None, row[3]):
        raise NotFound(N_("There is no such payment."))
    return Line(row[0], row[1], row[2], row[3], row[4])


# -- money that found no sale ----------------------------------------------------------------------------


def undecided(
    register: str | None, after: str | None, limit: int, *, words: str = "", why: str = ""
) -> tuple[list[Line], str | None]:
    """Return a page of money without a sale that nobody decided about, the oldest first, and its cursor.

    With words of its reference, its sale, the cashier, the register or the bank it came from; of a reason.
    """
    query = lines().where(UNDECIDED).order_by(Payment.settled_at, Payment.id).limit(limit + 1)
    query = query.where(
        *with_words(words, Payment.reference, Payment.issuer, Sale.number, Sale.cashier, Register.code)
    )
    if why:
        query = query.where(Payment.why == why)
    if register is not None:
        query = query.where(Register.code == register)
    if after is not None:
        at, _, last = after.partition("~")
        query = query.where(newer(Payment.settled_at, Payment.id, at, last))
    rows = [Line(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(query)]
    if len(rows) <= limit:
        return rows, None
    end = rows[limit - 1].payment
    return rows[:limit], f"{clock.iso(end.settled_at or end.created_at)}~{end.id}"


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for a person: money without a sale, and money that a provider refused to give back."""

    undecided: int
    undecided_sum: int
    refused: int

    @property
    def all(self) -> int:
        """How many decisions are due."""
        return self.undecided + self.refused


def waits(register: str | None = None) -> Waits:
    """Return the counts, of one register or of all."""
    late = select(func.count(), func.coalesce(func.sum(Payment.paid_amount), 0)).where(UNDECIDED)
    back = (
        select(func.count()).select_from(PaymentRefund).where(REFUND_OPEN, PaymentRefund.status == "refused")
    )
    if register is not None:
        late = late.join(Sale, Sale.id == Payment.sale_id).join(Register, Register.id == Sale.register_id)
        back = (
            back.join(Payment, Payment.id == PaymentRefund.payment_id)
            .join(Sale, Sale.id == Payment.sale_id)
            .join(Register, Register.id == Sale.register_id)
        )
        late, back = late.where(Register.code == register), back.where(Register.code == register)
    count, total = db.session.execute(late).one()
    return Waits(count, int(total or 0), db.session.execute(back).scalar_one())


@dataclass(frozen=True, slots=True)
class Fitting:
    """A sale that money could pay: the one it came for, or one that waits for the same amount."""

    sale: str
    own: bool
    created_at: datetime
    cashier: str
    total: int


def fitting(line: Line) -> list[Fitting]:
    """Return the sales that money can be attached to, the one it came for first."""
    came = line.payment.paid_amount
    asked = (
        select(Payment.sale_id, func.max(Payment.amount).label("amount")).group_by(Payment.sale_id).subquery()
    )
    own = (Sale.id == line.payment.sale_id) & Sale.status.in_(("expired", "cancelled"))
    waiting = SALE_WAITING & (Register.code == line.register)
    rows = db.session.execute(
        select(Sale.id, Sale.created_at, Sale.cashier, Sale.total)
        .join(Register, Register.id == Sale.register_id)
        .join(asked, asked.c.sale_id == Sale.id)
        .where(or_(own, waiting), asked.c.amount == came)
        .order_by(Sale.created_at.desc())
        .limit(50)
    )
    found = [Fitting(row[0], row[0] == line.payment.sale_id, row[1], row[2], row[3]) for row in rows]
    return sorted(found, key=lambda sale: not sale.own)


def open_tills(register: str | None = None) -> list[str]:
    """Return the registers with a drawer and an open shift, which can pay in cash."""
    query = (
        select(Register.code)
        .join(Shift, (Shift.register_id == Register.id) & SHIFT_NOT_CLOSED)
        .where(Shift.status == "open", Register.kind == "till")
        .order_by(Register.id)
    )
    if register is not None:
        query = query.where(Register.code == register)
    return list(db.session.execute(query).scalars())


# -- confirmed by hand -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ByHand:
    """What one person confirmed by hand on a day, and how much of it nobody else has confirmed yet."""

    name: str
    count: int
    total: int
    unverified: int
    unverified_total: int
    approved: int


def by_hand(day: Day, register: str | None) -> list[ByHand]:
    """Return a day's manual confirmations by person, the largest unverified sum first."""
    open_one = case((Payment.verified_by.is_(None), 1), else_=0)
    query = (
        select(
            Payment.confirmed_by,
            func.count(),
            func.sum(Payment.paid_amount),
            func.sum(open_one),
            func.sum(open_one * Payment.paid_amount),
            func.count(Payment.approved_by),
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .where(
            Payment.confirmed_by.is_not(None),
            Payment.status.in_(CAME),
            Payment.settled_at >= day.since,
            Payment.settled_at < day.until,
        )
        .group_by(Payment.confirmed_by)
    )
    if register is not None:
        query = query.where(Register.code == register)
    rows = [
        ByHand(str(row[0]), row[1], int(row[2]), int(row[3]), int(row[4]), row[5])
        for row in db.session.execute(query)
    ]
    return sorted(rows, key=lambda row: (-row.unverified_total, -row.total, row.name))


# -- what providers are asked ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions to providers that got no answer, and since when the oldest of them waits for one."""

    unanswered: int
    since: datetime | None


def questions() -> Questions:
    """Return what this shop's machines ask in vain."""
    row = db.session.execute(
        select(func.count(), func.min(PaymentTask.silent_since)).where(PaymentTask.silent_since.is_not(None))
    ).one()
    return Questions(row[0], row[1])
