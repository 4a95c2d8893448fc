"""What every button of the page People does: asks for the right and the password at this moment, acts, and says so."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, PasswordProblem, Person, PersonProblem, Verb
from medspa_core.records import StoreProblem
from views.context.core_access import now
from views.context.words import say
from views.elements import draw, form_keys, notices
from views.session import signed_in

CODE, MADE = "people_code", "people_code_made"
"""In the session: a code that was just made with where it stands, and one whose act is not over yet."""


def button(what: str, about: str, act: Callable[[str], object], at: str) -> None:
    """A button of this page; `act` is given the id of who presses it. What there is to say is said `at` this place."""
    st.button(say(f"staff.people.{what}"), key=f"{what}_{about}", on_click=_press, args=(act, at))


def _press(act: Callable[[str], object], at: str) -> None:
    do(act, at)


def do(act: Callable[[str], object], at: str) -> bool:
    """The right is asked for here, where the work is done, not only where the page is listed."""
    for key in (CODE, MADE):
        st.session_state.pop(key, None)
    try:
        who = access.require_now(signed_in.sign_in(), Verb.MANAGE_PEOPLE, now())
        act(who.id)
    except AccessRefused as problem:
        signed_in.note_refused("verb", Verb.MANAGE_PEOPLE)
        notices.refuse(_place(at), problem)
        return False
    except (PersonProblem, PasswordProblem, StoreProblem, ValueError) as problem:
        notices.refuse(_place(at), problem)
        return False
    code: str = st.session_state.pop(MADE, "")
    st.session_state[CODE] = (at, code)
    notices.keep(_place(at), "" if code else say("staff.people.kept"))
    return True


def _place(at: str) -> str:
    return f"people_{at}"


def send(at: str, act: Callable[[str], object], form: str = "") -> None:
    """Does what a form asks for and shows the page anew; what was refused stays in its fields."""
    if do(act, at):
        form_keys.was_kept(f"people_{form or at}")
    st.rerun()


def tell(key: str, **fields: object) -> None:
    """A code that the act has made, to be said once at the place of what was done."""
    st.session_state[MADE] = say(f"staff.people.{key}", **fields)


def told(at: str) -> None:
    """Says what was done or refused here; a code stands in a box of its own, to be written down, and is
    brought into view (scripts/notice_at_button.js)."""
    notices.show(_place(at))
    where, code = st.session_state.get(CODE, ("", ""))
    if where == at and code:
        del st.session_state[CODE]
        with st.container(key="mist_told"):
            draw.html(draw.tag("p", code, cls="mc-text", role="status", data_in_view="yes"))


def code_for(one: Person, by: str) -> None:
    """A new one-time code for a colleague, told to whoever made it."""
    code = access.new_recovery_code(signed_in.store(), one.id, now(), by)
    tell("code_told", name=one.shown_name, sign_in_name=one.sign_in_name, code=code)
