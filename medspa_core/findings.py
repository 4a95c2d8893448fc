"""Why a verdict is what it is: every finding of one client on each option, whether of an answer or of a gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from medspa_core.answer_codes import UNANSWERED, answer_of
from medspa_core.contraindication import Verdict, judge_answer, verdict_of
from medspa_core.intake import IntakeTable, columns_of, since_column
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.book import GATE_KEYS
from medspa_core.rulebook.schema.judged import Gate
from medspa_core.safety import gate_fits, gate_words


@dataclass(frozen=True)
class Finding:
    """What one contraindication or gate said of one client, for one option."""

    contraindication: str
    question: str
    answer: Any
    verdict: Verdict
    days: int
    sources: tuple[str, ...]
    case: str  # which case of the contraindication: an answer, "not_sure" or "unanswered"; "" for a gate
    is_gate: bool = False

    @property
    def source(self) -> str:
        """Its sources in one text."""
        return ", ".join(self.sources)


def findings_by_option(table: IntakeTable, rulebook: Rulebook, row: int = 0) -> dict[str, tuple[Finding, ...]]:
    """Every finding on each ranked option that is not clear, the strictest first, then in the order of the questions."""
    found: dict[str, list[Finding]] = {option_id: [] for option_id in rulebook.ranked}
    for option_id, finding in (*_of_answers(table, rulebook, row), *_of_gates(table, rulebook, row)):
        found[option_id].append(finding)
    return {option_id: tuple(sorted(own, key=lambda finding: -finding.verdict)) for option_id, own in found.items()}


def _of_answers(table: IntakeTable, rulebook: Rulebook, row: int) -> Iterator[tuple[str, Finding]]:
    """Option and finding, in the order of the questions."""
    days_ago = {question_id: _days_ago(table, question_id, row) for question_id in rulebook.dated_questions}
    for question_id in rulebook.questions:
        if question_id in rulebook.contraindications:
            code = int(table[question_id][row])
            yield from _of_answer(question_id, code, days_ago.get(question_id), rulebook)


def _of_gates(table: IntakeTable, rulebook: Rulebook, row: int) -> Iterator[tuple[str, Finding]]:
    """Option and finding, of each rule of place or product that stands."""
    columns = columns_of(rulebook)
    values = {key: gate_words(columns[name])[table[name][row]] for key, name in GATE_KEYS.items()}
    for gate_id, gate in rulebook.gates.items():
        verdict = verdict_of(gate.verdict)
        if verdict is not Verdict.CLEAR and gate_fits(gate, values):
            quoted = _quoted(gate, table, rulebook, row)
            finding = Finding(gate_id, gate.question, quoted, verdict, 0, gate.sources, "", is_gate=True)
            yield from ((option_id, finding) for option_id in gate.options)


def _days_ago(table: IntakeTable, question_id: str, row: int) -> int | None:
    """How long ago the last time was, where the client gave the day."""
    column = table.columns.get(since_column(question_id))
    return int(column[row]) if column is not None and column[row] != UNANSWERED else None


@lru_cache(maxsize=8192)
def _of_answer(
    question_id: str, code: int, days_ago: int | None, rulebook: Rulebook
) -> tuple[tuple[str, Finding], ...]:
    """What one coded answer means for each option on which it is not clear; it holds no date of its own, so the day does not
    matter."""
    rule = rulebook.contraindications[question_id]
    answer = answer_of(columns_of(rulebook)[question_id], code, date.min)
    found = {option_id: judge_answer(rule, answer, option_id, days_ago) for option_id in rulebook.ranked}
    return tuple(
        (option_id, Finding(question_id, question_id, answer, verdict, days, rule.sources, name))
        for option_id, (name, verdict, days) in found.items()
        if verdict is not Verdict.CLEAR
    )


def _quoted(gate: Gate, table: IntakeTable, rulebook: Rulebook, row: int) -> Any:
    """The answer a gate's finding quotes: the setting itself, or the product as recorded."""
    columns = columns_of(rulebook)
    parts = [column for column in columns.values() if column.question_id == gate.question]
    values = {column.name: answer_of(column, int(table[column.name][row]), table.as_of) for column in parts}
    if len(parts) == 1:
        return values[parts[0].name]
    recorded = {name.partition(".")[2]: value for name, value in values.items() if value is not None}
    return recorded or None
