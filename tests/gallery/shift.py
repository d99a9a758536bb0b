"""Opening, counting and closing, at the register of the other outlet."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import APPROVAL, Counter, Stage, new_id


def closed(stage: Stage) -> Counter:
    """A till whose shift is over."""
    till = stage.till("G1")
    shift = till.call("GET", "/till/state")["body"]["shift"]["id"]
    body = {"id": new_id(), "counted": 200_000, "reason": "hitungan contoh", "approval": APPROVAL}
    till.call("POST", f"/api/v1/shifts/{shift}/close", body)
    till.page.goto("/")
    return till


@scenes("shift-open", "shift-open-nothing")
def opening(stage: Stage) -> Shots:
    till = closed(stage)
    till.see("#float")
    yield "shift-open"
    till.button("Open the till").tap()
    till.see("#open .form-message:not(:empty)")
    yield "shift-open-nothing"


@scenes("shift-count", "shift-cash-in", "shift-cash-out", "shift-drawer", whole=True)
def cash(stage: Stage) -> Shots:
    till = stage.till("G1")
    till.page.goto("/shift")
    till.page.locator("#note-100000").fill("1")
    till.page.locator("#note-20000").fill("4")
    yield "shift-count"
    for words, name in (("Pay in", "cash-in"), ("Pay out", "cash-out"), ("Open the drawer", "drawer")):
        till.button(words).tap()
        till.see("dialog[open]")
        yield f"shift-{name}"
        till.page.keyboard.press("Escape")


@scenes("shift-short", "shift-approval", "shift-counted", "shift-z", whole=True)
def close(stage: Stage) -> Shots:
    closed(stage)
    till = stage.till("G1")
    till.page.goto("/shift")
    till.page.locator("#note-50000").fill("3")
    till.button("Count the cash").tap()
    till.see(".compare")
    yield "shift-short"
    page = till.page
    page.locator("#reason").fill("Salah beri kembalian")
    till.button("Close the till").tap()
    till.see("dialog.approval")
    yield "shift-approval"
    page.keyboard.press("Escape")
    page.goto("/")
    till.see(".view-counted .card")
    yield "shift-counted"
    page.goto("/shift")
    page.locator("#reason").fill("Salah beri kembalian")
    till.button("Close the till").tap()
    till.see("dialog.approval")
    till.approve()
    till.see(".z-result")
    yield "shift-z"
