"""Selling: one transaction from the cart to the stock, the tenders, the journal and the print jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos.db import table
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.domain.tender import PaymentShort, Settlement, Tender, TenderError, settle
from pos.errors import N_, FieldError, PosError, Unready, ValidationError
from pos.ids import new_id
from pos.models import Payment, Reservation, Sale, SaleLine, SaleNote
from pos.models import Tender as TenderRow
from pos.models.sales import WHOLE
from pos.operations import lots, orders, printing, receipts, shifts, tasks, tills
from pos.operations.actor import Actor
from pos.operations.cart import Cart, price_cart
from pos.operations.cash import CASH, cash_event
from pos.operations.journal import Act, Request, Row
from pos.operations.tills import ShiftState, Till
from pos.payments import static
from pos.payments.base import Code
from pos.queries.sales import sale_number
from pos.schemas.sales import SaleIn, TenderIn
from pos.statements import together

SALE = table(Sale)
LINE = table(SaleLine)
NOTE = table(SaleNote)
TENDER = table(TenderRow)
PAYMENT = table(Payment)
RESERVATION = table(Reservation)


@dataclass(frozen=True, slots=True)
class Completed:
    """A sale that was just completed: the rows that were written, and the hash of their entry."""

    sold: receipts.Sold
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Collect:
    """How QRIS is collected: by which provider, for how many seconds, and what it said so far.

    `payment_id` and `our_reference` name the attempt. `code` is None while the provider is still asked, and
    `asker` then the process that asks. With the static provider all of these stay empty.
    """

    provider: str
    expires_after: int
    payment_id: str = ""
    our_reference: str | None = None
    amount: int = 0
    code: Code | None = None
    asker: str = ""


class CodeWanted(Unready):
    """A provider has to be asked for a code of `amount` rupiah."""

    def __init__(self, amount: int, register: str) -> None:
        self.amount = amount
        self.register = register
        super().__init__(f"a code for {amount}")


def make_sale(
    order: SaleIn, actor: Actor, at: datetime, request: Request, collect: Collect
) -> Completed | None:
    """Complete a sale that is paid in cash and return it, or start one that waits for a QRIS payment and
    return None.

    With a provider that has not been asked yet it raises CodeWanted, once everything else is right: nobody
    waits for a provider inside a transaction.

    The order of steps is the same for every till, so two of them never wait for each other: the register's
    book, prices, lots, rows, the book again. A refusal changes nothing. Raises what the contract lists under
    "Refusals", and Replayed.
    """
    actor.need(Right.SELL)
    actor.at(order.at_register)
    till = tills.enter(order.at_register, request)
    tills.refuse_odd_clock(till, at)
    if any(tender.method == "cash" for tender in order.tenders):
        need_cash(actor, till)
    till, shift = _open_shift(till, actor, at)
    cart = price_cart(
        order,
        actor,
        shift.business_date,
        rounding_step=till.shop.rounding_step,
        limit_percent=till.shop.limit_discount_percent,
    )
    settlement = settled(cart.totals.total, order.tenders)
    code = _code(till, settlement.qris, collect) if settlement.qris else None
    held = None if order.order is None else orders.open_order(order.order, till, actor, at)
    own = held.own if held else ()
    takes = lots.choose(till.location_id, cart.wanted, till.expiry_day(at), cart.skus, own)
    plan = _Plan(order, actor, at, request, till, shift, cart, settlement, takes, held)
    if not settlement.qris:
        return _complete(plan)
    if collect.provider != static.NAME and collect.amount != settlement.qris:
        raise CodeWanted(settlement.qris, till.code)
    _start(plan, code, collect)
    return None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A sale that is right in everything: who, when, where, what, and how it is paid."""

    order: SaleIn
    actor: Actor
    at: datetime
    request: Request
    till: Till
    shift: ShiftState
    cart: Cart
    settlement: Settlement
    takes: Sequence[Take]
    held: orders.OpenOrder | None

    @property
    def own(self) -> Sequence[lots.Held]:
        """What the order that the sale uses up holds already."""
        return self.held.own if self.held else ()


def _code(till: Till, amount: int, collect: Collect) -> Code | None:
    """Return the code of this sale as far as it is known. Raises validation_error, provider_unavailable."""
    if collect.provider == static.NAME:
        return Code(static.create(till.shop.merchant_qris, amount), None)
    static.refuse_more(amount)
    return collect.code


def need_cash(actor: Actor, till: Till) -> None:
    """Refuse whoever takes no cash here: a kiosk, a cashier without a drawer."""
    if till.kind == "kiosk" or not actor.may(Right.TAKE_CASH):
        raise PosError("forbidden", N_("Cash can't be taken here. Use QRIS, or pay at the till."))


def _open_shift(till: Till, actor: Actor, at: datetime) -> tuple[Till, ShiftState]:
    """Return the open shift.

    A kiosk opens its own at the first sale of the day and closes yesterday's before.
    """
    if till.kind == "kiosk":
        till = shifts.turn_kiosk(till, actor, at)
    return till, tills.need_open_shift(till)


def settled(total: int, tenders: Sequence[TenderIn]) -> Settlement:
    """Return how tenders pay a total. Raises payment_short, validation_error."""
    try:
        return settle(total, [Tender(tender.method, tender.amount) for tender in tenders])
    except PaymentShort as error:
        raise PosError("payment_short", error.message, error.params, extra={"short": error.short}) from error
    except TenderError as error:
        where = "tenders" if error.index is None else f"tenders.{error.index}.amount"
        raise ValidationError(FieldError(where, error.message, error.params)) from error


def _sale_row(plan: _Plan) -> Row:
    sums, order, actor = plan.cart.totals, plan.order, plan.actor
    return {
        "id": order.id,
        "register_id": plan.till.register_id,
        "shift_id": plan.shift.id,
        "business_date": plan.shift.business_date,
        "status": "awaiting_payment",
        "number": None,
        "seq": None,
        "gross": sums.gross,
        "subtotal": sums.subtotal,
        "discount": sums.discount,
        "discount_reason": order.reason,
        "rounding": sums.rounding,
        "total": sums.total,
        "change": plan.settlement.change,
        "created_at": plan.at,
        "completed_at": None,
        "cashier": actor.name,
        "cashier_key": actor.key,
        "approved_by": plan.cart.approved_by,
    }


def _line_rows(plan: _Plan) -> list[Row]:
    return [
        {
            "sale_id": plan.order.id,
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
        for position, line in enumerate(plan.cart.lines)
    ]


def _notes(plan: _Plan) -> dict[int, str]:
    """Return the words about the sale and its lines, by the position of the line."""
    found = {position: line.note for position, line in enumerate(plan.cart.lines) if line.note}
    return found | {WHOLE: plan.order.note} if plan.order.note else found


def _note_rows(sale_id: str, notes: Mapping[int, str]) -> list[Row]:
    return [{"sale_id": sale_id, "position": place, "text": text} for place, text in sorted(notes.items())]


def _tender_rows(plan: _Plan) -> list[Row]:
    return [
        {"sale_id": plan.order.id, "position": position, "method": tender.method, "amount": tender.amount}
        for position, tender in enumerate(plan.settlement.tenders)
    ]


def next_number(till: Till) -> str:
    """Return the number of the register's next sale: K1-000001, then K1-000002."""
    return sale_number(till.code, till.book.sale_count + 1)


def _complete(plan: _Plan) -> Completed:
    till, settlement = plan.till, plan.settlement
    act = Act(till.book, "sale", plan.actor, plan.at, plan.request)
    sale = _sale_row(plan)
    sale |= {"status": "completed", "number": next_number(till), "seq": act.seq, "completed_at": plan.at}
    lines, tenders, notes = _line_rows(plan), _tender_rows(plan), _notes(plan)
    act.insert(SALE, [sale])
    act.insert(LINE, lines)
    act.insert(NOTE, _note_rows(plan.order.id, notes))
    act.insert(TENDER, tenders)
    takes_cash = any(tender.method == "cash" and tender.amount for tender in settlement.tenders)
    if takes_cash:
        act.insert(CASH, [cash_event(act, plan.shift.id, "sale", settlement.cash_net, plan.order.id)])
    record_goods_sold(act, till, plan.order.id, plan.takes)
    orders.use_up(act, plan.held, plan.order.id)
    with together():
        entry_hash = act.finish(
            sale_count=till.book.sale_count + 1, grand_total=till.book.grand_total + sale["total"]
        )
    sold = receipts.Sold(till, sale, lines, tenders, notes=notes)
    printing.print_sale(sold, drawer=takes_cash)
    # Last, because other tills wait for these rows on PostgreSQL.
    lots.take(till.location_id, plan.takes, plan.own)
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


def _start(plan: _Plan, code: Code | None, collect: Collect) -> None:
    order, till = plan.order, plan.till
    act = Act(till.book, "sale_waiting", plan.actor, plan.at, plan.request)
    act.insert(SALE, [_sale_row(plan)])
    act.insert(LINE, _line_rows(plan))
    act.insert(NOTE, _note_rows(order.id, _notes(plan)))
    act.insert(TENDER, _tender_rows(plan))
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
            for take in plan.takes
        ],
    )
    payment = _payment_row(plan, code, collect)
    act.insert(PAYMENT, [payment])
    orders.use_up(act, plan.held, order.id)
    act.finish()
    lots.hold(till.location_id, plan.takes, plan.own)
    if collect.our_reference is not None:
        tasks.add(
            payment["id"],
            "create" if code is None else "ask",
            collect.provider,
            plan.at,
            leased_by=collect.asker if code is None else None,
        )


def _payment_row(plan: _Plan, code: Code | None, collect: Collect) -> Row:
    ends = plan.at + timedelta(seconds=collect.expires_after)
    if code is not None and code.expires_at is not None:
        ends = min(ends, code.expires_at)
    row: Row = dict.fromkeys(PAYMENT.columns.keys())
    return row | {
        "id": collect.payment_id or new_id(),
        "sale_id": plan.order.id,
        "provider": collect.provider,
        "status": "waiting",
        "amount": plan.settlement.qris,
        "payload": None if code is None else code.payload,
        "our_reference": collect.our_reference,
        "their_reference": None if code is None else code.their_reference,
        "created_at": plan.at,
        "expires_at": ends,
    }
