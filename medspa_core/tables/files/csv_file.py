"""A CSV file in, as any system writes one: its titles, and its rows in blocks, each with the line it stood on."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute
import pyarrow.csv as pa_csv

from medspa_core.formats.shown import one_of
from medspa_core.intake import IntakeProblem
from medspa_core.tables.files.csv_rows import NoRows, RowText, first_row_end, whole_rows
from medspa_core.tables.files.found_table import CELLS, ONE, FoundRows, FoundTable, TableFile, by_row, said_by
from medspa_core.tables.files.text_layout import COMMA, SEPARATORS, UTF8, WINDOWS, Text, is_text, separator_of
from medspa_core.tables.parallel_map import side_by_side
from medspa_core.tables.row_blocks import BadCell, Lines

SAID_SEPARATOR = "sep="  # the first line with which Excel is told what stands between the cells
MOST_COLUMNS = 1_000
ONE_WORD = re.compile(r"[\w.]+")


def open_csv(source: TableFile) -> FoundTable:
    """The table in a text file. Raises IntakeProblem, here or while rows are read, for what is none."""
    file = source.open("rb")
    try:
        text = Text(file)
        if not is_text(text.first):
            raise _not_text(source)
        separator, skipped = _separator(text.first)
        end = skipped + first_row_end(text.first[skipped:])
        titles = _titles(source, text.first[skipped:end], separator)
    except BaseException:
        file.close()
        raise
    notices = _guessed(source, text, separator) + _one_column(source, titles)
    rows = _rows(source, file, text, end, titles, separator, notices)
    return FoundTable(source.name, titles, (ONE,) * len(titles), rows, notices)


def _separator(first: bytes) -> tuple[str, int]:
    """What stands between the cells, and the bytes of a line that says so."""
    line = first[: first.find(b"\n") + 1].decode().strip().lower()
    if line.startswith(SAID_SEPARATOR) and line[len(SAID_SEPARATOR) :] in SEPARATORS:
        return line[len(SAID_SEPARATOR) :], first.find(b"\n") + 1
    whole_lines = first[: first.rfind(b"\n") + 1] or first
    return separator_of(whole_lines.decode("utf-8", "replace")), 0


def _titles(source: TableFile, line: bytes, separator: str) -> tuple[str, ...]:
    text = line.decode("utf-8", "replace")
    if not text.strip():
        raise IntakeProblem([f"{source.name}: empty. The first line names the columns"])
    if "\0" in text:
        raise _not_text(source)
    try:
        titles = next(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise IntakeProblem([f"{source.name}: the first line does not name columns: {said_by(error)}"]) from None
    if len(titles) > MOST_COLUMNS:
        raise IntakeProblem([f"{source.name}: expected at most {MOST_COLUMNS} columns, found {len(titles)}"])
    return tuple(titles)


def _not_text(source: TableFile) -> IntakeProblem:
    return IntakeProblem([f"{source.name}: not text. Save it as CSV, UTF-8"])


def _guessed(source: TableFile, text: Text, separator: str) -> list[str]:
    """What was found out by looking and may be wrong, in one line."""
    said = []
    if text.encoding != UTF8:
        said.append("Windows text (cp1252)" if text.encoding == WINDOWS else text.encoding.upper())
    if separator != COMMA:
        said.append(f"{SEPARATORS[separator]} between the cells")
    if text.ends_in_cr:
        said.append("lines that end in CR")
    return [f"{source.name}: found {', '.join(said)}"] if said else []


def _one_column(source: TableFile, titles: tuple[str, ...]) -> list[str]:
    """A line about a table of one column whose title is no single word: its cells may be parted by something else."""
    if len(titles) > 1 or ONE_WORD.fullmatch(titles[0].strip()):
        return []
    return [f"{source.name}: found one column only, as no {one_of([*SEPARATORS.values()])} part its cells"]


def _rows(
    source: TableFile,
    file: BinaryIO,
    text: Text,
    start: int,
    titles: tuple[str, ...],
    separator: str,
    notices: list[str],
) -> Iterator[FoundRows]:
    with file:
        pieces = text.pieces()
        first = next(pieces)
        behind, line = itertools.chain([first[start:]], pieces), 1 + first[:start].count(b"\n")
        encoding = text.encoding
        try:
            rows = (rows for rows in whole_rows(behind, separator, line) if rows.text or rows.bad)
            yield from side_by_side(lambda some: _parsed(some, titles, separator), rows)
        except (NoRows, pa.ArrowInvalid) as error:
            raise IntakeProblem([f"{source.name}: not a table that can be read: {said_by(error)}"]) from None
        if text.encoding != encoding:  # all letters of the first megabyte were ASCII
            notices += _guessed(source, text, COMMA)


def _parsed(rows: RowText, titles: tuple[str, ...], separator: str) -> FoundRows:
    """Rows of text as columns of cells; those with another number of cells than the header are set aside."""
    skipped: list[pa_csv.InvalidRow] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        skipped.append(row)
        return "skip"

    names = [str(place) for place in range(len(titles))]
    table = pa_csv.read_csv(
        pa.BufferReader(rows.text or b"\n"),
        read_options=pa_csv.ReadOptions(use_threads=False, block_size=len(rows.text) + 2, column_names=names),
        parse_options=pa_csv.ParseOptions(
            delimiter=separator, ignore_empty_lines=False, newlines_in_values=True, invalid_row_handler=set_aside
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, CELLS), strings_can_be_null=False, check_utf8=False
        ),
    ).combine_chunks()
    columns = [column.chunk(0) if column.num_chunks else pa.array([], CELLS) for column in table.columns]
    cells = pa.RecordBatch.from_arrays(columns, names=list(titles))
    lines, ragged = _lines_of(cells, skipped, rows.first_line, b'"' in rows.text)
    bad = sorted(rows.bad + ragged, key=lambda cell: cell.line)
    return without_blank_rows(FoundRows(lines, cells, bad))


def without_blank_rows(rows: FoundRows) -> FoundRows:
    """A row with nothing in any cell is no client."""
    filled = np.zeros(rows.lines.size, dtype=bool)
    for column in rows.cells.columns:
        has_text = pa_compute.not_equal(column.dictionary, "").to_numpy(zero_copy_only=False)
        filled |= by_row(has_text, column, False)
        if filled.all():
            return rows
    keep = np.flatnonzero(filled)
    return FoundRows(rows.lines[keep], rows.cells.take(pa.array(keep)), rows.bad)


def _lines_of(
    cells: pa.RecordBatch, skipped: list[pa_csv.InvalidRow], first_line: int, quoted: bool
) -> tuple[Lines, list[BadCell]]:
    """The line of each good row, and the lines among them with another number of cells. The reader counts rows; a quoted
    cell may hold line ends of its own."""
    ragged = np.array([row.number - 1 for row in skipped], dtype=np.int64)
    good = np.delete(np.arange(cells.num_rows + ragged.size), ragged)
    ends = np.ones(good.size + ragged.size, dtype=np.int64)
    ends[good] += _line_ends_within(cells) if quoted else 0
    ends[ragged] += np.array([row.text.rstrip("\n").count("\n") for row in skipped], dtype=np.int64)
    lines = first_line + np.cumsum(ends) - ends
    return lines[good], _ragged_lines(skipped, lines[ragged], cells.num_columns)


def _ragged_lines(rows: list[pa_csv.InvalidRow], lines: Lines, width: int) -> list[BadCell]:
    """A line that is blank is no row, and no problem."""
    return [
        BadCell(line, "", f"expected {width} cells, as in the header, found {row.actual_columns}")
        for row, line in zip(rows, lines.tolist(), strict=True)
        if row.text.strip()
    ]


def _line_ends_within(cells: pa.RecordBatch) -> Any:
    """Line ends inside the cells of each row."""
    found = np.zeros(cells.num_rows, dtype=np.int64)
    for column in cells.columns:
        held = pa_compute.count_substring(column.dictionary, "\n").to_numpy(zero_copy_only=False)
        if held.any():
            found += by_row(held, column, 0)
    return found
