"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
# True when the program before this one may use the new schema as well: then nothing it writes is refused.
compatible = False


def upgrade() -> None:
    """Bring the schema forward."""
    ${upgrades if upgrades else "pass"}
