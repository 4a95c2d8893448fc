"""What an owner sets for the whole practice: names go in, the values kept in the store come out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.schema import access_settings
from medspa_core.records import Store

IDLE, IDLE_MINUTES, IDLE_RANGE = "idle_minutes", 10, (2, 15)
SECOND_REQUIRED = "second_factor_required"
SHEET_DUE = "recovery_sheet_due"
"""The setting that names the owner who has not put the first recovery sheet away."""


def idle_minutes(store: Store) -> int:
    """After how many minutes without a touch a sign-in ends."""
    with store.reading() as connection:
        return read_idle(connection)


def set_idle_minutes(store: Store, minutes: int, now: datetime, by: str | None) -> None:
    """2 to 15 minutes. Raises ValueError."""
    shortest, longest = IDLE_RANGE
    if not shortest <= minutes <= longest:
        raise ValueError(f"Expected {shortest} to {longest} minutes, found {minutes}.")
    with store.writing() as connection:
        put_setting(connection, IDLE, str(minutes))
        audit_trail.note(store, connection, now, "idle time changed", actor=by, minutes=minutes)


def read_idle(connection: Connection) -> int:
    """The minutes without a touch, inside a transaction of the caller."""
    kept = setting(connection, IDLE)
    return int(kept) if kept is not None else IDLE_MINUTES


def put_setting(connection: Connection, name: str, value: str) -> None:
    """Writes one setting."""
    mine = access_settings.c.name == name
    if not connection.execute(update(access_settings).where(mine).values(value=value)).rowcount:
        connection.execute(insert(access_settings).values(name=name, value=value))


def setting(connection: Connection, name: str) -> str | None:
    """Reads one setting."""
    return connection.execute(
        select(access_settings.c.value).where(access_settings.c.name == name)
    ).scalar_one_or_none()
