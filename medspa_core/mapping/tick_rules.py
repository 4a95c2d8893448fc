"""A column that is one choice, ticked or not, as a mapping has it: which answer a tick gives to which questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from medspa_core.answer_codes import Column
from medspa_core.formats.shown import meant, one_of, shown_key
from medspa_core.mapping.answer_words import answer_meant
from medspa_core.mapping.form_tools import CHOICE_IN_TITLE, NEVER_TICKED, REDCAP_BOX
from medspa_core.mapping.problems import Problems, found_text
from medspa_core.mapping.rules import SKIP, UNDECIDED, ColumnRule, ids_of
from medspa_core.mapping.texts import folded, quoted

KEYS = ("question", "ticked", "label")
ONE_CHOICE = "For a column that is one choice, ticked or not, write"
NO_OR_NONE = '["no", "none"]'


def is_box(title: str) -> bool:
    """Whether a title is one that REDCap gives to a box of several: hx___1, or What applies? (choice=Cold sores)."""
    return any(re.fullmatch(form, title.strip()) for form in (REDCAP_BOX, CHOICE_IN_TITLE))


def read_ticked(at: Problems, title: str, raw: Mapping[str, Any]) -> Iterator[ColumnRule]:
    """The rules of such a column, one for each question that its tick answers."""
    question = raw.get("question")
    if question == SKIP:  # what was proposed beside it may stay
        yield ColumnRule(title, SKIP)
        return
    at.unknown(raw, KEYS)
    fills = question if isinstance(question, list) else [question]
    columns = list(_questions(at, fills))
    if "label" in raw and any(column.kind == "several" for column in columns):
        at.add("label: of a list the [answers.…] say what its words mean. Remove it")
    label, answers = _label(at, raw), raw["ticked"] if isinstance(raw["ticked"], list) else [raw["ticked"]]
    if UNDECIDED in answers:
        first = f": {one_of(ids_of(columns[0]))}" if columns else ", such as yes"
        at.at("ticked").undecided(f"the answer that a tick gives{first}")
        return
    for column in columns:
        answer = _answer(at.of("ticked"), column, answers, len(fills) > 1)
        if answer and column.kind == "several":
            yield ColumnRule(title, column.name, entry=answer)
        elif answer and label is not None:
            yield ColumnRule(title, column.name, ticked=answer, label=label)


def instead_of_entry(at: Problems, fills: Sequence[str], entry: Any) -> str:
    """What to write for an entry of questions that are no list; nothing where a tick can't answer them either."""
    if not _have_choices(at, fills):
        return ""
    what = "these questions are" if len(fills) > 1 else f"{fills[0]} is"
    ticked, which = _ticked_as(at, fills, entry)
    return f"{what} no list. {ONE_CHOICE} {ticked}{which}"


def check_box(at: Problems, title: str, fills: Sequence[str]) -> None:
    """A box of several is no question of its own: a word for its 0 would make an answer of what nobody said."""
    if is_box(title) and _have_choices(at, fills):
        ticked, which = _ticked_as(at, fills, None)
        question = f"[{', '.join(map(quoted, fills))}]" if len(fills) > 1 else quoted(fills[0])
        write = f"{{ question = {question}, {ticked} }}{which}"
        at.add(f"a box of several, whose 0 says only that it is not ticked. Write {write}")


def _have_choices(at: Problems, fills: Sequence[str]) -> bool:
    known = [at.columns.get(one) if isinstance(one, str) else None for one in fills]
    return bool(known) and all(column is not None and column.kind == "choice" for column in known)


def _ticked_as(at: Problems, fills: Sequence[str], answer: Any) -> tuple[str, str]:
    """How the answer of a tick is written: as it was meant, else with a gap, as no answer is to be taken unread, and which
    there are."""
    if len(fills) > 1:
        return f"ticked = {NO_OR_NONE}", ""
    answers = at.columns[fills[0]].answers
    if answer in answers:
        return f"ticked = {quoted(answer)}", ""
    return 'ticked = "…"', f", with the answer that a tick gives: {one_of(answers)}"


def _questions(at: Problems, fills: Sequence[Any]) -> Iterator[Column]:
    known, seen = at.columns, set[str]()
    for one in fills:
        if one == UNDECIDED:
            at.undecided('the id of a question, or several: ["…", "…"]; or "skip" in place of it all')
        elif not isinstance(one, str):
            at.add(f"expected the id of a question, or several, found {found_text(one)}")
        elif one not in known:
            at.add(f"{shown_key(one)}: not a question of this rulebook{meant(one, known)}")
        elif known[one].kind not in ("choice", "several"):
            at.add(f"ticked: a tick answers a question with a choice of answers, and {one} has none")
        elif one in seen:
            at.add(f"{one} stands twice. Keep one")
        else:
            seen.add(one)
            yield known[one]
    if not fills:
        at.add("question: expected ids of questions, found none")


def _answer(at: Problems, column: Column, answers: Sequence[Any], several: bool) -> str:
    """Of the answers that a tick may give the one that the question has."""
    given = [str(means) for one in answers if (means := answer_meant(column, one)) is not None]
    if len(set(given)) == 1:
        return given[0]
    if given:
        at.add(f"{given[0]} and {given[1]} are both answers of {column.name}. Keep one")
        return ""
    found = ", ".join(map(found_text, answers[:2])) or "none"
    hint = f"; {NO_OR_NONE} gives each question the one that it has" if several else ""
    at.add(f"expected an answer of {column.name}: {one_of(ids_of(column))}, found {found}{hint}")
    return ""


def _label(at: Problems, raw: Mapping[str, Any]) -> str | None:
    """What stands in a ticked cell, "" if that is not said; None where it can't be."""
    expected = "what stands in a ticked cell, such as the choice's words"
    return at.of("label").accepted(raw["label"], _may_be_ticked, expected, None) if "label" in raw else ""


def _may_be_ticked(label: Any) -> bool:
    return isinstance(label, str) and folded(label) not in {"", *NEVER_TICKED}
