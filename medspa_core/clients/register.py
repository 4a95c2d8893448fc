"""Clients: new, read, changed, found, merged and held. Each verb takes who asks, and looks at the location of each client.

A client can be only a code name. The id is random, says nothing, and never stands in an address.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, update

from medspa_core.access import Person, Verb
from medspa_core.clients import client_access
from medspa_core.clients.known_answers import take_from_file
from medspa_core.clients.search_words import OLDEST_BIRTH
from medspa_core.records import Store, StoreProblem
from medspa_core.records.audit.log import CREATED, READ, UPDATED
from medspa_core.records.client_schema import client_words, clients
from medspa_core.records.merged_clients import family_of
from medspa_core.records.search_words import code_key, name_key, words_to_keep
from medspa_core.records.stored_forms import from_row, plain_text, safe_id
from medspa_core.wording.words import capital

LONGEST_NAME = 120
ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Details:
    """What is kept of a client. Only the code name is needed."""

    code_name: str
    name: str = ""
    birth_date: date | None = None
    contact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """One client as kept."""

    id: str
    details: Details
    location_id: str | None
    created_at: datetime
    changed_at: datetime
    revision: int
    merged_into: str | None = None
    held_since: datetime | None = None
    held_why: str = ""
    merged_here: tuple[str, ...] = ()


def new_id() -> str:
    """A client's id. A form makes it when it is drawn, so that sent twice it is one client."""
    return secrets.token_hex(16)


def new_client(
    store: Store, asker: Person, details: Details, now: datetime, location_id: str | None = None, client_id: str = ""
) -> Client:
    """A new client at one of the asker's locations; the same under the same id again (a double tap, a retry) is that client.

    Raises AccessRefused or StoreProblem.
    """
    mine = client_access.in_the_hands_of(store, asker, Verb.CHANGE_CLIENTS, "client")
    kept, client_id = _checked(details, now), client_id or new_id()
    place = client_access.starting_location(asker, location_id)
    with mine.writing() as connection:
        if (there := _added_already(mine, connection, client_id)) is not None:
            if there.details != kept:
                raise StoreProblem("Somebody else was added from this form before. Open it again and look.")
            return there
        new = {"id": client_id, "location_id": place, "created_at": now, "changed_at": now, "revision": 0}
        connection.execute(insert(clients).values(**new, **_columns(kept), **keys_of(kept)))
        _put_words(connection, client_id, place, kept)
        filled = [name for name, value in _columns(kept).items() if value is not None]
        mine.note(connection, now, CREATED, client_id, {"fields": filled})
        return load_client(connection, client_id)


def _added_already(mine: Store, connection: Connection, client_id: str) -> Client | None:
    if not ID.fullmatch(client_id):
        raise StoreProblem("A client can't be kept under this id. Open the form again.")
    is_there = connection.execute(select(clients.c.id).where(clients.c.id == client_id)).one_or_none()
    return client_of(mine, connection, client_id) if is_there else None


def open_client(store: Store, asker: Person, client_id: str) -> Client:
    """The client as kept. Raises ClientMissing."""
    with opened(store, asker, client_id) as (_, _connection, client):
        return client


def change_client(
    store: Store, asker: Person, client_id: str, details: Details, now: datetime, expected_revision: int
) -> Client:
    """Other details, and with another birth date another age in what is open. The same change sent twice is done once;
    another from an old page is refused (ClientMoved)."""
    kept = _checked(details, now)
    with changing(store, asker, client_id, now) as (mine, connection, client):
        take_from_file(store, connection, client.id, kept.birth_date, now)
        if client.details == kept:
            return client
        if client.revision != expected_revision:
            raise client_access.ClientMoved
        fields = [name for name in _columns(kept) if getattr(kept, name) != getattr(client.details, name)]
        set_columns(connection, client, now, **_columns(kept), **keys_of(kept))
        connection.execute(delete(client_words).where(client_words.c.client_id == client.id))
        _put_words(connection, client.id, client.location_id, kept)
        mine.note(connection, now, UPDATED, client.id, {"fields": fields})
        return load_client(connection, client.id)


# --- one client in a transaction ----------------------------------------------------------------------------------


@contextlib.contextmanager
def opened(store: Store, asker: Person, client_id: str) -> Iterator[tuple[Store, Connection, Client]]:
    """One client, open to the asker. The first look of a sign-in at it leaves a row in the audit log, and so does a refusal."""
    mine = client_access.in_the_hands_of(store, asker, Verb.READ_CLIENTS, safe_id(client_id))
    with client_access.missing_noted(store, READ, client_id), mine.opening(safe_id(client_id)) as connection:
        yield mine, connection, client_of(mine, connection, client_id)


@contextlib.contextmanager
def changing(
    store: Store, asker: Person, client_id: str, now: datetime, verb: Verb = Verb.CHANGE_CLIENTS
) -> Iterator[tuple[Store, Connection, Client]]:
    """One transaction on one client, open to the asker. A refusal leaves its own audit row."""
    mine = client_access.in_the_hands_of(store, asker, verb, safe_id(client_id))
    with client_access.missing_noted(store, UPDATED, client_id, now), mine.together(), mine.writing() as connection:
        yield mine, connection, client_of(mine, connection, client_id)


def client_of(store: Store, connection: Connection, client_id: str) -> Client:
    """The client, if open to who holds the store. Raises ClientMissing."""
    found = load_client(connection, client_id)
    if not store.shows(connection, found.location_id):
        raise client_access.ClientMissing
    return found


def keys_of(details: Details) -> dict[str, str | None]:
    """What two entries are compared by."""
    return {"code_key": code_key(details.code_name), "name_key": name_key(details.name) if details.name else None}


def set_columns(connection: Connection, client: Client, now: datetime, **values: object) -> None:
    """Writes some columns and counts the change."""
    new = {"changed_at": now, "revision": client.revision + 1, **values}
    connection.execute(update(clients).where(clients.c.id == client.id).values(**new))


def load_client(connection: Connection, client_id: str) -> Client:
    """The client, whoever asks. Raises ClientMissing."""
    row = connection.execute(select(clients).where(clients.c.id == client_id)).one_or_none()
    if row is None:
        raise client_access.ClientMissing
    return from_row(
        Client,
        row,
        details=Details(row.code_name, row.name or "", row.birth_date, row.contact or "", row.note or ""),
        held_why=row.held_why or "",
        merged_here=family_of(connection, row.id)[1:],
    )


def _put_words(connection: Connection, client_id: str, location_id: str | None, details: Details) -> None:
    words = words_to_keep(details.code_name, details.name)
    rows = [{"client_id": client_id, "word": word, "location_id": location_id} for word in words]
    if rows:
        connection.execute(insert(client_words), rows)


class DetailsProblem(StoreProblem):
    """What is wrong with a client's details, field by field; the sentences repeat nothing of them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("\n".join(fields.values()))
        self.fields = fields


TYPED = {"code_name": "the code name", "name": "the name", "contact": "the contact", "note": "the note"}
"""What is typed of a client, as the form calls it."""


def _checked(details: Details, now: datetime) -> Details:
    """The details as they can be kept, tidied. Raises DetailsProblem with every field that is wrong."""
    tidy: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field, what in TYPED.items():
        try:
            kept = plain_text(getattr(details, field), what, empty=field != "code_name")
        except StoreProblem as problem:
            wrong[field] = str(problem)
            continue
        of_one_line = field in ("code_name", "name")
        tidy[field] = " ".join(kept.split()) if of_one_line else kept.strip()
        if of_one_line and len(tidy[field]) > LONGEST_NAME:
            wrong[field] = f"{capital(what)} is too long: at most {LONGEST_NAME} characters."
    if details.birth_date is not None and not OLDEST_BIRTH <= details.birth_date <= now.date():
        wrong["birth_date"] = f"The birth date is a day from {OLDEST_BIRTH.year} to today."
    if wrong:
        raise DetailsProblem(wrong)
    return Details(birth_date=details.birth_date, **tidy)


def _columns(details: Details) -> dict[str, object]:
    return {name: value or None for name, value in asdict(details).items()}
