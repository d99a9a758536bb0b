"""Bringing a database to this program's schema, with Alembic, from the first table on.

SQLite migrations run in one IMMEDIATE transaction with foreign keys off: batch mode rebuilds tables, and with
foreign keys on a rebuild would empty the tables that refer to it (pitfalls 1 and 2).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, pool, text

import pos.models  # noqa: F401 - the metadata must know every table
from pos.db import Base
from pos.locks import FairLock

NEWEST = "0007"
"""The revision this program was written for; a test holds it against the files."""


@contextmanager
def _connect(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def settings(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None
            for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    lock = FairLock(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite:///") else nullcontext()
    with lock, engine.connect() as connection:
        yield connection
    engine.dispose()


def upgrade(url: str, to: str = NEWEST) -> bool:
    """Bring the database at `url` to the newest schema; say whether anything was done.

    An older revision is for the copy of a database that is older itself.
    """
    # Alembic brings half a second of imports, which a server that only serves does without.
    from alembic import command
    from alembic.config import Config

    with _connect(url) as connection, connection.begin():
        before = current(connection)
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        return before != to


def known() -> set[str]:
    """Return every revision that this program knows the way from."""
    return {path.name.partition("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")}


def current(connection: Connection) -> str | None:
    """Return the revision the database is at, None when it is empty."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def differences(url: str) -> list[object]:
    """Return how the database differs from the models; empty when migrations and models agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with _connect(url) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))
