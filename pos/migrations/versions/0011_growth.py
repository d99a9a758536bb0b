"""Indexes for what is asked all day of tables that grow for years."""

from pos.migrations.online import index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Add the indexes; a sale touches the first of them, at its end."""
    index("ix_sale_register_id_created_at", "sale", ["register_id", "created_at"])
    index("ix_shift_register_id_opened_at", "shift", ["register_id", "opened_at"])
    index("ix_user_login_open", "user_login", ["device_id"], "ended_at IS NULL")
    index("ix_payment_refund_open", "payment_refund", ["payment_id"], "status IN ('waiting', 'refused')")
