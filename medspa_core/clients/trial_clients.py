"""What was typed while nobody worked here yet: consultations of the trial, and the clients who are only of it.

A consultation of the trial is marked as one when it begins, so it is in no figure and no list of what waits. Older stores are
told apart by the day: a client made before the first person was, whom nobody has seen, changed or given anything since.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, insert, or_, select

from medspa_core.access import TRIAL_ID, Person, Verb
from medspa_core.access.schema import people
from medspa_core.clients.client_access import in_the_hands_of
from medspa_core.records import Store
from medspa_core.records.client_schema import clients, erasures
from medspa_core.records.erasure import discarded_consultations, erased_clients
from medspa_core.records.facts.invented import take_invented
from medspa_core.records.schema import drafts

OF_THE_TRIAL = "trial"
"""What a consultation that was begun during the trial says it is a demo of."""


@dataclass(frozen=True, slots=True)
class Invented:
    """How many consultations are invented or of the trial, and how many clients are only of it."""

    consultations: int
    trial_clients: int


def count_invented(store: Store, asker: Person) -> Invented:
    """What one step would throw away, for who may. Raises AccessRefused."""
    in_the_hands_of(store, asker, Verb.PURGE, "invented consultations")
    with store.reading() as connection:
        typed = trial_clients(connection)
        return Invented(len(_invented(connection)) + len(_of(connection, typed)), len(typed))


def discard_all_invented(connection: Connection, asker: Person, now: datetime) -> tuple[int, int]:
    """Every invented consultation with its figures, the invented book and sales, and the clients of the trial; how many
    consultations and rows went.

    The clients are listed as erased, so that a restore of an older backup does it again.
    """
    typed, invented = trial_clients(connection), _invented(connection)
    number = len(invented) + len(_of(connection, typed))
    gone = discarded_consultations.discard_rows(connection, invented) + take_invented(connection)
    if typed:
        gone += erased_clients.erase_rows(connection, typed, figures=True)[0]
        _note_erased(connection, typed, asker, now)
    return number, gone


def _note_erased(connection: Connection, client_ids: list[str], asker: Person, now: datetime) -> None:
    """As an erasure by two people is noted; the trial stands where the first of the two does."""
    who = {"proposed_by": TRIAL_ID, "proposed_as": erased_clients.BY_THE_TRIAL, "proposed_at": now}
    done = {"confirmed_by": asker.id, "confirmed_at": now, "facts_kept": 0}
    row = {"id": secrets.token_hex(16), "client_id": client_ids[0], "client_ids": json.dumps(client_ids)}
    connection.execute(insert(erasures).values(**row, **who, **done, reason="Typed during the trial."))


def trial_clients(connection: Connection) -> list[str]:
    """Clients who are only of the trial: made before anybody worked here, not seen, changed or given a consultation since,
    nothing signed, held or merged."""
    first = connection.execute(select(func.min(people.c.created_at))).scalar()
    if first is None:
        return []
    mine = drafts.c.client_id == clients.c.id
    theirs = or_(drafts.c.started_by.is_not(None), drafts.c.created_at >= first, drafts.c.saved_at >= first)
    since = exists().where(mine, theirs)
    other = clients.alias("other")
    merged = exists().where(other.c.merged_into == clients.c.id)
    alone = clients.c.merged_into.is_(None) & clients.c.held_since.is_(None)
    before = (clients.c.created_at < first) & (clients.c.changed_at < first)
    query = select(clients.c.id).where(before, alone, ~since, ~merged)
    found = list(connection.execute(query).scalars())
    signed = discarded_consultations.holding_more(connection, _of(connection, found))
    kept = set(connection.execute(select(drafts.c.client_id).where(drafts.c.id.in_(signed))).scalars())
    return [one for one in found if one not in kept]


def _of(connection: Connection, client_ids: list[str]) -> list[str]:
    return list(connection.execute(select(drafts.c.id).where(drafts.c.client_id.in_(client_ids))).scalars())


def _invented(connection: Connection) -> list[str]:
    which = drafts.c.demo_of.is_not(None) & drafts.c.client_id.is_(None)
    return list(connection.execute(select(drafts.c.id).where(which)).scalars())
