"""What the shop to practise in takes from the real one: its goods as they stand at the till, ready discounts,
people, registers, and partners with what is agreed with them.

No sale, no stock, no supplier, no cost, no PIN, nobody's telephone number and no merchant's QRIS: who
practises needs none of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from pos.db import db
from pos.domain.shop import problems
from pos.models import (
    Location,
    Outlet,
    Partner,
    Product,
    ProductBarcode,
    ProductPicture,
    Register,
    Setting,
    User,
)
from pos.operations.arranging import placed_categories
from pos.operations.catalogue import ProductData
from pos.operations.discounts import PresetData
from pos.queries.agreed import Agreed
from pos.queries.discounts import presets
from pos.queries.products import prices_on
from pos.schemas.consignment import PartnerData

NOT_TAKEN = ("demo", "training", "merchant_qris")
"""Settings that a shop to practise in has its own of."""


@dataclass(frozen=True, slots=True)
class OutletCopy:
    """An outlet and the location it sells from."""

    code: str
    name: str
    address: str
    time_zone: str
    cut_off: str
    location: str
    location_name: str


@dataclass(frozen=True, slots=True)
class PartnerCopy:
    """A partner without whom to ask there, and the agreed prices that are not our own, by SKU."""

    code: str
    data: PartnerData
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ShopCopy:
    """A shop without anything that happened in it.

    `registers` are code, name, outlet and kind; `people` name and role; `pictures` by SKU.
    """

    settings: Mapping[str, object]
    outlets: tuple[OutletCopy, ...]
    registers: tuple[tuple[str, str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    products: tuple[ProductData, ...]
    pictures: Mapping[str, tuple[str, bytes]]
    categories: Mapping[str, int]
    discounts: tuple[PresetData, ...]
    partners: tuple[PartnerCopy, ...]


def copy_of_shop(today: date) -> ShopCopy:
    """Return what can be practised with: everything that is sold, stands and works here today."""
    outlets = db.session.execute(
        select(
            Outlet.code,
            Outlet.name,
            Outlet.address,
            Outlet.time_zone,
            Outlet.cut_off,
            Location.code,
            Location.name,
        )
        .join(Location, Location.id == Outlet.location_id)
        .order_by(Outlet.id)
    )
    registers = db.session.execute(
        select(Register.code, Register.name, Outlet.code, Register.kind)
        .join(Outlet, Outlet.id == Register.outlet_id)
        .where(Register.active)
        .order_by(Register.id)
    )
    people = db.session.execute(select(User.name, User.role).where(User.active).order_by(User.id))
    return ShopCopy(
        _settings(),
        tuple(OutletCopy(*row) for row in outlets),
        tuple((code, name, outlet, kind) for code, name, outlet, kind in registers),
        tuple((name, role) for name, role in people),
        *_products(today),
        placed_categories(),
        tuple(PresetData(one.name, one.percent_bp, one.amount, one.approved) for one in presets()),
        _partners(today),
    )


def _partners(today: date) -> tuple[PartnerCopy, ...]:
    products = select(Product.id, Product.sku).where(Product.active)
    skus = dict(db.session.execute(products).all())
    rows = db.session.execute(
        select(Partner, Location.code)
        .join(Location, Location.id == Partner.location_id)
        .where(Partner.active)
        .order_by(Partner.id)
    ).all()
    found = []
    for partner, code in rows:
        names = ("name", "kind", "address", "commission_bp", "terms")
        # As it stands there, checked when it was written; nobody practises calling.
        data = PartnerData.model_construct(**{name: getattr(partner, name) for name in names}, contact="")
        agreed = Agreed(partner.id, skus)
        prices = {sku: own for key, sku in skus.items() if (own := agreed.own(key, today)) is not None}
        found.append(PartnerCopy(code, data, prices))
    return tuple(found)


def _settings() -> dict[str, object]:
    rows = db.session.execute(select(Setting.key, Setting.value))
    values = {key: json.loads(value) for key, value in rows if key not in NOT_TAKEN}
    return {key: value for key, value in values.items() if problems(key, value) is None}


def _products(today: date) -> tuple[tuple[ProductData, ...], dict[str, tuple[str, bytes]]]:
    rows = db.session.execute(select(Product).where(Product.active).order_by(Product.id)).scalars().all()
    prices = prices_on([row.id for row in rows], today)
    codes: dict[int, list[str]] = {}
    for barcode, product_id in db.session.execute(select(ProductBarcode.barcode, ProductBarcode.product_id)):
        codes.setdefault(product_id, []).append(barcode)
    products = tuple(
        ProductData(
            row.sku,
            row.name,
            row.name_en,
            row.unit,
            row.category,
            sorted(codes.get(row.id, [])),
            True,
            row.position,
            prices[row.id],
            today,
            row.favourite,
        )
        for row in rows
        if row.id in prices
    )
    pictures = db.session.execute(
        select(Product.sku, ProductPicture.media_type, ProductPicture.data)
        .join(Product, Product.id == ProductPicture.product_id)
        .where(Product.active)
    )
    return products, {sku: (kind, data) for sku, kind, data in pictures}
