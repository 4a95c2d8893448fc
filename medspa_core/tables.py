"""A file of many clients in, one row a client out: read, judged and written in blocks, so memory does not grow with rows.

Good rows are computed; bad ones go to a file of their own with line, column and reason. Nothing is left half-written.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import math
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from medspa_core.course import CourseBook, course_book
from medspa_core.intake import (
    Column,
    IntakeProblem,
    IntakeTable,
    NotAccepted,
    cell_value,
    code_of,
    columns_of,
    shown,
    shown_key,
)
from medspa_core.rulebook import BASES, Rulebook
from medspa_core.safety import Verdict
from medspa_core.standing import EXCLUDED_BY, NOBODY, STANDINGS, Judgement, judge

Lines = np.ndarray[Any, np.dtype[np.int64]]

BLOCK_ROWS = 16_384
KEPT_BYTES = 32_000_000  # just under the largest piece that glibc's allocator learns from
BLOCK_BYTES = 4 << 20
MOST_WORKERS = 8
LONGEST_HEADER = 1 << 20
MOST_REMEMBERED = 100_000  # distinct cells of a column kept between blocks
LONGEST_CELL = 10_000
LONGEST_ID = 1_000
LOST = "\ufffd"  # stands where a file is not UTF-8
NOT_TEXT = "not UTF-8 text"
ID = "id"
ENDINGS = (".csv", ".parquet")


@dataclass(frozen=True)
class BadCell:
    """A cell, or a line (column ""), that cannot be used."""

    line: int
    column: str
    reason: str


@dataclass
class TableReport:
    """What became of a file: rows computed, rows refused, notices to print."""

    rows: int = 0
    refused: int = 0
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """Rows as read: a column of cells each, and the line each row stood on."""

    lines: Lines
    cells: Mapping[str, pa.DictionaryArray]
    bad: list[BadCell]


def recommend_table(
    source: Path, out: Path, rulebook: Rulebook, as_of: date, *, strict: bool = False, robust: bool = True
) -> TableReport:
    """Judge every client of `source` (.csv or .parquet) into `out`; refused rows go to `<out>.rejected.csv`.

    Raises IntakeProblem when the file as a whole cannot be used, or, if `strict`, when any row is bad.
    """
    if out.suffix not in ENDINGS:
        raise IntakeProblem([f"{out.name}: expected a name ending in .csv or .parquet"])
    if not out.parent.is_dir():
        raise IntakeProblem([f"{out.parent}: there is no such folder, so {out.name} cannot be written"])
    if out.is_dir():
        raise IntakeProblem([f"{out}: a folder, not a file. Choose another --out"])
    report = TableReport()
    read = _read_parquet if source.suffix.lower() == ".parquet" else _read_csv
    book, memory = course_book(rulebook), _Memory(rulebook, as_of)
    bases = BASES if robust else ()
    with _Written(out) as good, _Rejected(rejected_beside(out)) as bad, _SideBySide(good.write) as work:
        for block in read(source, rulebook, report):
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
    return report


def keep_freed_memory() -> None:
    """Blocks free what the next block needs again. Once a piece this large was freed, the allocator keeps such memory
    instead of giving it back to the system page by page; a quarter faster, and nothing is touched."""
    np.empty(KEPT_BYTES, dtype=np.uint8)


def _judged(table: IntakeTable, book: CourseBook, bases: Sequence[str], block: Block | None, keep: Lines) -> pa.Table:
    return _output(judge(table, book, bases), block, keep, book.rulebook)


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


def rejected_beside(out: Path) -> Path:
    """The file of refused cells that goes with an output."""
    return out.with_name(f"{out.stem}.rejected.csv")


def _told(source: Path, cell: BadCell) -> str:
    column = f"{cell.column}: " if cell.column else ""
    return f"{source.name}: line {cell.line}: {column}{cell.reason}"


# --- reading --------------------------------------------------------------------------------------------------------


def _read_csv(source: Path, rulebook: Rulebook, report: TableReport) -> Iterator[Block]:
    header = _csv_header(source)
    _check_columns(source, header, rulebook, report)
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


def _csv_header(source: Path) -> list[str]:
    """The names of the columns. Raises IntakeProblem for what is no CSV with commas and a header."""
    with source.open("rb") as file:
        first = file.readline(LONGEST_HEADER)
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise IntakeProblem([f"{source.name}: not UTF-8 text. Save it as CSV, UTF-8"]) from None
    if not text.strip():
        raise IntakeProblem([f"{source.name}: empty. The first line names the columns"])
    if "\0" in text:
        raise IntakeProblem([f"{source.name}: not text. Save it as CSV, UTF-8"])
    try:
        header = next(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise IntakeProblem([f"{source.name}: the first line does not name columns: {error}"]) from None
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise IntakeProblem([f"{source.name}: expected commas between the columns, found {name}"])
    return header


def _check_columns(source: Path, header: list[str], rulebook: Rulebook, report: TableReport) -> None:
    known = [ID, *columns_of(rulebook)]
    problems = [
        f"{source.name}: {shown_key(name)}: not a column of this rulebook{_meant(name, known)}"
        for name in header
        if name not in known
    ]
    problems += [f"{source.name}: {shown_key(name)}: stands twice in the header" for name in _twice(header)]
    if problems:
        raise IntakeProblem(problems)
    missing = [name for name in known if name not in header and name != ID]
    if missing:
        report.notices.append(f"{source.name}: unanswered in all rows, as there is no column: {', '.join(missing)}")


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name[:100], known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _read_parquet(source: Path, rulebook: Rulebook, report: TableReport) -> Iterator[Block]:
    try:
        file = pa_parquet.ParquetFile(source)
        names = file.schema_arrow.names
        _check_columns(source, names, rulebook, report)
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


# --- coding ---------------------------------------------------------------------------------------------------------


class _Memory:
    """Codes of the cells seen so far: each distinct cell is read once, by the same reader as a form's answer."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        self.columns = columns_of(rulebook)
        self.as_of = as_of
        self.seen: dict[str, dict[Any, tuple[int, str]]] = {name: {} for name in self.columns}

    def coded(self, block: Block) -> tuple[IntakeTable, Lines, list[BadCell]]:
        """The block's good rows as a table, their places in the block, and the bad cells."""
        rows = block.lines.size
        good = np.ones(rows, dtype=bool)
        codes, problems = {}, []
        for name, column in self.columns.items():
            if name not in block.cells:
                codes[name] = np.full(rows, column.default, dtype=np.int32)
                continue
            codes[name], wrong = self._column(column, block.cells[name])
            for row, reason in wrong:
                good[row] = False
                problems.append(BadCell(int(block.lines[row]), name, reason))
        for row, reason in _wrong_ids(block.cells[ID]) if ID in block.cells else ():
            good[row] = False
            problems.append(BadCell(int(block.lines[row]), ID, reason))
        keep = np.flatnonzero(good)
        kept = {name: column[keep] for name, column in codes.items()}
        table = IntakeTable(self.as_of, keep.size, kept, np.zeros(keep.size, dtype=np.int32))
        return table, keep, problems

    def empty(self) -> IntakeTable:
        none = np.zeros(0, dtype=np.int32)
        return IntakeTable(self.as_of, 0, dict.fromkeys(self.columns, none), none)

    def _column(
        self, column: Column, cells: pa.DictionaryArray
    ) -> tuple[np.ndarray[Any, np.dtype[np.int32]], list[tuple[int, str]]]:
        seen = self.seen[column.name]
        if len(seen) > MOST_REMEMBERED:
            seen.clear()
        read = [self._read(column, cell, seen) for cell in cells.dictionary.to_pylist()]
        codes = np.array([code for code, _ in read] + [column.default], dtype=np.int32)
        indices = cells.indices.fill_null(len(read)).to_numpy(zero_copy_only=False)
        wrong = np.array([bool(reason) for _, reason in read] + [False])
        places = np.flatnonzero(wrong[indices]) if wrong.any() else np.zeros(0, dtype=np.int64)
        return codes[indices], [(int(row), read[indices[row]][1]) for row in places]

    def _read(self, column: Column, cell: Any, seen: dict[Any, tuple[int, str]]) -> tuple[int, str]:
        key = (type(cell), cell)
        found = seen.get(key)
        if found is None:
            found = seen[key] = self._code(column, cell)
        return found

    def _code(self, column: Column, cell: Any) -> tuple[int, str]:
        """Code and reason; a reason means the cell cannot be used."""
        if isinstance(cell, str) and LOST in cell:
            return 0, NOT_TEXT
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            return 0, f"expected at most {LONGEST_CELL} characters, found {len(cell)}"
        value = cell_value(column, cell) if isinstance(cell, str) else _plain(cell)
        if value is None:
            return column.default, ""
        try:
            return code_of(column, value, self.as_of), ""
        except NotAccepted as problem:
            return 0, str(problem)


def _wrong_ids(cells: pa.DictionaryArray) -> list[tuple[int, str]]:
    """Rows whose id is not one short line of text: a quote that is never closed would swallow the lines after it."""
    ids = cells.dictionary
    if not pa.types.is_string(ids.type):
        return []
    wrong = pa_compute.or_(
        pa_compute.greater(pa_compute.utf8_length(ids), LONGEST_ID),
        pa_compute.match_substring_regex(ids, f"[\\r\\n\\x00{LOST}]"),
    )
    wrong = wrong.fill_null(False).to_numpy(zero_copy_only=False)
    if not wrong.any():
        return []
    places = cells.indices.fill_null(0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(wrong[places] & cells.is_valid().to_numpy(zero_copy_only=False))
    return [(row, _id_problem(ids[int(places[row])].as_py())) for row in rows.tolist()]


def _id_problem(text: str) -> str:
    return NOT_TEXT if LOST in text else f"expected one line of at most {LONGEST_ID} characters, found {shown(text)}"


def _plain(cell: Any) -> Any:
    """A Parquet value as a form would give it; not-a-number is how tables write a missing number."""
    if isinstance(cell, float) and math.isnan(cell):
        return None
    return cell.isoformat()[:10] if isinstance(cell, date) else cell


def _parts(table: IntakeTable) -> Iterator[tuple[IntakeTable, slice]]:
    for start in range(0, table.rows, BLOCK_ROWS):
        part = slice(start, min(start + BLOCK_ROWS, table.rows))
        columns = {name: column[part] for name, column in table.columns.items()}
        yield IntakeTable(table.as_of, part.stop - start, columns, table.variant[part]), part


# --- writing --------------------------------------------------------------------------------------------------------


def _output(judgement: Judgement, block: Block | None, keep: Lines, rulebook: Rulebook) -> pa.Table:
    """One row a client: row and id, standing, best, the pair, and per option verdict, fit and robustness."""
    columns: dict[str, Any] = {"row": block.lines[keep] if block is not None else keep}
    if block is None or ID in block.cells:
        columns[ID] = _ids(block, keep)
    columns["standing"] = _words(STANDINGS, judgement.standing)
    columns["best"] = _words(rulebook.ranked, judgement.best)
    paired = judgement.pair_standing != NOBODY
    ranked = paired & (judgement.best != NOBODY)
    columns["pair.best"] = _words(rulebook.ranked, np.where(ranked, judgement.pair.best, NOBODY))
    columns["pair.standing"] = _words(STANDINGS, judgement.pair_standing)
    columns["weight_total"] = judgement.weight_total
    for option, option_id in enumerate(rulebook.ranked):
        columns |= _option_columns(judgement, option, option_id)
    for basis in BASES:
        for option, option_id in enumerate(rulebook.ranked):
            columns |= _basis_columns(judgement, basis, option, option_id, rulebook)
    return pa.table(columns)


def _ids(block: Block | None, keep: Lines) -> pa.Array:
    if block is None:
        return pa.array([], pa.string())
    cells = block.cells[ID].take(pa.array(keep)).dictionary_decode()
    if pa.types.is_string(cells.type):
        return cells
    return pa.array([None if cell is None else str(cell) for cell in cells.to_pylist()], pa.string())


def _words(names: tuple[str | None, ...], codes: Any) -> pa.Array:
    words = np.array([*names, None], dtype=object)  # NOBODY is -1: the last one
    return pa.array(words[codes], pa.string())


def _option_columns(judgement: Judgement, option: int, option_id: str) -> dict[str, Any]:
    excluded_by = judgement.excluded_by[option]
    verdict = np.where(excluded_by == NOBODY, judgement.safety.verdict[:, option], Verdict.EXCLUDED)
    days, as_of = judgement.safety.deferred_days[:, option], judgement.table.as_of
    waits, place = np.unique(days, return_inverse=True)
    dates = tuple((as_of + timedelta(days=wait)).isoformat() if wait else None for wait in waits.tolist())
    return {
        f"verdict.{option_id}": _words(tuple(item.word for item in Verdict), verdict),
        f"excluded_by.{option_id}": _words(EXCLUDED_BY, excluded_by),
        f"deferred_until.{option_id}": _words(dates, place),
    }


def _basis_columns(judgement: Judgement, basis: str, option: int, option_id: str, rulebook: Rulebook) -> dict[str, Any]:
    """Fit and robustness of one option on one basis; empty where it is not ranked."""
    contest, draws = judgement.contests[basis], len(next(iter(rulebook.draws.values())))
    ranked = ~judgement.excluded[option] & (judgement.table["concern"] != 0)
    whole = 1000 * judgement.fit.counted_weights(basis).sum(axis=0)
    fit = contest.points[option] / np.where(whole, whole, 1)
    found = {f"fit.{basis}.{option_id}": pa.array(fit, mask=~ranked | (whole == 0))}
    if contest.wins is not None:
        found[f"robustness.{basis}.{option_id}"] = pa.array(contest.wins[option] / draws, mask=~ranked)
    return found


class _Writer(Protocol):
    def write_table(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class _Written:
    """An output file that appears under its name only when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.draft = path, path.with_name(f".{path.name}.{os.getpid()}.part")
        self.writer: _Writer | None = None

    @property
    def begun(self) -> bool:
        return self.writer is not None

    def __enter__(self) -> _Written:
        return self

    def write(self, table: pa.Table) -> None:
        if self.writer is None:
            kind = pa_parquet.ParquetWriter if self.path.suffix == ".parquet" else pa_csv.CSVWriter
            self.writer = kind(self.draft, table.schema)
        self.writer.write_table(table)

    def keep(self) -> None:
        assert self.writer is not None
        self.writer.close()
        _put_in_place(self.draft, self.path)

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None and self.writer is not None:
            self.writer.close()
        self.draft.unlink(missing_ok=True)


class _Rejected:
    """The file of refused cells; there is none when nothing was refused."""

    def __init__(self, path: Path) -> None:
        self.path, self.draft = path, path.with_name(f".{path.name}.{os.getpid()}.part")
        self.cells: list[BadCell] = []
        self.file: io.TextIOWrapper | None = None

    def __enter__(self) -> _Rejected:
        return self

    def write(self, cells: list[BadCell]) -> None:
        if not cells:
            return
        if self.file is None:
            self.file = self.draft.open("w", encoding="utf-8", newline="")
            csv.writer(self.file).writerow(("line", "column", "reason"))
        csv.writer(self.file).writerows((cell.line, cell.column, cell.reason) for cell in cells)
        self.cells += cells

    def keep(self) -> None:
        if self.file is None:
            self.path.unlink(missing_ok=True)
            return
        self.file.close()
        _put_in_place(self.draft, self.path)

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self.file is not None:
            self.file.close()
        self.draft.unlink(missing_ok=True)


def _put_in_place(draft: Path, path: Path) -> None:
    """Durable first, then under its name."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.replace(path)


__all__ = ["BadCell", "CourseBook", "TableReport", "keep_freed_memory", "recommend_table", "rejected_beside"]
