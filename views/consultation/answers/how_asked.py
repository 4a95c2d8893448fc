"""How the safety questions were asked: each tap is saved with how it was asked, counted, and may lead to another card."""

from __future__ import annotations

import streamlit as st

from medspa_core import records
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation

# How an answer was asked, kept beside it; the staff view says it in words ([staff.how] in screens.toml).
SINGLY, ON_CARD, WHICH_OPEN, TOLD_NURSE = "single", "card", "card_which", "told_nurse"
NONE, UNSURE, SEEN = "card_none", "card_not_sure", "seen"
BY_A_TAP = (SINGLY, ON_CARD, WHICH_OPEN, TOLD_NURSE, NONE, UNSURE, SEEN, None)  # None: a tap that took an answer back


def tapped(consultation: Consultation, answers: dict[str, str | None], how: str) -> bool:
    """Keeps what was tapped; None takes an answer back. One tap more once it is saved.

    False: heard before, so it is no tap and leads to no other card.
    """
    taps_so_far(consultation)
    if not saved_answers.keep(consultation, answers, how):
        return False
    counts: dict[str, int] = st.session_state["safety_taps"]
    if consultation.waiting:
        counts.pop(consultation.id, None)
    elif consultation.id in counts:
        counts[consultation.id] += 1
    return True


def taps_so_far(consultation: Consultation) -> int:
    """How many taps the safety questions have taken. Asked of the store once a session (a reload forgets none), and again
    as long as something waits to be saved."""
    counts: dict[str, int] = st.session_state.setdefault("safety_taps", {})
    if consultation.id in counts:
        return counts[consultation.id]
    try:
        number = _taps_kept(consultation)
    except records.StoreProblem:
        return 0  # not known just now, so nothing is said of it
    if not consultation.waiting:
        counts[consultation.id] = number
    return number


def _taps_kept(consultation: Consultation) -> int:
    """Each save of an answer to a safety question was one tap; answers that came in another way were none."""
    asked = set(consultation.book.safety_questions)
    given = open_consultation.answers_given(consultation)
    return len({one.revision for one in given if one.question in asked and one.how_asked in BY_A_TAP})


def go_to(draft_id: str, card_id: str) -> None:
    """Shows this card."""
    st.session_state["safety_at"] = {draft_id: card_id}


def from_the_first_card() -> None:
    """After all answers were cleared: what is shown is the first card that is not done."""
    st.session_state.pop("safety_at", None)
