"""The client makes every id: the same request twice is done once, and an id is for one thing."""

from collections.abc import Callable

from tests.api.test_stock_transfers import add_location
from tests.cast import approval
from tests.factories import Body, Shop, back, cart, new_id


def every_creating_call(shop: Shop) -> list[tuple[str, Body, Body]]:
    """Path, right body, and the same id asking for something else; in an order in which all succeed."""
    shift = str(shop.get("/shifts/current?register=K1")["id"])
    first, second = (str(shop.sell({"KTO-100": 3})["id"]) for _ in range(2))
    sale = cart({"KTO-100": 1})
    waiting = cart({"KTO-100": 1}, qris=True)
    opened = {"id": new_id(), "register": "G1", "float": 100}
    cash = {"id": new_id(), "direction": "in", "amount": 100, "reason": "receh"}
    drawer = {"id": new_id(), "reason": "tukar"}
    void = {"id": new_id(), "reason": "salah"}
    refund = back({"KTO-100": 1})
    copy = {"id": new_id(), "register": "K1"}
    goods = {"id": new_id(), "location": "GUDANG", "lines": [{"sku": "KTO-100", "quantity": 1, "lot": "A"}]}
    fixed = {
        "id": new_id(),
        "location": "GUDANG",
        "reason": "waste",
        "lines": [{"sku": "KTO-100", "quantity": -1}],
    }
    return [
        ("/sales", sale, sale | {"total": 15_000}),
        ("/sales", waiting, waiting | {"register": "G1"}),
        ("/shifts", opened, opened | {"float": 101}),
        (f"/shifts/{shift}/cash", cash, cash | {"direction": "out"}),
        (f"/shifts/{shift}/drawer", drawer, drawer | {"reason": "lain"}),
        (f"/sales/{first}/void", void, void | {"reason": "lain"}),
        (f"/sales/{second}/refunds", refund, refund | {"restock": False}),
        (f"/sales/{second}/reprint", copy, {"id": copy["id"]}),
        ("/stock/receipts", goods, goods | {"note": "lain"}),
        ("/stock/adjustments", fixed, fixed | {"reason": "sample"}),
        *stock_papers(shop),
    ]


def stock_papers(shop: Shop) -> list[tuple[str, Body, Body]]:
    """The same of goods from a maker, transfers, counts, and what people set for the stock."""
    add_location(shop, "GERAI")
    goods = [{"sku": "MBT-250", "quantity": 4}]
    source = {"id": new_id(), "name": "Bengkel", "kind": "maker"}
    made = {"id": new_id(), "location": "GUDANG", "source": "Bengkel", "lines": goods}
    least = {"id": new_id(), "location": "GUDANG", "lines": [{"sku": "MBT-250", "minimum": 5}]}
    sent = {"id": new_id(), "from": "GUDANG", "to": "GERAI", "lines": goods}
    slip = {"id": new_id(), "register": "K1"}
    arrived = {"id": new_id(), "lines": [{"sku": "MBT-250", "quantity": 3}], "reason": "pecah"}
    count, dropped = ({"id": new_id(), "location": place} for place in ("GUDANG", "GERAI"))
    tally = {"id": new_id(), "lines": [{"sku": "MBL-250", "quantity": 198}]}
    end, drop = {"id": new_id()}, {"id": new_id()}
    transfer, counting = f"/stock/transfers/{sent['id']}", f"/stock/counts/{count['id']}"
    return [
        ("/stock/sources", source, source | {"kind": "supplier"}),
        ("/stock/receipts", made, made | {"source": ""}),
        ("/stock/minimums", least, least | {"location": "GERAI"}),
        ("/stock/transfers", sent, sent | {"to": "GUDANG", "from": "GERAI"}),
        (f"{transfer}/print", slip, slip | {"register": "G1"}),
        (f"{transfer}/receive", arrived, arrived | {"reason": "hilang"}),
        ("/stock/counts", count, count | {"blind": True}),
        ("/stock/counts", dropped, dropped | {"note": "x"}),
        (f"{counting}/tallies", tally, tally | {"lines": [{"sku": "MBL-250", "quantity": 199}]}),
        (f"{counting}/post", end, end | {"missing": "zero"}),
        (f"/stock/counts/{dropped['id']}/drop", drop, drop | {"x": 1}),
    ]


def test_every_creating_call_is_carried_out_once(till: Shop) -> None:
    for path, body, _ in every_creating_call(till):
        first = till.post(path, body, who="supervisor")
        assert first.status in (201, 202), (path, first.body)
        before = till.rows()
        again = till.post(path, body, who="supervisor")
        assert (again.status, again.body) == (200, first.body), path
        assert till.changed(before) == {}, path


def test_the_same_id_for_something_else_is_a_conflict_in_every_call(till: Shop) -> None:
    for path, body, other in every_creating_call(till):
        assert till.post(path, body, who="supervisor").status in (201, 202), path
        till.refused(409, "id_conflict", path, other, who="supervisor")


def test_an_id_used_in_one_call_is_used_for_all(till: Shop) -> None:
    calls = every_creating_call(till)
    used = new_id()
    assert till.post("/sales", cart({"KTO-100": 2}) | {"id": used}).status == 201
    for path, body, _ in calls:
        till.refused(409, "id_conflict", path, body | {"id": used}, who="supervisor")


def test_an_approval_is_no_part_of_what_was_asked(till: Shop) -> None:
    body = cart({"KTO-100": 1}, discount=5_000, reason="r")
    first = till.post("/sales", body | {"approval": approval()}, who="cashier")
    assert first.status == 201
    for again in (
        body,
        body | {"approval": approval("Manajer")},
        body | {"approval": approval(pin="000000")},
    ):
        answer = till.post("/sales", again, who="cashier")
        assert (answer.status, answer.body) == (200, first.body)


def test_the_order_of_the_fields_does_not_matter(till: Shop) -> None:
    body = cart({"KTO-100": 1})
    assert till.post("/sales", body).status == 201
    assert till.post("/sales", dict(reversed(body.items()))).status == 200


def test_a_refused_request_does_not_use_up_its_id(shop: Shop) -> None:
    body = cart({"KTO-100": 1}, cash=10_000)
    shop.refused(409, "shift_not_open", "/sales", body)
    shop.open()
    shop.refused(422, "payment_short", "/sales", body)
    shop.refused(422, "validation_error", "/sales", body | {"x": 1})
    paid = cart({"KTO-100": 1}) | {"id": body["id"]}
    assert shop.post("/sales", paid).status == 201


def test_the_id_is_looked_up_before_anything_else_is_checked(till: Shop) -> None:
    sold = cart({"KTO-100": 1})
    assert till.post("/sales", sold).status == 201
    spoil: list[Callable[[Body], Body]] = [
        lambda body: body | {"unknown": 1},
        lambda body: body | {"register": "K9"},
        lambda body: body | {"tenders": []},
        lambda body: body | {"lines": [{"sku": "X", "quantity": 1}]},
        lambda body: body | {"lines": [{"sku": "KTO-100", "quantity": 5.5}]},
        lambda body: body | {"total": 1},
        lambda body: body | {"discount": 15_000},
        lambda body: {"id": body["id"]},
    ]
    for change in spoil:
        till.refused(409, "id_conflict", "/sales", change(sold))


def test_a_replay_answers_with_the_sale_as_it_is_now(till: Shop) -> None:
    body = cart({"KTO-100": 2}, qris=True)
    assert till.post("/sales", body).status == 202
    assert till.post("/sales", body)["status"] == "awaiting_payment"
    till.post(f"/sales/{body['id']}/confirm", {"reference": "R-1"})
    again = till.post("/sales", body)
    assert (again.status, again["status"], again["number"]) == (200, "completed", "K1-000001")
    till.post(f"/sales/{body['id']}/void", {"id": new_id(), "reason": "batal"})
    again = till.post("/sales", body)
    assert (again.status, again["status"]) == (200, "voided")


def test_a_sale_is_replayed_after_its_shift_was_closed(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    body = cart({"KTO-100": 1})
    first = till.post("/sales", body)
    till.close(shift, 115_000)
    before = till.rows()
    again = till.post("/sales", body)
    assert (again.status, again.body) == (200, first.body)
    assert till.changed(before) == {}


def test_a_sale_is_replayed_when_its_goods_are_sold_out_and_dearer(till: Shop) -> None:
    body = cart({"KTO-100": 200}, total=3_000_000)
    first = till.post("/sales", body)
    assert (till.left("KTO-100"), first.status) == (0, 201)
    assert till.post("/sales", body).body == first.body


def test_a_count_and_a_close_are_replayed(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    count = {"id": new_id(), "counted": {"100000": 1}}
    first = till.post(f"/shifts/{shift}/count", count, who="cashier")
    assert first.status == 201
    again = till.post(f"/shifts/{shift}/count", count, who="cashier")
    assert (again.status, again.body) == (200, first.body)
    till.refused(409, "id_conflict", f"/shifts/{shift}/count", count | {"counted": 5})
    close = {"id": new_id(), "reason": ""}
    z = till.post(f"/shifts/{shift}/close", close, who="cashier")
    assert z.status == 201
    before = till.rows()
    again = till.post(f"/shifts/{shift}/close", close, who="cashier")
    assert (again.status, again.body) == (200, z.body)
    assert till.post(f"/shifts/{shift}/count", count, who="cashier").status == 200
    assert till.changed(before) == {}
    till.refused(409, "id_conflict", f"/shifts/{shift}/close", close | {"reason": "x"})


def test_a_close_in_one_step_is_replayed(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")["id"]
    close = {"id": new_id(), "counted": 100_000, "reason": ""}
    z = till.post(f"/shifts/{shift}/close", close, who="cashier")
    before = till.rows()
    again = till.post(f"/shifts/{shift}/close", close, who="cashier")
    assert (z.status, again.status, again.body) == (201, 200, z.body)
    assert till.changed(before) == {}


def test_an_id_in_capitals_is_the_same_id(till: Shop) -> None:
    body = cart({"KTO-100": 1}) | {"id": "ABCDEF00-0000-4000-8000-000000000001"}
    first = till.post("/sales", body)
    assert first["id"] == body["id"].lower()
    assert till.post("/sales", body).status == 200
    assert till.get(f"/sales/{body['id']}").body == first.body
    till.refused(409, "id_conflict", "/sales", cart({"KTO-100": 2}) | {"id": body["id"].lower()})
