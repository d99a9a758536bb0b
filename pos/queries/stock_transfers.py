"""Transfers: what is on its way, what arrived and what did not."""

from typing import Any, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Location, Lot, Product, StockTransfer, StockTransferLine
from pos.models.partial import TRANSFER_OPEN
from pos.queries.paging import older
from pos.queries.searching import with_words

View: TypeAlias = dict[str, Any]
FROM, TO = aliased(Location), aliased(Location)


def _papers() -> Select[StockTransfer, str, str, str, str]:
    return (
        select(StockTransfer, FROM.code, TO.code, FROM.name, TO.name)
        .join(FROM, FROM.id == StockTransfer.from_id)
        .join(TO, TO.id == StockTransfer.to_id)
    )


def _head(row: Any) -> View:
    paper, from_code, to_code, from_name, to_name = row
    return {
        "id": paper.id,
        "from": from_code,
        "to": to_code,
        "from_name": from_name,
        "to_name": to_name,
        "status": paper.status,
        "note": paper.note,
        "sent_at": clock.iso(paper.sent_at),
        "sent_by": paper.sent_by,
        "received_at": None if paper.received_at is None else clock.iso(paper.received_at),
        "received_by": paper.received_by,
        "reason": paper.reason or "",
    }


def transfer_view(transfer_id: str) -> View:
    """Return a transfer with its lines, lot by lot. Raises not_found."""
    row = db.session.execute(_papers().where(StockTransfer.id == transfer_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such transfer."))
    lines: dict[int, View] = {}
    found = db.session.execute(
        select(
            StockTransferLine.side,
            StockTransferLine.lot_id,
            Product.sku,
            Product.name,
            Lot.code,
            Lot.expires_on,
            StockTransferLine.quantity,
        )
        .join(Product, Product.id == StockTransferLine.product_id)
        .join(Lot, Lot.id == StockTransferLine.lot_id)
        .where(StockTransferLine.transfer_id == transfer_id)
        .order_by(StockTransferLine.side.desc(), StockTransferLine.position)
    )
    for side, lot_id, sku, name, lot, expires_on, quantity in found:
        line = lines.setdefault(
            lot_id,
            {
                "sku": sku,
                "name": name,
                "lot": lot,
                "expires_on": None if expires_on is None else expires_on.isoformat(),
                "sent": 0,
                "received": 0,
            },
        )
        line[side] += quantity
    view = _head(row)
    for line in lines.values():
        line["difference"] = line["received"] - line["sent"] if view["status"] == "received" else None
    return {**view, "lines": list(lines.values())}


def transfers(
    status: str | None, cursor: str | None, limit: int, words: str = ""
) -> tuple[list[View], str | None]:
    """Return a page of transfers, the newest first, and the cursor of the next.

    `words` stand in a location, in the note or are who sent or received.
    """
    query = _papers().order_by(StockTransfer.sent_at.desc(), StockTransfer.id.desc()).limit(limit + 1)
    if status == "sent":
        query = query.where(TRANSFER_OPEN)
    elif status is not None:
        query = query.where(StockTransfer.status == status)
    names = (FROM.name, TO.name, FROM.code, TO.code)
    people = (StockTransfer.sent_by, StockTransfer.received_by)
    query = query.where(*with_words(words, *names, StockTransfer.note, *people))
    if cursor is not None:
        at, transfer_id = cursor.split("~")
        query = query.where(older(StockTransfer.sent_at, StockTransfer.id, at, transfer_id))
    rows = db.session.execute(query).all()
    items = [_head(row) for row in rows[:limit]]
    pieces = _pieces([str(item["id"]) for item in items])
    for item in items:
        item["pieces"] = pieces.get((item["id"], "sent"), 0)
        item["received"] = pieces.get((item["id"], "received"), 0)
    last = items[-1] if len(rows) > limit else None
    return items, None if last is None else f"{last['sent_at']}~{last['id']}"


def _pieces(ids: list[str]) -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        select(
            StockTransferLine.transfer_id,
            StockTransferLine.side,
            func.sum(StockTransferLine.quantity),
        )
        .where(StockTransferLine.transfer_id.in_(ids))
        .group_by(StockTransferLine.transfer_id, StockTransferLine.side)
    )
    return {(transfer_id, side): int(count) for transfer_id, side, count in rows}


def waiting() -> int:
    """Return how many transfers nobody has received yet."""
    return int(
        db.session.execute(select(func.count()).select_from(StockTransfer).where(TRANSFER_OPEN)).scalar_one()
    )


def on_their_way() -> list[str]:
    """Return the ids of transfers that nobody has received yet.

    Asked before their lines, which are then found by their key: few are open, the lines of years are many.
    """
    return list(db.session.execute(select(StockTransfer.id).where(TRANSFER_OPEN)).scalars())


def in_transit(lot_id: int | None = None) -> list[View]:
    """Return lots that are on their way: where to, and how many pieces."""
    query = (
        select(
            StockTransfer.id,
            TO.code,
            Product.sku,
            Lot.code,
            StockTransferLine.quantity,
            StockTransfer.sent_at,
        )
        .join(StockTransferLine, StockTransferLine.transfer_id == StockTransfer.id)
        .join(TO, TO.id == StockTransfer.to_id)
        .join(Product, Product.id == StockTransferLine.product_id)
        .join(Lot, Lot.id == StockTransferLine.lot_id)
        .where(StockTransferLine.transfer_id.in_(on_their_way()), StockTransferLine.side == "sent")
        .order_by(StockTransfer.sent_at, StockTransferLine.position)
    )
    if lot_id is not None:
        query = query.where(StockTransferLine.lot_id == lot_id)
    return [
        {"transfer": made, "to": to, "sku": sku, "lot": lot, "quantity": count, "sent_at": clock.iso(at)}
        for made, to, sku, lot, count, at in db.session.execute(query)
    ]
