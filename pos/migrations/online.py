"""Migrating PostgreSQL while tills sell.

Each migration is a transaction of its own that waits a moment for a lock and then steps back, because
whoever waits for a table's lock keeps everybody behind it waiting as well. What takes long (an index, the
check of all rows against a constraint) is done after it, beside the tills; should the upgrade be killed in
between, the next one does the rest. SQLite needs none of this: there the whole upgrade is one transaction.
"""

import time
from collections.abc import Callable, Sequence

from alembic import op
from sqlalchemy import Connection, Index, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, DropIndex

from pos.db import Base

LOCK_WAIT = "300ms"
"""How long a migration may keep tills waiting behind it. Less than the second after which PostgreSQL looks
for deadlocks, so it is the migration that gives way and never a sale."""
TRIES = 200
PAUSE = 0.3
"""Seconds in which the tills catch up before the next try."""
BUSY = ("55P03", "40P01")
MIGRATING = 0x6B61727961
"""Number of the advisory lock that one upgrade at a time holds."""
VALID = text(
    "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "WHERE i.indisvalid AND c.relnamespace = CAST(current_schema() AS regnamespace)"
)
UNCHECKED = text(
    "SELECT CAST(CAST(conrelid AS regclass) AS text), conname FROM pg_constraint "
    "WHERE NOT convalidated AND connamespace = CAST(current_schema() AS regnamespace)"
)


def index(name: str, table: str, columns: Sequence[str], where: str | None = None) -> None:
    """Make an index on a table that may be large: at once on SQLite, by `complete` on PostgreSQL."""
    if op.get_bind().dialect.name == "sqlite":
        chosen = None if where is None else text(where)
        op.create_index(name, table, list(columns), unique=False, sqlite_where=chosen)


def begin(connection: Connection) -> None:
    """Wait until no other machine upgrades, and set how long locks are waited for."""
    with connection.begin():
        connection.execute(text(f"SET lock_timeout = '{LOCK_WAIT}'"))
        connection.execute(text("SET statement_timeout = 0"))
    # Asked for again and again: a session that waits for it would hold up CREATE INDEX CONCURRENTLY.
    while not _alone(connection):
        time.sleep(PAUSE)


def _alone(connection: Connection) -> bool:
    with connection.begin():
        return bool(connection.execute(text(f"SELECT pg_try_advisory_lock({MIGRATING})")).scalar_one())


def patiently(connection: Connection, act: Callable[[], None]) -> None:
    """Do what needs locks that tills hold: step back when they are not had at once, and try again."""
    for left in reversed(range(TRIES)):
        try:
            act()
            return
        except DBAPIError as error:
            connection.rollback()
            if not left or getattr(error.orig, "sqlstate", None) not in BUSY:
                raise
            time.sleep(PAUSE)


def complete(connection: Connection) -> bool:
    """Make the indexes that the models have and the database lacks, and check the rows against constraints
    that were not checked yet, while tills go on; say whether there was anything to do.
    """
    valid = set(connection.execute(VALID).scalars())
    wanted = [one for table in Base.metadata.sorted_tables for one in table.indexes if one.name not in valid]
    unchecked = connection.execute(UNCHECKED).all()
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    for one in wanted:
        patiently(connection, lambda one=one: _make(connection, one))  # type: ignore[misc]
    for table, name in unchecked:
        statement = text(f'ALTER TABLE {table} VALIDATE CONSTRAINT "{name}"')
        patiently(connection, lambda statement=statement: _run(connection, statement))  # type: ignore[misc]
    return bool(wanted or unchecked)


def _make(connection: Connection, wanted: Index) -> None:
    # It waits for every till's transaction of before, one after the other, and holds up none.
    _run(connection, text("SET lock_timeout = '10s'"))
    # One that was begun and not finished is of no use to anybody.
    connection.execute(DropIndex(_beside(wanted), if_exists=True))
    connection.execute(CreateIndex(_beside(wanted)))


def _beside(wanted: Index) -> Index:
    here = wanted.dialect_options["postgresql"]
    here["concurrently"] = True
    # The models say it for SQLite alone: to name PostgreSQL there would load its dialect in every small shop.
    here["where"] = wanted.dialect_options["sqlite"]["where"]
    return wanted


def _run(connection: Connection, statement: TextClause) -> None:
    connection.execute(statement)
