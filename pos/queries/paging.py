"""Going on with a list in the order of instants, behind the last row of the page before."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

Column = InstrumentedAttribute[Any]


def instant(text: str) -> datetime:
    """Read the instant of a cursor. Raises ValueError for what is none, and for one without its zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    return at


def older(at: Column, key: Column, seen: str, last: str) -> ColumnElement[bool]:
    """Return the condition for rows before that of an instant and a key. Raises ValueError as `instant`."""
    bound = instant(seen)
    return (at < bound) | ((at == bound) & (key < last))


def newer(at: Column, key: Column, seen: str, last: str) -> ColumnElement[bool]:
    """Return the condition for rows after it. Raises ValueError as `instant`."""
    bound = instant(seen)
    return (at > bound) | ((at == bound) & (key > last))
