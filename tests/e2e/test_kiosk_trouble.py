"""A slow kiosk on a line that drops answers, and a visitor who has only a keypad and ears."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import PATIENCE
from tests.e2e.person import Till
from tests.e2e.test_kiosk import choose, review, served
from tests.e2e.test_qris import Simulated
from tests.e2e.test_simulator import until

pytestmark = pytest.mark.e2e

SLOW = 30_000
"""How long a page may take, in ms: it has a sixth of a processor that others want too."""

__all__ = ["served"]


@pytest.fixture
def shop(served: Simulated) -> Simulated:
    return served


@pytest.fixture
def size() -> tuple[int, int]:
    return (1024, 600)


@pytest.fixture
def kiosk(page: Page) -> Iterator[Till]:
    page.context.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    person = Till(page)
    person.pick("K2")
    yield person
    expect.set_options(timeout=PATIENCE)


class Line:
    """The way to the server, which loses answers as it is told to."""

    def __init__(self, page: Page) -> None:
        self.asked: list[dict[str, Any]] = []
        self.lose = 0
        self.dead = False
        page.route(re.compile(r"/api/v1/(sales|orders)"), self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method == "POST":
            self.asked.append(route.request.post_data_json or {})
        if self.dead:
            return route.abort()
        if self.lose:
            self.lose -= 1
            # Done at the server, and nobody here hears of it.
            route.fetch()
            return route.abort()
        return route.continue_()


def sales(shop: Simulated) -> list[tuple[str, str, int]]:
    """What the kiosk has sold, as the books have it."""
    query = (
        "SELECT s.id, s.status, s.total FROM sale s JOIN register r ON r.id = s.register_id "
        "WHERE r.code = 'K2'"
    )
    with closing(sqlite3.connect(f"file:{shop.folder}/instance/pos.db?mode=ro", uri=True)) as books:
        return books.execute(query).fetchall()


def test_nothing_is_shown_as_paid_or_sold_twice_by_a_slow_kiosk_on_a_bad_line(
    kiosk: Till, shop: Simulated, page: Page
) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    line = Line(page)
    code = page.get_by_role("img", name="Kode QRIS")
    thanks = page.get_by_role("heading", name="Terima kasih")
    review(kiosk)
    page.reload()
    expect(page.locator(".sum-amount")).to_have_text("Rp\u00a030.000")
    line.lose = 2
    kiosk.button("Bayar dengan QRIS").tap()
    page.wait_for_function("document.body.dataset.screen === 'asking'")
    page.reload()
    expect(code).to_be_visible()
    assert len(line.asked) >= 2
    assert len({one["id"] for one in line.asked}) == 1

    shop.kill()
    expect(page.get_by_text("Uang Anda aman")).to_be_visible()
    shop.start()
    expect(page.get_by_text("Uang Anda aman")).to_be_hidden()
    page.reload()
    expect(code).to_be_visible()
    line.dead = True
    shop.simulate("pay")
    expect(page.get_by_text("Uang Anda aman")).to_be_visible()
    sold = [(line.asked[0]["id"], "completed", 30_000)]
    until(kiosk, lambda: sales(shop) == sold)
    expect(thanks).to_have_count(0)
    expect(code).to_be_visible()
    line.dead = False
    expect(thanks).to_be_visible()
    number = page.locator(".big-number").text_content()
    page.reload()
    expect(page.locator(".big-number")).to_have_text(str(number))
    kiosk.button("Selesai").tap()
    expect(kiosk.button("Sentuh untuk mulai")).to_be_visible()
    assert sales(shop) == sold
    shop.verify()


def test_a_keypad_and_ears_are_enough_for_a_slip_which_a_reload_does_not_lose(
    kiosk: Till, page: Page
) -> None:
    line = Line(page)
    heard: list[int] = []
    page.on("response", lambda answer: heard.append(answer.status) if ".ogg" in answer.url else None)

    def said(words: str) -> None:
        page.wait_for_function("words => new RegExp(words).test(document.body.dataset.said ?? '')", arg=words)

    def walk(words: str, key: str = "Tab") -> None:
        """Go on until the voice says this, then choose it."""
        for _ in range(30):
            page.keyboard.press(key)
            if re.search(words, page.evaluate("document.body.dataset.said ?? ''")):
                return page.keyboard.press("Enter")
        raise AssertionError(f"never heard: {words}")

    expect(kiosk.button("Sentuh untuk mulai")).to_be_enabled()
    page.keyboard.press("*")
    said("^sound-normal start$")
    walk("^touch-to-start$")
    said("^choose$")
    walk("^item 2 16000 rupiah")
    said("^1 items total 16000 rupiah$")
    page.keyboard.press("Enter")
    said("^2 items total 32000 rupiah$")
    walk("^continue$", "ArrowDown")
    said("^review 2 items total 32000 rupiah ways$")
    line.lose = 1
    walk("^pay-counter$")
    said("^your-number [0-9]+ total 32000 rupiah slip-")
    number = page.locator(".big-number").text_content()
    page.reload()
    expect(page.locator(".big-number")).to_have_text(str(number))
    expect(kiosk.button("Suara: sedang")).to_have_attribute("aria-pressed", "true")
    assert len({one["id"] for one in line.asked}) == 1
    walk("^finish$")
    expect(kiosk.button("Suara")).to_have_attribute("aria-pressed", "false")
    assert set(heard) == {200}
    choose(kiosk)
    page.reload()
    expect(page.locator(".sum-amount")).to_have_text("Rp\u00a015.000")
