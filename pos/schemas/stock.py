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


class ReceiptLineIn(Body):
    """Pieces of one product that came in; without a lot they join the product's lot without a code."""

    sku: Code
    quantity: Quantity
    lot: Lot = ""
    expires_on: Annotated[date | None, Field(strict=False), BeforeValidator(_day)] = None
    unit_cost: Rupiah | None = None


class StockReceiptIn(Approvable):
    """Goods received at a location."""

    id: Uuid
    location: Code
    lines: Annotated[tuple[ReceiptLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""


class AdjustmentLineIn(Body):
    """A signed correction. A fall without a lot takes the lots that expire first."""

    sku: Code
    quantity: Annotated[int, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY)]
    lot: Lot | None = None


class AdjustmentIn(Approvable):
    """Stock corrected, with a reason."""

    id: Uuid
    location: Code
    reason: Literal["count", "waste", "sample", "correction"]
    lines: Annotated[tuple[AdjustmentLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""
