"""What became of a file: rows in, kept and refused, money in and kept, and what a person still has to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from medspa_core.mapping.texts import in_short
from medspa_core.tables.row_blocks import BadCell

MOST_SHOWN = 200
FIRST_ROWS = 20
_ACCEPTED = {"date_order": '"month_first", "day_first" or "year_first"', "decimal_mark": '"." or ","'}
_FOUND = re.compile(r", found .*|: .*", re.DOTALL)


@dataclass
class Reconciliation:
    """Every row of the file is one of: kept, of others, refused, or waiting for a word that nobody has said.

    Of those kept: added, updated, unchanged. `cents_*`: the money of these rows, a refund below zero; of a refused
    row as far as its amount can be read. `worth_cents`: what is used up of packages; it is no money that comes in.
    """

    rows_in: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    not_ours: int = 0
    refused: int = 0
    asked: int = 0
    cents_in: int = 0
    cents_kept: int = 0
    cents_not_ours: int = 0
    cents_refused: int = 0
    worth_cents: int = 0
    linked: int = 0
    first_day: date | None = None
    last_day: date | None = None
    bad: list[BadCell] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_rows: list[Mapping[str, Any]] = field(default_factory=list)
    words: Mapping[str, Counter[str]] = field(default_factory=dict)
    either: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    recorded_here: int = 0
    same_file_on: date | None = None

    @property
    def kept(self) -> int:
        """Rows that are facts now, or would be."""
        return self.added + self.updated + self.unchanged

    def count(self, added: int, updated: int, unchanged: int) -> None:
        """So many more rows were kept."""
        self.added, self.updated = self.added + added, self.updated + updated
        self.unchanged += unchanged

    def refuse(self, bad: Sequence[BadCell]) -> None:
        """More cells or lines that can't be used."""
        self.bad += bad[: MOST_SHOWN - len(self.bad)] if len(self.bad) < MOST_SHOWN else []
        self.reasons.update((cell.column, _FOUND.sub("", cell.reason)) for cell in bad)

    def days(self, first: date, last: date) -> None:
        """Rows of these days were kept."""
        self.first_day = min(self.first_day or first, first)
        self.last_day = max(self.last_day or last, last)

    def to_be_said(self, name: str) -> list[str]:
        """A line for everything that a person has to say in the mapping of this name before anything is kept."""
        told = []
        for key, examples in self.either.items():
            shown = ", ".join(map(in_short, examples))
            told += [f"{name}: {shown}: can be read in two ways. Write {key} = {_ACCEPTED[key]} under [file]"] * bool(
                examples
            )
        for key, words in self.words.items():
            told += [
                f"{name}: words, {key}: {in_short(word)} ({rows} rows) is not said yet" for word, rows in words.items()
            ]
        return told
