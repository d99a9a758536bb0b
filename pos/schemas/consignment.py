"""Bodies about partners: who they are, what they get, what they sold, what comes back."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pos.domain.money import MAX_AMOUNT
from pos.schemas.base import (
    MAX_LINES,
    MAX_QUANTITY,
    Approvable,
    Body,
    Code,
    Quantity,
    Reason,
    Rupiah,
    Text,
    Uuid,
)
from pos.schemas.stock import Day, Lot, TransferLineIn

MAX_SOLD_LINES = 5_000
Short = Annotated[Text, StringConstraints(max_length=60)]
CommissionBp = Annotated[int, Field(ge=0, le=10_000)]


class PartnerData(Body):
    """What is said of a partner."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=60)]
    kind: Literal["shop", "supermarket", "outlet"] = "shop"
    address: Text = ""
    contact: Annotated[Text, StringConstraints(max_length=120)] = ""
    commission_bp: CommissionBp = 0
    terms: Text = ""


class PartnerIn(PartnerData, Approvable):
    """A partner. `code` also becomes the location of the goods at their place."""

    id: Uuid
    code: Annotated[Code, StringConstraints(max_length=20)]


class PartnerPriceLineIn(Body):
    """What a piece costs at a partner's; null: as in our own shop."""

    sku: Code
    price: Rupiah | None


class PartnerPricesIn(Approvable):
    """Agreed prices from a day on, today unless said. Products that are not named keep theirs."""

    id: Uuid
    valid_from: Day = None
    lines: Annotated[tuple[PartnerPriceLineIn, ...], Field(min_length=1, max_length=5_000, strict=False)]


class DeliveryIn(Approvable):
    """Goods for a partner. handed_over: they have them already; else they are in transit until received."""

    id: Uuid
    partner: Code
    from_location: Annotated[Code, Field(alias="from")]
    lines: Annotated[tuple[TransferLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""
    handed_over: bool = False


class SoldLineIn(Body):
    """One row of what a partner sold, named by sku or barcode; below zero: a buyer brought pieces back."""

    sku: Code | None = None
    barcode: Code | None = None
    quantity: Annotated[int, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY)]
    price: Annotated[int, Field(ge=0, le=MAX_AMOUNT)] | None = None
    date: Day = None
    outlet: Short = ""


class SellThroughIn(Approvable):
    """What a partner sold in a period, both days included. `document` is their own number of it."""

    id: Uuid
    partner: Code
    from_on: Annotated[Day, Field(alias="from")]
    until_on: Annotated[Day, Field(alias="until")]
    document: Short = ""
    note: Text = ""
    lines: Annotated[tuple[SoldLineIn, ...], Field(min_length=1, max_length=MAX_SOLD_LINES, strict=False)]


class SellThroughReverseIn(Approvable):
    """A report of a partner that was booked by mistake."""

    id: Uuid
    reason: Reason


class BackLineIn(Body):
    """Pieces that leave a partner's place. Without a lot those that expire first, expired ones too."""

    sku: Code
    quantity: Quantity
    lot: Lot | None = None
    spoiled: bool = False
    reason: Text = ""


class ConsignmentReturnIn(Approvable):
    """Unsold goods back to one of our locations; spoiled ones are written off with a reason."""

    id: Uuid
    partner: Code
    to: Code
    lines: Annotated[tuple[BackLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    note: Text = ""
