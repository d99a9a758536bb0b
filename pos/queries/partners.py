"""Partners, what lies at their places, and the papers about it: delivery notes, reports, return notes."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, literal_column, select, union_all

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.models import (
    ConsignmentDelivery,
    ConsignmentReturn,
    ConsignmentReturnLine,
    ConsignmentSale,
    ConsignmentSaleLine,
    Entry,
    Location,
    Lot,
    Partner,
    Product,
    StockBalance,
    StockTransfer,
    StockTransferLine,
)
from pos.queries.stock_transfers import transfer_view

View: TypeAlias = dict[str, Any]

DELIVERY, REPORT, RETURN = "SJ", "LJ", "SR"
"""What the numbers of delivery notes, reports and return notes begin with."""


def paper_number(kind: str, number: int) -> str:
    """Return the number of a partner's paper as people read it: LJ-000012."""
    return f"{kind}-{number:06d}"


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner and how many pieces of ours lie there."""

    id: int
    code: str
    name: str
    kind: str
    address: str
    contact: str
    commission_bp: int
    terms: str
    columns: str
    active: bool
    location_id: int
    pieces: int


def _partners() -> Any:
    lying = (
        select(StockBalance.location_id, func.sum(StockBalance.on_hand).label("pieces"))
        .group_by(StockBalance.location_id)
        .subquery()
    )
    return (
        select(
            Partner.id,
            Location.code,
            Partner.name,
            Partner.kind,
            Partner.address,
            Partner.contact,
            Partner.commission_bp,
            Partner.terms,
            Partner.columns,
            Partner.active,
            Partner.location_id,
            func.coalesce(lying.c.pieces, 0),
        )
        .join(Location, Location.id == Partner.location_id)
        .outerjoin(lying, lying.c.location_id == Partner.location_id)
        .order_by(Partner.active.desc(), Partner.name)
    )


def _view(row: Any) -> PartnerView:
    found = PartnerView(*row)
    return replace(found, pieces=int(found.pieces))


def partners() -> list[PartnerView]:
    """Return every partner, those that are active first."""
    return [_view(row) for row in db.session.execute(_partners())]


def partner(code: str) -> PartnerView:
    """Return one partner by the code of their place. Raises not_found."""
    row = db.session.execute(_partners().where(Location.code == code)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such partner."))
    return _view(row)


def partner_view(code: str) -> View:
    """Return a partner as the API shows them."""
    found = partner(code)
    names = ("code", "name", "kind", "address", "contact", "commission_bp", "terms", "active", "pieces")
    return {name: getattr(found, name) for name in names}


def made_by(request_id: str) -> str:
    """Return the code of the partner that a request added. Raises not_found."""
    content = db.session.execute(
        select(Entry.content).where(Entry.request_id == request_id)
    ).scalar_one_or_none()
    rows = json.loads(content or "{}").get("setting_partner")
    if not rows:
        raise NotFound(N_("There is no such partner."))
    return code_of(rows[0]["id"])


def code_of(partner_id: int) -> str:
    """Return the code of a partner's place."""
    return str(
        db.session.execute(
            select(Location.code)
            .join(Partner, Partner.location_id == Location.id)
            .where(Partner.id == partner_id)
        ).scalar_one()
    )


def product_ids(skus: list[str]) -> dict[str, int]:
    """Return the keys of products by SKU."""
    rows = db.session.execute(select(Product.sku, Product.id).where(Product.sku.in_(skus)))
    return dict(rows.all())


def lying_at(partner_id: int) -> list[View]:
    """Return what lies at a partner's place, lot by lot."""
    rows = db.session.execute(
        select(Product.sku, Product.name, Lot.code, Lot.expires_on, StockBalance.on_hand)
        .join(Partner, Partner.location_id == StockBalance.location_id)
        .join(Product, Product.id == StockBalance.product_id)
        .join(Lot, Lot.id == StockBalance.lot_id)
        .where(Partner.id == partner_id, StockBalance.on_hand > 0)
        .order_by(Product.position, Product.sku, Lot.expires_on.is_(None), Lot.expires_on, Lot.id)
    )
    return [
        {"sku": sku, "name": name, "lot": lot, "expires_on": clock.iso_day(on), "on_hand": pieces}
        for sku, name, lot, on, pieces in rows
    ]


def delivery_of(transfer_id: str) -> View | None:
    """Return number and partner of a transfer that is a delivery, None for any other."""
    row = db.session.execute(
        select(ConsignmentDelivery.number, Partner.name, Partner.address, Partner.contact, Location.code)
        .join(Partner, Partner.id == ConsignmentDelivery.partner_id)
        .join(Location, Location.id == Partner.location_id)
        .where(ConsignmentDelivery.id == transfer_id)
    ).one_or_none()
    if row is None:
        return None
    number, name, address, contact, code = row
    return {
        "number": paper_number(DELIVERY, number),
        "partner": code,
        "partner_name": name,
        "address": address,
        "contact": contact,
    }


def delivery_view(transfer_id: str) -> View:
    """Return a delivery: its note's number, the partner, and the transfer. Raises not_found."""
    note = delivery_of(transfer_id)
    if note is None:
        raise NotFound(N_("There is no such delivery."))
    return {**transfer_view(transfer_id), **note}


def report_view(sale_id: str) -> View:
    """Return a partner's report with its rows. Raises not_found."""
    row = db.session.execute(
        select(ConsignmentSale, Partner.name, Location.code)
        .join(Partner, Partner.id == ConsignmentSale.partner_id)
        .join(Location, Location.id == Partner.location_id)
        .where(ConsignmentSale.id == sale_id)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such report."))
    sale, name, code = row
    return {
        **report_head(sale),
        "partner": code,
        "partner_name": name,
        "lines": _report_lines(sale_id),
    }


def report_head(sale: ConsignmentSale) -> View:
    """Return a report without its rows."""
    return {
        "id": sale.id,
        "number": paper_number(REPORT, sale.number),
        "status": sale.status,
        "document": sale.document,
        "from": sale.from_on.isoformat(),
        "until": sale.until_on.isoformat(),
        "file": sale.file_name,
        "note": sale.note,
        "at": clock.iso(sale.at),
        "by": sale.by,
        "commission_bp": sale.commission_bp,
        "quantity": sale.quantity,
        "gross": sale.gross,
        "commission": sale.commission,
        "due": sale.due,
        "reversed_at": None if sale.reversed_at is None else clock.iso(sale.reversed_at),
        "reversed_by": sale.reversed_by,
        "reason": sale.reason or "",
    }


def _report_lines(sale_id: str) -> list[View]:
    line = ConsignmentSaleLine
    rows = db.session.execute(
        select(line, Product.sku, Product.name)
        .join(Product, Product.id == line.product_id)
        .where(line.sale_id == sale_id)
        .order_by(line.position)
    )
    return [
        {
            "row": found.row,
            "sku": sku,
            "name": name,
            "quantity": found.quantity,
            "unit_price": found.unit_price,
            "gross": found.gross,
            "commission": found.commission,
            "their_price": found.their_price,
            "date": clock.iso_day(found.sold_on),
            "outlet": found.outlet,
        }
        for found, sku, name in rows
    ]


def return_view(return_id: str) -> View:
    """Return a return note with its lots. Raises not_found."""
    here = Location
    row = db.session.execute(
        select(ConsignmentReturn, Partner, here.code, here.name)
        .join(Partner, Partner.id == ConsignmentReturn.partner_id)
        .join(here, here.id == ConsignmentReturn.location_id)
        .where(ConsignmentReturn.id == return_id)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such return."))
    paper, partner_row, to, to_name = row
    line = ConsignmentReturnLine
    lines = db.session.execute(
        select(line, Product.sku, Product.name, Lot.code, Lot.expires_on)
        .join(Product, Product.id == line.product_id)
        .join(Lot, Lot.id == line.lot_id)
        .where(line.return_id == return_id)
        .order_by(line.position)
    )
    return {
        "id": paper.id,
        "number": paper_number(RETURN, paper.number),
        "partner": code_of(paper.partner_id),
        "partner_name": partner_row.name,
        "address": partner_row.address,
        "contact": partner_row.contact,
        "to": to,
        "to_name": to_name,
        "note": paper.note,
        "at": clock.iso(paper.at),
        "by": paper.by,
        "lines": [
            {
                "sku": sku,
                "name": name,
                "lot": lot,
                "expires_on": clock.iso_day(expires_on),
                "quantity": found.quantity,
                "spoiled": found.spoiled,
                "reason": found.reason,
            }
            for found, sku, name, lot, expires_on in lines
        ],
    }


def papers(partner_id: int, limit: int, before: datetime | None = None) -> list[View]:
    """Return the newest papers of a partner: delivery notes, reports and return notes together."""
    delivery, report, back = ConsignmentDelivery, ConsignmentSale, ConsignmentReturn
    both = union_all(
        select(delivery.id, delivery.number, StockTransfer.sent_at.label("at"), _as(DELIVERY))
        .join(StockTransfer, StockTransfer.id == delivery.id)
        .where(delivery.partner_id == partner_id),
        select(report.id, report.number, report.at, _as(REPORT)).where(report.partner_id == partner_id),
        select(back.id, back.number, back.at, _as(RETURN)).where(back.partner_id == partner_id),
    ).subquery()
    query = select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(both.c.at < before)
    rows = db.session.execute(query).all()
    details = _details([row.id for row in rows])
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "number": paper_number(row.kind, row.number),
            "at": row.at,
            **details.get(row.id, {"pieces": 0, "state": ""}),
        }
        for row in rows
    ]


def _as(kind: str) -> Any:
    return literal_column(f"'{kind}'").label("kind")


def _details(ids: list[str]) -> dict[str, View]:
    """Return pieces and state of papers by their ids."""
    found: dict[str, View] = {}
    for paper, status, pieces in db.session.execute(
        select(StockTransfer.id, StockTransfer.status, func.sum(StockTransferLine.quantity))
        .join(
            StockTransferLine,
            (StockTransferLine.transfer_id == StockTransfer.id) & (StockTransferLine.side == "sent"),
        )
        .where(StockTransfer.id.in_(ids))
        .group_by(StockTransfer.id, StockTransfer.status)
    ):
        found[paper] = {"pieces": int(pieces), "state": status}
    for sale in db.session.execute(select(ConsignmentSale).where(ConsignmentSale.id.in_(ids))).scalars():
        found[sale.id] = {"pieces": sale.quantity, "state": sale.status, **_period(sale)}
    line = ConsignmentReturnLine
    for paper, pieces in db.session.execute(
        select(line.return_id, func.sum(line.quantity))
        .where(line.return_id.in_(ids))
        .group_by(line.return_id)
    ):
        found[paper] = {"pieces": int(pieces), "state": ""}
    return found


def _period(sale: ConsignmentSale) -> View:
    return {"from": sale.from_on, "until": sale.until_on, "document": sale.document, "due": sale.due}
