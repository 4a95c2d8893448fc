"""Where a consultation belongs, and which consultations are of the same client: the one door to both.

A consultation has neither place nor client of its own yet, so it is of the practice's first location and of nobody else.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from medspa_core.access.schema import locations
from medspa_core.records.drafts import DraftMissing
from medspa_core.records.schema import drafts


def location_of(connection: Connection, draft_id: str) -> str:
    """The location whose people may see and change the consultation. Raises DraftMissing."""
    if connection.execute(select(drafts.c.id).where(drafts.c.id == draft_id)).first() is None:
        raise DraftMissing
    first = select(locations.c.id).order_by(locations.c.created_at, locations.c.id).limit(1)
    return str(connection.execute(first).scalar_one_or_none() or "")


def consultations_of_client(connection: Connection, draft_id: str) -> tuple[str, ...]:
    """This consultation and the others of the same client: an exam counts for the client."""
    return (draft_id,)
