"""What a client sees of a review: the state of an option where the clinician's word has changed it, and never a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from medspa_core import exam
from medspa_core.exam import AfterReview
from medspa_core.recommendation import OptionResult, Recommendation
from medspa_core.records import StoreProblem
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict
from medspa_core.wording import State, Words
from views import core_access, surroundings


def after_the_review(draft_id: str, result: Recommendation, book: Rulebook) -> Recommendation:
    """The same result with each option's verdict as the signed review has it today; who fits best is as it was."""
    try:
        words = exam.rulings_for_the_client(core_access.store(), draft_id)
    except StoreProblem:
        return result  # as found: stricter than or as strict as any word that could not be read
    if not words:
        return result
    today = surroundings.today()
    reviewed = {
        option: exam.after_review(found, option, words, book, result.as_of, today)
        for option, found in result.options.items()
    }
    return replace(result, options=_told(result.options, reviewed))


def _told(options: Mapping[str, OptionResult], reviewed: Mapping[str, AfterReview]) -> dict[str, OptionResult]:
    told = {}
    for option, found in options.items():
        after = reviewed[option]
        settled = [finding for finding, ruling in after.ruled if ruling.valid_until is not None]
        told[option] = replace(
            found,
            verdict=after.verdict,
            deferred_until=after.deferred_until,
            excluded_by=after.excluded_by,
            findings=tuple(one for one in found.findings if one not in settled or one in after.open),
        )
    return told


def kind_state(before: OptionResult, after: OptionResult, words: Words) -> State | None:
    """The words of a card whose verdict the review has changed; None where it has not, or not to the end."""
    if after.verdict is before.verdict:
        return None
    if after.verdict is Verdict.EXCLUDED:
        return State("no", words.say("state.clinician_no"))
    if after.verdict is Verdict.CAUTION:
        return State("check", words.say("state.clinician_with_care"))
    return State("check", words.say("state.clinician_yes")) if after.verdict is Verdict.CLEAR else None


def refused(result: Recommendation) -> tuple[str, ...]:
    """Options that only the clinician's word rules out."""
    return tuple(option for option, found in result.options.items() if found.excluded_by == exam.BY_CLINICIAN)
