"""What the pages of signatures share: who signs under which licence, one key a form, and what was told after a tap."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from medspa_core.access import AccessRefused, Licence, Location, Person, PersonProblem, shown_names
from medspa_core.exam import ExamProblem, SigningContext
from medspa_core.records import StoreProblem
from views.context import core_access, environment
from views.context.words import calm, plain, say
from views.elements import draw, form_keys, notices, theme
from views.session import signed_in

Value = TypeVar("Value")
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
    if here is not None and here.state is None:
        no_state = say("staff.review.no_state", place=calm(here.name))
        draw.note(no_state, kind="ask")
        return Signer(person, None, no_state)
    there = held if here is None else [one for one in held if one.state == here.state]
    if here is not None and held and not there:
        no_licence = say("staff.review.other_state", place=calm(here.name), state=calm(here.state or ""))
    if not there:
        draw.note(no_licence, kind="flag")
        return Signer(person, None, no_licence)
    chosen = _chosen(there)
    draw.html(draw.tag("p", say("staff.review.sign_as", number=chosen.number, state=chosen.state), cls="mc-help"))
    return Signer(person, chosen)


def _chosen(held: Sequence[Licence]) -> Licence:
    """The licence of the state that was tapped, where there is more than one."""
    if len(held) == 1:
        return held[0]
    states = {one.state: one for one in held}
    with st.container(key="tap_sign_state"):
        label = say("staff.review.sign_state")
        state = st.pills(label, list(states), default=held[0].state, format_func=plain, key="sign_state")
    return states[state or held[0].state]


def sign(
    who: Signer, form: str, act: Callable[[SigningContext], object], kept: str = "staff.review.kept", place: str = PLACE
) -> None:
    """Does what is signed under the signer's licence, with the key of this form. `kept`: what is said once it is."""

    def with_key(key: str) -> object:
        return act(SigningContext(who.state, core_access.rulebook(), core_access.now(), today(), key))

    do(form, with_key, say(kept), place)


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


def field(place: str, form: str, name: str, draw_it: Callable[[], Value]) -> Value:
    """A field, and below it what was wrong with it when its form was sent last."""
    with st.container(key=place, gap="xxsmall"):
        value = draw_it()
        below(form, name, value)
    return value


def pills(label: str, words: Mapping[Any, str], key: str, among: Sequence[Any] | None = None, **more: Any) -> Any:
    """A tap on one of these, or on several. What there is to choose, or more -> what it is called."""
    options = list(words if among is None else among)
    return st.pills(label, options, format_func=words.__getitem__, key=key, width="stretch", **more)


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
