"""Stock papers: goods received and stock corrected."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from pos.schemas.base import MAX_LINES, MAX_QUANTITY, Approvable, Body, Code, Quantity, Rupiah, Text, Uuid

Lot = Annotated[Text, StringConstraints(max_length=40)]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "Use a date like 2026-11-24.")
    return value


Day = Annotated[date | None, Field(strict=False), BeforeValidator(_day)]
"""A date like 2026-11-24, or none."""


class ReceiptLineIn(Body):
    """Pieces of one product that came in; without a lot they join the product's lot without a code."""

    sku: Code
    quantity: Quantity
    lot: Lot = ""
    expires_on: Day = None
    unit_cost: Rupiah | None = None
    made_on: Day = None


class StockReceiptIn(Approvable):
    """Goods received at a location. `source` names the supplier or maker group they come from."""

    id: Uuid
    location: Code
    lines: Annotated[tuple[ReceiptLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""
    source: Annotated[Text, StringConstraints(max_length=60)] = ""


class AdjustmentLineIn(Body):
    """A signed correction. A fall without a lot takes the lots that expire first.

    A rise of a lot that is not known yet needs its best-before date.
    """

    sku: Code
    quantity: Annotated[int, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY)]
    lot: Lot | None = None
    expires_on: Day = None


class AdjustmentIn(Approvable):
    """Stock corrected, with a reason."""

    id: Uuid
    location: Code
    reason: Literal["count", "waste", "sample", "correction"]
    lines: Annotated[tuple[AdjustmentLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""
