"""Files between a shop and an outlet that sells cut off."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime
from pos.models.triggers import statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Make the tables. An older till sells on."""
    op.create_table(
        "setting_exchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("back_id", sa.Integer(), nullable=True),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.CheckConstraint("side IN ('main', 'outlet')", name=op.f("ck_setting_exchange_side")),
        sa.CheckConstraint(
            "(side = 'outlet') = (back_id IS NOT NULL)", name=op.f("ck_setting_exchange_back")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_setting_exchange_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["back_id"], ["location.id"], name=op.f("fk_setting_exchange_back_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_exchange")),
        sa.UniqueConstraint("code", name=op.f("uq_setting_exchange_code")),
    )
    op.create_table(
        "exchange_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("pieces", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kind IN ('delivery', 'settlement')", name=op.f("ck_exchange_file_kind")),
        sa.CheckConstraint("number > 0", name=op.f("ck_exchange_file_number")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["setting_exchange.id"], name=op.f("fk_exchange_file_link_id_setting_exchange")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_file")),
        sa.UniqueConstraint("link_id", "kind", "number", name="uq_exchange_file_link_id_kind_number"),
    )
    op.create_table(
        "exchange_goods",
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["exchange_file.id"], name=op.f("fk_exchange_goods_file_id_exchange_file")
        ),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_exchange_goods")),
    )
    for statement in statements(op.get_bind().dialect.name, revision):
        op.execute(sa.text(statement))
