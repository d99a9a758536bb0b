"""What is to be printed, and every try to print it."""

import zlib
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from pos.db import Id, Model


class Packed(TypeDecorator[bytes]):
    """Bytes for a printer, deflated in the database: a logo alone is 7 kB of them, mostly white."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Return what the driver stores."""
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Return the bytes as the printer got them, also those that an early version kept as they are."""
        if value is None or not value.startswith(b"\x78"):  # no command of a printer begins so
            return value
        return zlib.decompress(value)


class PrintJob(Model):
    """A document for a register's printer.

    Written in the transaction of the act behind it; rendered to bytes once.
    """

    __tablename__ = "printer_job"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="Grows with time; the order of printing.")
    kind: Mapped[str] = mapped_column(
        String(12), doc="receipt, drawer, copy, refund, void, z, x, cash, label, test …"
    )
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="Whose printer.")
    sale_id: Mapped[str | None] = mapped_column(ForeignKey("sale.id"), index=True, doc="The sale behind it.")
    title: Mapped[str] = mapped_column(String(60), doc="What people call it: a receipt's number.")
    document: Mapped[str] = mapped_column(Text, doc="The document as JSON; empty for a drawer pulse.")
    payload: Mapped[bytes | None] = mapped_column(Packed, doc="The exact bytes, once rendered; deflated.")
    status: Mapped[str] = mapped_column(
        String(10), doc="queued, printing, printed, unknown, failed or expired."
    )
    confirmed: Mapped[bool] = mapped_column(doc="True when the printer itself said that it printed.")
    attempts: Mapped[int] = mapped_column(doc="Tries so far.")
    last_error: Mapped[str] = mapped_column(Text, doc="Why the last try failed, in words; empty: it did not.")
    created_at: Mapped[datetime] = mapped_column(doc="When.")
    next_at: Mapped[datetime] = mapped_column(doc="Not tried before this.")
    expires_at: Mapped[datetime] = mapped_column(doc="Not printed after this by itself.")
    ended_at: Mapped[datetime | None] = mapped_column(doc="When it reached its last state.")

    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'printing', 'printed', 'unknown', 'failed', 'expired')", name="status"
        ),
        Index(
            "ix_printer_job_open",
            "register_id",
            "next_at",
            sqlite_where=text("status IN ('queued', 'printing', 'unknown')"),
        ),
    )


class PrintAttempt(Model):
    """A try, recorded before it is made; one without an end was cut off and makes its job unknown."""

    __tablename__ = "printer_attempt"

    job_id: Mapped[str] = mapped_column(ForeignKey("printer_job.id"), primary_key=True, doc="The job.")
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="1, 2, …")
    printer: Mapped[str] = mapped_column(String(40), doc="Which printer.")
    worker: Mapped[str] = mapped_column(String(40), doc="Which process tried.")
    started_at: Mapped[datetime] = mapped_column(doc="Before the first byte.")
    ended_at: Mapped[datetime | None] = mapped_column(doc="When the outcome was known.")
    outcome: Mapped[str | None] = mapped_column(String(10), doc="not_sent, printed or unknown.")
    bytes_written: Mapped[int | None] = mapped_column(BigInteger, doc="How many bytes the printer took.")
    error: Mapped[str] = mapped_column(Text, doc="What went wrong, in words.")
