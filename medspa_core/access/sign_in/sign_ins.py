"""Sign-ins: who is there, since when, until when. A token goes to the browser; the store keeps its hash.

Every verb is given the moment as `now`, from a clock that never goes back (see steady_clock.py).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, func, literal_column, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.devices import Device
from medspa_core.access.people.people import OF_A_PERSON, end_all, person_of, read_licences
from medspa_core.access.rights import BREAKS_GLASS, STEP_UP, AccessRefused, Person, Verb, require
from medspa_core.access.schema import access_settings, break_glass, people, person_locations, person_roles, sign_ins
from medspa_core.access.secrets.tokens import hashed
from medspa_core.access.settings import IDLE, IDLE_MINUTES, SHEET_DUE, read_idle
from medspa_core.records import Store, StoreProblem
from medspa_core.records.audit.log import Doer
from medspa_core.records.schema import UtcTime
from medspa_core.records.stored_forms import from_row

AT_MOST = timedelta(hours=12)
STEP_UP_LASTS = timedelta(minutes=5)
SECOND_DUE = "second factor"
SAME_TOUCH = timedelta(seconds=15)
SPACE: Any = literal_column("' '")
"""Said in the question itself: as a value SQLAlchemy would write it into the words of the question each time it is asked."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in as it stands now. `ended` says why it is over, or nothing.

    `ended` is SECOND_DUE while the second factor is to be given: it is not open yet. `held_to`: the consultation a client
    holds the tablet for. `sheet_due`: the recovery sheet of the first start was not put away yet.
    """

    id: str
    person: Person
    device_id: str | None
    how: str
    started_at: datetime
    last_touch_at: datetime
    stepped_up_at: datetime | None
    ended: str = ""
    held_to: str | None = None
    covered: bool = False
    sheet_due: bool = False


def look_up(store: Store, token: str, now: datetime, device: Device | None = None) -> SignIn | None:
    """The sign-in of a cookie, also one that is over; None for a token that never was. Bound to its tablet.

    It is asked at every page and file, so the licences are left out; `sign_in_of` has them.
    """
    found = _read(store, _BY_TOKEN, hashed(token), now, licences=False) if token else None
    if found is not None and found.device_id and (device is None or device.id != found.device_id):
        return replace(found, ended=found.ended or "another device")
    return found


def sign_in_of(store: Store, sid: str, now: datetime) -> SignIn | None:
    """The sign-in of a page's session, read again on each run."""
    return _read(store, _BY_ID, sid, now) if sid else None


def doer_of(sign_in: SignIn) -> Doer:
    """Who does what is done by this sign-in, as the audit log names them."""
    return Doer(sign_in.person.id, ",".join(sorted(sign_in.person.roles)), sign_in.device_id or "", sign_in.id)


def touch(store: Store, sid: str, now: datetime) -> None:
    """Somebody really touched the tablet: the idle time starts again."""
    with store.writing() as connection:
        row = connection.execute(select(sign_ins).where(sign_ins.c.id == sid)).first()
        if row is None or row.ended_at is not None or now - row.last_touch_at < SAME_TOUCH:
            return
        if not _due(row, now, read_idle(connection)):
            connection.execute(update(sign_ins).where(sign_ins.c.id == sid).values(last_touch_at=now))


def sign_out(store: Store, sid: str, now: datetime, why: str = "signed out") -> None:
    """Ends the sign-in now; what is open stops at its next step."""
    with store.writing() as connection:
        if end_all(connection, sign_ins.c.id == sid, now, why):
            audit_trail.note(store, connection, now, why, about=sid)


def sign_everybody_out(store: Store, person_id: str, now: datetime, by: str | None) -> int:
    """Revokes every sign-in of a person; says how many."""
    with store.writing() as connection:
        ended = end_all(connection, sign_ins.c.person_id == person_id, now, "revoked")
        audit_trail.note(store, connection, now, "sign-ins revoked", actor=by, about=person_id, ended=ended)
        return ended


def revoke_sign_in(store: Store, sid: str, now: datetime, by: str | None) -> None:
    """Ends one sign-in of somebody, wherever it is."""
    with store.writing() as connection:
        ended = end_all(connection, sign_ins.c.id == sid, now, "revoked")
        audit_trail.note(store, connection, now, "sign-in revoked", actor=by, about=sid, ended=ended)


def list_open(store: Store, now: datetime) -> list[SignIn]:
    """Who is signed in at this moment, newest first."""
    with store.reading() as connection:
        idle = read_idle(connection)
        rows = connection.execute(_WHOLE.where(sign_ins.c.ended_at.is_(None)), {"now": now}).all()
        open_now = [_sign_in(connection, row) for row in rows if not _due(row, now, idle)]
    return sorted((one for one in open_now if not one.ended), key=lambda one: one.started_at, reverse=True)


def stepped_up(sign_in: SignIn, now: datetime) -> bool:
    """Was the password given in the last five minutes?"""
    given = sign_in.stepped_up_at
    return given is not None and now - given <= STEP_UP_LASTS


def require_now(sign_in: SignIn | None, verb: Verb, now: datetime, object_location: str | None = None) -> Person:
    """The person, if they are signed in and may do this. Raises AccessRefused, also where the password is due."""
    if sign_in is None or sign_in.ended:
        raise AccessRefused("You are signed out.")
    require(sign_in.person, verb, object_location)
    if verb in STEP_UP:
        require_password(sign_in, now)
    return sign_in.person


def require_password(sign_in: SignIn | None, now: datetime) -> None:
    """Raises AccessRefused where the password was not given just before, as a file needs it."""
    if sign_in is None or not stepped_up(sign_in, now):
        raise AccessRefused("Give your password again first.")


def highest_time(store: Store) -> datetime | None:
    """The latest moment any sign-in saw, for the clock to start from."""
    with store.reading() as connection:
        return connection.execute(select(func.max(sign_ins.c.last_touch_at))).scalar_one_or_none()


def _together(column: ColumnElement[str], whose: ColumnElement[str]) -> ColumnElement[str]:
    return select(func.aggregate_strings(column, SPACE)).where(whose == sign_ins.c.person_id).scalar_subquery()


_WHOLE = select(  # all of it in one question: it is asked at each page, file and run
    sign_ins,
    *OF_A_PERSON,
    _together(person_roles.c.role, person_roles.c.person_id).label("roles"),
    _together(person_locations.c.location_id, person_locations.c.person_id).label("places"),
    select(access_settings.c.value).where(access_settings.c.name == IDLE).scalar_subquery().label("idle"),
    exists()
    .where((access_settings.c.name == SHEET_DUE) & (access_settings.c.value == sign_ins.c.person_id))
    .label("sheet_due"),
    exists()
    .where((break_glass.c.person_id == sign_ins.c.person_id) & (break_glass.c.until > bindparam("now", type_=UtcTime)))
    .label("glass"),
).join_from(sign_ins, people, people.c.id == sign_ins.c.person_id)

_BY_TOKEN = _WHOLE.where(sign_ins.c.token_hash == bindparam("which"))
_BY_ID = _WHOLE.where(sign_ins.c.id == bindparam("which"))


def _due(row: Row[tuple[object, ...]], now: datetime, idle: int) -> str:
    if now - row.last_touch_at >= timedelta(minutes=idle):
        return "idle"
    if row.second_due_at is not None and now >= row.second_due_at:
        return "no second factor"
    return "too long" if now - row.started_at >= AT_MOST else ""


def _read(store: Store, statement: Select[Any], which: str, now: datetime, *, licences: bool = True) -> SignIn | None:
    with store.reading() as connection:
        row = connection.execute(statement, {"which": which, "now": now}).first()
        if row is None:
            return None
        due = "" if row.ended_at is not None else _due(row, now, int(row.idle or IDLE_MINUTES))
        found = _sign_in(connection, row, licences=licences)
    if due:  # written down, so that a longer idle time or another clock never wakes it; where that fails it is over too
        with contextlib.suppress(StoreProblem):
            sign_out(store, found.id, now, due)
    return replace(found, ended=due or found.ended)


def _sign_in(connection: Connection, row: Row[tuple[object, ...]], *, licences: bool = True) -> SignIn:
    by_pin = row.how == "pin"
    roles, places = (row.roles or "").split(), (row.places or "").split()
    held = row.held_to is not None or row.covered_at is not None
    on_file = read_licences(connection, row.person_id) if licences else ()
    person = person_of(row, row.person_id, roles, places, on_file, by_pin=by_pin, held=held)
    waits = SECOND_DUE if row.second_due_at is not None else ""
    return from_row(
        SignIn,
        row,
        person=replace(person, glass_open=bool(row.glass and person.roles & BREAKS_GLASS and not by_pin)),
        covered=row.covered_at is not None,
        sheet_due=bool(row.sheet_due),
        ended=row.ended_why or ("person disabled" if person.disabled else waits),
    )
