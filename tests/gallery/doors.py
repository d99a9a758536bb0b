"""Pages that are nobody's own: the choice of a register, receipts, refusals, the buyer's phone."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage


@scenes("door-picker", phone=True)
def picker(stage: Stage) -> Shots:
    stage.passer_by("/")
    yield "door-picker"


@scenes("door-enrol", "door-enrol-wrong", phone=True)
def enrol(stage: Stage) -> Shots:
    """A browser elsewhere may not choose freely and types a code."""
    elsewhere = stage.shop.url.replace("127.0.0.1", "karya.localhost")
    stage.context("nobody").add_cookies([{"name": "pos_language", "value": stage.language, "url": elsewhere}])
    page = stage.passer_by(elsewhere)
    yield "door-enrol"
    page.get_by_label(stage.words("One-time code")).fill("SALAH-KODE")
    page.get_by_role("button", name=stage.words("Enrol")).tap()
    page.locator("[aria-invalid=true]").first.wait_for()
    yield "door-enrol-wrong"


@scenes("receipt-digital", phone=True, whole=True)
def receipt(stage: Stage) -> Shots:
    sale = "SELECT {} FROM sale WHERE status = 'completed' ORDER BY completed_at, id LIMIT 1"
    stage.passer_by(
        stage.shop.receipt_address(stage.row(sale.format("id")), stage.row(sale.format("number")))
    )
    yield "receipt-digital"


@scenes("error-not-found", phone=True)
def not_found(stage: Stage) -> Shots:
    stage.passer_by("/tidak-ada")
    yield "error-not-found"


@scenes("error-receipt", phone=True)
def no_receipt(stage: Stage) -> Shots:
    stage.passer_by("/r/0000-salah")
    yield "error-receipt"


@scenes("simulator-phone", phone=True, whole=True)
def phone(stage: Stage) -> Shots:
    stage.passer_by("/simulator")
    yield "simulator-phone"
