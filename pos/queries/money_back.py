"""Money that goes back through the provider: how each stands."""

from dataclasses import dataclass

from sqlalchemy import Select, select

from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Payment, PaymentRefund, Refund, Register, Sale, Shift
from pos.queries.payments_office import Day
from pos.queries.searching import with_words

STATES = ("waiting", "refused", "done", "cash")


@dataclass(frozen=True, slots=True)
class Back:
    """Money on its way back through the provider, its payment, and the refund it belongs to."""

    row: PaymentRefund
    payment: Payment
    number: str | None
    register: str
    refund_number: str | None
    paid_by: str | None


def _backs() -> Select[PaymentRefund, Payment, str | None, str, str, str]:
    paid_by = (
        select(Register.code)
        .join(Shift, Shift.register_id == Register.id)
        .where(Shift.id == PaymentRefund.cash_shift_id)
        .scalar_subquery()
    )
    return (
        select(PaymentRefund, Payment, Sale.number, Register.code, Refund.number, paid_by)
        .join(Payment, Payment.id == PaymentRefund.payment_id)
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .outerjoin(Refund, Refund.id == PaymentRefund.refund_id)
        .execution_options(populate_existing=True)
    )


def backs(
    status: str,
    register: str | None,
    before: str | None,
    limit: int,
    *,
    words: str = "",
    day: Day | None = None,
) -> tuple[list[Back], str | None]:
    """Return a page of money going back, newest first, and the id that the next page begins before.

    With words of its numbers, its sale, the register or who decided it; of a day.
    """
    query = _backs().order_by(PaymentRefund.id.desc()).limit(limit + 1)
    numbers = (Payment.reference, PaymentRefund.reference, Refund.number, Sale.number)
    query = query.where(*with_words(words, *numbers, Register.code, PaymentRefund.by))
    if status in STATES:
        query = query.where(PaymentRefund.status == status)
    if day is not None:
        query = query.where(PaymentRefund.at >= day.since, PaymentRefund.at < day.until)
    if register is not None:
        query = query.where(Register.code == register)
    if before is not None:
        query = query.where(PaymentRefund.id < before)
    rows = [Back(row[0], row[1], row[2], row[3], row[4], row[5]) for row in db.session.execute(query)]
    return rows[:limit], rows[limit - 1].row.id if len(rows) > limit else None


def backs_of(payment_id: str) -> list[Back]:
    """Return what went back of a payment, or is to, the oldest first."""
    query = _backs().where(PaymentRefund.payment_id == payment_id).order_by(PaymentRefund.id)
    return [Back(row[0], row[1], row[2], row[3], row[4], row[5]) for row in db.session.execute(query)]


def back(back_id: str, register: str | None) -> Back:
    """Return money going back that a reader at `register` may see. Raises not_found."""
    row = db.session.execute(_backs().where(PaymentRefund.id == back_id)).one_or_none()
    if row is None or register not in (None, row[3]):
        raise NotFound(N_("There is no such payment."))
    return Back(row[0], row[1], row[2], row[3], row[4], row[5])
