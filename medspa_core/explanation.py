"""Why, and what would change it: reasons in points that add up, flips, and the next question worth asking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core.answer_codes import IN_A_WORD, UNANSWERED, Column, answer_of
from medspa_core.course.course_book import CourseBook
from medspa_core.course.variants import Variant, variants_of
from medspa_core.intake import IntakeTable, columns_of, repeated
from medspa_core.rulebook import CONSIDERED, WHOLE, Rulebook
from medspa_core.standing import NOBODY, STANDINGS, Contest, Judgement, judge

FIRST_QUESTION = "concern"  # without it nothing is ranked, so nothing is asked before it


NEVER_TRIED = ("not_asked", "beside_an_answer")
"""What is neither flipped nor offered as a next question: nobody chooses it, or it belongs to another answer."""


@dataclass(frozen=True)
class Reason:
    """What one criterion adds to the lead. `points`: weight x thousandths; `contribution`: of the weight total."""

    criterion: str
    points: int
    contribution: float
    towards: str | None  # the option it speaks for; None: the same for both
    weight: int
    basis: str = CONSIDERED


@dataclass(frozen=True)
class Flip:
    """The smallest change on one side of one answer, or of one number, after which the leader or the standing is another."""

    kind: str  # answer or rulebook
    question: str  # question id, importance.<criterion>, or the name of the rulebook's number
    before: Any
    after: Any
    best: str | None
    standing: str
    distance: float
    scope: str  # overall or pair
    breaks: tuple[str, ...]  # limits and date that count, after the change, and that its best does not keep
    still_open: tuple[str, ...]  # the options that stand against each other after the change


@dataclass(frozen=True)
class NextQuestion:
    """An unanswered question and the share of its possible answers that would change the standing."""

    question: str
    share: float


@dataclass(frozen=True)
class Change:
    """One row of the batch: one cell of the table set to another code, or another variant of the rulebook."""

    kind: str  # flip, ask or rulebook
    column: str
    code: int
    distance: float
    side: int


def reasons(judgement: Judgement, contest: Contest, rulebook: Rulebook, row: int = 0) -> tuple[Reason, ...]:
    """Each known criterion's points for the best against the next best, the largest first; they add up to the lead."""
    best, other = int(contest.best[row]), int(contest.runner_up[row])
    if judgement.best[row] == NOBODY or NOBODY in (best, other):
        return ()
    points = judgement.contributions[CONSIDERED][best, :, row] - judgement.contributions[CONSIDERED][other, :, row]
    known, weights = judgement.fit.known[CONSIDERED][:, row], judgement.fit.weights[:, row]
    whole = int(judgement.weight_total[row]) * WHOLE
    found = []
    for index, criterion_id in enumerate(rulebook.criteria):
        if known[index]:
            counted = int(points[index])
            towards = rulebook.ranked[best if counted > 0 else other] if counted else None
            found.append(Reason(criterion_id, counted, counted / whole, towards, int(weights[index])))
    return tuple(sorted(found, key=lambda reason: -abs(reason.points)))


@dataclass(frozen=True)
class Tried:
    """Every change of one answer of a client, or of one number of the rulebook, judged in one batch: the client as it is in the
    first row, and a row more for each change."""

    changes: Sequence[Change]
    table: IntakeTable
    judgement: Judgement
    rulebook: Rulebook

    @cached_property
    def broken(self) -> NDArray[np.bool_]:
        """(options x criteria x rows), the limits and the date that are not kept."""
        return self.judgement.fit.broken(self.rulebook)

    def flips(self, scope: str) -> tuple[Flip, ...]:
        """For each answer or number and each side, the nearest change that flips; the nearest of all first. Where nothing is
        ranked no number of ours is told to change that. `scope`: of all options, or of the pair."""
        nearest: dict[tuple[str, str, int], tuple[float, int, tuple[int, int]]] = {}
        kinds = ("flip", "rulebook") if self.judgement.best[0] != NOBODY else ("flip",)
        now, *outcomes = _outcomes(self.judgement, scope)
        for row, (change, then) in enumerate(zip(self.changes, outcomes, strict=True), start=1):
            if then != now and then[1] != NOBODY and change.kind in kinds:
                key = (change.kind, change.column, change.side)
                if key not in nearest or change.distance < nearest[key][0]:
                    nearest[key] = (change.distance, row, then)
        left = _left_open(self.judgement, self.rulebook, scope)
        found = [self._told(row, then, scope, left[row]) for _, row, then in nearest.values()]
        return tuple(sorted(found, key=lambda flip: flip.distance))

    def _told(self, row: int, outcome: tuple[int, int], scope: str, left: tuple[str, ...]) -> Flip:
        change, (best, standing) = self.changes[row - 1], outcome
        kind, before, after = self._values(change)
        return Flip(
            kind=kind,
            question=change.column,
            before=before,
            after=after,
            best=self.rulebook.ranked[best] if best != NOBODY else None,
            standing=STANDINGS[standing],
            distance=change.distance,
            scope=scope,
            breaks=named(self.rulebook.criteria, self.broken[best, :, row]) if best != NOBODY else (),
            still_open=left,
        )

    def _values(self, change: Change) -> tuple[str, Any, Any]:
        """Of which kind a change is, and what it changes from and to."""
        if change.kind == "rulebook":
            variant = variants_of(self.rulebook)[change.code - 1]
            return "rulebook", variant.before, variant.after
        column, as_of = columns_of(self.rulebook)[change.column], self.table.as_of
        before = answer_of(column, int(self.table[change.column][0]), as_of)
        if before is None and column.question.kind == "importance":
            before = self.rulebook.criteria[change.column.partition(".")[2]].default_importance
        return "answer", before, answer_of(column, change.code, as_of)

    def next_questions(self) -> tuple[NextQuestion, ...]:
        """Unanswered questions, the one most likely to change the standing first; the concern before all others."""
        asked: dict[str, list[bool]] = {}
        standing = self.judgement.standing
        for change, is_changed in zip(self.changes, (standing[1:] != standing[0]).tolist(), strict=True):
            if change.kind == "ask":
                asked.setdefault(change.column, []).append(is_changed)
        found = [NextQuestion(question, sum(answers) / len(answers)) for question, answers in asked.items()]
        return tuple(sorted(found, key=lambda item: (item.question != FIRST_QUESTION, -item.share)))


def try_changes(table: IntakeTable, book: CourseBook) -> Tried:
    """What each change makes of one client."""
    changes = (*_answers_to_try(table, book.rulebook), *_numbers_to_try(table, book.rulebook))
    batch = repeated(table, 1 + len(changes))
    for row, change in enumerate(changes, start=1):
        if change.kind == "rulebook":
            batch.variant[row] = change.code
        else:
            batch.columns[change.column][row] = change.code
    return Tried(changes, table, judge(batch, book, robust_bases=(CONSIDERED,)), book.rulebook)


# --- what is tried --------------------------------------------------------------------------------------------------


def _answers_to_try(table: IntakeTable, rulebook: Rulebook) -> Iterator[Change]:
    """Each answer to each other value on its grid; each unanswered question to each of its answers."""
    for name, column in columns_of(rulebook).items():
        asked = column.question
        if asked.part != "place" and asked.layer not in NEVER_TRIED and asked.tried:
            yield from _changes_of(column, int(table[name][0]), rulebook)


@lru_cache(maxsize=4096)
def _changes_of(column: Column, code: int, rulebook: Rulebook) -> tuple[Change, ...]:
    question, grid = column.question, _grid(column, rulebook)
    is_open = code == (UNANSWERED if column.kind in ("whole_number", "date") else 0)
    if is_open and question.kind != "importance" and column.kind != "several":
        return tuple(Change("ask", column.name, other, 0, 0) for other in grid)
    return tuple(_other_values(column, code, grid, rulebook)) if question.part == "plans" else ()


def _other_values(column: Column, code: int, grid: tuple[int, ...], rulebook: Rulebook) -> Iterator[Change]:
    if column.kind == "several":
        yield from (Change("flip", column.name, code ^ (1 << bit), 1, bit) for bit in range(len(column.answers)))
        return
    if not code and column.question.kind == "importance":
        default = rulebook.criteria[column.name.partition(".")[2]].default_importance
        code = 1 + column.answers.index(default)
    here = _position(grid, code)
    for place, other in enumerate(grid):
        if other != code:
            yield Change("flip", column.name, other, abs(place - here), 1 if place > here else -1)


def _position(grid: tuple[int, ...], code: int) -> float:
    """Where an answer lies on its grid; between two values it lies half a step from each."""
    if code in grid:
        return grid.index(code)
    return sum(1 for value in grid if IN_A_WORD < value < code) - 0.5


def _grid(column: Column, rulebook: Rulebook) -> tuple[int, ...]:
    """Codes to try, in order; a word such as "any" stands last."""
    if column.kind == "choice":
        return tuple(range(1, 1 + len(column.answers)))
    if column.kind == "several":
        return tuple(range(1 << len(column.answers)))
    given = rulebook.flips.answers.get(column.question_id)
    if given is None:
        return ()
    words = tuple(IN_A_WORD for _ in given.also)
    return (*given.values, *given.days_after_as_of, *words)


def _numbers_to_try(table: IntakeTable, rulebook: Rulebook) -> tuple[Change, ...]:
    """The rulebook's numbers by a step, where the number counts for this client's concern."""
    code = int(table[FIRST_QUESTION][0])
    concern = answer_of(columns_of(rulebook)[FIRST_QUESTION], code, table.as_of)
    return _changed_numbers(concern, rulebook) if concern else ()


@lru_cache(maxsize=64)
def _changed_numbers(concern: str, rulebook: Rulebook) -> tuple[Change, ...]:
    found = []
    for number, variant in variants_to_try(rulebook):
        if variant.concern in ("", concern):
            found.append(Change("rulebook", variant.number, number, variant.distance, variant.side))
    return tuple(found)


@lru_cache(maxsize=8)
def variants_to_try(rulebook: Rulebook) -> tuple[tuple[int, Variant], ...]:
    """Variants that can move the considered basis, by their place in the course tables."""
    by_sessions = {rulebook.credences[criterion_id] for criterion_id in ("visits", "ready_by", "cost")}
    idle = {"clinic"} if by_sessions == {0} else {"published"} if by_sessions == {1} else set()
    found = enumerate(variants_of(rulebook), start=1)
    return tuple((number, variant) for number, variant in found if variant.basis not in idle)


# --- what came of it ------------------------------------------------------------------------------------------------


def named(ids: Iterable[str], which: NDArray[np.bool_]) -> tuple[str, ...]:
    """The ids at the places that are marked."""
    return tuple(compress(ids, which.tolist()))


def _left_open(judgement: Judgement, rulebook: Rulebook, scope: str) -> list[tuple[str, ...]]:
    """Of each row the options, of all or of the pair, that are not ruled out."""
    among = rulebook.ranked if scope == "overall" else rulebook.model.pair
    places = [place for place, option in enumerate(rulebook.ranked) if option in among]
    ids = [rulebook.ranked[place] for place in places]
    return [tuple(compress(ids, is_open)) for is_open in (~judgement.excluded[places]).T.tolist()]


def _outcomes(judgement: Judgement, scope: str) -> list[tuple[int, int]]:
    """Best and standing of each row, of all or of the pair; a pair that is broken up has neither."""
    if scope == "overall":
        return list(zip(judgement.best.tolist(), judgement.standing.tolist(), strict=True))
    ranked = (judgement.pair_standing != NOBODY) & (judgement.best != NOBODY)
    best = np.where(ranked, judgement.pair.best, NOBODY)
    return list(zip(best.tolist(), judgement.pair_standing.tolist(), strict=True))
