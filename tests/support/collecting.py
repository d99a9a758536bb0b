"""Payments that a provider confirms: the scripted provider, and the collector's work done by hand.

bank        the provider of `till`; afterwards the books must be right, whatever happened
time        a clock to put forward
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from time_machine import Traveller, travel

from pos import clock
from pos.db import transaction
from pos.operations import tasks
from pos.operations.verify import verify
from pos.payments.desk import Desk
from tests.factories import Body, Shop
from tests.scripted import Scripted

MACHINE: dict[str, Any] = {"qris": {"provider": "simulator", "expires_after": 300}}


@pytest.fixture
def bank(till: Shop) -> Iterator[Scripted]:
    """The provider; afterwards the books must be right, whatever happened."""
    scripted = Scripted()
    desk: Desk = till.app.extensions["qris"]
    desk._providers = {"simulator": scripted, "snap": None, "midtrans": None, "static": None}
    with closing(desk):
        yield scripted
    with till.app.app_context():
        assert [str(problem) for problem in verify().problems] == []


@pytest.fixture
def time() -> Iterator[Traveller]:
    """A clock to put forward: `time.shift(301)`. It never goes back, or selling would stop."""
    with travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


def work(shop: Shop) -> None:
    """Do what the collector does: ask everything that is due."""
    desk: Desk = shop.app.extensions["qris"]
    with shop.app.app_context():
        for task_id in tasks.due(desk.reached(), clock.now(), 50):
            with transaction():
                task = tasks.claim(task_id, desk.holder, clock.now())
            if task is not None:
                desk.carry_out(task)


def later(shop: Shop, time: Traveller, seconds: float = 6) -> None:
    time.shift(seconds)
    work(shop)


def waiting(shop: Shop, goods: dict[str, int] | None = None) -> tuple[str, str]:
    """A sale that waits; its id and our reference at the provider."""
    sale = shop.sell(goods or {"KTO-100": 2}, qris=True)
    bank: Any = shop.app.extensions["qris"].provider("simulator")
    return str(sale["id"]), bank.made[-1]


def payments(shop: Shop, sale: str) -> list[Body]:
    return [item for item in shop.get("/payments")["items"] if item["sale"] == sale]


def status(shop: Shop, sale: str) -> str:
    return str(shop.get(f"/sales/{sale}")["status"])
