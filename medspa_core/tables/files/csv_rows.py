"""Pieces of text in, whole rows of CSV out: cut only where a row ends, with wrong quoting taken out by its lines.

Where a quote opens a cell and ends in the middle of one, nobody knows what the lines between are: none of them is read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from medspa_core.tables.row_blocks import BadCell

LONGEST_ROW_BYTES = 8 << 20
MOST_LINES_IN_A_WRONG_QUOTE = 1_000
QUOTE, LINE_END = ord('"'), ord("\n")
Places = np.ndarray[Any, np.dtype[np.int64]]


class NoRows(ValueError):
    """A text that cannot be cut into rows. The text says where and why."""


@dataclass(frozen=True)
class RowText:
    """Whole rows as text, the line the first one stands on, and lines that were taken out; blank lines stand for these."""

    first_line: int
    text: bytes
    bad: list[BadCell]


def whole_rows(pieces: Iterable[bytes], separator: str, first_line: int) -> Iterator[RowText]:
    """The rows of a text without its header. Raises NoRows where a row has no end."""
    cutter = _Cutter(separator.encode())
    rest, line = b"", first_line
    for piece in pieces:
        rows, rest = cutter.cut(rest + piece, line, last=False)
        yield rows
        line += rows.text.count(b"\n")
        if len(rest) > LONGEST_ROW_BYTES:
            why = "a quote that is never closed" if b'"' in rest else f"longer than {LONGEST_ROW_BYTES >> 20} MB"
            raise NoRows(f"line {line}: {why}")
    rows, _ = cutter.cut(rest, line, last=True)
    yield rows


def first_row_end(text: bytes) -> int:
    """Where the header ends: at the first line end outside quotes."""
    found = re.match(rb'(?:[^"\n]|"[^"]*+")*+\n', text)
    return found.end() if found else text.find(b"\n") + 1 or len(text)


class _Cutter:
    """Cuts text at the ends of rows, for one separator."""

    def __init__(self, separator: bytes) -> None:
        self.separator = ord(separator)
        self.row, self.before_wrong = _patterns(separator)

    def cut(self, text: bytes, line: int, last: bool) -> tuple[RowText, bytes]:
        """The whole rows that a text begins with, and the rest; of the last text all is rows."""
        at = _quotes(text)
        wrong = self._first_wrong(text, at)
        if wrong is None and not (last and at.size % 2):
            end = len(text) if last else _row_end(text, at, len(text))
            return RowText(line, text[:end], []), text[end:]
        start = _row_end(text, at, len(text) if wrong is None else wrong)
        return self._by_row(text, start, line, last)

    def _first_wrong(self, text: bytes, at: Places) -> int | None:
        """The first quote that neither begins nor ends a cell nor doubles another one."""
        if not at.size:
            return None
        data = np.frombuffer(b"\n" + text + b"\n", dtype=np.uint8)  # so that text begins and ends as at a line end
        opening, closing = at[0::2], at[1::2]
        before, after = data[opening], data[closing + 2]
        good = np.ones(at.size, dtype=bool)
        good[0::2] = (before == self.separator) | (before == LINE_END) | (before == QUOTE)
        good[1::2] = (after == self.separator) | (after == LINE_END) | (after == QUOTE)
        return None if good.all() else int(at[int(good.argmin())])

    def _by_row(self, text: bytes, start: int, line: int, last: bool) -> tuple[RowText, bytes]:
        """Row by row from `start`, where some quote is no plain one."""
        kept, place = [text[:start]], start
        bad: list[BadCell] = []
        line += text.count(b"\n", 0, start)
        while place < len(text):
            found = self.row.match(text, place)
            if found and (last or text[found.end() - 1] == LINE_END):
                end, cut = found.end(), text[place : found.end()]
            else:
                end = self._end_of_wrong(text, place, line, last)
                if end < 0:
                    break
                wrong = _wrong_lines(text[place:end], line)
                bad += wrong
                cut = b"\n" * len(wrong)
            kept.append(cut)
            line += cut.count(b"\n")
            place = end
        rows = b"".join(kept)
        return RowText(line - rows.count(b"\n"), rows, bad), text[place:]

    def _end_of_wrong(self, text: bytes, place: int, line: int, last: bool) -> int:
        """Where the lines of a row with wrong quoting end; -1 if the text is too short to tell."""
        before = self.before_wrong.match(text, place)
        cell = before.end() if before else place
        closed = QUOTED.match(text, cell)
        if closed is None or closed.end() == len(text):
            if last and text.count(b"\n", place) > MOST_LINES_IN_A_WRONG_QUOTE:
                raise NoRows(f"line {line}: a quote that is never closed")
            return len(text) if last else -1
        end = text.find(b"\n", closed.end() - 1)
        if end < 0:
            return len(text) if last else -1
        if text.count(b"\n", place, end) > MOST_LINES_IN_A_WRONG_QUOTE:
            raise NoRows(f"line {line}: a quote that opens a cell and does not end it")
        return end + 1


QUOTED = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')


@functools.cache
def _patterns(separator: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A row with good quoting to its end, and the cells with good quoting that a row begins with."""
    mark = re.escape(separator)
    cell = rb'(?:"[^"]*+(?:""[^"]*+)*+"(?=[%b\n]|\Z)|(?!")[^%b\n]*+)' % (mark, mark)
    return re.compile(rb"%b(?:%b%b)*+(?:\n|\Z)" % (cell, mark, cell)), re.compile(rb"(?:%b%b)*+" % (cell, mark))


def _quotes(text: bytes) -> Places:
    if b'"' not in text:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == QUOTE)


def _row_end(text: bytes, at: Places, limit: int) -> int:
    """Where the last whole row before `limit` ends: behind a line end with an even number of quotes before it."""
    while (end := text.rfind(b"\n", 0, limit)) >= 0:
        quotes = int(np.searchsorted(at, end))
        if not quotes % 2:
            return end + 1
        limit = int(at[quotes - 1])
    return 0


def _wrong_lines(text: bytes, line: int) -> list[BadCell]:
    """Each line of a row with wrong quoting."""
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    first = BadCell(line, "", "wrong quoting: a quote opens a cell here and does not end it")
    within = f"not read, as it stands behind the wrong quoting of line {line}"
    return [first, *(BadCell(later, "", within) for later in range(line + 1, line + lines))]
