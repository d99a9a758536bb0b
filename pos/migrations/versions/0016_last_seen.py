"""Who was seen when last, and where, without reading every sign-in; outlet files in their order."""

from pos.migrations.online import index

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
compatible = True


def upgrade() -> None:
    """Add the indexes; a sign-in touches two of them, a sale none."""
    index("ix_user_login_user_id_seen_at", "user_login", ["user_id", "seen_at"])
    index("ix_user_login_device_id_seen_at", "user_login", ["device_id", "seen_at"])
    index("ix_exchange_file_at", "exchange_file", ["at", "id"])
