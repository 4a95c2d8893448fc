"""The landing screen's parts: what the program is, new and open consultations, the invented clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from medspa_core import exam, records
from medspa_core.access import Verb
from medspa_core.clients import consultations
from medspa_core.exam import HeldBack
from medspa_core.records import DraftLine
from views.context import core_access, environment
from views.context.words import entry, say
from views.elements import draw, notices
from views.frame import shell
from views.session import new_consultation, open_consultation, signed_in
from views.staff import held_back, lists
from views.staff.clients.client_form import LONGEST_CODE_NAME
from views.staff.home import open_tasks, tour
from views.staff.home.demo_clients import DemoClient, demo_clients

SHOWN, EVERY_DEMO = "drafts_shown", "every_demo_client"
SHOWN_AT_FIRST, SHOWN_MORE = 3, 12


def welcome() -> None:
    """What this is, and the tour."""
    with st.container(key="bar_welcome", horizontal=True, vertical_alignment="center"):
        draw.html(draw.tag("h1", say("home.title"), cls="mc-title"), draw.tag("p", say("home.lead"), cls="mc-lead"))
        with st.container(key="bar_doors", horizontal=True, width="content"):
            _doors()
    notices.show(open_consultation.NOTICE)


def _doors() -> None:
    if not tour.running():
        st.button(say("tour.start"), key="tour_start", icon=":material/explore:", on_click=tour.start)
    if st.button(say("home.why"), key="open_why"):
        shell.go("why")


def new_and_open() -> None:
    """Left: a new consultation. Right: those that are open, by code name and time."""
    with st.container(key="twin_home", horizontal=True, gap="medium"):
        with st.container(key="card_new"):
            _new()
        with st.container(key="card_open", gap="small"):
            _open()


def _new() -> None:
    shell.section(say("staff.new_title"), say("home.new_help"))
    with st.form("new", border=False):
        code_name = " ".join(
            st.text_input(say("home.code_name"), placeholder=say("home.code_example"), key="code_name").split()
        )
        pressed = lists.send("new", say("home.new"), key="start_new", width="stretch")
    if pressed and not code_name:
        draw.told(say("home.no_name"), refused=True)
    elif pressed and len(code_name) > LONGEST_CODE_NAME:
        draw.told(say("home.long_name", most=LONGEST_CODE_NAME), refused=True)
    elif pressed:
        _start(code_name)
    _practise()


def _practise() -> None:
    """Once a practice is set up: a copy of an invented client for who wants to practise. It is marked as invented, so it is in
    no figure, no count and nobody's record, and goes with all that is invented. One that is not finished is gone on with. During
    the trial they stand below."""
    if signed_in.on_trial() or not signed_in.allows(Verb.CHANGE_CLIENTS):
        return
    if lists.quiet("practise", say("staff.start.practise")):
        demo = next(one for one in demo_clients() if one.id == entry("staff.start.practise_with"))
        hands = signed_in.hands()
        begun = consultations.own_open_copy(*hands, demo.id) if hands is not None else None
        if begun is not None:
            shell.open_draft(begun)
        _start(say("staff.start.practise_name"), demo.id, demo.answers(environment.today()))


def _start(code_name: str, demo_of: str | None = None, answers: Mapping[str, Any] | None = None) -> None:
    try:
        draft_id = new_consultation.start(code_name, demo_of, answers)
    except records.StoreProblem as problem:
        draw.told(str(problem), refused=True)
    else:
        shell.open_draft(draft_id)


def _open() -> None:
    if st.session_state.get(open_tasks.LIST) == open_tasks.UNDECIDED:
        _undecided()
        return
    shell.section(say("staff.open_title"))
    _listed(_open_lines(), say("home.open_none_on_trial" if signed_in.on_trial() else "home.open_none"))


def _undecided() -> None:
    days = entry("staff.start.undecided_days")
    shell.section(say("staff.start.undecided_title"), say("staff.start.undecided_lead", days=days))
    _listed(open_tasks.undecided(), say("staff.start.undecided_none"))
    at_first = {open_tasks.LIST: None, SHOWN: SHOWN_AT_FIRST}
    lists.quiet("open_again", say("staff.start.open_again"), on_click=st.session_state.update, args=(at_first,))


def _listed(lines: list[DraftLine], none: str) -> None:
    """A look full of them, and a way to more and to one of them."""
    if not lines:
        draw.html(draw.tag("p", none, cls="mc-small"))
    number = st.session_state.get(SHOWN, SHOWN_AT_FIRST)
    found = _found(lines) if number > SHOWN_AT_FIRST else lines
    marks = _held_back(found[:number])
    for line in found[:number]:
        _draft(line, marks.get(line.id, HeldBack()))
    if len(lines) > SHOWN_AT_FIRST:
        _more_or_fewer(number, len(found))


def _found(lines: Sequence[DraftLine]) -> list[DraftLine]:
    """Those with a code name that holds what was typed; the field is there once there is more than one look full."""
    wanted = ""
    if len(lines) > SHOWN_MORE:
        wanted = st.text_input(say("home.find"), key="find", max_chars=LONGEST_CODE_NAME)
    found = [line for line in lines if wanted.strip().casefold() in line.code_name.casefold()]
    if not found:
        draw.html(draw.tag("p", say("home.find_none"), cls="mc-small"))
    return found


def _more_or_fewer(number: int, found: int) -> None:
    with st.container(key="bar_every", horizontal=True):
        if number < found:
            _show("every", say("home.more", number=min(SHOWN_MORE, found - number)), number + SHOWN_MORE)
        if number > SHOWN_AT_FIRST:
            _show("fewer", say("home.fewer"), SHOWN_AT_FIRST)


def _show(key: str, words: str, number: int) -> None:
    lists.quiet(key, words, on_click=st.session_state.update, args=({SHOWN: number},))


def _open_lines() -> list[DraftLine]:
    hands = signed_in.hands()
    return consultations.list_open(*hands, 200) if hands is not None else []


def _held_back(lines: Sequence[DraftLine]) -> dict[str, HeldBack]:
    """Whom of those shown something keeps from a treatment."""
    hands = signed_in.hands()
    if hands is None:
        return {}
    shown = [line.id for line in lines]
    return exam.held_back_in(*hands, shown, core_access.rulebook(), environment.today())


def _draft(line: DraftLine, held: HeldBack) -> None:
    about = [*lists.how_far(line), *([say("home.invented")] if line.demo_of else [])]
    if lists.line(f"open_{line.id}", line.code_name, ", ".join(about), held_back.mark(held)):
        shell.open_draft(line.id)


def invented_clients() -> None:
    """Six under headings, the rest a tap away; one tap opens a copy. None once a practice is set up."""
    if not signed_in.on_trial():
        return
    shell.section(say("home.demo_title"), say("home.demo_lead"))
    known = {demo.id: demo for demo in demo_clients()}
    groups: dict[str, Any] = entry("staff.start.group")
    first = {one for group in groups.values() for one in group["clients"]}
    with st.grid(3, min_column_width=230, gap="medium", key="demo_groups"):
        for name, group in groups.items():
            with st.container(key=f"demo_group_{name}", gap="small"):
                draw.html(draw.tag("h3", group["title"], cls="mc-question"))
                for one in group["clients"]:
                    _demo(known[one])
    every = bool(st.session_state.get(EVERY_DEMO))
    if every:
        with st.grid(3, min_column_width=230, gap="small", key="demo_grid"):
            for demo in known.values():
                if demo.id not in first:
                    _demo(demo)
    words = say("staff.start.show_fewer") if every else say("staff.start.show_all", number=len(known))
    lists.quiet("every_demo", words, on_click=st.session_state.update, args=({EVERY_DEMO: not every},))


def _demo(demo: DemoClient) -> None:
    if lists.line(f"demo_{demo.id}", demo.name, demo.story):
        _start(demo.name, demo.id, demo.answers(environment.today()))
