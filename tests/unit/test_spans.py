"""Distributions on whole numbers: exact examples by hand, and a dice-throwing oracle that knows none of the mathematics."""

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.course.course_book import course_book
from medspa_core.course.spans import Spread, exactly, later_of, mixture, shared_out, spread_of, summed
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.entries import Span

THROWS = 12_000
SOME_LEEWAY = 0.018  # twice over sqrt(12,000): what chance alone hardly ever reaches
FEW = settings(max_examples=60, deadline=None)


def span(low: int, typical: int, high: int) -> Span:
    return Span(low=low, typical=typical, high=high)


@st.composite
def spans(draw: st.DrawFn, most: int = 30) -> Span:
    low, typical, high = sorted(draw(st.lists(st.integers(0, most), min_size=3, max_size=3)))
    return span(low, typical, high)


def chances(spread: Spread) -> dict[int, Fraction]:
    return {spread.first + place: Fraction(weight, spread.total) for place, weight in enumerate(spread.weights)}


# --- by hand --------------------------------------------------------------------------------------------------------


def test_a_span_rises_to_the_typical_value_and_falls_after_it() -> None:
    # redness 1-2-3 days: weights 1/2, 1, 1/2
    assert chances(spread_of(span(1, 2, 3))) == {1: Fraction(1, 4), 2: Fraction(1, 2), 3: Fraction(1, 4)}


def test_a_span_that_starts_at_its_typical_value_only_falls() -> None:
    # aftercare 5-5-10 minutes: 6/6, 5/6, 4/6, 3/6, 2/6, 1/6
    found = chances(spread_of(span(5, 5, 10)))
    assert found == {5 + k: Fraction(6 - k, 21) for k in range(6)}


def test_a_span_of_one_value_is_sure() -> None:
    assert chances(spread_of(span(7, 7, 7))) == {7: Fraction(1)} == chances(exactly(7))


def test_two_times_after_one_another_add_up_value_by_value() -> None:
    # twice 1-2-3: 2 is 1/16, 3 is 4/16, 4 is 6/16, 5 is 4/16, 6 is 1/16
    twice = chances(summed([spread_of(span(1, 2, 3))] * 2))
    assert twice == {k: Fraction(n, 16) for k, n in zip(range(2, 7), (1, 4, 6, 4, 1), strict=True)}


def test_nothing_after_another_takes_no_time() -> None:
    assert chances(summed([])) == {0: Fraction(1)}


def test_both_at_the_same_time_are_over_when_the_later_one_is() -> None:
    # two times 1-2-3: by 1 is 1/16, by 2 is 9/16, by 3 is 1
    later = later_of(spread_of(span(1, 2, 3)), spread_of(span(1, 2, 3)))
    assert chances(later) == {1: Fraction(1, 16), 2: Fraction(8, 16), 3: Fraction(7, 16)}


def test_the_later_of_two_that_do_not_touch_is_the_later_one() -> None:
    assert chances(later_of(spread_of(span(1, 2, 3)), exactly(9))) == {9: Fraction(1)}


def test_shares_are_kept_exactly() -> None:
    shares = {3: Fraction(3, 5), 4: Fraction(1, 5), 5: Fraction(1, 5)}
    assert chances(shared_out(shares)) == shares


def test_a_mixture_gives_each_its_share() -> None:
    mixed = mixture([(Fraction(1, 3), exactly(2)), (Fraction(2, 3), spread_of(span(1, 2, 3)))])
    assert chances(mixed) == {1: Fraction(1, 6), 2: Fraction(2, 3), 3: Fraction(1, 6)}


def test_half_a_thousandth_is_rounded_upwards() -> None:
    # 1 in 2000 is half a thousandth
    assert shared_out({1: Fraction(1, 2000), 2: Fraction(1999, 2000)}).thousandths(4) == [0, 1, 1000, 1000]


def test_a_quantile_is_the_first_value_reached_with_that_chance() -> None:
    redness = spread_of(span(1, 2, 3))
    assert [redness.quantile(Fraction(n, 100)) for n in (10, 25, 26, 75, 76, 100)] == [1, 1, 2, 2, 3, 3]


def test_nothing_rounds_however_many_parts_are_added() -> None:
    many = summed([spread_of(span(4, 7, 10)), spread_of(span(20, 30, 45)), spread_of(span(5, 8, 15))])
    assert sum(chances(many).values()) == 1
    assert many.reached(many.last) == many.total and many.reached(many.first - 1) == 0


def test_a_visit_takes_as_long_as_the_one_clinic_that_gives_a_figure_says(rulebook: Rulebook) -> None:
    # MODEL: medians 78 and 68 minutes for PRP, 58 for the others
    book = course_book(rulebook)
    medians = {
        (option_id, plan): book.visit_spread(option_id, plan).quantile(Fraction(1, 2))
        for option_id in rulebook.ranked
        for plan in ("one_after_another", "spin_during_numbing")
    }
    assert medians == {
        ("microneedling_alone", "one_after_another"): 58,
        ("microneedling_alone", "spin_during_numbing"): 58,
        ("exosome_microneedling", "one_after_another"): 58,
        ("exosome_microneedling", "spin_during_numbing"): 58,
        ("prp_microneedling", "one_after_another"): 78,
        ("prp_microneedling", "spin_during_numbing"): 68,
    }


# --- for all spans --------------------------------------------------------------------------------------------------


@FEW
@given(spans(), spans())
def test_chances_add_up_to_one_and_never_fall(one: Span, other: Span) -> None:
    for spread in (
        spread_of(one),
        summed([spread_of(one), spread_of(other)]),
        later_of(spread_of(one), spread_of(other)),
    ):
        assert sum(chances(spread).values()) == 1
        reached = [Fraction(spread.reached(k), spread.total) for k in range(spread.first - 1, spread.last + 2)]
        assert all(before <= after for before, after in pairwise(reached))


@FEW
@given(spans(), spans())
def test_the_order_of_two_times_changes_nothing(one: Span, other: Span) -> None:
    a, b = spread_of(one), spread_of(other)
    assert summed([a, b]) == summed([b, a])
    assert later_of(a, b) == later_of(b, a)


# --- the oracle throws dice -----------------------------------------------------------------------------------------


def throw(dice: random.Random, s: Span) -> int:
    """One value of a span, by throwing darts at its triangle until one lands inside: no sums, no convolutions."""
    while True:
        value = dice.randint(s.low, s.high)
        rising = (value - s.low + 1) / (s.typical - s.low + 1)
        falling = (s.high + 1 - value) / (s.high + 1 - s.typical)
        if dice.random() < min(rising, falling, 1):
            return value


def farthest_apart(spread: Spread, once: Callable[[random.Random], int], seed: int) -> float:
    """The largest difference between the exact chance of being over by a day and the share of throws that were."""
    dice = random.Random(seed)
    thrown = [once(dice) for _ in range(THROWS)]
    counts = dict.fromkeys(range(min(*thrown, spread.first), max(*thrown, spread.last) + 1), 0)
    for value in thrown:
        counts[value] += 1
    reached, farthest = 0, 0.0
    for value, count in counts.items():
        reached += count
        farthest = max(farthest, abs(spread.reached(value) / spread.total - reached / THROWS))
    return farthest


NUMBING, NEEDLING, AFTERCARE = span(20, 30, 45), span(10, 20, 30), span(5, 5, 10)
DRAW, SPIN, HAND_OVER = span(4, 7, 10), span(5, 8, 15), span(1, 3, 5)
FIRST_CHANGE, REDNESS, PEAK = span(21, 42, 84), span(1, 2, 3), span(42, 84, 182)
PUBLISHED_TEXTURE = ((3, 0.6), (4, 0.2), (5, 0.2))
CLINIC_PRP = ((3, 0.25), (4, 0.25), (5, 0.25), (6, 0.25))
CLINIC_EXOSOMES = ((1, 0.5), (2, 0.5))


@pytest.mark.parametrize("s", [NUMBING, AFTERCARE, FIRST_CHANGE, PEAK, span(3, 9, 9)])
def test_a_span_is_what_the_dice_say(s: Span) -> None:
    assert farthest_apart(spread_of(s), lambda dice: throw(dice, s), 1) < SOME_LEEWAY


def test_a_clinic_visit_with_prp_is_what_the_dice_say(rulebook: Rulebook) -> None:
    steps = (DRAW, SPIN, NUMBING, HAND_OVER, NEEDLING, AFTERCARE)
    spread = course_book(rulebook).visit_spread("prp_microneedling", "one_after_another")
    assert farthest_apart(spread, lambda dice: sum(throw(dice, step) for step in steps), 2) < SOME_LEEWAY


def test_a_published_visit_with_prp_is_what_the_dice_say(rulebook: Rulebook) -> None:
    def visit(dice: random.Random) -> int:
        beside = max(throw(dice, NUMBING), throw(dice, SPIN))
        return throw(dice, DRAW) + beside + throw(dice, HAND_OVER) + throw(dice, NEEDLING) + throw(dice, AFTERCARE)

    spread = course_book(rulebook).visit_spread("prp_microneedling", "spin_during_numbing")
    assert farthest_apart(spread, visit, 3) < SOME_LEEWAY


@pytest.mark.parametrize(
    ("basis", "option_id", "shares"),
    [
        ("published", "microneedling_alone", PUBLISHED_TEXTURE),
        ("published", "exosome_microneedling", PUBLISHED_TEXTURE),
        ("clinic", "prp_microneedling", CLINIC_PRP),
        ("clinic", "exosome_microneedling", CLINIC_EXOSOMES),
    ],
)
def test_ready_and_peak_are_what_the_dice_say(
    basis: str, option_id: str, shares: tuple[tuple[int, float], ...], rulebook: Rulebook
) -> None:
    numbers, weights = [count for count, _ in shares], [share for _, share in shares]

    def last_session(dice: random.Random) -> int:
        return 28 * (dice.choices(numbers, weights)[0] - 1)

    def ready(dice: random.Random) -> int:
        return max(last_session(dice) + throw(dice, REDNESS), throw(dice, FIRST_CHANGE))

    course = course_book(rulebook).course(basis, option_id, "texture")
    assert course.ready_days is not None and course.peak_days is not None
    assert farthest_apart(course.ready_days, ready, 4) < SOME_LEEWAY
    assert farthest_apart(course.peak_days, lambda dice: last_session(dice) + throw(dice, PEAK), 5) < SOME_LEEWAY
