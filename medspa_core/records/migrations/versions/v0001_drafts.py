"""Drafts of consultations, their answers, and each step with before and after."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code_name", sa.Text, nullable=False),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("saved_at", sa.Text, nullable=False),
        sa.Column("finished_at", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("option_order", sa.Text, nullable=False),
        sa.Column("demo_of", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.CheckConstraint("revision >= 0", name="ck_drafts_revision"),
        sa.CheckConstraint("length(as_of) = 10", name="ck_drafts_as_of"),
        sqlite_strict=True,
    )
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])
    op.create_table(
        "answers",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("how_asked", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "question", name="pk_answers"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_answers_draft"),
        sqlite_strict=True,
    )
    op.create_table(
        "steps",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("undone_by", sa.Integer),
        sa.PrimaryKeyConstraint("draft_id", "revision", name="pk_steps"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_steps_draft"),
        sa.CheckConstraint("kind IN ('save', 'undo', 'clear', 'choice', 'finish')", name="ck_steps_kind"),
        sa.CheckConstraint("undone_by IS NULL OR undone_by > revision", name="ck_steps_undone_by"),
        sqlite_strict=True,
    )
    op.create_table(
        "changes",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer_before", sa.Text),
        sa.Column("how_asked_before", sa.Text),
        sa.Column("answer_after", sa.Text),
        sa.Column("how_asked_after", sa.Text),
        sa.PrimaryKeyConstraint("draft_id", "revision", "question", name="pk_changes"),
        sa.ForeignKeyConstraint(["draft_id", "revision"], ["steps.draft_id", "steps.revision"], name="fk_changes_step"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
