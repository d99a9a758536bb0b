"""A sale and what can be done with it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from pos.schemas.base import MAX_LINES, Approvable, Body, Code, Quantity, Reason, Rupiah, Text, Uuid


def _reference(text: str) -> str:
    text = text.strip()
    if not text or not text.isprintable():
        raise PydanticCustomError("reference", "Type the number that the merchant's app shows.")
    return text


def _given(text: str | None) -> str | None:
    return None if text is None else _reference(text)


class LineIn(Body):
    """One product of a cart."""

    sku: Code
    quantity: Quantity
    discount: Rupiah = 0
    reason: Text = ""
    note: Text = ""


class TenderIn(Body):
    """One way of paying; QRIS without an amount pays the rest."""

    method: Literal["cash", "qris"]
    amount: Rupiah | None = None


class CartIn(Approvable):
    """What a customer wants, at a register. `order` is an open order that it uses up; a `note` is printed."""

    id: Uuid
    at_register: Annotated[Code, Field(alias="register")]
    lines: Annotated[tuple[LineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    discount: Rupiah = 0
    reason: Text = ""
    note: Text = ""
    order: Uuid | None = None


class SaleIn(CartIn):
    """A cart with its payment. `total` is what was shown."""

    tenders: Annotated[tuple[TenderIn, ...], Field(max_length=10, strict=False)]
    total: Rupiah | None = None


class ConfirmIn(Approvable):
    """Manual confirmation: the number the merchant's own app shows."""

    reference: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_reference)]


class TendersIn(Approvable):
    """How a completed sale was really paid. `reference` names the QRIS payment that it says came."""

    id: Uuid
    tenders: Annotated[tuple[TenderIn, ...], Field(min_length=1, max_length=10, strict=False)]
    reference: Annotated[str | None, Field(min_length=1, max_length=64), AfterValidator(_given)] = None


class CancelIn(Approvable):
    """Cancelling needs nothing."""


class VoidIn(Approvable):
    """The whole sale, reversed in its own shift."""

    id: Uuid
    reason: Reason


class RefundLineIn(Body):
    """Pieces of one product that came back."""

    sku: Code
    quantity: Quantity


class RefundIn(Approvable):
    """Some pieces of a sale, paid back."""

    id: Uuid
    reason: Reason
    lines: Annotated[tuple[RefundLineIn, ...], Field(min_length=1, max_length=MAX_LINES, strict=False)]
    restock: bool = True
    method: Literal["cash", "qris"] = "cash"
    at_register: Annotated[Code | None, Field(alias="register")] = None


class ReprintIn(Approvable):
    """A copy of the receipt, printed at a register."""

    id: Uuid
    at_register: Annotated[Code | None, Field(alias="register")] = None


class SlipIn(Approvable):
    """The code of a waiting sale, on paper."""

    id: Uuid
