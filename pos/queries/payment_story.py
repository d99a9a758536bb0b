"""Everything known of one payment: what the books say, what the provider sent, what is still asked."""

from dataclasses import dataclass

from sqlalchemy import select

from pos.db import db
from pos.models import (
    Book,
    Entry,
    Payment,
    PaymentNotice,
    PaymentTask,
    Register,
    Sale,
    SettlementFile,
    SettlementRow,
)
from pos.queries.journal import EntryView, view_of

AROUND = 1_500
"""So many entries of the register's book around the sale are searched; an hour has a few hundred."""


def entries_about(payment_id: str, sale_id: str) -> list[EntryView]:
    """Return the entries of the register's book in which a payment stands, oldest first.

    Money is watched for an hour, so they lie close to where its sale was made; a decision days later is on
    the payment itself.
    """
    made = db.session.execute(
        select(Entry.book_id, Entry.seq).where(Entry.request_id == sale_id)
    ).one_or_none()
    if made is None:
        made = db.session.execute(
            select(Book.id, Book.seq)
            .join(Register, Register.id == Book.register_id)
            .join(Sale, Sale.register_id == Register.id)
            .where(Sale.id == sale_id)
        ).one()
    book_id, seq = made
    rows = db.session.execute(
        select(Entry, Book.code)
        .join(Book, Book.id == Entry.book_id)
        .where(
            Entry.book_id == book_id,
            Entry.seq.between(seq - AROUND, seq + AROUND),
            Entry.content.contains(f'"{payment_id}"', autoescape=True),
        )
        .order_by(Entry.seq)
    )
    return [view_of(entry, code) for entry, code in rows]


def notices_of(payment: Payment) -> list[PaymentNotice]:
    """Return the provider's notifications about a payment, oldest first."""
    if payment.our_reference is None:
        return []
    query = (
        select(PaymentNotice)
        .where(
            PaymentNotice.our_reference == payment.our_reference, PaymentNotice.provider == payment.provider
        )
        .order_by(PaymentNotice.received_at, PaymentNotice.id)
        .limit(50)
        .execution_options(populate_existing=True)
    )
    return list(db.session.execute(query).scalars())


def asked_about(payment_id: str) -> PaymentTask | None:
    """Return what the provider is still asked about a payment, None when nothing is."""
    return db.session.get(PaymentTask, payment_id, populate_existing=True)


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement file in which a payment stands."""

    file: str
    name: str
    outcome: str
    amount: int
    fee: int | None


def settled_in(payment_id: str) -> list[Settled]:
    """Return the settlement files in which a payment stands."""
    rows = db.session.execute(
        select(
            SettlementFile.id,
            SettlementFile.name,
            SettlementRow.outcome,
            SettlementRow.amount,
            SettlementRow.fee,
        )
        .join(SettlementFile, SettlementFile.id == SettlementRow.file_id)
        .where(SettlementRow.payment_id == payment_id, SettlementRow.kind == "payment")
        .order_by(SettlementFile.imported_at)
        .limit(20)
    )
    return [Settled(*row) for row in rows]
