"""The rulebook in words, third part: all that screens and papers say of a question, a criterion, a step and an option."""

from __future__ import annotations

from collections.abc import Iterator

from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.content import lines_of
from medspa_core.rulebook.schema.entries import Entry
from medspa_core.rulebook.schema.on_screens import SAID
from views.context.words import say
from views.staff.approval.changes_in_words import Words, known_words, said_place, value
from views.staff.approval.claims_in_words import criterion_name
from views.staff.approval.rule_lines import Rule


def rules(book: Rulebook) -> Iterator[Rule]:
    """A rule for each entry of which something is said; also where the program says it, as the client reads it too."""
    known = known_words(book)
    for place, title, said in _entries(book):
        if said is not None:
            yield Rule(title, tuple(_lines(place, said, book, known)))


def _entries(book: Rulebook) -> Iterator[tuple[list[str], str, Entry | None]]:
    for key, question in book.questions.items():
        yield ["questions", key, SAID], question.words.staff, question.said
    for key, criterion in book.criteria.items():
        yield ["criteria", key, SAID], criterion_name(book, key), criterion.said
    for key, step in book.protocol.steps.items():
        yield ["protocol", "steps", key, SAID], step.meaning, step.said
    for key, option in book.options.items():
        yield ["options", key, SAID], option.name, option.said


def _lines(place: list[str], said: Entry, book: Rulebook, known: Words) -> Iterator[str]:
    for below, line in lines_of("", said):
        if line not in ("", "null", "false", "[]", "{}"):
            where = said_place(below.removeprefix(".").split("."), place, book, known)
            yield say("staff.rules.screens.line", where=where, words=value(line, known))
