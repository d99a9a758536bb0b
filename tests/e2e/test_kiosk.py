"""A visitor alone at the kiosk: pays by QRIS, takes a slip to the counter, goes away in the middle."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Till, box
from tests.e2e.test_qris import Simulated, simulated

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def served(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(demo_shop, tmp_path_factory.mktemp("kiosk")) as running:
        yield running


@pytest.fixture
def shop(served: Simulated) -> Simulated:
    return served


@pytest.fixture
def size() -> tuple[int, int]:
    return (800, 1280)


@pytest.fixture
def kiosk(page: Page) -> Till:
    """The browser as the kiosk K2."""
    person = Till(page)
    person.pick("K2")
    return person


def choose(kiosk: Till) -> None:
    kiosk.button("Sentuh untuk mulai").tap()
    kiosk.add("Keripik Tempe Original")


def review(kiosk: Till) -> None:
    choose(kiosk)
    kiosk.button("Tambah satu Keripik Tempe Original 100 g").tap()
    kiosk.button("Lanjut").tap()
    expect(kiosk.page.locator(".sum-amount")).to_have_text("Rp\u00a030.000")


def test_a_visitor_buys_by_qris_even_when_the_page_and_the_server_start_again(
    kiosk: Till, shop: Simulated
) -> None:
    review(kiosk)
    kiosk.button("Bayar dengan QRIS").tap()
    code = kiosk.page.get_by_role("img", name="Kode QRIS")
    expect(code).to_be_visible(timeout=15_000)
    at = box(code)
    assert min(at["width"], at["height"]) >= 320
    first = code.get_attribute("src")
    shop.stop()
    expect(kiosk.page.get_by_text("Uang Anda aman")).to_be_visible()
    shop.start()
    kiosk.page.reload()
    expect(code).to_have_attribute("src", str(first))
    shop.simulate("pay")
    expect(kiosk.page.get_by_role("heading", name="Terima kasih")).to_be_visible(timeout=15_000)
    expect(kiosk.page.locator(".big-number")).to_have_text("K2-000001")
    kiosk.button("Selesai").tap()
    expect(kiosk.button("Sentuh untuk mulai")).to_be_visible()


def test_a_slip_is_taken_and_scanned_at_the_till(kiosk: Till) -> None:
    review(kiosk)
    kiosk.button("Bayar di kasir").tap()
    number = kiosk.page.locator(".big-number")
    expect(number).to_have_text(re.compile(r"^\d+$"))
    expect(
        kiosk.page.get_by_text(re.compile(r"Disimpan sampai pukul \d\d\.\d\d \(sisa \d+:\d\d\)"))
    ).to_be_visible()
    slip = kiosk.call("GET", "/api/v1/orders?register=K2")["body"]["items"][0]
    assert str(slip["number"]) == number.text_content()
    kiosk.page.goto("/healthz")
    kiosk.page.context.clear_cookies()
    kiosk.pick("K1")
    kiosk.start()
    kiosk.scan(slip["qr"])
    expect(kiosk.lines()).to_have_count(1)
    kiosk.button("Uang pas").tap()
    kiosk.expect_change("Rp\u00a00")
    assert kiosk.call("GET", f"/api/v1/orders/{slip['id']}")["body"]["status"] == "used"


def test_who_goes_away_is_asked_and_then_forgotten_but_never_in_a_payment(page: Page) -> None:
    page.clock.install()
    kiosk = Till(page)
    kiosk.pick("K2")
    choose(kiosk)
    page.clock.run_for(61_000)
    question = page.get_by_role("dialog", name="Masih di sini?")
    expect(question).to_be_visible()
    page.clock.run_for(1_000)
    kiosk.button("Ya, lanjut").tap()
    expect(question).to_be_hidden()
    kiosk.button("Lanjut").tap()
    page.clock.run_for(500)
    kiosk.button("Bayar dengan QRIS").tap()
    code = page.get_by_role("img", name="Kode QRIS")
    for _ in range(40):
        page.clock.run_for(500)
        if code.is_visible():
            break
        page.wait_for_timeout(100)
    page.clock.run_for(95_000)
    expect(code).to_be_visible()
    expect(question).to_be_hidden()
    kiosk.button("Ubah pesanan").tap()
    kiosk.button("Yakin batalkan pembayaran?").tap()
    expect(kiosk.button("Bayar di kasir")).to_be_visible(timeout=15_000)
    page.clock.run_for(91_000)
    expect(kiosk.button("Sentuh untuk mulai")).to_be_visible()
