""" "Wrong? Change the payment": while the change is shown and later, with the drawer that follows."""

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.person import Till, box

pytestmark = pytest.mark.e2e

SPACE = "\u00a0"


@pytest.mark.parametrize("size", [(800, 1280)])
def test_a_payment_is_put_right_while_the_change_is_shown(till: Till, size: tuple[int, int]) -> None:
    page = till.page
    till.start()
    till.add("Keripik Tempe Original", 2)
    till.button("QRIS").tap()
    page.get_by_label("Referensi").fill("4711")
    till.button("Sudah diterima").tap()
    expect(page.locator(".change-label")).to_have_text("Lunas")
    wrong = till.button("Salah? Ubah pembayaran")
    assert box(wrong)["height"] >= 56
    for shown in (box(wrong), box(page.locator(".change-rows"))):
        assert shown["y"] + shown["height"] <= size[1]

    # Toward cash: by the cashier alone, and once although the first answer is lost.
    lost = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/tenders", lose)
    wrong.tap()
    till.button("+50.000").tap()
    expect(page.locator(".other-said")).to_have_text(f"Rp{SPACE}20.000 kembali")
    till.button("Dibayar tunai").tap()
    expect(page.locator(".correct .form-message").first).to_contain_text("tidak akan dilakukan dua kali")
    till.button("Dibayar tunai").tap()
    till.expect_change(f"Rp{SPACE}20.000")
    [sale] = till.sales()
    assert (lost, len(sale["corrections"]), sale["change"]) == ([201], 1, 20_000)

    # From cash to QRIS: the number that is free again, and a supervisor who sees what and how much.
    wrong.tap()
    page.locator(".correct-ways").get_by_role("button", name="QRIS").tap()
    page.get_by_label("Referensi").fill("4711")
    till.button("Sudah diterima").tap()
    expect(page.locator(".approval-act")).to_have_text("Ubah pembayaran K1-000001 menjadi QRIS")
    expect(page.locator(".approval-amount")).to_have_text(f"Rp{SPACE}30.000")
    till.approve()
    expect(page.locator(".change-label")).to_have_text("Lunas")
    [sale] = till.sales()
    assert sale["tenders"] == [{"method": "qris", "amount": 30_000}]
    assert sale["corrections"][1]["approved_by"] == "Pengawas"

    # And later, from the day's sales, in exact cash.
    page.get_by_role("button", name="Penjualan hari ini").tap()
    till.button("Ubah pembayaran").tap()
    till.button("Uang pas").tap()
    expect(page.locator(".sale-detail tfoot")).to_contain_text("Tunai")
    expect(page.locator(".sale-head")).to_contain_text("Pembayaran diubah")
    assert till.sales()[0]["tenders"] == [{"method": "cash", "amount": 30_000}]
