"""When a location is open and how much can go on there at once: entered by the owner, the director or a manager.

Each change is a new version of that location; the last one counts for every week to come.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from medspa_core.access import Person, Verb
from medspa_core.access.schema import locations
from medspa_core.exam.signing import NOT_FOUND, ExamProblem, add_once, as_json, as_kept_now, signing
from medspa_core.offer.prices import CHANGED_MEANWHILE
from medspa_core.offer.schema import opening_hours
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.stored_forms import from_row

DAY = 24 * 60
MOST_AT_ONCE = 200
MOST_CLOSED_DAYS = 400
AT_ONCE = ("chairs", "providers", "draws", "centrifuges")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Minutes open on each day of the week, Monday first; how many of each there are at once; the days closed beside that."""

    minutes: tuple[int, ...]
    chairs: int
    providers: int
    draws: int
    centrifuges: int
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursVersion:
    """The opening hours of a location as they were entered: the how manieth, by whom, when."""

    location_id: str
    number: int
    hours: OpeningHours
    person_id: str
    entered_at: datetime


def set_opening_hours(
    store: Store, person: Person, location_id: str, hours: OpeningHours, seen: int, now: datetime, key: str
) -> HoursVersion:
    """Keeps them as a new version of this location; what was entered last is not kept again.

    `seen`: the version that the page showed (0: none). Raises AccessRefused, or ExamProblem with a line for each problem.
    """
    with signing(store, person, Verb.PLAN_CAPACITY, now) as connection:
        if connection.execute(select(locations.c.id).where(locations.c.id == location_id)).first() is None:
            raise ExamProblem(NOT_FOUND)
        if lines := list(_wrong(hours)):
            raise ExamProblem(*lines)
        last = _entered(connection).get(location_id)
        again = connection.execute(select(opening_hours.c.id).where(opening_hours.c.id == key)).first() is not None
        if not again and (last.number if last else 0) != seen:
            raise ExamProblem(CHANGED_MEANWHILE)
        if not again and last is not None and last.hours == hours:
            return last
        row = {
            "id": key,
            "location_id": location_id,
            "number": seen + 1,
            "content": as_json(asdict(hours)),
            "person_id": person.id,
            "entered_at": now,
        }
        if add_once(connection, opening_hours, row, ("location_id", "content")):
            detail = {"what": "opening hours entered", "location": location_id}
            store.note(connection, now, CREATED, f"opening hours {seen + 1}", detail)
        return as_kept_now(_entered(connection).get(location_id))


def _wrong(hours: OpeningHours) -> Iterator[str]:
    if len(hours.minutes) != 7 or not all(type(one) is int and 0 <= one <= DAY for one in hours.minutes):
        yield "Each day of the week is open from 0 to 24 hours."
    for name in AT_ONCE:
        number = getattr(hours, name)
        if type(number) is not int or not 0 <= number <= MOST_AT_ONCE:
            yield f"The number of {name} is a whole number from 0 to {MOST_AT_ONCE}."
    if len(hours.closed) > MOST_CLOSED_DAYS or list(hours.closed) != sorted(set(hours.closed)):
        yield f"Closed days are at most {MOST_CLOSED_DAYS} days, each once, in order."


def hours_entered(store: Store) -> Mapping[str, HoursVersion]:
    """Location -> what was entered for it last. It asks no right: it says nothing of anybody."""
    with store.reading() as connection:
        return _entered(connection)


def _entered(connection: Connection) -> dict[str, HoursVersion]:
    rows = connection.execute(select(opening_hours).order_by(opening_hours.c.number))
    return {row.location_id: _version(row) for row in rows}


def _version(row: Row[Any]) -> HoursVersion:
    content = json.loads(row.content)
    closed = tuple(date.fromisoformat(day) for day in content["closed"])
    hours = OpeningHours(**content | {"minutes": tuple(content["minutes"]), "closed": closed})
    return from_row(HoursVersion, row, hours=hours)
