"""The QRIS line of an X or Z report, split by who says that the money came and by what is still open."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, case, func, select

from pos.db import db
from pos.models import Payment, PaymentRefund, Sale, Shift
from pos.models.partial import PAYMENT_WAITING, REFUND_OPEN, taken_at

Split: TypeAlias = dict[str, dict[str, int]]

PRETENDED = "simulator"


def qris_split(shift_id: str, register_id: int, opened_at: datetime) -> Split:
    """Return counts and rupiah of the shift's QRIS money.

    `confirmed` by the provider and `by_hand` add up to what its completed sales took by QRIS; `simulated`
    says how much of both is no real money. `pending` is waited for now. `late` came since the register was
    closed before and found no sale. `refunds_waiting` and `refunds_refused` have not gone back yet.
    """
    late = _late(register_id, _since(register_id, opened_at))
    return {
        **_received(shift_id),
        "pending": _pending(register_id),
        "late": late,
        **_going_back(register_id),
    }


def cash_for_qris(shift_id: str) -> int:
    """Return rupiah that the shift's drawer paid for refunds which the provider had refused.

    Their refund counted as QRIS; now its money left as cash.
    """
    return int(
        db.session.execute(
            select(func.coalesce(func.sum(PaymentRefund.amount), 0)).where(
                PaymentRefund.cash_shift_id == shift_id,
                PaymentRefund.status == "cash",
                PaymentRefund.refund_id.is_not(None),
            )
        ).scalar_one()
    )


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _sum_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, Payment.paid_amount), else_=0)), 0)


def _received(shift_id: str) -> Split:
    by_hand = Payment.confirmed_by.is_not(None)
    unverified = by_hand & Payment.verified_by.is_(None)
    pretended = Payment.provider == PRETENDED
    row = db.session.execute(
        select(
            _count_if(~by_hand),
            _sum_if(~by_hand),
            _count_if(by_hand),
            _sum_if(by_hand),
            _count_if(unverified),
            _sum_if(unverified),
            _count_if(pretended),
            _sum_if(pretended),
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .where(
            Sale.shift_id == shift_id,
            Sale.status == "completed",
            Payment.status.in_(("paid", "refunded")),
            # A second payment that was given back did not pay the sale.
            Payment.why.is_(None) | (Payment.decision == "attached"),
        )
    ).one()
    found = [int(value or 0) for value in row]
    return {
        "confirmed": {"count": found[0], "amount": found[1]},
        "by_hand": {
            "count": found[2],
            "amount": found[3],
            "unverified_count": found[4],
            "unverified": found[5],
        },
        "simulated": {"count": found[6], "amount": found[7]},
    }


def _pending(register_id: int) -> dict[str, int]:
    count, amount = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Payment.amount), 0)).where(
            PAYMENT_WAITING, taken_at(register_id)
        )
    ).one()
    return {"count": count, "amount": int(amount)}


def _since(register_id: int, opened_at: datetime) -> datetime | None:
    """Return when the register was closed last before the shift; None: it is the first."""
    # The one that opened last before it: shifts of a register follow each other.
    return db.session.execute(
        select(Shift.closed_at)
        .where(Shift.register_id == register_id, Shift.opened_at < opened_at, Shift.closed_at.is_not(None))
        .order_by(Shift.opened_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def _late(register_id: int, since: datetime | None) -> dict[str, int]:
    undecided = (Payment.status == "late") & Payment.decision.is_(None)
    query = select(
        func.count(),
        func.coalesce(func.sum(Payment.paid_amount), 0),
        _count_if(undecided),
        _sum_if(undecided),
    ).where(Payment.why.is_not(None), taken_at(register_id))
    if since is not None:
        query = query.where(Payment.settled_at > since)
    count, amount, open_count, open_amount = db.session.execute(query).one()
    return {
        "count": count,
        "amount": int(amount or 0),
        "undecided_count": int(open_count),
        "undecided": int(open_amount),
    }


def _going_back(register_id: int) -> Split:
    """Return what is still open of the register, from whichever shift: it is said until it is settled."""
    rows = db.session.execute(
        select(PaymentRefund.status, func.count(), func.sum(PaymentRefund.amount))
        .join(Payment, Payment.id == PaymentRefund.payment_id)
        .where(REFUND_OPEN, taken_at(register_id))
        .group_by(PaymentRefund.status)
    )
    found = {status: {"count": count, "amount": int(amount)} for status, count, amount in rows}
    return {
        f"refunds_{status}": found.get(status, {"count": 0, "amount": 0}) for status in ("waiting", "refused")
    }
