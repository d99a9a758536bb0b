"""Opening, counting and closing a shift, and the cash that moves in between."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from pos.domain.tender import COUNTED
from pos.schemas.base import Approvable, Code, Reason, Rupiah, Text, Uuid


def _denominations(counted: dict[str, int]) -> dict[str, int]:
    known = {str(value) for value in COUNTED}
    for note, pieces in counted.items():
        if note not in known:
            raise PydanticCustomError("denomination", "There is no note or coin of this value.")
        if not 0 <= pieces <= 100_000:
            raise PydanticCustomError("pieces", "Type how many pieces there are, from 0.")
    return counted


Counted = Rupiah | Annotated[dict[str, int], AfterValidator(_denominations)]
"""An amount in rupiah, or pieces by denomination: {"100000": 3, "500": 2}."""


class ShiftIn(Approvable):
    """A register opened with a float."""

    id: Uuid
    at_register: Annotated[Code, Field(alias="register")]
    float: Rupiah


class CashIn(Approvable):
    """Cash put in or taken out, with a reason."""

    id: Uuid
    direction: Literal["in", "out"]
    amount: Annotated[Rupiah, Field(ge=1)]
    reason: Reason


class DrawerIn(Approvable):
    """The drawer opened without a sale."""

    id: Uuid
    reason: Reason


class CountIn(Approvable):
    """What was found in the drawer."""

    id: Uuid
    counted: Counted


class CloseIn(Approvable):
    """The close; `counted` only when it was not fixed before."""

    id: Uuid
    counted: Counted | None = None
    reason: Text = ""


class ClockIn(Approvable):
    """The clock is right as it is."""

    id: Uuid
