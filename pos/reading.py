"""Reading much at one instant, while tills sell on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from pos.db import READERS_CACHE, db, dialect, writing

REPORTS_CACHE = "cache_size=-1024"
"""Kilobytes of the file that a reader keeps while it adds up a report."""


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Read everything as it is at one instant, however long the reading takes; tills sell on meanwhile."""
    engine = db.engine
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            from pos import postgres

            postgres.take_your_time(connection)
        yield connection


@contextmanager
def a_report() -> Iterator[None]:
    """Have SQLite answer the statements of the block as things are at one instant, with room to keep what
    they read.

    Outside a transaction each would see what was committed since the one before. A report goes through the
    same indexes thousands of times; in the room that a reader has for one question it would fetch most of
    their pages again.
    """
    if writing() or dialect() != "sqlite":
        yield
        return
    driver: Any = db.session.connection().connection.driver_connection
    driver.execute(f"PRAGMA {REPORTS_CACHE}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA {READERS_CACHE}")
