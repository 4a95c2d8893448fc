"""The treatment mix as it may leave the house: who asks for what goes in, counts with the small ones hidden come out.

One fixed list of tables: quarters that are over, each with its months, of the whole practice. A quarter's table is the same
whatever period is asked for, and no two share a number: files of several periods can't be held against one another. Further
cuts, weeks and the quarter that still goes on are left out, for one file less another would tell of single clients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from medspa_core.access.rights import Verb, require_everywhere
from medspa_core.access.sign_in.sign_ins import SignIn, require_now, require_password
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, metric_table, period_of, periods_between, values_of
from medspa_core.practice.metrics import MetricProblem, Metrics
from medspa_core.practice.small_cells import hidden, with_margins
from medspa_core.records import Store
from medspa_core.records.audit.log import EXECUTED

WAYS = ("recommended", "chosen")
"""The two metrics of the file: both count every consultation once."""
OBJECT = "treatment mix export"


@dataclass(frozen=True, slots=True)
class MixAsked:
    """Which quarters, the parts of each metric in their order, and whose facts."""

    quarters: tuple[str, ...]
    parts: Mapping[str, Sequence[str]]
    invented: bool


def quarters_over(first_day: str, last_day: str, today: date) -> tuple[str, ...]:
    """The quarters that a period touches and that are over, oldest first."""
    before_this = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    last = min(date.fromisoformat(last_day), before_this)
    first = date.fromisoformat(first_day)
    return tuple(periods_between("quarter", *(period_of(day, "quarter") for day in (first, last))))


def export_mix(
    store: Store,
    sign_in: SignIn | None,
    table: FactsTable,
    metrics: Metrics,
    asked: MixAsked,
    now: datetime,
    kind: str,
) -> pd.DataFrame:
    """The counts for a file of this kind; its audit row is there before. Raises AccessRefused as `may_take` does."""
    may_take(sign_in, now)
    table.keep_up(store)
    found = mix_to_take(table, metrics, asked)
    note_taken(store, OBJECT, asked.quarters, {"file": kind, "rows": len(found), "invented": asked.invented}, now)
    return found


def may_take(sign_in: SignIn | None, now: datetime) -> None:
    """Raises AccessRefused where the right reaches no further than one's own figures, or the password was not given just
    before."""
    person = require_now(sign_in, Verb.SEE_FIGURES, now)
    require_everywhere(person, Verb.SEE_FIGURES)
    require_password(sign_in, now)


def note_taken(store: Store, what: str, quarters: Sequence[str], detail: Mapping[str, Any], now: datetime) -> None:
    """That a file of figures was made, of which quarters."""
    period = {"from": quarters[0], "to": quarters[-1]} if quarters else {}
    with store.writing() as connection:
        store.note(connection, now, EXECUTED, what, {**detail, **period})


def mix_to_take(table: FactsTable, metrics: Metrics, asked: MixAsked) -> pd.DataFrame:
    """One row a quarter (month: `whole`) and one for each of its months, with the total and both metrics' parts; hidden counts
    are missing. Raises MetricProblem where the two metrics don't count the same consultations."""
    one, other = (_counts(table, metrics, way, asked) for way in WAYS)
    tables = {}
    for quarter in asked.quarters:
        months = _months(quarter)
        try:
            whole = with_margins(one.reindex(months, fill_value=0), other.reindex(months, fill_value=0), WAYS)
        except ValueError as problem:
            raise MetricProblem([f"no file of the mix can be made: {problem}"]) from problem
        tables[quarter] = whole.astype("Int64").mask(hidden(whole, metrics.export.smallest_count))
    return pd.concat(tables, names=["quarter", "month"]) if tables else pd.DataFrame()


def _counts(table: FactsTable, metrics: Metrics, way: str, asked: MixAsked) -> pd.DataFrame:
    """Counts by month and part. The parts are the same for every period: those named, then any others that the facts have."""
    every = values_of(table, metrics, metrics.metrics[way].split, Asked("", invented=asked.invented))
    order = [*asked.parts[way], *(part for part in every if part not in asked.parts[way])]
    found = metric_table(table, metrics, Asked(way, ("month",), invented=asked.invented))
    return found.pivot(index="month", columns="part", values="value").reindex(columns=order).fillna(0).astype(int)


def _months(quarter: str) -> list[str]:
    first = pd.Period(quarter.replace("-Q", "Q"), freq="Q").asfreq("M", "start")
    return [str(first + number) for number in range(3)]
