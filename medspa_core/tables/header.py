"""The names of the columns: a file's first line in, the names out, or what is the matter with them."""

from __future__ import annotations

import csv
import difflib
import io
from pathlib import Path

from medspa_core.intake import IntakeProblem, columns_of, shown_key, text_columns
from medspa_core.rulebook import Rulebook
from medspa_core.tables.blocks import ID, TableReport

LONGEST_HEADER = 1 << 20


def csv_header(source: Path) -> list[str]:
    """The names of the columns. Raises IntakeProblem for what is no CSV with commas and a header."""
    with source.open("rb") as file:
        first = file.readline(LONGEST_HEADER)
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise IntakeProblem([f"{source.name}: not UTF-8 text. Save it as CSV, UTF-8"]) from None
    if not text.strip():
        raise IntakeProblem([f"{source.name}: empty. The first line names the columns"])
    if "\0" in text:
        raise IntakeProblem([f"{source.name}: not text. Save it as CSV, UTF-8"])
    try:
        header = next(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise IntakeProblem([f"{source.name}: the first line does not name columns: {error}"]) from None
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise IntakeProblem([f"{source.name}: expected commas between the columns, found {name}"])
    return header


def check_columns(source: Path, header: list[str], rulebook: Rulebook, report: TableReport) -> None:
    """Every name must be a column of the rulebook, once. What has no column is told as a notice. Raises IntakeProblem."""
    known = [ID, *columns_of(rulebook), *rulebook.older_questions, *text_columns(rulebook)]
    problems = [
        f"{source.name}: {shown_key(name)}: not a column of this rulebook{_meant(name, known)}"
        for name in header
        if name not in known
    ]
    problems += [f"{source.name}: {shown_key(name)}: stands twice in the header" for name in _twice(header)]
    if problems:
        raise IntakeProblem(problems)
    missing = [name for name in _expected(header, rulebook) if name not in header]
    if missing:
        report.notices.append(f"{source.name}: unanswered in all rows, as there is no column: {', '.join(missing)}")


def _expected(header: list[str], rulebook: Rulebook) -> list[str]:
    """The columns that a file is missed for: not the days beside an answer, and no question that stands under an older id."""
    older = {now for earlier, now in rulebook.older_questions.items() if earlier in header}
    columns = columns_of(rulebook).items()
    return [name for name, column in columns if column.kind != "since" and name not in older]


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name[:100], known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
