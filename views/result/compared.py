"""Exosomes and PRP for nobody in particular: a concern, two days and whose numbers go in; what the core says of both comes out.

No answer on safety and no preference is in it, so nothing here is about a client: it recommends nothing and rules nothing out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from medspa_core.result import Recommendation
from medspa_core.rulebook import CLINIC, CONSIDERED, OWN_BASES, Rulebook
from medspa_core.timeline import Row, Timeline, VisitTimes, timeline, visit_times
from medspa_core.wording.words import Told, read_words
from views.context import core_access

PUBLISHED = next(basis for basis in OWN_BASES if basis != CLINIC)
WHOSE = (CLINIC, PUBLISHED, CONSIDERED)


@dataclass(frozen=True)
class Picked:
    """What was picked on the page."""

    concern: str
    basis: str
    first_day: date
    event: date | None

    @property
    def answers(self) -> dict[str, str]:
        """As answers of a consultation: these and no others."""
        event = {"event_date": self.event.isoformat()} if self.event else {}
        return {"concern": self.concern, "planned_start": self.first_day.isoformat(), **event}


@dataclass(frozen=True)
class Compared:
    """Both options, with the same fields."""

    picked: Picked
    result: Recommendation
    book: Rulebook
    order: tuple[str, ...]

    @cached_property
    def timeline(self) -> Timeline:
        """Their visits, and the days on which skin changes."""
        return timeline(self.result, self.picked.answers, self.book, self.order, self.picked.basis)

    @cached_property
    def told(self) -> Told:
        """What words are made from."""
        return Told(self.result, self.picked.answers, self.book, read_words())

    @property
    def rows(self) -> tuple[Row, ...]:
        """One for each, in the order shown."""
        return self.timeline.rows

    @property
    def whose_minutes(self) -> str:
        """A visit runs one way or the other. Both weighed: the clinic's own, as far as its minutes count at all."""
        weighed = self.picked.basis == CONSIDERED and self.book.credences["visit_time"]
        return CLINIC if weighed else PUBLISHED if self.picked.basis == CONSIDERED else self.picked.basis

    @property
    def spins_beside(self) -> bool:
        """Whether the tube spins while the numbing cream works."""
        return self.whose_minutes == PUBLISHED or self.book.clinic.spin_during_numbing

    def visit(self, option: str) -> VisitTimes:
        """One visit of an option, step by step."""
        return visit_times(option, self.book, self.spins_beside)

    def short(self, option: str) -> str:
        """The name of an option where there is little room."""
        return self.book.options[option].short_name

    def day(self, day: date) -> str:
        """A day as the clinic writes it."""
        return self.told.day(day)


def compare(picked: Picked, as_of: date) -> Compared:
    """What the core says of both. Which stands first changes from day to day, as on the cards from talk to talk."""
    book = core_access.rulebook()
    order = tuple(option for option in book.order_shown(as_of.toordinal()) if option in book.model.pair)
    return Compared(picked, core_access.recommended(picked.answers, as_of, book), book, order)
