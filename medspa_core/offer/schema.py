"""The tables of what the clinic offers. Rows are only ever added: what was offered on a day can always be read. Migrations
build them."""

from __future__ import annotations

from sqlalchemy import Integer, Text

from medspa_core.access.schema import people
from medspa_core.records.schema import IsoDate, UtcTime, table
from medspa_core.records.table_parts import checks, key, links, needed, unique

__all__ = ["people"]

offers = table(
    "offers",
    key(Text, "id"),
    needed(Integer, "number"),
    needed(Text, "content", "person_id"),
    needed(UtcTime, "entered_at"),
    unique("number"),
    links(person_id="people"),
)

opening_hours = table(
    "opening_hours",
    key(Text, "id"),
    needed(Text, "location_id"),
    needed(Integer, "number"),
    needed(Text, "content", "person_id"),
    needed(UtcTime, "entered_at"),
    unique("location_id", "number"),
    links(location_id="locations", person_id="people"),
)

entered_products = table(
    "entered_products",
    key(Text, "id"),
    needed(Text, "kind", "name", "maker", "source", "route", "lot", "certificate"),
    needed(IsoDate, "expires_on"),
    needed(Text, "person_id"),
    needed(UtcTime, "entered_at"),
    links(person_id="people"),
    checks(kind="kind IN ('exosome_product', 'prp_kit')"),
)

dropped_products = table(
    "dropped_products",
    key(Text, "entry_id"),
    needed(Text, "person_id"),
    needed(UtcTime, "dropped_at"),
    links(entry_id="entered_products", person_id="people"),
)
