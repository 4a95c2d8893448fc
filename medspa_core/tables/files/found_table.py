"""A file of many clients as it was found: the titles of its columns and its rows, before any title is held against a question."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Literal, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from medspa_core.tables.row_blocks import BadCell, Lines

ONE, SEVERAL = "one", "several"  # what a cell holds: a value, or a list written as `a|b`, an empty one as `none`
LONGEST_SAID = 160
CELLS = pa.dictionary(pa.int32(), pa.string())


class TableFile(Protocol):
    """A file by its name: a Path, or what somebody sent, which lies on no disk."""

    @property
    def name(self) -> str:
        """With its ending."""

    @property
    def suffix(self) -> str:
        """The ending."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Its bytes."""


@dataclass(frozen=True)
class SentFile:
    """A file's bytes in memory. Its name is shown and never a path."""

    name: str
    content: bytes = field(repr=False)

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return PurePosixPath(self.name).suffix

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Its bytes."""
        return io.BytesIO(self.content)


@dataclass(frozen=True)
class FoundRows:
    """Some rows of a file. `cells` has the file's own titles, in its order, and every column in it is of type CELLS, text
    whatever stood in the file: a null or "" is an empty cell, a whole number has no point (44.0 is "44"), yes or no of a
    typed file is "true" or "false", a day is 2027-06-12 and a moment 2027-06-12 14:30:00.
    `lines`: the line (CSV, sheet) or row (Parquet, from 1) that each stood on. `bad`: lines that are no rows."""

    lines: Lines
    cells: pa.RecordBatch
    bad: list[BadCell]


@dataclass(frozen=True)
class FoundTable:
    """A file of many clients. `rows` is read once, block by block, while the file is open; nothing but a block is kept.

    `titles`: as found, in order; one may be empty or stand twice. `holds`, beside each title: ONE value a cell, SEVERAL,
    or the name of a type that no answer has (such as `struct<years: int64>`): such a column can only be skipped; its
    cells are null. `notices`: what was guessed; complete when the rows are read."""

    name: str
    titles: tuple[str, ...]
    holds: tuple[str, ...]
    rows: Iterator[FoundRows]
    notices: list[str] = field(default_factory=list)


def by_row(of_each: NDArray[Any], cells: pa.DictionaryArray, if_empty: Any) -> NDArray[Any]:
    """What there is for each different cell of a column, row by row."""
    places = cells.indices.fill_null(len(of_each)).to_numpy(zero_copy_only=False)
    found: NDArray[Any] = np.append(of_each, np.array([if_empty], dtype=of_each.dtype))[places]
    return found


def said_by(error: BaseException) -> str:
    """What the reader of a format said, short and on one line: it may quote the file, whatever stands there."""
    lines = str(error).splitlines()
    text = lines[0] if lines else type(error).__name__
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return plain if len(plain) <= LONGEST_SAID else f"{plain[:LONGEST_SAID]}…"
