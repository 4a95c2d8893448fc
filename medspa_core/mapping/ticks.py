"""Columns of one choice each, ticked or not, in; the answers of their questions out. What is not ticked answers nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from medspa_core.mapping.form_tools import NOT_TICKED, TICKED, split_title
from medspa_core.mapping.rules import NOT_ANSWERED, ColumnRule, Words
from medspa_core.mapping.texts import folded, in_short
from medspa_core.tables.files.found_table import CELLS, by_row
from medspa_core.tables.row_blocks import BadCell, Block

ON, OFF, STRANGE = 1, 0, -1
MOST_SHOWN, MOST_KEPT = 2, 11
EXPECTED = "1 or 0, Checked or Unchecked, or the choice's own words"
WHAT_TO_DO = 'If that is a tick, give the column label = "…"; if it is none, say under [words] that it is no answer, ""'

_NUMBER = re.compile(r"^([01])\.0+$")  # as a typed file writes it where others are missing

Boxes = Mapping[str, pa.DictionaryArray]
"""By title, or by question."""
States = np.ndarray[Any, np.dtype[np.int8]]


class Ticks:
    """The boxes of a form. `not_known`: what stood in one that nobody has said to be a tick or none, by title."""

    def __init__(self, rules: Mapping[str, Sequence[ColumnRule]], words: Words) -> None:
        self.rules = rules
        self.no_answer = {word for word, means in words.items() if means == NOT_ANSWERED and isinstance(means, str)}
        self.titles = {rule.title: _words_of(rule) for rules_of_one in rules.values() for rule in rules_of_one}
        self.not_known: dict[str, dict[str, str]] = {}

    def read(self, block: Block, cells: Boxes) -> tuple[Block, Boxes]:
        """The rows whose ticks agree, and their answers by question. `cells`: the boxes by title."""
        states = {title: self._states(title, cells[title]) for title in self.titles}
        bad = self._strange(block, cells, states)
        bad += self._disagreeing(block, states, {cell.line for cell in bad})
        answers = {name: self._answers(rules, states, block.lines.size) for name, rules in self.rules.items()}
        if not bad:
            return block, answers
        keep = np.flatnonzero(~np.isin(block.lines, [cell.line for cell in bad]))
        places = pa.array(keep)
        kept = {name: column.take(places) for name, column in block.cells.items()}
        good = replace(block, lines=block.lines[keep], cells=kept, bad=[*block.bad, *bad])
        return good, {name: column.take(places) for name, column in answers.items()}

    def state(self, title: str, cell: str) -> int:
        """Whether a cell is a tick. No word of the mapping makes one: it may be said for the column alone, as its label."""
        word = _NUMBER.sub(r"\1", folded(cell))
        label, own_words = self.titles[title]
        if word and word == label:
            return ON
        if not word or word in NOT_TICKED:
            return OFF
        if word in TICKED or word in own_words:
            return ON
        return OFF if word in self.no_answer else STRANGE

    def _states(self, title: str, cells: pa.DictionaryArray) -> States:
        known = np.array([self.state(title, cell) for cell in cells.dictionary.to_pylist()], dtype=np.int8)
        return by_row(known, cells, OFF)

    def _strange(self, block: Block, cells: Boxes, states: Mapping[str, States]) -> list[BadCell]:
        found = []
        for title, state in states.items():
            for row in np.flatnonzero(state == STRANGE).tolist():
                cell = " ".join(cells[title][row].as_py().split())
                words = self.not_known.setdefault(title, {})
                if len(words) < MOST_KEPT:
                    words.setdefault(folded(cell), cell)
                reason = f"expected {EXPECTED}, found {in_short(cell)}. {WHAT_TO_DO}"
                found.append(BadCell(int(block.lines[row]), title, reason))
        return found

    def _disagreeing(self, block: Block, states: Mapping[str, States], told: set[int]) -> list[BadCell]:
        """Rows in which two ticks give one question two answers, one line each."""
        wrong = np.zeros(block.lines.size, dtype=bool)
        for rules in self.rules.values():
            by_answer = [
                np.logical_or.reduce([states[rule.title] == ON for rule in rules if rule.ticked == answer])
                for answer in dict.fromkeys(rule.ticked for rule in rules)
            ]
            wrong |= np.sum(by_answer, axis=0) > 1
        rows = [(row, int(block.lines[row])) for row in np.flatnonzero(wrong).tolist()]
        ticked = [(line, {title for title in states if states[title][row] == ON}) for row, line in rows]
        return [self._disagreement(line, titles) for line, titles in ticked if line not in told]

    def _disagreement(self, line: int, ticked: set[str]) -> BadCell:
        pairs, first = [], ""
        for rules in self.rules.values():
            on = [rule for rule in rules if rule.title in ticked]
            other = next((rule for rule in on if rule.ticked != on[0].ticked), None)
            if other is not None:
                first = first or on[0].title
                pairs.append(f"{in_short(on[0].title)} ({on[0].ticked}) with {in_short(other.title)} ({other.ticked})")
        said = "; ".join([*pairs[:MOST_SHOWN], *(["…"] if len(pairs) > MOST_SHOWN else [])])
        return BadCell(line, first, f"expected ticks that agree, found {said}")

    def _answers(self, rules: Sequence[ColumnRule], states: Mapping[str, States], rows: int) -> pa.DictionaryArray:
        answers = list(dict.fromkeys(rule.ticked for rule in rules))
        places = np.full(rows, -1, dtype=np.int32)
        for rule in rules:
            places[states[rule.title] == ON] = answers.index(rule.ticked)
        indices = pa.array(places, mask=places < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(answers)).cast(CELLS)


def _words_of(rule: ColumnRule) -> tuple[str, frozenset[str]]:
    """The label that the mapping gives a column, and the choice's words as its title has them: whole, or at its end."""
    parts = (part for _, part in split_title(rule.title))
    return folded(rule.label), frozenset(map(folded, (rule.title, *parts)))
