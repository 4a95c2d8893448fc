"""On one review: who it is and what they chose, and every answer in words, what was found first and plain noes in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from medspa_core import clients
from medspa_core.access import AccessRefused
from medspa_core.records import StoreProblem
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.checks.said_checks import NO_ANSWERS
from views.consultation.answers.answer_words import answer_words
from views.context.words import calm, say, short_date
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff.approval.claims_in_words import criterion_name
from views.staff.review.review_page import Reviewed, choice_words

GROUPS = ("record", "hard_stop", "history", "staff_sees", "one_option", "last_days", "plans", "other")
PLAIN_NO = (*NO_ANSWERS, "not_applicable")


def who(reviewed: Reviewed) -> None:
    """Name, age, concern and choice, in one card on top."""
    book, draft = reviewed.consultation.book, reviewed.file.draft
    facts = {
        "name": _name(reviewed),
        "age": _told(book, reviewed, "age"),
        "concern": _told(book, reviewed, "concern"),
        "choice": choice_words(book, draft.choice),
    }
    if draft.choice_reason:
        facts["reason"] = calm(draft.choice_reason)
    with st.container(key="card_who"):
        lines = [tag("div", tag("dt", say(f"staff.review.{key}")), tag("dd", told)) for key, told in facts.items()]
        draw.html(tag("dl", *lines, cls="mc-facts"))


def _name(reviewed: Reviewed) -> str:
    """The client's name and birth date as they are on file. Opening it leaves its row; without a client the code name."""
    draft = reviewed.file.draft
    if draft.client_id is None:
        return calm(draft.code_name)
    try:
        one = clients.open_client(signed_in.store(), reviewed.signer.person, draft.client_id).details
    except (AccessRefused, StoreProblem):
        return calm(draft.code_name)
    parts = [calm(one.name or one.code_name)]
    if one.name:
        parts.append(calm(one.code_name))
    if one.birth_date is not None:
        parts.append(say("staff.clients.born", day=short_date(one.birth_date)))
    return ", ".join(parts)


def _told(book: Rulebook, reviewed: Reviewed, question: str) -> str:
    given = reviewed.file.draft.answers
    if question not in given:
        return say("staff.not_answered")
    return answer_words(book, question, given[question], reviewed.file.draft.as_of)


# --- every answer ---------------------------------------------------------------------------------------------------


def everything(reviewed: Reviewed) -> None:
    """Every answer, by where it was asked: those that say something each in a line, plain noes and open ones together."""
    book, given = reviewed.consultation.book, reviewed.file.draft.answers
    with st.container(key="card_answers"):
        shell.section(say("staff.review.answers"), say("staff.review.answers_lead"))
        for group, questions in _grouped(book).items():
            _group(reviewed, group, questions, given)


def _grouped(book: Rulebook) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {group: [] for group in GROUPS}
    for question, one in book.questions.items():
        if one.part == "place" or one.layer in ("not_asked", "settings"):
            continue
        if one.use == "record_only":
            found["record"].append(question)
        elif one.part == "plans":
            found["plans"].append(question)
        else:
            found[one.layer if one.layer in GROUPS else "other"].append(question)
    return {group: questions for group, questions in found.items() if questions}


def _group(reviewed: Reviewed, group: str, questions: Iterable[str], given: Mapping[str, Any]) -> None:
    book, named = reviewed.consultation.book, list(questions)
    noes = [one for one in named if given.get(one) in PLAIN_NO and group != "plans"]
    telling = [one for one in named if one in given and one not in noes]
    unanswered = [one for one in named if one not in given and book.questions[one].kind != "since"]
    if not (telling or noes or unanswered):
        return
    pieces = [tag("h3", say(f"staff.review.group.{group}"), cls="mc-question")]
    if telling:
        rows = [
            {say("staff.question"): _staff(book, one), say("staff.answer"): words(reviewed, one, given[one])}
            for one in telling
        ]
        pieces.append(draw.table(rows))
    for key, these in (("plain_no", noes), ("not_answered", unanswered)):
        if these:
            names = "; ".join(_staff(book, one) for one in these)  # a name may have a comma of its own
            pieces.append(tag("p", tag("b", say(f"staff.review.{key}")), " ", names, cls="mc-small"))
    draw.html(*pieces)


def _staff(book: Rulebook, question: str) -> str:
    return book.questions[question].words.staff


def words(reviewed: Reviewed, question: str, answer: Any) -> str:
    """An answer in words, whatever it is."""
    book = reviewed.consultation.book
    kind = book.questions[question].kind
    if kind == "importance":
        levels = book.questions[question].words.answers
        return ", ".join(f"{criterion_name(book, one)}: {levels.get(level, level)}" for one, level in answer.items())
    if kind == "since":
        days = {one: short_date(date.fromisoformat(day)) for one, day in answer.items()}
        return ", ".join(f"{_staff(book, one)}: {day}" for one, day in days.items() if one in book.questions)
    if isinstance(answer, str) and not book.questions[question].answers and kind != "date":
        return calm(answer)
    return answer_words(book, question, answer, reviewed.file.draft.as_of)
