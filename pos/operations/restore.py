"""Bringing a backup back, into SQLite or PostgreSQL, also where there is no shop yet.

Everything is prepared and checked in a copy; the shop changes in one step at the end or not at all.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Boolean, Connection, Date, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from pos import migrations
from pos.db import Base, UtcDateTime, table
from pos.errors import N_
from pos.locks import FairLock, hold_alone
from pos.models import Book, Entry
from pos.operations.backup import (
    CHUNK,
    BookState,
    books_of,
    copy_sqlite,
    engine_of,
    make_backup,
    put_in_place,
    refused,
    serving,
    settle,
    sync,
    workshop,
)

BOOK, ENTRY = table(Book), table(Entry)
NOT_PRINTED = "Not printed: the shop was restored from a backup."


@dataclass(slots=True)
class Restored:
    """What was brought back, and what a technician must know about it."""

    entries: int
    books: dict[str, BookState]
    upgraded: bool
    not_printed: int
    lost: list[str] = field(default_factory=list)
    kept: Path | None = None


def restore(file: Path, url: str, data_dir: Path, at: datetime, *, force: bool = False) -> Restored:
    """Make the shop at `url` what it was when `file` was made.

    Refuses while `pos serve` runs, and to overwrite entries that the backup does not hold, unless forced;
    what is then overwritten is kept in data_dir/backups. Raises backup_refused.
    """
    if not file.is_file():
        raise refused(N_("There is no file %(file)s."), file=file)
    data_dir.mkdir(parents=True, exist_ok=True)
    own = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if own is not None:
        own.parent.mkdir(parents=True, exist_ok=True)
    with _alone(data_dir), workshop(own.parent if own is not None else data_dir) as folder:
        copy = folder / "copy.db"
        prepared = _prepare(file, copy, at)
        prepared.lost = _lost(url, copy, force)
        if prepared.lost:
            prepared.kept = _keep(url, data_dir / "backups", at)
        if own is not None:
            _replace_sqlite(copy, own)
        else:
            _load_postgresql(copy, url)
        return prepared


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Keep `pos serve` from this data folder meanwhile."""
    held = hold_alone(data_dir / "serve.lock")
    if held is None:
        raise refused(N_("pos serve runs on %(folder)s. Stop it first."), folder=data_dir)
    try:
        yield
    finally:
        os.close(held)


def _prepare(file: Path, copy: Path, at: datetime) -> Restored:
    """Copy the backup, bring it to this program's schema, retire its print jobs and check it."""
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target, pages=-1)
        with closing(sqlite3.connect(copy)) as target:
            revision = _revision(target)
    except sqlite3.DatabaseError as error:
        raise refused(N_("%(file)s is not a backup: %(error)s."), file=file, error=error) from error
    if revision is None:
        raise refused(N_("%(file)s is not a backup of a shop."), file=file)
    if revision not in migrations.known():
        raise refused(N_("%(file)s was made by a newer program. Install that one first."), file=file)
    upgraded = migrations.upgrade(f"sqlite:///{copy}")
    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        now = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        jobs = target.execute(
            "UPDATE printer_job SET status = 'expired', ended_at = ?, last_error = ? "
            "WHERE status IN ('queued', 'printing')",
            (now, NOT_PRINTED),
        ).rowcount
        # Who was signed in then is not who stands there now.
        target.execute("UPDATE user_login SET ended_at = ? WHERE ended_at IS NULL", (now,))
        target.execute("DELETE FROM user_board")
    books = settle(copy)
    return Restored(sum(book.seq for book in books.values()), books, upgraded, jobs)


def _revision(connection: sqlite3.Connection) -> str | None:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _lost(url: str, copy: Path, force: bool) -> list[str]:
    """Return in words what the shop has and the backup does not. Raises backup_refused unless forced."""
    try:
        lost = _newer(url, copy)
    except (SQLAlchemyError, sqlite3.Error) as error:
        if not url.startswith("sqlite:///"):
            raise
        lost = [f"the present database can't be read ({str(error).splitlines()[0]})"]
    if lost and not force:
        raise refused(
            N_("The shop holds what the backup does not: %(lost)s. To overwrite it all the same: --force"),
            lost="; ".join(lost),
        )
    return lost


def _newer(url: str, copy: Path) -> list[str]:
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return []
    engine = engine_of(url)
    try:
        with engine.connect() as shop, closing(sqlite3.connect(copy)) as backup:
            if not shop.dialect.has_table(shop, "book"):
                return []
            revision = migrations.current(shop)
            if revision is not None and revision not in migrations.known():
                raise refused(N_("The database was made by a newer program. Install that one first."))
            return list(_differences(shop, backup))
    finally:
        engine.dispose()


def _differences(shop: Connection, backup: sqlite3.Connection) -> Iterator[str]:
    held = books_of(backup)
    for code, book_id, seq, head in shop.execute(
        select(BOOK.c.code, BOOK.c.id, BOOK.c.seq, BOOK.c.head).order_by(BOOK.c.id)
    ):
        if not seq:
            continue
        book = held.get(code)
        if book is None:
            yield f"book {code} with {seq} entries"
            continue
        common = min(seq, book.seq)
        ours = shop.execute(
            select(ENTRY.c.hash).where(ENTRY.c.book_id == book_id, ENTRY.c.seq == common)
        ).scalar_one_or_none()
        theirs = backup.execute(
            "SELECT e.hash FROM entry e JOIN book b ON b.id = e.book_id WHERE b.code = ? AND e.seq = ?",
            (code, common),
        ).fetchone()
        if common and (theirs is None or ours != theirs[0] or (seq == common and head != theirs[0])):
            yield f"another history of book {code}, {seq} entries long"
        elif seq > book.seq:
            yield f"entries {book.seq + 1} to {seq} of book {code}"


def _keep(url: str, folder: Path, at: datetime) -> Path:
    """Keep what is about to be overwritten; a database that can't be read is kept as it lies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = folder / f"replaced-{at:%Y%m%dT%H%M%S}.db"
    number = 1
    while kept.exists():
        number += 1
        kept = folder / f"replaced-{at:%Y%m%dT%H%M%S}-{number}.db"
    if not url.startswith("sqlite:///"):
        return make_backup(url, kept).file
    own = Path(url.removeprefix("sqlite:///"))
    try:
        copy_sqlite(own, kept)
    except sqlite3.Error:
        for suffix in ("", "-wal"):
            part = own.with_name(own.name + suffix)
            if part.exists():
                kept.with_name(kept.name + suffix).write_bytes(part.read_bytes())
    return kept


def _replace_sqlite(copy: Path, own: Path) -> None:
    """Put the copy in the database's place, in an order that a power cut at any step can't spoil.

    A WAL left beside a new database would be played into it, so the old one is emptied and removed first.
    """
    with FairLock(own):
        if own.exists():
            _empty_wal(own)
        for suffix in ("-wal", "-shm"):
            own.with_name(own.name + suffix).unlink(missing_ok=True)
        with suppress(OSError):
            sync(own.parent)
        put_in_place(copy, own)


def _empty_wal(own: Path) -> None:
    try:
        with closing(sqlite3.connect(own, isolation_level=None, timeout=5)) as connection:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            mode = "locked"
        else:
            return
    except sqlite3.DatabaseError:
        # It can't be read any more, which is why it is replaced; it was kept before.
        return
    if mode != "delete":
        raise refused(N_("Another program has the database open. Close it and try again."))


def _load_postgresql(copy: Path, url: str) -> None:
    """Replace everything in PostgreSQL in one transaction."""
    migrations.upgrade(url)
    engine = engine_of(url)
    try:
        with engine.connect() as shop, closing(sqlite3.connect(copy)) as backup, shop.begin():
            _refuse_company(shop)
            tables = Base.metadata.sorted_tables
            shop.execute(text("SET LOCAL lock_timeout = '10s'"))
            shop.execute(text("TRUNCATE " + ", ".join(f'"{one.name}"' for one in tables)))
            for one in tables:
                _load_table(shop, backup, one)
    finally:
        engine.dispose()


def _refuse_company(shop: Connection) -> None:
    """Refuse while any machine serves from this PostgreSQL: its tills would sell into the void."""
    if serving(shop):
        raise refused(N_("pos serve runs on this database, perhaps on another machine. Stop it first."))


def _load_table(shop: Connection, backup: sqlite3.Connection, one: Table) -> None:
    names = ", ".join(f'"{column.name}"' for column in one.columns)
    kinds = [column.type for column in one.columns]
    rows = backup.execute(f'SELECT {names} FROM "{one.name}"')  # noqa: S608 - names of our own tables
    cursor: Any = shop.connection.cursor()
    with cursor.copy(f'COPY "{one.name}" ({names}) FROM STDIN') as target:
        while chunk := rows.fetchmany(CHUNK):
            for row in chunk:
                target.write_row([_read(value, kind) for value, kind in zip(row, kinds, strict=True)])
    cursor.close()
    key = one.autoincrement_column
    if key is not None:
        sequence = shop.execute(
            select(func.pg_get_serial_sequence(f'"{one.name}"', key.name))
        ).scalar_one_or_none()
        if sequence is not None:
            highest = shop.execute(select(func.max(key))).scalar_one()
            shop.execute(select(func.setval(sequence, highest or 1, highest is not None)))


def _read(value: Any, kind: object) -> Any:
    """Return a value of SQLite as PostgreSQL takes it."""
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Boolean):
        return bool(value)
    return value


def in_words(done: Restored, file: Path) -> Sequence[str]:
    """Return what to tell the technician, a line each."""
    lines = [f"Restored {done.entries} entries from {file}."]
    if done.upgraded:
        lines.append("The backup had an older schema and was upgraded.")
    if done.lost:
        lines.append(f"No longer in the shop: {'; '.join(done.lost)}. Kept in {done.kept}.")
        numbers = ", ".join(
            f"{code} from {code}-{book.sale_count + 1:06d}"
            for code, book in done.books.items()
            if code != "OFFICE"
        )
        if numbers:
            lines.append(f"Receipt numbers are given again: {numbers}.")
    if done.not_printed:
        lines.append(f"{done.not_printed} print jobs of then will not come out; print copies where needed.")
    lines.append("People must sign in again; people, PINs and tokens are those of then. Now run: pos verify")
    return lines
