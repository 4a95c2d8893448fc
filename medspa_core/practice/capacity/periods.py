"""The weeks and months ahead, each from its first day that is still to come."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are looked at together, both ends included. `name`: the Monday of a week, or a month as 2027-06."""

    name: str
    first: date
    last: date

    @property
    def is_month(self) -> bool:
        """A month, and no week."""
        return len(self.name) == len("2027-06")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def weeks_ahead(today: date, number: int) -> list[Period]:
    """What is left of this week, Monday to Sunday, and the weeks after it."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday + timedelta(weeks=week) for week in range(number)]
    return [Period(start.isoformat(), max(start, today), start + timedelta(days=6)) for start in starts]


def months_ahead(today: date, until: date, least: int, most: int) -> list[Period]:
    """What is left of this month, and the months after it up to the one of `until`; `least` of them, and no more than `most`."""
    found: list[Period] = []
    first = today
    while len(found) < most and (len(found) < least or first <= until):
        last = first.replace(day=monthrange(first.year, first.month)[1])
        found.append(Period(f"{first:%Y-%m}", first, last))
        first = last + ONE_DAY
    return found
