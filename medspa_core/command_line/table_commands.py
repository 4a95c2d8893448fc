"""The commands that compute: one client, a table of clients, and a first mapping for a form tool's own table."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

from medspa_core import recommendation
from medspa_core.command_line.client_file import read_client_file
from medspa_core.command_line.here import DONE, SOME_REFUSED, Here, Told
from medspa_core.intake import IntakeProblem
from medspa_core.result import result_as_json
from medspa_core.tables import TABLE_ENDINGS


def recommend(here: Here, given: Namespace) -> Told:
    """One client's result as JSON; of a table how many rows were refused, if any were."""
    as_of = given.as_of or here.today()
    if given.file.suffix.lower() in TABLE_ENDINGS:
        return _recommend_table(here, given, as_of)
    if given.out is not None or given.map is not None:
        raise _only_with_a_table(given.file, "--out" if given.out is not None else "--map")
    try:
        result = recommendation.recommend(read_client_file(given.file), here.rulebook(), as_of)
    except IntakeProblem as problem:
        raise IntakeProblem([f"{given.file.name}: {line}" for line in problem.problems]) from None
    return _printed(f"{result_as_json(result)}\n")


def _printed(text: str) -> Told:
    sys.stdout.buffer.write(text.encode())  # the same bytes whatever the terminal's encoding
    sys.stdout.flush()
    return DONE, []


def _only_with_a_table(file: Path, option: str) -> IntakeProblem:
    from medspa_core.tables.files.opening import no_table

    if file.suffix.lower() != ".json":
        return no_table(file)
    return IntakeProblem([f"{file.name}: {option} goes with a table, a file ending in .csv, .parquet or .xlsx"])


def _recommend_table(here: Here, given: Namespace, as_of: date) -> Told:
    from medspa_core.mapping.form_table import MappedForm
    from medspa_core.mapping.mapping_file import read_mapping
    from medspa_core.tables.columns import Columns
    from medspa_core.tables.run import recommend_table
    from medspa_core.tables.writing import rejected_beside

    if given.out is None:
        raise IntakeProblem([f"{given.file.name}: a table needs --out, a name ending in .csv or .parquet"])
    rejected = rejected_beside(given.out)
    _check_files(given, rejected)
    rulebook = here.rulebook()
    columns = Columns if given.map is None else partial(MappedForm, read_mapping(given.map, rulebook))
    report = recommend_table(
        given.file, given.out, rulebook, as_of, strict=given.strict, sheet=given.sheet, columns_of_file=columns
    )
    _note(report.notices)
    if not report.refused:
        return DONE, []
    _note([f"{given.file.name}: {report.refused} rows refused; see {rejected.name}"])
    return SOME_REFUSED, []


def _note(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def mapping(here: Here, given: Namespace) -> Told:
    """A first mapping, onto the screen or into a file that was not there."""
    from medspa_core.mapping.first_mapping.mapping_text import first_mapping
    from medspa_core.tables.files.opening import open_table

    found = open_table(given.file, given.sheet)
    text = first_mapping(found, here.rulebook())
    _note(found.notices)
    if given.out is None:
        return _printed(text)
    try:
        with os.fdopen(os.open(given.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode())
    except FileExistsError:
        problem = f"{given.out}: there is such a file already, perhaps looked over. Choose another --out"
        raise IntakeProblem([problem]) from None
    return DONE, []


def _check_files(given: Namespace, rejected: Path) -> None:
    """The intakes can be opened, and the results take neither their place nor that of the mapping."""
    with given.file.open("rb"):
        pass
    for written in (path for path in (given.out, rejected) if path.exists()):
        if written.samefile(given.file):
            problem = f"{given.file.name}: the results would take the place of the intakes. Choose another --out"
            raise IntakeProblem([problem])
        if given.map is not None and given.map.exists() and written.samefile(given.map):
            raise IntakeProblem([f"{given.map.name}: the results would take its place. Choose another --out"])
