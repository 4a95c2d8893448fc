"""What managers read: each number once in `data/metrics.toml`, counted by DuckDB, and the same as counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow
from medspa_core.practice.metric_tables import Asked, metric_table, periods_between, values_of
from medspa_core.practice.metrics import MetricProblem, Metrics, read_metrics
from tests.conftest import DATA

EXO, PRP, MN = "exosome_microneedling", "prp_microneedling", "microneedling_alone"
METRICS = read_metrics(DATA)
NOT_TAKEN = ("wait", "not_yet", "no")

maybe: Callable[..., Any] = lambda *values: st.sampled_from((*values, None))  # noqa: E731
FACTS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.dates(date(2025, 11, 20), date(2026, 3, 10)),
            "waited": st.integers(0, 40),
            "demo": st.booleans(),
            "location": maybe("north", "south"),
            "provider": maybe("p1", "p2", "p3"),
            "age_band": maybe("18-29", "30-39", "80+"),
            "is_returning": maybe(True, False),
            "concern": maybe("texture", "pigment"),
            "recommended": maybe(EXO, PRP, MN),
            "standing": st.sampled_from(("clear", "leans", "close_call", "none_suitable")),
            "pair_best": maybe(EXO, PRP),
            "pair_standing": maybe("clear", "leans", "close_call"),
            "chosen": st.sampled_from((EXO, PRP, MN, *NOT_TAKEN)),
        }
    ),
    max_size=60,
)


def columns_of(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The rows as the store gives them."""
    whole = [
        {**row, "id": f"f{place}", "seq": place + 1, "created_on": row["day"] + timedelta(days=row["waited"])}
        for place, row in enumerate(rows)
    ]
    return {name: [row.get(name) for row in whole] for name in COLUMNS["consultation"].names}


@cache
def the_table() -> FactsTable:
    """One for the whole file: a fresh one costs more than all that is asked of it."""
    return FactsTable()


def table_of(rows: list[dict[str, Any]]) -> FactsTable:
    table = the_table()
    table.empty()
    table.put(as_arrow(columns_of(rows)))
    return table


def by_hand(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The real practice's facts in pandas, with the periods reckoned by Python's own dates."""
    frame = pd.DataFrame([row for row in rows if not row["demo"]], columns=[*FACTS_KEYS])
    day = frame["day"]
    return frame.assign(
        day=day.map(date.isoformat),
        week=day.map(lambda one: (one - timedelta(days=one.weekday())).isoformat()),
        month=day.map(lambda one: one.isoformat()[:7]),
        quarter=day.map(lambda one: f"{one.year}-Q{(one.month + 2) // 3}"),
        weekday=day.map(lambda one: str(one.isoweekday())),
    )


FACTS_KEYS = (
    "day", "waited", "demo", "location", "provider", "age_band", "is_returning", "concern", "recommended", "standing",
    "pair_best", "pair_standing", "chosen",
)  # fmt: skip


def as_counts(found: pd.DataFrame, *groups: str) -> dict[Any, Any]:
    """Group -> value, without what is missing told apart from None."""
    return {
        tuple(None if pd.isna(row[name]) else row[name] for name in groups): row["value"]
        for row in found.to_dict("records")
    }


@settings(max_examples=60, deadline=None)
@given(
    FACTS,
    st.sampled_from(("day", "week", "month", "quarter", "weekday", "location", "provider", "age_band", "concern")),
)
def test_each_count_is_the_one_that_pandas_reckons_from_the_same_facts(rows: list[dict[str, Any]], cut: str) -> None:
    hand, table = by_hand(rows), table_of(rows)
    chosen = hand["chosen"].where(~hand["chosen"].isin(NOT_TAKEN), "wait")
    expected = hand.assign(part=chosen).groupby([cut, "part"], dropna=False).size()
    found = metric_table(table, METRICS, Asked("chosen", (cut,)))
    assert as_counts(found, cut, "part") == {
        tuple(None if pd.isna(one) else one for one in key): number for key, number in expected.items()
    }


@settings(max_examples=60, deadline=None)
@given(FACTS)
def test_taken_agreement_and_days_are_what_pandas_reckons(rows: list[dict[str, Any]]) -> None:
    hand, table = by_hand(rows), table_of(rows)
    firm = hand[hand["standing"].isin(("clear", "leans")) & hand["recommended"].notna()]
    taken = metric_table(table, METRICS, Asked("taken")).loc[0]
    agreed = metric_table(table, METRICS, Asked("agreement")).loc[0]
    days = metric_table(table, METRICS, Asked("days_to_decide")).loc[0]
    assert (taken["value"], taken["of"]) == ((~hand["chosen"].isin(NOT_TAKEN)).sum(), len(hand))
    assert (agreed["value"], agreed["of"]) == ((firm["chosen"] == firm["recommended"]).sum(), len(firm))
    enough = len(hand) >= METRICS.metrics["days_to_decide"].minimum
    assert days["value"] == hand["waited"].median() if enough else pd.isna(days["value"])


@settings(max_examples=40, deadline=None)
@given(
    FACTS,
    st.sampled_from(
        [(name, cut) for name, one in METRICS.metrics.items() for cut in ("month", "location") if cut in one.cuts]
    ),
)
def test_a_share_and_its_interval_stand_only_where_there_are_enough_and_hold_the_share(
    rows: list[dict[str, Any]], asked: tuple[str, str]
) -> None:
    metric, cut = asked
    for row in metric_table(table_of(rows), METRICS, Asked(metric, (cut,))).to_dict("records"):
        shown = not pd.isna(row["share"])
        counted = METRICS.metrics[metric].unit == "share" or bool(METRICS.metrics[metric].split)
        recorded = not pd.isna(row["of"])
        assert shown == (recorded and counted and row["of"] >= METRICS.metrics[metric].minimum)
        assert not shown or 0 <= row["low"] <= row["share"] <= row["high"] <= 1


@settings(max_examples=15, deadline=None)
@given(FACTS)
def test_parts_of_a_group_add_up_to_the_group_and_groups_to_the_whole(rows: list[dict[str, Any]]) -> None:
    table = table_of(rows)
    whole = metric_table(table, METRICS, Asked("consultations")).loc[0, "value"]
    for cut in METRICS.metrics["chosen"].cuts:
        found = metric_table(table, METRICS, Asked("chosen", (cut,)))
        assert found["value"].sum() == whole
        assert (found.groupby(cut, dropna=False)["value"].sum() == found.groupby(cut, dropna=False)["of"].first()).all()


def test_where_keeps_what_is_asked_for_and_the_days_are_both_included() -> None:
    rows = [a_fact(date(2026, 1, day), location=place) for day, place in ((1, "a"), (2, "a"), (3, "b"), (4, "a"))]
    asked = Asked("consultations", ("day",), (("location", "a"),), "2026-01-02", "2026-01-04")
    assert list(metric_table(table_of(rows), METRICS, asked)["day"]) == ["2026-01-02", "2026-01-04"]


def test_a_value_to_keep_is_never_read_as_sql() -> None:
    rows = [a_fact(date(2026, 1, 1), location="x' OR '1'='1")]
    table = table_of(rows)
    assert metric_table(table, METRICS, Asked("consultations", (), (("location", "' OR '1'='1"),))).loc[0, "value"] == 0
    assert (
        metric_table(table, METRICS, Asked("consultations", (), (("location", "x' OR '1'='1"),))).loc[0, "value"] == 1
    )
    assert values_of(table, METRICS, "location", Asked("")) == ["x' OR '1'='1"]


def test_the_invented_practice_and_the_real_one_are_never_in_one_number() -> None:
    table = table_of(
        [a_fact(date(2026, 1, 1)), a_fact(date(2026, 1, 1), demo=True), a_fact(date(2026, 1, 2), demo=True)]
    )
    found = [
        metric_table(table, METRICS, Asked("consultations", invented=one)).loc[0, "value"] for one in (False, True)
    ]
    assert found == [1, 2]


def test_a_fact_that_came_again_stands_over_the_earlier_one() -> None:
    table = table_of([a_fact(date(2026, 1, 1), chosen="no")])
    table.put(as_arrow(columns_of([a_fact(date(2026, 1, 1), chosen=EXO)])))
    assert (len(table), metric_table(table, METRICS, Asked("exosomes")).loc[0, "value"]) == (1, 1)


@pytest.mark.parametrize(("count", "of"), [(0, 20), (1, 25), (7, 50), (20, 20), (410, 1000)])
def test_the_interval_of_a_share_is_that_of_scipy(count: int, of: int) -> None:
    rows = [a_fact(date(2026, 1, 1), chosen=EXO if place < count else "no") for place in range(of)]
    row = metric_table(table_of(rows), METRICS, Asked("taken")).loc[0]
    expected = binomtest(count, of).proportion_ci(0.95, "wilson")
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_periods_follow_one_another_over_the_turn_of_the_year() -> None:
    assert periods_between("day", "2025-12-31", "2026-01-01") == ["2025-12-31", "2026-01-01"]
    assert periods_between("week", "2025-12-22", "2026-01-05") == ["2025-12-22", "2025-12-29", "2026-01-05"]
    assert periods_between("month", "2025-11", "2026-01") == ["2025-11", "2025-12", "2026-01"]
    assert periods_between("quarter", "2025-Q3", "2026-Q1") == ["2025-Q3", "2025-Q4", "2026-Q1"]


def test_a_metric_or_cut_that_is_not_known_or_makes_no_sense_is_told_with_what_there_is() -> None:
    with pytest.raises(MetricProblem, match="the metric 'profit' is not known"):
        metric_table(FactsTable(), METRICS, Asked("profit"))
    with pytest.raises(MetricProblem) as told:
        metric_table(FactsTable(), METRICS, Asked("taken", ("moon", "chosen"), (("colour", "red"),)))
    assert [line.split(". ")[0] for line in told.value.problems] == [
        "the cut 'colour' is not known",
        "the cut 'moon' is not known",
        "taken by chosen makes no sense",
    ]


WRONG = {
    'numerator = "count(*"': "metrics.tried.numerator: syntax error",
    'numerator = "count(profit)"': 'metrics.tried.numerator: Binder Error: Referenced column "profit" not found',
    'numerator = "chosen"': "metrics.tried.numerator: Binder Error",
    'numerator = "min(chosen)"': "metrics.tried.numerator: gives varchar. Expected a number",
    'numerator = "(SELECT count(*) FROM facts)"': "metrics.tried.numerator: expected one expression without a query inside",
    'numerator = "1) FROM facts; DROP VIEW facts; SELECT (1"': "metrics.tried.numerator: expected one expression",
    'numerator = "1), (2"': "metrics.tried.numerator: expected one expression",
    'only = "count(*) > 1"': "metrics.tried.only: Binder Error",
    'only = "chosen"': "metrics.tried.only: gives varchar. Expected yes or no",
    'unit = "share"': "metrics.tried: a share, a percent or money an hour has a denominator",
    'denominator = "count(*)"': "metrics.tried: a share, a percent or money an hour has a denominator, and a count none",
    'split = "moon"': "metrics.tried: the cut 'moon' is not known",
    'cuts = ["moon"]': "metrics.tried: the cut 'moon' is not known",
    'good = "up"': "metrics.tried.good: input should be 'more', 'fewer' or 'none'",
    "minimum = 0": "metrics.tried.minimum: input should be greater than or equal to 1",
    'colour = "red"': "metrics.tried.colour: this key is not known",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_entry_is_refused_with_a_line_that_says_where(wrong: str, tmp_path: Path) -> None:
    entry = {
        "name": '"Tried"', "words": '"Tried."', "unit": '"count"', "numerator": '"count(*)"', "cuts": '["month"]',
        "good": '"none"', "minimum": "20",
    }  # fmt: skip
    key, value = wrong.split(" = ", 1)
    lines = "\n".join(f"{name} = {one}" for name, one in {**entry, key: value}.items())
    (tmp_path / "metrics.toml").write_text(
        f"{(DATA / 'metrics.toml').read_text('utf-8')}\n[metrics.tried]\n{lines}\n", "utf-8"
    )
    with pytest.raises(MetricProblem) as told:
        read_metrics(tmp_path)
    assert any(WRONG[wrong] in line for line in told.value.problems), told.value.problems


@pytest.mark.parametrize(
    "instead", ["", "[export]\n", "[export]\nsmallest_count = 2\n", "[export]\nsmallest_count = 'few'\n"]
)
def test_the_smallest_count_of_a_file_is_named_and_is_no_less_than_three(instead: str, tmp_path: Path) -> None:
    shipped = (DATA / "metrics.toml").read_text("utf-8")
    named = "[export]\nsmallest_count = 5\n"
    assert named in shipped
    (tmp_path / "metrics.toml").write_text(shipped.replace(named, instead), "utf-8")
    with pytest.raises(MetricProblem, match=r"export.*smallest_count"):
        read_metrics(tmp_path)


def test_an_added_number_is_counted_without_any_code(tmp_path: Path) -> None:
    entry = '[metrics.young]\nname = "Young"\nwords = "Under 30."\nunit = "share"\ncuts = ["month"]\ngood = "none"\nminimum = 2\n'
    entry += 'numerator = "count(*) FILTER (WHERE age_band = \'18-29\')"\ndenominator = "count(age_band)"\n'
    (tmp_path / "metrics.toml").write_text(f"{(DATA / 'metrics.toml').read_text('utf-8')}\n{entry}", "utf-8")
    rows = [a_fact(date(2026, 1, 1), age_band=band) for band in ("18-29", "30-39", None)]
    row = metric_table(table_of(rows), read_metrics(tmp_path), Asked("young", ("month",))).loc[0]
    assert (row["month"], row["value"], row["of"], row["share"]) == ("2026-01", 1, 2, 0.5)


def test_the_table_opens_no_file_and_writes_none(tmp_path: Path) -> None:
    table = FactsTable()
    for query in (f"COPY facts TO '{tmp_path / 'x.csv'}'", "SELECT * FROM read_text('/etc/hostname')", "ATTACH 'x.db'"):
        with pytest.raises(Exception, match=r"(?i)permission|disabled"):
            table.frame(query)
    with pytest.raises(Exception, match="locked"):
        table.frame("SET enable_external_access = true")


def test_every_number_says_what_it_is_in_words_for_a_manager() -> None:
    known: Metrics = METRICS
    assert not any("{" in metric.words for metric in known.metrics.values())
    assert all(metric.words.endswith(".") and metric.words != metric.name for metric in known.metrics.values())
    assert COLUMNS["consultation"].field("chosen").type == pa.string()


def a_fact(day: date, **other: Any) -> dict[str, Any]:
    """A fact of the real practice: somebody with texture, pointed to exosomes, who chose them the same day."""
    return {
        "day": day, "waited": 0, "demo": False, "location": None, "provider": None, "age_band": None,
        "is_returning": None, "concern": "texture", "recommended": EXO, "standing": "leans", "pair_best": EXO,
        "pair_standing": "leans", "chosen": EXO,
    } | other  # fmt: skip
