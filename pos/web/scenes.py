"""What each till tells its customer display, kept in memory for a minute, and which displays are looking.

A cart that is being put together is no fact of the business yet: it is in no book, a restart may forget it
(the till tells it again within seconds), and no disk is written for it while others sell.
"""

import threading
from time import monotonic
from typing import Annotated, Literal

from pydantic import Field

from pos.schemas.base import Body, Quantity, Rupiah, Text, Uuid

FRESH = 75.0
"""Seconds a scene counts without being told again; a browser in the background speaks once a minute."""
LOOKING = 30.0
"""Seconds after its last question that a display counts as looking."""
MOST_LINES = 100

_MOMENT = Annotated[int, Field(ge=0, le=2**53)]


class SceneLine(Body):
    """A line of the cart as the till shows it."""

    name: Text
    quantity: Quantity
    unit_price: Rupiah
    discount: Rupiah
    total: Rupiah


class Scene(Body):
    """What stands on the till: the cart, and which sale it is about. Never whether anything is paid."""

    at: _MOMENT
    locale: Literal["id", "en"]
    lines: Annotated[list[SceneLine], Field(max_length=MOST_LINES)]
    discount: Rupiah
    total: Rupiah
    cash_total: Rupiah
    asking: bool
    sale: Uuid | None


_guard = threading.Lock()
_scenes: dict[str, tuple[float, Scene]] = {}
_looks: dict[str, float] = {}


def tell(register: str, scene: Scene) -> None:
    """Keep what a register's till shows now."""
    with _guard:
        _scenes[register] = (monotonic(), scene)


def told(register: str) -> Scene | None:
    """Return what the till shows; None when it has told nothing for a while."""
    with _guard:
        at, scene = _scenes.get(register, (0.0, None))
        return scene if monotonic() - at < FRESH else None


def look(register: str) -> None:
    """Keep that a display needs to be told through the server."""
    with _guard:
        _looks[register] = monotonic()


def looked_at(register: str) -> bool:
    """Say whether the till should tell the server its scene: a display asked for it a moment ago."""
    with _guard:
        return monotonic() - _looks.get(register, -LOOKING) < LOOKING
