"""Notes that staff add to a consultation."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import checks, key, links, needed, optional

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_table(
        "notes",
        key(sa.Text, "draft_id"),
        key(sa.Integer, "number"),
        needed(sa.Text, "text", "at"),
        optional(sa.Text, "taken_back_at"),
        links(draft_id="drafts"),
        checks(number="number >= 1"),
    )
