"""What a clinician's signed limits ask of a new order: told beside its fields, and asked about where it goes beyond one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from medspa_core import exam
from medspa_core.exam import NewOrder, SignedLimit
from views.context.words import counted, say, short_date
from views.elements import draw
from views.staff import lists
from views.staff.review.review_page import Reviewed

BEYOND = "order_beyond_asked"
"""In the session: the order that was asked about, as it goes beyond a signed limit."""


def told(reviewed: Reviewed, limits: Sequence[SignedLimit]) -> None:
    """What a clinician's signed limit asks of this order, beside its fields."""
    for one in limits:
        until = "" if one.valid_until is None else short_date(one.valid_until)
        key = "staff.review.limit_of_exam" if one.of_exam else "staff.review.limit"
        words = say(key, note=one.note, name=reviewed.name(one.signed.person_id), day=until)
        draw.note(f"{words}. {_read_of(one)}", kind="flag")


def _read_of(one: SignedLimit) -> str:
    """What of a limit's words the order is compared with, so that nobody takes for checked what was not read."""
    if one.depth_tenths_mm is None and one.sessions is None:
        return say("staff.review.limit_not_read")
    depth = say("staff.review.limit_no_depth")
    if one.depth_tenths_mm is not None:
        depth = say("staff.review.limit_depth", number=f"{one.depth_tenths_mm / 10:g}")
    sessions = say("staff.review.limit_no_sessions")
    if one.sessions is not None:
        sessions = counted("staff.number.sessions", one.sessions)
    return say("staff.review.limit_read", depth=depth, sessions=sessions)


def sign_within(
    reviewed: Reviewed, new: NewOrder, limits: Sequence[SignedLimit], sign: Callable[[], None], *, pressed: bool
) -> None:
    """Signs what keeps the signed limits. What goes beyond what they name is asked about first: a second tap on the form's own
    button is no yes."""
    beyond, asked = _beyond(new, limits), (reviewed.file.draft.id, new)
    if pressed and beyond:
        st.session_state[BEYOND] = asked
    elif pressed:
        sign()
    if not beyond or st.session_state.get(BEYOND) != asked:
        return
    with st.container(key="beyond_limit", gap="xsmall"):
        for words in beyond:
            draw.refused(words)
        if lists.quiet("order_beyond", say("staff.review.beyond_yes")):
            st.session_state.pop(BEYOND)
            sign()


def _beyond(new: NewOrder, limits: Sequence[SignedLimit]) -> list[str]:
    """In words, how this order goes beyond what the signed limits name."""
    deep, many = new.depth_tenths_mm, new.sessions
    depths = [
        say("staff.review.beyond_depth", limit=f"{(one.depth_tenths_mm or 0) / 10:g}", order=f"{deep / 10:g}")
        for one in exam.beyond_depth(limits, deep)
    ]
    return depths + [
        say("staff.review.beyond_sessions", limit=counted("staff.number.sessions", one.sessions or 0), order=many)
        for one in exam.beyond_sessions(limits, many)
    ]
