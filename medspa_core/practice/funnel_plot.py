"""Who differs from the whole by more than chance: the limits of a funnel plot, and what it could not have found.

Limits are those of the binomial distribution itself, with interpolation between counts: D. J. Spiegelhalter, Funnel plots for
comparing institutional performance, Statistics in Medicine 24 (2005) 1185-1202, appendix A.1. His upper limit lets a count
stand outside that comes more often than that; here it is the lower one in a mirror, so beyond neither lies more than is said.

Where groups differ from one another anyway, by more than chance and not because of one of them, limits are wider by that spread:
an additive random effect estimated from winsorised z-scores. D. J. Spiegelhalter, Handling over-dispersion of performance
indicators, Quality and Safety in Health Care 14 (2005) 347-351; Spiegelhalter and others, Statistical methods for healthcare
regulation, Journal of the Royal Statistical Society A 175 (2012) 1-47. It is reckoned on the arcsine of a share's root, on which
chance alone goes equally far for every share.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from medspa_core.practice.chance import Z_95, Z_998

TAILS = {"95": 0.025, "998": 0.001}
"""The limits that hold 95 and 99.8 of 100, and how much lies beyond each end of them."""
_Z = {"95": Z_95, "998": Z_998}
WINSORISED = 0.1
"""Of the z-scores so many at each end count as the next one in."""
FEWEST_GROUPS = 4
"""Of fewer groups nobody can tell whether they are spread, or one of them stands out: of three winsorising leaves the middle."""
POWER = 0.8
"""A difference that would show is found so often."""
POINTS_OF_A_LINE = 80
TINY = 1e-9
"""A count that lies on a limit is not beyond it, though both are rounded."""

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Groups around the share of all of them together.

    `groups`: as they came, with low_95, high_95, low_998, high_998, `mark` (too_few, inside, between, outside), and the smallest
    differences that would be found four times of five, would_show_fewer and would_show_more (missing: none would).
    `lines`: the limits by `of`, from 1 to the largest group. `dispersion`: how far groups are spread, 1 as far as chance goes.
    `spread`: by what the limits are wider; 0: they are not.
    """

    whole: float
    groups: pd.DataFrame
    lines: pd.DataFrame
    dispersion: float
    spread: float


def funnel(groups: pd.DataFrame) -> Funnel:
    """`groups`: one row each, with value, of, and share, which is missing where there are too few for one. Somebody is in one."""
    value, of = (groups[name].astype(float) for name in ("value", "of"))
    whole = float(value.sum() / of.sum())
    enough = groups["share"].notna()
    dispersion, spread = spread_of(value[enough], of[enough], whole)
    found = groups.join(limits(of, whole, spread))
    rows = found.to_dict("records")
    shows = [_would_show(int(row["of"]), whole, row["low_998"], row["high_998"]) for row in rows]
    lines = pd.Series(np.unique(np.geomspace(1, max(1.0, of.max()), POINTS_OF_A_LINE).round()), name="of")
    return Funnel(
        whole,
        found.assign(
            mark=[_mark(row) for row in rows],
            would_show_fewer=[one for one, _ in shows],
            would_show_more=[one for _, one in shows],
        ),
        pd.DataFrame(lines).join(limits(lines, whole, spread)),
        dispersion,
        spread,
    )


def limits(of: pd.Series, whole: float, spread: float = 0.0) -> pd.DataFrame:
    """low_95, high_95, low_998, high_998 for groups of these sizes."""
    every = {}
    for name, tail in TAILS.items():
        low, mirrored = (
            np.array([exact_limit(int(number), share, tail) if number else math.nan for number in of])
            for share in (whole, 1 - whole)
        )
        every[f"low_{name}"] = _wider(low, whole, -_Z[name] * spread)
        every[f"high_{name}"] = _wider(1 - mirrored, whole, _Z[name] * spread)
    return pd.DataFrame(every, index=of.index)


def exact_limit(of: int, whole: float, below: float) -> float:
    """The share below which no more than so much of what chance does lies, between two counts by interpolation."""
    if not 0 < whole < 1:
        return whole
    first, chances = _chances(of, whole)
    reached = np.cumsum(chances)
    place = int(np.searchsorted(reached, below, side="right"))
    past = (reached[place] - below) / chances[place]
    return float(np.clip((first + place - past) / of, 0, 1))


def spread_of(value: pd.Series, of: pd.Series, whole: float) -> tuple[float, float]:
    """How far the groups are spread in all (1: as chance alone would), and how far beside chance (0: not)."""
    number = len(of)
    if number < FEWEST_GROUPS or not 0 < whole < 1:
        return 1.0, 0.0
    error = 1 / (2 * np.sqrt(of.to_numpy()))
    scores = (_angle((value / of).to_numpy()) - _angle(np.array(whole))) / error
    ends = np.quantile(scores, [WINSORISED], method="higher"), np.quantile(scores, [1 - WINSORISED], method="lower")
    dispersion = float((np.clip(scores, *ends) ** 2).mean())
    weights = error**-2
    beside = (number * dispersion - (number - 1)) / (weights.sum() - (weights**2).sum() / weights.sum())
    return dispersion, math.sqrt(max(0.0, float(beside)))


def _angle(share: Reals) -> Reals:
    return np.arcsin(np.sqrt(share))


def _wider(limit: Reals, whole: float, reach: float) -> Reals:
    """The limit, further out by what lies beside chance: as with errors, squares add up. Without any it stays as it is."""
    if not reach:
        return limit
    middle = _angle(np.array(whole))
    far = middle + math.copysign(1, reach) * np.hypot(_angle(limit) - middle, reach)
    return np.sin(np.clip(far, 0, math.pi / 2)) ** 2


def _mark(row: Mapping[Hashable, float]) -> str:
    if pd.isna(row["share"]):
        return "too_few"
    for name, mark in (("998", "outside"), ("95", "between")):
        if not row[f"low_{name}"] - TINY <= row["share"] <= row[f"high_{name}"] + TINY:
            return mark
    return "inside"


def _would_show(of: int, whole: float, low: float, high: float) -> tuple[float, float]:
    """How far below and above the whole a group of this size has to be, to be found outside the outer limits."""
    if not of:
        return math.nan, math.nan
    return whole - (1 - _found_from(of, 1 - low)), _found_from(of, high) - whole


def _found_from(of: int, limit: float) -> float:
    """The smallest true share of which a count beyond the limit comes four times of five; missing where none lies beyond it."""
    least = math.floor(of * limit + TINY) + 1
    if least > of:
        return math.nan
    low, high = limit, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _at_least(least, of, middle) >= POWER else (middle, high)
    return high


def _at_least(count: int, of: int, share: float) -> float:
    if not 0 < share < 1:
        return float(share == 1)
    first, chances = _chances(of, share)
    return float(chances[max(0, count - first) :].sum())


def _chances(of: int, share: float) -> tuple[int, Reals]:
    """How likely each count is, and the count of the first. Those left out are so far off that no sum changes."""
    middle, reach = of * share, 20 + 9 * math.sqrt(of * share * (1 - share))
    first, last = max(0, int(middle - reach)), min(of, int(middle + reach) + 1)
    before = np.arange(first, last, dtype=float)
    steps = np.log((of - before) / (before + 1)) + math.log(share / (1 - share))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    chances = np.exp(logs - logs.max())
    return first, chances / chances.sum()
