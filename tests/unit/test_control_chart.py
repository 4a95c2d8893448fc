"""Is it more than chance? XmR limits as published, the four rules, and one mark in words."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.practice.control_chart import BASE_WEEKS, Chart, Mark, control_chart
from medspa_core.practice.metrics import read_metrics
from medspa_core.practice.weeks import of_the_week
from tests.conftest import DATA

# D. C. Montgomery, Introduction to Statistical Quality Control, 6th ed. 2009, table 6.6 and example 6.5
MORTGAGE_COSTS = (310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
CALM = (10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11, 10)


def chart(*values: float) -> Chart:
    return control_chart([f"w{place:02}" for place in range(1, len(values) + 1)], values)


def test_mean_and_limits_are_those_of_the_published_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medspa_core.practice.control_chart.BASE_WEEKS", len(MORTGAGE_COSTS))
    found = chart(*MORTGAGE_COSTS)
    assert (found.mean, found.high, found.low) == pytest.approx((300.5, 321.22, 279.78), abs=0.01)
    assert found.mark == Mark("ordinary") and not found.signals


def test_limits_come_from_the_first_weeks_only_so_a_change_does_not_hide_itself() -> None:
    assert (chart(*CALM).mean, chart(*CALM).high) == (chart(*CALM, *[30] * 13).mean, chart(*CALM, *[30] * 13).high)


def test_one_week_outside_the_limits_stands_out() -> None:
    found = chart(*CALM, 11, 9, 40)
    assert found.mark == Mark("stands_out", "w16", more=True) and found.signals == {"w16"}


def test_a_week_that_stood_out_earlier_is_marked_in_the_chart_and_no_news_any_more() -> None:
    found = chart(*CALM, 40, 9, 11)
    assert (found.mark.kind, found.signals) == ("ordinary", {"w14"})


@pytest.mark.parametrize(("up", "more"), [(1, True), (-1, False)])
def test_seven_weeks_on_one_side_of_the_mean_are_a_change_since_the_first_of_them(up: int, more: bool) -> None:
    seven = [chart(*CALM).mean + up * step for step in (1, 1.2, 1, 1.2, 1, 1.2, 1)]
    tail = 10.5 + up * -1.5  # on the other side
    assert chart(*CALM, tail, *seven[:6]).mark == Mark("ordinary")
    assert chart(*CALM, tail, *seven).mark == Mark("changed", "w15", more=more)


def test_six_weeks_that_each_rise_are_a_change_and_five_are_not() -> None:
    rising = [9.4, 9.8, 10.2, 10.6, 11.0, 11.4]
    assert chart(*CALM, 11, *rising[:5]).mark == Mark("ordinary")
    assert chart(*CALM, 11, *rising).mark == Mark("changed", "w15", more=True)


def test_two_of_three_weeks_close_to_one_limit_are_a_change() -> None:
    high = chart(*CALM).high
    assert chart(*CALM, high - 0.5, 10, high - 0.5).mark == Mark("changed", "w14", more=True)
    assert chart(*CALM, high - 0.5, 10, 10).mark == Mark("ordinary")


def test_a_number_that_never_moves_is_ordinary_until_it_does() -> None:
    assert chart(*[5] * 20).mark == Mark("ordinary") == chart(*[0.1] * 20).mark
    assert chart(*[5] * 20, 6).mark == Mark("stands_out", "w21", more=True)


def test_limits_stay_within_what_the_number_can_be() -> None:
    found = control_chart(
        [f"w{place}" for place in range(13)], [0, 0.9, 0.1, 1, 0, 0.8, 0, 1, 0, 0.9, 0, 1, 0], 0.0, 1.0
    )
    assert (found.low, found.high) == (0.0, 1.0)


VALUES = st.lists(st.integers(0, 100_000).map(lambda number: number / 100), min_size=BASE_WEEKS, max_size=40)


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_each_point_outside_the_limits_is_a_signal_and_a_mark_speaks_of_a_signal(values: list[float]) -> None:
    found = chart(*values)
    outside = {week for week, value in zip(found.weeks, values, strict=True) if not found.low <= value <= found.high}
    assert outside <= found.signals
    assert (found.weeks[-1] in found.signals) == (found.mark.kind != "ordinary")
    assert found.mark.kind == "ordinary" or found.mark.week in found.signals


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_upside_down_everything_is_the_same_but_for_more_and_fewer(values: list[float]) -> None:
    found, turned = (
        chart(*values),
        control_chart([f"w{n:02}" for n in range(1, len(values) + 1)], [-v for v in values], -math.inf),
    )
    if found.low > 0:  # else the limit is cut at what the number can be
        assert (found.signals, found.mark.kind, found.mark.week) == (turned.signals, turned.mark.kind, turned.mark.week)


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_limits_are_as_wide_as_the_mean_moving_range_says(values: list[float]) -> None:
    base = values[:BASE_WEEKS]
    moving = [abs(one - other) for one, other in pairwise(base)]
    assert chart(*values).high == pytest.approx(sum(base) / len(base) + 2.66 * sum(moving) / len(moving))


def test_weeks_before_the_first_that_was_recorded_are_no_weeks_of_none() -> None:
    weeks = [f"2026-W{place:02}" for place in range(1, 27)]
    values = [22, 20, 24, 18, 0, 20, 24, 18, 22, 20, 24, 18, 22]
    found = pd.DataFrame({"week": weeks[13:], "value": values, "of": values, "share": pd.NA, "rate": pd.NA})
    told = of_the_week(found, read_metrics(DATA).metrics["consultations"], weeks)
    assert told.chart is not None and told.chart.weeks == tuple(weeks[13:]) and told.chart.values[4] == 0
    assert told.mark.kind == "ordinary"
