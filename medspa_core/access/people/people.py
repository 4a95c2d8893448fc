"""The people who work here: roles, locations, licences, passwords and PINs. Each change is in the trail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.states import NOT_KNOWN, as_kept, read_state, spellings
from medspa_core.access.rights import Licence, Person, Role
from medspa_core.access.schema import (
    devices,
    licences,
    locations,
    people,
    person_locations,
    person_roles,
    sign_ins,
)
from medspa_core.access.secrets.passwords import hash_password, hash_pin
from medspa_core.access.secrets.tokens import new_id
from medspa_core.records import Store

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}", re.ASCII)
LONGEST_NAME = 80
LICENCES = ("needling", "draw", "medical")


class PersonProblem(Exception):
    """What was asked for a person, a location or a device cannot be; the sentence says why."""


class StateProblem(PersonProblem):
    """What was typed is no state or province."""

    def __init__(self) -> None:
        super().__init__(NOT_KNOWN)


def tidy_state(typed: str) -> str:
    """A state as it is kept, of licences and of locations, from its name or its short form. Raises StateProblem."""
    found = read_state(typed)
    if found is None:
        raise StateProblem
    return found.kept


def add_person(
    store: Store,
    sign_in_name: str,
    shown_name: str,
    roles: Iterable[Role],
    at_locations: Iterable[str],
    now: datetime,
    *,
    by: str | None = None,
    password: str | None = None,
    email: str | None = None,
) -> Person:
    """A new colleague. Raises PersonProblem or PasswordProblem; then nobody was added."""
    name = tidy_name(sign_in_name)
    kept = None if password is None else hash_password(password, name, shown_name)
    with store.writing() as connection:
        return insert_person(
            store, connection, name, shown_name, roles, at_locations, now, by=by, kept=kept, email=email
        )


def insert_person(
    store: Store,
    connection: Connection,
    name: str,
    shown_name: str,
    roles: Iterable[Role],
    at_locations: Iterable[str],
    now: datetime,
    *,
    by: str | None = None,
    kept: str | None = None,
    email: str | None = None,
) -> Person:
    """A new colleague inside a transaction, the password hashed already. Raises PersonProblem."""
    wanted, person_id = _roles(roles), new_id()
    if connection.execute(select(people.c.id).where(people.c.sign_in_name == name)).first():
        raise PersonProblem("There is somebody with this sign-in name already.")
    _put(connection, person_id, name, shown_as(shown_name), kept, email, now)
    _put_roles(connection, person_id, wanted)
    _put_locations(connection, person_id, sorted(set(at_locations)))
    audit_trail.note(
        store, connection, now, "person added", actor=by, about=person_id, roles=[role.value for role in wanted]
    )
    return read_person(connection, person_id)


def _put(
    connection: Connection, person_id: str, name: str, shown: str, kept: str | None, email: str | None, now: datetime
) -> None:
    mail = email.strip().casefold() if email and email.strip() else None
    if mail and connection.execute(select(people.c.id).where(people.c.email == mail)).first():
        raise PersonProblem("There is somebody with this e-mail address already.")
    row = {"id": person_id, "sign_in_name": name, "shown_name": shown, "email": mail}
    connection.execute(insert(people).values(**row, password_hash=kept, created_at=now))


def change_roles(store: Store, person_id: str, roles: Iterable[Role], now: datetime, by: str | None) -> Person:
    """Other roles, from the person's next run on. The last owner stays one."""
    wanted = _roles(roles)
    with store.writing() as connection:
        before = read_person(connection, person_id)
        if Role.OWNER in before.roles and Role.OWNER not in wanted:
            _not_the_last_owner(connection, person_id)
        connection.execute(delete(person_roles).where(person_roles.c.person_id == person_id))
        _put_roles(connection, person_id, wanted)
        told: dict[str, Any] = {"before": sorted(before.roles), "after": [role.value for role in wanted]}
        audit_trail.note(store, connection, now, "roles changed", actor=by, about=person_id, **told)
        return read_person(connection, person_id)


def change_locations(
    store: Store, person_id: str, at_locations: Iterable[str], now: datetime, by: str | None
) -> Person:
    """Other locations, from the person's next run on."""
    with audit_trail.changing(store, now, "locations changed", by, person_id) as connection:
        read_person(connection, person_id)
        connection.execute(delete(person_locations).where(person_locations.c.person_id == person_id))
        _put_locations(connection, person_id, sorted(set(at_locations)))
        return read_person(connection, person_id)


def disable_person(store: Store, person_id: str, now: datetime, by: str | None) -> None:
    """Ends every sign-in of the person and lets nobody in again under this name. The last owner stays."""
    with audit_trail.changing(store, now, "person disabled", by, person_id) as connection:
        if Role.OWNER in read_person(connection, person_id).roles:
            _not_the_last_owner(connection, person_id)
        connection.execute(update(people).where(people.c.id == person_id).values(disabled_at=now))
        end_all(connection, sign_ins.c.person_id == person_id, now, "person disabled")


def enable_person(store: Store, person_id: str, now: datetime, by: str | None) -> None:
    """Lets the person sign in again; what was ended stays ended."""
    with audit_trail.changing(store, now, "person enabled", by, person_id) as connection:
        read_person(connection, person_id)
        connection.execute(update(people).where(people.c.id == person_id).values(disabled_at=None))


def set_password(
    store: Store, person_id: str, password: str, now: datetime, by: str | None, *, keep_sign_in: str | None = None
) -> None:
    """A new password. Ends the person's sign-ins but the one it was changed from. Raises PasswordProblem."""
    person = load_person(store, person_id)
    kept = hash_password(password, person.sign_in_name, person.shown_name)
    with audit_trail.changing(store, now, "password changed", by, person_id) as connection:
        connection.execute(update(people).where(people.c.id == person_id).values(password_hash=kept))
        others = (sign_ins.c.person_id == person_id) & (sign_ins.c.id != (keep_sign_in or ""))
        end_all(connection, others, now, "password changed")


def set_pin(store: Store, person_id: str, pin: str, pepper: bytes, now: datetime, by: str | None) -> None:
    """A new PIN for enrolled tablets. Raises PasswordProblem."""
    load_person(store, person_id)
    kept = hash_pin(pin, pepper)
    with audit_trail.changing(store, now, "PIN changed", by, person_id) as connection:
        connection.execute(update(people).where(people.c.id == person_id).values(pin_hash=kept))


def add_licence(store: Store, person_id: str, licence: Licence, now: datetime, by: str | None) -> Person:
    """A licence on file; one of the same kind and state is replaced."""
    number = " ".join(licence.number.split())
    if licence.kind not in LICENCES or not licence.state.strip() or not number:
        raise PersonProblem("A licence needs its kind, its state and its number.")
    if len(number) > LONGEST_NAME or not number.isprintable():
        raise PersonProblem(f"A licence's number has at most {LONGEST_NAME} plain characters.")
    tidy = replace(licence, state=tidy_state(licence.state), number=number)
    with audit_trail.changing(store, now, "licence on file", by, person_id, kind=tidy.kind) as connection:
        read_person(connection, person_id)
        connection.execute(delete(licences).where(_this_licence(person_id, tidy.kind, tidy.state)))
        connection.execute(insert(licences).values(person_id=person_id, **asdict(tidy)))
        return read_person(connection, person_id)


def remove_licence(store: Store, person_id: str, kind: str, state: str, now: datetime, by: str | None) -> None:
    """A licence that is no longer on file."""
    with audit_trail.changing(store, now, "licence removed", by, person_id, kind=kind) as connection:
        if not connection.execute(delete(licences).where(_this_licence(person_id, kind, state))).rowcount:
            raise PersonProblem("This licence was not found.")


def _this_licence(person_id: str, kind: str, state: str) -> ColumnElement[bool]:
    """Also one that was put on file under another spelling of its state."""
    same_state = licences.c.state.in_(spellings(state))
    return (licences.c.person_id == person_id) & (licences.c.kind == kind) & same_state


def load_person(store: Store, person_id: str) -> Person:
    """One person. Raises PersonProblem if there is none."""
    with store.reading() as connection:
        return read_person(connection, person_id)


def list_people(store: Store) -> list[Person]:
    """Everybody, by shown name; those who left are among them."""
    with store.reading() as connection:
        ids = connection.execute(select(people.c.id).order_by(people.c.shown_name, people.c.id)).scalars().all()
        return [read_person(connection, person_id) for person_id in ids]


def shown_names(store: Store) -> dict[str, str]:
    """Person's id -> the name to show, by that name; those who left are among them."""
    query = select(people.c.id, people.c.shown_name).order_by(people.c.shown_name, people.c.id)
    with store.reading() as connection:
        return {row.id: row.shown_name for row in connection.execute(query)}


def people_with_a_pin(store: Store, device_id: str) -> list[Person]:
    """Who may sign in by PIN on this tablet: those of its location who have one."""
    with store.reading() as connection:
        place = connection.execute(select(devices.c.location_id).where(devices.c.id == device_id)).scalar_one_or_none()
    return [one for one in list_people(store) if one.has_pin and not one.disabled and place in one.locations]


def read_person(connection: Connection, person_id: str) -> Person:
    """One person inside a transaction. Raises PersonProblem if there is none."""
    row = connection.execute(select(*OF_A_PERSON).where(people.c.id == person_id)).first()
    if row is None:
        raise PersonProblem("This person was not found.")
    roles = connection.execute(select(person_roles.c.role).where(person_roles.c.person_id == person_id)).scalars()
    places = connection.execute(
        select(person_locations.c.location_id).where(person_locations.c.person_id == person_id)
    ).scalars()
    return person_of(row, person_id, roles, places, read_licences(connection, person_id))


OF_A_PERSON = (
    *(people.c.sign_in_name, people.c.shown_name, people.c.email, people.c.disabled_at),
    people.c.password_hash.is_not(None).label("has_password"),
    people.c.pin_hash.is_not(None).label("has_pin"),
)
"""What is read of a person's own row; no hash is."""


def person_of(
    row: Row[Any],
    person_id: str,
    roles: Iterable[str],
    places: Iterable[str],
    licences: tuple[Licence, ...],
    **of_the_sign_in: bool,
) -> Person:
    """A person from these columns and from what other tables hold of them."""
    return Person(
        id=person_id,
        sign_in_name=row.sign_in_name,
        shown_name=row.shown_name,
        roles=frozenset(map(Role, roles)),
        locations=frozenset(places),
        licences=licences,
        email=row.email,
        disabled=row.disabled_at is not None,
        has_password=row.has_password,
        has_pin=row.has_pin,
        **of_the_sign_in,
    )


def read_licences(connection: Connection, person_id: str) -> tuple[Licence, ...]:
    """The licences on file of one person, inside a transaction."""
    held = connection.execute(select(licences).where(licences.c.person_id == person_id).order_by(licences.c.kind))
    found: dict[tuple[str, str], Licence] = {}
    for one in held:  # of one state that was spelled in two ways, the licence that counts longest
        mine = Licence(one.kind, as_kept(one.state), one.number, one.valid_until)
        there = found.setdefault((mine.kind, mine.state), mine)
        if (mine.valid_until or date.max) > (there.valid_until or date.max):
            found[mine.kind, mine.state] = mine
    return tuple(found.values())


def end_all(connection: Connection, which: ColumnElement[bool], now: datetime, why: str) -> int:
    """Ends the sign-ins of a condition that have not ended yet; says how many."""
    still_open = which & sign_ins.c.ended_at.is_(None)
    return connection.execute(update(sign_ins).where(still_open).values(ended_at=now, ended_why=why)).rowcount


def tidy_name(typed: str) -> str:
    """A sign-in name as it is kept: small letters. Raises PersonProblem."""
    name = typed.strip().casefold()
    if not NAME.fullmatch(name):
        raise PersonProblem("A sign-in name has 2 to 64 letters, digits or . _ @ + - and no space.")
    return name


def shown_as(name: str) -> str:
    """A name as it is shown, of a person or a location: one space between words. Raises PersonProblem."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise PersonProblem(f"A name to show has 1 to {LONGEST_NAME} characters.")
    return tidy


def _roles(roles: Iterable[Role]) -> list[Role]:
    wanted = sorted({Role(role) for role in roles})
    if not wanted:
        raise PersonProblem("A person needs at least one role.")
    return wanted


def _put_roles(connection: Connection, person_id: str, roles: list[Role]) -> None:
    connection.execute(insert(person_roles), [{"person_id": person_id, "role": role.value} for role in roles])


def _put_locations(connection: Connection, person_id: str, places: list[str]) -> None:
    known = set(connection.execute(select(locations.c.id)).scalars())
    if not places or not set(places) <= known:
        raise PersonProblem("A person belongs to one location or more of those there are.")
    connection.execute(insert(person_locations), [{"person_id": person_id, "location_id": one} for one in places])


def _not_the_last_owner(connection: Connection, person_id: str) -> None:
    others = connection.execute(
        select(func.count())
        .select_from(person_roles.join(people, people.c.id == person_roles.c.person_id))
        .where((person_roles.c.role == Role.OWNER.value) & (people.c.id != person_id) & people.c.disabled_at.is_(None))
    ).scalar_one()
    if not others:
        raise PersonProblem("This is the only owner. Make somebody else an owner first.")
