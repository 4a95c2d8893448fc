"""Titles that stand in other rows than the first, or in several, and rows under them that are no clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import pyarrow as pa

from medspa_core.intake import IntakeProblem
from medspa_core.tables.files.found_table import FoundRows, FoundTable

TITLES_BETWEEN = " / "


def under_titles(found: FoundTable, title_rows: Sequence[int], skip_rows: int) -> FoundTable:
    """The same table with the titles of `title_rows` (counted from 1), its rows from the first client on."""
    if tuple(title_rows) == (1,) and not skip_rows:
        return found
    last = title_rows[-1] - 1
    first, ahead = first_rows(found.rows, last)
    if len(first) < last:
        raise IntakeProblem([f"{found.name}: expected titles in row {last + 1}, found {len(first) + 1} rows"])
    rows = [list(found.titles), *first]
    titles = joined_titles([rows[row - 1] for row in title_rows])
    return replace(found, titles=tuple(titles), rows=_without_first(ahead, last + skip_rows))


def first_rows(rows: Iterator[FoundRows], most: int) -> tuple[list[list[str]], Iterator[FoundRows]]:
    """The first rows as texts, and all of them again."""
    found: list[list[str]] = []
    read: list[FoundRows] = []
    while len(found) < most and (block := next(rows, None)) is not None:
        read.append(block)
        part = block.cells.slice(0, most - len(found))
        columns = [[cell or "" for cell in column.to_pylist()] for column in part.columns]
        found += [list(row) for row in zip(*columns, strict=True)]
    return found, chain(read, rows)


def joined_titles(rows: Sequence[Sequence[str]]) -> list[str]:
    """One title a column. A blank in a row that others stand under goes on with the title before it."""
    filled = [_carried_on(row, rows[at + 1 :]) for at, row in enumerate(rows)]
    columns = zip(*filled, strict=True)
    return [TITLES_BETWEEN.join(" ".join(part.split()) for part in column if part.strip()) for column in columns]


def _carried_on(row: Sequence[str], below: Sequence[Sequence[str]]) -> list[str]:
    found, last = [], ""
    for place, title in enumerate(row):
        goes_on = not title.strip() and any(under[place].strip() for under in below)
        last = last if goes_on else title
        found.append(last)
    return found


def _without_first(blocks: Iterator[FoundRows], rows: int) -> Iterator[FoundRows]:
    for block in blocks:
        here = min(rows, block.lines.size)
        rows -= here
        yield replace(block, lines=block.lines[here:], cells=_from(block.cells, here)) if here else block


def _from(cells: pa.RecordBatch, row: int) -> pa.RecordBatch:
    """The rows from one on, without the words that stand only in those before."""
    columns = [column.slice(row).dictionary_decode().dictionary_encode() for column in cells.columns]
    return pa.RecordBatch.from_arrays(columns, names=cells.schema.names)
