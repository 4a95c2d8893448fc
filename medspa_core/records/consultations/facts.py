"""The nameless facts: what was recommended and chosen goes in, columns for the manager's charts come out."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from medspa_core.records.database.store import Store
from medspa_core.records.schema import choices, consultation_facts
from medspa_core.records.stored_forms import in_utc


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """What was recommended when the client chose, for the manager's charts. Nothing in it names anybody."""

    concern: str | None
    recommended: str | None
    standing: str
    pair_best: str | None = None
    pair_standing: str | None = None


FACT_COLUMNS = ("month", "created_on", "demo", *(one.name for one in fields(ChoiceFacts)), "chosen")


def keep_fact(connection: Connection, draft: Row[Any], choice: str, facts: ChoiceFacts, now: datetime) -> str:
    """Writes the fact of a choice, or over the one of this consultation's earlier choice; its id comes back."""
    mine = select(choices.c.fact_id).where(choices.c.draft_id == draft.id)
    fact_id = connection.execute(mine).scalar()
    fact = asdict(facts) | {
        "month": draft.as_of.isoformat()[:7],
        "created_on": in_utc(now).date(),
        "demo": int(draft.demo_of is not None),
        "chosen": choice,
    }
    if fact_id is not None:
        connection.execute(update(consultation_facts).where(consultation_facts.c.id == fact_id).values(**fact))
        return str(fact_id)
    new_id = secrets.token_urlsafe(16)
    connection.execute(insert(consultation_facts).values(id=new_id, **fact))
    return new_id


def forget_fact(connection: Connection, fact_id: str) -> None:
    """The choice was taken back, so nothing is counted."""
    connection.execute(delete(consultation_facts).where(consultation_facts.c.id == fact_id))


def read_facts(store: Store) -> dict[str, list[Any]]:
    """The facts as columns of equal length, by month. `demo` is true for the invented practice."""
    table = consultation_facts
    query = select(*(table.c[name] for name in FACT_COLUMNS)).order_by(table.c.month, table.c.created_on, table.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    columns: dict[str, list[Any]] = {name: [row[i] for row in rows] for i, name in enumerate(FACT_COLUMNS)}
    columns["demo"] = [bool(demo) for demo in columns["demo"]]
    return columns
