"""What every file of the rulebook is made of: strict entries, numbers with their source, spans, shares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

OptionId = str
CriterionId = str
QuestionId = str
SourceId = str
AnswerId = str

WHOLE = 1000
"""Chances and attainments are told in thousandths: this many are all."""

Thousandths = Annotated[int, Field(ge=0, le=WHOLE)]

NOT_YET, NO = "not_yet", "no"
"""What a client may choose beside the options: nothing is planned."""


def _whole_as_decimal(value: Any) -> Any:
    """A share may be written 1 as well as 1.0."""
    return Decimal(value) if type(value) is int else value


Share = Annotated[Decimal, BeforeValidator(_whole_as_decimal), Field(ge=0, le=1)]


class Entry(BaseModel):
    """An entry of a rulebook file: strict about its keys, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sourced(Entry):
    """A number with what it means, how well it is known, where from and when it was last looked at.

    It stands on sources, or `own_figure` says that the practice judged it itself: the one or the other.
    """

    meaning: str = ""
    evidence: str
    sources: tuple[SourceId, ...] = ()
    own_figure: bool = False
    reviewed: date


class Span(Entry):
    """Low, typical, high; whole days, minutes or months."""

    low: int = Field(ge=0, le=3650)
    typical: int = Field(ge=0, le=3650)
    high: int = Field(ge=0, le=3650)

    @model_validator(mode="after")
    def run_upwards(self) -> Span:
        if not self.low <= self.typical <= self.high:
            found = f"{self.low}, {self.typical}, {self.high}"
            raise ValueError(f"a span runs low, typical, high; found {found}. Put them in order")
        return self
