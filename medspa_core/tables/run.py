"""The whole way of a file: blocks are read, coded, judged side by side and written in their order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa

from medspa_core.course import CourseBook, course_book
from medspa_core.intake import IntakeProblem, IntakeTable
from medspa_core.rulebook import BASES, Rulebook
from medspa_core.standing import judge
from medspa_core.tables.blocks import BLOCK_ROWS, ID, BadCell, Block, Lines, TableReport
from medspa_core.tables.coding import Memory
from medspa_core.tables.opening import open_table
from medspa_core.tables.reading import read_blocks
from medspa_core.tables.repeated_ids import RepeatedIds
from medspa_core.tables.writing import Rejected, Written, output, rejected_beside

KEPT_BYTES = 32_000_000  # just under the largest piece that glibc's allocator learns from
MOST_WORKERS = 8
ENDINGS = (".csv", ".parquet")


def recommend_table(
    source: Path,
    out: Path,
    rulebook: Rulebook,
    as_of: date,
    *,
    strict: bool = False,
    robust: bool = True,
    sheet: str | None = None,
) -> TableReport:
    """Judge every client of `source` (.csv, .parquet or .xlsx) into `out`; refused rows go to `<out>.rejected.csv`.

    Raises IntakeProblem when the file as a whole cannot be used, or, if `strict`, when any row is bad.
    """
    if out.suffix not in ENDINGS:
        raise IntakeProblem([f"{out.name}: expected a name ending in .csv or .parquet"])
    if not out.parent.is_dir():
        raise IntakeProblem([f"{out.parent}: there is no such folder, so {out.name} cannot be written"])
    if out.is_dir():
        raise IntakeProblem([f"{out}: a folder, not a file. Choose another --out"])
    report, ids = TableReport(), RepeatedIds()
    found = open_table(source, sheet)
    book, memory = course_book(rulebook), Memory(rulebook, as_of)
    bases = BASES if robust else ()
    with Written(out) as good, Rejected(rejected_beside(out)) as bad, _SideBySide(good.write) as work:
        for block in read_blocks(found, rulebook, report):
            if ID in block.cells:
                ids.look_at(block.cells[ID])
            table, keep, problems = memory.coded(block)
            bad.write(sorted(block.bad + problems, key=lambda cell: cell.line))
            report.refused += len({cell.line for cell in block.bad + problems})
            for part, rows in _parts(table):
                work.add(partial(_judged, part, book, bases, block, keep[rows]))
            report.rows += table.rows
        work.finish()
        if strict and bad.cells:
            raise IntakeProblem([_told(source, cell) for cell in bad.cells])
        if not good.begun:
            good.write(_judged(memory.empty(), book, bases, None, np.zeros(0, dtype=np.int64)))
        good.keep()
        bad.keep()
    report.notices += ids.notices(source.name)
    return report


def _parts(table: IntakeTable) -> Iterator[tuple[IntakeTable, slice]]:
    for start in range(0, table.rows, BLOCK_ROWS):
        part = slice(start, min(start + BLOCK_ROWS, table.rows))
        columns = {name: column[part] for name, column in table.columns.items()}
        yield IntakeTable(table.as_of, part.stop - start, columns, table.variant[part]), part


def _judged(table: IntakeTable, book: CourseBook, bases: Sequence[str], block: Block | None, keep: Lines) -> pa.Table:
    return output(judge(table, book, bases), block, keep, book.rulebook)


class _SideBySide:
    """Blocks worked on at the same time, a few ahead, and handed over in their order."""

    def __init__(self, hand_over: Callable[[pa.Table], None]) -> None:
        keep_freed_memory()
        self.hand_over = hand_over
        self.workers = min(os.cpu_count() or 1, MOST_WORKERS)
        self.pool = ThreadPoolExecutor(self.workers)
        self.ahead: deque[Future[pa.Table]] = deque()

    def __enter__(self) -> _SideBySide:
        return self

    def add(self, block: Callable[[], pa.Table]) -> None:
        self.ahead.append(self.pool.submit(block))
        if len(self.ahead) > self.workers:
            self.hand_over(self.ahead.popleft().result())

    def finish(self) -> None:
        while self.ahead:
            self.hand_over(self.ahead.popleft().result())

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.pool.shutdown(cancel_futures=True)


def keep_freed_memory() -> None:
    """Blocks free what the next block needs again. Once a piece this large was freed, the allocator keeps such memory
    instead of giving it back to the system page by page; a quarter faster, and nothing is touched."""
    np.empty(KEPT_BYTES, dtype=np.uint8)


def _told(source: Path, cell: BadCell) -> str:
    column = f"{cell.column}: " if cell.column else ""
    return f"{source.name}: line {cell.line}: {column}{cell.reason}"
