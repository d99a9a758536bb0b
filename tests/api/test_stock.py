"""Products as a register sees them, goods in, corrections, and the ledger behind every change."""

from typing import Any

from tests.cast import approval
from tests.factories import Body, Shop, cart, new_id


def paper(lines: list[Body], **more: Any) -> Body:
    return {"id": new_id(), "location": "GUDANG", "lines": lines, **more}


def lots(shop: Shop, sku: str = "KTO-100") -> dict[str, int]:
    return {lot["lot"]: lot["on_hand"] for lot in shop.stock(sku)["lots"]}


def test_the_demo_shop_is_the_one_of_the_contract(shop: Shop) -> None:
    products = {item["sku"]: item for item in shop.get("/products")["items"]}
    assert {sku: item["price"] for sku, item in products.items()} == {
        "KTO-100": 15_000,
        "KTP-100": 16_000,
        "KTB-250": 32_000,
        "MBT-250": 8_000,
        "MBL-250": 10_000,
        "TBT-020": 25_000,
    }
    assert all(item["available"] == 200 for item in products.values())
    assert products["KTO-100"]["name"] == "Keripik Tempe Original 100 g"
    for item in products.values():
        (barcode,) = item["barcodes"]
        assert 20 <= int(barcode[:2]) <= 29
        assert len(barcode) == 13
        assert item["name_en"]
        assert item["unit"]
        assert item["category"]
    stock = shop.get("/stock")["items"]
    assert [(item["location"], item["on_hand"], len(item["lots"])) for item in stock] == [
        ("GUDANG", 200, 1)
    ] * 6
    assert all(item["lots"][0]["expires_on"] for item in stock)


def test_products_are_found_by_words_and_by_barcode(shop: Shop) -> None:
    def skus(query: str) -> list[str]:
        return [item["sku"] for item in shop.get(f"/products?{query}")["items"]]

    assert skus("query=pedas") == ["KTP-100"]
    assert skus("query=tempe+100") == ["KTO-100", "KTP-100"]
    assert skus("query=butterfly+lemon") == ["MBL-250"]
    assert skus("query=zzz") == []
    barcode = shop.get("/products?query=KTB-250")["items"][0]["barcodes"][0]
    assert skus(f"barcode={barcode}") == ["KTB-250"]
    assert skus(f"barcode={barcode[:-1]}") == []


def test_goods_come_in_with_lot_date_and_cost(shop: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 50, "lot": "B1", "expires_on": "2099-12-31", "unit_cost": 9_000}
    body = paper([line, {"sku": "MBT-250", "quantity": 5}])
    answer = shop.post("/stock/receipts", body)
    assert (answer.status, answer["id"], answer["location"]) == (201, body["id"], "GUDANG")
    stock = shop.stock("KTO-100")
    assert (stock["on_hand"], stock["available"]) == (250, 250)
    assert [lot for lot in stock["lots"] if lot["lot"] == "B1"] == [
        {"lot": "B1", "expires_on": "2099-12-31", "on_hand": 50, "reserved": 0}
    ]
    assert shop.stock("MBT-250")["on_hand"] == 205


def test_more_of_a_lot_joins_it_unless_its_date_is_another(shop: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 5, "lot": "B1", "expires_on": "2099-12-31"}
    for again in (line, line, {**line, "expires_on": None}):
        assert shop.post("/stock/receipts", paper([again])).status == 201
    assert lots(shop)["B1"] == 15
    wrong = line | {"expires_on": "2098-01-01"}
    shop.refused(422, "validation_error", "/stock/receipts", paper([wrong]))


def test_two_lines_of_one_lot_in_one_paper_are_added_up(shop: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 5, "lot": "B1", "expires_on": "2099-12-31"}
    assert shop.post("/stock/receipts", paper([line, line])).status == 201
    assert lots(shop)["B1"] == 10


def test_a_receipt_that_is_not_right_changes_nothing(shop: Shop) -> None:
    good = {"sku": "KTO-100", "quantity": 5}
    shop.refused(422, "unknown_sku", "/stock/receipts", paper([good, {"sku": "X", "quantity": 1}]))
    shop.refused(422, "validation_error", "/stock/receipts", paper([good]) | {"location": "X"})
    shop.refused(422, "validation_error", "/stock/receipts", paper([good]) | {"location": "PEMBELI"})
    for day in ("2026-02-30", "tomorrow", 20_261_231, "2026-12-31T00:00:00", ""):
        shop.refused(422, "validation_error", "/stock/receipts", paper([good | {"expires_on": day}]))


def test_a_correction_rises_and_falls_with_its_reason(shop: Shop) -> None:
    lot = shop.stock("KTO-100")["lots"][0]["lot"]
    for reason, change in (("waste", -3), ("sample", -2), ("count", 4), ("correction", -1)):
        line = {"sku": "KTO-100", "quantity": change, "lot": lot}
        answer = shop.post("/stock/adjustments", paper([line], reason=reason))
        assert (answer.status, answer["reason"]) == (201, reason)
    assert shop.stock("KTO-100")["on_hand"] == 198
    shop.refused(422, "validation_error", "/stock/adjustments", paper([line], reason="theft"))


def test_a_fall_without_a_lot_takes_what_expires_first(shop: Shop) -> None:
    shop.receive("KTO-100", 3, lot="DEKAT", expires_on="2020-01-01")
    line = {"sku": "KTO-100", "quantity": -4}
    assert shop.post("/stock/adjustments", paper([line], reason="waste")).status == 201
    assert lots(shop)["DEKAT"] == 0
    assert shop.stock("KTO-100")["on_hand"] == 199


def test_a_rise_names_its_lot(shop: Shop) -> None:
    body = paper([{"sku": "KTO-100", "quantity": 4}], reason="count")
    answer = shop.refused(422, "validation_error", "/stock/adjustments", body)
    assert answer["errors"][0]["field"] == "lines.0.lot"


def test_a_count_may_find_goods_of_no_known_lot_and_nothing_else_may(till: Shop) -> None:
    till.post(
        "/stock/adjustments", paper([{"sku": "KTO-100", "quantity": -200, "lot": None}], reason="waste")
    )
    sale = cart({"KTO-100": 3})
    till.refused(409, "insufficient_stock", "/sales", sale, who="cashier")
    line = {"sku": "KTO-100", "quantity": 3, "lot": ""}
    for reason in ("waste", "sample", "correction"):
        till.refused(422, "validation_error", "/stock/adjustments", paper([line], reason=reason))
    till.refused(422, "validation_error", "/stock/adjustments", paper([line | {"lot": "X"}], reason="count"))
    found = paper([line], reason="count")
    till.refused(403, "approval_needed", "/stock/adjustments", found, who="cashier")
    wrong = found | {"approval": approval(pin="000000")}
    till.refused(403, "approval_wrong", "/stock/adjustments", wrong, who="cashier")
    for status in (201, 200):
        answer = till.post("/stock/adjustments", found | {"approval": approval()}, who="cashier")
        assert answer.status == status
    assert till.left("KTO-100") == 3
    assert till.post("/sales", sale, who="cashier").status == 201
    assert till.left("KTO-100") == 0


def test_a_fall_below_nothing_is_refused(shop: Shop) -> None:
    for line in (
        {"sku": "KTO-100", "quantity": -201},
        {"sku": "KTO-100", "quantity": -1, "lot": "TIDAK-ADA"},
    ):
        answer = shop.refused(409, "insufficient_stock", "/stock/adjustments", paper([line], reason="count"))
        assert answer["lines"][0]["sku"] == "KTO-100"
    twice = [{"sku": "KTO-100", "quantity": -150}] * 2
    shop.refused(409, "insufficient_stock", "/stock/adjustments", paper(twice, reason="count"))


def test_every_change_is_a_movement_oldest_first(till: Shop) -> None:
    lot = till.stock("KTO-100")["lots"][0]["lot"]
    sale = till.sell({"KTO-100": 3})["id"]
    till.post(f"/sales/{sale}/void", {"id": new_id(), "reason": "r"})
    till.receive("KTO-100", 7, lot="B1")
    fall = {"sku": "KTO-100", "quantity": -2, "lot": lot}
    till.post("/stock/adjustments", paper([fall], reason="waste"))
    items = till.get("/stock/movements?sku=KTO-100&location=GUDANG")["items"]
    assert [(item["reason"], item["change"]) for item in items] == [
        ("receipt", 200),
        ("sale", -3),
        ("void", 3),
        ("receipt", 7),
        ("waste", -2),
    ]
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)
    assert sum(item["change"] for item in items) == till.stock("KTO-100")["on_hand"]
    assert items[1]["source"] == sale
    since = items[3]["at"].replace("+", "%2B")
    later = till.get(f"/stock/movements?sku=KTO-100&location=GUDANG&since={since}")["items"]
    assert [item["reason"] for item in later] == ["receipt", "waste"]


def test_the_ledger_is_read_in_pages(till: Shop) -> None:
    for _ in range(5):
        till.sell({"KTO-100": 1, "MBT-250": 1})
    whole = till.get("/stock/movements")["items"]
    assert len(whole) == 6 + 10
    pages: list[Any] = []
    cursor = ""
    while True:
        page = till.get(f"/stock/movements?limit=3{cursor}")
        pages += page["items"]
        assert len(page["items"]) <= 3
        if page["cursor"] is None:
            break
        cursor = f"&cursor={page['cursor']}"
    assert pages == whole
