"""Answers that are typed: a whole number, a day. What was typed and is none stays in its field, with the reason beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st

from medspa_core.answer_codes import years_after
from medspa_core.formats.typed_dates import NoDate, in_digits, read_date
from medspa_core.formats.typed_number import Refused, decimals_of, read_whole
from medspa_core.rulebook.schema import asked
from views.consultation.answers.answer_words import answer_words
from views.context.words import date_order, date_refused, date_shape, long_date, say
from views.elements import draw
from views.redraw import screen_parts
from views.redraw.stored_widgets import acknowledge, draw_stored, one_of
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation

NOT_TAKEN = "not_taken"


@dataclass(frozen=True)
class NotTaken:
    """What stands in a field and is no answer, why, and the answer that goes on standing until it is mended."""

    typed: str
    words: str
    stored: Any


def number(consultation: Consultation, question_id: str, how: str) -> None:
    """A whole number: less and more in good steps, typing for any other, and "any" where that is an answer.

    It is typed as text and read here: a browser's own number field cuts 2.500 to 2 and forgets what it can't read.
    """
    question, answer = consultation.book.questions[question_id], consultation.answers.get(question_id)
    key = f"field_{question_id}"
    refused = _not_taken(consultation, key, answer)
    words = answer_words(consultation.book, question_id, answer, consultation.as_of) if isinstance(answer, int) else ""
    shape = say(f"taps.unit.{question.unit}", sign=consultation.book.clinic.currency_sign)
    look: dict[str, Any] = {"placeholder": shape, "autocomplete": "off", "width": 132}
    step, save = (partial(do, consultation, question_id, how) for do in (_step, _save_number))
    with st.container(key=f"bar_number_{question_id}", horizontal=True, vertical_alignment="center"):
        _step_button("less", question_id, screen_parts.tap(consultation, lambda: step(-1)))
        text = refused.typed if refused else words
        draw_stored(st.text_input, consultation, key, question.words.client, text, save, **look)
        _step_button("more", question_id, screen_parts.tap(consultation, lambda: step(1)))
        _also(consultation, question_id, how)
        _heard_of(key, refused)


def _save_number(consultation: Consultation, question_id: str, how: str, typed: str) -> None:
    question, key = consultation.book.questions[question_id], f"field_{question_id}"
    found = _read(consultation, question, typed) if typed.strip() else None
    if isinstance(found, Refused):
        answer = consultation.answers.get(question_id)
        _remember(consultation, key, NotTaken(typed, _why(found, question), answer))
    else:
        _remember(consultation, key, None)
        saved_answers.keep(consultation, {question_id: found}, how)


def _step(consultation: Consultation, question_id: str, how: str, direction: int) -> None:
    now = open_consultation.latest(consultation).answers.get(question_id)
    if _not_taken(consultation, f"field_{question_id}", now) is None:  # from which number?
        stepped = _stepped(consultation.book.questions[question_id], now if isinstance(now, int) else None, direction)
        _save_number(consultation, question_id, how, str(stepped))


def _heard_of(key: str, refused: NotTaken | None) -> None:
    """Behind a field: why what was typed is not taken, and that it was heard of."""
    if refused:
        draw.refused(refused.words, width="content")
    acknowledge(key)


def _read(consultation: Consultation, question: asked.Question, typed: str) -> int | Refused:
    clinic = consultation.book.clinic
    if question.unit == "money":
        marks = [clinic.currency_sign, clinic.currency]
    else:
        marks = [say(f"answers.{question.unit}.{number}", number="") for number in ("one", "many")]
    return read_whole(typed, question.low, question.high, marks, decimals_of(clinic.currency))


def _why(refused: Refused, question: asked.Question) -> str:
    words = "either" if refused == Refused.EITHER else "range"
    return say(f"taps.{words}", low=f"{question.low:,}", high=f"{question.high:,}")


def _not_taken(consultation: Consultation, key: str, stored: Any) -> NotTaken | None:
    """What stands in the field and is no answer; nothing, once another answer was given in its place."""
    found: NotTaken | None = st.session_state.get(NOT_TAKEN, {}).get((consultation.id, key))
    return found if found is not None and found.stored == stored else None


def _remember(consultation: Consultation, key: str, refused: NotTaken | None) -> None:
    st.session_state[NOT_TAKEN] = {**st.session_state.get(NOT_TAKEN, {}), (consultation.id, key): refused}


def day(consultation: Consultation, question_id: str, how: str) -> None:
    """A date, typed or from the calendar, or the answer that stands for none."""
    question = consultation.book.questions[question_id]
    answer = consultation.answers.get(question_id)
    stored = date.fromisoformat(answer) if answer and answer not in question.also else None
    first = consultation.as_of + timedelta(days=1 if question.after_as_of else 0)
    last = years_after(consultation.as_of, question.within_years)

    def keep(chosen: date | None) -> None:
        saved_answers.keep(consultation, {question_id: chosen.isoformat() if chosen else None}, how)

    also = partial(_also, consultation, question_id, how)
    day_field(consultation, question_id, question.words.client, (first, last), stored, keep, also)
    if stored:
        draw.html(draw.tag("p", long_date(stored), cls="mc-small mc-strong"))


def day_field(
    consultation: Consultation,
    name: str,
    label: str,
    within: tuple[date, date],
    stored: date | None,
    keep: Callable[[date | None], object],
    also: Callable[[], None] | None = None,
) -> None:
    """A day that is typed, and beside it a calendar. `also` draws what stands before both.

    Streamlit's own field moves 31 February to the 28th: here only its calendar is shown, and what is typed is read by the core.
    Keys: `field_<name>`, `calendar_<name>`.
    """
    style = consultation.book.clinic.dates
    first, last = min(within[0], stored or within[0]), max(within[1], stored or within[1])
    key, calendar = f"field_{name}", f"calendar_{name}"
    refused = _not_taken(consultation, key, stored)
    text = refused.typed if refused else in_digits(stored, style) if stored else ""
    choose = partial(_choose, consultation, key, keep)
    save = partial(_save_day, consultation, key, (first, last), stored, choose)
    look: dict[str, Any] = {"placeholder": date_shape(style), "autocomplete": "off"}
    days: dict[str, Any] = {"min_value": first, "max_value": last, "format": date_order(style), "width": 52}
    bar = f"bar_date_{name}" if also else f"bar_date_alone_{name}"
    with st.container(key=bar, horizontal=True, vertical_alignment="center"):
        if also is not None:
            also()
        draw_stored(st.text_input, consultation, key, label, text, save, **look)
        draw_stored(st.date_input, consultation, calendar, label, stored, choose, **days)
        _heard_of(key, refused)


def _choose(consultation: Consultation, key: str, keep: Callable[[date | None], object], chosen: date | None) -> None:
    _remember(consultation, key, None)
    keep(chosen)


def _save_day(
    consultation: Consultation,
    key: str,
    within: tuple[date, date],
    stored: date | None,
    choose: Callable[[date | None], object],
    typed: str,
) -> None:
    style = consultation.book.clinic.dates
    found = read_date(typed, style, *within) if typed.strip() else None
    if isinstance(found, NoDate):
        _remember(consultation, key, NotTaken(typed, date_refused(found, style, *within), stored))
    else:
        choose(found)


def _also(consultation: Consultation, question_id: str, how: str) -> None:
    """The answers that are no number and no date: any, none, now."""
    question = consultation.book.questions[question_id]
    if not question.also:
        return
    answer = consultation.answers.get(question_id)
    stored = answer if answer in question.also else None
    one_of(
        consultation,
        f"tap_also_{question_id}",
        question.words.client,
        question.also,
        question.words.answers,
        stored,
        lambda chosen: saved_answers.keep(consultation, {question_id: chosen}, how),
    )


def _step_button(which: str, question_id: str, do: Callable[[], None]) -> None:
    sign = ":material/remove:" if which == "less" else ":material/add:"
    st.button(say(f"taps.{which}"), key=f"{which}_{question_id}", icon=sign, on_click=do)


def _stepped(question: asked.Question, stored: int | None, direction: int) -> int:
    """The next number up or down; the first tap goes to a usual one, so that nobody taps forty times."""
    said = question.said
    first, by = (said.first_tap, said.each_tap) if said else (None, None)
    if stored is None:
        return question.low if first is None else first
    return max(question.low, min(question.high, stored + direction * (by or 1)))
