"""Another word on how a sale was paid."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.models.triggers import statements

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Make the tables. An older till sells on; the reports it makes of other tills leave corrections out."""
    op.create_table(
        "tender_correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_tender_correction_position")),
        sa.CheckConstraint("change >= 0", name=op.f("ck_tender_correction_change")),
        sa.CheckConstraint("(moved = 0) = (payment_id IS NULL)", name=op.f("ck_tender_correction_payment")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_tender_correction_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_tender_correction_sale_id_sale")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_tender_correction_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_correction")),
        sa.UniqueConstraint("sale_id", "position", name="uq_tender_correction_sale_id_position"),
    )
    op.create_index("ix_tender_correction_shift_id", "tender_correction", ["shift_id"])
    op.create_table(
        "corrected_tender",
        sa.Column("correction_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("method IN ('cash', 'qris')", name=op.f("ck_corrected_tender_method")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_corrected_tender_amount")),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["tender_correction.id"],
            name=op.f("fk_corrected_tender_correction_id_tender_correction"),
        ),
        sa.PrimaryKeyConstraint("correction_id", "position", name=op.f("pk_corrected_tender")),
    )
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))
