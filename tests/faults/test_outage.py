"""PostgreSQL is gone: the till is told in time, and sells again by itself once it is back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from pos import clock
from pos.worker.housekeeping import Housekeeper
from tests.factories import Shop, cart, lines, new_id
from tests.faults.serving import Served, wait_for
from tests.support.demo import Copies, opened
from tests.support.severed import Way

SAYS_SO_WITHIN = 2.0
SELLS_WITHIN = 5.0


@pytest.fixture
def far(way: Way, demo_copies: Copies, data_dir: Path) -> Iterator[Served]:
    """A shop served by a process whose PostgreSQL is behind a network that breaks."""
    shop = Served(data_dir, way.url, demo_copies.template.tokens)
    shop.start()
    shop.open("K1")
    yield shop
    shop.end()


def test_a_till_says_that_its_database_is_gone_and_sells_the_same_sale_when_it_is_back(
    far: Served, way: Way
) -> None:
    for go_away in (way.swallow, way.refuse):
        far.sell({"KTO-100": 1})
        go_away()
        body = cart({"KTO-100": 1})
        for _ in range(3):
            answer = far.send("POST", "/sales", body, within=SAYS_SO_WITHIN)
            assert (answer.status, answer.code) == (503, "database_unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert far.send("GET", "/readyz", within=2 * SAYS_SO_WITHIN).status == 503
        assert far.send("GET", "/healthz").status == 200
        way.open()
        sold = wait_for(lambda body=body: _sold(far, body), SELLS_WITHIN)
        assert far.post("/sales", body).body == sold
        wait_for(lambda: far.get("/readyz").status == 200, SELLS_WITHIN)
    # The threads beside the requests take it for what it is and go on.
    wait_for(lambda: "the database does not answer" in far.log.read_text())
    assert "Traceback" not in far.log.read_text()
    assert len(far.sales()) == 4
    far.verify()


def _sold(shop: Served, body: dict[str, object]) -> object:
    answer = shop.post("/sales", body)
    assert answer.status in (200, 201, 503), answer.body
    return answer.body if answer.status in (200, 201) else None


def test_more_requests_than_connections_are_told_to_wait(
    way: Way, demo_copies: Copies, data_dir: Path
) -> None:
    few = {"connections": 2, "connection_wait": 0.2}
    with opened(data_dir, way.url, postgresql=few) as app:
        shop = Shop(app, demo_copies.template.tokens)
        shop.open("K1")
        with app.app_context():
            from pos.db import db

            with db.engine.connect(), db.engine.connect():
                answer = shop.post("/sales", cart({"KTO-100": 1}))
        assert (answer.status, answer.code) == (503, "database_unavailable")
        assert answer.headers["Retry-After"]
        assert shop.sell({"KTO-100": 1})


def test_what_a_machine_had_reserved_before_it_went_off_is_free_for_all_others_in_time(
    way: Way, demo_copies: Copies, data_dir: Path, tmp_path: Path
) -> None:
    def available(shop: Shop) -> int:
        return int(next(i for i in shop.get("/stock")["items"] if i["sku"] == "KTO-100")["available"])

    tokens = demo_copies.template.tokens
    with opened(data_dir, way.address) as near, opened(tmp_path / "far", way.url) as app:
        gone, other = Shop(app, tokens), Shop(near, tokens)
        gone.open("K1")
        other.open("G1")
        before = available(other)
        order = {"id": new_id(), "register": "K1", "lines": lines({"KTO-100": 7})}
        assert gone.post("/orders", order).status == 201
        assert available(other) == before - 7
        way.swallow()
        with time_machine.travel(clock.now() + timedelta(days=1)):
            Housekeeper(near.app_context, lambda: None)._keep_house()
            assert available(other) == before
        way.open()
