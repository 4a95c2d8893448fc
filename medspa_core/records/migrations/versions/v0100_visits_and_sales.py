"""Nameless facts of visits and of sales, and of a consultation how far it went."""

import secrets
from collections import Counter

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import LONG, checks, key, links, needed, optional

revision = "0100"
down_revision = "0090"

MINUTES = [f"{when}{what}_minutes" for when in ("planned_", "") for what in ("chair", "provider", "draw", "spin")]

SESSIONS = """
SELECT treatments.id, treatments.order_id, treatments.option_id, treatments.done_on, orders.sessions,
    coalesce(known.location, drafts.location_id) AS location, known.age_band, known.is_returning, known.concern,
    known.id AS consultation, CASE WHEN drafts.demo_of IS NULL THEN 0 ELSE 1 END AS demo,
    coalesce((SELECT min(treatment_steps.person_id) FROM treatment_steps
        WHERE treatment_steps.treatment_id = treatments.id AND treatment_steps.licence = 'needling'),
        treatments.recorded_by) AS provider
FROM treatments
    JOIN orders ON orders.id = treatments.order_id
    JOIN drafts ON drafts.id = treatments.draft_id
    LEFT JOIN choices ON choices.draft_id = drafts.id
    LEFT JOIN consultation_facts AS known ON known.id = choices.fact_id
WHERE NOT EXISTS (SELECT 1 FROM treatment_corrections
    WHERE treatment_corrections.treatment_id = treatments.id AND treatment_corrections.struck = 1)
ORDER BY treatments.order_id, treatments.session
"""
HOW_FAR = """
UPDATE consultation_facts SET open_visits = 0,
    first_visit_on = (SELECT min(day) FROM visit_facts WHERE consultation = consultation_facts.id),
    last_visit_on = (SELECT max(day) FROM visit_facts WHERE consultation = consultation_facts.id),
    finished_on = (SELECT CASE WHEN count(*) >= max(planned_visits) THEN max(day) END FROM visit_facts
        WHERE consultation = consultation_facts.id)
WHERE id IN (SELECT consultation FROM visit_facts)
"""


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
    _sessions_as_visits()


def _sessions_as_visits() -> None:
    """The sessions that were recorded before and count. Nothing was known of bookings, and none is made up."""
    connection = op.get_bind()
    numbers: Counter[str] = Counter()
    courses: dict[str, str] = {}
    for row in connection.execute(sa.text(SESSIONS)).mappings().all():
        fact_id, order = secrets.token_urlsafe(16), row["order_id"]
        numbers[order] += 1
        fact = {name: row[name] for name in ("location", "age_band", "is_returning", "concern", "consultation", "demo")}
        fact |= {"id": fact_id, "seq": 0, "day": row["done_on"], "status": "performed", "number": numbers[order]}
        fact |= {"planned_visits": row["sessions"], "option_id": row["option_id"], "provider": row["provider"]}
        fact["course"] = courses.setdefault(order, secrets.token_urlsafe(16))
        names = ", ".join(fact)
        values = ", ".join(f":{name}" for name in fact)
        connection.execute(sa.text(f"INSERT INTO visit_facts ({names}) VALUES ({values})"), fact)  # noqa: S608 - our own names
        known = {"treatment": row["id"], "fact": fact_id}
        connection.execute(
            sa.text("INSERT INTO treatment_facts (treatment_id, fact_id) VALUES (:treatment, :fact)"), known
        )
    connection.execute(sa.text(HOW_FAR))
