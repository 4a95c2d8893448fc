"""Drafts of consultations, their answers, and each step with before and after."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import checks, key, links, needed, optional

revision = "0001"
down_revision = None

KEY_OF_A_STEP = ("draft_id", "revision")


def upgrade() -> None:
    create_table(
        "drafts",
        key(sa.Text, "id"),
        needed(sa.Text, "code_name", "as_of", "created_at", "saved_at"),
        optional(sa.Text, "finished_at"),
        needed(sa.Integer, "revision"),
        needed(sa.Text, "option_order"),
        optional(sa.Text, "demo_of"),
        checks(revision="revision >= 0", as_of="length(as_of) = 10"),
    )
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])
    create_table(
        "answers",
        key(sa.Text, "draft_id", "question"),
        needed(sa.Text, "answer", "how_asked"),
        links(draft_id="drafts"),
    )
    create_table(
        "steps",
        key(sa.Text, "draft_id"),
        key(sa.Integer, "revision"),
        needed(sa.Text, "kind", "at"),
        optional(sa.Integer, "undone_by"),
        links(draft_id="drafts"),
        checks(
            kind="kind IN ('save', 'undo', 'clear', 'choice', 'finish')",
            undone_by="undone_by IS NULL OR undone_by > revision",
        ),
    )
    create_table(
        "changes",
        key(sa.Text, "draft_id"),
        key(sa.Integer, "revision"),
        key(sa.Text, "question"),
        optional(sa.Text, "answer_before", "how_asked_before", "answer_after", "how_asked_after"),
        [sa.ForeignKeyConstraint(KEY_OF_A_STEP, [f"steps.{one}" for one in KEY_OF_A_STEP], name="fk_changes_step")],
    )
