"""The budgets of the till's screen beside what it takes: first load, paint, taps, scans, memory, a search."""

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

from pos.bench.figures import Figures, percentile
from pos.bench.shops import Shop
from tests.bench.lookup import fill
from tests.e2e.person import Till
from tests.support.browser import running_chromium, till_context

SLOW = 6
"""How many times slower Chromium makes its processor: a till's machine is a cheap one."""
LOADS = 5
TAPS = 40
HELD = 0.08
"""Seconds that a finger stays on the glass."""
TILES = 8
"""Products that the taps go to in turn."""
SCANS = 20
WORDS = ("keripik tempe", "sandal kulit", "kopi robusta 250", "tidak ada")
WARM = 50
"""Sales after which memory is looked at for the first time."""
BUDGET = {
    "first_load_kb": 150,
    "script_kb": 40,
    "largest_paint_ms": 1_500,
    "tap_ms": 100,
    "scan_ms": 100,
    "search_ms": 50,
    "heap_percent": 5,
}
WATCH = """const ask = requestAnimationFrame;
window.requestAnimationFrame = (run) => ask((at) => {
  // What is drawn while a frame is made is in it; the message comes when it has been painted.
  const painted = new MessageChannel();
  window.karyaFrame = painted;
  painted.port1.onmessage = () => {
    painted.port1.close();
    if (window.karyaFrame === painted) window.karyaFrame = null;
  };
  painted.port2.postMessage(0);
  run(at);
});
new PerformanceObserver((list) => { window.karyaPaint = list.getEntries().at(-1); })
  .observe({type: "largest-contentful-paint", buffered: true});"""
PAINTED = """() => {
  const {startTime, element} = window.karyaPaint ?? {};
  return startTime && [startTime, element?.className || element?.tagName || ""];
}"""
LOADED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((one) => [one.name.endsWith(".js"), one.transferSize, one.encodedBodySize])"""
ARM = """([start, place]) => {
  window.karyaStop?.();
  const times = (window.karyaTimes = []);
  let from = 0;
  const began = (event) => { from = event.timeStamp; };
  addEventListener(start, began, {capture: true});
  const seen = new MutationObserver(() => {
    if (!from) return;
    const since = from;
    from = 0;
    const painted = () => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { times.push(performance.now() - since); channel.port1.close(); };
      channel.port2.postMessage(0);
    };
    if (window.karyaFrame) painted();
    else requestAnimationFrame(painted);
  });
  const all = {subtree: true, childList: true, characterData: true, attributes: true};
  seen.observe(document.querySelector(place), all);
  window.karyaStop = () => { removeEventListener(start, began, {capture: true}); seen.disconnect(); };
}"""
EMPTY = """() => {
  const [tile, field, word] = ["button", "input", "p"].map((tag) => document.createElement(tag));
  tile.textContent = "Tap";
  let count = 0;
  const change = () => { word.textContent = String((count += 1)); };
  tile.addEventListener("click", change);
  field.addEventListener("input", change);
  addEventListener("keydown", (event) => event.key === "Enter" && change());
  document.body.replaceChildren(tile, field, word);
}"""
SELL = """async (sales) => {
  const pause = () => new Promise((run) => setTimeout(run, 10));
  const until = async (what, tries) => {
    for (; !what() && tries; tries -= 1) await pause();
    return what();
  };
  const number = () => document.querySelector("#outcome .change-head p")?.textContent ?? "";
  for (let n = 0; n < sales; n += 1) {
    const before = number();
    const tiles = document.querySelectorAll(".tile:not(.out)");
    tiles[n % 5].click();
    tiles[(n + 1) % 5].click();
    const exact = document.querySelector("#pay .exact");
    if (!(await until(() => !exact.disabled, 500))) return "no cart";
    exact.click();
    if (!(await until(() => number() && number() !== before, 1000))) return "no answer";
  }
  return "";
}"""


def measure(shop: Shop, *, sales: int = 500, products: int = 20_000) -> Figures:
    """Measure every budget; the gestures also on an empty page of the same server, at the same speed."""
    with shop.serving() as server, running_chromium() as browser:
        context = till_context(browser, f"http://127.0.0.1:{server.port}")
        context.add_init_script(WATCH)
        screen = Screen(context, context.new_page())
        screen.till.pick("K1")
        screen.till.button("Kasir").wait_for()
        found: Figures = {"largest_paint_sign_in": screen.paint("/", LOADS)}
        screen.page.goto("/")
        screen.till.start()
        found |= screen.first_load()
        found["largest_paint_selling"] = screen.paint("/", LOADS)
        found |= screen.gestures()
        found["sales_in_a_row"] = screen.memory(sales)
        fill(shop, products)
        found[f"search_of_{products}"] = screen.search(products)
        context.close()
    return found


class Screen:
    """A till's page, and how it is measured."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.page = page
        self.till = Till(page)
        self.session: CDPSession = context.new_cdp_session(page)
        for name in ("Network", "Performance", "HeapProfiler"):
            self.session.send(f"{name}.enable")

    def slow(self, rate: int) -> None:
        """Slow the processor down; 1 lets it go."""
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": rate})

    def sell(self) -> None:
        """Load the till where somebody is signed in and a shift is open."""
        self.page.goto("/")
        self.page.locator(".tile").first.wait_for(timeout=180_000)
        # What comes after the first load is here, too.
        self.page.wait_for_timeout(4_000)

    def first_load(self) -> Figures:
        """Count what an empty cache fetches until the products are there, as a test of the suite does."""
        self.session.send("Network.clearBrowserCache")
        self.page.reload(wait_until="networkidle")
        self.page.locator(".tile").first.wait_for()
        loaded = self.page.evaluate(LOADED)
        everything = sum(size for _, size, _ in loaded) / 1000
        scripts = sum(size for script, _, size in loaded if script) / 1000
        return {
            "first_load_kb": _beside(everything, BUDGET["first_load_kb"]),
            "script_gzipped_kb": _beside(scripts, BUDGET["script_kb"]),
        }

    def paint(self, address: str, loads: int) -> Figures:
        """Load with an empty cache, slowed down; the till and a page of nothing in turn."""
        ours: list[float] = []
        nothing: list[float] = []
        what = ""
        self.slow(SLOW)
        for _ in range(loads):
            for path, taken in ((address, ours), ("/healthz", nothing)):
                self.session.send("Network.clearBrowserCache")
                self.page.goto(path, wait_until="networkidle")
                self.page.wait_for_timeout(500)
                at, shown = _until(lambda: self.page.evaluate(PAINTED))
                taken.append(at)
                what = shown if path == address else what
        self.slow(1)
        found = _beside(median(ours), BUDGET["largest_paint_ms"], median(nothing))
        return {**found, "slowest_ms": round(max(ours)), "what": what}

    def gestures(self) -> Figures:
        """Tap and scan, slowed down and not."""
        found: Figures = {}
        for rate in (SLOW, 1):
            empty = self.empty(rate)
            self.sell()
            self.slow(rate)
            places = self._tiles()
            taps = self.timed("touchend", "#cart", [self._tap(*places[n % len(places)]) for n in range(TAPS)])
            found[f"tap_p95_at_{rate}x"] = _times(taps, BUDGET["tap_ms"], empty["tap"])
            codes = self._codes()
            scans = self.timed("keydown", "#lines", _scans(self.till, codes))
            found[f"scan_p95_at_{rate}x"] = _times(scans, BUDGET["scan_ms"], empty["scan"])
            self.slow(1)
            self.till.button("Kosongkan").tap()
        return found

    def empty(self, rate: int) -> dict[str, list[float]]:
        """The same gestures where each changes one word and nothing else."""
        self.page.goto("/healthz")
        self.page.evaluate(EMPTY)
        self.slow(rate)
        box = self.page.locator("button").bounding_box() or {"x": 0, "y": 0}
        taps = [self._tap(box["x"] + 8, box["y"] + 8)] * TAPS
        found = {
            "tap": self.timed("touchend", "p", taps),
            "scan": self.timed("keydown", "p", _scans(self.till, ["12345678"])),
        }
        self.page.locator("input").focus()
        found["search"] = self.timed("keydown", "p", _keys(self.page, WORDS))
        self.slow(1)
        return found

    def memory(self, sales: int) -> Figures:
        """Sell; what the page holds after the first of them, after half and after all."""
        looks = sorted({min(WARM, sales // 4), sales // 2, sales})
        self.sell()
        held: list[Figures] = []
        for before, after in itertools.pairwise([0, *looks]):
            self._sales(after - before)
            held.append(self._held())
        half, last = held[-2:]
        grown = (last["heap_kb"] / half["heap_kb"] - 1) * 100
        return {
            "heap_grown_percent": _beside(grown, BUDGET["heap_percent"]),
            "nodes_and_listeners_grown": sum(last[name] - half[name] for name in ("nodes", "listeners")),
            **{f"after_{count}": look for count, look in zip(looks, held, strict=True)},
            "bytes_a_sale": round((last["heap_kb"] - half["heap_kb"]) * 1000 / (looks[-1] - looks[-2])),
        }

    def search(self, products: int) -> Figures:
        """Type words in the search, a key at a time: each key is a search of its own."""
        found: Figures = {}
        for rate in (1, SLOW):
            empty = self.empty(rate)["search"]
            began = time.monotonic()
            self.sell()
            ready = time.monotonic() - began - 4
            self.slow(rate)
            self.page.locator("#search").focus()
            taken: list[float] = []
            for word in WORDS:
                taken += self.timed("keydown", "#grid", _keys(self.page, [word]))
                self.page.locator("#search").fill("")
                self.page.wait_for_timeout(300)
            found[f"at_{rate}x"] = {**_times(taken, BUDGET["search_ms"], empty), "keys": len(taken)}
            if rate == 1:
                found["products_on_the_screen_s"] = round(ready, 1)
            self.slow(1)
        return found

    def timed(self, start: str, place: str, gestures: Iterable[Callable[[], object]]) -> list[float]:
        """Milliseconds from the event `start` of each gesture to the frame with the change in `place`."""
        self.page.evaluate(ARM, [start, place])
        for n, gesture in enumerate(gestures, 1):
            gesture()
            _until(lambda n=n: self.page.evaluate("() => window.karyaTimes.length") >= n)  # type: ignore[misc]
        found: list[float] = self.page.evaluate("() => window.karyaTimes")
        return found

    def _tap(self, x: float, y: float) -> Callable[[], object]:
        def tap() -> None:
            finger = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
            self.session.send("Input.dispatchTouchEvent", finger)
            time.sleep(HELD)
            self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        return tap

    def _tiles(self) -> list[tuple[float, float]]:
        """Return the middle of tiles that can be seen and sold."""
        boxes = [tile.bounding_box() for tile in self.page.locator(".tile:not(.out)").all()[:TILES]]
        middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
        return [(x, y) for x, y in middles if y < 760]

    def _codes(self) -> list[str]:
        """Return barcodes of goods that are there."""
        items = self.till.call("GET", "/api/v1/products?register=K1")["body"]["items"]
        codes = [one["barcodes"][0] for one in items if one["barcodes"] and one["available"] > SCANS]
        return codes[:5]

    def _sales(self, count: int) -> None:
        """Sell by the page's own buttons; a finger touches it now and then, or it would lock."""
        for first in range(0, count, 50):
            self.page.touchscreen.tap(2, 2)
            if wrong := self.page.evaluate(SELL, min(50, count - first)):
                raise RuntimeError(f"after {first} sales: {wrong}")

    def _held(self) -> Figures:
        """Return what the page holds once it is swept."""
        self.page.wait_for_timeout(1_000)
        for _ in range(3):
            self.session.send("HeapProfiler.collectGarbage")
        said: list[dict[str, Any]] = self.session.send("Performance.getMetrics")["metrics"]
        values = {one["name"]: one["value"] for one in said}
        return {
            "heap_kb": round(values["JSHeapUsedSize"] / 1000),
            "nodes": int(values["Nodes"]),
            "listeners": int(values["JSEventListeners"]),
            "documents": int(values["Documents"]),
        }


def _scans(till: Till, codes: Sequence[str]) -> list[Callable[[], object]]:
    taken = [codes[n % len(codes)] for n in range(SCANS)]
    return [lambda code=code: till.scan(code) for code in taken]  # type: ignore[misc]


def _keys(page: Page, words: Iterable[str]) -> list[Callable[[], object]]:
    return [lambda key=key: page.keyboard.type(key) for word in words for key in word]  # type: ignore[misc]


def _until(what: Callable[[], Any]) -> Any:
    for _ in range(500):
        if found := what():
            return found
        time.sleep(0.02)
    raise RuntimeError("the screen did not change within ten seconds")


def _beside(value: float, budget: float, baseline: float | None = None) -> Figures:
    found: Figures = {
        "measured": round(value, 1),
        "budget": budget,
        "kept": "yes" if value <= budget else "NO",
    }
    if baseline:
        found |= {"empty_page": round(baseline, 1), "ratio": round(value / baseline, 2)}
    return found


def _times(taken: Sequence[float], budget: float, empty: Sequence[float]) -> Figures:
    found = _beside(percentile(taken, 0.95), budget, percentile(empty, 0.95))
    return {**found, "median": round(median(taken), 1), "slowest": round(max(taken), 1)}
