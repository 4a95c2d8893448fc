"""What the practice is called and who answers when a client calls: what the owner entered, else what clinic.toml says; for
a name that nobody has set, the location's.

Screens, the client's page and the printed record take it from `practice_facts` alone. It decides nothing, so it is no part of
the rulebook: another telephone number asks for no new approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select

from medspa_core.access import audit_trail
from medspa_core.access.people.locations import list_locations
from medspa_core.access.people.people import PersonProblem
from medspa_core.access.rights import Person, Verb, require
from medspa_core.access.schema import access_settings
from medspa_core.access.settings import put_setting
from medspa_core.records import Store
from medspa_core.rulebook.schema.offered import ClinicFile

LONGEST_FACT = 80
FEWEST_DIGITS = 5
"""Of a telephone number: fewer call nobody."""
CHANGED = "name or telephone of the practice changed"
SETTING = "practice_"
"""What the names of these settings begin with."""


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """Its name, the telephone number to call, and when somebody answers; "" where nobody has said it."""

    name: str
    phone: str
    hours: str


FACTS = ("name", "phone", "hours")


def practice_facts(store: Store, in_the_file: ClinicFile, location_id: str | None = None) -> PracticeFacts:
    """The practice as it is called today. Where no name is set, it is called as the location that is asked about, or as its only
    one."""
    found = entered_facts(store, in_the_file)
    if found.name:
        return found
    places = {one.id: one.name for one in list_locations(store)}
    only = next(iter(places.values())) if len(places) == 1 else ""
    return replace(found, name=places.get(location_id or "", only))


def entered_facts(store: Store, in_the_file: ClinicFile) -> PracticeFacts:
    """What was entered, else what the file says, and nothing in its place. What was entered counts, also where it was emptied."""
    query = select(access_settings).where(access_settings.c.name.in_([SETTING + fact for fact in FACTS]))
    with store.reading() as connection:
        entered = {row.name.removeprefix(SETTING): row.value for row in connection.execute(query)}
    return PracticeFacts(**{fact: entered.get(fact, getattr(in_the_file, fact)) for fact in FACTS})


def set_practice_facts(
    store: Store, asker: Person, wanted: PracticeFacts, in_the_file: ClinicFile, now: datetime
) -> None:
    """Keeps what differs from what counts now; nothing changes where anything is wrong. Raises AccessRefused, PersonProblem."""
    require(asker, Verb.MANAGE_PEOPLE)
    tidy = {fact: " ".join(value.split()) for fact, value in asdict(wanted).items()}
    before = asdict(entered_facts(store, in_the_file))
    changed = sorted(fact for fact in FACTS if tidy[fact] != before[fact])
    if not changed:
        return
    _check({fact: tidy[fact] for fact in changed})
    with store.writing() as connection:
        for fact in changed:
            put_setting(connection, SETTING + fact, tidy[fact])
        audit_trail.note(store, connection, now, CHANGED, actor=asker.id, fields=changed)


def _check(facts: Mapping[str, str]) -> None:
    if any(len(value) > LONGEST_FACT or not value.isprintable() for value in facts.values()):
        raise PersonProblem(f"Name, telephone and hours have at most {LONGEST_FACT} plain characters each.")
    digits = sum(one.isdecimal() for one in facts.get("phone", ""))
    if facts.get("phone") and digits < FEWEST_DIGITS:
        raise PersonProblem(f"A telephone number has at least {FEWEST_DIGITS} digits.")
