"""What every button of the page People does: asks for the right and the password at this moment, acts, and says so."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, PasswordProblem, Person, PersonProblem, Verb
from views import draw, signed_in
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
    return True


def empty_form(at: str) -> str:
    """What the keys of a form's fields end on. It changes with each form that was kept, so that the next one begins
    empty: the roles of one colleague are not the next one's."""
    kept = st.session_state.get(f"people_kept_{at}", 0)
    return f"_{kept}" if kept else ""


def send(at: str, act: Callable[[str], object]) -> None:
    """Does what a form asks for and shows the page anew; what was refused stays in its fields."""
    if do(act, at):
        st.session_state[f"people_kept_{at}"] = st.session_state.get(f"people_kept_{at}", 0) + 1
    st.rerun()


def tell(key: str, **fields: object) -> None:
    """Something to say, once, at the place of what was done."""
    st.session_state[TOLD] = say(f"staff.people.{key}", **fields)


def told(at: str) -> None:
    """Says it, if this is the place: a code stands under the finger that asked for it."""
    words = st.session_state.pop(TOLD, "") if st.session_state.get(AT) == at else ""
    if words:
        with st.container(key="mist_told"):
            draw.html(draw.tag("p", words, cls="mc-text", role="status"))


def code_for(one: Person, by: str) -> None:
    """A new one-time code for a colleague, told to whoever made it."""
    code = access.new_recovery_code(signed_in.store(), one.id, now(), by)
    tell("code_told", name=one.shown_name, sign_in_name=one.sign_in_name, code=code)
