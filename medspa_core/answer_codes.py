"""One answer in, the whole number that stands for it in a table out, and back; or what is expected in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.formats.shown import HugeNumber, one_of, shown
from medspa_core.rulebook.schema.asked import Question

Codes = NDArray[np.int32]

UNANSWERED = -1  # of a number or a date; a choice that is unanswered has code 0
IN_A_WORD = -2  # "any" or "none" instead of a number or a date
NO_TEXT = ("Cc", "Cs")  # kinds of characters that no text holds: control characters and halves of a pair


class NotAccepted(ValueError):
    """One value that is not an answer to its question. The text says what is expected."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of the table: the question it belongs to, the part of it, and the answers that have a code."""

    name: str
    question_id: str
    kind: str
    answers: tuple[str, ...]
    question: Question
    default: int


def code_of(column: Column, value: Any, as_of: date) -> int:
    """The code of one answer. Raises NotAccepted, saying what is expected and what was found."""
    try:
        return READERS[column.kind](column, value, as_of)
    except NotAccepted as problem:
        raise NotAccepted(f"expected {problem}, found {shown(value)}") from None


def _choice_code(column: Column, value: Any, as_of: date) -> int:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or text not in column.answers:
        raise NotAccepted(one_of(column.answers))
    return 1 + column.answers.index(text)


def _older_code(column: Column, value: Any, as_of: date) -> int:
    if not isinstance(value, str) or value not in column.answers:
        raise NotAccepted(one_of(column.answers))
    read_as = column.question.older[column.name][value]
    return 1 + column.question.answers.index(read_as) if read_as else 0


def _product_code(column: Column, value: Any, as_of: date) -> int:
    if set(column.answers) == {"true", "false"}:
        return 1 + column.answers.index(str(_true_or_false(value)).lower())
    return _choice_code(column, value, as_of)


def _setting_code(column: Column, value: Any, as_of: date) -> int:
    return int(_true_or_false(value))


def _true_or_false(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotAccepted("true or false")
    return value


def _number_code(column: Column, value: Any, as_of: date) -> int:
    question = column.question
    if isinstance(value, str) and value in column.answers and not isinstance(value, HugeNumber):
        return IN_A_WORD
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    words = "".join(f' or "{word}"' for word in column.answers)
    if type(value) is not int:
        raise NotAccepted(f"a whole number {question.low}-{question.high}{words}")
    if not question.low <= value <= question.high:
        raise NotAccepted(f"{question.low}-{question.high}{words}")
    return value


def _date_code(column: Column, value: Any, as_of: date) -> int:
    """Days after as_of. A start in the past counts as today, since treatment begins no earlier (MODEL section 1)."""
    question = column.question
    if isinstance(value, str) and value in column.answers:
        return IN_A_WORD
    latest = years_after(as_of, question.within_years)
    day = date_of(value)
    if day is None or day > latest or (question.after_as_of and day <= as_of):
        after = f" after {as_of}" if question.after_as_of else ""
        words = "".join(f' or "{word}"' for word in column.answers)
        raise NotAccepted(f"a date (YYYY-MM-DD){after} and no later than {latest}{words}")
    return max(0, (day - as_of).days)


def _since_code(column: Column, value: Any, as_of: date) -> int:
    """Days before as_of."""
    earliest = years_after(as_of, -column.question.within_years)
    day = date_of(value)
    if day is None or not earliest <= day <= as_of:
        raise NotAccepted(f"a date (YYYY-MM-DD) from {earliest} to {as_of}")
    return (as_of - day).days


def _text_code(column: Column, value: Any, as_of: date) -> int:
    """No code: what is typed is only looked at for whether it may be kept."""
    if not isinstance(value, str) or len(value) > column.question.high:
        raise NotAccepted(f"a text of at most {column.question.high} characters")
    if any(unicodedata.category(character) in NO_TEXT and character not in "\n\r\t" for character in value):
        raise NotAccepted("a text of characters that can be read")
    return 0


def _several_code(column: Column, value: Any, as_of: date) -> int:
    listed = isinstance(value, list | tuple)
    if not listed or any(not isinstance(item, str) or item not in column.answers for item in value):
        raise NotAccepted(f"a list of {one_of(column.answers)}")
    return sum(1 << column.answers.index(item) for item in set(value))


READERS: Mapping[str, Callable[[Column, Any, date], int]] = {
    "choice": _choice_code,
    "older": _older_code,
    "product": _product_code,
    "yes_no_setting": _setting_code,
    "whole_number": _number_code,
    "date": _date_code,
    "since": _since_code,
    "text": _text_code,
    "several": _several_code,
}


def answer_of(column: Column, code: int, as_of: date) -> Any:
    """The answer a code stands for: the inverse of `code_of`; None is unanswered."""
    if column.kind in ("choice", "product"):
        answer = column.answers[code - 1] if code else None
        return answer == "true" if answer in ("true", "false") else answer
    if column.kind == "yes_no_setting":
        return bool(code)
    if column.kind == "several":
        return [answer for bit, answer in enumerate(column.answers) if code >> bit & 1]
    if code == UNANSWERED:
        return None
    if code == IN_A_WORD:
        return column.answers[0]
    if column.kind == "since":
        return (as_of - timedelta(days=code)).isoformat()
    return (as_of + timedelta(days=code)).isoformat() if column.kind == "date" else code


def date_of(value: Any) -> date | None:
    """The date of an ISO text such as 2027-06-12, or None."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
