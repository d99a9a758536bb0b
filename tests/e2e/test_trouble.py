"""What the till does when something fails: nothing is sold twice or lost, and it is said in words."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till
from tests.fake_printer import FakePrinter

pytestmark = pytest.mark.e2e


def test_a_lost_answer_is_asked_again_and_sells_once(till: Till) -> None:
    till.start()
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            route.fetch()
            lost.append(1)
            route.abort()
        else:
            route.continue_()

    till.page.route("**/api/v1/sales", lose)
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    expect(till.page.get_by_text("Server belum menjawab")).to_be_visible()
    till.expect_change("Rp\u00a00")
    assert len(lost) == 2
    assert [sale["number"] for sale in till.sales()] == ["K1-000001"]


def test_a_reload_in_the_middle_of_a_sale_asks_for_the_same_sale(till: Till) -> None:
    till.start()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    till.page.route("**/api/v1/sales", lose)
    till.add("Keripik Tempe Original", 2)
    till.button("Uang pas").tap()
    expect(till.page.get_by_text("Server belum menjawab")).to_be_visible()
    till.page.unroute("**/api/v1/sales")
    till.page.reload()
    till.expect_change("Rp\u00a00")
    expect(till.lines()).to_have_count(0)
    assert [sale["number"] for sale in till.sales()] == ["K1-000001"]


def test_a_reload_before_the_server_heard_of_the_sale_still_sells_it_once(till: Till) -> None:
    till.start()
    till.page.route("**/api/v1/sales", lambda route: route.abort())
    till.add("Keripik Tempe Original", 2)
    till.button("Uang pas").tap()
    expect(till.page.get_by_text("Server belum menjawab")).to_be_visible()
    till.page.unroute("**/api/v1/sales")
    till.page.reload()
    till.expect_change("Rp\u00a00")
    assert len(till.sales()) == 1


def test_the_cart_survives_a_reload(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.page.reload()
    expect(till.total()).to_have_text("Rp\u00a030.000")


def test_a_server_that_is_away_is_said_in_words_and_the_sale_goes_through_when_it_is_back(
    till: Till, shop: RunningShop
) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    shop.stop()
    till.button("Uang pas").tap()
    expect(till.page.get_by_text("Server belum menjawab")).to_be_visible()
    expect(till.page.locator("#status")).to_contain_text("Server tidak menjawab")
    expect(till.page.locator("#notices")).to_contain_text("Keranjang aman")
    shop.start()
    expect(till.page.locator(".change-amount")).to_be_visible(timeout=20_000)
    assert len(till.sales()) == 1
    expect(till.page.locator("#status")).to_contain_text("Tersambung")


def test_a_broken_server_that_saved_nothing_is_not_asked_for_ever(till: Till) -> None:
    till.start()
    till.page.route(
        "**/api/v1/sales",
        lambda route: (
            route.fulfill(status=500, json={"code": "internal_error", "detail": "Ada yang salah di sini."})
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    expect(till.page.locator("#outcome")).to_contain_text("Ada yang salah di sini.")
    expect(till.lines()).to_have_count(1)
    till.page.unroute("**/api/v1/sales")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    assert len(till.sales()) == 1


def test_a_wrong_pin_is_said_and_a_right_one_then_works(till: Till) -> None:
    till.sign_in(pin="999999")
    expect(till.page.locator("#signin .pin-message")).not_to_be_empty()
    till.page.keyboard.type("333333")
    expect(till.page.get_by_label("Kas awal")).to_be_visible()


def test_locking_keeps_the_cart_for_its_owner(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.page.get_by_role("button", name="Kunci · Kasir").tap()
    expect(till.page.get_by_role("heading", name="Siapa yang bertugas?")).to_be_visible()
    assert till.call("GET", "/api/v1/products")["status"] == 401
    expect(till.page.get_by_text("Keranjang tersimpan: Kasir (2 barang)")).to_be_visible()
    till.sign_in("Pengawas")
    expect(till.tile("Keripik Tempe Original")).to_be_visible()
    expect(till.lines()).to_have_count(0)
    till.add("Teh Bunga Telang")
    till.button("50.000").tap()
    till.expect_change("Rp\u00a025.000")
    till.page.get_by_role("button", name="Kunci · Pengawas").tap()
    # Who locked it last only types the PIN, and sees the register's last sale.
    expect(till.page.get_by_role("heading", name="PIN Pengawas")).to_be_visible()
    till.page.keyboard.type("222222")
    expect(till.page.locator(".last-sale")).to_have_text(
        "Penjualan terakhir K1-000001: Rp\u00a025.000Tunai Rp\u00a050.000 · Rp\u00a025.000 kembali"
    )
    till.page.get_by_role("button", name="Kunci · Pengawas").tap()
    till.sign_in("Kasir")
    expect(till.total()).to_have_text("Rp\u00a030.000")
    expect(till.page.locator("#toast")).to_contain_text("Penjualan terakhir K1-000001")


def test_an_idle_till_locks_and_keeps_the_cart(till: Till) -> None:
    till.start()
    till.page.clock.install()
    till.page.reload()
    till.add("Keripik Tempe Original", 2)
    till.page.clock.run_for(110_000)
    expect(till.page.get_by_text("Layar segera terkunci.")).to_be_visible()
    till.page.clock.run_for(12_000)
    expect(till.page.get_by_role("heading", name="Siapa yang bertugas?")).to_be_visible()
    till.sign_in()
    expect(till.total()).to_have_text("Rp\u00a030.000")


def test_a_shown_payment_is_not_locked_away(till: Till) -> None:
    till.start()
    till.page.clock.install()
    till.page.reload()
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    code = till.page.get_by_role("img", name="Kode QRIS")
    expect(code).to_be_visible()
    till.page.clock.run_for(150_000)
    expect(code).to_be_visible()


def test_a_sign_in_that_ended_elsewhere_asks_for_the_pin_and_then_sells_once(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.call("POST", "/till/lock", {})
    till.button("Uang pas").tap()
    expect(till.page.get_by_role("heading", name="Siapa yang bertugas?")).to_be_visible()
    till.sign_in()
    till.expect_change("Rp\u00a00")
    assert len(till.sales()) == 1


def test_a_clock_that_looks_wrong_is_confirmed_by_a_supervisor_and_the_sale_goes_on(till: Till) -> None:
    till.start()
    refused = []

    def doubt(route: Route) -> None:
        if route.request.method == "POST" and not refused:
            refused.append(1)
            body = {
                "code": "clock_unconfirmed",
                "role": "supervisor",
                "detail": "Tanggal dan jam tampak salah.",
            }
            route.fulfill(status=409, json=body)
        else:
            route.continue_()

    till.page.route("**/api/v1/sales", doubt)
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    expect(till.page.locator(".approval-act")).to_have_text("Pastikan tanggal dan jam")
    till.approve()
    till.expect_change("Rp\u00a00")
    assert len(till.sales()) == 1


def test_a_receipt_nobody_can_vouch_for_is_asked_about_in_one_sentence(shop: RunningShop, page: Page) -> None:
    with FakePrinter("drop", after=60) as printer:
        shop.stop()
        shop.use_printer(f'connection = "network"\nhost = "127.0.0.1"\nport = {printer.port}')
        shop.start()
        till = Till(page)
        till.at("K1")
        till.start()
        till.add("Keripik Tempe Original")
        till.button("Uang pas").tap()
        till.expect_change("Rp\u00a00")
        notice = page.locator("#notices .alert")
        expect(notice).to_contain_text("mungkin sudah tercetak, mungkin belum", timeout=30_000)
        notice.get_by_role("button", name="Sudah keluar").tap()
        expect(notice).to_be_hidden()
    jobs = till.call("GET", "/api/v1/print-jobs?status=unknown")["body"]["items"]
    assert jobs == []


def test_an_answer_from_before_the_lock_does_not_unlock_the_till(till: Till) -> None:
    till.start()
    held: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    till.page.route("**/till/state", hold)
    till.add("Keripik Tempe Original")
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")
    before = held[0].fetch()
    holding = False
    till.page.get_by_role("button", name="Kunci · Kasir").tap()
    heading = till.page.get_by_role("heading", name="Siapa yang bertugas?")
    expect(heading).to_be_visible()
    for route in held:
        route.fulfill(response=before)
    till.page.wait_for_timeout(300)
    expect(heading).to_be_visible()
