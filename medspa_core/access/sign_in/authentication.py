"""The ways in: a password, a PIN or a provider's word goes in, a new sign-in comes out, or a refusal that says no more.

Every verb is given the moment as `now`, from a clock that never goes back (see steady_clock.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.devices import Device
from medspa_core.access.people.people import read_person
from medspa_core.access.rights import Role
from medspa_core.access.schema import oidc_links, people, second_factors, sign_ins
from medspa_core.access.secrets.failed_attempts import count_try, forgive
from medspa_core.access.secrets.passwords import hash_password, needs_new_hash, password_is, pin_is
from medspa_core.access.secrets.tokens import hashed, nameless, new_id, new_token
from medspa_core.access.settings import SECOND_REQUIRED, setting
from medspa_core.access.sign_in.sign_ins import sign_in_of
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
        outcome = audit_trail.DONE if right else audit_trail.REFUSED
        audit_trail.note(store, connection, now, "password again", actor=found.person.id, about=sid, outcome=outcome)
        if right:
            forgive(connection, counters)
            connection.execute(update(sign_ins).where(sign_ins.c.id == sid).values(stepped_up_at=now))
    if not right:
        raise WrongSignIn


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
            audit_trail.note(store, connection, now, what, actor=person_id, device=device_id, about=made.id, how=how)
            return replace(made, second_due=two)
        audit_trail.note(
            store,
            connection,
            now,
            "sign-in refused",
            actor=person_id,
            device=device_id,
            outcome=audit_trail.REFUSED,
            how=how,
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
