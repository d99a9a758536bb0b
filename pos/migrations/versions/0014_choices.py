"""What the shop chooses for its tills: favourites, the order of categories, discounts; and notes on sales."""

import sqlalchemy as sa
from alembic import op

from pos.models.triggers import statements

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Make the tables. An older till sells on: it shows no favourites and writes no notes."""
    op.add_column("product", sa.Column("favourite", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "product_category",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_product_category")),
    )
    op.create_table(
        "discount_preset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("percent_bp", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("(percent_bp IS NULL) <> (amount IS NULL)", name=op.f("ck_discount_preset_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_discount_preset_amount")),
        sa.CheckConstraint("percent_bp BETWEEN 1 AND 10000", name=op.f("ck_discount_preset_percent_bp")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_preset")),
        sa.UniqueConstraint("name", name="uq_discount_preset_name"),
    )
    _notes()
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _notes() -> None:
    op.create_table(
        "sale_note",
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("position >= -1", name=op.f("ck_sale_note_position")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_sale_note_text")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_sale_note_sale_id_sale")),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_sale_note")),
    )
    op.create_table(
        "held_order_note",
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_held_order_note_position")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_held_order_note_text")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["held_order.id"], name=op.f("fk_held_order_note_order_id_held_order")
        ),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_held_order_note")),
    )
