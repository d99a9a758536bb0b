"""Bringing a database to this program's schema, with Alembic, from the first table on.

SQLite migrations run in one IMMEDIATE transaction with foreign keys off: batch mode rebuilds tables, and with
foreign keys on a rebuild would empty the tables that refer to it (pitfalls 1 and 2).

Each migration says by `compatible` whether the program before it may use the schema it makes. From that the
database records, beside its revision, the oldest program that may use it, so that a till whose program is
older sells on after another machine has upgraded, and one that is too old refuses.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, pool, text

import pos.models  # noqa: F401 - the metadata must know every table
from pos.db import Base
from pos.locks import FairLock

NEWEST = "0016"
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

    A newer one that this program may use stays as it is. An older revision is for the copy of a database that
    is older itself.
    """
    from pos.migrations import online

    with _connect(url) as connection:
        if connection.dialect.name == "sqlite":
            with connection.begin():
                found = schema(connection)
                if found.newer and found.refusal is None:
                    return False
                _migrate(connection, to)
                return found.at != to
        online.begin(connection)
        found = schema(connection)
        connection.rollback()
        if found.newer and found.refusal is None:
            return False

        def step(revision: str) -> None:
            with connection.begin():
                _migrate(connection, revision)

        for revision in sorted(known()):
            if (found.at or "") < revision <= to:
                online.patiently(connection, lambda revision=revision: step(revision))  # type: ignore[misc]
        completed = to == NEWEST and online.complete(connection)
        return found.at != to or completed


def _migrate(connection: Connection, to: str) -> None:
    """Run the migrations up to a revision in the connection's transaction, as Alembic's own command does.

    That command would read and compile all migrations again for each that PostgreSQL is taken through.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    scripts = _scripts()
    config = Config(attributes={"connection": connection})

    def way(at: Any, _context: object) -> Any:
        # As in Alembic's own recipe for upgrading from a program.
        return scripts._upgrade_revs(to, at)  # noqa: SLF001

    with EnvironmentContext(config, scripts, fn=way):
        scripts.run_env()


@cache
def _scripts() -> Any:
    # Alembic brings half a second of imports, which a server that only serves does without.
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(__file__).parent))


def breaks(at: str) -> bool:
    """Say whether programs that may use the schema `at` may not use this program's any more."""
    return any(not _scripts().get_revision(one).module.compatible for one in known() if at < one <= NEWEST)


def known() -> set[str]:
    """Return every revision that this program knows the way from."""
    return {path.name.partition("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")}


@dataclass(frozen=True, slots=True)
class Schema:
    """The schema a database has, as this program sees it."""

    at: str | None
    """Its revision; None when the database is empty."""
    oldest: str | None
    """The oldest program that may use it, named by the newest revision that program knows."""

    @property
    def newer(self) -> bool:
        """Whether a newer program made it."""
        return self.at is not None and self.at not in known()

    @property
    def refusal(self) -> str | None:
        """Why this program must not use it and what to do, in one sentence; None when it may."""
        if self.at is None:
            return "The database is empty. Run: pos init"
        if self.at == NEWEST or (self.newer and self.oldest in known()):
            return None
        if not self.newer:
            return (
                f"The database has an older schema ({self.at}) than this program ({NEWEST}). Run: pos upgrade"
            )
        return (
            f"This program ({NEWEST}) is too old for the database ({self.at}), which needs at least "
            f"{self.oldest or self.at}: install the newer program on this machine."
        )


def schema(connection: Connection) -> Schema:
    """Return which schema the database has, and the oldest program that may use it."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return Schema(None, None)
    # All columns: before 0008 there was no `oldest`.
    row = connection.execute(text("SELECT * FROM alembic_version")).mappings().one_or_none()
    return Schema(None, None) if row is None else Schema(row["version_num"], row.get("oldest"))


def current(connection: Connection) -> str | None:
    """Return the revision the database is at, None when it is empty."""
    return schema(connection).at


def record_oldest(ctx: Any, step: Any, heads: object, run_args: object) -> None:  # noqa: ARG001
    """Write down the oldest program that may use the schema a migration has just made; Alembic calls it in
    that migration's own transaction.
    """
    script = step.revision_map
    oldest = script.get_revision(step.up_revision_id)
    if oldest.revision < "0008":
        return
    while oldest.module.compatible and oldest.down_revision is not None:
        oldest = script.get_revision(oldest.down_revision)
    ctx.connection.execute(text("UPDATE alembic_version SET oldest = :oldest"), {"oldest": oldest.revision})


def differences(url: str) -> list[object]:
    """Return how the database differs from the models; empty when migrations and models agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with _connect(url) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))
