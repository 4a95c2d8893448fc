"""What the program does by itself: each backup and each verifying, when it began, when it ended and how."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import checks, key, needed, optional

revision = "0040"
down_revision = "0030"


def upgrade() -> None:
    create_table(
        "night_runs",
        key(sa.Text, "id"),
        needed(sa.Text, "kind", "began_at"),
        optional(sa.Text, "ended_at", "outcome"),
        needed(sa.Text, "lines"),
        checks(
            kind="kind IN ('backup', 'verify')",
            outcome="outcome IN ('done', 'found', 'failed')",
            ended="(ended_at IS NULL) = (outcome IS NULL)",
        ),
    )
    op.create_index("ix_night_runs_kind", "night_runs", ["kind", "began_at"])
