"""An index of the few sales that were never paid, for their list."""

from pos.migrations.online import index

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Add the index; a sale for cash never touches it."""
    index("ix_sale_given_up", "sale", ["register_id", "created_at"], "status IN ('cancelled', 'expired')")
