"""From a payment, and from what the server knows of it, to the screen of the till, with the simulator."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median

from playwright.sync_api import Page

from pos.bench.figures import Figures, percentile
from pos.bench.shops import Shop
from pos.payments.simulator_bank import Bank
from pos.payments.simulator_courier import deliver_due
from tests.e2e.person import Till
from tests.support.browser import running_chromium

CONFIG = '[qris]\nprovider = "simulator"\n'
WAYS = {"notified": "normal", "polled": "lose"}
ARM = """() => {
  window.paidAt = 0;
  const look = () => { if (document.querySelector('#outcome .change-label')) {
    window.paidAt = performance.timeOrigin + performance.now(); seen.disconnect(); } };
  const seen = new MutationObserver(look);
  seen.observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


def measure(shop: Shop, *, payments: int) -> Figures:
    """Pay codes one after the other, once with notifications and once by asking alone."""
    bank = Bank(shop.folder / "instance")
    with shop.serving(CONFIG) as server, running_chromium() as browser:
        page = browser.new_page(base_url=f"http://127.0.0.1:{server.port}", has_touch=True, locale="id-ID")
        till = Till(page)
        till.pick("K1")
        till.start()
        found: Figures = {}
        for name, how in WAYS.items():
            bank.set_notify(how)
            rounds = [_round(till, bank) for _ in range(payments)]
            found[name] = {
                "payments": payments,
                "payment_to_screen": _times([paid for paid, _ in rounds]),
                "known_to_screen": _times([known for _, known in rounds]),
            }
        browser.close()
    return found


def _round(till: Till, bank: Bank) -> tuple[float, float]:
    """Sell by QRIS and pay; seconds from the payment and from the books to the screen."""
    page = till.page
    page.locator(".tile").first.tap()
    till.button("QRIS").tap()
    page.locator(".qr img").wait_for()
    # Anywhere between two of the till's questions.
    time.sleep(random.uniform(0.2, 1.4))
    page.evaluate(ARM)
    began = time.time()
    bank.pay(bank.named("last").number, None)
    deliver_due(bank)
    shown = _until(page, lambda: float(page.evaluate("() => window.paidAt")) / 1000)
    sale = till.call("GET", "/api/v1/sales?register=K1&limit=1")["body"]["items"][0]
    return shown - began, shown - datetime.fromisoformat(sale["completed_at"]).timestamp()


def _until(page: Page, what: Callable[[], float]) -> float:
    for _ in range(300):
        if found := what():
            return found
        page.wait_for_timeout(50)
    raise RuntimeError("the screen did not change within 15 seconds")


def _times(values: list[float]) -> Figures:
    return {
        "median_ms": round(median(values) * 1000),
        "p99_ms": round(percentile(values, 0.99) * 1000),
        "slowest_ms": round(max(values) * 1000),
    }
