"""Graded limits by the definition: the mean over the course's distribution, in exact fractions."""

from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.course.course_book import CourseBook, course_book
from medspa_core.course.course_tables import tables_of
from medspa_core.course.limits import graded_at, places_of
from medspa_core.course.spans import Spread
from medspa_core.intake import read_intake
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF

SPREADS = st.builds(
    Spread, st.integers(0, 40), st.lists(st.integers(0, 30), min_size=1, max_size=12).filter(any).map(tuple)
)


def by_definition(spread: Spread, limit: int) -> int:
    values = [(spread.first + place, weight) for place, weight in enumerate(spread.weights) if weight]
    parts = [weight * (Fraction(1) if value <= limit else Fraction(limit, 2 * value)) for value, weight in values]
    return floor(1000 * sum(parts, Fraction(0)) / spread.total + Fraction(1, 2) + Fraction(1, 10**9))


@settings(deadline=None)
@given(SPREADS)
def test_a_graded_limit_is_the_mean_of_its_definition(spread: Spread) -> None:
    size = spread.last + 3
    assert spread.graded(size) == [by_definition(spread, limit) for limit in range(size)]


@pytest.mark.parametrize("wide", [False, True])
def test_a_budget_is_graded_by_the_definition_also_where_64_bits_are_too_few(
    wide: bool, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wide:
        monkeypatch.setattr("medspa_core.course.course_tables.LARGEST", 1)
    book = CourseBook(rulebook) if wide else course_book(rulebook)
    tables = tables_of(book, with_variants=False)
    assert tables.cost.base.dtype == (object if wide else np.int64)
    for budget in (1, 349, 350, 700, 1050, 1051, 2099, 2100, 2700, 5400, 1_000_000):
        answers: dict[str, Any] = {"concern": "acne_scars", "budget": budget}
        table = read_intake(answers, rulebook, AS_OF)
        for basis, name in enumerate(("clinic", "published")):
            places = places_of("course_within_budget", table, tables, basis)
            found = [int(of_option[0]) for of_option in graded_at(places, "course_within_budget", table, tables)]
            costs = [book.course(name, option_id, "acne_scars").course_cost for option_id in rulebook.ranked]
            assert found == [by_definition(cost, budget) for cost in costs if cost is not None]
