"""QRIS at the counter with a provider: the screen that changes by itself, and what may come between."""

import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from pos.domain.qris import parse
from tests.e2e.conftest import RunningShop
from tests.e2e.person import SIZES, Till, box
from tests.e2e.test_simulator import Demo, expect_paid, statuses, until

pytestmark = pytest.mark.e2e


class Simulated(RunningShop):
    """A shop whose QRIS comes from the simulator, in which nobody pays by themselves."""

    simulate = Demo.simulate

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "POS_QRIS__PROVIDER": "simulator"}

    def kill(self) -> None:
        """Pull the plug of the server."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=15)
        self.process = None

    def verify(self) -> None:
        Demo.verify(self)  # type: ignore[arg-type]


@contextmanager
def simulated(demo_shop: Path, folder: Path) -> Iterator[Simulated]:
    """A copy of the demo shop in a folder, served."""
    shutil.copytree(demo_shop, folder / "instance")
    running = Simulated(folder)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def shop(demo_shop: Path, tmp_path: Path) -> Iterator[Simulated]:
    with simulated(demo_shop, tmp_path) as running:
        yield running


@pytest.fixture
def counter(shop: Simulated, till: Till) -> Till:
    till.start()
    return till


def code_of(till: Till, product: str = "Keripik Tempe Original") -> None:
    """Sell by QRIS up to the code on the screen."""
    till.add(product)
    till.button("QRIS").tap()
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible(timeout=15_000)


def cancel(till: Till) -> None:
    till.button("Batalkan pembayaran").tap()
    till.button("Yakin batal?").tap()


def receipts(shop: RunningShop, number: str = "K1-000001") -> int:
    return shop.paper.read_bytes().count(number.encode())


def printed_once(till: Till, shop: RunningShop) -> None:
    until(till, lambda: receipts(shop) > 0)
    till.page.wait_for_timeout(500)
    assert receipts(shop) == 1


def test_the_code_is_large_and_says_whom_it_pays_how_much_and_until_when(
    counter: Till, tmp_path: Path
) -> None:
    code_of(counter)
    picture = counter.page.get_by_role("img", name="Kode QRIS")
    # The picture has its place on the screen before it is there itself.
    picture.evaluate("image => image.decode()")
    window = counter.page.get_by_role("dialog")
    shot = tmp_path / "code.png"
    for wide, high in SIZES:
        counter.page.set_viewport_size({"width": wide, "height": high})
        at = box(picture)
        assert min(at["width"], at["height"]) >= 320
        assert at["x"] >= 0
        assert at["y"] + at["height"] <= high
        picture.screenshot(path=shot)
        [found] = zxingcpp.read_barcodes(Image.open(shot))
        assert parse(found.text).amount == 15_000
        expect(window.locator(".qr-amount")).to_have_text("Rp\u00a015.000")
        expect(window.locator(".qr-name")).to_have_text("Karya Lapas Tangerang")
        expect(window.locator(".qr-facts")).to_contain_text("ID1026000000004")
        expect(window.locator(".qr-facts")).to_contain_text("Penyelenggara")
        expect(window.locator(".qr-left")).to_have_text(re.compile(r"Sisa waktu [45]:\d\d"))
        expect(window.get_by_text("UJI COBA, bukan uang sungguhan")).to_be_visible()
        expect(window.get_by_label("Referensi")).to_be_hidden()


def test_the_screen_changes_by_itself_and_the_receipt_says_who_paid(counter: Till, shop: Simulated) -> None:
    code_of(counter)
    shop.simulate("pay")
    expect_paid(counter)
    [sale] = counter.sales()
    assert (sale["status"], sale["qris"]["confirmed_by"], sale["qris"]["sandbox"]) == (
        "completed",
        None,
        True,
    )
    printed_once(counter, shop)
    paper = shop.paper.read_bytes()
    assert sale["qris"]["reference"].encode() in paper
    assert b"UJI COBA (simulator), bukan uang" in paper
    assert b"manual" not in paper
    shop.verify()


def test_a_code_that_takes_long_is_said_to_be_made_and_comes(counter: Till, shop: Simulated) -> None:
    shop.simulate("trouble", "slow", "8")
    counter.add("Keripik Tempe Original")
    counter.button("QRIS").tap()
    expect(counter.page.locator(".outcome-asking")).to_have_text("Kode sedang dibuat…")
    expect(counter.page.locator(".qr-state")).to_have_text("Kode sedang dibuat…", timeout=10_000)
    assert counter.call("GET", "/api/v1/stock?location=GUDANG")["body"]["items"][0]["reserved"] in (0, 1)
    expect(counter.page.get_by_role("img", name="Kode QRIS")).to_be_visible(timeout=20_000)


def test_a_code_that_never_comes_gives_the_cart_back_and_can_be_tried_again(
    counter: Till, shop: Simulated
) -> None:
    shop.simulate("trouble", "slow", "7")
    counter.add("Keripik Tempe Original", 2)
    counter.button("QRIS").tap()
    expect(counter.page.locator(".qr-state")).to_have_text("Kode sedang dibuat…", timeout=10_000)
    shop.simulate("trouble", "refuse")
    sale = counter.sales()[0]["id"]
    # The request under way still gets its code; what a provider that refuses in the end looks like is played.
    counter.page.route(f"**/api/v1/sales/{sale}", no_code)
    expect(counter.page.locator(".qr-state")).to_contain_text("Penyedia tidak memberi kode", timeout=15_000)
    shop.simulate("trouble", "none")
    counter.button("Coba QRIS lagi").tap()
    counter.page.unroute(f"**/api/v1/sales/{sale}")
    expect(counter.page.get_by_role("img", name="Kode QRIS")).to_be_visible(timeout=15_000)
    expect(counter.page.locator(".qr-amount")).to_have_text("Rp\u00a030.000")


def no_code(route: Any) -> None:
    answer = route.fetch()
    body = answer.json()
    body["status"] = "cancelled"
    body["qris"] |= {"status": "failed", "payload": None, "merchant": None}
    route.fulfill(response=answer, json=body)


def test_without_a_provider_one_button_tries_again_and_cash_is_there(counter: Till, shop: Simulated) -> None:
    shop.simulate("trouble", "down")
    counter.add("Keripik Tempe Original")
    counter.button("QRIS").tap()
    expect(counter.page.locator("#outcome")).to_contain_text("Penyedia QRIS tidak menjawab")
    expect(counter.lines()).to_have_count(1)
    counter.page.wait_for_timeout(2_500)
    assert statuses(counter) == []
    shop.simulate("trouble", "none")
    counter.button("Coba QRIS lagi").tap()
    expect(counter.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    cancel(counter)
    expect(counter.lines()).to_have_count(1)
    counter.button("Uang pas").tap()
    counter.expect_change("Rp\u00a00")
    assert statuses(counter) == ["completed", "cancelled"]


def test_a_silent_provider_is_said_calmly_and_the_payment_is_found_afterwards(
    counter: Till, shop: Simulated
) -> None:
    code_of(counter)
    shop.simulate("trouble", "down")
    expect(counter.page.locator(".qr-trouble")).to_have_text(
        "Penyedia QRIS belum menjawab. Uang pembeli aman; layar ini terus bertanya.", timeout=15_000
    )
    shop.simulate("notify", "lose")
    shop.simulate("pay")
    shop.simulate("trouble", "none")
    expect_paid(counter)


def test_a_wrong_amount_says_both_sums_gives_the_cart_back_and_stays_on_the_till(
    counter: Till, shop: Simulated
) -> None:
    code_of(counter)
    shop.simulate("pay", "--amount", "14000")
    words = counter.page.locator(".qr-state")
    expect(words).to_contain_text("Rp\u00a014.000", timeout=15_000)
    expect(words).to_contain_text("Rp\u00a015.000")
    expect(words).to_contain_text("Panggil pengawas")
    counter.button("Kembali ke keranjang").tap()
    expect(counter.lines()).to_have_count(1)
    expect(counter.page.locator("#notices")).to_contain_text("Rp\u00a014.000")
    assert statuses(counter) == ["cancelled"]


def test_a_cancel_asks_a_last_time_and_a_payment_of_that_moment_wins(counter: Till, shop: Simulated) -> None:
    shop.simulate("notify", "lose")
    code_of(counter)
    shop.simulate("trouble", "down")
    shop.simulate("pay")
    shop.simulate("trouble", "slow", "1.5")
    counter.button("Batalkan pembayaran").tap()
    counter.button("Yakin batal?").tap()
    expect(counter.page.locator(".qr-state.asking")).to_have_text("Bertanya sekali lagi kepada penyedia…")
    expect_paid(counter)
    assert statuses(counter) == ["completed"]


def test_confirming_by_hand_is_a_small_way_out_that_stays_unverified(counter: Till, shop: Simulated) -> None:
    code_of(counter)
    shop.simulate("trouble", "down")
    counter.button("Konfirmasi manual").tap()
    expect(counter.page.get_by_text("belum terverifikasi")).to_be_visible()
    counter.page.get_by_label("Referensi").fill("REF 4711")
    counter.button("Sudah diterima").tap()
    expect_paid(counter)
    [sale] = counter.sales()
    assert (sale["qris"]["confirmed_by"], sale["qris"]["reference"]) == ("Kasir", "REF 4711")
    until(counter, lambda: b"QRIS dikonfirmasi kasir (manual)" in shop.paper.read_bytes())


def test_a_large_payment_by_hand_asks_a_supervisor_also_with_a_provider(counter: Till) -> None:
    counter.add("Keripik Tempe Balado", 16)
    counter.button("QRIS").tap()
    counter.button("Konfirmasi manual").tap()
    counter.page.get_by_label("Referensi").fill("REF 4712")
    counter.button("Sudah diterima").tap()
    expect(counter.page.locator(".approval-amount")).to_have_text("Rp\u00a0512.000")
    counter.approve()
    expect_paid(counter)


def test_the_code_is_printed_where_the_screen_cannot_be_turned(counter: Till, shop: Simulated) -> None:
    code_of(counter)
    counter.button("Cetak kode").tap()
    expect(counter.page.get_by_text("Kode sedang dicetak.")).to_be_visible()
    until(counter, lambda: b"BAYAR DENGAN QRIS" in shop.paper.read_bytes())
    assert b"Rp 15.000" in shop.paper.read_bytes()


def test_a_reload_shows_the_waiting_code_again(counter: Till, shop: Simulated) -> None:
    code_of(counter)
    counter.page.reload()
    expect(counter.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    shop.simulate("pay")
    expect_paid(counter)
    printed_once(counter, shop)


def test_a_tab_lost_before_the_payment_shows_the_completed_sale_on_return(
    counter: Till, shop: Simulated
) -> None:
    code_of(counter)
    counter.page.goto("about:blank")
    shop.simulate("pay")
    until(counter, lambda: receipts(shop) > 0)
    counter.page.goto("/")
    expect_paid(counter)
    expect(counter.page.locator(".change-head")).to_contain_text("K1-000001")
    assert statuses(counter) == ["completed"]
    assert receipts(shop) == 1


def test_the_power_fails_between_payment_and_receipt(counter: Till, shop: Simulated) -> None:
    code_of(counter)
    shop.kill()
    shop.simulate("pay")
    expect(counter.page.locator(".qr-trouble")).to_contain_text("Server tidak menjawab", timeout=10_000)
    shop.start()
    expect_paid(counter)
    printed_once(counter, shop)
    assert statuses(counter) == ["completed"]
    shop.verify()


def test_power_and_tab_are_lost_and_somebody_else_signs_in(
    counter: Till, shop: Simulated, page: Page
) -> None:
    code_of(counter)
    page.goto("about:blank")
    shop.kill()
    shop.simulate("pay")
    shop.start()
    page.context.clear_cookies(name=re.compile("user|session"))
    page.goto("/")
    expect_paid(counter)
    printed_once(counter, shop)


def test_a_payment_that_was_put_aside_is_told_when_it_comes(counter: Till, shop: Simulated) -> None:
    code_of(counter)
    counter.button("Layani pembeli berikutnya").tap()
    counter.add("Minuman Bunga Telang 250")
    shop.simulate("pay")
    expect(counter.page.locator("#toast")).to_contain_text("K1-000001", timeout=20_000)
    expect(counter.lines()).to_have_count(1)


def test_a_sale_that_expired_while_the_answer_was_lost_is_never_shown_as_paid(
    counter: Till, shop: Simulated
) -> None:
    """The tab is lost before the answer; by the time the till asks again the sale was given up."""

    def lost(route: Any) -> None:
        route.fetch()
        route.abort()

    counter.page.route("**/api/v1/sales", lost)
    counter.add("Keripik Tempe Original")
    counter.button("QRIS").tap()
    until(counter, lambda: statuses(counter) == ["awaiting_payment"])
    counter.call("POST", f"/api/v1/sales/{counter.sales()[0]['id']}/cancel", {})
    counter.page.unroute("**/api/v1/sales")
    expect(counter.page.locator(".qr-state")).to_have_text("Pembayaran ini sudah dibatalkan.", timeout=20_000)
    counter.button("Kembali ke keranjang").tap()
    expect(counter.lines()).to_have_count(1)
    assert statuses(counter) == ["cancelled"]
