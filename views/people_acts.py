"""What every button of the page People does: asks for the right and the password at this moment, acts, and says so."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, PasswordProblem, Person, PersonProblem, Verb
from views import draw, kept_forms, signed_in
from views.core_access import now
from views.words import say

TOLD, AT = "people_told", "people_told_at"


def button(what: str, about: str, act: Callable[[str], object], at: str) -> None:
    """A button of this page; `act` is given the id of who presses it. What there is to say is said `at` this place."""
    st.button(say(f"staff.people.{what}"), key=f"{what}_{about}", on_click=_press, args=(act, at))


def _press(act: Callable[[str], object], at: str) -> None:
    do(act, at)


def do(act: Callable[[str], object], at: str) -> bool:
    """The right is asked for here, where the work is done, not only where the page is listed."""
    st.session_state[AT] = at
    st.session_state.pop(TOLD, None)
    try:
        who = access.require_now(signed_in.sign_in(), Verb.MANAGE_PEOPLE, now())
        act(who.id)
    except AccessRefused as problem:
        signed_in.note_refused("verb", Verb.MANAGE_PEOPLE)
        st.session_state[TOLD] = str(problem)
        return False
    except (PersonProblem, PasswordProblem, ValueError) as problem:
        st.session_state[TOLD] = str(problem)
        return False
    st.session_state.setdefault(TOLD, say("staff.people.kept"))  # unless the act has told something of its own
    return True


def send(at: str, act: Callable[[str], object], form: str = "") -> None:
    """Does what a form asks for and shows the page anew; what was refused stays in its fields."""
    if do(act, at):
        kept_forms.was_kept(f"people_{form or at}")
    st.rerun()


def tell(key: str, **fields: object) -> None:
    """Something to say, once, at the place of what was done."""
    st.session_state[TOLD] = say(f"staff.people.{key}", **fields)


def told(at: str) -> None:
    """Says it, if this is the place: that it is kept beside the button; a code stands and stays, to be written down."""
    words = st.session_state.pop(TOLD, "") if st.session_state.get(AT) == at else ""
    if words == say("staff.people.kept"):
        draw.told(words)
    elif words:
        with st.container(key="mist_told"):
            draw.html(draw.tag("p", words, cls="mc-text", role="status"))


def code_for(one: Person, by: str) -> None:
    """A new one-time code for a colleague, told to whoever made it."""
    code = access.new_recovery_code(signed_in.store(), one.id, now(), by)
    tell("code_told", name=one.shown_name, sign_in_name=one.sign_in_name, code=code)
