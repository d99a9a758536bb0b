"""By keys alone: Tab, Enter and digits, from signing in to the change, and a visitor's whole purchase."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Till
from tests.e2e.test_kiosk import served  # noqa: F401 - a fixture
from tests.e2e.test_qris import Simulated

pytestmark = pytest.mark.e2e

FOCUS = """() => {
  const here = document.activeElement;
  const shown = here === document.body ? null : getComputedStyle(here);
  return {name: shown ? here.getAttribute("aria-label") || here.textContent.trim() || here.id : "",
          seen: shown !== null && (shown.outlineStyle !== "none" || shown.boxShadow !== "none")};
}"""


@pytest.fixture
def shop(served: Simulated) -> Simulated:  # noqa: F811
    return served


def walk_to(page: Page, words: str, most: int = 60) -> None:
    """Press Tab until what has the focus says these words; it must be seen to have it."""
    passed: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if words in here["name"]:
            assert here["seen"], f"{words} has the focus and nothing shows it"
            return
        passed.append(here["name"])
    raise AssertionError(f"Tab never came to {words}: {passed}")


def press(page: Page, words: str, key: str = "Enter") -> None:
    walk_to(page, words)
    page.keyboard.press(key)


def test_a_cashier_signs_in_opens_sells_and_gives_change_by_keys_alone(page: Page) -> None:
    page.goto("/")
    press(page, "K1")
    expect(page.get_by_role("heading", name="Siapa yang bertugas?")).to_be_visible()
    press(page, "KKasir")
    page.keyboard.type("333333")
    expect(page.get_by_label("Kas awal")).to_be_focused()
    page.keyboard.type("200000")
    page.keyboard.press("Enter")
    till = Till(page)
    expect(till.tile("Keripik Tempe Original")).to_be_visible()
    press(page, "Keripik Tempe Original")
    page.keyboard.press("Space")
    expect(till.lines().locator(".line-quantity")).to_have_text("2")
    press(page, "Tambah satu")
    expect(till.lines().locator(".line-quantity")).to_have_text("3")
    press(page, "Lainnya")
    expect(page.locator("#received")).to_be_focused()
    # As a person types: digits in a burst with Enter behind are a scanner's.
    page.keyboard.type("50000", delay=90)
    page.keyboard.press("Enter")
    till.expect_change("Rp\u00a05.000")
    # The next customer, and a window that is closed again with Escape.
    press(page, "Teh Bunga Telang")
    press(page, "Lainnya")
    page.keyboard.press("Escape")
    press(page, "Uang pas")
    till.expect_change("Rp\u00a00")
    assert [sale["total"] for sale in till.sales()] == [25_000, 45_000]


def test_a_visitor_buys_by_keys_alone(page: Page, shop: Simulated) -> None:
    kiosk = Till(page)
    kiosk.pick("K2")
    expect(kiosk.button("Sentuh untuk mulai")).to_be_enabled()
    press(page, "Sentuh untuk mulai")
    expect(page.get_by_role("heading", name="Mau beli apa?")).to_be_focused()
    press(page, "Keripik Tempe Original")
    press(page, "Lanjut")
    expect(page.get_by_role("heading", name="Sudah benar?")).to_be_focused()
    page.wait_for_timeout(400)
    press(page, "Bayar dengan QRIS")
    expect(page.get_by_role("img", name="Kode QRIS")).to_be_visible(timeout=15_000)
    shop.simulate("pay")
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible(timeout=15_000)
    press(page, "Selesai")
    expect(kiosk.button("Sentuh untuk mulai")).to_be_visible()
