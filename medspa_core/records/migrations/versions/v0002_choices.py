"""What the client chose, and the nameless facts the manager's charts read."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import checks, key, links, needed, optional, unique

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_table(
        "consultation_facts",
        key(sa.Text, "id"),
        needed(sa.Text, "month", "created_on"),
        needed(sa.Integer, "demo"),
        optional(sa.Text, "concern", "recommended"),
        needed(sa.Text, "standing"),
        optional(sa.Text, "pair_best", "pair_standing"),
        needed(sa.Text, "chosen"),
        checks(month="length(month) = 7", demo="demo IN (0, 1)"),
    )
    op.create_index("ix_consultation_facts_month", "consultation_facts", ["month"])
    create_table(
        "choices",
        key(sa.Text, "draft_id"),
        needed(sa.Text, "fact_id", "choice", "reason", "chosen_at"),
        optional(sa.Text, "rulebook_revision", "shown"),
        unique("fact_id"),
        links(draft_id="drafts", fact_id="consultation_facts"),
    )
