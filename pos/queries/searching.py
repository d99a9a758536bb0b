"""Finding rows of a list by words that were typed, in any of its columns and whatever the case."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

MOST_WORDS = 8
"""So many words of a search count; the rest is left out."""


def with_words(typed: str, *columns: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
    """Return conditions: every word that was typed stands in one of the columns."""
    words = typed.split()[:MOST_WORDS]
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words]


def has_words(typed: str, *texts: str | None) -> bool:
    """Say the same of texts that are at hand already."""
    whole = "\n".join(text or "" for text in texts).lower()
    return all(word in whole for word in typed.lower().split()[:MOST_WORDS])
