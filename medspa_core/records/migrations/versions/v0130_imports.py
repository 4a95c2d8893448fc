"""Imports of visits and sales: what each brought, by keyed words for its rows, and how a booking system's columns are read."""

import sqlalchemy as sa

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import LONG, checks, index, key, needed, optional, unique

revision = "0130"
down_revision = "0120"


def upgrade() -> None:
    create_table(
        "fact_imports",
        key(sa.Text, "id"),
        needed(sa.Integer, "number"),
        needed(sa.Text, "kind", "file_hash", "mapping", "made_by"),
        needed(sa.Text, "made_at"),
        needed(sa.Integer, "rows_in", "added", "updated", "unchanged", "not_ours", "refused"),
        optional(sa.Text, "first_day", "last_day"),
        needed(LONG, "cents_in", "cents_kept"),
        optional(sa.Text, "undone_at"),
        optional(sa.Text, "undone_by"),
        unique("number"),
        checks(kind="kind IN ('visits', 'sales')"),
    )
    create_table(
        "imported_rows",
        key(sa.Text, "row_key"),
        key(sa.Integer, "number"),
        needed(sa.Text, "fact_id", "content"),
        optional(sa.Text, "before"),
        index("number"),
    )
    create_table(
        "import_mappings",
        key(sa.Text, "name"),
        needed(sa.Text, "kind", "mapping", "saved_by"),
        needed(sa.Text, "saved_at"),
    )
