"""What has changed in the rulebook since it was approved, in words: where it stands, what was approved, what is there now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.content import Change
from medspa_core.rulebook.schema.on_screens import SAID
from medspa_core.wording.of_entries import as_read
from views.context.words import entry, say
from views.staff.approval.claims_in_words import criterion_name
from views.staff.approval.rule_lines import listed

ORDER = " (order)"
Words = Mapping[str, str]


@dataclass(frozen=True)
class Changed:
    """One line that is another now. The part of the rulebook it stands in, the place in words, before and after."""

    part: str
    what: str
    before: str
    after: str


def changes_in_words(changes: tuple[Change, ...], book: Rulebook) -> dict[str, list[Changed]]:
    """Every change, by the part of the rulebook it stands in; parts in the order of data/screens_approval.toml."""
    titles: dict[str, str] = entry("staff.changes.files")
    found: dict[str, list[Changed]] = {title: [] for title in dict.fromkeys(titles.values())}
    known = known_words(book)
    for change in changes:
        file = change.place.removesuffix(ORDER).partition(".")[0]
        part = titles.get(file, titles["other"])
        found[part].append(
            Changed(part, _place(change.place, book, known), value(change.before, known), value(change.after, known))
        )
    return {part: told for part, told in found.items() if told}


def known_words(book: Rulebook) -> dict[str, str]:
    """The words of ids that mean the same wherever they stand: questions, options, criteria, steps, verdicts."""
    return {
        **{question: found.words.staff for question, found in book.questions.items()},
        **{verdict: say(f"staff.rules.verdict.{verdict}") for verdict in entry("staff.rules.verdict")},
        **{option: file.short_name for option, file in book.options.items()},
        **{criterion: criterion_name(book, criterion) for criterion in book.criteria},
        **{step: found.meaning for step, found in book.protocol.steps.items()},
        **{source: found.title for source, found in book.sources.items()},
        "true": say("staff.rules.yes"),
        "false": say("staff.rules.no"),
    }


def _place(place: str, book: Rulebook, known: Words) -> str:
    if place.endswith(ORDER):
        return say("staff.changes.order")
    return ": ".join(word for word in _steps(place.split("."), book, known) if word)


def said_place(below: list[str], place: list[str], book: Rulebook, known: Words) -> str:
    """The words of a place below what is said of an entry."""
    answers, parts = _answers(place, book), entry("staff.changes.part") | entry("staff.changes.said")
    told = (answers.get(name) or parts.get(name, known.get(name, as_read(name))) for name in below)
    return ": ".join(word for word in told if word)


def _steps(names: list[str], book: Rulebook, known: Words) -> Iterator[str]:
    """The file is the heading; then whose entry it is, and each name below it. Answers have their question's words."""
    parts: dict[str, str] = entry("staff.changes.part")
    answers = _answers(names, book)
    for place, name in enumerate(names[1:] if len(names) > 1 else names):
        if name == SAID and place:
            yield parts[SAID]
            yield said_place(names[place + 2 :], names, book, known)
            return
        if place == 0 and names[0] in TITLES:
            yield _title(names[0], name, book)
        else:
            yield answers.get(name) or parts.get(name, known.get(name, as_read(name)))


def _answers(names: list[str], book: Rulebook) -> Words:
    """The words of the answers that a place below a question, a contraindication or a criterion may name."""
    if len(names) < 3:
        return {}
    key = names[1]
    if names[0] == "criteria" and key in book.criteria:
        key = book.criteria[key].looks_up
    elif names[0] == "options":
        key = "concern"
    question = book.questions.get(key)
    return question.words.answers if question is not None and names[0] != "clinic" else {}


TITLES = ("questions", "contraindications", "options", "claims", "sources", "status", "gates", "criteria", "exam")


def _title(file: str, key: str, book: Rulebook) -> str:
    if file in ("questions", "contraindications") and key in book.questions:
        return book.questions[key].words.staff
    if file in ("options", "status") and key in book.options:
        return book.options[key].name
    if file == "claims" and key in book.claims:
        claim = book.claims[key]
        return say("staff.rules.claims.title", number=claim.number, words=claim.practice_says)
    if file == "sources" and key in book.sources:
        return book.sources[key].title
    if file == "gates" and key in book.gates:
        return book.gates[key].staff
    if file == "criteria":
        return criterion_name(book, key)
    parts: dict[str, str] = entry("staff.changes.part")
    return parts.get(key, as_read(key))


def value(line: str | None, known: Words) -> str:
    """What a line of the rulebook holds, in words; ids are read as what they are of."""
    if line is None:
        return say("staff.changes.nothing")
    try:
        read = json.loads(line)
    except json.JSONDecodeError:
        read = line
    if read in (None, "", [], {}):
        return say("staff.changes.empty")
    if isinstance(read, list):
        return listed(known.get(str(one), as_read(str(one))) for one in read)
    if isinstance(read, bool):
        return known[str(read).lower()]
    return known.get(str(read), str(read))
