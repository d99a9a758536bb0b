"""Discounts, notes, prices and undo at the till, by touch and by keys."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import PINS, Till

pytestmark = pytest.mark.e2e

RP = "Rp\u00a0"


def add_preset(till: Till, **form: str) -> None:
    """A manager adds a discount in the back office, with the same browser."""
    page = till.page
    page.goto("/back-office/settings/discounts/new")
    if page.locator("[name=pin]").count():
        page.locator("[name=name]").fill("Manajer")
        page.locator("[name=pin]").fill(PINS["Manajer"])
        page.locator("[name=pin]").press("Enter")
        page.wait_for_url("**/discounts/new")
    page.locator("#name").fill(form["name"])
    page.locator("#kind").select_option(form["kind"])
    page.locator("#value").fill(form["value"])
    if "approved" in form:
        page.locator("[name=approved]").check()
    page.get_by_role("button", name="Simpan").tap()
    page.wait_for_url("**/settings/discounts/")


def line(till: Till, product: str) -> Locator:
    return till.page.get_by_role("button", name=re.compile(f"^Potongan, catatan: {product}"))


def whole(till: Till) -> Locator:
    return till.page.locator("#sale-extras")


def toast(till: Till) -> Locator:
    return till.page.locator("#toast")


def paid(till: Till) -> dict[str, Any]:
    till.button("Uang pas").tap()
    till.expect_change(f"{RP}0")
    return till.sales()[0]


def test_ready_discounts_are_one_tap_on_a_line_and_on_the_sale(till: Till, shop: RunningShop) -> None:
    till.look()
    add_preset(till, name="Kemasan rusak", kind="percent", value="10")
    add_preset(till, name="Karyawan", kind="percent", value="20", approved="1")
    till.page.goto("/")
    till.page.get_by_role("button", name="Kunci · Manajer").tap()
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.add("Minuman Bunga Telang Lemon")
    line(till, "Keripik Tempe Original").tap()
    till.page.get_by_role("button", name=re.compile("^Kemasan rusak 10 %")).tap()
    expect(till.total()).to_have_text(f"{RP}37.000")
    # It follows the quantity.
    till.page.get_by_role("button", name="Tambah satu").first.tap()
    expect(till.total()).to_have_text(f"{RP}50.500")
    whole(till).tap()
    till.page.get_by_role("button", name=re.compile("^Karyawan 20 %")).tap()
    expect(till.total()).to_have_text(f"{RP}40.400")
    # A reload in the middle loses nothing.
    till.page.reload()
    expect(till.total()).to_have_text(f"{RP}40.400")
    expect(whole(till)).to_contain_text("Karyawan −10.100")
    sale = paid(till)
    assert (sale["discount"], sale["reason"], sale["approved_by"]) == (10_100, "Karyawan", None)
    assert (sale["lines"][0]["discount"], sale["lines"][0]["reason"]) == (4_500, "Kemasan rusak")


def test_a_typed_discount_above_the_limit_asks_a_supervisor_and_a_note_is_printed(till: Till) -> None:
    till.start()
    till.add("Teh Bunga Telang", 2)
    line(till, "Teh Bunga Telang").tap()
    window = till.page.get_by_role("dialog", name=re.compile("^Teh Bunga Telang"))
    window.get_by_role("button", name="Potongan lain").tap()
    give = window.get_by_role("button", name="Beri potongan")
    window.get_by_role("button", name="Persen").tap()
    for key in ("2", "0"):
        window.get_by_role("button", name=key, exact=True).tap()
    # Nothing is given without a reason.
    expect(give).to_be_disabled()
    window.get_by_role("button", name="Hampir kedaluwarsa").tap()
    expect(window.get_by_text("perlu persetujuan pengawas")).to_be_visible()
    give.tap()
    expect(till.total()).to_have_text(f"{RP}40.000")
    line(till, "Teh Bunga Telang").tap()
    window.get_by_role("button", name="Catatan", exact=True).tap()
    window.get_by_label("Catatan untuk barang ini").fill("bungkus terpisah")
    window.get_by_role("button", name="Simpan catatan").tap()
    expect(till.lines()).to_contain_text(["bungkus terpisah"])
    till.button("Uang pas").tap()
    till.approve()
    till.expect_change(f"{RP}0")
    [sale] = till.sales()
    assert (sale["approved_by"], sale["lines"][0]["note"]) == ("Pengawas", "bungkus terpisah")


def test_what_is_taken_out_comes_back_without_a_question(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.add("Teh Bunga Telang")
    till.page.get_by_role("button", name="Kurangi satu").first.tap()
    expect(till.lines()).to_have_count(1)
    # Whatever came in since stays.
    till.add("Minuman Bunga Telang Lemon")
    toast(till).get_by_role("button", name="Urungkan").tap()
    expect(till.lines()).to_have_count(3)
    till.button("Kosongkan").tap()
    expect(till.lines()).to_have_count(0)
    till.page.keyboard.press("Control+z")
    expect(till.lines()).to_have_count(3)
    # By keys alone: the way back has the focus.
    till.page.locator("#cart-empty").focus()
    till.page.keyboard.press("Enter")
    expect(till.lines()).to_have_count(0)
    expect(toast(till).get_by_role("button", name="Urungkan")).to_be_focused()
    till.page.keyboard.press("Enter")
    expect(till.lines()).to_have_count(3)
    till.button("Tahan").tap()
    expect(till.lines()).to_have_count(0)
    toast(till).get_by_role("button", name="Urungkan").tap()
    expect(till.lines()).to_have_count(3)
    sale = paid(till)
    assert len(sale["lines"]) == 3
    # Its order is used up, and what was undone before a sale never comes back after it.
    assert till.call("GET", "/api/v1/orders?register=K1")["body"]["items"] == []
    till.page.keyboard.press("Control+z")
    expect(till.lines()).to_have_count(0)


def test_a_price_is_looked_up_without_adding_and_then_added(till: Till) -> None:
    till.start()
    till.page.get_by_role("button", name="Cek harga").tap()
    window = till.page.get_by_role("dialog", name="Cek harga")
    till.scan("2012345000018")
    expect(window.get_by_role("heading", name="Keripik Tempe Original 100 g")).to_be_visible()
    expect(window.get_by_text(f"{RP}15.000")).to_be_visible()
    expect(window.get_by_text("Sisa 200")).to_be_visible()
    expect(window.get_by_text(re.compile(r"^\d\d-\d\d-\d{4}$"))).to_be_visible()
    till.scan("8990000000000")
    expect(window.get_by_text("8990000000000 tidak dikenal di sini.")).to_be_visible()
    window.get_by_label("Pindai, atau ketik nama barang").fill("lemon")
    expect(window.get_by_role("heading", name="Minuman Bunga Telang Lemon 250 ml")).to_be_visible()
    expect(till.lines()).to_have_count(0)
    window.get_by_role("button", name="Masukkan keranjang").tap()
    expect(till.lines()).to_have_count(1)
    # Scans go to the cart again.
    till.scan("2012345000018")
    expect(till.lines()).to_have_count(2)
