"""The catalogue as a register sees it."""

from datetime import date
from typing import Any, TypeAlias
from urllib.parse import quote

from sqlalchemy import func, or_, select

from pos.db import db
from pos.models import (
    Location,
    Lot,
    Outlet,
    Price,
    Product,
    ProductBarcode,
    ProductPicture,
    Register,
    StockBalance,
)

View: TypeAlias = dict[str, Any]


def location_of(register: str | None) -> tuple[int | None, str]:
    """Return the location a register sells from and its outlet's zone.

    Without a register the first outlet's.
    """
    query = select(Outlet.location_id, Outlet.time_zone).join(Register, Register.outlet_id == Outlet.id)
    if register is not None:
        query = query.where(Register.code == register)
    row = db.session.execute(query.order_by(Register.id).limit(1)).one_or_none()
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
    search = select(Product).order_by(Product.position, Product.name, Product.sku).limit(limit)
    if active_only:
        search = search.where(Product.active)
    if barcode:
        search = search.where(
            or_(
                Product.id
                == select(ProductBarcode.product_id)
                .where(ProductBarcode.barcode == barcode)
                .scalar_subquery(),
                Product.sku == barcode,
            )
        )
    for word in query.split():
        like = f"%{_escaped(word.lower())}%"
        search = search.where(
            or_(
                func.lower(Product.name).like(like, escape="\\"),
                func.lower(Product.name_en).like(like, escape="\\"),
                func.lower(Product.sku).like(like, escape="\\"),
                Product.id.in_(
                    select(ProductBarcode.product_id).where(ProductBarcode.barcode.like(like, escape="\\"))
                ),
            )
        )
    if after:
        search = search.where(Product.sku > after).order_by(None).order_by(Product.sku)
    found = list(db.session.execute(search).scalars())
    ids = [product.id for product in found]
    codes, prices = _barcodes(ids), prices_on(ids, today)
    available = _available(ids, location_id, today)
    pictures = _pictures(ids)
    return [
        {
            "sku": product.sku,
            "barcodes": codes.get(product.id, []),
            "name": product.name,
            "name_en": product.name_en or product.name,
            "price": prices.get(product.id),
            "unit": product.unit,
            "category": product.category,
            "active": product.active,
            "available": available.get(product.id, 0),
            "picture": picture_address(product.sku, pictures.get(product.id)),
        }
        for product in found
        if product.id in prices or not active_only
    ]


def picture_address(sku: str, digest: str | None) -> str | None:
    """Return the address of a product's picture, which names its contents; None without one."""
    return None if digest is None else f"/pictures/{digest[:16]}/{quote(sku)}"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _barcodes(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for barcode, product_id in db.session.execute(
        select(ProductBarcode.barcode, ProductBarcode.product_id)
        .where(ProductBarcode.product_id.in_(ids))
        .order_by(ProductBarcode.barcode)
    ):
        found.setdefault(product_id, []).append(barcode)
    return found


def prices_on(ids: list[int], on: date) -> dict[int, int]:
    """Return each product's price on a business date; a product without one can't be sold yet."""
    rows = db.session.execute(
        select(Price.product_id, Price.amount)
        .where(Price.product_id.in_(ids), Price.valid_from <= on)
        .order_by(Price.valid_from, Price.id)
    )
    return dict(rows.all())


def _available(ids: list[int], location_id: int | None, today: date) -> dict[int, int]:
    if location_id is None:
        return {}
    rows = db.session.execute(
        select(StockBalance.product_id, func.sum(StockBalance.on_hand - StockBalance.reserved))
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(
            StockBalance.location_id == location_id,
            StockBalance.product_id.in_(ids),
            or_(Lot.expires_on.is_(None), Lot.expires_on >= today),
        )
        .group_by(StockBalance.product_id)
    )
    return {product_id: int(count) for product_id, count in rows}


def _pictures(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(ProductPicture.product_id, ProductPicture.digest).where(ProductPicture.product_id.in_(ids))
    )
    return dict(rows.all())


def picture(sku: str) -> tuple[str, bytes, str] | None:
    """Return media type, bytes and digest of a product's picture."""
    row = db.session.execute(
        select(ProductPicture.media_type, ProductPicture.data, ProductPicture.digest)
        .join(Product, Product.id == ProductPicture.product_id)
        .where(Product.sku == sku)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def stock(location: str | None, today: date) -> list[View]:
    """Return what lies where: by product and location, with its lots."""
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
