"""Which providers move no real money: the simulator, and the sandboxes of real ones.

The screen, the receipt and the code's slip say so. How a provider is reached is a matter of this machine's
settings, so whoever makes the app says how to find out.
"""

from collections.abc import Callable
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from pos.db import db

Ask: TypeAlias = Callable[[str], bool]

_asks: WeakKeyDictionary[Engine, Ask] = WeakKeyDictionary()
"""Of each engine; a process has one, a test run several."""


def offer(ask: Ask) -> None:
    """Say how the current app finds out whether a provider, by its name, moves no real money."""
    _asks[db.engine] = ask


def pretends(provider: str) -> bool:
    """Say whether no real money moves through a provider."""
    if provider == "simulator":
        return True
    ask = _asks.get(db.engine)
    return ask is not None and ask(provider)
