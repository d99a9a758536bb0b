"""Between the till and its server is a bad line: nothing is sold twice, lost, or shown as paid too early."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till
from tests.e2e.test_qris import Simulated
from tests.e2e.test_qris import shop as shop  # noqa: PLC0414 - a fixture: QRIS comes from the simulator
from tests.support.flaky import FlakyWay, flaky_way_to

pytestmark = pytest.mark.e2e

SALES = "POST /api/v1/sales "


@pytest.fixture
def way(shop: RunningShop) -> Iterator[FlakyWay]:
    with flaky_way_to(shop.port) as found:
        yield found


@pytest.fixture
def till(way: FlakyWay, chromium: Browser) -> Iterator[Till]:
    """A till at work at the far end of the line."""
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{way.port}",
        viewport={"width": 1024, "height": 600},
        has_touch=True,
        timezone_id="Asia/Jakarta",
    )
    context.set_default_timeout(15_000)
    person = Till(context.new_page())
    wrong: list[str] = []
    person.page.on("pageerror", lambda error: wrong.append(str(error)))
    person.pick("K1")
    person.sign_in()
    person.open_shift()
    yield person
    context.close()
    assert wrong == []


def ids(way: FlakyWay) -> set[str]:
    return {json.loads(one.body)["id"] for one in way.seen if one.line.startswith(SALES)}


def test_answers_that_are_lost_reset_and_cut_are_asked_again_with_one_id(till: Till, way: FlakyWay) -> None:
    way.spoil(SALES, "reset", "lost", "cut", "lost")
    till.add("Keripik Tempe Original", 2)
    till.button("50.000").tap()
    expect(till.page.locator("#outcome")).to_contain_text("Server belum menjawab")
    # The server has it by now, but this till was not told: no change, and the cart stands as it was.
    expect(till.page.locator(".change-amount")).to_have_count(0)
    expect(till.lines()).to_have_count(1)
    expect(till.page.locator(".change-amount")).to_have_text("Rp\u00a020.000", timeout=20_000)
    expect(till.lines()).to_have_count(0)
    assert [one.fault for one in way.seen] == ["reset", "lost", "cut", "lost"]
    assert len(ids(way)) == 1
    [sale] = till.sales()
    assert (sale["id"], sale["total"]) == (ids(way).pop(), 30_000)


def test_a_slow_line_loses_no_tap_and_holds_back_the_change_until_the_answer(
    till: Till, way: FlakyWay
) -> None:
    way.delay = 0.7
    till.add("Keripik Tempe Original", 3)
    till.button("Uang pas").tap()
    expect(till.page.locator("#outcome")).to_contain_text("Menyimpan")
    till.page.locator(".tile").nth(3).tap()
    till.page.locator(".tile").nth(3).tap()
    expect(till.page.locator(".change-amount")).to_have_count(0)
    # What was tapped meanwhile is the next customer's.
    expect(till.lines().locator(".line-quantity")).to_have_text("2")
    expect(till.lines()).to_contain_text("Minuman Bunga Telang 250 ml")
    way.delay = 0
    [sale] = till.sales()
    assert [line["quantity"] for line in sale["lines"]] == [3]


def test_a_code_whose_answers_are_lost_is_paid_once_and_shown_as_paid_only_then(
    till: Till, way: FlakyWay, shop: Simulated
) -> None:
    way.spoil(SALES, "lost", "lost")
    till.add("Keripik Tempe Original")
    till.button("QRIS").tap()
    expect(till.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    assert len(ids(way)) == 1
    way.spoil("GET /api/v1/sales/", "lost", "cut", "reset")
    shop.simulate("pay")
    expect(till.page.locator(".change-label")).to_have_text("Lunas", timeout=20_000)
    assert [sale["status"] for sale in till.sales()] == ["completed"]


def test_a_held_cart_whose_answer_is_lost_is_held_once(till: Till, way: FlakyWay) -> None:
    way.spoil("POST /api/v1/orders ", "lost")
    till.add("Keripik Tempe Original", 2)
    till.button("Tahan").tap()
    expect(till.page.locator("#toast")).to_contain_text("Server tidak menjawab")
    expect(till.lines()).to_have_count(1)
    till.button("Tahan").tap()
    expect(till.page.locator("#toast")).to_contain_text(re.compile("Ditahan dengan nomor 1"))
    held = till.call("GET", "/api/v1/orders?register=K1")["body"]["items"]
    assert [one["status"] for one in held] == ["open"]
