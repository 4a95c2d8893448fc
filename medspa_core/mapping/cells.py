"""A cell of a form in, the answer it stands for out: by the words of the mapping, else as a number, a day or an id."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from medspa_core.answer_codes import Column, NotAccepted, code_of, date_of, years_after
from medspa_core.formats.typed_number import decimals_of, read_whole
from medspa_core.mapping.answer_words import answer_meant
from medspa_core.mapping.birth_dates import age_of, refuse_date
from medspa_core.mapping.date_orders import day_in_every_order, day_in_order
from medspa_core.mapping.form_tools import NOT_TICKED, TICKED
from medspa_core.mapping.rules import NOT_ANSWERED, Answer, ColumnRule, FormMapping, Words, ids_of, intake_columns
from medspa_core.mapping.texts import folded, in_short
from medspa_core.rulebook import Rulebook
from medspa_core.tables.cell_values import NOTHING_IN_A_CELL, cell_value

BETWEEN = "\x1f"  # between the cells of several columns that make one answer
YES_NO = frozenset({"yes", "no"})  # what they say of another question depends on how the form asks it
DATES = ("date", "since")
MOST_SHOWN = 3
MOST_PIECES = 12  # of one entry whose own words hold the separator


class NotMapped(NotAccepted):
    """Words that the mapping says nothing about."""

    def __init__(self, words: Sequence[str], expected: str, hint: str) -> None:
        super().__init__(f"expected {expected}, found {', '.join(map(in_short, words[:MOST_SHOWN]))}; {hint}")
        self.words = words


@dataclass(frozen=True, eq=False)
class CellReader:
    """How the cells of one column of the intake are read."""

    column: Column
    words: Words
    rules: Sequence[ColumnRule]  # several of a list in several columns, an entry each
    decimals: int
    choices: frozenset[str] | None = None  # where a column's choices answer several questions: the words of all of them
    leads: bool = True  # of these questions, the one that tells a choice that is none of the words

    @property
    def rule(self) -> ColumnRule:
        """How a cell is read; in all columns of a list alike."""
        return self.rules[0]

    def value(self, text: str, as_of: date) -> Any:
        """The answer, as a client's JSON has it; None is unanswered. Raises NotAccepted with what is expected."""
        if self.rule.entry:
            return self._ticked(text.split(BETWEEN))
        if not folded(text):
            return None
        if self.choices is not None:
            return self._chosen(text, self.choices)
        found = self.words.get(folded(text))
        if self.column.kind == "several":
            return self._listed(text, found)
        if found is not None:
            return None if _is_no_answer(found) else found
        if self.rule.birth_date:
            return age_of(text, self.column, self.rule.date_order, as_of)
        return self._as_usual(self._plainly(text, as_of), text, as_of)

    def _plainly(self, text: str, as_of: date) -> str:
        """A number without its unit, a day with its year in front; whatever else as it stands."""
        if self.column.kind == "whole_number":
            found = read_whole(text, -(10**9), 10**9, self.rule.units, self.decimals)
            return str(found) if isinstance(found, int) else text
        if self.column.kind not in DATES:
            return text
        last = as_of if self.column.kind == "since" else years_after(as_of, self.column.question.within_years)
        day = day_in_order(text, self.rule.date_order, last) if self.rule.date_order else day_in_every_order(text, last)
        return text if day is None else day.isoformat()

    def _as_usual(self, plain: str, text: str, as_of: date) -> Any:
        """As a cell of any table says it; what it isn't may be a word that nobody mapped."""
        value = cell_value(self.column, plain)
        try:
            code_of(self.column, value, as_of)
        except NotAccepted as problem:
            if self.column.kind == "text":
                raise
            refuse_date(text, self.column)
            if isinstance(value, int) or date_of(value) is not None:  # a number or a day, and out of bounds
                raise NotAccepted(str(problem) if plain == text else f"{problem}, from {in_short(text)}") from None
            expected = str(problem).removeprefix("expected ").rpartition(", found ")[0]
            in_order = self.rule.date_order and self.column.kind in DATES
            order = f" in the order {self.rule.date_order}" if in_order else ""
            raise NotMapped([" ".join(text.split())], f"{expected}{order}", self._hint()) from None
        return value

    def _listed(self, text: str, whole: Answer | None) -> list[str] | None:
        """Several entries in one cell."""
        found = [whole] if whole is not None else [self.words[piece] for piece in self._pieces(text, self.words)]
        return self._one_list({str(piece) for piece in found if piece != NOT_ANSWERED}, text)

    def _chosen(self, text: str, choices: frozenset[str]) -> Answer | None:
        """The one answer that the choices of a cell give to this question. A choice that nobody took is no answer to it."""
        means = {self.words[piece] for piece in self._pieces(text, choices) if piece in self.words} - {NOT_ANSWERED}
        if len(means) > 1:
            raise NotAccepted(f"expected one answer, found {' and '.join(sorted(map(str, means)))}: {in_short(text)}")
        return means.pop() if means else None

    def _pieces(self, text: str, known: Container[str]) -> list[str]:
        """Each choice between separators; the longest words first, as a choice's own words may hold a separator."""
        mark = self.rule.separator.strip() or self.rule.separator or "|"
        parts = [part for part in text.split(mark) if part.strip()]
        found, strange, at = list[str](), list[str](), 0
        while at < len(parts):
            for end in range(min(len(parts), at + MOST_PIECES), at, -1):
                piece = folded(mark.join(parts[at:end]))
                if piece in known:
                    found.append(piece)
                    at = end
                    break
            else:
                end = at + 1
                while text.rstrip().endswith(mark) and end < len(parts) and parts[end].startswith(" "):
                    end += 1  # Microsoft Forms: inside a choice
                strange.append(" ".join(mark.join(parts[at:end]).split()))
                at = end
        if strange and self.leads:
            raise NotMapped(strange, self._expected(), self._hint())
        return found

    def _ticked(self, cells: list[str]) -> list[str] | None:
        """One column an entry, each ticked or not; all blank is no answer."""
        found: set[str] = set()
        said = False
        for rule, cell in zip(self.rules, cells, strict=True):
            word, entry = folded(cell), rule.entry
            means = self.words.get(word, NOT_ANSWERED if not word else None)
            if word in TICKED or (means == entry and word not in NOT_TICKED):
                found.add(entry)
            elif word not in NOT_TICKED and means != NOT_ANSWERED:
                expected = f"1, 0 or a word for {entry} in {in_short(rule.title)}"
                raise NotMapped([" ".join(cell.split())], expected, self._hint())
            said = said or word in NOT_TICKED
        return self._one_list(found, " ".join(found)) if found or not said else []

    def _one_list(self, found: set[str], text: str) -> list[str] | None:
        if NOTHING_IN_A_CELL in found and len(found) > 1:
            raise NotAccepted(f"expected entries or none, found both: {in_short(text)}")
        if NOTHING_IN_A_CELL in found:
            return []
        return sorted(found, key=self.column.answers.index) or None

    def _expected(self) -> str:
        return ", ".join(ids_of(self.column)) if self.choices is None else "a choice of the mapping"

    def _hint(self) -> str:
        if self.choices is not None:
            return 'say what it means under the [answers] of its question, or under [words] that it is no answer, ""'
        if self.column.kind in DATES and self.rule.date_order is None:
            return "if it is a day, give date_order under [file] of the mapping"
        under = f"say which under [answers.{self.column.name}] of the mapping"
        is_number = self.column.kind == "whole_number"
        return f"if it is one, {under}, or give its column units" if is_number else f"if it is an answer, {under}"


def reader_of(column: Column, rules: Sequence[ColumnRule], mapping: FormMapping, rulebook: Rulebook) -> CellReader:
    """How the cells of one column of the intake are read, by the rules that fill it."""
    decimals = decimals_of(rulebook.clinic.currency) if column.question.unit == "money" else 2
    together = rules[0].together
    if not together:
        return CellReader(column, _words(column, mapping), rules, decimals)
    columns = intake_columns(rulebook)
    choices = frozenset(word for one in together for word in _said_words(columns[one], mapping))
    return CellReader(column, _said_words(column, mapping), rules, decimals, choices, column.name == together[0])


def _words(column: Column, mapping: FormMapping) -> Words:
    """Every word of a column: its own wording, over it its ids, and over them what the mapping says."""
    ids = {folded(one): means for one in ids_of(column) if (means := answer_meant(column, one)) is not None}
    return {**_own_wording(column), **ids, **_said_words(column, mapping)}


def _own_wording(column: Column) -> Words:
    """The answers as the program itself words them to clients."""
    labels = column.question.words.answers
    return {folded(labels[one]): one for one in column.answers if one in labels and folded(labels[one]) not in YES_NO}


def _said_words(column: Column, mapping: FormMapping) -> Words:
    """What the mapping says: words that mean the same everywhere, over them its question's, over them its own."""
    spread = mapping.answers.get(column.question_id, {}) if column.question_id != column.name else {}
    found: dict[str, Answer] = {}
    for words in (mapping.words, spread, mapping.answers.get(column.name, {})):
        found |= {word: means for word, answer in words.items() if (means := _meaning(column, answer)) is not None}
    return found


def _meaning(column: Column, answer: Answer) -> Answer | None:
    return answer if _is_no_answer(answer) else answer_meant(column, answer)


def _is_no_answer(answer: Answer) -> bool:
    return isinstance(answer, str) and answer == NOT_ANSWERED
