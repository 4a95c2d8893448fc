"""Criteria, model and flips: what can matter, how much it counts, and what is tried to see what would change."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from medspa_core.rulebook.schema.claims_and_sources import SourceKind
from medspa_core.rulebook.schema.entries import AnswerId, Entry, OptionId, QuestionId, Share, Sourced, Thousandths
from medspa_core.rulebook.schema.on_screens import CriterionSaid

ByOption = dict[OptionId, Thousandths]


class Less(Entry):
    """Thousandths taken off an option on one basis when an answer fits."""

    basis: Literal["clinic", "published"]
    options: tuple[OptionId, ...]
    question: QuestionId
    answers: tuple[AnswerId, ...] = ()
    at_least: int | None = None
    points: Thousandths


class Criterion(Sourced):
    """Something that can matter to a client, and how far each option meets it."""

    looks_up: QuestionId = ""
    chance: Literal[
        "",
        "visit_within_minutes",
        "course_within_visits",
        "ready_by_date",
        "course_within_budget",
        "redness_within_days",
    ] = ""
    default_importance: Literal["none", "little", "lot"]
    credence: Share | None = None
    credence_because: str = ""
    claims: tuple[str, ...] = ()
    excludes: dict[AnswerId, tuple[OptionId, ...]] = Field(default_factory=dict)
    both: dict[AnswerId, ByOption] = Field(default_factory=dict)
    clinic: dict[AnswerId, ByOption] = Field(default_factory=dict)
    published: dict[AnswerId, ByOption] = Field(default_factory=dict)
    less: tuple[Less, ...] = ()
    said: CriterionSaid


class StandingRules(Entry):
    """From which lead and robustness a standing is clear, or a close call; leads in thousandths of fit."""

    must_at_least: Thousandths
    close_call_lead: Thousandths
    close_call_robustness: Share
    clear_robustness: Share
    unmet_below: Thousandths


class CourseRules(Entry):
    """Which quantiles a span shows, and how sure a safe start must be."""

    low_quantile: Share
    typical_quantile: Share
    high_quantile: Share
    safe_start_chance: Share


class SourceRules(Entry):
    """Which kinds of source no number may stand on, and which not on one alone."""

    not_behind_a_number: tuple[SourceKind, ...]
    never_alone: tuple[SourceKind, ...]


class ModelFile(Entry):
    """The pair, the weight of each importance, the credence of each verdict, and the sets of rules above. A file without
    a version is of the first: it counts the bare chance of keeping a limit."""

    version: Literal[1, 2] = 1
    pair: tuple[OptionId, OptionId]
    training_only: bool
    weights: dict[AnswerId, Annotated[int, Field(ge=0, le=3)]]
    credence: dict[str, Share]
    standing: StandingRules
    course: CourseRules
    sources: SourceRules | None = None  # None: kept from before there were such rules


class Grid(Entry):
    """The other values of one answer that are tried."""

    values: tuple[int, ...] = ()
    days_after_as_of: tuple[int, ...] = ()
    also: tuple[AnswerId, ...] = ()


class RulebookSteps(Entry):
    """How far the rulebook's own numbers are moved, and how many flips are shown."""

    share_steps: tuple[Share, ...]
    price_steps: tuple[Share, ...]
    minute_steps: tuple[int, ...]
    show: int


class FlipsFile(Entry):
    """What is tried."""

    answers: dict[QuestionId, Grid]
    rulebook: RulebookSteps
