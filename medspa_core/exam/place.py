"""To whom a consultation is open, and which consultations are of the same client: the one door to both."""

from __future__ import annotations

from sqlalchemy import Connection, select

from medspa_core.access import Person, Verb
from medspa_core.clients.access_to import guard_of
from medspa_core.records.families import consultations_of, family_of, root_of
from medspa_core.records.schema import drafts


def is_open_to(connection: Connection, person: Person, verb: Verb, draft_id: str) -> bool:
    """May the person do this with the consultation? What has no location is of the first; what is not there, of none."""
    row = connection.execute(select(drafts.c.location_id).where(drafts.c.id == draft_id)).one_or_none()
    return row is not None and guard_of(person, verb)(connection, row.location_id)


def consultations_of_client(connection: Connection, draft_id: str) -> tuple[str, ...]:
    """This consultation and the others of the same client, merged entries among them: an exam counts for the client."""
    mine = select(drafts.c.client_id).where(drafts.c.id == draft_id)
    client_id = connection.execute(mine).scalar_one_or_none()
    if client_id is None:
        return (draft_id,)
    family = family_of(connection, root_of(connection, client_id))
    return consultations_of(connection, family)
