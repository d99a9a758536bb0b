"""What somebody decides about money that found no sale to pay."""

from typing import Annotated, Literal

from pydantic import Field

from pos.schemas.base import Approvable, Code, Reason, Uuid


class AttachIn(Approvable):
    """Pay a sale with it; without `sale` the one it came for."""

    id: Uuid
    reason: Reason
    sale: Uuid | None = None


class GiveBackIn(Approvable):
    """Give it back: through the provider, or in cash from a register's drawer."""

    id: Uuid
    reason: Reason
    method: Literal["provider", "cash"]
    at_register: Annotated[Code | None, Field(alias="register")] = None


class KeepIn(Approvable):
    """Keep it as found money."""

    id: Uuid
    reason: Reason


class CashInsteadIn(Approvable):
    """Pay in cash what the provider refused to give back."""

    id: Uuid
    at_register: Annotated[Code, Field(alias="register")]
