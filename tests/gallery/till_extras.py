"""The till beyond plain selling: discounts and notes, the price check, a payment put right, sounds."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage


@scenes(
    "till-extras",
    "till-extras-other",
    "till-extras-note",
    "till-extras-given",
    "till-extras-sale",
    "till-extras-taken",
)
def extras(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTO-100", 2)
    till.add("MBT-250")
    line = till.page.locator("#lines .line-words").first
    line.tap()
    till.see("dialog .preset")
    yield "till-extras"
    till.button("Another discount").tap()
    till.button("Percent").tap()
    till.page.locator("#discount").fill("20")
    till.button("Best before soon").tap()
    yield "till-extras-other"
    till.button("Note").tap()
    till.page.locator("#note").fill("bungkus terpisah, dua kantong")
    yield "till-extras-note"
    till.button("Keep the note").tap()
    line.tap()
    till.page.locator("dialog .preset").first.tap()
    till.see("#toast > *")
    yield "till-extras-given"
    till.page.locator("#sale-extras").tap()
    till.page.locator("dialog .preset").nth(1).tap()
    till.see("#toast > *")
    yield "till-extras-sale"
    till.page.locator("#sale-extras").tap()
    till.see("dialog .extras-now")
    yield "till-extras-taken"


@scenes("till-price", "till-price-many", "till-price-found", "till-price-unknown")
def price(stage: Stage) -> Shots:
    till = stage.till()
    till.button("Check price").tap()
    till.see("#price-search")
    yield "till-price"
    search = till.page.locator("#price-search")
    search.fill("keripik")
    till.see(".check-found button")
    yield "till-price-many"
    till.page.locator(".check-found button").first.tap()
    till.page.wait_for_timeout(500)
    yield "till-price-found"
    search.fill("")
    till.scan("8990000000000")
    till.see(".check-said:not(:empty)")
    yield "till-price-unknown"


@scenes(
    "till-correct-button",
    "till-correct-cash",
    "till-corrected",
    "till-correct-mix",
    "till-correct-qris",
    "till-correct-approval",
)
def correct(stage: Stage) -> Shots:
    till = stage.till()
    stage.shop.bank().set_trouble("down")
    till.add("KTO-100", 2)
    till.button("50.000").tap()
    till.see(".change-fix")
    yield "till-correct-button"
    till.page.locator(".change-fix").tap()
    till.see("dialog .correct-ways, dialog.correct")
    till.button("+100.000").tap()
    yield "till-correct-cash"
    till.button("Paid in cash").tap()
    till.see("#toast > *")
    yield "till-corrected"
    till.page.locator(".change-fix").tap()
    till.page.locator(".correct-ways").get_by_role("button", name=stage.words("Cash and QRIS")).tap()
    till.button("+10.000").tap()
    till.button("The rest by QRIS").tap()
    till.page.locator("#reference").fill("REF 4711")
    yield "till-correct-mix"
    till.page.locator(".correct-ways").get_by_role("button", name="QRIS", exact=True).tap()
    till.page.locator("#reference").fill("REF 4712")
    yield "till-correct-qris"
    till.button("Payment received").tap()
    till.see("dialog.approval")
    yield "till-correct-approval"
    stage.shop.bank().set_trouble("none")


@scenes("till-sounds", "till-sounds-off")
def sounds(stage: Stage) -> Shots:
    till = stage.till()
    till.button("Sounds").tap()
    till.see("#volume")
    yield "till-sounds"
    till.button("Sound is on").tap()
    yield "till-sounds-off"


@scenes("till-keys", "till-keys-signs")
def keys(stage: Stage) -> Shots:
    """The till without a keyboard, in the largest letters that fit."""
    stage.context("K1").add_cookies([{"name": "pos_screen", "value": "115.auto.on.0", "url": stage.shop.url}])
    till = stage.till()
    till.page.locator('link[href$="keyboard.css"]').wait_for(state="attached")
    till.add("KTO-100")
    till.page.locator("#search").tap()
    till.see(".board")
    yield "till-keys"
    till.page.locator(".board [data-key='<signs>']").tap()
    yield "till-keys-signs"
    usual = {"name": "pos_screen", "value": "100.auto.auto.0", "url": stage.shop.url}
    stage.context("K1").add_cookies([usual])
