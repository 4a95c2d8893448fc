"""How a text file is written: its encoding, its line ends and what stands between its cells, found from the first megabyte."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

FIRST_BYTES = 1 << 20  # of the file: all that is looked at to find how it is written
PIECE_BYTES = 4 << 20
ROWS_LOOKED_AT = 200
ENOUGH_ZEROS = 0.4  # of the bytes in every other place: Latin letters in UTF-16
COMMA = ","
SEPARATORS = {COMMA: "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
UTF8, UTF16_LE, UTF16_BE, WINDOWS = "utf-8", "utf-16-le", "utf-16-be", "cp1252"
CONTROL = bytes(
    [*range(9), *range(14, 28), 127]
)  # but tabs, line and page ends, and the marks between records and fields
FEW_CONTROLS, ENOUGH_CONTROLS = 3, 0.01  # in all, and of the letters: a stray one spoils its cell, more are no text
MARKS = {codecs.BOM_UTF8: UTF8, codecs.BOM_UTF16_LE: UTF16_LE, codecs.BOM_UTF16_BE: UTF16_BE}


def encoding_of(first: bytes) -> str:
    """A byte order mark decides; else zeros in every other place are UTF-16; else UTF-8, if most of what is no ASCII is
    UTF-8; else what Windows writes in Western Europe and America."""
    for mark, encoding in MARKS.items():
        if first.startswith(mark):
            return encoding
    pairs = len(first) // 2
    for at, encoding in ((1, UTF16_LE), (0, UTF16_BE)):
        if pairs and first[at::2].count(0) > ENOUGH_ZEROS * pairs and not first[1 - at :: 2].count(0):
            return encoding
    return UTF8 if first.isascii() or _mostly_utf8(first) else WINDOWS


def _mostly_utf8(first: bytes) -> bool:
    """Whether more letters beyond ASCII are UTF-8 than are not."""
    marked = codecs.getincrementaldecoder(UTF8)("replace").decode(first)  # the last letter may be cut in two
    lost = marked.count("\ufffd")
    beyond = len(marked) - len(marked.encode("ascii", "ignore"))
    return beyond - lost > lost or not beyond


def is_text(first: bytes) -> bool:
    """Whether a decoded text is one: pictures, archives and programs are full of control characters."""
    controls = len(first) - len(first.translate(None, CONTROL))
    return controls <= max(FEW_CONTROLS, ENOUGH_CONTROLS * len(first))


def separator_of(sample: str) -> str:
    """The mark that cuts the first line into most cells, and the lines behind it into as many."""
    return max(SEPARATORS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: str, mark: str) -> float:
    """How many marks the first line has, times the share of lines with as many."""
    widths = list(itertools.islice(_widths(sample, mark), ROWS_LOOKED_AT))
    return (widths[0] - 1) * widths.count(widths[0]) / len(widths) if widths else 0.0


def _widths(sample: str, mark: str) -> Iterator[int]:
    """Cells in each line that is not blank, up to a cell that is longer than the reader takes."""
    rows = csv.reader(io.StringIO(sample), delimiter=mark)
    try:
        yield from (len(row) for row in rows if row)
    except csv.Error:
        return


class Text:
    """A file's text as UTF-8 with LF at each line end, piece by piece. What is no letter of its encoding becomes the mark
    of a lost character, and spoils the cell it stands in."""

    def __init__(self, file: BinaryIO) -> None:
        found = file.read(FIRST_BYTES)
        mark = next((mark for mark in MARKS if found.startswith(mark)), b"")
        self.file, self.whole = file, len(found) < FIRST_BYTES
        self.encoding = encoding_of(found)
        self.open = self.encoding == UTF8 and not mark and found.isascii()  # nothing beyond ASCII was seen yet
        self.decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        self.held = b""  # a CR whose LF may follow in the next piece
        text = self._decoded(found[len(mark) :])
        self.ends_in_cr = b"\r" in text and b"\n" not in text
        self.first = self._with_lf(text)

    def pieces(self) -> Iterator[bytes]:
        """All of the text, the first piece again included."""
        yield self.first
        while not self.whole:
            found = self.file.read(PIECE_BYTES)
            self.whole = not found
            yield self._with_lf(self._decoded(found))

    def _decoded(self, found: bytes) -> bytes:
        if self.open and not found.isascii():
            self.encoding, self.open = UTF8 if _mostly_utf8(found) else WINDOWS, False
            self.decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        if self.encoding == UTF8 and found.isascii() and not self.decoder.getstate()[0]:
            return found
        return self.decoder.decode(found, final=self.whole).encode()

    def _with_lf(self, text: bytes) -> bytes:
        text = self.held + text
        self.held = b"\r" if text.endswith(b"\r") and not self.whole else b""
        text = text[: len(text) - len(self.held)]
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
