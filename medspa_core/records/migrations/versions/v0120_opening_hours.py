"""When each location is open, and how much can go on there at once: each version as it was entered."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table, guard
from medspa_core.records.table_parts import key, links, needed, unique

revision = "0120"
down_revision = "0100"

KEPT = "what was signed or done is never changed"


def upgrade() -> None:
    create_table(
        "opening_hours",
        key(sa.Text, "id"),
        needed(sa.Text, "location_id"),
        needed(sa.Integer, "number"),
        needed(sa.Text, "content", "person_id", "entered_at"),
        unique("location_id", "number"),
        links(location_id="locations", person_id="people"),
    )
    for what in ("update", "delete"):
        guard("opening_hours", what, KEPT)
