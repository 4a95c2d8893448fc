"""A Parquet file in, as any system writes one: its titles, and its rows in blocks of text cells, counted from 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet

from medspa_core.formats.shown import shown_key
from medspa_core.intake import IntakeProblem
from medspa_core.tables.files.found_table import FoundRows, FoundTable, TableFile, said_by
from medspa_core.tables.files.typed_cells import as_cells, holds
from medspa_core.tables.row_blocks import BLOCK_ROWS

BUFFER_BYTES = 1 << 18  # of each column, so that a file of one large group of rows is not held whole
UNREADABLE = (pa.ArrowException, OSError, MemoryError, ValueError, OverflowError)


def open_parquet(source: TableFile) -> FoundTable:
    """The table in a Parquet file. Raises IntakeProblem, here or while rows are read, for what is none."""
    try:
        table = pa_parquet.ParquetFile(
            source if isinstance(source, Path) else source.open("rb"), buffer_size=BUFFER_BYTES
        )
        schema = table.schema_arrow
    except UNREADABLE as error:
        raise _no_parquet(source, error) from None
    titles = tuple(schema.names)
    return FoundTable(source.name, titles, tuple(map(holds, schema.types)), _rows(source, table, titles))


def _rows(source: TableFile, table: pa_parquet.ParquetFile, titles: tuple[str, ...]) -> Iterator[FoundRows]:
    first = 1
    with table:
        try:
            for batch in table.iter_batches(batch_size=BLOCK_ROWS):
                columns = [_cells(source, title, column) for title, column in zip(titles, batch.columns, strict=True)]
                lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
                yield FoundRows(lines, pa.RecordBatch.from_arrays(columns, names=list(titles)), [])
                first += batch.num_rows
        except UNREADABLE as error:
            if isinstance(error, IntakeProblem):
                raise
            raise _no_parquet(source, error) from None


def _cells(source: TableFile, title: str, column: pa.Array) -> pa.DictionaryArray:
    try:
        return as_cells(column)
    except UNREADABLE as error:
        problem = f"{shown_key(title)}: {column.type} that can't be read: {said_by(error)}"
        raise IntakeProblem([f"{source.name}: {problem}"]) from None


def _no_parquet(source: TableFile, error: BaseException) -> IntakeProblem:
    return IntakeProblem([f"{source.name}: not a Parquet file that can be read: {said_by(error)}"])
