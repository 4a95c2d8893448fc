"""What stands on top of every page of the staff: the bar that says whose side is on, who is signed in, the ways to the other
pages, and what an emergency needs said."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, Glass, Person
from views.context import core_access, environment
from views.context.words import clock_time, say, short_date
from views.elements import draw
from views.frame import shell, top_bar
from views.session import open_consultation, signed_in

FIGURES = ("week", "month", "treatment_mix", "agreement", "money", "capacity", "import_sales")
"""The pages of figures: one way leads to the first of them that is open, and they stand in a line of their own there."""
OF_FIGURES = ("opening_hours",)
"""Pages that one of them leads to."""
WAYS = ("home", "clients", "compare", "review", "approval", "offer", "figures", "people", "kept", "audit", "store")
OWN = (("staff.line.own", "/own"), ("staff.line.out", "/auth/out"))


def show(who: Person, here: str, open_to: Collection[str]) -> None:
    """Drawn by app.py above a page of the staff, never on a client's screen. `open_to`: the pages this person may open."""
    on_trial = signed_in.on_trial()
    with st.container(key="topbar", gap=None), top_bar.side_bar(staff=True):
        if not on_trial:
            _own(who)
            st.button(say("shell.lock"), key="lock", icon=":material/lock:", on_click=signed_in.cover)
    if on_trial:
        _trial()
    with st.container(key="desk_line", horizontal=True, vertical_alignment="center"):
        figures = [page for page in FIGURES if page in open_to]
        for page in WAYS:
            if page == "figures" and figures:
                _way(here if here in FIGURES else figures[0], here, "figures")
            elif page in open_to:
                _way(page, here)
    if here in (*FIGURES, *OF_FIGURES):
        with st.container(key="desk_figures", horizontal=True, vertical_alignment="center"):
            for page in figures:
                _way(page, here)
            draw.html(
                draw.tag(
                    "button", draw.icon("print"), say("staff.line.print"), type="button", cls="mc-line-print mc-print"
                ),
                width="content",
            )
    if on_trial:
        return
    _own_glass(who)
    for one in access.waiting_for_a_second(signed_in.store(), who):
        _nobody_to_look(one)
    for one in access.unseen_glass(signed_in.store(), who):
        _glass(one, who)


def _way(page: str, here: str, words_of: str = "") -> None:
    words = say(f"staff.ways.{words_of or page}")
    if page == here:
        draw.html(draw.tag("span", words, cls="mc-here", aria_current="true" if words_of else "page"), width="content")
    elif st.button(words, key=f"way_{words_of or page}"):
        shell.go(page)


def _own(who: Person) -> None:
    links = [draw.tag("a", say(words), href=address, target="_self") for words, address in OWN]
    with st.container(key="desk_own", width="content"):
        draw.html(draw.tag("p", draw.tag("b", who.shown_name), *links, cls="mc-line"), width="content")


def _trial() -> None:
    with st.container(key="bar_trial", horizontal=True, vertical_alignment="center"):
        draw.html(draw.tag("p", draw.icon("info"), " ", say("trial.line"), cls="mc-lead"))
        draw.way_out(say("trial.set_up"), "/first-start", cls="mc-way mc-way-main")


def _own_glass(who: Person) -> None:
    until = access.open_until(signed_in.store(), who, core_access.now())
    if until is not None:
        draw.note(say("staff.line.glass_open", time=clock_time(environment.local(until))))


def _nobody_to_look(one: Glass) -> None:
    """Their own, and there is no second person: it stands here, without a button, until somebody else has seen it."""
    with st.container(key=f"mist_glass_{one.id}"):
        draw.note(_told("staff.line.glass_alone", one), kind="flag")


def _glass(one: Glass, who: Person) -> None:
    name = access.load_person(signed_in.store(), one.person_id).shown_name
    with st.container(key=f"sand_glass_{one.id}"):
        draw.note(_told("staff.line.glass", one, name=name))
        if not who.by_pin:
            st.button(say("staff.line.seen"), key=f"seen_{one.id}", on_click=_seen, args=(one.id,))


def _told(key: str, one: Glass, **more: str) -> str:
    when = environment.local(one.opened_at)
    return say(key, day=short_date(when.date()), time=clock_time(when), reason=one.reason, **more)


def _seen(glass_id: str) -> None:
    found = signed_in.sign_in()
    if found is None or found.person.held:
        return
    try:
        access.acknowledge_glass(signed_in.store(), glass_id, found.person, core_access.now())
    except AccessRefused as problem:
        open_consultation.refuse(str(problem))
