"""A learner's first sale: led step by step, on the screen alone, and nothing of it reaches the real shop."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till
from tests.support.program import Program

pytestmark = pytest.mark.e2e


class Practice(RunningShop):
    """The shop to practise in beside a real one, whose printer is a file."""

    def start(self) -> None:
        arguments = ("serve", "--training", "--port", str(self.port))
        log = self.folder / "server.log"
        self.process = Program(arguments, self.environment(), self.folder / "server.out", log)
        self.port = self.process.port()


@pytest.fixture
def kind() -> type[RunningShop]:
    return Practice


def sales(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        count: int = connection.execute("SELECT count(*) FROM sale").fetchone()[0]
    return count


def test_a_learner_is_led_through_a_first_sale_that_the_real_shop_never_hears_of(
    till: Till, page: Page, shop: RunningShop
) -> None:
    till.look()
    guide = page.get_by_role("region", name="Panduan penjualan pertama")
    step = guide.locator(".coach-step")
    expect(page.get_by_role("complementary", name="Latihan")).to_contain_text("LATIHAN")
    expect(step).to_have_text("Langkah 1 dari 6")
    expect(guide.get_by_role("status")).to_contain_text("123456")
    expect(page.get_by_role("link", name="Kembali ke kasir sebenarnya")).to_be_visible()
    till.sign_in("Kasir", "123456")
    expect(step).to_have_text("Langkah 2 dari 6")
    till.open_shift()
    expect(step).to_have_text("Langkah 3 dari 6")
    expect(page.locator("#status")).to_contain_text("Struk tampil di layar")
    expect(page.locator("#grid")).to_have_class("grid coached")
    till.add("Keripik Tempe Original")
    expect(step).to_have_text("Langkah 4 dari 6")
    till.button("50.000").tap()
    till.expect_change("Rp\u00a035.000")
    expect(step).to_have_text("Langkah 5 dari 6")
    paper = page.get_by_role("complementary", name="Yang akan dicetak printer")
    expect(paper.get_by_role("img")).to_be_visible()
    assert paper.get_by_role("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300
    # By keyboard alone: on to the last step, and out of the guide.
    guide.get_by_role("button", name="Lanjut").press("Enter")
    expect(step).to_have_text("Langkah 6 dari 6")
    guide.get_by_role("button", name="Selesai").press("Enter")
    expect(guide).to_be_hidden()
    till.add("Keripik Tempe Balado")  # one that the paper does not cover
    expect(paper).to_be_hidden()
    page.reload()
    expect(till.lines()).to_have_count(1)
    expect(guide).to_be_hidden()
    assert sales(shop.folder / "instance" / "training" / "pos.db") == 1
    assert sales(shop.folder / "instance" / "pos.db") == 0
    assert shop.paper.read_bytes() == b""

    # The trainer begins afresh, is asked once, and is led to a shop in which nothing has happened.
    page.context.clear_cookies()
    page.goto("/back-office/sign-in")
    page.locator("[name=name]").fill("Manajer")
    page.locator("[name=pin]").fill("123456")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mulai latihan dari awal").tap()
    page.get_by_role("button", name="Mulai dari awal").tap()
    expect(page.get_by_role("status")).to_contain_text("Toko baru sedang disiapkan")
    expect(page.get_by_role("button", name="K1")).to_be_visible(timeout=60_000)
    assert page.url == f"{shop.url}/"
    assert sales(shop.folder / "instance" / "training" / "pos.db") == 0
    assert not (shop.folder / "instance" / "training" / "fresh").exists()


def test_the_till_says_how_to_reach_training_and_training_leads_back(
    demo_shop: Path, tmp_path: Path, chromium: Browser
) -> None:
    """Both run at once, and one browser is a register of both."""
    shutil.copytree(demo_shop, tmp_path / "instance")
    real = RunningShop(tmp_path)
    real.start()
    practice = Practice(tmp_path)
    environment = {**os.environ, **real.environment(), "POS_PORT": str(real.port)}
    practice.process = Program(
        ("serve", "--training", "--port", "0"), environment, tmp_path / "out", tmp_path / "log"
    )
    practice.port = practice.process.port()
    context = chromium.new_context(base_url=real.url, locale="id-ID", has_touch=True)
    context.set_default_timeout(8_000)
    try:
        page = context.new_page()
        till = Till(page)
        till.pick("K1")
        till.sign_in()
        expect(page.get_by_label("Kas awal")).to_be_visible()
        page.get_by_role("button", name="Kunci · Kasir").tap()
        page.get_by_role("link", name="Latihan berjualan").tap()
        page.get_by_role("link", name="Buka latihan").tap()
        page.wait_for_url(f"{practice.url}/")
        page.get_by_role("button", name="G1").tap()
        page.get_by_role("button", name="Lewati panduan").tap()
        page.get_by_role("link", name="Kembali ke kasir sebenarnya").tap()
        page.wait_for_url(f"{real.url}/")
        expect(page.get_by_role("heading", name="Siapa yang bertugas?")).to_be_visible()
        expect(page.locator(".signin-who")).to_contain_text("Kasir kunjungan")
    finally:
        context.close()
        practice.process.send_signal(signal.SIGTERM)
        practice.process.wait(timeout=15)
        real.stop()
