"""A board between the machines of a shop, and which register's display a browser shows."""

import sqlalchemy as sa
from alembic import op

from pos.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Make the board, unlogged where that is known: its commits wait for no disk and for no standby."""
    op.create_table(
        "user_board",
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("register", sa.String(length=10), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('call', 'look', 'scene')", name=op.f("ck_user_board_kind")),
        sa.PrimaryKeyConstraint("kind", "register", name=op.f("pk_user_board")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("ALTER TABLE user_board SET UNLOGGED"))
    op.add_column("user_device", sa.Column("follows", sa.String(length=10), nullable=True))
