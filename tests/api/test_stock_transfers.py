"""Goods on their way from one location to another: who has them, and what becomes of what is missing."""

import pytest

from tests.api.papers import jobs, lines_of
from tests.factories import Body, Shop, new_id


@pytest.fixture(autouse=True)
def gerai(shop: Shop, books: None) -> None:
    """A second location; whatever a test did, the books agree afterwards."""
    add_location(shop, "GERAI")


def add_location(shop: Shop, code: str) -> None:
    from pos import clock
    from pos.db import transact
    from pos.operations import catalogue
    from pos.operations.actor import SYSTEM

    with shop.app.app_context():
        transact(lambda: catalogue.add_location(code, code.title(), "stock", SYSTEM, clock.now()))


def transfer(lines: list[Body], **more: object) -> Body:
    return {"id": new_id(), "from": "GUDANG", "to": "GERAI", "lines": lines, **more}


def send(shop: Shop, sku: str = "KTO-100", quantity: int = 10, **more: object) -> str:
    answer = shop.post("/stock/transfers", transfer([{"sku": sku, "quantity": quantity, **more}]))
    assert answer.status == 201, answer.body
    return str(answer["id"])


def arrive(*lines: Body, **more: object) -> Body:
    return {"id": new_id(), "lines": list(lines), **more}


def here(shop: Shop, place: str, sku: str = "KTO-100") -> int:
    items = shop.get(f"/stock?location={place}")["items"]
    return next((int(item["on_hand"]) for item in items if item["sku"] == sku), 0)


def reasons(shop: Shop, sku: str = "KTO-100") -> list[tuple[str, str, str, int]]:
    items = shop.get(f"/stock/movements?sku={sku}")["items"]
    return [(i["reason"], i["from"], i["to"], i["quantity"]) for i in items if i["reason"] != "receipt"]


def test_goods_in_transit_are_nowhere_to_be_sold_until_they_are_received(shop: Shop) -> None:
    made = send(shop, quantity=30)
    assert (here(shop, "GUDANG"), here(shop, "GERAI")) == (170, 0)
    assert sum(item["on_hand"] for item in shop.get("/stock")["items"] if item["sku"] == "KTO-100") == 170
    answer = shop.post(f"/stock/transfers/{made}/receive", arrive({"sku": "KTO-100", "quantity": 30}))
    assert (answer.status, answer["status"]) == (201, "received")
    assert (here(shop, "GUDANG"), here(shop, "GERAI")) == (170, 30)
    assert reasons(shop) == [("transfer", "GUDANG", "TRANSIT", 30), ("transfer", "TRANSIT", "GERAI", 30)]


def test_the_lots_that_expire_first_go_and_keep_their_dates(shop: Shop) -> None:
    shop.receive("KTO-100", 4, lot="BASI", expires_on="2020-01-01")
    shop.receive("KTO-100", 5, lot="DEKAT", expires_on="2026-12-31")
    made = send(shop, quantity=8)
    lines = shop.get(f"/stock/transfers/{made}")["lines"]
    assert (lines[0]["lot"], lines[0]["sent"]) == ("DEKAT", 5)
    assert "BASI" not in [line["lot"] for line in lines]
    assert sum(line["sent"] for line in lines) == 8


def test_a_named_lot_goes_even_when_it_is_expired(shop: Shop) -> None:
    shop.receive("KTO-100", 4, lot="BASI", expires_on="2020-01-01")
    made = send(shop, quantity=4, lot="BASI")
    assert [line["lot"] for line in shop.get(f"/stock/transfers/{made}")["lines"]] == ["BASI"]


def test_a_named_lot_and_the_rest_do_not_take_the_same_pieces(shop: Shop) -> None:
    lot = shop.stock("KTO-100")["lots"][0]["lot"]
    both = [{"sku": "KTO-100", "quantity": 150, "lot": lot}, {"sku": "KTO-100", "quantity": 51}]
    shop.refused(409, "insufficient_stock", "/stock/transfers", transfer(both))
    both[1]["quantity"] = 50
    assert shop.post("/stock/transfers", transfer(both)).status == 201
    assert here(shop, "GUDANG") == 0


def test_what_does_not_arrive_is_lost_with_its_reason(shop: Shop) -> None:
    made = send(shop, quantity=10)
    body = arrive({"sku": "KTO-100", "quantity": 7}, reason="tiga bungkus sobek")
    answer = shop.post(f"/stock/transfers/{made}/receive", body)
    assert (answer.status, answer["reason"]) == (201, "tiga bungkus sobek")
    assert [(i["sent"], i["received"], i["difference"]) for i in answer["lines"]] == [(10, 7, -3)]
    assert here(shop, "GERAI") == 7
    assert reasons(shop)[1:] == [("transfer", "TRANSIT", "GERAI", 7), ("short", "TRANSIT", "SUSUT", 3)]


def test_a_product_that_nobody_names_did_not_arrive(shop: Shop) -> None:
    two = [{"sku": "KTO-100", "quantity": 3}, {"sku": "MBT-250", "quantity": 2}]
    made = shop.post("/stock/transfers", transfer(two))["id"]
    assert shop.post(f"/stock/transfers/{made}/receive", arrive(two[0])).status == 201
    assert (here(shop, "GERAI"), here(shop, "GERAI", "MBT-250")) == (3, 0)


def test_what_is_too_much_is_counted_in(shop: Shop) -> None:
    made = send(shop, quantity=10)
    answer = shop.post(f"/stock/transfers/{made}/receive", arrive({"sku": "KTO-100", "quantity": 12}))
    assert [(i["sent"], i["received"], i["difference"]) for i in answer["lines"]] == [(10, 12, 2)]
    assert here(shop, "GERAI") == 12
    assert ("over", "SUSUT", "GERAI", 2) in reasons(shop)


def test_a_product_that_was_not_sent_arrives_with_its_lot_named(shop: Shop) -> None:
    made = send(shop, quantity=1)
    address = f"/stock/transfers/{made}/receive"
    extra = {"sku": "MBT-250", "quantity": 2}
    shop.refused(422, "validation_error", address, arrive({"sku": "KTO-100", "quantity": 1}, extra))
    shop.refused(422, "validation_error", address, arrive(extra | {"lot": "TIDAK-ADA"}))
    lot = shop.stock("MBT-250")["lots"][0]["lot"]
    good = arrive({"sku": "KTO-100", "quantity": 1}, extra | {"lot": lot})
    assert shop.post(address, good).status == 201
    assert here(shop, "GERAI", "MBT-250") == 2


def test_of_several_lots_those_that_expire_first_are_taken_to_have_arrived(shop: Shop) -> None:
    shop.receive("KTO-100", 5, lot="DEKAT", expires_on="2026-12-31")
    made = send(shop, quantity=8)
    answer = shop.post(f"/stock/transfers/{made}/receive", arrive({"sku": "KTO-100", "quantity": 6}))
    assert [(line["sent"], line["received"]) for line in answer["lines"]] == [(5, 5), (3, 1)]


def test_a_transfer_is_received_once(shop: Shop) -> None:
    made = send(shop)
    body = arrive({"sku": "KTO-100", "quantity": 10})
    assert shop.post(f"/stock/transfers/{made}/receive", body).status == 201
    again = shop.post(f"/stock/transfers/{made}/receive", body)
    assert (again.status, again["status"]) == (200, "received")
    address = f"/stock/transfers/{made}/receive"
    shop.refused(409, "transfer_received", address, arrive({"sku": "KTO-100", "quantity": 10}))
    assert here(shop, "GERAI") == 10


def test_what_makes_no_sense_changes_nothing(shop: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 1}
    shop.refused(422, "validation_error", "/stock/transfers", transfer([line], to="GUDANG"))
    shop.refused(422, "validation_error", "/stock/transfers", transfer([line], to="X"))
    shop.refused(422, "validation_error", "/stock/transfers", transfer([line], to="PEMBELI"))
    shop.refused(422, "unknown_sku", "/stock/transfers", transfer([line | {"sku": "X"}]))
    shop.refused(409, "insufficient_stock", "/stock/transfers", transfer([line | {"quantity": 201}]))
    shop.refused(404, "not_found", f"/stock/transfers/{new_id()}/receive", arrive(line))
    made = send(shop)
    shop.refused(422, "unknown_sku", f"/stock/transfers/{made}/receive", arrive(line | {"sku": "X"}))
    shop.refused(403, "approval_needed", "/stock/transfers", transfer([line]), who="cashier")


def test_reserved_goods_do_not_leave(till: Shop) -> None:
    till.sell({"KTO-100": 5}, qris=True)
    line = {"sku": "KTO-100", "quantity": 196}
    till.refused(409, "insufficient_stock", "/stock/transfers", transfer([line]))
    assert till.post("/stock/transfers", transfer([line | {"quantity": 195}])).status == 201


def test_transfers_are_listed_the_newest_first_in_pages(shop: Shop) -> None:
    made = [send(shop, quantity=n) for n in (1, 2, 3)]
    shop.post(f"/stock/transfers/{made[0]}/receive", arrive({"sku": "KTO-100", "quantity": 1}))
    whole = [item["id"] for item in shop.get("/stock/transfers")["items"]]
    assert whole == made[::-1]
    assert [item["id"] for item in shop.get("/stock/transfers?status=sent")["items"]] == [made[2], made[1]]
    first = shop.get("/stock/transfers?limit=2")
    rest = shop.get(f"/stock/transfers?limit=2&cursor={first['cursor'].replace('+', '%2B')}")
    assert [item["id"] for item in first["items"] + rest["items"]] == whole
    assert shop.get("/stock/transfers?status=lost").status == 422


def test_the_slip_names_every_lot_and_is_signed(till: Shop) -> None:
    made = send(till, quantity=12)
    body = {"id": new_id(), "register": "K1"}
    assert till.post(f"/stock/transfers/{made}/print", body, who="cashier").status == 201
    (job,) = jobs(till, "transfer")
    text = "\n".join(lines_of(till, job))
    assert "SURAT PINDAH BARANG" in text
    assert "Gudang" in text or "GUDANG" in text
    assert "Keripik Tempe Original" in text
    assert "12" in text
    assert "Penerima" in text
