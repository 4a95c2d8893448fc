"""The commands of what managers read: a metric's table as CSV, and the nameless facts as Parquet by month."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from medspa_core.command_line.here import DONE, Here, Told
from medspa_core.command_line.records_commands import opened
from medspa_core.formats.safe_csv import csv_text
from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow
from medspa_core.practice.metric_tables import MEASURES, Asked, metric_table
from medspa_core.practice.metrics import MetricProblem, Metrics, metrics_of
from medspa_core.records import Store, read_facts

DEFAULT_METRICS = ("recommended", "chosen")
FACTS_OF_MONTH = "{kind}-{month}.parquet"
DISK_WARNING = (
    "These files are not encrypted, and a month with a location is confidential: keep the folder on an encrypted disk."
)


def mix(here: Here, given: Namespace) -> Told:
    """A metric's table as CSV, by what is asked for."""
    metrics = metrics_of(here.settings.rulebook, here.program / "data")
    asked = asked_for(given.by, given.where, *(str(day or "") for day in (given.first, given.last)))
    with opened(here) as store:
        return DONE, mix_csv(store, metrics, given.metric, asked).splitlines()


def facts(here: Here, given: Namespace) -> Told:
    """The nameless facts as Parquet by month, in the folder that is named."""
    with opened(here) as store:
        return DONE, write_facts(store, given.folder.absolute())


def mix_csv(store: Store, metrics: Metrics, names: Sequence[str], asked: Asked) -> str:
    """The tables of these metrics, one under the other, with the metric's name in the first column.

    Of the real practice's facts, or of the invented one's where there are no others. Raises MetricProblem.
    """
    table = FactsTable()
    table.keep_up(store)
    invented = not int(table.frame("SELECT count(*) AS found FROM facts WHERE NOT demo").loc[0, "found"])
    header = ["metric", *asked.by, "part", *MEASURES]
    rows = []
    for name in names or DEFAULT_METRICS:
        found = metric_table(
            table, metrics, Asked(name, asked.by, asked.where, asked.first_day, asked.last_day, invented)
        )
        rows += found.assign(metric=name).reindex(columns=header).astype(object).fillna("").to_numpy().tolist()
    return csv_text(header, [[_cell(value) for value in row] for row in rows])


def asked_for(by: Sequence[str], where: Sequence[str], first_day: str, last_day: str) -> Asked:
    """What the command's arguments ask for. Raises MetricProblem where one of `where` is no cut=value."""
    wrong = [f"--where {one}: expected a cut and its value, as concern=texture" for one in where if "=" not in one]
    if wrong:
        raise MetricProblem(wrong)
    pairs = tuple((cut, value) for cut, _, value in (one.partition("=") for one in where))
    return Asked("", tuple(by), pairs, first_day, last_day)


def _cell(value: object) -> str | int:
    """Whole numbers without a point, shares to a millionth."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else f"{value:.6f}"
    return value if isinstance(value, int) else str(value)


def write_facts(store: Store, folder: Path) -> list[str]:
    """The facts as one Parquet file a kind and month; files of months that hold none any more go. What was done, as lines.

    Each file stands whole under its name or not at all. Written again, the same facts give the same rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: set[Path] = set()
    number = 0
    for kind in COLUMNS:
        table = as_arrow(read_facts(store, kind=kind), kind)
        months = pc.strftime(table["day"], format="%Y-%m")
        for month in sorted(pc.unique(months).to_pylist()):
            file = folder / FACTS_OF_MONTH.format(kind=kind, month=month)
            _replace(file, table.filter(pc.equal(months, month)))
            written.add(file)
        number += len(table)
    for stale in set(folder.glob(FACTS_OF_MONTH.format(kind="*", month="*"))) - written:
        stale.unlink()
    return [f"{number} facts in {len(written)} files in {folder}", DISK_WARNING]


def _replace(file: Path, facts: pa.Table) -> None:
    """Written beside, on the disk, then put in its place."""
    beside = file.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        pq.write_table(facts.sort_by("seq"), opened, compression="zstd")
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
