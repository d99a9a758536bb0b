"""QRIS money in the back office, in a real browser against a served shop with pretended payments."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import PINS, Till
from tests.support.command import run_forked
from tests.web.office.test_signs import OURS, THEIRS, sign

pytestmark = pytest.mark.e2e

SIZES = [(1280, 800), (800, 1280), (1024, 600), (390, 844)]


class Pretending(RunningShop):
    """A shop whose QRIS payments the simulator pretends."""

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "POS_QRIS__PROVIDER": "simulator", "POS_QRIS__POLL_EVERY": "1"}

    def said(self, *arguments: str) -> str:
        done = run_forked(self.environment(), *arguments)
        assert done.code == 0, done.err
        return done.out


@pytest.fixture
def shop(demo_shop: Path, tmp_path: Path) -> Iterator[Pretending]:
    subprocess.run(["cp", "-r", str(demo_shop), str(tmp_path / "instance")], check=True)
    running = Pretending(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def office(shop: Pretending, chromium: Browser) -> Iterator[Page]:
    """A supervisor at the back office, without any script."""
    context = chromium.new_context(base_url=shop.url, locale="id-ID", java_script_enabled=False)
    context.set_default_timeout(8_000)
    page = context.new_page()
    page.goto("/back-office/sign-in")
    page.locator("[name=name]").fill("Pengawas")
    page.locator("[name=pin]").fill(PINS["Pengawas"])
    page.locator("[name=pin]").press("Enter")
    expect(page.get_by_role("heading", name="Hari ini", level=1)).to_be_visible()
    yield page
    context.close()


def pay_too_late(shop: Pretending, till: Till) -> None:
    """Show a code, cancel the sale, and have the buyer pay all the same."""
    till.start()
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    [sale] = till.sales()
    assert till.call("POST", f"/api/v1/sales/{sale['id']}/cancel", {})["body"]["status"] == "cancelled"
    shop.said("qris", "simulate", "pay-late", "last")
    for _ in range(120):
        if till.call("GET", "/api/v1/payments?status=late")["body"]["items"]:
            return
        till.page.wait_for_timeout(500)
    raise AssertionError("the late money was never found")


def test_a_supervisor_attaches_late_money_without_any_script(
    shop: Pretending, till: Till, office: Page
) -> None:
    pay_too_late(shop, till)
    office.goto("/back-office/")
    expect(office.get_by_text("UJI COBA (SANDBOX)")).to_be_visible()
    expect(office.get_by_text("Uang tanpa penjualan: 1, seluruhnya Rp\u00a015.000")).to_be_visible()
    office.get_by_role("link", name="Putuskan", exact=True).click()
    office.get_by_role("link", name="Pasangkan ke penjualan").click()
    office.get_by_label("Alasan").fill("Pembeli masih di sini")
    office.get_by_role("button", name="Pasangkan Rp\u00a015.000, referensi").click()
    expect(office.get_by_text("sudah dipasangkan. Penjualannya selesai.")).to_be_visible()
    expect(office.locator(".story")).to_contain_text("Pembeli masih di sini")
    assert [sale["status"] for sale in till.sales()] == ["completed"]
    office.goto("/back-office/payments/found/")
    expect(office.get_by_text("Tidak ada. Semua uang sudah punya penjualan")).to_be_visible()
    shop.said("verify")


def test_a_scanner_types_a_sign_and_a_strangers_is_said_in_large_words(
    shop: Pretending, office: Page
) -> None:
    office.goto("/back-office/payments/sign/")
    office.get_by_label("Stiker yang mana").fill("meja K1")
    field = office.get_by_label("Pindai stiker di sini")
    field.click()
    office.keyboard.type(sign(name="Karya Lapas Tangerang", account=THEIRS))
    office.keyboard.press("Enter")
    expect(office.get_by_role("alert")).to_contain_text("Lepas stikernya sekarang. Beri tahu pengawas.")
    expect(office.get_by_role("heading", name="MERCHANT LAIN meja K1")).to_be_visible()
    office.get_by_label("Pindai stiker di sini").fill(OURS)
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", name="Merchant kita").first).to_be_visible()
    expect(office.locator("tbody").last.locator("tr")).to_have_count(2)
    shop.said("verify")


def test_no_page_of_payments_is_wider_than_its_screen(shop: Pretending, till: Till, office: Page) -> None:
    till.start()
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    [payment] = till.call("GET", "/api/v1/payments")["body"]["items"]
    for path in ("", "found/", "back/", "by-hand", "sign/", payment["id"]):
        office.goto(f"/back-office/payments/{path}")
        expect(office.locator("h1")).to_be_visible()
        for wide, high in SIZES:
            office.set_viewport_size({"width": wide, "height": high})
            reach = max(
                box["x"] + box["width"]
                for part in office.locator("main > *").all()
                if (box := part.bounding_box()) is not None
            )
            assert reach <= wide, (path, wide)


def test_readyz_names_the_provider_and_stays_ready_when_it_is_away(shop: Pretending, page: Page) -> None:
    def ready() -> dict[str, object]:
        answer = page.request.get("/readyz")
        assert answer.status == 200
        found: dict[str, object] = json.loads(answer.text())["qris"]
        return found

    assert ready() | {"last_answer": None} == {
        "provider": "simulator",
        "sandbox": True,
        "ok": True,
        "last_answer": None,
        "trouble": "",
    }
    shop.said("qris", "simulate", "trouble", "down")
    till = Till(page)
    till.pick("K1")
    till.start()
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    expect(page.get_by_text("Penyedia QRIS tidak menjawab").first).to_be_visible()
    assert ready()["ok"] is False
    assert ready()["trouble"]
