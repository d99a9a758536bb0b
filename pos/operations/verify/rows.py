"""Every journaled row against its table, column by column, without holding either as a whole.

A batch of entries says what its rows must be; the same rows are read from the tables and what agrees is
forgotten. What differs is kept, because a later entry may change it (a sale that waits is completed later);
whatever is still kept at the end differs for good. A later change of a forgotten row carries only the columns
it changes, and only these are compared again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Table,
    and_,
    bindparam,
    func,
    select,
    type_coerce,
    types,
)

from pos.db import Base, UtcDateTime
from pos.operations.journal import NOT_IN_CONTENT
from pos.operations.verify.findings import EntryView, Findings

Key: TypeAlias = tuple[Any, ...]
Row: TypeAlias = dict[str, Any]

WHAT_HAPPENED = (
    "location",
    "outlet",
    "register",
    "lot",
    "stock_paper",
    "shift",
    "sale",
    "sale_line",
    "sale_note",
    "tender",
    "payment",
    "payment_refund",
    "reservation",
    "held_order",
    "held_order_line",
    "held_order_note",
    "held_order_reservation",
    "movement",
    "cash_event",
    "cash_count",
    "z_report",
    "refund",
    "refund_line",
    "refund_tender",
    "receipt_copy",
    "settlement_file",
    "settlement_row",
    "stock_transfer",
    "stock_transfer_line",
    "stock_count",
    "stock_count_frozen",
    "stock_count_tally",
    "stock_count_result",
    "consignment_delivery",
    "consignment_sale",
    "consignment_sale_line",
    "consignment_return",
    "consignment_return_line",
    "exchange_file",
    "exchange_goods",
    "tender_correction",
    "corrected_tender",
)
"""The tables that the books account for row by row; balances and books are derived."""

SAID_ELSEWHERE = {"held_order": frozenset({"status", "ended_at", "ended_by", "sale_id"})}
"""Columns that another register's book may change, which may be read before the one that made the row: they
are compared where they are changed, and `Orders` looks that nothing else changed them.
"""


ADDED_LATER = {"lot": 2}
"""How many columns a table got after its first release: an entry written before has as many fewer."""


def raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the column as the driver gives it: a value without sense is compared, not stumbled over."""
    return type_coerce(column, types.NullType())


@dataclass(slots=True)
class Expected:
    """What the entries so far say about one row: all columns, or those that changed since it last agreed."""

    row: Row
    entry: EntryView
    differs: str = ""


class _Shape:
    """A table: its key, and how a journaled value looks in the database."""

    def __init__(self, table: Table, dialect: str) -> None:
        self.table = table
        self.name = str(table.name)
        self.key = [str(column.name) for column in table.primary_key.columns]
        self.columns = [str(c.name) for c in table.columns if str(c.name) not in NOT_IN_CONTENT]
        self.stored = {
            name: convert
            for name in self.columns
            if (convert := _stored_as(table.c[name].type, dialect)) is not None
        }
        self.whole = len(self.columns) - ADDED_LATER.get(self.name, 0)
        self.elsewhere = SAID_ELSEWHERE.get(self.name, frozenset())
        self.by_entry = self.key[:2] == ["book_id", "seq"]
        first = table.c[self.key[0]]
        wanted = (
            and_(first == bindparam("book"), table.c.seq.between(bindparam("since"), bindparam("until")))
            if self.by_entry
            else first.in_(bindparam("keys", expanding=True))
        )
        self.query = select(*(raw(table.c[name]).label(name) for name in self.columns)).where(wanted)

    def key_of(self, row: Row) -> Key:
        if len(self.key) == 1:
            return (row[self.key[0]],)
        return tuple([row[name] for name in self.key])

    def difference(self, expected: Row, actual: Row) -> str:
        """Return the first column that differs, in words; empty when all agree."""
        stored = self.stored
        wanted = {
            name: stored[name](value) if name in stored and value is not None else value
            for name, value in expected.items()
        }
        if wanted == actual:
            return ""
        for name, value in wanted.items():
            if name not in actual:
                return f"{name} is in the entry but not in the table"
            found = actual[name]
            if found != value or type(found) is not type(value):
                return f"{name} is {_short(found)} in the table but {_short(expected[name])} in the books"
        return ""


@cache
def _shape(name: str, dialect: str) -> _Shape:
    return _Shape(Base.metadata.tables[name], dialect)


def _stored_as(kind: types.TypeEngine[Any], dialect: str) -> Callable[[Any], Any] | None:
    """Return how a journaled value of this type is stored, None when it is stored as it is."""
    sqlite = dialect == "sqlite"
    if isinstance(kind, UtcDateTime | DateTime):
        return _sqlite_instant if sqlite else _instant
    if isinstance(kind, Date):
        return None if sqlite else date.fromisoformat
    if isinstance(kind, Boolean) and sqlite:
        return int
    return None


def _sqlite_instant(text: str) -> str:
    return f"{text[:10]} {text[11:-1]}000"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


class Tables:
    """The comparison of all tables, batch by batch."""

    def __init__(self, connection: Connection, findings: Findings) -> None:
        self._connection = connection
        self._findings = findings
        dialect = connection.dialect.name
        self._shapes = {name: _shape(name, dialect) for name in WHAT_HAPPENED}
        self._batch: dict[str, dict[Key, Expected]] = {name: {} for name in WHAT_HAPPENED}
        self._open: dict[str, dict[Key, Expected]] = {name: {} for name in WHAT_HAPPENED}
        self.counts = dict.fromkeys(WHAT_HAPPENED, 0)

    def add(self, entry: EntryView) -> None:
        """Take in the rows of one entry."""
        for name, rows in entry.rows.items():
            shape = self._shapes.get(name)
            if shape is None:
                continue
            batch, kept = self._batch[name], self._open[name]
            for found in rows:
                row, key = found, shape.key_of(found)
                if len(row) >= shape.whole:
                    self.counts[name] += 1
                    if shape.elsewhere:
                        row = {key: value for key, value in row.items() if key not in shape.elsewhere}
                before = batch.get(key) or kept.pop(key, None)
                batch[key] = Expected(row if before is None else {**before.row, **row}, entry)

    def flush(self) -> None:
        """Compare what was taken in since the last time."""
        for name, batch in self._batch.items():
            if not batch:
                continue
            shape = self._shapes[name]
            actual = self._read(shape, batch)
            for key, expected in batch.items():
                found = actual.get(key)
                expected.differs = "is missing" if found is None else shape.difference(expected.row, found)
                if expected.differs:
                    self._open[name][key] = expected
            batch.clear()

    def _read(self, shape: _Shape, keys: Iterable[Key]) -> dict[Key, Row]:
        asked: dict[str, object]
        if shape.by_entry:
            wanted = [(key[0], key[1]) for key in keys]
            seqs = [seq for _, seq in wanted]
            asked = {"book": wanted[0][0], "since": min(seqs), "until": max(seqs)}
        else:
            asked = {"keys": list({key[0] for key in keys})}
        rows = self._connection.execute(shape.query, asked)
        found = (dict(zip(shape.columns, row, strict=True)) for row in rows)
        return {shape.key_of(row): row for row in found}

    def finish(self, entries: Callable[[], Iterable[EntryView]]) -> None:
        """Report what differs for good, and rows that no entry wrote; `entries` reads all of them again."""
        self.flush()
        surplus: dict[str, set[Key]] = {}
        for name, shape in self._shapes.items():
            missing = 0
            for key, expected in self._open[name].items():
                missing += expected.differs == "is missing"
                self._findings.at(expected.entry, f"{name} {_words(key)}: {expected.differs}")
            there = self._connection.execute(select(func.count()).select_from(shape.table)).scalar_one()
            if there != self.counts[name] - missing:
                surplus[name] = set()
        if surplus:
            self._report_surplus(surplus, entries())

    def _report_surplus(self, known: dict[str, set[Key]], entries: Iterable[EntryView]) -> None:
        """Name the rows that no entry wrote; only now, and only of these tables, are keys kept."""
        written: dict[tuple[int, int], EntryView] = {}
        for entry in entries:
            for name in known.keys() & entry.rows.keys():
                shape = self._shapes[name]
                known[name].update(shape.key_of(row) for row in entry.rows[name])
                if shape.by_entry:
                    written[entry.book_id, entry.seq] = replace(entry, rows={})
        for name, keys in known.items():
            shape = self._shapes[name]
            columns: Sequence[ColumnElement[Any]] = [raw(shape.table.c[column]) for column in shape.key]
            found = 0
            for row in self._connection.execute(select(*columns)):
                key = tuple(row)
                if key in keys:
                    continue
                found += 1
                what = f"{name} {_words(key)}: stands in the table but in no entry"
                entry_or_none = written.get((key[0], key[1])) if shape.by_entry else None
                if entry_or_none is not None:
                    self._findings.at(entry_or_none, what)
                else:
                    self._findings.apart(what)
            if not found:
                self._findings.apart(f"{name}: the table does not have as many rows as the books")


def _words(key: Key) -> str:
    return "/".join(str(part) for part in key)
