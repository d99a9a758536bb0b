"""Where the states are shown: browsers of a till, a kiosk, an office and a passer-by, in one language."""

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from babel.support import Translations
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

from pos.operations.setup import DEMO_PRODUCTS
from pos.paths import PACKAGE
from tests.e2e.person import PINS, Till
from tests.gallery.shop import GalleryShop

SIZE = (1280, 800)
NAMES = {"id": {row[0]: row[1] for row in DEMO_PRODUCTS}, "en": {row[0]: row[2] for row in DEMO_PRODUCTS}}
READY = """async () => {
  await document.fonts.ready;
  const pictures = [...document.images].filter((one) => one.loading !== "lazy");
  await Promise.all(pictures.map((one) => one.decode().catch(() => {})));
}"""
APPROVAL = {"user": "Pengawas", "pin": PINS["Pengawas"]}
WAITING = "/api/v1/sales?register={}&status=awaiting_payment"


class Counter(Till):
    """A person at a till or kiosk, who knows goods by SKU and words by their English."""

    def __init__(self, page: Page, stage: "Stage") -> None:
        super().__init__(page)
        self.stage = stage

    def button(self, name: str, **values: Any) -> Locator:
        return super().button(self.stage.words(name, **values))

    def tile(self, product: str) -> Locator:
        name = NAMES[self.stage.language].get(product, product)
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))

    def approve(self, name: str = "Pengawas", pin: str | None = None) -> None:
        self.page.locator("dialog.approval").get_by_role("button", name=name, exact=True).tap()
        self.page.keyboard.type(pin or PINS[name])

    def label(self, words: str) -> Locator:
        return self.page.get_by_label(self.stage.words(words), exact=True)

    def see(self, selector: str) -> None:
        """Wait until it is on the screen."""
        self.page.locator(selector).first.wait_for()


class Stage:
    """Everything a state is shown with."""

    def __init__(self, shop: GalleryShop, browser: Browser, language: str = "id") -> None:
        self.shop, self.browser, self.language = shop, browser, language
        self._words = Translations.load(PACKAGE / "translations", [language], "messages")
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: dict[str, Page] = {}
        self.page: Page = None  # type: ignore[assignment]
        """The page that was given last: the one to look at."""

    def words(self, words: str, **values: Any) -> str:
        """Say an English msgid in the language of this stage."""
        said = str(self._words.gettext(words))
        return said % values if values else said

    def context(self, who: str) -> BrowserContext:
        """The browser of a register, of the office or of nobody."""
        if who not in self._contexts:
            context = self.browser.new_context(
                base_url=self.shop.url,
                viewport={"width": SIZE[0], "height": SIZE[1]},
                has_touch=True,
                locale="id-ID",
                timezone_id="Asia/Jakarta",
            )
            context.set_default_timeout(10_000)
            context.add_cookies([{"name": "pos_language", "value": self.language, "url": self.shop.url}])
            self._contexts[who] = context
        return self._contexts[who]

    def tab(self, who: str) -> Page:
        """The one page of this browser, as if nothing had happened on it."""
        context = self.context(who)
        if who in self._pages and not self._pages[who].is_closed():
            self._pages[who].close()
        context.set_offline(False)
        self._pages[who] = self.page = context.new_page()
        return self.page

    def another(self, who: str) -> Page:
        """One more page of this browser, which is looked at from now on."""
        self.page = self.context(who).new_page()
        return self.page

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()
        self._contexts.clear()
        self._pages.clear()

    def register(self, code: str, *, clock: bool = False) -> Counter:
        """A browser that is this register and remembers nothing; with `clock` its time is ours to turn."""
        enrolled = code in self._contexts
        page = self.tab(code)
        if clock:
            page.clock.install()
        counter = Counter(page, self)
        if not enrolled:
            counter.pick(code)
            page.locator("#boot").wait_for(state="attached")
        page.goto("/healthz")
        page.evaluate("() => localStorage.clear()")
        page.goto("/")
        return counter

    def locked(self, code: str = "K1") -> Counter:
        """A till at which nobody is signed in."""
        till = self.register(code)
        till.call("POST", "/till/lock", {})
        till.page.reload()
        till.see("#signin .people")
        return till

    def till(self, code: str = "K1", *, who: str = "Kasir", clock: bool = False) -> Counter:
        """A till at work: signed in, the shift open, the cart empty, no payment awaited."""
        till = self.register(code, clock=clock)
        state = till.call("GET", "/till/state")["body"]
        if (state.get("user") or {}).get("name") != who:
            till.call("POST", "/till/lock", {})
            till.call("POST", "/till/sign-in", {"user": who, "pin": PINS[who]})
            state = till.call("GET", "/till/state")["body"]
        if not state.get("shift"):
            shift = {"id": new_id(), "register": code, "float": 200_000}
            till.call("POST", "/api/v1/shifts", shift)
        for money in state.get("late") or ():
            kept = {"id": new_id(), "reason": "pembeli pergi", "approval": APPROVAL}
            till.call("POST", f"/api/v1/payments/{money['id']}/keep", kept)
        for sale in till.call("GET", WAITING.format(code))["body"].get("items", ()):
            till.call("POST", f"/api/v1/sales/{sale['id']}/cancel", {})
        till.page.reload()
        till.see("#grid .tile")
        return till

    def kiosk(self, *, clock: bool = False) -> Counter:
        """The kiosk before anybody touched it."""
        kiosk = self.register("K2", clock=clock)
        kiosk.see(".start-button:not(:disabled)")
        return kiosk

    def office(self, path: str, who: str = "Manajer") -> Page:
        """A page of the back office, with this person signed in."""
        known = who in self._contexts
        page = self.tab(who)
        if not known:
            page.goto("/back-office/sign-in")
            page.get_by_label(self.words("Name"), exact=True).fill(who)
            page.get_by_label("PIN").fill(PINS[who])
            page.get_by_role("button", name=self.words("Sign in"), exact=True).click()
            page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        page.goto(f"/back-office/{path}")
        return page

    def passer_by(self, path: str) -> Page:
        """A page for somebody whose browser is nothing here."""
        page = self.tab("nobody")
        page.goto(path)
        return page

    def pretend(self, pattern: str, change: Callable[[Any], Any]) -> None:
        """Have the answers at these addresses say something else."""

        def answer(route: Route) -> None:
            found = route.fetch()
            body = json.loads(found.body()) if found.body() else {}
            route.fulfill(response=found, json=change(body) or body)

        self.page.route(pattern, answer)

    def row(self, query: str) -> Any:
        """The first value that a question to the database gives."""
        file = self.shop.folder / "instance" / "pos.db"
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            found = database.execute(query).fetchone()
        finally:
            database.close()
        assert found is not None, f"nothing there: {query}"
        return found[0]

    def ready(self) -> None:
        """Wait for letters and pictures."""
        self.page.evaluate(READY)


def new_id() -> str:
    from tests.factories import new_id

    return new_id()
