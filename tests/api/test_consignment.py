"""Goods at partners' places: delivered, sold there, taken back, and never counted twice."""

import pytest
import time_machine

from tests.books.partners import local_day
from tests.factories import Body, Shop, new_id
from tests.support.demo import on_sqlite

MAWAR = "TOKO-MAWAR"


# The office's pages and the day of the books do the same on PostgreSQL.
demo_url = on_sqlite


@pytest.fixture(autouse=True)
def mawar(shop: Shop, books: None, noon: time_machine.Traveller) -> None:
    """A partner who keeps 15 %; whatever a test did, the books agree afterwards."""
    add_partner(shop, MAWAR, "Toko Mawar", commission_bp=1_500)


def add_partner(shop: Shop, code: str, name: str, **more: object) -> None:
    body = {"id": new_id(), "code": code, "name": name, **more}
    answer = shop.post("/stock/partners", body, who="manager")
    assert (answer.status, answer["code"]) == (201, code), answer.body


def line(sku: str, quantity: int, **more: object) -> Body:
    return {"sku": sku, "quantity": quantity, **more}


def delivery(*lines: Body, **more: object) -> Body:
    return {"id": new_id(), "partner": MAWAR, "from": "GUDANG", "lines": list(lines), **more}


def deliver(shop: Shop, *lines: Body) -> str:
    answer = shop.post("/stock/deliveries", delivery(*lines, handed_over=True))
    assert (answer.status, answer["status"]) == (201, "received"), answer.body
    return str(answer["id"])


def ean(shop: Shop) -> str:
    items = shop.get("/products?query=MBT-250&register=K1")["items"]
    return str(items[0]["barcodes"][0])


def report(shop: Shop, *lines: Body, **more: object) -> Body:
    day = local_day()
    return {"id": new_id(), "partner": MAWAR, "from": day, "until": day, "lines": list(lines), **more}


def back(*lines: Body, **more: object) -> Body:
    return {"id": new_id(), "partner": MAWAR, "to": "GUDANG", "lines": list(lines), **more}


def there(shop: Shop, sku: str = "KTO-100", place: str = MAWAR) -> int:
    items = shop.get(f"/stock?location={place}")["items"]
    return next((int(item["on_hand"]) for item in items if item["sku"] == sku), 0)


def statement(shop: Shop, who: str = "treasurer", partner: str = MAWAR) -> Body:
    day = local_day()
    answer = shop.get(f"/stock/statement?partner={partner}&from={day}&until={day}", who=who)
    assert answer.status == 200, answer.body
    return dict(answer.body)


def test_goods_handed_over_lie_at_the_partners_and_no_till_sells_them(till: Shop) -> None:
    made = deliver(till, line("KTO-100", 190))
    view = till.get(f"/stock/deliveries/{made}")
    assert (view["number"], view["partner"], view["to"]) == ("SJ-000001", MAWAR, MAWAR)
    assert (there(till, place="GUDANG"), there(till)) == (10, 190)
    products = till.get("/products?register=K1")["items"]
    assert next(item["available"] for item in products if item["sku"] == "KTO-100") == 10


def test_goods_on_their_way_are_received_short_by_one_of_us(shop: Shop) -> None:
    answer = shop.post("/stock/deliveries", delivery(line("KTO-100", 10)))
    assert (answer.status, answer["status"], there(shop)) == (201, "sent", 0)
    arrived = {"id": new_id(), "lines": [line("KTO-100", 8)], "reason": "dua bungkus penyok"}
    assert shop.post(f"/stock/transfers/{answer['id']}/receive", arrived).status == 201
    assert there(shop) == 8
    (only,) = statement(shop)["lines"]
    assert (only["delivered"], only["closing"]) == (8, 8)


def test_a_plain_transfer_to_a_partner_is_a_delivery_with_a_number(shop: Shop) -> None:
    body = {"id": new_id(), "from": "GUDANG", "to": MAWAR, "lines": [line("KTO-100", 1)]}
    assert shop.post("/stock/transfers", body).status == 201
    assert shop.get(f"/stock/deliveries/{body['id']}")["number"] == "SJ-000001"


def test_what_was_sold_is_owed_at_the_agreed_price_less_the_commission(shop: Shop) -> None:
    prices = {"id": new_id(), "lines": [{"sku": "KTO-100", "price": 14_000}]}
    assert shop.post(f"/stock/partners/{MAWAR}/prices", prices, who="manager").status == 201
    deliver(shop, line("KTO-100", 20), line("MBT-250", 5))
    answer = shop.post("/stock/sell-through", report(shop, line("KTO-100", 7), line("MBT-250", 3)))
    assert answer.status == 201, answer.body
    assert (answer["number"], answer["gross"]) == ("LJ-000001", 7 * 14_000 + 3 * 8_000)
    assert (answer["commission"], answer["due"]) == (18_300, 103_700)
    assert (there(shop), there(shop, "MBT-250")) == (13, 2)
    found = statement(shop)
    assert (found["sold"], found["due"], found["closing"]) == (10, 103_700, 15)
    assert [row["closing"] for row in found["lines"]] == [13, 2]


def test_the_commission_of_the_rows_adds_up_to_the_reports(shop: Shop) -> None:
    prices = {"id": new_id(), "lines": [{"sku": "KTO-100", "price": 3}]}
    shop.post(f"/stock/partners/{MAWAR}/prices", prices, who="manager")
    deliver(shop, line("KTO-100", 20))
    answer = shop.post("/stock/sell-through", report(shop, *[line("KTO-100", 1)] * 7))
    assert [row["commission"] for row in answer["lines"]].count(1) == 3
    assert (answer["gross"], answer["commission"], answer["due"]) == (21, 3, 18)


def test_lots_leave_the_partners_place_first_expired_first_and_late_ones_last(shop: Shop) -> None:
    shop.receive("KTO-100", 5, lot="BASI", expires_on="2020-01-01")
    shop.receive("KTO-100", 5, lot="DEKAT", expires_on="2027-01-31")
    deliver(shop, line("KTO-100", 5, lot="BASI"), line("KTO-100", 5, lot="DEKAT"))
    assert shop.post("/stock/sell-through", report(shop, line("KTO-100", 4))).status == 201
    left = {item["lot"]: item["on_hand"] for item in lots_at(shop)}
    assert (left["BASI"], left["DEKAT"]) == (5, 1)
    again = report(shop, line("KTO-100", 3), document="B")
    shop.refused(409, "report_known", "/stock/sell-through", again)


def lots_at(shop: Shop) -> list[Body]:
    (item,) = shop.get(f"/stock?location={MAWAR}")["items"]
    return list(item["lots"])


def test_more_than_lies_there_is_refused_row_by_row_with_what_to_do(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 5), line("MBT-250", 5))
    body = report(shop, line("KTO-100", 4), line("MBT-250", 1), line("KTO-100", 2))
    answer = shop.refused(409, "insufficient_stock", "/stock/sell-through", body)
    assert [error["field"] for error in answer["errors"]] == ["lines.0.quantity", "lines.2.quantity"]
    assert "6" in answer["errors"][0]["message"]
    assert "5" in answer["errors"][0]["message"]
    assert answer["lines"] == [{"sku": "KTO-100", "quantity": 6, "available": 5}]


def test_the_same_number_or_period_counts_once_and_two_numbers_count_twice(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 20))
    first = report(shop, line("KTO-100", 1), document="INV-7")
    assert shop.post("/stock/sell-through", first).status == 201
    assert shop.post("/stock/sell-through", first).status == 200
    shop.refused(409, "report_known", "/stock/sell-through", report(shop, line("KTO-100", 1)))
    same = report(shop, line("KTO-100", 2), document="inv-7")
    shop.refused(409, "report_known", "/stock/sell-through", same)
    other = report(shop, line("KTO-100", 1), document="INV-8")
    assert shop.post("/stock/sell-through", other).status == 201
    assert there(shop) == 18


def test_a_wrong_report_is_reversed_whole_and_booked_anew(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 20))
    made = shop.post("/stock/sell-through", report(shop, line("KTO-100", 9)))["id"]
    undo = {"id": new_id(), "reason": "salah berkas"}
    answer = shop.post(f"/stock/sell-through/{made}/reverse", undo)
    assert (answer.status, answer["status"], answer["reason"]) == (201, "reversed", "salah berkas")
    assert there(shop) == 20
    found = statement(shop)
    assert (found["sold"], found["due"], found["reports"]) == (0, 0, [])
    again = {"id": new_id(), "reason": "lagi"}
    shop.refused(409, "report_reversed", f"/stock/sell-through/{made}/reverse", again)
    assert shop.post("/stock/sell-through", report(shop, line("KTO-100", 4))).status == 201
    assert there(shop) == 16


def test_buyers_bring_back_no_more_than_they_bought(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 20), line("MBT-250", 2))
    body = report(shop, line("KTO-100", 5), line("KTO-100", -2), line("MBT-250", 1), line("MBT-250", -1))
    answer = shop.post("/stock/sell-through", body)
    assert (answer.status, answer["quantity"], there(shop)) == (201, 3, 17)


def test_rows_that_make_no_sense_are_all_named(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 5))
    body = report(
        shop,
        line("TIDAK-ADA", 1),
        {"quantity": 1},
        line("KTO-100", 0),
        line("KTO-100", 1, barcode=ean(shop)),
    )
    answer = shop.refused(422, "validation_error", "/stock/sell-through", body)
    fields = [error["field"] for error in answer["errors"]]
    assert fields == ["lines.0.sku", "lines.1.sku", "lines.2.quantity", "lines.3.barcode"]
    outside = report(shop, line("KTO-100", 1, date="2026-01-01"))
    shop.refused(422, "validation_error", "/stock/sell-through", outside)
    future = report(shop, line("KTO-100", 1), until="2030-01-01")
    shop.refused(422, "validation_error", "/stock/sell-through", future)
    turned = report(shop, line("KTO-100", 1), until="2020-01-01")
    shop.refused(422, "validation_error", "/stock/sell-through", turned)
    less = report(shop, line("KTO-100", 1), line("KTO-100", -2))
    shop.refused(422, "validation_error", "/stock/sell-through", less)


def test_unsold_goods_come_back_and_spoiled_ones_are_written_off(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 10))
    body = back(line("KTO-100", 4), line("KTO-100", 2, spoiled=True, reason="basah"))
    answer = shop.post("/stock/returns", body)
    assert (answer.status, answer["number"]) == (201, "SR-000001"), answer.body
    assert (there(shop), there(shop, place="GUDANG")) == (4, 194)
    found = statement(shop)
    assert (found["delivered"], found["returned"], found["lost"], found["closing"]) == (10, 4, 2, 4)
    too_many = back(line("KTO-100", 5))
    shop.refused(409, "insufficient_stock", "/stock/returns", too_many)
    shop.refused(422, "validation_error", "/stock/returns", back(line("KTO-100", 1, spoiled=True)))


def test_a_named_lot_comes_back_although_other_lines_name_none(shop: Shop) -> None:
    shop.receive("KTO-100", 3, lot="DEKAT", expires_on="2026-12-31")
    deliver(shop, line("KTO-100", 3, lot="DEKAT"), line("KTO-100", 4))
    body = back(line("KTO-100", 2), line("KTO-100", 3, lot="DEKAT", spoiled=True, reason="lewat"))
    answer = shop.post("/stock/returns", body)
    assert answer.status == 201, answer.body
    assert sum(row["quantity"] for row in answer["lines"] if row["spoiled"]) == 3
    assert {row["lot"] for row in answer["lines"] if row["spoiled"]} == {"DEKAT"}


def test_a_count_at_the_partners_place_is_a_loss_in_the_statement(shop: Shop) -> None:
    deliver(shop, line("KTO-100", 10))
    lot = lots_at(shop)[0]["lot"]
    made = shop.post("/stock/counts", {"id": new_id(), "location": MAWAR})["id"]
    tally = {"id": new_id(), "lines": [line("KTO-100", 7, lot=lot, kind="set")]}
    assert shop.post(f"/stock/counts/{made}/tallies", tally).status == 201
    assert shop.post(f"/stock/counts/{made}/post", {"id": new_id()}).status == 201
    found = statement(shop)
    assert (found["lost"], found["closing"], there(shop)) == (3, 7, 7)


def test_a_recall_finds_the_partner_who_sold_and_who_holds_the_lot(shop: Shop) -> None:
    shop.receive("KTO-100", 6, lot="TARIK", expires_on="2027-06-30")
    deliver(shop, line("KTO-100", 6, lot="TARIK"))
    assert shop.post("/stock/sell-through", report(shop, line("KTO-100", 2))).status == 201
    view = shop.get("/stock/lots?sku=KTO-100&lot=TARIK")
    assert [(place["location"], place["on_hand"]) for place in view["places"] if place["on_hand"]] == [
        (MAWAR, 4)
    ]
    assert [(r["reason"], r["number"], r["partner"], r["quantity"]) for r in view["receipts"]] == [
        ("consigned", "LJ-000001", "Toko Mawar", 2)
    ]


def test_nothing_is_booked_for_whoever_is_no_partner_or_gets_nothing_more(shop: Shop) -> None:
    wrong = delivery(line("KTO-100", 1)) | {"partner": "GUDANG"}
    shop.refused(422, "validation_error", "/stock/deliveries", wrong)
    shop.refused(422, "validation_error", "/stock/returns", back(line("KTO-100", 1), partner="X"))
    shop.refused(422, "validation_error", "/stock/returns", back(line("KTO-100", 1), to=MAWAR))
    taken = {"id": new_id(), "code": "GUDANG", "name": "X"}
    shop.refused(422, "validation_error", "/stock/partners", taken, who="manager")
    shop.refused(404, "not_found", f"/stock/sell-through/{new_id()}/reverse", {"id": new_id(), "reason": "x"})


def test_who_may_what(shop: Shop) -> None:
    for who in ("cashier", "treasurer", "auditor"):
        answer = shop.post("/stock/deliveries", delivery(line("KTO-100", 1)), who=who)
        assert answer.status == 403, who
    new = {"id": new_id(), "code": "LAIN", "name": "Lain"}
    assert shop.post("/stock/partners", new, who="supervisor").status == 403
    assert (
        shop.get(f"/stock/statement?partner={MAWAR}&from=2026-01-01&until=2026-01-31", who="cashier").status
        == 403
    )
    for who in ("treasurer", "auditor", "supervisor"):
        assert statement(shop, who)["closing"] == 0
