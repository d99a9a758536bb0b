"""Delivery files: the main shop writes what it sent and what things cost, the outlet takes it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from pos import clock
from pos.db import db
from pos.domain import exchange
from pos.domain.exchange import Body
from pos.domain.rights import Right
from pos.errors import N_, FieldError, ValidationError
from pos.models import (
    ConsignmentDelivery,
    ExchangeGoods,
    Lot,
    Product,
    StockBalance,
    StockTransfer,
    StockTransferLine,
)
from pos.operations import receiving, stock
from pos.operations.actor import Actor
from pos.operations.exchange import (
    LOCATION,
    Taken,
    head,
    keep,
    link_of,
    need_next,
    partner_of,
    read,
    today_at,
)
from pos.operations.journal import Request, Row, row_of
from pos.operations.products import ProductData, known, save_products
from pos.queries.agreed import Agreed
from pos.queries.partners import DELIVERY, paper_number
from pos.schemas.stock import ReceiptLineIn, StockReceiptIn


def write(code: str, actor: Actor, at: datetime, request: Request) -> None:
    """Write the next delivery file for an outlet: every delivery that no file carried yet, with its lots, and
    all products with the prices of today. Without a delivery it carries prices alone.

    Raises not_found, Replayed.
    """
    act = stock.begin("exchange_delivery", actor, at, request)
    link = link_of(code, "main")
    today = today_at(link, at)
    sent = _unsent(link)
    body = head(link, "delivery", request.id, at, today)
    body |= {"deliveries": [_delivery(row) for row in sent], "products": _products(link, today)}
    pieces = sum(line["quantity"] for one in body["deliveries"] for line in one["lines"])
    keep(act, link, body, exchange.seal(body, link["secret"]), pieces, [row["id"] for row in sent])
    act.finish()


def _unsent(link: Row) -> list[Row]:
    rows = db.session.execute(
        select(StockTransfer.id, StockTransfer.sent_at, ConsignmentDelivery.number)
        .join(ConsignmentDelivery, ConsignmentDelivery.id == StockTransfer.id)
        .outerjoin(ExchangeGoods, ExchangeGoods.transfer_id == StockTransfer.id)
        .where(StockTransfer.to_id == link["location_id"], ExchangeGoods.transfer_id.is_(None))
        .order_by(ConsignmentDelivery.number)
    )
    return [dict(row) for row in rows.mappings()]


def _delivery(row: Row) -> Body:
    lines = db.session.execute(
        select(Product.sku, Lot.code, Lot.expires_on, Lot.made_on, Lot.unit_cost, StockTransferLine.quantity)
        .join(Product, Product.id == StockTransferLine.product_id)
        .join(Lot, Lot.id == StockTransferLine.lot_id)
        .where(StockTransferLine.transfer_id == row["id"], StockTransferLine.side == "sent")
        .order_by(StockTransferLine.position)
    )
    return {
        "id": row["id"],
        "note": paper_number(DELIVERY, row["number"]),
        "sent_at": clock.iso(row["sent_at"]),
        "lines": [
            {
                "sku": sku,
                "lot": lot,
                "expires_on": clock.iso_day(expires),
                "made_on": clock.iso_day(made),
                "unit_cost": cost,
                "quantity": quantity,
            }
            for sku, lot, expires, made, cost, quantity in lines
        ],
    }


def _products(link: Row, today: date) -> list[Body]:
    """Return what the outlet's till needs to know of each product that is sold or lies there."""
    there = known()
    codes = there.codes()
    lying = set(
        db.session.execute(
            select(StockBalance.product_id).where(
                StockBalance.location_id == link["location_id"], StockBalance.on_hand > 0
            )
        ).scalars()
    )
    agreed = Agreed(int(partner_of(link)["id"]), (row["id"] for row in there.rows.values()))
    names = ("sku", "name", "name_en", "unit", "category", "active", "position")
    return [
        {
            **{name: row[name] for name in names},
            "barcodes": codes.get(row["id"], []),
            "price": agreed.on(row["id"], today),
        }
        for row in sorted(there.rows.values(), key=lambda row: (row["position"], row["sku"]))
        if (row["active"] or row["id"] in lying) and agreed.on(row["id"], today) is not None
    ]


@dataclass(slots=True)
class DeliveryPlan:
    """What a delivery file would do."""

    taken: Taken
    lines: list[Body] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    prices: list[Body] = field(default_factory=list)

    @property
    def pieces(self) -> int:
        """How many pieces it carries."""
        return sum(line["quantity"] for line in self.lines)


def plan(data: bytes, at: datetime) -> DeliveryPlan:
    """Read a delivery file and say what it would do.

    Raises exchange_refused, exchange_known, exchange_gap.
    """
    taken = read(data, "outlet", "delivery")
    need_next(taken)
    there = known()
    codes = there.codes()
    today = today_at(taken.link, at)
    found = DeliveryPlan(taken)
    for one in taken.body["deliveries"]:
        found.lines += [{**line, "delivery": one["id"], "note": one["note"]} for line in one["lines"]]
    for row in taken.body["products"]:
        before = there.rows.get(row["sku"])
        if before is None:
            found.new += 1
            continue
        names = ("name", "name_en", "unit", "category", "active")
        if [row[n] for n in names] != [before[n] for n in names] or row["barcodes"] != codes.get(
            before["id"], []
        ):
            found.changed += 1
        old = there.price_on(before["id"], today)
        if old != row["price"]:
            found.prices.append({"sku": row["sku"], "name": row["name"], "old": old, "new": row["price"]})
    return found


def receive(
    data: bytes, arrived: Mapping[tuple[str, str], int], actor: Actor, at: datetime, request: Request
) -> None:
    """Take a delivery file in, all or nothing: products and prices, then its goods.

    `arrived` says of products and lots, of which another number arrived, how many; the main shop learns of it
    with the next settlement. Raises what `plan` raises, validation_error, Replayed.
    """
    act = stock.begin("exchange_received", actor, at, request)
    actor.need(Right.MANAGE)
    taken = read(data, "outlet", "delivery")
    need_next(taken)
    counted = _counted(taken.body["deliveries"], arrived)
    pieces = sum(line.quantity for lines in counted.values() for line in lines)
    keep(act, taken.link, taken.body, data, pieces, list(counted))
    act.finish()
    today = today_at(taken.link, at)
    there = known()
    saved = [
        ProductData(
            **{name: row[name] for name in ("sku", "name", "name_en", "unit", "category", "active")},
            position=there.rows[row["sku"]]["position"] if row["sku"] in there.rows else row["position"],
            barcodes=tuple(row["barcodes"]),
            price=row["price"],
            price_from=today,
        )
        for row in taken.body["products"]
    ]
    if saved:
        save_products(saved, actor, at, today)
    place = str(row_of(LOCATION, LOCATION.c.id == taken.link["location_id"])["code"])
    notes = {one["id"]: one["note"] for one in taken.body["deliveries"]}
    for transfer_id, lines in counted.items():
        if lines:
            paper = StockReceiptIn.model_construct(
                id=transfer_id, location=place, lines=tuple(lines), note=notes[transfer_id], source=""
            )
            digest = sha256(f"{request.hash}{transfer_id}".encode()).hexdigest()
            receiving.receive(paper, actor, at, Request(transfer_id, digest))


def _counted(
    deliveries: Sequence[Body], arrived: Mapping[tuple[str, str], int]
) -> dict[str, list[ReceiptLineIn]]:
    """Return each delivery's lines as they arrived. Raises validation_error for a lot that was not sent."""
    left = dict(arrived)
    found: dict[str, list[ReceiptLineIn]] = {}
    for one in deliveries:
        found[one["id"]] = []
        for line in one["lines"]:
            quantity = left.pop((line["sku"], line["lot"]), line["quantity"])
            if quantity > line["quantity"]:
                message = N_("Only %(quantity)s were sent. Take more in as a correction, with a reason.")
                said = {"quantity": line["quantity"]}
                raise ValidationError(FieldError(f"{line['sku']}.{line['lot']}", message, said))
            if quantity > 0:
                found[one["id"]].append(_line(line, quantity))
    if left:
        message = N_("This lot was not sent with the file.")
        raise ValidationError(*(FieldError(f"{sku}.{lot}", message) for sku, lot in sorted(left)))
    return found


def _line(line: Mapping[str, Any], quantity: int) -> ReceiptLineIn:
    return ReceiptLineIn.model_construct(
        sku=line["sku"],
        quantity=quantity,
        lot=line["lot"],
        unit_cost=line["unit_cost"],
        expires_on=_day(line["expires_on"]),
        made_on=_day(line["made_on"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
