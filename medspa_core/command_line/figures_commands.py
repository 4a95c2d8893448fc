"""The commands of what managers read: a metric's table as CSV, and the nameless facts as Parquet by month."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from medspa_core.command_line.here import DONE, Here, Told
from medspa_core.command_line.records_commands import opened
from medspa_core.formats.safe_csv import csv_text
from medspa_core.practice.facts_folder import FactsFolder, Stamp, write_store
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import MEASURES, Asked, metric_table
from medspa_core.practice.metrics import MetricProblem, Metrics, metrics_of
from medspa_core.records import Store

DEFAULT_METRICS = ("recommended", "chosen")
DISK_WARNING = (
    "These files are not encrypted, and a month with a location is confidential: keep the folder on an encrypted disk."
)


def mix(here: Here, given: Namespace) -> Told:
    """A metric's table as CSV, by what is asked for."""
    metrics = metrics_of(here.settings.rulebook, here.program / "data")
    asked = asked_for(given.by, given.where, *(str(day or "") for day in (given.first, given.last)))
    with opened(here) as store:
        return DONE, mix_csv(store, metrics, given.metric, asked, here.settings.facts).splitlines()


def facts(here: Here, given: Namespace) -> Told:
    """The nameless facts as Parquet by month, in the folder that is named."""
    with opened(here) as store:
        stamp = write_store(store, given.folder.absolute(), here.clock())
    return DONE, folder_lines(stamp, given.folder)


def folder_lines(stamp: Stamp, folder: Path) -> list[str]:
    """What was written where."""
    return [f"{stamp.facts} facts in {len(stamp.files)} files in {folder}", DISK_WARNING]


def mix_csv(store: Store, metrics: Metrics, names: Sequence[str], asked: Asked, folder: Path | None = None) -> str:
    """The tables of these metrics, one under the other, with the metric's name in the first column.

    Of the real practice's facts, or of the invented one's where there are no others; of the folder's where one is named. Raises
    MetricProblem, FactsFolderProblem.
    """
    table, invented = facts_of(store, folder)
    header = ["metric", *asked.by, "part", *MEASURES]
    rows = []
    for name in names or DEFAULT_METRICS:
        found = metric_table(
            table, metrics, Asked(name, asked.by, asked.where, asked.first_day, asked.last_day, invented)
        )
        rows += found.assign(metric=name).reindex(columns=header).astype(object).fillna("").to_numpy().tolist()
    return csv_text(header, [[_cell(value) for value in row] for row in rows])


def facts_of(store: Store, folder: Path | None) -> tuple[FactsTable, bool]:
    """The store's facts, or those of a folder where one is named; and whether they are the invented practice's, as where there
    are no others. Raises FactsFolderProblem."""
    table = FactsTable() if folder is None else FactsFolder(folder)
    table.keep_up(store)
    return table, False not in table.whose


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
