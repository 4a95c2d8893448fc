"""The next date that a client left with stands beside their choice."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0065"


def upgrade() -> None:
    op.add_column("choices", sa.Column("next_kind", sa.Text))
    op.add_column("choices", sa.Column("next_day", sa.Text))
