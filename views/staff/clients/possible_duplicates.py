"""Who may be the same person as the one of a form: offered first, with a way to go on all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeGuard

import streamlit as st

from medspa_core.clients import ClientLine, Details
from views.context.words import say
from views.elements import draw
from views.staff import lists
from views.staff.clients import clients_page

WARNED = "client_warned"
"""Of which form, and the details for which somebody was found who may be the same person."""
Look = Callable[[Details], Sequence[ClientLine] | None]


def may_be_kept(
    details: Details | None, sent: bool, form: str, look: Look, anyway: str, icon: str
) -> TypeGuard[Details]:
    """Whether these details are to be kept now: they were just sent and nobody else has them, or the button for "all the same"
    was just pressed. `look` finds who has them, or nothing where that could not be looked up; `anyway`: that button's key."""
    asked = (form, details)
    if details is None:
        st.session_state.pop(WARNED, None)
        return False
    if sent:
        others = look(details)
        if others is None:
            st.rerun()  # why is said on top; nothing is kept before it is known who has these details already
        st.session_state[WARNED] = asked if others else None
        if not others:
            return True
    return st.session_state.get(WARNED) == asked and _warning(look(details) or [], anyway, icon)


def _warning(others: Sequence[ClientLine], anyway: str, icon: str) -> bool:
    """The others, each a tap away; whether the button was just pressed."""
    with st.container(key="already_here", gap="xsmall"):
        draw.refused(say("staff.clients.already_here"))
        for line in others:
            clients_page.line_of(line, "here")
        return lists.quiet(anyway, say(f"staff.clients.{anyway}"), icon=icon)
