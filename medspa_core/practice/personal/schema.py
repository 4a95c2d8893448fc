"""The tables of what who reads figures keeps for themselves. Migrations build them."""

from __future__ import annotations

from sqlalchemy import Text

from medspa_core.access.schema import people
from medspa_core.records.schema import UtcTime, table
from medspa_core.records.table_parts import key, links, needed, unique

__all__ = ["people"]

alerts_on = table(
    "alerts_on",
    key(Text, "person_id", "kind"),
    needed(UtcTime, "at"),
    links(person_id="people"),
)

saved_views = table(
    "saved_views",
    key(Text, "id"),
    needed(Text, "person_id", "page", "name", "address"),
    needed(UtcTime, "at"),
    unique("person_id", "page", "name"),
    links(person_id="people"),
)
