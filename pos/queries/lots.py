"""What lies where, what runs out, what expires, and a product's movements like a bank statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pos import clock
from pos.db import db
from pos.models import Book, Location, Lot, Movement, Partner, Product, StockBalance, StockPaper
from pos.queries.paging import instant

View: TypeAlias = dict[str, Any]

LOW = 10
"""Fewer pieces than this are worth a word on the first page."""
SOON_DAYS = 7
"""Goods that expire within so many days are worth one too."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """Pieces of a lot with a date that is over or near."""

    sku: str
    name: str
    location: str
    lot: str
    expires_on: date
    on_hand: int
    free: int


@dataclass(frozen=True, slots=True)
class Low:
    """A product of which little is left."""

    sku: str
    name: str
    available: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of a product at a location and what was there afterwards."""

    at: datetime
    reason: str
    lot: str
    other: str
    change: int
    balance: int
    book: str
    seq: int
    source: str
    note: str
    paper: bool


def of_product(product_id: int) -> list[tuple[str, date | None]]:
    """Return code and date of a product's lots, the newest first."""
    rows = db.session.execute(
        select(Lot.code, Lot.expires_on).where(Lot.product_id == product_id).order_by(Lot.id.desc())
    )
    return [(code, expires_on) for code, expires_on in rows]


def places(code: str | None = None, *, ours: bool = False) -> list[int]:
    """Return the keys of all locations, of the one with a code, or of those whose goods are ours to sell."""
    query = select(Location.id)
    if code is not None:
        query = query.where(Location.code == code)
    if ours:
        partners = select(Partner.location_id)
        query = query.where(Location.kind == "stock", Location.id.not_in(partners))
    return list(db.session.execute(query).scalars())


def expiring(until: date) -> list[Expiring]:
    """Return lots with pieces in hand whose date is at most `until`, the oldest first."""
    rows = db.session.execute(
        select(
            Product.sku,
            Product.name,
            Location.code,
            Lot.code,
            Lot.expires_on,
            StockBalance.on_hand,
            StockBalance.on_hand - StockBalance.reserved,
        )
        .join(Product, Product.id == StockBalance.product_id)
        .join(Location, Location.id == StockBalance.location_id)
        .join(Lot, (Lot.id == StockBalance.lot_id) & (Lot.product_id == StockBalance.product_id))
        # The places are named, so that the key of the balances serves.
        .where(StockBalance.location_id.in_(places()), StockBalance.on_hand > 0, Lot.expires_on <= until)
        .order_by(Lot.expires_on, Product.position, Product.sku, Lot.id)
    )
    return [
        Expiring(sku, name, place, lot, on, pieces, free)
        for sku, name, place, lot, on, pieces, free in rows
        if on is not None
    ]


def low(today: date) -> list[Low]:
    """Return active products of which fewer than `LOW` are available, the scarcest first.

    What lies at partners' places is not ours to sell.
    """
    good = or_(Lot.expires_on.is_(None), Lot.expires_on >= today)
    left = func.coalesce(func.sum(case((good, StockBalance.on_hand - StockBalance.reserved), else_=0)), 0)
    rows = db.session.execute(
        select(Product.sku, Product.name, left)
        .outerjoin(
            StockBalance,
            (StockBalance.product_id == Product.id) & StockBalance.location_id.in_(places(ours=True)),
        )
        .outerjoin(Lot, Lot.id == StockBalance.lot_id)
        .where(Product.active)
        .group_by(Product.sku, Product.name, Product.position)
        .having(left < LOW)
        .order_by(left, Product.position, Product.sku)
    )
    return [Low(sku, name, int(pieces)) for sku, name, pieces in rows]


def statement(
    sku: str,
    location: str,
    cursor: str | None,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[list[StatementLine], str | None]:
    """Return a page of a product's movements at a location, newest first, each with the balance after it.

    Only those from `since` to before `until`, where they are given.

    The balance runs backwards from what is there now, so that the newest page costs the same after ten years.
    """
    here = _Here(_key(Product.id, Product.sku == sku), _key(Location.id, Location.code == location))
    earlier, bound = None, until
    if cursor is not None:
        earlier = _earlier(cursor)
        bound = datetime.fromisoformat(cursor.partition("~")[0])
    balance = _on_hand(sku, location)
    if bound is not None:
        balance -= here.since(bound, earlier)
    query = here.lines().limit(limit + 1)
    if since is not None:
        query = query.where(Movement.at >= since)
    if earlier is not None:
        query = query.where(Movement.at <= bound, earlier)
    elif until is not None:
        query = query.where(Movement.at < until)
    rows = db.session.execute(query).all()
    lines: list[StatementLine] = []
    for row, lot, other, book, note in rows[:limit]:
        signed = row.quantity if row.to_id == here.location_id else -row.quantity
        lines.append(
            StatementLine(
                row.at,
                row.reason,
                lot,
                other,
                signed,
                balance,
                book,
                row.seq,
                row.source_id,
                note or "",
                note is not None,
            )
        )
        balance -= signed
    last = rows[limit - 1][0] if len(rows) > limit else None
    return lines, None if last is None else (
        f"{clock.iso(last.at)}~{last.book_id}~{last.seq}~{last.position}"
    )


def _key(column: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> int:
    """Return the key of a row, looked up before: so the index of product and time serves, whatever the
    statistics say.
    """
    return db.session.execute(select(column).where(condition)).scalar_one_or_none() or 0


@dataclass(frozen=True, slots=True)
class _Here:
    """A product at a location, by their keys."""

    product_id: int
    location_id: int

    def _moved(self) -> ColumnElement[bool]:
        place = (Movement.from_id == self.location_id) | (Movement.to_id == self.location_id)
        return (Movement.product_id == self.product_id) & place

    def lines(self) -> Select[Movement, str, str, str, str | None]:
        """Return the query for the movements, the newest first."""
        other = aliased(Location)
        there = case((Movement.to_id == self.location_id, Movement.from_id), else_=Movement.to_id)
        return (
            select(Movement, Lot.code, other.code, Book.code, StockPaper.note)
            .join(Lot, Lot.id == Movement.lot_id)
            .join(other, other.id == there)
            .join(Book, Book.id == Movement.book_id)
            .outerjoin(StockPaper, StockPaper.id == Movement.source_id)
            .where(self._moved())
            .order_by(
                Movement.at.desc(), Movement.book_id.desc(), Movement.seq.desc(), Movement.position.desc()
            )
        )

    def since(self, at: datetime, but: ColumnElement[bool] | None) -> int:
        """Return by how much the pieces there changed since an instant, but by movements that meet `but`."""
        change = case((Movement.to_id == self.location_id, Movement.quantity), else_=-Movement.quantity)
        query = select(func.coalesce(func.sum(change), 0)).where(self._moved(), Movement.at >= at)
        if but is not None:
            query = query.where(~but)
        return int(db.session.execute(query).scalar_one())


def _on_hand(sku: str, location: str) -> int:
    return int(
        db.session.execute(
            select(func.coalesce(func.sum(StockBalance.on_hand), 0))
            .join(Product, Product.id == StockBalance.product_id)
            .join(Location, Location.id == StockBalance.location_id)
            .where(Product.sku == sku, Location.code == location)
        ).scalar_one()
    )


def _earlier(cursor: str) -> ColumnElement[bool]:
    """Return the condition for movements before the one a cursor names. Raises ValueError for a wrong one."""
    at, book, seq, position = cursor.split("~")
    seen, book_id = instant(at), int(book)
    in_book = (Movement.book_id == book_id) & (
        (Movement.seq < int(seq)) | ((Movement.seq == int(seq)) & (Movement.position < int(position)))
    )
    return (Movement.at < seen) | ((Movement.at == seen) & ((Movement.book_id < book_id) | in_book))
