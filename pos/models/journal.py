"""Books and their entries: the hash-chained journal."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class Book(Model):
    """A chain of entries: one a register, and the office's for stock papers, prices, people and settings.

    Its row is what a writer locks first; the counters here are derived from the entries and checked by `pos
    verify`.
    """

    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    code: Mapped[str] = mapped_column(String(20), unique=True, doc="OFFICE, or the code of the register.")
    register_id: Mapped[int | None] = mapped_column(
        ForeignKey("register.id"), unique=True, doc="The register whose book it is; null for the office."
    )
    seq: Mapped[int] = mapped_column(BigInteger, doc="Number of entries; the last one's seq.")
    head: Mapped[str] = mapped_column(String(64), doc="Hash of the last entry, or 64 zeros.")
    last_at: Mapped[datetime | None] = mapped_column(
        doc="Instant of the last entry; the clock is compared with it."
    )
    sale_count: Mapped[int] = mapped_column(BigInteger, doc="Completed sales; the last number given.")
    refund_count: Mapped[int] = mapped_column(BigInteger, doc="Refunds and voids; their last number.")
    z_count: Mapped[int] = mapped_column(BigInteger, doc="Closed shifts; the last Z number.")
    grand_total: Mapped[int] = mapped_column(
        BigInteger, doc="Rupiah of every sale ever completed, never reduced."
    )

    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("sale_count >= 0 AND refund_count >= 0 AND z_count >= 0", name="counts"),
        CheckConstraint("grand_total >= 0", name="grand_total"),
    )


class Entry(Model):
    """One act of the business: every row it wrote, in full, and the hash over it and the hash before it."""

    __tablename__ = "entry"

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), primary_key=True, doc="The book.")
    seq: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, doc="Position in the book, from 1, without a gap."
    )
    at: Mapped[datetime] = mapped_column(doc="When it happened.")
    kind: Mapped[str] = mapped_column(String(30), doc="What happened: sale, refund, shift_opened, …")
    actor: Mapped[str] = mapped_column(Text, doc="Who, as canonical JSON: user, role, approver.")
    request_id: Mapped[str | None] = mapped_column(
        Id, doc="The client's id of the act; a replay finds it here."
    )
    request_hash: Mapped[str | None] = mapped_column(
        String(64), doc="SHA-256 of the request without its approval."
    )
    content: Mapped[str] = mapped_column(Text, doc="The rows written, as canonical JSON {table: [row, …]}.")
    previous: Mapped[str] = mapped_column(String(64), doc="Hash of the entry before, 64 zeros for the first.")
    hash: Mapped[str] = mapped_column(String(64), doc="SHA-256 over all of the above.")

    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq"),
        UniqueConstraint("request_id", name="uq_entry_request_id"),
    )
