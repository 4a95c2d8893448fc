"""What the page to keep says of the practice and of what comes next: a consultation goes in, words come out."""

from __future__ import annotations

from medspa_core.next_dates import is_treatment
from medspa_core.records import FIRST_VISIT, Draft
from medspa_core.rulebook.schema.entries import NO
from medspa_core.safety import Verdict
from views.context import core_access, environment
from views.context.words import say, short_date
from views.result import reviewed_options
from views.result.outcome import Outcome


def seen_first(out: Outcome) -> str:
    """Why a clinician comes before the chosen treatment, as the key of its sentence: an answer asks for a look
    ("look_first"), or nobody has examined the client on these answers ("exam_first"); "" where neither is so any more."""
    draft = out.consultation.draft
    if out.told.state(str(draft.choice)).verdict is Verdict.NEEDS_REVIEW:
        return "look_first"
    examined = reviewed_options.is_examined(draft.id) and reviewed_options.has_seen_the_answers(draft.id)
    return "" if examined else "exam_first"


def what_comes_next(out: Outcome) -> str:
    """That nothing is booked, and the one plain step to a visit that was picked and may be; "" once the client was treated."""
    draft = out.consultation.draft
    if reviewed_options.may_be_treated_since(draft.id, draft.as_of):
        return ""
    if draft.choice == NO:
        return _nothing_booked(draft, "nothing_no")
    nothing = _nothing_booked(draft, "nothing_booked")
    treatment = is_treatment(draft.choice, out.book) and out.told.is_open(str(draft.choice))
    if draft.next_kind != FIRST_VISIT or not treatment:
        return f"{nothing} {say('closing.come_back')}"
    step = say("closing.step_clinician" if seen_first(out) else "closing.step_visit")
    return f"{nothing} {step} {say('closing.ask_or_call' if core_access.practice().phone else 'closing.ask')}"


def _nothing_booked(draft: Draft, today: str) -> str:
    """What is booked is known nowhere here but on the day of the talk: read later, it is said of that day."""
    ended = environment.local(draft.finished_at).date() if draft.finished_at else draft.as_of
    if ended == environment.today():
        return say(f"closing.{today}")
    return say("closing.nothing_then", day=short_date(ended))
