"""The bar on top of a consultation: whose side is on, the ways to the other, to the lock and out; below it whose consultation
it is, since when it is saved, and the steps.

Who and steps are one piece of HTML, the steps links inside the same session: as buttons in boxes they took the browser
longer at each tap than many a tap itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import streamlit as st

from medspa_core.clients.ready_to_finish import safety_is_done
from views.context import environment
from views.context.words import clock_time, entry, say
from views.elements import draw, theme
from views.redraw import screen_parts
from views.session import open_consultation, saved_answers, signed_in
from views.session.open_consultation import Consultation

STEPS = ("you", "safety", "what_matters", "options", "timeline", "plan")
SHOWING = ("options", "timeline")
FACE, STAFF = "face", "staff"
"""In an address: which side to begin with. A hint only, and none while a client holds the tablet."""
Do = Callable[[], None]


def draw_bar(consultation: Consultation, here: str, *, staff: bool, turn: Do, lock: Do, close: Do) -> None:
    """The bar on the screen `here`; `turn` shows the other side, `lock` draws the curtain, `close` leaves the consultation."""
    with st.container(key="topbar", gap=None):
        with side_bar(staff=staff):
            with st.container(key="view_client_off" if staff else "view_client_on", width="content"):
                _face(here, turn, staff=staff)
            st.button(say("shell.lock"), key="lock", icon=":material/lock:", on_click=lock)
            _close(close)
        if consultation.finished and here == "plan" and not staff:
            return  # one calm page: nothing to go on to
        if consultation.finished:
            theme.put_on(theme.FINISHED)
        with st.container(key="steps", horizontal=True, vertical_alignment="center", gap="small"):
            screen_parts.fixed(consultation, "waiting", lambda now: bool(now.waiting))
            screen_parts.part(consultation, "bar", _shows, lambda now: draw.html(_who(now), _steps(now, here)))
            if consultation.waiting:
                _try_again()


@contextlib.contextmanager
def side_bar(*, staff: bool) -> Iterator[None]:
    """The coloured bar that says whose side is on; what is drawn inside stands at its right."""
    with st.container(key="side_staff" if staff else "side_client", horizontal=True, vertical_alignment="center"):
        words = say("staff.side" if staff else "shell.side")
        draw.html(draw.tag("p", draw.icon("tablet"), draw.tag("b", words), cls="mc-whose"))
        yield


def address(here: str) -> str:
    """The address of a screen of this consultation."""
    which = signed_in.held_to() or st.query_params.get(open_consultation.ADDRESS_KEY, "")
    return f"/{here}?{open_consultation.ADDRESS_KEY}={which}"


def _shows(consultation: Consultation) -> object:
    return _saved_line(consultation), [_is_done(consultation, step) for step in STEPS]


def _who(consultation: Consultation) -> draw.Element:
    name = draw.tag("div", consultation.draft.code_name, cls="mc-who", title=consultation.draft.code_name)
    if consultation.waiting:
        state = draw.tag("div", _saved_line(consultation), cls="mc-saved mc-saved-not", role="alert")
    else:
        state = draw.tag("div", draw.icon("cloud"), draw.tag("span", _saved_line(consultation)), cls="mc-saved")
    away = draw.tag("div", say("shell.away"), cls="mc-saved mc-saved-not mc-away", role="alert")
    return draw.tag("div", name, state, away, cls="mc-side")


def _saved_line(consultation: Consultation) -> str:
    if consultation.waiting:
        return say("shell.not_saved")
    if consultation.draft.finished_at is not None:
        return say("shell.finished")
    return say("shell.saved", time=clock_time(environment.local(consultation.draft.saved_at)))


@st.fragment(run_every=3)
def _try_again() -> None:
    if saved_answers.save_waiting():
        st.rerun()


def _steps(consultation: Consultation, here: str) -> draw.Element:
    links = [_step(consultation, step, here) for step in STEPS]
    return draw.tag(
        "nav",
        *links,
        cls="mc-steps",
        aria_label=say("shell.steps"),
        data_place=here,
    )


def _step(consultation: Consultation, step: str, here: str) -> draw.Element:
    """A link to the step; the one that is shown leads nowhere."""
    words = draw.tag("span", say(f"shell.step.{step}"))
    if step == here:
        return draw.tag("a", words, cls=f"mc-step mc-step-{step} mc-step-now", aria_current="step")
    state = "done" if _is_done(consultation, step) else "open"
    target = f"{step}?{urlencode({open_consultation.ADDRESS_KEY: consultation.id})}"
    return draw.tag("a", words, cls=f"mc-step mc-step-{step} mc-step-{state}", href=target, data_inside="yes")


def _is_done(consultation: Consultation, step: str) -> bool:
    """A step that asks has its tick once what it needs is answered; one that shows, once it was looked at with the
    answers as they are now. A choice made from these answers says that the options were, also after a reload."""
    if step == "safety":
        return safety_is_done(consultation.answers, consultation.book, lambda: consultation.open_options)
    if step == "options" and open_consultation.has_chosen(consultation):
        return True
    if step == "plan":
        return consultation.finished
    if step in SHOWING:
        return open_consultation.was_looked_at(consultation, step)
    needed: list[str] = entry("shell.needed").get(step, [])
    return bool(needed) and all(question in consultation.answers for question in needed)


def _face(here: str, turn: Do, *, staff: bool) -> None:
    """What it says is what it does. In a client's hands the way to the staff's side is the gate's own page, which asks who
    is there."""
    if signed_in.held_to():
        way = signed_in.take_back_address(f"{address(here)}&{FACE}={STAFF}")
        draw.way_out(say("shell.show_staff"), way, sign="turn")
    else:
        words = say("staff.hand" if staff else "shell.show_staff")
        st.button(words, key="face", icon=":material/swap_horiz:", on_click=turn)


def _close(close: Do) -> None:
    """Out of the consultation, which stays kept. In a client's hands the curtain is drawn, and the staff open it."""
    if signed_in.held_to():
        st.button(say("shell.close"), key="close_out", icon=":material/close:", on_click=signed_in.cover)
    elif st.button(say("shell.close"), key="close", icon=":material/close:"):
        close()
