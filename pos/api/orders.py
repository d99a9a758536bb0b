"""Orders: carts that the server holds, and slips to pay at a till."""

from flask import Response

from pos import clock
from pos.api.endpoint import (
    Call,
    View,
    argument,
    changes,
    cursor_argument,
    limit_argument,
    listed,
    reads,
)
from pos.api.receipts import as_picture, as_text, on_paper
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, ValidationError
from pos.operations import orders
from pos.operations.actor import Actor, is_own
from pos.queries.orders import maker_of, open_orders, order_view, outlet_of, slip_of
from pos.schemas.answers import OrderOut, OrderPage
from pos.schemas.orders import DropIn, OrderIn
from printers.layout import Paper


def show_order(actor: Actor, made: str) -> View:
    """Return the order as the caller may see it: of the caller's outlet, and a kiosk its own only."""
    _refuse_others(actor, made)
    return order_view(made, clock.now())


def _refuse_others(actor: Actor, order_id: str) -> None:
    outlet, register, maker = maker_of(order_id)
    if not actor.may(Right.SEE_SALES) and not is_own(actor, register, maker):
        raise NotFound(N_("There is no such order here."))
    if actor.register is not None and outlet_of(actor.register) != outlet:
        raise NotFound(N_("There is no such order here."))


def _show_dropped(actor: Actor, order_id: str) -> View:
    return show_order(actor, order_id)


@changes("/orders", OrderIn, show_order, "Hold a cart, or print a slip to pay at a till", OrderOut)
def post_order(call: Call, body: OrderIn) -> None:
    """Set the goods of a cart aside."""
    orders.make_order(body, call.actor, call.at, call.request)


@reads("/orders/<order_id>", "One order as it is now", OrderOut)
def get_order(actor: Actor, order_id: str) -> View:
    """Return one order, whose id stands in the code on its slip."""
    return show_order(actor, order_id)


@reads(
    "/orders",
    "Open orders of the register's outlet, oldest first",
    OrderPage,
    (
        ("register", "code"),
        ("number", "the one of today with this number, open or not"),
        ("limit", "items"),
        ("cursor", "page"),
    ),
)
def get_orders(actor: Actor) -> View:
    """Return a page of orders; a kiosk gets its own only."""
    actor.need(Right.SEE_PRODUCTS)
    register = argument("register") or actor.register
    if register is None:
        raise ValidationError(FieldError("register", N_("This is missing.")))
    if actor.register is not None and outlet_of(actor.register) != outlet_of(register):
        actor.at(register)
    own = not actor.may(Right.SEE_SALES)
    return listed(
        *open_orders(
            register,
            clock.now(),
            number=_number_argument(),
            cursor=cursor_argument(),
            limit=limit_argument(),
            only=actor.register if own else None,
            maker=actor.key if own and actor.register is None else None,
        )
    )


@changes(
    "/orders/<order_id>",
    DropIn,
    _show_dropped,
    "Drop an order: its goods are free again",
    OrderOut,
    creates=False,
    method="DELETE",
)
def delete_order(call: Call, body: DropIn, order_id: str) -> None:
    """Give an order up."""
    orders.drop(order_id, call.actor, call.at)


@reads("/orders/<order_id>/slip.txt", "The slip as text")
def slip_text(actor: Actor, order_id: str) -> Response:
    """Return the slip line for line as it is on paper."""
    data, paper, _ = _slip(actor, order_id)
    return as_text(data, paper)


@reads("/orders/<order_id>/slip.png", "The slip as a picture")
def slip_picture(actor: Actor, order_id: str) -> Response:
    """Return the slip as a picture of the paper."""
    data, paper, dots = _slip(actor, order_id)
    return as_picture(data, paper, dots)


def _slip(actor: Actor, order_id: str) -> tuple[bytes, Paper, int | None]:
    _refuse_others(actor, order_id)
    found = slip_of(order_id)
    if found is None:
        raise NotFound(N_("This order has no slip (any more)."))
    return on_paper(*found, maker_of(order_id)[1])


def _number_argument() -> int | None:
    text = argument("number")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise ValidationError(FieldError("number", N_("Use a whole number without quotes or decimals.")))
    return int(text)
