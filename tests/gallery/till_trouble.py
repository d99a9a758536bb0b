"""What the till says when something is not as it should be."""

from typing import Any

from playwright.sync_api import Route

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage
from tests.gallery.till import BARCODE


@scenes("till-unanswered", "till-server-gone")
def gone(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTO-100", 2)
    stage.context("K1").set_offline(True)
    till.button("Exact cash").tap()
    till.see("#outcome h3")
    till.see("#status.trouble")
    yield "till-unanswered"
    till = stage.till()
    till.add("KTO-100", 2)
    stage.context("K1").set_offline(True)
    till.scan(BARCODE)
    till.button("Understood").tap()
    till.see("#notices .danger")
    yield "till-server-gone"


@scenes("till-saving")
def saving(stage: Stage) -> Shots:
    till = stage.till()
    till.add("KTO-100", 2)
    held: list[Route] = []
    till.page.route(
        "**/api/v1/sales",
        lambda route: held.append(route),  # noqa: PLW0108 - the driver marks functions, which a method is not
    )
    till.button("Exact cash").tap()
    till.see(".outcome-asking")
    yield "till-saving"
    for route in held:
        route.abort()


@scenes("till-price-changed")
def price(stage: Stage) -> Shots:
    till = stage.till()

    def dearer(body: Any) -> None:
        for item in body["items"]:
            item["price"] -= 1_000

    stage.pretend("**/api/v1/products*", dearer)
    till.page.reload()
    till.add("KTO-100", 2)
    till.page.unroute("**/api/v1/products*")
    till.button("Exact cash").tap()
    till.see("#outcome h3")
    yield "till-price-changed"


@scenes("till-short", "till-count-in", "till-sold-out")
def short(stage: Stage) -> Shots:
    till = stage.till()
    answer = {
        "code": "insufficient_stock",
        "detail": "",
        "lines": [{"sku": "TBT-020", "requested": 3, "available": 2}],
    }

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=409, json=answer)
        else:
            route.continue_()

    till.page.route("**/api/v1/sales", refuse)
    till.add("TBT-020", 3)
    till.button("Exact cash").tap()
    till.see("#outcome .shortages")
    yield "till-short"
    till.button("Goods in hand? Count in").tap()
    till.see("dialog[open] input")
    yield "till-count-in"
    stage.till()

    def nothing(body: Any) -> None:
        body["items"][0]["available"] = 0
        body["items"][1]["available"] = 3

    stage.pretend("**/api/v1/products*", nothing)
    till = type(till)(stage.page, stage)
    till.page.reload()
    till.see(".tile.out")
    till.page.locator(".tile.out").tap()
    till.see("#toast > *")
    yield "till-sold-out"


@scenes("till-printer-away-change", "till-printer-away")
def printer(stage: Stage) -> Shots:
    till = stage.till("G1")
    till.add("KTO-100")
    till.button("Exact cash").tap()
    till.see(".change-amount")
    till.see("#status.trouble")
    yield "till-printer-away-change"
    till.add("MBT-250")
    yield "till-printer-away"


@scenes("till-notices")
def notices(stage: Stage) -> Shots:
    """Everything at once that may need a person."""
    till = stage.till()

    def crowd(body: Any) -> None:
        job = {"id": "00000000-0000-4000-8000-000000000001", "kind": "receipt", "title": "Struk K1-000007"}
        body["unknown_jobs"] = [job, {**job, "kind": "drawer"}]
        body["calls"] = [{"code": "K2", "name": "Layanan mandiri"}]
        body["late"] = [{"paid_amount": 25_000, "settled_at": body["now"]}]
        body["status"] = {**body.get("status", {}), "clock": "confirm"}

    stage.pretend("**/till/state", crowd)
    till.page.reload()
    till.see("#notices .alert")
    till.add("KTO-100", 2)
    yield "till-notices"


@scenes("till-idle-warning", "till-locked")
def idle(stage: Stage) -> Shots:
    till = stage.till(clock=True)
    till.add("KTO-100", 2)
    till.page.clock.run_for(110_000)
    till.see("#toast > *")
    yield "till-idle-warning"
    till.page.clock.run_for(15_000)
    till.see("#signin .people")
    yield "till-locked"
