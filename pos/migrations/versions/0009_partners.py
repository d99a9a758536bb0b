"""Partners: their prices, what they were given, what they sold, what came back."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.migrations.online import index
from pos.models.triggers import statements

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
compatible = True

OF_PAPERS = "reason NOT IN ('sale', 'refund', 'void')"


def upgrade() -> None:
    """Make the tables, and an index of what papers moved by place. An older till sells on."""
    _partners()
    _delivery()
    _sale()
    _sale_found()
    _sale_line()
    _return()
    for side in ("from", "to"):
        index(f"ix_movement_paper_{side}", "movement", [f"{side}_id", "at"], OF_PAPERS)
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _partners() -> None:
    op.create_table(
        "setting_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("commission_bp", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('shop', 'supermarket', 'outlet')", name=op.f("ck_setting_partner_kind")),
        sa.CheckConstraint(
            "commission_bp BETWEEN 0 AND 10000", name=op.f("ck_setting_partner_commission_bp")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_setting_partner_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_partner")),
        sa.UniqueConstraint("location_id", name="uq_setting_partner_location_id"),
    )
    op.create_table(
        "price_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_price_partner_amount")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["setting_partner.id"], name=op.f("fk_price_partner_partner_id_setting_partner")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_price_partner_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_partner")),
    )
    op.create_index(
        "ix_price_partner_partner_id",
        "price_partner",
        ["partner_id", "product_id", "valid_from"],
        unique=False,
    )


def _delivery() -> None:
    op.create_table(
        "consignment_delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_consignment_delivery_number")),
        sa.ForeignKeyConstraint(
            ["id"], ["stock_transfer.id"], name=op.f("fk_consignment_delivery_id_stock_transfer")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["setting_partner.id"],
            name=op.f("fk_consignment_delivery_partner_id_setting_partner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_delivery")),
        sa.UniqueConstraint("number", name="uq_consignment_delivery_number"),
    )
    op.create_index(
        "ix_consignment_delivery_partner_id", "consignment_delivery", ["partner_id", "number"], unique=False
    )


def _sale() -> None:
    op.create_table(
        "consignment_sale",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("commission_bp", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.Column("reversed_by", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'reversed') = (reversed_at IS NOT NULL)", name=op.f("ck_consignment_sale_reversed")
        ),
        sa.CheckConstraint("status IN ('booked', 'reversed')", name=op.f("ck_consignment_sale_status")),
        sa.CheckConstraint(
            "commission_bp BETWEEN 0 AND 10000", name=op.f("ck_consignment_sale_commission_bp")
        ),
        sa.CheckConstraint("due = gross - commission", name=op.f("ck_consignment_sale_due")),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_consignment_sale_period")),
        sa.CheckConstraint("number > 0", name=op.f("ck_consignment_sale_number")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_consignment_sale_quantity")),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["setting_partner.id"],
            name=op.f("fk_consignment_sale_partner_id_setting_partner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_sale")),
        sa.UniqueConstraint("number", name="uq_consignment_sale_number"),
    )


def _sale_found() -> None:
    op.create_index("ix_consignment_sale_at", "consignment_sale", ["at", "id"], unique=False)
    op.create_index(
        "ix_consignment_sale_partner_id", "consignment_sale", ["partner_id", "until_on"], unique=False
    )
    op.create_index(
        "uq_consignment_sale_document",
        "consignment_sale",
        ["partner_id", "from_on", "until_on", "document"],
        unique=True,
        sqlite_where=sa.text("status = 'booked'"),
        postgresql_where=sa.text("status = 'booked'"),
    )
    op.create_index(
        "uq_consignment_sale_sha256",
        "consignment_sale",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("status = 'booked'"),
        postgresql_where=sa.text("status = 'booked'"),
    )


def _sale_line() -> None:
    op.create_table(
        "consignment_sale_line",
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("their_price", sa.BigInteger(), nullable=True),
        sa.Column("sold_on", sa.Date(), nullable=True),
        sa.Column("outlet", sa.String(length=60), nullable=False),
        sa.CheckConstraint("gross = quantity * unit_price", name=op.f("ck_consignment_sale_line_gross")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_consignment_sale_line_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_consignment_sale_line_unit_price")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_consignment_sale_line_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["sale_id"],
            ["consignment_sale.id"],
            name=op.f("fk_consignment_sale_line_sale_id_consignment_sale"),
        ),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_consignment_sale_line")),
    )


def _return() -> None:
    op.create_table(
        "consignment_return",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_consignment_return_number")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_consignment_return_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["setting_partner.id"],
            name=op.f("fk_consignment_return_partner_id_setting_partner"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_return")),
        sa.UniqueConstraint("number", name="uq_consignment_return_number"),
    )
    op.create_index(
        "ix_consignment_return_partner_id", "consignment_return", ["partner_id", "number"], unique=False
    )
    op.create_table(
        "consignment_return_line",
        sa.Column("return_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("spoiled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("NOT spoiled OR reason <> ''", name=op.f("ck_consignment_return_line_reason")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_consignment_return_line_quantity")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_consignment_return_line_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_consignment_return_line_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["consignment_return.id"],
            name=op.f("fk_consignment_return_line_return_id_consignment_return"),
        ),
        sa.PrimaryKeyConstraint("return_id", "position", name=op.f("pk_consignment_return_line")),
    )
