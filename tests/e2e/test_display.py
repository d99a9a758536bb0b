"""The customer display beside the till: in a window of the same browser, and in another browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till, box

pytestmark = pytest.mark.e2e

SIZES = ((1024, 600), (800, 1280), (1920, 1080))


def display_beside(till: Till) -> Page:
    """Open the display as a cashier does."""
    till.button("Penjualan hari ini").tap()
    with till.page.expect_popup() as opened:
        till.button("Layar pelanggan").tap()
    till.button("Kembali berjualan").tap()
    expect(opened.value.locator(".idle-tile")).to_have_count(6)
    return opened.value


def test_a_window_and_another_browser_follow_cart_code_and_thanks_through_reloads(
    till: Till, shop: RunningShop, chromium: Browser
) -> None:
    elsewhere = chromium.new_context(base_url=shop.url, viewport={"width": 800, "height": 1280})
    far = elsewhere.new_page()
    far.goto("/display/K1")
    till.start()
    near = display_beside(till)
    till.add("Keripik Tempe Original", 2)
    for display in (near, far):
        expect(display.locator(".bill-total")).to_have_text("Rp\u00a030.000", timeout=12_000)
        display.reload()
        expect(display.locator(".bill-line")).to_contain_text("2 × 15.000")
    till.button("QRIS").tap()
    code = near.get_by_role("img", name="Kode QRIS")
    expect(code).to_have_js_property("naturalWidth", 400)
    for width, height in SIZES:
        near.set_viewport_size({"width": width, "height": height})
        shown = box(code)
        assert shown["width"] == shown["height"] >= 320
        assert shown["y"] + shown["height"] <= height
        assert near.evaluate("document.querySelector('#main').scrollHeight <= window.innerHeight")
    expect(far.get_by_role("heading", name="Bayar dengan QRIS")).to_be_visible()
    till.page.get_by_label("Referensi").fill("778899")
    till.button("Sudah diterima").tap()
    for display in (near, far):
        expect(display.locator(".thanks-label")).to_have_text("Lunas")
    till.add("Teh Bunga Telang")
    expect(near.locator(".bill-total")).to_have_text("Rp\u00a025.000")
    elsewhere.close()


def test_nothing_is_paid_while_the_server_is_silent_and_the_display_outlives_its_restart(
    till: Till, shop: RunningShop
) -> None:
    till.start()
    near = display_beside(till)
    till.add("Keripik Tempe Original")
    expect(near.locator(".bill-total")).to_have_text("Rp\u00a015.000")
    shop.stop()
    till.button("20.000").tap()
    expect(near.locator(".bill-wait")).to_have_text("Mohon tunggu sebentar…")
    expect(near.locator(".display-link")).to_have_text("Menyambung kembali…", timeout=15_000)
    expect(near.locator(".bill-total")).to_have_text("Rp\u00a015.000")
    expect(near.locator(".thanks-amount")).to_have_count(0)
    shop.start()
    expect(near.locator(".thanks-amount")).to_have_text("Rp\u00a05.000", timeout=15_000)
    expect(near.locator(".display-link")).to_have_text("", timeout=15_000)
    with near.expect_event("close"):
        near.get_by_role("button", name="Tutup", exact=True).click()
