"""The ways in: a password, a PIN or a provider's word goes in, a new sign-in comes out, or a refusal that says no more.

Every verb is given the moment as `now`, from a clock that never goes back (see steady_clock.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.devices import Device
from medspa_core.access.people.people import load_person, read_person
from medspa_core.access.rights import Role
from medspa_core.access.schema import oidc_links, people, second_factors, sign_ins
from medspa_core.access.secrets.failed_attempts import count_try, forgive
from medspa_core.access.secrets.passwords import hash_password, needs_new_hash, password_is, pin_is
from medspa_core.access.secrets.tokens import hashed, nameless, new_id, new_token
from medspa_core.access.settings import SECOND_REQUIRED, setting
from medspa_core.access.sign_in.sign_ins import SignIn, sign_in_of
from medspa_core.records import Store

SECOND_LASTS = timedelta(minutes=5)
ASKED_FOR_TWO = frozenset({Role.CLINICIAN, Role.MEDICAL_DIRECTOR, Role.OWNER})


class WrongSignIn(Exception):
    """Name and password, or PIN, do not belong together. The same for a name that nobody has."""

    def __init__(self) -> None:
        super().__init__("That was not right. Check it and try again.")


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
    row = counted(store, counters, now, people.c.sign_in_name == wanted)
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
    row = counted(store, counters, now, people.c.id == person_id)
    at_home = row is not None and place.device.location_id in load_person(store, row.id).locations
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


def step_up(store: Store, sid: str, password: str, place: Place, pepper: bytes, now: datetime) -> None:
    """The password once more, before what matters most. Raises TooManyTries or WrongSignIn."""
    found = sign_in_of(store, sid, now)
    if found is None or found.ended:
        raise WrongSignIn
    counters = place.counters(found.person.sign_in_name, pepper)
    row = counted(store, counters, now, people.c.id == found.person.id)
    right = row is not None and password_is(password, row.password_hash)
    end_try(store, found, "password again", lambda _: right, counters, now, stepped_up_at=now)


def counted(store: Store, counters: list[str], now: datetime, whose: ColumnElement[bool]) -> Row[Any] | None:
    """Counts a try before anything is looked at, and reads who it is for. Raises TooManyTries."""
    with store.writing() as connection:
        count_try(connection, counters, now)
        return connection.execute(select(people).where(whose)).first()


def end_try(
    store: Store,
    found: SignIn,
    what: str,
    is_right: Callable[[Connection], bool],
    counters: list[str],
    now: datetime,
    **then: datetime | None,
) -> None:
    """Notes how a try within a sign-in ended; a right one forgives those before and changes its row. Raises WrongSignIn."""
    with store.writing() as connection:
        right = is_right(connection)
        outcome = audit_trail.DONE if right else audit_trail.REFUSED
        audit_trail.note(store, connection, now, what, actor=found.person.id, about=found.id, outcome=outcome)
        if right:
            forgive(connection, counters)
            mine = (sign_ins.c.id == found.id) & sign_ins.c.ended_at.is_(None)
            connection.execute(update(sign_ins).where(mine).values(**then))
    if not right:
        raise WrongSignIn


def _asks_for_a_second(connection: Connection, person_id: str, how: str, place: Place) -> bool:
    """Away from an enrolled tablet: of clinicians, directors and owners who have one, or must have one."""
    if how != "password" or place.device is not None or not read_person(connection, person_id).roles & ASKED_FOR_TWO:
        return False
    return has_confirmed(connection, person_id) or setting(connection, SECOND_REQUIRED) is not None


def has_confirmed(connection: Connection, person_id: str) -> bool:
    """Has the person a second factor that was confirmed by a code?"""
    mine = (second_factors.c.person_id == person_id) & second_factors.c.confirmed_at.is_not(None)
    return connection.execute(select(second_factors.c.person_id).where(mine)).first() is not None


def _let_in(
    store: Store, person_id: str | None, right: bool, how: str, place: Place, counters: list[str], now: datetime
) -> NewSignIn:
    device_id = place.device.id if place.device else None
    made = NewSignIn(new_id(), new_token(), person_id or "")
    with store.writing() as connection:
        note = partial(audit_trail.note, store, connection, now, actor=person_id, device=device_id, how=how)
        if right and person_id is not None and not read_person(connection, person_id).disabled:
            two = _asks_for_a_second(connection, person_id, how, place)
            if not two:
                forgive(connection, counters)
            row = {"id": made.id, "token_hash": hashed(made.token), "person_id": person_id, "device_id": device_id}
            since = {"started_at": now, "last_touch_at": now, "stepped_up_at": now if how == "password" else None}
            due = now + SECOND_LASTS if two else None
            connection.execute(insert(sign_ins).values(**row, **since, how=how, second_due_at=due))
            note("password right, second factor asked" if two else "signed in", about=made.id)
            return replace(made, second_due=two)
        note("sign-in refused", outcome=audit_trail.REFUSED)
    raise WrongSignIn


def _renew_hash(store: Store, person_id: str, kept: str, password: str) -> None:
    try:
        renewed = hash_password(password)
    except ValueError:  # good when it was chosen, refused today: it still opens, and is asked for at the next change
        return
    mine = (people.c.id == person_id) & (people.c.password_hash == kept)
    with store.writing() as connection:
        connection.execute(update(people).where(mine).values(password_hash=renewed))
