"""A consistent copy of everything while selling goes on: always one SQLite file, also from PostgreSQL.

What is not in it: the machine's own settings, its printers and its secret key.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, pool, text

from pos import migrations
from pos.errors import N_, PosError
from pos.locks import FairLock, hold_alone

CHUNK = 2_000
"""Rows copied at a time from PostgreSQL."""


@dataclass(frozen=True, slots=True)
class BookState:
    """A book in a backup or in the shop: how far it goes and what proves it."""

    seq: int
    head: str
    sale_count: int


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    file: Path
    size: int
    books: dict[str, BookState]

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        return sum(book.seq for book in self.books.values())


def make_backup(url: str, file: Path, *, force: bool = False) -> Made:
    """Copy the database at `url` into `file`, as of one instant.

    The copy grows under another name beside it, is checked and written to the disk, and only then gets its
    name: a backup that has its name is whole. Raises backup_refused.
    """
    _refuse_target(url, file, force)
    with workshop(file.parent) as folder:
        copy = folder / "copy.db"
        if url.startswith("sqlite:///"):
            copy_sqlite(Path(url.removeprefix("sqlite:///")), copy)
        else:
            _copy_postgresql(url, copy)
        books = settle(copy)
        put_in_place(copy, file)
    return Made(file, file.stat().st_size, books)


def _refuse_target(url: str, file: Path, force: bool) -> None:
    if not file.parent.is_dir():
        raise refused(N_("There is no folder %(folder)s."), folder=file.parent)
    if file.is_dir():
        raise refused(N_("%(file)s is a folder. Name a file in it."), file=file)
    own = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if own is not None and file.exists() and own.exists() and file.samefile(own):
        raise refused(N_("%(file)s is the shop's own database. Choose another file."), file=file)
    # An empty file holds nothing to lose: mktemp makes one.
    if file.exists() and file.stat().st_size and not force:
        raise refused(N_("%(file)s exists already. Choose another name, or add --force."), file=file)


def refused(message: str, **params: object) -> PosError:
    """Return the refusal of a backup or a restore."""
    return PosError("backup_refused", message, params)


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Give a hidden folder on the disk of `folder`, so that a finished file can be renamed into place."""
    place = Path(tempfile.mkdtemp(prefix=".karya-", dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as of one instant, beside writers.

    In one step: a copy in several starts again whenever somebody writes, and never ends in a busy shop.
    """
    uri = f"file:{quote(str(source))}?mode=rw"
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous=OFF")
        connection = sqlite3.connect(uri, uri=True, timeout=5)
        try:
            connection.execute("PRAGMA query_only=ON")
            connection.backup(copy, pages=-1)
        finally:
            # Who closes last writes a checkpoint, which like every write stands under the lock.
            with FairLock(source):
                connection.close()


def settle(copy: Path) -> dict[str, BookState]:
    """Check a copy and bring it to the disk as one file; return its books. Raises backup_refused."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if said != "ok":
            raise refused(N_("The copy is damaged: %(said)s. Is the disk in order?"), said=said)
        loose = connection.execute("PRAGMA foreign_key_check").fetchone()
        if loose is not None:
            raise refused(N_("The copy is damaged: rows of %(table)s refer to nothing."), table=loose[0])
        books = books_of(connection)
    with suppress(OSError):
        copy.chmod(0o600)
    sync(copy)
    return books


def books_of(connection: sqlite3.Connection) -> dict[str, BookState]:
    """Return the books of a SQLite database by code; none when it was never set up."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'book'").fetchone()
    if found is None:
        return {}
    rows = connection.execute("SELECT code, seq, head, sale_count FROM book ORDER BY id")
    return {code: BookState(seq, head, count) for code, seq, head, count in rows}


def put_in_place(copy: Path, file: Path) -> None:
    """Rename a finished copy, so that whoever looks sees the old file or the new one, never half of one."""
    copy.replace(file)
    # A file system without this (some sticks) is no reason to throw the backup away.
    with suppress(OSError):
        sync(file.parent)


def sync(path: Path) -> None:
    """Bring a file's bytes, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def engine_of(url: str) -> Engine:
    """Return an engine that keeps no connection open, for one job."""
    return create_engine(url, poolclass=pool.NullPool)


def _copy_postgresql(url: str, copy: Path) -> None:
    """Copy from PostgreSQL, in one snapshot, into a SQLite file of the same schema."""
    engine = engine_of(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as source, source.begin():
        revision = migrations.current(source)
        if revision is None:
            raise refused(N_("The database is empty. There is nothing to back up."))
        if revision not in migrations.known():
            raise refused(N_("The database was made by a newer program. Back it up with that one."))
        migrations.upgrade(f"sqlite:///{copy}", revision)
        with closing(sqlite3.connect(copy, isolation_level=None)) as target:
            target.execute("PRAGMA foreign_keys=OFF")
            target.execute("PRAGMA synchronous=OFF")
            target.execute("BEGIN")
            for table in tables_of(target):
                _copy_table(source, target, table)
            target.execute("COMMIT")
    engine.dispose()


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables that hold the shop, Alembic's own left out."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows if name != "alembic_version" and not name.startswith("sqlite_")]


def _copy_table(source: Connection, target: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in target.execute(f'PRAGMA table_info("{table}")')]
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" for _ in columns)
    # A migration may have put first rows there.
    target.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own tables
    rows = source.execution_options(stream_results=True, yield_per=CHUNK).execute(
        text(f'SELECT {names} FROM "{table}"')  # noqa: S608 - names of our own tables
    )
    for chunk in rows.partitions():
        target.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 - names of our own tables
            [_for_sqlite(row) for row in chunk],
        )


def _for_sqlite(row: Sequence[Any]) -> list[Any]:
    return [_stored(value) for value in row]


def _stored(value: Any) -> Any:
    """Return a value of PostgreSQL as the same program stores it in SQLite."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, memoryview):
        return bytes(value)
    return value


def serving(connection: Connection) -> bool:
    """Say whether any machine serves from this PostgreSQL."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'karya-pos' AND pid <> pg_backend_pid()"
    )
    return bool(connection.execute(others).scalar_one())


def _somebody_serves(url: str, data_dir: Path) -> bool:
    if url.startswith("sqlite:///"):
        held = hold_alone(data_dir / "serve.lock")
        if held is not None:
            os.close(held)
        return held is None
    engine = engine_of(url)
    with engine.connect() as connection:
        return serving(connection)


def before_upgrade(url: str, folder: Path, at: datetime) -> Made | None:
    """Back the database up into `folder` when it has an older schema; None when there is nothing to save."""
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    engine = engine_of(url)
    with engine.connect() as connection:
        found = migrations.schema(connection)
    engine.dispose()
    revision = found.at
    if revision is None or found.refusal is None:
        return None
    if found.newer:
        raise refused(N_("The database was made by a newer program. Install that one."))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if migrations.breaks(revision) and _somebody_serves(url, folder.parent):
        raise refused(
            N_("Programs that run now can't use the new schema. Stop pos serve on every machine first.")
        )
    return make_backup(url, folder / f"before-upgrade-from-{revision}-{at:%Y%m%dT%H%M%S}.db")
