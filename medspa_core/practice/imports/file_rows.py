"""A booking system's file in, blocks of facts out, each row with its key; what became of every row is counted on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from medspa_core.formats.shown import meant, shown
from medspa_core.intake import IntakeProblem
from medspa_core.mapping.texts import folded, in_short
from medspa_core.practice.imports.cells import ASKED, OTHERS, REFUSED, CellsRead, states_of, without_apostrophe
from medspa_core.practice.imports.fields import AMOUNTS, DAYS, NEEDED, WHOLE, WORDS, Known
from medspa_core.practice.imports.file_mapping import FileMapping
from medspa_core.practice.imports.reconciliation import FIRST_ROWS, Reconciliation
from medspa_core.practice.imports.row_keys import RowKeys
from medspa_core.records import Keys
from medspa_core.records.facts.consultation_facts import OF_CONSULTATION
from medspa_core.records.facts.imports import ImportRow
from medspa_core.tables.columns import Columns
from medspa_core.tables.files.found_table import ONE, FoundTable
from medspa_core.tables.header import untitled
from medspa_core.tables.reading import read_blocks
from medspa_core.tables.row_blocks import BadCell, Block, TableReport

MOST_ROWS = 2_000_000
MOST_COLUMNS = 200
SERVICE = "service"
"""The words of an option's column, by which a row is known again however they are mapped."""
COLUMN_OF = {
    "option": "option_id",
    "amount": "paid_cents",
    "list_price": "list_cents",
    "product_cost": "product_cost_cents",
    "worth": "worth_cents",
}
"""Field -> the store's column, where that has another name."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """The consultation of a code name: its day, what was chosen, and what its fact says."""

    day: date
    chosen: str
    values: Mapping[str, Any]


class MappedColumns(Columns):
    """The columns of a file, under the names of the fields that they are mapped to. Raises IntakeProblem."""

    def __init__(self, found: FoundTable, mapping: FileMapping) -> None:
        self.found = found
        if len(found.titles) > MOST_COLUMNS:
            raise IntakeProblem([f"{found.name}: expected at most {MOST_COLUMNS} columns, found {len(found.titles)}"])
        titles = [folded(title) for title in found.titles]
        lines = [line for title in mapping.columns.values() if (line := _why_not(title, titles, found, mapping.name))]
        if lines:
            raise IntakeProblem([f"{found.name}: {line}" for line in lines])
        self.places = {field: titles.index(title) for field, title in mapping.columns.items()}

    def title(self, name: str) -> str:
        """What the file calls a field."""
        return self.found.titles[self.places[name]] if name in self.places else name


def _why_not(title: str, titles: list[str], found: FoundTable, mapping: str) -> str:
    told, often = in_short(title), titles.count(title)
    if not often:
        close = meant(title, [one for one in found.titles if not untitled(one)])
        return f"{told}: not a column of this file, but {mapping} reads it{close}"
    if often > 1:
        return f"{told}: stands {often} times in the header. Give all but one another title"
    held = found.holds[titles.index(title)]
    return "" if held == ONE else f"{told}: holds {held}, which cannot be read. Take it out of {mapping}"


class FileRows:
    """The rows of one file, read once. `report` is complete when all blocks were taken."""

    def __init__(
        self,
        found: FoundTable,
        mapping: FileMapping,
        known: Known,
        as_of: date,
        keys: Keys,
        consulted: Mapping[str, Consulted] | None = None,
    ) -> None:
        self.report, self.mapping, self.as_of = Reconciliation(), mapping, as_of
        self._columns, self._cells = MappedColumns(found, mapping), CellsRead(mapping, known, as_of)
        self._keys, self._consulted = RowKeys(keys, mapping.kind), consulted or {}
        self._names = _kept_fields(mapping)
        self._days = [name for name, _ in self._names if name in DAYS]
        self.report.words, self.report.either = self._cells.asked, self._cells.either

    def blocks(self) -> Iterator[list[ImportRow]]:
        """The rows that can be kept, block by block. Raises IntakeProblem where the file as a whole cannot be read."""
        told = TableReport()
        for block in read_blocks(self._columns, told):
            yield self._kept(block)
            if self.report.rows_in > MOST_ROWS:
                raise IntakeProblem([f"{self._columns.found.name}: expected at most {MOST_ROWS:,} rows"])
        self.report.notices += told.notices

    def _kept(self, block: Block) -> list[ImportRow]:
        rows, report = int(block.lines.size), self.report
        read = {field: self._cells.column(field, cells) for field, cells in block.cells.items()}
        states = states_of([states for _, states in read.values()], rows)
        bad = [*block.bad, *self._refused(block, read, states)]
        for field, (values, of_field) in read.items():
            self._cells.ask(field, [values[at] for at in np.flatnonzero((of_field == ASKED) & (states == ASKED))])
        columns = {field: of_field for field, (of_field, _) in read.items()}
        if "option" in columns:
            columns[SERVICE] = _texts(block.cells["option"])
        good: list[ImportRow] = []
        lines = block.lines.tolist()
        for at, of_row in enumerate(zip(*columns.values(), strict=True)):
            row = {**self.mapping.always, **dict(zip(columns, of_row, strict=True))}
            kept = self._row(row, int(states[at]))
            if isinstance(kept, ImportRow):
                good.append(kept)
            elif kept is not None:
                bad.append(BadCell(lines[at], self._columns.title(kept[0]), kept[1]))
        report.rows_in += rows + len({cell.line for cell in block.bad})
        report.refused += len({cell.line for cell in bad})
        report.refuse(sorted(bad, key=lambda cell: cell.line))
        return good

    def _refused(self, block: Block, read: Mapping[str, Any], states: np.ndarray[Any, Any]) -> Iterator[BadCell]:
        """Each cell that is no good, of rows that are ours."""
        for field, (values, of_field) in read.items():
            for at in np.flatnonzero((of_field == REFUSED) & (states == REFUSED)).tolist():
                yield BadCell(int(block.lines[at]), self._columns.title(field), str(values[at]))

    def _row(self, row: dict[str, Any], state: int) -> ImportRow | tuple[str, str] | None:
        """The fact of a row, or the field and the reason why there is none; None where that was told already."""
        report = self.report
        wrong = None if state else _wrong(row, self.mapping, self.as_of)
        paid = _paid(row, self.mapping)
        report.cents_in += paid
        if state == OTHERS:
            report.not_ours += 1
            report.cents_not_ours += paid
            return None
        if state == ASKED:
            report.asked += 1
            return None
        key, times = ("", 0) if state or wrong else self._keys.row(row)
        if times and self.mapping.kind == "visits" and row.get("reference"):
            wrong = ("reference", "stands with the same treatment in a row above already")
        if state == REFUSED or wrong:
            report.cents_refused += paid
            return wrong
        return self._good(row, key, paid)

    def _good(self, row: dict[str, Any], key: str, paid: int) -> ImportRow:
        report = self.report
        values = self._values(row, paid)
        report.cents_kept += paid
        report.worth_cents += values.get("worth_cents") or 0
        report.days(row["day"], row["day"])
        if len(report.first_rows) < FIRST_ROWS:
            report.first_rows.append(values)
        content = hashlib.blake2b(repr(tuple(values.values())).encode(), digest_size=8).hexdigest()
        return ImportRow(key, content, values)

    def _values(self, row: dict[str, Any], paid: int) -> dict[str, Any]:
        """By the names of the store's columns."""
        option, client = row.get("option"), row.get("client")
        values: dict[str, Any] = {column: row.get(name) for column, name in self._names}
        for name in self._days:
            if (day := row.get(name)) is not None:
                values[name] = day.isoformat()
        if "client" in row:
            values["course"] = self._keys.course(client, option)
        if self.mapping.kind == "sales":
            values["paid_cents"] = paid
            if row["what"] == "redemption" and row.get("worth") is None:
                values["worth_cents"] = row["amount"]
        if self._consulted:
            values |= self._of_consultation(client, option, row.get("booked_on") or row["day"])
        return values

    def _of_consultation(self, client: str | None, option: str | None, day: date) -> dict[str, Any]:
        """Of the consultation with this code name, where this is what was chosen then, and it came after."""
        found = self._consulted.get(client or "")
        if found is None or found.chosen != option or day < found.day:
            return dict.fromkeys(OF_CONSULTATION)
        self.report.linked += 1
        return dict(found.values)


def _kept_fields(mapping: FileMapping) -> list[tuple[str, str]]:
    """The store's columns and their fields, the same in every row of the file: a column fewer is as much time less."""
    said = {*mapping.columns, *mapping.always}
    names = [field for field in (*DAYS, *WORDS, *AMOUNTS, *WHOLE) if field in said]
    names += ["worth"] if mapping.kind == "sales" and "worth" not in names else []
    return [(COLUMN_OF.get(name, name), name) for name in names]


def _texts(cells: pa.DictionaryArray) -> list[str]:
    texts = (folded(without_apostrophe(text.strip())) for text in cells.dictionary.to_pylist())
    words = np.array([*texts, ""], dtype=object)
    found: list[str] = words[cells.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)].tolist()
    return found


def _paid(row: Mapping[str, Any], mapping: FileMapping) -> int:
    """What came in with a row; of one that is refused, as far as its amount can be read."""
    amount, what = row.get("amount"), row.get("what")
    if not isinstance(amount, int) or what == "redemption":
        return 0
    return -abs(amount) if what == "refund" else amount


def _wrong(row: dict[str, Any], mapping: FileMapping, as_of: date) -> tuple[str, str] | None:
    """The field and the reason, where the cells of a row are each good and do not go together."""
    for field in NEEDED[mapping.kind]:
        if row.get(field) is None and field not in ("option", "amount"):
            return field, "expected a word, found nothing"
    if mapping.kind == "visits":
        if row["status"] in ("performed", "no_show") and row["day"] > as_of:
            return "day", f"expected a day up to {as_of} for a visit that was, found {shown(row['day'])}"
        return None
    return _wrong_sale(row, mapping, as_of)


def _wrong_sale(row: dict[str, Any], mapping: FileMapping, as_of: date) -> tuple[str, str] | None:
    amount, what = row.get("amount"), row["what"]
    if row["day"] > as_of:
        return "day", f"expected a day up to {as_of}, found {shown(row['day'])}"
    if what == "redemption":
        row["amount"] = None if amount is None else abs(amount)  # some systems take off again what is redeemed
    elif amount is None:
        return "amount", "expected an amount, found nothing"
    elif what in ("payment", "package") and amount < 0:
        if not mapping.below_zero_is_refund:
            return "amount", 'expected an amount of 0 or more. If those below are refunds, write below_zero = "refund"'
        row["what"] = "refund"
    return None
