"""An answer as words: what stands on a chip, in a sentence or on the staff view."""

from __future__ import annotations

from datetime import date
from typing import Any

from medspa_core.formats.as_read import money
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.checks.said_checks import NO_ANSWERS
from views.context.words import counted, say, short_date


def answer_words(book: Rulebook, question_id: str, answer: Any, as_of: date) -> str:
    """The answer to one question in the client's words."""
    question = book.questions[question_id]
    words = question.words.answers
    if isinstance(answer, list):
        return ", ".join(words[one] for one in answer) or say("taps.nothing")
    if isinstance(answer, dict):
        return ", ".join(_part_words(book, question_id, key, part, as_of) for key, part in answer.items())
    if isinstance(answer, str) and answer in words:
        return words[answer]
    if question.kind == "date":
        return short_date(date.fromisoformat(answer), as_of)
    if question.unit == "money":
        return money(answer, book.clinic.currency_sign)
    return counted(f"answers.{question.unit}", answer) if question.unit else str(answer)


def _part_words(book: Rulebook, question_id: str, key: str, part: Any, as_of: date) -> str:
    """One entry of an answer that is an object: the day of the last time by what it is about, else its own words."""
    question = book.questions[question_id]
    if question.kind == "since":
        return f"{book.questions[key].words.staff}: {short_date(date.fromisoformat(part), as_of)}"
    if isinstance(part, bool):
        return say("answers.papers" if part else "answers.no_papers")
    return question.words.answers.get(part, str(part))


def no_answer(book: Rulebook, question_id: str) -> str:
    """The answer that says: this does not fit me."""
    return next(answer for answer in book.questions[question_id].answers if answer in NO_ANSWERS)


def yes_answers(book: Rulebook, question_id: str) -> tuple[str, ...]:
    """The answers that say: this fits me, in one way or another."""
    others = (*NO_ANSWERS, "not_sure", "not_applicable")
    return tuple(answer for answer in book.questions[question_id].answers if answer not in others)
