"""Selling at the till in a real browser: what is tapped, what is shown, what the server then knows."""

import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Route, expect

from pos.domain.qris import parse
from tests.e2e.conftest import RunningShop
from tests.e2e.person import SIZES, Till, box

pytestmark = pytest.mark.e2e


def test_two_items_in_exact_cash_take_three_taps(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    expect(till.total()).to_have_text("Rp\u00a030.000")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    [sale] = till.sales()
    assert (sale["status"], sale["number"], sale["total"], sale["change"]) == (
        "completed",
        "K1-000001",
        30_000,
        0,
    )


def test_a_note_pays_at_one_tap_and_the_next_product_starts_the_next_sale(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.add("Minuman Bunga Telang 250")
    till.button("50.000").tap()
    till.expect_change("Rp\u00a027.000")
    till.add("Teh Bunga Telang")
    expect(till.page.get_by_text("Kembalian", exact=True)).to_be_hidden()
    expect(till.lines()).to_have_count(1)
    expect(till.total()).to_have_text("Rp\u00a025.000")


def test_the_receipt_comes_out_of_the_printer(till: Till, shop: RunningShop) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    for _ in range(50):
        if b"K1-000001" in shop.paper.read_bytes():
            break
        till.page.wait_for_timeout(100)
    assert b"K1-000001" in shop.paper.read_bytes()


def test_another_amount_is_typed_and_notes_add_up(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Balado", 2)
    till.button("Lainnya…").tap()
    till.button("+50.000").tap()
    expect(till.page.get_by_text("Kurang Rp\u00a014.000")).to_be_visible()
    till.button("+20.000").tap()
    till.button("Bayar").tap()
    till.expect_change("Rp\u00a06.000")


def test_cash_and_the_rest_by_qris(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Balado", 2)
    till.button("Lainnya…").tap()
    till.button("+50.000").tap()
    till.button("Sisanya dengan QRIS").tap()
    expect(till.page.locator(".qr-amount")).to_have_text("Rp\u00a014.000")
    till.page.get_by_label("Referensi").fill("778899")
    till.button("Sudah diterima").tap()
    expect(till.page.locator(".change-label")).to_have_text("Lunas")
    [sale] = till.sales()
    assert sale["tenders"] == [{"method": "cash", "amount": 50_000}, {"method": "qris", "amount": 14_000}]


def test_a_qris_sale_is_scanned_and_confirmed_by_hand(till: Till, tmp_path) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.add("Teh Bunga Telang")
    till.button("QRIS").tap()
    code = till.page.get_by_role("img", name="Kode QRIS")
    expect(code).to_be_visible()
    expect(code).to_have_js_property("naturalWidth", 400)
    shot = tmp_path / "code.png"
    code.screenshot(path=shot)
    [found] = zxingcpp.read_barcodes(Image.open(shot))
    assert parse(found.text).amount == 55_000
    till.button("Sudah diterima").tap()
    expect(till.page.get_by_text("Ketik referensi pembayaran.")).to_be_visible()
    till.page.get_by_label("Referensi").fill("REF 0012345")
    till.button("Sudah diterima").tap()
    expect(till.page.locator(".change-label")).to_have_text("Lunas")
    [sale] = till.sales()
    assert (sale["status"], sale["qris"]["reference"]) == ("completed", "REF 0012345")


def test_a_reference_that_was_used_is_refused_in_words(till: Till) -> None:
    till.start()
    for _ in range(2):
        till.add("Minuman Bunga Telang 250")
        till.button("QRIS").tap()
        till.page.get_by_label("Referensi").fill("4711")
        till.button("Sudah diterima").tap()
    expect(till.page.locator(".qr-confirm .form-message")).to_contain_text("Referensi")
    assert [sale["status"] for sale in till.sales()] == ["awaiting_payment", "completed"]


def test_a_large_qris_payment_by_hand_needs_a_supervisor(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Balado", 16)
    till.button("QRIS").tap()
    till.page.get_by_label("Referensi").fill("4712")
    till.button("Sudah diterima").tap()
    expect(till.page.locator(".approval-amount")).to_have_text("Rp\u00a0512.000")
    till.approve(pin="999999")
    expect(till.page.locator(".approval .pin-message")).not_to_be_empty()
    till.approve()
    expect(till.page.locator(".change-label")).to_have_text("Lunas")
    assert till.sales()[0]["status"] == "completed"


def test_a_cancelled_qris_payment_gives_the_cart_back(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.button("QRIS").tap()
    till.button("Batalkan pembayaran").tap()
    till.button("Yakin batal?").tap()
    expect(till.lines()).to_have_count(1)
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    assert [sale["status"] for sale in till.sales()] == ["completed", "cancelled"]


def test_the_next_customer_is_served_while_a_payment_is_awaited(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.button("QRIS").tap()
    till.button("Layani pembeli berikutnya").tap()
    till.add("Minuman Bunga Telang 250")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    till.button("Rp\u00a030.000").tap()
    expect(till.page.locator(".qr-amount")).to_have_text("Rp\u00a030.000")


def test_a_double_tap_on_a_pay_button_sells_once(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.page.evaluate(
        """() => { const pay = document.querySelector('#pay .exact');
                   pay.click(); pay.click(); setTimeout(() => pay.click(), 30); }"""
    )
    till.expect_change("Rp\u00a00")
    cart = box(till.page.locator("#cart"))
    till.page.mouse.dblclick(cart["x"] + cart["width"] / 2, cart["y"] + cart["height"] - 40)
    till.page.wait_for_timeout(300)
    assert len(till.sales()) == 1


def test_a_double_tap_on_qris_does_not_press_what_opens_under_it(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    at = box(till.button("QRIS"))
    for _ in range(2):
        till.page.touchscreen.tap(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    assert [sale["status"] for sale in till.sales()] == ["awaiting_payment"]


def test_fast_taps_on_a_product_all_count(till: Till) -> None:
    till.start()
    till.page.evaluate(
        "() => { const tile = document.querySelector('.tile'); for (let n = 0; n < 7; n += 1) tile.click(); }"
    )
    expect(till.lines().locator(".line-quantity")).to_have_text("7")


def test_a_product_tapped_while_the_sale_is_being_saved_is_the_next_customers(till: Till) -> None:
    till.start()

    def slowly(route: Route) -> None:
        till.page.wait_for_timeout(300)
        route.continue_()

    till.page.route("**/api/v1/sales", slowly)
    till.add("Keripik Tempe Original")
    till.page.evaluate(
        """() => { document.querySelector('#pay .exact').click();
                   document.querySelectorAll('.tile')[3].click(); }"""
    )
    expect(till.lines()).to_have_count(1)
    expect(till.lines()).to_contain_text("Minuman Bunga Telang 250 ml")
    [sale] = till.sales()
    assert [line["sku"] for line in sale["lines"]] == ["KTO-100"]


def test_more_than_is_left_is_refused_with_what_is_left(till: Till) -> None:
    till.start()
    till.call(
        "POST",
        "/api/v1/stock/adjustments",
        {
            "id": "0197e2c4-0000-7000-8000-000000000001",
            "location": "GUDANG",
            "reason": "count",
            "lines": [{"sku": "TBT-020", "quantity": -198}],
            "approval": {"user": "Pengawas", "pin": "222222"},
        },
    )
    till.add("Teh Bunga Telang", 3)
    till.button("Uang pas").tap()
    expect(till.page.locator("#outcome")).to_contain_text("Sisa 2")
    assert till.sales() == []
    till.button("Ambil yang tersisa").tap()
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    expect(till.tile("Teh Bunga Telang")).to_contain_text("Habis")


def test_a_price_that_changed_is_shown_before_anything_is_sold(till: Till) -> None:
    till.start()

    def old(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        for item in body["items"]:
            item["price"] -= 1_000
        route.fulfill(response=answer, json=body)

    till.page.route("**/api/v1/products*", old)
    till.page.reload()
    till.add("Keripik Tempe Original", 2)
    expect(till.total()).to_have_text("Rp\u00a028.000")
    till.page.unroute("**/api/v1/products*")
    till.button("Uang pas").tap()
    expect(till.page.locator("#outcome")).to_contain_text("Rp\u00a030.000")
    expect(till.total()).to_have_text("Rp\u00a030.000")
    assert till.sales() == []
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")


def test_a_line_taken_out_can_be_put_back(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.button("Kurangi satu").tap()
    expect(till.lines()).to_have_count(0)
    till.button("Urungkan").tap()
    expect(till.lines()).to_have_count(1)


def test_an_unknown_barcode_is_loud_and_must_be_dismissed(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.scan("9999999999994")
    bar = till.page.get_by_role("alertdialog")
    expect(bar).to_contain_text("9999999999994")
    assert box(bar)["width"] == 1280
    till.page.touchscreen.tap(900, 700)
    expect(bar).to_be_visible()
    assert till.sales() == []
    till.button("Mengerti").tap()
    expect(bar).to_be_hidden()
    expect(till.lines()).to_have_count(1)


def test_a_scan_adds_its_product_wherever_the_focus_is(till: Till) -> None:
    till.start()
    code = till.call("GET", "/api/v1/products?query=KTP-100")["body"]["items"][0]["barcodes"][0]
    till.scan(code)
    expect(till.lines()).to_contain_text("Keripik Tempe Pedas")
    search = till.page.get_by_label("Cari barang")
    search.fill("telang")
    search.focus()
    till.scan(code)
    expect(till.lines().locator(".line-quantity")).to_have_text("2")
    expect(search).to_have_value("telang")
    till.tile("Minuman Bunga Telang 250").focus()
    till.scan(code)
    expect(till.lines()).to_have_count(1)
    expect(till.lines().locator(".line-quantity")).to_have_text("3")


def test_enter_after_a_word_takes_the_only_product_it_leaves(till: Till) -> None:
    till.start()
    search = till.page.get_by_label("Cari barang")
    search.fill("pedas")
    search.press("Enter")
    expect(till.lines()).to_contain_text("Keripik Tempe Pedas")
    expect(search).to_have_value("")
    search.fill("tempe")
    search.press("Enter")
    expect(till.lines()).to_have_count(1)


def test_the_search_finds_by_part_of_a_word(till: Till) -> None:
    till.start()
    till.page.get_by_label("Cari barang").fill("lemon")
    expect(till.page.locator(".tile")).to_have_count(1)
    till.page.get_by_label("Cari barang").fill("zzz")
    expect(till.page.get_by_text("“zzz” tidak ditemukan.")).to_be_visible()


def test_a_sale_works_by_keyboard_alone(till: Till) -> None:
    till.look()
    till.page.get_by_role("button", name="Kasir", exact=True).focus()
    till.page.keyboard.press("Enter")
    till.page.keyboard.type("333333")
    expect(till.page.get_by_label("Kas awal")).to_be_focused()
    till.page.keyboard.type("0")
    till.page.keyboard.press("Enter")
    till.tile("Keripik Tempe Original").focus()
    till.page.keyboard.press("Enter")
    till.button("Uang pas").focus()
    till.page.keyboard.press("Enter")
    till.expect_change("Rp\u00a00")


def test_money_buttons_and_the_code_are_large_on_every_screen(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    for wide, high in SIZES:
        till.page.set_viewport_size({"width": wide, "height": high})
        for button in till.page.locator("#pay button").all():
            at = box(button)
            assert min(at["height"], at["width"]) >= 64
            assert at["y"] + at["height"] <= high
        assert min(box(tile)["height"] for tile in till.page.locator(".tile").all()) >= 128
    till.button("QRIS").tap()
    for wide, high in SIZES:
        till.page.set_viewport_size({"width": wide, "height": high})
        code = box(till.page.get_by_role("img", name="Kode QRIS"))
        assert code["width"] == code["height"] >= 320
        received = box(till.button("Sudah diterima"))
        assert received["y"] + received["height"] <= high


def test_english_is_one_tap_away_and_names_change_with_it(till: Till) -> None:
    till.look()
    till.button("English").tap()
    expect(till.page.get_by_role("heading", name="Who is at the till?")).to_be_visible()
    till.sign_in()
    till.page.get_by_label("Float").fill("0")
    till.button("Open the till").tap()
    till.page.locator(".tile").first.tap()
    till.button("Exact cash").tap()
    expect(till.page.get_by_text("Change", exact=True)).to_be_visible()
    assert not re.search(r"Kasir kunjungan.*Kembalian", till.page.inner_text("main"))


def test_the_first_load_keeps_its_budget(page: Page) -> None:
    till = Till(page)
    till.pick("K1")
    till.start()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    page.reload(wait_until="networkidle")
    expect(page.locator(".tile").first).to_be_visible()
    loaded = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
           .map((one) => ({name: one.name, all: one.transferSize, body: one.encodedBodySize}))"""
    )
    everything = sum(one["all"] for one in loaded)
    scripts = sum(one["body"] for one in loaded if one["name"].endswith(".js"))
    print(f"first load: {everything} bytes transferred in {len(loaded)} requests, scripts {scripts} gzipped")
    assert len(loaded) > 40
    assert everything <= 150_000
    assert scripts <= 40_000


def test_a_payment_that_comes_in_late_leaves_the_next_cart_alone(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    till.button("Layani pembeli berikutnya").tap()
    till.add("Minuman Bunga Telang 250", 3)
    till.button("Rp\u00a015.000").tap()
    till.page.get_by_label("Referensi").fill("99")
    till.button("Sudah diterima").tap()
    expect(till.page.locator(".change-label")).to_have_text("Lunas")
    till.button("Kembali ke keranjang").tap()
    expect(till.total()).to_have_text("Rp\u00a024.000")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
