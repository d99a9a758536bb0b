"""Payments by QRIS and money going back, as the API lists them."""

from typing import Any, TypeAlias

from sqlalchemy import Select, select

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Payment, PaymentRefund, Register, Sale

View: TypeAlias = dict[str, Any]


def _select() -> Select[Payment, str | None, str]:
    return (
        select(Payment, Sale.number, Register.code)
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .execution_options(populate_existing=True)
    )


def payments(
    status: str | None, cursor: str | None, limit: int, *, register: str | None = None
) -> tuple[list[View], str | None]:
    """Return a page of payments, newest first, and the cursor of the next."""
    query = _select().order_by(Payment.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(Payment.status == status)
    if register is not None:
        query = query.where(Register.code == register)
    if cursor is not None:
        query = query.where(Payment.id < cursor)
    rows = db.session.execute(query).all()
    items = [_payment(row[0], row[1], row[2]) for row in rows[:limit]]
    return items, rows[limit - 1][0].id if len(rows) > limit else None


def payment(payment_id: str) -> View:
    """Return one payment. Raises not_found."""
    row = db.session.execute(_select().where(Payment.id == payment_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such payment."))
    return _payment(row[0], row[1], row[2])


def _payment(payment: Payment, number: str | None, register: str) -> View:
    return {
        "id": payment.id,
        "sale": payment.sale_id,
        "sale_number": number,
        "register": register,
        "provider": payment.provider,
        "amount": payment.amount,
        "paid_amount": payment.paid_amount,
        "status": payment.status,
        "reference": payment.reference,
        "issuer": payment.issuer,
        "confirmed_by": payment.confirmed_by,
        "verified_by": payment.verified_by,
        "why": payment.why,
        "decision": payment.decision,
        "decided_by": payment.decided_by,
        "decision_reason": payment.decision_reason,
        "created_at": clock.iso(payment.created_at),
        "expires_at": clock.iso(payment.expires_at),
        "paid_at": clock.iso(payment.paid_at) if payment.paid_at else None,
        "settled_at": clock.iso(payment.settled_at) if payment.settled_at else None,
    }


def payment_refunds(status: str | None, cursor: str | None, limit: int) -> tuple[list[View], str | None]:
    """Return a page of money going back through a provider, newest first, and the cursor of the next."""
    query = select(PaymentRefund).order_by(PaymentRefund.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(PaymentRefund.status == status)
    if cursor is not None:
        query = query.where(PaymentRefund.id < cursor)
    rows = list(db.session.execute(query.execution_options(populate_existing=True)).scalars())
    return [_refund(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def payment_refund(refund_id: str) -> View:
    """Return money going back through a provider. Raises not_found."""
    found = db.session.get(PaymentRefund, refund_id, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such payment."))
    return _refund(found)


def _refund(back: PaymentRefund) -> View:
    return {
        "id": back.id,
        "payment": back.payment_id,
        "refund": back.refund_id,
        "amount": back.amount,
        "status": back.status,
        "reference": back.reference,
        "trouble": back.trouble,
        "at": clock.iso(back.at),
        "by": back.by,
        "ended_at": clock.iso(back.ended_at) if back.ended_at else None,
    }
