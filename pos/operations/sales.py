"""Selling: one transaction from the cart to the stock, the tenders, the journal and the print jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos.db import table
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.domain.tender import PaymentShort, Settlement, Tender, TenderError, settle
from pos.errors import N_, FieldError, PosError, ValidationError
from pos.ids import new_id
from pos.models import Payment, Reservation, Sale, SaleLine
from pos.models import Tender as TenderRow
from pos.operations import lots, orders, printing, receipts, shifts, tills
from pos.operations.actor import Actor
from pos.operations.cart import Cart, price_cart
from pos.operations.cash import CASH, cash_event
from pos.operations.journal import Act, Request, Row
from pos.operations.tills import ShiftState, Till
from pos.payments import static
from pos.queries.sales import sale_number
from pos.schemas.sales import SaleIn
from pos.statements import together

SALE = table(Sale)
LINE = table(SaleLine)
TENDER = table(TenderRow)
PAYMENT = table(Payment)
RESERVATION = table(Reservation)


@dataclass(frozen=True, slots=True)
class Completed:
    """A sale that was just completed: the rows that were written, and the hash of their entry."""

    sold: receipts.Sold
    entry_hash: str


def make_sale(
    order: SaleIn, actor: Actor, at: datetime, request: Request, *, expires_after: int
) -> Completed | None:
    """Complete a sale that is paid in cash and return it, or start one that waits for a QRIS payment for
    `expires_after` seconds and return None.

    The order of steps is the same for every till, so two of them never wait for each other: the register's
    book, prices, lots, rows, the book again. A refusal changes nothing. Raises what the contract lists under
    "Refusals", and Replayed.
    """
    actor.need(Right.SELL)
    actor.at(order.at_register)
    till = tills.enter(order.at_register, request)
    tills.refuse_odd_clock(till, at)
    if any(tender.method == "cash" for tender in order.tenders):
        _need_cash(actor, till)
    till, shift = _open_shift(till, actor, at)
    cart = price_cart(
        order,
        actor,
        shift.business_date,
        rounding_step=till.shop.rounding_step,
        limit_percent=till.shop.limit_discount_percent,
    )
    settlement = _settle(cart, order)
    payload = static.create(till.shop.merchant_qris, settlement.qris) if settlement.qris else None
    held = None if order.order is None else orders.open_order(order.order, till, actor, at)
    own = held.own if held else ()
    takes = lots.choose(till.location_id, cart.wanted, till.expiry_day(at), cart.skus, own)
    if payload is not None:
        _start(order, actor, at, request, till, shift, cart, settlement, takes, payload, expires_after, held)
        return None
    return _complete(order, actor, at, request, till, shift, cart, settlement, takes, held)


def _need_cash(actor: Actor, till: Till) -> None:
    if till.kind == "kiosk" or not actor.may(Right.TAKE_CASH):
        raise PosError("forbidden", N_("Cash can't be taken here. Use QRIS, or pay at the till."))


def _open_shift(till: Till, actor: Actor, at: datetime) -> tuple[Till, ShiftState]:
    """Return the open shift.

    A kiosk opens its own at the first sale of the day and closes yesterday's before.
    """
    if till.kind == "kiosk":
        till = shifts.turn_kiosk(till, actor, at)
    return till, tills.need_open_shift(till)


def _settle(cart: Cart, order: SaleIn) -> Settlement:
    try:
        return settle(cart.totals.total, [Tender(tender.method, tender.amount) for tender in order.tenders])
    except PaymentShort as error:
        raise PosError("payment_short", error.message, error.params, extra={"short": error.short}) from error
    except TenderError as error:
        where = "tenders" if error.index is None else f"tenders.{error.index}.amount"
        raise ValidationError(FieldError(where, error.message, error.params)) from error


def _sale_row(
    order: SaleIn,
    actor: Actor,
    at: datetime,
    till: Till,
    shift: ShiftState,
    cart: Cart,
    settlement: Settlement,
) -> Row:
    sums = cart.totals
    return {
        "id": order.id,
        "register_id": till.register_id,
        "shift_id": shift.id,
        "business_date": shift.business_date,
        "status": "awaiting_payment",
        "number": None,
        "seq": None,
        "gross": sums.gross,
        "subtotal": sums.subtotal,
        "discount": sums.discount,
        "discount_reason": order.reason,
        "rounding": sums.rounding,
        "total": sums.total,
        "change": settlement.change,
        "created_at": at,
        "completed_at": None,
        "cashier": actor.name,
        "cashier_key": actor.key,
        "approved_by": cart.approved_by,
    }


def _line_rows(order: SaleIn, cart: Cart) -> list[Row]:
    return [
        {
            "sale_id": order.id,
            "position": position,
            "product_id": line.product_id,
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "discount": line.discount,
            "discount_reason": line.reason,
            "total": line.total,
        }
        for position, line in enumerate(cart.lines)
    ]


def _tender_rows(order: SaleIn, settlement: Settlement) -> list[Row]:
    return [
        {"sale_id": order.id, "position": position, "method": tender.method, "amount": tender.amount}
        for position, tender in enumerate(settlement.tenders)
    ]


def next_number(till: Till) -> str:
    """Return the number of the register's next sale: K1-000001, then K1-000002."""
    return sale_number(till.code, till.book.sale_count + 1)


def _complete(
    order: SaleIn,
    actor: Actor,
    at: datetime,
    request: Request,
    till: Till,
    shift: ShiftState,
    cart: Cart,
    settlement: Settlement,
    takes: Sequence[Take],
    held: orders.OpenOrder | None,
) -> Completed:
    act = Act(till.book, "sale", actor, at, request)
    sale = _sale_row(order, actor, at, till, shift, cart, settlement)
    sale |= {"status": "completed", "number": next_number(till), "seq": act.seq, "completed_at": at}
    lines, tenders = _line_rows(order, cart), _tender_rows(order, settlement)
    act.insert(SALE, [sale])
    act.insert(LINE, lines)
    act.insert(TENDER, tenders)
    takes_cash = any(tender.method == "cash" and tender.amount for tender in settlement.tenders)
    if takes_cash:
        act.insert(CASH, [cash_event(act, shift.id, "sale", settlement.cash_net, order.id)])
    record_goods_sold(act, till, order.id, takes)
    orders.use_up(act, held, order.id)
    with together():
        entry_hash = act.finish(
            sale_count=till.book.sale_count + 1, grand_total=till.book.grand_total + cart.totals.total
        )
    sold = receipts.Sold(till, sale, lines, tenders)
    printing.print_sale(sold, drawer=takes_cash)
    # Last, because other tills wait for these rows on PostgreSQL.
    lots.take(till.location_id, takes, held.own if held else ())
    return Completed(sold, entry_hash)


def record_goods_sold(act: Act, till: Till, sale_id: str, takes: Sequence[Take]) -> None:
    """Add the movements from the shelf to the customer."""
    act.insert(
        lots.MOVEMENT,
        lots.movements(
            act.book.id,
            act.seq,
            act.at,
            takes,
            from_id=till.location_id,
            to_id=lots.outside("customer"),
            reason="sale",
            source_id=sale_id,
        ),
    )


def _start(
    order: SaleIn,
    actor: Actor,
    at: datetime,
    request: Request,
    till: Till,
    shift: ShiftState,
    cart: Cart,
    settlement: Settlement,
    takes: Sequence[Take],
    payload: str,
    expires_after: int,
    held: orders.OpenOrder | None,
) -> None:
    act = Act(till.book, "sale_waiting", actor, at, request)
    act.insert(SALE, [_sale_row(order, actor, at, till, shift, cart, settlement)])
    act.insert(LINE, _line_rows(order, cart))
    act.insert(TENDER, _tender_rows(order, settlement))
    act.insert(
        RESERVATION,
        [
            {
                "sale_id": order.id,
                "lot_id": take.lot_id,
                "product_id": take.product_id,
                "location_id": till.location_id,
                "quantity": take.quantity,
            }
            for take in takes
        ],
    )
    act.insert(
        PAYMENT,
        [
            {
                "id": new_id(),
                "sale_id": order.id,
                "provider": static.NAME,
                "status": "waiting",
                "amount": settlement.qris,
                "paid_amount": None,
                "payload": payload,
                "reference": None,
                "created_at": at,
                "expires_at": at + timedelta(seconds=expires_after),
                "settled_at": None,
                "confirmed_by": None,
                "approved_by": None,
            }
        ],
    )
    orders.use_up(act, held, order.id)
    act.finish()
    lots.hold(till.location_id, takes, held.own if held else ())
