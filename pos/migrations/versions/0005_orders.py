"""Orders: held carts and slips, with their reservations."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.models.triggers import statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Make the tables; an older till sells on without them."""
    _order()
    _line()
    _reservation()
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _order() -> None:
    op.create_table(
        "held_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("by_key", sa.String(length=20), nullable=False),
        sa.Column("slip_id", sa.String(length=36), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("sale_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("kind IN ('held', 'slip')", name=op.f("ck_held_order_kind")),
        sa.CheckConstraint(
            "status IN ('open', 'used', 'dropped', 'expired')", name=op.f("ck_held_order_status")
        ),
        sa.CheckConstraint("(status = 'open') = (ended_at IS NULL)", name=op.f("ck_held_order_ended")),
        sa.CheckConstraint("(status = 'used') = (sale_id IS NOT NULL)", name=op.f("ck_held_order_used")),
        sa.CheckConstraint("number > 0", name=op.f("ck_held_order_number")),
        sa.CheckConstraint("discount >= 0", name=op.f("ck_held_order_discount")),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_held_order_register_id_register")
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_held_order_outlet_id_outlet")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_held_order_sale_id_sale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_order")),
        sa.UniqueConstraint("outlet_id", "business_date", "number", name="uq_held_order_number"),
        sa.UniqueConstraint("sale_id", name="uq_held_order_sale_id"),
    )
    op.create_index(
        "ix_held_order_open",
        "held_order",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _line() -> None:
    op.create_table(
        "held_order_line",
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_held_order_line_quantity")),
        sa.CheckConstraint("discount >= 0", name=op.f("ck_held_order_line_discount")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["held_order.id"], name=op.f("fk_held_order_line_order_id_held_order")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_held_order_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_held_order_line")),
    )


def _reservation() -> None:
    table = "held_order_reservation"
    op.create_table(
        table,
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f(f"ck_{table}_quantity")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["held_order.id"], name=op.f(f"fk_{table}_order_id_held_order")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f(f"fk_{table}_lot_id_lot")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f(f"fk_{table}_product_id_product")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f(f"fk_{table}_location_id_location")
        ),
        sa.PrimaryKeyConstraint("order_id", "lot_id", name=op.f(f"pk_{table}")),
    )
