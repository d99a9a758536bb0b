"""Stock at the back office, on both databases."""

from datetime import UTC, datetime, time, timedelta

import time_machine
from sqlalchemy import func, select

from pos.db import db
from pos.models import Lot, Movement, Product
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both

IN = {
    "location": "GUDANG",
    "note": "Bengkel kerja 2",
    "lines.0.sku": "KTO-100",
    "lines.0.quantity": "40",
    "lines.0.lot": "L-7",
    "lines.0.expires_on": "2099-01-31",
    "lines.0.unit_cost": "9.000",
    "lines.3.sku": "MBT-250",
    "lines.3.quantity": "12",
}


def on_hand(shop: Shop, sku: str) -> int:
    return next(int(item["on_hand"]) for item in shop.get("/stock")["items"] if item["sku"] == sku)


@both
def test_goods_come_in_by_lot_and_rows_between_may_stay_empty(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    said = person.send("stock/receive", IN)
    assert "The goods are in stock." in said
    assert "L-7" in said
    assert (on_hand(shop, "KTO-100"), on_hand(shop, "MBT-250")) == (240, 212)
    assert "Bengkel kerja 2" in person.see("stock/movements/KTO-100")


@both
def test_goods_that_are_sent_twice_come_in_once(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    form = {**IN, "form_id": new_id()}
    person.send("stock/receive", form)
    person.send("stock/receive", form)
    assert on_hand(shop, "KTO-100") == 240


def test_a_used_form_with_other_goods_is_refused_once_and_then_taken(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    form = {**IN, "form_id": new_id()}
    person.send("stock/receive", form)
    said = person.send("stock/receive", {**form, "lines.0.quantity": "1"}, status=409)
    assert "This form was sent before" in said
    assert on_hand(shop, "KTO-100") == 240
    assert person.value("form_id") != form["form_id"]
    person.send("stock/receive", {**form, "lines.0.quantity": "1", "form_id": person.value("form_id")})
    assert on_hand(shop, "KTO-100") == 241


def test_each_fault_of_a_row_stands_at_its_field_and_nothing_comes_in(office: Office, shop: Shop) -> None:
    person = office("Manajer")
    before = shop.rows()
    person.send(
        "stock/receive",
        {
            "location": "GUDANG",
            "lines.1.sku": "KTO-100",
            "lines.1.quantity": "banyak",
            "lines.2.sku": "",
            "lines.2.quantity": "5",
            "lines.4.sku": "KTP-100",
            "lines.4.quantity": "5",
            "lines.4.expires_on": "kapan-kapan",
        },
        status=422,
    )
    assert "whole number" in person.fault("lines.1.quantity")
    assert person.value("lines.1.quantity") == "banyak"
    assert person.fault("lines.2.sku") == "Choose a product."
    assert person.fault("lines.4.expires_on") == "Use a date like 2026-11-24."
    assert shop.changed(before) == {}


def test_a_fault_the_operation_finds_stands_at_the_row_that_was_typed(office: Office) -> None:
    person = office("Manajer")
    person.send("stock/receive", {**IN, "lines.3.sku": "NOPE"}, status=422)
    assert "NOPE" in person.fault("lines.3.sku")
    person.send("stock/receive", IN)
    other = {**IN, "lines.0.sku": "", "lines.0.quantity": "", "lines.0.lot": "", "lines.0.expires_on": ""}
    other |= {
        "lines.0.unit_cost": "",
        "lines.5.sku": "KTO-100",
        "lines.5.quantity": "1",
        "lines.5.lot": "L-7",
    }
    person.send("stock/receive", {**other, "lines.5.expires_on": "2099-12-31"}, status=422)
    assert "another best-before date" in person.fault("lines.5.expires_on")


def test_more_rows_keep_what_was_typed_and_save_nothing(office: Office, shop: Shop) -> None:
    person = office("Manajer")
    before = shop.rows()
    person.send("stock/receive", {**IN, "rows": "6", "more": "1"})
    assert 'name="lines.11.sku"' in person.source
    assert person.value("lines.0.lot") == "L-7"
    assert shop.changed(before) == {}


@both
def test_the_stock_is_corrected_with_a_reason(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    person.send(
        "stock/adjust",
        {
            "location": "GUDANG",
            "reason": "waste",
            "note": "sobek",
            "lines.0.sku": "KTO-100",
            "lines.0.quantity": "-3",
        },
    )
    assert on_hand(shop, "KTO-100") == 197
    assert "Damaged goods" in person.see("stock/movements/KTO-100")


def test_more_than_is_there_can_not_be_taken_out_and_the_form_says_how_many_can(
    office: Office, shop: Shop
) -> None:
    person = office("Pengawas")
    form = {"location": "GUDANG", "reason": "waste", "lines.0.sku": "KTO-100", "lines.0.quantity": "-201"}
    said = person.send("stock/adjust", form, status=409)
    assert "Only 200 of KTO-100 can be taken out." in said
    assert person.value("lines.0.quantity") == "-201"
    assert on_hand(shop, "KTO-100") == 200


@both
def test_a_correction_sent_twice_corrects_once(office: Office, shop: Shop) -> None:
    person = office("Pengawas")
    form = {
        "location": "GUDANG",
        "reason": "correction",
        "lines.0.sku": "KTO-100",
        "lines.0.quantity": "-2",
        "form_id": new_id(),
    }
    person.send("stock/adjust", form)
    person.send("stock/adjust", form)
    assert on_hand(shop, "KTO-100") == 198


@both
def test_the_balance_of_the_statement_runs_to_what_is_there(office: Office, till: Shop) -> None:
    from pos.queries import lots

    office("Pengawas").send("stock/receive", IN)
    for _ in range(7):
        till.sell({"KTO-100": 3})
    with till.app.app_context():
        whole, end = lots.statement("KTO-100", "GUDANG", None, 100)
        assert end is None
        assert whole[0].balance == on_hand(till, "KTO-100") == 219
        assert whole[-1].balance == whole[-1].change == 200
        pages, cursor = [], None
        while True:
            page, cursor = lots.statement("KTO-100", "GUDANG", cursor, 2)
            pages += page
            if cursor is None:
                break
        assert pages == whole
        moved = db.session.execute(select(func.count()).select_from(Movement)).scalar_one()
        assert moved > len(whole)


def test_a_mangled_page_address_shows_the_newest_page(office: Office) -> None:
    person = office("Pengawas")
    newest = person.see("stock/movements/KTO-100")
    for cursor in ("x", "~~~", "2026~1~1~1", "a~b~c~d", "2026-01-01T00:00:00~1~1~1"):
        assert (
            person.see(f"stock/movements/KTO-100?before={cursor}").split("Balance")[0]
            == (newest.split("Balance")[0])
        )


@both
def test_goods_that_run_out_or_expire_are_named_on_the_first_page(office: Office, shop: Shop) -> None:
    person = office("Manajer")
    person.send(
        "stock/adjust",
        {"location": "GUDANG", "reason": "count", "lines.0.sku": "TBT-020", "lines.0.quantity": "-195"},
    )
    said = person.see("")
    assert "Teh Bunga Telang celup isi 20 5 left" in said
    assert "Nothing expires" in said
    with time_machine.travel(_best_before(shop, "KTO-100", -1), tick=False):
        later = office("Manajer")
        assert "Keripik Tempe Original 100 g" in later.see("stock/expiring?days=7")
        assert "tomorrow" in later.text
    with time_machine.travel(_best_before(shop, "KTO-100", 1), tick=False):
        later = office("Manajer")
        assert "expired" in later.see("stock/expiring?days=7")
        assert "expired" in later.see("stock/")
        assert "0 left" in later.see("")


def _best_before(shop: Shop, sku: str, days: int) -> float:
    """Noon in Jakarta, some days after the best-before date of a product's first lot."""
    with shop.app.app_context():
        expires = db.session.execute(
            select(Lot.expires_on)
            .join(Product, Product.id == Lot.product_id)
            .where(Product.sku == sku)
            .order_by(Lot.id)
            .limit(1)
        ).scalar_one()
    assert expires is not None
    return datetime.combine(expires + timedelta(days=days), time(5), UTC).timestamp()
