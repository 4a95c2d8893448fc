"""Is it more than chance? A number week by week on an XmR chart, and one mark in words.

Individuals and moving range: the mean, and limits 2.66 mean moving ranges either side of it, from the first weeks only, so that
a change does not hide itself. Rules: NHS England, Making Data Count, "Strengthening your decisions" (2019): one point outside
the limits, seven in a row on one side of the mean, six in a row rising or falling, two of three close to one limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

WEEKS, BASE_WEEKS = 26, 13
SHIFT, TREND, NEAR, NEAR_OF = 7, 6, 2, 3
LIMIT = 2.66  # 3 / 1.128: three standard deviations, estimated from the mean moving range of two neighbours
NEAR_FROM = 2 / 3  # of the way from mean to limit: the outer third

Kind = Literal["ordinary", "changed", "stands_out", "too_few"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be said of the newest weeks. `week`: where it began; `more`: above the mean, or rising."""

    kind: Kind
    week: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A number week by week, with what chance allows. `signals`: the weeks that are more than chance."""

    weeks: tuple[str, ...]
    values: tuple[float, ...]
    mean: float
    low: float
    high: float
    signals: frozenset[str]
    mark: Mark


def control_chart(weeks: Sequence[str], values: Sequence[float], least: float = 0.0, most: float = np.inf) -> Chart:
    """The chart of one number; limits are shown no further than `least` and `most`, what the number can be. Two
    weeks at least."""
    series = pd.Series(values, index=list(weeks), dtype=float)
    base = series.iloc[:BASE_WEEKS]
    mean, reach = float(base.mean()), LIMIT * float(base.diff().abs().mean())
    runs = list(_runs(series, mean, mean - reach, mean + reach))
    return Chart(
        tuple(weeks), tuple(series), mean, max(least, mean - reach), min(most, mean + reach),
        frozenset(week for run in runs for week in run.weeks),
        _mark(runs, series.index[-1]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Run:
    """Weeks that together are more than chance, by one of the rules."""

    weeks: tuple[str, ...]
    more: bool
    single: bool = False


def _runs(series: pd.Series, mean: float, low: float, high: float) -> Iterator[_Run]:
    for more in (True, False):
        sign = 1 if more else -1
        tiny = 1e-9 * (1 + abs(mean))  # equal numbers are equal, though their mean is rounded
        beyond, on_side = (sign * (series - edge) > tiny for edge in (high if more else low, mean))
        yield from (_Run((week,), more, single=True) for week in series.index[beyond])
        yield from (_Run(weeks, more) for weeks in _in_a_row(on_side, SHIFT))
        steps = sign * series.diff() > tiny
        yield from (_Run(weeks, more) for weeks in _in_a_row(steps, TREND - 1, also_before=1))
        limit = high if more else low
        if limit != mean:
            near = (series - mean) / (limit - mean) > NEAR_FROM
            yield from (_Run(weeks, more) for weeks in _close(near & on_side))


def _in_a_row(true: pd.Series, least: int, also_before: int = 0) -> Iterator[tuple[str, ...]]:
    """Each stretch of at least so many trues, with so many weeks before it."""
    number = (~true).cumsum()
    for _, stretch in true[true].groupby(number[true]):
        if len(stretch) >= least:
            first, last = true.index.get_loc(stretch.index[0]), true.index.get_loc(stretch.index[-1])
            yield tuple(true.index[first - also_before : last + 1])


def _close(near: pd.Series) -> Iterator[tuple[str, ...]]:
    """The weeks of each three neighbours of which two at least are close to the limit."""
    for end in np.flatnonzero(near.rolling(NEAR_OF).sum() >= NEAR):
        three = near.iloc[end - NEAR_OF + 1 : end + 1]
        yield tuple(three.index[three])


def _mark(runs: Sequence[_Run], last: str) -> Mark:
    """The longest run that goes on in the last week; else that week alone, if it is out of the ordinary."""
    now = [run for run in runs if last in run.weeks]
    longest = max((run for run in now if not run.single), key=lambda run: len(run.weeks), default=None)
    if longest is not None:
        return Mark("changed", longest.weeks[0], longest.more)
    return Mark("stands_out", last, now[0].more) if now else Mark("ordinary")
