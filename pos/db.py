"""The database: one session, one way to write, one way to read.

The only file that commits, on SQLite by way of `pos.convoy`, where those who wait share a commit. SQLite runs
in WAL mode with synchronous=FULL, so a sale that was answered survives a power cut, and every write
transaction begins IMMEDIATE under one fair lock that the commands share (see `pos.locks`). On PostgreSQL the
same code runs at READ COMMITTED: each decrement is conditional and each book row is locked, so nothing leans
on the isolation level.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Date, DateTime, Dialect, Engine, MetaData, String, Table, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from pos.convoy import SETTINGS, Convoy, wrapped
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


class _Session(FlaskSession):
    """A session that works on the convoy's connection while its thread has the turn there."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Return where a statement runs."""
        return _held() or super().get_bind(*args, **kwargs)


db: SQLAlchemy = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": _Session})
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
    convoy = _convoys.get(db.engine)
    return convoy.lock if convoy is not None else nullcontext()


_convoys: WeakKeyDictionary[Engine, Convoy] = WeakKeyDictionary()


def prepare_engine(engine: Engine, file: Path | None) -> None:
    """Give each SQLite connection its settings, make `begin` say whether it will write, and refuse a write
    outside `transaction`.

    SQLite must know before the first read that a transaction will write: a deferred one that is upgraded
    fails with "database is locked" without waiting (design.md, rule 2). So the engine's own connections only
    read, and the convoy's writes.
    """
    event.listen(engine, "before_cursor_execute", _refuse_stray_writes)
    if engine.dialect.name != "sqlite":
        from pos import postgres  # its driver is not loaded where nobody uses it

        postgres.prepare(engine)
        return
    if file is not None:
        convoy = _convoys[engine] = Convoy(file, FairLock(file))

        @event.listens_for(engine, "engine_disposed")
        def disposed(_engine: Engine) -> None:
            convoy.close()

    @event.listens_for(engine, "connect")
    def settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (*SETTINGS, READERS_CACHE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection is not getattr(_local, "held", None):
            connection.exec_driver_sql("BEGIN")


READERS_CACHE = "cache_size=-64"
"""Kilobytes that each reader keeps of the file: there are many, and the system keeps it in memory anyway."""
READING = ("SELECT", "WITH", "BEGIN", "PRAGMA", "EXPLAIN", "SHOW")


def _refuse_stray_writes(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    """Raise when a statement would write without the lock and the commit of `transaction`.

    SQLite's own query_only would do, but each change of it makes SQLite prepare all statements anew, which
    took a third of the time of a sale.
    """
    if not writing() and not statement.startswith(READING):
        raise RuntimeError(f"a write outside a transaction: {statement[:60]}")


@contextmanager
def transaction(*, alone: bool = False) -> Iterator[None]:
    """Run one write transaction: lock, begin, the caller's work, one commit; on any error nothing of it
    stays.

    What `after_commit` collected runs once the lock is free again. On SQLite the commit may be shared with
    others who wait; `alone` is for work that would keep them waiting (an import).
    """
    if writing():
        raise RuntimeError("a transaction runs already: operations never open one")
    convoy = _convoys.get(db.engine)
    _local.after = []
    try:
        with _by_itself() if convoy is None else _in_turn(convoy, alone=alone):
            yield
        for action in _local.after:
            action()
    finally:
        _local.after = []


@contextmanager
def _by_itself() -> Iterator[None]:
    """Write by the session's own transaction: PostgreSQL."""
    from pos import postgres

    session = db.session()
    session.expire_all()
    _local.writing, _local.committing, _local.looked_up = True, False, False
    try:
        yield
        _local.committing = True
        with postgres.finding_out(session, db.engine, ask_by_number=not _local.looked_up):
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _local.writing = False
        _local.link = None


def looked_up() -> None:
    """Note that the running act looks its id up before it does anything, so it may be run again."""
    _local.looked_up = True


@contextmanager
def _in_turn(convoy: Convoy, *, alone: bool) -> Iterator[None]:
    """Write on the convoy's connection: SQLite. The session joins if it is asked, and commits nothing."""
    engine, session = db.engine, db.session
    if session.registry.has():
        # What it has read ends here, and what it holds is read again.
        session.rollback()
    try:
        with convoy.transaction(alone=alone) as link:
            _local.link = Link(link.cursor, engine.dialect, engine.dispatch.before_cursor_execute)
            _local.writing = True
            try:
                yield
                if session.registry.has():
                    session.commit()
            except BaseException:
                if session.registry.has():
                    session.rollback()
                raise
            finally:
                _local.writing = False
                _local.link = _local.held = None
    except DBAPIError:
        if session.registry.has():
            # The commit failed, after the session took its rows for written.
            session.expire_all()
        raise


class _Seat:
    """The convoy's connection as SQLAlchemy sees it: begin, commit and rollback are the convoy's alone."""

    def __init__(self, link: "Link") -> None:
        self.cursor = link.cursor
        self.is_valid = True
        self.is_detached = False

    def commit(self) -> None:
        """Leave it to the convoy."""

    rollback = close = commit


def _held() -> Connection | None:
    """Return the convoy's connection while this thread has the turn, None otherwise."""
    if not writing():
        return None
    held: Connection | None = getattr(_local, "held", None)
    link: Link | None = getattr(_local, "link", None)
    if held is None and link is not None and link.connection is None:
        held = _local.held = Connection(db.engine, cast(PoolProxiedConnection, _Seat(link)))
    return held


def tidy() -> None:
    """Do what SQLite would otherwise do at somebody's commit, if nobody is selling just now."""
    convoy = _convoys.get(db.engine)
    if convoy is not None:
        convoy.tidy()


@dataclass(frozen=True, slots=True)
class Link:
    """Where `pos.statements` runs: how to get the driver's cursor, its dialect, and who wants to know.

    `connection` is SQLAlchemy's, where there is one. `lent`: give it back once the answer was fetched.
    """

    cursor: Callable[[], Any]
    dialect: Dialect
    watchers: Iterable[Callable[..., object]]
    connection: Connection | None = None
    lent: PoolProxiedConnection | None = None


def link() -> Link:
    """Return where a statement of this thread runs: in its transaction, if it has one.

    A single question to SQLite needs no session and no transaction of its own.
    """
    held: Link | None = getattr(_local, "link", None)
    if held is not None:
        return held
    engine = db.engine
    if engine.dialect.name == "sqlite" and not (db.session.registry.has() and db.session().in_transaction()):
        try:
            lent = engine.raw_connection()
        except sqlite3.Error as error:
            raise wrapped(error, "connect") from error
        return Link(lent.cursor, engine.dialect, engine.dispatch.before_cursor_execute, lent=lent)
    connection = db.session.connection()
    found = Link(
        connection.connection.cursor,
        connection.dialect,
        connection.dispatch.before_cursor_execute,
        connection,
    )
    if writing():
        _local.link = found
    return found


def writing() -> bool:
    """Say whether this thread is in a write transaction."""
    return bool(getattr(_local, "writing", False))


def after_commit(action: Callable[[], None]) -> None:
    """Call `action` once the running transaction has committed, or at once when none runs."""
    if writing():
        if action not in _local.after:
            _local.after.append(action)
    else:
        action()


RETRIES = 6


def transact(work: Callable[[], T], *, alone: bool = False) -> T:
    """Run `work` in a transaction, again when another till won a race, at most `RETRIES` times.

    Repeated: a lot that was sold meanwhile, a deadlock or serialisation failure of PostgreSQL, and two
    requests with one id that met at the same instant (the second then finds the first one's answer). Also
    when the connection was lost and it is certain that nothing of it stays, or the act will find out by its
    id; not for longer than a till wants to wait for a word.
    """
    began = time.monotonic()
    for attempt in range(RETRIES):
        try:
            with transaction(alone=alone):
                return work()
        except (StockRaced, DBAPIError) as error:
            if attempt == RETRIES - 1 or not (_worth_repeating(error) or _lost_surely(error, began)):
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


def _lost_surely(error: Exception, began: float) -> bool:
    if dialect() != "postgresql" or (_local.committing and not _local.looked_up):
        return False
    from pos import postgres

    return postgres.worth_another(error, began)


def dialect() -> str:
    """Return the name of the database in use: `sqlite` or `postgresql`."""
    return db.engine.dialect.name
