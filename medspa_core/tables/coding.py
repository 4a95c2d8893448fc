"""Cells in, codes out: a block's good rows as a table of the intake, and every cell that can't be used with its reason."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute

from medspa_core.answer_codes import Codes, Column, NotAccepted, code_of
from medspa_core.contraindication import stricter
from medspa_core.formats.shown import shown
from medspa_core.intake import IntakeTable, columns_of, older_columns, text_columns
from medspa_core.rulebook import Rulebook
from medspa_core.tables.columns import Columns
from medspa_core.tables.files.found_table import by_row
from medspa_core.tables.row_blocks import ID, LOST, BadCell, Block, Lines

MOST_REMEMBERED = 100_000  # distinct cells of a column kept between blocks
LONGEST_CELL = 10_000
LONGEST_ID = 1_000
NOT_TEXT = "not UTF-8 text"


class Memory:
    """Codes of the cells seen so far: each distinct cell is read once, by the same reader as a form's answer."""

    def __init__(self, rulebook: Rulebook, as_of: date, found: Columns) -> None:
        self.columns, self.found = columns_of(rulebook), found
        self.as_of = as_of
        self.rulebook, self.older, self.texts = rulebook, older_columns(rulebook), text_columns(rulebook)
        self.seen: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)

    def coded(self, block: Block) -> tuple[IntakeTable, Lines, list[BadCell]]:
        """The block's good rows as a table, their places in the block, and the bad cells."""
        wrong: list[tuple[int, str, str]] = []
        codes = {name: self._codes(column, block, wrong) for name, column in self.columns.items()}
        for older in (column for name, column in self.older.items() if name in block.cells):
            question_id, earlier = older.question_id, self._codes(older, block, wrong)
            codes[question_id] = self._stricter(question_id, codes[question_id], earlier)
        for text in (column for name, column in self.texts.items() if name in block.cells):
            self._codes(text, block, wrong)
        if ID in block.cells:
            wrong += [(row, ID, reason) for row, reason in _wrong_ids(block.cells[ID])]
        told = (BadCell(int(block.lines[row]), self.found.title(name), reason) for row, name, reason in wrong)
        problems = list(dict.fromkeys(told))  # one cell may answer several questions
        good = np.ones(block.lines.size, dtype=bool)
        good[[row for row, _, _ in wrong]] = False
        keep = np.flatnonzero(good)
        kept = {name: column.take(keep) for name, column in codes.items()} if wrong else codes
        table = IntakeTable(self.as_of, keep.size, kept, np.zeros(keep.size, dtype=np.int32))
        return table, keep, problems

    def empty(self) -> IntakeTable:
        """A table without rows, for the columns of an output that has none."""
        none = np.zeros(0, dtype=np.int32)
        return IntakeTable(self.as_of, 0, dict.fromkeys(self.columns, none), none)

    def _codes(self, column: Column, block: Block, wrong: list[tuple[int, str, str]]) -> Codes:
        """A column's codes; what cannot be used is added to `wrong` with its row, column and reason."""
        if column.name not in block.cells:
            return np.full(block.lines.size, column.default, dtype=np.int32)
        codes, found = self._column(column, block.cells[column.name])
        wrong += [(row, column.name, reason) for row, reason in found]
        return codes

    def _stricter(self, question_id: str, codes: Codes, others: Codes) -> Codes:
        """Of two columns of one question, row by row, the answer that asks for more."""
        answers = (None, *self.rulebook.questions[question_id].answers)
        rule = self.rulebook.contraindications.get(question_id)
        first = [[stricter(rule, one, other) == one for other in answers] for one in answers]
        return np.where(np.array(first)[codes, others], codes, others)

    def _column(self, column: Column, cells: pa.DictionaryArray) -> tuple[Codes, list[tuple[int, str]]]:
        seen, words = self.seen[column.name], cells.dictionary.to_pylist()
        if len(seen) > MOST_REMEMBERED:
            seen.clear()
        for cell in (cell for cell in words if cell not in seen):
            seen[cell] = self._code(column, cell)
        read = [seen[cell] for cell in words]
        codes = np.array([code for code, _ in read] + [column.default], dtype=np.int32)
        filled = cells.indices.fill_null(len(read)) if cells.null_count else cells.indices
        indices = filled.to_numpy(zero_copy_only=False)
        wrong = np.array([bool(reason) for _, reason in read] + [False])
        places = np.flatnonzero(wrong[indices]) if wrong.any() else np.zeros(0, dtype=np.int64)
        return codes.take(indices), [(int(row), read[indices[row]][1]) for row in places]

    def _code(self, column: Column, cell: str) -> tuple[int, str]:
        """Code and reason; a reason means the cell cannot be used."""
        if LOST in cell:
            return 0, NOT_TEXT
        if len(cell) > LONGEST_CELL:
            return 0, f"expected at most {LONGEST_CELL} characters, found {len(cell)}"
        try:
            value = self.found.value(column, cell, self.as_of)
            return (column.default if value is None else code_of(column, value, self.as_of)), ""
        except NotAccepted as problem:
            return 0, str(problem)


def _wrong_ids(cells: pa.DictionaryArray) -> list[tuple[int, str]]:
    """Rows whose id is not one short line of text: a quote that is never closed would swallow the lines after it."""
    ids = cells.dictionary
    wrong = pa_compute.or_(
        pa_compute.greater(pa_compute.utf8_length(ids), LONGEST_ID),
        pa_compute.match_substring_regex(ids, f"[\\r\\n\\x00{LOST}]"),
    )
    rows = np.flatnonzero(by_row(wrong.fill_null(False).to_numpy(zero_copy_only=False), cells, False))
    return [(row, _id_problem(cells[row].as_py())) for row in rows.tolist()]


def _id_problem(text: str) -> str:
    return NOT_TEXT if LOST in text else f"expected one line of at most {LONGEST_ID} characters, found {shown(text)}"
