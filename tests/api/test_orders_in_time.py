"""Orders end by time, whoever's clock strikes."""

from datetime import datetime, timedelta

import pytest
import time_machine

from tests.api.orders import drop, held, numbers, order, slip
from tests.factories import Shop, cart

pytestmark = pytest.mark.usefixtures("noon", "books")


def test_a_slip_expires_after_half_an_hour(till: Shop, noon: time_machine.Traveller) -> None:
    made = slip(till, {"KTO-100": 2})
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts == timedelta(minutes=30)
    noon.shift(timedelta(minutes=29))
    till.keep_house()
    assert numbers(till) == [1]
    noon.shift(timedelta(minutes=2))
    till.keep_house()
    now = till.get(f"/orders/{made['id']}")
    assert (now["status"], now["ended_by"]) == ("expired", "Karya POS")
    assert till.left("KTO-100") == 200
    assert drop(till, made["id"]).code == "order_not_open"


def test_the_shop_says_how_long_a_slip_lasts(till: Shop) -> None:
    till.settings(order_slip_minutes=10)
    made = slip(till, {"KTO-100": 2})
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts == timedelta(minutes=10)


def test_an_order_past_its_time_is_not_open_even_before_anybody_noticed(
    till: Shop, noon: time_machine.Traveller
) -> None:
    made = slip(till, {"KTO-100": 2})
    noon.shift(timedelta(minutes=30, seconds=1))
    assert numbers(till) == []
    assert till.get(f"/orders/{made['id']}")["status"] == "expired"
    till.refused(409, "order_not_open", "/sales", cart({"KTO-100": 2}, order=made["id"]))
    till.keep_house()
    till.sell({"KTO-100": 2})


def test_a_held_cart_ends_with_the_business_day(till: Shop, noon: time_machine.Traveller) -> None:
    made = held(till, {"KTO-100": 2})
    assert made["expires_at"][11:16] == "00:00"
    noon.shift(timedelta(hours=11, minutes=30))
    till.keep_house()
    assert numbers(till) == [1]
    noon.shift(timedelta(hours=1))
    till.keep_house()
    assert numbers(till) == []
    assert till.left("KTO-100") == 200


def test_orders_of_a_register_that_is_gone_expire_as_well(till: Shop, noon: time_machine.Traveller) -> None:
    from sqlalchemy import update

    from pos.db import db, table, transact
    from pos.models import Register

    slip(till, {"KTO-100": 2})
    with till.app.app_context():
        register = table(Register)
        transact(
            lambda: db.session.execute(update(register).where(register.c.code == "K2").values(active=False))
        )
    noon.shift(timedelta(minutes=31))
    till.keep_house()
    assert till.left("KTO-100") == 200
    with till.app.app_context():  # so that the books agree again
        transact(
            lambda: db.session.execute(update(register).where(register.c.code == "K2").values(active=True))
        )


def test_a_clock_that_jumped_holds_nothing(till: Shop, noon: time_machine.Traveller) -> None:
    held(till, {"KTO-100": 1})
    noon.shift(timedelta(days=30))
    till.refused(409, "clock_unconfirmed", "/orders", order({"KTO-100": 1}))
