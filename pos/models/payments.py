"""Attempts to collect money by QRIS."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class Payment(Model):
    """One code shown to one buyer, and what became of it. A late payment is kept, never dropped."""

    __tablename__ = "payment"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="Our id.")
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), index=True, doc="The sale.")
    provider: Mapped[str] = mapped_column(String(20), doc="Which provider made the code: static.")
    status: Mapped[str] = mapped_column(
        String(10), doc="waiting, paid, expired, cancelled, failed, late, refunded."
    )
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah asked for.")
    paid_amount: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah paid, once known.")
    payload: Mapped[str | None] = mapped_column(Text, doc="The code's text (EMVCo).")
    reference: Mapped[str | None] = mapped_column(String(64), doc="The number the merchant's own app shows.")
    created_at: Mapped[datetime] = mapped_column(doc="When the code was made.")
    expires_at: Mapped[datetime] = mapped_column(doc="Until when it is waited for.")
    settled_at: Mapped[datetime | None] = mapped_column(doc="When it was confirmed, cancelled or expired.")
    confirmed_by: Mapped[str | None] = mapped_column(String(40), doc="Who confirmed by hand.")
    approved_by: Mapped[str | None] = mapped_column(String(40), doc="Who allowed it above the limit.")

    __table_args__ = (
        UniqueConstraint("provider", "reference", name="uq_payment_provider_reference"),
        CheckConstraint(
            "status IN ('waiting', 'paid', 'expired', 'cancelled', 'failed', 'late', 'refunded')",
            name="status",
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("paid_amount > 0", name="paid_amount"),
        CheckConstraint("(status IN ('paid', 'late')) <= (reference IS NOT NULL)", name="reference"),
        Index(
            "uq_payment_live_sale_id",
            "sale_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_payment_expires_at",
            "expires_at",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )
