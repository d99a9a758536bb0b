"""Lists of stock: what to make, what expires, where a lot went, its worth; and what people set for them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pos import clock
from pos.api.endpoint import Call, View, argument, changes, listed, reads
from pos.domain.rights import Right
from pos.errors import N_, FieldError, ValidationError
from pos.operations import supply
from pos.operations.actor import Actor
from pos.queries import lots, stock_lots
from pos.queries import stock_supply as queries
from pos.queries.products import location_of
from pos.schemas.stock import MinimumsIn, SourceIn
from pos.schemas.stock_answers import (
    ExpiringPage,
    LotView,
    MadeOut,
    MakeMorePage,
    SourcePage,
    ValuePage,
)


def _today(actor: Actor) -> date:
    _, zone = location_of(actor.register)
    return clock.now().astimezone(ZoneInfo(zone)).date()


def _show_made(actor: Actor, made: str) -> View:
    return {"id": made}


@reads("/stock/make-more", "What there is less of than the minimum", MakeMorePage, (("location", "code"),))
def get_make_more(actor: Actor) -> View:
    """Return what is missing, product by product and location."""
    actor.need(Right.SEE_STOCK)
    return listed(queries.make_more(_today(actor), argument("location")), None)


@changes("/stock/minimums", MinimumsIn, _show_made, "Set the least that should lie at a location", MadeOut)
def post_minimums(call: Call, body: MinimumsIn) -> None:
    """Set minimums; 0 takes one away."""
    supply.set_minimums(body, call.actor, call.at, call.request)


@reads("/stock/sources", "Suppliers and maker groups", SourcePage)
def get_sources(actor: Actor) -> View:
    """Return everybody goods come from."""
    actor.need(Right.SEE_STOCK)
    return listed(
        [{"name": one.name, "kind": one.kind, "active": one.active} for one in queries.sources()], None
    )


@changes("/stock/sources", SourceIn, _show_made, "Add a supplier or maker group", MadeOut)
def post_source(call: Call, body: SourceIn) -> None:
    """Add a name that receipts may carry."""
    supply.add_source(body, call.actor, call.at, call.request)


@reads(
    "/stock/expiring",
    "Lots that are expired, have their last day today, or expire soon",
    ExpiringPage,
    (("days", "how many days ahead, 7 unless said"),),
)
def get_expiring(actor: Actor) -> View:
    """Return lots with pieces in hand, the earliest date first."""
    actor.need(Right.SEE_STOCK)
    text = argument("days") or "7"
    if not (text.isascii() and text.isdigit() and int(text) <= 366):
        raise ValidationError(FieldError("days", N_("At most %(most)s."), {"most": 366}))
    today = _today(actor)
    return listed(
        [
            {
                "sku": lot.sku,
                "location": lot.location,
                "lot": lot.lot,
                "expires_on": lot.expires_on.isoformat(),
                "on_hand": lot.on_hand,
                "state": "expired"
                if lot.expires_on < today
                else "today"
                if lot.expires_on == today
                else "soon",
            }
            for lot in lots.expiring(today + timedelta(days=int(text)))
        ],
        None,
    )


@reads(
    "/stock/lots",
    "One lot: where it lies, and which receipts held it",
    LotView,
    (("sku", "product"), ("lot", "its code; left out: the lot without one")),
)
def get_lot(actor: Actor) -> View:
    """Return what a recall needs."""
    actor.need(Right.SEE_STOCK)
    sku = argument("sku")
    if sku is None:
        raise ValidationError(FieldError("sku", N_("This is missing.")))
    view = stock_lots.lot_view(sku, argument("lot") or "")
    held = stock_lots.held_by(view.pop("product_id"), view.pop("id"))
    return {**view, "receipts": held}


@reads("/stock/value", "What lies where at the cost of its lots", ValuePage, (("location", "code"),))
def get_value(actor: Actor) -> View:
    """Return pieces and rupiah, and how many pieces have no cost."""
    actor.need(Right.SEE_STOCK)
    return listed(queries.valuation(argument("location")), None)
