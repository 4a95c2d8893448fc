"""What screens and papers say of one entry. It stands with the entry, and the director signs it as all that the entry says."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from medspa_core.rulebook.schema.entries import AnswerId, Entry, QuestionId, SourceId

SAID = "said"
"""The key under which an entry holds what is said of it."""


def _with(*names: str) -> Callable[[str], str]:
    """A sentence in which these names may stand in braces, and no others: each is filled in when it is said."""

    def check(text: str) -> str:
        accepted = " and ".join(f"{{{name}}}" for name in names) or "nothing"
        try:
            found = [part for part in Formatter().parse(text) if part[1] is not None]
        except ValueError:
            raise ValueError(f"braces that do not close; {accepted} may stand in braces. Correct it") from None
        for _, name, shape, way in found:
            if name not in names or shape or way:
                raise ValueError(f"{accepted} may stand in braces; found {{{name}}}. Correct it")
        return text

    return check


Text = Annotated[str, Field(min_length=1), AfterValidator(_with())]
OfAnswer = Annotated[str, Field(min_length=1), AfterValidator(_with("answer"))]
OfLimit = Annotated[str, Field(min_length=1), AfterValidator(_with("limit"))]
OfNumber = Annotated[str, Field(min_length=1), AfterValidator(_with("number"))]
OfAmount = Annotated[str, Field(min_length=1), AfterValidator(_with("amount"))]


class LimitSaid(Entry):
    """A criterion with a limit of the client's: where nothing keeps it, its number, and what waiting and the plan say of it."""

    none_keeps: OfLimit
    none_keeps_zero: OfLimit | None = None  # where the limit is 0
    amount: OfNumber | None = None  # short, on a card; money is written as money
    amount_one: OfNumber | None = None
    amount_full: OfNumber | None = None  # in a sentence
    amount_full_one: OfNumber | None = None
    waiting: Text
    on_plan: OfAmount

    def amount_of(self, number: int, *, full: bool) -> str:
        """3 min, 1 visit; `full` is for a sentence: 3 minutes, 2 red days."""
        one = number == 1
        found = (
            self.amount_full_one if full and one else None,
            self.amount_full if full else None,
            self.amount_one if one else None,
            self.amount,
        )
        return next(text for text in found if text).format(number=number)


class CriterionSaid(Entry):
    """What can matter, in words: its name on What matters, and how it goes on in each sentence that names it."""

    name: Text
    help: str = ""
    limit: QuestionId = ""  # whose answer says how much is enough
    about: QuestionId = ""  # whose answer speaks of it
    in_a_sentence: Text
    reason: Text  # why one option more than another
    same: Text  # after "the same for both": only where both have the same figures
    told_us: Text  # after "what you told us about", or what was not told
    weighed: Text  # in "if ... counted a lot", "did not count", "were a must"
    limits: LimitSaid | None = None


class Studied(Entry):
    """What was studied of the pair side by side, for one concern."""

    text: Text
    sources: tuple[SourceId, ...]


class QuestionSaid(Entry):
    """A question of plans and wishes: where it stands, its answer in the strip of answers, and as something that could be
    otherwise."""

    under: Literal["first", "plans", "habits", "wishes"]  # the last on What matters, the others on You
    short: OfAnswer
    first_tap: int | None = None  # a number: where the first tap on + or - goes
    each_tap: int | None = Field(default=None, ge=1)  # and how far each one after it
    fact: bool = False  # about the client, no wish: it is not said what another answer would change
    flip: dict[str, OfAnswer] = Field(default_factory=dict)
    in_a_sentence: dict[AnswerId, Text] = Field(default_factory=dict)
    studied: dict[AnswerId, Studied] = Field(default_factory=dict)


class StepWith(Entry):
    """A step that puts something on the skin."""

    name: Text
    feels: Text


class StepSaid(Entry):
    """A step of a visit: its name, in a small space too, and what it feels like."""

    name: Text
    short: Text
    feels: Text
    feels_sources: tuple[SourceId, ...] = ()
    with_material: dict[Literal["own_blood", "exosome_product"], StepWith] = Field(default_factory=dict)


class Points(Entry):
    """Good and not so good, each with its sources."""

    good: Text
    good_sources: tuple[SourceId, ...]
    not_good: Text
    not_good_sources: tuple[SourceId, ...]


class OptionSaid(Entry):
    """What an option is, and its points for each concern; `none`: before the client has said what to change."""

    what: Text
    points: dict[AnswerId, Points]
