"""Writing to the books: every act is one entry, and the entry holds every row the act wrote.

An `Act` collects rows, and `finish` writes the entry first and then the rows, so nothing can be in a table
that is not in a book. `pos verify` replays the entries and compares every column with the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Table, bindparam, func, select, update

from pos import clock
from pos.db import db, looked_up, table
from pos.domain.journal import GENESIS, JSON, canonical, entry_hash, entry_line
from pos.errors import N_, PosError
from pos.models import Book, Entry
from pos.operations.actor import Actor
from pos.statements import Answer, Statement, adding

Row: TypeAlias = dict[str, Any]

OFFICE = "OFFICE"
BOOK = table(Book)
ENTRY = table(Entry)

NOT_IN_CONTENT = frozenset({"data", "pin_hash", "token_hash", "code_hash", "secret"})
"""Columns an entry leaves out:

pictures are named by their digest, and a hash of a secret has no place in an export.
"""


class Replayed(Exception):
    """The same request was carried out before: the door answers with the resource as it is now."""


@dataclass(frozen=True, slots=True)
class Request:
    """The client's id of an act and the SHA-256 of what it asked, approval aside."""

    id: str
    hash: str


@dataclass(frozen=True, slots=True)
class BookState:
    """A book as it stands, locked until the transaction ends."""

    id: int
    code: str
    seq: int
    head: str
    last_at: datetime | None
    sale_count: int
    refund_count: int
    z_count: int
    grand_total: int


LOCK = Statement(
    select(*(BOOK.c[name] for name in BookState.__dataclass_fields__))
    .where(BOOK.c.code == bindparam("code"))
    .with_for_update()
)
USED = Statement(select(ENTRY.c.request_hash).where(ENTRY.c.request_id == bindparam("id")))
_ADD = cache(adding)
_COUNTERS = ("sale_count", "refund_count", "z_count", "grand_total")
_ADVANCE = Statement(
    update(BOOK)
    .where(BOOK.c.id == bindparam("book"))
    .values({name: bindparam(f"new_{name}") for name in ("seq", "head", "last_at", *_COUNTERS)})
)


def lock_book(code: str) -> BookState | None:
    """Lock and return the book of a register, or the office's; None when there is none.

    The first lock of every writer, and the only one it holds while it computes (on SQLite the write lock
    stands for it).
    """
    return book_of(LOCK.ask(code=code))


def book_of(answer: Answer) -> BookState | None:
    """Return the book that LOCK found."""
    row = answer.row()
    return None if row is None else BookState(*row)


def lock_office(request: Request | None = None) -> BookState:
    """Lock and return the office's book. Raises Replayed and id_conflict when `request` was used before."""
    book = lock_book(OFFICE)
    if book is None:
        raise PosError("database_unavailable", N_("The database is not set up. Run: pos init"))
    refuse_replay(request)
    return book


def new_book(code: str, register_id: int | None) -> dict[str, Any]:
    """Return the row of an empty book."""
    return {
        "code": code,
        "register_id": register_id,
        "seq": 0,
        "head": GENESIS,
        "last_at": None,
        "sale_count": 0,
        "refund_count": 0,
        "z_count": 0,
        "grand_total": 0,
    }


def next_id(table: Table) -> int:
    """Return the next key of a table that the office's book, locked by the caller, serialises.

    The entry must name a row before it is written, so the database can't choose the key.
    """
    return (db.session.execute(select(func.max(table.c.id))).scalar_one() or 0) + 1


def row_of(table: Table, condition: ColumnElement[bool]) -> Row:
    """Return the one row of `table` that meets `condition`."""
    return dict(db.session.execute(select(table).where(condition)).mappings().one())


def refuse_replay(request: Request | None) -> None:
    """Raise Replayed when `request` was carried out before, or id_conflict when its id was used for something
    else.

    Called after the book is locked: two requests with one id at the same instant meet here, not at a
    constraint.
    """
    if request is not None:
        refuse_used(USED.ask(id=request.id), request)


def refuse_used(answer: Answer, request: Request) -> None:
    """Raise Replayed or id_conflict when USED found an entry with the id of `request`."""
    looked_up()
    row = answer.row()
    if row is None:
        return
    if row[0] == request.hash:
        raise Replayed
    raise PosError("id_conflict", N_("This id was used before for something else. Use a new id."))


class Act:
    """One act of the business in a locked book. Use `insert` and `change`, then `finish`."""

    def __init__(
        self, book: BookState, kind: str, actor: Actor, at: datetime, request: Request | None = None
    ) -> None:
        self.book = book
        self.kind = kind
        self.actor = actor
        self.at = at
        self.request = request
        self.seq = book.seq + 1
        self._content: dict[str, list[JSON]] = {}
        self._writes: list[tuple[Any, Any]] = []

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows, each with all of its columns."""
        if rows:
            self._content.setdefault(str(table.name), []).extend(plain(row) for row in rows)
            self._writes.append((_ADD(table), list(rows)))

    def count(self, table: Table) -> int:
        """Return how many rows of a table the act has so far."""
        return len(self._content.get(str(table.name), ()))

    def change(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Change columns of the one row with primary key `key`."""
        self._content.setdefault(str(table.name), []).append(plain({**key, **values}))
        where = [table.c[column] == value for column, value in key.items()]
        self._writes.append((update(table).where(*where).values(**values), None))

    def change_many(self, table: Table, key: str, rows: Sequence[Row]) -> None:
        """Change the same columns of many rows, each named by its primary key column `key`; one statement."""
        if rows:
            self._content.setdefault(str(table.name), []).extend(plain(row) for row in rows)
            columns = [column for column in rows[0] if column != key]
            statement = (
                update(table)
                .where(table.c[key] == bindparam(f"{key}_"))
                .values({column: bindparam(f"{column}_") for column in columns})
            )
            self._writes.append((statement, [{f"{name}_": row[name] for name in row} for row in rows]))

    def note(self, name: str, row: Row) -> None:
        """Say something in the entry alone: what was seen rather than changed has no table."""
        self._content.setdefault(name, []).append(plain(row))

    def finish(self, **counters: int) -> str:
        """Write the entry, then its rows, then the book with its new `counters`; return the entry's hash."""
        if self.request is not None:
            # So that the hash covers it too: it decides whether a replay is answered or refused.
            self._content["entry"] = [{"request_hash": self.request.hash}]
        content = canonical(self._content)
        actor: dict[str, JSON] = {"key": self.actor.key, "name": self.actor.name, "role": self.actor.role}
        if self.actor.approver is not None:
            actor["approver"] = self.actor.approver.name
        line = entry_line(
            book=self.book.code,
            seq=self.seq,
            at=clock.iso(self.at),
            kind=self.kind,
            actor=actor,
            request=self.request.id if self.request else None,
            content=content,
            previous=self.book.head,
        )
        digest = entry_hash(line)
        entry: Row = {
            "book_id": self.book.id,
            "seq": self.seq,
            "at": self.at,
            "kind": self.kind,
            "actor": canonical(actor),
            "request_id": self.request.id if self.request else None,
            "request_hash": self.request.hash if self.request else None,
            "content": content,
            "previous": self.book.head,
            "hash": digest,
        }
        _ADD(ENTRY).run([entry])
        for statement, rows in self._writes:
            if isinstance(statement, Statement):
                statement.run(rows)
            else:
                db.session.execute(statement, rows)
        standing = {name: counters.get(name, getattr(self.book, name)) for name in _COUNTERS}
        standing |= {"seq": self.seq, "head": digest, "last_at": self.at}
        _ADVANCE.run([{"book": self.book.id, **{f"new_{name}": value for name, value in standing.items()}}])
        return digest


def plain(row: Mapping[str, Any]) -> dict[str, JSON]:
    """Return a row as JSON values: instants and dates as ISO text, secrets and pictures left out."""
    return {
        column: value if type(value) in _AS_IS else _plain(value)
        for column, value in row.items()
        if column not in NOT_IN_CONTENT
    }


_AS_IS = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> JSON:
    if isinstance(value, datetime):
        return clock.iso(value)
    if isinstance(value, date):
        return value.isoformat()
    result: JSON = value
    return result
