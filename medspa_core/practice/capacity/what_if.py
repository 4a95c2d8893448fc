"""If one in so many moved from one treatment to another: the same courses on the same days, reckoned with the other one.

Arithmetic and no forecast: nobody is asked whether they would come, and nothing else changes. A course that is under way keeps
its visits; one that begins has as many as the rulebook's courses of the other treatment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from medspa_core.practice.capacity.assumptions import Assumptions
from medspa_core.practice.capacity.need import chance_in, mean_of, visit_minutes
from medspa_core.practice.capacity.periods import Period
from medspa_core.practice.capacity.plans import CoursesAlike, Plans, interval, visits_in_all
from medspa_core.practice.facts_table import FactsTable
from medspa_core.records.schema import MINUTES_OF
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Move:
    """What the moved visits take and bring: as the first treatment, and as the other. Minutes by resource, money in whole units.

    `product_cost`: of one visit of each; None where nothing is recorded.
    """

    visits: tuple[float, float]
    minutes: Mapping[str, tuple[float, float]]
    revenue: tuple[float, float]
    product_cost: tuple[float, float] | None


def move(
    plans: Plans,
    periods: Sequence[Period],
    ways: tuple[str, str],
    share: float,
    book: Rulebook,
    assumptions: Assumptions,
    cost_of_a_visit: Mapping[str, float],
) -> Move:
    """`ways`: from which treatment to which; `share`: of its courses, those that move."""
    whole = Period("", periods[0].first, periods[-1].last)
    booked = sum(one.number for one in plans.booked if one.option == ways[0] and one.day in whole)
    courses = [one for one in plans.courses if one.option == ways[0]]
    before, after = (
        share * (booked + sum(_expected(_as(one, way), whole, book, assumptions) for one in courses)) for way in ways
    )
    visits = (before, after)
    minutes = [{one: mean_of(spread) for one, spread in visit_minutes(book, way).items()} for way in ways]
    prices = [book.clinic.prices[way].amount for way in ways]
    known = all(way in cost_of_a_visit for way in ways)
    return Move(
        visits,
        {one: (visits[0] * minutes[0][one], visits[1] * minutes[1][one]) for one in MINUTES_OF},
        (visits[0] * prices[0], visits[1] * prices[1]),
        (visits[0] * cost_of_a_visit[ways[0]], visits[1] * cost_of_a_visit[ways[1]]) if known else None,
    )


def _as(course: CoursesAlike, option: str) -> CoursesAlike:
    return course if course.done else replace(course, option=option)


def _expected(course: CoursesAlike, whole: Period, book: Rulebook, assumptions: Assumptions) -> float:
    """Visits of such courses in the period, on average."""
    return course.number * sum(
        share * chance_in(whole, course.due + further * interval(book), assumptions)
        for in_all, share in visits_in_all(course, book).items()
        for further in range(in_all - course.done)
    )


def product_cost_of_a_visit(table: FactsTable, *, invented: bool) -> Mapping[str, float]:
    """Option -> the mean product cost recorded with a payment or a redemption, in whole units; without those that have none."""
    found = table.frame(_PRODUCT_COST, {"invented": invented})
    costs: pd.Series = found.set_index("option")["cost"]
    return {str(option): float(cost) for option, cost in costs.items()}


_PRODUCT_COST = """
SELECT option, avg(product_cost) AS cost FROM facts
WHERE kind = 'sale' AND demo = $invented AND what IN ('payment', 'redemption') AND product_cost IS NOT NULL AND option IS NOT NULL
GROUP BY option
"""
