"""The demo as a newcomer meets it: a QR sale that confirms itself, and what goes wrong on request."""

import json
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till
from tests.support.command import run_forked
from tests.support.program import Program

pytestmark = pytest.mark.e2e

NOTICES = "SELECT body FROM payment_notice ORDER BY received_at, id"
"""What the shop heard; the same notification again is kept once."""


class Demo(RunningShop):
    """A shop as `pos demo` makes and serves it."""

    def start(self) -> None:
        new = not (self.folder / "instance" / "simulator.db").exists()
        self.process = Program(
            ("demo", "--port", str(self.port)),
            self.environment(),
            self.folder / "server.out",
            self.folder / "server.log",
        )
        self.port = self.process.port()
        # Only a new demo has a pretend buyer, and says so last.
        self.process.line_with("paid by itself" if new else "/simulator")

    @property
    def said(self) -> str:
        """What the server told the person who started it."""
        assert self.process is not None
        return self.process.said()

    def simulate(self, *arguments: str) -> str:
        """What a person types beside the running server."""
        done = run_forked(self.environment(), "qris", "simulate", *arguments)
        assert done.code == 0, done.err
        return done.out

    def codes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.simulate("list", "--json"))["codes"]
        return found

    def verify(self) -> None:
        """Have the books proved while the shop is served."""
        done = run_forked(self.environment(), "verify")
        assert done.code == 0, done.out + done.err

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.folder / 'instance' / 'pos.db'}?mode=ro", uri=True) as database:
            found = database.execute(query).fetchall()
        database.close()
        return found


@pytest.fixture
def shop(demo_shop: Path, tmp_path: Path) -> Iterator[Demo]:
    # A copy of a demo shop that is there already: making one is tried in its own test.
    subprocess.run(["cp", "-r", str(demo_shop), str(tmp_path / "instance")], check=True)
    running = Demo(tmp_path)
    running.start()
    yield running
    running.stop()


def payments(till: Till) -> list[tuple[str, int | None]]:
    items = till.call("GET", "/api/v1/payments")["body"]["items"]
    return sorted((item["status"], item["paid_amount"]) for item in items)


def statuses(till: Till) -> list[str]:
    return [sale["status"] for sale in till.sales()]


def until(till: Till, true: Callable[[], bool]) -> None:
    """Wait for what comes by itself; polling alone needs some seconds."""
    for _ in range(150):
        if true():
            return
        till.page.wait_for_timeout(100)
    raise AssertionError("it did not come")


def ask_for_code(till: Till) -> None:
    """Sell by QRIS up to the code on the screen."""
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible()


def expect_paid(till: Till, seconds: int = 15) -> None:
    expect(till.page.locator(".change-label")).to_have_text("Lunas", timeout=seconds * 1000)


@pytest.fixture
def by_hand(shop: Demo, till: Till) -> Till:
    """A cashier at work, in a demo in which nobody pays by themselves."""
    shop.simulate("auto", "off")
    till.start()
    return till


@pytest.fixture
def phone(shop: Demo, page: Page) -> Iterator[Page]:
    """The buyer's phone beside the till: another window of the same machine."""
    opened = page.context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    opened.goto("/simulator")
    yield opened
    assert wrong == []


def test_a_newcomer_sees_a_qr_sale_confirm_itself(shop: Demo, till: Till) -> None:
    said = shop.said
    assert "Kasir (cashier): PIN 333333" in said
    assert f"{shop.url}/simulator" in said
    assert "paid by itself after 6 seconds" in said
    assert "pos qris simulate auto off" in said
    till.start()
    ask_for_code(till)
    expect_paid(till)
    assert statuses(till) == ["completed"]
    assert payments(till) == [("paid", 15_000)]
    assert "K1-000001" in till.sales()[0]["number"]
    shop.verify()


def test_the_buyer_pays_on_the_phone_and_the_till_shows_it(by_hand: Till, phone: Page) -> None:
    ask_for_code(by_hand)
    # The phone finds the code by itself.
    pay = phone.get_by_role("button", name="Bayar", exact=True)
    expect(pay).to_be_visible()
    pay.tap()
    expect(phone.get_by_text("Dibayar: Rp\u00a015.000.")).to_be_visible()
    expect_paid(by_hand)
    assert payments(by_hand) == [("paid", 15_000)]


def test_an_amount_that_is_being_typed_survives_a_new_code(by_hand: Till, phone: Page) -> None:
    ask_for_code(by_hand)
    amount = phone.get_by_label("Jumlah lain, rupiah")
    amount.fill("12.345")
    by_hand.button("Layani pembeli berikutnya").tap()
    ask_for_code(by_hand)
    phone.wait_for_timeout(4_000)
    expect(amount).to_have_value("12.345")
    phone.get_by_role("button", name="Jumlah salah").tap()
    expect(phone.get_by_text("Dibayar: Rp\u00a012.345.")).to_be_visible()
    until(by_hand, lambda: ("late", 12_345) in payments(by_hand))
    assert "completed" not in statuses(by_hand)


def test_the_phone_works_with_the_keyboard_and_without_a_script(
    by_hand: Till, shop: Demo, chromium: Browser
) -> None:
    ask_for_code(by_hand)
    context = chromium.new_context(base_url=shop.url, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/simulator")
    for _ in range(30):
        plain.keyboard.press("Tab")
        if plain.locator(":focus").inner_text() == "Bayar":
            break
    plain.keyboard.press("Enter")
    expect(plain.get_by_text("Dibayar: Rp\u00a015.000.")).to_be_visible()
    context.close()
    expect_paid(by_hand)


def test_a_payment_while_the_power_was_off_completes_and_prints_afterwards(by_hand: Till, shop: Demo) -> None:
    ask_for_code(by_hand)
    assert shop.process is not None
    shop.process.send_signal(signal.SIGKILL)
    shop.process.wait(timeout=15)
    shop.simulate("pay")
    shop.start()
    # Killed in the middle of a question, its lease has to end first: a minute.
    expect_paid(by_hand, 75)
    assert statuses(by_hand) == ["completed"]
    assert payments(by_hand) == [("paid", 15_000)]
    until(by_hand, lambda: b"K1-000001" in shop.paper.read_bytes())
    assert shop.paper.read_bytes().count(b"K1-000001") == 1
    shop.verify()


def test_the_demo_uses_another_provider_when_a_person_set_one(demo_shop: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", str(demo_shop), str(tmp_path / "instance")], check=True)
    log = tmp_path / "server.log"
    environment = {**Demo(tmp_path).environment(), "POS_QRIS__PROVIDER": "static"}
    served = Program(("demo", "--port", "0"), environment, log, log)
    served.port()
    served.send_signal(signal.SIGTERM)
    served.wait(timeout=15)
    assert "/simulator" not in log.read_text()
    assert not (tmp_path / "instance" / "simulator.db").exists()


def test_a_real_shop_is_not_served_with_pretended_money(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    environment = Demo(tmp_path).environment()
    assert Program(("init",), environment, tmp_path / "init.out", log).wait(timeout=30) == 0
    served = Program(("demo", "--port", "0"), environment, log, log)
    served.port()
    served.send_signal(signal.SIGTERM)
    served.wait(timeout=15)
    assert "holds a real shop" in log.read_text()
    assert "/simulator" not in log.read_text()
