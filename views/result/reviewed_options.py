"""What a client sees of a review: each option as the clinician's signed words have it today, and never a note.

What a clinician has said no to is ruled out before anything else is weighed, so that nothing on the page points to it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from medspa_core import exam
from medspa_core.access import Person
from medspa_core.exam import AfterReview
from medspa_core.recommendation import recommend
from medspa_core.records import Store, StoreProblem
from medspa_core.result import OptionResult, Recommendation
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.judged import Gate
from views.context import core_access, environment, per_run_cache
from views.session import signed_in


@dataclass(frozen=True)
class Reviewed:
    """The result after the review, and the options that only the clinician's word rules out."""

    result: Recommendation
    refused: tuple[str, ...] = ()


def after_the_review(
    who: Person | None, draft_id: str, answers: Mapping[str, Any], found: Recommendation, book: Rulebook
) -> Reviewed:
    """The result with each verdict as the signed review has it today, for whoever may read the consultation."""
    if who is None:
        return Reviewed(found)
    try:
        words = per_run_cache.once(
            f"rulings {draft_id}", lambda: exam.rulings_for_the_client(core_access.store(), who, draft_id)
        )
    except StoreProblem:
        return Reviewed(found)  # no word can be read, so none counts
    if not words:
        return Reviewed(found)
    today = environment.today()
    after = {
        option: exam.after_review(told, option, words, book, found.as_of, today)
        for option, told in found.options.items()
    }
    refused = tuple(option for option, told in after.items() if told.excluded_by == exam.BY_CLINICIAN)
    result = recommend(answers, _without(book, refused), found.as_of) if refused else found
    return Reviewed(replace(result, options=_told(found.options, after)), refused)


def is_examined(draft_id: str) -> bool:
    """Whether a clinician has examined the client, as far as it can be read, and the exam counts today."""
    return _read(lambda hands: exam.is_examined(*hands, draft_id, environment.today()))


def has_seen_the_answers(draft_id: str) -> bool:
    """Whether a clinician examined the client on the answers as they stand, as far as it can be read."""
    return _read(lambda hands: exam.has_seen_the_answers(*hands, draft_id))


def may_be_treated_since(draft_id: str, day: date) -> bool:
    """Whether the client had a session on that day or after it; where that can't be read, it may be so."""
    return _read(lambda hands: exam.is_treated_since(*hands, draft_id, day), unread=True)


def _read(look: Callable[[tuple[Store, Person]], bool], *, unread: bool = False) -> bool:
    """What stands of a consultation, for who is signed in; nothing is said to be done that can't be read."""
    try:
        return (who := signed_in.person()) is not None and look((core_access.store(), who))
    except StoreProblem:
        return unread


@functools.lru_cache(maxsize=8)
def _without(book: Rulebook, refused: tuple[str, ...]) -> Rulebook:
    """The same rulebook with one gate more, closed for these options. Made once: its tables take most of a second."""
    gate = Gate(options=refused, verdict="excluded", question="place", when={}, client="", staff="", sources=())
    return replace(book, gates={**book.gates, exam.BY_CLINICIAN: gate})


def _told(found: Mapping[str, OptionResult], after: Mapping[str, AfterReview]) -> dict[str, OptionResult]:
    """Options for the screen: what a word has settled is no finding any more, so no sentence speaks of it."""
    told = {}
    for option, before in found.items():
        review = after[option]
        settled = [finding for finding, _ in review.ruled if finding not in review.open]
        told[option] = replace(
            before,
            verdict=review.verdict,
            deferred_until=review.deferred_until,
            excluded_by="safety" if review.excluded_by == exam.BY_CLINICIAN else review.excluded_by,
            findings=tuple(finding for finding in before.findings if finding not in settled),
        )
    return told
