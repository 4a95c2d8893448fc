"""Questions, cards and hard words: what is asked, with which answers, and how it reads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from medspa_core.rulebook.schema.entries import AnswerId, Entry, OptionId, QuestionId
from medspa_core.rulebook.schema.on_screens import QuestionSaid


class QuestionWords(Entry):
    """How a question and its answers read, for the client and for staff."""

    client: str
    staff: str
    in_a_sentence: str = ""  # what it is about, after "your answer on"; without it an answer is not named there
    help: str = ""  # what a word means: one tap away
    note: str = ""  # what nobody should miss: always in sight
    answers: dict[AnswerId, str] = Field(default_factory=dict)


class Question(Entry):
    """One question: who asks it when, which answers it takes, and how it reads."""

    part: Literal["plans", "safety", "place"]
    kind: Literal[
        "choice", "whole_number", "date", "several", "importance", "product", "yes_no_setting", "since", "text"
    ]
    answers: tuple[AnswerId, ...] = ()
    fields: dict[str, tuple[AnswerId, ...]] = Field(default_factory=dict)
    low: int = 0
    high: int = 0  # of a text: how many characters
    unit: Literal["", "years", "minutes", "visits", "money", "days"] = ""
    also: tuple[AnswerId, ...] = ()
    after_as_of: bool = False
    within_years: int = 10
    layer: Literal[
        "you",
        "what_matters",
        "hard_stop",
        "history",
        "staff_sees",
        "one_option",
        "last_days",
        "beside_an_answer",
        "typed",
        "not_asked",
        "settings",
    ]
    card: str = ""
    only_while_open: OptionId = ""
    again_on_the_day: bool = False
    window_days: int | dict[AnswerId, int] | None = None  # how far back it looks, if need be by answer
    older: dict[QuestionId, dict[AnswerId, AnswerId | Literal[""]]] = Field(default_factory=dict)
    needed_to_finish: bool = False  # without an answer the consultation stays open
    tried: bool = True  # another answer to it may be a flip, and it may be offered as a next question
    use: Literal["decides", "record_only"]
    words: QuestionWords
    said: QuestionSaid | None = None  # of those on You and What matters

    def window_of(self, answer: AnswerId) -> int | None:
        """How many days back an answer looks; None where it does not count days."""
        return self.window_days.get(answer) if isinstance(self.window_days, dict) else self.window_days


class Choice(Entry):
    """One tap that answers every question of its card."""

    words: str
    answers: dict[QuestionId, AnswerId]


class Card(Entry):
    """A card of safety items that are asked together; with choices, one question that stands for all of them."""

    title: str
    ask: str
    order: int
    layer: Literal["hard_stop", "history", "one_option", "last_days"]
    choices: dict[str, Choice] = Field(default_factory=dict)


class Term(Entry):
    """A hard word and its one plain explanation."""

    client: str
