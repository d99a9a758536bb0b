"""Balances of nothing are forgotten long after their lot expired, and nobody notices."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, select, text

from pos import clock
from pos.db import db
from pos.models import Location, Lot, StockBalance
from pos.worker import pruning
from tests.factories import Shop, back, new_id

SKU = "KTO-100"
LONG_AFTER = timedelta(days=400)

pytestmark = pytest.mark.usefixtures("books")


def lots_there(shop: Shop, place: str = "GUDANG") -> set[str]:
    """Codes of the lots that have a balance at a place."""
    with shop.app.app_context():
        rows = db.session.execute(
            select(Lot.code)
            .join(StockBalance, StockBalance.lot_id == Lot.id)
            .join(Location, Location.id == StockBalance.location_id)
            .where(Location.code == place)
        )
        return set(rows.scalars())


def forget(shop: Shop) -> None:
    """Let the housekeeper come by more than a year later."""
    with shop.app.app_context():
        pruning.Empties().step(clock.now() + LONG_AFTER)


def receive(shop: Shop, lot: str, quantity: int, keeps: int = 3) -> None:
    on = clock.now().date() + timedelta(days=keeps)
    shop.receive(SKU, quantity, lot=lot, expires_on=on.isoformat())


@pytest.fixture
def one_sold(till: Shop) -> str:
    """A sale of the only piece of lot FIRST; its id."""
    receive(till, "FIRST", 1, keeps=1)
    sale = till.sell({SKU: 1})
    assert till.get(f"/sales/{sale['id']}")["status"] == "completed"
    return str(sale["id"])


def test_what_is_empty_and_expired_long_ago_is_forgotten_and_nothing_else(till: Shop, one_sold: str) -> None:
    receive(till, "SECOND", 2)
    before = lots_there(till)
    with till.app.app_context():
        pruning.Empties().step(clock.now() + timedelta(days=pruning.EMPTY_DAYS))
    assert lots_there(till) == before
    forget(till)
    assert lots_there(till) == before - {"FIRST"}


def test_the_housekeeper_comes_to_every_lot_in_small_steps_and_begins_anew(
    till: Shop, one_sold: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "LOTS", 3)
    monkeypatch.setattr(pruning, "REST", 0.0)
    later = clock.now() + LONG_AFTER
    walk = pruning.Empties()
    with till.app.app_context():
        lots = db.session.execute(select(func.count()).select_from(Lot)).scalar_one()
        steps = [walk.step(later) for _ in range(lots)]
    assert sum(steps) == 1
    assert steps.index(1) == (lots - 1) // 3, "FIRST is the last lot"
    receive(till, "SECOND", 1, keeps=1)
    till.sell({SKU: 1})
    with till.app.app_context():
        assert sum(walk.step(later) for _ in range(lots)) == 1
    assert not {"FIRST", "SECOND"} & lots_there(till)


def test_a_lot_with_pieces_that_are_set_aside_stays(till: Shop) -> None:
    receive(till, "HELD", 1, keeps=1)
    waits = till.sell({SKU: 1}, qris=True)
    forget(till)
    assert "HELD" in lots_there(till)
    assert till.post(f"/sales/{waits['id']}/cancel", {}).status == 200


def test_goods_come_back_into_a_forgotten_lot(till: Shop, one_sold: str) -> None:
    forget(till)
    assert till.post(f"/sales/{one_sold}/refunds", back({SKU: 1})).status == 201
    assert "FIRST" in lots_there(till)


def test_a_void_finds_the_forgotten_lot_again(till: Shop, one_sold: str) -> None:
    forget(till)
    assert till.post(f"/sales/{one_sold}/void", {"id": new_id(), "reason": "salah"}).status == 201
    assert "FIRST" in lots_there(till)


def test_a_count_that_froze_the_lot_before_ends_as_if_nothing_happened(till: Shop) -> None:
    receive(till, "FIRST", 1, keeps=1)
    count = new_id()
    assert till.post("/stock/counts", {"id": count, "location": "GUDANG"}).status == 201
    till.sell({SKU: 1})
    forget(till)
    answer = till.post(f"/stock/counts/{count}/post", {"id": new_id(), "missing": "zero"})
    assert answer.status == 201, answer.body


def test_a_balance_that_fills_while_it_is_being_forgotten_stays(till: Shop, one_sold: str) -> None:
    engine = create_engine(till.app.config["SQLALCHEMY_DATABASE_URI"])
    change = text(
        "UPDATE stock_balance SET on_hand = on_hand + :n "
        "WHERE lot_id IN (SELECT id FROM lot WHERE code = 'FIRST')"
    )
    with ThreadPoolExecutor() as pool:
        with engine.begin() as other:
            other.execute(change, {"n": 1})
            forgotten = pool.submit(forget, till)
            assert not wait([forgotten], timeout=0.3).done
        forgotten.result(timeout=20)
    assert "FIRST" in lots_there(till)
    with engine.begin() as other:
        other.execute(change, {"n": -1})
    engine.dispose()
