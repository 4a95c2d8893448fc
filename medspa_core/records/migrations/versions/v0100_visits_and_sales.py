"""Nameless facts of visits and of sales, and of a consultation how far it went."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import LONG, checks, key, links, needed, optional

revision = "0100"
down_revision = "0090"

MINUTES = [f"{when}{what}_minutes" for when in ("planned_", "") for what in ("chair", "provider", "draw", "spin")]


def upgrade() -> None:
    for name in ("reason", "booked_on", "first_visit_on", "last_visit_on", "finished_on"):
        op.add_column("consultation_facts", sa.Column(name, sa.Text))
    op.add_column("consultation_facts", sa.Column("open_visits", sa.Integer))
    create_table(
        "visit_facts",
        key(sa.Text, "id"),
        needed(sa.Integer, "seq", "demo"),
        needed(sa.Text, "day", "status"),
        optional(sa.Text, "booked_on", "consultation", "course"),
        optional(sa.Integer, "number", "planned_visits", "rebooked"),
        optional(sa.Text, "location", "provider", "age_band", "concern", "option_id"),
        optional(sa.Integer, "is_returning", *MINUTES, "reactions"),
        optional(sa.Text, "import_id"),
        checks(status="status IN ('booked', 'performed', 'no_show', 'cancelled')", demo="demo IN (0, 1)"),
    )
    create_table(
        "sale_facts",
        key(sa.Text, "id"),
        needed(sa.Integer, "seq", "demo"),
        needed(sa.Text, "day", "what"),
        optional(sa.Text, "consultation", "course"),
        optional(sa.Text, "location", "provider", "age_band", "concern", "option_id"),
        optional(sa.Integer, "is_returning"),
        needed(LONG, "paid_cents"),
        optional(LONG, "list_cents", "product_cost_cents", "worth_cents"),
        needed(sa.Text, "currency"),
        optional(sa.Text, "import_id"),
        checks(what="what IN ('payment', 'package', 'redemption', 'refund')", demo="demo IN (0, 1)"),
    )
    for table, indexed in {
        "visit_facts": ("seq", "consultation", "course", "import_id"),
        "sale_facts": ("seq", "import_id"),
    }.items():
        for name in indexed:
            op.create_index(f"ix_{table}_{name.removesuffix('_id')}", table, [name])
    create_table(
        "treatment_facts",
        key(sa.Text, "treatment_id"),
        needed(sa.Text, "fact_id"),
        links(treatment_id="treatments"),
    )
