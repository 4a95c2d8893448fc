"""What was really used a year ago: minutes of the visits that took place in the same weeks or months then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from medspa_core.practice.capacity.against_hours import ALL
from medspa_core.practice.capacity.periods import Period
from medspa_core.practice.facts_table import FactsTable
from medspa_core.records.schema import MINUTES_OF

A_YEAR_OF_WEEKS = timedelta(weeks=52)
_MINUTES = ", ".join(f"sum(coalesce({one}_minutes, planned_{one}_minutes)) AS {one}" for one in MINUTES_OF)
_USED = f"""
SELECT location, day, {_MINUTES} FROM facts
WHERE kind = 'visit' AND demo = $invented AND status = 'performed' AND day < $today GROUP BY ALL
"""  # noqa: S608 - our own words only


def used_a_year_ago(
    table: FactsTable, periods: Sequence[Period], today: date, *, invented: bool, location: str | None = ALL
) -> pd.DataFrame:
    """Minutes of each resource (columns) in each period (rows); missing where no visit of that time is kept."""
    found = table.frame(_USED, {"invented": invented, "today": today})
    if location != ALL:
        found = found[found["location"].isna() if location is None else found["location"] == location]
    days = pd.to_datetime(found["day"])
    used = {}
    for period in periods:
        first, last = (_year_before(day, period) for day in (period.first, period.last))
        used[period.name] = found.loc[days.between(first, last), list(MINUTES_OF)].astype("Float64").sum(min_count=1)
    return pd.DataFrame(used, index=list(MINUTES_OF)).T.astype("Float64")


def _year_before(day: date, period: Period) -> pd.Timestamp:
    """The same day of a month, 28 February for the 29th; of a week the same day of the week, 52 weeks before."""
    return pd.Timestamp(day) - (pd.DateOffset(years=1) if period.is_month else A_YEAR_OF_WEEKS)
