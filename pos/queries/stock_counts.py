"""Counts: what is counted so far, what the books say, what differs."""

from typing import Any, TypeAlias

from sqlalchemy import select

from pos import clock
from pos.db import db
from pos.domain.counts import Tally, counted, label
from pos.errors import N_, NotFound
from pos.models import (
    Location,
    Lot,
    Product,
    ProductBarcode,
    StockBalance,
    StockCount,
    StockCountFrozen,
    StockCountResult,
    StockTally,
)
from pos.queries.paging import older
from pos.queries.searching import with_words

View: TypeAlias = dict[str, Any]


def _head(count: StockCount, location: str, name: str) -> View:
    return {
        "id": count.id,
        "location": location,
        "location_name": name,
        "status": count.status,
        "blind": count.blind,
        "note": count.note,
        "started_at": clock.iso(count.started_at),
        "started_by": count.started_by,
        "ended_at": None if count.ended_at is None else clock.iso(count.ended_at),
        "ended_by": count.ended_by,
    }


def counts(
    cursor: str | None, limit: int, *, status: str = "", words: str = ""
) -> tuple[list[View], str | None]:
    """Return a page of counts, the newest first, and the cursor of the next.

    `words` stand in the location, in the note or are who began or ended it.
    """
    query = (
        select(StockCount, Location.code, Location.name)
        .join(Location, Location.id == StockCount.location_id)
        .order_by(StockCount.started_at.desc(), StockCount.id.desc())
        .limit(limit + 1)
    )
    if status:
        query = query.where(StockCount.status == status)
    people = (StockCount.started_by, StockCount.ended_by)
    query = query.where(*with_words(words, Location.name, Location.code, StockCount.note, *people))
    if cursor is not None:
        at, count_id = cursor.split("~")
        query = query.where(older(StockCount.started_at, StockCount.id, at, count_id))
    rows = db.session.execute(query).all()
    items = [_head(*row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return items, None if last is None else f"{last['started_at']}~{last['id']}"


def open_at(location: str | None) -> str | None:
    """Return the open count of a location, or the only one that is open anywhere; None when there is none."""
    query = (
        select(StockCount.id)
        .join(Location, Location.id == StockCount.location_id)
        .where(StockCount.status == "open")
        .limit(2)
    )
    if location is not None:
        query = query.where(Location.code == location)
    found = db.session.execute(query).scalars().all()
    return found[0] if len(found) == 1 else None


def count_view(count_id: str, *, books: bool) -> View:
    """Return a count lot by lot; `books`: with what the books say and what differs. Raises not_found.

    An open one says what posting it now would change; a posted one what it changed.
    """
    row = db.session.execute(
        select(StockCount, Location.code, Location.name)
        .join(Location, Location.id == StockCount.location_id)
        .where(StockCount.id == count_id)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such count."))
    count, location, name = row
    lots = _posted(count_id) if count.status == "posted" else _so_far(count_id)
    names = _names(set(lots))
    lines = [{**names[lot_id], **lot} for lot_id, lot in lots.items()]
    lines.sort(key=lambda line: (line["position"], line["sku"], line["expires_on"] or "9999", line["lot"]))
    for line in lines:
        del line["position"]
        if not books:
            line |= {"frozen": None, "on_books": None, "difference": None}
    return {**_head(count, location, name), "lines": lines}


def _frozen(count_id: str) -> dict[int, int]:
    rows = db.session.execute(
        select(StockCountFrozen.lot_id, StockCountFrozen.on_hand).where(StockCountFrozen.count_id == count_id)
    )
    return dict(rows.all())


def _so_far(count_id: str) -> dict[int, View]:
    frozen = _frozen(count_id)
    tallies = db.session.execute(
        select(
            StockTally.lot_id,
            StockTally.product_id,
            StockTally.kind,
            StockTally.quantity,
            StockTally.on_books,
        )
        .where(StockTally.count_id == count_id)
        .order_by(StockTally.number)
    )
    settled = counted(Tally(*row) for row in tallies)
    found: dict[int, View] = {}
    for lot_id in frozen.keys() | settled.keys():
        lot = settled.get(lot_id)
        found[lot_id] = {
            "frozen": frozen.get(lot_id, 0),
            "on_books": None if lot is None else lot.on_books,
            "counted": None if lot is None else lot.quantity,
            "difference": None if lot is None else lot.difference,
            "state": "left" if lot is None else "again" if lot.quantity is None else "counted",
        }
    return found


def _posted(count_id: str) -> dict[int, View]:
    frozen = _frozen(count_id)
    found: dict[int, View] = {
        lot_id: {"frozen": on_hand, "on_books": None, "counted": None, "difference": None, "state": "left"}
        for lot_id, on_hand in frozen.items()
    }
    rows = db.session.execute(select(StockCountResult).where(StockCountResult.count_id == count_id)).scalars()
    for result in rows:
        found[result.lot_id] = {
            "frozen": frozen.get(result.lot_id, 0),
            "on_books": result.on_books,
            "counted": result.counted,
            "difference": result.difference,
            "state": "counted",
        }
    return found


def _names(lots: set[int]) -> dict[int, View]:
    rows = db.session.execute(
        select(Lot.id, Lot.code, Lot.expires_on, Product.sku, Product.name, Product.position)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.id.in_(lots))
    )
    return {
        lot_id: {
            "sku": sku,
            "name": name,
            "lot": code,
            "expires_on": None if expires_on is None else expires_on.isoformat(),
            "position": position,
        }
        for lot_id, code, expires_on, sku, name, position in rows
    }


def last_tallies(count_id: str, limit: int = 8) -> list[View]:
    """Return what was counted last, the newest first."""
    rows = db.session.execute(
        select(StockTally, Product.sku, Product.name, Lot.code)
        .join(Product, Product.id == StockTally.product_id)
        .join(Lot, Lot.id == StockTally.lot_id)
        .where(StockTally.count_id == count_id)
        .order_by(StockTally.number.desc())
        .limit(limit)
    )
    return [
        {
            "sku": sku,
            "name": name,
            "lot": code,
            "kind": tally.kind,
            "quantity": tally.quantity,
            "at": clock.iso(tally.at),
            "by": tally.by,
        }
        for tally, sku, name, code in rows
    ]


def scanned(code: str) -> tuple[str, str, str | None] | None:
    """Return SKU, name and lot of what was scanned: barcode, SKU, or the square of our own labels."""
    text, lot = label(code) or (code.strip(), None)
    row = db.session.execute(
        select(Product.sku, Product.name)
        .join(ProductBarcode, ProductBarcode.product_id == Product.id)
        .where(ProductBarcode.barcode == text)
    ).one_or_none()
    row = (
        row
        or db.session.execute(
            select(Product.sku, Product.name).where(Product.sku.in_({text, text.upper()})).limit(1)
        ).one_or_none()
    )
    return None if row is None else (row[0], row[1], lot)


def lots_here(sku: str, location: str) -> list[View]:
    """Return the lots of a product to choose from: those at the location first, then the newest others."""
    rows = db.session.execute(
        select(Lot.code, Lot.expires_on, StockBalance.on_hand)
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(Location, Location.code == location)
        .outerjoin(StockBalance, (StockBalance.lot_id == Lot.id) & (StockBalance.location_id == Location.id))
        .where(Product.sku == sku)
        .order_by(Lot.id.desc())
    )
    found = [
        {"lot": code, "expires_on": None if on is None else on.isoformat(), "here": bool(on_hand)}
        for code, on, on_hand in rows
    ]
    here = sorted((lot for lot in found if lot["here"]), key=lambda lot: lot["expires_on"] or "9999")
    return here + [lot for lot in found if not lot["here"]][:5]
