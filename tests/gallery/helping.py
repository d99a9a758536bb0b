"""Help, and the page of a device's screen."""

from tests.gallery.scenes import Shots, scenes
from tests.gallery.stage import Stage


@scenes("help-contents", "help-found", "help-not-found", "help-till", "help-office", phone=True, whole=True)
def read(stage: Stage) -> Shots:
    page = stage.passer_by("/help/")
    yield "help-contents"
    page.goto("/help/?q=qris")
    yield "help-found"
    page.goto("/help/?q=bersepeda")
    yield "help-not-found"
    page.goto("/help/till?from=/")
    yield "help-till"
    page.goto("/help/settlements?from=/back-office/settlements/")
    yield "help-office"


@scenes("screen", "screen-measured", "screen-dark-large", phone=True, whole=True)
def screen(stage: Stage) -> Shots:
    page = stage.tab("screen")
    page.goto("/screen?from=till")
    page.locator("#frame").wait_for()
    yield "screen"
    page.locator("#wide").fill("504")
    page.locator("#fits").tap()
    page.locator(".measured").wait_for()
    yield "screen-measured"
    for name, value in (("size", "150"), ("look", "dark")):
        choice = f"button[name={name}][value='{value}']"
        page.locator(choice).tap()
        page.locator(f"{choice}[aria-pressed=true]").wait_for()
    yield "screen-dark-large"
