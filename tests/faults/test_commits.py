"""The connection is lost at the commit: whoever asked is told the truth, and nothing is done twice."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError

from pos import clock, postgres
from pos.db import db, transact
from pos.models import Entry, Token
from pos.operations import people
from pos.operations.actor import SYSTEM
from pos.operations.verify import verify
from tests.factories import Shop, back, cart, new_id
from tests.support.demo import Copies, opened
from tests.support.postgres import Cluster
from tests.support.severed import Cut, Way

Asked = tuple[str, dict[str, Any]]
CUTS: list[Cut] = ["before", "after"]


@pytest.fixture
def till(way: Way, demo_copies: Copies, data_dir: Path) -> Iterator[Shop]:
    """A shop by that way, its K1 open."""
    with opened(data_dir, way.url) as app:
        shop = Shop(app, demo_copies.template.tokens)
        shop.open("K1", 100_000)
        yield shop


def a_sale(shop: Shop) -> Asked:
    return "/sales", cart({"KTO-100": 1, "MBT-250": 2})


def a_refund(shop: Shop) -> Asked:
    return f"/sales/{shop.sell({'KTO-100': 2})['id']}/refunds", back({"KTO-100": 1})


def a_receipt_of_goods(shop: Shop) -> Asked:
    lines = [{"sku": "KTO-100", "quantity": 5, "lot": "BARU"}]
    return "/stock/receipts", {"id": new_id(), "location": "GUDANG", "lines": lines}


def the_close_of_a_shift(shop: Shop) -> Asked:
    shift = shop.get("/shifts/current?register=K1")["id"]
    return f"/shifts/{shift}/close", {"id": new_id(), "counted": 100_000}


@pytest.mark.parametrize("when", CUTS)
@pytest.mark.parametrize("act", [a_sale, a_refund, a_receipt_of_goods, the_close_of_a_shift])
def test_an_act_whose_commit_is_cut_off_is_done_once_and_answered(
    till: Shop, way: Way, act: Callable[[Shop], Asked], when: Cut
) -> None:
    path, body = act(till)
    way.cut_commit(body["id"], when)
    answer = till.post(path, body)
    assert way.cut == 1, "the connection was not cut"
    assert answer.status in (200, 201), answer.body
    again = till.post(path, body)
    assert (again.status, again.body) == (200, answer.body)
    with till.app.app_context():
        found = db.session.execute(select(func.count()).where(Entry.request_id == body["id"])).scalar_one()
        assert found == 1
        assert verify().problems == []


def test_what_has_no_id_is_asked_about_by_the_number_of_its_transaction(till: Shop, way: Way) -> None:
    def make(name: str) -> str:
        with till.app.app_context():
            return transact(lambda: people.create_token(name, "cashier", None, SYSTEM, clock.now()))

    way.cut_commit("tersimpan", "after")
    assert make("tersimpan")
    way.cut_commit("hilang", "before")
    with pytest.raises(OperationalError):
        make("hilang")
    assert way.cut == 2
    with till.app.app_context():
        names = db.session.execute(
            select(Token.name).where(Token.name.in_(("tersimpan", "hilang")))
        ).scalars()
        assert list(names) == ["tersimpan"]


def test_a_number_of_another_timeline_says_nothing(postgres_cluster: Cluster) -> None:
    address = postgres_cluster.create("timelines")
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id int)"))
        timeline, number = connection.execute(postgres._OWN_NUMBER).one()
    assert postgres.has_committed(engine, timeline, number)
    assert not postgres.has_committed(engine, f"{int(timeline, 16) + 1:08X}", number)
    engine.dispose()
    postgres_cluster.drop("timelines")
