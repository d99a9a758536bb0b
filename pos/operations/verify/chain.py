"""The chains: every entry's hash over its full content and the hash before it, positions without a gap."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from pos import clock
from pos.db import table
from pos.domain.journal import GENESIS, canonical, entry_hash, entry_line
from pos.models import Book, Entry, Register
from pos.operations.journal import OFFICE
from pos.operations.verify.findings import EntryView, Findings
from pos.operations.verify.rows import raw

BATCH = 500
"""So many entries are held at a time."""

BOOK, ENTRY, REGISTER = table(Book), table(Entry), table(Register)


@dataclass(slots=True)
class BookView:
    """A book's row and, as the entries are read, what they say it must be."""

    id: int
    code: str
    register_id: int | None
    row: dict[str, Any]
    seq: int = 0
    head: str = GENESIS
    last_at: str | None = None
    since: str = ""


def books(connection: Connection, findings: Findings) -> list[BookView]:
    """Return all books, the office's first because it makes the lots and places that others name."""
    rows = connection.execute(select(*(raw(c).label(c.name) for c in BOOK.c)).order_by(BOOK.c.id)).mappings()
    found = [BookView(row["id"], row["code"], row["register_id"], dict(row)) for row in rows]
    registers = dict(connection.execute(select(raw(REGISTER.c.id), raw(REGISTER.c.code))).all())
    owned = {book.register_id: book.code for book in found if book.register_id is not None}
    for book in found:
        if book.register_id is None and book.code != OFFICE:
            findings.of_book(str(book.code), "belongs to no register")
        elif book.register_id is not None and registers.get(book.register_id) != book.code:
            findings.of_book(str(book.code), f"register_id is {book.register_id}, another register's")
    for register_id, code in registers.items():
        if register_id not in owned:
            findings.apart(f"register {code}: has no book")
    if not any(book.code == OFFICE for book in found):
        findings.apart(f"book {OFFICE}: is missing")
    return sorted(found, key=lambda book: (book.code != OFFICE, book.id))


def orphans(connection: Connection, findings: Findings, known: list[BookView]) -> None:
    """Report entries of a book that does not exist."""
    ids = [book.id for book in known]
    query = select(raw(ENTRY.c.book_id), raw(ENTRY.c.seq)).where(ENTRY.c.book_id.not_in(ids)).limit(100)
    for book_id, seq in connection.execute(query):
        findings.apart(f"entry {seq} of book {book_id}: there is no such book")


def batches(connection: Connection, book: BookView, findings: Findings | None) -> Iterator[list[EntryView]]:
    """Yield a book's entries in order, a batch at a time; with `findings` every link is checked."""
    columns = [raw(c).label(c.name) for c in ENTRY.c]
    after: Any = None
    while True:
        query = select(*columns).where(ENTRY.c.book_id == book.id).order_by(ENTRY.c.seq).limit(BATCH)
        rows = connection.execute(query if after is None else query.where(ENTRY.c.seq > after)).all()
        if not rows:
            return
        after = rows[-1].seq
        yield [_view(row, book, findings) for row in rows]
        if len(rows) < BATCH:
            return


def _view(row: Row[Any], book: BookView, findings: Findings | None) -> EntryView:
    at = _iso(row.at)
    book.since = max(book.since, at)
    entry = EntryView(row.book_id, book.code, row.seq, at, str(row.kind), str(row.previous), book.since, {})
    content: object = None
    with contextlib.suppress(TypeError, ValueError, RecursionError):
        content = json.loads(row.content)
    if isinstance(content, dict):
        entry.rows = {
            name: rows
            for name, rows in content.items()
            if isinstance(rows, list) and all(isinstance(item, dict) for item in rows)
        }
    if findings is not None:
        for problem in _link_problems(row, entry, book):
            findings.at(entry, problem)
        if not isinstance(content, dict):
            findings.at(entry, "the content can't be read")
        # From here on by what stands there: one broken link is one problem, not one for every later entry.
        book.seq, book.head, book.last_at = row.seq, row.hash, entry.at
    return entry


def _link_problems(row: Row[Any], entry: EntryView, book: BookView) -> Iterator[str]:
    if row.seq != book.seq + 1:
        missing = book.seq + 1
        yield (
            f"entry {missing} is missing"
            if row.seq - missing == 1
            else (f"entries {missing} to {row.seq - 1} are missing")
        )
    if row.previous != book.head:
        yield "previous is not the hash of the entry before"
    try:
        actor = json.loads(row.actor)
        if canonical(actor) != row.actor:
            yield "the actor is not written as it was"
        line = entry_line(
            book=book.code,
            seq=row.seq,
            at=entry.at,
            kind=row.kind,
            actor=actor,
            request=row.request_id,
            content=row.content,
            previous=row.previous,
        )
        if entry_hash(line) != row.hash:
            yield "the hash does not fit to what the entry says"
    except (TypeError, ValueError, RecursionError):
        yield "the entry can't be read"
    said = [item.get("request_hash") for item in entry.rows.get("entry", ())]
    if (said or [None]) != [row.request_hash]:
        yield "request_hash is not the one the entry was written with"


def finish(book: BookView, findings: Findings) -> None:
    """Compare the book's row with its last entry."""
    last_at = None if book.row["last_at"] is None else _iso(book.row["last_at"])
    for name, found, wanted in (
        ("seq", book.row["seq"], book.seq),
        ("head", book.row["head"], book.head),
        ("last_at", last_at, book.last_at),
    ):
        if found != wanted:
            findings.of_book(book.code, f"book.{name} is {found}, its last entry says {wanted}")


def _iso(value: object) -> str:
    """Return an instant as the journal spells it; one that no entry can have had comes out as it stands."""
    if isinstance(value, datetime):
        return clock.iso(value) if value.microsecond % 1_000 == 0 else value.isoformat()
    text = str(value)
    return (
        f"{text[:10]}T{text[11:23]}Z"
        if len(text) == 26 and text[10] == " " and text.endswith("000")
        else text
    )
