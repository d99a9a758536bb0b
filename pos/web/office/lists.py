"""Lists of the back office: one way to search, to page, and to take away what is filtered as a file.

A list is its own file: the same address with `file=csv` or `file=xlsx` answers every row that the filter
finds, by the same query, so what is on the screen and what is in the file can't differ.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, request
from flask_babel import gettext

from pos.web.office.tables import KINDS, list_file

CURSOR, FILE = "before", "file"
BATCH = 500
MOST_ROWS = 20_000
"""So many rows are in a file; one that is cut says so in its last row.

What that many cost the tills beside it stands in tests/bench/README.md.
"""
MOST_TYPED = 80

T = TypeVar("T")
Fetch = Callable[[str | None, int], tuple[Sequence[T], Any]]
"""What returns a page of a list from a cursor on, and the cursor of the next page."""
Column = tuple[str, Callable[[T], object]]
"""A heading, marked for translation, and what stands under it for an item."""


def asked(name: str, allowed: Iterable[str] | None = None) -> str:
    """Return a filter of the address, empty when it names none of those that are allowed."""
    value = request.args.get(name, "").strip()[:MOST_TYPED]
    return value if allowed is None or value in allowed else ""


def typed() -> str:
    """Return the words that are looked for."""
    return asked("q")


def file_asked() -> str:
    """Return the kind of file that the address asks for; empty: it asks for the page."""
    return asked(FILE, KINDS)


def page(fetch: Fetch[T], limit: int) -> tuple[Sequence[T], Any]:
    """Return the page that the address names; one that can't be read is the first."""
    try:
        return fetch(request.args.get(CURSOR) or None, limit)
    except ValueError:
        return fetch(None, limit)


def whole(items: Sequence[T]) -> Fetch[T]:
    """Return a list that has only one page as `send` takes it."""
    return lambda _cursor, _limit: (items, None)


def send(name: str, columns: Sequence[Column[T]], fetch: Fetch[T]) -> Response:
    """Return everything that the filter finds as the file that was asked for."""
    rows: list[list[object]] = []
    cursor: str | None = None
    while True:
        items, following = fetch(cursor, BATCH)
        rows += [[value(item) for _, value in columns] for item in items]
        if following is None or len(rows) >= MOST_ROWS:
            break
        cursor = str(following)
    if following is not None:
        cut = gettext("Cut after %(count)s rows. Filter the list to get the rest.", count=MOST_ROWS)
        rows = [*rows[:MOST_ROWS], [cut, *[None] * (len(columns) - 1)]]
    return list_file(name, [heading for heading, _ in columns], rows)


def address(**changes: object) -> str:
    """Return the address of this list with the same filter, except for what changes; it begins anew."""
    kept: dict[str, object] = {
        name: value for name, value in request.args.items() if name not in (CURSOR, FILE)
    }
    kept |= changes
    query = urlencode({name: value for name, value in kept.items() if value not in ("", None)})
    return f"{request.path}?{query}" if query else request.path


def filtered(*names: str) -> bool:
    """Say whether the address filters by any of these."""
    return any(asked(name) for name in names)
