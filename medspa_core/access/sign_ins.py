"""Sign-ins: who is there, since when, until when. A token goes to the browser; the store keeps its hash.

Every verb is given the moment as `now`, from a clock that never goes back (see clock.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, func, insert, select, update

from medspa_core.access import trail
from medspa_core.access.devices import Device
from medspa_core.access.passwords import hash_password, needs_new_hash, password_is, pin_is
from medspa_core.access.people import end_all, read_licences, read_person
from medspa_core.access.rights import BREAKS_GLASS, STEP_UP, AccessRefused, Person, Role, Verb, require
from medspa_core.access.schema import (
    access_settings,
    break_glass,
    oidc_links,
    people,
    person_locations,
    person_roles,
    second_factors,
    sign_ins,
)
from medspa_core.access.tokens import hashed, nameless, new_id, new_token
from medspa_core.access.tries import count_try, forgive
from medspa_core.records import Store
from medspa_core.records.schema import UtcTime

AT_MOST = timedelta(hours=12)
STEP_UP_LASTS = timedelta(minutes=5)
SECOND_LASTS = timedelta(minutes=5)
SECOND_DUE = "second factor"
IDLE_MINUTES, IDLE_RANGE = 10, (2, 15)
SAME_TOUCH = timedelta(seconds=15)
ASKED_FOR_TWO = frozenset({Role.CLINICIAN, Role.MEDICAL_DIRECTOR, Role.OWNER})
SECOND_REQUIRED = "second_factor_required"
SHEET_DUE = "recovery_sheet_due"
"""The setting that names the owner who has not put the first recovery sheet away."""


class WrongSignIn(Exception):
    """Name and password, or PIN, do not belong together. The same for a name that nobody has."""

    def __init__(self) -> None:
        super().__init__("That was not right. Check both and try again.")


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


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """What the browser gets."""

    id: str
    token: str
    person_id: str
    second_due: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a try to sign in comes from."""

    address: str
    device: Device | None = None

    def counters(self, who: str, pepper: bytes) -> list[str]:
        """What a wrong try from here counts for."""
        mine = nameless("person", f"{who}|{self.device.id if self.device else ''}", pepper)
        return [mine] if self.device else [mine, nameless("address", self.address, pepper)]


def sign_in_with_password(
    store: Store, name: str, password: str, place: Place, pepper: bytes, now: datetime
) -> NewSignIn:
    """Raises TooManyTries or WrongSignIn."""
    wanted = name.strip().casefold()[:200]
    counters = place.counters(wanted, pepper)
    with store.writing() as connection:
        count_try(connection, counters, now)
        row = connection.execute(select(people).where(people.c.sign_in_name == wanted)).first()
    kept = row.password_hash if row is not None and row.disabled_at is None else None
    right = password_is(password, kept)
    if right and kept is not None and needs_new_hash(kept):
        _renew_hash(store, row.id, kept, password)  # type: ignore[union-attr]
    return _let_in(store, row.id if row is not None else None, right, "password", place, counters, now)


def sign_in_with_pin(store: Store, person_id: str, pin: str, place: Place, pepper: bytes, now: datetime) -> NewSignIn:
    """On an enrolled tablet only, by somebody of its location. Raises TooManyTries or WrongSignIn."""
    if place.device is None:
        raise WrongSignIn
    counters = place.counters(f"id:{person_id[:64]}", pepper)
    with store.writing() as connection:
        count_try(connection, counters, now)
        row = connection.execute(select(people).where(people.c.id == person_id)).first()
        at_home = row is not None and place.device.location_id in read_person(connection, row.id).locations
    kept = row.pin_hash if row is not None and row.disabled_at is None and at_home else None
    right = pin_is(pin, kept, pepper)
    return _let_in(store, row.id if row is not None else None, right, "pin", place, counters, now)


def sign_in_with_oidc(
    store: Store, issuer: str, subject: str, verified_email: str | None, place: Place, now: datetime
) -> NewSignIn:
    """After the provider vouched for somebody: by an earlier link, else once by the e-mail address on file."""
    with store.writing() as connection:
        mine = (oidc_links.c.issuer == issuer) & (oidc_links.c.subject == subject)
        person_id = connection.execute(select(oidc_links.c.person_id).where(mine)).scalar_one_or_none()
        if person_id is None and verified_email:
            by_mail = people.c.email == verified_email.strip().casefold()
            person_id = connection.execute(select(people.c.id).where(by_mail)).scalar_one_or_none()
            if person_id is not None:
                connection.execute(insert(oidc_links).values(issuer=issuer, subject=subject, person_id=person_id))
        known = person_id is not None and not read_person(connection, person_id).disabled
    return _let_in(store, person_id, known, "oidc", place, [], now)


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


def touch(store: Store, sid: str, now: datetime) -> None:
    """Somebody really touched the tablet: the idle time starts again."""
    with store.writing() as connection:
        row = connection.execute(select(sign_ins).where(sign_ins.c.id == sid)).first()
        if row is None or row.ended_at is not None or now - row.last_touch_at < SAME_TOUCH:
            return
        if not _due(row, now, _idle(connection)):
            connection.execute(update(sign_ins).where(sign_ins.c.id == sid).values(last_touch_at=now))


def sign_out(store: Store, sid: str, now: datetime, why: str = "signed out") -> None:
    """Ends the sign-in now; what is open stops at its next step."""
    with store.writing() as connection:
        if end_all(connection, sign_ins.c.id == sid, now, why):
            trail.note(store, connection, now, why, about=sid)


def sign_everybody_out(store: Store, person_id: str, now: datetime, by: str | None) -> int:
    """Revokes every sign-in of a person; says how many."""
    with store.writing() as connection:
        ended = end_all(connection, sign_ins.c.person_id == person_id, now, "revoked")
        trail.note(store, connection, now, "sign-ins revoked", actor=by, about=person_id, ended=ended)
        return ended


def revoke_sign_in(store: Store, sid: str, now: datetime, by: str | None) -> None:
    """Ends one sign-in of somebody, wherever it is."""
    with store.writing() as connection:
        ended = end_all(connection, sign_ins.c.id == sid, now, "revoked")
        trail.note(store, connection, now, "sign-in revoked", actor=by, about=sid, ended=ended)


def list_open(store: Store, now: datetime) -> list[SignIn]:
    """Who is signed in at this moment, newest first."""
    with store.reading() as connection:
        idle = _idle(connection)
        rows = connection.execute(_WHOLE.where(sign_ins.c.ended_at.is_(None)), {"now": now}).all()
        open_now = [_sign_in(connection, row) for row in rows if not _due(row, now, idle)]
    return sorted((one for one in open_now if not one.ended), key=lambda one: one.started_at, reverse=True)


def step_up(store: Store, sid: str, password: str, place: Place, pepper: bytes, now: datetime) -> None:
    """The password once more, before what matters most. Raises TooManyTries or WrongSignIn."""
    found = sign_in_of(store, sid, now)
    if found is None or found.ended:
        raise WrongSignIn
    counters = place.counters(found.person.sign_in_name, pepper)
    with store.writing() as connection:
        count_try(connection, counters, now)
        kept = connection.execute(select(people.c.password_hash).where(people.c.id == found.person.id)).scalar_one()
    right = password_is(password, kept)
    with store.writing() as connection:
        outcome = trail.DONE if right else trail.REFUSED
        trail.note(store, connection, now, "password again", actor=found.person.id, about=sid, outcome=outcome)
        if right:
            forgive(connection, counters)
            connection.execute(update(sign_ins).where(sign_ins.c.id == sid).values(stepped_up_at=now))
    if not right:
        raise WrongSignIn


def stepped_up(sign_in: SignIn, now: datetime) -> bool:
    """Was the password given in the last five minutes?"""
    given = sign_in.stepped_up_at
    return given is not None and now - given <= STEP_UP_LASTS


def require_now(sign_in: SignIn | None, verb: Verb, now: datetime, object_location: str | None = None) -> Person:
    """The person, if they are signed in and may do this. Raises AccessRefused, also where the password is due."""
    if sign_in is None or sign_in.ended:
        raise AccessRefused("You are signed out.")
    require(sign_in.person, verb, object_location)
    if verb in STEP_UP and not stepped_up(sign_in, now):
        raise AccessRefused("Give your password again first.")
    return sign_in.person


def idle_minutes(store: Store) -> int:
    """After how many minutes without a touch a sign-in ends."""
    with store.reading() as connection:
        return _idle(connection)


def set_idle_minutes(store: Store, minutes: int, now: datetime, by: str | None) -> None:
    """2 to 15 minutes. Raises ValueError."""
    shortest, longest = IDLE_RANGE
    if not shortest <= minutes <= longest:
        raise ValueError(f"Expected {shortest} to {longest} minutes, found {minutes}.")
    with store.writing() as connection:
        put_setting(connection, "idle_minutes", str(minutes))
        trail.note(store, connection, now, "idle time changed", actor=by, minutes=minutes)


def highest_time(store: Store) -> datetime | None:
    """The latest moment any sign-in saw, for the clock to start from."""
    with store.reading() as connection:
        return connection.execute(select(func.max(sign_ins.c.last_touch_at))).scalar_one_or_none()


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


def _together(column: ColumnElement[str], whose: ColumnElement[str]) -> ColumnElement[str]:
    return select(func.aggregate_strings(column, " ")).where(whose == sign_ins.c.person_id).scalar_subquery()


_WHOLE = select(  # all of it in one question: it is asked at each page, file and run
    sign_ins,
    people.c.sign_in_name,
    people.c.shown_name,
    people.c.email,
    people.c.disabled_at,
    people.c.password_hash.is_not(None).label("has_password"),
    people.c.pin_hash.is_not(None).label("has_pin"),
    _together(person_roles.c.role, person_roles.c.person_id).label("roles"),
    _together(person_locations.c.location_id, person_locations.c.person_id).label("places"),
    select(access_settings.c.value).where(access_settings.c.name == "idle_minutes").scalar_subquery().label("idle"),
    exists()
    .where((access_settings.c.name == SHEET_DUE) & (access_settings.c.value == sign_ins.c.person_id))
    .label("sheet_due"),
    exists()
    .where((break_glass.c.person_id == sign_ins.c.person_id) & (break_glass.c.until > bindparam("now", type_=UtcTime)))
    .label("glass"),
).join_from(sign_ins, people, people.c.id == sign_ins.c.person_id)

_BY_TOKEN = _WHOLE.where(sign_ins.c.token_hash == bindparam("which"))
_BY_ID = _WHOLE.where(sign_ins.c.id == bindparam("which"))


def _idle(connection: Connection) -> int:
    kept = setting(connection, "idle_minutes")
    return int(kept) if kept is not None else IDLE_MINUTES


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
    if due:  # written down, so that a longer idle time or another clock never wakes it
        sign_out(store, found.id, now, due)
    return replace(found, ended=due or found.ended)


def _sign_in(connection: Connection, row: Row[tuple[object, ...]], *, licences: bool = True) -> SignIn:
    by_pin = row.how == "pin"
    person = Person(
        id=row.person_id,
        sign_in_name=row.sign_in_name,
        shown_name=row.shown_name,
        roles=frozenset(Role(role) for role in (row.roles or "").split()),
        locations=frozenset((row.places or "").split()),
        licences=read_licences(connection, row.person_id) if licences else (),
        email=row.email,
        disabled=row.disabled_at is not None,
        has_password=row.has_password,
        has_pin=row.has_pin,
        by_pin=by_pin,
        held=row.held_to is not None or row.covered_at is not None,
    )
    waits = SECOND_DUE if row.second_due_at is not None else ""
    return SignIn(
        id=row.id,
        person=replace(person, glass_open=bool(row.glass and person.roles & BREAKS_GLASS and not by_pin)),
        held_to=row.held_to,
        covered=row.covered_at is not None,
        sheet_due=bool(row.sheet_due),
        device_id=row.device_id,
        how=row.how,
        started_at=row.started_at,
        last_touch_at=row.last_touch_at,
        stepped_up_at=row.stepped_up_at,
        ended=row.ended_why or ("person disabled" if person.disabled else waits),
    )


def _asks_for_a_second(connection: Connection, person_id: str, how: str, place: Place) -> bool:
    """Away from an enrolled tablet: of clinicians, directors and owners who have one, or must have one."""
    if how != "password" or place.device is not None or not read_person(connection, person_id).roles & ASKED_FOR_TWO:
        return False
    confirmed = (second_factors.c.person_id == person_id) & second_factors.c.confirmed_at.is_not(None)
    has_one = connection.execute(select(second_factors.c.person_id).where(confirmed)).first() is not None
    return has_one or setting(connection, SECOND_REQUIRED) is not None


def _let_in(
    store: Store, person_id: str | None, right: bool, how: str, place: Place, counters: list[str], now: datetime
) -> NewSignIn:
    device_id = place.device.id if place.device else None
    made = NewSignIn(new_id(), new_token(), person_id or "")
    with store.writing() as connection:
        if right and person_id is not None and not read_person(connection, person_id).disabled:
            two = _asks_for_a_second(connection, person_id, how, place)
            if not two:
                forgive(connection, counters)
            connection.execute(
                insert(sign_ins).values(
                    id=made.id,
                    token_hash=hashed(made.token),
                    person_id=person_id,
                    device_id=device_id,
                    how=how,
                    started_at=now,
                    last_touch_at=now,
                    stepped_up_at=now if how == "password" else None,
                    second_due_at=now + SECOND_LASTS if two else None,
                )
            )
            what = "password right, second factor asked" if two else "signed in"
            trail.note(store, connection, now, what, actor=person_id, device=device_id, about=made.id, how=how)
            return replace(made, second_due=two)
        trail.note(
            store, connection, now, "sign-in refused", actor=person_id, device=device_id, outcome=trail.REFUSED, how=how
        )
    raise WrongSignIn


def _renew_hash(store: Store, person_id: str, kept: str, password: str) -> None:
    try:
        renewed = hash_password(password)
    except ValueError:  # good when it was chosen, refused today: it still opens, and is asked for at the next change
        return
    mine = (people.c.id == person_id) & (people.c.password_hash == kept)
    with store.writing() as connection:
        connection.execute(update(people).where(mine).values(password_hash=renewed))
