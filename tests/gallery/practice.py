"""The shop to practise in: its stripe, the guide through a first sale, papers on the screen."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.gallery.scenes import Shots, scenes
from tests.gallery.shop import PracticeShop
from tests.gallery.stage import Stage


@contextmanager
def practising(stage: Stage) -> Iterator[Stage]:
    """A stage at the shop to practise in, begun afresh beside the real one."""
    shop = PracticeShop(stage.shop.folder, stage.shop.port)
    shop.start()
    inside = Stage(shop, stage.browser, stage.language)
    try:
        yield inside
    finally:
        inside.close()
        shop.stop()


@scenes("training-door", phone=True)
def door(stage: Stage) -> Shots:
    stage.passer_by("/training")
    yield "training-door"


@scenes(
    "training-sign-in",
    "training-shift",
    "training-goods",
    "training-pay",
    "training-paper",
    "training-end",
    "training-office",
    "training-afresh",
)
def practise(stage: Stage) -> Shots:
    with practising(stage) as inside:
        till = inside.register("K1")
        stage.page = till.page
        till.see(".coach")
        yield "training-sign-in"
        till.page.get_by_role("button", name="Kasir", exact=True).tap()
        till.page.keyboard.type("123456")
        till.see("#float")
        yield "training-shift"
        till.page.locator("#float").fill("200000")
        till.button("Open the till").tap()
        till.see("#grid .tile")
        yield "training-goods"
        till.add("KTO-100", 2)
        yield "training-pay"
        till.button("50.000").tap()
        till.see(".paper-slip img")
        till.page.locator(".paper-slip img").evaluate("(image) => image.decode()")
        yield "training-paper"
        till.button("Next").tap()
        yield "training-end"
        stage.page = page = inside.passer_by("/back-office/sign-in")
        page.get_by_label(inside.words("Name"), exact=True).fill("Manajer")
        page.get_by_label("PIN").fill("123456")
        page.get_by_role("button", name=inside.words("Sign in"), exact=True).click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        yield "training-office"
        page.goto("/back-office/practice/")
        yield "training-afresh"
