"""Money that goes back through the provider: decided in one transaction, carried out by the worker after it.

When the provider refuses, somebody pays it in cash: the goods came back already, so nothing is undone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from pos.db import db, table
from pos.domain.rights import Right
from pos.domain.states import PAYMENT as PAYMENT_MOVES
from pos.domain.states import PAYMENT_REFUND as REFUND_MOVES
from pos.domain.states import allowed
from pos.errors import N_, NotFound, PosError
from pos.ids import new_id
from pos.models import Payment, PaymentRefund, Refund, Register, Sale
from pos.operations import tasks
from pos.operations.actor import SYSTEM, Actor
from pos.operations.books import Books
from pos.operations.collecting import known
from pos.operations.journal import Act, Request, Row, row_of
from pos.payments.base import Refunded, Refunding

BACK = table(PaymentRefund)
PAYMENT = table(Payment)


def start(
    act: Act, sale_id: str, refund_id: str, amount: int, providers: Collection[str], at: datetime
) -> bool:
    """Have `amount` rupiah of a sale go back through its provider, as part of a refund or void.

    Returns False when it did not come through one of `providers`: a person sends it back by hand, as the
    merchant's own app allows.
    """
    payment = (
        db.session.execute(
            select(PAYMENT).where(
                PAYMENT.c.sale_id == sale_id, PAYMENT.c.status == "paid", PAYMENT.c.provider.in_(providers)
            )
        )
        .mappings()
        .first()
    )
    if payment is None or payment["verified_by"] is None or not amount:
        return False
    _add(act, dict(payment), refund_id, amount, at)
    return True


def start_late(act: Act, payment: Row, at: datetime) -> None:
    """Have money that found no sale go back whole."""
    _add(act, payment, None, payment["paid_amount"], at)


def _add(act: Act, payment: Row, refund_id: str | None, amount: int, at: datetime) -> None:
    row: Row = {
        "id": new_id(),
        "payment_id": payment["id"],
        "refund_id": refund_id,
        "amount": amount,
        "status": "waiting",
        "reference": "",
        "trouble": "",
        "at": at,
        "by": act.actor.name,
        "ended_at": None,
        "cash_shift_id": None,
    }
    act.insert(BACK, [row])
    tasks.add(row["id"], "refund", payment["provider"], at)


def asked(back_id: str) -> Refunding | None:
    """Return what to ask the provider for; None when that is settled."""
    row = db.session.execute(
        select(PaymentRefund, Payment)
        .join(Payment, Payment.id == PaymentRefund.payment_id)
        .where(PaymentRefund.id == back_id, PaymentRefund.status == "waiting")
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    back, payment = row
    found = known(payment.id if payment.our_reference else _first_of(payment))
    if found is None:
        return None
    return Refunding(
        key=back.id,
        amount=back.amount,
        reason="refund",
        attempt=found.attempt,
        paid_reference=payment.verified_reference or payment.reference or "",
    )


def _first_of(payment: Payment) -> str:
    """Return the attempt whose code a second payment came by."""
    return db.session.execute(
        select(Payment.id)
        .where(Payment.sale_id == payment.sale_id, Payment.our_reference.is_not(None))
        .order_by(Payment.created_at.desc())
        .limit(1)
    ).scalar_one()


@dataclass(frozen=True, slots=True)
class _Where:
    """The registers in whose books money on its way back, and its payment, are written."""

    back: str
    payment: str


def outcome(back_id: str, told: Refunded, at: datetime) -> None:
    """Put into the books what the provider did with a request for money back."""
    where = _where(back_id)
    status = {"done": "done", "refused": "refused"}.get(told.state)
    books = Books(where.back, [where.payment], f"payment_refund_{status}", SYSTEM, at)
    row = row_of(BACK, BACK.c.id == back_id)
    if status is None or not allowed(REFUND_MOVES, row["status"], status):
        return
    books.act(where.back).change(
        BACK,
        {"id": back_id},
        {"status": status, "reference": told.reference[:64], "trouble": told.reason[:200], "ended_at": at},
    )
    if status == "done":
        _settle(books, where, row)
    books.finish()
    tasks.end(back_id)


def pay_in_cash(back_id: str, register: str, actor: Actor, at: datetime, request: Request) -> None:
    """Pay in cash what the provider refused to give back, from the drawer of `register`'s open shift.

    Of a sale's refund it is a cash refund from here on; of money that found no sale it is a pay-out. Raises
    not_found, approval_needed, shift_not_open, refund_not_refused, Replayed.
    """
    actor.need_or_approval(Right.REFUND)
    actor.at(register)
    where = _where(back_id)
    books = Books(register, [where.back, where.payment], "payment_refund_cash", actor, at, request)
    row = row_of(BACK, BACK.c.id == back_id)
    if not allowed(REFUND_MOVES, row["status"], "cash"):
        raise PosError("refund_not_refused", N_("The provider has not refused this. It can't be paid twice."))
    reference = db.session.execute(
        select(Payment.reference).where(Payment.id == row["payment_id"])
    ).scalar_one()
    kind = "pay_out" if row["refund_id"] is None else "refund"
    shift_id = books.pay_cash(register, kind, row["amount"], f"QRIS {reference}", back_id)
    books.act(where.back).change(BACK, {"id": back_id}, {"status": "cash", "cash_shift_id": shift_id})
    _settle(books, where, row)
    books.finish()


def _where(back_id: str) -> _Where:
    paid_at, back_at = aliased(Register), aliased(Register)
    found = db.session.execute(
        select(func.coalesce(back_at.code, paid_at.code), paid_at.code)
        .select_from(PaymentRefund)
        .join(Payment, Payment.id == PaymentRefund.payment_id)
        .join(Sale, Sale.id == Payment.sale_id)
        .join(paid_at, paid_at.id == Sale.register_id)
        .outerjoin(Refund, Refund.id == PaymentRefund.refund_id)
        .outerjoin(back_at, back_at.id == Refund.register_id)
        .where(PaymentRefund.id == back_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return _Where(*found)


def _settle(books: Books, where: _Where, row: Row) -> None:
    """Call a payment refunded once all of it went back."""
    earlier = db.session.execute(
        select(func.coalesce(func.sum(BACK.c.amount), 0)).where(
            BACK.c.payment_id == row["payment_id"],
            BACK.c.id != row["id"],
            BACK.c.status.in_(("done", "cash")),
        )
    ).scalar_one()
    payment = row_of(PAYMENT, PAYMENT.c.id == row["payment_id"])
    whole = int(earlier) + row["amount"] >= payment["paid_amount"]
    if whole and allowed(PAYMENT_MOVES, payment["status"], "refunded"):
        books.act(where.payment).change(PAYMENT, {"id": payment["id"]}, {"status": "refunded"})
