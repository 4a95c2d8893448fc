"""Who may be the same person as the one of a form: offered first, with a way to go on all the same."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from medspa_core.clients import ClientLine
from views.context.words import say
from views.elements import draw
from views.staff.clients import clients_page


def warning(others: Sequence[ClientLine], anyway: str, icon: str) -> bool:
    """The others, each a tap away; whether the button for "all the same" was just pressed. `anyway`: its key and its words."""
    with st.container(key="already_here", gap="xsmall"):
        draw.refused(say("staff.clients.already_here"))
        for line in others:
            clients_page.line_of(line, "here")
        with st.container(key=f"quiet_{anyway}", width="content"):
            return st.button(say(f"staff.clients.{anyway}"), key=anyway, icon=icon)
