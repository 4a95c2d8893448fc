"""What the page to keep says of the practice and of what comes next: a consultation goes in, words come out."""

from __future__ import annotations

from medspa_core import access
from medspa_core.next_dates import is_treatment
from medspa_core.records import FIRST_VISIT, StoreProblem
from views.consultation.finish import choice
from views.context import core_access
from views.result import reviewed_options
from views.result.outcome import Outcome, say
from views.session import signed_in
from views.session.open_consultation import Consultation


def practice(consultation: Consultation) -> str:
    """The clinic's own name; where none is set, what the location of the talk is called; "" during the trial."""
    named, where = core_access.practice().name, consultation.draft.location_id
    if named or where is None:
        return named
    try:
        return next((one.name for one in access.list_locations(core_access.store()) if one.id == where), "")
    except StoreProblem:
        return ""  # the page is there also without it


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
