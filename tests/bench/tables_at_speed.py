"""Judges plausible clients block by block and prints seconds, floor and peak memory as JSON: its own process, so that the
peak is its own.

    python -m tests.bench.tables_at_speed ROWS none|all
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medspa_core.course.course_book import CourseBook, course_book
from medspa_core.intake import IntakeTable
from medspa_core.rulebook import BASES, load_rulebook
from medspa_core.standing import judge
from medspa_core.tables.row_blocks import BLOCK_ROWS
from medspa_core.tables.run import keep_freed_memory
from tests.bench.plausible import plausible_clients

Seconds = NDArray[np.float64]

AS_OF = date(2026, 11, 22)
BLOCKS_AT_ONCE = 8  # made before the clock starts, judged while it runs
WORKERS = os.cpu_count() or 1


def judged(blocks: Sequence[IntakeTable], book: CourseBook, bases: Sequence[str], pool: ThreadPoolExecutor) -> None:
    """Every block judged, and what was found thrown away, as after it is written."""

    def one(block: IntakeTable) -> None:
        judge(block, book, bases)

    list(pool.map(one, blocks))


def read_once(blocks: Sequence[IntakeTable]) -> None:
    """The floor: every cell looked at once by numpy."""
    for block in blocks:
        for column in block.columns.values():
            column.sum()


def timed(work: Callable[[], None]) -> Seconds:
    """Seconds by the clock, and of this process's own work on all cores, which other programs disturb less."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    work()
    return np.array([time.perf_counter() - begin, time.process_time() - begin_cpu])


def main(rows: int, bases: Sequence[str]) -> dict[str, float]:
    """Seconds to judge and to read `rows` clients, and megabytes at the peak."""
    keep_freed_memory()
    rulebook = load_rulebook(Path(__file__).parents[2] / "data")
    book, spent, floor = course_book(rulebook), np.zeros(2), np.zeros(2)
    sizes = [min(BLOCK_ROWS, rows - start) for start in range(0, rows, BLOCK_ROWS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        judged(
            [plausible_clients(rulebook, AS_OF, 64, seed=0)], book, bases, pool
        )  # tables of the rulebook are made once
        for first in range(0, len(sizes), BLOCKS_AT_ONCE):
            batch = enumerate(sizes[first : first + BLOCKS_AT_ONCE], start=first)
            blocks = [plausible_clients(rulebook, AS_OF, size, seed) for seed, size in batch]
            floor += timed(lambda blocks=blocks: read_once(blocks))  # type: ignore[misc]
            spent += timed(lambda blocks=blocks: judged(blocks, book, bases, pool))  # type: ignore[misc]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": spent[0], "cpu": spent[1], "floor_cpu": floor[1], "peak_mb": peak_mb}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), BASES if sys.argv[2] == "all" else ())) + "\n")
