"""Counting while selling goes on: what was sold meanwhile is nobody's loss."""

from typing import Any

import pytest

from tests.api.orders import held
from tests.factories import Body, Shop, new_id

pytestmark = pytest.mark.usefixtures("books")


def start(shop: Shop, **more: Any) -> str:
    answer = shop.post("/stock/counts", {"id": new_id(), "location": "GUDANG", **more})
    assert answer.status == 201, answer.body
    return str(answer["id"])


def tally(shop: Shop, count: str, *lines: Body, who: str = "manager") -> Body:
    body = {"id": new_id(), "lines": list(lines)}
    answer = shop.post(f"/stock/counts/{count}/tallies", body, who=who)
    assert answer.status == 201, answer.body
    found: Body = answer.body
    return found


def piece(sku: str = "KTO-100", quantity: int = 1, **more: Any) -> Body:
    return {"sku": sku, "quantity": quantity, **more}


def line(view: Any, sku: str = "KTO-100", lot: str | None = None) -> Body:
    found: Body = next(i for i in view["lines"] if i["sku"] == sku and lot in (None, i["lot"]))
    return found


def post(shop: Shop, count: str, **more: Any) -> Any:
    return shop.post(f"/stock/counts/{count}/post", {"id": new_id(), **more})


def counts(shop: Shop) -> list[tuple[str, int]]:
    items = shop.get("/stock/movements?location=GUDANG")["items"]
    return [(item["sku"], item["change"]) for item in items if item["reason"] == "count"]


def test_repeated_scans_are_added_up_and_the_difference_is_a_movement(shop: Shop) -> None:
    count = start(shop)
    for _ in range(3):
        tally(shop, count, piece())
    view = tally(shop, count, piece(quantity=190))
    assert (line(view)["frozen"], line(view)["counted"], line(view)["difference"]) == (200, 193, -7)
    assert shop.stock("KTO-100")["on_hand"] == 200
    answer = post(shop, count)
    assert (answer.status, answer["status"]) == (201, "posted")
    assert shop.stock("KTO-100")["on_hand"] == 193
    assert counts(shop) == [("KTO-100", -7)]


def test_what_is_sold_before_it_is_counted_is_no_difference(till: Shop) -> None:
    count = start(till)
    till.sell({"KTO-100": 5})
    view = tally(till, count, piece(quantity=195))
    assert (line(view)["frozen"], line(view)["on_books"], line(view)["difference"]) == (200, 195, 0)
    post(till, count)
    assert till.stock("KTO-100")["on_hand"] == 195
    assert counts(till) == []


def test_what_is_sold_after_it_was_counted_is_no_difference_either(till: Shop) -> None:
    count = start(till)
    tally(till, count, piece(quantity=198))
    till.sell({"KTO-100": 5})
    post(till, count)
    assert till.stock("KTO-100")["on_hand"] == 193
    assert counts(till) == [("KTO-100", -2)]


def test_several_people_count_at_once(shop: Shop) -> None:
    count = start(shop)
    tally(shop, count, piece(quantity=100), who="cashier")
    tally(shop, count, piece(quantity=100), who="supervisor")
    view = tally(shop, count, piece("MBT-250", 201), who="cashless")
    assert (line(view)["difference"], line(view, "MBT-250")["difference"]) == (0, 1)
    assert (
        shop.post(
            f"/stock/counts/{count}/tallies", {"id": new_id(), "lines": [piece()]}, who="auditor"
        ).status
        == 403
    )


def test_a_scan_that_is_sent_twice_counts_once(shop: Shop) -> None:
    count = start(shop)
    body = {"id": new_id(), "lines": [piece()]}
    assert shop.post(f"/stock/counts/{count}/tallies", body).status == 201
    again = shop.post(f"/stock/counts/{count}/tallies", body)
    assert (again.status, line(again)["counted"]) == (200, 1)


def test_pieces_are_taken_back_and_a_whole_number_replaces_what_was_counted(shop: Shop) -> None:
    count = start(shop)
    tally(shop, count, piece(quantity=5))
    assert line(tally(shop, count, piece(quantity=-2)))["counted"] == 3
    address, too_many = f"/stock/counts/{count}/tallies", {"id": new_id(), "lines": [piece(quantity=-4)]}
    shop.refused(422, "validation_error", address, too_many)
    assert line(tally(shop, count, piece(quantity=200, kind="set")))["counted"] == 200
    shop.refused(
        422, "validation_error", address, {"id": new_id(), "lines": [piece(quantity=-1, kind="set")]}
    )


def test_a_recount_forgets_what_was_counted_and_holds_up_the_posting(shop: Shop) -> None:
    count = start(shop)
    tally(shop, count, piece(quantity=150))
    lot = shop.stock("KTO-100")["lots"][0]["lot"]
    view = tally(shop, count, {"sku": "KTO-100", "lot": lot, "kind": "again"})
    assert (line(view)["state"], line(view)["counted"]) == ("again", None)
    shop.refused(409, "count_waits", f"/stock/counts/{count}/post", {"id": new_id()})
    assert line(tally(shop, count, piece(quantity=200)))["difference"] == 0
    assert post(shop, count).status == 201
    assert counts(shop) == []


def test_only_who_writes_stock_papers_orders_a_recount(shop: Shop) -> None:
    count = start(shop)
    body = {"id": new_id(), "lines": [{"sku": "KTO-100", "kind": "again"}]}
    shop.refused(403, "approval_needed", f"/stock/counts/{count}/tallies", body, who="cashier")


def test_what_was_not_counted_stays_or_is_gone_as_one_says(shop: Shop) -> None:
    count = start(shop)
    tally(shop, count, piece(quantity=200))
    assert post(shop, count).status == 201
    assert shop.stock("MBT-250")["on_hand"] == 200
    count = start(shop)
    tally(shop, count, *(piece(sku, 200) for sku in ("KTO-100", "KTP-100", "KTB-250", "MBL-250", "TBT-020")))
    shop.receive("MBT-250", 7, lot="SESUDAH")
    assert post(shop, count, missing="zero").status == 201
    assert shop.stock("MBT-250")["on_hand"] == 7
    assert shop.stock("KTO-100")["on_hand"] == 200


def test_of_several_lots_one_is_named(shop: Shop) -> None:
    shop.receive("KTO-100", 5, lot="B", expires_on="2099-01-01")
    count = start(shop)
    address = f"/stock/counts/{count}/tallies"
    answer = shop.refused(422, "validation_error", address, {"id": new_id(), "lines": [piece()]})
    assert answer["errors"][0]["field"] == "lines.0.lot"
    assert line(tally(shop, count, piece(lot="B", quantity=5)), lot="B")["difference"] == 0


def test_goods_of_a_lot_that_nobody_knows_are_counted_with_their_date(shop: Shop) -> None:
    count = start(shop)
    address = f"/stock/counts/{count}/tallies"
    body = {"id": new_id(), "lines": [piece(lot="BARU", quantity=3)]}
    answer = shop.refused(422, "validation_error", address, body)
    assert answer["errors"][0]["field"] == "lines.0.expires_on"
    view = tally(shop, count, piece(lot="BARU", quantity=3, expires_on="2099-01-01"))
    assert line(view, lot="BARU")["difference"] == 3
    post(shop, count)
    assert {lot["lot"]: lot["on_hand"] for lot in shop.stock("KTO-100")["lots"]}["BARU"] == 3


def test_a_location_is_counted_once_at_a_time_and_a_count_ends_once(shop: Shop) -> None:
    count = start(shop)
    body = {"id": new_id(), "location": "GUDANG"}
    answer = shop.refused(409, "count_open", "/stock/counts", body)
    assert answer["count"] == count
    tally(shop, count, piece(quantity=1))
    dropped = shop.post(f"/stock/counts/{count}/drop", {"id": new_id()})
    assert (dropped.status, dropped["status"]) == (201, "dropped")
    for act in ("post", "drop"):
        shop.refused(409, "count_closed", f"/stock/counts/{count}/{act}", {"id": new_id()})
    shop.refused(409, "count_closed", f"/stock/counts/{count}/tallies", {"id": new_id(), "lines": [piece()]})
    assert shop.stock("KTO-100")["on_hand"] == 200
    assert [item["id"] for item in shop.get("/stock/counts")["items"]] == [count]
    start(shop)


def test_a_blind_count_tells_who_counts_nothing(shop: Shop) -> None:
    count = start(shop, blind=True)
    view = tally(shop, count, piece(quantity=3), who="cashier")
    assert {i[name] for i in view["lines"] for name in ("frozen", "on_books", "difference")} == {None}
    assert line(view)["counted"] == 3
    assert line(shop.get(f"/stock/counts/{count}", who="cashier"))["frozen"] is None
    assert line(shop.get(f"/stock/counts/{count}", who="supervisor"))["frozen"] == 200
    post(shop, count)
    assert line(shop.get(f"/stock/counts/{count}", who="cashier"))["difference"] == -197


def test_fewer_than_are_set_aside_can_not_be_posted(till: Shop) -> None:
    held(till, {"KTO-100": 5})
    count = start(till)
    tally(till, count, piece(quantity=4))
    answer = till.refused(409, "insufficient_stock", f"/stock/counts/{count}/post", {"id": new_id()})
    assert answer["lines"] == [{"sku": "KTO-100", "quantity": 196, "available": 195}]
    tally(till, count, piece(quantity=1))
    assert post(till, count).status == 201


def test_a_posted_count_keeps_what_it_found(till: Shop) -> None:
    count = start(till)
    tally(till, count, piece(quantity=190))
    post(till, count)
    till.sell({"KTO-100": 10})
    found = line(till.get(f"/stock/counts/{count}"))
    assert (found["frozen"], found["on_books"], found["counted"], found["difference"]) == (200, 200, 190, -10)
