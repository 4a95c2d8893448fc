"""A cell of a table in, the answer that it stands for out, as a client's JSON has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from medspa_core.answer_codes import Column
from medspa_core.formats.shown import whole_or_huge

NOTHING_IN_A_CELL = "none"
WHOLE = re.compile(r"(-?[0-9]+)(?:\.0+)?")  # also 44.0, as programs write a whole number beside missing ones
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?")


def cell_value(column: Column, text: str) -> Any:
    """A cell of a table as the value it stands for; an empty cell is unanswered. Blanks around an answer and its letter case
    count for nothing. What it isn't stays text as it stood, and is refused."""
    plain = text.strip()
    if column.kind == "text" and plain:
        return text
    if plain == "":
        return None
    if column.kind == "several":
        listed = [_known(column, item, item) for item in plain.split("|")]
        return [] if plain.casefold() == NOTHING_IN_A_CELL else listed
    if column.kind == "whole_number" and (number := WHOLE.fullmatch(plain)):
        return whole_or_huge(number[1])
    if column.kind in ("date", "since") and (moment := MOMENT.fullmatch(plain)):
        return moment[1]
    if set(column.answers) == {"true", "false"} and plain.casefold() in column.answers:
        return plain.casefold() == "true"
    return _known(column, plain, text)


def _known(column: Column, plain: str, text: str) -> str:
    """The answer that a text is, whatever its letter case; else the text. A typed file says yes and no as true and false, and
    writes 2.0 for a 2 where others are missing."""
    answers = _folded_answers(column)
    folded = plain.strip().casefold()
    number = WHOLE.fullmatch(folded)
    return answers.get(number[1] if number else folded, text)


@lru_cache(maxsize=512)
def _folded_answers(column: Column) -> Mapping[str, str]:
    answers = {answer.casefold(): answer for answer in column.answers}
    return {"true": "yes", "false": "no", **answers} if {"yes", "no"} <= answers.keys() else answers
