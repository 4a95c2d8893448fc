"""What the practice is called and who answers when a client calls: what the owner entered, else what clinic.toml says.

Screens, the client's page and the printed record take it from `practice_facts` alone. It decides nothing, so it is no part of
the rulebook: another telephone number asks for no new approval.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from medspa_core.access import audit_trail
from medspa_core.access.people.people import PersonProblem
from medspa_core.access.schema import access_settings
from medspa_core.access.settings import put_setting
from medspa_core.records import Store
from medspa_core.rulebook.schema import ClinicFile

LONGEST_FACT = 80
SETTING = "practice_"
"""What the names of these settings begin with."""


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """Its name, the telephone number to call, and when somebody answers; "" where nobody has said it."""

    name: str
    phone: str
    hours: str


FACTS = ("name", "phone", "hours")


def practice_facts(store: Store, in_the_file: ClinicFile) -> PracticeFacts:
    """The practice as it is called today. What was entered counts, also where it was emptied."""
    query = select(access_settings).where(access_settings.c.name.in_([SETTING + fact for fact in FACTS]))
    with store.reading() as connection:
        entered = {row.name.removeprefix(SETTING): row.value for row in connection.execute(query)}
    return PracticeFacts(**{fact: entered.get(fact, getattr(in_the_file, fact)) for fact in FACTS})


def set_practice_facts(
    store: Store, wanted: PracticeFacts, in_the_file: ClinicFile, now: datetime, by: str | None
) -> None:
    """Keeps what differs from what counts now; nothing changes where anything is wrong. Raises PersonProblem."""
    tidy = {fact: " ".join(value.split()) for fact, value in asdict(wanted).items()}
    if any(len(value) > LONGEST_FACT or not value.isprintable() for value in tidy.values()):
        raise PersonProblem(f"Name, telephone and hours have at most {LONGEST_FACT} plain characters each.")
    before = asdict(practice_facts(store, in_the_file))
    changed = sorted(fact for fact in FACTS if tidy[fact] != before[fact])
    if not changed:
        return
    with store.writing() as connection:
        for fact in changed:
            put_setting(connection, SETTING + fact, tidy[fact])
        audit_trail.note(store, connection, now, "name or telephone of the practice changed", actor=by)
