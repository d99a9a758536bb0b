"""Money given back: refunds and voids, and copies of receipts."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class Refund(Model):
    """A refund of some lines, or a void of the whole sale, paid by an open shift.

    Never changed, never deleted.
    """

    __tablename__ = "refund"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    kind: Mapped[str] = mapped_column(String(6), doc="refund or void.")
    number: Mapped[str] = mapped_column(String(24), unique=True, doc="K1-R000001, of the register that pays.")
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), index=True, doc="The sale.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="The register that pays.")
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id"), index=True, doc="The shift that pays.")
    method: Mapped[str] = mapped_column(
        String(10), doc="cash, qris, or mixed for the void of a split tender."
    )
    total: Mapped[int] = mapped_column(BigInteger, doc="Rupiah paid back.")
    reason: Mapped[str] = mapped_column(Text, doc="Why.")
    restock: Mapped[bool] = mapped_column(doc="Whether the goods went back on the shelf.")
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who.")
    approved_by: Mapped[str | None] = mapped_column(String(40), doc="Who allowed it.")

    __table_args__ = (
        CheckConstraint("kind IN ('refund', 'void')", name="kind"),
        CheckConstraint("method IN ('cash', 'qris', 'mixed')", name="method"),
        CheckConstraint("total >= 0", name="total"),
        Index(
            "uq_refund_void_sale_id",
            "sale_id",
            unique=True,
            sqlite_where=text("kind = 'void'"),
        ),
    )


class RefundLine(Model):
    """Pieces of one line of the sale that came back, and what was paid for them."""

    __tablename__ = "refund_line"

    refund_id: Mapped[str] = mapped_column(ForeignKey("refund.id"), primary_key=True, doc="The refund.")
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="Position of the sale's line."
    )
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="The product.")
    sku: Mapped[str] = mapped_column(String(40), doc="Its code on the sale.")
    name: Mapped[str] = mapped_column(String(80), doc="Its name on the sale.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")
    total: Mapped[int] = mapped_column(BigInteger, doc="Rupiah paid back for them.")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("total >= 0", name="total"),
    )


class RefundTender(Model):
    """How the money went back."""

    __tablename__ = "refund_tender"

    refund_id: Mapped[str] = mapped_column(ForeignKey("refund.id"), primary_key=True, doc="The refund.")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    method: Mapped[str] = mapped_column(String(10), doc="cash or qris.")
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah.")

    __table_args__ = (
        CheckConstraint("method IN ('cash', 'qris')", name="method"),
        CheckConstraint("amount >= 0", name="amount"),
    )


class ReceiptCopy(Model):
    """A copy of a receipt that somebody asked for; marked SALINAN and counted on the Z report."""

    __tablename__ = "receipt_copy"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), doc="Whose receipt.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="Where it is printed.")
    shift_id: Mapped[str | None] = mapped_column(
        ForeignKey("shift.id"), index=True, doc="The open shift there, if any."
    )
    number: Mapped[int] = mapped_column(BigInteger, doc="1 for the first copy of this sale, 2 …")
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who.")

    __table_args__ = (
        UniqueConstraint("sale_id", "number", name="uq_receipt_copy_sale_id_number"),
        CheckConstraint("number > 0", name="number"),
    )
