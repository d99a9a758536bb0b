"""What the shop chooses for its tills: the order, favourites, categories, discounts that are ready."""

import re

import pytest

from tests.factories import Shop, new_id
from tests.web.office.conftest import Office, both
from tests.web.office.person import Person

ORDER = ["KTO-100", "KTP-100", "KTB-250", "MBT-250", "MBL-250", "TBT-020"]


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


def skus(shop: Shop) -> list[str]:
    return [item["sku"] for item in shop.get("/products")["items"]]


@both
def test_a_product_goes_up_down_and_to_a_number_and_the_till_follows(manager: Person, shop: Shop) -> None:
    manager.send("products/order/", {"sku": "KTB-250", "to": "up"})
    assert skus(shop) == ["KTO-100", "KTB-250", "KTP-100", *ORDER[3:]]
    manager.send("products/order/", {"sku": "KTO-100", "to": "down"})
    assert skus(shop)[:2] == ["KTB-250", "KTO-100"]
    manager.send("products/order/", {"sku": "TBT-020", "number": "1"})
    assert skus(shop)[0] == "TBT-020"
    manager.send("products/order/", {"sku": "TBT-020", "number": "99"})
    assert skus(shop)[-1] == "TBT-020"


def test_within_a_category_only_its_own_products_are_passed(manager: Person, shop: Shop) -> None:
    manager.send("products/order/", {"sku": "MBT-250", "to": "down", "group": "Bunga Telang"})
    assert skus(shop) == ["KTO-100", "KTP-100", "KTB-250", "MBL-250", "MBT-250", "TBT-020"]
    manager.send("products/order/", {"sku": "TBT-020", "to": "up", "group": "Bunga Telang"})
    assert skus(shop)[3:] == ["MBL-250", "TBT-020", "MBT-250"]


def test_products_of_one_position_are_told_apart_when_one_of_them_moves(manager: Person, shop: Shop) -> None:
    for sku, name in (("AAA-1", "Abon"), ("AAA-2", "Asam")):
        form = {"sku": sku, "name": name, "unit": "pak", "active": "1", "position": "0", "price": "1000"}
        manager.send("products/new", form)
    manager.send("products/order/", {"sku": "AAA-2", "to": "up"})
    assert skus(shop) == ["AAA-2", "AAA-1", *ORDER]


def test_a_step_that_leads_nowhere_and_a_form_sent_twice_change_nothing(manager: Person, shop: Shop) -> None:
    form = {"sku": "KTB-250", "to": "up", "form_id": new_id()}
    manager.send("products/order/", form)
    manager.send("products/order/", form)
    assert skus(shop)[1] == "KTB-250"
    manager.send("products/order/", {"sku": "KTO-100", "to": "up"})
    manager.send("products/order/", {"sku": "GONE", "to": "up"}, status=404)
    said = manager.send("products/order/", {"sku": "KTO-100", "number": "satu"}, status=422)
    assert "Type a whole number from 1 to 100000." in said
    assert skus(shop) == ["KTO-100", "KTB-250", "KTP-100", *ORDER[3:]]


@both
def test_favourites_stand_first_and_are_a_group_of_their_own(manager: Person, shop: Shop) -> None:
    manager.send("products/order/favourite", {"sku": "TBT-020", "favourite": "1"})
    manager.send("products/order/favourite", {"sku": "KTP-100", "favourite": "1"})
    assert skus(shop)[:3] == ["KTP-100", "TBT-020", "KTO-100"]
    manager.send("products/order/", {"sku": "TBT-020", "to": "up", "group": "*"})
    assert skus(shop)[:2] == ["TBT-020", "KTP-100"]
    assert "Tempe Original" not in manager.see("products/order/?group=*")
    manager.send("products/order/favourite", {"sku": "TBT-020", "favourite": "0"})
    assert skus(shop)[0] == "KTP-100"


def test_the_form_of_a_product_keeps_its_favourite(manager: Person, shop: Shop) -> None:
    form = {"name": "Teh", "unit": "kotak", "active": "1", "position": "6", "favourite": "1"}
    manager.send("products/TBT-020", form)
    assert skus(shop)[0] == "TBT-020"
    assert re.search(r'name="favourite"[^>]* checked', manager.source)


@both
def test_categories_go_up_and_down_and_new_ones_come_last(manager: Person, shop: Shop) -> None:
    manager.send("products/order/categories", {"name": "Bunga Telang", "to": "up"})
    assert shop.get("/products")["categories"] == ["Bunga Telang", "Keripik Tempe"]
    form = {
        "sku": "SBN-1",
        "name": "Sabun",
        "unit": "pak",
        "active": "1",
        "price": "1000",
        "category": "Alat",
    }
    manager.send("products/new", form)
    assert shop.get("/products")["categories"] == ["Bunga Telang", "Keripik Tempe", "Alat"]
    manager.send("products/order/categories", {"name": "Alat", "number": "2"})
    assert shop.get("/products")["categories"] == ["Bunga Telang", "Alat", "Keripik Tempe"]


PRESET = {"name": "Karyawan", "kind": "percent", "value": "12,5", "approved": "1", "active": "1"}


@both
def test_a_discount_is_added_changed_and_ended(manager: Person) -> None:
    said = manager.send("settings/discounts/new", PRESET)
    assert "Karyawan: saved." in said
    assert "12.5%" in said
    assert "Approved in advance" in said
    manager.send("settings/discounts/1", {"name": "Karyawan", "kind": "amount", "value": "Rp 5.000"})
    assert "Rp\u00a05.000" in manager.source
    assert "Not offered any more" in manager.source


@pytest.mark.parametrize(
    ("typed", "field", "fault"),
    [
        ({"value": "101"}, "value", "Type a percentage from 0 to 100"),
        ({"value": "0"}, "value", "More than 0 and at most 100 percent."),
        ({"value": ""}, "value", "Fill this in."),
        ({"kind": "amount", "value": "1,5"}, "value", "Type whole rupiah"),
        ({"kind": "amount", "value": "0"}, "value", "Type whole rupiah"),
        ({"kind": "other"}, "kind", "Choose one of these."),
        ({"name": " "}, "name", "Fill this in."),
        ({"name": "x" * 61}, "name", "This text is too long."),
        ({"name": "hari jadi"}, "name", "Another discount has this reason."),
    ],
)
def test_what_makes_no_discount_is_refused_at_its_field(
    manager: Person, shop: Shop, typed: dict[str, str], field: str, fault: str
) -> None:
    manager.send("settings/discounts/new", {**PRESET, "name": "Hari Jadi"})
    before = shop.rows()
    manager.send("settings/discounts/new", {**PRESET, **typed}, status=422)
    assert manager.fault(field).startswith(fault)
    assert shop.changed(before) == {}


def test_discounts_stand_in_the_order_they_are_given(manager: Person) -> None:
    for name in ("Satu", "Dua", "Tiga"):
        manager.send("settings/discounts/new", {**PRESET, "name": name})
    manager.send("settings/discounts/", {"preset": "3", "number": "1"})
    manager.send("settings/discounts/", {"preset": "2", "to": "up"})
    assert re.findall(r"discounts/\d\">(\w+)<", manager.source) == ["Tiga", "Dua", "Satu"]


def test_only_a_manager_sets_them_and_who_may_look_sees_no_buttons(office: Office) -> None:
    auditor = office("Pemeriksa")
    assert "Move" not in auditor.see("settings/discounts/")
    assert "Move" not in auditor.see("products/order/")
    for path in ("settings/discounts/new", "products/order/", "products/order/favourite"):
        auditor.send(path, {**PRESET, "sku": "KTO-100", "to": "down"}, status=403)
