"""The database: one session, one way to write, one way to read.

The only file that commits. SQLite runs in WAL mode with synchronous=FULL, so a sale that was answered
survives a power cut, and every write transaction begins IMMEDIATE under one fair lock that the commands share
(see `pos.locks`). On PostgreSQL the same code runs at READ COMMITTED: each decrement is conditional and each
book row is locked, so nothing leans on the isolation level.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Date, DateTime, Dialect, Engine, MetaData, String, Table, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from pos.errors import StockRaced
from pos.locks import FairLock

T = TypeVar("T")

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model; its metadata names each constraint, so migrations can address them."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC. SQLite forgets the zone; this gives it back, and refuses a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the driver stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant must carry its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = String(36)
"""A UUID as canonical text:

the same in both databases, in JSON, in an export, and to a person who reads the file.
"""

db: SQLAlchemy = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def table(model: type[Base]) -> Table:
    """Return a model's table, for Core statements."""
    return cast(Table, model.__table__)


Base.registry.update_type_annotation_map({datetime: UtcDateTime(), date: Date()})

_local = threading.local()


def write_lock() -> AbstractContextManager[object]:
    """Return the lock around writes and checkpoints of the current app's SQLite; on PostgreSQL it does
    nothing.

    It belongs to the engine, so two apps of one process (as in tests) don't wait for each other.
    """
    lock: FairLock | None = _locks.get(db.engine)
    return lock if lock is not None else nullcontext()


_locks: WeakKeyDictionary[Engine, FairLock] = WeakKeyDictionary()


def prepare_engine(engine: Engine, lock: FairLock | None) -> None:
    """Give each SQLite connection its settings, make `begin` say whether it will write, and refuse a write
    outside `transaction`.

    SQLite must know before the first read that a transaction will write: a deferred one that is upgraded
    fails with "database is locked" without waiting (design.md, rule 2).
    """
    if lock is not None:
        _locks[engine] = lock
    event.listen(engine, "before_cursor_execute", _refuse_stray_writes)
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if getattr(_local, "writing", False) else "BEGIN")


READING = ("SELECT", "WITH", "BEGIN", "PRAGMA", "EXPLAIN", "SHOW")


def _refuse_stray_writes(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    """Raise when a statement would write without the lock and the commit of `transaction`.

    SQLite's own query_only would do, but each change of it makes SQLite prepare all statements anew, which
    took a third of the time of a sale.
    """
    if not getattr(_local, "writing", False) and not statement.startswith(READING):
        raise RuntimeError(f"a write outside a transaction: {statement[:60]}")


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one write transaction: lock, begin, the caller's work, one commit; on any error nothing of it
    stays.

    What `after_commit` collected runs once the lock is free again.
    """
    if getattr(_local, "writing", False):
        raise RuntimeError("a transaction runs already: operations never open one")
    session = db.session()
    if session.get_bind().dialect.name == "sqlite":
        # A deferred transaction that has read can't become one that writes.
        session.rollback()
    else:
        session.expire_all()
    _local.after = []
    try:
        with write_lock():
            _local.writing = True
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                _local.writing = False
                _local.connection = None
        for action in _local.after:
            action()
    finally:
        _local.after = []


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Read everything as it is at one instant, however long the reading takes; tills sell on meanwhile."""
    engine = db.engine
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def connection() -> Connection:
    """Return the connection of the session's transaction; a write transaction asks the session only once."""
    held: Connection | None = getattr(_local, "connection", None)
    if held is None:
        held = db.session.connection()
        if getattr(_local, "writing", False):
            _local.connection = held
    return held


def after_commit(action: Callable[[], None]) -> None:
    """Call `action` once the running transaction has committed, or at once when none runs."""
    if getattr(_local, "writing", False):
        if action not in _local.after:
            _local.after.append(action)
    else:
        action()


RETRIES = 6


def transact(work: Callable[[], T]) -> T:
    """Run `work` in a transaction, again when another till won a race, at most `RETRIES` times.

    Repeated: a lot that was sold meanwhile, a deadlock or serialisation failure of PostgreSQL, and two
    requests with one id that met at the same instant (the second then finds the first one's answer).
    """
    for attempt in range(RETRIES):
        try:
            with transaction():
                return work()
        except (StockRaced, DBAPIError) as error:
            if attempt == RETRIES - 1 or not _worth_repeating(error):
                raise
    raise AssertionError("unreachable")


RACED = (
    "request_id",
    "entry.book_id",
    "pk_entry",
    "uq_shift_open",
    "uq_payment_provider_reference",
    "uq_receipt_copy_sale_id_number",
    "pk_user_throttle",
)
"""Constraints that only a race can break: run again, the act finds what the other one did and says so."""


def _worth_repeating(error: Exception) -> bool:
    if isinstance(error, StockRaced):
        return True
    if isinstance(error, IntegrityError):
        return any(name in str(error.orig) for name in RACED)
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state in ("40001", "40P01")


def dialect() -> str:
    """Return the name of the database in use: `sqlite` or `postgresql`."""
    return db.engine.dialect.name
