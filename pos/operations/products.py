"""Products and their prices. Entries of the office's book."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from pos.db import db, table
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, ValidationError
from pos.models import Price, Product, ProductBarcode, ProductPicture
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, lock_office, next_id

PRODUCT = table(Product)
BARCODE = table(ProductBarcode)
PICTURE = table(ProductPicture)
PRICE = table(Price)

MAX_PRICE = 100_000_000
SVG = "image/svg+xml"
_COLUMNS = ("sku", "name", "name_en", "unit", "category", "active", "position", "favourite")


@dataclass(frozen=True, slots=True)
class ProductData:
    """A product as a form or a row of an import gives it.

    `price` is set from `price_from` on; None: unchanged, as is `favourite`.
    """

    sku: str
    name: str
    name_en: str = ""
    unit: str = "pcs"
    category: str = ""
    barcodes: Sequence[str] = field(default_factory=tuple)
    active: bool = True
    position: int = 0
    price: int | None = None
    price_from: date | None = None
    favourite: bool | None = None


@dataclass(slots=True)
class Known:
    """What the catalogue holds: rows by SKU, the owner of each barcode, prices in the order they were set."""

    rows: dict[str, dict[str, Any]]
    owners: dict[str, int]
    prices: dict[int, list[tuple[date, int]]]

    def price_on(self, product_id: int, on: date) -> int | None:
        """Return the price of a product on a business date."""
        return next(
            (amount for since, amount in reversed(self.prices.get(product_id, [])) if since <= on), None
        )

    def codes(self) -> dict[int, list[str]]:
        """Return the barcodes of each product, sorted."""
        found: dict[int, list[str]] = {}
        for code in sorted(self.owners):
            found.setdefault(self.owners[code], []).append(code)
        return found


def known() -> Known:
    """Read the whole catalogue: three statements, however many products."""
    rows = db.session.execute(select(PRODUCT.c.id, *(PRODUCT.c[name] for name in _COLUMNS))).mappings()
    prices: dict[int, list[tuple[date, int]]] = {}
    for product_id, since, amount in db.session.execute(
        select(PRICE.c.product_id, PRICE.c.valid_from, PRICE.c.amount).order_by(
            PRICE.c.valid_from, PRICE.c.id
        )
    ):
        prices.setdefault(product_id, []).append((since, amount))
    owners = db.session.execute(select(BARCODE.c.barcode, BARCODE.c.product_id)).all()
    return Known({row["sku"]: dict(row) for row in rows}, dict(owners), prices)


@dataclass(slots=True)
class _Changes:
    """The rows that saving products writes."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    barcodes: list[dict[str, Any]] = field(default_factory=list)
    prices: list[dict[str, Any]] = field(default_factory=list)


def save_products(
    products: Sequence[ProductData], actor: Actor, at: datetime, today: date, request: Request | None = None
) -> list[int]:
    """Add products, or change those whose SKU is known; all or nothing, one entry; give their ids in order.

    Only what differs is written. Raises validation_error with the position of each wrong product:
    `products.3.barcodes`.
    """
    actor.need(Right.MANAGE)
    act = Act(lock_office(request), "products_saved", actor, at, request)
    there = known()
    ids = _ids(products, there)
    changes = _Changes()
    errors: list[FieldError] = []
    for n, (data, product_id) in enumerate(zip(products, ids, strict=True)):
        found = product_problems(data)
        if data.sku not in there.rows and data.price is None:
            found.append(("price", N_("A new product needs a price.")))
        errors += [FieldError(f"products.{n}.{loc}", message) for loc, message in found]
        _save_row(changes, there, data, product_id)
    errors += _save_barcodes(changes, there, products, ids)
    if errors:
        raise ValidationError(*errors)
    _save_prices(changes, there, products, ids, today)
    for row in changes.prices:
        row |= {"set_at": at, "set_by": actor.name}
    if changes.dropped:
        # First, so that a barcode can go from one product to another in one act.
        db.session.execute(delete(BARCODE).where(BARCODE.c.barcode.in_(changes.dropped)))
    act.insert(PRODUCT, changes.added)
    act.change_many(PRODUCT, "id", changes.changed)
    act.insert(BARCODE, changes.barcodes)
    act.insert(PRICE, changes.prices)
    act.finish()
    return ids


def _ids(products: Sequence[ProductData], there: Known) -> list[int]:
    first = next_id(PRODUCT)
    new: dict[str, int] = {}
    ids: list[int] = []
    for data in products:
        row = there.rows.get(data.sku)
        if row is None and data.sku not in new:
            new[data.sku] = first + len(new)
        ids.append(new[data.sku] if row is None else row["id"])
    return ids


def _save_row(changes: _Changes, there: Known, data: ProductData, product_id: int) -> None:
    row = {"id": product_id, **{name: getattr(data, name) for name in _COLUMNS}}
    before = there.rows.get(data.sku)
    if data.favourite is None:
        row["favourite"] = before is not None and before["favourite"]
    if before is None:
        changes.added.append(row)
    elif before != row:
        changes.changed.append(row)


def _save_barcodes(
    changes: _Changes, there: Known, products: Sequence[ProductData], ids: Sequence[int]
) -> list[FieldError]:
    """Work out which barcodes go and which come; return an error for each that another product keeps."""
    wanted = {product_id: set(data.barcodes) for data, product_id in zip(products, ids, strict=True)}
    owners: dict[str, int] = {}
    for code, owner in there.owners.items():
        if owner in wanted and code not in wanted[owner]:
            changes.dropped.append(code)
        else:
            owners[code] = owner
    errors: list[FieldError] = []
    for n, (data, product_id) in enumerate(zip(products, ids, strict=True)):
        for code in dict.fromkeys(data.barcodes):
            keeper = owners.get(code)
            if keeper is None:
                owners[code] = product_id
                changes.barcodes.append({"barcode": code, "product_id": product_id})
            elif keeper != product_id:
                errors.append(FieldError(f"products.{n}.barcodes", N_("Another product has this barcode.")))
    return errors


def _save_prices(
    changes: _Changes, there: Known, products: Sequence[ProductData], ids: Sequence[int], today: date
) -> None:
    first = next_id(PRICE)
    for data, product_id in zip(products, ids, strict=True):
        since = data.price_from or today
        if data.price is not None and there.price_on(product_id, since) != data.price:
            changes.prices.append(
                {
                    "id": first + len(changes.prices),
                    "product_id": product_id,
                    "amount": data.price,
                    "valid_from": since,
                }
            )


def product_problems(data: ProductData) -> list[tuple[str, str]]:
    """Return (field, English msgid) for everything wrong with a product."""
    found: list[tuple[str, str]] = []
    for loc, text, longest, required in (
        ("sku", data.sku, 40, True),
        ("name", data.name, 80, True),
        ("name_en", data.name_en, 80, False),
        ("unit", data.unit, 20, True),
        ("category", data.category, 40, False),
    ):
        if required and not text.strip():
            found.append((loc, N_("Fill this in.")))
        elif len(text) > longest:
            found.append((loc, N_("This text is too long.")))
        elif not text.isprintable():
            found.append((loc, N_("Leave out control characters and line breaks.")))
    if not all(_is_barcode(code) for code in data.barcodes):
        found.append(("barcodes", N_("A barcode has at most 40 letters or digits.")))
    if data.price is not None and not 0 <= data.price <= MAX_PRICE:
        found.append(("price", N_("A price is whole rupiah, from 0 to 100.000.000.")))
    return found


def _is_barcode(code: str) -> bool:
    return 0 < len(code) <= 40 and code.isascii() and code.isprintable() and not set(code) & set(" |")


def set_price(
    product_id: int, amount: int, valid_from: date, actor: Actor, at: datetime, request: Request | None = None
) -> None:
    """Append a price that is good from a business date on. The past stays as it was."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    if not 0 <= amount <= MAX_PRICE:
        raise ValidationError(FieldError("price", N_("A price is whole rupiah, from 0 to 100.000.000.")))
    if db.session.get(Product, product_id) is None:
        raise NotFound(N_("There is no such product."))
    act = Act(book, "price_set", actor, at, request)
    row = {
        "id": next_id(PRICE),
        "product_id": product_id,
        "amount": amount,
        "valid_from": valid_from,
        "set_at": at,
        "set_by": actor.name,
    }
    act.insert(PRICE, [row])
    act.finish()


def set_picture(
    product_id: int, media_type: str, data: bytes, actor: Actor, at: datetime, request: Request | None = None
) -> None:
    """Give a product its picture. The door has checked and re-encoded what a person uploaded."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    row = {
        "product_id": product_id,
        "media_type": media_type,
        "data": data,
        "digest": hashlib.sha256(data).hexdigest(),
    }
    act = Act(book, "picture_set", actor, at, request)
    if db.session.execute(select(PICTURE.c.product_id).where(PICTURE.c.product_id == product_id)).first():
        act.change(PICTURE, {"product_id": product_id}, {k: v for k, v in row.items() if k != "product_id"})
    else:
        act.insert(PICTURE, [row])
    act.finish()
