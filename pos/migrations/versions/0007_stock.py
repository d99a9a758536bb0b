"""Transfers, counts, where goods come from, permits and minimums; the ledger of a product by an index."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.migrations.online import index
from pos.models.triggers import statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
compatible = True
widened = ("ck_location_kind",)

KINDS = "kind IN ('stock', 'transit', 'supplier', 'customer', 'loss')"


def upgrade() -> None:
    """Make the tables and add columns that may stay empty: an older till sells on without them."""
    _supply()
    _transfer()
    _count()
    _counted()
    _change()
    index("ix_lot_expires_on", "lot", ["expires_on"])
    index("ix_movement_product_at", "movement", ["product_id", "at", "lot_id"])
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _change() -> None:
    """Add to lots what they are made from, and a kind of location; SQLite has to copy both tables for it."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("location", recreate="always" if sqlite else "never") as location:
        location.drop_constraint(op.f("ck_location_kind"), type_="check")
        location.create_check_constraint(op.f("ck_location_kind"), KINDS)
    with op.batch_alter_table("lot", recreate="always" if sqlite else "never") as lot:
        lot.add_column(sa.Column("made_on", sa.Date(), nullable=True))
        lot.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        lot.create_foreign_key(
            op.f("fk_lot_source_id_product_source"),
            "product_source",
            ["source_id"],
            ["id"],
            postgresql_not_valid=True,
        )
        lot.create_check_constraint(
            op.f("ck_lot_made_on"), "made_on <= expires_on", postgresql_not_valid=True
        )


def _supply() -> None:
    op.create_table(
        "product_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('supplier', 'maker')", name=op.f("ck_product_source_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_source")),
        sa.UniqueConstraint("name", name="uq_product_source_name"),
    )
    op.create_table(
        "product_permit",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('pirt', 'halal')", name=op.f("ck_product_permit_kind")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_permit_product_id_product")
        ),
        sa.PrimaryKeyConstraint("product_id", "kind", name=op.f("pk_product_permit")),
    )
    op.create_table(
        "product_minimum",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minimum > 0", name=op.f("ck_product_minimum_minimum")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_product_minimum_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_minimum_product_id_product")
        ),
        sa.PrimaryKeyConstraint("product_id", "location_id", name=op.f("pk_product_minimum")),
    )


def _transfer() -> None:
    op.create_table(
        "stock_transfer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.Column("received_by", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'received') = (received_at IS NOT NULL)", name=op.f("ck_stock_transfer_received")
        ),
        sa.CheckConstraint("status IN ('sent', 'received')", name=op.f("ck_stock_transfer_status")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_stock_transfer_places")),
        sa.ForeignKeyConstraint(
            ["from_id"], ["location.id"], name=op.f("fk_stock_transfer_from_id_location")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["location.id"], name=op.f("fk_stock_transfer_to_id_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_transfer")),
    )
    op.create_index(
        "ix_stock_transfer_open",
        "stock_transfer",
        ["to_id"],
        unique=False,
        sqlite_where=sa.text("status = 'sent'"),
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_index("ix_stock_transfer_sent_at", "stock_transfer", ["sent_at", "id"], unique=False)
    op.create_table(
        "stock_transfer_line",
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('sent', 'received')", name=op.f("ck_stock_transfer_line_side")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_transfer_line_quantity")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_transfer_line_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_transfer_line_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["stock_transfer.id"],
            name=op.f("fk_stock_transfer_line_transfer_id_stock_transfer"),
        ),
        sa.PrimaryKeyConstraint("transfer_id", "side", "position", name=op.f("pk_stock_transfer_line")),
    )


def _count() -> None:
    op.create_table(
        "stock_count",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("started_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(status = 'open') = (ended_at IS NULL)", name=op.f("ck_stock_count_ended")),
        sa.CheckConstraint("status IN ('open', 'posted', 'dropped')", name=op.f("ck_stock_count_status")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_stock_count_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
    )
    op.create_index("ix_stock_count_started_at", "stock_count", ["started_at", "id"], unique=False)
    op.create_index(
        "uq_stock_count_open",
        "stock_count",
        ["location_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "stock_count_frozen",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_count_frozen_on_hand")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_frozen_count_id_stock_count")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_count_frozen_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_count_frozen_product_id_product")
        ),
        sa.PrimaryKeyConstraint("count_id", "lot_id", name=op.f("pk_stock_count_frozen")),
    )


def _counted() -> None:
    op.create_table(
        "stock_count_tally",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("on_books", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kind = 'add' OR quantity >= 0", name=op.f("ck_stock_count_tally_quantity")),
        sa.CheckConstraint("kind IN ('add', 'set', 'again')", name=op.f("ck_stock_count_tally_kind")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_tally_count_id_stock_count")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_count_tally_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_count_tally_product_id_product")
        ),
        sa.PrimaryKeyConstraint("count_id", "number", name=op.f("pk_stock_count_tally")),
    )
    op.create_table(
        "stock_count_result",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("on_books", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_result_counted")),
        sa.CheckConstraint("difference = counted - on_books", name=op.f("ck_stock_count_result_difference")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_result_count_id_stock_count")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_count_result_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_count_result_product_id_product")
        ),
        sa.PrimaryKeyConstraint("count_id", "lot_id", name=op.f("pk_stock_count_result")),
    )
