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
    page.locator(".correct-ways").get_by_role("button", name="QRIS", exact=True).tap()
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


def test_a_payment_in_cash_and_qris_is_put_right_from_cash_and_from_qris(till: Till) -> None:
    page = till.page
    till.start()
    ways, said = page.locator(".correct-ways"), page.locator(".other-said")
    till.add("Keripik Tempe Original", 2)
    till.button("Uang pas").tap()
    till.expect_change(f"Rp{SPACE}0")

    # All was written down as cash: less than the total is a part, and the rest has a number and a supervisor.
    till.button("Salah? Ubah pembayaran").tap()
    till.button("+10.000").tap()
    expect(said).to_have_text(f"Kurang Rp{SPACE}20.000")
    expect(till.button("Dibayar tunai")).to_be_hidden()
    till.button("Sisanya dengan QRIS").tap()
    expect(ways.get_by_role("button", name="Tunai dan QRIS")).to_have_attribute("aria-pressed", "true")
    expect(said).to_contain_text(f"Tunai Rp{SPACE}10.000 · QRIS Rp{SPACE}20.000.")
    page.get_by_label("Referensi").fill("8811")
    till.button("Sudah diterima").tap()
    expect(page.locator(".approval-amount")).to_have_text(f"Rp{SPACE}20.000")
    till.approve()
    expect(page.get_by_role("dialog")).to_have_count(0)
    mixed = [{"method": "cash", "amount": 10_000}, {"method": "qris", "amount": 20_000}]
    assert till.sales()[0]["tenders"] == mixed

    # The parts were the other way round: by way of cash, and who does not go on is told how it stands.
    till.button("Salah? Ubah pembayaran").tap()
    expect(ways.get_by_role("button")).to_have_text(["Tunai", "Tunai dan QRIS"])
    ways.get_by_role("button", name="Tunai dan QRIS").tap()
    expect(till.button("Sisanya dengan QRIS")).to_be_disabled()
    expect(said).to_have_text("Ketik bagian yang tunai.")
    till.button("+20.000").tap()
    till.button("Sisanya dengan QRIS").tap()
    page.get_by_label("Referensi").fill("8811")
    till.button("Sudah diterima").tap()
    expect(page.locator(".approval-amount")).to_have_text(f"Rp{SPACE}10.000")
    page.get_by_role("dialog", name="Perlu persetujuan").get_by_role("button", name="Tutup").tap()
    expect(page.locator(".correct .form-message").first).to_contain_text("Untuk sementara tercatat tunai")
    assert till.sales()[0]["tenders"] == [{"method": "cash", "amount": 30_000}]
    till.button("Sudah diterima").tap()
    till.approve()
    expect(page.get_by_role("dialog")).to_have_count(0)
    [sale] = till.sales()
    assert [tender["amount"] for tender in sale["tenders"]] == [20_000, 10_000]
    assert len(sale["corrections"]) == 3
