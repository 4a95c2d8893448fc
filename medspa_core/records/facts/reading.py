"""The nameless facts as columns, by kind, from a sequence number on."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import func, select

from medspa_core.records.database.store import Store
from medspa_core.records.schema import consultation_facts, sale_facts, visit_facts

Kind = Literal["consultation", "visit", "sale"]
TABLES = {"consultation": consultation_facts, "visit": visit_facts, "sale": sale_facts}
YES_OR_NO = ("demo", "is_returning", "rebooked")


def facts_at(store: Store) -> tuple[int, int]:
    """How many facts are kept, and the highest sequence number: the same two as before mean that nothing has changed."""
    number = newest = 0
    with store.reading() as connection:
        for table in TABLES.values():
            found = connection.execute(select(func.count(), func.coalesce(func.max(table.c.seq), 0))).one()
            number, newest = number + int(found[0]), max(newest, int(found[1]))
    return number, newest


def read_facts(store: Store, after: int = -1, kind: Kind = "consultation") -> dict[str, list[Any]]:
    """The facts of a kind with a higher sequence number as columns of equal length, by day. `demo`: of the invented practice."""
    table = TABLES[kind]
    day = table.c.consulted_on if kind == "consultation" else table.c.day
    with store.reading() as connection:
        rows = connection.execute(select(table).where(table.c.seq > after).order_by(day, table.c.id)).all()
    found: dict[str, list[Any]] = {column.name: [row[i] for row in rows] for i, column in enumerate(table.c)}
    for name in {*found} & {*YES_OR_NO}:
        found[name] = [None if one is None else bool(one) for one in found[name]]
    return found
