"""What people set about partners: shops and supermarkets that sell our goods for a commission."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class Partner(Model):
    """Somebody at whose place goods of ours lie until they are sold. Their place is a location of ours."""

    __tablename__ = "setting_partner"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    location_id: Mapped[int] = mapped_column(
        ForeignKey("location.id"), doc="Where the goods at their place lie; its code is the partner's."
    )
    name: Mapped[str] = mapped_column(String(60), doc="Name people know them by.")
    kind: Mapped[str] = mapped_column(
        String(12), doc="shop, supermarket, or outlet: one of ours that sells cut off, with its own program."
    )
    address: Mapped[str] = mapped_column(Text, doc="Where the goods are brought; may be empty.")
    contact: Mapped[str] = mapped_column(String(120), doc="Who to ask, and how; may be empty.")
    commission_bp: Mapped[int] = mapped_column(doc="What they keep of each sale, in basis points.")
    terms: Mapped[str] = mapped_column(Text, doc="What was agreed about paying, in words; may be empty.")
    columns: Mapped[str] = mapped_column(
        Text, doc="JSON: which column of their file is what, as last imported; empty: none yet."
    )
    active: Mapped[bool] = mapped_column(doc="False: gets no more goods; history stays.")

    __table_args__ = (
        UniqueConstraint("location_id", name="uq_setting_partner_location_id"),
        CheckConstraint("kind IN ('shop', 'supermarket', 'outlet')", name="kind"),
        CheckConstraint("commission_bp BETWEEN 0 AND 10000", name="commission_bp"),
    )


class PartnerPrice(Model):
    """What a piece is sold for at a partner's, from a date on. A change is a new row, never an edit."""

    __tablename__ = "price_partner"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    partner_id: Mapped[int] = mapped_column(ForeignKey("setting_partner.id"), doc="At whose place.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    amount: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah a piece; null: as in our own shop.")
    valid_from: Mapped[date] = mapped_column(doc="The first day it holds.")
    set_at: Mapped[datetime] = mapped_column(doc="When it was set.")
    set_by: Mapped[str] = mapped_column(String(40), doc="Who set it.")

    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_price_partner_partner_id", "partner_id", "product_id", "valid_from"),
    )
