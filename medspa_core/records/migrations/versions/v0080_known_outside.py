"""Check values of the keys, and that the head of the audit log is noted outside. They are filled in at the next start."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import key, needed

revision = "0080"
down_revision = "0070"


def upgrade() -> None:
    create_table("known_outside", key(sa.Text, "name"), needed(sa.Text, "value"))
