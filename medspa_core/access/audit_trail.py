"""What happened with people, devices and sign-ins: an audit row in the very transaction of what it tells. No content."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

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


@contextlib.contextmanager
def changing(store: Store, now: datetime, what: str, by: str | None, about: str, **detail: Any) -> Iterator[Connection]:
    """One transaction, at the end of which its row is written."""
    with store.writing() as connection:
        yield connection
        note(store, connection, now, what, actor=by, about=about, **detail)


def note_refused(store: Store, what: str, about: str, now: datetime) -> None:
    """Somebody asked for a page or an object that is not theirs. What looks like no id of ours is not written down."""
    with store.writing() as connection:
        known = about if ID.fullmatch(about) else "no id"
        note(store, connection, now, "refused", about=known, outcome=REFUSED, of=what)
