"""The locations of the practice: a name and a state go in, each change is in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.people.people import PersonProblem, shown_as, tidy_state
from medspa_core.access.people.states import as_kept
from medspa_core.access.schema import locations
from medspa_core.access.secrets.tokens import new_id
from medspa_core.records import Store


@dataclass(frozen=True, slots=True)
class Location:
    """A place of the practice. `state`: where treatments there happen, as it stands on licences; None: nobody has said it."""

    id: str
    name: str
    state: str | None = None


def add_location(store: Store, name: str, now: datetime, by: str | None = None, state: str = "") -> Location:
    """A new location of the practice."""
    with store.writing() as connection:
        return insert_location(store, connection, name, now, by, state)


def insert_location(
    store: Store, connection: Connection, name: str, now: datetime, by: str | None = None, state: str = ""
) -> Location:
    """A new location inside a transaction. Raises PersonProblem."""
    made = Location(new_id(), shown_as(name), tidy_state(state) if state.strip() else None)
    if connection.execute(select(locations.c.id).where(locations.c.name == made.name)).first():
        raise PersonProblem("There is a location of this name already.")
    connection.execute(insert(locations).values(id=made.id, name=made.name, created_at=now, state=made.state))
    audit_trail.note(store, connection, now, "location added", actor=by, about=made.id)
    return made


def rename_location(store: Store, location_id: str, name: str, now: datetime, by: str | None) -> None:
    """Another name for a location; everything that belongs to it stays. Raises PersonProblem."""
    shown = shown_as(name)
    with audit_trail.changing(store, now, "location renamed", by, location_id) as connection:
        same = (locations.c.name == shown) & (locations.c.id != location_id)
        if connection.execute(select(locations.c.id).where(same)).first():
            raise PersonProblem("There is a location of this name already.")
        mine = update(locations).where(locations.c.id == location_id).values(name=shown)
        if not connection.execute(mine).rowcount:
            raise PersonProblem("This location was not found.")


def set_location_state(store: Store, location_id: str, state: str, now: datetime, by: str | None) -> None:
    """In which state treatments at this location happen: licences must be of it. Raises PersonProblem."""
    tidy = tidy_state(state)
    with audit_trail.changing(store, now, "location's state", by, location_id) as connection:
        mine = update(locations).where(locations.c.id == location_id).values(state=tidy)
        if not connection.execute(mine).rowcount:
            raise PersonProblem("This location was not found.")


def list_locations(store: Store) -> list[Location]:
    """Every location, by name."""
    with store.reading() as connection:
        rows = connection.execute(select(locations).order_by(locations.c.name))
        return [location_of_row(row) for row in rows]


def location_of_row(row: Row[Any]) -> Location:
    """A location as kept; its state as the list has it today."""
    return Location(row.id, row.name, as_kept(row.state) if row.state else None)
