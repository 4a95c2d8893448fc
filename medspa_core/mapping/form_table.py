"""A form's table under its own titles in, the same rows under the names of the intake out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pa_compute

from medspa_core.answer_codes import Column
from medspa_core.formats.shown import meant, some_of
from medspa_core.intake import IntakeProblem
from medspa_core.mapping.cells import BETWEEN, DATES, CellReader, NotMapped, reader_of
from medspa_core.mapping.rules import SKIP, ColumnRule, FormMapping, intake_columns
from medspa_core.mapping.texts import folded, in_short
from medspa_core.mapping.ticks import WHAT_TO_DO, Ticks
from medspa_core.mapping.title_rows import under_titles
from medspa_core.rulebook import Rulebook
from medspa_core.tables.columns import Columns
from medspa_core.tables.files.found_table import ONE, SEVERAL, FoundTable
from medspa_core.tables.header import missing_columns, untitled, untitled_columns
from medspa_core.tables.row_blocks import ID, Block, TableReport

MOST_LISTED = 10


class MappedForm(Columns):
    """The columns of a form's table, as a mapping has them. Raises IntakeProblem where the two do not go together."""

    def __init__(self, mapping: FormMapping, found: FoundTable, rulebook: Rulebook, report: TableReport) -> None:
        self.found = under_titles(found, mapping.title_rows, mapping.skip_rows)
        self.rules = _rules(mapping)
        at = _places(self.found, mapping)
        keyed = (one for rules in self.rules.values() for one in _keyed(rules))
        self.places = {key: at[folded(rule.title)] for key, rule in keyed}
        columns = intake_columns(rulebook)
        ticked = {name: rules for name, rules in self.rules.items() if rules[0].ticked}
        self.ticks = Ticks(ticked, mapping.words)
        self.readers: Mapping[str, CellReader] = {
            name: reader_of(columns[name], rules, mapping, rulebook)
            for name, rules in self.rules.items()
            if name != ID and name not in ticked
        }
        self.mapping, self.not_mapped = mapping, dict[str, dict[str, str]]()
        report.notices += untitled_columns(self.found) + _skipped(self.found, mapping)
        report.notices += missing_columns(self.found, list(self.rules), rulebook)

    def block(self, block: Block) -> Block:
        """The same rows but those whose ticks deny each other; the columns of a list by entry are one."""
        ticked: Mapping[str, pa.DictionaryArray] = {}
        if self.ticks.rules:
            boxes = {rule.title: block.cells[key] for rules in self.ticks.rules.values() for key, rule in _keyed(rules)}
            block, ticked = self.ticks.read(block, boxes)
        cells = {name: ticked[name] if name in ticked else _cells(block, rules) for name, rules in self.rules.items()}
        return replace(block, cells=cells)

    def value(self, column: Column, cell: str, as_of: date) -> Any:
        """What a cell stands for, as a client's JSON has it; None is unanswered. Raises NotAccepted."""
        if column.name in self.ticks.rules:
            return cell
        try:
            return self.readers[column.name].value(cell, as_of)
        except NotMapped as problem:
            words = self.not_mapped.setdefault(column.name, {})
            for word in problem.words[: MOST_LISTED + 1 - len(words)]:
                words.setdefault(folded(word), word)
            raise

    def told(self) -> list[str]:
        """Words that the mapping says nothing about, a line for each question, and for each box."""
        words = [(self.title(name), words, self._advice(name)) for name, words in self.not_mapped.items()]
        words += [(title, words, WHAT_TO_DO) for title, words in self.ticks.not_known.items()]
        not_in = f"{self.found.name}: not in {self.mapping.name}"
        told = ((title, some_of([*map(in_short, found.values())], MOST_LISTED), write) for title, found, write in words)
        return [f"{not_in}: {title}: {some}. {write}" for title, some, write in told]

    def _advice(self, name: str) -> str:
        """Where to say what words mean; of days in which order they are, of choices what may have cut one in two."""
        rule, reader = self.rules[name][0], self.readers[name]
        add = f"what they mean under {'the [answers.…] of their questions' if rule.together else f'[answers.{name}]'}"
        if reader.column.kind in DATES:
            order = f"another order than {rule.date_order}" if rule.date_order else "numbers"
            return f"If they are days in {order}, say which in date_order under [file]; else add {add}"
        whole = f"; a choice with {in_short(rule.separator)} in it is written whole" if rule.separator else ""
        return f"Add {add}{whole}"

    def title(self, name: str) -> str:
        """How the form calls a column of the intake; the question's id, where it is made from several."""
        rules = self.rules.get(name, [])
        return rules[0].title if len(rules) == 1 else name


def _rules(mapping: FormMapping) -> Mapping[str, list[ColumnRule]]:
    """The rules by the column of the intake that they fill; several for a list by entry."""
    found: dict[str, list[ColumnRule]] = {}
    for rule in mapping.columns:
        if rule.fills != SKIP:
            found.setdefault(rule.fills, []).append(rule)
    return found


def _keyed(rules: Sequence[ColumnRule]) -> list[tuple[str, ColumnRule]]:
    return [(f"{rule.fills}{BETWEEN}{rule.title}", rule) for rule in rules]


def _places(found: FoundTable, mapping: FormMapping) -> Mapping[str, int]:
    """Where each mapped title stands: one that is mistyped must not leave a question open in silence."""
    places: dict[str, list[int]] = {}
    for place, title in enumerate(found.titles):
        places.setdefault(folded(title), []).append(place)
    followed = (rule for rule in mapping.columns if rule.fills != SKIP)
    why = [(rule, _why_not(rule, places.get(folded(rule.title), []), found, mapping)) for rule in followed]
    if any(what for _, what in why):
        raise IntakeProblem([f"{found.name}: {in_short(rule.title)}: {what}" for rule, what in why if what])
    return {title: here[0] for title, here in places.items()}


def _why_not(rule: ColumnRule, places: list[int], found: FoundTable, mapping: FormMapping) -> str:
    """Why a rule can't be followed; nothing if it can."""
    if not places:
        read = f"{mapping.name} reads {rule.fills} from it"
        return f"not a column of this file, but {read}{meant(rule.title, found.titles)}"
    if len(places) > 1:
        return f"stands {len(places)} times in the header. Give all but one another title"
    held = found.holds[places[0]]
    return "" if held in (ONE, SEVERAL) else f"holds {held}, which no answer is like. It can only be skipped"


def _skipped(found: FoundTable, mapping: FormMapping) -> list[str]:
    """Columns of the file that the mapping does not name; those that it says to skip were looked at."""
    named = {folded(rule.title) for rule in mapping.columns}
    told = [in_short(title) for title in found.titles if folded(title) not in named and not untitled(title)]
    return [f"{found.name}: skipped, as {mapping.name} does not name them: {', '.join(told)}"] if told else []


def _cells(block: Block, rules: Sequence[ColumnRule]) -> pa.DictionaryArray:
    """The cells that a column of the intake is read from; of a list by entry, in each of them one of each column."""
    columns = [block.cells[key] for key, _ in _keyed(rules)]
    if not rules[0].entry:
        return columns[0]
    texts = [pa_compute.replace_substring(column.dictionary, BETWEEN, " ").take(column.indices) for column in columns]
    return pa_compute.binary_join_element_wise(
        *texts, BETWEEN, null_handling="replace", null_replacement=""
    ).dictionary_encode()
