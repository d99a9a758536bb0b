"""Filling the shop to practise in: the real shop's goods, people and registers, or those of the demo shop.

It is an ordinary shop with books of its own that verify; what makes it one to practise in is the setting
`training`, which stands in its own database and marks every page and paper.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from pos.db import db
from pos.domain.qris import demo_merchant
from pos.ids import new_id
from pos.models import Location
from pos.operations import arranging, catalogue, discounts, partners, people, receiving, setup
from pos.operations.actor import SYSTEM
from pos.operations.journal import Request
from pos.queries.training import ShopCopy
from pos.schemas.base import MAX_LINES
from pos.schemas.consignment import PartnerIn, PartnerPriceLineIn, PartnerPricesIn
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn

PIN = "123456"
"""Everybody's PIN while practising: no real one is copied, and a learner may also play the supervisor."""
STOCK = 200
"""Pieces of each product, so that nobody who practises runs out of goods."""
DAYS = 120
"""Days until they expire."""


def fill(copy: ShopCopy | None, pin_hash: str, at: datetime, today: date, pictures: Path) -> None:
    """Fill an empty database: with a copy of the real shop, or without one with the demo shop."""
    setup.first_rows(at, None)
    if copy is None:
        setup.demo_shop(at, today, dict.fromkeys(setup.DEMO_PINS, pin_hash), pictures)
    else:
        _places(copy, at)
        for name, role in copy.people:
            people.add_user(name, role, pin_hash, SYSTEM, at, once=False)
        _goods(copy, at, today)
        arranging.place_categories(copy.categories, SYSTEM, at)
        for preset in copy.discounts:
            discounts.save_preset(None, preset, SYSTEM, at)
        _partners(copy, at, today)
    values = {} if copy is None else dict(copy.settings)
    values |= {"training": True, "demo": False, "merchant_qris": demo_merchant()}
    catalogue.change_settings(values, SYSTEM, at)


def _places(copy: ShopCopy, at: datetime) -> None:
    there = set(db.session.execute(select(Location.code)).scalars())
    for outlet in copy.outlets:
        if outlet.location not in there:
            catalogue.add_location(outlet.location, outlet.location_name, "stock", SYSTEM, at)
            there.add(outlet.location)
        catalogue.add_outlet(
            outlet.code,
            outlet.name,
            outlet.location,
            SYSTEM,
            at,
            address=outlet.address,
            time_zone=outlet.time_zone,
            cut_off=outlet.cut_off,
        )
    for code, name, outlet_code, kind in copy.registers:
        catalogue.add_register(code, name, outlet_code, kind, SYSTEM, at)


def _partners(copy: ShopCopy, at: datetime, today: date) -> None:
    for one in copy.partners:
        paper = PartnerIn.model_construct(id=new_id(), code=one.code, **one.data.model_dump())
        partner_id = partners.add(paper, SYSTEM, at, Request(paper.id, "0" * 64))
        if one.prices:
            lines = tuple(PartnerPriceLineIn(sku=sku, price=price) for sku, price in one.prices.items())
            agreed = PartnerPricesIn.model_construct(id=new_id(), valid_from=None, lines=lines)
            partners.set_prices(partner_id, agreed, today, SYSTEM, at, Request(agreed.id, "0" * 64))


def _goods(copy: ShopCopy, at: datetime, today: date) -> None:
    if not copy.products:
        return
    ids = catalogue.save_products(copy.products, SYSTEM, at, today)
    for data, product_id in zip(copy.products, ids, strict=True):
        if data.sku in copy.pictures:
            kind, picture = copy.pictures[data.sku]
            catalogue.set_picture(product_id, kind, picture, SYSTEM, at)
    lines = tuple(
        ReceiptLineIn(sku=data.sku, quantity=STOCK, lot="LATIHAN", expires_on=today + timedelta(days=DAYS))
        for data in copy.products
    )
    for location in sorted({outlet.location for outlet in copy.outlets}):
        for first in range(0, len(lines), MAX_LINES):
            part = lines[first : first + MAX_LINES]
            paper = StockReceiptIn(id=new_id(), location=location, lines=part, note="Stok latihan")
            receiving.receive(paper, SYSTEM, at, Request(paper.id, "0" * 64))
