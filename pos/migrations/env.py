"""Alembic's entry: runs in the transaction and on the connection that `pos.migrations.upgrade` opened."""

from alembic import context

from pos.db import Base
from pos.migrations import record_oldest

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
    on_version_apply=record_oldest,
)
context.run_migrations()
