"""Sales: what was sold, for how much, how it was paid, and what is held for a payment that is awaited."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model

GIVEN_UP = "status IN ('cancelled', 'expired')"


class Sale(Model):
    """A sale. Once completed its row never changes; a void or refund is a row of its own."""

    __tablename__ = "sale"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="Where.")
    shift_id: Mapped[str] = mapped_column(
        ForeignKey("shift.id"), index=True, doc="The shift whose day it belongs to."
    )
    business_date: Mapped[date] = mapped_column(doc="The shift's.")
    status: Mapped[str] = mapped_column(String(20), doc="completed, awaiting_payment, cancelled or expired.")
    number: Mapped[str | None] = mapped_column(String(24), unique=True, doc="K1-000001 once completed.")
    seq: Mapped[int | None] = mapped_column(BigInteger, doc="Entry of the register's book that completed it.")
    gross: Mapped[int] = mapped_column(BigInteger, doc="Rupiah: sum of quantity times unit price.")
    subtotal: Mapped[int] = mapped_column(BigInteger, doc="Rupiah: gross less the discounts of lines.")
    discount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah off the whole sale.")
    discount_reason: Mapped[str] = mapped_column(Text, doc="Why; empty without a discount.")
    rounding: Mapped[int] = mapped_column(BigInteger, doc="Rupiah added (or taken off) for cash.")
    total: Mapped[int] = mapped_column(BigInteger, doc="Rupiah due: subtotal - discount + rounding.")
    change: Mapped[int] = mapped_column(BigInteger, doc="Rupiah given back, from cash.")
    created_at: Mapped[datetime] = mapped_column(doc="When it was made.")
    completed_at: Mapped[datetime | None] = mapped_column(doc="When it was paid.")
    cashier: Mapped[str] = mapped_column(String(40), doc="Name of the person or program that sold.")
    cashier_key: Mapped[str] = mapped_column(String(20), doc="user:ID, token:ID or device:ID, for one's own.")
    approved_by: Mapped[str | None] = mapped_column(
        String(40), doc="Who allowed what the cashier may not alone."
    )

    __table_args__ = (
        CheckConstraint("status IN ('completed', 'awaiting_payment', 'cancelled', 'expired')", name="status"),
        CheckConstraint("(status = 'completed') = (number IS NOT NULL)", name="numbered"),
        CheckConstraint("(status = 'completed') = (seq IS NOT NULL)", name="entered"),
        CheckConstraint("total = subtotal - discount + rounding", name="total"),
        CheckConstraint("discount BETWEEN 0 AND subtotal AND subtotal <= gross", name="discount"),
        CheckConstraint("total >= 0 AND change >= 0", name="amounts"),
        # The list of sales, newest first; a sale is always added at its end.
        Index("ix_sale_register_id_created_at", "register_id", "created_at"),
        Index(
            "ix_sale_waiting",
            "register_id",
            sqlite_where=text("status = 'awaiting_payment'"),
        ),
        Index(
            "ix_sale_given_up",
            "register_id",
            "created_at",
            sqlite_where=text(GIVEN_UP),
        ),
    )


class SaleLine(Model):
    """One product of a sale, at the price and under the name it had then."""

    __tablename__ = "sale_line"

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True, doc="The sale.")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="The product.")
    sku: Mapped[str] = mapped_column(String(40), doc="Its code then.")
    name: Mapped[str] = mapped_column(String(80), doc="Its name then.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")
    unit_price: Mapped[int] = mapped_column(BigInteger, doc="Rupiah a piece.")
    discount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah off this line.")
    discount_reason: Mapped[str] = mapped_column(Text, doc="Why; empty without a discount.")
    total: Mapped[int] = mapped_column(BigInteger, doc="Rupiah: quantity times unit price less discount.")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("total = quantity * unit_price - discount", name="total"),
        CheckConstraint("discount >= 0 AND total >= 0", name="discount"),
    )


WHOLE = -1
"""The position of a note about the whole sale."""


class SaleNote(Model):
    """A few words about a sale or one of its lines, as the receipt says them."""

    __tablename__ = "sale_note"

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True, doc="The sale.")
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="The line's, from 0; -1: about the whole sale."
    )
    text: Mapped[str] = mapped_column(Text, doc="The words.")

    __table_args__ = (
        CheckConstraint("position >= -1", name="position"),
        CheckConstraint("text <> ''", name="text"),
    )


class Tender(Model):
    """How a sale was paid: cash as handed over, or QRIS."""

    __tablename__ = "tender"

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True, doc="The sale.")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    method: Mapped[str] = mapped_column(String(10), doc="cash or qris.")
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah; the change is not taken off.")

    __table_args__ = (
        CheckConstraint("method IN ('cash', 'qris')", name="method"),
        CheckConstraint("amount >= 0", name="amount"),
    )


class Reservation(Model):
    """Pieces of a lot held for a sale while it waits.

    It lives as long as the sale's status is awaiting_payment.
    """

    __tablename__ = "reservation"

    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), primary_key=True, doc="The sale.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, doc="Of which lot.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="Where.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
