"""What a chair hour earned, as it may leave the house: who asks goes in, rates by quarter and treatment come out.

It holds no count and no sum, is of the whole practice alone, and a rate stands only from its metric's minimum on: nothing in it
tells of a single client, whatever other file it is held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from medspa_core.access.sign_in.sign_ins import SignIn
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, metric_table
from medspa_core.practice.metrics import Metrics
from medspa_core.practice.mix_export import may_take, note_taken
from medspa_core.records import Store

RATES = ("revenue", "margin")
ENDS = ("rate", "low", "high")
OBJECT = "money export"


def export_rates(
    store: Store,
    sign_in: SignIn | None,
    table: FactsTable,
    metrics: Metrics,
    quarters: Sequence[str],
    invented: bool,
    now: datetime,
    kind: str,
) -> pd.DataFrame:
    """The rates for a file of this kind; its audit row is there before. Raises AccessRefused as `may_take` does."""
    may_take(sign_in, now)
    table.keep_up(store)
    found = rates_to_take(table, metrics, quarters, invented)
    note_taken(store, OBJECT, quarters, {"file": kind, "rows": len(found), "invented": invented}, now)
    return found


def rates_to_take(table: FactsTable, metrics: Metrics, quarters: Sequence[str], invented: bool) -> pd.DataFrame:
    """One row a quarter and treatment; for each rate: rate, low and high, missing where there are too few chair hours."""
    by_rate = {}
    for rate in RATES:
        found = metric_table(table, metrics, Asked(rate, ("quarter", "option"), invented=invented))
        found = found[found["quarter"].isin(list(quarters)) & found["option"].notna()]
        by_rate[rate] = found.set_index(["quarter", "option"])[list(ENDS)].astype(float)
    return pd.concat(by_rate, axis=1).sort_index()
