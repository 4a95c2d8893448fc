"""Locations have a state; a session keeps how deep and how much; corrections of sessions; consultations that were discarded."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table, guard
from medspa_core.records.table_parts import checks, key, links, needed

revision = "0050"
down_revision = "0040"

SIGNED = "what was signed or done is never changed"
LIFTED = "EXISTS (SELECT 1 FROM guards_lifted WHERE draft_id = (SELECT draft_id FROM treatments WHERE id = OLD.treatment_id))"


def upgrade() -> None:
    op.add_column("locations", sa.Column("state", sa.Text))
    op.add_column("treatments", sa.Column("depth_tenths_mm", sa.Integer))
    op.add_column("treatments", sa.Column("amount", sa.Text))
    create_table(
        "treatment_corrections",
        key(sa.Text, "id"),
        needed(sa.Text, "treatment_id"),
        needed(sa.Integer, "struck"),
        needed(sa.Text, "what", "why", "person_id", "at"),
        links(treatment_id="treatments", person_id="people"),
        checks(struck="struck IN (0, 1)"),
    )
    op.create_index("ix_treatment_corrections_treatment", "treatment_corrections", ["treatment_id"])
    create_table(
        "discards",
        key(sa.Text, "draft_id"),
        needed(sa.Text, "discarded_by", "discarded_at"),
    )
    guard("treatment_corrections", "update", SIGNED, "1 = 1")
    guard("treatment_corrections", "delete", SIGNED, f"NOT {LIFTED}")
