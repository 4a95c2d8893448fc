"""The course of each option: sessions, dates, minutes, redness and money as exact distributions.

They depend on the rulebook, not on the client, so they are computed once and looked up per client. Days of a course are
counted from the first session; redness from each session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

from medspa_core.course.spans import Spread, exactly, later_of, mixture, shared_out, spread_of, summed
from medspa_core.course.variants import Numbers, shipped_numbers
from medspa_core.rulebook import CONSIDERED, OWN_BASES, Rulebook
from medspa_core.rulebook.schema.offered import StepPlan

PLANS = ("one_after_another", "spin_during_numbing")


@dataclass(frozen=True)
class LowTypicalHigh:
    """p10, p50 and p90 of a result, in whole units."""

    low: int
    typical: int
    high: int


@dataclass(frozen=True)
class Course:
    """One option's course on one basis. Days from the first session; redness after each session; None is unknown."""

    sessions: Spread | None
    visit_minutes: Spread
    first_change_days: Spread
    last_session_days: Spread | None
    peak_days: Spread | None
    downtime_days: Spread
    course_cost: Spread | None
    ready_days: Spread | None


CRITERION_OF = {
    **dict.fromkeys(("sessions", "last_session_days", "peak_days"), "visits"),
    "visit_minutes": "visit_time",
    **dict.fromkeys(("first_change_days", "ready_days"), "ready_by"),
    "downtime_days": "downtime",
    "course_cost": "cost",
}
"""Part of a course -> the criterion whose credence mixes it."""


class CourseBook:
    """The courses of a rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.numbers = shipped_numbers(rulebook)

    def course(self, basis: str, option_id: str, concern: str | None, spin_during_numbing: bool = False) -> Course:
        """The course on `clinic`, `published` or `considered`, the last a mixture by the credence of each criterion."""
        if basis != CONSIDERED:
            return self._own_course(basis, option_id, concern, spin_during_numbing)
        return self._considered_course(option_id, concern, spin_during_numbing)

    def visit_spread(self, option_id: str, plan: str, numbers: Numbers | None = None) -> Spread:
        """Minutes of one visit: steps after one another add up, steps at the same time count as the later."""
        visit = self.rulebook.options[option_id].visit
        assert visit is not None
        return _visit(getattr(visit, plan), numbers or self.numbers)

    def _own_course(self, basis: str, option_id: str, concern: str | None, spin: bool) -> Course:
        option = self.rulebook.options[option_id]
        assert option.first_change and option.peak and option.redness
        shares = shares_of(self.numbers, basis, option_id, concern)
        first_change, redness = spread_of(option.first_change.days), spread_of(option.redness.days)
        minutes = self.visit_spread(option_id, plan_of(basis, spin))
        if shares is None:
            return Course(None, minutes, first_change, None, None, redness, None, None)
        price = self.numbers.prices[option_id]
        last = shared_out({self._last_session(count): share for count, share in shares.items()})
        return Course(
            sessions=shared_out(shares),
            visit_minutes=minutes,
            first_change_days=first_change,
            last_session_days=last,
            peak_days=summed([last, spread_of(option.peak.days)]),
            downtime_days=redness,
            course_cost=shared_out({count * price: share for count, share in shares.items()}),
            ready_days=mixture([(share, self.ready_after(option_id, count)) for count, share in shares.items()]),
        )

    def _considered_course(self, option_id: str, concern: str | None, spin: bool) -> Course:
        clinic, published = (self._own_course(basis, option_id, concern, spin) for basis in OWN_BASES)
        parts: dict[str, Any] = {
            part: self._mixed(criterion, getattr(clinic, part), getattr(published, part))
            for part, criterion in CRITERION_OF.items()
        }
        return Course(**parts)

    def _mixed(self, criterion: str, ours: Spread | None, theirs: Spread | None) -> Spread | None:
        credence = Fraction(self.rulebook.credences[criterion])
        if ours is None or theirs is None:
            return theirs if not credence else None
        return mixture([(credence, ours), (1 - credence, theirs)])

    def _last_session(self, sessions: int) -> int:
        return self.rulebook.protocol.interval.days * (sessions - 1)

    def ready_after(self, option_id: str, sessions: int) -> Spread:
        """Ready: the last redness is gone, and the first change has come."""
        option = self.rulebook.options[option_id]
        assert option.first_change and option.redness
        calm = summed([exactly(self._last_session(sessions)), spread_of(option.redness.days)])
        return later_of(calm, spread_of(option.first_change.days))


@lru_cache(maxsize=8)
def course_book(rulebook: Rulebook) -> CourseBook:
    """The courses of a rulebook; made once."""
    return CourseBook(rulebook)


def shares_of(numbers: Numbers, basis: str, option_id: str, concern: str | None) -> Mapping[int, Fraction] | None:
    """Shares of courses by sessions; None where they depend on a concern the client has not named."""
    for_all = numbers.shares.get((basis, option_id, ""))
    return for_all if for_all is not None else numbers.shares.get((basis, option_id, concern or "?"))


def plan_of(basis: str, spin_during_numbing: bool) -> str:
    """How a visit runs: the studies' way, or the clinic's own."""
    return PLANS[1] if basis == "published" or spin_during_numbing else PLANS[0]


def low_typical_high(spread: Spread, rulebook: Rulebook) -> LowTypicalHigh:
    """A result's p10, p50 and p90: the smallest value reached with that chance."""
    rules = rulebook.model.course
    shares = (rules.low_quantile, rules.typical_quantile, rules.high_quantile)
    return LowTypicalHigh(*(spread.quantile(Fraction(share)) for share in shares))


def days_to_be_safe(ready_days: Spread | None, rulebook: Rulebook) -> int | None:
    """Days from the first session after which the client is ready with the named chance."""
    return None if ready_days is None else ready_days.quantile(Fraction(rulebook.model.course.safe_start_chance))


def latest_safe_start(safe_days: int | None, event: date | None, as_of: date) -> date | None:
    """The last start with the named chance of being ready; None if there is no date, or it has passed."""
    if safe_days is None or event is None:
        return None
    start = event - timedelta(days=safe_days)
    return start if start >= as_of else None


def _visit(plan: StepPlan, numbers: Numbers) -> Spread:
    parts = [(part,) if isinstance(part, str) else part for part in plan]
    return summed([reduce(later_of, [spread_of(numbers.minutes[step]) for step in part]) for part in parts])
