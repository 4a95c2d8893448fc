"""The exam of one consultation: what is on file, and a form for a new one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.exam import How, NewExam
from views.context import environment
from views.context.words import say, short_date
from views.elements import choice_field, draw, form_keys, notices
from views.elements.date_field import EARLIEST, date_field
from views.elements.draw import tag
from views.frame import shell
from views.staff import lists, signing
from views.staff.review.review_page import Reviewed


def the_exam(reviewed: Reviewed) -> None:
    """The exam on file, and a form for a new one."""
    with st.container(key="card_exam"):
        shell.section(say("staff.review.exam"), say("staff.review.exam_lead"))
        _exam_on_file(reviewed)
        if reviewed.signer.licence is not None:
            _exam_form(reviewed)
        else:
            draw.note(reviewed.signer.lacks, kind="flag")


def _exam_on_file(reviewed: Reviewed) -> None:
    found = reviewed.file.exam
    if found is None:
        draw.note(say("staff.review.exam_missing"), kind="ask")
        return
    lines = [
        say(
            "staff.review.exam_told",
            how=say(f"staff.review.how_words.{found.how}"),
            day=short_date(found.examined_on),
            until=short_date(found.valid_until),
            name=reviewed.name(found.signed.person_id),
            number=found.signed.licence_number,
            state=found.signed.state,
        )
    ]
    if found.how is How.ELSEWHERE:
        by = {"examiner": found.examiner, "licence": found.examiner_licence, "source": found.source}
        lines.append(say("staff.review.exam_elsewhere", **by))
    if found.valid_until < environment.today():
        lines.append(say("staff.review.exam_past", until=short_date(found.valid_until)))
    if found.draft_id == reviewed.file.draft.id and found.answers_revision != reviewed.file.draft.revision:
        lines.append(say("staff.review.answers_since"))
    draw.html(*[tag("p", line, cls="mc-small") for line in [*lines, found.note] if line])


def _exam_form(reviewed: Reviewed) -> None:
    with st.container(key="tap_how"):
        words = {one: say(f"staff.review.how_words.{one}") for one in How}
        how = choice_field.as_pills(say("staff.review.how"), words, f"exam_how{reviewed.mine}")
    if how is None:
        return
    mine = form_keys.suffix(_form_of(reviewed)) + reviewed.mine
    with st.form("exam", border=False):
        today = environment.today()
        day = date_field(say("staff.review.examined_on"), f"examined_on{mine}", EARLIEST, today, today, needed=True)
        fields = ("examiner", "examiner_licence", "source") if how is How.ELSEWHERE else ()
        typed: dict[str, Any] = {name: _typed(reviewed, name, mine) for name in fields}
        note = st.text_input(say("staff.review.exam_note"), max_chars=2000, key=f"exam_note{mine}")
        pressed = lists.send("exam", say("staff.review.sign_exam"), key="sign_exam")
    if pressed and isinstance(day, date):
        new = NewExam(how, day, note, **typed)
        signing.sign(reviewed.signer, _form_of(reviewed), exam.sign_exam, reviewed.file.draft.id, new)


def _form_of(reviewed: Reviewed) -> str:
    return f"exam_{reviewed.file.draft.id}"


def _typed(reviewed: Reviewed, name: str, mine: str) -> str:
    draw_it = partial(st.text_input, say(f"staff.review.{name}"), max_chars=200, key=f"exam_{name}{mine}")
    return notices.field(f"place_exam_{name}", _form_of(reviewed), name, draw_it)
