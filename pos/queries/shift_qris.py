"""The QRIS line of an X or Z report, split by who says that the money came and by what is still open."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, bindparam, case, func, or_, select

from pos.models import Payment, PaymentRefund, Sale
from pos.models.partial import PAYMENT_WAITING, REFUND_OPEN, taken_at
from pos.statements import Statement

Split: TypeAlias = dict[str, dict[str, int]]
Found: TypeAlias = Mapping[str, Sequence[tuple[Any, ...]]]
"""The rows of a report's statements, by their names."""

PRETENDED = "simulator"

_REGISTER: BindParameter[int] = bindparam("register")
_SHIFT: BindParameter[str] = bindparam("shift")


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _sum_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, Payment.paid_amount), else_=0)), 0)


_BY_HAND = Payment.confirmed_by.is_not(None)
_UNVERIFIED = _BY_HAND & Payment.verified_by.is_(None)
_PRETENDED = Payment.provider == PRETENDED
_UNDECIDED = (Payment.status == "late") & Payment.decision.is_(None)

QRIS_PARTS: Mapping[str, Statement] = {
    "received": Statement(
        select(
            _count_if(~_BY_HAND),
            _sum_if(~_BY_HAND),
            _count_if(_BY_HAND),
            _sum_if(_BY_HAND),
            _count_if(_UNVERIFIED),
            _sum_if(_UNVERIFIED),
            _count_if(_PRETENDED),
            _sum_if(_PRETENDED),
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .where(
            Sale.shift_id == _SHIFT,
            Sale.status == "completed",
            or_(Payment.status == "paid", Payment.status == "refunded"),
            # A second payment that was given back did not pay the sale.
            Payment.why.is_(None) | (Payment.decision == "attached"),
        )
    ),
    "pending": Statement(
        select(func.count(), func.coalesce(func.sum(Payment.amount), 0)).where(
            PAYMENT_WAITING, taken_at(_REGISTER)
        )
    ),
    "late": Statement(
        select(
            func.count(),
            func.coalesce(func.sum(Payment.paid_amount), 0),
            _count_if(_UNDECIDED),
            _sum_if(_UNDECIDED),
        ).where(
            Payment.why.is_not(None), taken_at(_REGISTER), Payment.settled_at > bindparam("closed_before")
        )
    ),
    "going_back": Statement(
        select(PaymentRefund.status, func.count(), func.sum(PaymentRefund.amount))
        .join(Payment, Payment.id == PaymentRefund.payment_id)
        .where(REFUND_OPEN, taken_at(_REGISTER))
        .group_by(PaymentRefund.status)
    ),
    "cash_for_qris": Statement(
        select(func.coalesce(func.sum(PaymentRefund.amount), 0)).where(
            PaymentRefund.cash_shift_id == _SHIFT,
            PaymentRefund.status == "cash",
            PaymentRefund.refund_id.is_not(None),
        )
    ),
}
"""What `qris_split` and `cash_for_qris` read, of a shift, its register, and when that was closed before."""


def qris_split(found: Found) -> Split:
    """Return counts and rupiah of the shift's QRIS money.

    `confirmed` by the provider and `by_hand` add up to what its completed sales took by QRIS; `simulated`
    says how much of both is no real money. `pending` is waited for now. `late` came since the register was
    closed before and found no sale. `refunds_waiting` and `refunds_refused` have not gone back yet, from
    whichever shift: that is said until it is settled.
    """
    ((paid, amount, by_hand, amount_by_hand, unverified, amount_unverified, *pretended),) = found["received"]
    (pending,) = found["pending"]
    (late,) = found["late"]
    going_back = {status: _both(*sums) for status, *sums in found["going_back"]}
    return {
        "confirmed": _both(paid, amount),
        "by_hand": {
            **_both(by_hand, amount_by_hand),
            "unverified_count": int(unverified),
            "unverified": int(amount_unverified),
        },
        "simulated": _both(*pretended),
        "pending": _both(*pending),
        "late": {**_both(*late[:2]), "undecided_count": int(late[2]), "undecided": int(late[3])},
        "refunds_waiting": going_back.get("waiting", _both(0, 0)),
        "refunds_refused": going_back.get("refused", _both(0, 0)),
    }


def cash_for_qris(found: Found) -> int:
    """Return rupiah that the shift's drawer paid for refunds which the provider had refused.

    Their refund counted as QRIS; now its money left as cash.
    """
    return int(found["cash_for_qris"][0][0])


def _both(count: Any, amount: Any) -> dict[str, int]:
    return {"count": int(count), "amount": int(amount)}
