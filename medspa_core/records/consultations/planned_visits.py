"""First visits that clients left a consultation with a date for, as counts: nothing in them names anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select

from medspa_core.records.consultations.drafts import FIRST_VISIT
from medspa_core.records.database.store import Store
from medspa_core.records.schema import choices, consultation_facts, drafts, visit_facts
from medspa_core.records.stored_forms import from_row


@dataclass(frozen=True, slots=True)
class PlannedFirstVisits:
    """So many first visits of one treatment, at one location, for one concern, on one day."""

    location: str | None
    option: str
    concern: str | None
    day: date
    number: int


def planned_first_visits(store: Store, from_day: date, *, invented: bool) -> list[PlannedFirstVisits]:
    """Those from a day on, of consultations without a visit in the book or behind them; of each client the newest talk only."""
    facts, later, newer = consultation_facts, drafts.alias("later"), choices.alias("newer")
    visit = exists().where(
        visit_facts.c.consultation == choices.c.fact_id, visit_facts.c.status.in_(("booked", "performed"))
    )
    chosen_later = exists().where(
        later.c.client_id == drafts.c.client_id,
        later.c.created_at > drafts.c.created_at,
        newer.c.draft_id == later.c.id,
    )
    cells = (facts.c.location, choices.c.choice.label("option"), facts.c.concern, choices.c.next_day.label("day"))
    query = (
        select(*cells, func.count().label("number"))
        .join_from(choices, facts, facts.c.id == choices.c.fact_id)
        .join(drafts, drafts.c.id == choices.c.draft_id)
        .where(facts.c.demo == int(invented), choices.c.next_kind == FIRST_VISIT, choices.c.next_day >= from_day)
        .where(~visit, ~chosen_later)
        .group_by(*cells)
        .order_by(*cells)
    )
    with store.reading() as connection:
        return [from_row(PlannedFirstVisits, row) for row in connection.execute(query)]
