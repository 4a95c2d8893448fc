"""The words of a mapping, for all questions or for one: each must mean an answer that there is, or that there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from medspa_core.answer_codes import Column, date_of
from medspa_core.formats.shown import meant, shown_key
from medspa_core.mapping.form_tools import UNTICKED
from medspa_core.mapping.problems import Problems, found_text
from medspa_core.mapping.rules import NOT_ANSWERED, UNDECIDED, Answer, Words, ids_of
from medspa_core.mapping.texts import folded, in_short

LONGEST_LIST = 12
IF_NONE = f'or "{NOT_ANSWERED}" for no answer'


def read_words(at: Problems, raw: Mapping[str, Any]) -> Words:
    """Words that mean the same in every question that has the answer."""
    known = {NOT_ANSWERED, *(answer for column in at.columns.values() for answer in ids_of(column))}
    found: dict[str, Answer] = {}
    for here, word, means in _entries(at, raw):
        answer = str(means).lower() if isinstance(means, bool) else means
        if word in UNTICKED and answer != NOT_ANSWERED:
            here.add('says only that a box is not ticked, which is no answer. Give its column ticked, or write "" here')
        elif answer == UNDECIDED:
            here.undecided(f"the answer that it means, such as yes, {IF_NONE}")
        elif isinstance(answer, str) and answer in known:
            found[word] = answer
        else:
            here.add(f"expected an answer of some question, {IF_NONE}, found {found_text(means)}")
    return found


def read_answers(problems: Problems, raw: Mapping[str, Any]) -> Mapping[str, Words]:
    """Words by column of the intake, or by a question that is spread over several: [answers.importance]."""
    known = [*problems.columns, *problems.spread]
    found: dict[str, dict[str, Answer]] = {}
    for key, table in _by_column(problems, raw):
        at = problems.at(f"answers.{shown_key(key)}")
        own = [column for name, column in problems.columns.items() if name == key or name.startswith(f"{key}.")]
        if key in found:
            at.add("stands twice. Keep one")
        elif not own or key not in known:
            at.add(f"not a question of this rulebook{meant(key, known)}")
        elif not isinstance(table, dict):
            at.add(f"expected a table of words, found {found_text(table)}")
        else:
            found[key] = dict(_words_of(at, key, own, table))
    return found


def _by_column(problems: Problems, raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """[answers.importance.cost] is what [answers."importance.cost"] is."""
    for key, table in raw.items():
        if key not in problems.spread or not isinstance(table, dict):
            yield key, table
            continue
        yield key, {word: means for word, means in table.items() if not isinstance(means, dict)}
        yield from ((f"{key}.{part}", inner) for part, inner in table.items() if isinstance(inner, dict))


def _words_of(at: Problems, key: str, columns: list[Column], raw: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
    for here, word, means in _entries(at, raw):
        if means == UNDECIDED:
            here.undecided(f"{expected(columns[0])}, {IF_NONE}")
        elif columns[0].kind == "text":
            here.add(f"{key} is kept in the client's own words. Remove this line")
        elif means == NOT_ANSWERED and isinstance(means, str):
            yield word, NOT_ANSWERED
        elif taken := [answer for column in columns if (answer := answer_meant(column, means)) is not None]:
            yield word, taken[0]
        else:
            here.add(f"expected {expected(columns[0])}, {IF_NONE}, found {found_text(means)}")


def _entries(at: Problems, raw: Mapping[str, Any]) -> Iterator[tuple[Problems, str, Any]]:
    """Where an entry stands, its word as it is compared, and what it means."""
    seen: dict[str, str] = {}
    for word, means in raw.items():
        here, key = at.at(in_short(word)), folded(word)
        if not key:
            here.add("a blank cell is no answer. Remove this line")
        elif seen.setdefault(key, word) is not word:
            here.add(f"stands twice, as {in_short(seen[key])} is the same word. Keep one")
        else:
            yield here, key, means


def answer_meant(column: Column, means: Any) -> Answer | None:
    """The answer to a column that an entry of the mapping names, or None where it names none."""
    if column.kind == "whole_number" and type(means) is int:
        return means if column.question.low <= means <= column.question.high else None
    if column.kind in ("date", "since") and date_of(means) is not None:
        return str(means)
    if set(column.answers) == {"true", "false"}:
        return {"true": True, "false": False}.get(str(means).lower()) if isinstance(means, bool | str) else None
    text = str(means) if type(means) is int and 0 <= means < 100 else means  # skin_type = 2
    return text if isinstance(text, str) and text in ids_of(column) else None


def expected(column: Column) -> str:
    """What may be written for a column."""
    question = column.question
    words = list(ids_of(column))
    if column.kind == "whole_number":
        words.insert(0, f"a whole number {question.low}-{question.high}")
    if column.kind in ("date", "since"):
        words.insert(0, "a day (YYYY-MM-DD)")
    return ", ".join(words[:LONGEST_LIST])
