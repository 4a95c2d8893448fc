"""What a rulebook says of its options, concerns and steps, for what is asked about."""

from __future__ import annotations

from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.checks.said_checks import BEFORE_A_CONCERN
from medspa_core.rulebook.schema.on_screens import Points, StepSaid, StepWith, Studied


def points_of(book: Rulebook, option: str, concern: str) -> Points | None:
    """Good and not so good for this concern; None of an option that says nothing of its own."""
    said = book.options[option].said
    return said.points.get(concern or BEFORE_A_CONCERN) if said else None


def studied_for(book: Rulebook, concern: str) -> Studied | None:
    """What was studied side by side for this concern; None before the client has said one."""
    said = book.questions["concern"].said
    return said.studied.get(concern) if said else None


def step_said(book: Rulebook, option: str, step: str) -> StepSaid | StepWith:
    """A step of this option's visit; one that puts its material on the skin says so."""
    said = book.protocol.steps[step].said
    return next((said.with_material[one] for one in book.options[option].material if one in said.with_material), said)


def part_name(book: Rulebook, question: str, part: str) -> str:
    """What one part of an answer is about: of what matters the criterion, of days of the last time the question beside which
    each stands; what this rulebook does not know has its id in words."""
    kind = book.questions[question].kind if question in book.questions else ""
    if kind == "importance" and part in book.criteria:
        return book.criteria[part].said.name
    if kind == "since" and part in book.questions:
        return book.questions[part].words.staff
    return as_read(part)


def option_name(book: Rulebook, option: str) -> str:
    """The name of an option; of one that this rulebook does not know any more, its id in words."""
    return book.options[option].name if option in book.options else as_read(option)


def question_name(book: Rulebook, question: str) -> str:
    """What a question is about, as staff read it; of one that this rulebook does not know, its id in words."""
    return book.questions[question].words.staff if question in book.questions else as_read(question)


def as_read(name: object) -> str:
    """An id or a word of the program in words."""
    return str(name or "").replace("_", " ")
