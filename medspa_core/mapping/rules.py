"""A mapping as the rest sees it: which column of a form answers which question, and what its words mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from medspa_core.answer_codes import Column
from medspa_core.formats.typed_dates import DateStyle
from medspa_core.intake import OBJECTS, columns_of, older_columns, text_columns
from medspa_core.rulebook import Rulebook
from medspa_core.tables.cell_values import NOTHING_IN_A_CELL

SKIP = "skip"  # a column that somebody has decided not to use
UNDECIDED = "?"  # what nobody has decided yet
NOT_ANSWERED = ""

Answer = str | int | bool
Words = Mapping[str, Answer]
"""Folded word -> what it means; NOT_ANSWERED for a word that is no answer."""


@dataclass(frozen=True)
class ColumnRule:
    """One column of the form: the column of the intake that it fills, and how its cells are read."""

    title: str
    fills: str
    entry: str = ""  # of a list: the one entry that this column ticks
    separator: str = ""  # of several choices in one cell: what stands between them
    units: tuple[str, ...] = ()  # what may stand before or after a number
    date_order: DateStyle | None = None
    together: tuple[str, ...] = ()  # where its choices answer several questions: all of them
    ticked: str = ""  # of a column that is one choice: the answer that a tick gives. None is no answer, never another
    birth_date: bool = False  # where an age is asked: whether the birth date stands there instead
    label: str = ""  # of such a column: what stands in a ticked cell, if it is not said by the title


@dataclass(frozen=True)
class FormMapping:
    """A mapping file, checked. `answers` is by column of the intake, or by question for all its columns."""

    name: str
    columns: tuple[ColumnRule, ...]
    title_rows: tuple[int, ...] = (1,)
    skip_rows: int = 0
    words: Words = field(default_factory=dict)
    answers: Mapping[str, Words] = field(default_factory=dict)


def intake_columns(rulebook: Rulebook) -> Mapping[str, Column]:
    """Every column that a form's column can fill, but the id."""
    return {**columns_of(rulebook), **older_columns(rulebook), **text_columns(rulebook)}


def objects_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Questions that are spread over several columns: importance.cost, since.nsaid."""
    return tuple(key for key, question in rulebook.questions.items() if question.kind in OBJECTS)


def ids_of(column: Column) -> tuple[str, ...]:
    """The answers of a column that have an id of their own; for a list also the one for an empty list."""
    return (*column.answers, NOTHING_IN_A_CELL) if column.kind == "several" else column.answers
