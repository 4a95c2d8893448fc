"""What passes between reading, coding and writing: a block of rows as read, a cell that is no good, the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

Lines = np.ndarray[Any, np.dtype[np.int64]]

BLOCK_ROWS = 16_384
ID = "id"
LOST = "\ufffd"  # stands where a file is not UTF-8


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
