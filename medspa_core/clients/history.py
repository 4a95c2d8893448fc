"""A client's consultations, oldest or newest, and what was said then beside what today's rulebook would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from medspa_core.access import Person
from medspa_core.clients.register import opened
from medspa_core.intake import IntakeProblem
from medspa_core.recommendation import recommend
from medspa_core.records import Draft, Store
from medspa_core.records.client_schema import amendments
from medspa_core.records.consultations.rulebook_revisions import read_revision
from medspa_core.records.merged_clients import family_of
from medspa_core.records.schema import choices, drafts
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import CONSIDERED, Rulebook, load_whole

Json = Any
SPANS = ("sessions", "visit_minutes", "downtime_days", "course_cost")


@dataclass(frozen=True, slots=True)
class Visit:
    """One consultation in a client's history."""

    id: str
    code_name: str
    as_of: date
    saved_at: datetime
    finished_at: datetime | None
    choice: str | None
    rulebook_revision: str | None
    started_by: str | None
    amended: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise: `what` it is, of which option (or none), then and now."""

    what: str
    option: str
    then: Json
    now: Json


def visits_of(store: Store, asker: Person, client_id: str) -> list[Visit]:
    """Every consultation of the client, and of those merged into them, newest first. Raises ClientMissing."""
    amended = select(func.count()).where(amendments.c.draft_id == drafts.c.id).scalar_subquery().label("amended")
    joined = drafts.outerjoin(choices, choices.c.draft_id == drafts.c.id)
    columns = [drafts.c[name] for name in ("id", "code_name", "as_of", "saved_at", "finished_at", "started_by")]
    query = select(*columns, drafts.c.location_id, choices.c.choice, choices.c.rulebook_revision, amended)
    with opened(store, asker, client_id) as (mine, connection, _):
        theirs = drafts.c.client_id.in_(family_of(connection, client_id))
        ordered = query.select_from(joined).where(theirs).order_by(drafts.c.as_of.desc(), drafts.c.saved_at.desc())
        rows = connection.execute(ordered).all()
        return [from_row(Visit, row) for row in rows if mine.shows(connection, row.location_id)]


def own_rulebook(store: Store, revision: str | None, today: Rulebook) -> Rulebook | None:
    """The rulebook a consultation was made with; None where it was never kept."""
    if revision is None:
        return None
    if revision == today.revision:
        return today
    files = read_revision(store, revision)
    return None if files is None else load_whole(files, revision)


def said_today(draft: Draft, today: Rulebook) -> dict[str, Json] | None:
    """What today's rulebook says of the same answers on the same day; None where it can't read them any more."""
    try:
        return recommend(draft.answers, today, draft.as_of).as_dict()
    except IntakeProblem:
        return None


def differences(then: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[Difference, ...]:
    """What reads otherwise today, the most important first: what is recommended, then each option."""
    found = [Difference(what, "", then.get(what), now.get(what)) for what in ("best", "standing")]
    pairs = (then.get("pair") or {}), (now.get("pair") or {})
    found.append(Difference("pair_best", "", pairs[0].get("best"), pairs[1].get("best")))
    before, after = then.get("options", {}), now.get("options", {})
    for option in dict.fromkeys((*before, *after)):
        if option not in before or option not in after:
            found.append(Difference("offered", option, option in before, option in after))
        else:
            found += _of_one_option(option, before[option], after[option])
    return tuple(one for one in found if one.then != one.now)


def _of_one_option(option: str, then: Mapping[str, Json], now: Mapping[str, Json]) -> list[Difference]:
    found = [Difference(what, option, then.get(what), now.get(what)) for what in ("verdict", "deferred_until")]
    told = ((one for one in side.get("findings", ()) if one.get("verdict") != "clear") for side in (then, now))
    causes = [sorted({finding["contraindication"] for finding in side}) for side in told]
    found.append(Difference("findings", option, causes[0], causes[1]))
    courses = [side.get("course", {}).get(CONSIDERED, {}) for side in (then, now)]
    return [*found, *(Difference(what, option, courses[0].get(what), courses[1].get(what)) for what in SPANS)]
