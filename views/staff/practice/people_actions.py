"""What every button of the page People does: asks for the right and the password at this moment, acts, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, PasswordProblem, Person, PersonProblem, Verb
from medspa_core.records import Store, StoreProblem
from views.context.core_access import now
from views.context.words import say
from views.elements import form_keys, notices
from views.session import signed_in


def button(what: str, about: str, at: str, verb: Callable[..., object], *given: object) -> None:
    """A button of this page, for a verb of the core that is given the store, what it is about, the moment and who presses. What
    there is to say is said `at` this place."""

    st.button(say(f"staff.people.{what}"), key=f"{what}_{about}", on_click=_press, args=(at, verb, *given))


def _press(at: str, verb: Callable[..., object], *given: object) -> None:
    do(lambda by: verb(signed_in.store(), *given, now(), by), at)


def do(act: Callable[[str], object], at: str) -> bool:
    """`act` is given the id of who asks. The right is asked for here, where the work is done, not only where the page is listed.
    A sentence that comes back holds a code, to be written down."""
    try:
        who = access.require_now(signed_in.sign_in(), Verb.MANAGE_PEOPLE, now())
        code = act(who.id)
    except (AccessRefused, PersonProblem, PasswordProblem, StoreProblem, ValueError) as problem:
        if isinstance(problem, AccessRefused):
            signed_in.note_refused("verb", Verb.MANAGE_PEOPLE)
        notices.refuse(at, problem)
        return False
    if isinstance(code, str):
        notices.keep_code(at, code)
    else:
        notices.keep(at, say("staff.people.kept"))
    return True


def send(at: str, act: Callable[[str], object], form: str = "") -> None:
    """Does what a form asks for and shows the page anew; what was refused stays in its fields."""
    if do(act, at):
        form_keys.was_kept(form or at)
    st.rerun()


def code_for(store: Store, one: Person, moment: datetime, by: str) -> str:
    """A new one-time code for a colleague, in the sentence that tells it to whoever made it."""
    code = access.new_recovery_code(store, one.id, moment, by)
    return say("staff.people.code_told", name=one.shown_name, sign_in_name=one.sign_in_name, code=code)
