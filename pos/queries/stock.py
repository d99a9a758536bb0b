"""The stock's ledger."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import aliased

from pos import clock
from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Book, Entry, Location, Lot, Movement, Product, ProductSource, StockPaper
from pos.queries.paging import older
from pos.queries.searching import with_words

View: TypeAlias = dict[str, Any]


def movements(
    sku: str | None,
    location: str | None,
    since: datetime | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[View], str | None]:
    """Return a page of the ledger, oldest first, and the cursor of the next (None at the end)."""
    start, end = aliased(Location), aliased(Location)
    query = (
        select(Movement, Product.sku, Lot.code, start.code, end.code, Book.code)
        .join(Product, Product.id == Movement.product_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(start, start.id == Movement.from_id)
        .join(end, end.id == Movement.to_id)
        .join(Book, Book.id == Movement.book_id)
        .order_by(Movement.at, Movement.book_id, Movement.seq, Movement.position)
        .limit(limit + 1)
    )
    if sku is not None:
        query = query.where(Product.sku == sku)
    if location is not None:
        query = query.where((start.code == location) | (end.code == location))
    if since is not None:
        query = query.where(Movement.at >= since)
    if cursor is not None:
        query = query.where(_after(cursor))
    rows = db.session.execute(query).all()
    items = [
        {
            "at": clock.iso(row.at),
            "sku": product,
            "lot": lot,
            "from": from_code,
            "to": to_code,
            "quantity": row.quantity,
            "change": None if location is None else (row.quantity if to_code == location else -row.quantity),
            "reason": row.reason,
            "source": row.source_id,
            "book": book,
            "seq": row.seq,
        }
        for row, product, lot, from_code, to_code, book in rows[:limit]
    ]
    if len(rows) <= limit:
        return items, None
    last = rows[limit - 1][0]
    return items, f"{clock.iso(last.at)}~{last.book_id}~{last.seq}~{last.position}"


def _after(cursor: str) -> ColumnElement[bool]:
    """Return the condition for what stands behind the last item of the page before."""
    at, book, seq, position = cursor.split("~")
    seen, key = datetime.fromisoformat(at), (int(book), int(seq), int(position))
    later = tuple_(Movement.book_id, Movement.seq, Movement.position) > tuple_(*key)
    return (Movement.at > seen) | ((Movement.at == seen) & later)


def paper_view(paper_id: str) -> View:
    """Return a stock paper with its lots. Raises not_found."""
    row = db.session.execute(
        select(StockPaper, Location.code, Location.id, Location.name)
        .join(Location, Location.id == StockPaper.location_id)
        .where(StockPaper.id == paper_id)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such stock paper."))
    paper, location, location_id, name = row
    return {
        "id": paper.id,
        "kind": paper.kind,
        "location": location,
        "location_name": name,
        "reason": paper.reason,
        "note": paper.note,
        "at": clock.iso(paper.at),
        "by": paper.by,
        "lines": _paper_lines(paper_id, location_id),
    }


def _paper_lines(paper_id: str, location_id: int) -> list[View]:
    """Return what a paper moved: by its entry, which is found at once, however old it is."""
    rows = db.session.execute(
        select(
            Product.sku,
            Product.name,
            Lot.code,
            Lot.expires_on,
            Lot.made_on,
            Lot.unit_cost,
            ProductSource.name,
            Movement.to_id,
            Movement.quantity,
        )
        .join(Entry, (Entry.book_id == Movement.book_id) & (Entry.seq == Movement.seq))
        .join(Product, Product.id == Movement.product_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .outerjoin(ProductSource, ProductSource.id == Lot.source_id)
        .where(Entry.request_id == paper_id)
        .order_by(Movement.position)
    )
    return [
        {
            "sku": sku,
            "name": name,
            "lot": lot,
            "expires_on": None if expires_on is None else expires_on.isoformat(),
            "made_on": None if made_on is None else made_on.isoformat(),
            "unit_cost": unit_cost,
            "source": source or "",
            "quantity": quantity if to_id == location_id else -quantity,
        }
        for sku, name, lot, expires_on, made_on, unit_cost, source, to_id, quantity in rows
    ]


def papers(
    reason: str | None, cursor: str | None, limit: int, words: str = ""
) -> tuple[list[View], str | None]:
    """Return a page of goods in and corrections, the newest first, and the cursor of the next.

    `words` stand in the location, in the note or are who wrote it.
    """
    query = (
        select(StockPaper, Location.code)
        .join(Location, Location.id == StockPaper.location_id)
        .order_by(StockPaper.at.desc(), StockPaper.id.desc())
        .limit(limit + 1)
    )
    if reason is not None:
        query = query.where(StockPaper.reason == reason)
    query = query.where(*with_words(words, Location.name, Location.code, StockPaper.note, StockPaper.by))
    if cursor is not None:
        at, paper_id = cursor.split("~")
        query = query.where(older(StockPaper.at, StockPaper.id, at, paper_id))
    rows = db.session.execute(query).all()
    items = [
        {
            "id": paper.id,
            "kind": paper.kind,
            "location": location,
            "reason": paper.reason,
            "note": paper.note,
            "at": clock.iso(paper.at),
            "by": paper.by,
        }
        for paper, location in rows[:limit]
    ]
    last = items[-1] if len(rows) > limit else None
    return items, None if last is None else f"{last['at']}~{last['id']}"
