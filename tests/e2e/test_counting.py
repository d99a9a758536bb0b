"""Goods counted at the till: what the books don't know is counted in; the stock is counted by scanning."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.person import Till

pytestmark = pytest.mark.e2e


def short_of(till: Till, sku: str, left: int) -> None:
    """Let the books know of `left` pieces only."""
    answer = till.call(
        "POST",
        "/api/v1/stock/adjustments",
        {
            "id": "0197e2c4-0000-7000-8000-000000000001",
            "location": "GUDANG",
            "reason": "count",
            "lines": [{"sku": sku, "quantity": left - 200}],
            "approval": {"user": "Pengawas", "pin": "222222"},
        },
    )
    assert answer["status"] == 201


def test_goods_in_hand_are_counted_in_by_a_supervisor_and_the_same_sale_goes_on(till: Till) -> None:
    page = till.page
    till.start()
    short_of(till, "TBT-020", 2)
    till.add("Teh Bunga Telang", 5)
    asked: list[str] = []
    page.on(
        "request",
        lambda one: asked.append(one.post_data_json["id"]) if one.url.endswith("/api/v1/sales") else None,
    )
    till.button("Uang pas").tap()
    expect(page.locator("#outcome")).to_contain_text("Sisa 2")
    till.button("Barang ada di tangan? Hitung masuk").tap()
    window = page.get_by_role("dialog", name="Hitung masuk")
    expect(window).to_contain_text("Di buku 2, diminta 5")
    page.keyboard.type("2")
    send = window.get_by_role("button", name="Hitung masuk", exact=True)
    send.tap()
    expect(window).to_contain_text("Di buku sudah ada sebanyak itu")
    page.keyboard.press("Backspace")
    page.keyboard.type("6")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(1)
        return route.abort()

    page.route("**/stock/adjustments", lose)
    send.tap()
    expect(window).to_contain_text("tidak akan terhitung dua kali")
    window.get_by_role("button", name="Coba lagi").tap()
    till.approve(pin="000000")
    approval = page.get_by_role("dialog", name="Perlu persetujuan")
    expect(approval).to_contain_text("PIN")
    expect(till.lines()).to_have_count(1)
    till.approve()
    till.expect_change("Rp\u00a00")
    assert len(asked) == 2
    assert asked[0] == asked[1]
    [sale] = till.sales()
    assert [line["quantity"] for line in sale["lines"]] == [5]
    expect(till.tile("Teh Bunga Telang")).to_contain_text("Sisa 1")
    movements = till.call("GET", "/api/v1/stock/movements?sku=TBT-020&location=GUDANG")["body"]["items"]
    assert [(one["reason"], one["change"]) for one in movements[-3:]] == [
        ("count", 4),
        ("sale", -2),
        ("sale", -3),
    ]


def test_a_tile_that_says_sold_out_offers_to_count_in(till: Till, page: Page) -> None:
    till.start("Pengawas")
    short_of(till, "MBT-250", 0)
    page.reload()
    expect(till.tile("Minuman Bunga Telang 250")).to_contain_text("Habis")
    till.add("Minuman Bunga Telang 250", 1)
    till.button("Barang ada di tangan? Hitung masuk").tap()
    window = page.get_by_role("dialog", name="Hitung masuk")
    window.get_by_label("Ada di tangan").fill("3")
    window.get_by_label("Batch atau tanggal di kemasan").select_option("Tanggal lain…")
    window.get_by_label("Baik sebelum").fill("2020-01-01")
    window.get_by_role("button", name="Hitung masuk", exact=True).tap()
    expect(window).to_contain_text("Lewat tanggal: tidak boleh dijual")
    window.get_by_label("Baik sebelum").fill("2099-01-01")
    window.get_by_role("button", name="Hitung masuk", exact=True).tap()
    expect(till.lines()).to_contain_text("Minuman Bunga Telang 250 ml")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    expect(till.tile("Minuman Bunga Telang 250")).to_contain_text("Sisa 2")


def test_a_hold_that_lacked_goods_goes_on_once_they_are_counted_in(till: Till, page: Page) -> None:
    till.start("Pengawas")
    short_of(till, "TBT-020", 2)
    till.add("Teh Bunga Telang", 5)
    till.button("Tahan").tap()
    till.button("Barang ada di tangan? Hitung masuk").tap()
    window = page.get_by_role("dialog", name="Hitung masuk")
    expect(window).to_contain_text("Di buku 2, diminta 5")
    page.keyboard.type("6")
    window.get_by_role("button", name="Hitung masuk", exact=True).tap()
    expect(page.locator("#toast")).to_contain_text("Ditahan dengan nomor 1.")
    expect(till.lines()).to_have_count(0)
    [held] = till.call("GET", "/api/v1/orders?register=K1")["body"]["items"]
    assert [line["quantity"] for line in held["lines"]] == [5]


CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["ean_13"]; }
  async detect() { return window.shown ? [{rawValue: window.shown}] : []; }
};
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""


def test_the_stock_is_counted_by_scanning_anywhere_and_with_the_camera(till: Till, page: Page) -> None:
    till.start()
    items = till.call("GET", "/api/v1/products?register=K1")["body"]["items"]
    codes = {item["sku"]: item["barcodes"][0] for item in items}
    till.call(
        "POST",
        "/api/v1/stock/counts",
        {
            "id": "0197e2c4-0000-7000-8000-000000000002",
            "location": "GUDANG",
            "blind": True,
            "approval": {"user": "Pengawas", "pin": "222222"},
        },
    )
    page.add_init_script(CAMERA)
    page.goto("/shift")
    page.get_by_role("link", name="Hitung stok").tap()
    expect(page.get_by_role("button", name="Pindai dengan kamera")).to_be_visible()
    late: list[Route] = []
    page.route("**/stock/counts/0197*", lambda route: late.append(route) if not late else route.continue_())
    for code in (codes["KTO-100"], codes["KTO-100"], "99999999", codes["MBT-250"]):
        till.scan(code)
    late[0].abort()
    row = page.get_by_role("row", name="Keripik Tempe Original").locator("strong")
    expect(row).to_have_text("2", timeout=10_000)
    expect(page.get_by_text("Tidak terhitung: 99999999")).to_be_visible()
    expect(page.get_by_role("row", name="Minuman Bunga Telang 250 ml").locator("strong")).to_have_text("1")
    page.get_by_role("button", name="Pindai dengan kamera").tap()
    page.evaluate(f"window.shown = '{codes['KTO-100']}'")
    expect(row).to_have_text("3")
    page.evaluate("window.shown = ''")
    page.get_by_role("button", name="Matikan kamera").tap()
    counted = till.call("GET", "/api/v1/stock/counts/0197e2c4-0000-7000-8000-000000000002")["body"]["lines"]
    assert {one["sku"]: one["counted"] for one in counted if one["counted"]} == {"KTO-100": 3, "MBT-250": 1}
