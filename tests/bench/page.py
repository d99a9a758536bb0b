"""What the till page costs to load: bytes on the wire as Chromium counts them, and those of JavaScript."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

from pos.bench.figures import Figures
from pos.bench.shops import Shop
from tests.e2e.person import Till
from tests.support.browser import running_chromium, till_context

SETTLE = 1_500
"""Milliseconds after the load event: the scripts ask for what they show."""


class Counter:
    """Adds up what one page fetches; bytes are those on the wire, headers included."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._kinds: dict[str, tuple[str, str]] = {}
        self.fetched: list[tuple[str, str, int]] = []
        self._session = context.new_cdp_session(page)
        self._session.on("Network.responseReceived", self._responded)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.send("Network.enable")
        self._session.send("Network.clearBrowserCache")

    def _responded(self, message: dict[str, Any]) -> None:
        answer = message["response"]
        kind = "script" if "javascript" in answer["mimeType"] else message["type"].lower()
        self._kinds[message["requestId"]] = (kind, answer["url"])

    def _finished(self, message: dict[str, Any]) -> None:
        kind, url = self._kinds.get(message["requestId"], ("other", ""))
        self.fetched.append((kind, url, int(message["encodedDataLength"])))

    def figures(self) -> Figures:
        """Return what was fetched so far, in all and by kind."""
        kinds = sorted({kind for kind, _, _ in self.fetched})
        sums = {kind: sum(size for k, _, size in self.fetched if k == kind) for kind in kinds}
        return {
            "requests": len(self.fetched),
            "bytes": sum(sums.values()),
            "javascript_bytes": sums.get("script", 0),
            "bytes_by_kind": sums,
        }


def measure(shop: Shop) -> Figures:
    """Load the till page of a demo shop with an empty cache, then sign in and open the till."""
    with shop.serving() as server, running_chromium() as browser:
        context = till_context(browser, f"http://127.0.0.1:{server.port}")
        first = context.new_page()
        Till(first).pick("K1")
        first.get_by_role("button", name="Kasir", exact=True).wait_for()
        first.close()
        page = context.new_page()
        counter = Counter(context, page)
        page.goto("/", wait_until="load")
        page.wait_for_timeout(SETTLE)
        found: Figures = {"first_load": counter.figures()}
        timing = page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd")
        found["first_load"]["load_event_ms"] = round(timing)
        Till(page).sign_in()
        Till(page).open_shift()
        page.wait_for_timeout(SETTLE)
        found["ready_to_sell"] = counter.figures()
        browser.close()
    return found
