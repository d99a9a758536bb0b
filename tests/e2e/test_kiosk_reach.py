"""Nothing a visitor needs is out of sight at the kiosk: every screen, however it is set, both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import SIZES, Till
from tests.e2e.test_qris import Simulated, simulated

pytestmark = pytest.mark.e2e

EASED: tuple[tuple[str, ...], ...] = ((), ("large",), ("low",), ("large", "contrast", "low"))
OTHER = {"English": "Indonesia", "Indonesia": "English"}

HIDDEN = """() => {
  const lists = [...document.querySelectorAll(".picks, .checks, .kinds")].filter((one) => one.offsetParent);
  const what = "button, h1, img, .pick-add, .sum-amount, .big-number, .kiosk-main p";
  const scrolls = (place) => place.scrollHeight > place.clientHeight + 2
    && /auto|scroll/.test(getComputedStyle(place).overflowY) && !lists.includes(place);
  const wrong = [...document.querySelectorAll(".kiosk-main *")].filter(scrolls)
    .map((place) => `${place.className} shows not all of ${place.innerText}`);
  for (const one of document.querySelectorAll(what)) {
    const {left, right, top, bottom, width} = one.getBoundingClientRect();
    if (!width || getComputedStyle(one).visibility === "hidden") continue;
    const listed = lists.some((list) => list.contains(one));
    const sideways = left < -1 || right > innerWidth + 1;
    const off = !listed && (sideways || top < -1 || bottom > innerHeight + 1);
    const cut = one.matches("button, .pick-add")
      && (one.scrollWidth > one.clientWidth + 2 || one.scrollHeight > one.clientHeight + 2);
    if (off || cut) wrong.push(`${off ? "off the screen" : "cut"}: ${one.className} ${one.textContent}`);
  }
  return wrong;
}"""
# Each list from its beginning, by its arrows alone: what of it came wholly into sight, and what never did.
WALK = """() => Promise.all([...document.querySelectorAll(".picks, .checks, .kinds")]
  .filter((one) => one.offsetParent).map(async (list) => {
    const picks = list.matches(".picks");
    const across = list.matches(".kinds");
    const wanted = new Set(list.querySelectorAll(picks ? ".pick-add" : across ? "button" : ".stepper"));
    const place = picks ? document.querySelector(".foot") : list.parentElement;
    const [back, on] = place.querySelectorAll(".reach-on");
    const seen = new Set();
    const look = () => {
      const edge = list.getBoundingClientRect();
      for (const one of wanted) {
        const {left, right, top, bottom} = one.getBoundingClientRect();
        const within = across
          ? left >= edge.left - 1 && right <= edge.right + 1
          : top >= edge.top - 1 && bottom <= edge.bottom + 1;
        if (within) seen.add(one);
      }
      return seen.size;
    };
    const press = async (arrow) => {
      for (let n = 0; n < 12 && !arrow.disabled; n += 1) {
        arrow.click();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        look();
      }
    };
    const first = look();
    const {scrollWidth, scrollHeight, clientWidth, clientHeight} = list;
    const beyond = across ? scrollWidth - clientWidth : scrollHeight - clientHeight;
    const shown = Boolean(on.offsetParent);
    const small = shown && [on, back].some((one) => Math.min(one.offsetWidth, one.offsetHeight) < 56);
    if (shown) await press(on);
    if (shown) await press(back);
    const never = wanted.size - seen.size;
    const left = list.scrollTop + list.scrollLeft;
    return {list: list.className, first, never, more: beyond >= 4, shown, back: left, small};
  }))"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))"


@pytest.fixture(scope="module")
def served(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(demo_shop, tmp_path_factory.mktemp("reach")) as running:
        yield running


@pytest.fixture
def shop(served: Simulated) -> Simulated:
    return served


def look(page: Page, screen: str, *, least: int = 0) -> list[str]:
    """Look at the screen that is shown in every way: what is wrong. The lists show `least` wholly at once."""
    wrong: list[str] = []
    language = page.locator("[data-bar=language]")
    for eased in EASED:
        for name in eased:
            page.locator(f"[data-bar={name}]").click()
        for _ in OTHER:
            words = language.inner_text()
            language.click()
            expect(language).to_have_text(OTHER[words])
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                page.evaluate(PAINTED)
                where = f"{screen}, {' '.join(eased) or 'plain'}, {OTHER[words]}, {width}x{height}"
                wrong += [f"{where}: {one}" for one in page.evaluate(HIDDEN)]
                for found in page.evaluate(WALK):
                    fine = found["first"] >= least and found["shown"] == found["more"]
                    if not fine or found["never"] or found["back"] or found["small"]:
                        wrong.append(f"{where}: {found}")
        for name in eased:
            page.locator(f"[data-bar={name}]").click()
    return wrong


def test_every_screen_of_the_kiosk_has_all_it_needs_in_sight_or_an_arrow_to_it(
    page: Page, shop: Simulated
) -> None:
    page.emulate_media(reduced_motion="reduce")
    kiosk = Till(page)
    kiosk.pick("K2")
    start = page.locator(".start-button")
    expect(start).to_be_visible()
    wrong = look(page, "start")
    start.click()
    expect(page.locator(".picks .pick")).to_have_count(6)
    wrong += look(page, "choose", least=2)
    for face in page.locator(".pick-face").all():
        face.click()
    page.locator(".choose .foot .primary").click()
    expect(page.locator(".checks .check")).to_have_count(6)
    page.wait_for_timeout(400)  # what was just pressed presses nothing of the new screen
    wrong += look(page, "review", least=1)
    page.locator(".review .foot .strong").click()
    expect(page.locator(".big-number")).to_be_visible()
    wrong += look(page, "slip")
    kiosk.button("Ubah pesanan").click()
    expect(page.locator(".checks .check")).to_have_count(6)
    page.wait_for_timeout(400)
    kiosk.button("Bayar dengan QRIS").click()
    expect(page.locator(".kiosk-qr img")).to_be_visible()
    wrong += look(page, "code")
    assert wrong == []
