"""Entries that were merged: a client's id goes in, the one it is kept as, or all that are one client, come out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from medspa_core.records.client_schema import clients
from medspa_core.records.schema import drafts


def root_of(connection: Connection, client_id: str) -> str:
    """The client that this one is kept as: itself, unless it was merged."""
    seen = {client_id}
    while True:
        query = select(clients.c.merged_into).where(clients.c.id == client_id)
        into = connection.execute(query).scalar_one_or_none()
        if into is None or into in seen:
            return client_id
        client_id = into
        seen.add(into)


def family_of(connection: Connection, client_id: str) -> tuple[str, ...]:
    """The client and all that were merged into it, however many times over."""
    family = [client_id]
    for one in family:
        query = select(clients.c.id).where(clients.c.merged_into == one).order_by(clients.c.id)
        family += [found for found in connection.execute(query).scalars() if found not in family]
    return tuple(family)


def roots_of(connection: Connection, client_ids: Iterable[str]) -> dict[str, str]:
    """The same for many at once: each of these ids -> the client it is kept as."""
    query = select(clients.c.id, clients.c.merged_into).where(clients.c.merged_into.is_not(None))
    into = {row.id: row.merged_into for row in connection.execute(query)}
    found = {}
    for one in client_ids:
        kept, seen = one, {one}
        while into.get(kept) is not None and into[kept] not in seen:
            kept = into[kept]
            seen.add(kept)
        found[one] = kept
    return found


def consultations_of(connection: Connection, family: tuple[str, ...]) -> tuple[str, ...]:
    """The consultations of these clients, oldest first."""
    theirs = select(drafts.c.id).where(drafts.c.client_id.in_(family))
    return tuple(connection.execute(theirs.order_by(drafts.c.created_at, drafts.c.id)).scalars())
