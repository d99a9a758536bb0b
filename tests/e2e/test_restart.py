"""In every state of the till the server starts anew, the page is loaded again and the screen is turned."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Route, expect

from tests.e2e.conftest import RunningShop
from tests.e2e.person import Till

pytestmark = pytest.mark.e2e

UPRIGHT = {"width": 800, "height": 1280}
LYING = {"width": 1280, "height": 800}


@pytest.fixture
def english(shop: RunningShop, chromium: Browser) -> Iterator[Till]:
    """A till that speaks English."""
    context = chromium.new_context(
        base_url=shop.url, viewport=LYING, has_touch=True, timezone_id="Asia/Jakarta"
    )  # type: ignore[arg-type]
    context.add_cookies([{"name": "pos_language", "value": "en", "url": shop.url}])
    context.set_default_timeout(15_000)
    till = Till(context.new_page())
    till.pick("K1")
    yield till
    context.close()


def fits(page: Page) -> None:
    """Nothing hangs over the edge of the screen, and money is where a finger reaches it."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    height = page.viewport_size["height"] if page.viewport_size else 0
    for button in page.locator("#pay button:visible").all():
        at = button.bounding_box()
        assert at is not None
        assert at["y"] + at["height"] <= height


def again(till: Till, shop: RunningShop, there: Locator) -> None:
    """Start the server anew, load the page again, turn the screen: it is there each time."""
    expect(there).to_be_visible()
    shop.stop()
    shop.start()
    expect(there).to_be_visible(timeout=15_000)
    till.page.reload()
    expect(there).to_be_visible(timeout=15_000)
    for size in (UPRIGHT, LYING):
        till.page.set_viewport_size(size)  # type: ignore[arg-type]
        expect(there).to_be_visible()
        fits(till.page)


def test_every_state_of_a_till_outlives_its_server_and_its_page(english: Till, shop: RunningShop) -> None:
    till, page = english, english.page
    again(till, shop, page.get_by_role("heading", name="Who is at the till?"))
    till.sign_in()
    again(till, shop, page.get_by_label("Float"))
    page.get_by_label("Float").fill("200000")
    till.button("Open the till").tap()
    page.locator(".tile").first.tap()
    again(till, shop, page.locator("#total", has_text="15.000"))
    till.button("QRIS").tap()
    again(till, shop, page.get_by_role("img", name="QRIS code"))
    page.get_by_label("Reference").fill("778899")
    till.button("Payment received").tap()
    expect(page.locator(".change-label")).to_have_text("Paid")
    again(till, shop, page.get_by_text("K1-000001"))
    page.locator(".tile").first.tap()
    till.button("Hold").tap()
    again(till, shop, page.locator("#orders-open", has_text="1"))
    till.button("Lock · Kasir").tap()
    again(till, shop, page.get_by_role("heading", name="Who is at the till?"))


def test_a_sale_that_waits_for_its_answer_outlives_everything(english: Till, shop: RunningShop) -> None:
    till, page = english, english.page
    till.sign_in()
    page.get_by_label("Float").fill("0")
    till.button("Open the till").tap()

    def lose(route: Route) -> None:
        # The first time the server does it; later it may be away itself.
        with contextlib.suppress(Error):
            route.fetch()
        route.abort()

    page.route("**/api/v1/sales", lose)
    page.locator(".tile").first.tap()
    till.button("Exact cash").tap()
    again(till, shop, page.get_by_text("The server has not answered yet"))
    page.unroute("**/api/v1/sales")
    expect(page.get_by_text("Change", exact=True)).to_be_visible(timeout=15_000)
    assert [sale["total"] for sale in till.sales()] == [15_000]


def test_a_till_that_was_locked_while_its_server_was_away_stays_locked(
    english: Till, shop: RunningShop
) -> None:
    till, page = english, english.page
    till.sign_in()
    page.get_by_label("Float").fill("0")
    till.button("Open the till").tap()
    expect(page.locator(".tile").first).to_be_visible()
    shop.stop()
    till.button("Lock · Kasir").tap()
    heading = page.get_by_role("heading", name="Who is at the till?")
    expect(heading).to_be_visible()
    shop.start()
    expect(page.locator("#status")).to_contain_text("Connected", timeout=15_000)
    page.wait_for_timeout(1_000)
    expect(heading).to_be_visible()
    assert till.call("GET", "/api/v1/products")["status"] == 401
