"""Break-glass: the director or the owner reads clients for 30 minutes, for a reason, and the other one is shown it.

Nobody ever acknowledges their own. Where there is no other, it waits, on top of their own pages, until somebody is named.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.people import read_person
from medspa_core.access.rights import BREAKS_GLASS, AccessRefused, Person
from medspa_core.access.schema import break_glass, people, person_roles
from medspa_core.access.secrets.tokens import new_id
from medspa_core.records import Store
from medspa_core.records.stored_forms import from_row

OPEN_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Glass:
    """One time the glass was broken."""

    id: str
    person_id: str
    reason: str
    opened_at: datetime
    until: datetime


def open_glass(store: Store, person: Person, reason: str, now: datetime) -> Glass:
    """Reading only, for 30 minutes. Raises AccessRefused: not this role, by PIN, or no reason."""
    tidy = " ".join(reason.split())
    if person.by_pin or person.disabled or not person.roles & BREAKS_GLASS:
        raise AccessRefused("This is not open to you.")
    if not 10 <= len(tidy) <= 500:
        raise AccessRefused("Write the reason in a sentence; the other one reads it.")
    made = Glass(new_id(), person.id, tidy, now, now + OPEN_FOR)
    with audit_trail.changing(store, now, "break-glass", person.id, made.id) as connection:
        connection.execute(insert(break_glass).values(asdict(made)))
    return made


def unseen_glass(store: Store, person: Person) -> list[Glass]:
    """What this director or owner has still to look at: the others' break-glass."""
    if not person.roles & BREAKS_GLASS:
        return []
    return _not_looked_at(store, break_glass.c.person_id != person.id)


def waiting_for_a_second(store: Store, person: Person) -> list[Glass]:
    """This person's own break-glass that nobody has looked at, while nobody is there who could: no other director or owner."""
    if not person.roles & BREAKS_GLASS or somebody_else_may_look(store, person):
        return []
    return _not_looked_at(store, break_glass.c.person_id == person.id)


def _not_looked_at(store: Store, whose: ColumnElement[bool]) -> list[Glass]:
    query = select(break_glass).where(whose, break_glass.c.seen_by.is_(None)).order_by(break_glass.c.opened_at)
    with store.reading() as connection:
        rows = connection.execute(query)
        return [from_row(Glass, row) for row in rows]


def somebody_else_may_look(store: Store, person: Person) -> bool:
    """Is there another director or owner who still works here?"""
    roles = [role.value for role in BREAKS_GLASS]
    query = (
        select(people.c.id)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(person_roles.c.role.in_(roles), people.c.id != person.id, people.c.disabled_at.is_(None))
        .limit(1)
    )
    with store.reading() as connection:
        return connection.execute(query).first() is not None


def open_until(store: Store, person: Person, now: datetime) -> datetime | None:
    """Until when this person's own break-glass is open; None if it is not."""
    if not person.glass_open:
        return None
    mine = (break_glass.c.person_id == person.id) & (break_glass.c.until > now)
    with store.reading() as connection:
        return connection.execute(select(func.max(break_glass.c.until)).where(mine)).scalar_one_or_none()


def acknowledge_glass(store: Store, glass_id: str, person: Person, now: datetime) -> None:
    """The other of the two has seen it. Raises AccessRefused for the same person or another role."""
    with audit_trail.changing(store, now, "break-glass acknowledged", person.id, glass_id) as connection:
        row = connection.execute(select(break_glass).where(break_glass.c.id == glass_id)).first()
        allowed = read_person(connection, person.id).roles & BREAKS_GLASS and not person.by_pin
        if row is None or row.person_id == person.id or not allowed:
            raise AccessRefused("This is for the other of director and owner to acknowledge.")
        seen = update(break_glass).where(break_glass.c.id == glass_id).values(seen_by=person.id, seen_at=now)
        connection.execute(seen)
