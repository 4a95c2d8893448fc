"""What happened with people, devices and sign-ins: an audit row in the very transaction of what it tells. No content."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Connection

from medspa_core.records import Store
from medspa_core.records.audit.log import DONE, EXECUTED, NOBODY_YET, REFUSED, Doer

__all__ = ["DONE", "REFUSED", "note", "note_refused"]
ID = re.compile(r"[\w-]{1,64}", re.ASCII)


def note(
    store: Store,
    connection: Connection,
    now: datetime,
    what: str,
    *,
    actor: str | None = None,
    device: str | None = None,
    about: str | None = None,
    outcome: int = DONE,
    **detail: str | int | list[str],
) -> None:
    """Writes one row. `about` is an id; `detail` holds names of fields and kinds, never what somebody typed.

    Who acts is `actor` where it is known, else who holds the store.
    """
    doer = Doer(actor, device=device or "") if actor else store.doer
    if not actor and device:
        doer = Doer(NOBODY_YET.person, device=device)
    store.by(doer).note(connection, now, EXECUTED, about or "sign-in", {"what": what, **detail}, outcome)


def note_refused(store: Store, what: str, about: str, now: datetime) -> None:
    """Somebody asked for a page or an object that is not theirs. What looks like no id of ours is not written down."""
    with store.writing() as connection:
        note(
            store, connection, now, "refused", about=about if ID.fullmatch(about) else "no id", outcome=REFUSED, of=what
        )
