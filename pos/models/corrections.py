"""How a sale was really paid: what the till had written down first stays, and this stands beside it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class TenderCorrection(Model):
    """How a completed sale of the open shift was really paid; the newest one of a sale is in force.

    Never changed, never deleted. The total stays what was charged.
    """

    __tablename__ = "tender_correction"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), doc="The sale.")
    position: Mapped[int] = mapped_column(doc="1 for the first correction of the sale, 2 ...")
    shift_id: Mapped[str] = mapped_column(
        ForeignKey("shift.id"), index=True, doc="The open shift, the sale's."
    )
    change: Mapped[int] = mapped_column(BigInteger, doc="Rupiah given back, from cash.")
    moved: Mapped[int] = mapped_column(
        BigInteger, doc="Rupiah that were QRIS before and are cash now; negative: the other way round."
    )
    payment_id: Mapped[str | None] = mapped_column(
        ForeignKey("payment.id"), doc="The QRIS payment that was withdrawn or added; null when none was."
    )
    reference: Mapped[str | None] = mapped_column(
        String(64), doc="Its number: the one that was given, or that is free again."
    )
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who.")
    approved_by: Mapped[str | None] = mapped_column(String(40), doc="Who allowed it.")

    __table_args__ = (
        UniqueConstraint("sale_id", "position", name="uq_tender_correction_sale_id_position"),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("change >= 0", name="change"),
        CheckConstraint("(moved = 0) = (payment_id IS NULL)", name="payment"),
    )


class CorrectedTender(Model):
    """One way of paying, as a correction has it: cash as handed over, or QRIS."""

    __tablename__ = "corrected_tender"

    correction_id: Mapped[str] = mapped_column(
        ForeignKey("tender_correction.id"), primary_key=True, doc="The correction."
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    method: Mapped[str] = mapped_column(String(10), doc="cash or qris.")
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah; the change is not taken off.")

    __table_args__ = (
        CheckConstraint("method IN ('cash', 'qris')", name="method"),
        CheckConstraint("amount >= 0", name="amount"),
    )
