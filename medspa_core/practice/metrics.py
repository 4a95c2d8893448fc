"""What a manager may ask for: the numbers and cuts of `data/metrics.toml`, read strictly.

Each is an SQL expression over the view `facts`; the database itself says whether it is one. A practice adds a number by an
entry in the file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import duckdb
from pydantic import Field, ValidationError

from medspa_core.formats.shown import ManyProblems
from medspa_core.practice.facts_table import DROPPED_AFTER_DAYS, FactsTable
from medspa_core.records.facts.reading import Kind
from medspa_core.rulebook.files import read_toml
from medspa_core.rulebook.problems import problem_lines
from medspa_core.rulebook.schema.entries import Entry

FILE = "metrics.toml"
AnEntry = TypeVar("AnEntry", bound=Entry)
NUMBERS = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"])


class Cut(Entry):
    """By what a number may be split: one SQL expression over one fact."""

    name: str = Field(min_length=1)
    sql: str = Field(min_length=1)


class Metric(Entry):
    """A number: how it is counted, what it means, and by what it may be cut.

    `kinds`: facts of these count; `on`: by which of their days. `split`: a cut into whose parts it falls, as a mix does.
    `only`: facts that count at all. `after_days`: a fact counts only so many days after its day. `recorded`:
    whether anything of it is known here, of all facts of its kinds; empty: some are there. With a denominator a share is its
    part of the whole; money, money_per_hour and percent are a rate, a sum over a sum.
    """

    name: str = Field(min_length=1)
    words: str = Field(min_length=1)
    unit: Literal["count", "share", "days", "hours", "money", "money_per_hour", "percent"]
    kinds: tuple[Kind, ...] = Field(default=("consultation",), min_length=1)
    on: Literal["day", "created_on", "booked_on", "first_visit_on", "ended_on"] = "day"
    numerator: str = Field(min_length=1)
    denominator: str = ""
    split: str = ""
    only: str = ""
    after_days: int = Field(default=0, ge=0)
    recorded: str = ""
    cuts: tuple[str, ...]
    good: Literal["more", "fewer", "none"]
    minimum: int = Field(ge=1)
    monday: int | None = Field(default=None, ge=1, le=12)

    @property
    def is_rate(self) -> bool:
        """A sum over a sum, such as money an hour: its interval is drawn, not reckoned."""
        return self.unit in ("money", "money_per_hour", "percent") and bool(self.denominator)


class Export(Entry):
    """What holds for every file of figures: counts below the smallest are hidden in it."""

    smallest_count: int = Field(ge=3)


class MetricProblem(ManyProblems):
    """Everything wrong with the file, or with what was asked; one line a problem."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """All of the file, checked."""

    cuts: Mapping[str, Cut]
    metrics: Mapping[str, Metric]
    export: Export

    @property
    def of_the_week(self) -> list[tuple[str, Metric]]:
        """What stands on the page of the week, in its one fixed order."""
        return sorted(
            ((key, one) for key, one in self.metrics.items() if one.monday), key=lambda item: item[1].monday or 0
        )


def metrics_of(folder: Path, shipped: Path) -> Metrics:
    """The file of this folder, or the shipped one: a rulebook folder of a practice's own may hold none."""
    return read_metrics(folder if (folder / FILE).exists() else shipped)


def read_metrics(folder: Path) -> Metrics:
    """The file of this folder. Raises MetricProblem with every problem found."""
    problems: list[str] = []
    raw = read_toml(folder / FILE, problems)
    unknown = sorted({*raw} - {"cuts", "metrics", "export"})
    problems += [f"{FILE}, {key}: this key is not known. Remove it" for key in unknown]
    cuts = dict(_entries(Cut, "cuts", raw, problems))
    days = str(DROPPED_AFTER_DAYS)
    metrics = {
        key: one.model_copy(update={"words": one.words.replace("{dropped_after_days}", days)})
        for key, one in _entries(Metric, "metrics", raw, problems)
    }
    export = _entry(Export, "export", raw.get("export", {}), problems)
    if problems or export is None:
        raise MetricProblem(problems)
    found = Metrics(cuts, metrics, export)
    if wrong := list(_wrong(found)):
        raise MetricProblem(wrong)
    return found


def _entries(
    model: type[AnEntry], table: str, raw: Mapping[str, Any], problems: list[str]
) -> Iterator[tuple[str, AnEntry]]:
    entries = raw.get(table)
    if not isinstance(entries, dict) or not entries:
        problems.append(f"{FILE}: expected entries [{table}.…]. Add them")
        return
    for key, entry in entries.items():
        if not key.isidentifier():
            problems.append(f"{FILE}, {table}.{key}: expected a name of letters, digits and _. Correct it")
        if (found := _entry(model, f"{table}.{key}", entry, problems)) is not None:
            yield key, found


def _entry(model: type[AnEntry], where: str, entry: object, problems: list[str]) -> AnEntry | None:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        problems.extend(problem_lines(FILE, where, error))
        return None


def _wrong(found: Metrics) -> Iterator[str]:
    """One line for each name that is not known and each expression that the database refuses."""
    empty = FactsTable()
    places = [one.monday for _, one in found.of_the_week]
    for place in sorted({place for place in places if places.count(place) > 1}, key=str):
        yield f"{FILE}: the place {place} on the page of the week is taken twice. Give each its own"
    for key, cut in found.cuts.items():
        yield from _expression(empty, f"cuts.{key}.sql", cut.sql, "one value of a fact", ())
    for key, metric in found.metrics.items():
        where = f"metrics.{key}"
        if metric.unit != "money" and (metric.unit in ("share", "money_per_hour", "percent")) != bool(
            metric.denominator
        ):
            told = "a share, a percent or money an hour has a denominator"
            yield f"{FILE}, {where}: {told}, and a {metric.unit} none. Add or remove it"
        for cut_id in sorted({*metric.cuts, *filter(None, [metric.split])} - {*found.cuts}):
            yield f"{FILE}, {where}: the cut {cut_id!r} is not known. Correct it, or add it"
        for part in ("numerator", "denominator"):
            if sql := getattr(metric, part):
                yield from _expression(empty, f"{where}.{part}", sql, "a number for a group of facts", NUMBERS)
        if metric.only:
            yield from _expression(empty, f"{where}.only", metric.only, "yes or no for one fact", ("BOOLEAN",))
        if metric.recorded:
            wanted = "yes or no for a group of facts"
            yield from _expression(empty, f"{where}.recorded", metric.recorded, wanted, ("BOOLEAN",), of_a_group=True)


def _expression(
    empty: FactsTable, where: str, sql: str, wanted: str, kinds: Collection[str], *, of_a_group: bool = False
) -> Iterator[str]:
    """`wanted` says in words what it has to give. It is one expression, without a query inside, of columns that are there."""
    query = f"SELECT ({sql}) AS found FROM facts"  # noqa: S608 - it is not run before it was found to be one expression
    tree = json.loads(empty.serialized(query))
    if tree["error"] and tree["error_type"] == "parser":
        yield f"{FILE}, {where}: {tree['error_message']}. Expected {wanted}"
        return
    if tree["error"] or not _is_one_expression(tree["statements"]):
        yield f"{FILE}, {where}: expected one expression without a query inside. Correct it"
        return
    beside = (
        "count(*)" if of_a_group or kinds is NUMBERS else "day"
    )  # of which one value stands beside it: a group's, or a fact's
    try:
        kind = empty.type_of(f"SELECT {beside}, ({sql}) AS found FROM facts").split("(")[0]  # noqa: S608
    except duckdb.Error as error:
        yield f"{FILE}, {where}: {str(error).splitlines()[0]}. Expected {wanted}"
        return
    if kinds and kind not in kinds:
        yield f"{FILE}, {where}: gives {kind.lower()}. Expected {wanted}"


def _is_one_expression(statements: Sequence[Mapping[str, Any]]) -> bool:
    node = statements[0]["node"]
    return (
        len(statements) == 1
        and node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"].get("table_name") == "facts"
        and '"SUBQUERY"' not in json.dumps(node)
    )
