"""What people set.

Products, prices, outlets, registers and the shop's settings. Entries of the office's book.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Table, delete, func, insert, select

from pos.db import db, table
from pos.domain.qris import clean, usable
from pos.domain.rights import Right
from pos.domain.shop import problems
from pos.errors import N_, FieldError, NotFound, ValidationError
from pos.models import Location, Outlet, Price, Product, ProductBarcode, ProductPicture, Register, Setting
from pos.operations.actor import Actor
from pos.operations.journal import BOOK, OFFICE, Act, Request, lock_office, new_book

PRODUCT = table(Product)
BARCODE = table(ProductBarcode)
PICTURE = table(ProductPicture)
PRICE = table(Price)
OUTLET = table(Outlet)
REGISTER = table(Register)
LOCATION = table(Location)
SETTING = table(Setting)

MAX_PRICE = 100_000_000
SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class ProductData:
    """A product as a form or a row of an import gives it.

    `price` is set from `price_from` on; None: unchanged.
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


def save_products(
    products: Sequence[ProductData], actor: Actor, at: datetime, today: date, request: Request | None = None
) -> list[int]:
    """Add products, or change those whose SKU is known; all or nothing, one entry. Returns their ids in
    order.

    Raises validation_error with the position of each wrong product: `products.3.barcodes`.
    """
    actor.need(Right.MANAGE)
    book = lock_office(request)
    act = Act(book, "products_saved", actor, at, request)
    known = {row.sku: row.id for row in db.session.execute(select(Product.id, Product.sku))}
    owners = dict(db.session.execute(select(ProductBarcode.barcode, ProductBarcode.product_id)).all())
    prices = _prices_now(today)
    next_id, next_price = _next_id(PRODUCT), _next_id(PRICE)
    errors: list[FieldError] = []
    ids: list[int] = []
    new_rows: list[dict[str, Any]] = []
    dropped: list[str] = []
    barcode_rows: list[dict[str, Any]] = []
    price_rows: list[dict[str, Any]] = []
    for n, data in enumerate(products):
        errors += [FieldError(f"products.{n}.{loc}", message) for loc, message in product_problems(data)]
        product_id = known.get(data.sku)
        row: dict[str, Any] = {
            "sku": data.sku,
            "name": data.name,
            "name_en": data.name_en,
            "unit": data.unit,
            "category": data.category,
            "active": data.active,
            "position": data.position,
        }
        if product_id is None:
            product_id, next_id = next_id, next_id + 1
            known[data.sku] = product_id
            new_rows.append({"id": product_id, **row})
            if data.price is None:
                errors.append(FieldError(f"products.{n}.price", N_("A new product needs a price.")))
        else:
            act.change(PRODUCT, {"id": product_id}, row)
        ids.append(product_id)
        dropped += [
            code for code, owner in owners.items() if owner == product_id and code not in data.barcodes
        ]
        for code in data.barcodes:
            owner = owners.setdefault(code, product_id)
            if owner != product_id:
                errors.append(FieldError(f"products.{n}.barcodes", N_("Another product has this barcode.")))
        barcode_rows += [{"barcode": code, "product_id": product_id} for code in dict.fromkeys(data.barcodes)]
        if data.price is not None and prices.get(product_id) != data.price:
            price_rows.append(
                _price_row(next_price, product_id, data.price, data.price_from or today, actor, at)
            )
            next_price += 1
    if errors:
        raise ValidationError(*errors)
    act.insert(PRODUCT, new_rows)
    there = set(owners) & set(db.session.execute(select(ProductBarcode.barcode)).scalars())
    act.insert(BARCODE, [row for row in barcode_rows if row["barcode"] not in there])
    act.insert(PRICE, price_rows)
    act.finish()
    if dropped:
        db.session.execute(delete(BARCODE).where(BARCODE.c.barcode.in_(dropped)))
    return ids


def _price_row(
    price_id: int, product_id: int, amount: int, valid_from: date, actor: Actor, at: datetime
) -> dict[str, Any]:
    return {
        "id": price_id,
        "product_id": product_id,
        "amount": amount,
        "valid_from": valid_from,
        "set_at": at,
        "set_by": actor.name,
    }


def _prices_now(today: date) -> dict[int, int]:
    rows = db.session.execute(
        select(Price.product_id, Price.amount)
        .where(Price.valid_from <= today)
        .order_by(Price.valid_from, Price.id)
    )
    return dict(rows.all())


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
    if any(
        not code or len(code) > 40 or not code.isascii() or not code.isprintable() for code in data.barcodes
    ):
        found.append(("barcodes", N_("A barcode has at most 40 letters or digits.")))
    if data.price is not None and not 0 <= data.price <= MAX_PRICE:
        found.append(("price", N_("A price is whole rupiah, from 0 to 100.000.000.")))
    return found


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
    act.insert(PRICE, [_price_row(_next_id(PRICE), product_id, amount, valid_from, actor, at)])
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


def change_settings(
    values: dict[str, object], actor: Actor, at: datetime, request: Request | None = None
) -> None:
    """Change settings of the shop. Raises validation_error that names each wrong key."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    errors = [FieldError(key, message) for key, value in values.items() if (message := problems(key, value))]
    merchant = values.get("merchant_qris")
    if isinstance(merchant, str) and merchant:
        values = values | {"merchant_qris": clean(merchant)}
    if isinstance(merchant, str) and merchant and not usable(merchant):
        errors.append(
            FieldError(
                "merchant_qris", N_("This is not a QRIS that can take payments. Scan the printed sign again.")
            )
        )
    if errors:
        raise ValidationError(*errors)
    there = set(db.session.execute(select(Setting.key)).scalars())
    act = Act(book, "settings_changed", actor, at, request)
    for key, value in values.items():
        text = json.dumps(value, ensure_ascii=False)
        if key in there:
            act.change(SETTING, {"key": key}, {"value": text})
        else:
            act.insert(SETTING, [{"key": key, "value": text}])
    act.finish()


def add_location(
    code: str, name: str, kind: str, actor: Actor, at: datetime, request: Request | None = None
) -> int:
    """Add a place for goods: `stock` for the shop's own shelves."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    _check_code(code, 20)
    if db.session.execute(select(Location.id).where(Location.code == code)).first():
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    location_id = _next_id(LOCATION)
    act = Act(book, "location_added", actor, at, request)
    act.insert(LOCATION, [{"id": location_id, "code": code, "name": name or code, "kind": kind}])
    act.finish()
    return location_id


def add_outlet(
    code: str,
    name: str,
    location: str,
    actor: Actor,
    at: datetime,
    *,
    address: str = "",
    time_zone: str = "Asia/Jakarta",
    cut_off: str = "00:00",
    request: Request | None = None,
) -> int:
    """Add an outlet that sells from an existing location."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    _check_code(code, 20)
    _check_place(time_zone, cut_off)
    if db.session.execute(select(Outlet.id).where(Outlet.code == code)).first():
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    location_id = db.session.execute(
        select(Location.id).where(Location.code == location, Location.kind == "stock")
    ).scalar_one_or_none()
    if location_id is None:
        raise ValidationError(
            FieldError("location", N_("There is no location %(code)s."), {"code": location})
        )
    outlet_id = _next_id(OUTLET)
    act = Act(book, "outlet_added", actor, at, request)
    act.insert(
        OUTLET,
        [
            {
                "id": outlet_id,
                "code": code,
                "name": name or code,
                "address": address,
                "time_zone": time_zone,
                "cut_off": cut_off,
                "location_id": location_id,
            }
        ],
    )
    act.finish()
    return outlet_id


def change_outlet(
    outlet_id: int,
    actor: Actor,
    at: datetime,
    *,
    name: str,
    address: str,
    time_zone: str,
    cut_off: str,
    request: Request | None = None,
) -> None:
    """Change an outlet's name, address, zone or cut-off; open shifts keep their business date."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    _check_place(time_zone, cut_off)
    if not name.strip():
        raise ValidationError(FieldError("name", N_("Fill this in.")))
    act = Act(book, "outlet_changed", actor, at, request)
    act.change(
        OUTLET,
        {"id": outlet_id},
        {"name": name, "address": address, "time_zone": time_zone, "cut_off": cut_off},
    )
    act.finish()


def add_register(
    code: str, name: str, outlet: str, kind: str, actor: Actor, at: datetime, request: Request | None = None
) -> int:
    """Add a register with its own book. Its code begins every receipt number and can't change."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    _check_code(code, 10)
    if kind not in ("till", "kiosk"):
        raise ValidationError(FieldError("kind", N_("Choose till or kiosk.")))
    if code == OFFICE or db.session.execute(select(Register.id).where(Register.code == code)).first():
        raise ValidationError(FieldError("code", N_("This code is used already.")))
    outlet_id = db.session.execute(select(Outlet.id).where(Outlet.code == outlet)).scalar_one_or_none()
    if outlet_id is None:
        raise ValidationError(FieldError("outlet", N_("There is no outlet %(code)s."), {"code": outlet}))
    register_id = _next_id(REGISTER)
    act = Act(book, "register_added", actor, at, request)
    act.insert(
        REGISTER,
        [
            {
                "id": register_id,
                "code": code,
                "name": name or code,
                "outlet_id": outlet_id,
                "kind": kind,
                "active": True,
            }
        ],
    )
    act.finish()
    db.session.execute(insert(BOOK), new_book(code, register_id))
    return register_id


def change_register(
    register_id: int, actor: Actor, at: datetime, *, name: str, active: bool, request: Request | None = None
) -> None:
    """Rename or retire a register."""
    actor.need(Right.MANAGE)
    book = lock_office(request)
    act = Act(book, "register_changed", actor, at, request)
    act.change(REGISTER, {"id": register_id}, {"name": name, "active": active})
    act.finish()


def _check_code(code: str, longest: int) -> None:
    if (
        not 1 <= len(code) <= longest
        or not code.isascii()
        or not code.replace("-", "").isalnum()
        or code != code.upper()
    ):
        raise ValidationError(
            FieldError(
                "code",
                N_("A code is 1 to %(longest)s capital letters, digits or hyphens."),
                {"longest": longest},
            )
        )


def _check_place(time_zone: str, cut_off: str) -> None:
    if time_zone not in available_timezones():
        raise ValidationError(FieldError("time_zone", N_("Choose a time zone, for example Asia/Jakarta.")))
    ZoneInfo(time_zone)
    hour, _, minute = cut_off.partition(":")
    if not (
        len(cut_off) == 5 and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60
    ):
        raise ValidationError(FieldError("cut_off", N_("Type the time as HH:MM.")))


def _next_id(table: Table) -> int:
    """Return the next key; the office's book, locked by the caller, keeps two of them apart."""
    return (db.session.execute(select(func.max(table.c.id))).scalar_one() or 0) + 1
