"""The kiosk, from the first touch to the thanks."""

from typing import Any

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Counter, Stage


def choosing(stage: Stage, *, clock: bool = False) -> Counter:
    kiosk = stage.kiosk(clock=clock)
    kiosk.button("Touch to start").tap()
    kiosk.see(".picks .pick")
    return kiosk


def reviewing(stage: Stage, *, clock: bool = False) -> Counter:
    kiosk = choosing(stage, clock=clock)
    kiosk.add("KTO-100")
    kiosk.add("MBT-250")
    if clock:
        kiosk.page.clock.run_for(500)
    kiosk.button("Continue").tap()
    kiosk.see(".checks .check")
    kiosk.page.wait_for_timeout(400)
    return kiosk


def code(stage: Stage) -> Counter:
    kiosk = reviewing(stage)
    kiosk.button("Pay by QRIS").tap()
    kiosk.see(".kiosk-qr img")
    return kiosk


@scenes("kiosk-start", "kiosk-choose", "kiosk-chosen", "kiosk-review")
def choose(stage: Stage) -> Shots:
    kiosk = stage.kiosk()
    yield "kiosk-start"
    kiosk.button("Touch to start").tap()
    kiosk.see(".picks .pick")
    yield "kiosk-choose"
    kiosk.add("KTO-100")
    kiosk.add("MBT-250")
    yield "kiosk-chosen"
    kiosk.button("Continue").tap()
    kiosk.see(".checks .check")
    yield "kiosk-review"


@scenes("kiosk-large", "kiosk-contrast", "kiosk-low", "kiosk-sound", "kiosk-officer-called")
def comfort(stage: Stage) -> Shots:
    kiosk = choosing(stage)
    kiosk.add("KTO-100")
    for name, state in (("large", "kiosk-large"), ("contrast", "kiosk-contrast"), ("low", "kiosk-low")):
        kiosk.page.locator(f"[data-bar={name}]").tap()
        yield state
        kiosk.page.locator(f"[data-bar={name}]").tap()
    kiosk.page.locator("[data-bar=sound]").tap()
    kiosk.see("[data-bar=sound][aria-pressed=true]")
    yield "kiosk-sound"
    for _ in range(3):
        kiosk.page.locator("[data-bar=sound]").tap()
    kiosk.page.locator("[data-bar=officer]").tap()
    kiosk.see("[data-bar=officer][aria-pressed=true]")
    yield "kiosk-officer-called"
    kiosk.page.locator("[data-bar=officer]").tap()
    kiosk.see("[data-bar=officer][aria-pressed=false]")


@scenes("kiosk-slip")
def slip(stage: Stage) -> Shots:
    kiosk = reviewing(stage)
    kiosk.button("Pay at the counter").tap()
    kiosk.see(".big-number")
    yield "kiosk-slip"
    kiosk.button("Change the order").tap()
    kiosk.see(".checks .check")


@scenes("kiosk-qris", "kiosk-qris-sure", "kiosk-thanks")
def thanks(stage: Stage) -> Shots:
    kiosk = code(stage)
    yield "kiosk-qris"
    kiosk.page.wait_for_timeout(400)
    kiosk.button("Change the order").tap()
    yield "kiosk-qris-sure"
    bank = stage.shop.bank()
    bank.pay(bank.codes()[0].number, None)
    kiosk.see(".screen.thanks")
    yield "kiosk-thanks"


@scenes("kiosk-expired")
def expired(stage: Stage) -> Shots:
    kiosk = code(stage)

    def over(body: Any) -> None:
        body["status"] = "expired"
        if body.get("qris"):
            body["qris"]["status"] = "expired"

    stage.pretend("**/api/v1/sales/*", over)
    kiosk.see(".screen.over")
    yield "kiosk-expired"


@scenes("kiosk-wrong-amount")
def wrong(stage: Stage) -> Shots:
    kiosk = code(stage)
    bank = stage.shop.bank()
    bank.pay(bank.codes()[0].number, 20_000)
    kiosk.see(".screen.over")
    yield "kiosk-wrong-amount"


@scenes("kiosk-silent", "kiosk-no-server")
def silent(stage: Stage) -> Shots:
    kiosk = reviewing(stage)
    stage.context("K2").set_offline(True)
    kiosk.button("Pay at the counter").tap()
    kiosk.see(".screen.asking .pay-state:not(:empty)")
    yield "kiosk-silent"
    kiosk = choosing(stage)
    stage.context("K2").set_offline(True)
    kiosk.page.locator("[data-bar=officer]").tap()
    kiosk.see("#trouble:not(:empty)")
    yield "kiosk-no-server"


@scenes("kiosk-idle")
def idle(stage: Stage) -> Shots:
    kiosk = choosing(stage, clock=True)
    kiosk.add("KTO-100")
    kiosk.page.clock.run_for(61_000)
    kiosk.see("dialog.still")
    yield "kiosk-idle"


@scenes("kiosk-staff", "kiosk-staff-menu")
def staff(stage: Stage) -> Shots:
    kiosk = stage.kiosk(clock=True)
    kiosk.page.clock.run_for(4_000)
    kiosk.page.locator("#corner").dispatch_event("pointerdown")
    kiosk.page.clock.run_for(3_000)
    kiosk.see("dialog.staff-window")
    yield "kiosk-staff"
    kiosk.page.get_by_role("button", name="Pengawas", exact=True).tap()
    kiosk.page.keyboard.type("222222")
    kiosk.see(".staff-acts")
    yield "kiosk-staff-menu"
    kiosk.call("POST", "/till/lock", {})
