"""A CSV or Parquet file in, blocks of rows out, each row with the line it stood on. Nothing is kept but the block."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from medspa_core.intake import IntakeProblem
from medspa_core.rulebook import Rulebook
from medspa_core.tables.blocks import BLOCK_ROWS, BadCell, Block, Lines, TableReport
from medspa_core.tables.header import check_columns, csv_header

BLOCK_BYTES = 4 << 20


def read_blocks(source: Path, rulebook: Rulebook, report: TableReport) -> Iterator[Block]:
    """The rows of a file by its ending: .parquet, or CSV. Raises IntakeProblem for what is no such table."""
    read = _read_parquet if source.suffix.lower() == ".parquet" else _read_csv
    return read(source, rulebook, report)


def _read_csv(source: Path, rulebook: Rulebook, report: TableReport) -> Iterator[Block]:
    header = csv_header(source)
    check_columns(source, header, rulebook, report)
    skipped: list[pa_csv.InvalidRow] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        skipped.append(row)
        return "skip"

    cell_type = pa.dictionary(pa.int32(), pa.string())
    with source.open("rb") as file:
        reader = _csv_reader(
            _Utf8(file),
            source,
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=BLOCK_BYTES, column_names=header, skip_rows=1
            ),
            parse_options=pa_csv.ParseOptions(
                ignore_empty_lines=False, newlines_in_values=True, invalid_row_handler=set_aside
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(header, cell_type), strings_can_be_null=False
            ),
        )
        counter = _LineCounter(len(header))
        while (batch := _next_batch(reader, source)) is not None:
            lines, bad = counter.lines_of(batch, skipped)
            yield _without_blank_lines(Block(lines, dict(zip(header, batch.columns, strict=True)), bad))
    yield Block(np.zeros(0, dtype=np.int64), {}, counter.rest(skipped))


class _Utf8(io.RawIOBase):
    """A file as UTF-8 text: what is none becomes the mark of a lost character, and spoils the cell it stands in."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.rest = file, b""
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest:
            found = self.file.read(BLOCK_BYTES)
            self.rest = self.decoder.decode(found, final=not found).encode()
            if not found:
                break
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def _csv_reader(file: _Utf8, source: Path, **options: Any) -> pa_csv.CSVStreamingReader:
    try:
        return pa_csv.open_csv(io.BufferedReader(file, BLOCK_BYTES), **options)
    except pa.ArrowInvalid as error:
        raise _no_table(source, error) from None


def _without_blank_lines(block: Block) -> Block:
    """A line with nothing in any cell is no client."""
    filled = np.zeros(block.lines.size, dtype=bool)
    for column in block.cells.values():
        has_text = pa_compute.not_equal(column.dictionary, "").to_numpy(zero_copy_only=False)
        filled |= has_text[column.indices.to_numpy(zero_copy_only=False)]
        if filled.all():
            return block
    keep = np.flatnonzero(filled)
    return Block(
        block.lines[keep], {name: column.take(pa.array(keep)) for name, column in block.cells.items()}, block.bad
    )


def _next_batch(reader: pa_csv.CSVStreamingReader, source: Path) -> pa.RecordBatch | None:
    try:
        batch: pa.RecordBatch = reader.read_next_batch()
    except StopIteration:
        return None
    except pa.ArrowInvalid as error:
        raise _no_table(source, error) from None
    return batch


def _no_table(source: Path, error: pa.ArrowInvalid) -> IntakeProblem:
    reason = "a quote that is never closed" if "straddling" in str(error) else _first_line(error)
    return IntakeProblem([f"{source.name}: not a table that can be read: {reason}"])


class _LineCounter:
    """Which line of the file a row begins on. The reader counts rows; a quoted cell may hold line ends of its own."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.row, self.line = 2, 2

    def lines_of(self, batch: pa.RecordBatch, skipped: list[pa_csv.InvalidRow]) -> tuple[Lines, list[BadCell]]:
        """The line of each good row of a batch, and the lines before or among them with another number of cells.

        The reader runs ahead: skipped rows that come later are left for the next batch."""
        end, among = self.row + batch.num_rows, 0
        while among < len(skipped) and skipped[among].number < end:
            among, end = among + 1, end + 1
        ours, skipped[:] = skipped[:among], skipped[among:]
        ragged = np.array([row.number - self.row for row in ours], dtype=np.int64)
        good = np.delete(np.arange(end - self.row), ragged)
        ends = np.ones(end - self.row, dtype=np.int64)
        ends[good] += _line_ends_within(batch)
        ends[ragged] += np.array([_line_ends(row.text) for row in ours], dtype=np.int64)
        lines = self.line + np.cumsum(ends) - ends
        self.row, self.line = end, self.line + int(ends.sum())
        return lines[good], _ragged_lines(ours, lines[ragged], self.width)

    def rest(self, skipped: list[pa_csv.InvalidRow]) -> list[BadCell]:
        """The lines after the last good row."""
        ends = np.array([1 + _line_ends(row.text) for row in skipped], dtype=np.int64)
        return _ragged_lines(skipped, self.line + np.cumsum(ends) - ends, self.width)


def _ragged_lines(rows: list[pa_csv.InvalidRow], lines: Lines, width: int) -> list[BadCell]:
    """A line that is blank is no row, and no problem."""
    return [
        BadCell(line, "", f"expected {width} cells, as in the header, found {row.actual_columns}")
        for row, line in zip(rows, lines.tolist(), strict=True)
        if row.text.strip()
    ]


def _line_ends(text: str) -> int:
    return text.rstrip("\r\n").count("\n")


def _line_ends_within(batch: pa.RecordBatch) -> Lines:
    """Line ends inside the cells of each row."""
    found = np.zeros(batch.num_rows, dtype=np.int64)
    for column in batch.columns:
        held = pa_compute.count_substring(column.dictionary, "\n").to_numpy(zero_copy_only=False)
        if held.any():
            found += held[column.indices.to_numpy(zero_copy_only=False)]
    return found


def _read_parquet(source: Path, rulebook: Rulebook, report: TableReport) -> Iterator[Block]:
    try:
        file = pa_parquet.ParquetFile(source)
        names = file.schema_arrow.names
        check_columns(source, names, rulebook, report)
        first = 1
        for batch in file.iter_batches(batch_size=BLOCK_ROWS):
            cells = {name: _as_dictionary(column) for name, column in zip(names, batch.columns, strict=True)}
            yield Block(np.arange(first, first + batch.num_rows, dtype=np.int64), cells, [])
            first += batch.num_rows
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise IntakeProblem([f"{source.name}: not a Parquet file that can be read: {_first_line(error)}"]) from None


def _as_dictionary(column: pa.Array) -> pa.DictionaryArray:
    if pa.types.is_dictionary(column.type):
        return column
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        joined = ["|".join(map(str, item)) or "none" if item is not None else None for item in column.to_pylist()]
        column = pa.array(joined, pa.string())
    return column.dictionary_encode()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
