"""Where a consultation belongs, and which consultations are of the same client: the one door to both."""

from __future__ import annotations

from sqlalchemy import Connection, select

from medspa_core.clients.access_to import first_location
from medspa_core.records.drafts import DraftMissing
from medspa_core.records.families import consultations_of, family_of, root_of
from medspa_core.records.schema import drafts


def location_of(connection: Connection, draft_id: str) -> str:
    """The location whose people may see and change the consultation; what has none is of the first. Raises DraftMissing."""
    row = connection.execute(select(drafts.c.location_id).where(drafts.c.id == draft_id)).one_or_none()
    if row is None:
        raise DraftMissing
    return row.location_id or first_location(connection) or ""


def consultations_of_client(connection: Connection, draft_id: str) -> tuple[str, ...]:
    """This consultation and the others of the same client, merged entries among them: an exam counts for the client."""
    mine = select(drafts.c.client_id).where(drafts.c.id == draft_id)
    client_id = connection.execute(mine).scalar_one_or_none()
    if client_id is None:
        return (draft_id,)
    family = family_of(connection, root_of(connection, client_id))
    return consultations_of(connection, family)
