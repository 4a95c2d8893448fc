"""From answers, of one client or of a block of a million, to a table of coded columns; or every problem in them at once.

One definition reads a value, whether it stood in a form, a JSON object or a cell of a table.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.older_answers import older_answers, up_to_date
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.asked import Question

Codes = NDArray[np.int32]

UNANSWERED = -1  # of a number or a date; a choice that is unanswered has code 0
IN_A_WORD = -2  # "any" or "none" instead of a number or a date
LONGEST_SHOWN = 60
LONGEST_NUMBER = 18
EARLIEST_AS_OF, LATEST_AS_OF = date(1990, 1, 1), date(2900, 12, 31)
NOTHING_IN_A_CELL = "none"
NO_TEXT = ("Cc", "Cs")  # kinds of characters that no text holds: control characters and halves of a pair
WHOLE = re.compile(r"(-?[0-9]+)(?:\.0+)?")  # also 44.0, as programs write a whole number beside missing ones
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?")
OBJECTS = ("importance", "product", "since")  # kinds of questions whose answer is an object, a column a key


class IntakeProblem(ValueError):
    """Everything that cannot be used in an intake, one line a problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NotAccepted(ValueError):
    """One value that is not an answer to its question. The text says what is expected."""


class HugeNumber(str):
    """A number with so many digits that it is kept as text and never computed with."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of the table: the question it belongs to, the part of it, and the answers that have a code."""

    name: str
    question_id: str
    kind: str
    answers: tuple[str, ...]
    question: Question
    default: int


@dataclass(frozen=True)
class IntakeTable:
    """Coded answers, one row a client. Choices: 0 unanswered, then 1 + place in the question's answers. Numbers and dates
    (days after as_of; since: days before): the value, UNANSWERED or IN_A_WORD. Several: a bit an answer. Settings: 0 no, 1 yes.
    `variant`: which variant of the rulebook's numbers counts for the row, 0 being the rulebook itself."""

    as_of: date
    rows: int
    columns: Mapping[str, Codes]
    variant: Codes

    def __getitem__(self, name: str) -> Codes:
        return self.columns[name]


@lru_cache(maxsize=8)
def columns_of(rulebook: Rulebook) -> Mapping[str, Column]:
    """Column name -> column, in the order of the questions. `importance` is spread by criterion, the product by field."""
    columns = [column for question_id in rulebook.questions for column in _columns_of_question(question_id, rulebook)]
    return {column.name: column for column in columns}


def _columns_of_question(question_id: str, rulebook: Rulebook) -> Iterator[Column]:
    question = rulebook.questions[question_id]
    match question.kind:
        case "importance":
            for criterion in rulebook.criteria:
                yield Column(f"{question_id}.{criterion}", question_id, "choice", question.answers, question, 0)
        case "product":
            product = rulebook.clinic.exosome_product
            for field, answers in question.fields.items():
                default = _recorded(getattr(product, field), answers)
                yield Column(f"{question_id}.{field}", question_id, "product", answers, question, default)
        case "yes_no_setting":
            default = int(getattr(rulebook.clinic, question_id))
            yield Column(question_id, question_id, question.kind, ("false", "true"), question, default)
        case "choice":
            shipped = getattr(rulebook.clinic, question_id, None)
            default = 0 if shipped is None else 1 + question.answers.index(shipped)
            yield Column(question_id, question_id, "choice", question.answers, question, default)
        case "text":  # kept word for word and never judged: it has no code
            return
        case "since":
            for dated in rulebook.dated_questions:
                yield Column(since_column(dated), question_id, "since", (), question, UNANSWERED)
        case "several":
            yield Column(question_id, question_id, question.kind, question.answers, question, 0)
        case _:
            yield Column(question_id, question_id, question.kind, question.also, question, UNANSWERED)


@lru_cache(maxsize=8)
def older_columns(rulebook: Rulebook) -> Mapping[str, Column]:
    """Columns of older files, by the id that their question had then; a code is one of the question as it is now."""
    found = {}
    for older, now in rulebook.older_questions.items():
        answers, question = tuple(older_answers(older, rulebook)), rulebook.questions[now]
        found[older] = Column(older, now, "older", answers, question, 0)
    return found


@lru_cache(maxsize=8)
def text_columns(rulebook: Rulebook) -> Mapping[str, Column]:
    """Columns of what is kept in somebody's own words: they are checked like the others and stand in no table."""
    asked = rulebook.questions.items()
    return {key: Column(key, key, "text", (), question, 0) for key, question in asked if question.kind == "text"}


def since_column(question_id: str) -> str:
    """The column of the day of the last time, for a question about the last days."""
    return f"since.{question_id}"


def _recorded(value: Any, answers: tuple[str, ...]) -> int:
    """Code of a product's field: 0 not recorded."""
    if value is None:
        return 0
    return 1 + answers.index(str(value).lower() if isinstance(value, bool) else value)


def read_intake(answers: Mapping[str, Any], rulebook: Rulebook, as_of: date) -> IntakeTable:
    """A table of one row. Missing keys and nulls are unanswered; raises IntakeProblem with a line per problem."""
    columns = columns_of(rulebook)
    codes = {name: column.default for name, column in columns.items()}
    problems: list[str] = []
    readers = {**columns, **text_columns(rulebook)}
    for name, value in _spread(up_to_date(answers, rulebook), rulebook, problems):
        try:
            codes[name] = code_of(readers[name], value, as_of)
        except NotAccepted as problem:
            problems.append(f"{name}: {problem}")
    if problems:
        raise IntakeProblem(problems)
    return IntakeTable(
        as_of=as_of,
        rows=1,
        columns={name: np.array([codes[name]], dtype=np.int32) for name in columns},
        variant=np.zeros(1, dtype=np.int32),
    )


def _spread(answers: Mapping[str, Any], rulebook: Rulebook, problems: list[str]) -> Iterator[tuple[str, Any]]:
    """Answered values by column name; objects are spread into their columns."""
    for key, value in answers.items():
        question = rulebook.questions.get(key)
        if key in rulebook.older_questions:
            problems.append(f"{key}: expected {_one_of(older_columns(rulebook)[key].answers)}, found {shown(value)}")
        elif question is None:
            problems.append(f"{shown_key(key)}: not a question of this rulebook{_meant(key, rulebook)}")
        elif value is None:
            continue
        elif question.kind in OBJECTS:
            yield from _spread_object(key, question, value, rulebook, problems)
        else:
            yield key, value


def _spread_object(
    key: str, question: Question, value: Any, rulebook: Rulebook, problems: list[str]
) -> Iterator[tuple[str, Any]]:
    of_kind = {"importance": rulebook.criteria, "since": rulebook.dated_questions, "product": question.fields}
    parts = tuple(of_kind[question.kind])
    if not isinstance(value, Mapping):
        problems.append(f"{key}: expected an object of {', '.join(parts)}, found {shown(value)}")
        return
    for part, answer in value.items():
        if part not in parts:
            problems.append(f"{key}.{shown_key(part)}: expected one of {', '.join(parts)}")
        elif answer is not None:
            yield f"{key}.{part}", answer


def _meant(key: Any, rulebook: Rulebook) -> str:
    whole, _, part = str(key).partition(".")
    if part and whole in rulebook.questions and rulebook.questions[whole].kind in OBJECTS:
        return f'; write it inside {whole}: {{"{whole}": {{{json.dumps(part[:LONGEST_SHOWN])}: ...}}}}'
    close = difflib.get_close_matches(str(key)[:LONGEST_SHOWN], list(rulebook.questions), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def code_of(column: Column, value: Any, as_of: date) -> int:
    """The code of one answer. Raises NotAccepted, saying what is expected and what was found."""
    try:
        return READERS[column.kind](column, value, as_of)
    except NotAccepted as problem:
        raise NotAccepted(f"expected {problem}, found {shown(value)}") from None


def _choice_code(column: Column, value: Any, as_of: date) -> int:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or text not in column.answers:
        raise NotAccepted(_one_of(column.answers))
    return 1 + column.answers.index(text)


def _older_code(column: Column, value: Any, as_of: date) -> int:
    if not isinstance(value, str) or value not in column.answers:
        raise NotAccepted(_one_of(column.answers))
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
    after = f" after {as_of}" if question.after_as_of else ""
    words = "".join(f' or "{word}"' for word in column.answers)
    expected = f"a date (YYYY-MM-DD){after} and no later than {latest}{words}"
    day = date_of(value)
    if day is None or day > latest or (question.after_as_of and day <= as_of):
        raise NotAccepted(expected)
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
    expected = f"a list of {_one_of(column.answers)}"
    if not isinstance(value, list | tuple):
        raise NotAccepted(expected)
    if any(not isinstance(item, str) or item not in column.answers for item in value):
        raise NotAccepted(expected)
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
        digits = number[1]
        return int(digits) if len(digits) <= LONGEST_NUMBER else HugeNumber(digits)
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


def repeated(table: IntakeTable, rows: int) -> IntakeTable:
    """The table's only row, `rows` times, in columns that may be written to."""
    firsts = np.concatenate([codes[:1] for codes in table.columns.values()])
    columns = dict(zip(table.columns, np.repeat(firsts[:, None], rows, axis=1), strict=True))
    return replace(table, rows=rows, columns=columns, variant=np.full(rows, table.variant[0], dtype=np.int32))


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


def shown(value: Any) -> str:
    """A found value, short enough to read and on one line."""
    if isinstance(value, HugeNumber):
        return f"a number of {len(value)} digits"
    text = json.dumps(value, default=str)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def shown_key(key: Any) -> str:
    """A key as found, short, on one line."""
    text = str(key)
    plain = text if text and text.isprintable() else json.dumps(text)
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"


def _one_of(answers: tuple[str, ...]) -> str:
    return answers[0] if len(answers) == 1 else f"{', '.join(answers[:-1])} or {answers[-1]}"


def day_answered(answers: Mapping[str, Any], question_id: str) -> date | None:
    """The day that was given; None for a word such as "none", or while nothing is said."""
    answer = answers.get(question_id)
    return date.fromisoformat(answer) if isinstance(answer, str) and answer[:1].isdigit() else None
