"""The catalogue as a register sees it."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import quote

from sqlalchemy import Date, Select, bindparam, func, or_, select, tuple_

from pos.db import db
from pos.models import (
    Location,
    Lot,
    Outlet,
    Price,
    Product,
    ProductBarcode,
    ProductCategory,
    ProductPicture,
    Register,
    StockBalance,
)
from pos.queries.finding import matching
from pos.queries.lots import places
from pos.statements import Statement

View: TypeAlias = dict[str, Any]


_FIRST = (
    select(Outlet.location_id, Outlet.time_zone)
    .join(Register, Register.outlet_id == Outlet.id)
    .order_by(Register.id)
    .limit(1)
)
_PLACE = Statement(_FIRST)
_PLACE_OF = Statement(_FIRST.where(Register.code == bindparam("code")))


def location_of(register: str | None) -> tuple[int | None, str]:
    """Return the location a register sells from and its outlet's zone.

    Without a register the first outlet's.
    """
    row = (_PLACE.ask() if register is None else _PLACE_OF.ask(code=register)).row()
    return (None, "Asia/Jakarta") if row is None else (row[0], row[1])


def products(
    location_id: int | None,
    today: date,
    *,
    query: str = "",
    barcode: str = "",
    active_only: bool = True,
    limit: int = 1_000,
    after: str = "",
) -> list[View]:
    """Return products with today's price and what is available at the location, in the order of the till."""
    wanted = _wanted(query, barcode)
    found = _rows(wanted, active_only=active_only, limit=limit, after=after)
    return _views(found, location_id, today, unpriced=not active_only)


def page_of_products(
    query: str, active: bool | None, cursor: str | None, limit: int, today: date
) -> tuple[list[View], str | None]:
    """Return a page of the catalogue in the till's order, with those that have no price yet.

    `active`: only those on sale, only those that are not; None: all. The cursor is the last one's SKU.
    """
    order = (Product.position, Product.name, Product.sku)
    search = _chosen(select(*_COLUMNS), query, active).order_by(*order).limit(limit + 1)
    if cursor is not None:
        search = search.where(tuple_(*order) > select(*order).where(Product.sku == cursor).scalar_subquery())
    rows = [tuple(row) for row in db.session.execute(search)]
    more = rows[limit - 1][1] if len(rows) > limit else None
    return _views(rows[:limit], None, today, unpriced=True), more


def skus_of(query: str, active: bool | None) -> set[str]:
    """Return the SKUs of the products that the same filter finds."""
    return set(db.session.execute(_chosen(select(Product.sku), query, active)).scalars())


def _chosen(search: Select[*tuple[Any, ...]], query: str, active: bool | None) -> Select[*tuple[Any, ...]]:
    if active is not None:
        search = search.where(Product.active == active)
    return search.where(Product.id.in_(matching(query.split()))) if query.split() else search


def _views(
    found: Sequence[tuple[Any, ...]], location_id: int | None, today: date, *, unpriced: bool
) -> list[View]:
    ids = [row[0] for row in found]
    codes, prices = _barcodes(ids), prices_on(ids, today)
    available = _available(ids, location_id, today)
    pictures = _pictures(ids)
    return [
        {
            "sku": sku,
            "barcodes": codes.get(key, []),
            "name": name,
            "name_en": name_en or name,
            "price": prices.get(key),
            "unit": unit,
            "category": category,
            "favourite": favourite,
            "active": active,
            "available": available.get(key, 0),
            "picture": picture_address(sku, pictures.get(key)),
        }
        for key, sku, name, name_en, unit, category, active, _, favourite in found
        if key in prices or unpriced
    ]


def categories() -> list[str]:
    """Return the categories of what is sold in the till's order: as placed, then as their products stand."""
    rows = db.session.execute(
        select(Product.category)
        .outerjoin(ProductCategory, ProductCategory.name == Product.category)
        .where(Product.active, Product.category != "")
        .group_by(Product.category, ProductCategory.position)
        .order_by(
            ProductCategory.position.is_(None),
            ProductCategory.position,
            func.min(Product.position),
            Product.category,
        )
    )
    return list(rows.scalars())


def _wanted(query: str, barcode: str) -> list[int] | None:
    """Return the keys of the products that are asked for; None: all."""
    words = query.split()
    found = None if not words else matching(words)
    if barcode:
        # Two look-ups: a condition with "or" would read every product.
        exact = {row[0] for ask in (_SCANNED, _TYPED) for row in ask.ask(code=barcode).rows()}
        found = sorted(exact if found is None else exact.intersection(found))
    return found


def _rows(wanted: list[int] | None, *, active_only: bool, limit: int, after: str) -> list[tuple[Any, ...]]:
    """Return what _COLUMNS names of products, in the till's order."""
    if wanted is not None and len(wanted) <= FEW and not after:
        rows = [row for row in _asked(_products_of, wanted) if row[6] or not active_only]
        return sorted(rows, key=lambda row: (not row[8], row[7], row[2], row[1]))[:limit]
    search = select(*_COLUMNS).order_by(*TILL_ORDER).limit(limit)
    if active_only:
        search = search.where(Product.active)
    if wanted is not None:
        search = search.where(Product.id.in_(wanted))
    if after:
        search = search.where(Product.sku > after).order_by(None).order_by(Product.sku)
    return [tuple(row) for row in db.session.execute(search)]


ROOMS = (1, 4, 16, 48)
"""So many products are looked up by statements that are ready: what a scan or a few words find."""
FEW = ROOMS[-1]
_COLUMNS = (
    Product.id,
    Product.sku,
    Product.name,
    Product.name_en,
    Product.unit,
    Product.category,
    Product.active,
    Product.position,
    Product.favourite,
)
TILL_ORDER = (Product.favourite.desc(), Product.position, Product.name, Product.sku)
"""Favourites stand before all others."""
_SCANNED = Statement(select(ProductBarcode.product_id).where(ProductBarcode.barcode == bindparam("code")))
_TYPED = Statement(select(Product.id).where(Product.sku == bindparam("code")))


def _asked(
    query: Callable[[Sequence[Any]], Select[*tuple[Any, ...]]], ids: Sequence[int], **more: object
) -> list[tuple[Any, ...]]:
    """Return the rows of a query about some products; a few are asked for by a statement that is ready."""
    if not ids:
        return []
    if len(ids) > FEW:
        return [tuple(row) for row in db.session.execute(query(ids), more)]
    room = next(room for room in ROOMS if len(ids) <= room)
    filled = [*ids, *[ids[-1]] * (room - len(ids))]
    return _ready(query, room).ask(**{f"id{n}": key for n, key in enumerate(filled)}, **more).rows()


@cache
def _ready(query: Callable[[Sequence[Any]], Select[*tuple[Any, ...]]], room: int) -> Statement:
    return Statement(query([bindparam(f"id{n}") for n in range(room)]))


def _products_of(ids: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(Product.id.in_(ids))


def picture_address(sku: str, digest: str | None) -> str | None:
    """Return the address of a product's picture, which names its contents; None without one."""
    return None if digest is None else f"/pictures/{digest[:16]}/{quote(sku)}"


def _barcodes_of(ids: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(ProductBarcode.barcode, ProductBarcode.product_id)
        .where(ProductBarcode.product_id.in_(ids))
        .order_by(ProductBarcode.barcode)
    )


def _barcodes(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for barcode, product_id in _asked(_barcodes_of, ids):
        found.setdefault(product_id, []).append(barcode)
    return found


def _prices_of(ids: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(Price.product_id, Price.amount)
        .where(Price.product_id.in_(ids), Price.valid_from <= bindparam("on", type_=Date()))
        .order_by(Price.valid_from, Price.id)
    )


def prices_on(ids: list[int], on: date) -> dict[int, int]:
    """Return each product's price on a business date; a product without one can't be sold yet."""
    return dict(_asked(_prices_of, ids, on=on))


def _available_of(ids: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(StockBalance.product_id, func.sum(StockBalance.on_hand - StockBalance.reserved))
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(
            StockBalance.location_id == bindparam("here"),
            StockBalance.product_id.in_(ids),
            or_(Lot.expires_on.is_(None), Lot.expires_on >= bindparam("on", type_=Date())),
        )
        .group_by(StockBalance.product_id)
    )


def _available(ids: list[int], location_id: int | None, today: date) -> dict[int, int]:
    if location_id is None:
        return {}
    rows = _asked(_available_of, ids, here=location_id, on=today)
    return {product_id: int(count) for product_id, count in rows}


def _pictures_of(ids: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return select(ProductPicture.product_id, ProductPicture.digest).where(ProductPicture.product_id.in_(ids))


def _pictures(ids: list[int]) -> dict[int, str]:
    return dict(_asked(_pictures_of, ids))


def picture(sku: str) -> tuple[str, bytes, str] | None:
    """Return media type, bytes and digest of a product's picture."""
    row = db.session.execute(
        select(ProductPicture.media_type, ProductPicture.data, ProductPicture.digest)
        .join(Product, Product.id == ProductPicture.product_id)
        .where(Product.sku == sku)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def page_of_stock(
    location: str | None, query: str, cursor: str | None, limit: int, today: date
) -> tuple[list[View], str | None]:
    """Return what lies where of a page of products, in the till's order; the cursor is the last one's SKU."""
    order = (Product.position, Product.sku)
    here = select(StockBalance.lot_id).where(
        StockBalance.location_id.in_(places(location)),
        StockBalance.product_id == Product.id,
        (StockBalance.on_hand > 0) | (StockBalance.reserved > 0),
    )
    search = select(Product.id, Product.sku).where(here.exists()).order_by(*order).limit(limit + 1)
    if query.split():
        search = search.where(Product.id.in_(matching(query.split())))
    if cursor is not None:
        search = search.where(tuple_(*order) > select(*order).where(Product.sku == cursor).scalar_subquery())
    rows = db.session.execute(search).all()
    items = stock(location, today, [row[0] for row in rows[:limit]])
    for item in items:
        item["lots"] = [lot for lot in item["lots"] if lot["on_hand"] or lot["reserved"]]
    return [item for item in items if item["lots"]], rows[limit - 1][1] if len(rows) > limit else None


def stock(location: str | None, today: date, only: Sequence[int] | None = None) -> list[View]:
    """Return what lies where: by product and location, with its lots; of all products or only of some."""
    query = (
        select(
            Product.sku,
            Location.code,
            Lot.code,
            Lot.expires_on,
            StockBalance.on_hand,
            StockBalance.reserved,
            Product.name,
        )
        .join(Product, Product.id == StockBalance.product_id)
        .join(Location, Location.id == StockBalance.location_id)
        .join(Lot, Lot.id == StockBalance.lot_id)
        .order_by(
            Product.position, Product.sku, Location.code, Lot.expires_on.is_(None), Lot.expires_on, Lot.id
        )
    )
    if location is not None:
        query = query.where(Location.code == location)
    if only is not None:
        # The places are named, so that the key of the balances serves.
        query = query.where(StockBalance.location_id.in_(places(location)))
        query = query.where(StockBalance.product_id.in_(only))
    items: dict[tuple[str, str], View] = {}
    for sku, place, lot, expires_on, on_hand, reserved, name in db.session.execute(query):
        item = items.setdefault(
            (sku, place),
            {
                "sku": sku,
                "name": name,
                "location": place,
                "on_hand": 0,
                "reserved": 0,
                "available": 0,
                "lots": [],
            },
        )
        item["on_hand"] += on_hand
        item["reserved"] += reserved
        if expires_on is None or expires_on >= today:
            item["available"] += on_hand - reserved
        item["lots"].append(
            {
                "lot": lot,
                "expires_on": expires_on.isoformat() if expires_on else None,
                "on_hand": on_hand,
                "reserved": reserved,
            }
        )
    return list(items.values())
