"""What the audit log's ids stand for: what somebody typed or the ids of lines go in, records and names come out.

A client's name is shown to whoever may read every client; to others who may ask for a report (the owner) the code name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from medspa_core.access.rights import Person, Reach, Verb, reach
from medspa_core.access.schema import devices, people
from medspa_core.clients.search import ids_found
from medspa_core.exam.schema import products, rulebook_approvals
from medspa_core.offer.schema import entered_products
from medspa_core.records.audit.log import LISTS
from medspa_core.records.client_schema import clients
from medspa_core.records.merged_clients import consultations_of, family_of, root_of, roots_of
from medspa_core.records.schema import audit, drafts

MOST_FOUND = 50
IDS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Record:
    """A client or a consultation that can be asked about."""

    id: str
    name: str
    when: datetime
    is_client: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """An id's name, and the record it belongs to: the client, or a consultation that is of none."""

    name: str
    whose: str | None = None


def sees_names(person: Person) -> bool:
    """May the person read every client, so that a report may name them?"""
    return reach(person, Verb.READ_CLIENTS) is Reach.EVERYWHERE


def records_named(connection: Connection, typed: str, *, names_too: bool) -> list[Record]:
    """Clients, then consultations, of this code name or id, newest first; with `names_too` also by name or birth date."""
    return _clients_named(connection, typed, names_too)[:MOST_FOUND] + _consultations_named(connection, typed)


def _consultations_named(connection: Connection, typed: str) -> list[Record]:
    which = (drafts.c.id == typed) | drafts.c.code_name.icontains(typed, autoescape=True)
    rows = connection.execute(select(drafts).where(which).order_by(drafts.c.saved_at.desc()).limit(MOST_FOUND))
    return [Record(row.id, row.code_name, row.saved_at) for row in rows]


def _clients_named(connection: Connection, typed: str, names_too: bool) -> list[Record]:
    which = (clients.c.id == typed) | clients.c.code_name.icontains(typed, autoescape=True)
    if names_too:
        which |= clients.c.id.in_(ids_found(connection, typed, None, MOST_FOUND))
    rows = connection.execute(select(clients).where(which).order_by(clients.c.changed_at.desc()).limit(MOST_FOUND))
    return [Record(row.id, _client_name(row, names_too), row.changed_at, is_client=True) for row in rows]


def _client_name(row: Row[Any], names_too: bool) -> str:
    return f"{row.name} ({row.code_name})" if names_too and row.name else str(row.code_name)


def rows_about(connection: Connection, object_id: str) -> ColumnElement[bool]:
    """The log's rows about a record. About a client: about every entry, every consultation, and lists they stood in."""
    client_id = connection.execute(select(clients.c.id).where(clients.c.id == object_id)).scalar_one_or_none()
    if client_id is None:
        return audit.c.object == object_id
    family = family_of(connection, root_of(connection, client_id))
    listed = [audit.c.detail.contains(f'"{one}"', autoescape=True) for one in family]
    theirs = (*family, *consultations_of(connection, family))
    return audit.c.object.in_(theirs) | (audit.c.object.in_(LISTS) & or_(*listed))


def names_of(connection: Connection, ids: Iterable[str], *, names_too: bool) -> dict[str, Named]:
    """The names of those ids that are known: clients, consultations, products, approvals, people, tablets."""
    wanted = sorted(set(ids))
    found: dict[str, Named] = {}
    consultations = select(drafts.c.id, drafts.c.code_name, drafts.c.client_id)
    of_drafts = list(_rows(connection, consultations, drafts.c.id, wanted))
    of_clients = list(_rows(connection, select(clients), clients.c.id, wanted))
    roots = roots_of(connection, {row.client_id for row in of_drafts} | {row.id for row in of_clients})
    for row in of_drafts:
        found[row.id] = Named(row.code_name, row.id if row.client_id is None else roots[row.client_id])
    for row in of_clients:
        found[row.id] = Named(_client_name(row, names_too), roots[row.id])
    return found | _names_of_the_practice(connection, wanted)


def _names_of_the_practice(connection: Connection, wanted: Sequence[str]) -> dict[str, Named]:
    """What is no client's: whom and what the log is about else."""
    found = {}
    # a lot that was entered and approved has one id, and what was signed counts
    for table in (entered_products, products):
        for row in _rows(connection, select(table), table.c.id, wanted):
            found[row.id] = Named(f"{row.name}, lot {row.lot}")
    approved = rulebook_approvals.c.revision
    for row in _rows(connection, select(approved).distinct(), approved, wanted):
        found[row.revision] = Named(f"rulebook {row.revision}")
    for row in _rows(connection, select(people.c.id, people.c.shown_name), people.c.id, wanted):
        found[row.id] = Named(row.shown_name)
    for row in _rows(connection, select(devices.c.id, devices.c.label), devices.c.id, wanted):
        found[row.id] = Named(row.label)
    return found


def _rows(
    connection: Connection, query: Select[Any], key: ColumnElement[str], wanted: Sequence[str]
) -> Iterator[Row[Any]]:
    for at in range(0, len(wanted), IDS_AT_A_TIME):
        yield from connection.execute(query.where(key.in_(wanted[at : at + IDS_AT_A_TIME])))
