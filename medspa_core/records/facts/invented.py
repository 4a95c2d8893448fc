"""The invented practice's book and sales among the facts: told apart by where they come from, so that all of it can go."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from medspa_core.records.schema import sale_facts, visit_facts

INVENTED: Final = "invented practice"
"""As where they come from, in place of an import."""


def take_invented(connection: sa.Connection) -> int:
    """Takes every visit and sale of it; says how many."""
    tables = (visit_facts, sale_facts)
    return sum(connection.execute(sa.delete(table).where(table.c.import_id == INVENTED)).rowcount for table in tables)
