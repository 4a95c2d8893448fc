"""Which group's rate is the highest, and is that more than chance? A rate by a cut, and the highest against each other group."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from medspa_core.practice.chance import Difference, ratio_difference
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, metric_table, rate_parts
from medspa_core.practice.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Compared:
    """The groups of a rate, as its table has them, and what the highest has more than each other group that can be compared.

    `highest`: its place in the table; None: there are no two groups of which enough is known.
    """

    groups: pd.DataFrame
    highest: int | None
    less: dict[int, Difference]


def compare_rates(table: FactsTable, metrics: Metrics, asked: Asked) -> Compared:
    """`asked`: a rate by one cut. A group whose facts do not say which one it is, is compared with none."""
    [cut] = asked.by
    groups = metric_table(table, metrics, asked)
    known = groups[groups["rate"].notna() & groups["low"].notna() & groups[cut].notna()]
    if len(known) < 2:
        return Compared(groups, None, {})
    parts = dict(iter(rate_parts(table, metrics, asked).groupby(cut)))
    highest = int(known["rate"].astype(float).idxmax())
    less = {
        int(place): found
        for place, name in known[cut].items()
        if place != highest and (found := ratio_difference(parts[known.loc[highest, cut]], parts[name]))
    }
    return Compared(groups, highest, less)
