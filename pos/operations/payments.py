"""What becomes of a sale that waits for its QRIS payment.

Confirmed by hand, cancelled, expired, or paid too late.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from pos.db import db
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.domain.states import PAYMENT as PAYMENT_MOVES
from pos.domain.states import SALE as SALE_MOVES
from pos.domain.states import allowed
from pos.errors import N_, NotFound, PosError
from pos.models import Payment, Reservation, SaleLine
from pos.models import Tender as TenderRow
from pos.models.partial import PAYMENT_WAITING
from pos.operations import lots, printing, receipts, tasks, tills
from pos.operations.actor import SYSTEM, Actor, is_own
from pos.operations.cash import CASH, cash_event
from pos.operations.journal import Act, Request, Row, row_of
from pos.operations.sales import PAYMENT, SALE, next_number, record_goods_sold
from pos.operations.tills import Till
from pos.queries.sales import notes_of, register_of
from pos.settings import PROVIDERS

UNASKED = timedelta(minutes=5)
"""How long after its time a provider's code ends in any case: its provider may not be set up any more."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sale with its newest payment, in its register's locked book."""

    till: Till
    sale: Row
    payment: Row


def confirm(sale_id: str, reference: str, actor: Actor, at: datetime) -> None:
    """Confirm by hand that the money came: the sale completes, or the payment is kept as late.

    Late: the code had expired or was cancelled, and the goods or an open shift are not there any more. Raises
    sale_not_waiting, reference_used, approval_needed (above the shop's limit).
    """
    actor.need(Right.CONFIRM_QRIS)
    waiting = enter(sale_id, actor)
    if waiting.payment["status"] in ("paid", "late") and waiting.payment["reference"] == reference:
        return
    if not allowed(PAYMENT_MOVES, waiting.payment["status"], "paid"):
        raise not_waiting()
    tills.refuse_odd_clock(waiting.till, at)
    approved_by = None
    if waiting.payment["amount"] > waiting.till.shop.limit_manual_qris:
        approved_by = actor.need_or_approval(Right.EXCEED_QRIS)
    refuse_used(reference)
    paid: Row = {
        "status": "paid",
        "paid_amount": waiting.payment["amount"],
        "reference": reference,
        "settled_at": at,
        "confirmed_by": actor.name,
        "approved_by": approved_by,
    }
    if waiting.payment["status"] == "waiting":
        complete(waiting, actor, at, paid, reserved(sale_id), held=True)
        return
    found = goods_for_late(waiting, at)
    if found is None:
        keep_as_late(waiting, actor, at, paid, "late")
    else:
        complete(waiting, actor, at, paid, found, held=False)


def cancel(sale_id: str, actor: Actor, at: datetime) -> None:
    """Give up waiting.

    The goods are free again. A cancelled sale answers as it is; a completed one refuses.
    """
    actor.need(Right.SELL)
    waiting = enter(sale_id, actor)
    if not actor.may(Right.SEE_SALES) and not is_own(actor, waiting.till.code, waiting.sale["cashier_key"]):
        raise NotFound
    if waiting.sale["status"] == "cancelled":
        return
    if not allowed(SALE_MOVES, waiting.sale["status"], "cancelled"):
        raise not_waiting()
    give_up(waiting, "cancelled", actor, at)


def expire(sale_id: str, at: datetime) -> None:
    """Give up waiting because time is over. Does nothing when the sale no longer waits."""
    waiting = enter(sale_id, SYSTEM)
    if allowed(SALE_MOVES, waiting.sale["status"], "expired") and waiting.payment["expires_at"] <= at:
        give_up(waiting, "expired", SYSTEM, at)


def due_to_expire(at: datetime, limit: int = 50) -> list[str]:
    """Return the ids of sales whose code is past its time."""
    return list(
        db.session.execute(
            select(Payment.sale_id)
            .where(
                PAYMENT_WAITING,
                # With a provider the last question comes first; this is for one that nobody can ask any more.
                Payment.our_reference.is_(None) & (Payment.expires_at <= at)
                | (Payment.expires_at <= at - UNASKED),
            )
            .order_by(Payment.expires_at)
            .limit(limit)
        ).scalars()
    )


def not_waiting() -> PosError:
    """Return the refusal for a sale that no longer waits for a payment."""
    return PosError("sale_not_waiting", N_("This sale does not wait for a payment any more."))


def reserved(sale_id: str) -> list[Take]:
    """Return what is held for the sale, in the order that every till locks lots."""
    rows = db.session.execute(
        select(Reservation.product_id, Reservation.lot_id, Reservation.quantity)
        .where(Reservation.sale_id == sale_id)
        .order_by(Reservation.product_id, Reservation.lot_id)
    ).all()
    return [Take(*row) for row in rows]


def enter(sale_id: str, actor: Actor, payment_id: str | None = None) -> Waiting:
    """Lock the book of the sale's register; return the sale with its newest attempt, or the one named.

    Raises not_found, and sale_not_waiting for a sale without any.
    """
    code = register_of(sale_id)
    if code is None:
        raise NotFound
    actor.at(code)
    till = tills.enter(code, None)
    sale = row_of(SALE, SALE.c.id == sale_id)
    attempts = select(PAYMENT).where(PAYMENT.c.sale_id == sale_id)
    if payment_id is None:
        # Money that came a second time is a row without a code.
        attempts = attempts.where(PAYMENT.c.why.is_(None) | (PAYMENT.c.why != "twice"))
    else:
        attempts = attempts.where(PAYMENT.c.id == payment_id)
    payment = (
        db.session.execute(attempts.order_by(PAYMENT.c.created_at.desc()).limit(1)).mappings().one_or_none()
    )
    if payment is None:
        raise not_waiting()
    return Waiting(till, sale, dict(payment))


def refuse_used(reference: str) -> None:
    """Refuse a reference that some payment has already: reference_used."""
    # By each provider, because their index begins with it.
    used = db.session.execute(
        select(func.count()).where(Payment.provider.in_(PROVIDERS), Payment.reference == reference)
    ).scalar_one()
    if used:
        raise PosError(
            "reference_used",
            N_("This reference was used for another sale. Look in the merchant's app for the right one."),
        )


def goods_for_late(waiting: Waiting, at: datetime) -> list[Take] | None:
    """Return goods for a sale that was given up; None when they or an open shift are not there any more."""
    till = waiting.till
    if till.shift is None or till.shift.status != "open":
        return None
    rows = db.session.execute(
        select(SaleLine.product_id, SaleLine.sku, SaleLine.quantity).where(
            SaleLine.sale_id == waiting.sale["id"]
        )
    ).all()
    wanted: dict[int, int] = {}
    for product_id, _, quantity in rows:
        wanted[product_id] = wanted.get(product_id, 0) + quantity
    try:
        return lots.choose(till.location_id, wanted, till.expiry_day(at), {row[0]: row[1] for row in rows})
    except PosError:
        return None


def complete(
    waiting: Waiting,
    actor: Actor,
    at: datetime,
    paid: Row,
    takes: list[Take],
    *,
    held: bool,
    also: Mapping[str, Row] | None = None,
    request: Request | None = None,
) -> None:
    """Complete the sale with the money of its payment; `held`: `takes` are its own reservation.

    `also` is what becomes of other attempts of the sale, by their id.
    """
    till = waiting.till
    shift = tills.need_open_shift(till)
    act = Act(till.book, "sale_completed", actor, at, request)
    sale_id = waiting.sale["id"]
    done: Row = {
        "status": "completed",
        "number": next_number(till),
        "seq": act.seq,
        "completed_at": at,
        "shift_id": shift.id,
        "business_date": shift.business_date,
    }
    act.change(SALE, {"id": sale_id}, done)
    act.change(PAYMENT, {"id": waiting.payment["id"]}, paid)
    for other, values in (also or {}).items():
        act.change(PAYMENT, {"id": other}, values)
        tasks.watch_on(other, at)
    tenders = list(
        db.session.execute(
            select(TenderRow.__table__).where(TenderRow.sale_id == sale_id).order_by(TenderRow.position)
        ).mappings()
    )
    cash = sum(tender["amount"] for tender in tenders if tender["method"] == "cash")
    if cash:
        act.insert(CASH, [cash_event(act, shift.id, "sale", cash - waiting.sale["change"], sale_id)])
    record_goods_sold(act, till, sale_id, takes)
    act.finish(sale_count=till.book.sale_count + 1, grand_total=till.book.grand_total + waiting.sale["total"])
    (lots.take_held if held else lots.take)(till.location_id, takes)
    lines = db.session.execute(
        select(SaleLine.__table__).where(SaleLine.sale_id == sale_id).order_by(SaleLine.position)
    ).mappings()
    sold = receipts.Sold(
        till,
        waiting.sale | done,
        [dict(line) for line in lines],
        [dict(t) for t in tenders],
        waiting.payment | paid,
        notes=notes_of([sale_id]).get(sale_id, {}),
    )
    printing.withdraw(sale_id, "qr")
    printing.print_sale(sold, drawer=cash > 0)


def give_up(waiting: Waiting, outcome: str, actor: Actor, at: datetime, payment: Row | None = None) -> None:
    """Wait no longer: the sale is `cancelled` or `expired`, its goods are free, its attempt asked about on.

    `payment` is what became of the attempt, when it is not the same as of the sale.
    """
    act = Act(waiting.till.book, f"sale_{outcome}", actor, at)
    act.change(SALE, {"id": waiting.sale["id"]}, {"status": outcome})
    act.change(PAYMENT, {"id": waiting.payment["id"]}, {"settled_at": at} | (payment or {"status": outcome}))
    act.finish()
    lots.free(waiting.till.location_id, reserved(waiting.sale["id"]))
    printing.withdraw(waiting.sale["id"], "qr")
    if waiting.payment["our_reference"] is not None:
        tasks.watch_on(waiting.payment["id"], at)


def keep_as_late(waiting: Waiting, actor: Actor, at: datetime, paid: Row, why: str) -> None:
    """Keep money that found no sale to pay; somebody decides about it in the back office."""
    act = Act(waiting.till.book, "payment_late", actor, at)
    act.change(PAYMENT, {"id": waiting.payment["id"]}, paid | {"status": "late", "why": why})
    act.finish()
