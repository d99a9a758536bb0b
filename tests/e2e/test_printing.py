"""How receipts look, and a printer set up with its guided test, as a manager does both in a browser."""

import re
from pathlib import Path

import pytest
from PIL import Image as Picture
from PIL import ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import PINS, Till
from tests.fake_printer import FakePrinter

EDITOR = "/back-office/settings/receipt/"
CUT, PULSE, PICTURE = b"\x1dV", b"\x1bp", b"\x1dv0"
ASKED = ("width", "letters", "qr", "drawer", "cut")


@pytest.fixture
def office(page: Page) -> Page:
    """The back office with the manager signed in."""
    page.goto("/back-office/")
    page.get_by_label("Nama").fill("Manajer")
    page.get_by_label("PIN").fill(PINS["Manajer"])
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("navigation").first).to_be_visible()
    return page


def receipt(page: Page, columns: int = 32) -> Locator:
    return page.locator(f'img[data-columns="{columns}"]')


def test_the_preview_follows_what_is_typed_and_nothing_is_saved_before_somebody_says_so(office: Page) -> None:
    office.goto(EDITOR)
    for columns in (32, 48):
        expect(receipt(office, columns)).to_have_attribute("alt", re.compile("TOTAL"))
    before = receipt(office).get_attribute("src")
    office.get_by_label("Di atas penjualan").fill("Telp. 0812-0000-1234")
    for columns in (32, 48):
        expect(receipt(office, columns)).to_have_attribute("alt", re.compile("Telp. 0812-0000-1234"))
    assert receipt(office).get_attribute("src") != before
    office.get_by_label("Nama kasir").uncheck()
    expect(receipt(office)).not_to_have_attribute("alt", re.compile("^Kasir ", re.MULTILINE))
    office.reload()
    expect(office.get_by_label("Di atas penjualan")).to_have_value("")
    expect(receipt(office)).to_have_attribute("src", before or "")


def test_what_cannot_be_printed_is_told_beside_the_preview_which_stays(office: Page) -> None:
    office.goto(EDITOR)
    expect(receipt(office)).to_have_attribute("alt", re.compile("TOTAL"))
    office.get_by_label("Di atas penjualan").fill("satu\ndua\ntiga\nempat\nlima")
    expect(office.locator("[data-trouble]")).not_to_be_empty()
    expect(receipt(office)).to_have_attribute("alt", re.compile("TOTAL"))
    office.get_by_label("Di atas penjualan").fill("satu")
    expect(office.locator("[data-trouble]")).to_be_empty()
    expect(receipt(office)).to_have_attribute("alt", re.compile("satu"))


def test_a_logo_is_seen_before_it_is_saved_and_then_stands_on_receipts(office: Page, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    drawn = Picture.new("L", (200, 80), 255)
    ImageDraw.Draw(drawn).ellipse((20, 10, 180, 70), outline=0, width=6)
    drawn.save(logo)
    office.goto(EDITOR)
    expect(receipt(office)).to_have_attribute("alt", re.compile("TOTAL"))
    without = receipt(office).get_attribute("src") or ""
    office.get_by_label("Logo baru").set_input_files(logo)
    expect(receipt(office)).not_to_have_attribute("src", without)
    office.get_by_role("button", name="Simpan").click()
    expect(office.locator("img.logo-now")).to_be_visible()
    expect(receipt(office)).not_to_have_attribute("src", without)
    till = Till(office)
    till.pick("K1")
    till.start()
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    till.expect_change("Rp 0")
    (sale,) = till.sales()
    assert PICTURE in office.request.get(f"/api/v1/sales/{sale['id']}/receipt.bin").body()


def test_a_printer_is_added_and_led_through_its_test_page(office: Page) -> None:
    with FakePrinter() as printer:
        office.goto("/back-office/devices/printers/new")
        expect(office.get_by_label("Antrean")).to_be_hidden()
        office.get_by_label("Nama", exact=True).fill("gerai")
        office.get_by_label("G1").check()
        office.get_by_label("Alamat").fill("127.0.0.1")
        office.get_by_label("Port").fill(str(printer.port))
        office.get_by_role("button", name="Simpan").click()
        expect(office.get_by_role("heading", name="Uji gerai")).to_be_visible()
        office.get_by_role("button", name="Cetak halaman uji").click()
        for _ in ASKED:
            office.get_by_role("button", name="Ya", exact=True).click()
        expect(office.get_by_text("Printer ini sudah diatur dengan benar.")).to_be_visible()
        for _ in range(200):
            if CUT in printer.printed and PULSE in printer.printed:
                break
            office.wait_for_timeout(100)
        assert printer.printed.count(b"Halaman uji printer gerai") == 1
        assert (printer.printed.count(PULSE), printer.printed.count(CUT)) == (1, 1)
        for _ in range(20):
            office.reload()
            if office.get_by_text("Tercetak").first.is_visible():
                break
            office.wait_for_timeout(500)
        expect(office.get_by_text("Tercetak").first).to_be_visible()


def test_a_no_to_a_question_says_what_to_change(office: Page) -> None:
    with FakePrinter("paper-out") as printer:
        office.goto("/back-office/devices/printers/new")
        office.get_by_label("Nama", exact=True).fill("gerai")
        office.get_by_label("G1").check()
        office.get_by_label("Alamat").fill("127.0.0.1")
        office.get_by_label("Port").fill(str(printer.port))
        office.get_by_role("button", name="Simpan").click()
        office.get_by_role("button", name="Cetak halaman uji").click()
        office.get_by_role("button", name="Tidak", exact=True).click()
        expect(office.get_by_text("pilih kolom lebih sedikit")).to_be_visible()
        for _ in ASKED[1:]:
            office.get_by_role("button", name="Ya", exact=True).click()
        expect(office.get_by_text("Ubah yang disebut di atas")).to_be_visible()
        office.wait_for_timeout(2_500)
        office.reload()
        expect(office.get_by_text("kertas habis").first).to_be_visible()
        assert printer.printed == b""
