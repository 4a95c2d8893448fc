"""What the client chose, and the nameless facts the manager's charts read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultation_facts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("created_on", sa.Text, nullable=False),
        sa.Column("demo", sa.Integer, nullable=False),
        sa.Column("concern", sa.Text),
        sa.Column("recommended", sa.Text),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("pair_best", sa.Text),
        sa.Column("pair_standing", sa.Text),
        sa.Column("chosen", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consultation_facts"),
        sa.CheckConstraint("length(month) = 7", name="ck_consultation_facts_month"),
        sa.CheckConstraint("demo IN (0, 1)", name="ck_consultation_facts_demo"),
        sqlite_strict=True,
    )
    op.create_index("ix_consultation_facts_month", "consultation_facts", ["month"])
    op.create_table(
        "choices",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("fact_id", sa.Text, nullable=False),
        sa.Column("choice", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("chosen_at", sa.Text, nullable=False),
        sa.Column("rulebook_revision", sa.Text),
        sa.Column("shown", sa.Text),
        sa.PrimaryKeyConstraint("draft_id", name="pk_choices"),
        sa.UniqueConstraint("fact_id", name="uq_choices_fact"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_choices_draft"),
        sa.ForeignKeyConstraint(["fact_id"], ["consultation_facts.id"], name="fk_choices_fact"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
