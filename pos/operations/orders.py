"""Orders: carts that the server holds for a till or a kiosk's slip, with their goods set aside.

An order belongs to the outlet of the register that made it, and any till of that outlet may use it up, once.
Whoever ends an order locks its row first, so that of two tills one wins and the other is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from pos.db import db, table
from pos.domain.business_day import day_end
from pos.domain.lots import Take
from pos.domain.rights import Right
from pos.errors import N_, Forbidden, NotFound, PosError
from pos.models import Lot, Order, OrderLine, OrderNote, OrderReservation, Outlet, Register
from pos.models.partial import ORDER_OPEN, unkeyed
from pos.operations import lots, papers_order, printing, tills
from pos.operations.actor import SYSTEM, Actor, is_own
from pos.operations.cart import Cart, price
from pos.operations.journal import Act, Request, Row, lock_book
from pos.operations.lots import Held
from pos.operations.tills import Till
from pos.schemas.orders import OrderIn

ORDER = table(Order)
LINE = table(OrderLine)
NOTE = table(OrderNote)
RESERVATION = table(OrderReservation)

MOST_OPEN = 200
"""Open orders of an outlet: a kiosk that is played with must not set aside the whole shelf slip by slip."""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An open order whose row is locked, and what it holds."""

    row: Mapping[str, Any]
    own: Sequence[Held]


def make_order(order: OrderIn, actor: Actor, at: datetime, request: Request) -> None:
    """Hold a cart, or print a slip for one that is paid at a till; its goods are set aside.

    Prices are not fixed: they are those of the day when it is sold. `order.order` is an earlier one that it
    replaces. Raises unknown_sku, insufficient_stock, lot_expired, order_not_open, too_many_orders, Replayed.
    """
    actor.need(Right.SELL)
    actor.at(order.at_register)
    till = tills.enter(order.at_register, request)
    tills.refuse_odd_clock(till, at)
    kind = order.kind or ("slip" if till.kind == "kiosk" else "held")
    if not actor.may(Right.SEE_SALES):
        _need_plain_slip(order, kind)
    today = till.business_date(at)
    cart = price(order, today, rounding_step=None)
    earlier = None if order.order is None else open_order(order.order, till, actor, at)
    own = earlier.own if earlier else ()
    takes = lots.choose(till.location_id, cart.wanted, till.expiry_day(at), cart.skus, own)
    outlet_id = _lock_numbers(till)
    if earlier is None:
        _refuse_too_many(outlet_id)
    row: Row = {
        "id": order.id,
        "register_id": till.register_id,
        "outlet_id": outlet_id,
        "business_date": today,
        "number": _next_number(outlet_id, today),
        "kind": kind,
        "status": "open",
        "note": order.note,
        "discount": order.discount,
        "discount_reason": order.reason,
        "created_at": at,
        "expires_at": _expiry(till, kind, at),
        "by": actor.name,
        "by_key": actor.key,
        "slip_id": None,
        "ended_at": None,
        "ended_by": None,
        "sale_id": None,
    }
    if kind == "slip":
        slip = papers_order.slip(till, row, cart.lines, cart.totals.total)
        title = str(row["number"])
        row["slip_id"] = printing.add_job(till, "order", slip, title=title, until=row["expires_at"])
    act = Act(till.book, "order_made", actor, at, request)
    if earlier is not None:
        _end(act, earlier.row["id"], "dropped")
    act.insert(ORDER, [row])
    act.insert(LINE, _line_rows(order.id, cart))
    act.insert(NOTE, _note_rows(order.id, cart))
    act.insert(RESERVATION, _reservation_rows(order.id, till, takes))
    act.finish()
    lots.hold(till.location_id, takes, own)


def open_order(order_id: str, till: Till, actor: Actor, at: datetime) -> OpenOrder:
    """Lock an open order of the till's outlet and return it. Raises not_found, order_not_open."""
    row = _lock(order_id)
    here = db.session.execute(select(Register.outlet_id).where(Register.id == till.register_id)).scalar_one()
    if row["outlet_id"] != here:
        raise _no_such_order()
    _need_own(actor, row)
    if row["status"] == "open" and row["expires_at"] <= at:
        raise _not_open(row, "expired")
    if row["status"] != "open":
        raise _not_open(row, row["status"])
    return OpenOrder(row, held_by(order_id))


def use_up(act: Act, order: OpenOrder | None, sale_id: str) -> None:
    """Make an order the sale's, in the act that makes the sale; without an order there is nothing to do."""
    if order is not None:
        _end(act, order.row["id"], "used", sale_id)


def drop(order_id: str, actor: Actor, at: datetime) -> None:
    """Give an order up: its goods are free again. A dropped one answers as it is; any other ended refuses."""
    actor.need(Right.SELL)
    code = _register_of(order_id)
    if actor.register is not None and _outlet_of(actor.register) != _outlet_of(code):
        raise _no_such_order()
    # Its register may be closed for good meanwhile, so the book alone is locked.
    book = lock_book(actor.register or code)
    row = _lock(order_id)
    _need_own(actor, row)
    if row["status"] == "dropped":
        return
    if book is None or row["status"] != "open":
        raise _not_open(row, row["status"])
    act = Act(book, "order_dropped", actor, at)
    _end(act, order_id, "dropped")
    act.finish()
    lots.let_go(held_by(order_id))


def expire(order_id: str, at: datetime) -> None:
    """Give an order up because time is over. Does nothing when it is no longer open."""
    book = lock_book(_register_of(order_id))
    row = _lock(order_id)
    if book is None or row["status"] != "open" or row["expires_at"] > at:
        return
    act = Act(book, "order_expired", SYSTEM, at)
    _end(act, order_id, "expired")
    act.finish()
    lots.let_go(held_by(order_id))


def due_to_expire(at: datetime, limit: int = 50) -> list[str]:
    """Return the ids of open orders whose time is over, of every register: its own machine may be off."""
    return list(
        db.session.execute(
            select(Order.id).where(ORDER_OPEN, Order.expires_at <= at).order_by(Order.expires_at).limit(limit)
        ).scalars()
    )


def held_by(order_id: str) -> list[Held]:
    """Return what is set aside for an order as long as it is open."""
    rows = db.session.execute(
        select(
            RESERVATION.c.location_id,
            RESERVATION.c.product_id,
            RESERVATION.c.lot_id,
            Lot.expires_on,
            RESERVATION.c.quantity,
        )
        .join(Lot, Lot.id == RESERVATION.c.lot_id)
        .where(RESERVATION.c.order_id == order_id)
    ).all()
    return [Held(*row) for row in rows]


def _need_plain_slip(order: OrderIn, kind: str) -> None:
    if kind != "slip":
        raise Forbidden(N_("A kiosk makes slips only; carts are held at a till."))
    if order.discount or any(line.discount for line in order.lines):
        raise Forbidden(N_("A kiosk gives no discount."))


def _need_own(actor: Actor, row: Mapping[str, Any]) -> None:
    if not actor.may(Right.SEE_SALES) and not is_own(actor, row["register"], row["by_key"]):
        raise _no_such_order()


def _expiry(till: Till, kind: str, at: datetime) -> datetime:
    if kind == "slip":
        return at + timedelta(minutes=till.shop.order_slip_minutes)
    return day_end(till.business_date(at), till.time_zone, till.cut_off)


def _lock_numbers(till: Till) -> int:
    """Lock the outlet's row and return its id: registers of one outlet have books of their own, and count
    orders together.
    """
    return db.session.execute(
        select(Outlet.id)
        .join(Register, Register.outlet_id == Outlet.id)
        .where(Register.id == till.register_id)
        .with_for_update(key_share=True, of=Outlet)
    ).scalar_one()


def _next_number(outlet_id: int, today: Any) -> int:
    highest = db.session.execute(
        select(func.max(ORDER.c.number)).where(ORDER.c.outlet_id == outlet_id, ORDER.c.business_date == today)
    ).scalar_one()
    return (highest or 0) + 1


def _refuse_too_many(outlet_id: int) -> None:
    count = db.session.execute(
        select(func.count()).select_from(ORDER).where(ORDER_OPEN, unkeyed(ORDER.c.outlet_id) == outlet_id)
    ).scalar_one()
    if count >= MOST_OPEN:
        raise PosError(
            "too_many_orders",
            N_("%(most)s orders are open here already. Drop those that nobody waits for."),
            {"most": MOST_OPEN},
        )


def _line_rows(order_id: str, cart: Cart) -> list[Row]:
    return [
        {
            "order_id": order_id,
            "position": position,
            "product_id": line.product_id,
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity,
            "discount": line.discount,
            "discount_reason": line.reason,
        }
        for position, line in enumerate(cart.lines)
    ]


def _note_rows(order_id: str, cart: Cart) -> list[Row]:
    return [
        {"order_id": order_id, "position": position, "text": line.note}
        for position, line in enumerate(cart.lines)
        if line.note
    ]


def _reservation_rows(order_id: str, till: Till, takes: Sequence[Take]) -> list[Row]:
    return [
        {
            "order_id": order_id,
            "lot_id": take.lot_id,
            "product_id": take.product_id,
            "location_id": till.location_id,
            "quantity": take.quantity,
        }
        for take in takes
    ]


def _end(act: Act, order_id: str, status: str, sale_id: str | None = None) -> None:
    ended: Row = {"status": status, "ended_at": act.at, "ended_by": act.actor.name, "sale_id": sale_id}
    act.change(ORDER, {"id": order_id}, ended)


def _lock(order_id: str) -> Row:
    row = (
        db.session.execute(
            select(ORDER, Register.code.label("register"))
            .join(Register, Register.id == ORDER.c.register_id)
            .where(ORDER.c.id == order_id)
            .with_for_update(of=ORDER)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise _no_such_order()
    return dict(row)


def _register_of(order_id: str) -> str:
    code: str | None = db.session.execute(
        select(Register.code).join(Order, Order.register_id == Register.id).where(Order.id == order_id)
    ).scalar_one_or_none()
    if code is None:
        raise _no_such_order()
    return code


def _outlet_of(register: str) -> int:
    return db.session.execute(select(Register.outlet_id).where(Register.code == register)).scalar_one()


def _no_such_order() -> PosError:
    return NotFound(N_("There is no such order here."))


_ENDED = {
    "used": N_("Order %(number)s was paid already."),
    "dropped": N_("Order %(number)s was dropped. Its goods are free again; sell without it."),
    "expired": N_("Order %(number)s has expired. Its goods are free again; sell without it."),
}


def _not_open(row: Mapping[str, Any], status: str) -> PosError:
    said = {"id": row["id"], "number": row["number"], "status": status}
    return PosError("order_not_open", _ENDED[status], {"number": row["number"]}, extra={"order": said})
