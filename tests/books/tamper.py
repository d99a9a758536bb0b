"""Changing a database behind the program's back, with everything that would refuse it out of the way."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol, TypeAlias

import psycopg

from pos.models import triggers

Values: TypeAlias = Mapping[str, Any]

ONE_OPEN_SHIFT = "DROP INDEX IF EXISTS uq_shift_open_register_id"


class Connection(Protocol):
    def execute(self, statement: Any, values: Any = ..., /) -> Any: ...


@contextmanager
def behind_its_back(url: str) -> Iterator["Tamperer"]:
    """Open the database of `url` with triggers, foreign keys and constraints switched off."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            file.execute("PRAGMA foreign_keys=OFF")
            file.execute("PRAGMA ignore_check_constraints=ON")
            file.execute("PRAGMA busy_timeout=5000")
            for statement in triggers.drop_statements("sqlite"):
                file.execute(statement)
            file.execute(ONE_OPEN_SHIFT)
            yield Tamperer(file, "?")
        return
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(ONE_OPEN_SHIFT)
        for table, name in server.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        ).fetchall():
            server.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield Tamperer(server, "%s")


class Tamperer:
    """Somebody with the database's password and bad intentions."""

    def __init__(self, connection: Connection, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def rows(self, table: str, columns: Sequence[str]) -> list[dict[str, Any]]:
        names = ", ".join(f'"{name}"' for name in columns)
        found = self._connection.execute(f'SELECT {names} FROM "{table}" ORDER BY {names}')
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    def change(self, table: str, row: Values, key: Sequence[str], column: str, value: object) -> None:
        """Set one column of the row that `row` describes."""
        where = " AND ".join(f'"{name}" = {self._mark}' for name in key)
        done = self._connection.execute(
            f'UPDATE "{table}" SET "{column}" = {self._mark} WHERE {where}',
            (value, *(row[name] for name in key)),
        )
        assert done.rowcount == 1, f"{table}.{column}"

    def delete(self, table: str, row: Values, key: Sequence[str]) -> None:
        where = " AND ".join(f'"{name}" = {self._mark}' for name in key)
        done = self._connection.execute(f'DELETE FROM "{table}" WHERE {where}', tuple(row[n] for n in key))
        assert done.rowcount == 1

    def insert(self, table: str, row: Values) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(self._mark for _ in row)
        self._connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values()))
