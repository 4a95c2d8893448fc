"""What the clinic offers: each version of prices and kit, and products that wait for the director's approval."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table, guard
from medspa_core.records.table_parts import checks, key, links, needed, unique

revision = "0060"
down_revision = "0050"

KEPT = "what was signed or done is never changed"


def upgrade() -> None:
    create_table(
        "offers",
        key(sa.Text, "id"),
        needed(sa.Integer, "number"),
        needed(sa.Text, "content", "person_id", "entered_at"),
        unique("number"),
        links(person_id="people"),
    )
    create_table(
        "entered_products",
        key(sa.Text, "id"),
        needed(sa.Text, "kind", "name", "maker", "source", "route", "lot", "certificate"),
        needed(sa.Text, "expires_on", "person_id", "entered_at"),
        links(person_id="people"),
        checks(kind="kind IN ('exosome_product', 'prp_kit')"),
    )
    create_table(
        "dropped_products",
        key(sa.Text, "entry_id"),
        needed(sa.Text, "person_id", "dropped_at"),
        links(entry_id="entered_products", person_id="people"),
    )
    for table in ("offers", "entered_products", "dropped_products"):
        for what in ("update", "delete"):
            guard(table, what, KEPT)
