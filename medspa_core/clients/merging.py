"""Two entries for one person: one stays, the other leads to it. Nothing is moved, so it can be taken apart again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, and_, func, or_, select

from medspa_core.access import Person, Verb
from medspa_core.clients.client_access import in_the_hands_of, open_locations
from medspa_core.clients.register import Client, Details, changing, client_of, keys_of, set_columns
from medspa_core.clients.search import ClientLine, lines_of, note_who_was_shown
from medspa_core.records import Store, StoreProblem
from medspa_core.records.audit.log import LIST_OF_DUPLICATES, UPDATED
from medspa_core.records.client_schema import clients
from medspa_core.records.consultations.reading import located
from medspa_core.records.erasure.erased_clients import leads_elsewhere
from medspa_core.records.facts.consultation_facts import follow_whose
from medspa_core.records.merged_clients import family_of, root_of

MOST_PAIRS = 30
SHARED = {"birth date, and a name of the same letters": ("name_key", "birth_date"), "code name": ("code_key",)}


@dataclass(frozen=True, slots=True)
class Alike:
    """Two entries that may be one person, and what they share."""

    one: ClientLine
    other: ClientLine
    because: str


def merge(store: Store, asker: Person, kept_id: str, other_id: str, now: datetime) -> Client:
    """`other` leads to `kept` from now on: its consultations are shown with those of `kept`. Twice is once."""
    with changing(store, asker, kept_id, now) as (mine, connection, kept):
        other = client_of(mine, connection, other_id)
        if other.merged_into == kept.id:
            return kept
        if kept.merged_into or other.merged_into or kept.id in family_of(connection, other.id):
            raise StoreProblem("One of the two is merged already. Take that apart first.")
        set_columns(connection, other, now, merged_into=kept.id)
        mine.note(connection, now, UPDATED, kept.id, {"merged": other.id})
        mine.note(connection, now, UPDATED, other.id, {"merged into": kept.id})
        follow_whose(connection, family_of(connection, kept.id))
        return client_of(mine, connection, kept.id)


def unmerge(store: Store, asker: Person, other_id: str, now: datetime) -> Client:
    """Takes a merge apart: both are as they were, each with its own consultations."""
    with changing(store, asker, other_id, now) as (mine, connection, other):
        if other.merged_into is None:
            return other
        _refuse_what_rests_on_the_other(connection, other.id)
        set_columns(connection, other, now, merged_into=None)
        mine.note(connection, now, UPDATED, other.merged_into, {"taken apart": other.id})
        mine.note(connection, now, UPDATED, other.id, {"taken apart from": other.merged_into})
        for one in (other.id, root_of(connection, other.merged_into)):
            follow_whose(connection, family_of(connection, one))
        return client_of(mine, connection, other.id)


def _refuse_what_rests_on_the_other(connection: Connection, other_id: str) -> None:
    """An exam counts for both while they are one. Taken apart, neither could be erased without the other's order."""
    apart = family_of(connection, other_id)
    rest = [one for one in family_of(connection, root_of(connection, other_id)) if one not in apart]
    if leads_elsewhere(connection, apart) or leads_elsewhere(connection, rest):
        raise StoreProblem("An order of the one rests on an exam of the other. They stay together.")


def alike(store: Store, asker: Person, limit: int = MOST_PAIRS) -> list[Alike]:
    """Entries of one location that may be one person: the same birth date and a like name, or the same code name."""
    mine = in_the_hands_of(store, asker, Verb.READ_CLIENTS, LIST_OF_DUPLICATES)
    with mine.reading() as connection:
        at = open_locations(connection, asker, Verb.READ_CLIENTS)
        pairs: dict[tuple[str, str], str] = {}
        for because, columns in SHARED.items():
            for group in _groups(connection, columns, at, limit):
                pairs.update({pair: because for pair in pairwise(group) if pair not in pairs})
        wanted = list(pairs)[:limit]
        lines = {line.id: line for line in lines_of(connection, [one for pair in wanted for one in pair])}
    note_who_was_shown(mine, list(lines))
    return [Alike(lines[one], lines[other], pairs[one, other]) for one, other in wanted]


def already_here(
    store: Store, asker: Person, details: Details, limit: int = MOST_PAIRS, *, instead_of: Client | None = None
) -> list[ClientLine]:
    """Clients who may be the person of these details: the same birth date, and the same name or code name.

    Only those whom the asker may see, at any of their locations. Of all others nothing is said, not even that there is
    one: else a name and a birth date would be enough to ask a practice who its clients are.

    `instead_of`: the client who is to have these details. Neither they nor what is kept as one with them is another, and where
    name, code name and birth date say who they said before, nobody is asked about.
    """
    if details.birth_date is None or (instead_of is not None and _says_who(instead_of.details) == _says_who(details)):
        return []
    mine = in_the_hands_of(store, asker, Verb.READ_CLIENTS, LIST_OF_DUPLICATES)
    same = or_(*(clients.c[name] == key for name, key in keys_of(details).items() if key))
    with mine.reading() as connection:
        here = located(clients.c.location_id, open_locations(connection, asker, Verb.READ_CLIENTS))
        query = select(clients.c.id).where(clients.c.birth_date == details.birth_date, same, here)
        if instead_of is not None:
            query = query.where(clients.c.id.not_in(family_of(connection, root_of(connection, instead_of.id))))
        ids = connection.execute(query.order_by(clients.c.created_at, clients.c.id).limit(limit)).scalars()
        lines = lines_of(connection, list(ids))
    found = [line for line in lines if line.kept_as not in {one.id for one in lines}]
    if found:
        note_who_was_shown(mine, [line.id for line in found])
    return found


def _says_who(details: Details) -> tuple[object, ...]:
    return (*keys_of(details).values(), details.birth_date)


def _groups(
    connection: Connection, columns: tuple[str, ...], at: frozenset[str | None] | None, limit: int
) -> list[list[str]]:
    """Ids of entries that share these columns, a list for each."""
    shared = [clients.c[name] for name in columns]
    alone = (clients.c.merged_into.is_(None), located(clients.c.location_id, at))
    which = and_(*alone, *(one.is_not(None) for one in shared))
    by = [*shared, clients.c.location_id]
    grouped = select(*by).where(which).group_by(*by).having(func.count() > 1).order_by(*by).limit(limit)
    found = []
    for row in connection.execute(grouped).all():
        same = and_(*(column.is_not_distinct_from(value) for column, value in zip(by, row, strict=True)))
        query = select(clients.c.id).where(which, same).order_by(clients.c.created_at, clients.c.id).limit(limit)
        found.append(list(connection.execute(query).scalars()))
    return found
