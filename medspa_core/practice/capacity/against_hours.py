"""What is needed held against the opening hours: a table by location, period and resource, and what is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from medspa_core.offer import OpeningHours
from medspa_core.practice.capacity.assumptions import Assumptions
from medspa_core.practice.capacity.need import Needs
from medspa_core.practice.capacity.periods import ONE_DAY, Period
from medspa_core.practice.capacity.plans import Plans
from medspa_core.records.schema import MINUTES_OF
from medspa_core.rulebook import Rulebook

ALL = "all"
"""All locations together."""
AT_ONCE_OF = dict(zip(MINUTES_OF, ("chairs", "providers", "draws", "centrifuges"), strict=True))
"""Resource -> what of the opening hours says how many there are at once."""
COLUMNS = ["location", "period", "resource", "booked", "low", "middle", "high", "open", "short"]


def capacity_table(
    plans: Plans,
    hours: Mapping[str, OpeningHours],
    periods: Sequence[Period],
    book: Rulebook,
    assumptions: Assumptions,
    location: str | None = ALL,
) -> pd.DataFrame:
    """One row for each period and resource, in minutes. `open` is missing where nobody has entered the hours; `short`: by how
    much the middle passes them. All locations together are open as long as those are where something is planned."""
    here = plans if location == ALL else plans.at(location)
    needs = Needs(here, book, assumptions)
    places = here.locations if location == ALL else [location]
    rows = []
    for period in periods:
        for resource in MINUTES_OF:
            need, there = needs.of(period, resource), _open(places, hours, period, resource)
            short = None if there is None else max(0, need.middle - there)
            rows.append((location, period.name, resource, need.booked, need.low, need.middle, need.high, there, short))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"open": "Int64", "short": "Int64"})


def _open(places: Sequence[str | None], hours: Mapping[str, OpeningHours], period: Period, resource: str) -> int | None:
    """Minutes of the resource that are there; missing where one of the places has no opening hours."""
    if not places or any(place not in hours for place in places):
        return None
    return sum(open_minutes(hours[str(place)], period, resource) for place in places)


def open_minutes(hours: OpeningHours, period: Period, resource: str) -> int:
    """Minutes of a resource in a period: open time, as often as there is one of it. A day has the hours of its day of the week,
    also where the clocks change in its night."""
    days = [period.first + place * ONE_DAY for place in range((period.last - period.first).days + 1)]
    minutes = sum(hours.minutes[day.weekday()] for day in days if day not in hours.closed)
    number: int = getattr(hours, AT_ONCE_OF[resource])
    return minutes * number


def short_ones(
    plans: Plans,
    hours: Mapping[str, OpeningHours],
    periods: Sequence[Period],
    book: Rulebook,
    assumptions: Assumptions,
    places: Sequence[str | None],
) -> pd.DataFrame:
    """Rows of each location by itself in which the opening hours do not do: `short` above 0, or `high` above `open`. An hour that
    one location has left is no use to another."""
    tables = [capacity_table(plans, hours, periods, book, assumptions, place) for place in places]
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    return found[(found["high"] > found["open"]).fillna(value=False).astype(bool)].reset_index(drop=True)
