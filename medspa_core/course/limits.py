"""How far each course keeps within what the client has set a limit to, and to a date: looked up for one client or a block.

A limit is graded (MODEL section 2): within it counts fully, and beyond it less over is better than more. The bare chance of
keeping it is looked up at the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.answer_codes import Codes
from medspa_core.course.course_book import PLANS, CourseBook
from medspa_core.course.course_tables import (
    BUDGET,
    DAYS,
    MINUTES,
    MOST_VISITS,
    NUMBERS,
    READY,
    REDNESS,
    VISITS,
    CourseTables,
    tables_of,
)
from medspa_core.intake import IntakeTable
from medspa_core.rulebook import OWN_BASES
from medspa_core.safety import SafetyColumns

Places = NDArray[np.intp]  # of the clients, in a table laid out flat
Found = NDArray[np.signedinteger]  # thousandths of one option; UNKNOWN where the client or the studies have not said

SAME_ON_EVERY_BASIS = {REDNESS}


def tables_for(table: IntakeTable, book: CourseBook) -> CourseTables:
    """The rulebook's own tables, or those with its variants when a row asks for one."""
    return tables_of(book, with_variants=bool(table.variant.any()))


def start_days(table: IntakeTable, safety: SafetyColumns) -> Codes:
    """Days from as_of to the first session, (options x rows): the later of the client's start and the deferral."""
    planned = np.maximum(table["planned_start"], 0)
    return np.maximum(planned[None, :], safety.deferred_days.T)


def ready_by_date(table: IntakeTable, safety: SafetyColumns, tables: CourseTables, basis: int) -> list[Found]:
    """P(start + time until ready <= the client's date), for each option."""
    chances, event, found = tables.chances[READY], table["event_date"], []
    last, in_numbers, begins = chances.shape[-1] - DAYS - 1, event >= 0, start_days(table, safety)
    for option, start in enumerate(_starts(chances, table, basis)):
        days = np.minimum(np.maximum(event - begins[option], -1), last)
        found.append(chances.take(start + np.where(in_numbers, days + DAYS, event + NUMBERS)))
    return found


def places_of(chance: str, table: IntakeTable, tables: CourseTables, basis: int) -> list[Places]:
    """Where the clients' limits stand in the tables, for each option."""
    return [at.astype(np.intp) for at in PLACES[chance](table, tables, basis)]


def chances_at(places: Sequence[Places], chance: str, tables: CourseTables) -> list[Found]:
    """P(value <= limit), for each option."""
    chances = tables.chances[chance]
    return [chances.take(at) for at in places]


def graded_at(places: Sequence[Places], chance: str, table: IntakeTable, tables: CourseTables) -> list[Found]:
    """The mean of g(value, limit), for each option."""
    if chance == BUDGET:
        return _graded_costs(places, table, tables)
    graded = tables.graded[chance]
    return [graded.take(at) for at in places]


def _visit_minutes(table: IntakeTable, tables: CourseTables, basis: int) -> list[Codes]:
    chances = tables.chances[MINUTES]
    during = table["spin_during_numbing"] if OWN_BASES[basis] == "clinic" else 1
    options, size = chances.shape[-2:]
    at = (table.variant * len(PLANS) + during) * (options * size) + (table["minutes_per_visit"] + NUMBERS)
    return [at + option * size for option in range(options)]


def _visits(table: IntakeTable, tables: CourseTables, basis: int) -> list[Codes]:
    willing = table["visits_willing"] + NUMBERS
    return [start + willing for start in _starts(tables.chances[VISITS], table, basis)]


def _visits_paid_for(table: IntakeTable, tables: CourseTables, basis: int) -> list[Codes]:
    """Sessions x price <= budget means: no more sessions than the budget pays for."""
    budget, found = table["budget"], []
    in_numbers = budget >= 0
    for option, start in enumerate(_starts(tables.chances[BUDGET], table, basis)):
        price = _by_variant(tables.prices[:, option], table)
        affordable = np.where(in_numbers, np.minimum(budget // price, MOST_VISITS), budget)
        found.append(start + (affordable + NUMBERS))
    return found


def _redness_days(table: IntakeTable, tables: CourseTables, basis: int) -> list[Codes]:
    options, size = tables.chances[REDNESS].shape
    at = table["downtime_days"] + NUMBERS
    return [at + option * size for option in range(options)]


def _graded_costs(places: Sequence[Places], table: IntakeTable, tables: CourseTables) -> list[Found]:
    cost, budget, found = tables.cost, table["budget"], []
    for option, at in enumerate(places):
        whole = _by_variant(cost.whole[:, option], table)
        found.append((cost.base.take(at) + cost.slope.take(at) * budget) // whole)
    return found


def _by_variant(values: NDArray[Any], table: IntakeTable) -> Any:
    """One number for all rows where the tables hold the rulebook alone; else each row's own."""
    return values.take(table.variant) if values.size > 1 else values[0]


PLACES: Mapping[str, Callable[[IntakeTable, CourseTables, int], list[Codes]]] = {
    MINUTES: _visit_minutes,
    VISITS: _visits,
    BUDGET: _visits_paid_for,
    REDNESS: _redness_days,
}


def _starts(found: NDArray[np.int16], table: IntakeTable, basis: int) -> list[Codes]:
    """For each option, where each client's row of a (variant, basis, option, concern, number) table begins."""
    variants, bases, options, concerns, size = found.shape
    of_client = table["concern"] * size
    if variants > 1:
        of_client = of_client + table.variant * (bases * options * concerns * size)
    return [of_client + (basis * options + option) * (concerns * size) for option in range(options)]
