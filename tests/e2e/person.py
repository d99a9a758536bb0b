"""What a person does at the till, in the till's own words, so that tests read as the work does."""

import re
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.factories import new_id

PINS = {"Manajer": "111111", "Pengawas": "222222", "Kasir": "333333"}

NOTHING = "about:blank"

CALL = """async ([method, path, body]) => {
  const headers = {"Content-Type": "application/json", Accept: "application/json"};
  const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)});
  return {status: answer.status, body: await answer.json()};
}"""


SIZES = ((1280, 800), (800, 1280), (1024, 600))
"""Screens that a till and a kiosk have to fit."""


def box(element: Locator) -> FloatRect:
    """Where an element is on the screen."""
    found = element.bounding_box()
    assert found is not None, "it is not on the screen"
    return found


class Till:
    """A cashier in front of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.register = ""

    def pick(self, register: str) -> None:
        """Make the browser a register of the demo shop."""
        self.register = register
        self.page.goto("/")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=register).tap()

    def at(self, register: str) -> None:
        """Make the browser a register as `pick` does, without looking at a page."""
        self.register = register
        self._post("/enrol", form={"register": register})

    def look(self) -> None:
        """Open the till's page."""
        self.page.goto("/")

    def sign_in(self, name: str = "Kasir", pin: str | None = None) -> None:
        if self.page.url == NOTHING:
            self.look()
        self.page.get_by_role("button", name=name, exact=True).tap()
        self.page.keyboard.type(pin or PINS[name])

    def open_shift(self, amount: int = 200_000) -> None:
        self.page.get_by_label("Kas awal").fill(str(amount))
        self.button("Buka kasir").tap()
        expect(self.tile("Keripik Tempe Original")).to_be_visible()

    def start(self, name: str = "Kasir") -> None:
        """Sign in and open the shift, without the pages of both: tests of a shift go through them by hand."""
        self._post("/till/sign-in", data={"user": name, "pin": PINS[name]})
        self._post("/api/v1/shifts", data={"id": new_id(), "register": self.register, "float": 200_000})
        self.look()
        expect(self.tile("Keripik Tempe Original")).to_be_visible()

    def _post(self, path: str, **body: Any) -> None:
        """Send what a page would."""
        answer = self.page.context.request.post(path, headers={"Sec-Fetch-Site": "same-origin"}, **body)
        assert answer.ok, answer.text()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def tile(self, product: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(product)}"))

    def add(self, product: str, times: int = 1) -> None:
        for _ in range(times):
            self.tile(product).tap()

    def scan(self, code: str) -> None:
        self.page.keyboard.type(code, delay=5)
        self.page.keyboard.press("Enter")

    def lines(self) -> Locator:
        return self.page.locator("#lines .line")

    def total(self) -> Locator:
        return self.page.locator("#total")

    def approve(self, name: str = "Pengawas", pin: str | None = None) -> None:
        window = self.page.get_by_role("dialog", name="Perlu persetujuan")
        window.get_by_role("button", name=name, exact=True).tap()
        self.page.keyboard.type(pin or PINS[name])

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as the page would."""
        return self.page.evaluate(CALL, [method, path, body])

    def sales(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.call("GET", "/api/v1/sales?register=K1")["body"]["items"]
        return items

    def expect_change(self, amount: str) -> None:
        expect(self.page.get_by_text("Kembalian", exact=True)).to_be_visible()
        expect(self.page.locator(".change-amount")).to_have_text(amount)
