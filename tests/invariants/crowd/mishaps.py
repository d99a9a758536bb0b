"""What goes wrong on such a day: servers are killed, PostgreSQL cuts connections and finds deadlocks."""

import contextlib
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import LiteralString

import psycopg

from tests.invariants.crowd.shop import Server
from tests.support.command import run_forked
from tests.support.demo import plain

GAVE_UP = (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable)
CUT: LiteralString = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'mishap'
ORDER BY xact_start IS NULL, random() LIMIT %s
"""
BACKWARDS: LiteralString = """
SELECT location_id, product_id, lot_id FROM stock_balance WHERE on_hand > 0
ORDER BY product_id DESC, lot_id DESC LIMIT 200
"""
HOLD: LiteralString = """
SELECT 1 FROM stock_balance WHERE location_id = %s AND product_id = %s AND lot_id = %s FOR UPDATE
"""
BUSY: LiteralString = """
SELECT pid, state, wait_event_type, wait_event, age(clock_timestamp(), xact_start)::text,
       pg_blocking_pids(pid)::text, left(query, 120)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class Mishap(threading.Thread):
    """One kind of mishap, at random moments until the day is over."""

    def __init__(
        self,
        act: Callable[[random.Random], str],
        every: float,
        over: threading.Event,
        notes: list[str],
        seed: str,
    ) -> None:
        super().__init__(name=getattr(act, "__name__", "mishap"), daemon=True)
        self._act, self._every, self._over, self._notes = act, every, over, notes
        self._chance = random.Random(f"{seed}/{self.name}")
        self.errors: list[BaseException] = []

    def run(self) -> None:
        try:
            while not self._over.wait(self._every * self._chance.uniform(0.5, 1.5)):
                began = time.monotonic()
                self._notes.append(f"{began:.3f} {self._act(self._chance)}")
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for the thread
            self.errors.append(error)


def killing(servers: Sequence[Server], kills: int) -> Callable[[random.Random], str]:
    """kill -9 of one server, then start it again; never more often than `kills` times."""
    left = [kills]

    def kill(chance: random.Random) -> str:
        if not left[0]:
            return "no more kills"
        left[0] -= 1
        server = chance.choice(servers)
        server.end(signal.SIGKILL)
        time.sleep(chance.uniform(0.0, 0.3))
        server.start()
        server.ready()
        return f"killed the server at port {server.port}"

    return kill


def cutting(url: str) -> Callable[[random.Random], str]:
    """End connections of the servers, those first that are in the middle of a transaction."""

    def cut(chance: random.Random) -> str:
        many = chance.choice((1, 1, 2, 50))
        with _connected(url) as connection:
            return f"cut {connection.execute(CUT, (many,)).rowcount} connections"

    return cut


def crossing(url: str) -> Callable[[random.Random], str]:
    """Lock lots slowly in the order opposite to the program's: who sells two of them meets a deadlock."""

    def cross(chance: random.Random) -> str:
        with _connected(url) as connection:
            rows = connection.execute(BACKWARDS).fetchall()
            held = 0
            with contextlib.suppress(*GAVE_UP), connection.transaction():
                # The servers find the deadlock first and are its victims.
                connection.execute("SET LOCAL deadlock_timeout = '5s'")
                for place in sorted(chance.sample(range(len(rows)), min(len(rows), 8))):
                    connection.execute(HOLD, rows[place])
                    held += 1
                    time.sleep(0.005)
            return f"held {held} lots in the opposite order"

    return cross


def backing_up(server: Server) -> Callable[[random.Random], str]:
    """Run commands beside the server: a backup, and one that writes."""

    def back_up(chance: random.Random) -> str:
        commands = (
            ["backup", str(server.folder / f"{chance.random()}.db")],
            ["token", "create", "--role", "auditor"],
        )
        command = chance.choice(commands)
        told = run_forked(server.environment, *command)
        assert told.code == 0, told.out + told.err
        return f"pos {command[0]}"

    return back_up


def hurry(url: str, milliseconds: int, lock_timeout: int = 0) -> None:
    """Have this database look for deadlocks sooner, and give up waiting for a lock."""
    name = psycopg.conninfo.conninfo_to_dict(plain(url))["dbname"]
    with _connected(url) as connection:
        for setting, value in (("deadlock_timeout", milliseconds), ("lock_timeout", lock_timeout)):
            statement = psycopg.sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                psycopg.sql.Identifier(str(name)),
                psycopg.sql.Identifier(setting),
                psycopg.sql.Literal(f"{value}ms"),
            )
            connection.execute(statement)


def busy(url: str) -> list[str]:
    """What PostgreSQL is doing, for who looks for a lock-up."""
    with _connected(url) as connection:
        return [" ".join(map(str, row)) for row in connection.execute(BUSY).fetchall()]


def deadlocks(url: str) -> int:
    """How many deadlocks PostgreSQL has found in this database."""
    with _connected(url) as connection:
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(plain(url), autocommit=True, application_name="mishap", connect_timeout=5)
