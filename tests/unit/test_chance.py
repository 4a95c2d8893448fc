"""How far chance alone goes, held against published examples and against chance itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.practice.chance import against_the_rest, difference, wilson

COUNTED = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
    ],
)
def test_what_chance_leaves_a_difference_is_that_of_the_published_examples(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    found = difference(now, before)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("kind", ["float64", "Float64"])
def test_the_interval_of_a_share_holds_it_also_where_all_or_none_are_counted(kind: str) -> None:
    """Of 24 with none counted, the fractions of a computer left a low end just above 0."""
    of = pd.Series(range(1, 400), dtype=kind)
    for share in (of * 0, of / of):
        low, high = wilson(share, of)
        assert (low >= 0).all() and (low <= share).all() and (share <= high).all() and (high <= 1).all()
    low, high = wilson(pd.Series([None, 0.5], dtype=kind), pd.Series([None, 8], dtype=kind))
    assert low.isna().tolist() == high.isna().tolist() == [True, False] and low.dtype == high.dtype == kind


@settings(max_examples=100, deadline=None)
@given(COUNTED, COUNTED)
def test_a_difference_lies_within_what_chance_leaves_it_and_turns_with_the_two(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found, turned = difference(one, other), difference(other, one)
    assert -1 <= found.low <= found.points + 1e-12 and found.points - 1e-12 <= found.high <= 1
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTED, min_size=1, max_size=8))
def test_each_group_stands_against_all_others_together(groups: list[tuple[int, int]]) -> None:
    found = against_the_rest(pd.DataFrame(groups, columns=["value", "of"]))
    for place, row in found.iterrows():
        others = [one for number, one in enumerate(groups) if number != place]
        if not others:
            assert pd.isna(row["points"]) and pd.isna(row["would_show"])
            continue
        value, of = (sum(part) for part in zip(*others, strict=True))
        assert row["points"] == pytest.approx(row["value"] / row["of"] - value / of)


def test_equal_groups_are_called_different_hardly_ever() -> None:
    dice = np.random.default_rng(7)
    groups = pd.DataFrame({"value": dice.binomial(60, 0.3, (2000, 8)).reshape(-1), "of": 60})
    called = [
        against_the_rest(groups.iloc[start : start + 8])["more_than_chance"].sum()
        for start in range(0, len(groups), 80)
    ]
    assert sum(called) <= 4  # 1,600 comparisons at 2 in 1,000


def test_what_would_show_is_found_four_times_of_five() -> None:
    dice = np.random.default_rng(11)
    of, rest_of, whole = 100, 900, 0.4
    groups = pd.DataFrame({"value": [whole * of, whole * rest_of], "of": [of, rest_of]})
    gap = float(against_the_rest(groups)["would_show"][0])
    drawn = zip(dice.binomial(of, whole + gap, 400), dice.binomial(rest_of, whole, 400), strict=True)
    found = sum(difference((one, of), (other, rest_of), 3.0902).more_than_chance for one, other in drawn)
    assert 0.72 < found / 400 < 0.88
