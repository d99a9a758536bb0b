"""What providers say they collected and paid out, and the rates by which a fee is estimated before."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class SettlementFile(Model):
    """One file of a provider, imported once and never changed."""

    __tablename__ = "settlement_file"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="Our id.")
    name: Mapped[str] = mapped_column(String(120), doc="What the file was called.")
    sha256: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the file: the same one counts once.")
    provider: Mapped[str] = mapped_column(String(20), doc="Whose file it is: a profile's key.")
    imported_at: Mapped[datetime] = mapped_column(index=True, doc="When it was imported.")
    imported_by: Mapped[str] = mapped_column(String(40), doc="Who imported it.")
    row_count: Mapped[int] = mapped_column(doc="How many transactions it has, repeated ones included.")
    skipped: Mapped[int] = mapped_column(doc="How many lines were none: failed payments, sums, notes.")
    gross: Mapped[int] = mapped_column(
        BigInteger, doc="Rupiah of payments less refunds; repeated rows count once."
    )
    fee: Mapped[int | None] = mapped_column(
        BigInteger, doc="Rupiah the provider kept; null: the file does not tell of each row."
    )
    net: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah paid out; null as with the fee.")
    first_on: Mapped[date] = mapped_column(doc="The first day in it, by the file's own clock.")
    last_on: Mapped[date] = mapped_column(doc="The last day in it.")
    utc_offset: Mapped[int] = mapped_column(doc="Minutes by which the file's clock is ahead of UTC.")

    __table_args__ = (
        UniqueConstraint("sha256", name="uq_settlement_file_sha256"),
        CheckConstraint("row_count > 0", name="row_count"),
        CheckConstraint("first_on <= last_on", name="period"),
        CheckConstraint("(fee IS NULL) = (net IS NULL)", name="fee"),
        CheckConstraint("fee IS NULL OR gross = fee + net", name="net"),
    )


class SettlementRow(Model):
    """One transaction of a file, and which of our payments it is."""

    __tablename__ = "settlement_row"

    file_id: Mapped[str] = mapped_column(
        ForeignKey("settlement_file.id"), primary_key=True, doc="The file it stands in."
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Its line there, from 1.")
    kind: Mapped[str] = mapped_column(String(8), doc="payment: money that came; refund: that went back.")
    day: Mapped[date] = mapped_column(doc="Its day, by the file's own clock.")
    at: Mapped[datetime | None] = mapped_column(doc="When; null: the file gives only the day.")
    reference: Mapped[str] = mapped_column(String(64), doc="The provider's number of it; empty: none.")
    our_reference: Mapped[str] = mapped_column(
        String(64), doc="Our number of the attempt, as the provider repeats it; empty: none."
    )
    rrn: Mapped[str] = mapped_column(String(64), doc="The retrieval reference number; empty: none.")
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah the buyer paid, or got back.")
    fee: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah kept of it; null: the file doesn't tell.")
    net: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah paid out; null as with the fee.")
    issuer: Mapped[str] = mapped_column(String(60), doc="The buyer's bank or wallet; may be empty.")
    terminal: Mapped[str] = mapped_column(String(60), doc="The provider's terminal; may be empty.")
    outcome: Mapped[str] = mapped_column(
        String(10),
        doc="matched; amount: our payment, another amount; theirs: no payment of ours; refund; duplicate.",
    )
    payment_id: Mapped[str | None] = mapped_column(
        ForeignKey("payment.id"), doc="Our payment; with theirs an attempt that we believe unpaid."
    )
    matched_by: Mapped[str | None] = mapped_column(
        String(10), doc="What told: reference, rrn, time (amount and time), hand; null: nothing."
    )
    reason: Mapped[str] = mapped_column(Text, doc="Why it was matched by hand; else empty.")
    decided_by: Mapped[str | None] = mapped_column(String(40), doc="Who matched it by hand; null: nobody.")

    __table_args__ = (
        CheckConstraint("kind IN ('payment', 'refund')", name="kind"),
        CheckConstraint("outcome IN ('matched', 'amount', 'theirs', 'refund', 'duplicate')", name="outcome"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(fee IS NULL) = (net IS NULL)", name="fee"),
        CheckConstraint("fee IS NULL OR amount = fee + net", name="net"),
        CheckConstraint("outcome NOT IN ('matched', 'amount') OR payment_id IS NOT NULL", name="payment"),
        CheckConstraint("(matched_by = 'hand') <= (decided_by IS NOT NULL)", name="hand"),
        Index(
            "uq_settlement_row_payment_id",
            "payment_id",
            unique=True,
            sqlite_where=text("outcome IN ('matched', 'amount')"),
        ),
        Index("ix_settlement_row_day", "day"),
    )


class FeeRate(Model):
    """What a provider keeps of a payment (MDR), from a date on: for estimates; the file is the truth."""

    __tablename__ = "setting_fee_rate"

    criteria: Mapped[str] = mapped_column(
        String(3), primary_key=True, doc="The merchant's class: UMI, UKE, UME, UBE, URE, PSO, BLU …"
    )
    from_on: Mapped[date] = mapped_column(primary_key=True, doc="The first day it holds.")
    above: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, doc="It holds for payments above so many rupiah."
    )
    rate_bp: Mapped[int] = mapped_column(doc="Of the whole payment, in basis points: 70 is 0,7 %.")

    __table_args__ = (
        CheckConstraint("above >= 0", name="above"),
        CheckConstraint("rate_bp BETWEEN 0 AND 1000", name="rate_bp"),
    )
