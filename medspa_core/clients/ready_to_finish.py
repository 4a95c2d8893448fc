"""What a consultation needs before it is finished: intake, safety, a choice, and a next date that is still open.

A draft and the rulebook go in; the names of what is missing come out, or a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from medspa_core.next_dates import is_treatment, open_days
from medspa_core.older_answers import up_to_date
from medspa_core.recommendation import recommend
from medspa_core.records import FIRST_VISIT, Draft, StoreProblem
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.entries import NO, NOT_YET
from medspa_core.safety import Verdict
from medspa_core.timeline import timeline

Json = Any


class NotReady(StoreProblem):
    """A consultation can't be finished yet; `missing` says what is missing, in the order of the screens."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("Before the end: " + ", ".join(WANTED[one] for one in missing) + ".")
        self.missing = tuple(missing)


NOTHING_PLANNED = (NOT_YET, NO)
WANTED = {
    "intake": "say what the client wants to change, and their age",
    "safety": "answer every safety question",
    "choice": 'note what the client chose ("not yet" is a choice)',
    "date": "pick a next date that is open",
}


def require_ready(draft: Draft, book: Rulebook, days: tuple[date, date] | None = None) -> None:
    """Raises NotReady where something is missing. `days`: those open for the next date, where they are known better."""
    missing = what_is_missing(draft, book)
    if draft.next_day is not None and not is_open_day(draft.next_day, days or _days_by_answers(draft, book)):
        missing = (*missing, "date")
    if missing:
        raise NotReady(missing)


def is_open_day(day: date, days: tuple[date, date]) -> bool:
    """Whether a day lies within the first and the last that are open."""
    first, last = days
    return first <= day <= last


def _days_by_answers(draft: Draft, book: Rulebook) -> tuple[date, date]:
    """The days open on the consultation's own day, by the answers alone."""
    if draft.next_kind != FIRST_VISIT or not is_treatment(draft.choice, book):
        return open_days(None, draft.as_of)
    answers = up_to_date(draft.answers, book)
    calendar = timeline(recommend(answers, book, draft.as_of), answers, book)
    return open_days(calendar.row(str(draft.choice)), draft.as_of)


def require_a_day_that_may_be(draft: Draft, kind: str, day: date, book: Rulebook) -> None:
    """Raises StoreProblem for a first visit of what has no visits, and for a day before the consultation."""
    if kind == FIRST_VISIT and not is_treatment(draft.choice, book):
        raise StoreProblem("Only a treatment has a first visit.")
    if day < draft.as_of:
        raise StoreProblem("A next date is not before the consultation.")


def plans_nothing(choice: str | None, book: Rulebook) -> bool:
    """Whether no treatment follows: not yet, no, and waiting."""
    return choice in NOTHING_PLANNED or (choice in book.options and not is_treatment(choice, book))


def what_is_missing(draft: Draft, book: Rulebook) -> tuple[str, ...]:
    """What a consultation still needs before it can be finished: intake, safety, choice. Who chose nothing yet, none of it, or
    to wait may leave with whatever is open: nothing is treated after that."""
    if plans_nothing(draft.choice, book):
        return ()
    needed = (question for question, one in book.questions.items() if one.needed_to_finish)
    intake = all(question in draft.answers for question in needed)
    safety = safety_is_done(up_to_date(draft.answers, book), book, lambda: _open_options(draft, book))
    done = {"intake": intake, "safety": safety, "choice": draft.choice is not None}
    return tuple(what for what, there in done.items() if not there)


def _open_options(draft: Draft, book: Rulebook) -> tuple[str, ...]:
    found = recommend(draft.answers, book, draft.as_of).options
    return tuple(option for option, one in found.items() if one.verdict is not Verdict.EXCLUDED)


def safety_is_done(answers: Mapping[str, Json], book: Rulebook, open_options: Callable[[], Collection[str]]) -> bool:
    """Every safety question that is asked has an answer; items of one option count only while that option is open.

    `open_options` says which are not ruled out; it is asked only where an item of one option has no answer.
    """
    asked = [one for one in book.safety_questions if book.questions[one].part == "safety" and one not in answers]
    only = [book.questions[one].only_while_open for one in asked]
    return not only or (all(only) and not set(only) & set(open_options()))
