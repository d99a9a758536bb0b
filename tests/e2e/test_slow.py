"""On a processor six times slower than this one: taps are neither lost nor counted twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Till, box

pytestmark = pytest.mark.e2e

SLOWER = 6


@pytest.fixture
def slow(page: Page) -> Iterator[Till]:
    session = page.context.new_cdp_session(page)
    till = Till(page)
    till.at("K1")
    till.start()
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield till
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def tap_fast(till: Till, selector: str, times: int) -> None:
    """Touch the screen as often as a quick finger, without waiting for what the page makes of it."""
    session = till.page.context.new_cdp_session(till.page)
    at = box(till.page.locator(selector).first)
    point = {"x": at["x"] + at["width"] / 2, "y": at["y"] + at["height"] / 2}
    for _ in range(times):
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_fast_taps_all_count_and_double_taps_pay_once(slow: Till) -> None:
    tap_fast(slow, ".tile", 9)
    expect(slow.lines().locator(".line-quantity")).to_have_text("9")
    tap_fast(slow, "#pay .exact", 3)
    slow.expect_change("Rp\u00a00")
    tap_fast(slow, ".tile >> nth=3", 2)
    expect(slow.lines().locator(".line-quantity")).to_have_text("2")
    tap_fast(slow, "#pay .note", 2)
    expect(slow.page.locator(".change-label")).to_be_visible()
    slow.page.wait_for_timeout(500)
    assert [(sale["status"], sale["lines"][0]["quantity"]) for sale in slow.sales()] == [
        ("completed", 2),
        ("completed", 9),
    ]


def test_a_double_tap_on_qris_makes_one_code_and_cancels_nothing(slow: Till) -> None:
    tap_fast(slow, ".tile", 2)
    tap_fast(slow, "#pay .qris", 2)
    expect(slow.page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    slow.page.wait_for_timeout(500)
    assert [(sale["status"], sale["total"]) for sale in slow.sales()] == [("awaiting_payment", 30_000)]
