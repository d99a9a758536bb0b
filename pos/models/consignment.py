"""Goods at partners' places: handed over, sold there, taken back. Stock moves; so do rupiah they owe us."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class ConsignmentDelivery(Model):
    """A transfer to a partner's place, with the number of its delivery note."""

    __tablename__ = "consignment_delivery"

    id: Mapped[str] = mapped_column(ForeignKey("stock_transfer.id"), primary_key=True, doc="The transfer.")
    number: Mapped[int] = mapped_column(doc="Of the delivery note: 1, 2, … over all partners.")
    partner_id: Mapped[int] = mapped_column(ForeignKey("setting_partner.id"), doc="To whom.")

    __table_args__ = (
        UniqueConstraint("number", name="uq_consignment_delivery_number"),
        CheckConstraint("number > 0", name="number"),
        Index("ix_consignment_delivery_partner_id", "partner_id", "number"),
    )


class ConsignmentSale(Model):
    """What a partner says was sold there in a period: their file, or a program's message. Counted once."""

    __tablename__ = "consignment_sale"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    number: Mapped[int] = mapped_column(doc="Our own: 1, 2, … over all partners.")
    partner_id: Mapped[int] = mapped_column(ForeignKey("setting_partner.id"), doc="Who sold.")
    document: Mapped[str] = mapped_column(String(60), doc="Their number of it; may be empty.")
    from_on: Mapped[date] = mapped_column(doc="The first day of the period.")
    until_on: Mapped[date] = mapped_column(doc="The last day of the period.")
    file_name: Mapped[str] = mapped_column(String(120), doc="What their file was called; empty: no file.")
    sha256: Mapped[str | None] = mapped_column(String(64), doc="SHA-256 of their file; null: no file.")
    note: Mapped[str] = mapped_column(Text, doc="In the person's own words; may be empty.")
    at: Mapped[datetime] = mapped_column(doc="When it was booked.")
    by: Mapped[str] = mapped_column(String(40), doc="Who booked it.")
    commission_bp: Mapped[int] = mapped_column(doc="What they keep, in basis points, as it was then.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces sold less pieces taken back there.")
    gross: Mapped[int] = mapped_column(BigInteger, doc="Rupiah at the agreed prices: the sum of the lines.")
    commission: Mapped[int] = mapped_column(
        BigInteger, doc="Rupiah they keep of gross, rounded half up; the sum of the lines."
    )
    due: Mapped[int] = mapped_column(BigInteger, doc="Rupiah they owe us: gross less commission.")
    status: Mapped[str] = mapped_column(String(8), doc="booked, or reversed: as if it had never been.")
    reversed_at: Mapped[datetime | None] = mapped_column(doc="When it was reversed.")
    reversed_by: Mapped[str | None] = mapped_column(String(40), doc="Who reversed it.")
    reason: Mapped[str | None] = mapped_column(Text, doc="Why it was reversed.")

    __table_args__ = (
        UniqueConstraint("number", name="uq_consignment_sale_number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("from_on <= until_on", name="period"),
        CheckConstraint("commission_bp BETWEEN 0 AND 10000", name="commission_bp"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("due = gross - commission", name="due"),
        CheckConstraint("status IN ('booked', 'reversed')", name="status"),
        CheckConstraint("(status = 'reversed') = (reversed_at IS NOT NULL)", name="reversed"),
        Index(
            "uq_consignment_sale_sha256",
            "sha256",
            unique=True,
            sqlite_where=text("status = 'booked'"),
        ),
        Index(
            "uq_consignment_sale_document",
            "partner_id",
            "from_on",
            "until_on",
            "document",
            unique=True,
            sqlite_where=text("status = 'booked'"),
        ),
        Index("ix_consignment_sale_partner_id", "partner_id", "until_on"),
        Index("ix_consignment_sale_at", "at", "id"),
    )


class ConsignmentSaleLine(Model):
    """One row of what a partner sold: pieces at the agreed price. Below zero: a buyer brought them back."""

    __tablename__ = "consignment_sale_line"

    sale_id: Mapped[str] = mapped_column(
        ForeignKey("consignment_sale.id"), primary_key=True, doc="Of which report."
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    row: Mapped[int] = mapped_column(doc="The row in their file, as a spreadsheet numbers it; 0: no file.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="What.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces; below zero: brought back.")
    unit_price: Mapped[int] = mapped_column(BigInteger, doc="Rupiah a piece, as agreed for that day.")
    gross: Mapped[int] = mapped_column(BigInteger, doc="Quantity times unit price.")
    commission: Mapped[int] = mapped_column(
        BigInteger, doc="Their part of it, so that the lines add up to the report's."
    )
    their_price: Mapped[int | None] = mapped_column(
        BigInteger, doc="Rupiah a piece as their file has it; null: it doesn't tell. Never counted."
    )
    sold_on: Mapped[date | None] = mapped_column(doc="The day; null: some day of the period.")
    outlet: Mapped[str] = mapped_column(String(60), doc="In which of their shops; may be empty.")

    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint("gross = quantity * unit_price", name="gross"),
    )


class ConsignmentReturn(Model):
    """Goods that came back from a partner unsold, and those that were spoiled there."""

    __tablename__ = "consignment_return"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    number: Mapped[int] = mapped_column(doc="Of the return note: 1, 2, … over all partners.")
    partner_id: Mapped[int] = mapped_column(ForeignKey("setting_partner.id"), doc="From whom.")
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="Where the good ones came to.")
    note: Mapped[str] = mapped_column(Text, doc="In the person's own words; may be empty.")
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who took them back.")

    __table_args__ = (
        UniqueConstraint("number", name="uq_consignment_return_number"),
        CheckConstraint("number > 0", name="number"),
        Index("ix_consignment_return_partner_id", "partner_id", "number"),
    )


class ConsignmentReturnLine(Model):
    """Pieces of a lot that came back or were written off."""

    __tablename__ = "consignment_return_line"

    return_id: Mapped[str] = mapped_column(
        ForeignKey("consignment_return.id"), primary_key=True, doc="The return."
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="What.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), doc="Which lot.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")
    spoiled: Mapped[bool] = mapped_column(doc="True: written off; false: back on our shelf.")
    reason: Mapped[str] = mapped_column(Text, doc="Why it was written off; empty for what is good.")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("NOT spoiled OR reason <> ''", name="reason"),
    )
