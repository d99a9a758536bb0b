"""The oldest program that may use the schema, beside its revision; `pos.migrations` writes and reads it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Add the column. An older program does not ask: while it runs it sells on; it does not start again."""
    op.add_column("alembic_version", sa.Column("oldest", sa.String(length=32), nullable=True))
