"""Rows of a shop made in bulk: the ids and entries that the product would have given them, spelled out."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Column, Dialect, Table

from pos.clock import iso
from pos.db import Base, UtcDateTime
from pos.domain.journal import canonical, entry_hash, entry_line

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]


@dataclass(slots=True)
class Day:
    """What one register did on one day, and what the goods of its week were."""

    on: date
    rows: Rows = field(default_factory=dict)
    deliveries: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Product, lot, pieces that came in before this day, and how many of them are left after the week."""

    tuples: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    """Rows that the driver takes as they are."""

    def add(self, table: str, row: Row) -> None:
        """Add a row."""
        self.rows.setdefault(table, []).append(row)


def id_at(at: datetime, chance: random.Random) -> str:
    """Return a UUID version 7 of an instant."""
    text = f"{int(at.timestamp() * 1000):012x}"
    tail = f"{chance.getrandbits(74):019x}"
    return f"{text[:8]}-{text[8:]}-7{tail[:3]}-{'89ab'[int(tail[3], 16) % 4]}{tail[4:7]}-{tail[7:]}"


def entry(
    day: Day,
    book: tuple[int, str],
    seq: int,
    head: str,
    at: datetime,
    kind: str,
    actor: tuple[str, str, str],
    request: str | None,
    content: Mapping[str, Any],
) -> str:
    """Add an entry as `Act.finish` writes it; return its hash."""
    said: dict[str, Any] = dict(content)
    asked = None
    if request is not None:
        asked = hashlib.sha256(request.encode()).hexdigest()
        said["entry"] = [{"request_hash": asked}]
    text = canonical(said)
    who: dict[str, Any] = dict(zip(("key", "name", "role"), actor, strict=True))
    line = entry_line(
        book=book[1], seq=seq, at=iso(at), kind=kind, actor=who, request=request, content=text, previous=head
    )
    digest = entry_hash(line)
    day.add(
        "entry",
        {
            "book_id": book[0],
            "seq": seq,
            "at": at,
            "kind": kind,
            "actor": canonical(who),
            "request_id": request,
            "request_hash": asked,
            "content": text,
            "previous": head,
            "hash": digest,
        },
    )
    return digest


def spelled(row: Row) -> Row:
    """Return a row as an entry has it."""
    return {
        name: iso(value)
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in row.items()
    }


def _sendable(value: Any) -> Any:
    """Return a value that can go from one process to another."""
    return bytes(value) if type(value) is memoryview else value


class Spelling:
    """Turns rows into the driver's values, in the order of a table's columns."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._tables: dict[str, list[tuple[str, Any]]] = {}

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return [column.name for column in self._table(table).columns]

    def values(self, table: str, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """Return rows as tuples."""
        known = self.makers(table)
        return [
            tuple([row[name] if make is None else _sendable(make(row[name])) for name, make in known])
            for row in rows
        ]

    def makers(self, table: str) -> list[tuple[str, Any]]:
        """Return a table's columns, each with what turns a value into the driver's; None: nothing need."""
        if table not in self._tables:
            self._tables[table] = [
                (column.name, self._maker(column)) for column in self._table(table).columns
            ]
        return self._tables[table]

    def _maker(self, column: Column[Any]) -> Any:
        make = column.type.dialect_impl(self._dialect).bind_processor(self._dialect)
        # One instant stands in most rows of an act.
        return lru_cache(4)(make) if make and isinstance(column.type, UtcDateTime) else make

    def _table(self, name: str) -> Table:
        return Base.metadata.tables[name]
