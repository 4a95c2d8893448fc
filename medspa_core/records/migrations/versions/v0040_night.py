"""What the program does by itself: each backup and each verifying, when it began, when it ended and how."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "night_runs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("began_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("lines", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_night_runs"),
        sa.CheckConstraint("kind IN ('backup', 'verify')", name="ck_night_runs_kind"),
        sa.CheckConstraint("outcome IN ('done', 'found', 'failed')", name="ck_night_runs_outcome"),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ck_night_runs_ended"),
        sqlite_strict=True,
    )
    op.create_index("ix_night_runs_kind", "night_runs", ["kind", "began_at"])


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
