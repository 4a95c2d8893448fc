"""How far consultations went: each step with how many reached it, of all and of the step before, and the days between.

A consultation of last week has had no time to end in a finished course: each step counts those only that are old enough for it,
as its metric says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd

from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, metric_table, newest_day
from medspa_core.practice.metrics import Metric, Metrics

STARTED = "consultations"
STEPS = ("step_recommended", "step_chosen", "step_booked", "step_first_visit", "step_finished")
DAYS = {"step_booked": "days_to_book", "step_first_visit": "days_to_first_visit", "step_finished": "days_to_finish"}
"""The days from the step before."""


@dataclass(frozen=True, slots=True)
class Step:
    """How many consultations reached a step, of those old enough; share, low and high where there are enough.

    `before`: how many of the same reached the step before. `days`: from that one, the middle of all. `too_young`: left out.
    `recorded`: whether anything of it is known here; if not, it has no number.
    """

    name: str
    metric: Metric
    recorded: bool
    value: int = 0
    of: int = 0
    share: float | None = None
    low: float | None = None
    high: float | None = None
    before: int = 0
    days: float | None = None
    too_young: int = 0


def steps_of(table: FactsTable, metrics: Metrics, asked: Asked) -> list[Step]:
    """All steps in order, of the consultations that `asked` keeps; the first is that it was started."""

    def row(metric: str, last_day: str = "") -> pd.Series:
        return metric_table(table, metrics, replace(asked, metric=metric, last_day=last_day or asked.last_day)).iloc[0]

    newest = newest_day(table, metrics, Asked("", invented=asked.invented))
    last = row(STARTED)
    started = int(last["value"])
    found = [Step(STARTED, metrics.metrics[STARTED], recorded=True, value=started, of=started)]
    before = STARTED  # what is not recorded here is no step before another
    for name in STEPS:
        metric, mine = metrics.metrics[name], row(name)
        if newest is None or pd.isna(mine["value"]):
            found.append(Step(name, metric, recorded=False))
            continue
        if metric.after_days:
            old_enough = str(newest - timedelta(days=metric.after_days))
            last = row(before, min(old_enough, asked.last_day or old_enough))
        share, low, high = (_known(mine[one]) for one in ("share", "low", "high"))
        found.append(
            Step(
                name, metric, True, int(mine["value"]), int(mine["of"]), share, low, high,
                before=int(_known(last["value"]) or 0),
                days=_known(row(DAYS[name])["value"]) if name in DAYS else None,
                too_young=started - int(mine["of"]),
            )
        )  # fmt: skip
        before, last = name, mine
    return found


def _known(number: float) -> float | None:
    return None if pd.isna(number) else float(number)
