"""Papers that somebody asks for: reports and labels."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from pos.schemas.base import MAX_LINES, Approvable, Body, Code, Uuid
from pos.schemas.stock import Lot

MAX_COPIES = 200

LabelKind: TypeAlias = Literal["shelf", "lot"]
"""shelf: name, price and unit; lot: name, lot and best-before date."""
LabelCode: TypeAlias = Literal["barcode", "qr"]
"""barcode: the product's EAN-13, which the till scans; qr: product, lot and date in one square."""


class ReportPrintIn(Approvable):
    """The shift's report on paper, at its own register's printer or another's."""

    id: Uuid
    at_register: Annotated[Code | None, Field(alias="register")] = None


class LabelItemIn(Body):
    """So many labels of a product, or of one of its lots."""

    sku: Code
    lot: Lot | None = None
    copies: Annotated[int, Field(ge=1, le=MAX_COPIES)] = 1


class LabelsIn(Body):
    """Which labels; the common part of a strip and a sheet."""

    kind: LabelKind
    items: Annotated[tuple[LabelItemIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    code: LabelCode = "barcode"


class LabelStripIn(LabelsIn, Approvable):
    """Labels on a register's receipt printer."""

    id: Uuid
    at_register: Annotated[Code, Field(alias="register")]


class LabelSheetIn(LabelsIn):
    """Labels on sheets of A4: where the first one stands, and by how many millimetres all are moved."""

    sheet: Literal["3x8", "5x13"] = "3x8"
    first: Annotated[int, Field(ge=1)] = 1
    right: Annotated[int, Field(ge=-20, le=20)] = 0
    down: Annotated[int, Field(ge=-20, le=20)] = 0
