"""The books as people read them: entries newest first, and the names behind the numbers in them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select

from pos.db import db
from pos.errors import N_, NotFound
from pos.models import Book, Entry, Location, Lot, Outlet, Product, Register, User

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


def entries(book: str, before: int | None, limit: int) -> tuple[list[EntryView], int | None]:
    """Return a page of a book's entries, newest first, and the seq the next page begins before."""
    query = (
        select(Entry, Book.code)
        .join(Book, Book.id == Entry.book_id)
        .where(Book.code == book)
        .order_by(Entry.seq.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(Entry.seq < before)
    rows = [view_of(entry, code) for entry, code in db.session.execute(query)]
    return rows[:limit], rows[limit - 1].seq if len(rows) > limit else None


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
    "location": ("location_id", "from_id", "to_id"),
    "user_account": ("user_id",),
    "book": ("book_id",),
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
