"""A state or province that staff type: a field of text, and below it the name that was read, or why there is none."""

from __future__ import annotations

import streamlit as st

from medspa_core import access
from medspa_core.access import State
from views.context.words import say
from views.elements import draw

LONGEST_TYPED = 60


def state_field(label: str, key: str, shown: str = "") -> State | None:
    """What is typed, as an entry of the list. What is none is said below the field and stays there."""
    with st.container(key=f"typed_{key}", gap="xxsmall"):
        typed = st.text_input(
            label,
            shown,
            placeholder=say("staff.people.state_example"),
            max_chars=LONGEST_TYPED,
            autocomplete="address-level1",
            key=key,
        )
        found = access.read_state(typed)
        if found is not None and found.name != found.kept:
            draw.html(draw.tag("p", found.name, cls="mc-small"))
        elif found is None and typed.strip():
            draw.refused(access.NOT_KNOWN)
    return found


def is_refused(key: str) -> bool:
    """Whether the field has something that is no state; an empty field is no refusal."""
    typed: str = st.session_state.get(key, "")
    return bool(typed.strip()) and access.read_state(typed) is None
