"""How many minutes of chair, provider, draw and centrifuge a week or month needs, as an exact distribution.

A visit takes place in the period with a chance, and its minutes are a distribution too; visits of one course hang together by
how many it has in all, courses are independent of each other. The distribution of the sum is the convolution of theirs, computed
as the product of their Fourier transforms. No normal curve stands in for it, however many there are: the transform is as long as
the longest sum, or as the stretch that by Bernstein's inequality holds all but a billionth of a thousandth of them.

What is in the book is certain, with its planned minutes; a planned visit that is not is sometimes a week late, by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from math import ceil, floor, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.course.course_book import course_book, plan_of
from medspa_core.course.spans import Spread, spread_of, summed
from medspa_core.practice.capacity.assumptions import Assumptions
from medspa_core.practice.capacity.periods import Period
from medspa_core.practice.capacity.plans import CoursesAlike, Plans, interval, visits_in_all
from medspa_core.rulebook import CLINIC, Rulebook

Chances = NDArray[np.float64]
"""The chance of 0, 1, 2, ... minutes."""
AlikeHere = tuple[str, tuple[tuple[float, tuple[float, ...]], ...]]
"""An option, and the ways that one of its courses may go: how often, and the chance of each of its visits to be here."""
SURE: tuple[tuple[float, tuple[float, ...]], ...] = ((1.0, (1.0,)),)
"""One visit, for certain."""
TINY, LEFT_OUT = 1e-9, 1e-12


@dataclass(frozen=True, slots=True)
class Need:
    """Minutes that a period needs: what is in the book already, and the whole with its low end, middle and high end."""

    booked: float
    low: int
    middle: int
    high: int


class Needs:
    """What is ahead, as minutes of any period."""

    def __init__(self, plans: Plans, book: Rulebook, assumptions: Assumptions) -> None:
        self.plans, self.book, self.assumptions = plans, book, assumptions
        alike = Counter[CoursesAlike]()
        for one in plans.courses:
            alike[replace(one, location=None, number=1)] += one.number
        self._ahead = [_ahead(course, number, book) for course, number in alike.items()]
        self._by_day: dict[date, list[int]] = {}
        for place, ahead in enumerate(self._ahead):
            for day in ahead.days:
                self._by_day.setdefault(day, []).append(place)
        self._found: dict[Period, Counter[AlikeHere]] = {}

    def of(self, period: Period, resource: str) -> Need:
        """The band and the middle of one resource's minutes."""
        first, chances = self.distribution(period, resource)
        reached, rest = np.cumsum(chances), (1 - float(self.assumptions.band)) / 2
        low, middle, high = (first + int(np.searchsorted(reached, share - TINY)) for share in (rest, 0.5, 1 - rest))
        return Need(self._in_the_book(period, resource), low, middle, high)

    def distribution(self, period: Period, resource: str) -> tuple[int, Chances]:
        """Minutes from so many on, and the chance of so many, one more, two more, ..."""
        parts = self._parts(period, resource)
        minutes = {option: visit_minutes(self.book, option)[resource] for option in self.book.ranked}
        first, size = _stretch(parts, minutes)
        visits = {option: np.fft.rfft(_as_chances(spread), size) for option, spread in minutes.items()}
        whole = np.ones(size // 2 + 1, dtype=complex)
        for key, number in parts.items():
            whole *= _of_a_course(key, visits[key[0]]) ** number
        chances = np.clip(np.fft.irfft(whole, size), 0, None) if size > 1 else np.ones(1)
        known = sum(one.known[resource] for one in self.plans.booked if one.day in period)
        return known + first, np.roll(chances, -first) / chances.sum()

    def _in_the_book(self, period: Period, resource: str) -> float:
        """What was noted without minutes counts as its treatment takes on average."""
        booked = [one for one in self.plans.booked if one.day in period]
        unknown = sum(
            one.unknown[resource] * mean_of(visit_minutes(self.book, one.option)[resource])
            for one in booked
            if one.option is not None and one.unknown[resource]
        )
        return sum(one.known[resource] for one in booked) + unknown

    def _parts(self, period: Period, resource: str) -> Counter[AlikeHere]:
        """What may be in the period and takes minutes that are not certain: so many of each that are the same there."""
        found = Counter(self._courses(period))
        for one in self.plans.booked:
            if one.option is not None and one.unknown[resource] and one.day in period:
                found[one.option, SURE] += one.unknown[resource]
        return found

    def _courses(self, period: Period) -> Counter[AlikeHere]:
        """The courses with a visit that may be in the period; found once for all resources."""
        if period not in self._found:
            self._found[period] = Counter()
            since = period.first - timedelta(days=self.assumptions.slip_days)
            days = [since + timedelta(days=place) for place in range((period.last - since).days + 1)]
            for place in sorted({place for day in days for place in self._by_day.get(day, ())}):
                self._found[period][_here(self._ahead[place], period, self.assumptions)] += self._ahead[place].number
        return self._found[period]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """So many courses alike: how many further visits they may have, how often, and the days these are planned for."""

    option: str
    further: tuple[tuple[int, float], ...]
    days: tuple[date, ...]
    number: int


def _ahead(course: CoursesAlike, number: int, book: Rulebook) -> _Ahead:
    further = tuple((in_all - course.done, share) for in_all, share in visits_in_all(course, book).items())
    most = max(visits for visits, _ in further)
    days = tuple(course.due + place * interval(book) for place in range(most))
    return _Ahead(course.option, further, days, number)


def _here(ahead: _Ahead, period: Period, assumptions: Assumptions) -> AlikeHere:
    """The ways that such a course may go in the period; those that are the same there are one."""
    every = [chance_in(period, day, assumptions) for day in ahead.days]
    ways: dict[tuple[float, ...], float] = {}
    for visits, share in ahead.further:
        chances = tuple(chance for chance in every[:visits] if chance)
        ways[chances] = ways.get(chances, 0.0) + share
    return ahead.option, tuple((share, chances) for chances, share in ways.items())


def chance_in(period: Period, day: date, assumptions: Assumptions) -> float:
    """The chance that a visit planned for this day takes place in the period."""
    slips, late = float(assumptions.slips), day + timedelta(days=assumptions.slip_days)
    return (1 - slips) * (day in period) + slips * (late in period)


def _stretch(parts: Mapping[AlikeHere, int], minutes: Mapping[str, Spread]) -> tuple[int, int]:
    """From where on, and how far, the transform has to reach: over every sum there can be, or over the stretch round the mean
    that Bernstein's inequality says all but `LEFT_OUT` of them lie in, whichever is shorter."""
    longest = mean = variance = most = 0.0
    for key, number in parts.items():
        last = minutes[key[0]].last * max(len(chances) for _, chances in key[1])
        of_one = _moments_of_a_course(key, *_moments(minutes[key[0]]))
        longest, most = longest + number * last, max(most, last)
        mean, variance = mean + number * of_one[0], variance + number * of_one[1]
    far = log(2 / LEFT_OUT)
    reach = ceil(far * most / 3 + sqrt((far * most / 3) ** 2 + 2 * far * variance))
    first, length = (0, int(longest)) if longest <= 2 * reach else (max(0, floor(mean) - reach), 2 * reach + 1)
    return first, 1 << length.bit_length()


def _moments_of_a_course(key: AlikeHere, mean: float, variance: float) -> tuple[float, float]:
    """Mean and variance of one course's minutes in the period, from those of one visit."""
    first = second = 0.0
    for share, chances in key[1]:
        here = sum(chances) * mean
        first += share * here
        second += share * (here**2 + sum(chance * (variance + (1 - chance) * mean**2) for chance in chances))
    return first, second - first**2


def _of_a_course(key: AlikeHere, visit: NDArray[Any]) -> NDArray[Any]:
    """The transform of one course's minutes in the period; `visit`: that of one visit's."""
    whole = np.zeros_like(visit)
    for share, chances in key[1]:
        of_so_many = np.full_like(visit, share)
        for chance in chances:
            of_so_many *= 1 + chance * (visit - 1)
        whole += of_so_many
    return whole


@lru_cache(maxsize=64)
def visit_minutes(book: Rulebook, option: str) -> Mapping[str, Spread]:
    """What one visit takes of each resource, as this clinic runs it: the chair for all of its steps, the rest as each step
    occupies it."""
    plan = plan_of(CLINIC, book.clinic.spin_during_numbing)
    visit = book.options[option].visit
    assert visit is not None  # it is ranked
    parts = [(part,) if isinstance(part, str) else part for part in getattr(visit, plan)]
    steps = [book.protocol.steps[step] for part in parts for step in part]
    return {
        "chair": course_book(book).visit_spread(option, plan),
        "provider": summed([spread_of(one.minutes) for one in steps if "provider" in one.occupies]),
        "draw": summed([spread_of(one.minutes) for one in steps if one.licence == "draw"]),
        "spin": summed([spread_of(one.minutes) for one in steps if "centrifuge" in one.occupies]),
    }


def mean_of(spread: Spread) -> float:
    """The mean of a distribution."""
    return _moments(spread)[0]


def _moments(spread: Spread) -> tuple[float, float]:
    """Mean and variance."""
    chances = _as_chances(spread)
    values = np.arange(chances.size)
    mean = float(values @ chances)
    return mean, float((values - mean) ** 2 @ chances)


def _as_chances(spread: Spread) -> Chances:
    weights = np.array([weight / spread.total for weight in spread.weights])
    return np.concatenate([np.zeros(spread.first), weights])
