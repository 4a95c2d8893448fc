"""The tablet in a client's hands: it shows one consultation, or a curtain, until somebody of the staff takes it back.

What the tablet may show stands in the sign-in's row, so no address, tab or reload leads out of it. Taking it back needs the
PIN or the password of who is signed in, and a wrong one counts like a wrong sign-in.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from medspa_core.access import audit_trail
from medspa_core.access.rights import Person
from medspa_core.access.schema import people, sign_ins
from medspa_core.access.secrets.passwords import PIN, password_is, pin_is
from medspa_core.access.sign_in.authentication import Place, WrongSignIn, counted, end_try
from medspa_core.access.sign_in.sign_ins import SignIn, sign_in_of
from medspa_core.records import Store


def hand_over(store: Store, sid: str, consultation_id: str, now: datetime) -> None:
    """From now on this sign-in shows this consultation only, as a client may see it."""
    with store.writing() as connection:
        mine = (sign_ins.c.id == sid) & sign_ins.c.held_to.is_(None) & sign_ins.c.ended_at.is_(None)
        if connection.execute(update(sign_ins).where(mine).values(held_to=consultation_id)).rowcount:
            audit_trail.note(store, connection, now, "tablet handed over", about=sid)


def cover(store: Store, sid: str, now: datetime) -> None:
    """Draws the curtain: nothing is shown until the tablet is taken back."""
    with store.writing() as connection:
        mine = (sign_ins.c.id == sid) & sign_ins.c.covered_at.is_(None)
        connection.execute(update(sign_ins).where(mine).values(covered_at=now))


def opens_by(person: Person, place: Place) -> str:
    """What takes the tablet back: "pin" on an enrolled tablet of somebody who has one, "password", or "" for neither."""
    if person.has_pin and place.device is not None:
        return "pin"
    return "password" if person.has_password else ""


def take_back(store: Store, sid: str, secret: str, place: Place, pepper: bytes, now: datetime) -> SignIn:
    """The tablet is the staff's again. The password does it too where a PIN would. Raises TooManyTries or WrongSignIn."""
    found = sign_in_of(store, sid, now)
    if found is None or found.ended:
        raise WrongSignIn
    person = found.person
    by_pin = opens_by(person, place) == "pin" and PIN.fullmatch(secret) is not None
    counters = place.counters(f"id:{person.id}" if by_pin else person.sign_in_name, pepper)
    row = counted(store, counters, now, people.c.id == person.id)
    if row is None:
        raise WrongSignIn
    right = pin_is(secret, row.pin_hash, pepper) if by_pin else password_is(secret, row.password_hash)
    free = {"held_to": None, "covered_at": None, "last_touch_at": now}
    end_try(store, found, "tablet taken back", lambda _: right, counters, now, **free)
    return found
