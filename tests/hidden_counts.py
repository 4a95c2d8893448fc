"""What an attacker can reckon of hidden counts: how far each can go, by linear programming over all that stands open."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Numbers = NDArray[np.float64]
MOST = 100_000
"""No count is thought to be above this: so a count that nothing holds has a range too, and an attacker knows a little more."""


def ranges(
    sums: Numbers, values: Numbers, truth: Numbers, goals: Numbers, is_wide: Callable[[int, float, float], bool]
) -> Iterator[tuple[int, float, float]]:
    """Of each goal (a line: which counts it adds up) the least and the most that it may be where `sums @ counts == values`.

    Whatever fits all that is open may be the truth, and tells of each goal how low or high it may at least be. So the least
    and the most themselves are solved for only where what was found for the goals before is not wide enough.
    """
    assert np.array_equal(sums @ truth, values), "what is open holds in the truth"
    lows = highs = goals @ truth
    for place, goal in enumerate(goals):
        if not is_wide(place, lows[place], highs[place]):
            for by in (1, -1):
                found = linprog(by * goal, A_eq=sums, b_eq=values, bounds=(0, MOST))
                assert found.status == 0, found.message
                told = goals @ found.x
                lows, highs = np.minimum(lows, told), np.maximum(highs, told)
        yield place, lows[place], highs[place]
