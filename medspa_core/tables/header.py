"""The titles of the columns: as they were found in, the column that each one fills out, or what is the matter with them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medspa_core.answer_codes import Column
from medspa_core.formats.shown import meant, shown_key, some_of
from medspa_core.intake import IntakeProblem, columns_of, older_columns, text_columns
from medspa_core.rulebook import Rulebook
from medspa_core.tables.files.found_table import ONE, SEVERAL, FoundTable
from medspa_core.tables.row_blocks import ID, TableReport

# How pandas titles the numbers of its rows, and columns that had no title.
NO_TITLE = re.compile(r"|Unnamed: \d+(\.\d+)*(_level_\d+)?|__index_level_\d+__")
ROW_NUMBERS = re.compile(r"Unnamed: 0(\.\d+)*")
MOST_SAID = 10
MOST_EXAMPLES = 3
SAFETY, SETTINGS = "safety", "place"  # parts of the questions
KEPT_INDEX = re.compile(r"__index_level_\d+__")


def columns_named(found: FoundTable, rulebook: Rulebook, report: TableReport) -> Mapping[str, int]:
    """Column -> its place in the file. Every title must be a column of the rulebook, once; one without a title is skipped.
    What is skipped, or has no column, is told as a notice. Raises IntakeProblem."""
    titles = [title.strip() for title in found.titles]
    places = {title: place for place, title in enumerate(titles) if not untitled(title)}
    problems = _unusable(found, titles, rulebook)
    if problems:
        raise IntakeProblem(problems)
    report.notices += untitled_columns(found) + missing_columns(found, titles, rulebook)
    return places


def untitled(title: str) -> bool:
    """Whether a column has no title of its own: none, or one that pandas made up."""
    return NO_TITLE.fullmatch(title.strip()) is not None


def is_skipped_unread(title: str) -> bool:
    """Whether a column is an index that pandas kept in a typed file: whatever it holds has moved no other cell."""
    return KEPT_INDEX.fullmatch(title.strip()) is not None


def row_numbers(place: int, title: str) -> bool:
    """Whether an untitled column may hold the numbers of the rows, as pandas writes them."""
    return place == 0 or ROW_NUMBERS.fullmatch(title.strip()) is not None


def _unusable(found: FoundTable, titles: list[str], rulebook: Rulebook) -> list[str]:
    known = [ID, *columns_of(rulebook), *rulebook.older_questions, *text_columns(rulebook)]
    named = [(title, holds) for title, holds in zip(titles, found.holds, strict=True) if not untitled(title)]
    strange = [title for title, _ in named if title not in known]
    if len(strange) > max(1, len(named) - len(strange)):
        return [_not_by_id(found, strange)]
    problems = [f"{shown_key(title)}: not a column of this rulebook{meant(title, known)}" for title in strange]
    twice = sorted({title for title, _ in named if titles.count(title) > 1})
    problems += [f"{shown_key(title)}: stands twice in the header" for title in twice]
    lists = [name for name, column in columns_of(rulebook).items() if column.kind == "several"]
    for title, holds in named:
        expected = "text or a list" if title in lists else "text, a number, a date or true or false"
        if title in known and holds != ONE and not (holds == SEVERAL and title in lists):
            found_type = "a list" if holds == SEVERAL else shown_key(holds)
            problems.append(f"{title}: expected {expected}, found {found_type} in each cell")
    return [f"{found.name}: {problem}" for problem in problems]


def _not_by_id(found: FoundTable, strange: list[str]) -> str:
    """Of a file most of whose titles are none of ours: most likely a form tool wrote it."""
    some = some_of([*map(shown_key, strange)], MOST_EXAMPLES)
    begin = f"If a form tool wrote it, begin with: python -m medspa_core mapping {shown_key(found.name)}"
    return f"{found.name}: {len(strange)} titles are not a column of this rulebook: {some}. {begin}"


def untitled_columns(found: FoundTable) -> list[str]:
    """A line about those that are skipped, as they have no title."""
    titles = [title.strip() for title in found.titles]
    places = [place for place, title in enumerate(titles) if untitled(title)]
    if not places:
        return []
    said = [f"{place + 1} ({titles[place]})" if titles[place] else str(place + 1) for place in places]
    columns = "columns" if len(said) > 1 else "column"
    return [f"{found.name}: without a title, so skipped: {columns} {some_of(said, MOST_SAID)}"]


def missing_columns(found: FoundTable, titles: list[str], rulebook: Rulebook) -> list[str]:
    """A line about the questions that no column answers."""
    missing = {name: column for name, column in _wanted(titles, rulebook).items() if name not in titles}
    on_safety = [name for name, column in missing.items() if column.question.part == SAFETY]
    others = [name for name in missing if name not in on_safety]
    said = [", ".join(others)] if others else []
    said += [f"on safety, where each asks for a review: {', '.join(on_safety)}"] if on_safety else []
    return [f"{found.name}: unanswered in all rows, as there is no column: {'; '.join(said)}"] if missing else []


def _wanted(titles: list[str], rulebook: Rulebook) -> Mapping[str, Column]:
    """The columns that a file is missed for: not what the clinic's own settings say, not the days beside an answer, and no
    question that stands under an older id."""
    older = {column.question_id for name, column in older_columns(rulebook).items() if name in titles}
    return {
        name: column
        for name, column in columns_of(rulebook).items()
        if column.kind != "since" and column.question.part != SETTINGS and name not in older
    }
