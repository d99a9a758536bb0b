"""A self-service device makes slips, and sees its own and nothing else."""

import pytest

from tests.api.orders import drop, held, numbers, order, slip
from tests.factories import Shop, cart

pytestmark = pytest.mark.usefixtures("noon", "books")


def test_a_kiosk_makes_a_slip_without_a_shift(shop: Shop) -> None:
    made = slip(shop, {"KTO-100": 2})
    assert (made["kind"], made["register"]) == ("slip", "K2")
    assert shop.get("/shifts/current?register=K2").code == "shift_not_open"


def test_a_kiosk_holds_no_cart_and_gives_no_discount(till: Shop) -> None:
    body = order({"KTO-100": 1}, register="K2")
    till.refused(403, "forbidden", "/orders", body | {"kind": "held"}, who="kiosk")
    till.refused(403, "forbidden", "/orders", body | {"discount": 1, "reason": "r"}, who="kiosk")
    line = {"sku": "KTO-100", "quantity": 1, "discount": 1, "reason": "r"}
    till.refused(403, "forbidden", "/orders", body | {"lines": [line]}, who="kiosk")
    till.refused(403, "forbidden", "/orders", body | {"register": "K1"}, who="kiosk")


def test_a_kiosk_sees_and_drops_its_own_and_no_other(till: Shop) -> None:
    own, other = slip(till, {"KTO-100": 1}), held(till, {"KTO-100": 1})
    assert numbers(till, "K2", who="kiosk") == [own["number"]]
    assert till.get(f"/orders/{own['id']}", who="kiosk").status == 200
    assert till.get(f"/orders?register=K2&number={other['number']}", who="kiosk")["items"] == []
    for path in (f"/orders/{other['id']}", f"/orders/{other['id']}/slip.txt"):
        assert till.get(path, who="kiosk").code == "not_found"
    assert drop(till, other["id"], who="kiosk").code == "not_found"
    assert drop(till, own["id"], who="kiosk")["status"] == "dropped"


def test_a_kiosk_uses_its_own_order_and_no_other(till: Shop) -> None:
    own, other = slip(till, {"KTO-100": 1}), held(till, {"KTO-100": 1})
    body = cart({"KTO-100": 1}, register="K2", qris=True, order=other["id"])
    till.refused(404, "not_found", "/sales", body, who="kiosk")
    till.sell({"KTO-100": 1}, register="K2", qris=True, who="kiosk", order=own["id"])
    assert till.get(f"/orders/{own['id']}", who="kiosk")["status"] == "used"


def test_a_kiosk_without_a_register_sees_what_it_made(till: Shop) -> None:
    from pos import clock
    from pos.db import transact
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with till.app.app_context():
        token = transact(lambda: people.create_token("tablet", "kiosk", None, SYSTEM, clock.now()))
    own = held(till, {"KTO-100": 1}, who=token, register="K2")
    other = slip(till, {"KTO-100": 1})
    assert numbers(till, "K2", who=token) == [own["number"]]
    assert drop(till, other["id"], who=token).code == "not_found"
    assert drop(till, own["id"], who=token)["status"] == "dropped"


def test_a_till_of_the_outlet_pays_a_kiosks_slip(till: Shop) -> None:
    made = slip(till, {"KTO-100": 2})
    sale = till.sell({"KTO-100": 2}, order=made["id"])
    assert till.get(f"/orders/{made['id']}", who="kiosk")["sale"] == sale["id"]
