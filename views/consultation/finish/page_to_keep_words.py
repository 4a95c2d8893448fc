"""What the page to keep says of the practice and of what comes next: a consultation goes in, words come out."""

from __future__ import annotations

from medspa_core.next_dates import is_treatment
from medspa_core.records import FIRST_VISIT
from views.consultation.finish import choice
from views.context import core_access
from views.result import reviewed_options
from views.result.outcome import Outcome, say
from views.session import signed_in
from views.session.open_consultation import Consultation


def practice(consultation: Consultation) -> str:
    """What the practice is called where the talk was."""
    return core_access.practice(consultation.draft.location_id).name


def what_comes_next(out: Outcome) -> str:
    """That nothing is booked, and the one plain step to a visit that was picked and may be."""
    draft, nothing = out.consultation.draft, say("closing.nothing_booked")
    if draft.choice == choice.NO:
        return say("closing.nothing_no")
    treatment = is_treatment(draft.choice, out.consultation.book) and out.told.is_open(str(draft.choice))
    if draft.next_kind != FIRST_VISIT or not treatment:
        return f"{nothing} {say('closing.come_back')}"
    examined = reviewed_options.is_examined(signed_in.person(), out.consultation.id)
    step = say("closing.step_visit" if examined else "closing.step_clinician")
    return f"{nothing} {step} {say('closing.ask_or_call' if core_access.practice().phone else 'closing.ask')}"
