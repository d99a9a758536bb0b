"""Stock papers: goods received and stock corrected."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pos.schemas.base import MAX_LINES, MAX_QUANTITY, Approvable, Body, Code, Quantity, Rupiah, Text, Uuid

Lot = Annotated[Text, StringConstraints(max_length=40)]


class ReceiptLineIn(Body):
    """Pieces of one product that came in; without a lot they join the product's lot without a code."""

    sku: Code
    quantity: Quantity
    lot: Lot = ""
    expires_on: Annotated[date | None, Field(strict=False)] = None
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
