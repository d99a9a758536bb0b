"""A till that is always a moment too late, and one whose connection is cut when all is done: PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from pos.db import db
from pos.operations import lots
from tests.factories import Shop, cart
from tests.support.demo import Copies, opened, plain

pytestmark = pytest.mark.faults
STEAL = "UPDATE stock_balance SET reserved = on_hand WHERE lot_id = %s"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"  # noqa: E501


@pytest.fixture
def url(demo_copies: Copies) -> Iterator[str]:
    found = demo_copies.take()
    yield found
    demo_copies.give_back(found)


@pytest.fixture
def till(demo_copies: Copies, url: str, data_dir: Path) -> Iterator[Shop]:
    with opened(data_dir, url) as app:
        shop = Shop(app, demo_copies.template.tokens)
        shop.open("K1")
        yield shop


def test_a_till_that_loses_every_race_waits_for_its_lots_and_sells(
    till: Shop, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.leave("KTO-100", 0)
    for n in range(1, 10):
        till.receive("KTO-100", 1, lot=f"SATU-{n}", expires_on=f"2099-01-0{n}")
    choose, stolen = lots.choose, []

    def too_late(*asked: Any, **more: Any) -> Any:
        takes = choose(*asked, **more)
        with psycopg.connect(plain(url), options="-c lock_timeout=200ms") as thief:
            try:
                thief.execute(STEAL, (takes[0].lot_id,))
                stolen.append(takes[0].lot_id)
            except psycopg.errors.LockNotAvailable:
                thief.rollback()
        return takes

    monkeypatch.setattr(lots, "choose", too_late)
    answer = till.post("/sales", cart({"KTO-100": 1}))
    assert answer.status == 201, answer.body
    assert len(stolen) == 2


def test_a_connection_cut_after_the_commit_does_not_take_the_answer_along(till: Shop, url: str) -> None:
    def cut() -> None:
        with psycopg.connect(plain(url), autocommit=True) as other:
            other.execute(CUT)

    with till.app.app_context():
        engine = db.engine
    begun: list[int] = []

    def cut_before_the_end(_connection: Any) -> None:
        if not begun:
            begun.append(1)
            cut()

    event.listen(engine, "rollback", cut_before_the_end)
    try:
        answer = till.get("/stock")
    finally:
        event.remove(engine, "rollback", cut_before_the_end)
    assert begun == [1]
    assert answer.status == 200
    assert till.get("/stock").status == 200
