"""The shop's settings and the check of its QRIS."""

import pytest

from pos.domain.qris import demo_merchant
from tests.factories import Shop, new_id
from tests.web.office.conftest import Office
from tests.web.office.person import Person

SETTINGS = {
    "name": "Karya Lapas Tangerang",
    "rounding_step": "500",
    "limit_discount_percent": "5",
    "limit_over_short": "Rp 20.000",
    "limit_manual_qris": "250.000",
    "idle_lock_seconds": "90",
    "order_slip_minutes": "45",
    "print_hours": "6",
    "merchant_qris": demo_merchant(),
}


@pytest.fixture
def manager(office: Office) -> Person:
    return office("Manajer")


def test_settings_are_saved_and_hold_at_the_next_sale(manager: Person, till: Shop) -> None:
    assert "The settings are saved." in manager.send("settings/", SETTINGS)
    assert manager.value("limit_over_short") == "20.000"
    sale = till.sell({"KTO-100": 1, "MBT-250": 1})
    assert "Karya Lapas Tangerang" in manager.see(f"sales/{sale['id']}")


def test_only_what_changed_stands_in_the_book_and_saving_the_same_writes_nothing(
    manager: Person, shop: Shop
) -> None:
    manager.send("settings/", SETTINGS)
    before = shop.rows()
    manager.send("settings/", {**SETTINGS, "form_id": new_id()})
    assert shop.changed(before) == {}
    manager.send("settings/", {**SETTINGS, "print_hours": "7"})
    assert len(shop.changed(before)["setting"]) == len(before["setting"])


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", ""),
        ("name", "x" * 61),
        ("rounding_step", "0"),
        ("rounding_step", "1001"),
        ("limit_discount_percent", "101"),
        ("limit_over_short", "-1"),
        ("limit_manual_qris", "20.000.000"),
        ("idle_lock_seconds", "3"),
        ("print_hours", "selamanya"),
        ("merchant_qris", "000201"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_at_its_field(
    manager: Person, shop: Shop, name: str, typed: str
) -> None:
    before = shop.rows()
    manager.send("settings/", {**SETTINGS, name: typed}, status=422)
    assert manager.fault(name)
    assert typed in manager.source
    assert shop.changed(before) == {}


def test_checking_a_pasted_code_explains_it_and_saves_nothing(manager: Person, shop: Shop) -> None:
    before = shop.rows()
    wrong = demo_merchant()[:-1] + ("0" if demo_merchant()[-1] != "0" else "1")
    said = manager.send("settings/", {**SETTINGS, "merchant_qris": wrong, "check": "1"})
    assert "This code can't take payments." in said
    assert "a character is wrong" in said
    assert manager.value("name") == SETTINGS["name"]
    said = manager.send("settings/", {**SETTINGS, "merchant_qris": f"  {demo_merchant()} ", "check": "1"})
    assert "This code can take payments." in said
    assert "There is white space around the code." in said
    assert "TANGERANG" in said
    assert "<svg" in manager.source
    assert shop.changed(before) == {}


def test_a_hostile_code_is_shown_as_it_is_typed(manager: Person) -> None:
    payload = "</textarea><script>alert(1)</script>"
    said = manager.send("settings/", {**SETTINGS, "merchant_qris": payload}, status=422)
    assert "<script>alert" not in manager.source
    assert payload in said


def test_a_shop_without_qris_saves_an_empty_code(manager: Person, shop: Shop) -> None:
    assert "The settings are saved." in manager.send("settings/", {**SETTINGS, "merchant_qris": ""})
