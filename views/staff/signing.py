"""What the pages of signatures share: who signs under which licence, one key a form, and what was told after a tap."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from medspa_core.access import AccessRefused, Licence, Location, Person, PersonProblem, shown_names
from medspa_core.exam import ExamProblem
from medspa_core.records import StoreProblem
from views.context import core_access, environment
from views.context.words import calm, plain, say
from views.elements import draw, form_keys, notices, theme
from views.session import signed_in

PLACE = "signing"
KEYS = "signing_keys"


@dataclass(frozen=True)
class Signer:
    """Who is at the page, and the medical licence they sign under; None: they read only."""

    person: Person
    licence: Licence | None
    lacks: str = ""
    """Why they can't sign and what to do about it; "" where they can."""

    @property
    def state(self) -> str:
        """The state of that licence."""
        return self.licence.state if self.licence else ""


def signer(no_licence: str, here: Location | None = None) -> Signer:
    """Who is signed in. With licences of several states they say which one counts; `here`: that place's state decides."""
    person = signed_in.person()
    assert person is not None  # app.py draws the lock screen for anybody else
    held = [one for one in person.licences if one.kind == "medical" and one.valid_on(today())]
    if here is not None:
        if here.state is None:
            no_state = say("staff.review.no_state", place=calm(here.name))
            draw.note(no_state, kind="ask")
            return Signer(person, None, no_state)
        held, other = [one for one in held if one.state == here.state], held
        if other and not held:
            no_licence = say("staff.review.other_state", place=calm(here.name), state=calm(here.state))
    if not held:
        draw.note(no_licence, kind="flag")
        return Signer(person, None, no_licence)
    chosen = held[0]
    if len(held) > 1:
        states = {one.state: one for one in held}
        with st.container(key="tap_sign_state"):
            state = st.pills(
                say("staff.review.sign_state"), list(states), default=chosen.state, format_func=plain, key="sign_state"
            )
        chosen = states[state or chosen.state]
    draw.html(draw.tag("p", say("staff.review.sign_as", number=chosen.number, state=chosen.state), cls="mc-help"))
    return Signer(person, chosen)


def do(form: str, act: Callable[[str], object], kept: str, place: str = PLACE) -> None:
    """Signs with the key of this form: a double tap or a retry is the same act. Then the page is drawn again. `place`: where
    what it led to is said."""
    keys: dict[str, str] = st.session_state.setdefault(KEYS, {})
    try:
        act(keys.setdefault(form, secrets.token_hex(16)))
    except (AccessRefused, ExamProblem, PersonProblem, StoreProblem) as problem:
        notices.refuse(place, problem, form=form)
        if isinstance(problem, ExamProblem):
            keys.pop(form, None)  # nothing was kept; what is sent next may be something else
    else:
        keys.pop(form, None)
        form_keys.was_kept(form)
        notices.keep(place, kept, form)
    st.rerun()


def refuse(form: str, words: str, fields: Mapping[str, str]) -> None:
    """Why something was not done, on the next run, and which field of the form is wrong."""
    notices.refuse(PLACE, words, fields, form)


def below(form: str, field: str, value: object) -> None:
    """What was wrong with this field when its form was sent last. A form's name holds the id of its client's consultation."""
    notices.below(form, field, value)


def begin() -> None:
    """The look of the page, and what the last tap led to, a line for each reason."""
    theme.put_on(theme.RESULT)
    notices.show(PLACE)


def names() -> dict[str, str]:
    """Person's id -> the name to show."""
    return shown_names(core_access.store())


def today() -> date:
    """The day at the clinic."""
    return environment.today()
