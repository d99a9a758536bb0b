"""What the API answers about QRIS payments and money that goes back."""

from typing import Literal

from pos.schemas.answers import Answer


class PaymentOut(Answer):
    """An attempt to collect."""

    id: str
    sale: str
    amount: int
    paid_amount: int | None
    status: Literal["waiting", "paid", "expired", "cancelled", "failed", "late", "refunded"]
    reference: str | None
    why: Literal["late", "twice", "amount"] | None
    decision: Literal["attached", "refunded", "kept"] | None


class PaymentRefundOut(Answer):
    """Money going back through the provider."""

    id: str
    payment: str
    refund: str | None
    amount: int
    status: Literal["waiting", "done", "refused", "cash"]
    trouble: str


class PaymentRefundPage(Answer):
    """A page of money going back."""

    items: list[PaymentRefundOut]
    cursor: str | None


class PaymentPage(Answer):
    """A page of payments."""

    items: list[PaymentOut]
    cursor: str | None
