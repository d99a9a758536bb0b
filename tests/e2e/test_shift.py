"""Taking sales back, cash in and out, and the close with its blind count."""

import re
import time

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till

pytestmark = pytest.mark.e2e


def slowly(route: Route) -> None:
    time.sleep(1)
    route.continue_()


def sell(till: Till, product: str, times: int = 1) -> None:
    till.add(product, times)
    till.button("Uang pas").tap()
    till.expect_change("Rp\u00a00")


def test_a_cashier_refunds_pieces_with_a_supervisors_approval(till: Till) -> None:
    till.start()
    sell(till, "Keripik Tempe Original", 3)
    till.button("Penjualan hari ini").tap()
    till.button("Retur").tap()
    window = till.page.get_by_role("dialog", name="Retur K1-000001")
    window.get_by_role("button", name="Tambah satu").tap()
    window.get_by_role("button", name="Tambah satu").tap()
    till.button("Kembalikan Rp\u00a030.000").tap()
    expect(window.get_by_text("Tulis alasannya.")).to_be_visible()
    till.button("Rusak").tap()
    till.button("Kembalikan Rp\u00a030.000").tap()
    expect(till.page.locator(".approval-act")).to_have_text("Retur K1-000001")
    expect(till.page.locator(".approval-amount")).to_have_text("Rp\u00a030.000")
    till.approve()
    expect(till.page.locator("#toast")).to_contain_text("K1-R000001")
    [sale] = till.sales()
    assert (sale["refunded"], sale["refunds"][0]["lines"][0]["quantity"]) == (30_000, 2)
    expect(till.page.locator(".sale-row")).to_contain_text("Diretur sebagian")


def test_giving_up_the_approval_takes_nothing_back(till: Till) -> None:
    till.start()
    sell(till, "Keripik Tempe Original")
    till.button("Penjualan hari ini").tap()
    till.button("Batalkan struk").tap()
    till.button("Salah barang").tap()
    till.button("Batalkan Rp\u00a015.000").tap()
    till.page.get_by_role("dialog", name="Perlu persetujuan").get_by_role(
        "button", name="Tutup", exact=True
    ).tap()
    assert till.sales()[0]["status"] == "completed"
    till.button("Batalkan Rp\u00a015.000").tap()
    till.approve()
    expect(till.page.locator(".sale-row")).to_contain_text("Dibatalkan")
    assert till.sales()[0]["status"] == "voided"


def test_the_day_is_closed_with_a_blind_count(till: Till) -> None:
    till.start()
    sell(till, "Keripik Tempe Original", 2)
    page = till.page
    page.get_by_role("link", name="Tutup kasir").tap()
    expect(page.get_by_label("100.000", exact=True)).to_be_visible()
    assert "230.000" not in page.inner_text("main")
    page.get_by_label("100.000", exact=True).fill("2")
    page.get_by_label("20.000", exact=True).fill("1")
    till.button("Hitung kas").tap()
    expect(page.locator(".compare")).to_contain_text("Rp\u00a0230.000")
    expect(page.locator(".compare")).to_contain_text("-Rp\u00a010.000")
    till.button("Tutup kasir").tap()
    expect(page.locator("#close-message")).not_to_be_empty()
    page.get_by_label("Alasan").fill("Salah beri kembalian")
    till.button("Tutup kasir").tap()
    expect(page.get_by_role("heading", name="Laporan Z 1")).to_be_visible()
    expect(page.locator(".z-result")).to_contain_text("kurang")
    expect(page.locator("main")).to_contain_text("Salah beri kembalian")
    address = page.url
    page.get_by_role("link", name="Kembali ke kasir").tap()
    expect(page.get_by_label("Kas awal")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", name="Laporan Z 1")).to_be_visible()


def test_a_large_difference_needs_another_person_and_the_count_cannot_be_bettered(till: Till) -> None:
    till.start()
    page = till.page
    page.goto("/shift")
    page.get_by_label("50.000", exact=True).fill("3")
    till.button("Tutup kasir").tap()
    expect(page.locator("#close-message")).to_have_text("Hitung kas dulu.")
    till.button("Hitung kas").tap()
    expect(page.locator(".compare")).to_contain_text("-Rp\u00a050.000")
    page.reload()
    expect(page.locator(".compare")).to_contain_text("-Rp\u00a050.000")
    till.button("Hitung ulang").tap()
    page.get_by_label("50.000", exact=True).fill("4")
    till.button("Hitung kas").tap()
    page.get_by_role("dialog").get_by_role("button", name="Tutup", exact=True).tap()
    page.reload()
    page.get_by_label("Alasan").fill("Hilang")
    till.button("Tutup kasir").tap()
    till.approve()
    expect(page.get_by_role("heading", name="Laporan Z 1")).to_be_visible()
    expect(page.locator(".z-result")).to_contain_text("-Rp\u00a050.000")


def test_a_counted_till_sells_no_more_and_leads_to_the_close(till: Till) -> None:
    till.start()
    page = till.page
    page.goto("/shift")
    page.get_by_label("100.000", exact=True).fill("2")
    till.button("Hitung kas").tap()
    expect(page.locator(".compare")).to_contain_text("pas")
    page.goto("/")
    expect(page.get_by_role("heading", name="Kas sudah dihitung")).to_be_visible()
    page.get_by_role("link", name="Lanjutkan penutupan").tap()
    till.button("Tutup kasir").tap()
    expect(page.get_by_role("heading", name="Laporan Z 1")).to_be_visible()


def test_waiting_payments_hold_up_the_count(till: Till) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    till.page.get_by_role("img", name="Kode QRIS").wait_for()
    till.page.goto("/shift")
    till.page.get_by_label("100.000", exact=True).fill("2")
    till.button("Hitung kas").tap()
    expect(till.page.locator("#close-message")).to_contain_text("QRIS")
    till.page.get_by_role("link", name="Lihat pembayaran yang menunggu").tap()
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible()


def test_cash_goes_in_freely_and_out_with_approval(till: Till) -> None:
    till.start()
    page = till.page
    page.goto("/shift")
    till.button("Kas masuk").tap()
    window = page.get_by_role("dialog", name="Kas masuk")
    window.get_by_label("Jumlah uang").fill("50000")
    window.get_by_role("button", name="Uang receh").tap()
    window.get_by_role("button", name="Kas masuk", exact=True).tap()
    expect(page.locator(".report")).to_contain_text("Rp\u00a050.000")
    till.button("Kas keluar").tap()
    window = page.get_by_role("dialog", name="Kas keluar")
    window.get_by_label("Jumlah uang").fill("20.000")
    window.get_by_role("button", name="Belanja kecil").tap()
    window.get_by_role("button", name="Kas keluar", exact=True).tap()
    till.approve()
    expect(page.locator(".report")).to_contain_text("Rp\u00a020.000")


def test_the_report_so_far_is_printed_and_a_tap_before_its_script_is_not_lost(
    till: Till, shop: RunningShop
) -> None:
    till.start()
    till.page.route(re.compile(r"/js/shift/main"), slowly)
    till.page.get_by_role("link", name="Tutup kasir").tap()
    till.button("Cetak laporan ini").tap()
    expect(till.page.locator("#toast")).to_have_text("Laporan sedang dicetak.")
    for _ in range(50):
        if b"LAPORAN SEMENTARA (X) K1" in shop.paper.read_bytes():
            return
        time.sleep(0.1)
    raise AssertionError("no report came out")
