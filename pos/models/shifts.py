"""A cashier's turn at a register, the cash that moved, the count and the Z report."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class Shift(Model):
    """From opening with a float to the Z report. Its business date is fixed when it opens."""

    __tablename__ = "shift"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="Where.")
    status: Mapped[str] = mapped_column(String(10), doc="open, counted (no more sales), closed.")
    business_date: Mapped[date] = mapped_column(index=True, doc="The day all its sales belong to.")
    opened_at: Mapped[datetime] = mapped_column(doc="When it was opened.")
    opened_by: Mapped[str] = mapped_column(String(40), doc="By whom.")
    opened_seq: Mapped[int] = mapped_column(BigInteger, doc="Entry of the register's book that opened it.")
    float: Mapped[int] = mapped_column(BigInteger, doc="Rupiah in the drawer at the start.")
    closed_at: Mapped[datetime | None] = mapped_column(doc="When it was closed.")
    closed_by: Mapped[str | None] = mapped_column(String(40), doc="By whom.")

    __table_args__ = (
        CheckConstraint("status IN ('open', 'counted', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint('"float" >= 0', name="float"),
        Index("ix_shift_register_id_opened_at", "register_id", "opened_at"),
        Index(
            "uq_shift_open_register_id",
            "register_id",
            unique=True,
            sqlite_where=text("status <> 'closed'"),
        ),
    )


class CashEvent(Model):
    """Cash that went into or out of a drawer, or the drawer opened without a sale.

    Expected cash is their sum.
    """

    __tablename__ = "cash_event"

    book_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="Book of the entry it is part of."
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, doc="The entry.")
    id: Mapped[str] = mapped_column(
        Id, doc="The client's id, or the id of the sale, refund or shift behind it."
    )
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id"), doc="In which shift.")
    kind: Mapped[str] = mapped_column(String(10), doc="float, sale, refund, pay_in, pay_out or no_sale.")
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah in; negative: out; 0 for no_sale.")
    reason: Mapped[str] = mapped_column(Text, doc="Why, for pay-in, pay-out and no sale.")
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who.")

    __table_args__ = (
        ForeignKeyConstraint(["book_id", "seq"], ["entry.book_id", "entry.seq"], name="fk_cash_event_entry"),
        CheckConstraint("kind IN ('float', 'sale', 'refund', 'pay_in', 'pay_out', 'no_sale')", name="kind"),
        CheckConstraint(
            "CASE WHEN kind IN ('refund', 'pay_out') THEN amount <= 0 "
            "WHEN kind = 'no_sale' THEN amount = 0 ELSE amount >= 0 END",
            name="sign",
        ),
    )


class CashCount(Model):
    """Cash counted blind. A second count needs approval; both are kept and the later one counts."""

    __tablename__ = "cash_count"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id"), index=True, doc="Of which shift.")
    position: Mapped[int] = mapped_column(doc="1 for the first count of the shift, 2 for a recount …")
    counted: Mapped[int] = mapped_column(BigInteger, doc="Rupiah found in the drawer.")
    denominations: Mapped[str | None] = mapped_column(Text, doc="Notes and coins as JSON, when counted so.")
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who counted.")
    approved_by: Mapped[str | None] = mapped_column(String(40), doc="Who allowed a recount.")

    __table_args__ = (
        UniqueConstraint("shift_id", "position", name="uq_cash_count_shift_id_position"),
        CheckConstraint("counted >= 0", name="counted"),
    )


class ZReport(Model):
    """The closed shift, frozen. Never changed, never deleted."""

    __tablename__ = "z_report"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id of the close.")
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id"), unique=True, doc="The shift.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="The register.")
    number: Mapped[int] = mapped_column(BigInteger, doc="1, 2, … a register, without a gap.")
    report: Mapped[str] = mapped_column(
        Text, doc="The report as canonical JSON, as the contract names its fields."
    )

    __table_args__ = (UniqueConstraint("register_id", "number", name="uq_z_report_register_id_number"),)
