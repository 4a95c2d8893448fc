"""The rulebook's numbers that a course is made of, and what happens to them when one of them is changed by a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from medspa_core.rulebook import OWN_BASES, Rulebook
from medspa_core.rulebook.schema.entries import Span

SharesKey = tuple[str, str, str]  # basis, option, concern ("" where it does not depend on the concern)
MOST_SESSIONS = 6
Shares = Mapping[int, Fraction]


@dataclass(frozen=True)
class Numbers:
    """Session shares, prices of a session and minutes of a step: the numbers a flip may change."""

    shares: Mapping[SharesKey, Shares]
    prices: Mapping[str, int]
    minutes: Mapping[str, Span]


@dataclass(frozen=True)
class Variant:
    """One number of the rulebook changed by a step. `number` names it, `side` says up or down (of sessions: to which
    number); `concern` and `basis` are "" when it counts for all."""

    number: str
    before: Any
    after: Any
    distance: float  # steps away, the nearest first
    side: int
    basis: str
    concern: str
    numbers: Numbers


def shipped_numbers(rulebook: Rulebook) -> Numbers:
    """The rulebook's own numbers. Where the practice says nothing of its own, its sessions are as published."""
    shares: dict[SharesKey, Shares] = {}
    for option_id in rulebook.ranked:
        sessions = rulebook.options[option_id].sessions
        assert sessions is not None  # checked when the rulebook was loaded
        for concern, published in sessions.published.items():
            shares["published", option_id, concern] = _exact(published.shares)
            if sessions.clinic is None:
                shares["clinic", option_id, concern] = _exact(published.shares)
        if sessions.clinic is not None:
            shares["clinic", option_id, ""] = _exact(sessions.clinic.shares)
    return Numbers(
        shares=shares,
        prices={option_id: rulebook.clinic.prices[option_id].amount for option_id in rulebook.ranked},
        minutes={step_id: step.minutes for step_id, step in rulebook.protocol.steps.items()},
    )


@lru_cache(maxsize=8)
def variants_of(rulebook: Rulebook) -> tuple[Variant, ...]:
    """Every single change of a share, a price or a step's minutes that flips try, in a fixed order."""
    base = shipped_numbers(rulebook)
    return (*_prices(base, rulebook), *_minutes(base, rulebook), *_shares(base, rulebook))


def _exact(shares: Mapping[int, Decimal]) -> Shares:
    return {count: Fraction(share) for count, share in sorted(shares.items())}


def _prices(base: Numbers, rulebook: Rulebook) -> Iterator[Variant]:
    for option_id, price in base.prices.items():
        for distance, step in enumerate(rulebook.flips.rulebook.price_steps, start=1):
            for sign in (1, -1):
                changed = int(price * (1 + sign * step) + Decimal("0.5"))
                numbers = replace(base, prices={**base.prices, option_id: changed})
                yield Variant(f"price.{option_id}", price, changed, distance, sign, "", "", numbers)


def _minutes(base: Numbers, rulebook: Rulebook) -> Iterator[Variant]:
    for step_id, span in base.minutes.items():
        for distance, step in enumerate(rulebook.flips.rulebook.minute_steps, start=1):
            for sign in (1, -1):
                shift = sign * step
                if span.low + shift >= 0:
                    moved = Span(low=span.low + shift, typical=span.typical + shift, high=span.high + shift)
                    numbers = replace(base, minutes={**base.minutes, step_id: moved})
                    yield Variant(f"minutes.{step_id}", span.typical, moved.typical, distance, sign, "", "", numbers)


def _shares(base: Numbers, rulebook: Rulebook) -> Iterator[Variant]:
    """A step of all courses is moved to one number of sessions; the rest keep their proportions."""
    for basis in OWN_BASES:
        for (of_basis, option_id, concern), shares in base.shares.items():
            if of_basis != basis or (basis == "clinic" and concern):
                continue
            for count in range(1, MOST_SESSIONS + 1):
                for distance, step in enumerate(rulebook.flips.rulebook.share_steps, start=1):
                    changed = _moved(shares, count, Fraction(step))
                    if changed != shares:
                        numbers = replace(base, shares={**base.shares, (basis, option_id, concern): changed})
                        name = f"sessions.{basis}.{option_id}"
                        yield Variant(name, _told(shares), _told(changed), distance, count, basis, concern, numbers)


def _moved(shares: Shares, count: int, step: Fraction) -> Shares:
    moved = {number: share * (1 - step) for number, share in shares.items()}
    moved[count] = moved.get(count, Fraction(0)) + step
    return {number: share for number, share in sorted(moved.items()) if share}


def _told(shares: Shares) -> dict[str, float]:
    return {str(number): float(share) for number, share in shares.items()}
