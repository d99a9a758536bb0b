"""The screen of a device: measured with a card, made larger and dark, with keys of our own."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till, box

OVERFLOW = """() => [...document.querySelectorAll("button, a.button")].filter((one) => {
  const {left, right, width} = one.getBoundingClientRect();
  return width && (left < -1 || right > innerWidth + 1 || one.scrollWidth > one.clientWidth + 2);
}).map((one) => one.textContent)"""
NOTICES = """(place) => place.append(...["Satu", "Dua", "Tiga", "Empat"].map((words) => {
  const one = document.createElement("div");
  one.className = "alert danger";
  one.textContent = words;
  return one;
}))"""
SIZES = [(1280, 800), (800, 1280), (1024, 600), (1366, 768), (1920, 1080)]
LINES = {(1280, 800): 4, (800, 1280): 4, (1024, 600): 5, (1366, 768): 6, (1920, 1080): 6}
"""How many lines of six are wholly in sight beside the products, the total and every button for money."""
WHOLE = """(list) => {
  list.scrollTop = 0;
  const edge = list.getBoundingClientRect().bottom + 0.5;
  const lines = [...list.querySelectorAll(".line")];
  return lines.filter((one) => one.getBoundingClientRect().bottom <= edge).length;
}"""
SMALL = """() => [...document.querySelectorAll("#cart button")].filter((one) => {
  const pays = one.closest("#pay");
  const small = Math.min(one.offsetWidth, one.offsetHeight) < (pays ? 64 : 44);
  return one.offsetParent && (small || (pays && one.getBoundingClientRect().bottom > innerHeight));
}).map((one) => one.textContent)"""


def letters(page: Page) -> float:
    """How large the root's letters are, in px."""
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


def key(page: Page, name: str) -> Locator:
    board = page.get_by_role("region", name="Papan ketik di layar")
    return board.get_by_role("button", name=name, exact=True)


def choose(shop: RunningShop, page: Page, value: str) -> None:
    """What the page of the screen would keep."""
    page.context.add_cookies([{"name": "pos_screen", "value": value, "url": shop.url}])


def test_a_card_against_the_screen_tells_the_millimetres_and_the_size_that_is_large_enough(
    page: Page,
) -> None:
    page.goto("/")
    assert letters(page) == 16
    page.get_by_role("link", name="Layar dan papan ketik").tap()
    expect(page.locator("#room")).to_contain_text("144 %")
    frame, wide = page.locator("#frame"), page.get_by_role("slider", name="Lebar bingkai")
    before = box(frame)["width"]
    page.get_by_role("button", name="Lebih lebar", exact=True).tap()
    page.get_by_role("button", name="Jauh lebih lebar").tap()
    assert box(frame)["width"] == pytest.approx(before + 11, abs=0.1)
    wide.focus()
    page.keyboard.press("ArrowLeft")
    assert box(frame)["width"] == pytest.approx(before + 10, abs=1)
    wide.fill("504")
    assert box(frame)["height"] == pytest.approx(504 * 53.98 / 85.6, abs=0.1)
    page.get_by_role("button", name="Bingkai sudah pas").tap()
    result = page.locator("#result")
    expect(result).to_contain_text("0,170 mm")
    expect(result).to_contain_text("9,5 mm")
    expect(result).to_contain_text("Pada 115 % ukurannya 10,9 mm dan 12,5 mm")
    page.get_by_role("button", name="Pakai 115 %").tap()
    expect(page.locator("html")).to_have_attribute("data-size", "115")
    expect(result).to_contain_text("Cukup besar")
    page.get_by_role("button", name="Gelap", exact=True).tap()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Kembali").tap()
    page.get_by_role("button", name="K1").tap()
    expect(page.locator(".pin-pad")).to_be_visible()
    assert letters(page) == pytest.approx(18.4)
    assert box(page.locator(".pin-pad .key").first)["height"] >= 56 * 1.15
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(245, 244, 240)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 23, 29)"


def test_the_largest_and_the_smallest_letters_fit_the_till_on_every_screen(
    shop: RunningShop, till: Till
) -> None:
    till.start()
    page = till.page
    for product in ("Keripik Tempe Original", "Minuman Bunga Telang Lemon", "Teh Bunga Telang"):
        till.add(product)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for size in (90, 200):
            choose(shop, page, f"{size}.auto.off.0")
            page.reload()
            expect(till.lines()).to_have_count(3)
            grown = letters(page) / 16
            assert grown == 0.9 if size == 90 else grown > 1.1
            assert page.evaluate(OVERFLOW) == [], f"{width}x{height} at {size} %"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for button in (till.button("Uang pas"), till.button("QRIS")):
                money = box(button)
                assert money["y"] + money["height"] <= height
                assert money["height"] >= 64 * grown - 1


def test_lines_of_the_cart_are_in_sight_beside_all_buttons_on_every_screen(till: Till) -> None:
    page = till.page
    till.start()
    tiles = page.locator(".tile")
    for n in range(6):
        tiles.nth(n).tap()
    for language in ("id", "en"):
        page.context.add_cookies([{"name": "pos_language", "value": language, "url": page.url}])
        page.reload()
        expect(till.lines()).to_have_count(6)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            where = f"{width}x{height} {language}"
            assert page.locator("#lines").evaluate(WHOLE) >= LINES[width, height], where
            assert page.evaluate(SMALL) == [], where
            assert page.evaluate(OVERFLOW) == [], where
    # Many notes of many figures, a discount of the whole and a rounding: the low screen still shows four.
    page.set_viewport_size({"width": 1024, "height": 600})
    for _ in range(46):
        tiles.nth(2).tap()
    till.tile("Original Tempe Chips").tap()
    assert page.evaluate(OVERFLOW) == []
    page.evaluate("document.querySelector('#rounding').textContent = 'In cash Rp 1.503.000 (rounded)'")
    page.evaluate("document.querySelector('#off').textContent = 'Discount −1.000.000'")
    assert page.locator("#lines").evaluate(WHOLE) >= 4


def test_notices_push_no_button_for_money_off_a_low_screen(till: Till) -> None:
    page = till.page
    page.set_viewport_size({"width": 1024, "height": 600})
    till.start()
    till.add("Keripik Tempe Original", 3)
    # Several at once scroll in their own place.
    page.locator("#notices").evaluate(NOTICES)
    for button in page.locator("#pay button").all():
        money = box(button)
        assert money["height"] >= 64
        assert money["y"] + money["height"] <= 600


def test_keys_on_the_screen_write_into_the_search_and_leave_scans_alone(
    shop: RunningShop, till: Till
) -> None:
    page = till.page
    choose(shop, page, "100.auto.auto.0")
    till.start()
    search = page.get_by_role("searchbox")
    board = page.get_by_role("region", name="Papan ketik di layar")
    page.locator('link[href$="keyboard.css"]').wait_for(state="attached")
    search.tap()
    expect(board).to_be_visible()
    sizes = [box(one) for one in board.get_by_role("button").all()]
    assert min(min(one["height"], one["width"]) for one in sizes) >= 56
    for letter in "leom":
        key(page, letter).tap()
    key(page, "Hapus huruf terakhir").tap()
    key(page, "Hapus huruf terakhir").tap()
    key(page, "m").tap()
    expect(search).to_have_value("lem")
    expect(search).to_be_focused()
    expect(page.locator(".tile")).to_have_count(1)
    field = box(search)
    assert field["y"] + field["height"] <= box(board)["y"]
    # A scan goes into the cart, not into the field, and takes no key away.
    code = till.call("GET", "/api/v1/products?query=KTO-100")["body"]["items"][0]["barcodes"][0]
    till.scan(code)
    expect(till.lines()).to_have_count(1)
    expect(board).to_be_visible()
    key(page, "Selesai").tap()
    expect(board).to_have_count(0)
    # Amounts keep their own pad.
    till.button("Lainnya…").tap()
    page.get_by_role("textbox", name="Uang diterima").tap()
    expect(board).to_have_count(0)
    page.keyboard.press("Escape")
    # Whoever types on real keys is not in need of ours.
    search.tap()
    expect(board).to_be_visible()
    page.keyboard.type("teh", delay=150)
    expect(board).to_have_count(0)


def test_keys_in_a_window_stay_below_the_reason_on_a_low_screen(shop: RunningShop, till: Till) -> None:
    page = till.page
    page.set_viewport_size({"width": 1024, "height": 600})
    choose(shop, page, "200.auto.on.0")
    till.start("Pengawas")
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    expect(page.get_by_text("Kembalian", exact=True)).to_be_visible()
    till.button("Penjualan hari ini").tap()
    page.locator(".sale-row").first.tap()
    till.button("Retur").tap()
    page.locator('link[href$="keyboard.css"]').wait_for(state="attached")
    reason = page.locator("#reason")
    reason.tap()
    for name in ("r", "u", "s", "a", "k", "Spasi", "2"):
        key(page, name).tap()
    expect(reason).to_have_value("rusak 2")
    board = page.get_by_role("region", name="Papan ketik di layar")
    field = box(reason)
    assert 0 <= field["y"] < field["y"] + field["height"] <= box(board)["y"]
    key(page, "Huruf besar").tap()
    key(page, "A").tap()
    key(page, "b").tap()
    key(page, "?123 Angka dan tanda").tap()
    key(page, "/").tap()
    expect(reason).to_have_value("rusak 2Ab/")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Tutup")).first.tap()
    expect(board).to_have_count(0)
