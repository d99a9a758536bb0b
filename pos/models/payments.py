"""Money by QRIS: attempts to collect it, what a provider still has to be asked, and what goes back."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class Payment(Model):
    """One code shown to one buyer, and what became of it.

    Money that found no sale to pay is kept as `late` until somebody decides: it came after the sale was given
    up, or a second time (then it has a row of its own, without a code), or it was another amount.
    """

    __tablename__ = "payment"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="Our id.")
    sale_id: Mapped[str] = mapped_column(ForeignKey("sale.id"), index=True, doc="The sale.")
    provider: Mapped[str] = mapped_column(
        String(20), doc="Which provider made the code: static, simulator, snap, midtrans."
    )
    status: Mapped[str] = mapped_column(
        String(10), doc="waiting, paid, expired, cancelled, failed, late, refunded."
    )
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah asked for.")
    paid_amount: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah paid, once known.")
    payload: Mapped[str | None] = mapped_column(Text, doc="The code's text (EMVCo).")
    reference: Mapped[str | None] = mapped_column(
        String(64), doc="The payment's number (RRN), from the provider or the merchant's own app."
    )
    created_at: Mapped[datetime] = mapped_column(doc="When the code was made.")
    expires_at: Mapped[datetime] = mapped_column(doc="Until when it is waited for.")
    settled_at: Mapped[datetime | None] = mapped_column(doc="When it was confirmed, cancelled or expired.")
    confirmed_by: Mapped[str | None] = mapped_column(String(40), doc="Who confirmed by hand.")
    approved_by: Mapped[str | None] = mapped_column(String(40), doc="Who allowed it above the limit.")
    our_reference: Mapped[str | None] = mapped_column(
        String(64), doc="Our number of the attempt at the provider; null: a code of our own."
    )
    their_reference: Mapped[str | None] = mapped_column(String(64), doc="The provider's number of the code.")
    paid_at: Mapped[datetime | None] = mapped_column(doc="When the buyer paid, as the provider says.")
    issuer: Mapped[str | None] = mapped_column(String(60), doc="The buyer's bank or wallet.")
    verified_by: Mapped[str | None] = mapped_column(
        String(10), doc="Who says so beside a person: provider or settlement; null: nobody yet."
    )
    why: Mapped[str | None] = mapped_column(
        String(10), doc="Why it found no sale: late (given up), twice, amount (another than asked)."
    )
    decision: Mapped[str | None] = mapped_column(
        String(10), doc="What was done with it: attached, refunded, kept (found money); null: not decided."
    )
    decision_reason: Mapped[str | None] = mapped_column(Text, doc="Why so.")
    decided_by: Mapped[str | None] = mapped_column(String(40), doc="Who decided.")
    decided_at: Mapped[datetime | None] = mapped_column(doc="When it was decided.")
    verified_reference: Mapped[str | None] = mapped_column(
        String(64), doc="The provider's own number of a payment that was confirmed by hand with another."
    )

    __table_args__ = (
        UniqueConstraint("provider", "reference", name="uq_payment_provider_reference"),
        Index("uq_payment_our_reference", "our_reference", unique=True),
        Index(
            "ix_payment_found_at",
            "settled_at",
            sqlite_where=text("why IS NOT NULL"),
        ),
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
        ),
        Index(
            "ix_payment_expires_at",
            "expires_at",
            sqlite_where=text("status = 'waiting'"),
        ),
    )


class PaymentTask(Model):
    """Something a provider has to be asked: bookkeeping, not part of the books.

    It survives a restart, and of several machines one asks: whoever holds the lease.
    """

    __tablename__ = "payment_task"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The payment's id, or that of the money back.")
    kind: Mapped[str] = mapped_column(String(8), doc="create: make the code; ask: was it paid; refund.")
    provider: Mapped[str] = mapped_column(String(20), doc="Whom to ask.")
    ask_at: Mapped[datetime] = mapped_column(index=True, doc="When to ask next.")
    silent_since: Mapped[datetime | None] = mapped_column(
        doc="Since when no question was answered; null: the last one was."
    )
    leased_until: Mapped[datetime | None] = mapped_column(doc="Until when nobody else may ask.")
    leased_by: Mapped[str | None] = mapped_column(String(40), doc="Which process asks: host:pid.")
    trouble: Mapped[str] = mapped_column(Text, doc="What went wrong last, in words; empty: nothing.")

    __table_args__ = (CheckConstraint("kind IN ('create', 'ask', 'refund')", name="kind"),)


class PaymentNotice(Model):
    """A notification of a provider with a right signature, kept as it came; it moves no money."""

    __tablename__ = "payment_notice"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="Our id.")
    provider: Mapped[str] = mapped_column(String(20), doc="Who sent it.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the body: the same is kept once.")
    our_reference: Mapped[str] = mapped_column(String(64), index=True, doc="Which attempt it is about.")
    body: Mapped[str] = mapped_column(Text, doc="The body as it came.")
    received_at: Mapped[datetime] = mapped_column(doc="When it came first.")
    last_at: Mapped[datetime] = mapped_column(doc="When the same came last.")

    __table_args__ = (UniqueConstraint("provider", "digest", name="uq_payment_notice_provider_digest"),)


class PaymentRefund(Model):
    """Money that goes back through the provider. Its id is the key that keeps it from going twice."""

    __tablename__ = "payment_refund"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="Our id, and the key at the provider.")
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"), index=True, doc="Which payment.")
    refund_id: Mapped[str | None] = mapped_column(
        ForeignKey("refund.id"), doc="The refund or void it belongs to; null: of money that found no sale."
    )
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah.")
    status: Mapped[str] = mapped_column(
        String(8), doc="waiting; done; refused: somebody must pay in cash; cash: that was done."
    )
    reference: Mapped[str] = mapped_column(String(64), doc="The provider's number of it; empty: none.")
    trouble: Mapped[str] = mapped_column(Text, doc="Why the provider refused; empty: it did not.")
    at: Mapped[datetime] = mapped_column(doc="When it was decided.")
    by: Mapped[str] = mapped_column(String(40), doc="Who decided.")
    ended_at: Mapped[datetime | None] = mapped_column(doc="When it ended.")
    cash_shift_id: Mapped[str | None] = mapped_column(
        ForeignKey("shift.id"), index=True, doc="The shift that paid it in cash instead; null: none did."
    )

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("status IN ('waiting', 'done', 'refused', 'cash')", name="status"),
        Index(
            "ix_payment_refund_open",
            "payment_id",
            sqlite_where=text("status IN ('waiting', 'refused')"),
        ),
    )
