"""One lot: what came in, which receipts held it, where the rest of it lies. For a recall."""

from typing import Any, TypeAlias

from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.models import (
    ConsignmentSale,
    Location,
    Lot,
    Movement,
    Partner,
    Product,
    ProductSource,
    Refund,
    Register,
    Sale,
    StockBalance,
)
from pos.queries.partners import REPORT, paper_number
from pos.queries.stock_transfers import in_transit

View: TypeAlias = dict[str, Any]


def lot_view(sku: str, code: str) -> View:
    """Return a lot with where it lies now. Raises not_found."""
    row = db.session.execute(
        select(Lot, Product.sku, Product.name, ProductSource.name)
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(ProductSource, ProductSource.id == Lot.source_id)
        .where(Product.sku == sku, Lot.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("This product has no such lot."))
    lot, sku, name, source = row
    places = [
        {"location": place, "name": called, "on_hand": on_hand, "reserved": reserved}
        for place, called, on_hand, reserved in db.session.execute(
            select(Location.code, Location.name, StockBalance.on_hand, StockBalance.reserved)
            .join(Location, Location.id == StockBalance.location_id)
            .where(StockBalance.product_id == lot.product_id, StockBalance.lot_id == lot.id)
            .where(StockBalance.on_hand > 0)
            .order_by(Location.id)
        )
    ]
    return {
        "sku": sku,
        "name": name,
        "lot": lot.code,
        "expires_on": clock.iso_day(lot.expires_on),
        "made_on": clock.iso_day(lot.made_on),
        "unit_cost": lot.unit_cost,
        "source": source or "",
        "places": places,
        "in_transit": in_transit(lot.id),
        "id": lot.id,
        "product_id": lot.product_id,
    }


def _report_number(number: int | None) -> str:
    return "" if number is None else paper_number(REPORT, number)


def held_by(product_id: int, lot_id: int) -> list[View]:
    """Return what was sold out of a lot and what came back, the oldest first: number, time and pieces.

    What a partner sold stands under the number of their report.
    """
    outside = aliased(Location)
    rows = db.session.execute(
        select(
            Movement.at,
            Movement.reason,
            Movement.quantity,
            Movement.source_id,
            Sale.number,
            Sale.id,
            Register.code,
            Refund.number,
            Refund.sale_id,
            ConsignmentSale.number,
            Partner.name,
            case((Movement.to_id == outside.id, 1), else_=-1),
        )
        .join(
            outside,
            (outside.kind == "customer")
            & ((outside.id == Movement.to_id) | (outside.id == Movement.from_id)),
        )
        .outerjoin(Sale, Sale.id == Movement.source_id)
        .outerjoin(Refund, Refund.id == Movement.source_id)
        .outerjoin(Register, Register.id == Sale.register_id)
        .outerjoin(ConsignmentSale, ConsignmentSale.id == Movement.source_id)
        .outerjoin(Partner, Partner.id == ConsignmentSale.partner_id)
        .where(Movement.product_id == product_id, Movement.lot_id == lot_id)
        .order_by(Movement.at, Movement.book_id, Movement.seq, Movement.position)
    )
    return [
        {
            "at": clock.iso(at),
            "reason": reason,
            "number": number or refund or _report_number(report),
            "sale": sale_id or refunded or source,
            "register": register or "",
            "partner": partner or "",
            "quantity": sign * quantity,
        }
        for (
            at,
            reason,
            quantity,
            source,
            number,
            sale_id,
            register,
            refund,
            refunded,
            report,
            partner,
            sign,
        ) in rows
    ]
