"""Held carts and slips: their goods are set aside, any till of the outlet uses one up, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.api.orders import drop, held, numbers, order, slip
from tests.factories import Shop, cart, new_id

pytestmark = pytest.mark.usefixtures("noon", "books")


def test_a_held_cart_sets_its_goods_aside(till: Shop) -> None:
    made = held(till, {"KTO-100": 3, "MBT-250": 1}, note="Bu Sri")
    assert (made["number"], made["kind"], made["note"], made["by"]) == (1, "held", "Bu Sri", "cashier")
    assert (made["outlet"], made["register"], made["sale"]) == ("KUNJUNGAN", "K1", None)
    assert [(line["sku"], line["quantity"], line["total"]) for line in made["lines"]] == [
        ("KTO-100", 3, 45_000),
        ("MBT-250", 1, 8_000),
    ]
    assert made["total"] == 53_000
    stock = till.stock("KTO-100")
    assert (stock["on_hand"], stock["reserved"], stock["available"]) == (200, 3, 197)
    products = till.get("/products?register=G1&query=KTO-100")["items"]
    assert products[0]["available"] == 197
    till.refused(409, "insufficient_stock", "/sales", cart({"KTO-100": 198}))


def test_what_is_not_there_is_not_held(till: Shop) -> None:
    answer = till.refused(409, "insufficient_stock", "/orders", order({"KTO-100": 201}))
    assert answer["lines"] == [{"sku": "KTO-100", "quantity": 201, "available": 200}]
    till.refused(422, "unknown_sku", "/orders", order({"ABC-1": 1}))
    till.refused(422, "validation_error", "/orders", order({"KTO-100": 1}, register="K9"))


def test_a_sale_uses_the_order_up_and_may_use_its_goods_when_no_others_are_left(till: Shop) -> None:
    till.leave("KTO-100", 5)
    made = held(till, {"KTO-100": 5})
    till.refused(409, "insufficient_stock", "/sales", cart({"KTO-100": 1}))
    sale = till.sell({"KTO-100": 5}, order=made["id"])
    assert sale["status"] == "completed"
    now = till.get(f"/orders/{made['id']}")
    assert (now["status"], now["sale"], now["ended_by"]) == ("used", sale["id"], "cashier")
    stock = till.stock("KTO-100")
    assert (stock["on_hand"], stock["reserved"]) == (0, 0)
    assert numbers(till) == []


def test_the_cashier_may_add_to_an_order_and_take_from_it(till: Shop) -> None:
    till.leave("KTO-100", 5)
    made = held(till, {"KTO-100": 4, "MBT-250": 2})
    too_many = cart({"KTO-100": 6}, order=made["id"])
    assert till.refused(409, "insufficient_stock", "/sales", too_many)["lines"][0]["available"] == 5
    till.sell({"KTO-100": 5, "TBT-020": 1}, order=made["id"])
    assert (till.left("KTO-100"), till.left("MBT-250"), till.left("TBT-020")) == (0, 200, 199)


def test_an_order_may_use_what_it_holds_of_several_lots(till: Shop) -> None:
    till.leave("KTO-100", 2)
    till.receive("KTO-100", 3, lot="B", expires_on="2099-01-01")
    till.receive("KTO-100", 4, lot="C", expires_on="2098-01-01")
    made = held(till, {"KTO-100": 8})
    lots = {lot["lot"]: lot["reserved"] for lot in till.stock("KTO-100")["lots"]}
    assert sorted(lots.values()) == [2, 2, 4]
    assert lots["B"] == 2
    till.sell({"KTO-100": 9}, order=made["id"])
    stock = till.stock("KTO-100")
    assert (stock["on_hand"], stock["reserved"]) == (0, 0)


def test_a_sale_sent_again_is_answered_and_not_told_that_its_order_is_used(till: Shop) -> None:
    made = held(till, {"KTO-100": 2})
    body = cart({"KTO-100": 2}, order=made["id"])
    assert till.post("/sales", body, who="cashier").status == 201
    again = till.post("/sales", body, who="cashier")
    assert (again.status, again["number"]) == (200, "K1-000001")
    assert till.left("KTO-100") == 198


def test_an_order_is_used_once(till: Shop) -> None:
    made = held(till, {"KTO-100": 2})
    till.sell({"KTO-100": 2}, order=made["id"])
    answer = till.refused(409, "order_not_open", "/sales", cart({"KTO-100": 2}, order=made["id"]))
    assert answer["order"] == {"id": made["id"], "number": 1, "status": "used"}


def test_a_refused_sale_leaves_the_order_open(till: Shop) -> None:
    made = held(till, {"KTO-100": 2})
    till.refused(422, "payment_short", "/sales", cart({"KTO-100": 2}, cash=1, order=made["id"]))
    till.refused(409, "price_changed", "/sales", cart({"KTO-100": 2}, total=1, order=made["id"]))
    assert till.get(f"/orders/{made['id']}")["status"] == "open"
    assert till.left("KTO-100") == 198


def test_a_sale_that_waits_for_qris_takes_the_goods_over(till: Shop) -> None:
    till.leave("KTO-100", 3)
    made = held(till, {"KTO-100": 3})
    sale = till.sell({"KTO-100": 3}, qris=True, order=made["id"])["id"]
    assert till.get(f"/orders/{made['id']}")["status"] == "used"
    assert till.stock("KTO-100")["reserved"] == 3
    till.refused(409, "order_not_open", "/sales", cart({"KTO-100": 3}, order=made["id"]))
    assert till.post(f"/sales/{sale}/confirm", {"reference": "R1"}, who="cashier")["status"] == "completed"
    stock = till.stock("KTO-100")
    assert (stock["on_hand"], stock["reserved"]) == (0, 0)


def test_when_the_qris_sale_is_cancelled_the_goods_are_simply_free(till: Shop) -> None:
    made = held(till, {"KTO-100": 3})
    sale = till.sell({"KTO-100": 2}, qris=True, order=made["id"])["id"]
    assert till.stock("KTO-100")["reserved"] == 2
    till.post(f"/sales/{sale}/cancel", who="cashier")
    assert till.left("KTO-100") == 200
    assert till.get(f"/orders/{made['id']}")["status"] == "used"


def test_a_dropped_order_gives_its_goods_back(till: Shop) -> None:
    made = held(till, {"KTO-100": 3})
    answer = drop(till, made["id"])
    assert (answer.status, answer["status"], answer["ended_by"]) == (200, "dropped", "cashier")
    assert till.left("KTO-100") == 200
    entries = len(till.rows()["entry"])
    assert drop(till, made["id"])["status"] == "dropped"
    assert len(till.rows()["entry"]) == entries
    till.refused(409, "order_not_open", "/sales", cart({"KTO-100": 3}, order=made["id"]))


def test_a_used_order_can_not_be_dropped(till: Shop) -> None:
    made = held(till, {"KTO-100": 3})
    till.sell({"KTO-100": 3}, order=made["id"])
    before = till.rows()
    answer = drop(till, made["id"])
    assert (answer.status, answer.code) == (409, "order_not_open")
    assert till.changed(before) == {}


def test_an_order_sent_again_is_not_held_twice(till: Shop) -> None:
    body = order({"KTO-100": 3}, register="K2", kind="slip")
    first = till.post("/orders", body, who="kiosk")
    again = till.post("/orders", body, who="kiosk")
    assert (first.status, again.status, again["number"]) == (201, 200, first["number"])
    assert till.left("KTO-100") == 197
    assert len([job for job in till.get("/print-jobs")["items"] if job["kind"] == "order"]) == 1
    till.refused(409, "id_conflict", "/orders", body | {"note": "lain"}, who="kiosk")
    drop(till, body["id"], who="kiosk")
    assert till.post("/orders", body, who="kiosk")["status"] == "dropped"


def test_an_id_that_a_sale_has_is_no_orders(till: Shop) -> None:
    sale = till.sell({"KTO-100": 1})
    till.refused(409, "id_conflict", "/orders", order({"KTO-100": 1}) | {"id": sale["id"]})


def test_numbers_count_by_outlet_and_day_and_are_not_given_twice(
    till: Shop, noon: time_machine.Traveller
) -> None:
    first = held(till, {"KTO-100": 1})
    assert slip(till, {"KTO-100": 1})["number"] == 2
    assert held(till, {"KTO-100": 1}, register="G1", who="manager")["number"] == 1
    drop(till, first["id"])
    assert held(till, {"KTO-100": 1})["number"] == 3
    noon.shift(timedelta(days=1))
    assert held(till, {"KTO-100": 1})["number"] == 1


def test_a_list_shows_the_open_orders_of_the_outlet(till: Shop) -> None:
    held(till, {"KTO-100": 1})
    slip(till, {"KTO-100": 2})
    held(till, {"KTO-100": 3}, register="G1", who="manager")
    assert numbers(till, "K1") == numbers(till, "K2") == [1, 2]
    assert numbers(till, "G1", who="manager") == [1]
    assert till.get("/orders?register=G1", who="cashier").code == "forbidden"
    assert till.get("/orders?register=K9").code == "not_found"
    assert till.get("/orders").code == "validation_error"
    assert till.get("/orders", who="cashier")["items"][0]["number"] == 1


def test_a_long_list_comes_in_pages(till: Shop) -> None:
    for _ in range(5):
        held(till, {"KTO-100": 1})
    seen, cursor = [], ""
    while True:
        page = till.get(f"/orders?register=K1&limit=2{cursor}")
        seen += [item["number"] for item in page["items"]]
        if page["cursor"] is None:
            break
        cursor = f"&cursor={page['cursor']}"
    assert seen == [1, 2, 3, 4, 5]


def test_an_order_is_found_by_its_number_whatever_became_of_it(till: Shop) -> None:
    made = held(till, {"KTO-100": 1})
    held(till, {"KTO-100": 2})
    found = till.get("/orders?register=K2&number=1")["items"]
    assert [(item["id"], item["status"]) for item in found] == [(made["id"], "open")]
    till.sell({"KTO-100": 1}, order=made["id"])
    assert till.get("/orders?register=K1&number=1")["items"][0]["status"] == "used"
    assert till.get("/orders?register=K1&number=7")["items"] == []
    for wrong in ("x", "-1", "1.0", "1000000000", "%F0%9F%98%80"):
        assert till.get(f"/orders?register=K1&number={wrong}").code == "validation_error", wrong


def test_prices_are_those_of_the_day_of_the_sale(till: Shop) -> None:
    from pos import clock
    from pos.db import db, transact
    from pos.models import Product
    from pos.operations import products
    from pos.operations.actor import SYSTEM

    made = held(till, {"KTO-100": 2})
    with till.app.app_context():
        today = datetime.fromisoformat(made["created_at"]).date()
        product = db.session.query(Product).filter_by(sku="KTO-100").one().id
        transact(lambda: products.set_price(product, 20_000, today, SYSTEM, clock.now()))
    assert till.get(f"/orders/{made['id']}")["total"] == 40_000
    assert till.sell({"KTO-100": 2}, cash=40_000, order=made["id"])["total"] == 40_000


def test_a_till_holds_discounts_with_their_reasons(till: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 2, "discount": 1_000, "reason": "penyok"}
    made = held(till, [line], discount=500, reason="tetangga")
    assert (made["lines"][0]["discount"], made["lines"][0]["reason"]) == (1_000, "penyok")
    assert (made["discount"], made["reason"], made["total"]) == (500, "tetangga", 28_500)
    line = {"sku": "KTO-100", "quantity": 2, "discount": 1_000}
    till.refused(422, "validation_error", "/orders", order([line]))
    line = {"sku": "KTO-100", "quantity": 1, "discount": 15_001, "reason": "r"}
    till.refused(422, "validation_error", "/orders", order([line]))


def test_an_order_may_replace_an_earlier_one_and_use_its_goods(till: Shop) -> None:
    till.leave("KTO-100", 5)
    first = held(till, {"KTO-100": 5})
    second = held(till, {"KTO-100": 4}, order=first["id"])
    assert till.get(f"/orders/{first['id']}")["status"] == "dropped"
    assert (second["number"], till.left("KTO-100")) == (2, 1)
    till.refused(409, "order_not_open", "/orders", order({"KTO-100": 1}, order=first["id"]))


def test_expired_goods_are_not_sold_for_having_been_set_aside(
    till: Shop, noon: time_machine.Traveller
) -> None:
    till.leave("KTO-100", 0)
    tomorrow = (datetime.now(UTC) + timedelta(hours=7)).date()
    till.receive("KTO-100", 2, lot="SHORT", expires_on=tomorrow.isoformat())
    till.settings(order_slip_minutes=480)
    noon.shift(timedelta(hours=11, minutes=30))  # 23.30 in Jakarta
    made = slip(till, {"KTO-100": 2})
    noon.shift(timedelta(hours=1))
    till.refused(422, "lot_expired", "/sales", cart({"KTO-100": 2}, order=made["id"]))


def test_who_plays_with_the_kiosk_can_not_set_the_whole_shop_aside(
    till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.operations import orders

    monkeypatch.setattr(orders, "MOST_OPEN", 3)
    made = [slip(till, {"KTO-100": 1})["id"] for _ in range(3)]
    till.refused(409, "too_many_orders", "/orders", order({"KTO-100": 1}, register="K2"), who="kiosk")
    slip(till, {"KTO-100": 2}, order=made[0])
    drop(till, made[1], who="kiosk")
    slip(till, {"KTO-100": 1})


def test_an_order_of_another_outlet_is_not_found(till: Shop) -> None:
    till.open("G1", 0)
    made = held(till, {"KTO-100": 1})
    elsewhere = cart({"KTO-100": 1}, register="G1", order=made["id"])
    till.refused(404, "not_found", "/sales", elsewhere)
    assert till.get(f"/orders/{made['id']}", who="cashier at G1").code == "not_found"
    assert drop(till, made["id"], who="cashier at G1").code == "not_found"
    till.refused(404, "not_found", "/sales", cart({"KTO-100": 1}, order=new_id()))
    till.refused(404, "not_found", "/orders", order({"KTO-100": 1}, order=new_id()))
