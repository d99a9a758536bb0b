"""Discounts that are ready to use."""

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class DiscountPreset(Model):
    """A discount given often: its reason, and a percentage or an amount. Sales keep rupiah and reason."""

    __tablename__ = "discount_preset"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    name: Mapped[str] = mapped_column(String(60), unique=True, doc="The reason that the sale gets.")
    percent_bp: Mapped[int | None] = mapped_column(
        doc="Basis points of the line or the sale; null: an amount."
    )
    amount: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah; null: a percentage.")
    approved: Mapped[bool] = mapped_column(doc="True: needs nobody's approval above the limit.")
    active: Mapped[bool] = mapped_column(doc="False: not offered any more.")
    position: Mapped[int] = mapped_column(doc="Order at the till, ascending.")

    __table_args__ = (
        CheckConstraint("(percent_bp IS NULL) <> (amount IS NULL)", name="kind"),
        CheckConstraint("percent_bp BETWEEN 1 AND 10000", name="percent_bp"),
        CheckConstraint("amount > 0", name="amount"),
    )
