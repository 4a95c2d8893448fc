"""The page of the week: each number of the last whole week beside the weeks before it, and whether it is more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from medspa_core.practice.control_chart import WEEKS, Chart, Mark, control_chart
from medspa_core.practice.metric_tables import Asked, period_of, periods_between
from medspa_core.practice.metrics import Metric

LEAST_A_WEEK = 5
"""From so many a week on there is a chart: of fewer a share jumps too far to say anything."""


@dataclass(frozen=True, slots=True)
class OfTheWeek:
    """One number of the last whole week: value, of, share and rate as a metric's table has them, in all weeks and on the chart.

    `chart` is missing where there are too few; then `mark` says so.
    """

    metric: Metric
    value: float | None
    of: int
    share: float | None
    rate: float | None
    in_all: int
    chart: Chart | None
    mark: Mark


def last_weeks(today: date) -> list[str]:
    """The whole weeks before today that are looked at, oldest first, each by its Monday."""
    last = today - timedelta(days=today.weekday() + 7)
    return periods_between("week", period_of(last - timedelta(weeks=WEEKS - 1), "week"), period_of(last, "week"))


def asked_for(name: str, weeks: Sequence[str]) -> Asked:
    """This number by week, in these weeks."""
    until = date.fromisoformat(weeks[-1]) + timedelta(days=6)
    return Asked(name, ("week",), (), weeks[0], until.isoformat())


def number_of(week: str) -> int:
    """The calendar's number of a week (ISO 8601)."""
    return date.fromisoformat(week).isocalendar().week


def of_the_week(found: pd.DataFrame, metric: Metric, weeks: Sequence[str]) -> OfTheWeek:
    """This number over the last whole weeks. `found`: its table by week."""
    found = found.set_index("week").reindex(weeks)
    last = found.iloc[-1]
    counted = found["of" if metric.denominator or metric.unit == "days" else "value"].fillna(0)
    values = _drawn(metric, found)
    enough = counted.mean() >= LEAST_A_WEEK and len(values) >= 2
    chart = control_chart(list(values.index), list(values), *_bounds(metric)) if enough else None
    return OfTheWeek(
        metric,
        None if pd.isna(last["value"]) and metric.unit == "days" else _or_zero(last["value"]),
        int(_or_zero(last["of"])),
        None if pd.isna(last["share"]) else float(last["share"]),
        None if pd.isna(last["rate"]) else float(last["rate"]),
        int(counted.sum()),
        chart,
        chart.mark if chart else Mark("too_few"),
    )


def _bounds(metric: Metric) -> tuple[float, float]:
    """Below and above which a number of this kind can't be. More may be paid back in a week than was paid."""
    return -math.inf if metric.unit.startswith("money") else 0.0, 1.0 if metric.unit == "share" else math.inf


def _drawn(metric: Metric, found: pd.DataFrame) -> pd.Series:
    """What the chart shows: a count of a week without any is 0 once there was one, a share or a time of nobody is
    nothing."""
    if metric.unit == "days":
        return found["value"].dropna().astype(float)
    if not metric.denominator:
        return found.loc[found["value"].fillna(0).ne(0).cummax(), "value"].fillna(0).astype(float)
    return (found["value"] / found["of"].where(found["of"] > 0)).dropna().astype(float)


def _or_zero(value: float) -> float:
    return 0.0 if pd.isna(value) else float(value)
