"""Supply: from whom goods come, how much should lie where, what must be made, permits, and its worth."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import case, func, or_, select

from pos.db import db
from pos.models import (
    Location,
    Lot,
    Product,
    ProductMinimum,
    ProductPermit,
    ProductSource,
    StockBalance,
    StockTransfer,
    StockTransferLine,
)
from pos.queries.stock_transfers import on_their_way

View: TypeAlias = dict[str, Any]

PERMIT_DAYS = 60
"""A permit that ends within so many days is worth a word: renewing it takes weeks."""


@dataclass(frozen=True, slots=True)
class Source:
    """A supplier or maker group, and how many lots came from them."""

    id: int
    name: str
    kind: str
    active: bool


@dataclass(frozen=True, slots=True)
class Permit:
    """A number of a product that is over, or soon will be."""

    sku: str
    name: str
    kind: str
    number: str
    expires_on: date | None


def sources() -> list[Source]:
    """Return every supplier and maker group, those in use first."""
    rows = db.session.execute(
        select(ProductSource.id, ProductSource.name, ProductSource.kind, ProductSource.active).order_by(
            ProductSource.active.desc(), ProductSource.kind, ProductSource.name
        )
    )
    return [Source(*row) for row in rows]


def source_choices() -> list[tuple[str, str]]:
    """Return suppliers and maker groups in use, to choose from."""
    return [(source.name, source.name) for source in sources() if source.active]


def permits_of(product_id: int) -> dict[str, tuple[str, date | None]]:
    """Return number and expiry of a product's permits by kind."""
    rows = db.session.execute(
        select(ProductPermit.kind, ProductPermit.number, ProductPermit.expires_on).where(
            ProductPermit.product_id == product_id
        )
    )
    return {kind: (number, expires_on) for kind, number, expires_on in rows}


def permits_due(until: date) -> list[Permit]:
    """Return permits of products on sale that end at `until` or before, the earliest first."""
    rows = db.session.execute(
        select(Product.sku, Product.name, ProductPermit.kind, ProductPermit.number, ProductPermit.expires_on)
        .join(Product, Product.id == ProductPermit.product_id)
        .where(Product.active, ProductPermit.expires_on <= until)
        .order_by(ProductPermit.expires_on, Product.position, Product.sku)
    )
    return [Permit(*row) for row in rows]


def minimums(location: str) -> dict[str, int]:
    """Return the least pieces of each product at a location, by SKU."""
    rows = db.session.execute(
        select(Product.sku, ProductMinimum.minimum)
        .join(Product, Product.id == ProductMinimum.product_id)
        .join(Location, Location.id == ProductMinimum.location_id)
        .where(Location.code == location)
    )
    return dict(rows.all())


def make_more(today: date, location: str | None = None) -> list[View]:
    """Return products of which less than the minimum is available, where, and how many are missing.

    What is on the way there counts; what is expired does not.
    """
    good = or_(Lot.expires_on.is_(None), Lot.expires_on >= today)
    left = func.sum(case((good, StockBalance.on_hand - StockBalance.reserved), else_=0))
    query = (
        select(
            Product.sku,
            Product.name,
            Product.unit,
            Location.code,
            ProductMinimum.minimum,
            func.coalesce(left, 0),
            Product.id,
            Location.id,
        )
        .select_from(ProductMinimum)
        .join(Product, Product.id == ProductMinimum.product_id)
        .join(Location, Location.id == ProductMinimum.location_id)
        .outerjoin(
            StockBalance,
            (StockBalance.location_id == ProductMinimum.location_id)
            & (StockBalance.product_id == ProductMinimum.product_id),
        )
        .outerjoin(Lot, Lot.id == StockBalance.lot_id)
        .where(Product.active)
        .group_by(
            Product.sku,
            Product.name,
            Product.unit,
            Product.position,
            Location.code,
            ProductMinimum.minimum,
            Product.id,
            Location.id,
        )
        .order_by(Location.code, Product.position, Product.sku)
    )
    if location is not None:
        query = query.where(Location.code == location)
    coming = _coming(today)
    items = [
        {
            "sku": sku,
            "name": name,
            "unit": unit,
            "location": place,
            "minimum": minimum,
            "available": int(available),
            "on_the_way": coming.get((product_id, place_id), 0),
            "missing": minimum - int(available) - coming.get((product_id, place_id), 0),
        }
        for sku, name, unit, place, minimum, available, product_id, place_id in db.session.execute(query)
    ]
    return [item for item in items if item["missing"] > 0]


def _coming(today: date) -> dict[tuple[int, int], int]:
    rows = db.session.execute(
        select(StockTransferLine.product_id, StockTransfer.to_id, func.sum(StockTransferLine.quantity))
        .join(StockTransfer, StockTransfer.id == StockTransferLine.transfer_id)
        .join(Lot, Lot.id == StockTransferLine.lot_id)
        .where(StockTransferLine.transfer_id.in_(on_their_way()), StockTransferLine.side == "sent")
        .where(or_(Lot.expires_on.is_(None), Lot.expires_on >= today))
        .group_by(StockTransferLine.product_id, StockTransfer.to_id)
    )
    return {(product_id, place): int(count) for product_id, place, count in rows}


def valuation(location: str | None = None) -> list[View]:
    """Return what lies where at the cost of its lots, goods in transit included.

    `unknown` are pieces of which nobody said what they cost; they are not in `value`.
    """
    cost = StockBalance.on_hand * Lot.unit_cost
    unknown = case((Lot.unit_cost.is_(None), StockBalance.on_hand), else_=0)
    query = (
        select(
            Product.sku,
            Product.name,
            Location.code,
            func.sum(StockBalance.on_hand),
            func.coalesce(func.sum(cost), 0),
            func.sum(unknown),
        )
        .join(Product, Product.id == StockBalance.product_id)
        .join(Location, Location.id == StockBalance.location_id)
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(StockBalance.on_hand > 0)
        .group_by(Product.sku, Product.name, Product.position, Location.code, Location.id)
        .order_by(Location.id, Product.position, Product.sku)
    )
    if location is not None:
        query = query.where(Location.code == location)
    items = [_worth(*row) for row in db.session.execute(query)]
    return items if location is not None else items + _in_transit()


def _in_transit() -> list[View]:
    count = StockTransferLine.quantity
    rows = db.session.execute(
        select(
            Product.sku,
            Product.name,
            Location.code,
            func.sum(count),
            func.coalesce(func.sum(count * Lot.unit_cost), 0),
            func.sum(case((Lot.unit_cost.is_(None), count), else_=0)),
        )
        .select_from(StockTransfer)
        .join(StockTransferLine, StockTransferLine.transfer_id == StockTransfer.id)
        .join(Product, Product.id == StockTransferLine.product_id)
        .join(Lot, Lot.id == StockTransferLine.lot_id)
        .join(Location, Location.kind == "transit")
        .where(StockTransferLine.transfer_id.in_(on_their_way()), StockTransferLine.side == "sent")
        .group_by(Product.sku, Product.name, Product.position, Location.code)
        .order_by(Product.position, Product.sku)
    )
    return [_worth(*row) for row in rows]


def _worth(sku: str, name: str, location: str, on_hand: Any, value: Any, unknown: Any) -> View:
    return {
        "sku": sku,
        "name": name,
        "location": location,
        "on_hand": int(on_hand),
        "value": int(value),
        "unknown": int(unknown),
    }
