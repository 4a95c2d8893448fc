"""A result in words, for two readers: a recommendation goes in, the client's sentences come out. Staff read the numbers.

Sentences live in `data/result_words.toml`; which one is said follows from the outcome alone, so every client with the same
outcome reads the same words. Screens and paper say it through here.
"""

from medspa_core.wording.flips import FlipLine, flip_lines
from medspa_core.wording.headlines import has_answered, headline
from medspa_core.wording.holds import causes, looked_at_first
from medspa_core.wording.limit_marks import Mark, date_marks, limit_mark, ready_text
from medspa_core.wording.limits import event_of, is_at_best, is_ready
from medspa_core.wording.of_entries import part_name, points_of, step_said, studied_for
from medspa_core.wording.plan_words import (
    concern_text,
    cost_text,
    facts,
    limits_text,
    looked_at,
    matters_text,
    maybe_more,
    then_text,
)
from medspa_core.wording.reasons import ReasonList, overall_reasons, pair_reasons
from medspa_core.wording.states import State, short_why, state_of, why_not
from medspa_core.wording.to_note import all_too_young, none_without_needles, to_note, why_none
from medspa_core.wording.words import (
    FILE,
    Told,
    Words,
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
    "Mark",
    "ReasonList",
    "State",
    "Told",
    "Words",
    "all_too_young",
    "capital",
    "causes",
    "concern_text",
    "cost_text",
    "date_marks",
    "day_text",
    "day_words",
    "event_of",
    "facts",
    "flip_lines",
    "has_answered",
    "headline",
    "is_at_best",
    "is_ready",
    "limit_mark",
    "limits_text",
    "listed",
    "looked_at",
    "looked_at_first",
    "matters_text",
    "maybe_more",
    "money_text",
    "none_without_needles",
    "overall_reasons",
    "pair_reasons",
    "part_name",
    "points_of",
    "read_words",
    "ready_text",
    "short_why",
    "state_of",
    "step_said",
    "studied_for",
    "then_text",
    "to_note",
    "why_none",
    "why_not",
]
