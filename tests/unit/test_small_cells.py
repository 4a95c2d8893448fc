"""Small counts in a table that leaves the house cannot be reckoned from what stays open: attacked with linear programming."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medspa_core.practice.small_cells import TOTAL, WHOLE, hidden, with_margins
from tests.hidden_counts import Numbers, ranges

WAYS = ("recommended", "chosen")
MONTHS = ("2026-07", "2026-08", "2026-09")
SMALLEST = 5


def assert_safe(table: pd.DataFrame, shut: pd.DataFrame, smallest: int = SMALLEST) -> None:
    """Attacked with the table's sums alone; this shares nothing with how the program chooses."""
    counts, hides = table.to_numpy(dtype=float).ravel(), shut.to_numpy(dtype=bool).ravel()
    small = counts < smallest
    assert (hides | ~small).all(), "a small count stands open"
    sums, cells = sums_of(table), [(row, column) for row in table.index for column in table.columns]
    assert not (sums @ counts).any(), "the sums of the attack hold in the table itself"
    places = np.flatnonzero(hides)
    known = -sums[:, ~hides] @ counts[~hides]

    def hidden_well(place: int, low: float, high: float) -> bool:
        return high - low > 0.5 and (not small[places[place]] or (low < 1e-6 and high > smallest - 1e-6))

    for place, low, high in ranges(sums[:, hides], known, counts[hides], np.eye(len(places)), hidden_well):
        cell = cells[places[place]]
        assert high - low > 0.5, f"{cell} follows from what is open"
        if small[places[place]]:
            assert low < 1e-6 and high > smallest - 1e-6, f"{cell} is known to lie between {low} and {high}"


def sums_of(table: pd.DataFrame) -> Numbers:
    """Which counts of the table add up to 0, a line each: a row's parts less its total, a column's less the whole's."""
    ways = np.array([way for way, _ in table.columns])
    row, column = np.eye(len(table.index)), np.eye(len(table.columns))
    across = [np.kron(one, (ways == way) - column[list(table.columns).index(TOTAL)]) for one in row for way in WAYS]
    down = np.where(table.index == WHOLE, -1, 1)
    return np.array([*across, *(np.kron(down, one) for one in column)])


def made(rows: list[tuple[int, int, int]], parts: tuple[int, int]) -> pd.DataFrame:
    """Consultations as (month, recommended, chosen) counted both ways."""
    facts = pd.DataFrame(rows, columns=["month", *WAYS])
    one, other = (
        facts.groupby(["month", way]).size().unstack(fill_value=0).reindex(
            index=range(3), columns=range(number), fill_value=0
        ).set_axis(list(MONTHS)).rename(columns="part {}".format)
        for way, number in zip(WAYS, parts, strict=True)
    )  # fmt: skip
    return with_margins(one, other, WAYS)


@st.composite
def practices(draw: st.DrawFn) -> pd.DataFrame:
    """A quarter of a practice: quiet and busy ones, with options that are rare, usual, or never named."""
    parts = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    weights = [draw(st.lists(st.sampled_from((0, 1, 2, 8)), min_size=number, max_size=number)) for number in parts]
    number = draw(st.sampled_from((0, 1, 4, 6, 15, 60, 200)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    by_part = [random.choice(len(one), number, p=np.array(one) / sum(one) if sum(one) else None) for one in weights]
    busy = random.dirichlet([draw(st.sampled_from((0.3, 5.0)))] * 3)
    return made(list(zip(random.choice(3, number, p=busy), *by_part, strict=True)), parts)


@settings(max_examples=80, deadline=None)
@given(table=practices())
def test_no_small_count_follows_from_what_stays_open_nor_is_it_known_to_be_above_0_or_small(
    table: pd.DataFrame,
) -> None:
    assert_safe(table, hidden(table, SMALLEST))


@settings(max_examples=25, deadline=None)
@given(table=practices(), smallest=st.integers(1, 12))
def test_whatever_the_smallest_count_is(table: pd.DataFrame, smallest: int) -> None:
    assert_safe(table, hidden(table, smallest), smallest)


@settings(max_examples=25, deadline=None)
@given(table=practices())
@example(table=made([(month, part % 2, part % 3) for month in range(3) for part in range(60)], (2, 3)))
def test_nothing_is_hidden_without_need(table: pd.DataFrame) -> None:
    """Each count hidden beside the small ones gives one of them away when it is opened."""
    shut = hidden(table, SMALLEST)
    small = table < SMALLEST
    for cell in [(row, column) for row in table.index for column in table.columns]:
        if shut.at[cell] and not small.at[cell]:
            opened = shut.copy()
            opened.at[cell] = False
            with pytest.raises(AssertionError):
                assert_safe(table, opened)


def test_a_busy_practice_hides_nothing() -> None:
    table = made([(month, part % 2, part % 3) for month in range(3) for part in range(60)], (2, 3))
    assert not hidden(table, SMALLEST).any(axis=None)


def test_hiding_the_small_counts_alone_would_give_them_away() -> None:
    table = made([(month, part % 7 == month, part % 2) for month in range(3) for part in range(24)], (2, 2))
    small = table < SMALLEST
    assert small.any(axis=None)
    with pytest.raises(AssertionError, match="follows from what is open"):
        assert_safe(table, small)
    assert_safe(table, hidden(table, SMALLEST))


def test_two_countings_with_other_totals_are_refused() -> None:
    one = pd.DataFrame({"a": [3, 4, 5]}, index=list(MONTHS))
    with pytest.raises(ValueError, match="same totals"):
        with_margins(one, one + 1, WAYS)
