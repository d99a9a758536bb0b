"""The list of what there is to see, and which function shows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from tests.e2e.person import SIZES
from tests.gallery.stage import Stage

Shots = Iterator[str]
Show = Callable[[Stage], Shots]

AREAS = (
    "doors",
    "helping",
    "office",
    "office_acts",
    "till",
    "till_extras",
    "till_payment",
    "till_trouble",
    "kiosk",
    "display",
    "shift",
    "practice",
)
"""The office first: the till decides about what it shows as open."""

PHONE = (360, 740)


@dataclass(frozen=True, slots=True)
class Flow:
    """States that are reached one after the other."""

    names: tuple[str, ...]
    show: Show
    sizes: tuple[tuple[int, int], ...]
    whole: bool
    """The picture shows the whole page, not only what is on the screen."""


FLOWS: list[Flow] = []


def scenes(*names: str, phone: bool = False, whole: bool = False) -> Callable[[Show], Show]:
    """Add a function that yields these names, in this order."""

    def add(show: Show) -> Show:
        FLOWS.append(Flow(names, show, (*SIZES, PHONE) if phone else SIZES, whole))
        return show

    return add


def flows(only: tuple[str, ...] = ()) -> list[Flow]:
    """Return what there is to see: all of it, or the flows in which a name begins like one of `only`."""
    for area in AREAS:
        import_module(f"tests.gallery.{area}")
    names = [name for flow in FLOWS for name in flow.names]
    assert len(names) == len(set(names)), "two states have one name"
    return [flow for flow in FLOWS if not only or any(wanted(name, only) for name in flow.names)]


def wanted(name: str, only: tuple[str, ...]) -> bool:
    """Say whether a state was asked for."""
    return (
        not only or name in only or any(name.startswith(f"{one.rstrip('*')}") for one in only if "*" in one)
    )
