"""Cash sales: money, stock, numbers, and what is refused."""

from typing import Any

import pytest

from tests.cast import approval
from tests.factories import Shop, cart, new_id


def test_a_cash_sale_answers_as_the_contract_shows_it(till: Shop) -> None:
    body = cart({"KTO-100": 2, "MBT-250": 1}, cash=50_000)
    answer = till.post("/sales", body, who="cashier")
    assert answer.status == 201
    assert answer["id"] == body["id"]
    assert answer["number"] == "K1-000001"
    assert answer["status"] == "completed"
    assert [
        (line["sku"], line["quantity"], line["unit_price"], line["discount"], line["total"])
        for line in answer["lines"]
    ] == [("KTO-100", 2, 15_000, 0, 30_000), ("MBT-250", 1, 8_000, 0, 8_000)]
    assert answer["lines"][0]["name"] == "Keripik Tempe Original 100 g"
    money = {key: answer[key] for key in ("subtotal", "discount", "rounding", "total", "change")}
    assert money == {"subtotal": 38_000, "discount": 0, "rounding": 0, "total": 38_000, "change": 12_000}
    assert answer["tenders"] == [{"method": "cash", "amount": 50_000}]
    assert len(answer["entry_hash"]) == 64
    assert answer["refunded"] == 0
    assert till.get(f"/sales/{body['id']}").body == answer.body


def test_a_sale_takes_its_goods_off_the_shelf(till: Shop) -> None:
    till.sell({"KTO-100": 2, "MBT-250": 1})
    assert till.left("KTO-100") == 198
    assert till.stock("MBT-250")["on_hand"] == 199
    assert till.stock("MBT-250")["reserved"] == 0


def test_numbers_run_without_a_gap_over_refused_sales(till: Shop) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(till.sell({"KTO-100": 1})["number"])
        till.refused(422, "payment_short", "/sales", cart({"KTO-100": 1}, cash=14_900), who="cashier")
    assert numbers == ["K1-000001", "K1-000002", "K1-000003"]


def test_each_register_counts_for_itself(till: Shop) -> None:
    till.open("G1", 0)
    assert till.sell({"KTO-100": 1})["number"] == "K1-000001"
    assert till.sell({"KTO-100": 1}, register="G1", who="cashier at G1")["number"] == "G1-000001"


def test_a_sale_with_too_little_money_is_refused(till: Shop) -> None:
    answer = till.refused(422, "payment_short", "/sales", cart({"KTO-100": 2}, cash=29_999), who="cashier")
    assert answer["short"] == 1


def test_a_sale_without_any_tender_is_refused(till: Shop) -> None:
    till.refused(422, "payment_short", "/sales", cart({"KTO-100": 1}) | {"tenders": []}, who="cashier")


def test_a_product_nobody_knows_is_refused(till: Shop) -> None:
    body = cart({"KTO-100": 1}) | {"lines": [{"sku": "KTO-100", "quantity": 1}, {"sku": "X", "quantity": 1}]}
    answer = till.refused(422, "unknown_sku", "/sales", body, who="cashier")
    assert answer["errors"][0]["field"] == "lines.1.sku"


def test_the_prices_come_from_the_server(till: Shop) -> None:
    body = cart([{"sku": "KTO-100", "quantity": 1, "unit_price": 1}], cash=15_000)
    till.refused(422, "validation_error", "/sales", body, who="cashier")


def test_the_total_that_was_shown_is_compared(till: Shop) -> None:
    body = cart({"KTO-100": 2}, cash=50_000, total=29_000)
    assert till.refused(409, "price_changed", "/sales", body, who="cashier")["total"] == 30_000
    assert till.post("/sales", body | {"total": 30_000}, who="cashier").status == 201


def test_selling_needs_an_open_shift(shop: Shop) -> None:
    shop.refused(409, "shift_not_open", "/sales", cart({"KTO-100": 1}), who="cashier")


def test_a_register_nobody_knows_is_refused(till: Shop) -> None:
    till.refused(422, "validation_error", "/sales", cart({"KTO-100": 1}, register="K9"))


def test_the_office_is_no_register(till: Shop) -> None:
    till.refused(422, "validation_error", "/sales", cart({"KTO-100": 1}, register="OFFICE"))


def test_more_than_is_there_is_refused_with_what_is_left(till: Shop) -> None:
    answer = till.refused(
        409, "insufficient_stock", "/sales", cart({"KTO-100": 201, "MBT-250": 1}), who="cashier"
    )
    assert answer["lines"] == [{"sku": "KTO-100", "quantity": 201, "available": 200}]


def test_lines_of_one_product_are_added_up_against_the_stock(till: Shop) -> None:
    twice = [{"sku": "KTO-100", "quantity": 150}, {"sku": "KTO-100", "quantity": 51}]
    answer = till.refused(409, "insufficient_stock", "/sales", cart(twice), who="cashier")
    assert answer["lines"] == [{"sku": "KTO-100", "quantity": 201, "available": 200}]
    twice[1]["quantity"] = 50
    assert till.sell(twice)["total"] == 3_000_000
    assert till.left("KTO-100") == 0


def test_change_may_be_large_but_comes_from_cash_alone(till: Shop) -> None:
    assert till.sell({"KTO-100": 1}, cash=1_000_000)["change"] == 985_000
    body = cart({"KTO-100": 1}) | {"tenders": [{"method": "qris", "amount": 15_001}]}
    till.refused(422, "validation_error", "/sales", body, who="cashier")


def test_cash_needs_an_amount(till: Shop) -> None:
    body = cart({"KTO-100": 1}) | {"tenders": [{"method": "cash"}]}
    till.refused(422, "validation_error", "/sales", body, who="cashier")


@pytest.mark.parametrize("method", ["debit", "credit", "CASH", "", None, 1])
def test_a_way_of_paying_that_is_not_offered_is_refused(till: Shop, method: Any) -> None:
    body = cart({"KTO-100": 1}) | {"tenders": [{"method": method, "amount": 15_000}]}
    till.refused(422, "validation_error", "/sales", body, who="cashier")


def test_cash_may_come_in_two_parts(till: Shop) -> None:
    body = cart({"KTO-100": 2}) | {
        "tenders": [{"method": "cash", "amount": 20_000}, {"method": "cash", "amount": 20_000}]
    }
    assert till.post("/sales", body, who="cashier")["change"] == 10_000


def test_a_discount_within_the_limit_needs_only_a_reason(till: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 2, "discount": 3_000}
    answer = till.refused(422, "validation_error", "/sales", cart([line], cash=50_000), who="cashier")
    assert answer["errors"][0]["field"] == "lines.0.reason"
    sold = till.sell([line | {"reason": "kemasan penyok"}], cash=50_000)
    assert (sold["lines"][0]["total"], sold["subtotal"], sold["total"]) == (27_000, 27_000, 27_000)


def test_a_discount_of_the_whole_sale_needs_a_reason_too(till: Shop) -> None:
    body = cart({"KTO-100": 2}, discount=3_000)
    answer = till.refused(422, "validation_error", "/sales", body, who="cashier")
    assert answer["errors"][0]["field"] == "reason"
    sold = till.sell({"KTO-100": 2}, discount=3_000, reason="pelanggan tetap")
    assert (sold["subtotal"], sold["discount"], sold["total"], sold["change"]) == (
        30_000,
        3_000,
        27_000,
        3_000,
    )


def test_line_and_sale_discounts_count_together_against_the_limit(till: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 2, "discount": 2_000, "reason": "penyok"}
    body = cart([line], cash=30_000, discount=1_001, reason="tetap")
    answer = till.refused(403, "approval_needed", "/sales", body, who="cashier")
    assert answer["role"] == "supervisor"
    assert till.post("/sales", body | {"approval": approval()}, who="cashier")["total"] == 27_000
    assert till.sell([line], cash=30_000, discount=1_000, reason="tetap")["discount"] == 1_000


def test_a_supervisor_may_give_more_alone(till: Shop) -> None:
    body = cart({"KTO-100": 2}, discount=15_000, reason="hadiah")
    assert till.post("/sales", body, who="supervisor").status == 201


def test_a_discount_above_its_line_or_its_sale_is_refused(till: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 1, "discount": 15_001, "reason": "x"}
    till.refused(422, "validation_error", "/sales", cart([line], cash=15_000))
    till.refused(422, "validation_error", "/sales", cart({"KTO-100": 1}, discount=15_001, reason="x"))


def test_goods_may_be_given_away_with_a_discount_of_everything(till: Shop) -> None:
    body = cart({"KTO-100": 1}, discount=15_000, reason="contoh") | {"tenders": []}
    sold = till.post("/sales", body)
    assert (sold.status, sold["total"], sold["change"], sold["tenders"]) == (201, 0, 0, [])


@pytest.mark.parametrize(
    ("discount", "rounding", "total"), [(49, 49, 15_000), (50, 50, 15_000), (51, -49, 14_900), (0, 0, 15_000)]
)
def test_cash_is_rounded_to_the_shops_step(till: Shop, discount: int, rounding: int, total: int) -> None:
    sold = till.sell({"KTO-100": 1}, discount=discount, reason="r", cash=15_000)
    assert (sold["rounding"], sold["total"]) == (rounding, total)
    assert sold["change"] == 15_000 - total


def test_nothing_is_rounded_when_any_of_it_is_paid_by_qris(till: Shop) -> None:
    sold = till.sell({"KTO-100": 1}, discount=49, reason="r", qris=True)
    assert (sold["rounding"], sold["total"], sold["qris"]["amount"]) == (0, 14_951, 14_951)
    mixed = till.sell({"KTO-100": 1}, discount=49, reason="r", cash=10_000, qris=True)
    assert (mixed["rounding"], mixed["total"], mixed["qris"]["amount"]) == (0, 14_951, 4_951)


def test_the_shop_may_round_to_another_step(till: Shop) -> None:
    till.settings(rounding_step=500)
    sold = till.sell({"KTO-100": 1}, discount=300, reason="r", cash=15_000)
    assert (sold["rounding"], sold["total"]) == (-200, 14_500)


def test_an_expired_lot_is_not_sold_even_when_it_is_all_there_is(till: Shop) -> None:
    till.leave("KTO-100", 1)
    till.receive("KTO-100", 5, lot="LAMA", expires_on="2020-01-01")
    answer = till.refused(422, "lot_expired", "/sales", cart({"KTO-100": 2}), who="cashier")
    assert answer["lines"] == [{"sku": "KTO-100", "quantity": 2, "available": 1}]
    till.refused(409, "insufficient_stock", "/sales", cart({"KTO-100": 7}), who="cashier")
    stock = till.stock("KTO-100")
    assert (stock["on_hand"], stock["available"]) == (6, 1)


def test_lots_leave_first_expired_first_out(till: Shop) -> None:
    till.receive("KTO-100", 3, lot="DEKAT", expires_on=_in_days(till, 5))
    till.receive("KTO-100", 3, lot="TANPA")
    till.sell({"KTO-100": 4})
    lots = {lot["lot"]: lot["on_hand"] for lot in till.stock("KTO-100")["lots"]}
    assert (lots["DEKAT"], lots["TANPA"]) == (0, 3)
    assert sum(lots.values()) == 202


def _in_days(shop: Shop, days: int) -> str:
    from datetime import date, timedelta

    today = date.fromisoformat(shop.get("/shifts/current?register=K1")["business_date"])
    return (today + timedelta(days=days)).isoformat()


def test_a_lot_is_sold_on_its_very_last_day(till: Shop) -> None:
    till.leave("KTO-100", 0)
    till.receive("KTO-100", 1, lot="HARI-INI", expires_on=_in_days(till, 0))
    till.receive("KTO-100", 1, lot="KEMARIN", expires_on=_in_days(till, -1))
    assert till.left("KTO-100") == 1
    till.sell({"KTO-100": 1})
    till.refused(422, "lot_expired", "/sales", cart({"KTO-100": 1}), who="cashier")


def test_a_product_without_a_price_yet_is_not_sold(till: Shop) -> None:
    _add_product(till, "BARU-1", 5_000, days=1)
    body = cart({"KTO-100": 1}) | {"lines": [{"sku": "BARU-1", "quantity": 1}]}
    till.refused(422, "unknown_sku", "/sales", body, who="cashier")


def test_a_new_price_holds_from_its_business_date(till: Shop) -> None:
    _add_product(till, "KTO-100", 17_000, days=1)
    assert till.sell({"KTO-100": 1})["total"] == 15_000
    _add_product(till, "KTO-100", 18_000, days=0)
    till.refused(422, "payment_short", "/sales", cart({"KTO-100": 1}, cash=17_999), who="cashier")
    assert till.sell({"KTO-100": 1}, cash=20_000)["total"] == 18_000


def _add_product(shop: Shop, sku: str, price: int, days: int) -> None:
    from datetime import date

    from pos import clock
    from pos.db import transact
    from pos.operations import catalogue
    from pos.operations.actor import SYSTEM

    today = date.fromisoformat(_in_days(shop, 0))
    data = catalogue.ProductData(
        sku, f"Barang {sku}", "", "buah", "Lain", [], True, 9, price, date.fromisoformat(_in_days(shop, days))
    )
    with shop.app.app_context():
        transact(lambda: catalogue.save_products([data], SYSTEM, clock.now(), today))


def test_the_answer_knows_its_shift_and_business_date(till: Shop) -> None:
    shift = till.get("/shifts/current?register=K1")
    assert till.sell({"KTO-100": 1})["business_date"] == shift["business_date"]


def test_any_version_of_uuid_is_an_id(till: Shop) -> None:
    for identifier in (
        "00000000-0000-0000-0000-000000000001",
        "c232ab00-9414-11ec-b3c8-9f6bdeced846",
        "0197e2c4-0000-7000-8000-000000000001",
    ):
        assert till.post("/sales", cart({"KTO-100": 1}) | {"id": identifier}, who="cashier").status == 201


def test_a_sale_nobody_made_is_not_found(till: Shop) -> None:
    for path in (f"/sales/{new_id()}", "/sales/x", f"/sales/{new_id()}/receipt.txt"):
        answer = till.get(path)
        assert (answer.status, answer.code) == (404, "not_found")
