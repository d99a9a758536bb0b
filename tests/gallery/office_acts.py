"""The back office when something was done: the door, forms that say what is wrong, decisions, a count."""

from playwright.sync_api import Page

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Counter, Stage, new_id


@scenes("office-sign-in", "office-sign-in-wrong", "office-sign-in-cashier", phone=True)
def door(stage: Stage) -> Shots:
    page = stage.passer_by("/back-office/sign-in")
    yield "office-sign-in"
    page.get_by_label(stage.words("Name"), exact=True).fill("Manajer")
    page.get_by_label("PIN").fill("000000")
    send(page)
    yield "office-sign-in-wrong"
    page.get_by_label(stage.words("Name"), exact=True).fill("Kasir")
    page.get_by_label("PIN").fill("333333")
    send(page)
    yield "office-sign-in-cashier"


@scenes("office-product-new-wrong", phone=True, whole=True)
def product(stage: Stage) -> Shots:
    page = stage.office("products/new")
    for field in page.locator("main form input[type=text], main form input:not([type])").all():
        if field.is_editable():
            field.fill("?" * 3)
    send(page)
    yield "office-product-new-wrong"


@scenes("office-receive-wrong", phone=True, whole=True)
def receive(stage: Stage) -> Shots:
    page = stage.office("stock/receive")
    send(page)
    yield "office-receive-wrong"


@scenes("office-discount-wrong", phone=True, whole=True)
def discount(stage: Stage) -> Shots:
    page = stage.office("settings/discounts/new")
    page.locator("#value").fill("120")
    send(page)
    yield "office-discount-wrong"


@scenes("office-forbidden", phone=True)
def forbidden(stage: Stage) -> Shots:
    stage.office("people/", who="Pengawas")
    yield "office-forbidden"


@scenes("office-cashier-home", phone=True, whole=True)
def cashier(stage: Stage) -> Shots:
    stage.office("", who="Pengawas")
    yield "office-cashier-home"


@scenes("office-found-attach", "office-found-give-back", "office-found-keep", phone=True, whole=True)
def found(stage: Stage) -> Shots:
    page = stage.office("payments/found/")
    address = str(page.locator("a[href$='/attach']").first.get_attribute("href")).removesuffix("attach")
    for what in ("attach", "give-back", "keep"):
        page.goto(address + what)
        yield f"office-found-{what}"


@scenes("office-lot", phone=True, whole=True)
def lot(stage: Stage) -> Shots:
    page = stage.office("stock/")
    page.goto(str(page.locator("a[href*='/stock/lot/']").first.get_attribute("href")))
    yield "office-lot"


@scenes("office-count", "office-count-review", phone=True, whole=True)
def count(stage: Stage) -> Shots:
    page = stage.office("stock/counts/")
    counter, number = Counter(page, stage), new_id()
    counter.call("POST", "/api/v1/stock/counts", {"id": number, "location": "RAK", "note": "malam"})
    lines = [{"sku": "KTO-100", "quantity": 2}]
    counter.call("POST", f"/api/v1/stock/counts/{number}/tallies", {"id": new_id(), "lines": lines})
    page.goto(f"/back-office/stock/counts/{number}")
    yield "office-count"
    page.goto(f"/back-office/stock/counts/{number}/review")
    yield "office-count-review"
    counter.call("POST", f"/api/v1/stock/counts/{number}/drop", {"id": new_id()})


def send(page: Page) -> None:
    """Send the form of the page as it stands, whatever the browser would say about it."""
    page.locator("main form").last.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.wait_for_load_state()
    page.locator("main").wait_for()
