"""What each file of the rulebook may hold: one strict, frozen model per entry. Unknown keys are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

OptionId = str
CriterionId = str
QuestionId = str
SourceId = str
AnswerId = str

VerdictWord = Literal["clear", "caution", "needs_review", "deferred", "excluded"]
ClaimVerdict = Literal["supported", "plausible", "contested", "no_human_evidence", "contradicted", "omission"]
Thousandths = Annotated[int, Field(ge=0, le=1000)]


def _whole_as_decimal(value: Any) -> Any:
    """A share may be written 1 as well as 1.0."""
    return Decimal(value) if type(value) is int else value


def _keys_as_numbers(value: Any) -> Any:
    """A TOML key is text; the shares of a course are keyed by a number of sessions."""
    if not isinstance(value, dict):
        return value
    return {int(key) if isinstance(key, str) and key.isdecimal() else key: share for key, share in value.items()}


Share = Annotated[Decimal, BeforeValidator(_whole_as_decimal), Field(ge=0, le=1)]


class Entry(BaseModel):
    """An entry of a rulebook file: strict about its keys, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sourced(Entry):
    """A number with what it means, how well it is known, where from and when it was last looked at."""

    meaning: str = ""
    evidence: str
    sources: tuple[SourceId, ...]
    reviewed: date


class Span(Entry):
    """Low, typical, high; whole days, minutes or months."""

    low: int = Field(ge=0, le=3650)
    typical: int = Field(ge=0, le=3650)
    high: int = Field(ge=0, le=3650)

    @model_validator(mode="after")
    def run_upwards(self) -> Span:
        if not self.low <= self.typical <= self.high:
            raise ValueError(
                f"a span runs low, typical, high; found {self.low}, {self.typical}, {self.high}. Put them in order"
            )
        return self


# --- questions.toml, cards.toml -------------------------------------------------------------------------------------


class QuestionWords(Entry):
    client: str
    staff: str
    help: str = ""
    answers: dict[AnswerId, str] = {}


class Question(Entry):
    """One question: who asks it when, which answers it takes, and how it reads."""

    part: Literal["plans", "safety", "place"]
    kind: Literal["choice", "whole_number", "date", "several", "importance", "product", "yes_no_setting"]
    answers: tuple[AnswerId, ...] = ()
    fields: dict[str, tuple[AnswerId, ...]] = {}
    low: int = 0
    high: int = 0
    unit: Literal["", "years", "minutes", "visits", "money", "days"] = ""
    also: tuple[AnswerId, ...] = ()
    after_as_of: bool = False
    within_years: int = 10
    layer: Literal[
        "you", "what_matters", "hard_stop", "history", "staff_sees", "one_option", "last_days", "not_asked", "settings"
    ]
    card: str = ""
    only_while_open: OptionId = ""
    again_on_the_day: bool = False
    use: Literal["decides", "record_only"]
    words: QuestionWords


class Card(Entry):
    """A card of safety items that are asked together."""

    title: str
    ask: str
    order: int
    layer: Literal["history", "one_option", "last_days"]


class Term(Entry):
    """A hard word and its one plain explanation."""

    client: str


# --- contraindications.toml, gates.toml -----------------------------------------------------------------------------


class Case(Entry):
    """What one answer to a contraindication's question means for each option."""

    verdicts: dict[OptionId, VerdictWord]
    days: int = Field(default=0, ge=0, le=3650)
    days_from: str = ""
    below: int | None = None
    start: int | None = Field(default=None, alias="from")
    to: int | None = None
    client: str
    staff: str


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


# --- exam.toml, standing_orders.toml --------------------------------------------------------------------------------


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


# --- options/*.toml, protocol.toml, clinic.toml ---------------------------------------------------------------------


class Step(Sourced):
    """Minutes inside a visit and what they occupy."""

    minutes: Span
    occupies: tuple[Literal["client", "provider", "centrifuge"], ...]
    licence: Literal["", "needling", "draw"] = ""


StepPlan = tuple[str | tuple[str, ...], ...]


class Visit(Entry):
    one_after_another: StepPlan
    spin_during_numbing: StepPlan


class Sessions(Sourced):
    """Shares of courses by their number of sessions."""

    shares: Annotated[dict[Annotated[int, Field(ge=1, le=12)], Share], BeforeValidator(_keys_as_numbers)]

    @model_validator(mode="after")
    def add_up_to_one(self) -> Sessions:
        total = sum(self.shares.values())
        if total != 1:
            raise ValueError(f"the shares of a course add up to 1; found {total}. Change one of them")
        return self


class SessionsByBasis(Entry):
    clinic: Sessions | None = None
    published: dict[AnswerId, Sessions]


class DaysAfter(Sourced):
    days: Span
    counted_from: str


class MonthsAfter(Sourced):
    months: Span


class Price(Sourced):
    amount: int = Field(ge=1, le=1_000_000)


class OptionFile(Entry):
    """A treatment the clinic offers, or waiting (rank 0: shown everywhere, never ranked)."""

    name: str
    short_name: str
    in_a_sentence: str
    rank: int = Field(ge=0)
    material: tuple[Literal["own_blood", "exosome_product"], ...]
    licences: tuple[Literal["needling", "draw"], ...]
    blood_draw: bool
    like: OptionId = ""  # an added option: treated like this one wherever a file does not name it
    attainment: dict[CriterionId, dict[Literal["both", "clinic", "published"], dict[AnswerId, Thousandths]]] = {}
    price: Price | None = None  # of an added option; the four shipped ones have theirs in clinic.toml
    visit: Visit | None = None
    sessions: SessionsByBasis | None = None
    first_change: DaysAfter | None = None
    peak: DaysAfter | None = None
    redness: DaysAfter | None = None
    upkeep: MonthsAfter | None = None

    @model_validator(mode="after")
    def a_ranked_option_has_a_course(self) -> OptionFile:
        parts = ("visit", "sessions", "first_change", "peak", "redness", "upkeep")
        missing = [part for part in parts if getattr(self, part) is None]
        if self.rank and missing:
            raise ValueError(f"a ranked option has a course; missing {', '.join(missing)}. Add them")
        return self


class Interval(Sourced):
    days: int = Field(ge=1, le=365)


class ProtocolFile(Entry):
    interval: Interval
    steps: dict[str, Step]


class ExosomeProduct(Entry):
    source: Literal["human", "animal", "plant"] | None = None
    use: Literal["after_needling", "during_needling", "injected"] | None = None
    has_lot_and_certificate: bool | None = None


class ClinicFile(Entry):
    """The clinic's own settings."""

    place: Literal["us", "eu", "uk", "ca", "kr", "au", "other"]
    currency: str
    currency_sign: str
    prp_kit_cleared: bool
    spin_during_numbing: bool
    licence_covers_needling: bool
    licence_covers_draw: bool
    exosome_product: ExosomeProduct = ExosomeProduct()
    prices: dict[OptionId, Price]


# --- criteria.toml, model.toml, flips.toml --------------------------------------------------------------------------

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
    excludes: dict[AnswerId, tuple[OptionId, ...]] = {}
    both: dict[AnswerId, ByOption] = {}
    clinic: dict[AnswerId, ByOption] = {}
    published: dict[AnswerId, ByOption] = {}
    less: tuple[Less, ...] = ()


class StandingRules(Entry):
    must_at_least: Thousandths
    close_call_lead: Thousandths
    close_call_robustness: Share
    clear_robustness: Share
    unmet_below: Thousandths


class CourseRules(Entry):
    low_quantile: Share
    typical_quantile: Share
    high_quantile: Share
    safe_start_chance: Share


class ModelFile(Entry):
    pair: tuple[OptionId, OptionId]
    training_only: bool
    weights: dict[AnswerId, Annotated[int, Field(ge=0, le=3)]]
    credence: dict[str, Share]
    standing: StandingRules
    course: CourseRules


class Grid(Entry):
    values: tuple[int, ...] = ()
    days_after_as_of: tuple[int, ...] = ()
    also: tuple[AnswerId, ...] = ()


class RulebookSteps(Entry):
    share_steps: tuple[Share, ...]
    price_steps: tuple[Share, ...]
    minute_steps: tuple[int, ...]
    show: int


class FlipsFile(Entry):
    answers: dict[QuestionId, Grid]
    rulebook: RulebookSteps


# --- claims.toml, never_say.toml, status.toml, sources.csv ----------------------------------------------------------


class Claim(Entry):
    """What the practice says, and what the evidence says of it."""

    number: int
    practice_says: str
    verdict: ClaimVerdict
    verdict_words: str
    grade: str
    tested: str
    honest: str
    detail: str
    topics: tuple[CriterionId, ...]
    sources: tuple[SourceId, ...]


class NeverSay(Entry):
    never: str
    patterns: tuple[str, ...]
    say: str


class StatusByPlace(Entry):
    client: str
    sources: tuple[SourceId, ...]


class Status(Entry):
    """Whether regulators have approved an option: one line for the card, one text per place."""

    approval_line: str
    places: dict[str, StatusByPlace]


class Source(Entry):
    title: str
    publisher: str
    year: str
    kind: str
    url: str
    seen: Literal["yes", "no"]
    note: str
