"""The rulebook as the rest of the core sees it: everything in `data/` that decides, frozen, with a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from medspa_core.rulebook.schema import asked, claims_and_sources, judged, offered, weighed

CLINIC, PUBLISHED, CONSIDERED = BASES = ("clinic", "published", "considered")
OWN_BASES = (CLINIC, PUBLISHED)  # the two that carry numbers of their own


@dataclass(frozen=True)
class Limit:
    """What a client may set a limit to: the question it is given in, and the course's span that it is held against."""

    question: str
    span: str


LIMITS: Mapping[str, Limit] = {
    "visit_within_minutes": Limit("minutes_per_visit", "visit_minutes"),
    "course_within_visits": Limit("visits_willing", "sessions"),
    "course_within_budget": Limit("budget", "course_cost"),
    "redness_within_days": Limit("downtime_days", "downtime_days"),
}
"""By the chance that a criterion names."""

SETTINGS = ("prp_kit_cleared", "licence_covers_needling", "licence_covers_draw")
PRODUCT = ("source", "use", "has_lot_and_certificate")
GATE_KEYS = {"place": "place", **{key: f"exosome_product.{key}" for key in PRODUCT}, **{key: key for key in SETTINGS}}
"""What a gate may ask for -> the column of the intake that says it."""
NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Everything that decides. Mappings are keyed by the ids of the files; options run by rank, waiting last."""

    revision: str
    questions: Mapping[str, asked.Question]
    cards: Mapping[str, asked.Card]
    glossary: Mapping[str, asked.Term]
    contraindications: Mapping[str, judged.Contraindication]
    gates: Mapping[str, judged.Gate]
    exam: judged.ExamFile
    standing_orders: Mapping[str, judged.StandingOrder]
    criteria: Mapping[str, weighed.Criterion]
    claims: Mapping[str, claims_and_sources.Claim]
    never_say: Mapping[str, claims_and_sources.NeverSay]
    status: Mapping[str, claims_and_sources.Status]
    protocol: offered.ProtocolFile
    clinic: offered.ClinicFile
    model: weighed.ModelFile
    flips: weighed.FlipsFile
    options: Mapping[str, offered.OptionFile]
    sources: Mapping[str, claims_and_sources.Source]
    draws: Mapping[str, tuple[int, ...]]
    filled_in: frozenset[str] = frozenset()  # places at which the files say nothing and the program's own words stand

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Ids of the options that are ranked, in the order of their rank."""
        return tuple(option_id for option_id, option in self.options.items() if option.rank)

    @cached_property
    def concerns(self) -> tuple[str, ...]:
        """What a client can want to change."""
        return self.questions["concern"].answers

    @cached_property
    def safety_questions(self) -> tuple[str, ...]:
        """Questions whose unanswered state is itself a finding: they are always asked."""
        return tuple(
            question_id
            for question_id in self.questions
            if (rule := self.contraindications.get(question_id)) and rule.cases and rule.unanswered == "review"
        )

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """Criterion -> its limit, in the order of the criteria: those that are graded, with the chance of keeping them
        beside. None under a rulebook of version 1, which counts the bare chance."""
        if self.model.version == 1:
            return {}
        return {key: LIMITS[one.chance] for key, one in self.criteria.items() if one.chance in LIMITS}

    @cached_property
    def dated_questions(self) -> tuple[str, ...]:
        """Questions that may have the day of the last time (`since`)."""
        asked = self.questions.items() if any(one.kind == "since" for one in self.questions.values()) else ()
        return tuple(question_id for question_id, question in asked if question.window_days is not None)

    @cached_property
    def older_questions(self) -> Mapping[str, str]:
        """Ids that a question had before -> its id now."""
        return {older: now for now, question in self.questions.items() for older in question.older}

    def order_shown(self, number: int) -> tuple[str, ...]:
        """Waiting, what is neither of the pair, then the pair: first one way round, then the other, by the number of the talk."""
        pair = tuple(reversed(self.model.pair)) if number % 2 else self.model.pair
        waiting = tuple(option for option, file in self.options.items() if not file.rank)
        between = tuple(option for option in self.ranked if option not in pair)
        return (*waiting, *between, *pair)

    def asked_under(self, *places: str) -> tuple[str, ...]:
        """The questions of plans and wishes that stand under these headings, heading by heading."""
        said = {key: question.said.under for key, question in self.questions.items() if question.said is not None}
        return tuple(key for place in places for key, under in said.items() if under == place)

    @cached_property
    def credences(self) -> Mapping[str, Decimal]:
        """Criterion -> how far the clinic's own figure counts, 0 to 1: the smallest of its claims' verdicts."""
        return {criterion_id: self._credence(criterion) for criterion_id, criterion in self.criteria.items()}

    def _credence(self, criterion: weighed.Criterion) -> Decimal:
        if criterion.credence is not None:
            return criterion.credence
        return min(self.model.credence[self.claims[claim].verdict] for claim in criterion.claims)
