"""Every screen of the back office, found by following its links, at a small shop and at grown ones."""

import re
import time
from collections import deque
from collections.abc import Iterator
from html import unescape
from statistics import median
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from pos.bench.figures import Figures
from pos.bench.shops import Shop, app_of
from tests.web.office.person import Person

MANAGER = "Manajer"
"""Of the demo shop's people the one who may see every screen."""
SOUGHT = "K1-000001"
"""What every list with a search is asked for: nothing has it, so a list looks at all that it may."""
LOOKS = 3
SLOWEST = 20
"""Screens that are named with their times."""
Kind = tuple[str, tuple[str, ...]]
"""What tells screens apart: the endpoint, and what of the query does."""


def measure(shops: dict[int, Shop]) -> Figures:
    """Look at every kind of screen three times; the times of each are their median."""
    found: Figures = {}
    took: dict[int, dict[Kind, float]] = {}
    for size, shop in shops.items():
        with app_of(shop.environment) as app:
            took[size] = dict(_screens(app))
    smallest = took[min(took)]
    for size, times in took.items():
        slowest = sorted(times, key=lambda kind: -times[kind])[:SLOWEST]
        found[f"sales_{size}"] = {
            "screens": len(times),
            "median_ms": round(median(times.values()) * 1000, 1),
            "slowest": {
                _named(kind): {
                    "ms": round(times[kind] * 1000, 1),
                    "ratio": round(times[kind] / smallest[kind], 1) if kind in smallest else None,
                }
                for kind in slowest
            },
        }
    return found


def _screens(app: Flask) -> Iterator[tuple[Kind, float]]:
    """Follow the links from the first page to one screen of each kind; give the seconds each took."""
    person = Person(app).sign_in(MANAGER)
    router = app.url_map.bind("localhost")
    seen: set[Kind] = set()
    chosen: set[tuple[str, str]] = set()
    waiting = deque(["/back-office/"])
    while waiting:
        address = waiting.popleft()
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        if not parts.path.startswith("/back-office") or "file" in query:
            continue
        kind = router.match(parts.path)[0], _asked(query, chosen)
        if kind in seen:
            continue
        seen.add(kind)
        page, took = _looked_at(person, address)
        if page.mimetype == "text/html" and page.status_code == 200:
            yield kind, took
            waiting.extend(unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([^"#]+)"', page.text))
            if 'type="search"' in page.text:
                waiting.append(f"{parts.path}?q={SOUGHT}")
            for choice in _choices(page.text):
                chosen.add(choice)
                waiting.append(f"{parts.path}?{urlencode([choice])}")


def _asked(query: dict[str, str], chosen: set[tuple[str, str]]) -> tuple[str, ...]:
    """Return what of a query tells screens apart: a word or a choice that stands alone, else the names."""
    if len(query) == 1:
        ((name, value),) = query.items()
        if value.replace("_", "").isalpha() or (name, value) in chosen:
            return (f"{name}={value}",)
    return tuple(sorted(query))


def _choices(page: str) -> Iterator[tuple[str, str]]:
    """Give what the lists of a page can be asked for: the name and each value of its choices."""
    for form in re.findall(r'(?s)<form\b[^>]*\bmethod="get".*?</form>', page):
        for name, options in re.findall(r'(?s)<select\b[^>]*\bname="([^"]+)"(.*?)</select>', form):
            for value in re.findall(r'<option\b[^>]*\bvalue="([^"]+)"', options):
                yield name, unescape(value)


def _looked_at(person: Person, address: str) -> tuple[TestResponse, float]:
    looks = [_look(person, address)]
    # What takes seconds is known after one look.
    while len(looks) < LOOKS and looks[0][1] < 1:
        looks.append(_look(person, address))
    return looks[0][0], median(took for _, took in looks)


def _look(person: Person, address: str) -> tuple[TestResponse, float]:
    began = time.perf_counter()
    page = person.client.get(address)
    took = time.perf_counter() - began
    if page.status_code >= 400:
        raise RuntimeError(f"{address}: {page.status}")
    return page, took


def _named(kind: Kind) -> str:
    endpoint, query = kind
    return endpoint.removeprefix("office.") + (f"?{'&'.join(query)}" if query else "")
