"""The strict base of every body.

Unknown fields, floats for whole numbers and control characters are refused.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from pos.domain.money import MAX_AMOUNT
from pos.ids import is_id

MAX_LINES = 200
MAX_QUANTITY = 100_000


class Body(BaseModel):
    """A request's body."""

    # Names of fields come again; ids would be kept by the ten thousand, and no second request has them.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, cache_strings="keys")


def _uuid(value: str) -> str:
    value = value.lower()
    if not is_id(value):
        raise PydanticCustomError("uuid", "Use a UUID, for example 0197e2c4-0000-7000-8000-000000000001.")
    return value


def _clean(value: str) -> str:
    if not value.isprintable() and any(
        unicodedata.category(char) in ("Cc", "Cs", "Cf", "Zl", "Zp") for char in value
    ):
        raise PydanticCustomError("control", "Leave out control characters and line breaks.")
    return value.strip()


Uuid = Annotated[str, AfterValidator(_uuid)]
"""A UUID of any version, kept in lower case."""
Text = Annotated[str, Field(max_length=200), AfterValidator(_clean)]
"""Text without control characters, at most 200 long."""
Reason = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_clean), Field(min_length=1)]
"""Text that may not be empty."""
Code = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_clean)]
"""A short code: a SKU, a register, a location."""
Rupiah = Annotated[int, Field(ge=0, le=MAX_AMOUNT)]
"""Whole rupiah, not negative."""
Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
"""Pieces, at least one."""


class Approval(Body):
    """Another person's name and PIN, good for this request alone."""

    user: Code
    pin: Annotated[str, Field(min_length=1, max_length=20)]


class Approvable(Body):
    """A body that may carry an approval."""

    approval: Approval | None = None
