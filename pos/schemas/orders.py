"""Orders: a held cart or a slip, and giving one up."""

from typing import Literal, TypeAlias

from pos.schemas.base import Approvable
from pos.schemas.sales import CartIn

OrderKind: TypeAlias = Literal["held", "slip"]


class OrderIn(CartIn):
    """A cart to hold. `kind` is a slip at a kiosk and a held cart elsewhere, unless told; `note` names it."""

    kind: OrderKind | None = None


class DropIn(Approvable):
    """Dropping needs nothing."""
