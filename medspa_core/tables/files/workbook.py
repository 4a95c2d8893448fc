"""An Excel workbook (.xlsx) in: the titles of one sheet, and its rows in blocks of text cells with their row numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from medspa_core.formats.shown import shown_key
from medspa_core.intake import IntakeProblem
from medspa_core.tables.files.csv_file import MOST_COLUMNS, without_blank_rows
from medspa_core.tables.files.found_table import ONE, FoundRows, FoundTable, TableFile, said_by
from medspa_core.tables.files.workbook_limits import NotOpened, checked_workbook
from medspa_core.tables.row_blocks import BLOCK_ROWS

Row = tuple[int, list[Any]]  # the number that the sheet shows beside it, and its cells
MIDNIGHT = time()


def open_workbook(source: TableFile, sheet: str | None = None) -> FoundTable:
    """The table on a sheet: the one of that name, or the first that is not hidden and has rows. The first row with
    anything in it has the titles. Raises IntakeProblem for what is no such workbook."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(checked_workbook(source))
        name, found = _sheet(source, book, sheet)
        rows = _filled(found)
        titles = _titles(source, name, rows)
    except NotOpened as problem:
        raise IntakeProblem([f"{source.name}: {problem}"]) from None
    except IntakeProblem:
        raise
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(source, error) from None
    except BaseException as error:
        raise (_unreadable(source, error) if _panicked(error) else error) from None
    others = [other for other in book.sheet_names if other != name]
    notices = [f"{source.name}: read the sheet {shown_key(name)}, of {len(others) + 1}"] if others and not sheet else []
    return FoundTable(source.name, titles, (ONE,) * len(titles), _blocks(source, titles, rows), notices)


def _sheet(source: TableFile, book: Any, wanted: str | None) -> tuple[str, Any]:
    if wanted is not None and wanted not in book.sheet_names:
        there = ", ".join(map(shown_key, book.sheet_names))
        raise IntakeProblem([f"{source.name}: no sheet {shown_key(wanted)}. There are: {there}"])
    shown = [
        one.name
        for one in book.sheets_metadata
        if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible
    ]
    for name in [wanted] if wanted is not None else shown:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            return name, sheet
    raise IntakeProblem([f"{source.name}: empty. The first row of a sheet names the columns"])


def _filled(sheet: Any) -> Iterator[Row]:
    """Rows with anything in them."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in cells):
            yield number, cells


def _titles(source: TableFile, name: str, rows: Iterator[Row]) -> tuple[str, ...]:
    _, first = next(rows, (0, []))
    if not first:
        raise IntakeProblem([f"{source.name}: the sheet {shown_key(name)} is empty. Its first row names the columns"])
    if len(first) > MOST_COLUMNS:
        raise IntakeProblem([f"{source.name}: expected at most {MOST_COLUMNS} columns, found {len(first)}"])
    return tuple(cell_text(cell) or "" for cell in first)


def _blocks(source: TableFile, titles: tuple[str, ...], rows: Iterator[Row]) -> Iterator[FoundRows]:
    try:
        while block := list(itertools.islice(rows, BLOCK_ROWS)):
            by_column = zip(*(cells for _, cells in block), strict=True)
            columns = [pa.array(map(cell_text, column), pa.string()).dictionary_encode() for column in by_column]
            lines = np.array([number for number, _ in block], dtype=np.int64)
            yield without_blank_rows(FoundRows(lines, pa.RecordBatch.from_arrays(columns, names=list(titles)), []))
    except (calamine.CalamineError, ValueError) as error:
        raise _unreadable(source, error) from None


def cell_text(cell: Any) -> str | None:
    """A cell of a sheet as the text it is; a day at midnight is a day, and a number that is whole has no point."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == MIDNIGHT else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _panicked(error: BaseException) -> bool:
    """Whether the reader, which is written in Rust, gave up: that is no Exception in Python."""
    return type(error).__name__ == "PanicException"


def _unreadable(source: TableFile, error: BaseException) -> IntakeProblem:
    return IntakeProblem([f"{source.name}: not an Excel workbook that can be read: {said_by(error)}"])
