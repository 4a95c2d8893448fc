"""How far chance alone goes: intervals of shares and of sums over sums, two periods, two groups, one group against all others.

Nothing here knows what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Z_95, Z_998 = 1.959963984540054, 3.090232306167813
"""How many standard deviations either side hold 95 and 99.8 of 100."""
Z_POWER = 0.8416212335729143
"""So far beyond the limit lies what would be found four times of five."""

DRAWS, FEWEST_PARTS = 1000, 8
SEED = 20261130

Counted = tuple[int, int]
"""How many, and of how many."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One share or rate less another, with the low and high end that chance leaves it."""

    points: float
    low: float
    high: float

    @property
    def more_than_chance(self) -> bool:
        """No difference is out of reach."""
        return self.low > 0 or self.high < 0


def wilson(share: pd.Series, of: pd.Series, z: float = Z_95) -> tuple[pd.Series, pd.Series]:
    """Low and high end of a share's interval by Wilson's score method, which stays between 0 and 1 for small counts too.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    part, whole = (one.to_numpy(dtype=float, na_value=np.nan) for one in (share, of))
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (part + z**2 / (2 * whole)) / (1 + z**2 / whole)
        reach = z / (1 + z**2 / whole) * np.sqrt(part * (1 - part) / whole + z**2 / (4 * whole**2))
    low = np.where(
        part == 0, 0, (middle - reach).clip(0, 1)
    )  # exactly, also where a computer's fractions miss it by a hair
    high = np.where(part == 1, 1, (middle + reach).clip(0, 1))
    kind: Any = float if isinstance(share.dtype, np.dtype) else "Float64"
    return pd.Series(low, share.index, dtype=kind), pd.Series(high, share.index, dtype=kind)


def difference(one: Counted, other: Counted, z: float = Z_95) -> Difference:
    """One share less another, by Newcombe's interval of two independent shares.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    frame = pd.DataFrame([one, other], columns=["value", "of"], dtype=float)
    share = frame["value"] / frame["of"]
    low, high = wilson(share, frame["of"], z)
    down = np.hypot(share[0] - low[0], high[1] - share[1])
    up = np.hypot(high[0] - share[0], share[1] - low[1])
    points = float(share[0] - share[1])
    return Difference(points, max(-1.0, points - float(down)), min(1.0, points + float(up)))


def against_the_rest(groups: pd.DataFrame, z: float = Z_998) -> pd.DataFrame:
    """Each group against all others together: points, low, high, more_than_chance, and the smallest difference that would show.

    `groups`: one row each, with value and of. `would_show`: in four of five such comparisons; a group of few can't be told from
    the rest by less. Empty where a group or its rest has nobody.
    """
    rest = groups[["value", "of"]].sum() - groups[["value", "of"]]
    found = [
        difference((row.value, row.of), (other.value, other.of), z) if row.of and other.of else None
        for row, other in zip(groups.itertuples(), rest.itertuples(), strict=True)
    ]
    frame = pd.DataFrame(
        [(None,) * 4 if one is None else (one.points, one.low, one.high, one.more_than_chance) for one in found],
        columns=["points", "points_low", "points_high", "more_than_chance"],
        index=groups.index,
    )
    whole = groups["value"].sum() / max(groups["of"].sum(), 1)
    spread = np.sqrt(whole * (1 - whole) * (1 / groups["of"].astype(float) + 1 / rest["of"].astype(float)))
    return groups.join(frame).assign(would_show=(z + Z_POWER) * spread.replace(np.inf, np.nan))


def ratio_draws(value: pd.Series, of: pd.Series, stream: int = 0) -> NDArray[np.float64]:
    """A sum over a sum, drawn anew 1,000 times with replacement from its parts: the same each time for the same parts.
    `stream`: another one draws by itself.

    `value`, `of`: one number each for every part, which are alike by chance (such as courses in random groups). Source: the
    bootstrap of B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 6.
    """
    drawn = _drawn(len(value), stream)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(drawn @ value.to_numpy(float) / (drawn @ of.to_numpy(float)), dtype=np.float64)


@lru_cache(maxsize=128)
def _drawn(parts: int, stream: int) -> NDArray[np.uint8]:
    """How often each of so many parts is in each draw; kept, as it takes longer than all that is reckoned with it."""
    drawn = np.random.default_rng(SEED + stream).multinomial(parts, np.full(parts, 1 / parts), size=DRAWS)
    assert drawn.max() < 256, "a part that is drawn so often does not fit"
    return drawn.astype(np.uint8)


def ratio_interval(value: pd.Series, of: pd.Series) -> tuple[float, float]:
    """Low and high end of 95 of 100 such draws; missing where a single part, or a draw of nothing, says nothing."""
    draws = ratio_draws(value, of) if len(value) >= FEWEST_PARTS else np.array([np.nan])
    if not np.isfinite(draws).all():
        return np.nan, np.nan
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def ratio_difference(one: pd.DataFrame, other: pd.DataFrame, z: float = Z_998) -> Difference | None:
    """One sum over a sum less another, each with its parts' `value` and `of`; None where they are too few to be drawn from.

    The interval is so many standard deviations of the drawn differences either side: 1,000 draws tell how far they spread, and
    not where the outermost two of a thousand lie (Efron and Tibshirani, as above, chapter 12). For fewer parts it is wider, by
    Student's distribution as it is told by Cornish and Fisher's expansion, as the spread is then itself uncertain.
    """
    if min(len(one), len(other)) < FEWEST_PARTS:
        return None
    drawn = ratio_draws(one["value"], one["of"]) - ratio_draws(other["value"], other["of"], 1)
    if not np.isfinite(drawn).all():
        return None
    free = min(len(one), len(other)) - 1
    student = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    rates = [float(parts["value"].sum() / parts["of"].sum()) for parts in (one, other)]
    points, reach = rates[0] - rates[1], student * float(drawn.std())
    return Difference(points, points - reach, points + reach)
