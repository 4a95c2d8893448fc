"""The days beside answers (since.nsaid), block by block, in; out which of them count for nothing, and which deny the answer.

What is computed stays as the model has it: a day counts only beside an answer that waits. Whoever fills in the table is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from medspa_core.answer_codes import UNANSWERED, Codes
from medspa_core.contraindication import NOT_SURE
from medspa_core.formats.shown import some_of
from medspa_core.intake import IntakeTable, since_column
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.asked import Question
from medspa_core.tables.row_blocks import Lines

DENIED = ("no", "none", "not_applicable")
NEVER: tuple[int, int] = (1, 0)  # no day lies in it
LONGEST = 2**31 - 1
MOST_LINES = 5
_DAYS = re.compile(r"_(\d+)_days\b")  # last_2_days says itself how far back it looks


@dataclass
class _Found:
    """What was found of one question: rows without use for their day, by answer, and rows whose day denies their answer."""

    no_use: Counter[str] = field(default_factory=Counter)
    denied: Counter[str] = field(default_factory=Counter)
    lines: list[int] = field(default_factory=list)


class DaysBeside:
    """Counts them."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.found = {question_id: _Found() for question_id in rulebook.dated_questions}

    def look_at(self, table: IntakeTable, lines: Lines) -> None:
        """Takes note of the rows of a block."""
        for question_id, found in self.found.items():
            days_ago = table[since_column(question_id)]
            if days_ago.max(initial=UNANSWERED) == UNANSWERED:
                continue
            codes = table[question_id]
            rows = np.flatnonzero(days_ago != UNANSWERED)
            self._look_at(self.rulebook.questions[question_id], found, days_ago[rows], codes[rows], lines[rows])

    def notices(self, name: str) -> list[str]:
        """Up to two lines a question."""
        return [f"{name}: {line}" for question_id, found in self.found.items() for line in _told(question_id, found)]

    def _look_at(self, question: Question, found: _Found, days_ago: Codes, codes: Codes, lines: Lines) -> None:
        bounds = np.array(denying_days(question))
        denied = (bounds[codes, 0] <= days_ago) & (days_ago <= bounds[codes, 1])
        answers = ("", *question.answers)
        no_use = [code for code, answer in enumerate(answers) if answer in ("", NOT_SURE)]
        for counter, of_rows in ((found.no_use, codes[np.isin(codes, no_use)]), (found.denied, codes[denied])):
            for code, rows in zip(*np.unique(of_rows, return_counts=True), strict=True):
                counter[answers[code]] += int(rows)
        found.lines += lines[denied][: MOST_LINES + 1 - len(found.lines)].tolist()


def denying_days(question: Question) -> list[tuple[int, int]]:
    """By code of the answer: from and to how many days ago the last time cannot be, if that is the answer."""
    return [NEVER, *(_denying(question, answer) for answer in question.answers)]


def _denying(question: Question, answer: str) -> tuple[int, int]:
    windows = question.window_days.values() if isinstance(question.window_days, dict) else [question.window_days or 0]
    if answer in DENIED:
        return 0, min(windows) - 1
    window = question.window_of(answer)
    if answer == NOT_SURE or window is None:
        return NEVER
    said = _DAYS.search(answer)
    return (min(window, int(said[1])) if said else window) + 1, LONGEST


def _told(question_id: str, found: _Found) -> Iterator[str]:
    column = since_column(question_id)
    if found.no_use:
        answer = " or ".join(said for key, said in (("", "not answered"), (NOT_SURE, "not sure")) if found.no_use[key])
        yield f"{column}: given in {_rows(found.no_use.total())} whose {question_id} is {answer}: it counts for nothing there"
    if found.denied:
        places = some_of([*map(str, found.lines)], MOST_LINES)
        line = "line" if len(found.lines) == 1 else "lines"
        answers = ", ".join(found.denied)
        yield f"{column}: denies {question_id} in {_rows(found.denied.total())} ({answers}): check them, {line} {places}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
