"""For the staff, on the page that a finished consultation ends on: what is missing before a treatment, and who can clear it."""

from __future__ import annotations

import streamlit as st

from medspa_core import exam
from medspa_core.access import AccessRefused
from medspa_core.exam import StillMissing
from medspa_core.next_dates import is_treatment
from medspa_core.records import StoreProblem
from medspa_core.wording.words import listed
from views.context import core_access, environment
from views.context.words import calm, say
from views.elements import draw
from views.frame import shell
from views.result.outcome import Outcome
from views.session import signed_in


def strip(out: Outcome) -> None:
    """Named, with the names of who can clear it. Never on the client's side, and never on the paper."""
    if not shell.staff_view():
        return
    lines = [*_before(out), *_of_the_clinic(out)]
    if not lines:
        return
    with st.container(key="staff_strip"):
        draw.html(draw.tag("p", draw.tag("b", say("staff.before.title")), " ", " ".join(lines)))


def _before(out: Outcome) -> list[str]:
    """What stands before the chosen treatment."""
    chosen = str(out.consultation.draft.choice)
    hands = signed_in.hands(out.consultation.id)
    if hands is None or not is_treatment(chosen, out.book):
        return []
    try:
        today = environment.today()
        found = exam.still_missing(*hands, out.consultation.id, chosen, core_access.rulebook(), today)
    except (AccessRefused, StoreProblem):
        return [say("staff.before.unknown")]
    if not found:
        return [say("staff.before.nothing")]
    by_names: dict[tuple[str, ...], list[str]] = {}
    for one in found:
        by_names.setdefault(_names(one), []).append(say(f"staff.before.{one.what}"))
    things = [_who_clears(listed(whats), names) for names, whats in by_names.items()]
    return [say("staff.before.missing", things="; ".join(things))]


def _names(one: StillMissing) -> tuple[str, ...]:
    """Who can clear it; where nobody is set up yet, the clinician whom the clinic names."""
    clinician = calm(core_access.clinic().clinician)
    if not one.who and clinician and one.what in (exam.EXAM, exam.ORDER, exam.FINDINGS):
        return (clinician,)
    return tuple(calm(name) for name in one.who)


def _who_clears(what: str, names: tuple[str, ...]) -> str:
    if not names:
        return say("staff.before.nobody", what=what)
    return say("staff.before.by", what=what, names=listed(names, say("staff.before.or")))


def _of_the_clinic(out: Outcome) -> list[str]:
    """What the client's page would say of the practice, and does not know."""
    named = core_access.practice(out.consultation.draft.location_id).name
    missing = [] if named else ["no_name"]
    missing += [] if core_access.practice().phone else ["no_phone"]
    return [say(f"staff.before.{one}") for one in missing]
