"""The nameless fact of a consultation: what was recommended and chosen."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, case, delete, exists, func, insert, select, update

from medspa_core.records.audit.log import read_head
from medspa_core.records.facts.invented import INVENTED
from medspa_core.records.merged_clients import family_of, root_of
from medspa_core.records.schema import answers, choices, consultation_facts, drafts, sale_facts, visit_facts
from medspa_core.records.stored_forms import in_utc

AGE_BANDS = (0, 18, 30, 40, 50, 60, 70, 80)
"""The first year of each."""
OF_CONSULTATION = ("consultation", "concern", "age_band", "is_returning")
"""What a visit or a sale has from the fact of its consultation."""


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """What was recommended when the client chose, for the manager's charts. Nothing in it names anybody.

    `location`, `provider` and `is_returning` are the consultation's own where they are not given. `reason`: the code of why
    something else was chosen.
    """

    concern: str | None
    recommended: str | None
    standing: str
    pair_best: str | None = None
    pair_standing: str | None = None
    location: str | None = None
    provider: str | None = None
    is_returning: bool | None = None
    reason: str | None = None


def keep_fact(connection: Connection, draft: Row[Any], choice: str, facts: ChoiceFacts, now: datetime) -> str:
    """Writes the fact of a choice, or over the one of this consultation's earlier choice; its id comes back.

    Its sequence number is that of the audit row of the same transaction: transactions take turns at it, so who has read up to
    one number misses none below it.
    """
    mine = select(choices.c.fact_id).where(choices.c.draft_id == draft.id)
    fact_id = connection.execute(mine).scalar()
    fact = {**asdict(facts), **_of_consultation(connection, draft, facts)} | {
        "seq": read_head(connection).seq,
        "month": draft.as_of.isoformat()[:7],
        "consulted_on": draft.as_of,
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


def _of_consultation(connection: Connection, draft: Row[Any], facts: ChoiceFacts) -> dict[str, Any]:
    """By what else its fact may be cut; of a client who was not looked up it is not known whether they were here before."""
    age = select(answers.c.answer).where(answers.c.draft_id == draft.id, answers.c.question == "age")
    returning = facts.is_returning
    if returning is None and draft.client_id is not None:
        family = family_of(connection, root_of(connection, draft.client_id))
        earlier = exists().where(drafts.c.client_id.in_(family), drafts.c.as_of < draft.as_of)
        returning = connection.execute(select(earlier)).scalar_one()
    return {
        "location": facts.location or draft.location_id,
        "provider": facts.provider or draft.started_by,
        "age_band": age_band(json.loads(connection.execute(age).scalar() or "null")),
        "is_returning": None if returning is None else int(returning),
    }


def age_band(age: Any) -> str | None:
    """The ten years or so that an age lies in; None where no age was given."""
    if not isinstance(age, int):
        return None
    for first, following in pairwise(AGE_BANDS):
        if age < following:
            return f"{first}-{following - 1}" if first else f"under {following}"
    return f"{AGE_BANDS[-1]}+"


def facts_of(connection: Connection, draft_ids: Sequence[str]) -> dict[str, str]:
    """The ids of the facts of these consultations."""
    query = select(choices.c.draft_id, choices.c.fact_id).where(choices.c.draft_id.in_(draft_ids))
    return {row.draft_id: row.fact_id for row in connection.execute(query)}


def forget_facts(connection: Connection, fact_ids: Collection[str]) -> int:
    """These choices were taken back or thrown away, so nothing is counted, with their visits and sales; says how many facts of
    consultations went. Visits and sales of a file that was imported stay: they were, and say no more whose they are."""
    for table in (visit_facts, sale_facts):
        theirs = table.c.consultation.in_(fact_ids)
        imported = theirs & (table.c.import_id != INVENTED)
        connection.execute(update(table).where(imported).values(dict.fromkeys(OF_CONSULTATION)))
        connection.execute(delete(table).where(theirs))
    return connection.execute(delete(consultation_facts).where(consultation_facts.c.id.in_(fact_ids))).rowcount


def follow_whose(connection: Connection, client_ids: Collection[str]) -> None:
    """Who is kept as one client has changed: the facts of these clients say anew whether somebody was here before.

    Their sequence number is that of the audit row that this transaction wrote before.
    """
    theirs = select(drafts.c.id).where(drafts.c.client_id.in_(client_ids))
    first = select(func.min(drafts.c.as_of)).where(drafts.c.client_id.in_(client_ids)).scalar_subquery()
    mine = consultation_facts.c.id.in_(select(choices.c.fact_id).where(choices.c.draft_id.in_(theirs)))
    seq = read_head(connection).seq
    again = case((consultation_facts.c.consulted_on > first, 1), else_=0)
    connection.execute(update(consultation_facts).where(mine).values(is_returning=again, seq=seq))
    for table in (visit_facts, sale_facts):
        said = select(consultation_facts.c.is_returning).where(consultation_facts.c.id == table.c.consultation)
        whose = table.c.consultation.in_(select(consultation_facts.c.id).where(mine))
        connection.execute(update(table).where(whose).values(is_returning=said.scalar_subquery(), seq=seq))
