"""The course of each option: sessions, dates, minutes, redness and money as exact distributions.

They depend on the rulebook, not on the client, so they are computed once and looked up per client. Days of a course are
counted from the first session; redness from each session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from medspa_core.intake import IN_A_WORD, Codes, IntakeTable
from medspa_core.rulebook import OWN_BASES, Rulebook
from medspa_core.rulebook.schema import StepPlan
from medspa_core.safety import SafetyColumns
from medspa_core.spans import Spread, exactly, later_of, mixture, shared_out, spread_of, summed
from medspa_core.variants import Numbers, Variant, shipped_numbers, variants_of

Chances = NDArray[np.int16]  # thousandths, of one option; UNKNOWN where the client or the studies have not said

UNKNOWN = -1
WHOLE = 1000
MOST_VISITS = 12
VISITS_SIZE = MOST_VISITS + 1
NUMBERS = 2  # where the numbers begin on the last axis of a table: an answer's code is its place less this
DAYS = NUMBERS + 1  # the same of the days until a date: first comes "too late"
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


@dataclass(frozen=True)
class CourseTables:
    """Chances in thousandths, to be looked up. First axis: 0 the rulebook, then its variants. Before the numbers of the
    last axis stand the two answers that are none: in a word ("any", fully met) and unanswered (unknown)."""

    visits: NDArray[np.int16]  # variant, basis, option, concern code, visits willing
    ready: NDArray[np.int16]  # variant, basis, option, concern code, days from start to date and one more: too late
    minutes: NDArray[np.int16]  # variant, plan, option, minutes
    redness: NDArray[np.int16]  # option, days
    prices: NDArray[np.int32]  # variant, option


class CourseBook:
    """The courses of a rulebook, and their tables. `tables` holds the rulebook alone, `all_tables` its variants too."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.numbers = shipped_numbers(rulebook)

    def course(self, basis: str, option_id: str, concern: str | None, spin_during_numbing: bool = False) -> Course:
        """The course on `clinic`, `published` or `considered`, the last a mixture by the credence of each criterion."""
        if basis != "considered":
            return self._own_course(basis, option_id, concern, spin_during_numbing)
        return self._considered_course(option_id, concern, spin_during_numbing)

    @cached_property
    def tables(self) -> CourseTables:
        return self._tables(())

    @cached_property
    def all_tables(self) -> CourseTables:
        return self._tables(variants_of(self.rulebook))

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
            ready_days=mixture([(share, self._ready_after(option_id, count)) for count, share in shares.items()]),
        )

    def _considered_course(self, option_id: str, concern: str | None, spin: bool) -> Course:
        clinic = self._own_course("clinic", option_id, concern, spin)
        published = self._own_course("published", option_id, concern, spin)

        def mixed(part: str, criterion: str) -> Spread | None:
            ours, theirs = getattr(clinic, part), getattr(published, part)
            credence = Fraction(self.rulebook.credences[criterion])
            if ours is None or theirs is None:
                return theirs if not credence else None
            return mixture([(credence, ours), (1 - credence, theirs)])

        minutes, first_change = mixed("visit_minutes", "visit_time"), mixed("first_change_days", "ready_by")
        redness = mixed("downtime_days", "downtime")
        assert minutes and first_change and redness
        return Course(
            sessions=mixed("sessions", "visits"),
            visit_minutes=minutes,
            first_change_days=first_change,
            last_session_days=mixed("last_session_days", "visits"),
            peak_days=mixed("peak_days", "visits"),
            downtime_days=redness,
            course_cost=mixed("course_cost", "cost"),
            ready_days=mixed("ready_days", "ready_by"),
        )

    def _last_session(self, sessions: int) -> int:
        return self.rulebook.protocol.interval.days * (sessions - 1)

    def _ready_after(self, option_id: str, sessions: int) -> Spread:
        """Ready: the last redness is gone, and the first change has come."""
        option = self.rulebook.options[option_id]
        assert option.first_change and option.redness
        calm = summed([exactly(self._last_session(sessions)), spread_of(option.redness.days)])
        return later_of(calm, spread_of(option.first_change.days))

    def _tables(self, variants: tuple[Variant, ...]) -> CourseTables:
        book, count = self.rulebook, 1 + len(variants)
        shape = (count, len(OWN_BASES), len(book.ranked), 1 + len(book.concerns))
        most_days, most_minutes = self._most_days(), book.questions["minutes_per_visit"].high
        tables = CourseTables(
            visits=_no_chances(*shape, NUMBERS + VISITS_SIZE),
            ready=_no_chances(*shape, DAYS + most_days + 1),
            minutes=_no_chances(count, len(PLANS), len(book.ranked), NUMBERS + most_minutes + 1),
            redness=self._redness_table(),
            prices=np.zeros((count, len(book.ranked)), dtype=np.int32),
        )
        self._fill(tables, 0, self.numbers, None)
        for number, variant in enumerate(variants, start=1):
            for table in (tables.visits, tables.ready, tables.minutes, tables.prices):
                table[number] = table[0]
            self._fill(tables, number, variant.numbers, self.numbers)
        return tables

    def _fill(self, tables: CourseTables, number: int, numbers: Numbers, base: Numbers | None) -> None:
        """Write one variant's numbers; only what differs from `base` is computed again."""
        for option, option_id in enumerate(self.rulebook.ranked):
            tables.prices[number, option] = numbers.prices[option_id]
            if base is None or numbers.minutes != base.minutes:
                for plan, name in enumerate(PLANS):
                    spread = self.visit_spread(option_id, name, numbers)
                    chances = tables.minutes[number, plan, option, NUMBERS:]
                    chances[:] = spread.thousandths(chances.size)
            for basis, basis_name in enumerate(OWN_BASES):
                for concern, concern_id in enumerate((None, *self.rulebook.concerns)):
                    shares = shares_of(numbers, basis_name, option_id, concern_id)
                    if shares and (base is None or shares != shares_of(base, basis_name, option_id, concern_id)):
                        at = (number, basis, option, concern)
                        tables.visits[at][NUMBERS:] = shared_out(shares).thousandths(VISITS_SIZE)
                        ready = mixture([(share, self._ready_after(option_id, n)) for n, share in shares.items()])
                        chances = tables.ready[at][NUMBERS:]
                        chances[:] = [0, *ready.thousandths(chances.size - 1)]

    def _most_days(self) -> int:
        spreads = (self._ready_after(option_id, MOST_VISITS) for option_id in self.rulebook.ranked)
        return max(spread.last for spread in spreads)

    def _redness_table(self) -> NDArray[np.int16]:
        size = self.rulebook.questions["downtime_days"].high + 1
        table = _no_chances(len(self.rulebook.ranked), NUMBERS + size)
        for row, option_id in zip(table, self.rulebook.ranked, strict=True):
            redness = self.rulebook.options[option_id].redness
            assert redness is not None
            row[NUMBERS:] = spread_of(redness.days).thousandths(size)
        return table


def _no_chances(*shape: int) -> NDArray[np.int16]:
    """A table in which nothing is known, but that "any" and "none" are fully met."""
    table = np.full(shape, UNKNOWN, dtype=np.int16)
    table[..., NUMBERS + IN_A_WORD] = WHOLE
    return table


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


def start_days(table: IntakeTable, safety: SafetyColumns) -> Codes:
    """Days from as_of to the first session, (options x rows): the later of the client's start and the deferral."""
    planned = np.maximum(table["planned_start"], 0)
    return np.maximum(planned[None, :], safety.deferred_days.T)


# --- chances of one client or a block of them -----------------------------------------------------------------------


def visit_within_minutes(table: IntakeTable, safety: SafetyColumns, book: CourseBook, basis: int) -> list[Chances]:
    """P(visit <= minutes the client has)."""
    tables, minutes = tables_for(table, book), table["minutes_per_visit"]
    during = table["spin_during_numbing"] if OWN_BASES[basis] == "clinic" else 1
    size, options = tables.minutes.shape[-1], tables.minutes.shape[-2]
    at = (table.variant * len(PLANS) + during) * (options * size) + (minutes + NUMBERS)
    return [tables.minutes.take(at + option * size) for option in range(options)]


def course_within_visits(table: IntakeTable, safety: SafetyColumns, book: CourseBook, basis: int) -> list[Chances]:
    """P(sessions <= visits the client is willing to make)."""
    tables, willing = tables_for(table, book), table["visits_willing"]
    starts = _starts(tables.visits, table, basis)
    return [tables.visits.take(start + (willing + NUMBERS)) for start in starts]


def course_within_budget(table: IntakeTable, safety: SafetyColumns, book: CourseBook, basis: int) -> list[Chances]:
    """P(sessions x price <= budget)."""
    tables, budget, found = tables_for(table, book), table["budget"], []
    has_variants, in_numbers = table.variant.any(), budget >= 0
    for option, start in enumerate(_starts(tables.visits, table, basis)):
        price = tables.prices[:, option].take(table.variant) if has_variants else tables.prices[0, option]
        affordable = np.where(in_numbers, np.minimum(budget // price, MOST_VISITS), budget)
        found.append(tables.visits.take(start + (affordable + NUMBERS)))
    return found


def ready_by_date(table: IntakeTable, safety: SafetyColumns, book: CourseBook, basis: int) -> list[Chances]:
    """P(start + time until ready <= the client's date)."""
    tables, event, found = tables_for(table, book), table["event_date"], []
    last, in_numbers, begins = tables.ready.shape[-1] - DAYS - 1, event >= 0, start_days(table, safety)
    for option, start in enumerate(_starts(tables.ready, table, basis)):
        days = np.minimum(np.maximum(event - begins[option], -1), last)
        found.append(tables.ready.take(start + np.where(in_numbers, days + DAYS, event + NUMBERS)))
    return found


def redness_within_days(table: IntakeTable, safety: SafetyColumns, book: CourseBook, basis: int) -> list[Chances]:
    """P(redness <= days the client can live with); the depth decides, so it is the same on every basis."""
    at = table["downtime_days"] + NUMBERS
    return [row.take(at) for row in book.tables.redness]


CHANCES = {
    "visit_within_minutes": visit_within_minutes,
    "course_within_visits": course_within_visits,
    "course_within_budget": course_within_budget,
    "ready_by_date": ready_by_date,
    "redness_within_days": redness_within_days,
}
SAME_ON_EVERY_BASIS = {"redness_within_days"}


def tables_for(table: IntakeTable, book: CourseBook) -> CourseTables:
    """The rulebook's own tables, or those with its variants when a row asks for one."""
    return book.all_tables if table.variant.any() else book.tables


def _starts(found: NDArray[np.int16], table: IntakeTable, basis: int) -> list[Codes]:
    """For each option, where each client's row of a (variant, basis, option, concern, number) table begins."""
    _, bases, options, concerns, size = found.shape
    of_client = table["concern"] * size
    if table.variant.any():
        of_client = of_client + table.variant * (bases * options * concerns * size)
    return [of_client + (basis * options + option) * (concerns * size) for option in range(options)]


def _visit(plan: StepPlan, numbers: Numbers) -> Spread:
    parts = []
    for part in plan:
        steps = [spread_of(numbers.minutes[step]) for step in ((part,) if isinstance(part, str) else part)]
        longest = steps[0]
        for step in steps[1:]:
            longest = later_of(longest, step)
        parts.append(longest)
    return summed(parts)
