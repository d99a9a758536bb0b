"""Goods on their way from one of our locations to another."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class StockTransfer(Model):
    """Goods that left a location for another: in transit until somebody there receives them, once."""

    __tablename__ = "stock_transfer"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    from_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="From where.")
    to_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="To where.")
    status: Mapped[str] = mapped_column(String(8), doc="sent: in transit; received.")
    note: Mapped[str] = mapped_column(Text, doc="In the sender's own words; may be empty.")
    sent_at: Mapped[datetime] = mapped_column(doc="When the goods left.")
    sent_by: Mapped[str] = mapped_column(String(40), doc="Who sent them.")
    received_at: Mapped[datetime | None] = mapped_column(doc="When they arrived.")
    received_by: Mapped[str | None] = mapped_column(String(40), doc="Who counted them in.")
    reason: Mapped[str | None] = mapped_column(Text, doc="Why less or more arrived than had left.")

    __table_args__ = (
        CheckConstraint("status IN ('sent', 'received')", name="status"),
        CheckConstraint("from_id <> to_id", name="places"),
        CheckConstraint("(status = 'received') = (received_at IS NOT NULL)", name="received"),
        Index("ix_stock_transfer_sent_at", "sent_at", "id"),
        Index(
            "ix_stock_transfer_open",
            "to_id",
            sqlite_where=text("status = 'sent'"),
        ),
    )


class StockTransferLine(Model):
    """Pieces of a lot as they left, or as they arrived."""

    __tablename__ = "stock_transfer_line"

    transfer_id: Mapped[str] = mapped_column(
        ForeignKey("stock_transfer.id"), primary_key=True, doc="The transfer."
    )
    side: Mapped[str] = mapped_column(String(8), primary_key=True, doc="sent or received.")
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="Order, from 0, on its side."
    )
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="What.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), doc="Which lot.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")

    __table_args__ = (
        CheckConstraint("side IN ('sent', 'received')", name="side"),
        CheckConstraint("quantity > 0", name="quantity"),
    )
