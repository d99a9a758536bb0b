"""Settlement files of providers, and the rates by which their fees are estimated."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.models.triggers import statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
compatible = True

RATES = (
    # Bank Indonesia, since 1 September 2023 for micro merchants, since 1 December 2024 up to Rp 500.000.
    ("UMI", date(2020, 1, 1), 0, 0),
    ("UMI", date(2023, 7, 1), 0, 30),
    ("UMI", date(2023, 9, 1), 0, 0),
    ("UMI", date(2023, 9, 1), 100_000, 30),
    ("UMI", date(2024, 12, 1), 0, 0),
    ("UMI", date(2024, 12, 1), 500_000, 30),
    ("UKE", date(2020, 1, 1), 0, 70),
    ("UME", date(2020, 1, 1), 0, 70),
    ("UBE", date(2020, 1, 1), 0, 70),
    ("URE", date(2020, 1, 1), 0, 70),
    ("PSO", date(2020, 1, 1), 0, 40),
    ("PSO", date(2025, 3, 14), 0, 0),
    ("BLU", date(2020, 1, 1), 0, 40),
    ("BLU", date(2025, 3, 14), 0, 0),
    ("EDU", date(2020, 1, 1), 0, 60),
    ("BBM", date(2020, 1, 1), 0, 40),
    ("DON", date(2020, 1, 1), 0, 0),
)


def upgrade() -> None:
    """Make the tables; an older till sells on without them."""
    _file()
    _row()
    _rate()
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))


def _file() -> None:
    op.create_table(
        "settlement_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=40), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("utc_offset", sa.Integer(), nullable=False),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_settlement_file_row_count")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_settlement_file_period")),
        sa.CheckConstraint("(fee IS NULL) = (net IS NULL)", name=op.f("ck_settlement_file_fee")),
        sa.CheckConstraint("fee IS NULL OR gross = fee + net", name=op.f("ck_settlement_file_net")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_file")),
        sa.UniqueConstraint("sha256", name="uq_settlement_file_sha256"),
    )
    op.create_index(op.f("ix_settlement_file_imported_at"), "settlement_file", ["imported_at"], unique=False)


def _row() -> None:
    op.create_table(
        "settlement_row",
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("our_reference", sa.String(length=64), nullable=False),
        sa.Column("rrn", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("issuer", sa.String(length=60), nullable=False),
        sa.Column("terminal", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("matched_by", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("kind IN ('payment', 'refund')", name=op.f("ck_settlement_row_kind")),
        sa.CheckConstraint(
            "outcome IN ('matched', 'amount', 'theirs', 'refund', 'duplicate')",
            name=op.f("ck_settlement_row_outcome"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_settlement_row_amount")),
        sa.CheckConstraint("(fee IS NULL) = (net IS NULL)", name=op.f("ck_settlement_row_fee")),
        sa.CheckConstraint("fee IS NULL OR amount = fee + net", name=op.f("ck_settlement_row_net")),
        sa.CheckConstraint(
            "outcome NOT IN ('matched', 'amount') OR payment_id IS NOT NULL",
            name=op.f("ck_settlement_row_payment"),
        ),
        sa.CheckConstraint(
            "(matched_by = 'hand') <= (decided_by IS NOT NULL)", name=op.f("ck_settlement_row_hand")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["settlement_file.id"], name=op.f("fk_settlement_row_file_id_settlement_file")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_settlement_row_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("file_id", "line", name=op.f("pk_settlement_row")),
    )
    op.create_index(
        "uq_settlement_row_payment_id",
        "settlement_row",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("outcome IN ('matched', 'amount')"),
        postgresql_where=sa.text("outcome IN ('matched', 'amount')"),
    )
    op.create_index("ix_settlement_row_day", "settlement_row", ["day"], unique=False)


def _rate() -> None:
    rates = op.create_table(
        "setting_fee_rate",
        sa.Column("criteria", sa.String(length=3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("above", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("above >= 0", name=op.f("ck_setting_fee_rate_above")),
        sa.CheckConstraint("rate_bp BETWEEN 0 AND 1000", name=op.f("ck_setting_fee_rate_rate_bp")),
        sa.PrimaryKeyConstraint("criteria", "from_on", "above", name=op.f("pk_setting_fee_rate")),
    )
    names = ("criteria", "from_on", "above", "rate_bp")
    op.bulk_insert(rates, [dict(zip(names, rate, strict=True)) for rate in RATES])
