"""Exact distributions on whole days or minutes: sums are convolutions, "whichever is later" is the product of CDFs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import accumulate, pairwise
from math import gcd, lcm

from medspa_core.rulebook.schema import Span

WHOLE = 1000  # chances are told in thousandths


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

    def chance_at_most(self, number: int) -> Fraction:
        """P(value <= number), exact."""
        return Fraction(sum(self.weights[: max(0, number - self.first + 1)]), self.total)

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
        return [(2 * WHOLE * part + total) // (2 * total) for part in padded]


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
    reached = [_reached(one, k) * _reached(other, k) for k in range(first - 1, last + 1)]
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


def _reached(spread: Spread, number: int) -> int:
    return sum(spread.weights[: max(0, number - spread.first + 1)])


def _reduced(first: int, weights: list[int]) -> Spread:
    divisor = gcd(*weights)
    return Spread(first, tuple(weight // divisor for weight in weights))
