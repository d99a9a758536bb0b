"""A kiosk sells by QRIS alone; its shift opens with its first sale and is closed with the day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories import Shop, cart, new_id


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    noon = datetime.now(UTC).replace(hour=5, minute=0) + timedelta(days=1)
    with time_machine.travel(noon, tick=True) as traveller:
        yield traveller


def test_the_first_sale_opens_the_kiosks_shift_with_nothing_in_it(shop: Shop) -> None:
    assert shop.get("/shifts/current?register=K2").code == "shift_not_open"
    sale = shop.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk")
    assert sale["status"] == "awaiting_payment"
    shift = shop.get("/shifts/current?register=K2")
    assert (shift["float"], shift["status"]) == (0, "open")


def test_a_refused_first_sale_opens_nothing(shop: Shop) -> None:
    body = cart({"KTO-100": 201}, register="K2", qris=True)
    shop.refused(409, "insufficient_stock", "/sales", body, who="kiosk")


def test_a_kiosk_takes_no_cash_from_anybody(shop: Shop) -> None:
    for who in ("kiosk", "manager", "roaming cashier"):
        shop.refused(403, "forbidden", "/sales", cart({"KTO-100": 1}, register="K2"), who=who)
    mixed = cart({"KTO-100": 2}, register="K2", cash=10_000, qris=True)
    shop.refused(403, "forbidden", "/sales", mixed, who="kiosk")


def test_a_kiosk_follows_and_cancels_its_own_sale(till: Shop) -> None:
    own = till.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk")["id"]
    assert till.get(f"/sales/{own}", who="kiosk")["status"] == "awaiting_payment"
    other = till.sell({"KTO-100": 1}, qris=True)["id"]
    assert till.get(f"/sales/{other}", who="kiosk").code == "not_found"
    assert till.get(f"/sales/{other}/receipt.txt", who="kiosk").code == "not_found"
    till.refused(403, "forbidden", f"/sales/{other}/cancel", who="kiosk")
    assert till.post(f"/sales/{own}/cancel", who="kiosk")["status"] == "cancelled"
    till.refused(403, "forbidden", f"/sales/{own}/confirm", {"reference": "R"}, who="kiosk")


def test_a_kiosks_token_sells_at_its_own_register_only(till: Shop) -> None:
    till.refused(403, "forbidden", "/sales", cart({"KTO-100": 1}, qris=True), who="kiosk")


def test_a_kiosk_without_a_register_of_its_own_sees_what_it_sold_and_nothing_else(till: Shop) -> None:
    from pos import clock
    from pos.db import transact
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with till.app.app_context():
        token = transact(lambda: people.create_token("tablet", "kiosk", None, SYSTEM, clock.now()))
    own = till.sell({"KTO-100": 1}, register="K2", qris=True, who=token)["id"]
    assert till.get(f"/sales/{own}", who=token).status == 200
    other = till.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk")["id"]
    assert till.get(f"/sales/{other}", who=token).code == "not_found"
    answer = till.post(f"/sales/{other}/cancel", who=token)
    assert answer.status in (403, 404)
    assert till.post(f"/sales/{own}/cancel", who=token)["status"] == "cancelled"


def test_a_kiosk_has_no_drawer_to_put_cash_in(shop: Shop) -> None:
    shop.refused(422, "validation_error", "/shifts", {"id": new_id(), "register": "K2", "float": 1})
    shop.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk")
    shift = shop.get("/shifts/current?register=K2")["id"]
    body = {"id": new_id(), "direction": "in", "amount": 5_000, "reason": "r"}
    shop.refused(422, "validation_error", f"/shifts/{shift}/cash", body)
    shop.refused(422, "validation_error", f"/shifts/{shift}/drawer", {"id": new_id(), "reason": "r"})


def test_the_kiosk_is_closed_with_the_day(shop: Shop, time: time_machine.Traveller) -> None:
    sale = shop.sell({"KTO-100": 2}, register="K2", qris=True, who="kiosk")["id"]
    shop.post(f"/sales/{sale}/confirm", {"reference": "R1"})
    shift = shop.get("/shifts/current?register=K2")["id"]
    shop.keep_house()
    assert shop.get("/shifts/current?register=K2")["id"] == shift
    time.shift(timedelta(days=1))
    shop.keep_house()
    z = shop.get(f"/shifts/{shift}/report")
    assert (z["number"], z["net"], z["counted_cash"], z["over_short"]) == (1, 30_000, 0, 0)
    assert z["by_method"] == {"cash": 0, "qris": 30_000}
    assert shop.get("/shifts/current?register=K2").code == "shift_not_open"


def test_the_first_sale_of_the_next_day_opens_the_next_shift(
    shop: Shop, time: time_machine.Traveller
) -> None:
    sale = shop.sell({"KTO-100": 2}, register="K2", qris=True, who="kiosk")["id"]
    shop.post(f"/sales/{sale}/confirm", {"reference": "R1"})
    first = shop.get("/shifts/current?register=K2")
    time.shift(timedelta(days=1))
    shop.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk")
    second = shop.get("/shifts/current?register=K2")
    assert second["business_date"] > first["business_date"]
    assert shop.get(f"/shifts/{first['id']}/report")["number"] == 1
