"""What lies ahead, without any client: visits in the book by day, and courses of which further visits are planned.

Of each course it is known how many visits are behind it or in the book, and so when the next one is due: the rulebook's
interval after the last. A first visit that a client left a consultation with a date for begins a course too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

from medspa_core.course.course_book import course_book
from medspa_core.course.spans import Spread, mixture
from medspa_core.practice.facts_table import FactsTable
from medspa_core.records import Store
from medspa_core.records.consultations.planned_visits import planned_first_visits
from medspa_core.records.schema import MINUTES_OF
from medspa_core.rulebook import CONSIDERED, Rulebook


@dataclass(frozen=True, slots=True)
class Booked:
    """Visits in the book of one day: `known` minutes of each resource in all, and `unknown`: how many have no minutes noted."""

    location: str | None
    option: str | None
    day: date
    number: int
    known: Mapping[str, int]
    unknown: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CoursesAlike:
    """So many courses alike: `done` visits are behind them or in the book, and the next one is due on a day."""

    location: str | None
    option: str
    concern: str | None
    done: int
    due: date
    planned: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything ahead. `left_out`: visits in the book and courses of no treatment of the rulebook, of which nothing is known."""

    booked: tuple[Booked, ...]
    courses: tuple[CoursesAlike, ...]
    left_out: int = 0

    @property
    def locations(self) -> list[str | None]:
        """Where something is planned, by name; what has no location comes last."""
        found = {one.location for one in self.booked} | {one.location for one in self.courses}
        return [*sorted(one for one in found if one is not None), *([None] if None in found else [])]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is booked or planned."""
        return not self.booked and not self.courses

    def at(self, location: str | None) -> Plans:
        """What is planned at one location."""
        booked = tuple(one for one in self.booked if one.location == location)
        return Plans(booked, tuple(one for one in self.courses if one.location == location))

    def last_day(self, book: Rulebook, slip_days: int) -> date | None:
        """The last day on which one of the visits can be; None where none is."""
        days = [one.day for one in self.booked]
        for one in self.courses:
            further = max(visits_in_all(one, book)) - one.done - 1
            days.append(one.due + further * interval(book) + timedelta(days=slip_days))
        return max(days, default=None)


def plans_ahead(
    store: Store, table: FactsTable, book: Rulebook, today: date, slip_days: int, *, invented: bool
) -> Plans:
    """What lies ahead from today on, of the real practice or of the invented one. A course with nothing in the book whose next
    visit should have come, late as it may be, has ended."""
    asked: dict[str, object] = {"invented": invented, "today": today}
    since = today - interval(book) - timedelta(days=slip_days)
    booked = [_booked(row) for row in _rows(table.frame(_IN_THE_BOOK, asked))]
    running = [_running(row, book) for row in _rows(table.frame(_RUNNING, asked | {"since": since}))]
    first = [
        CoursesAlike(one.location, one.option, one.concern, 0, one.day, None, one.number)
        for one in planned_first_visits(store, today, invented=invented)
    ]
    known, courses = [], []
    left_out = 0
    for visits in booked:
        if visits.option in book.ranked or not any(visits.unknown.values()):
            known.append(visits)
        else:
            left_out += visits.number
    for one in (*running, *first):
        if one.option not in book.ranked:
            left_out += one.number
        elif max(visits_in_all(one, book)) > one.done:
            courses.append(one)
    return Plans(tuple(known), tuple(courses), left_out)


_MINUTES = ", ".join(
    f"CAST(coalesce(sum(planned_{one}_minutes), 0) AS BIGINT) AS {one}_known, "
    f"count(*) FILTER (planned_{one}_minutes IS NULL) AS {one}_unknown"
    for one in MINUTES_OF
)
_IN_THE_BOOK = f"""
SELECT location, option, day, count(*) AS number, {_MINUTES} FROM facts
WHERE kind = 'visit' AND demo = $invented AND status = 'booked' AND day >= $today
GROUP BY ALL ORDER BY ALL
"""  # noqa: S608 - our own words only
_RUNNING = """
SELECT location, option, concern, done, last, planned, count(*) AS number FROM (
    SELECT arg_max(location, day) AS location, arg_max(option, day) AS option, arg_max(concern, day) AS concern,
        greatest(count(*), coalesce(max(number), 0)) AS done, max(day) AS last, max(planned_visits) AS planned
    FROM facts WHERE kind = 'visit' AND demo = $invented AND course IS NOT NULL
        AND (status = 'performed' OR status = 'booked' AND day >= $today)
        AND course IN (SELECT course FROM facts WHERE kind = 'visit' AND demo = $invented AND day >= $since)
    GROUP BY course)
WHERE option IS NOT NULL AND last >= $since
GROUP BY ALL ORDER BY ALL
"""
"""Of each course not ended: its visits behind it or in the book, and the day of the last of these."""


def _rows(found: pd.DataFrame) -> list[Any]:
    """What a query found, in groups: a missing word is None, and a day a day."""
    return list(found.astype(object).where(found.notna(), None).itertuples(index=False))


def _booked(row: Any) -> Booked:
    known, unknown = ({one: getattr(row, f"{one}_{what}") for one in MINUTES_OF} for what in ("known", "unknown"))
    return Booked(row.location, row.option, _day(row.day), row.number, known, unknown)


def _running(row: Any, book: Rulebook) -> CoursesAlike:
    due = _day(row.last) + interval(book)
    return CoursesAlike(row.location, row.option, row.concern, row.done, due, row.planned, row.number)


def _day(moment: Any) -> date:
    day: date = pd.Timestamp(moment).date()
    return day


def interval(book: Rulebook) -> timedelta:
    """From one visit of a course to the next."""
    return timedelta(days=book.protocol.interval.days)


def visits_in_all(course: CoursesAlike, book: Rulebook) -> Mapping[int, float]:
    """How many visits such a course has in all -> with which chance: as the rulebook's courses, knowing how many are behind it or
    in the book, and no more than were planned for it."""
    most = max(course.done, course.planned) if course.planned is not None else None
    found: dict[int, float] = {}
    for number, share in _shares(book, course.option, course.concern):
        if number >= course.done:
            in_all = number if most is None else min(number, most)
            found[in_all] = found.get(in_all, 0.0) + share
    total = sum(found.values())
    return {number: share / total for number, share in found.items()} if total else {course.done: 1.0}


@lru_cache(maxsize=256)
def _shares(book: Rulebook, option: str, concern: str | None) -> tuple[tuple[int, float], ...]:
    """Courses by their number of visits, on the considered mixture; of an unknown concern as if all were alike often."""
    found = sessions(book, option, concern)
    return tuple((found.first + place, weight / found.total) for place, weight in enumerate(found.weights) if weight)


def sessions(book: Rulebook, option: str, concern: str | None) -> Spread:
    """The number of visits of a course of the rulebook, as an exact distribution."""
    concerns = [concern] if concern in book.concerns else list(book.concerns)
    each = [course_book(book).course(CONSIDERED, option, one).sessions for one in concerns]
    assert all(one is not None for one in each)  # a named concern has its courses: checked when the rulebook was loaded
    return mixture([(Fraction(1, len(each)), one) for one in each if one is not None])
