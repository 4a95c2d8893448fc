"""Uncertain whole numbers (days, minutes, sessions, money) as exact distributions: a dict from value to Fraction."""

from fractions import Fraction

ZERO = Fraction(0)


def span(low, typical, high):
    """A triangle on whole numbers: rising to the typical value, falling after it."""
    weights = {}
    for k in range(low, high + 1):
        if k <= typical:
            weights[k] = Fraction(k - low + 1, typical - low + 1)
        else:
            weights[k] = Fraction(high + 1 - k, high + 1 - typical)
    total = sum(weights.values())
    return {k: weight / total for k, weight in weights.items()}


def shares(table):
    """Session counts as the director set them: {3: "0.6", 4: "0.4"}."""
    result = {k: Fraction(share) for k, share in table.items()}
    assert sum(result.values()) == 1
    return result


def plus(first, second):
    """One after the other: every pair of values, added up."""
    result = {}
    for a, chance_a in first.items():
        for b, chance_b in second.items():
            result[a + b] = result.get(a + b, ZERO) + chance_a * chance_b
    return result


def one_after_another(parts):
    """The sum of any number of independent parts."""
    result = {0: Fraction(1)}
    for part in parts:
        result = plus(result, part)
    return result


def later_of(first, second):
    """Both must be over: the chance of being over by k is the product of the two chances."""
    result = {}
    before = ZERO
    for k in sorted(set(first) | set(second)):
        now = chance_at_most(first, k) * chance_at_most(second, k)
        if now != before:
            result[k] = now - before
        before = now
    return result


def times(distribution, factor):
    """Every value multiplied: sessions into money, gaps into days."""
    return {k * factor: chance for k, chance in distribution.items()}


def shifted(distribution, by):
    """Every value moved by a fixed number."""
    return {k + by: chance for k, chance in distribution.items()}


def chance_at_most(distribution, limit):
    """P(value <= limit), exactly."""
    return sum((chance for k, chance in distribution.items() if k <= limit), ZERO)


def mean(distribution, worth):
    """The mean of what each value is worth, exactly."""
    return sum((chance * worth(k) for k, chance in distribution.items()), ZERO)


def quantile(distribution, share):
    """The smallest value that is reached with at least this chance."""
    reached = ZERO
    for k in sorted(distribution):
        reached += distribution[k]
        if reached >= share:
            return k
    raise AssertionError("the chances of a distribution add up to 1")


def low_typical_high(distribution):
    """What a page shows of a distribution: its p10, p50 and p90."""
    tenths = {"low": 1, "typical": 5, "high": 9}
    return {name: quantile(distribution, Fraction(tenth, 10)) for name, tenth in tenths.items()}


NEARLY_HALF = Fraction(1, 10**9)


def thousandths(share):
    """A chance or a mean as a whole number of thousandths; halves upwards, and what is a billionth short of one too."""
    return (1000 * share + Fraction(1, 2) + NEARLY_HALF).__floor__()
