"""Consultations that belong to no client (of older versions, or invented): listed, given to a client, or thrown away.

Once it is a client's it is in their export and goes with their erasure. What was finished or signed is never thrown away by
one person: it is given to a client, whom two people erase.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from medspa_core.access import TRIAL_ID, AccessRefused, Person, SignIn, Verb, may, require, require_now
from medspa_core.clients import client_access
from medspa_core.clients.register import Client, Details, client_of, load_client, new_client, set_columns
from medspa_core.clients.trial_clients import discard_all_invented
from medspa_core.records import ON_FILE, DraftMissing, Store, StoreProblem
from medspa_core.records.audit.log import DELETED, LIST_OF_CONSULTATIONS, UPDATED
from medspa_core.records.consultations.reading import located
from medspa_core.records.erasure import discarded_consultations, erased_clients
from medspa_core.records.facts.consultation_facts import follow_whose
from medspa_core.records.merged_clients import family_of, root_of
from medspa_core.records.schema import answers, drafts
from medspa_core.records.stored_forms import from_row, safe_id


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A consultation that is no client's. `may_go`: who asks may throw it away by themself."""

    id: str
    code_name: str
    as_of: date
    saved_at: datetime
    answered: int
    finished: bool
    invented: bool
    may_go: bool


def unassigned(store: Store, asker: Person, limit: int = 50) -> list[Unassigned]:
    """Those at the asker's locations, saved last first. The invented practice's finished past is not among them."""
    mine = client_access.in_the_hands_of(store, asker, Verb.CHANGE_CLIENTS, LIST_OF_CONSULTATIONS)
    given = (answers.c.draft_id == drafts.c.id) & (answers.c.how_asked != ON_FILE)
    counted = select(func.count()).where(given).scalar_subquery().label("answered")
    past = drafts.c.demo_of.is_not(None) & drafts.c.finished_at.is_not(None)
    query = select(drafts, counted).where(drafts.c.client_id.is_(None), ~past)
    with mine.opening(LIST_OF_CONSULTATIONS) as connection:
        here = located(drafts.c.location_id, client_access.open_locations(connection, asker, Verb.CHANGE_CLIENTS))
        rows = connection.execute(query.where(here).order_by(drafts.c.saved_at.desc(), drafts.c.id).limit(limit)).all()
        unsure = [row.id for row in rows if row.demo_of is None and row.finished_at is None]
        more = discarded_consultations.holding_more(connection, unsure)
        return [_line(connection, row, asker, more=row.id in more) for row in rows]


def _line(connection: Connection, row: Row[Any], asker: Person, *, more: bool) -> Unassigned:
    invented, finished = row.demo_of is not None, row.finished_at is not None
    may_go = (invented or not (finished or more)) and _may_discard(connection, row, asker)
    return from_row(Unassigned, row, finished=finished, invented=invented, may_go=may_go)


def attach(store: Store, asker: Person, draft_id: str, now: datetime, client_id: str | None = None) -> Client:
    """Gives a consultation to a client there is, else to a new one who is only its code name. Twice the same is once.

    Raises AccessRefused, DraftMissing, ClientMissing, or StoreProblem: it is another client's already, or is invented.
    """
    mine = client_access.in_the_hands_of(store, asker, Verb.CHANGE_CLIENTS, safe_id(draft_id))
    with client_access.missing_noted(store, UPDATED, draft_id, now), mine.together(), mine.writing() as connection:
        row = _found(mine, connection, draft_id)
        if row.demo_of is not None:
            raise StoreProblem("This consultation is invented, so it is no client's.")
        if client_id is None and row.client_id is None:
            place = row.location_id or (None if asker.id == TRIAL_ID else client_access.first_location(connection))
            client_id = new_client(mine, asker, Details(row.code_name), now, place).id
        wanted = client_of(mine, connection, root_of(connection, client_id or row.client_id))
        if row.client_id is None:
            discarded_consultations.give_to_client(connection, row.id, wanted.id)
            set_columns(connection, wanted, now)
            mine.note(connection, now, UPDATED, row.id, {"what": "given to a client", "client": wanted.id})
            follow_whose(connection, family_of(connection, wanted.id))
        elif root_of(connection, row.client_id) != wanted.id:
            raise StoreProblem("This consultation is another client's already.")
        return load_client(connection, wanted.id)


def discard(store: Store, asker: Person, draft_id: str, now: datetime) -> int:
    """Throws an unfinished or invented consultation of no client away; says how many rows went. Twice is once.

    By who began it, or by who may erase. Raises AccessRefused, DraftMissing, or StoreProblem where it takes two people.
    """
    with client_access.refusals_noted(store, Verb.CHANGE_CLIENTS, safe_id(draft_id)), store.writing() as connection:
        if not (may(asker, Verb.CHANGE_CLIENTS) or may(asker, Verb.PURGE)):
            require(asker, Verb.CHANGE_CLIENTS)
        row = connection.execute(select(drafts).where(drafts.c.id == draft_id)).one_or_none()
        if row is None and discarded_consultations.was_discarded(connection, draft_id):
            return 0
        if row is None or not (_is_here(connection, row, asker) or may(asker, Verb.PURGE)):
            raise AccessRefused("This was not found.")
        if not _may_discard(connection, row, asker):
            raise AccessRefused("Only who began this consultation, the medical director or the owner can discard it.")
        _refuse_a_record(connection, row)
        gone = discarded_consultations.discard_rows(connection, [row.id])
        if row.demo_of is None:
            discarded_consultations.note_discard(connection, row.id, asker.id, now)
        what = "unfinished" if row.demo_of is None else "invented"
        store.note(connection, now, DELETED, row.id, {"what": f"{what} consultation discarded", "rows": gone})
    discarded_consultations.note_outside(store)
    store.leave_nothing_behind()
    return gone


def discard_invented(store: Store, sign_in: SignIn, now: datetime) -> int:
    """Throws every invented consultation away, with the invented past and its figures, and with them what was typed during
    the trial: its consultations, and the clients who are only of it. Says how many consultations those were.

    For who may erase, after the password once more. Raises AccessRefused.
    """
    with client_access.refusals_noted(store, Verb.PURGE, "invented consultations"):
        asker = require_now(sign_in, Verb.PURGE, now)
    with store.writing() as connection:
        number, gone = discard_all_invented(connection, asker, now)
        detail = {"what": "invented consultations discarded", "consultations": number, "rows": gone}
        store.note(connection, now, DELETED, "invented consultations", detail)
    erased_clients.note_outside(store)
    store.leave_nothing_behind()
    return number


def _found(mine: Store, connection: Connection, draft_id: str) -> Row[Any]:
    row = connection.execute(select(drafts).where(drafts.c.id == draft_id)).one_or_none()
    if row is None or not mine.shows(connection, row.location_id):
        raise DraftMissing
    return row


def _is_here(connection: Connection, row: Row[Any], asker: Person) -> bool:
    return client_access.guard_of(asker, Verb.CHANGE_CLIENTS)(connection, row.location_id)


def _may_discard(connection: Connection, row: Row[Any], asker: Person) -> bool:
    """Who began it, while they may change clients there; or whoever may erase. An invented one: whoever works there."""
    own = row.demo_of is not None or (row.started_by is not None and row.started_by == asker.id)
    return (own and _is_here(connection, row, asker)) or may(asker, Verb.PURGE)


def _refuse_a_record(connection: Connection, row: Row[Any]) -> None:
    """A client's record, and whatever was finished or signed, goes by two people and no other way."""
    if row.client_id is not None:
        raise StoreProblem("This consultation is a client's. Two people erase a client.")
    if row.demo_of is None and (
        row.finished_at is not None or discarded_consultations.holding_more(connection, [row.id])
    ):
        raise StoreProblem("This was finished or signed. Say whose it is; two people then erase that client.")
