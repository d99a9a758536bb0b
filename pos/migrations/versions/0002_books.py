"""Books, stock and shifts."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
compatible = False


def upgrade() -> None:
    """Make the tables."""
    _book()
    _entry()
    _stock_paper()
    _stock_balance()
    _movement()
    _shift()
    _cash_event()
    _cash_count()
    _z_report()


def _book() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.Column("sale_count", sa.BigInteger(), nullable=False),
        sa.Column("refund_count", sa.BigInteger(), nullable=False),
        sa.Column("z_count", sa.BigInteger(), nullable=False),
        sa.Column("grand_total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("grand_total >= 0", name=op.f("ck_book_grand_total")),
        sa.CheckConstraint(
            "sale_count >= 0 AND refund_count >= 0 AND z_count >= 0", name=op.f("ck_book_counts")
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_book_seq")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_book_register_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
        sa.UniqueConstraint("code", name=op.f("uq_book_code")),
        sa.UniqueConstraint("register_id", name=op.f("uq_book_register_id")),
    )


def _entry() -> None:
    op.create_table(
        "entry",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=True),
        sa.Column("request_hash", sa.String(length=64), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_entry_seq")),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_entry_book_id_book")),
        sa.PrimaryKeyConstraint("book_id", "seq", name=op.f("pk_entry")),
        sa.UniqueConstraint("request_id", name="uq_entry_request_id"),
    )


def _stock_paper() -> None:
    op.create_table(
        "stock_paper",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kind IN ('receipt', 'adjustment')", name=op.f("ck_stock_paper_kind")),
        sa.CheckConstraint(
            "reason IN ('receipt', 'count', 'waste', 'sample', 'correction')",
            name=op.f("ck_stock_paper_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_stock_paper_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_paper")),
    )
    op.create_index(op.f("ix_stock_paper_at"), "stock_paper", ["at"], unique=False)


def _stock_balance() -> None:
    op.create_table(
        "stock_balance",
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("reserved <= on_hand", name=op.f("ck_stock_balance_on_hand")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_stock_balance_reserved")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_stock_balance_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_balance_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_balance_product_id_product")
        ),
        sa.PrimaryKeyConstraint("location_id", "product_id", "lot_id", name=op.f("pk_stock_balance")),
    )


def _movement() -> None:
    op.create_table(
        "movement",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_movement_places")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_movement_quantity")),
        sa.ForeignKeyConstraint(["book_id", "seq"], ["entry.book_id", "entry.seq"], name="fk_movement_entry"),
        sa.ForeignKeyConstraint(["from_id"], ["location.id"], name=op.f("fk_movement_from_id_location")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_movement_lot_id_lot")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_movement_product_id_product")),
        sa.ForeignKeyConstraint(["to_id"], ["location.id"], name=op.f("fk_movement_to_id_location")),
        sa.PrimaryKeyConstraint("book_id", "seq", "position", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_at", "movement", ["at"], unique=False)


def _shift() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_seq", sa.BigInteger(), nullable=False),
        sa.Column("float", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_shift_closed")),
        sa.CheckConstraint("status IN ('open', 'counted', 'closed')", name=op.f("ck_shift_status")),
        sa.CheckConstraint('"float" >= 0', name=op.f("ck_shift_float")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_shift_register_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_business_date"), "shift", ["business_date"], unique=False)
    op.create_index(
        "uq_shift_open_register_id",
        "shift",
        ["register_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )


def _cash_event() -> None:
    op.create_table(
        "cash_event",
        sa.Column("book_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('refund', 'pay_out') THEN amount <= 0 "
            "WHEN kind = 'no_sale' THEN amount = 0 ELSE amount >= 0 END",
            name=op.f("ck_cash_event_sign"),
        ),
        sa.CheckConstraint(
            "kind IN ('float', 'sale', 'refund', 'pay_in', 'pay_out', 'no_sale')",
            name=op.f("ck_cash_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["book_id", "seq"], ["entry.book_id", "entry.seq"], name="fk_cash_event_entry"
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_cash_event_shift_id_shift")),
        sa.PrimaryKeyConstraint("book_id", "seq", name=op.f("pk_cash_event")),
    )


def _cash_count() -> None:
    op.create_table(
        "cash_count",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("denominations", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_cash_count_counted")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_cash_count_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_count")),
        sa.UniqueConstraint("shift_id", "position", name="uq_cash_count_shift_id_position"),
    )
    op.create_index(op.f("ix_cash_count_shift_id"), "cash_count", ["shift_id"], unique=False)


def _z_report() -> None:
    op.create_table(
        "z_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_z_report_register_id_register")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_z_report_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_z_report")),
        sa.UniqueConstraint("register_id", "number", name="uq_z_report_register_id_number"),
        sa.UniqueConstraint("shift_id", name=op.f("uq_z_report_shift_id")),
    )
