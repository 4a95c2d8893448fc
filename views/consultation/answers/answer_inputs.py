"""A question becomes taps. Nothing is chosen at first; each tap is saved at once; a second tap takes it back.

    answer_inputs.ask(consultation, "age")            # a whole row: the question at the left, its taps at the right
    answer_inputs.choose(consultation, "concern", "plans")          # only the taps
    answer_inputs.weigh(consultation, "cost")         # the importance of one criterion, in four steps

Keys: `tap_<question>` (pills), `field_<question>` (number or date), `less_<question>`, `more_<question>`,
`tap_also_<question>` ("any", "none", "now"), `tap_weigh_<criterion>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.rulebook.schema import asked
from views.consultation.answers import typed_answers
from views.consultation.answers.answer_words import answer_words
from views.context.words import say
from views.elements import draw
from views.redraw import screen_parts
from views.redraw.stored_widgets import draw_stored, one_of, tell_again
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation

__all__ = ["ask", "choose", "draw_taps", "heading", "one_of", "set_importance", "tell_again", "weigh"]

PLANS = "plans"  # how a question of the client's own plans was asked
NOTHING = "nothing"  # the tap that says: none of these, as opposed to not answered
REDRAWN = ("whole_number", "date", "several")  # what is shown after a tap is not always what was tapped


def ask(consultation: Consultation, question_id: str, how: str = PLANS) -> None:
    """One row of a card: the question and its help at the left, the taps at the right. The row is the part's own box."""
    screen_parts.part(
        consultation,
        f"answer_{question_id}",
        lambda now: _not_shown_by_a_tap(now, question_id),
        lambda now: _row(now, question_id, how),
    )


def _row(consultation: Consultation, question_id: str, how: str) -> None:
    heading(consultation.book.questions[question_id])
    if consultation.how_asked.get(question_id) == records.ON_FILE:
        _on_file(consultation, question_id)
    else:
        draw_taps(consultation, question_id, how)


def _on_file(consultation: Consultation, question_id: str) -> None:
    """What stood on file is told as that, and not asked again."""
    answer = consultation.answers[question_id]
    words = answer_words(consultation.book, question_id, answer, consultation.as_of)
    draw.html(draw.tag("p", say("taps.on_file", answer=words), cls="mc-small mc-strong"))


def _not_shown_by_a_tap(consultation: Consultation, question_id: str) -> object:
    """Pills of which one can be chosen follow the finger by themselves."""
    redrawn = consultation.book.questions[question_id].kind in REDRAWN
    return consultation.answers.get(question_id) if redrawn else None


def heading(question: asked.Question) -> None:
    """The question in the client's words, with its line of help."""
    words = question.words
    draw.html(draw.asked(words.client, words.help), *_note(words))


def _note(words: asked.QuestionWords) -> list[draw.Element]:
    """What nobody should miss stays in sight."""
    return [draw.tag("p", words.note, cls="mc-help")] if words.note else []


def draw_taps(consultation: Consultation, question_id: str, how: str = PLANS) -> None:
    """The taps that fit the question's kind."""
    kind = consultation.book.questions[question_id].kind
    if kind == "whole_number":
        typed_answers.number(consultation, question_id, how)
    elif kind == "date":
        typed_answers.day(consultation, question_id, how)
    elif kind == "several":
        several(consultation, question_id, how)
    else:
        choose(consultation, question_id, how)


def choose(
    consultation: Consultation, question_id: str, how: str, answers: Sequence[str] = (), *, wide: str = ""
) -> None:
    """One answer of several. `answers` narrows what is offered."""
    question = consultation.book.questions[question_id]
    offered = [answer for answer in answers or question.answers if answer in question.answers]
    stored = consultation.answers.get(question_id)
    labels = question.words.answers
    key = f"tap_{wide or _width(labels[a] for a in offered)}{question_id}"
    chosen = stored if stored in offered else None
    one_of(
        consultation,
        key,
        question.words.client,
        offered,
        labels,
        chosen,
        lambda a: saved_answers.keep(consultation, {question_id: a}, how),
    )


def weigh(consultation: Consultation, criterion: str) -> None:
    """How much a criterion matters, in four steps; a must is drawn in ink."""
    question = consultation.book.questions["importance"]
    given: dict[str, str] = consultation.answers.get("importance", {})
    save = partial(set_importance, consultation, criterion)
    key = f"tap_weigh_{criterion}"
    label = say("what_matters.how_much", criterion=consultation.book.criteria[criterion].said.name)
    one_of(consultation, key, label, question.answers, question.words.answers, given.get(criterion), save)


def set_importance(consultation: Consultation, criterion: str, level: str | None) -> None:
    """Saves the importance of one criterion beside the others."""
    given = {**open_consultation.latest(consultation).answers.get("importance", {}), criterion: level}
    left = {name: step for name, step in given.items() if step is not None}
    saved_answers.keep(consultation, {"importance": left or None}, PLANS)


def several(consultation: Consultation, question_id: str, how: str) -> None:
    """Any number of answers, or "nothing"; nothing of these is an answer, unanswered is not."""
    question = consultation.book.questions[question_id]
    key = f"tap_wide_{question_id}"
    labels = {**question.words.answers, NOTHING: say("taps.nothing")}
    found = consultation.answers.get(question_id)
    stored = [NOTHING] if found == [] else list(found or [])

    def save(chosen: list[str]) -> None:
        saved_answers.keep(consultation, {question_id: _several(chosen, stored, question.answers)}, how)

    look = {"selection_mode": "multi", "format_func": labels.__getitem__, "width": "stretch"}
    offered = [*question.answers, NOTHING]
    draw_stored(st.pills, consultation, key, question.words.client, stored, save, offered, shows="default", **look)


def _several(chosen: Sequence[str], before: Sequence[str], order: Sequence[str]) -> list[str] | None:
    """What a tap means: "nothing" clears the others, another one clears "nothing", none left is unanswered."""
    if NOTHING in chosen and NOTHING not in before:
        return []
    return [answer for answer in order if answer in chosen] or None


def _width(labels: Any) -> str:
    longest = max((len(label) for label in labels), default=0)
    return "two_" if longest > 30 else "wide_" if longest > 15 else ""
