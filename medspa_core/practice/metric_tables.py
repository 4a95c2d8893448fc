"""A metric cut by something, as a table: counts, shares where there are enough, and each share's interval.

The facts stay in DuckDB, which counts; a pandas table comes back. Nothing here goes through facts one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from medspa_core.practice.chance import ratio_interval, wilson
from medspa_core.practice.facts_table import HAPPENED, ON, FactsTable
from medspa_core.practice.metrics import Metric, MetricProblem, Metrics

MEASURES = ["value", "of", "share", "rate", "low", "high"]
RANDOM_GROUPS = 400
"""Into so many the courses fall by chance, of which a rate's interval is drawn: as quick for ten million facts as for a few."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a metric, cut by something, of the facts that pass `where` (cut -> one of its values).

    `first_day` and `last_day` (ISO dates, both included) bound the days; `invented`: of the invented practice or the real one.
    """

    metric: str
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    first_day: str = ""
    last_day: str = ""
    invented: bool = False


def metric_table(table: FactsTable, metrics: Metrics, asked: Asked) -> pd.DataFrame:
    """One row for each group: its cuts, `part` where the metric is split, then value, of, share, rate, low, high.

    `value` is a count, a sum or the days; `of` what the share or rate is of: the group's facts (of a sum of money, courses), or
    the metric's denominator. A share with its 95% interval (Wilson), a rate with its own (drawn), a number of days and a sum of
    money stand only where `of` reaches the metric's minimum. What is not recorded here has no numbers at all, and a rate none in
    a group that lacks a part of it. Raises MetricProblem for a cut or metric that is not known.
    """
    metric = _known(metrics, asked)
    groups = [*asked.by, *(["part"] if metric.split else [])]
    found = table.frame(*_query(metrics, metric, asked))
    ends = None
    if metric.is_rate:
        found, ends = _drawn(found, groups, metrics.export.smallest_count)
    if metric.split and asked.by:
        found["of"] = found.groupby(list(asked.by), dropna=False)["value"].transform("sum")
    elif metric.split:
        found["of"] = found["value"].sum()
    measures = _measures(found["value"].astype("Float64"), found["of"].astype("Float64"), metric, ends)
    if metric.split:
        by = [found[cut] for cut in asked.by] or pd.Series(0, found.index)
        below = (found["value"] < 0).groupby(by, dropna=False).transform("any")
        measures["share"] = measures["share"].mask(below)  # where more was paid back than paid, the parts make no whole
    if not is_recorded(table, metrics, asked):
        measures = measures.mask(measures.notna())
    elif metric.is_rate and metric.recorded:
        unknown = ~_groups_recorded(table, metrics, metric, asked, found[groups])
        measures.loc[unknown, ["value", "rate", "low", "high"]] = pd.NA
    found = found[groups].join(measures)
    return found.sort_values(groups, na_position="last", ignore_index=True) if groups else found


def rate_parts(table: FactsTable, metrics: Metrics, asked: Asked) -> pd.DataFrame:
    """The parts of a rate by one cut: its groups, and value and of for each of the random groups that its courses fall into."""
    found = table.frame(*_query(metrics, _known(metrics, asked), asked))
    return found.fillna({"value": 0, "of": 0})


def is_recorded(table: FactsTable, metrics: Metrics, asked: Asked) -> bool:
    """Whether anything of this metric is known here, in all facts of this practice."""
    metric = metrics.metrics[asked.metric]
    if metric.kinds == ("consultation",) and not metric.recorded:
        return True
    wheres, values = _kept(metrics, Asked(asked.metric, invented=asked.invented), metric)
    query = f"SELECT ({metric.recorded or 'count(*) > 0'}) AS found FROM facts WHERE {wheres}"  # noqa: S608
    return bool(table.remembered(query, values).loc[0, "found"])


def _groups_recorded(
    table: FactsTable, metrics: Metrics, metric: Metric, asked: Asked, groups: pd.DataFrame
) -> pd.Series:
    """Of each group, whether all is noted that its rate is made of: hours without a payment are no hours that earned nothing."""
    query, values = _query(metrics, metric.model_copy(update={"unit": "count", "numerator": metric.recorded}), asked)
    found = table.frame(query, values)
    if not asked.by:
        return found["value"].astype(bool)
    names = list(groups.columns)
    found[names] = found[names].astype(object).fillna("")
    return groups.astype(object).fillna("").merge(found, how="left", on=names)["value"].astype(bool)


def _drawn(found: pd.DataFrame, groups: list[str], fewest: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A rate's groups, summed up over the random groups that the query told apart, the ends of each interval, and whether it
    is of so few courses that it tells what somebody paid."""
    found = found.fillna({"value": 0, "of": 0})
    by = found.groupby(groups, dropna=False, sort=False) if groups else None
    apart = [found] if by is None else [one for _, one in by]
    intervals = [ratio_interval(one["value"], one["of"]) for one in apart]
    sums = found[["value", "of"]].sum().to_frame().T if by is None else by[["value", "of"]].sum().reset_index()
    few = [int((one["of"] != 0).sum()) < fewest for one in apart]
    return sums, pd.DataFrame(intervals, columns=["low", "high"], dtype="Float64").assign(few=few)


def _measures(value: pd.Series, of: pd.Series, metric: Metric, ends: pd.DataFrame | None) -> pd.DataFrame:
    """Its columns, without what too few facts can't say."""
    enough = of.where(of >= metric.minimum)
    if metric.unit == "days" or (metric.unit == "money" and not metric.is_rate):
        value = value.where(enough.notna())  # a sum of few amounts tells what somebody paid
    elif metric.unit in ("count", "share"):
        value = value.fillna(0)
    nothing = enough * pd.NA
    if ends is not None:
        rate = (value / enough.where(enough > 0)).mask(ends["few"])
        measured = {"share": nothing, "rate": rate, **{end: ends[end].where(rate.notna()) for end in ("low", "high")}}
        return pd.DataFrame({"value": value, "of": of, **measured})
    share = value / enough if metric.denominator or metric.split else nothing
    low, high = wilson(share, enough) if metric.unit in ("count", "share") else (nothing, nothing)
    return pd.DataFrame(
        {"value": value, "of": of.round().astype("Int64"), "share": share, "rate": nothing, "low": low, "high": high}
    )


def values_of(table: FactsTable, metrics: Metrics, cut: str, asked: Asked) -> list[str]:
    """Every value that this cut has among the facts that `asked` keeps, in order."""
    wheres, values = _kept(metrics, asked)
    sql = f"CAST({metrics.cuts[cut].sql} AS VARCHAR)"
    query = f"SELECT DISTINCT {sql} AS found FROM facts WHERE {wheres} AND found IS NOT NULL ORDER BY 1"  # noqa: S608
    return list(table.remembered(query, values)["found"])


def newest_day(table: FactsTable, metrics: Metrics, asked: Asked) -> date | None:
    """The newest day on which something happened, among the facts that `asked` keeps: of no visit booked or cancelled."""
    wheres, values = _kept(metrics, asked)
    query = f"SELECT max(day) AS found FROM facts WHERE {wheres} AND {HAPPENED}"  # noqa: S608
    if asked == Asked("", invented=asked.invented):
        query = "SELECT max(day) AS found FROM newest_days WHERE demo = ?"  # it is looked up already
    found = table.remembered(query, values).loc[0, "found"]
    return None if pd.isna(found) else found.date()


def first_day(table: FactsTable, metrics: Metrics, asked: Asked) -> date | None:
    """The day from which on anything of this metric is known here, in all facts of this practice."""
    metric = metrics.metrics[asked.metric]
    wheres, values = _kept(metrics, Asked(asked.metric, invented=asked.invented), metric)
    only = f" AND ({metric.only})" if metric.only else ""
    query = f"SELECT min(day) AS found FROM {ON[metric.on]} WHERE {wheres}{only}"  # noqa: S608
    found = table.remembered(query, values).loc[0, "found"]
    return None if pd.isna(found) else found.date()


def period_of(day: date, period: str) -> str:
    """The day, week (its Monday), month or quarter that a day lies in, as the facts name it."""
    if period == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    if period == "month":
        return f"{day:%Y-%m}"
    return (day - timedelta(days=day.weekday() if period == "week" else 0)).isoformat()


def periods_between(period: str, first: str, last: str) -> list[str]:
    """Every day, week (its Monday), month or quarter from one to another, both included, as the facts name them."""
    frequency, shown = {
        "day": ("D", "%Y-%m-%d"),
        "week": ("W-SUN", "%Y-%m-%d"),
        "month": ("M", "%Y-%m"),
        "quarter": ("Q", "%Y-Q%q"),
    }[period]
    every = pd.period_range(first.replace("-Q", "Q"), last.replace("-Q", "Q"), freq=frequency)
    return list((every.start_time if period == "week" else every).strftime(shown))


def _known(metrics: Metrics, asked: Asked) -> Metric:
    metric = metrics.metrics.get(asked.metric)
    if metric is None:
        known = ", ".join(metrics.metrics)
        raise MetricProblem([f"the metric {asked.metric!r} is not known. Known are {known}"])
    named = {*asked.by, *(cut for cut, _ in asked.where)}
    problems = [
        f"the cut {cut!r} is not known. Known are {', '.join(metrics.cuts)}" for cut in sorted(named - {*metrics.cuts})
    ]
    problems += [
        f"{asked.metric} by {cut} makes no sense. It may be cut by {', '.join(metric.cuts)}"
        for cut in asked.by
        if cut in metrics.cuts and cut not in metric.cuts
    ]
    if problems:
        raise MetricProblem(problems)
    return metric


def _query(metrics: Metrics, metric: Metric, asked: Asked) -> tuple[str, list[object]]:
    """The SQL and its values. Expressions come from the checked file, values only by ?.

    A rate's random groups come in their own order, on which its interval hangs; the database has none of its own.
    """
    cuts = [f'CAST({metrics.cuts[cut].sql} AS VARCHAR) AS "{cut}"' for cut in asked.by]
    cuts += [f"CAST({metrics.cuts[metric.split].sql} AS VARCHAR) AS part"] if metric.split else []
    cuts += [f"hash(coalesce(course, id)) % {RANDOM_GROUPS} AS random_group"] if metric.is_rate else []
    wheres, values = _kept(metrics, asked, metric)
    number = "count(*)" if metric.unit != "money" else "count(DISTINCT coalesce(course, consultation, id))"
    measures = [f"({metric.numerator}) AS value", f'({metric.denominator or number}) AS "of"']
    only = f" AND ({metric.only})" if metric.only else ""
    only += f" AND day <= newest_day - {metric.after_days}" if metric.after_days else ""
    if len(metric.kinds) > 1:
        only += f" AND day BETWEEN ({_SPAN.format('max(first)')}) AND ({_SPAN.format('min(last)')})"
        values += [asked.invented, list(metric.kinds)] * 2
    query = f"SELECT {', '.join([*cuts, *measures])} FROM {ON[metric.on]} WHERE {wheres}{only}"  # noqa: S608
    order = " ORDER BY random_group" if metric.is_rate else ""
    return query + (f" GROUP BY ALL{order}" if cuts else ""), values


_SPAN = "SELECT {} FROM spans WHERE demo = ? AND list_contains(?, kind)"
"""Of facts of several kinds only the days count on which all of them are known: a year of hours with a month of payments says
nothing of what an hour earned."""


def _kept(metrics: Metrics, asked: Asked, metric: Metric | None = None) -> tuple[str, list[object]]:
    """Which facts count, as SQL and its values: of all kinds, or of the metric's."""
    wheres: list[str] = ["demo = ?"]
    values: list[object] = [asked.invented]
    if metric is not None:
        wheres.append(f"kind IN ({', '.join('?' * len(metric.kinds))})")
        values += metric.kinds
    for day, sign in ((asked.first_day, ">="), (asked.last_day, "<=")):
        if day:
            wheres.append(f"day {sign} CAST(? AS DATE)")
            values.append(day)
    for cut, value in asked.where:
        wheres.append(f"CAST({metrics.cuts[cut].sql} AS VARCHAR) = ?")
        values.append(value)
    return " AND ".join(wheres), values
