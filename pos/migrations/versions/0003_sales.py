"""Sales, payments, refunds and the spool."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.models.triggers import statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
compatible = False


def upgrade() -> None:
    """Make the tables."""
    _sale()
    _sale_line()
    _tender()
    _reservation()
    _payment()
    _refund()
    _refund_line()
    _refund_tender()
    _receipt_copy()
    _printer_job()
    _printer_attempt()
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _sale() -> None:
    op.create_table(
        "sale",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.Column("rounding", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("cashier", sa.String(length=40), nullable=False),
        sa.Column("cashier_key", sa.String(length=20), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(status = 'completed') = (number IS NOT NULL)", name=op.f("ck_sale_numbered")),
        sa.CheckConstraint("(status = 'completed') = (seq IS NOT NULL)", name=op.f("ck_sale_entered")),
        sa.CheckConstraint(
            "status IN ('completed', 'awaiting_payment', 'cancelled', 'expired')", name=op.f("ck_sale_status")
        ),
        sa.CheckConstraint(
            "discount BETWEEN 0 AND subtotal AND subtotal <= gross", name=op.f("ck_sale_discount")
        ),
        sa.CheckConstraint("total = subtotal - discount + rounding", name=op.f("ck_sale_total")),
        sa.CheckConstraint("total >= 0 AND change >= 0", name=op.f("ck_sale_amounts")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_sale_register_id_register")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_sale_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale")),
        sa.UniqueConstraint("number", name=op.f("uq_sale_number")),
    )
    op.create_index(op.f("ix_sale_shift_id"), "sale", ["shift_id"], unique=False)
    op.create_index(
        "ix_sale_waiting",
        "sale",
        ["register_id"],
        unique=False,
        sqlite_where=sa.text("status = 'awaiting_payment'"),
        postgresql_where=sa.text("status = 'awaiting_payment'"),
    )


def _sale_line() -> None:
    op.create_table(
        "sale_line",
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("discount_reason", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("discount >= 0 AND total >= 0", name=op.f("ck_sale_line_discount")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_sale_line_quantity")),
        sa.CheckConstraint("total = quantity * unit_price - discount", name=op.f("ck_sale_line_total")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_sale_line_unit_price")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sale_line_product_id_product")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_sale_line_sale_id_sale")),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_sale_line")),
    )


def _tender() -> None:
    op.create_table(
        "tender",
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("method IN ('cash', 'qris')", name=op.f("ck_tender_method")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_tender_amount")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_tender_sale_id_sale")),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_tender")),
    )


def _reservation() -> None:
    op.create_table(
        "reservation",
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_quantity")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_reservation_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_reservation_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_reservation_product_id_product")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_reservation_sale_id_sale")),
        sa.PrimaryKeyConstraint("sale_id", "lot_id", name=op.f("pk_reservation")),
    )


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(status IN ('paid', 'late')) <= (reference IS NOT NULL)", name=op.f("ck_payment_reference")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'paid', 'expired', 'cancelled', 'failed', 'late', 'refunded')",
            name=op.f("ck_payment_status"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.CheckConstraint("paid_amount > 0", name=op.f("ck_payment_paid_amount")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_payment_sale_id_sale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("provider", "reference", name="uq_payment_provider_reference"),
    )
    op.create_index(
        "ix_payment_expires_at",
        "payment",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index(op.f("ix_payment_sale_id"), "payment", ["sale_id"], unique=False)
    op.create_index(
        "uq_payment_live_sale_id",
        "payment",
        ["sale_id"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )


def _refund() -> None:
    op.create_table(
        "refund",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("restock", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("kind IN ('refund', 'void')", name=op.f("ck_refund_kind")),
        sa.CheckConstraint("method IN ('cash', 'qris', 'mixed')", name=op.f("ck_refund_method")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_refund_total")),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_refund_register_id_register")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_refund_sale_id_sale")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_refund_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_number")),
    )
    op.create_index(op.f("ix_refund_sale_id"), "refund", ["sale_id"], unique=False)
    op.create_index(op.f("ix_refund_shift_id"), "refund", ["shift_id"], unique=False)
    op.create_index(
        "uq_refund_void_sale_id",
        "refund",
        ["sale_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'void'"),
        postgresql_where=sa.text("kind = 'void'"),
    )


def _refund_line() -> None:
    op.create_table(
        "refund_line",
        sa.Column("refund_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_refund_line_quantity")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_refund_line_total")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_refund_line_product_id_product")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_line_refund_id_refund")),
        sa.PrimaryKeyConstraint("refund_id", "position", name=op.f("pk_refund_line")),
    )


def _refund_tender() -> None:
    op.create_table(
        "refund_tender",
        sa.Column("refund_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("method IN ('cash', 'qris')", name=op.f("ck_refund_tender_method")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_refund_tender_amount")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_tender_refund_id_refund")),
        sa.PrimaryKeyConstraint("refund_id", "position", name=op.f("pk_refund_tender")),
    )


def _receipt_copy() -> None:
    op.create_table(
        "receipt_copy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.String(length=36), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_copy_number")),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_receipt_copy_register_id_register")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_receipt_copy_sale_id_sale")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_receipt_copy_shift_id_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_copy")),
        sa.UniqueConstraint("sale_id", "number", name="uq_receipt_copy_sale_id_number"),
    )
    op.create_index(op.f("ix_receipt_copy_shift_id"), "receipt_copy", ["shift_id"], unique=False)


def _printer_job() -> None:
    op.create_table(
        "printer_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'printing', 'printed', 'unknown', 'failed', 'expired')",
            name=op.f("ck_printer_job_status"),
        ),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_printer_job_register_id_register")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_printer_job_sale_id_sale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer_job")),
    )
    op.create_index(
        "ix_printer_job_open",
        "printer_job",
        ["register_id", "next_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'printing', 'unknown')"),
        postgresql_where=sa.text("status IN ('queued', 'printing', 'unknown')"),
    )
    op.create_index(op.f("ix_printer_job_sale_id"), "printer_job", ["sale_id"], unique=False)


def _printer_attempt() -> None:
    op.create_table(
        "printer_attempt",
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printer", sa.String(length=40), nullable=False),
        sa.Column("worker", sa.String(length=40), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("bytes_written", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["printer_job.id"], name=op.f("fk_printer_attempt_job_id_printer_job")
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_printer_attempt")),
    )
