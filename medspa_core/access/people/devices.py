"""Tablets: the owner issues a code, the tablet trades it for a token of its own, the owner can take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.people import PersonProblem, end_all
from medspa_core.access.schema import devices, locations, sign_ins
from medspa_core.access.secrets.failed_attempts import count_try, forgive
from medspa_core.access.secrets.tokens import code_as_kept, hashed, new_code, new_id, new_token
from medspa_core.records import Store
from medspa_core.records.stored_forms import from_row

CODE_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Device:
    """A tablet or computer of the practice."""

    id: str
    label: str
    location_id: str
    enrolled_at: datetime | None
    revoked_at: datetime | None


def invite_device(store: Store, label: str, location_id: str, now: datetime, by: str | None) -> tuple[Device, str]:
    """A code for one tablet, for 15 minutes and one use."""
    tidy = " ".join(label.split())[:80]
    code = new_code(2)
    with store.writing() as connection:
        if not tidy or not connection.execute(select(locations.c.id).where(locations.c.id == location_id)).first():
            raise PersonProblem("A tablet needs a name and one of the locations there are.")
        device = Device(new_id(), tidy, location_id, None, None)
        row = {"id": device.id, "label": tidy, "location_id": location_id, "created_at": now}
        for_the_code = {"code_hash": code_as_kept(code), "code_until": now + CODE_LASTS}
        connection.execute(insert(devices).values(row | for_the_code))
        audit_trail.note(store, connection, now, "device code issued", actor=by, about=device.id)
    return device, code


def enrol_device(store: Store, code: str, counters: list[str], now: datetime) -> tuple[Device, str]:
    """Trades the code for the tablet's own token. Raises TooManyTries or PersonProblem; a code works once."""
    with store.writing() as connection:
        count_try(connection, counters, now)
    token = new_token()
    with store.writing() as connection:
        row = connection.execute(select(devices).where(devices.c.code_hash == code_as_kept(code))).first()
        if row is None or row.code_until <= now or row.revoked_at is not None:
            raise PersonProblem("This code does not work, or no longer. The owner can make a new one.")
        taken = {"code_hash": None, "code_until": None, "token_hash": hashed(token), "enrolled_at": now}
        connection.execute(update(devices).where(devices.c.id == row.id).values(taken))
        forgive(connection, counters)
        audit_trail.note(store, connection, now, "device enrolled", device=row.id, about=row.id)
    return Device(row.id, row.label, row.location_id, now, None), token


def device_of(store: Store, token: str) -> Device | None:
    """The enrolled device that holds this token, if it was not revoked."""
    if not token:
        return None
    with store.reading() as connection:
        row = connection.execute(select(devices).where(devices.c.token_hash == hashed(token))).first()
    return None if row is None or row.revoked_at is not None else from_row(Device, row)


def list_devices(store: Store) -> list[Device]:
    """Every device, newest first."""
    with store.reading() as connection:
        rows = connection.execute(select(devices).order_by(devices.c.created_at.desc(), devices.c.id)).all()
    return [from_row(Device, row) for row in rows]


def revoke_device(store: Store, device_id: str, now: datetime, by: str | None) -> None:
    """The tablet is no longer one of ours; who is signed in on it is signed out."""
    with audit_trail.changing(store, now, "device revoked", by, device_id) as connection:
        gone = update(devices).where(devices.c.id == device_id).values(revoked_at=now, code_hash=None)
        if not connection.execute(gone).rowcount:
            raise PersonProblem("This device was not found.")
        end_all(connection, sign_ins.c.device_id == device_id, now, "device revoked")
