"""From answers, of one client or of a block of a million, to a table of coded columns; or every problem in them at once.

One definition reads a value, whether it stood in a form, a JSON object or a cell of a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from medspa_core.answer_codes import UNANSWERED, Codes, Column, NotAccepted, code_of
from medspa_core.formats.shown import LONGEST_SHOWN, ManyProblems, meant, one_of, shown, shown_key
from medspa_core.older_answers import older_answers, up_to_date
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.asked import Question

EARLIEST_AS_OF, LATEST_AS_OF = date(1990, 1, 1), date(2900, 12, 31)
OBJECTS = ("importance", "product", "since")  # kinds of questions whose answer is an object, a column a key


class IntakeProblem(ManyProblems, ValueError):
    """Everything that cannot be used in an intake, one line a problem."""


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
    question, clinic = rulebook.questions[question_id], rulebook.clinic
    match question.kind:
        case "importance":
            for criterion in rulebook.criteria:
                yield Column(f"{question_id}.{criterion}", question_id, "choice", question.answers, question, 0)
        case "product":
            for field, answers in question.fields.items():
                default = _recorded(getattr(clinic.exosome_product, field), answers)
                yield Column(f"{question_id}.{field}", question_id, "product", answers, question, default)
        case "since":
            for dated in rulebook.dated_questions:
                yield Column(since_column(dated), question_id, "since", (), question, UNANSWERED)
        case "yes_no_setting":
            default = int(getattr(clinic, question_id))
            yield Column(question_id, question_id, question.kind, ("false", "true"), question, default)
        case "choice" | "several":
            default = _recorded(getattr(clinic, question_id, None), question.answers)
            yield Column(question_id, question_id, question.kind, question.answers, question, default)
        case "whole_number" | "date":  # a text is kept word for word and never judged: it has no code
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
    """Code of what the clinic's settings say: 0 not recorded."""
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
            problems.append(f"{key}: expected {one_of(older_columns(rulebook)[key].answers)}, found {shown(value)}")
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
    return meant(str(key), rulebook.questions)


def repeated(table: IntakeTable, rows: int) -> IntakeTable:
    """The table's only row, `rows` times, in columns that may be written to."""
    firsts = np.concatenate([codes[:1] for codes in table.columns.values()])
    columns = dict(zip(table.columns, np.repeat(firsts[:, None], rows, axis=1), strict=True))
    return replace(table, rows=rows, columns=columns, variant=np.full(rows, table.variant[0], dtype=np.int32))


def day_answered(answers: Mapping[str, Any], question_id: str) -> date | None:
    """The day that was given; None for a word such as "none", or while nothing is said."""
    answer = answers.get(question_id)
    return date.fromisoformat(answer) if isinstance(answer, str) and answer[:1].isdigit() else None
