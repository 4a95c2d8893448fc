"""The whole way of a file: blocks are read, coded, judged side by side and written in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from medspa_core.course.course_book import CourseBook, course_book
from medspa_core.intake import IntakeProblem, IntakeTable
from medspa_core.rulebook import BASES, Rulebook
from medspa_core.standing import judge
from medspa_core.tables.coding import Memory
from medspa_core.tables.columns import Columns, ColumnsOf
from medspa_core.tables.files.found_table import FoundTable
from medspa_core.tables.files.opening import open_table
from medspa_core.tables.parallel_map import side_by_side
from medspa_core.tables.reading import read_blocks
from medspa_core.tables.repeated_ids import RepeatedIds
from medspa_core.tables.row_blocks import BLOCK_ROWS, ID, BadCell, Block, Lines, TableReport
from medspa_core.tables.since_dates import DaysBeside
from medspa_core.tables.writing import Rejected, Written, output, rejected_beside

KEPT_BYTES = 32_000_000  # just under the largest piece that glibc's allocator learns from
ENDINGS = (".csv", ".parquet")
NO_LINES: Lines = np.zeros(0, dtype=np.int64)
Part = tuple[IntakeTable, Block | None, Lines]  # rows to judge, the block they stand in and their places there


def recommend_table(
    source: Path,
    out: Path,
    rulebook: Rulebook,
    as_of: date,
    *,
    strict: bool = False,
    robust: bool = True,
    sheet: str | None = None,
    columns_of_file: ColumnsOf = Columns,
) -> TableReport:
    """Judge every client of `source` (.csv, .parquet or .xlsx) into `out`; refused rows go to `<out>.rejected.csv`.
    `columns_of_file`: how its columns are read, if their titles are not ids.

    Raises IntakeProblem when the file as a whole cannot be used, or, if `strict`, when any row is bad.
    """
    _check_out(out)
    report, ids, days = TableReport(), RepeatedIds(), DaysBeside(rulebook)
    columns = _columns(open_table(source, sheet), columns_of_file, rulebook, report)
    memory, book, bases = Memory(rulebook, as_of, columns), course_book(rulebook), BASES if robust else ()
    keep_freed_memory()
    with Written(out) as good, Rejected(rejected_beside(out), hold=strict) as bad:
        parts = _good_rows(read_blocks(columns, report), memory, ids, days, bad, report)
        with closing(side_by_side(lambda part: good.prepared(_judged(*part, book, bases)), parts)) as done:
            for results in done:
                good.write(results)
        if bad.cells:
            raise IntakeProblem([_told(source, cell) for cell in bad.cells])
        if not good.begun:
            good.write(good.prepared(_judged(memory.empty(), None, NO_LINES, book, bases)))
        good.keep()
        bad.keep()
    if not report.rows and not report.refused:
        report.notices.append(f"{source.name}: no rows under the titles, so the results are empty")
    report.notices += ids.notices(source.name) + days.notices(source.name) + columns.told()
    return report


def _check_out(out: Path) -> None:
    """Raises IntakeProblem."""
    if out.suffix not in ENDINGS:
        raise IntakeProblem([f"{out.name}: expected a name ending in .csv or .parquet"])
    if not out.parent.is_dir():
        raise IntakeProblem([f"{out.parent}: there is no such folder, so {out.name} cannot be written"])
    if out.is_dir():
        raise IntakeProblem([f"{out}: a folder, not a file. Choose another --out"])


def _columns(found: FoundTable, columns_of_file: ColumnsOf, rulebook: Rulebook, report: TableReport) -> Columns:
    """Raises IntakeProblem, with what was guessed of the file: the wrong sheet or separator may be all that is wrong."""
    try:
        return columns_of_file(found, rulebook, report)
    except IntakeProblem as problem:
        raise IntakeProblem([*found.notices, *problem.problems]) from None


def _good_rows(
    blocks: Iterator[Block], memory: Memory, ids: RepeatedIds, days: DaysBeside, bad: Rejected, report: TableReport
) -> Iterator[Part]:
    """The rows that can be judged, in parts that stay in cache; the others are told on the way."""
    for block in blocks:
        if ID in block.cells:
            ids.look_at(block.cells[ID])
        table, keep, problems = memory.coded(block)
        days.look_at(table, block.lines[keep])
        told = block.bad + problems
        bad.write(sorted(told, key=lambda cell: cell.line))
        report.refused += len({cell.line for cell in told})
        report.rows += table.rows
        for start in range(0, table.rows, BLOCK_ROWS):
            rows = slice(start, min(start + BLOCK_ROWS, table.rows))
            columns = {name: column[rows] for name, column in table.columns.items()}
            part = IntakeTable(table.as_of, rows.stop - start, columns, table.variant[rows])
            yield part, block, keep[rows]


def _judged(table: IntakeTable, block: Block | None, keep: Lines, book: CourseBook, bases: Sequence[str]) -> pa.Table:
    return output(judge(table, book, bases), block, keep, book.rulebook)


def keep_freed_memory() -> None:
    """Blocks free what the next block needs again. Once a piece this large was freed, the allocator keeps such memory
    instead of giving it back to the system page by page; a quarter faster, and nothing is touched."""
    np.empty(KEPT_BYTES, dtype=np.uint8)


def _told(source: Path, cell: BadCell) -> str:
    column = f"{cell.column}: " if cell.column else ""
    return f"{source.name}: line {cell.line}: {column}{cell.reason}"
