"""Consultations as somebody may see and change them: the verbs of `records`, each asking who asks, for each object.

A consultation of another location is missing, as one that never was. Pages use these verbs and not those of `records`.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import insert, select

from medspa_core import records
from medspa_core.access import TRIAL_ID, Person, Verb
from medspa_core.clients.client_access import in_the_hands_of, missing_noted, open_locations, starting_location
from medspa_core.clients.known_answers import told_by_file
from medspa_core.clients.ready_to_finish import require_a_day_that_may_be, require_ready
from medspa_core.clients.register import Client, Details, client_of, new_client
from medspa_core.clients.trial_clients import OF_THE_TRIAL
from medspa_core.records import ON_FILE, ChoiceFacts, Draft, DraftLine, Store, StoreProblem
from medspa_core.records.audit.log import CREATED, LIST_OF_CONSULTATIONS, UPDATED
from medspa_core.records.client_schema import amendments
from medspa_core.records.consultations.reading import require_open
from medspa_core.records.consultations.rulebook_revisions import keep_revision
from medspa_core.records.merged_clients import root_of
from medspa_core.records.schema import drafts
from medspa_core.records.stored_forms import from_row, plain_text, safe_id
from medspa_core.rulebook import Rulebook

Json = Any
More = ParamSpec("More")
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Amendment:
    """Something added to a finished consultation: who, when, what, why. The original stays as it was."""

    id: str
    at: datetime
    by: str
    what: str
    why: str


def _open_to(store: Store, asker: Person, draft_id: str, verb: Verb = Verb.CHANGE_CLIENTS) -> Store:
    return in_the_hands_of(store, asker, verb, safe_id(draft_id))


def _asking(
    verb: Verb, act: Callable[Concatenate[Store, str, More], Told]
) -> Callable[Concatenate[Store, Person, str, More], Told]:
    """What `records` does with a consultation, for who may."""

    @functools.wraps(act, assigned=("__name__", "__doc__"))
    def asked(store: Store, asker: Person, draft_id: str, /, *given: More.args, **named: More.kwargs) -> Told:
        return act(_open_to(store, asker, draft_id, verb), draft_id, *given, **named)

    return asked


def start(
    store: Store,
    asker: Person,
    code_name: str,
    now: datetime,
    as_of: date,
    option_order: Sequence[str],
    *,
    demo_of: str | None = None,
    client_id: str | None = None,
    location_id: str | None = None,
    on_file: Mapping[str, Json] | None = None,
) -> Draft:
    """A new consultation: of a client there is, else of a new one who is only this code name. Invented ones have none.

    It begins with the answers `on_file`, and with the age where the client's birth date is known: nobody is asked for them.
    """
    mine = in_the_hands_of(store, asker, Verb.CHANGE_CLIENTS, "consultation")
    place, known = starting_location(asker, location_id), dict(on_file or {})
    if client_id is not None:
        client = _to_start_with(mine, client_id, now)
        client_id, place = client.id, client.location_id
        known |= told_by_file(client.details.birth_date, as_of)
    with mine.together():
        if client_id is None and demo_of is None:
            client_id = new_client(mine, asker, Details(code_name), now, location_id).id
        on_trial = asker.id == TRIAL_ID
        whose = {"client_id": client_id, "location_id": place, "started_by": None if on_trial else asker.id}
        of_whom = demo_of or (OF_THE_TRIAL if on_trial else None)
        draft = records.start_draft(mine, code_name, now, as_of, option_order, of_whom, **whose)
        return records.save_answers(mine, draft.id, known, now, ON_FILE) if known else draft


def _to_start_with(mine: Store, client_id: str, now: datetime) -> Client:
    """The client as kept now: one that was merged stands for the one it was merged into."""
    with missing_noted(mine, CREATED, client_id, now), mine.reading() as connection:
        client_of(mine, connection, client_id)
        return client_of(mine, connection, root_of(connection, client_id))


def list_open(store: Store, asker: Person, limit: int = 50) -> list[DraftLine]:
    """Consultations that are not finished, at the asker's locations, saved last first."""
    return _listed(store, asker, limit, unfinished=True)


def list_undecided(store: Store, asker: Person, since: date, today: date, limit: int = 200) -> list[DraftLine]:
    """Talks from that day on without a treatment chosen, at the asker's locations, of each client the newest only."""
    return _listed(store, asker, limit, undecided=(since, today))


def own_open_copy(store: Store, asker: Person, demo_of: str) -> str | None:
    """The copy of this invented client that the asker began last and has not finished, so that practising goes on in it."""
    mine = in_the_hands_of(store, asker, Verb.CHANGE_CLIENTS, LIST_OF_CONSULTATIONS)
    theirs = (drafts.c.demo_of == demo_of) & (drafts.c.started_by == asker.id) & drafts.c.client_id.is_(None)
    query = select(drafts.c.id, drafts.c.location_id).where(theirs, drafts.c.finished_at.is_(None))
    with mine.reading() as connection:
        rows = connection.execute(query.order_by(drafts.c.saved_at.desc(), drafts.c.id)).all()
        return next((str(row.id) for row in rows if mine.shows(connection, row.location_id)), None)


def _listed(store: Store, asker: Person, limit: int, **which: Any) -> list[DraftLine]:
    mine = in_the_hands_of(store, asker, Verb.READ_CLIENTS, LIST_OF_CONSULTATIONS)
    with mine.reading() as connection:
        at = open_locations(connection, asker, Verb.READ_CLIENTS)
    return records.list_drafts(mine, limit, at=at, **which)


load = _asking(Verb.READ_CLIENTS, records.load_draft)
answers_given = _asking(Verb.READ_CLIENTS, records.answers_given)
read_notes = _asking(Verb.READ_CLIENTS, records.read_notes)
save_answers = _asking(Verb.CHANGE_CLIENTS, records.save_answers)
undo = _asking(Verb.CHANGE_CLIENTS, records.undo)
clear_answers = _asking(Verb.CHANGE_CLIENTS, records.clear_answers)
take_back_choice = _asking(Verb.CHANGE_CLIENTS, records.take_back_choice)
add_note = _asking(Verb.CHANGE_CLIENTS, records.add_note)
take_back_note = _asking(Verb.CHANGE_CLIENTS, records.take_back_note)


def record_choice(
    store: Store,
    asker: Person,
    draft_id: str,
    choice: str,
    now: datetime,
    facts: ChoiceFacts,
    *,
    rulebook_revision: str,
    files: Mapping[str, str],
    shown: Json,
    reason: str = "",
    expected_revision: int | None = None,
) -> Draft:
    """Keeps what the client chose and what was shown; the rulebook that said so is kept whole at its first use."""
    mine = _open_to(store, asker, draft_id)
    return records.record_choice(
        mine,
        draft_id,
        choice,
        now,
        facts,
        reason=reason,
        rulebook_revision=rulebook_revision,
        shown=shown,
        expected_revision=expected_revision,
        also=lambda connection: keep_revision(mine, connection, rulebook_revision, files),
    )


def record_next_date(
    store: Store,
    asker: Person,
    draft_id: str,
    kind: str,
    day: date,
    now: datetime,
    book: Rulebook,
    expected_revision: int | None = None,
) -> Draft:
    """Keeps the day the client leaves with: of a first visit, which only a treatment has, or to look again."""
    mine = _open_to(store, asker, draft_id)
    return records.record_next_date(
        mine,
        draft_id,
        kind,
        day,
        now,
        expected_revision,
        lambda draft: require_a_day_that_may_be(draft, kind, day, book),
    )


def finish(
    store: Store,
    asker: Person,
    draft_id: str,
    now: datetime,
    book: Rulebook,
    open_days: tuple[date, date] | None = None,
    expected_revision: int | None = None,
) -> Draft:
    """Ends the consultation for good. Raises NotReady: intake, safety, choice and the next date are checked in the same
    transaction. `open_days`: those of today, after the clinician's review; else those by the answers alone on its own day.
    """
    mine = _open_to(store, asker, draft_id)
    return records.finish(mine, draft_id, now, lambda draft: require_ready(draft, book, open_days), expected_revision)


# --- amendments ---------------------------------------------------------------------------------------------------


def amend(store: Store, asker: Person, draft_id: str, what: str, why: str, now: datetime) -> Amendment:
    """Adds to a finished consultation. Raises StoreProblem where it is not finished, or either text is empty."""
    mine = _open_to(store, asker, draft_id)
    kept = {"what": plain_text(what, "what is to be added").strip(), "why": plain_text(why, "the reason").strip()}
    made = Amendment(secrets.token_hex(16), now, asker.id, **kept)
    with missing_noted(store, UPDATED, draft_id, now), mine.writing() as connection:
        require_open(mine, connection, draft_id)
        finished = select(drafts.c.finished_at).where(drafts.c.id == draft_id)
        if connection.execute(finished).scalar_one() is None:
            raise StoreProblem("This consultation is not finished. Change the answer itself.")
        connection.execute(insert(amendments).values(draft_id=draft_id, **asdict(made)))
        mine.note(connection, now, UPDATED, draft_id, {"step": "amendment", "fields": ["what", "why"]})
    return made


def amendments_of(store: Store, asker: Person, draft_id: str) -> list[Amendment]:
    """What was added to a consultation, in order. It is read beside the consultation, whose row counts for it."""
    mine = _open_to(store, asker, draft_id, Verb.READ_CLIENTS)
    query = select(amendments).where(amendments.c.draft_id == draft_id).order_by(amendments.c.at, amendments.c.id)
    place = select(drafts.c.location_id).where(drafts.c.id == draft_id)
    with mine.opening(safe_id(draft_id)) as connection:
        found = connection.execute(place).one_or_none()
        if found is None or not mine.shows(connection, found.location_id):
            return []
        return [from_row(Amendment, row) for row in connection.execute(query)]
