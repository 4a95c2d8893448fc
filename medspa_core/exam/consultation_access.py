"""To whom a consultation is open, and which consultations are of the same client: the one door to both."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from medspa_core.access import Location, Person, Verb
from medspa_core.access.people.locations import location_of_row
from medspa_core.access.schema import locations
from medspa_core.clients.client_access import first_location, guard_of
from medspa_core.records.merged_clients import consultations_of, family_of, root_of
from medspa_core.records.schema import drafts


def is_open_to(connection: Connection, person: Person, verb: Verb, draft_id: str) -> bool:
    """May the person do this with the consultation? What has no location is of the first; what is not there, of none."""
    row = connection.execute(select(drafts.c.location_id).where(drafts.c.id == draft_id)).one_or_none()
    return row is not None and guard_of(person, verb)(connection, row.location_id)


def location_of(connection: Connection, draft_id: str) -> Location | None:
    """Where the consultation is, and so its treatment: its own location, or the first one; None where there is none at all."""
    row = connection.execute(select(drafts.c.location_id).where(drafts.c.id == draft_id)).one_or_none()
    wanted = row.location_id if row is not None and row.location_id else first_location(connection)
    found = connection.execute(select(locations).where(locations.c.id == wanted)).one_or_none()
    return None if found is None else location_of_row(found)


def state_blocks(here: Location | None, state: str) -> Iterator[str]:
    """A licence is of a state: what was signed for one state counts for treatments in that state."""
    if here is None:
        return
    if here.state is None:
        yield f"Nobody has said yet in which state {here.name} is."
    elif here.state != state:
        yield f"{here.name} is in {here.state}: this was signed for {state}."


def consultations_of_client(connection: Connection, draft_id: str) -> tuple[str, ...]:
    """This consultation and the others of the same client, merged entries among them: an exam counts for the client."""
    mine = select(drafts.c.client_id).where(drafts.c.id == draft_id)
    client_id = connection.execute(mine).scalar_one_or_none()
    if client_id is None:
        return (draft_id,)
    family = family_of(connection, root_of(connection, client_id))
    return consultations_of(connection, family)
