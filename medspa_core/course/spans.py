"""Exact distributions on whole days or minutes: sums are convolutions, "whichever is later" is the product of CDFs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import accumulate, pairwise
from math import gcd, lcm
from typing import Any

from medspa_core.rulebook.schema.entries import WHOLE, Span

BILLION = 10**9  # MODEL section 2: a half is rounded up, and what lies a billionth or less below it


@dataclass(frozen=True)
class Spread:
    """A distribution on whole numbers: `weights[i]` is the weight of `first + i`. Weights are whole, so nothing rounds."""

    first: int
    weights: tuple[int, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.weights) - 1

    @property
    def total(self) -> int:
        return sum(self.weights)

    def reached(self, number: int) -> int:
        """The weight of value <= number; of the total it is the chance."""
        return sum(self.weights[: max(0, number - self.first + 1)])

    def quantile(self, share: Fraction) -> int:
        """The smallest value that is reached with at least this chance."""
        enough, parts = share.numerator * self.total, share.denominator
        for index, reached in enumerate(accumulate(self.weights)):
            if reached * parts >= enough:
                return self.first + index
        return self.last

    def thousandths(self, size: int) -> list[int]:
        """P(value <= k) for k = 0 .. size - 1, rounded half up to thousandths."""
        total = self.total
        reached = [0] * self.first + list(accumulate(self.weights))
        padded = reached[:size] + [total] * max(0, size - len(reached))
        return [rounded(part, total) for part in padded]

    def graded(self, size: int) -> list[int]:
        """The mean of g(value, k) for k = 0 .. size - 1, in thousandths: 1 within the limit k, k / (2 x value) beyond it."""
        split = self.split_at_limits(size)
        parts = zip(split.within, split.beyond, strict=True)
        return [rounded(within + limit * beyond, split.whole) for limit, (within, beyond) in enumerate(parts)]

    def split_at_limits(self, size: int) -> Split:
        """What graded limits of 0 .. size - 1 are made of."""
        scale = lcm(*(2 * value for value in range(max(1, self.first), self.last + 1)))
        within, beyond = 0, sum(scale * weight // (2 * value) for value, weight in self._items() if value)
        found = []
        for limit in range(size):
            weight = self.weights[limit - self.first] if self.first <= limit <= self.last else 0
            within += scale * weight
            beyond -= scale * weight // (2 * limit) if limit else 0
            found.append((within, beyond))
        divisor = gcd(scale * self.total, *(number for pair in found for number in pair))
        parts = [tuple(number // divisor for number in side) for side in zip(*found, strict=True)]
        return Split(scale * self.total // divisor, *parts)

    def _items(self) -> Iterator[tuple[int, int]]:
        return enumerate(self.weights, start=self.first)


@dataclass(frozen=True)
class Split:
    """A distribution cut in two at each limit k: `within[k] / whole` is P(value <= k), and `beyond[k] / whole` the mean of
    1 / (2 x value) over the values above k, 0 for the rest."""

    whole: int
    within: tuple[int, ...]
    beyond: tuple[int, ...]


def rounded(part: int, whole: int) -> int:
    """floor(1000 x + 1/2 + 1/BILLION) of x = part / whole, in whole numbers."""
    found: int = (2 * WHOLE * part + half_and_a_billionth(whole)) // (2 * whole)
    return found


def half_and_a_billionth(whole: Any) -> Any:
    """What is added before dividing by 2 x `whole`, so that rounding down rounds as MODEL section 2 says."""
    return whole + 2 * whole // BILLION


def spread_of(span: Span) -> Spread:
    """MODEL section 1: weights rise evenly from low to typical and fall evenly to high."""
    up, down = span.typical - span.low + 1, span.high + 1 - span.typical
    rising = [(k - span.low + 1) * down for k in range(span.low, span.typical + 1)]
    falling = [(span.high + 1 - k) * up for k in range(span.typical + 1, span.high + 1)]
    return _reduced(span.low, rising + falling)


def exactly(number: int) -> Spread:
    """A number that is sure."""
    return Spread(number, (1,))


def shared_out(shares: Mapping[int, Decimal | Fraction]) -> Spread:
    """A distribution given as shares that add up to 1."""
    parts = {number: Fraction(share) for number, share in shares.items() if share}
    return mixture([(share, exactly(number)) for number, share in sorted(parts.items())])


def summed(spreads: list[Spread]) -> Spread:
    """One after another: the sum of independent times."""
    return reduce(_plus, spreads, exactly(0))


def later_of(one: Spread, other: Spread) -> Spread:
    """Side by side: whichever of two independent times is later."""
    first, last = max(one.first, other.first), max(one.last, other.last)
    reached = [one.reached(k) * other.reached(k) for k in range(first - 1, last + 1)]
    return _reduced(first, [after - before for before, after in pairwise(reached)])


def mixture(parts: list[tuple[Fraction, Spread]]) -> Spread:
    """Each spread with its share of the whole; shares add up to 1."""
    kept = [(share, spread) for share, spread in parts if share]
    scale = lcm(*(share.denominator * spread.total for share, spread in kept))
    first = min(spread.first for _, spread in kept)
    weights = [0] * (max(spread.last for _, spread in kept) - first + 1)
    for share, spread in kept:
        factor = int(share * scale / spread.total)
        for index, weight in enumerate(spread.weights):
            weights[spread.first - first + index] += weight * factor
    return _reduced(first, weights)


def _plus(one: Spread, other: Spread) -> Spread:
    weights = [0] * (len(one.weights) + len(other.weights) - 1)
    for i, a in enumerate(one.weights):
        for j, b in enumerate(other.weights):
            weights[i + j] += a * b
    return _reduced(one.first + other.first, weights)


def _reduced(first: int, weights: list[int]) -> Spread:
    divisor = gcd(*weights)
    return Spread(first, tuple(weight // divisor for weight in weights))
