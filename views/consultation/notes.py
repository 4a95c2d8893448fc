"""Notes of staff on a consultation: written, listed, taken back. Only a staff view draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.clients import consultations as guarded
from medspa_core.records import Note
from views.context import environment
from views.context.words import moment_words, say
from views.elements import draw
from views.frame import shell
from views.session import open_consultation, signed_in
from views.session.open_consultation import Consultation


def card(consultation: Consultation) -> None:
    """The notes that are there, and a place for a new one."""
    hands = signed_in.hands()
    if hands is None:
        return
    try:
        notes = guarded.read_notes(*hands, consultation.id)
    except records.StoreProblem as problem:
        draw.note(str(problem))
        return
    with st.container(key="card_notes", gap="small"):
        shell.section(say("staff.note.title"), say("staff.note.lead"))
        for note in notes:
            _line(consultation, note)
        if not notes:
            draw.html(draw.tag("p", say("staff.note.none"), cls="mc-small"))
        if not consultation.finished:
            _new(consultation, len(notes))


def _line(consultation: Consultation, note: Note) -> None:
    gone = note.taken_back_at is not None
    with st.container(key=f"bar_note_{note.number}", horizontal=True, vertical_alignment="center"):
        words = draw.tag(
            "p", draw.tag("s" if gone else "span", note.text), cls="mc-written" + (" muted" if gone else "")
        )
        draw.html(draw.tag("div", words, draw.tag("p", _when(consultation, note), cls="mc-help")))
        if not gone and not consultation.finished:
            with st.container(key=f"quiet_note_{note.number}", width="content"):
                label, take_back = say("staff.note.take_back"), (consultation.id, note.number)
                st.button(label, key=f"take_back_{note.number}", on_click=_take_back, args=take_back)


def _when(consultation: Consultation, note: Note) -> str:
    times = [moment_words(environment.local(note.at), consultation.as_of)]
    if note.taken_back_at is not None:
        back = moment_words(environment.local(note.taken_back_at), consultation.as_of)
        times.append(say("staff.note.taken_back", time=back))
    return ", ".join(times)


def _new(consultation: Consultation, so_far: int) -> None:
    with st.form(f"note_{consultation.id}", border=False):
        st.text_area(
            say("staff.note.write"),
            placeholder=say("staff.note.example"),
            max_chars=records.LONGEST_TEXT,
            key=_field(consultation.id),
            height=96,
        )
        st.form_submit_button(say("staff.note.add"), key="add_note", on_click=_add, args=(consultation.id, so_far))


def _field(draft_id: str) -> str:
    return f"note_text_{draft_id}"


def _add(draft_id: str, so_far: int) -> None:
    """Keeps what was typed; if that fails it stays in its field."""
    text = st.session_state.get(_field(draft_id), "")
    if not text.strip():
        open_consultation.refuse(say("staff.note.empty"))
    elif _done(guarded.add_note, draft_id, text, environment.now(), after=so_far):
        st.session_state[_field(draft_id)] = ""


def _take_back(draft_id: str, number: int) -> None:
    _done(guarded.take_back_note, draft_id, number, environment.now())


def _done(verb: Callable[..., object], *given: Any, **named: Any) -> bool:
    """Whether it was done by who is signed in; what stands in the way is told."""
    hands = signed_in.hands()
    try:
        if hands is not None:
            verb(*hands, *given, **named)
    except records.StoreProblem as problem:
        open_consultation.refuse(str(problem))
        return False
    return hands is not None
