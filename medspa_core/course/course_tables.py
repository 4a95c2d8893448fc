"""The courses of a rulebook as tables of thousandths, so that a client's chances and limits are looked up.

They hold the rulebook's own numbers and, where flips are tried, those of each of its variants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.answer_codes import IN_A_WORD, UNANSWERED
from medspa_core.course.course_book import PLANS, CourseBook, shares_of
from medspa_core.course.spans import Split, Spread, half_and_a_billionth, mixture, shared_out, spread_of
from medspa_core.course.variants import Numbers, Shares, variants_of
from medspa_core.rulebook import OWN_BASES, WHOLE

Thousandths = NDArray[np.int16]

UNKNOWN = -1
MOST_VISITS = 12
VISITS_SIZE = MOST_VISITS + 1
NUMBERS = 2  # where the numbers begin on the last axis of a table: an answer's code is its place less this
DAYS = NUMBERS + 1  # the same of the days until a date: first comes "too late"
LARGEST = 2**62

MINUTES = "visit_within_minutes"  # variant, plan, option, minutes
VISITS = "course_within_visits"  # variant, basis, option, concern code, visits
BUDGET = "course_within_budget"  # the visits that the budget pays for are looked up as visits
READY = "ready_by_date"  # variant, basis, option, concern code, days from start to date, after one more: too late
REDNESS = "redness_within_days"  # option, days


@dataclass(frozen=True)
class CostTables:
    """The graded attainment of a budget, which is no table of a million budgets but (base + slope x budget) // whole, with
    base and slope by the visits that the budget pays for. Of 64 bits, or whole numbers of any size where those are too few."""

    base: NDArray[Any]  # variant, basis, option, concern code, visits paid for
    slope: NDArray[Any]
    whole: NDArray[Any]  # variant, option


@dataclass(frozen=True)
class CourseTables:
    """Chances and, of each limit, graded attainments. First axis: 0 the rulebook, then its variants. Before the numbers of
    the last axis stand the two answers that are none: in a word ("any", fully met) and unanswered (unknown)."""

    chances: Mapping[str, Thousandths]  # by the chance that a criterion names
    graded: Mapping[str, Thousandths]  # likewise, of the limits but the budget
    cost: CostTables
    prices: NDArray[np.int32]  # variant, option


@lru_cache(maxsize=16)
def tables_of(book: CourseBook, *, with_variants: bool) -> CourseTables:
    """The tables of a rulebook, with those of its variants if a flip asks for them; made once."""
    variants = variants_of(book.rulebook) if with_variants else ()
    numbers = [book.numbers, *(variant.numbers for variant in variants)]
    shape = (len(numbers), len(OWN_BASES), len(book.rulebook.ranked), 1 + len(book.rulebook.concerns))
    of_minutes = (*shape[:1], len(PLANS), shape[2], NUMBERS + book.rulebook.questions["minutes_per_visit"].high + 1)
    of_redness = (shape[2], NUMBERS + book.rulebook.questions["downtime_days"].high + 1)
    shapes = {MINUTES: of_minutes, VISITS: (*shape, NUMBERS + VISITS_SIZE), REDNESS: of_redness}
    chances, graded = ({key: _nothing_known(*one) for key, one in shapes.items()} for _ in range(2))
    chances[READY] = _nothing_known(*shape, DAYS + _most_days(book) + 1)
    prices = np.array([[one.prices[key] for key in book.rulebook.ranked] for one in numbers], dtype=np.int32)
    cost = _cost_tables(book, numbers, prices)
    tables = CourseTables({**chances, BUDGET: chances[VISITS]}, graded, cost, prices)
    _fill(tables, book, numbers)
    return tables


def _nothing_known(*shape: int) -> Thousandths:
    """A table in which nothing is known, but that "any" and "none" are fully met."""
    table = np.full(shape, UNKNOWN, dtype=np.int16)
    table[..., NUMBERS + IN_A_WORD] = WHOLE
    return table


def _fill(tables: CourseTables, book: CourseBook, numbers: list[Numbers]) -> None:
    """The rulebook's own numbers first; of a variant only what differs from them is computed again."""
    chances, graded = tables.chances, tables.graded
    for option, option_id in enumerate(book.rulebook.ranked):
        redness = book.rulebook.options[option_id].redness
        assert redness is not None
        _put(tables, REDNESS, (option,), spread_of(redness.days))
    by_variant = (chances[VISITS], graded[VISITS], chances[READY], chances[MINUTES], graded[MINUTES])
    for place, own in enumerate(numbers):
        base = numbers[0] if place else None
        if place:
            for table in by_variant:
                table[place] = table[0]
        if base is None or own.minutes != base.minutes:
            _fill_minutes(tables, place, book, own)
        for at, shares in _changed_shares(book, own, base):
            _fill_visits(tables, (place, *at), book, shares)


def _fill_minutes(tables: CourseTables, place: int, book: CourseBook, numbers: Numbers) -> None:
    for option, option_id in enumerate(book.rulebook.ranked):
        for plan, name in enumerate(PLANS):
            _put(tables, MINUTES, (place, plan, option), book.visit_spread(option_id, name, numbers))


def _put(tables: CourseTables, limit: str, at: tuple[int, ...], spread: Spread) -> None:
    """The chances of keeping each limit, and how far each is kept."""
    chances, graded = tables.chances[limit][at][NUMBERS:], tables.graded[limit][at][NUMBERS:]
    chances[:], graded[:] = spread.thousandths(chances.size), spread.graded(graded.size)


def _changed_shares(
    book: CourseBook, own: Numbers, base: Numbers | None
) -> Iterator[tuple[tuple[int, int, int], Shares]]:
    """Basis, option and concern code of each course whose sessions are not those of `base`."""
    for basis, basis_name in enumerate(OWN_BASES):
        for option, option_id in enumerate(book.rulebook.ranked):
            for concern, concern_id in enumerate((None, *book.rulebook.concerns)):
                shares = shares_of(own, basis_name, option_id, concern_id)
                if shares and (base is None or shares != shares_of(base, basis_name, option_id, concern_id)):
                    yield (basis, option, concern), shares


def _fill_visits(tables: CourseTables, at: tuple[int, ...], book: CourseBook, shares: Shares) -> None:
    option_id = book.rulebook.ranked[at[2]]
    _put(tables, VISITS, at, shared_out(shares))
    ready = mixture([(share, book.ready_after(option_id, count)) for count, share in shares.items()])
    chances = tables.chances[READY][at][NUMBERS:]
    chances[:] = [0, *ready.thousandths(chances.size - 1)]


def _most_days(book: CourseBook) -> int:
    return max(book.ready_after(option_id, MOST_VISITS).last for option_id in book.rulebook.ranked)


# --- a budget -------------------------------------------------------------------------------------------------------


def _cost_tables(book: CourseBook, numbers: list[Numbers], prices: NDArray[np.int32]) -> CostTables:
    """With k visits paid for, the mean of g(visits x price, budget) is within[k] + beyond[k] x budget / price."""
    splits = [
        {at: _split(shares) for at, shares in _changed_shares(book, own, numbers[0] if place else None)}
        for place, own in enumerate(numbers)
    ]
    scale = lcm(*(split.whole for found in splits for split in found.values()))
    kind = np.int64 if 4 * WHOLE * scale * int(prices.max()) < LARGEST else object
    shape = (len(numbers), len(OWN_BASES), len(book.rulebook.ranked), 1 + len(book.rulebook.concerns), VISITS_SIZE)
    within, beyond, known = np.zeros(shape, dtype=kind), np.zeros(shape, dtype=kind), np.zeros(shape[:-1], dtype=bool)
    for place, found in enumerate(splits):
        within[place], beyond[place], known[place] = within[0], beyond[0], known[0]
        for at, split in found.items():
            within[(place, *at)] = [part * (scale // split.whole) for part in split.within]
            beyond[(place, *at)] = [part * (scale // split.whole) for part in split.beyond]
            known[(place, *at)] = True
    return _in_money(within, beyond, known, prices.astype(kind), scale)


def _split(shares: Shares) -> Split:
    return shared_out(shares).split_at_limits(VISITS_SIZE)


def _in_money(
    within: NDArray[Any], beyond: NDArray[Any], known: NDArray[np.bool_], prices: NDArray[Any], scale: int
) -> CostTables:
    """The two parts over scale x price, doubled, so that rounding down rounds as all thousandths are rounded."""
    wide, price = known[..., None], prices[:, None, :, None, None]
    whole = scale * price
    numbers = np.where(wide, 2 * WHOLE * price * within + half_and_a_billionth(whole), UNKNOWN * 2 * whole)
    base = np.empty((*known.shape, NUMBERS + VISITS_SIZE), dtype=within.dtype)
    base[..., NUMBERS:] = numbers
    base[..., NUMBERS + UNANSWERED] = UNKNOWN * 2 * whole[..., 0]
    base[..., NUMBERS + IN_A_WORD] = WHOLE * 2 * whole[..., 0]
    slope = np.zeros_like(base)
    slope[..., NUMBERS:] = np.where(wide, 2 * WHOLE * beyond, 0)
    return CostTables(base, slope, 2 * scale * prices)
