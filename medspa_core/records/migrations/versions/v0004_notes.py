"""Notes that staff add to a consultation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("taken_back_at", sa.Text),
        sa.PrimaryKeyConstraint("draft_id", "number", name="pk_notes"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_notes_draft"),
        sa.CheckConstraint("number >= 1", name="ck_notes_number"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
