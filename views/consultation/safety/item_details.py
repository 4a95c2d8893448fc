"""What stands beside the items of a safety card: the day of the last time after a yes, and medicines or allergies in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from medspa_core.answer_codes import years_after
from medspa_core.rulebook import Rulebook
from views.consultation.answers import typed_answers
from views.consultation.answers.answer_words import yes_answers
from views.consultation.answers.how_asked import ON_CARD
from views.elements import draw
from views.redraw.stored_widgets import acknowledge, draw_stored
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation

SINCE = "since"


def last_time(consultation: Consultation, question_id: str) -> date | None:
    """The day that stands beside an answer."""
    day = (consultation.answers.get(SINCE) or {}).get(question_id)
    return date.fromisoformat(day) if day else None


def draw_last_time(consultation: Consultation, question_id: str) -> None:
    """A small field for the day. Only of who said yes to a question about the last days, and in which way, is it asked; nobody
    needs to give it."""
    book = consultation.book
    is_yes = consultation.answers.get(question_id) in yes_answers(book, question_id)
    if not is_yes or question_id not in book.dated_questions:
        return
    question = book.questions[SINCE]
    within = (years_after(consultation.as_of, -question.within_years), consultation.as_of)

    def keep(chosen: date | None) -> None:
        given = open_consultation.latest(consultation).answers.get(SINCE) or {}
        days = given | {question_id: chosen and chosen.isoformat()}
        saved_answers.keep(consultation, {SINCE: {key: day for key, day in days.items() if day} or None}, ON_CARD)

    label = question.words.client
    with st.container(key=f"last_time_{question_id}"):
        draw.html(draw.tag("p", label, cls="mc-small mc-strong"))
        name = f"{SINCE}_{question_id}"
        typed_answers.day_field(consultation, name, label, within, last_time(consultation, question_id), keep)


def texts_of(book: Rulebook, card_id: str) -> list[str]:
    """What may be typed on a card in somebody's own words."""
    return [key for key, one in book.questions.items() if one.kind == "text" and one.card == card_id]


def draw_text(question_id: str, consultation: Consultation) -> None:
    """A folded field for words that the program keeps and never judges; open once there are some."""
    question, key = consultation.book.questions[question_id], f"field_{question_id}"
    stored = str(consultation.answers.get(question_id) or "")

    def save(typed: str | None) -> None:
        saved_answers.keep(consultation, {question_id: (typed or "").strip() or None}, ON_CARD)

    with st.expander(question.words.client, expanded=bool(stored), key=f"typed_{question_id}"):
        look: dict[str, Any] = {"max_chars": question.high, "height": 84}
        draw_stored(st.text_area, consultation, key, question.words.client, stored, save, **look)
        acknowledge(key)
