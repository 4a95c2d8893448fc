"""The rows of a found table in, blocks for coding out: each column by its name, each row with the line it stood on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute

from medspa_core.tables.columns import Columns
from medspa_core.tables.files.found_table import FoundRows, by_row
from medspa_core.tables.header import is_skipped_unread, row_numbers, untitled
from medspa_core.tables.row_blocks import BadCell, Block, TableReport

WHOLE_NUMBER = "^[0-9]+$"
Rows = np.ndarray[Any, np.dtype[np.bool_]]


def read_blocks(columns: Columns, report: TableReport) -> Iterator[Block]:
    """The rows of a table under the names of the intake."""
    found = columns.found
    titles = enumerate(found.titles)
    looked_at = [(place, title) for place, title in titles if untitled(title) and not is_skipped_unread(title)]
    for rows in found.rows:
        moved = {place: _under_no_title(rows, place, title) for place, title in looked_at}
        yield columns.block(_block(rows, columns.places, moved))
    report.notices[:0] = found.notices


def _block(rows: FoundRows, places: Mapping[str, int], moved: Mapping[int, Rows]) -> Block:
    """Rows with something under no title are set aside: a comma too many has moved their cells."""
    cells, lines, bad = rows.cells, rows.lines, list(rows.bad)
    for place, found in moved.items():
        reason = f"expected nothing in column {place + 1}, as it has no title"
        bad += [BadCell(line, "", reason) for line in rows.lines[found].tolist()]
    if len(bad) > len(rows.bad):
        keep = np.flatnonzero(~np.logical_or.reduce(list(moved.values())))
        cells, lines = cells.take(pa.array(keep)), lines[keep]
    return Block(lines, {name: cells.column(place) for name, place in places.items()}, bad)


def _under_no_title(rows: FoundRows, place: int, title: str) -> Rows:
    """Which rows have something in a column without a title, other than their number."""
    column = rows.cells.column(place)
    texts = pa_compute.utf8_trim_whitespace(column.dictionary)
    plain = pa_compute.equal(texts, "")
    if row_numbers(place, title):
        plain = pa_compute.or_(plain, pa_compute.match_substring_regex(texts, WHOLE_NUMBER))
    return by_row(~plain.to_numpy(zero_copy_only=False), column, False)
