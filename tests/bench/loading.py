"""Writing many rows at once into a database that nobody else uses, and how far that has come."""

import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url


class File:
    """A SQLite file that nobody else has open: no log, no sync."""

    def __init__(self, link: sqlite3.Connection) -> None:
        self._link = link
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            link.execute(f"PRAGMA {pragma}")
        link.execute("BEGIN")

    def add(self, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        self._link.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)

    def stand(self, standing: dict[str, Any]) -> None:
        changes = ", ".join(f"{column} = :{column}" for column in COUNTED)
        self._link.execute(f"UPDATE book SET {changes} WHERE id = :id", standing)


class Server:
    """A PostgreSQL database, filled by COPY with its triggers at rest."""

    def __init__(self, link: "psycopg.Connection") -> None:
        self._link = link
        link.execute("SET session_replication_role = replica")
        link.execute("SET synchronous_commit = off")

    def add(self, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), names)
        with self._link.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def stand(self, standing: dict[str, Any]) -> None:
        changes = ", ".join(f"{column} = %({column})s" for column in COUNTED)
        self._link.execute(f"UPDATE book SET {changes} WHERE id = %(id)s".encode(), standing)


COUNTED = ("seq", "head", "last_at", "sale_count", "refund_count", "z_count", "grand_total")


@contextmanager
def writing(url: str) -> Iterator["File | Server"]:
    if url.startswith("sqlite"):
        link = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        yield File(link)
        link.execute("COMMIT")
        link.execute("PRAGMA journal_mode=WAL")
        link.close()
        return
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as server:
        yield Server(server)
        server.commit()
        server.autocommit = True
        server.execute("VACUUM ANALYZE")


class Bar:
    """How far the years have come, on the terminal."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._total, self._done, self._quiet = total, 0, quiet
        self._began = time.monotonic()

    def step(self, count: int) -> None:
        self._done += count
        took = time.monotonic() - self._began
        if self._quiet or not took:
            return
        rate = self._done / took
        left = (self._total - self._done) / rate
        full = 30 * self._done // self._total
        end = "\n" if self._done == self._total else ""
        print(
            f"\r[{'#' * full}{'.' * (30 - full)}] {self._done:,} of {self._total:,} sales, {rate:,.0f}/s, "
            f"{left:,.0f} s left ",
            end=end,
            file=sys.stderr,
            flush=True,
        )
