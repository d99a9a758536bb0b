"""The customer display beside its till."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage


@scenes("display-idle", "display-cart", "display-qris", "display-paid", "display-change")
def display(stage: Stage) -> Shots:
    till = stage.till()
    # The till tells a display of its own browser at once, after it has fetched the part that does.
    till.page.wait_for_timeout(3_500)
    display = stage.another("K1")
    display.goto("/display/K1")
    display.locator(".idle-tile").first.wait_for()
    yield "display-idle"
    till.add("KTO-100", 2)
    till.add("MBT-250")
    display.locator(".bill-total").wait_for()
    yield "display-cart"
    till.button("QRIS").tap()
    till.see("dialog .qr img")
    display.locator("img[src*='/qr/']").wait_for()
    yield "display-qris"
    bank = stage.shop.bank()
    bank.pay(bank.codes()[0].number, None)
    display.locator(".thanks-label").wait_for()
    yield "display-paid"
    till.see(".change-label")
    till.add("KTO-100")
    till.button("50.000").tap()
    display.locator(".thanks-amount").wait_for()
    yield "display-change"
    display.close()


@scenes("display-lost")
def lost(stage: Stage) -> Shots:
    page = stage.passer_by("/display/G1")
    page.locator(".idle-tile").first.wait_for()
    stage.context("nobody").set_offline(True)
    page.locator(".display-link:not(:empty)").wait_for(timeout=20_000)
    yield "display-lost"
