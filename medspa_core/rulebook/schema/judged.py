"""Contraindications, gates, exam and standing orders: what an answer means for treatment, and who may say otherwise."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from medspa_core.rulebook.schema.entries import AnswerId, Entry, OptionId, QuestionId, SourceId

VerdictWord = Literal["clear", "caution", "needs_review", "deferred", "excluded"]


class Case(Entry):
    """What one answer to a contraindication's question means for each option."""

    verdicts: dict[OptionId, VerdictWord]
    days: int = Field(default=0, ge=0, le=3650)
    days_from_a_date: int | None = Field(default=None, ge=1, le=3650)  # where the client gave a day; None: `days`
    days_from: str = ""
    below: int | None = None
    start: int | None = Field(default=None, alias="from")
    to: int | None = None
    client: str
    staff: str

    @property
    def dated_days(self) -> int:
        """The wait from the day that the client gave."""
        return self.days if self.days_from_a_date is None else self.days_from_a_date


class Contraindication(Entry):
    """A question whose answer can change a verdict; its id is the question's."""

    sources: tuple[SourceId, ...]
    basis: str
    note: str = ""
    unanswered: Literal["review", "no_finding"] = "review"
    cases: dict[AnswerId, Case]


class Gate(Entry):
    """A rule of place or product: on the option, not on the client."""

    excluded_by: Literal["", "place", "product"] = ""
    options: tuple[OptionId, ...]
    verdict: VerdictWord
    question: QuestionId
    match: Literal["all", "any"] = "all"
    when: dict[str, tuple[AnswerId, ...]]
    client: str
    staff: str
    sources: tuple[SourceId, ...]


class ClearanceRule(Entry):
    """How long a clinician's word on one contraindication or gate counts, and which hard stops it may lift."""

    days: int = Field(ge=1, le=3650)
    may_lift: tuple[AnswerId, ...] = ()


class ExamFile(Entry):
    """What an exam and an order hold, and for how long."""

    reviewed: date
    basis: str
    exam_days: int = Field(ge=1, le=3650)
    order_days: int = Field(ge=1, le=3650)
    most_sessions: int = Field(ge=1, le=12)
    deepest_tenths_mm: int = Field(ge=1, le=50)
    clearances: dict[str, ClearanceRule]


class StandingOrder(Entry):
    """What may be done for any client it fits, once the director has signed it as it stands."""

    name: str
    on: dict[QuestionId, tuple[AnswerId, ...]]
    order: str
    days: int = Field(ge=1, le=3650)
    sources: tuple[SourceId, ...]
    basis: str
    reviewed: date
