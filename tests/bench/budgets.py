"""Of judged clients with a budget that counts a lot or is a must: whom the model leads beyond it, though something cheaper is
open to them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from medspa_core.course.course_book import course_book
from medspa_core.course.spans import Spread
from medspa_core.rulebook import Rulebook
from medspa_core.standing import Judgement

Rows = NDArray[np.bool_]
HALF = Fraction(1, 2)


def cost_counts(found: Judgement, rulebook: Rulebook) -> Rows:
    """A concern, a budget in money, and its cost counts a lot or is a must."""
    weight = found.fit.weights[list(rulebook.criteria).index("cost")]
    rows: Rows = (weight >= rulebook.model.weights["lot"]) & (found.table["budget"] > 0) & (found.table["concern"] > 0)
    return rows


def led_beyond(found: Judgement, rulebook: Rulebook, option_id: str, times: float) -> Rows:
    """Led to this option at more than so many times the budget, while one whose usual course costs less is open."""
    costs, option = usual_costs(found, rulebook), rulebook.ranked.index(option_id)
    cheaper = ((costs < costs[option]) & ~found.excluded).any(axis=0)
    beyond = costs[option] > times * np.maximum(found.table["budget"], 1)
    rows: Rows = cost_counts(found, rulebook) & (found.best == option) & beyond & cheaper
    return rows


def usual_costs(found: Judgement, rulebook: Rulebook) -> NDArray[np.int64]:
    """(options x rows): what the usual course of each client's concern costs, as considered."""
    book = course_book(rulebook)
    table = [
        [0, *(_usual_cost(book.course("considered", option_id, concern).course_cost) for concern in rulebook.concerns)]
        for option_id in rulebook.ranked
    ]
    return np.array(table)[:, found.table["concern"]]


def _usual_cost(cost: Spread | None) -> int:
    assert cost is not None
    return cost.quantile(HALF)
