"""Payments that providers confirm: what must be asked, what came, what goes back."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Add the columns and the tables. Columns are added empty: an older till may sell meanwhile."""
    for column in (
        sa.Column("our_reference", sa.String(length=64), nullable=True),
        sa.Column("their_reference", sa.String(length=64), nullable=True),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("issuer", sa.String(length=60), nullable=True),
        sa.Column("verified_by", sa.String(length=10), nullable=True),
        sa.Column("why", sa.String(length=10), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("verified_reference", sa.String(length=64), nullable=True),
    ):
        op.add_column("payment", column)
    op.create_index("uq_payment_our_reference", "payment", ["our_reference"], unique=True)
    op.create_index(
        "ix_payment_found_at",
        "payment",
        ["settled_at"],
        unique=False,
        sqlite_where=sa.text("why IS NOT NULL"),
        postgresql_where=sa.text("why IS NOT NULL"),
    )
    _task()
    _notice()
    _refund()


def _task() -> None:
    op.create_table(
        "payment_task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("ask_at", UtcDateTime(), nullable=False),
        sa.Column("silent_since", UtcDateTime(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('create', 'ask', 'refund')", name=op.f("ck_payment_task_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_task")),
    )
    op.create_index(op.f("ix_payment_task_ask_at"), "payment_task", ["ask_at"], unique=False)


def _notice() -> None:
    op.create_table(
        "payment_notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("our_reference", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notice")),
        sa.UniqueConstraint("provider", "digest", name="uq_payment_notice_provider_digest"),
    )
    op.create_index(
        op.f("ix_payment_notice_our_reference"), "payment_notice", ["our_reference"], unique=False
    )


def _refund() -> None:
    op.create_table(
        "payment_refund",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("refund_id", sa.String(length=36), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("cash_shift_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_refund_amount")),
        sa.CheckConstraint(
            "status IN ('waiting', 'done', 'refused', 'cash')", name=op.f("ck_payment_refund_status")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_refund_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refund.id"], name=op.f("fk_payment_refund_refund_id_refund")
        ),
        sa.ForeignKeyConstraint(
            ["cash_shift_id"], ["shift.id"], name=op.f("fk_payment_refund_cash_shift_id_shift")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_refund")),
    )
    op.create_index(
        op.f("ix_payment_refund_cash_shift_id"), "payment_refund", ["cash_shift_id"], unique=False
    )
    op.create_index(op.f("ix_payment_refund_payment_id"), "payment_refund", ["payment_id"], unique=False)
