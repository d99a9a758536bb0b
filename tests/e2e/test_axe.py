"""axe finds nothing wrong by WCAG 2.2 AA and its best practices, in the light and the dark theme."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.gallery import scenes
from tests.gallery.__main__ import steps
from tests.gallery.axe import COLOURS, violations
from tests.gallery.shop import GalleryShop, open_shop
from tests.gallery.stage import Stage

pytestmark = pytest.mark.e2e

STATES = (
    "till-sign-in",
    "till-empty",
    "till-change",
    "till-qris-waiting",
    "kiosk-start",
    "kiosk-slip",
    "office-home",
    "office-sale",
    "office-products",
    "door-picker",
)
"""The flows that a run of the tests can afford; `python -m tests.gallery --axe` looks at all of them."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GalleryShop]:
    with open_shop(tmp_path_factory.mktemp("gallery")) as shop:
        yield shop


def walk(stage: Stage, flows: list[scenes.Flow]) -> list[str]:
    """Go through flows; say what axe finds on each state, and the colours of the dark theme."""
    wrong: list[str] = []
    for flow in flows:
        for name in steps(stage, flow):
            wrong += [f"{name}: {one}" for one in violations(stage.page)]
            stage.page.emulate_media(color_scheme="dark")
            wrong += [f"{name}, dark: {one}" for one in violations(stage.page, COLOURS)]
            stage.page.emulate_media(color_scheme="light")
    stage.close()
    return wrong


@pytest.mark.timeout(300)
def test_axe_finds_nothing_on_the_pages_that_people_see_most(served: GalleryShop, chromium: Browser) -> None:
    assert walk(Stage(served, chromium, "id"), scenes.flows(STATES)) == []


def test_axe_would_find_what_is_wrong(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<main><img src='x.png'><p style='color:#ccc;background:#fff'>pucat</p></main>")
    found = " ".join(violations(page))
    page.close()
    for rule in ("image-alt", "color-contrast", "html-has-lang", "document-title"):
        assert rule in found


def test_axe_is_what_its_authors_made() -> None:
    folder = Path(__file__).parent / "vendor"
    assert sorted(file.name for file in next(folder.iterdir()).iterdir()) == [
        "LICENSE",
        "LICENSE-3RD-PARTY.txt",
        "axe.min.js",
    ]
