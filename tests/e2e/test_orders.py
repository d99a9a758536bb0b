"""Held carts and slips at the till: put away, taken again, scanned, and paid once."""

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till

pytestmark = pytest.mark.e2e

RP = "Rp\u00a0"


def slip(till: Till, goods: dict[str, int], **more: Any) -> Any:
    """A slip, as a kiosk of the outlet makes it."""
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in goods.items()]
    body = {"id": str(uuid.uuid4()), "register": "K1", "kind": "slip", "lines": lines, **more}
    answer = till.call("POST", "/api/v1/orders", body)
    assert answer["status"] == 201, answer
    return answer["body"]


def order(till: Till, number: int) -> Any:
    return till.call("GET", f"/api/v1/orders?register=K1&number={number}")["body"]["items"][0]


def orders(till: Till) -> Locator:
    """The button that opens the list."""
    return till.page.get_by_role("button", name=re.compile("^Pesanan"))


def toast(till: Till, words: str) -> None:
    expect(till.page.locator("#toast")).to_contain_text(words)


def test_a_held_cart_is_put_away_and_taken_again(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.button("Tahan").tap()
    toast(till, "Ditahan dengan nomor 1.")
    expect(till.lines()).to_have_count(0)
    till.add("Teh Bunga Telang")
    till.button("Uang pas").tap()
    till.expect_change(f"{RP}0")
    expect(orders(till)).to_contain_text("1")
    orders(till).tap()
    till.page.get_by_role("button", name=re.compile("^1 Keranjang ditahan")).tap()
    expect(till.total()).to_have_text(f"{RP}30.000")
    expect(till.page.get_by_text("No. 1 · 2 barang")).to_be_visible()
    till.button("Uang pas").tap()
    till.expect_change(f"{RP}0")
    found = order(till, 1)
    assert (found["status"], found["sale"]) == ("used", till.sales()[0]["id"])


def test_a_scanned_slip_becomes_the_cart_and_can_be_added_to(till: Till) -> None:
    till.start()
    made = slip(till, {"KTO-100": 198}, note="Bu Sri")
    till.scan(made["qr"])
    toast(till, "Pesanan 1 ada di keranjang.")
    expect(till.lines()).to_have_count(1)
    # What the slip has set aside is not called sold out at its own till.
    expect(till.page.locator(".line-warn:visible")).to_have_count(0)
    till.add("Keripik Tempe Original")
    till.add("Minuman Bunga Telang 250")
    till.button("Uang pas").tap()
    till.expect_change(f"{RP}0")
    [sale] = till.sales()
    assert [line["quantity"] for line in sale["lines"]] == [199, 1]
    assert order(till, 1)["status"] == "used"


def test_a_slip_is_found_by_its_number_and_a_wrong_number_is_told(till: Till) -> None:
    till.start()
    slip(till, {"KTO-100": 2})
    orders(till).tap()
    window = till.page.get_by_role("dialog", name="Pesanan")
    window.get_by_role("button", name="7", exact=True).tap()
    window.get_by_role("button", name="Ambil").tap()
    expect(window.get_by_text("Hari ini tidak ada pesanan nomor 7.")).to_be_visible()
    window.get_by_role("button", name="Hapus", exact=True).tap()
    till.page.get_by_label("Nomor di slip").fill("1")
    till.page.keyboard.press("Enter")
    expect(window).to_be_hidden()
    expect(till.total()).to_have_text(f"{RP}30.000")


def test_a_slip_scanned_while_the_list_is_open_is_taken(till: Till) -> None:
    till.start()
    made = slip(till, {"KTO-100": 2})
    orders(till).tap()
    expect(till.page.get_by_role("dialog", name="Pesanan")).to_be_visible()
    till.scan(made["qr"])
    expect(till.page.get_by_role("dialog", name="Pesanan")).to_be_hidden()
    expect(till.lines()).to_have_count(1)


def test_a_slip_does_not_mix_with_the_cart_that_is_there(till: Till) -> None:
    till.start()
    made = slip(till, {"KTO-100": 2})
    till.add("Teh Bunga Telang")
    till.scan(made["qr"])
    toast(till, "Bayar atau tahan dulu keranjang yang ada.")
    expect(till.total()).to_have_text(f"{RP}25.000")
    till.page.locator("#toast").get_by_role("button", name="Tahan").tap()
    expect(till.total()).to_have_text(f"{RP}30.000")
    assert order(till, 2)["status"] == "open"


def test_an_order_that_was_paid_elsewhere_is_told_and_the_cart_sells_without_it(till: Till) -> None:
    till.start()
    made = slip(till, {"KTO-100": 2})
    till.scan(made["qr"])
    expect(till.lines()).to_have_count(1)
    body = {"id": str(uuid.uuid4()), "register": "K1", "order": made["id"]}
    body |= {"lines": [{"sku": "KTO-100", "quantity": 2}], "tenders": [{"method": "cash", "amount": 30_000}]}
    assert till.call("POST", "/api/v1/sales", body)["status"] == 201
    till.button("Uang pas").tap()
    expect(till.page.locator("#outcome")).to_contain_text("Pesanan 1 sudah dibayar.")
    expect(till.page.get_by_text("No. 1", exact=False)).to_have_count(0)
    expect(till.lines()).to_have_count(1)
    till.scan(made["qr"])
    toast(till, "Pesanan 1 sudah dibayar.")
    till.button("Uang pas").tap()
    till.expect_change(f"{RP}0")
    assert len(till.sales()) == 2


def test_a_dropped_order_leaves_the_list_and_gives_its_goods_back(till: Till) -> None:
    till.start()
    slip(till, {"KTO-100": 2})
    orders(till).tap()
    drop = till.page.get_by_role("button", name="Batalkan pesanan 1")
    drop.tap()
    expect(drop).to_have_text("Yakin batal?")
    drop.tap()
    expect(till.page.get_by_text("Tidak ada pesanan yang menunggu.")).to_be_visible()
    assert order(till, 1)["status"] == "dropped"


def test_a_cart_is_held_once_although_the_answer_got_lost(till: Till, page: Page) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/orders", lose)
    till.button("Tahan").tap()
    toast(till, "Server tidak menjawab. Keranjang masih ada di sini.")
    expect(till.lines()).to_have_count(1)
    till.button("Tahan").tap()
    toast(till, "Ditahan dengan nomor 1.")
    items = till.call("GET", "/api/v1/orders?register=K1")["body"]["items"]
    assert [item["number"] for item in items] == [1]


def test_the_cart_keeps_its_order_over_a_reload_and_a_changed_one_replaces_it(till: Till, page: Page) -> None:
    till.start()
    made = slip(till, {"KTO-100": 2})
    till.scan(made["qr"])
    expect(page.get_by_text("No. 1 · 2 barang")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No. 1 · 2 barang")).to_be_visible()
    till.add("Teh Bunga Telang")
    till.button("Tahan").tap()
    toast(till, "Ditahan dengan nomor 2.")
    assert order(till, 1)["status"] == "dropped"
    assert order(till, 2)["total"] == 55_000


def test_an_unchanged_order_is_put_back_as_it_is(till: Till) -> None:
    till.start()
    made = slip(till, {"KTO-100": 2})
    till.scan(made["qr"])
    till.button("Tahan").tap()
    toast(till, "Ditahan dengan nomor 1.")
    expect(till.lines()).to_have_count(0)
    assert order(till, 1)["id"] == made["id"]
    assert order(till, 1)["status"] == "open"


def test_it_speaks_english_too(till: Till) -> None:
    till.look()
    till.button("English").tap()
    till.page.get_by_role("button", name="Kasir", exact=True).tap()
    till.page.keyboard.type("333333")
    till.page.get_by_label("Float").fill("0")
    till.page.get_by_role("button", name="Open the till").tap()
    till.add("Original Tempe Chips")
    till.button("Hold").tap()
    toast(till, "Held as number 1.")
    till.page.get_by_role("button", name=re.compile("^Orders")).tap()
    till.page.get_by_role("button", name=re.compile("^1 Held cart")).tap()
    toast(till, "Order 1 is in the cart.")


def test_the_printer_puts_out_the_slip(till: Till, shop: RunningShop) -> None:
    till.start()
    made = slip(till, {"KTO-100": 2})
    for _ in range(50):
        if b"PESANAN" in shop.paper.read_bytes():
            break
        till.page.wait_for_timeout(100)
    jobs = till.call("GET", "/api/v1/print-jobs?register=K1")["body"]["items"]
    assert [(job["kind"], job["title"]) for job in jobs] == [("order", str(made["number"]))]
    assert b"Bayar sebelum" in shop.paper.read_bytes()
