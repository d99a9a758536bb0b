"""Money that found no sale to pay: somebody decides what becomes of it, with a reason that stays.

It came after its sale was given up, a second time, or as another amount than asked. It is attached to a sale,
given back, or kept as found money. Nothing of it is ever dropped.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from pos.db import db, table
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import Payment, Sale
from pos.operations import refunding
from pos.operations.actor import Actor
from pos.operations.books import Books
from pos.operations.journal import Act, Request, Row, refuse_replay, row_of
from pos.operations.payments import Waiting, complete, enter, goods_for_late, reserved
from pos.queries.sales import register_of

PAYMENT = table(Payment)
SALE = table(Sale)


def attach(
    payment_id: str, sale_id: str | None, reason: str, actor: Actor, at: datetime, request: Request
) -> None:
    """Pay a sale with money that found none: the one it came for, or one of its register that waits.

    The amounts must be equal. The sale it came for needs its goods and an open shift; a sale that waits gives
    its own code up. Raises not_found, Replayed, payment_decided, payment_mismatch, sale_not_waiting.
    """
    waiting = _enter(payment_id, actor, request)
    payment = waiting.payment
    target = waiting
    if sale_id is not None and sale_id != payment["sale_id"]:
        target = _other(waiting, sale_id)
    if target.sale["status"] == "completed":
        raise PosError("sale_not_waiting", N_("This sale is paid already. Give the money back, or keep it."))
    asked = _asked(target.sale["id"])
    if asked != payment["paid_amount"]:
        raise PosError(
            "payment_mismatch",
            N_("The sale needs %(asked)s rupiah by QRIS, but %(paid)s came."),
            {"asked": asked, "paid": payment["paid_amount"]},
        )
    paid: Row = _decided("attached", reason, actor, at) | {
        "status": "paid",
        "paid_amount": payment["paid_amount"],
        "reference": payment["reference"],
        "sale_id": target.sale["id"],
    }
    mine = Waiting(target.till, target.sale, payment)
    if target.sale["status"] == "awaiting_payment":
        live = row_of(PAYMENT, (PAYMENT.c.sale_id == target.sale["id"]) & (PAYMENT.c.status == "waiting"))
        instead = {live["id"]: {"status": "cancelled", "settled_at": at}}
        complete(mine, actor, at, paid, reserved(target.sale["id"]), held=True, also=instead, request=request)
        return
    goods = goods_for_late(mine, at)
    if goods is None:
        raise PosError(
            "goods_gone",
            N_("The goods or an open shift are not there any more. Sell anew, or give the money back."),
        )
    complete(mine, actor, at, paid, goods, held=False, request=request)


def give_back(
    payment_id: str,
    method: str,
    register: str | None,
    reason: str,
    actor: Actor,
    at: datetime,
    request: Request,
    providers: Collection[str],
) -> None:
    """Give money back that found no sale: through its `provider`, or in `cash` from an open till.

    Raises not_found, Replayed, payment_decided, validation_error, shift_not_open.
    """
    if method == "provider":
        waiting = _enter(payment_id, actor, request)
        if waiting.payment["provider"] not in providers:
            raise ValidationError(
                FieldError("method", N_("Nothing can be given back through this provider. Pay it in cash."))
            )
        act = Act(waiting.till.book, "payment_given_back", actor, at, request)
        act.change(PAYMENT, {"id": payment_id}, _decided("refunded", reason, actor, at))
        refunding.start_late(act, waiting.payment, at)
        act.finish()
        return
    actor.need_or_approval(Right.DECIDE_PAYMENTS)
    if register is None:
        raise ValidationError(FieldError("register", N_("Choose the till that pays.")))
    actor.at(register)
    home = register_of(_sale_of(payment_id)) or register
    books = Books(register, [home], "payment_given_back", actor, at, request)
    payment = _undecided(row_of(PAYMENT, PAYMENT.c.id == payment_id))
    books.pay_cash(register, "pay_out", payment["paid_amount"], f"QRIS {payment['reference']}", payment_id)
    decided = _decided("refunded", reason, actor, at) | {"status": "refunded"}
    books.act(home).change(PAYMENT, {"id": payment_id}, decided)
    books.finish()


def keep(payment_id: str, reason: str, actor: Actor, at: datetime, request: Request) -> None:
    """Keep money that found no sale as found money. Raises not_found, Replayed, payment_decided."""
    waiting = _enter(payment_id, actor, request)
    act = Act(waiting.till.book, "payment_kept", actor, at, request)
    act.change(PAYMENT, {"id": payment_id}, _decided("kept", reason, actor, at))
    act.finish()


def _enter(payment_id: str, actor: Actor, request: Request) -> Waiting:
    waiting = enter(_sale_of(payment_id), actor, payment_id)
    refuse_replay(request)
    actor.need_or_approval(Right.DECIDE_PAYMENTS)
    _undecided(waiting.payment)
    return waiting


def _sale_of(payment_id: str) -> str:
    sale_id = db.session.execute(select(Payment.sale_id).where(Payment.id == payment_id)).scalar_one_or_none()
    if sale_id is None:
        raise NotFound(N_("There is no such payment."))
    return sale_id


def _undecided(payment: Row) -> Row:
    if payment["status"] != "late" or payment["decision"] is not None:
        raise PosError("payment_decided", N_("It was decided already what becomes of this money."))
    return payment


def _decided(decision: str, reason: str, actor: Actor, at: datetime) -> Row:
    return {"decision": decision, "decision_reason": reason, "decided_by": actor.name, "decided_at": at}


def _other(waiting: Waiting, sale_id: str) -> Waiting:
    """Return another sale of the same register; what happens to a payment stays in one book."""
    sale = db.session.execute(select(SALE).where(SALE.c.id == sale_id)).mappings().one_or_none()
    if sale is None:
        raise NotFound(N_("There is no such sale."))
    if sale["register_id"] != waiting.till.register_id:
        raise ValidationError(FieldError("sale", N_("Choose a sale of the register that the money came by.")))
    if sale["status"] != "awaiting_payment":
        raise PosError("sale_not_waiting", N_("This sale does not wait for a payment any more."))
    return Waiting(waiting.till, dict(sale), waiting.payment)


def _asked(sale_id: str) -> int:
    """Return what a sale asks for by QRIS: the amount of its first attempt."""
    return db.session.execute(
        select(Payment.amount).where(Payment.sale_id == sale_id).order_by(Payment.created_at).limit(1)
    ).scalar_one()
