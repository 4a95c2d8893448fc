"""What the pages of signatures share: who signs under which licence, one key a form, and what was told after a tap."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from medspa_core.access import AccessRefused, Licence, Location, Person, PersonProblem, shown_names
from medspa_core.exam import ExamProblem, SigningContext
from medspa_core.records import StoreProblem
from views.context import core_access, environment
from views.context.words import calm, plain, say, short_date
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
    held = [one for one in person.licences if one.kind == "medical" and one.valid_on(environment.today())]
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
    who: Signer,
    form: str,
    verb: Callable[..., object],
    *given: object,
    kept: str = "staff.review.kept",
    place: str = PLACE,
    key: str = "",
    **named: object,
) -> None:
    """Does what is signed under the signer's licence, with the key of this form, or `key`."""
    now, on = core_access.now(), environment.today()
    context = SigningContext(who.state, core_access.rulebook(), now, on, key or key_of(form))
    do(form, kept, verb, *given, context, place=place, **named)


def do(form: str, kept: str, verb: Callable[..., object], *given: object, place: str = PLACE, **named: object) -> None:
    """Does what a form asks for, a verb of the core for who is signed in. Then the page is drawn again. `kept`: what is said
    once it is; `place`: where what it led to is said."""
    keys = _keys()
    try:
        verb(signed_in.store(), signed_in.person(), *given, **named)
    except (AccessRefused, ExamProblem, PersonProblem, StoreProblem) as problem:
        notices.refuse(place, problem, form=form)
        if isinstance(problem, ExamProblem):
            keys.pop(form, None)  # nothing was kept; what is sent next may be something else
    else:
        keys.pop(form, None)
        form_keys.was_kept(form)
        notices.keep(place, say(kept), form)
    st.rerun()


def key_of(form: str) -> str:
    """The key of what this form asks for: a double tap or a retry is the same act."""
    return _keys().setdefault(form, secrets.token_hex(16))


def _keys() -> dict[str, str]:
    keys: dict[str, str] = st.session_state.setdefault(KEYS, {})
    return keys


def begin() -> None:
    """The look of the page, and what the last tap led to, a line for each reason."""
    theme.put_on(theme.RESULT)
    notices.show(PLACE)


def day_and_name(key: str, at: datetime, person_id: str) -> str:
    """A sentence with the day on which something was done, and the name of who did it."""
    return say(key, day=short_date(environment.local(at).date()), name=names().get(person_id, ""))


def names() -> dict[str, str]:
    """Person's id -> the name to show."""
    return shown_names(core_access.store())
