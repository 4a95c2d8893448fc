"""Facts say by what a manager may cut them, and carry a sequence number by which a copy of them is kept up."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0080"

NAMED = "FROM choices JOIN drafts ON drafts.id = choices.draft_id WHERE choices.fact_id = consultation_facts.id"  # at most one
AGE = (
    "(SELECT CAST(answers.answer AS INTEGER) FROM choices JOIN answers ON answers.draft_id = choices.draft_id "
    "WHERE choices.fact_id = consultation_facts.id AND answers.question = 'age')"
)
RETURNING = (
    "CASE WHEN drafts.client_id IS NULL THEN NULL WHEN EXISTS (SELECT 1 FROM drafts AS earlier WHERE "
    "earlier.client_id = drafts.client_id AND earlier.as_of < drafts.as_of) THEN 1 ELSE 0 END"
)
BELOW = {18: "under 18", 30: "18-29", 40: "30-39", 50: "40-49", 60: "50-59", 70: "60-69", 80: "70-79"}
BAND = (
    "CASE"
    + "".join(f" WHEN {AGE} < {age} THEN '{band}'" for age, band in BELOW.items())
    + f" WHEN {AGE} >= 80 THEN '80+' END"
)


def upgrade() -> None:
    op.add_column("consultation_facts", sa.Column("seq", sa.Integer))
    op.add_column("consultation_facts", sa.Column("consulted_on", sa.Text))
    for name in ("location", "provider", "age_band"):
        op.add_column("consultation_facts", sa.Column(name, sa.Text))
    op.add_column("consultation_facts", sa.Column("is_returning", sa.Integer))
    op.create_index("ix_consultation_facts_seq", "consultation_facts", ["seq"])
    for column, found in {
        "seq": "0",
        "consulted_on": f"coalesce((SELECT drafts.as_of {NAMED}), created_on)",
        "location": f"(SELECT drafts.location_id {NAMED})",
        "provider": f"(SELECT drafts.started_by {NAMED})",
        "is_returning": f"(SELECT {RETURNING} {NAMED})",
        "age_band": BAND,
    }.items():
        op.execute(f"UPDATE consultation_facts SET {column} = {found}")  # noqa: S608 - our own words only
