"""Money that goes back through the provider: decided in one transaction, carried out by the worker after it.

When the provider refuses, somebody pays it in cash: the goods came back already, so nothing is undone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.rights import Right
from pos.domain.states import PAYMENT as PAYMENT_MOVES
from pos.domain.states import PAYMENT_REFUND as REFUND_MOVES
from pos.domain.states import allowed
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.ids import new_id
from pos.models import Payment, PaymentRefund, Register, Sale
from pos.operations import printing, receipts, tasks, tills
from pos.operations.actor import SYSTEM, Actor
from pos.operations.cash import CASH, cash_event
from pos.operations.collecting import known
from pos.operations.journal import Act, Request, Row
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
class _Back:
    """Money on its way back, its payment, and the register in whose locked book both stand."""

    till: tills.Till
    row: Row
    payment: Row


def outcome(back_id: str, told: Refunded, at: datetime) -> None:
    """Put into the books what the provider did with a request for money back."""
    back = _enter(back_id, SYSTEM, None, None)
    status = {"done": "done", "refused": "refused"}.get(told.state)
    if status is None or not allowed(REFUND_MOVES, back.row["status"], status):
        return
    act = Act(back.till.book, f"payment_refund_{status}", SYSTEM, at)
    act.change(
        BACK,
        {"id": back_id},
        {"status": status, "reference": told.reference[:64], "trouble": told.reason[:200], "ended_at": at},
    )
    if status == "done":
        _settle(act, back)
    act.finish()
    tasks.end(back_id)


def pay_in_cash(back_id: str, register: str, actor: Actor, at: datetime, request: Request) -> None:
    """Pay in cash what the provider refused to give back, from the drawer of `register`'s open shift.

    Of a sale's refund it is a cash refund from here on; of money that found no sale it is a pay-out. Raises
    not_found, approval_needed, shift_not_open, refund_not_refused.
    """
    actor.need_or_approval(Right.REFUND)
    back = _enter(back_id, actor, register, request)
    if not allowed(REFUND_MOVES, back.row["status"], "cash"):
        raise PosError("refund_not_refused", N_("The provider has not refused this. It can't be paid twice."))
    till = back.till
    if till.kind == "kiosk":
        raise ValidationError(FieldError("register", N_("A kiosk has no drawer. Refund at a till.")))
    shift = tills.need_open_shift(till)
    tills.refuse_odd_clock(till, at)
    act = Act(till.book, "payment_refund_cash", actor, at, request)
    kind = "pay_out" if back.row["refund_id"] is None else "refund"
    reason = f"QRIS {back.payment['reference']}"
    event = cash_event(act, shift.id, kind, -back.row["amount"], back.row["refund_id"] or back_id, reason)
    act.insert(CASH, [event])
    act.change(BACK, {"id": back_id}, {"status": "cash", "cash_shift_id": shift.id})
    _settle(act, back)
    act.finish()
    printing.add_job(till, "cash", receipts.cash_slip(till, event, actor), title=reason)
    printing.add_drawer(till)


def _enter(back_id: str, actor: Actor, register: str | None, request: Request | None) -> _Back:
    """Lock the book of `register`, else that of the payment's register, and then the row itself."""
    own = db.session.execute(
        select(Register.code)
        .join(Sale, Sale.register_id == Register.id)
        .join(Payment, Payment.sale_id == Sale.id)
        .join(PaymentRefund, PaymentRefund.payment_id == Payment.id)
        .where(PaymentRefund.id == back_id)
    ).scalar_one_or_none()
    if own is None:
        raise NotFound
    actor.at(register or own)
    till = tills.enter(register or own, request)
    row = db.session.execute(select(BACK).where(BACK.c.id == back_id).with_for_update()).mappings().one()
    payment = db.session.execute(
        select(PAYMENT).where(PAYMENT.c.id == row["payment_id"]).with_for_update()
    ).mappings()
    return _Back(till, dict(row), dict(payment.one()))


def _settle(act: Act, back: _Back) -> None:
    """Call a payment refunded once all of it went back."""
    earlier = db.session.execute(
        select(func.coalesce(func.sum(BACK.c.amount), 0)).where(
            BACK.c.payment_id == back.payment["id"],
            BACK.c.id != back.row["id"],
            BACK.c.status.in_(("done", "cash")),
        )
    ).scalar_one()
    whole = int(earlier) + back.row["amount"] >= back.payment["paid_amount"]
    if whole and allowed(PAYMENT_MOVES, back.payment["status"], "refunded"):
        act.change(PAYMENT, {"id": back.payment["id"]}, {"status": "refunded"})
