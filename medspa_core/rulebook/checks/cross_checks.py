"""Cross-references between the rulebook's files: everything named must exist, everything needed must be there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from medspa_core.rulebook.book import SETTINGS, Rulebook
from medspa_core.rulebook.checks.option_checks import option_problems
from medspa_core.rulebook.checks.question_checks import question_problems
from medspa_core.rulebook.checks.safety_checks import safety_problems, unruled_questions
from medspa_core.rulebook.checks.said_checks import said_problems
from medspa_core.rulebook.checks.source_checks import source_problems
from medspa_core.rulebook.problems import missing, unknown

NEEDED_QUESTIONS = {
    **dict.fromkeys(("age", "minutes_per_visit", "visits_willing", "budget", "downtime_days"), "whole_number"),
    **dict.fromkeys(("concern", "place"), "choice"),
    **dict.fromkeys(("event_date", "planned_start"), "date"),
    **{"objects_to": "several", "importance": "importance", "exosome_product": "product"},
    **dict.fromkeys(("spin_during_numbing", *SETTINGS), "yes_no_setting"),
}
NEEDED_SINCE_VERSION_2 = {"needle_comfort": "choice"}
NEEDED_CRITERIA = {
    "result": "",
    "evidence": "",
    "visit_time": "visit_within_minutes",
    "visits": "course_within_visits",
    "ready_by": "ready_by_date",
    "cost": "course_within_budget",
    "downtime": "redness_within_days",
}
"""Criteria that the screens name, and the chance that each is."""


def cross_checks(book: Rulebook, shipped_sources: Collection[str] = (), *, kept: bool = False) -> list[str]:
    """Every broken reference, one line each; empty when the rulebook hangs together.

    `shipped_sources`: of shipped numbers in whose place a clinic may have put its own. `kept`: with a consultation; what only
    today's screens need was not asked of it.
    """
    left_out = list(_needed_questions(book))
    if left_out:
        return left_out
    problems = [*question_problems(book), *safety_problems(book), *option_problems(book), *_patterns(book)]
    if not kept:
        problems += [*_named_by_screens(book), *unruled_questions(book), *said_problems(book)]
    return problems or list(source_problems(book, shipped_sources))


def _needed_questions(book: Rulebook) -> Iterator[str]:
    needed = NEEDED_QUESTIONS if book.model.version == 1 else NEEDED_QUESTIONS | NEEDED_SINCE_VERSION_2
    for question_id, kind in needed.items():
        question = book.questions.get(question_id)
        if question is None or question.kind != kind:
            yield f"questions.toml, {question_id}: the model needs this question, of kind {kind}. Add it"


def _named_by_screens(book: Rulebook) -> Iterator[str]:
    """Criteria, steps and places that today's screens name."""
    for key, chance in NEEDED_CRITERIA.items():
        if key not in book.criteria or book.criteria[key].chance != chance:
            of = f', with chance = "{chance}"' if chance else ", by a table"
            yield f"criteria.toml, {key}: the screens need this criterion{of}. Add it"
    drawn = any(option.blood_draw for option in book.options.values())
    yield from unknown("protocol.toml, steps", "step", ["needling", *(["draw"] if drawn else [])], book.protocol.steps)
    for option_id, status in book.status.items():
        yield from missing(f"status.toml, {option_id}.", book.questions["place"].answers, status.places)


def _patterns(book: Rulebook) -> Iterator[str]:
    for key, entry in book.never_say.items():
        for pattern in entry.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                yield f"never_say.toml, {key}: {pattern!r} is not a pattern: {error}. Correct it"
