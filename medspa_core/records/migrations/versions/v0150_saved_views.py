"""Views of figures that somebody keeps under a name."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import key, links, needed, unique

revision = "0150"
down_revision = "0140"


def upgrade() -> None:
    create_table(
        "saved_views",
        key(sa.Text, "id"),
        needed(sa.Text, "person_id", "page", "name", "address"),
        needed(sa.Text, "at"),
        unique("person_id", "page", "name"),
        links(person_id="people"),
    )
