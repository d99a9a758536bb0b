"""Products and stock."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos import clock
from pos.api.endpoint import (
    MOVEMENTS_CURSOR,
    Call,
    View,
    argument,
    changes,
    cursor_argument,
    limit_argument,
    listed,
    reads,
    time_argument,
)
from pos.domain.rights import Right
from pos.operations import receiving, write_offs
from pos.operations.actor import Actor
from pos.queries import products as catalogue
from pos.queries.stock import movements, paper_view
from pos.schemas.answers import MovementPage, PaperOut, ProductPage, StockPage
from pos.schemas.stock import AdjustmentIn, StockReceiptIn


def _today(zone: str) -> Any:
    at: datetime = clock.now()
    return at.astimezone(ZoneInfo(zone)).date()


@reads(
    "/products",
    "Products with price and what is available at the caller's register",
    ProductPage,
    (("query", "words in name, SKU or barcode"), ("barcode", "a scanned code"), ("register", "code")),
)
def get_products(actor: Actor) -> View:
    """Return products in the order of the till, favourites first; the whole list also orders categories."""
    actor.need(Right.SEE_PRODUCTS)
    location_id, zone = catalogue.location_of(actor.register or argument("register"))
    query, barcode = argument("query") or "", argument("barcode") or ""
    items = catalogue.products(location_id, _today(zone), query=query, barcode=barcode, limit=20_000)
    if query or barcode:
        return listed(items, None)
    return listed(items, None) | {"categories": catalogue.categories()}


@reads("/stock", "What lies where, by lot", StockPage, (("location", "code"),))
def get_stock(actor: Actor) -> View:
    """Return on hand, reserved and available."""
    actor.need(Right.SEE_STOCK)
    _, zone = catalogue.location_of(actor.register)
    return listed(catalogue.stock(argument("location"), _today(zone)), None)


def _show_paper(actor: Actor, made: str) -> View:
    return paper_view(made)


@changes("/stock/receipts", StockReceiptIn, _show_paper, "Receive goods", PaperOut)
def post_receipt(call: Call, body: StockReceiptIn) -> None:
    """Take goods in."""
    receiving.receive(body, call.actor, call.at, call.request)


@changes("/stock/adjustments", AdjustmentIn, _show_paper, "Correct the stock", PaperOut)
def post_adjustment(call: Call, body: AdjustmentIn) -> None:
    """Correct the stock by signed quantities."""
    write_offs.adjust(body, call.actor, call.at, call.request)


@reads(
    "/stock/movements",
    "The ledger, oldest first",
    MovementPage,
    (("sku", "product"), ("location", "code"), ("since", "instant"), ("limit", "items"), ("cursor", "page")),
)
def get_movements(actor: Actor) -> View:
    """Return a page of the ledger."""
    actor.need(Right.SEE_STOCK)
    return listed(
        *movements(
            argument("sku"),
            argument("location"),
            time_argument("since"),
            cursor_argument(*MOVEMENTS_CURSOR),
            limit_argument(),
        )
    )
