"""Where goods come from, what must be made, what expires, where a lot went, its worth; and how fast."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pos.db import db, dialect
from tests.api.test_stock_transfers import add_location, transfer
from tests.database.test_statements import plans
from tests.factories import Body, Shop, back, new_id

pytestmark = pytest.mark.usefixtures("books")


def receipt(*lines: Body, **more: Any) -> Body:
    return {"id": new_id(), "location": "GUDANG", "lines": list(lines), **more}


def source(shop: Shop, name: str = "Bengkel 2", kind: str = "maker") -> None:
    assert shop.post("/stock/sources", {"id": new_id(), "name": name, "kind": kind}).status == 201


def lot(shop: Shop, sku: str = "KTO-100", code: str = "B1") -> Body:
    found: Body = shop.get(f"/stock/lots?sku={sku}&lot={code}").body
    return found


B1 = {"sku": "KTO-100", "quantity": 10, "lot": "B1", "made_on": "2026-11-01", "expires_on": "2099-12-31"}


def test_goods_come_in_with_their_maker_and_the_day_they_were_made(shop: Shop) -> None:
    source(shop)
    assert shop.post("/stock/receipts", receipt(B1 | {"unit_cost": 9_000}, source="Bengkel 2")).status == 201
    found = lot(shop)
    assert (found["source"], found["made_on"], found["unit_cost"]) == ("Bengkel 2", "2026-11-01", 9_000)
    assert shop.get("/stock/sources")["items"] == [{"name": "Bengkel 2", "kind": "maker", "active": True}]


def test_who_nobody_knows_delivers_nothing(shop: Shop) -> None:
    answer = shop.refused(422, "validation_error", "/stock/receipts", receipt(B1, source="Siapa"))
    assert answer["errors"][0]["field"] == "source"
    source(shop)
    again = {"id": new_id(), "name": "Bengkel 2", "kind": "supplier"}
    shop.refused(422, "validation_error", "/stock/sources", again)


def test_a_known_lot_keeps_its_dates_and_its_maker(shop: Shop) -> None:
    source(shop)
    source(shop, "Bengkel 3")
    shop.post("/stock/receipts", receipt(B1, source="Bengkel 2"))
    for wrong, more, field in (
        (B1 | {"expires_on": "2098-01-01"}, {}, "lines.0.expires_on"),
        (B1 | {"made_on": "2026-11-02"}, {}, "lines.0.made_on"),
        (B1, {"source": "Bengkel 3"}, "lines.0.lot"),
        (B1 | {"lot": "B2", "made_on": "2100-01-01"}, {}, "lines.0.made_on"),
    ):
        answer = shop.refused(422, "validation_error", "/stock/receipts", receipt(wrong, **more))
        assert answer["errors"][0]["field"] == field


def test_an_undated_lot_gets_no_date_afterwards(shop: Shop) -> None:
    shop.receive("KTO-100", 5, lot="POLOS")
    dated = {"sku": "KTO-100", "quantity": 5, "lot": "POLOS", "expires_on": "2099-01-01"}
    shop.refused(422, "validation_error", "/stock/receipts", receipt(dated))


def test_a_lot_costs_what_its_pieces_cost_on_average(shop: Shop) -> None:
    for quantity, cost, wanted in ((10, 9_000, 9_000), (10, 10_000, 9_500), (1, None, 9_500), (3, 1, 8_313)):
        shop.post("/stock/receipts", receipt(B1 | {"quantity": quantity, "unit_cost": cost}))
        assert lot(shop)["unit_cost"] == wanted, cost
    unknown = shop.stock("KTO-100")["lots"][0]["lot"]
    shop.receive("KTO-100", 5, lot=unknown, unit_cost=9_000)
    assert lot(shop, code=unknown)["unit_cost"] is None


def test_a_rise_of_an_unknown_lot_says_until_when_it_is_good(shop: Shop) -> None:
    line = {"sku": "KTO-100", "quantity": 3, "lot": "BARU"}
    body = receipt(line, reason="count")
    answer = shop.refused(422, "validation_error", "/stock/adjustments", body)
    assert answer["errors"][0]["field"] == "lines.0.expires_on"
    good = receipt(line | {"expires_on": "2099-01-01"}, reason="count")
    assert shop.post("/stock/adjustments", good).status == 201
    assert lot(shop, code="BARU")["expires_on"] == "2099-01-01"


def test_less_than_the_minimum_is_to_be_made_and_what_is_on_the_way_counts(till: Shop) -> None:
    add_location(till, "GERAI")
    body = {"id": new_id(), "location": "GERAI", "lines": [{"sku": "KTO-100", "minimum": 50}]}
    assert till.post("/stock/minimums", body).status == 201
    assert [(i["sku"], i["missing"]) for i in till.get("/stock/make-more")["items"]] == [("KTO-100", 50)]
    till.post("/stock/transfers", transfer([{"sku": "KTO-100", "quantity": 20}]))
    (item,) = till.get("/stock/make-more?location=GERAI")["items"]
    assert (item["available"], item["on_the_way"], item["missing"]) == (0, 20, 30)
    assert till.get("/stock/make-more?location=GUDANG")["items"] == []
    gone = {"id": new_id(), "location": "GERAI", "lines": [{"sku": "KTO-100", "minimum": 0}]}
    till.post("/stock/minimums", gone)
    assert till.get("/stock/make-more")["items"] == []


def test_expired_goods_do_not_fill_a_minimum(shop: Shop) -> None:
    body = {"id": new_id(), "location": "GUDANG", "lines": [{"sku": "KTO-100", "minimum": 210}]}
    shop.post("/stock/minimums", body)
    shop.receive("KTO-100", 100, lot="BASI", expires_on="2020-01-01")
    (item,) = shop.get("/stock/make-more")["items"]
    assert (item["available"], item["missing"]) == (200, 10)


@pytest.mark.usefixtures("noon")
def test_lots_are_warned_of_seven_days_before_and_sold_on_their_last_day(shop: Shop) -> None:
    today = (datetime.now(UTC) + timedelta(hours=7)).date()
    for days in (-1, 0, 1, 7, 8):
        shop.receive("KTO-100", 1, lot=f"H{days}", expires_on=(today + timedelta(days=days)).isoformat())
    found = {item["lot"]: item["state"] for item in shop.get("/stock/expiring")["items"]}
    assert found == {"H-1": "expired", "H0": "today", "H1": "soon", "H7": "soon"}
    assert len(shop.get("/stock/expiring?days=8")["items"]) == 5
    assert shop.get("/stock/expiring?days=400").status == 422


def test_a_recall_names_every_receipt_that_held_the_lot_and_where_the_rest_lies(till: Shop) -> None:
    add_location(till, "GERAI")
    till.receive("KTO-100", 20, lot="B1", expires_on="2026-12-31")
    first = till.sell({"KTO-100": 3})
    second = till.sell({"KTO-100": 2, "MBT-250": 1})
    till.post(f"/sales/{second['id']}/refunds", back({"KTO-100": 1}))
    till.post("/stock/transfers", transfer([{"sku": "KTO-100", "quantity": 4}]))
    other = till.sell({"MBT-250": 1})
    found = lot(till)
    assert [(i["reason"], i["number"], i["quantity"]) for i in found["receipts"]] == [
        ("sale", first["number"], 3),
        ("sale", second["number"], 2),
        ("refund", "K1-R000001", -1),
    ]
    assert found["receipts"][2]["sale"] == second["id"]
    assert other["number"] not in str(found)
    assert [(place["location"], place["on_hand"]) for place in found["places"]] == [("GUDANG", 12)]
    assert [(way["to"], way["quantity"]) for way in found["in_transit"]] == [("GERAI", 4)]
    assert till.get("/stock/lots?sku=KTO-100&lot=X").status == 404


def test_the_stock_is_valued_at_the_cost_of_its_lots_and_what_is_not_known_is_said(shop: Shop) -> None:
    add_location(shop, "GERAI")
    shop.receive("KTO-100", 10, lot="B1", expires_on="2026-12-31", unit_cost=9_000)
    shop.post("/stock/transfers", transfer([{"sku": "KTO-100", "quantity": 4}]))
    found = {(i["location"], i["sku"]): i for i in shop.get("/stock/value")["items"]}
    here, way = found["GUDANG", "KTO-100"], found["TRANSIT", "KTO-100"]
    assert (here["on_hand"], here["value"], here["unknown"]) == (206, 54_000, 200)
    assert (way["on_hand"], way["value"], way["unknown"]) == (4, 36_000, 0)
    assert all(i["location"] == "GUDANG" for i in shop.get("/stock/value?location=GUDANG")["items"])


@pytest.fixture
def unsorted(till: Shop) -> Iterator[Shop]:
    """A shop whose PostgreSQL may not read a table from end to end unless there is no other way."""
    with till.app.app_context():
        if dialect() == "postgresql":
            db.session.connection().connection.cursor().execute("SET enable_seqscan = off")
        yield till


def steps(queries: Any) -> list[str]:
    """How the database carries out what is asked, one line a step."""
    if dialect() == "sqlite":
        with plans() as found:
            queries()
        return found
    from sqlalchemy import event

    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, values: object, *_: object) -> None:
        asked.append((sql, values))

    event.listen(db.engine, "before_cursor_execute", note)
    queries()
    event.remove(db.engine, "before_cursor_execute", note)
    found, link = [], db.session.connection()
    for sql, values in asked:
        if sql.startswith("SELECT"):
            found += [str(row[0]) for row in link.exec_driver_sql(f"EXPLAIN {sql}", values)]
    return found


def test_lists_read_no_table_of_years_from_end_to_end(unsorted: Shop) -> None:
    from pos.queries import lots, stock, stock_counts, stock_lots, stock_supply, stock_transfers

    newest = stock_transfers.transfers(None, f"2026-11-24T00:00:00.000000Z~{new_id()}", 5)
    assert newest[0] == []

    def ask() -> None:
        at = datetime(2026, 11, 24, tzinfo=UTC)
        lots.statement("KTO-100", "GUDANG", None, 5, at, at + timedelta(days=9))
        lots.statement("KTO-100", "GUDANG", "2026-11-24T00:00:00.000000+00:00~1~1~1", 5)
        stock_lots.held_by(1, 1)
        stock.paper_view(stock.papers(None, None, 1)[0][0]["id"])
        stock_transfers.transfers("sent", None, 5)
        stock_transfers.waiting()
        stock_transfers.in_transit(1)
        stock_counts.counts(None, 5)
        stock_supply.make_more(at.date())

    found = steps(ask)
    big = ("movement", "entry", "sale", "refund", "stock_transfer", "stock_transfer_line", "stock_count")
    scans = [
        step
        for step in found
        for name in big
        if (f"Seq Scan on {name} " in step or step.rstrip() == f"SCAN {name}")
    ]
    assert found
    assert scans == []
    assert any("ix_movement_product_at" in step for step in found)
