"""The books as people read them: entries newest first, and the names behind the numbers in them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select

from pos.db import db
from pos.errors import N_, NotFound
from pos.models import (
    Book,
    Entry,
    ExchangeLink,
    Location,
    Lot,
    Outlet,
    Partner,
    Product,
    ProductSource,
    Register,
    User,
)
from pos.queries.searching import with_words

Content: TypeAlias = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class BookView:
    """A book: its code and how many entries it has."""

    code: str
    seq: int
    head: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its actor and content read."""

    book: str
    seq: int
    at: datetime
    kind: str
    actor: dict[str, str]
    request: str | None
    content: Content
    previous: str
    hash: str


def books() -> list[BookView]:
    """Return every book, the office's first."""
    rows = db.session.execute(
        select(Book.code, Book.seq, Book.head, Book.last_at).order_by(
            Book.register_id.is_not(None), Book.register_id
        )
    )
    return [BookView(*row) for row in rows]


LOOKED_AT = 5_000
"""So many entries are searched for one page; a book has a million, and none of it is indexed by its words."""


def entries(
    book: str, before: int | None, limit: int, *, kind: str = "", words: str = ""
) -> tuple[list[EntryView], int | None]:
    """Return a page of a book's entries, newest first, and the seq the next page begins before.

    With a kind, or words that stand in who did it, only those; the page then ends after `LOOKED_AT` entries.
    """
    key, last = db.session.execute(select(Book.id, Book.seq).where(Book.code == book)).one()
    top = last + 1 if before is None else min(before, last + 1)
    query = select(Entry).where(Entry.book_id == key, Entry.seq < top)
    bottom = 1
    if kind or words:
        bottom = max(1, top - LOOKED_AT)
        query = query.where(Entry.seq >= bottom, *with_words(words, Entry.actor))
    if kind:
        query = query.where(Entry.kind == kind)
    found = db.session.execute(query.order_by(Entry.seq.desc()).limit(limit + 1)).scalars()
    rows = [view_of(entry, book) for entry in found]
    if len(rows) > limit:
        return rows[:limit], rows[limit - 1].seq
    return rows, bottom if bottom > 1 else None


def seq_until(book: str, instant: datetime) -> int | None:
    """Return the seq after the last entry before an instant, None when it is the newest.

    Halved again and again by the key: entries of a book follow each other in time, but where a clock was put
    right, so this is a place to begin to read and no filter.
    """
    key, last = db.session.execute(select(Book.id, Book.seq).where(Book.code == book)).one()
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        at = db.session.execute(
            select(Entry.at).where(Entry.book_id == key, Entry.seq == middle)
        ).scalar_one()
        low, high = (middle + 1, high) if at < instant else (low, middle)
    return None if low > last else low


def entry(book: str, seq: int) -> EntryView:
    """Return one entry. Raises not_found."""
    row = db.session.execute(
        select(Entry, Book.code)
        .join(Book, Book.id == Entry.book_id)
        .where(Book.code == book, Entry.seq == seq)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such entry."))
    return view_of(*row)


def view_of(row: Entry, book: str) -> EntryView:
    """Return an entry with its actor and content read."""
    return EntryView(
        book,
        row.seq,
        row.at,
        row.kind,
        json.loads(row.actor),
        row.request_id,
        json.loads(row.content),
        row.previous,
        row.hash,
    )


def place_of(request_id: str) -> tuple[str, int] | None:
    """Return book and seq of the entry that a client's id made."""
    row = db.session.execute(
        select(Book.code, Entry.seq)
        .join(Book, Book.id == Entry.book_id)
        .where(Entry.request_id == request_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


NAMED: dict[str, tuple[str, ...]] = {
    "product": ("product_id",),
    "lot": ("lot_id",),
    "register": ("register_id",),
    "outlet": ("outlet_id",),
    "location": ("location_id", "from_id", "to_id", "back_id"),
    "user_account": ("user_id",),
    "book": ("book_id",),
    "setting_partner": ("partner_id",),
    "product_source": ("source_id",),
    "setting_exchange": ("link_id",),
}
"""Columns that hold a number which stands for something with a name, by the table it is in."""

_NAMES = {
    "product": (Product.id, Product.sku),
    "lot": (Lot.id, Lot.code),
    "register": (Register.id, Register.code),
    "outlet": (Outlet.id, Outlet.code),
    "location": (Location.id, Location.code),
    "user_account": (User.id, User.name),
    "book": (Book.id, Book.code),
    "setting_partner": (Partner.id, Partner.name),
    "product_source": (ProductSource.id, ProductSource.name),
    "setting_exchange": (ExchangeLink.id, ExchangeLink.name),
}


def names_in(content: Content) -> dict[tuple[str, int], str]:
    """Return what the numbers in an entry stand for: (column, number) to a code or name."""
    wanted: dict[str, set[int]] = {}
    for rows in content.values():
        for row in rows:
            for source, columns in NAMED.items():
                wanted.setdefault(source, set()).update(
                    row[column] for column in columns if isinstance(row.get(column), int)
                )
    found: dict[tuple[str, int], str] = {}
    for source, ids in wanted.items():
        if not ids:
            continue
        key, name = _NAMES[source]
        for number, text in db.session.execute(select(key, name).where(key.in_(ids))):
            found |= {(column, number): text for column in NAMED[source] if text}
    return found
