"""The strip of answers under each screen: every one a tap away, with undo and start again."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from views.consultation.answers.answer_words import answer_words
from views.consultation.answers.how_asked import from_the_first_card
from views.context.words import counted, say
from views.elements import draw
from views.redraw import screen_parts
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation


def strip(consultation: Consultation) -> None:
    """Answers so far, behind one tap; a tap on one opens the screen that asks. Undo and Start again stay in reach."""
    with st.container(key="fold_summary", gap="small"):
        screen_parts.part(consultation, "verbs", _verbs_show, _verbs)
        with st.expander(say("summary.title"), key="answers_so_far"):
            screen_parts.part(consultation, "strip", _told, _chips)


def _chips(consultation: Consultation) -> None:
    if not consultation.said:
        draw.html(
            draw.tag("p", say("summary.empty_over" if consultation.finished else "summary.empty"), cls="mc-small")
        )
        return
    links = [_chip(consultation, key, words, page) for key, words, page in _told(consultation)]
    draw.html(draw.at_once(draw.tag("nav", *links, cls="mc-answers", aria_label=say("summary.title"))))


def _told(consultation: Consultation) -> list[tuple[str, str, str]]:
    """Each answer of the strip: its key, its words, the screen that asks it."""
    told = []
    for key, question in consultation.book.questions.items():
        if question.said is not None and key in consultation.answers:
            words = answer_words(consultation.book, key, consultation.answers[key], consultation.as_of)
            page = "what_matters" if question.said.under == "wishes" else "you"
            told.append((key, question.said.short.format(answer=words), page))
    weighed = len(consultation.answers.get("importance", {}))
    if weighed:
        told.append(("importance", counted("summary.weighed", weighed), "what_matters"))
    safety = sum(1 for q in consultation.answers if consultation.book.questions[q].part == "safety")
    if safety:
        told.append(("safety", counted("summary.safety", safety), "safety"))
    return told


def _chip(consultation: Consultation, key: str, words: str, page: str) -> draw.Element:
    """One answer, as a link in the same session: fifteen buttons would cost the browser more than the rest of a tap."""
    address = f"{page}?{urlencode({open_consultation.ADDRESS_KEY: consultation.id})}"
    pen = draw.icon("pen")
    return draw.tag(
        "a", pen, draw.tag("span", words), cls=f"mc-answer mc-answer-{key}", href=address, data_inside="yes"
    )


def _verbs_show(consultation: Consultation) -> tuple[bool, bool]:
    return consultation.draft.can_undo, bool(consultation.said) and not consultation.finished


def _verbs(consultation: Consultation) -> None:
    can_undo, may_begin = _verbs_show(consultation)
    with st.container(key="bar_summary", horizontal=True, vertical_alignment="center"):
        st.button(say("summary.undo"), key="undo", icon=":material/undo:", disabled=not can_undo, on_click=_undo)
        if st.button(say("summary.again"), key="again", icon=":material/restart_alt:", disabled=not may_begin):
            _confirm()


def _undo() -> None:
    saved_answers.undo()
    st.rerun()  # anything may have changed


@st.dialog(say("summary.again_title"))
def _confirm() -> None:
    draw.html(draw.tag("p", say("summary.again_line"), cls="mc-lead"))
    with st.container(horizontal=True):
        if st.button(say("summary.again_keep"), key="again_keep"):
            st.rerun()
        with st.container(key="main_again", width="content"):
            if st.button(say("summary.again_yes"), key="again_yes", on_click=_begin_again):
                st.rerun()


def _begin_again() -> None:
    saved_answers.start_again()
    from_the_first_card()
