"""Alembic's entry: runs the migrations on the connection and in the transaction that `migration.py` has opened."""

from alembic import context

from medspa_core.records.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
