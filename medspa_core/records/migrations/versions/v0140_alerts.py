"""What each person wants to be told of."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import key, links, needed

revision = "0140"
down_revision = "0130"


def upgrade() -> None:
    create_table("alerts_on", key(sa.Text, "person_id", "kind"), needed(sa.Text, "at"), links(person_id="people"))
