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

    A rise of a lot that is not known yet needs its best-before date; a count may find goods of no known lot
    (lot "").
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


class TransferLineIn(Body):
    """Pieces of one product that leave; without a lot those that expire first, expired ones left out."""

    sku: Code
    quantity: Quantity
    lot: Lot | None = None


class TransferIn(Approvable):
    """Goods sent from one of our locations to another."""

    id: Uuid
    from_location: Annotated[Code, Field(alias="from")]
    to: Code
    lines: Annotated[tuple[TransferLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""


class ArrivalLineIn(Body):
    """Pieces of one product that arrived; with a lot, of that lot."""

    sku: Code
    quantity: Annotated[int, Field(ge=0, le=MAX_QUANTITY)]
    lot: Lot | None = None


class TransferArrivalIn(Approvable):
    """A transfer as it arrived. A product that is not named did not."""

    id: Uuid
    lines: Annotated[tuple[ArrivalLineIn, ...], Field(max_length=MAX_LINES, strict=False)]
    reason: Text = ""


class TransferPrintIn(Approvable):
    """A transfer's slip, or a partner's note, at a register's printer."""

    id: Uuid
    at_register: Annotated[Code, Field(alias="register")]


class SourceIn(Approvable):
    """A supplier or a maker group of the facility."""

    id: Uuid
    name: Annotated[Text, StringConstraints(min_length=1, max_length=60)]
    kind: Literal["supplier", "maker"]


class MinimumLineIn(Body):
    """How many pieces of a product should at least lie there; 0: no minimum."""

    sku: Code
    minimum: Annotated[int, Field(ge=0, le=MAX_QUANTITY)]


class MinimumsIn(Approvable):
    """Minimums at a location. Products that are not named keep theirs."""

    id: Uuid
    location: Code
    lines: Annotated[tuple[MinimumLineIn, ...], Field(min_length=1, max_length=5_000, strict=False)]


class StockCountIn(Approvable):
    """A count of a location that begins. Blind: who counts is not told what the books say."""

    id: Uuid
    location: Code
    blind: bool = False
    note: Text = ""


class TallyLineIn(Body):
    """Pieces of a lot. add: more of it; set: so many in all; again: forget it, it is counted anew."""

    sku: Code
    quantity: Annotated[int, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY)] = 0
    lot: Lot | None = None
    kind: Literal["add", "set", "again"] = "add"
    expires_on: Day = None


class TallyIn(Approvable):
    """Pieces that somebody counted."""

    id: Uuid
    lines: Annotated[tuple[TallyLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]


class CountPostIn(Approvable):
    """A count that is posted. missing: what was not counted stays (leave) or is gone (zero)."""

    id: Uuid
    missing: Literal["leave", "zero"] = "leave"


class CountDropIn(Approvable):
    """A count that is given up."""

    id: Uuid
