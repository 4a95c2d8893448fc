"""The limits of a funnel plot, held against scipy, against counting every case, and against chance itself."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from medspa_core.practice.funnel_plot import Funnel, exact_limit, funnel, limits, spread_of

ENDS = (0.001, 0.025)


def groups_of(*counted: tuple[int, int], minimum: int = 20) -> pd.DataFrame:
    frame = pd.DataFrame(counted, columns=["value", "of"], dtype="Float64")
    return frame.assign(share=frame["value"] / frame["of"].where(frame["of"] >= minimum))


@pytest.mark.parametrize(("of", "tenths"), [(1, 5), (7, 3), (14, 6), (20, 9), (33, 1)])
def test_a_limit_is_that_of_counting_every_case_with_whole_fractions(of: int, tenths: int) -> None:
    share = Fraction(tenths, 10)
    chances = [math.comb(of, one) * share**one * (1 - share) ** (of - one) for one in range(of + 1)]
    for end in ENDS:
        below, reached, count = Fraction(str(end)), chances[0], 0
        while reached <= below:
            count += 1
            reached += chances[count]
        expected = (count - (reached - below) / chances[count]) / of
        assert exact_limit(of, float(share), end) == pytest.approx(min(1, max(0, float(expected))), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200_000), st.floats(0.001, 0.999), st.sampled_from(ENDS))
def test_a_limit_lies_at_the_count_that_scipy_finds_or_within_one_below_it(of: int, share: float, end: float) -> None:
    count = int(binom.ppf(end, of, share))
    found = exact_limit(of, share, end) * of
    assert max(0, count - 1) - 1e-6 <= found <= count + 1e-6
    past = (binom.cdf(count, of, share) - end) / binom.pmf(count, of, share)
    assert found == pytest.approx(max(0, count - past), abs=max(1e-6, 1e-7 * of))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5000), st.floats(0.01, 0.99))
def test_beyond_each_limit_lies_no_more_than_is_said_and_one_count_further_in_it_would_be_more(
    of: int, share: float
) -> None:
    edge = limits(pd.Series([of]), share).iloc[0] * of
    for name, tail in (("998", 0.001), ("95", 0.025)):
        below, above = math.ceil(edge[f"low_{name}"] - 1e-6) - 1, math.floor(edge[f"high_{name}"] + 1e-6)
        assert binom.cdf(below, of, share) <= tail * (1 + 1e-6) < binom.cdf(below + 1, of, share) * (1 + 1e-5)
        assert binom.sf(above, of, share) <= tail * (1 + 1e-6) < binom.sf(above - 1, of, share) * (1 + 1e-5)


def test_of_many_the_limits_are_those_of_the_bell_curve() -> None:
    found = limits(pd.Series([1_000_000]), 0.4).iloc[0]
    for name, z in (("95", 1.959964), ("998", 3.090232)):
        reach = z * math.sqrt(0.4 * 0.6 / 1_000_000)
        assert (found[f"low_{name}"], found[f"high_{name}"]) == pytest.approx((0.4 - reach, 0.4 + reach), abs=2e-6)


def test_the_spread_is_that_of_dersimonian_and_laird_after_the_outermost_tenth_is_drawn_in() -> None:
    counted = [
        (30, 100),
        (52, 130),
        (90, 150),
        (33, 60),
        (20, 80),
        (70, 90),
        (44, 110),
        (61, 120),
        (25, 75),
        (48, 95),
        (9, 40),
    ]
    whole = sum(value for value, _ in counted) / sum(of for _, of in counted)
    scores = [(math.asin(math.sqrt(v / of)) - math.asin(math.sqrt(whole))) * 2 * math.sqrt(of) for v, of in counted]
    ordered = sorted(scores)
    drawn_in = [ordered[1], *ordered[1:-1], ordered[-2]]
    q, weights = sum(one**2 for one in drawn_in), [4 * of for _, of in counted]
    between = (q - 10) / (sum(weights) - sum(one**2 for one in weights) / sum(weights))
    frame = groups_of(*counted)
    assert spread_of(frame["value"].astype(float), frame["of"].astype(float), whole) == pytest.approx(
        (q / 11, math.sqrt(between))
    )


def test_one_group_that_stands_out_hides_itself_by_no_wider_limits() -> None:
    found = funnel(groups_of(*[(40 + one % 3, 100) for one in range(7)], (85, 100)))
    assert found.spread < 0.05 and list(found.groups["mark"]) == ["inside"] * 7 + ["outside"]


def test_groups_that_all_differ_have_wider_limits_so_that_none_stands_out() -> None:
    found = funnel(groups_of(*[(value, 400) for value in (80, 120, 150, 180, 210, 240, 280, 320)]))
    assert found.dispersion > 10 and found.spread > 0.1
    assert "outside" not in set(found.groups["mark"])
    narrow = limits(found.lines["of"], found.whole)
    assert (found.lines["low_998"] <= narrow["low_998"]).all() and (found.lines["high_998"] >= narrow["high_998"]).all()
    assert float(found.lines["high_998"].iloc[-1] - found.whole) > 0.2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), min_size=1, max_size=9)
)
def test_limits_lie_around_the_whole_the_outer_outside_the_inner_and_each_group_has_one_mark(
    counted: list[tuple[int, int]],
) -> None:
    found = funnel(groups_of(*counted))
    for row in [*found.groups.to_dict("records"), *found.lines.to_dict("records")]:
        ends = [row[name] for name in ("low_998", "low_95", "high_95", "high_998")]
        assert ends == sorted(ends) and ends[0] >= 0 and ends[3] <= 1
        assert ends[0] - 1e-9 <= found.whole <= ends[3] + 1e-9
    marks = set(found.groups["mark"])
    assert marks <= {"too_few", "inside", "between", "outside"}
    assert ("too_few" in marks) == any(of < 20 for _, of in counted)


def test_equal_groups_leave_the_outer_limits_about_twice_in_a_thousand_and_the_inner_five_times_in_a_hundred() -> None:
    dice = np.random.default_rng(3)
    drawn = dice.binomial(60, 0.35, 20_000) / 60
    edge = limits(pd.Series([60]), 0.35).iloc[0]
    outer, inner = (np.mean((drawn < edge[f"low_{one}"]) | (drawn > edge[f"high_{one}"])) for one in ("998", "95"))
    assert 0.0002 < outer < 0.002 and 0.02 < inner < 0.05


@pytest.mark.parametrize(("of", "whole"), [(14, 0.55), (60, 0.3), (400, 0.62)])
def test_a_difference_that_would_show_is_found_four_times_of_five_and_a_smaller_one_less_often(
    of: int, whole: float
) -> None:
    found = one_of(of, whole)
    row = found.groups.iloc[0]
    for side, sign in (("more", 1), ("fewer", -1)):
        assert caught(row, of, found.whole + sign * row[f"would_show_{side}"]) == pytest.approx(0.8, abs=1e-6)
        assert caught(row, of, found.whole + sign * row[f"would_show_{side}"] * 0.8) < 0.8


def one_of(of: int, whole: float) -> Funnel:
    """A group of this size in a whole of so many that its share stands fast."""
    rest = 1_000_000
    return funnel(groups_of((round(of * whole), of), (round(rest * whole), rest), minimum=1))


def caught(row: pd.Series, of: int, share: float) -> float:
    """How often such a group would lie outside the outer limits on its side, by scipy."""
    counts = np.arange(of + 1)
    beyond = counts / of > row["high_998"] + 1e-12 if share > row["high_998"] else counts / of < row["low_998"] - 1e-12
    return float(binom.pmf(counts[beyond], of, share).sum())


def test_where_no_count_lies_beyond_a_limit_no_difference_would_show_on_that_side() -> None:
    row = one_of(6, 0.9).groups.iloc[0]
    assert math.isnan(row["would_show_more"]) and row["would_show_fewer"] > 0.3


def test_where_all_or_none_chose_it_there_is_nothing_to_find() -> None:
    for value in (0, 30):
        found = funnel(groups_of((value, 30), (value, 30), (value, 30)))
        assert found.spread == 0 and set(found.groups["mark"]) == {"inside"}


@pytest.mark.parametrize(("shares", "spread"), [((30, 50, 70), False), ((30, 40, 60, 70), True)])
def test_of_three_groups_nobody_tells_how_far_they_are_spread_and_of_four_it_shows(
    shares: tuple[int, ...], spread: bool
) -> None:
    value, of = pd.Series(shares, dtype=float), pd.Series([100.0] * len(shares))
    dispersion, beside = spread_of(value, of, float(value.sum() / of.sum()))
    assert (dispersion, beside) == (1, 0) if not spread else (dispersion > 2 and beside > 0)
