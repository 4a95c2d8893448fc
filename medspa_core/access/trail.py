"""What happened with people, devices and sign-ins: one row in the very transaction of what it tells. No content."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from medspa_core.access.schema import access_events
from medspa_core.records import Store

DONE, REFUSED = 0, 4


def note(
    store: Store,
    connection: Connection,
    now: datetime,
    action: str,
    *,
    actor: str | None = None,
    device: str | None = None,
    about: str | None = None,
    outcome: int = DONE,
    **detail: str | int | list[str],
) -> None:
    """Writes one row, of this store. `about` is an id; `detail` holds names of fields and kinds, never what somebody typed."""
    last = connection.execute(select(func.coalesce(func.max(access_events.c.seq), 0))).scalar_one()
    connection.execute(
        insert(access_events).values(
            seq=last + 1,
            at=now,
            actor=actor,
            device=device,
            action=action,
            object=about,
            outcome=outcome,
            detail=json.dumps(detail, sort_keys=True),
        )
    )
