"""The first start: a one-time code makes the owner. There is no account before, and no second time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.locations import insert_location
from medspa_core.access.people.people import PersonProblem, end_all, insert_person, load_person, tidy_name
from medspa_core.access.rights import Person, Role
from medspa_core.access.schema import access_settings, locations, people, sign_ins
from medspa_core.access.secrets.failed_attempts import count_try, forgive
from medspa_core.access.secrets.passwords import hash_password
from medspa_core.access.secrets.tokens import code_as_kept, new_code
from medspa_core.access.settings import SHEET_DUE, put_setting, setting
from medspa_core.access.sign_in.authentication import Place, WrongSignIn, counted
from medspa_core.records import Store

FIRST_CODE = "first_start_code"


def has_people(store: Store) -> bool:
    """Was the first start done?"""
    with store.reading() as connection:
        return connection.execute(select(people.c.id)).first() is not None


def first_start_code(store: Store, now: datetime) -> str | None:
    """A fresh code for the first owner; the one before stops working. None once there are people."""
    code = new_code(3)
    with store.writing() as connection:
        if connection.execute(select(people.c.id)).first() is not None:
            return None
        put_setting(connection, FIRST_CODE, code_as_kept(code))
        audit_trail.note(store, connection, now, "first-start code printed")
    return code


def make_owner(
    store: Store,
    code: str,
    sign_in_name: str,
    shown_name: str,
    password: str,
    practice: str,
    also: Iterable[Role],
    counters: list[str],
    now: datetime,
    *,
    state: str = "",
) -> Person:
    """The first person, from the code. Raises TooManyTries, WrongSignIn, PersonProblem or PasswordProblem."""
    _try_code(store, code, counters, now)
    name = tidy_name(sign_in_name)
    kept = hash_password(password, name, shown_name)
    with store.writing() as connection:
        _require_code(connection, code)
        forgive(connection, counters)
        connection.execute(delete(access_settings).where(access_settings.c.name == FIRST_CODE))
        there = connection.execute(select(locations.c.id)).scalars().first()
        place = there or insert_location(store, connection, practice, now, state=state).id
        made = insert_person(store, connection, name, shown_name, {Role.OWNER, *also}, [place], now, kept=kept)
        put_setting(connection, SHEET_DUE, made.id)
        return made


def _try_code(store: Store, code: str, counters: list[str], now: datetime) -> None:
    with store.writing() as connection:
        count_try(connection, counters, now)
    with store.reading() as connection:  # beside the count: what refuses the code must not take the try back
        _require_code(connection, code)


def _require_code(connection: Connection, code: str) -> None:
    kept = setting(connection, FIRST_CODE)
    taken = connection.execute(select(people.c.id)).first() is not None
    if kept is None or taken or kept != code_as_kept(code):
        raise WrongSignIn


def new_recovery_code(store: Store, person_id: str, now: datetime, by: str | None) -> str:
    """For the owner's sheet, or from the owner to a colleague: sets a password, once. Replaces the one before."""
    load_person(store, person_id)
    code = new_code(8)
    with audit_trail.changing(store, now, "recovery code made", by, person_id) as connection:
        mine = people.c.id == person_id
        connection.execute(update(people).where(mine).values(recovery_hash=code_as_kept(code)))
    return code


def sheet_put_away(store: Store, person_id: str, now: datetime) -> None:
    """The owner says that the recovery sheet is printed and put away; before, the first start leads nowhere else."""
    with store.writing() as connection:
        mine = (access_settings.c.name == SHEET_DUE) & (access_settings.c.value == person_id)
        if connection.execute(delete(access_settings).where(mine)).rowcount:
            audit_trail.note(store, connection, now, "recovery sheet put away", actor=person_id, about=person_id)


def has_recovery_code(store: Store, person_id: str) -> bool:
    """Was a recovery sheet made for this person?"""
    with store.reading() as connection:
        kept = connection.execute(select(people.c.recovery_hash).where(people.c.id == person_id)).scalar_one_or_none()
        return kept is not None


def recover(store: Store, name: str, code: str, password: str, place: Place, pepper: bytes, now: datetime) -> str:
    """A new password from the recovery sheet, once; says whose. Raises TooManyTries, WrongSignIn, PasswordProblem."""
    wanted = name.strip().casefold()[:200]
    counters = place.counters(wanted, pepper)
    row = counted(store, counters, now, people.c.sign_in_name == wanted)
    if row is None or row.disabled_at is not None or row.recovery_hash != code_as_kept(code):
        raise WrongSignIn
    kept = hash_password(password, wanted, row.shown_name)
    with audit_trail.changing(store, now, "recovered", row.id, row.id) as connection:
        mine = (people.c.id == row.id) & (people.c.recovery_hash == row.recovery_hash)
        if not connection.execute(update(people).where(mine).values(password_hash=kept, recovery_hash=None)).rowcount:
            raise PersonProblem("This code was used already.")
        forgive(connection, counters)
        end_all(connection, sign_ins.c.person_id == row.id, now, "password changed")
    return str(row.id)
