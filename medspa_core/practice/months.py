"""One month beside another: a number of both, and whether they differ by more than chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from medspa_core.practice.chance import Z_998, difference, ratio_difference, wilson
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, first_day, metric_table, rate_parts
from medspa_core.practice.metrics import Metrics

FIRST_WEEK = timedelta(days=6)
"""A month whose first fact comes later than in its first week was not recorded as a whole."""
Verdict = Literal["more", "fewer", "same", "too_few", "not_compared"]


@dataclass(frozen=True, slots=True)
class Beside:
    """A metric's row of one month, and what became of it against the other one."""

    now: pd.Series
    verdict: Verdict


def whole_months(today: date, number: int) -> list[str]:
    """The months that are over, the newest first."""
    return [str(pd.Period(today, freq="M") - ago) for ago in range(1, number + 1)]


def of_month(asked: Asked, month: str) -> Asked:
    """The same, of this month's days alone."""
    period = pd.Period(month, freq="M")
    return replace(asked, first_day=str(period.start_time.date()), last_day=str(period.end_time.date()))


def beside(table: FactsTable, metrics: Metrics, asked: Asked, month: str, other: str) -> Beside:
    """A metric without parts in one month, against the other month. More or fewer: it would come by chance twice in 1,000.

    Shares by Newcombe's interval, rates by the drawn one, counts for each day of their months by Wilson's interval of the share
    that falls into the one of both. A median of days is not compared, nor a count
    with a month in which it was not recorded yet.
    """
    metric = metrics.metrics[asked.metric]
    both = [of_month(asked, one) for one in (month, other)]
    now, then = (metric_table(table, metrics, one).iloc[0] for one in both)
    if now.isna().all() or metric.unit == "days":
        return Beside(now, "not_compared")
    if metric.is_rate:
        found = None
        if not pd.isna(now["rate"]) and not pd.isna(then["rate"]):
            found = ratio_difference(*(rate_parts(table, metrics, one) for one in both))
        return Beside(now, "too_few" if found is None else _verdict(found.low, found.high, 0.0))
    if metric.denominator:
        if pd.isna(now["share"]) or pd.isna(then["share"]):
            return Beside(now, "too_few")
        mine, theirs = ((int(one["value"]), int(one["of"])) for one in (now, then))
        shares = difference(mine, theirs, Z_998)
        return Beside(now, _verdict(shares.low, shares.high, 0.0))
    if metric.unit != "count":
        return Beside(now, "not_compared")
    since = first_day(table, metrics, asked)
    if since is None or min(date.fromisoformat(one.first_day) for one in both) + FIRST_WEEK < since:
        known = since is not None and str(since) <= both[0].last_day
        return Beside(now if known else now.mask(now.notna()), "not_compared")
    return Beside(now, _of_counts(now["value"], then["value"], month, other, metric.minimum))


def _of_counts(now: float, then: float, month: str, other: str, minimum: int) -> Verdict:
    if now + then < minimum:
        return "too_few"
    days = [pd.Period(one, freq="M").days_in_month for one in (month, other)]
    low, high = wilson(pd.Series([now / (now + then)]), pd.Series([float(now + then)]), Z_998)
    return _verdict(float(low[0]), float(high[0]), days[0] / sum(days))


def _verdict(low: float, high: float, none: float) -> Verdict:
    """`none`: what stands for no difference."""
    return "more" if low > none else "fewer" if high < none else "same"
