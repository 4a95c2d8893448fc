"""When each option would take place: visits, redness, bands, minutes and money of one client's result, ready to be drawn.

A recommendation goes in; dated marks and whole minutes come out. Charts, tables and paper read the same object, so they
can't say different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from medspa_core.course.course_book import Course, course_book, low_typical_high, plan_of
from medspa_core.course.spans import Spread, spread_of
from medspa_core.intake import day_answered
from medspa_core.result import Recommendation
from medspa_core.rulebook import CLINIC, CONSIDERED, Rulebook
from medspa_core.rulebook.schema.entries import Span
from medspa_core.rulebook.schema.offered import StepPlan
from medspa_core.safety import Verdict

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)


@dataclass(frozen=True)
class Session:
    """One treatment of a course. `usual`: at least half of all courses have it; else it may be needed."""

    number: int
    day: date
    usual: bool


@dataclass(frozen=True)
class Plan:
    """The sessions of one course, its money and the last start that keeps the client's date."""

    sessions: tuple[Session, ...]
    low: int
    typical: int
    high: int
    latest_safe_start: date | None
    price: int

    @property
    def cost(self) -> int:
        """Money for the usual number of sessions."""
        return self.typical * self.price


@dataclass(frozen=True)
class Row:
    """One option on the calendar."""

    option: str
    excluded: bool
    start: date
    not_before: date | None  # treatment has to wait until then
    counted: Plan | None  # equal visits; None for waiting, or while the studies' count is not known
    own_plan: Plan | None  # the clinic's own; None where it says nothing of its own, or where that is what is counted
    redness: Span | None  # days after each session
    upkeep: Span | None  # months

    def safe_start(self, plan: Plan | None) -> date | None:
        """The latest safe start of a plan, if treatment may begin by then."""
        day = plan.latest_safe_start if plan else None
        return None if day and self.not_before and day < self.not_before else day


@dataclass(frozen=True)
class Band:
    """A range of days after the first visit, shared by the options named: nothing that sets them apart was measured."""

    options: tuple[str, ...]
    low: int
    middle_low: int
    typical: int
    middle_high: int
    high: int


def band_of(bands: Iterable[Band], option: str) -> Band | None:
    """The band that an option shares in."""
    return next((band for band in bands if option in band.options), None)


@dataclass(frozen=True)
class Timeline:
    """Everything the calendar shows. Bands count from `start`, the earliest first visit among the open options."""

    today: date
    start: date
    event: date | None
    rows: tuple[Row, ...]
    first_change: tuple[Band, ...]
    at_its_best: tuple[Band, ...]

    def row(self, option: str) -> Row:
        """The row of one option."""
        return next(row for row in self.rows if row.option == option)

    @property
    def open_rows(self) -> tuple[Row, ...]:
        """Options with visits that are not ruled out."""
        return tuple(row for row in self.rows if row.counted and not row.excluded)


@dataclass(frozen=True)
class StepTime:
    """One step of a visit, from minute to minute; whole minutes that add up to the typical visit."""

    step: str
    begins: int
    ends: int
    provider: bool
    client: bool
    beside: bool  # runs while another step runs

    @property
    def minutes(self) -> int:
        return self.ends - self.begins


@dataclass(frozen=True)
class VisitTimes:
    """One visit, minute by minute, on one way of running it."""

    option: str
    low: int
    typical: int
    high: int
    steps: tuple[StepTime, ...]

    @property
    def in_the_chair(self) -> int:
        """Minutes with somebody's hands at work."""
        return sum(step.minutes for step in self.steps if step.provider)


def timeline(
    result: Recommendation,
    answers: Mapping[str, Any],
    rulebook: Rulebook,
    order: Sequence[str] = (),
    basis: str = CONSIDERED,
) -> Timeline:
    """The calendar of one client's result; options in the order shown to the client. `basis`: whose visits are counted."""
    rows = tuple(_row(option, basis, result, answers, rulebook) for option in order or rulebook.options)
    event = day_answered(answers, "event_date")
    starts = [row.start for row in rows if row.counted and not row.excluded]
    start = min(starts, default=_planned(answers, result.as_of))
    courses = {row.option: _course(row.option, basis, answers, rulebook) for row in rows if row.counted}
    return Timeline(
        today=result.as_of,
        start=start,
        event=event,
        rows=rows,
        first_change=_bands({option: _first_change(option, rulebook) for option in courses}),
        at_its_best=_bands({o: _result_band(course.peak_days) for o, course in courses.items() if course.peak_days}),
    )


@lru_cache(maxsize=128)
def visit_times(option: str, rulebook: Rulebook, spin_during_numbing: bool) -> VisitTimes:
    """One visit on the clinic's own way, with the spin before the numbing or beside it."""
    plan = plan_of(CLINIC, spin_during_numbing)
    visit = rulebook.options[option].visit
    assert visit is not None
    spread = course_book(rulebook).visit_spread(option, plan)
    found = low_typical_high(spread, rulebook)
    steps = _steps(getattr(visit, plan), found.typical, rulebook)
    return VisitTimes(option, found.low, found.typical, found.high, steps)


@dataclass(frozen=True, slots=True)
class PlannedMinutes:
    """What a usual visit takes, in whole minutes: of the chair, of who treats, of the blood draw and of the centrifuge."""

    chair: int
    provider: int
    draw: int
    spin: int


def planned_minutes(option: str, rulebook: Rulebook) -> PlannedMinutes:
    """The usual visit of a treatment on the clinic's own way."""
    visit = visit_times(option, rulebook, rulebook.clinic.spin_during_numbing)
    steps = {one.step: (one.minutes, rulebook.protocol.steps[one.step]) for one in visit.steps}
    draw = sum(minutes for minutes, step in steps.values() if step.licence == "draw")
    spin = sum(minutes for minutes, step in steps.values() if "centrifuge" in step.occupies)
    return PlannedMinutes(visit.typical, visit.in_the_chair, draw, spin)


def ways_differ(option: str, rulebook: Rulebook) -> bool:
    """Whether the spin changes anything for this option."""
    visit = rulebook.options[option].visit
    return visit is not None and visit.one_after_another != visit.spin_during_numbing


def first_change_span(option: str, rulebook: Rulebook) -> Span | None:
    """Days from the first visit to a first change, as the sources give it."""
    change = rulebook.options[option].first_change
    return change.days if change else None


# --- the calendar ---------------------------------------------------------------------------------------------------


def _row(option: str, basis: str, result: Recommendation, answers: Mapping[str, Any], rulebook: Rulebook) -> Row:
    found, file = result.options[option], rulebook.options[option]
    start = max(_planned(answers, result.as_of), found.deferred_until or result.as_of)
    says_its_own = basis != CLINIC and file.sessions is not None and file.sessions.clinic is not None
    counted = _plan(option, basis, start, result, answers, rulebook) if file.rank else None
    own = _plan(option, CLINIC, start, result, answers, rulebook) if file.rank and says_its_own else None
    return Row(
        option=option,
        excluded=found.verdict is Verdict.EXCLUDED,
        start=start,
        not_before=found.deferred_until,
        counted=counted,
        own_plan=own,
        redness=file.redness.days if file.redness else None,
        upkeep=file.upkeep.months if file.upkeep else None,
    )


def _plan(
    option: str, basis: str, start: date, result: Recommendation, answers: Mapping[str, Any], rulebook: Rulebook
) -> Plan | None:
    sessions = _course(option, basis, answers, rulebook).sessions
    if sessions is None:
        return None
    found = low_typical_high(sessions, rulebook)
    interval = timedelta(days=rulebook.protocol.interval.days)
    days = tuple(
        Session(number, start + (number - 1) * interval, number <= found.typical)
        for number in range(1, sessions.last + 1)
    )
    safe = result.options[option].course[basis].latest_safe_start
    return Plan(days, found.low, found.typical, found.high, safe, rulebook.clinic.prices[option].amount)


def _course(option: str, basis: str, answers: Mapping[str, Any], rulebook: Rulebook) -> Course:
    return _known_course(rulebook, basis, option, answers.get("concern"), spins_during_numbing(answers, rulebook))


@lru_cache(maxsize=512)
def _known_course(rulebook: Rulebook, basis: str, option: str, concern: str | None, spin: bool) -> Course:
    """A course depends on the rulebook, not on the client: made once."""
    return course_book(rulebook).course(basis, option, concern, spin)


def spins_during_numbing(answers: Mapping[str, Any], rulebook: Rulebook) -> bool:
    """How this clinic runs a PRP visit."""
    asked = answers.get("spin_during_numbing")
    return bool(rulebook.clinic.spin_during_numbing if asked is None else asked)


def _planned(answers: Mapping[str, Any], as_of: date) -> date:
    return max(as_of, day_answered(answers, "planned_start") or as_of)


@lru_cache(maxsize=128)
def _first_change(option: str, rulebook: Rulebook) -> tuple[int, int, int, int, int]:
    """An input: its own low, typical and high; the middle half of it from its distribution."""
    span = first_change_span(option, rulebook)
    assert span is not None
    spread = spread_of(span)
    return span.low, spread.quantile(QUARTER), span.typical, spread.quantile(1 - QUARTER), span.high


@lru_cache(maxsize=128)
def _result_band(spread: Spread) -> tuple[int, int, int, int, int]:
    """A result: p10, p25, p50, p75, p90."""
    tenth = Fraction(1, 10)
    low, middle_low, typical, middle_high, high = (
        spread.quantile(share) for share in (tenth, QUARTER, HALF, 1 - QUARTER, 1 - tenth)
    )
    return low, middle_low, typical, middle_high, high


def _bands(by_option: Mapping[str, tuple[int, int, int, int, int]]) -> tuple[Band, ...]:
    """Options with the same numbers share one band."""
    groups: dict[tuple[int, int, int, int, int], list[str]] = {}
    for option, numbers in by_option.items():
        groups.setdefault(numbers, []).append(option)
    return tuple(Band(tuple(options), *numbers) for numbers, options in groups.items())


# --- one visit ------------------------------------------------------------------------------------------------------


def _steps(plan: StepPlan, typical: int, rulebook: Rulebook) -> tuple[StepTime, ...]:
    """Expected minutes of each step, in whole minutes that add up to the typical visit."""
    parts = [(part,) if isinstance(part, str) else tuple(part) for part in plan]
    means = {step: _mean(spread_of(rulebook.protocol.steps[step].minutes)) for part in parts for step in part}
    lengths = _whole([max(means[step] for step in part) for part in parts], typical)
    found: list[StepTime] = []
    begins = 0
    for part, length in zip(parts, lengths, strict=True):
        longest = max(part, key=lambda step: means[step])
        for step in sorted(part, key=lambda step: step != longest):
            minutes = length if step == longest else min(length, round(means[step]))
            occupies = rulebook.protocol.steps[step].occupies
            beside = step != longest
            found.append(StepTime(step, begins, begins + minutes, "provider" in occupies, "client" in occupies, beside))
        begins += length
    return tuple(found)


def _mean(spread: Spread) -> Fraction:
    return Fraction(sum((spread.first + i) * weight for i, weight in enumerate(spread.weights)), spread.total)


def _whole(lengths: Sequence[Fraction], total: int) -> list[int]:
    """Shares of `total` in whole minutes: rounded down, then the largest remainders get the minutes that are left."""
    scaled = [length * total / sum(lengths) for length in lengths]
    whole = [int(length) for length in scaled]
    by_remainder = sorted(range(len(scaled)), key=lambda i: (whole[i] - scaled[i], i))
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    return whole
