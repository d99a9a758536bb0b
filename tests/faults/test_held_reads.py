"""A server that waits holds nothing of the database: whoever reads on and on keeps the log from ending."""

import sqlite3
import time
from contextlib import closing

import psycopg
import pytest

from tests.faults.serving import Served
from tests.support.demo import plain

pytestmark = pytest.mark.faults
WITHIN = 10.0
"""Seconds in which every thread has been idle once."""
HELD = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
)


def address(shop: Served) -> str:
    return shop.env["POS_DATABASE_URL"]


def held(shop: Served) -> bool:
    """Say whether a transaction is open: SQLite can't empty its log then."""
    if address(shop).startswith("postgresql"):
        with psycopg.connect(plain(address(shop))) as link:
            (count,) = link.execute(HELD).fetchone() or (0,)
            return bool(count)
    with closing(sqlite3.connect(address(shop).removeprefix("sqlite:///"))) as link:
        busy, in_log, carried_over = link.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        return bool(busy) or in_log != carried_over


def test_nothing_is_held_once_the_sales_of_a_moment_are_over(served: Served) -> None:
    for path in ("/shifts/current?register=K1", "/products", "/stock", "/sales"):
        assert served.get(path).status == 200
    for _ in range(3):
        assert served.sell({"MBT-250": 1})["status"] == "completed"
    until = time.monotonic() + WITHIN
    while held(served):
        assert time.monotonic() < until, "somebody reads on and on"
        time.sleep(0.1)


def test_somebody_who_reads_on_is_seen(served: Served) -> None:
    served.sell({"MBT-250": 1})
    if address(served).startswith("postgresql"):
        with psycopg.connect(plain(address(served))) as link:
            link.execute("SELECT count(*) FROM sale")
            assert held(served)
        return
    with closing(sqlite3.connect(address(served).removeprefix("sqlite:///"), isolation_level=None)) as link:
        link.execute("BEGIN")
        link.execute("SELECT count(*) FROM sale").fetchall()
        served.sell({"MBT-250": 1})
        assert held(served)
