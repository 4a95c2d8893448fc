"""May this client have it? One verdict per option: the strictest finding wins, and what is not known asks for review.

Each answer's meaning for all options is one whole number: for each option a run of bits for the verdict (each stricter
verdict sets all the bits of the milder ones) and a run for the days of deferral. So "the strictest wins" is a bitwise or,
the same for one client and for a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.answer_codes import UNANSWERED, Codes, Column
from medspa_core.contraindication import NOT_SURE, Verdict, judge_answer, verdict_of
from medspa_core.intake import IntakeTable, columns_of, since_column
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.book import GATE_KEYS, NOT_RECORDED
from medspa_core.rulebook.schema.judged import Gate

__all__ = ["NOT_SURE", "SafetyColumns", "Verdict", "deferred_until", "gate_fits", "is_still_asked", "judge_answer",
           "judge_safety", "safety_rules", "still_asked", "unanswered_safety"]  # fmt: skip

Words = NDArray[np.int64]
GROUP_SIZE = 3  # questions whose answers are looked up together: fewer, larger look-ups
WORD_BITS = 62
LONG_AGO = 1_000_000  # days: longer than anything waits


KINDS = ("safety", "place", "product")  # why an option is excluded, the hardest to change first; preference comes after


@dataclass(frozen=True)
class SafetyColumns:
    """Per client and ranked option: the verdict, the days to wait, and the kind that excludes (-1: none of KINDS)."""

    verdict: NDArray[np.int8]
    deferred_days: NDArray[np.int32]
    excluded_kind: NDArray[np.int8]


@dataclass(frozen=True)
class _Layout:
    """Where each option's bits lie: 4 for the verdict, one per distinct deferral, one per kind of exclusion."""

    options: tuple[str, ...]
    day_steps: tuple[int, ...]

    @property
    def width(self) -> int:
        return 4 + len(self.day_steps) + len(KINDS)

    def bits(self, option: int, verdict: Verdict, days: int, kind: int) -> int:
        word = (1 << verdict) - 1
        if verdict is Verdict.DEFERRED:
            word |= ((1 << (1 + self.day_steps.index(days))) - 1) << 4
        if verdict is Verdict.EXCLUDED:
            word |= 1 << (4 + len(self.day_steps) + kind)
        return word << (option * self.width)


@dataclass(frozen=True)
class _Lookup:
    """A few columns, combined into one code, and the word of each combination."""

    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    words: Words
    low: int | None = None  # of a number: unanswered lies below its first value, and has the first word


@dataclass(frozen=True)
class _Group:
    """As many options as one word has room for: three and one more, with the deferrals shipped."""

    layout: _Layout
    lookups: tuple[_Lookup, ...]


@dataclass(frozen=True)
class _Dated:
    """A question whose waits may run from a day that the client gave. A code and `shift` is the same answer, waited for."""

    question_id: str
    shift: int
    defers: NDArray[np.bool_]  # by code, for at least one option
    days: NDArray[np.int32]  # code, option: from the day given


@dataclass(frozen=True)
class SafetyRules:
    """The rulebook's contraindications and gates, ready to be looked up."""

    groups: tuple[_Group, ...]
    dated: tuple[_Dated, ...]
    verdict_of_bits: NDArray[np.int8]
    days_of_bits: NDArray[np.int32]
    kind_of_bits: NDArray[np.int8]


def judge_safety(table: IntakeTable, rulebook: Rulebook) -> SafetyColumns:
    """Verdict, days to wait and kind of exclusion per client and ranked option: (clients) -> (clients x options)."""
    rules = safety_rules(rulebook)
    table, dated = _with_dates(table, rules)
    verdict, days, kind = [], [], []
    for group in rules.groups:
        words = np.zeros(table.rows, dtype=np.int64)
        for lookup in group.lookups:
            words |= lookup.words.take(_combined(lookup, table))
        layout, days_bits = group.layout, len(group.layout.day_steps)
        for start in range(0, layout.width * len(layout.options), layout.width):
            verdict.append(rules.verdict_of_bits.take(words >> start & 15))
            days.append(rules.days_of_bits.take(words >> (start + 4) & ((1 << days_bits) - 1)))
            kind.append(rules.kind_of_bits.take(words >> (start + 4 + days_bits) & 7))
    verdicts, waits = np.array(verdict).T, np.array(days).T
    if dated is not None:
        np.maximum(verdicts, np.int8(Verdict.DEFERRED), out=verdicts, where=dated > 0)
        np.maximum(waits, dated, out=waits)
    waits[verdicts != Verdict.DEFERRED] = 0
    return SafetyColumns(verdicts, waits, np.array(kind).T)


def _with_dates(table: IntakeTable, rules: SafetyRules) -> tuple[IntakeTable, NDArray[np.int32] | None]:
    """The table with each answer whose wait runs from a day that the client gave as one that no longer defers, and the
    longest such wait, (clients x options); None where nobody gave a day that counts."""
    columns: dict[str, Codes] = {}
    longest: NDArray[np.int32] | None = None
    for rule in rules.dated:
        days_ago, codes = table[since_column(rule.question_id)], table[rule.question_id]
        if days_ago.max(initial=UNANSWERED) == UNANSWERED:
            continue
        rows = np.flatnonzero((days_ago != UNANSWERED) & rule.defers.take(codes))
        if rows.size:
            answered = codes[rows]
            columns[rule.question_id] = codes.copy()
            columns[rule.question_id][rows] = answered + rule.shift
            if longest is None:
                longest = np.zeros((table.rows, rule.days.shape[1]), dtype=np.int32)
            left = rule.days[answered] - days_ago[rows, None]
            longest[rows] = np.maximum(longest[rows], left)
    return (replace(table, columns={**table.columns, **columns}) if columns else table), longest


def unanswered_safety(table: IntakeTable, rulebook: Rulebook, row: int = 0) -> tuple[str, ...]:
    """Safety questions that are still open, in the order in which they are asked."""
    columns = columns_of(rulebook)
    return tuple(name for name in rulebook.safety_questions if _is_open(columns[name], int(table[name][row])))


def is_still_asked(question_id: str, open_options: Collection[str], rulebook: Rulebook) -> bool:
    """Whether a question is asked: what concerns one option only is not, once that option is ruled out."""
    option = rulebook.questions[question_id].only_while_open
    return not option or option in open_options


def still_asked(unanswered: Iterable[str], open_options: Collection[str], rulebook: Rulebook) -> tuple[str, ...]:
    """Of the questions without an answer those that are asked: what every count of open questions counts."""
    return tuple(one for one in unanswered if is_still_asked(one, open_options, rulebook))


def deferred_until(as_of: date, days: int) -> date | None:
    """The first day of treatment, or None when nothing defers."""
    return as_of + timedelta(days=days) if days else None


def _is_open(column: Column, code: int) -> bool:
    return code == (UNANSWERED if column.kind == "whole_number" else 0)


# --- the rules as look-ups ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def safety_rules(rulebook: Rulebook) -> SafetyRules:
    """Every contraindication and gate as look-up tables; made once for a rulebook."""
    deferrals = {case.days for rule in rulebook.contraindications.values() for case in rule.cases.values()}
    day_steps = tuple(sorted(deferrals - {0}))
    room = WORD_BITS // _Layout((), day_steps).width
    starts = range(0, len(rulebook.ranked), room)
    layouts = [_Layout(rulebook.ranked[start : start + room], day_steps) for start in starts]
    steps = np.array((0, *day_steps), dtype=np.int32)
    days = np.array([steps[bits.bit_length()] for bits in range(1 << len(day_steps))], dtype=np.int32)
    kinds = [next((kind for kind in range(len(KINDS)) if bits >> kind & 1), -1) for bits in range(1 << len(KINDS))]
    return SafetyRules(
        groups=tuple(_Group(layout, tuple(_lookups(rulebook, layout))) for layout in layouts),
        dated=tuple(rule for one in rulebook.dated_questions if (rule := _dated(one, rulebook)).defers.any()),
        verdict_of_bits=np.array([bits.bit_length() for bits in range(16)], dtype=np.int8),
        days_of_bits=days,
        kind_of_bits=np.array(kinds, dtype=np.int8),
    )


def _dated(question_id: str, rulebook: Rulebook) -> _Dated:
    rule, answers = rulebook.contraindications.get(question_id), rulebook.questions[question_id].answers
    cases = rule.cases if rule is not None else {}
    days = np.zeros((1 + len(answers), len(rulebook.ranked)), dtype=np.int32)
    for code, answer in enumerate(answers, start=1):
        if answer in cases:
            waits = [cases[answer].verdicts[option_id] == "deferred" for option_id in rulebook.ranked]
            days[code] = np.array(waits) * cases[answer].dated_days
    return _Dated(question_id, len(answers), days.max(axis=1) > 0, days)


def _lookups(rulebook: Rulebook, layout: _Layout) -> Iterator[_Lookup]:
    columns = columns_of(rulebook)
    asked = [key for key, rule in rulebook.contraindications.items() if rule.cases]
    choices = [columns[key] for key in asked if columns[key].kind == "choice"]
    for start in range(0, len(choices), GROUP_SIZE):
        yield _choice_lookup(choices[start : start + GROUP_SIZE], rulebook, layout)
    for key in asked:
        if columns[key].kind == "whole_number":
            yield _number_lookup(columns[key], rulebook, layout)
    yield _gate_lookup(rulebook, layout)


def _choice_lookup(group: list[Column], rulebook: Rulebook, layout: _Layout) -> _Lookup:
    words = [np.array(_column_words(column, rulebook, layout), dtype=np.int64) for column in group]
    table = [np.bitwise_or.reduce(parts) for parts in product(*words)]
    names = tuple(column.name for column in group)
    return _Lookup(names, tuple(map(len, words)), np.array(table, dtype=np.int64))


def _column_words(column: Column, rulebook: Rulebook, layout: _Layout) -> list[int]:
    """The word of each code; of a question that may have a day, then of each answer once it was waited for."""
    words = [_answer_word(column.name, answer, rulebook, layout) for answer in (None, *column.answers)]
    if column.name in rulebook.dated_questions:
        words += [_answer_word(column.name, answer, rulebook, layout, LONG_AGO) for answer in column.answers]
    return words


def _number_lookup(column: Column, rulebook: Rulebook, layout: _Layout) -> _Lookup:
    """Every whole number of the question's range has its word; unanswered has the first."""
    answers: list[int | None] = [None, *range(column.question.low, column.question.high + 1)]
    words = [_answer_word(column.name, answer, rulebook, layout) for answer in answers]
    return _Lookup((column.name,), (len(words),), np.array(words, dtype=np.int64), column.question.low)


def _answer_word(
    question_id: str, answer: Any, rulebook: Rulebook, layout: _Layout, days_ago: int | None = None
) -> int:
    rule, word = rulebook.contraindications[question_id], 0
    for index, option_id in enumerate(layout.options):
        _, verdict, days = judge_answer(rule, answer, option_id, days_ago)
        word |= layout.bits(index, verdict, days, KINDS.index("safety"))
    return word


def _gate_lookup(rulebook: Rulebook, layout: _Layout) -> _Lookup:
    columns = columns_of(rulebook)
    keys = [key for key in GATE_KEYS if any(key in gate.when for gate in rulebook.gates.values())]
    names = tuple(GATE_KEYS[key] for key in keys)
    domains = [gate_words(columns[name]) for name in names]
    words = np.zeros([len(domain) for domain in domains], dtype=np.int64)
    for gate in rulebook.gates.values():
        words |= _where_it_stands(gate, keys, domains) * _gate_word(gate, layout)
    return _Lookup(names, words.shape, words.ravel())


def _where_it_stands(gate: Gate, keys: Sequence[str], domains: Sequence[tuple[str, ...]]) -> NDArray[np.bool_]:
    """Along each key the words that may be found for it; of length 1 along those that the gate does not ask about."""
    asked = [domain if key in gate.when else domain[:1] for key, domain in zip(keys, domains, strict=True)]
    fits = [gate_fits(gate, dict(zip(keys, values, strict=True))) for values in product(*asked)]
    return np.array(fits).reshape([len(domain) for domain in asked])


def gate_words(column: Column) -> tuple[str, ...]:
    """What a column's codes stand for, in the order of the codes."""
    return column.answers if column.kind == "yes_no_setting" else (NOT_RECORDED, *column.answers)


def gate_fits(gate: Gate, found: Mapping[str, str]) -> bool:
    """Whether a gate stands, with the words found for its keys."""
    matches = (found[key] in values for key, values in gate.when.items())
    return any(matches) if gate.match == "any" else all(matches)


def _gate_word(gate: Gate, layout: _Layout) -> int:
    word, kind = 0, KINDS.index(gate.excluded_by) if gate.excluded_by else 0
    for option_id in set(gate.options) & set(layout.options):
        word |= layout.bits(layout.options.index(option_id), verdict_of(gate.verdict), 0, kind)
    return word


def _combined(lookup: _Lookup, table: IntakeTable) -> Codes:
    """One code for the columns of a look-up, in the order of its words."""
    code = table[lookup.columns[0]]
    if lookup.low is not None:
        return np.maximum(code + (1 - lookup.low), 0)
    for name, size in zip(lookup.columns[1:], lookup.sizes[1:], strict=True):
        code = code * size + table[name]
    return code
