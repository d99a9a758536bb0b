"""Talking to PostgreSQL over a network that may fail: how many connections, and how long anybody waits.

A server that was cut off, was stopped or hangs behind a network that swallows everything says nothing at all,
and neither TCP nor the driver notices for a long time. So whoever has waited `SILENCE` for a statement looks
whether the server still answers at its port. If it does, the statement is merely slow or waits for a lock; if
it does not, the connection is given up and the request says so.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Generator, Iterator
from select import POLLIN, poll
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import OperationalError
from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import Session

from pos.settings import PostgresSettings

SILENCE = 0.5
"""Seconds a statement may take before its server is asked whether it still lives."""
ANSWERS_WITHIN = 0.75
"""Seconds the server has to answer that; with SILENCE well under the two in which a till must say so."""
DO_YOU_SPEAK_TLS = struct.pack("!ii", 8, 80_877_103)
"""What every client of PostgreSQL may ask first; one byte comes back from a server that lives."""


class Unreachable(OperationalError):
    """The server does not answer at its port."""


def engine_options(postgres: PostgresSettings, *, own_options: bool) -> dict[str, Any]:
    """Return what the engine is made with. `own_options`: the address names server settings of its own."""
    limits = {
        "lock_timeout": postgres.lock_wait,
        "statement_timeout": postgres.statement_limit,
        "idle_in_transaction_session_timeout": postgres.idle_limit,
    }
    # The last are the server's side of it: a machine that lost its power frees what it had locked.
    options = [f"-c {name}={int(seconds * 1000)}" for name, seconds in limits.items()]
    options += ["-c tcp_keepalives_idle=5", "-c tcp_keepalives_interval=2", "-c tcp_keepalives_count=2"]
    # Compiling a query to machine code takes longer than any of ours; the planner decides it by size.
    options += ["-c jit=off"]
    arguments: dict[str, Any] = {
        "connect_timeout": 2,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 5_000,
        "application_name": "karya-pos",
    }
    if not own_options:
        arguments["options"] = " ".join(options)
    return {
        "pool_size": postgres.connections,
        "max_overflow": 0,
        "pool_timeout": postgres.connection_wait,
        "connect_args": arguments,
    }


def prepare(engine: Engine) -> None:
    """Have the engine connect with patience that ends, and lend no connection that the server has closed."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, arguments: Any, parameters: Any) -> Any:
        refuse_unreachable(parameters)
        return Patient.connect(*arguments, **parameters)

    @event.listens_for(engine, "checkout")
    def look(connection: Any, _record: object, _proxy: object) -> None:
        # A server that ended has said goodbye: what lies in the socket costs no round trip to see.
        if connection.closed or _has_something_to_read(connection.fileno()):
            raise InvalidatePoolError


class Patient(psycopg.Connection[Any]):
    """A connection that notices when its server no longer answers."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for what the driver waits for, as long as the server lives."""
        return super().wait(_watched(gen, self), interval, timeout)


def _watched(waiting: Any, connection: Patient) -> Generator[Any, Any, Any]:
    """Do what `waiting` does, and look after the server whenever it has been silent."""
    look_at = 0.0
    try:
        wanted = next(waiting)
        while True:
            ready = yield wanted
            if not ready:
                now = time.monotonic()
                if not look_at:
                    look_at = now + SILENCE
                elif now >= look_at:
                    if not answers(connection.pgconn.host.decode(), connection.pgconn.port.decode()):
                        connection.pgconn.finish()
                        raise Unreachable("the server does not answer")
                    look_at = time.monotonic() + SILENCE
            wanted = waiting.send(ready)
    except StopIteration as ended:
        return ended.value


def refuse_unreachable(parameters: dict[str, Any]) -> None:
    """Raise Unreachable when the one server of these parameters does not answer: the driver itself would wait
    two seconds at least. Of several servers the driver finds the right one.
    """
    named = {**conninfo_to_dict(parameters.get("conninfo", "")), **parameters}
    host, port = str(named.get("host") or ""), str(named.get("port") or 5432)
    if host and "," not in host and not answers(host, port):
        raise Unreachable(f"{host}:{port} does not answer")


def answers(host: str, port: str) -> bool:
    """Say whether a PostgreSQL server answers there within ANSWERS_WITHIN seconds."""
    if not host:
        return True  # a socket of this machine whose place only the driver knows
    with contextlib.ExitStack() as stack:
        try:
            if host.startswith("/"):
                link = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                link.settimeout(ANSWERS_WITHIN)
                link.connect(f"{host}/.s.PGSQL.{port}")
            else:
                link = stack.enter_context(socket.create_connection((host, int(port)), ANSWERS_WITHIN))
            link.sendall(DO_YOU_SPEAK_TLS)
            return link.recv(1) != b""
        except OSError:
            return False


def _has_something_to_read(descriptor: int) -> bool:
    asked = poll()
    asked.register(descriptor, POLLIN)
    return bool(asked.poll(0))


_TIMELINE = "left(pg_walfile_name(pg_current_wal_lsn()), 8)"
_OWN_NUMBER = text(f"SELECT {_TIMELINE}, CAST(pg_current_xact_id_if_assigned() AS text)")
"""The running transaction: its number, none when it has written nothing, and the timeline that counts it."""
_STATUS = text(f"SELECT {_TIMELINE}, pg_xact_status(CAST(:number AS xid8))")
ASKED_FOR = 1.0
"""Seconds to go on asking about a commit that is still under way."""


@contextlib.contextmanager
def finding_out(session: Session, engine: Engine, *, ask_by_number: bool) -> Iterator[None]:
    """Hold the commit of a transaction. When its answer is lost, nobody knows yet what became of it.

    An act that looked its id up is run again and finds out (see `pos.db.transact`). Of anything else,
    `ask_by_number`, PostgreSQL is asked on a new connection by the number of the transaction.
    """
    timeline, number = session.execute(_OWN_NUMBER).one() if ask_by_number else (None, None)
    try:
        yield
    except DBAPIError as error:
        if timeline is None or number is None or not was_lost(error):
            raise
        session.rollback()
        if not has_committed(engine, timeline, number):
            raise


def take_your_time(connection: Connection) -> None:
    """Lift the limits for one transaction that reads everything, with work of its own in between."""
    limits = ("statement_timeout", "idle_in_transaction_session_timeout")
    connection.execute(select(*(func.set_config(name, "0", True) for name in limits)))


def has_committed(engine: Engine, timeline: str, number: str) -> bool:
    """Ask on a new connection whether a transaction whose commit got no answer stands in the database.

    A standby that was promoted counts on from what had reached it, on a timeline of its own: there the number
    may be somebody else's, so nothing is said of it.
    """
    until = time.monotonic() + ASKED_FOR
    while True:
        try:
            with engine.connect() as connection:
                now, status = connection.execute(_STATUS, {"number": number}).one()
        except SQLAlchemyError:
            return False
        if now != timeline:
            return False
        if status != "in progress" or time.monotonic() > until:
            return bool(status == "committed")
        time.sleep(0.05)


AGAIN_WITHIN = 3.0
"""Seconds after which nothing is begun again because a connection was lost."""


def worth_another(error: Exception, began: float) -> bool:
    """Say whether another connection may do what this one was lost for; a server that is silent has had its
    time, and whoever waits is told.
    """
    silent = isinstance(getattr(error, "orig", None), Unreachable)
    return was_lost(error) and not silent and time.monotonic() - began < AGAIN_WITHIN


GONE = ("57P01", "57P02", "25P03", "08000", "08003", "08006")
"""What the server says when it ends a connection."""


def was_lost(error: Exception) -> bool:
    """Say whether a database error means that the connection is gone; what was not committed is undone."""
    original = getattr(error, "orig", None)
    if not isinstance(error, DBAPIError) or not isinstance(original, psycopg.Error):
        return False
    return original.sqlstate in GONE or (original.sqlstate is None and isinstance(original, OperationalError))
