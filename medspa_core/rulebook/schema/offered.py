"""Options, protocol and clinic: what is offered, its visits, days, minutes and prices."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from medspa_core.formats.typed_dates import DateStyle, style_at
from medspa_core.rulebook.schema.entries import (
    AnswerId,
    CriterionId,
    Entry,
    OptionId,
    Share,
    Sourced,
    Span,
    Thousandths,
)
from medspa_core.rulebook.schema.on_screens import OptionSaid, StepSaid


def _keys_as_numbers(value: Any) -> Any:
    """A TOML key is text; the shares of a course are keyed by a number of sessions."""
    if not isinstance(value, dict):
        return value
    return {int(key) if isinstance(key, str) and key.isdecimal() else key: share for key, share in value.items()}


class Step(Sourced):
    """Minutes inside a visit and what they occupy."""

    minutes: Span
    occupies: tuple[Literal["client", "provider", "centrifuge"], ...]
    licence: Literal["", "needling", "draw"] = ""
    said: StepSaid


StepPlan = tuple[str | tuple[str, ...], ...]


class Visit(Entry):
    """The steps of a visit on both ways of running the spin; a tuple in a tuple runs at the same time."""

    one_after_another: StepPlan
    spin_during_numbing: StepPlan

    @property
    def steps(self) -> tuple[str, ...]:
        """Every step, in order."""
        return tuple(step for part in self.one_after_another for step in ((part,) if isinstance(part, str) else part))


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
    """How many sessions a course has: the clinic's own plan, and what studies gave, by concern."""

    clinic: Sessions | None = None
    published: dict[AnswerId, Sessions]


class DaysAfter(Sourced):
    """Days from what `counted_from` says."""

    days: Span
    counted_from: str


class MonthsAfter(Sourced):
    """Months until it is done again."""

    months: Span


class Price(Sourced):
    """One session, in whole units of the clinic's currency."""

    amount: int = Field(ge=1, le=1_000_000)


Attained = dict[Literal["both", "clinic", "published"], dict[AnswerId, Thousandths]]
"""How far an added option meets a criterion: by basis (or on both), then by answer."""


class OptionFile(Entry):
    """A treatment the clinic offers, or waiting (rank 0: shown everywhere, never ranked)."""

    name: str
    short_name: str
    in_a_sentence: str
    rank: int = Field(ge=0)
    material: tuple[Literal["own_blood", "exosome_product"], ...]
    licences: tuple[Literal["needling", "draw"], ...]
    blood_draw: bool
    needles: bool | None = None  # in the skin; every option says so since version 2 of the model
    like: OptionId = ""  # an added option: treated like this one wherever a file does not name it
    attainment: dict[CriterionId, Attained] = Field(default_factory=dict)
    price: Price | None = None  # of an added option; the four shipped ones have theirs in clinic.toml
    visit: Visit | None = None
    sessions: SessionsByBasis | None = None
    first_change: DaysAfter | None = None
    peak: DaysAfter | None = None
    redness: DaysAfter | None = None
    upkeep: MonthsAfter | None = None
    said: OptionSaid | None = None  # an option that is like another may say nothing of its own

    @model_validator(mode="after")
    def a_ranked_option_has_a_course(self) -> OptionFile:
        parts = ("visit", "sessions", "first_change", "peak", "redness", "upkeep")
        missing = [part for part in parts if getattr(self, part) is None]
        if self.rank and missing:
            raise ValueError(f"a ranked option has a course; missing {', '.join(missing)}. Add them")
        return self


class Interval(Sourced):
    """Days between two sessions, chosen by the clinic."""

    days: int = Field(ge=1, le=365)


class ProtocolFile(Entry):
    """The clinic's written parameters."""

    interval: Interval
    steps: dict[str, Step]


class ExosomeProduct(Entry):
    """What the clinic's product is made from, how it is used, and whether its lot has papers; None: not known."""

    source: Literal["human", "animal", "plant"] | None = None
    use: Literal["after_needling", "during_needling", "injected"] | None = None
    has_lot_and_certificate: bool | None = None


def _one_line(value: str) -> str:
    if not value.isprintable() or len(value) > LONGEST_LINE:
        raise ValueError(f"one line of at most {LONGEST_LINE} letters; found {value!r}. Make it shorter")
    return value


LONGEST_LINE = 80
Line = Annotated[str, AfterValidator(_one_line)]
SAYS_WHO = ("name", "phone", "hours", "clinician")
"""Settings that only say who the clinic is: they decide nothing, so they are no part of the rulebook's revision."""


class ClinicFile(Entry):
    """The clinic's own settings."""

    name: Line = ""
    phone: Line = ""
    hours: Line = ""
    clinician: Line = ""
    place: Literal["us", "eu", "uk", "ca", "kr", "au", "other"]
    date_style: DateStyle | None = None  # None: as at the place
    currency: str
    currency_sign: str
    prp_kit_cleared: bool
    spin_during_numbing: bool
    licence_covers_needling: bool
    licence_covers_draw: bool
    exosome_product: ExosomeProduct = ExosomeProduct()
    prices: dict[OptionId, Price]

    @property
    def dates(self) -> DateStyle:
        """The order in which this clinic writes dates, on every screen and paper."""
        return self.date_style or style_at(self.place)
