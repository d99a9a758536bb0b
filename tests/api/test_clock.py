"""A clock that jumped is confirmed before selling goes on; the business date stays the shift's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.cast import approval
from tests.factories import Shop, cart, new_id


def confirm(shop: Shop, register: str = "K1", who: str = "supervisor") -> int:
    return shop.post(f"/registers/{register}/clock", {"id": new_id()}, who=who).status


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(minutes=-2), timedelta(days=8)])
def test_selling_stops_until_a_supervisor_confirms_the_clock(
    till: Shop, time: time_machine.Traveller, jump: timedelta
) -> None:
    till.sell({"KTO-100": 1})
    time.shift(jump)
    for body in (cart({"KTO-100": 1}), cart({"KTO-100": 1}, qris=True)):
        till.refused(409, "clock_unconfirmed", "/sales", body, who="cashier")
    body = {"id": new_id()}
    till.refused(403, "approval_needed", "/registers/K1/clock", body, who="cashier")
    assert till.post("/registers/K1/clock", body | {"approval": approval()}, who="cashier").status == 201
    assert till.sell({"KTO-100": 1})["number"] == "K1-000002"


@pytest.mark.parametrize("jump", [timedelta(seconds=-30), timedelta(days=6)])
def test_a_clock_that_is_near_enough_is_believed(
    till: Shop, time: time_machine.Traveller, jump: timedelta
) -> None:
    till.sell({"KTO-100": 1})
    time.shift(jump)
    till.sell({"KTO-100": 1})


def test_a_clock_that_was_ahead_at_several_registers_can_be_put_right(
    till: Shop, time: time_machine.Traveller
) -> None:
    till.open("G1", 0)
    time.shift(timedelta(days=3))
    till.sell({"KTO-100": 1})
    till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")
    time.shift(timedelta(days=-3))
    till.refused(409, "clock_unconfirmed", "/sales", cart({"KTO-100": 1}), who="cashier")
    assert confirm(till) == 201
    till.sell({"KTO-100": 1})
    till.refused(409, "clock_unconfirmed", "/sales", cart({"KTO-100": 1}, register="G1"), who="cashier at G1")
    assert confirm(till, "G1") == 201
    till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")


def test_a_register_that_was_idle_for_weeks_sells_when_others_sold_yesterday(
    till: Shop, time: time_machine.Traveller
) -> None:
    till.open("G1", 0)
    for _ in range(3):
        time.shift(timedelta(days=5))
        till.sell({"KTO-100": 1})
    till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")


def test_the_first_sale_of_a_register_notices_a_clock_from_the_past(
    shop: Shop, time: time_machine.Traveller
) -> None:
    time.shift(timedelta(days=-400))
    shop.refused(409, "clock_unconfirmed", "/shifts", {"id": new_id(), "register": "K1", "float": 0})
    assert confirm(shop) == 201
    shop.open("K1", 0)


def test_a_confirmation_is_replayed_once_and_kept(till: Shop) -> None:
    body = {"id": new_id()}
    assert till.post("/registers/K1/clock", body).status == 201
    before = till.rows()
    assert till.post("/registers/K1/clock", body).status == 200
    assert till.changed(before) == {}
    till.refused(409, "id_conflict", "/registers/G1/clock", body)
    till.refused(422, "validation_error", "/registers/K9/clock", {"id": new_id()})


def test_the_business_date_is_fixed_when_the_shift_opens(shop: Shop, time: time_machine.Traveller) -> None:
    # 23:30 in Jakarta is 16:30 UTC of the same day.
    evening = datetime.now(UTC).replace(hour=16, minute=30) + timedelta(days=1)
    time.move_to(evening)
    shift = shop.open("K1", 0)
    assert shop.get(f"/shifts/{shift}/report")["business_date"] == evening.date().isoformat()
    time.shift(timedelta(hours=2))
    sale = shop.sell({"KTO-100": 1})
    assert sale["business_date"] == evening.date().isoformat()
    assert [item["id"] for item in shop.get(f"/sales?date={evening.date()}")["items"]] == [sale["id"]]
    assert shop.close(shift, 15_000)["business_date"] == evening.date().isoformat()
    shop.open("K1", 0)
    next_day = (evening + timedelta(days=1)).date().isoformat()
    assert shop.sell({"KTO-100": 1})["business_date"] == next_day


def test_a_shift_from_yesterday_does_not_sell_what_expired_at_midnight(
    shop: Shop, time: time_machine.Traveller
) -> None:
    evening = datetime.now(UTC).replace(hour=16, minute=30) + timedelta(days=1)
    time.move_to(evening)
    shop.open("K1", 0)
    shop.leave("KTO-100", 0)
    shop.receive("KTO-100", 2, lot="A", expires_on=evening.date().isoformat())
    shop.sell({"KTO-100": 1})
    time.shift(timedelta(hours=1))
    shop.refused(422, "lot_expired", "/sales", cart({"KTO-100": 1}), who="cashier")
