"""The till while everything goes well: signing in, selling, cash, the day's sales."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage

BARCODE = "9999999999994"


@scenes("till-sign-in", "till-pin", "till-pin-wrong")
def sign_in(stage: Stage) -> Shots:
    till = stage.locked()
    yield "till-sign-in"
    till.page.get_by_role("button", name="Kasir", exact=True).tap()
    till.page.keyboard.type("999")
    yield "till-pin"
    till.page.keyboard.type("999")
    till.see("#signin .pin-message:not(:empty)")
    yield "till-pin-wrong"


@scenes("till-new-pin")
def new_pin(stage: Stage) -> Shots:
    till = stage.locked()
    till.page.get_by_role("button", name="Sari", exact=True).tap()
    till.page.keyboard.type("444444")
    till.see("#newpin .keypad, #newpin .keys")
    yield "till-new-pin"
    till.call("POST", "/till/lock", {})


@scenes("till-empty", "till-cart", "till-full-cart", "till-undo", "till-really-empty")
def cart(stage: Stage) -> Shots:
    till = stage.till()
    yield "till-empty"
    till.add("KTO-100", 2)
    till.add("MBT-250")
    yield "till-cart"
    for sku in ("KTP-100", "KTB-250", "MBL-250", "TBT-020"):
        till.add(sku, 3)
    yield "till-full-cart"
    till.page.locator("#lines .step").first.tap()
    till.page.locator("#lines .step").first.tap()
    till.see("#toast button")
    yield "till-undo"
    till.page.locator("#cart-empty").tap()
    yield "till-really-empty"


@scenes("till-search", "till-search-nothing", "till-category")
def search(stage: Stage) -> Shots:
    till = stage.till()
    till.page.locator("#search").fill("lemon")
    yield "till-search"
    till.page.locator("#search").fill("kopi tubruk")
    yield "till-search-nothing"
    till.page.locator("#search").fill("")
    till.page.locator("#chips [data-category]").nth(1).tap()
    yield "till-category"


@scenes("till-scan-unknown")
def scan(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTO-100")
    till.scan(BARCODE)
    till.see("dialog.alarm")
    yield "till-scan-unknown"


@scenes("till-change", "till-other-short", "till-other-amount")
def cash(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTO-100")
    till.add("MBT-250")
    till.button("50.000").tap()
    till.see(".change-amount")
    yield "till-change"
    till.add("KTB-250", 2)
    till.button("Other…").tap()
    till.button("+50.000").tap()
    yield "till-other-short"
    till.button("+20.000").tap()
    yield "till-other-amount"


@scenes(
    "till-today", "till-refund", "till-refund-no-reason", "till-approval", "till-approval-wrong", "till-void"
)
def today(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTO-100", 3)
    till.add("TBT-020")
    till.button("Exact cash").tap()
    till.see(".change-amount")
    till.button("Today's sales").tap()
    till.see("#today .sale-detail h2")
    yield "till-today"
    till.button("Refund").tap()
    for _ in range(2):
        till.page.locator("dialog .step").nth(1).tap()
    yield "till-refund"
    go = till.page.locator("dialog .sure")
    go.tap()
    till.see("dialog .form-message:not(:empty)")
    yield "till-refund-no-reason"
    till.button("Damaged").tap()
    go.tap()
    till.see("dialog.approval")
    yield "till-approval"
    till.approve(pin="999999")
    till.see("dialog.approval .pin-message:not(:empty)")
    yield "till-approval-wrong"
    till.page.keyboard.press("Escape")
    till.page.keyboard.press("Escape")
    till.button("Void receipt").tap()
    till.button("Wrong item").tap()
    yield "till-void"


@scenes("till-held", "till-orders", "till-order-unknown")
def orders(stage: Stage) -> Shots:
    till = stage.till()
    till.add("MBL-250", 2)
    till.button("Hold").tap()
    till.see("#toast > *")
    yield "till-held"
    till.page.locator("#orders-open").tap()
    till.see("dialog.orders")
    yield "till-orders"
    till.page.locator("#order-number").fill("9876")
    till.page.keyboard.press("Enter")
    till.see(".order-said:not(:empty)")
    yield "till-order-unknown"
    till.page.locator(".order-list .danger").last.tap()
    till.page.locator(".order-list .danger").last.tap()
