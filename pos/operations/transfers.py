"""Goods from one of our locations to another: they leave, are in transit, and are received once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pos.db import db, table
from pos.domain.lots import Take
from pos.domain.transfers import Arrival, arrive
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import Location, Lot, Outlet, Product, StockTransfer, StockTransferLine
from pos.operations import lots, papers_consignment, papers_transfer, partners, printing, stock, tills
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row, next_id
from pos.queries.partners import delivery_of
from pos.queries.stock_transfers import transfer_view
from pos.schemas.stock import TransferArrivalIn, TransferIn, TransferPrintIn

LOCATION = table(Location)
TRANSFER = table(StockTransfer)
LINE = table(StockTransferLine)
TRANSIT = "TRANSIT"


def send(paper: TransferIn, actor: Actor, at: datetime, request: Request) -> None:
    """Send goods to another location. A line without a lot takes unexpired goods, first expired first out.

    What goes to a partner's place gets the number of a delivery note. Raises insufficient_stock, lot_expired,
    unknown_sku, validation_error, partner_inactive, Replayed.
    """
    act = stock.begin("stock_transfer", actor, at, request)
    from_id, to_id = stock.place(paper.from_location, "from"), stock.place(paper.to, "to")
    if from_id == to_id:
        raise ValidationError(FieldError("to", N_("Choose another location than the one the goods leave.")))
    products = stock.products([line.sku for line in paper.lines])
    takes: list[Take] = []
    for line in paper.lines:
        if line.lot is not None:
            takes += stock.out_of_lots(from_id, products[line.sku], line.sku, line.quantity, line.lot, takes)
    takes = stock.summed([*takes, *_unnamed(paper, products, from_id, takes, at)])
    act.insert(TRANSFER, [_row(paper, from_id, to_id, act)])
    act.insert(LINE, _lines(paper.id, "sent", takes))
    partners.note_delivery(act, paper.id, to_id)
    stock.moves(act, takes, from_id, _transit(act), "transfer", paper.id)
    act.finish()
    stock.settle(from_id, takes, ())


def _unnamed(
    paper: TransferIn, products: Mapping[str, int], from_id: int, taken: Sequence[Take], at: datetime
) -> list[Take]:
    """Choose lots for the lines that name none, beside those that other lines took."""
    wanted: dict[int, int] = {}
    for line in paper.lines:
        if line.lot is None:
            wanted[products[line.sku]] = wanted.get(products[line.sku], 0) + line.quantity
    if not wanted:
        return []
    zone = db.session.execute(
        select(Outlet.time_zone).order_by(Outlet.location_id != from_id, Outlet.id).limit(1)
    ).scalar_one_or_none()
    today = at.astimezone(ZoneInfo(zone or "Asia/Jakarta")).date()
    skus = {product_id: sku for sku, product_id in products.items()}
    return lots.choose(from_id, wanted, today, skus, gone=stock.summed(taken))


def _row(paper: TransferIn, from_id: int, to_id: int, act: Act) -> Row:
    return {
        "id": paper.id,
        "from_id": from_id,
        "to_id": to_id,
        "status": "sent",
        "note": paper.note,
        "sent_at": act.at,
        "sent_by": act.actor.name,
        "received_at": None,
        "received_by": None,
        "reason": None,
    }


def _lines(transfer_id: str, side: str, takes: Sequence[Take]) -> list[Row]:
    return [
        {
            "transfer_id": transfer_id,
            "side": side,
            "position": position,
            "product_id": take.product_id,
            "lot_id": take.lot_id,
            "quantity": take.quantity,
        }
        for position, take in enumerate(takes)
    ]


def sent_lines(transfer_id: str) -> list[tuple[str, str, int]]:
    """Return what was sent with a transfer, in its order: SKU, lot and pieces."""
    rows = db.session.execute(
        select(Product.sku, Lot.code, StockTransferLine.quantity)
        .join(Product, Product.id == StockTransferLine.product_id)
        .join(Lot, Lot.id == StockTransferLine.lot_id)
        .where(StockTransferLine.transfer_id == transfer_id, StockTransferLine.side == "sent")
        .order_by(StockTransferLine.position)
    )
    return [(sku, lot, quantity) for sku, lot, quantity in rows]


def _transit(act: Act) -> int:
    """Return the location of goods on their way; the first transfer of a shop makes it."""
    found: int | None = db.session.execute(
        select(Location.id).where(Location.kind == "transit").limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    taken = set(db.session.execute(select(Location.code).where(Location.code.like(f"{TRANSIT}%"))).scalars())
    code = next(name for n in range(len(taken) + 1) if (name := TRANSIT + "-" * n) not in taken)
    made = next_id(LOCATION)
    act.insert(LOCATION, [{"id": made, "code": code, "name": "Dalam perjalanan", "kind": "transit"}])
    return made


def receive(
    transfer_id: str, paper: TransferArrivalIn, actor: Actor, at: datetime, request: Request | None
) -> None:
    """Receive a transfer, once. A product that is not named did not arrive.

    What is missing goes to the loss location, what is too much comes from there, each with its reason. Raises
    not_found, transfer_received, unknown_sku, validation_error, Replayed.
    """
    act = stock.begin("stock_transfer_received", actor, at, request)
    row = db.session.execute(select(TRANSFER).where(TRANSFER.c.id == transfer_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("There is no such transfer."))
    if row["status"] != "sent":
        said = {"by": row["received_by"]}
        raise PosError("transfer_received", N_("%(by)s received this transfer already."), said)
    products = stock.products([line.sku for line in paper.lines])
    found = arrive(_sent(transfer_id), _counted(paper, products))
    if found.unplaced:
        unplaced = {item.product_id for item in found.unplaced}
        message = N_("This product was not sent. Name the lot of what arrived.")
        raise ValidationError(
            *(
                FieldError(f"lines.{n}.lot", message)
                for n, line in enumerate(paper.lines)
                if line.lot is None and products[line.sku] in unplaced
            )
        )
    act.change(
        TRANSFER,
        {"id": transfer_id},
        {"status": "received", "received_at": at, "received_by": actor.name, "reason": paper.reason or None},
    )
    arrived = stock.summed([*found.arrived, *found.over])
    act.insert(LINE, _lines(transfer_id, "received", arrived))
    transit, loss, here = _transit(act), lots.outside("loss"), row["to_id"]
    stock.moves(act, found.arrived, transit, here, "transfer", transfer_id)
    stock.moves(act, found.short, transit, loss, "short", transfer_id)
    stock.moves(act, found.over, loss, here, "over", transfer_id)
    act.finish()
    stock.settle(here, (), arrived)


def _sent(transfer_id: str) -> list[Take]:
    rows = db.session.execute(
        select(LINE.c.product_id, LINE.c.lot_id, LINE.c.quantity)
        .join(Lot, Lot.id == LINE.c.lot_id)
        .where(LINE.c.transfer_id == transfer_id, LINE.c.side == "sent")
        .order_by(LINE.c.product_id, Lot.expires_on.is_(None), Lot.expires_on, LINE.c.lot_id)
    )
    return [Take(*row) for row in rows]


def _counted(paper: TransferArrivalIn, products: Mapping[str, int]) -> list[Arrival]:
    """Return what arrived, with the lots that were named looked up. Raises validation_error."""
    known: dict[tuple[int, str], int] = {
        (product_id, code): lot_id
        for product_id, code, lot_id in db.session.execute(
            select(Lot.product_id, Lot.code, Lot.id).where(Lot.product_id.in_(set(products.values())))
        )
    }
    counted, wrong = [], []
    for n, line in enumerate(paper.lines):
        product_id = products[line.sku]
        if line.lot is not None and (product_id, line.lot) not in known:
            message = N_("Lot %(lot)s is not known. Take such goods in as goods in.")
            wrong.append(FieldError(f"lines.{n}.lot", message, {"lot": line.lot or "-"}))
        else:
            lot_id = None if line.lot is None else known[product_id, line.lot]
            counted.append(Arrival(product_id, lot_id, line.quantity))
    if wrong:
        raise ValidationError(*wrong)
    return counted


def print_slip(
    transfer_id: str, order: TransferPrintIn, actor: Actor, at: datetime, request: Request
) -> None:
    """Print a transfer's slip at a register's printer; of a delivery to a partner, its note.

    Raises not_found, validation_error, Replayed.
    """
    till = tills.enter_to_print(order.at_register, actor, request)
    view: dict[str, Any] = transfer_view(transfer_id)
    note, title = delivery_of(transfer_id), f"{view['from']} > {view['to']}"
    if note is None:
        document = papers_transfer.slip(till, view)
    else:
        document, title = papers_consignment.delivery_slip(till, {**view, **note}), str(note["number"])
    printing.add_job(till, "transfer", document, title=title)
    Act(till.book, "transfer_printed", actor, at, request).finish()
