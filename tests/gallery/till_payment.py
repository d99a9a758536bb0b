"""Paying by QRIS at the till, and everything that may come of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Counter, Stage


def code(stage: Stage) -> Counter:
    """A till that shows a code."""
    till = stage.till()
    till.add("KTO-100", 2)
    till.button("QRIS").tap()
    till.see("dialog .qr img")
    return till


def says(stage: Stage, **changes: Any) -> None:
    """Have the server say something else of the sale that waits."""

    def change(body: Any) -> None:
        qris = changes.get("qris", {})
        body.update({key: value for key, value in changes.items() if key != "qris"})
        if isinstance(body.get("qris"), dict):
            body["qris"].update(qris)

    stage.pretend("**/api/v1/sales/*", change)


@scenes("till-qris-waiting", "till-qris-by-hand", "till-qris-sure", "till-qris-aside", "till-qris-paid")
def paid(stage: Stage) -> Shots:
    till = code(stage)
    yield "till-qris-waiting"
    till.button("Confirm by hand").tap()
    till.see("#reference")
    yield "till-qris-by-hand"
    till.button("Cancel the payment").tap()
    yield "till-qris-sure"
    till.button("Serve the next customer").tap()
    till.see("#notices .alert button")
    yield "till-qris-aside"
    till.page.locator("#notices .alert button").first.tap()
    stage.shop.bank().pay(stage.shop.bank().codes()[0].number, None)
    till.see(".change-label")
    yield "till-qris-paid"


@scenes("till-qris-expired")
def expired(stage: Stage) -> Shots:
    till = code(stage)
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    says(stage, status="expired", qris={"status": "expired", "expires_at": past})
    till.see(".qr-state.over")
    yield "till-qris-expired"


@scenes("till-qris-wrong-amount")
def wrong_amount(stage: Stage) -> Shots:
    till = code(stage)
    bank = stage.shop.bank()
    bank.pay(bank.codes()[0].number, 25_000)
    till.see(".qr-state.bad")
    yield "till-qris-wrong-amount"


@scenes("till-qris-silent")
def silent(stage: Stage) -> Shots:
    till = code(stage)
    says(stage, qris={"trouble": "silent"})
    till.see(".qr-trouble:not([hidden])")
    yield "till-qris-silent"


@scenes("till-qris-no-provider")
def no_provider(stage: Stage) -> Shots:
    till = stage.till()
    stage.shop.bank().set_trouble("down")
    till.add("KTO-100")
    till.button("QRIS").tap()
    till.see("#outcome h3")
    stage.shop.bank().set_trouble("none")
    yield "till-qris-no-provider"


@scenes("till-qris-making")
def making(stage: Stage) -> Shots:
    till = stage.till()
    stage.shop.bank().set_trouble("slow", 4)
    till.add("KTO-100")
    till.button("QRIS").tap()
    till.see(".outcome-asking")
    yield "till-qris-making"
    stage.shop.bank().set_trouble("none")
    till.see("dialog .qr img")


@scenes("till-approval-amount")
def large(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTB-250", 16)
    till.button("QRIS").tap()
    till.see("dialog .qr img")
    till.button("Confirm by hand").tap()
    till.page.locator("#reference").fill("REF 4712")
    till.button("Payment received").tap()
    till.see(".approval-amount")
    yield "till-approval-amount"
