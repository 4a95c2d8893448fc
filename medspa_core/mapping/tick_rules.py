"""A column that is one choice, ticked or not, as a mapping has it: which answer a tick gives to which questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from medspa_core.intake import Column, shown_key
from medspa_core.mapping.answer_words import answer_meant
from medspa_core.mapping.form_tools import CHOICE_IN_TITLE, NEVER_TICKED, REDCAP_BOX
from medspa_core.mapping.problems import Problems, found_text, meant
from medspa_core.mapping.rules import SKIP, UNDECIDED, ColumnRule, ids_of, intake_columns
from medspa_core.mapping.texts import folded, quoted
from medspa_core.rulebook import Rulebook

KEYS = ("question", "ticked", "label")
ONE_CHOICE = "For a column that is one choice, ticked or not, write"
NO_OR_NONE = '["no", "none"]'


def is_box(title: str) -> bool:
    """Whether a title is one that REDCap gives to a box of several: hx___1, or What applies? (choice=Cold sores)."""
    return any(re.fullmatch(form, title.strip()) for form in (REDCAP_BOX, CHOICE_IN_TITLE))


def read_ticked(
    where: str, title: str, raw: Mapping[str, Any], rulebook: Rulebook, problems: Problems
) -> Iterator[ColumnRule]:
    """The rules of such a column, one for each question that its tick answers."""
    if raw.get("question") == SKIP:  # what was proposed beside it may stay
        yield ColumnRule(title, SKIP)
        return
    problems.unknown(where, raw, KEYS)
    fills = raw.get("question") if isinstance(raw.get("question"), list) else [raw.get("question")]
    assert isinstance(fills, list)
    columns = list(_questions(where, fills, rulebook, problems))
    if "label" in raw and any(column.kind == "several" for column in columns):
        problems.add(where, "label: of a list the [answers.…] say what its words mean. Remove it")
    label, answers = _label(where, raw, problems), raw["ticked"] if isinstance(raw["ticked"], list) else [raw["ticked"]]
    if UNDECIDED in answers:
        first = f": {_one_of(ids_of(columns[0]))}" if columns else ", such as yes"
        problems.undecided(f"{where}, ticked", f"the answer that a tick gives{first}")
        return
    for column in columns:
        answer = _answer(where, column, answers, len(fills) > 1, problems)
        if answer and column.kind == "several":
            yield ColumnRule(title, column.name, entry=answer)
        elif answer and label is not None:
            yield ColumnRule(title, column.name, ticked=answer, label=label)


def instead_of_entry(fills: Sequence[str], entry: Any, rulebook: Rulebook) -> str:
    """What to write for an entry of questions that are no list; nothing where a tick can't answer them either."""
    if not _have_choices(fills, rulebook):
        return ""
    what = "these questions are" if len(fills) > 1 else f"{fills[0]} is"
    ticked, which = _ticked_as(fills, entry, rulebook)
    return f"{what} no list. {ONE_CHOICE} {ticked}{which}"


def check_box(where: str, title: str, fills: Sequence[str], rulebook: Rulebook, problems: Problems) -> None:
    """A box of several is no question of its own: a word for its 0 would make an answer of what nobody said."""
    if is_box(title) and _have_choices(fills, rulebook):
        ticked, which = _ticked_as(fills, None, rulebook)
        question = f"[{', '.join(map(quoted, fills))}]" if len(fills) > 1 else quoted(fills[0])
        write = f"{{ question = {question}, {ticked} }}{which}"
        problems.add(where, f"a box of several, whose 0 says only that it is not ticked. Write {write}")


def _have_choices(fills: Sequence[str], rulebook: Rulebook) -> bool:
    columns = intake_columns(rulebook)
    return bool(fills) and all(
        isinstance(one, str) and one in columns and columns[one].kind == "choice" for one in fills
    )


def _ticked_as(fills: Sequence[str], answer: Any, rulebook: Rulebook) -> tuple[str, str]:
    """How the answer of a tick is written: as it was meant, else with a gap, as no answer is to be taken unread, and which
    there are."""
    if len(fills) > 1:
        return f"ticked = {NO_OR_NONE}", ""
    answers = intake_columns(rulebook)[fills[0]].answers
    if answer in answers:
        return f"ticked = {quoted(answer)}", ""
    return 'ticked = "…"', f", with the answer that a tick gives: {_one_of(answers)}"


def _questions(where: str, fills: Sequence[Any], rulebook: Rulebook, problems: Problems) -> Iterator[Column]:
    known, seen = intake_columns(rulebook), set[str]()
    for one in fills:
        if one == UNDECIDED:
            problems.undecided(where, 'the id of a question, or several: ["…", "…"]; or "skip" in place of it all')
        elif not isinstance(one, str):
            problems.add(where, f"expected the id of a question, or several, found {found_text(one)}")
        elif one not in known:
            problems.add(where, f"{shown_key(one)}: not a question of this rulebook{meant(one, known)}")
        elif known[one].kind not in ("choice", "several"):
            problems.add(where, f"ticked: a tick answers a question with a choice of answers, and {one} has none")
        elif one in seen:
            problems.add(where, f"{one} stands twice. Keep one")
        else:
            seen.add(one)
            yield known[one]
    if not fills:
        problems.add(where, "question: expected ids of questions, found none")


def _answer(where: str, column: Column, answers: Sequence[Any], several: bool, problems: Problems) -> str:
    """Of the answers that a tick may give the one that the question has."""
    given = [str(answer_meant(column, one)) for one in answers if answer_meant(column, one) is not None]
    if len(set(given)) == 1:
        return given[0]
    if given:
        problems.add(where, f"ticked: {given[0]} and {given[1]} are both answers of {column.name}. Keep one")
        return ""
    found = ", ".join(map(found_text, answers[:2])) or "none"
    hint = f"; {NO_OR_NONE} gives each question the one that it has" if several else ""
    problems.add(where, f"ticked: expected an answer of {column.name}: {_one_of(ids_of(column))}, found {found}{hint}")
    return ""


def _label(where: str, raw: Mapping[str, Any], problems: Problems) -> str | None:
    """What stands in a ticked cell, "" if that is not said; None where it can't be."""
    label = raw.get("label", "")
    if "label" not in raw or (isinstance(label, str) and folded(label) and folded(label) not in NEVER_TICKED):
        return str(label)
    problems.add(
        where, f"label: expected what stands in a ticked cell, such as the choice's words, found {found_text(label)}"
    )
    return None


def _one_of(ids: Sequence[str]) -> str:
    return f"{', '.join(ids[:-1])} or {ids[-1]}" if len(ids) > 1 else ids[0]
