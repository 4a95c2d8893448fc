"""Check values of the keys, and that the head of the audit log is noted outside. They are filled in at the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_outside",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_known_outside"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
