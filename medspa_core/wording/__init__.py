"""A result in words, for two readers: a recommendation goes in, the client's sentences come out. Staff read the numbers.

Sentences live in `data/result_words.toml`; which one is said follows from the outcome alone, so every client with the same
outcome reads the same words. Screens and paper say it through here.
"""

from medspa_core.wording.flips import FlipLine, flip_lines
from medspa_core.wording.headlines import Headline, bases_line, headline
from medspa_core.wording.reasons import ReasonLine, ReasonList, overall_reasons, pair_reasons
from medspa_core.wording.states import State, short_why, state_of, too_young, why_not
from medspa_core.wording.words import (
    FILE,
    Told,
    Words,
    WordsMissing,
    capital,
    day_text,
    day_words,
    listed,
    money_text,
    read_words,
)

__all__ = [
    "FILE",
    "FlipLine",
    "Headline",
    "ReasonLine",
    "ReasonList",
    "State",
    "Told",
    "Words",
    "WordsMissing",
    "bases_line",
    "capital",
    "day_text",
    "day_words",
    "flip_lines",
    "headline",
    "listed",
    "money_text",
    "overall_reasons",
    "pair_reasons",
    "read_words",
    "short_why",
    "state_of",
    "too_young",
    "why_not",
]
