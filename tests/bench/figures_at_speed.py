"""What a page of figures asked, asked again on a folder of facts, beside the same SQL by DuckDB alone: seconds of work and peak
memory as JSON, in a process of its own, so that the peak is its own.

    python -m tests.bench.figures_at_speed FOLDER < what-was-asked.json
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from medspa_core.practice import metric_tables
from medspa_core.practice.facts_folder import FactsFolder
from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.metrics import Metrics, read_metrics

DATA = Path(__file__).parents[2] / "data"
TIMES = 5
Call = tuple[str, list[Any]]


class Recorded(FactsFolder):
    """Notes the SQL that it is asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[tuple[str, Any]] = []

    def remembered(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        self.asked.append((query, values))
        return super().remembered(query, values)


def opened(folder: Path) -> Recorded:
    """The folder, with nothing remembered."""
    found = Recorded(folder)
    found.keep_up()
    return found


def ask_again(table: FactsFolder, metrics: Metrics, calls: Iterable[Call]) -> None:
    """Every call, through the program's own functions."""
    for name, given in calls:
        *before, asked = given
        where = tuple(tuple(pair) for pair in asked["where"])
        getattr(metric_tables, name)(
            table, metrics, *before, Asked(**{**asked, "by": tuple(asked["by"]), "where": where})
        )


def worked(work: Callable[[], object]) -> float:
    """Seconds of this process's own work on all cores, which other programs disturb less than the clock."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Both ways by turns; the best of each."""
    folder, calls, metrics = Path(sys.argv[1]), json.load(sys.stdin), read_metrics(DATA)
    first = opened(folder)
    ask_again(first, metrics, calls)
    once = list({repr(one): one for one in first.asked}.values())  # the program finds what is asked twice once
    ours, alone = [], []
    for _ in range(TIMES):
        table, plain = opened(folder), opened(folder)._connection
        ours.append(worked(lambda table=table: ask_again(table, metrics, calls)))
        alone.append(worked(lambda plain=plain: [plain.execute(*one).df() for one in once]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"queries": len(once), "ours": min(ours), "alone": min(alone), "peak_mb": peak}))


if __name__ == "__main__":
    main()
