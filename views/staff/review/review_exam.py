"""The exam of one consultation: what is on file, and a form for a new one."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.exam import How, NewExam
from views.context import core_access
from views.context.words import say, short_date
from views.elements import draw, form_keys
from views.elements.date_field import EARLIEST, date_field
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff import signing
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
    told = say(
        "staff.review.exam_told",
        how=say(f"staff.review.how_words.{found.how}"),
        day=short_date(found.examined_on),
        until=short_date(found.valid_until),
        name=reviewed.name(found.signed.person_id),
        number=found.signed.licence_number,
        state=found.signed.state,
    )
    lines = [told]
    if found.how is How.ELSEWHERE:
        lines.append(
            say(
                "staff.review.exam_elsewhere",
                examiner=found.examiner,
                licence=found.examiner_licence,
                source=found.source,
            )
        )
    if found.valid_until < signing.today():
        lines.append(say("staff.review.exam_past", until=short_date(found.valid_until)))
    if found.draft_id == reviewed.file.draft.id and found.answers_revision != reviewed.file.draft.revision:
        lines.append(say("staff.review.answers_since"))
    draw.html(*[tag("p", line, cls="mc-small") for line in [*lines, found.note] if line])


def _exam_form(reviewed: Reviewed) -> None:
    with st.container(key="tap_how"):
        how = st.pills(
            say("staff.review.how"),
            list(How),
            format_func={one: say(f"staff.review.how_words.{one}") for one in How}.__getitem__,
            key=f"exam_how{reviewed.mine}",
            width="stretch",
        )
    if how is None:
        return
    mine = form_keys.suffix(_form_of(reviewed)) + reviewed.mine
    with st.form("exam", border=False):
        today = signing.today()
        day = date_field(say("staff.review.examined_on"), f"examined_on{mine}", EARLIEST, today, today, needed=True)
        fields = ("examiner", "examiner_licence", "source") if how is How.ELSEWHERE else ()
        typed: dict[str, Any] = {name: _typed(reviewed, name, mine) for name in fields}
        note = st.text_input(say("staff.review.exam_note"), max_chars=2000, key=f"exam_note{mine}")
        with st.container(key="main_exam"):
            pressed = st.form_submit_button(say("staff.review.sign_exam"), key="sign_exam")
    if pressed and isinstance(day, date):
        _sign(reviewed, NewExam(how, day, note, **typed))


def _form_of(reviewed: Reviewed) -> str:
    return f"exam_{reviewed.file.draft.id}"


def _typed(reviewed: Reviewed, name: str, mine: str) -> str:
    with st.container(key=f"place_exam_{name}", gap="xxsmall"):
        typed: str = st.text_input(say(f"staff.review.{name}"), max_chars=200, key=f"exam_{name}{mine}")
        signing.below(_form_of(reviewed), name, typed)
    return typed


def _sign(reviewed: Reviewed, new: NewExam) -> None:
    signing.do(
        _form_of(reviewed),
        lambda key: exam.sign_exam(
            signed_in.store(),
            reviewed.signer.person,
            reviewed.file.draft.id,
            new,
            reviewed.signer.state,
            core_access.rulebook(),
            core_access.now(),
            signing.today(),
            key,
        ),
        say("staff.review.kept"),
    )
