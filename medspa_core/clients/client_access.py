"""Whether a record is open to who asks: a person, a right and a record's location go in. Refusals are in the audit log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from medspa_core.access import TRIAL_ID, AccessRefused, Person, Reach, Verb, may, reach, require
from medspa_core.access.schema import locations
from medspa_core.records import DraftMissing, Store, StoreProblem
from medspa_core.records.audit.log import EXECUTED, READ, REFUSED, UPDATED
from medspa_core.records.database.store import Guard
from medspa_core.records.stored_forms import safe_id


class ClientMissing(StoreProblem):
    """There is no such client, for who asks."""

    def __init__(self) -> None:
        super().__init__("This client was not found.")


class ClientMoved(StoreProblem):
    """Somebody else changed the client meanwhile."""

    def __init__(self) -> None:
        super().__init__("This client was changed on another screen. Look at it again before you go on.")


MISSING = (ClientMissing, ClientMoved, DraftMissing)
ACTIONS = {Verb.READ_CLIENTS: READ, Verb.CHANGE_CLIENTS: UPDATED}


def in_the_hands_of(store: Store, asker: Person, verb: Verb, about: str) -> Store:
    """The store, open as far as the asker's right reaches. Raises AccessRefused where it reaches nowhere."""
    with refusals_noted(store, verb, about):
        require(asker, verb)
    return store.within(guard_of(asker, verb))


@contextlib.contextmanager
def refusals_noted(store: Store, verb: Verb, about: str) -> Iterator[None]:
    """A refusal leaves a row of its own before it goes on its way."""
    try:
        yield
    except AccessRefused:
        with store.writing() as connection:
            action, detail = ACTIONS.get(verb, EXECUTED), {"refused": verb.value}
            store.note(connection, store.now(), action, about, detail, outcome=REFUSED)
        raise


@contextlib.contextmanager
def missing_noted(store: Store, action: str, about: str, now: datetime | None = None) -> Iterator[None]:
    """What is not there, or is not as it was shown, leaves its refusal in the log before it goes on its way."""
    try:
        yield
    except MISSING as refusal:
        store.refused(now or store.now(), action, safe_id(about), refusal)
        raise


def guard_of(asker: Person, verb: Verb) -> Guard:
    """The question a store asks of each record: is its location one the asker may do this in?"""

    def guard(connection: Connection, location_id: str | None) -> bool:
        if asker.id == TRIAL_ID:
            return location_id is None and may(asker, verb)
        return may(asker, verb, location_id or first_location(connection))

    return guard


def first_location(connection: Connection) -> str | None:
    """Where what was kept before there were locations belongs."""
    query = select(locations.c.id).order_by(locations.c.created_at, locations.c.id).limit(1)
    return connection.execute(query).scalar_one_or_none()


def open_locations(connection: Connection, asker: Person, verb: Verb) -> frozenset[str | None] | None:
    """The locations whose records are open to the asker, None among them standing for records without one.

    None alone: every location.
    """
    if asker.id == TRIAL_ID:
        return frozenset({None})
    if reach(asker, verb) is Reach.EVERYWHERE:
        return None
    mine: frozenset[str | None] = frozenset(asker.locations) if may(asker, verb) else frozenset()
    return mine | {None} if first_location(connection) in mine else mine


def starting_location(asker: Person, wanted: str | None = None) -> str | None:
    """Where something new belongs: the location named if the asker works there, else the first of theirs."""
    if asker.id == TRIAL_ID:
        return None
    if wanted is not None:
        require(asker, Verb.CHANGE_CLIENTS, wanted)
        return wanted
    return min(asker.locations, default=None)
