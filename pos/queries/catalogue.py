"""Products as those see them who keep the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Lot, Price, Product, ProductBarcode, ProductPicture, StockBalance
from pos.queries.lots import places
from pos.queries.products import picture_address


@dataclass(frozen=True, slots=True)
class Item:
    """A product with everything that can be set about it."""

    id: int
    sku: str
    name: str
    name_en: str
    unit: str
    category: str
    active: bool
    position: int
    favourite: bool
    barcodes: tuple[str, ...]
    picture: str | None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price from a business date on."""

    amount: int
    valid_from: date
    set_at: datetime
    set_by: str


def item(sku: str) -> Item:
    """Return one product. Raises not_found."""
    product = db.session.execute(select(Product).where(Product.sku == sku)).scalar_one_or_none()
    if product is None:
        raise NotFound(N_("There is no such product."))
    barcodes = db.session.execute(
        select(ProductBarcode.barcode)
        .where(ProductBarcode.product_id == product.id)
        .order_by(ProductBarcode.barcode)
    ).scalars()
    digest = db.session.execute(
        select(ProductPicture.digest).where(ProductPicture.product_id == product.id)
    ).scalar_one_or_none()
    return Item(
        product.id,
        product.sku,
        product.name,
        product.name_en,
        product.unit,
        product.category,
        product.active,
        product.position,
        product.favourite,
        tuple(barcodes),
        picture_address(product.sku, digest),
    )


def arranged(limit: int, *, favourites: bool = False, category: str = "") -> list[tuple[str, str, str, bool]]:
    """Return (SKU, name, English name, favourite) of what is sold, in the till's order within a group."""
    query = (
        select(Product.sku, Product.name, Product.name_en, Product.favourite)
        .where(Product.active)
        .order_by(Product.position, Product.name, Product.sku)
        .limit(limit)
    )
    if favourites:
        query = query.where(Product.favourite)
    if category:
        query = query.where(Product.category == category)
    return [(sku, name, name_en or name, on) for sku, name, name_en, on in db.session.execute(query)]


def exists(sku: str) -> bool:
    """Say whether a SKU is taken."""
    return db.session.execute(select(Product.id).where(Product.sku == sku)).first() is not None


def choices() -> list[tuple[str, str]]:
    """Return (SKU, name) of every product, those that are sold first, to choose from."""
    rows = db.session.execute(
        select(Product.sku, Product.name).order_by(Product.active.desc(), Product.position, Product.name)
    )
    return [(sku, name) for sku, name in rows]


def categories() -> list[str]:
    """Return the categories in use, for suggestions."""
    return list(
        db.session.execute(
            select(Product.category).where(Product.category != "").distinct().order_by(Product.category)
        ).scalars()
    )


def units() -> list[str]:
    """Return the units in use, for suggestions."""
    return list(db.session.execute(select(Product.unit).distinct().order_by(Product.unit)).scalars())


def next_position() -> int:
    """Return the place after the last product's."""
    return int(db.session.execute(select(func.max(Product.position))).scalar_one() or 0) + 1


def prices(product_id: int) -> list[PriceRow]:
    """Return a product's prices, the newest first."""
    rows = db.session.execute(
        select(Price.amount, Price.valid_from, Price.set_at, Price.set_by)
        .where(Price.product_id == product_id)
        .order_by(Price.valid_from.desc(), Price.id.desc())
    )
    return [PriceRow(*row) for row in rows]


def on_hand(today: date, skus: Sequence[str]) -> dict[str, int]:
    """Return what is available of some SKUs at all of our locations together, but partners' places."""
    rows = db.session.execute(
        select(Product.sku, func.sum(StockBalance.on_hand - StockBalance.reserved))
        .join(StockBalance, StockBalance.product_id == Product.id)
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(
            # The balances' key is of places and products: both are named.
            StockBalance.product_id.in_(select(Product.id).where(Product.sku.in_(skus))),
            StockBalance.location_id.in_(places(ours=True)),
            Lot.expires_on.is_(None) | (Lot.expires_on >= today),
        )
        .group_by(Product.sku)
    )
    return {sku: int(pieces) for sku, pieces in rows}
