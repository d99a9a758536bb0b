"""The catalogue as people keep it."""

from datetime import timedelta

import pytest

from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person

NEW = {
    "sku": "KTK-050",
    "name": "Keripik Tempe Keju 50 g",
    "name_en": "Cheese Tempe Chips 50 g",
    "unit": "bungkus",
    "category": "Keripik Tempe",
    "barcodes": "2012345999990\n8991234567890",
    "position": "9",
    "active": "1",
    "price": "Rp 9.500",
}


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


@both
def test_a_product_is_added_with_its_price_and_sells(manager: Person, shop: Shop) -> None:
    said = manager.send("products/new", NEW)
    assert "Keripik Tempe Keju 50 g: saved." in said
    assert "Rp\u00a09.500" in manager.source
    found = next(item for item in shop.get("/products")["items"] if item["sku"] == "KTK-050")
    assert (found["price"], found["barcodes"]) == (9_500, ["2012345999990", "8991234567890"])


@both
def test_a_form_sent_twice_adds_one_product(manager: Person, shop: Shop) -> None:
    form = {**NEW, "form_id": new_id()}
    manager.send("products/new", form)
    before = shop.rows()
    assert "Keripik Tempe Keju 50 g" in manager.send("products/new", form)
    assert shop.changed(before) == {}


def test_a_sku_that_is_taken_is_refused_at_its_field_and_the_old_product_stays(
    manager: Person, shop: Shop
) -> None:
    before = shop.rows()
    manager.send("products/new", {**NEW, "sku": "KTO-100"}, status=422)
    assert manager.fault("sku") == "This SKU is used already."
    assert manager.value("name") == "Keripik Tempe Keju 50 g"
    assert shop.changed(before) == {}


def test_what_was_typed_stays_and_each_fault_stands_at_its_field(manager: Person) -> None:
    said = manager.send(
        "products/new",
        {"sku": "X" * 41, "name": "", "unit": "pak", "price": "sembilan", "barcodes": "2012345000018"},
        status=422,
    )
    assert "Nothing was saved." in said
    assert manager.fault("name") == "Fill this in."
    assert manager.fault("price") == "Type whole rupiah, for example 12.500."
    assert manager.value("price") == "sembilan"
    assert manager.value("unit") == "pak"
    assert "2012345000018" in manager.source


def test_the_faults_are_in_the_readers_language(manager: Person) -> None:
    manager.client.set_cookie("pos_language", "id")
    manager.send("products/new", {**NEW, "price": "9,5"}, status=422)
    assert manager.fault("price") == "Ketik rupiah tanpa sen, misalnya 12.500."


def test_a_barcode_of_another_product_is_refused(manager: Person) -> None:
    manager.send("products/new", {**NEW, "barcodes": "2012345000018"}, status=422)
    assert manager.fault("barcodes") == "Another product has this barcode."


@pytest.mark.parametrize("typed", ["12500", "12.500", "12,500", "Rp 12.500", "rp12.500", " Rp. 12.500 "])
def test_rupiah_are_read_as_people_write_them(manager: Person, shop: Shop, typed: str) -> None:
    manager.send("products/new", {**NEW, "price": typed})
    assert {item["sku"]: item["price"] for item in shop.get("/products")["items"]}["KTK-050"] == 12_500


@pytest.mark.parametrize(
    "typed",
    ["12.5", "1.25.00", "-5", "1e3", "12500,00", "\u0665\u0660\u0660", "999999999999999999999", "0x10"],
)
def test_what_is_no_whole_rupiah_is_refused(manager: Person, typed: str) -> None:
    manager.send("products/new", {**NEW, "price": typed}, status=422)
    assert manager.fault("price")


def test_changing_a_product_keeps_its_price_and_leaves_out_barcodes_that_were_taken_away(
    manager: Person, shop: Shop
) -> None:
    manager.send(
        "products/KTO-100",
        {"name": "Keripik Tempe Asli", "unit": "bungkus", "barcodes": "2012345999990", "position": "1"},
    )
    assert "Not sold any more" in manager.see("products/KTO-100")
    assert "KTO-100" not in {item["sku"] for item in shop.get("/products")["items"]}
    assert "Keripik Tempe Asli" in manager.see("products/?shown=retired")
    assert "Keripik Tempe Asli" not in manager.see("products/")
    assert 'value="2012345000018"' not in manager.source


@both
def test_the_catalogue_is_searched_by_name_sku_and_barcode(manager: Person) -> None:
    for query in ("balado", "ktb-250", "2012345000032", "Balado 250"):
        said = manager.see(f"products/?q={query}")
        assert "Keripik Tempe Balado 250 g" in said or "Balado Tempe Chips 250 g" in said
        assert "MBT-250" not in said
    assert "Nothing fits what you look for." in manager.see("products/?q=100%25")


@both
def test_a_price_is_good_from_its_business_date_on_and_the_history_stays(manager: Person, shop: Shop) -> None:
    manager.see("products/KTO-100")
    today = manager.value("valid_from")
    from datetime import date

    later = (date.fromisoformat(today) + timedelta(days=3)).isoformat()
    manager.send("products/KTO-100/price", {"price": "17.000", "valid_from": later})
    said = manager.send("products/KTO-100/price", {"price": "16.000", "valid_from": today})
    for amount in ("15.000", "16.000", "17.000"):
        assert f"Rp\u00a0{amount}" in manager.source
    assert "later" in said
    assert {item["sku"]: item["price"] for item in shop.get("/products")["items"]}["KTO-100"] == 16_000


def test_a_price_of_the_past_is_refused(manager: Person) -> None:
    manager.send("products/KTO-100/price", {"price": "1", "valid_from": "2020-01-01"}, status=422)
    assert manager.fault("valid_from") == "Today or later: the past stays as it was."
    assert manager.value("price") == "1"


@both
def test_a_price_form_sent_twice_appends_one_price(manager: Person, shop: Shop) -> None:
    manager.see("products/KTO-100")
    form = {"price": "16.500", "valid_from": manager.value("valid_from"), "form_id": new_id()}
    manager.send("products/KTO-100/price", form)
    before = shop.rows()
    manager.send("products/KTO-100/price", form)
    assert shop.changed(before) == {}
    said = manager.send("products/KTO-100/price", {**form, "price": "1"}, status=409)
    assert "This form was sent before" in said
    assert shop.changed(before) == {}


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "';--", "&lt;b&gt;"],
)
def test_hostile_names_are_shown_as_they_are_typed(manager: Person, name: str) -> None:
    manager.send("products/new", {**NEW, "name": name, "name_en": name, "category": name[:40]})
    for page in ("products/", "products/KTK-050", "stock/receive", "audit/", "stock/movements/KTK-050"):
        said = manager.see(page)
        assert name in said or page == "audit/"
        assert "<script>alert" not in manager.source
        assert "<img src=x" not in manager.source


def test_a_product_that_does_not_exist_is_not_found(manager: Person) -> None:
    assert "There is no such product." in manager.see("products/NOPE", status=404)


@pytest.mark.parametrize("sku", ["A/B", "100%", "A?B#C", "SKU 1"])
def test_a_product_with_an_odd_sku_has_a_page_of_its_own(manager: Person, sku: str) -> None:
    said = manager.send("products/new", {**NEW, "sku": sku})
    assert sku in said
    manager.see("products/")
    address = next(
        part.split('"')[0]
        for part in manager.source.split('href="/back-office/products/')[1:]
        if "Keju" in part.split("</a>")[0] or "Cheese" in part.split("</a>")[0]
    )
    assert "saved" in manager.send(f"products/{address}", {**NEW, "name": "Baru"})
    assert "Baru" in manager.see(f"stock/movements/{address}")
