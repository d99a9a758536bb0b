"""kill -9 between any two steps of an act: it happened whole or not at all, and the same id does it once.

A forked process carries the act out and kills itself before the n-th statement of a write transaction, before
a commit, or right after one; n grows until the act comes through.
"""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from flask import Flask

from pos.db import db, write_lock
from tests.cast import approval
from tests.factories import Shop, back, cart, new_id
from tests.support.demo import opened

pytestmark = pytest.mark.faults
Asked: TypeAlias = tuple[str, dict[str, Any]]
MOST_STEPS = 60


class Mortal:
    """A shop that others may carry on with: nobody else holds its database while a child lives."""

    def __init__(self, app: Flask, tokens: dict[str, str]) -> None:
        self.now = Shop(app, tokens)

    def killed_at(self, step: int, asked: Asked) -> bool:
        """Carry it out in a process that dies at a step; say whether it died."""
        with self.now.app.app_context():
            db.session.remove()
            with write_lock():
                db.engine.dispose()
        child = os.fork()
        if child == 0:
            try:
                with self.now.app.app_context():
                    die_at(step)
                self.now.send("POST", asked[0], _json(asked[1]), who="supervisor", check=False)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def die_at(step: int) -> None:
    """Kill this process at its n-th step of writing."""
    from sqlalchemy import Engine, event
    from sqlalchemy.orm import Session

    from pos import db as database
    from pos.convoy import Convoy

    taken = 0

    def count(*_: object, **__: object) -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_writing(*_: object, **__: object) -> None:
        if getattr(database._local, "writing", False):
            count()

    commit = Convoy._end

    def counted(*arguments: Any) -> None:
        count()
        commit(*arguments)
        count()

    event.listen(Engine, "before_cursor_execute", count_writing)
    if database.dialect() == "sqlite":
        Convoy._end = counted  # type: ignore[method-assign]
    else:
        event.listen(Engine, "commit", count_writing)
        event.listen(Session, "after_commit", count_writing)


@pytest.fixture
def shop(demo_url: tuple[str, dict[str, str]], data_dir: Path) -> Iterator[Mortal]:
    url, tokens = demo_url
    with opened(data_dir, url) as app:
        yield Mortal(app, tokens)


def a_cash_sale(shop: Shop) -> Asked:
    return "/sales", cart({"KTO-100": 1, "MBT-250": 1}, cash=50_000)


def a_qris_sale(shop: Shop) -> Asked:
    return "/sales", cart({"KTO-100": 1}, qris=True)


def a_confirmation(shop: Shop) -> Asked:
    sale = shop.sell({"KTO-100": 1}, qris=True)["id"]
    return f"/sales/{sale}/confirm", {"reference": new_id()}


def a_void(shop: Shop) -> Asked:
    return f"/sales/{shop.sell({'KTO-100': 1})['id']}/void", {"id": new_id(), "reason": "r"}


def a_refund(shop: Shop) -> Asked:
    return f"/sales/{shop.sell({'KTO-100': 2})['id']}/refunds", back({"KTO-100": 1})


def a_receipt_of_goods(shop: Shop) -> Asked:
    line = {"sku": "KTO-100", "quantity": 5, "lot": new_id()}
    return "/stock/receipts", {"id": new_id(), "location": "GUDANG", "lines": [line]}


def a_close(shop: Shop) -> Asked:
    shift = shop.open("G1", 5_000)
    return f"/shifts/{shift}/close", {
        "id": new_id(),
        "counted": 0,
        "reason": "r",
        "approval": approval("Manajer"),
    }


ACTS: tuple[Callable[[Shop], Asked], ...] = (
    a_cash_sale,
    a_qris_sale,
    a_confirmation,
    a_void,
    a_refund,
    a_receipt_of_goods,
    a_close,
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_killed_at_any_step_it_happens_once_or_not_at_all(shop: Mortal, act: Callable[[Shop], Asked]) -> None:
    now = shop.now
    now.open("K1", 100_000)
    deaths = 0
    for step in range(1, MOST_STEPS):
        path, body = act(now)
        died = shop.killed_at(step, (path, body))
        answer = now.post(path, body, who="supervisor")
        assert answer.status in (200, 201, 202), (step, answer.body)
        again = now.post(path, body, who="supervisor")
        assert (again.status, again.body) == (200, answer.body), step
        if not died:
            break
        deaths += 1
    else:
        raise AssertionError("it never came through")
    assert deaths >= 4
    check(now)


def check(shop: Shop) -> None:
    """Numbers without a gap, stock by its movements, books that verify."""
    from pos.operations.verify import verify

    numbers = [sale["number"] for sale in shop.get("/sales?limit=500")["items"] if sale["number"]]
    assert sorted(numbers) == [f"K1-{n:06d}" for n in range(1, len(numbers) + 1)]
    for sku in ("KTO-100", "MBT-250"):
        moved = shop.get(f"/stock/movements?sku={sku}&location=GUDANG&limit=500")["items"]
        assert sum(movement["change"] for movement in moved) == shop.stock(sku)["on_hand"]
    cash = [sale for sale in shop.get("/sales?limit=500")["items"] if sale["tenders"][0]["method"] == "cash"]
    drawers = [job for job in shop.get("/print-jobs?limit=500")["items"] if job["kind"] == "drawer"]
    paid_back = [sale for sale in cash if sale["refunds"]]
    assert len(drawers) == len(cash) + len(paid_back)
    with shop.app.app_context():
        assert verify().problems == []
