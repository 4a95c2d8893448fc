"""Judged rows out: one row a client, and the refused cells in a file of their own. Nothing is left half-written."""

from __future__ import annotations

import csv
import functools
import glob
import os
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from medspa_core.formats.safe_csv import STARTS_A_FORMULA
from medspa_core.rulebook import BASES, WHOLE, Rulebook
from medspa_core.safety import Verdict
from medspa_core.standing import EXCLUDED_BY, NOBODY, STANDINGS, Judgement
from medspa_core.tables.row_blocks import BLOCK_ROWS, ID, BadCell, Block, Lines

PRIVATE = 0o600
LEFT_AFTER_SECONDS = 3_600  # a draft that nobody wrote to for so long belongs to no run


def output(judgement: Judgement, block: Block | None, keep: Lines, rulebook: Rulebook) -> pa.Table:
    """One row a client: row and id, standing, best, the pair, and per option verdict, fit and robustness."""
    columns: dict[str, Any] = {"row": block.lines[keep] if block is not None else keep}
    if block is None:
        columns[ID] = pa.array([], pa.string())
    elif ID in block.cells:
        columns[ID] = block.cells[ID].take(pa.array(keep)).dictionary_decode()
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


def _words(names: tuple[str | None, ...], codes: Any) -> pa.Array:
    places = np.where(np.asarray(codes) == NOBODY, len(names), codes)
    return pa.array([*names, None], pa.string()).take(pa.array(places))


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
    whole = WHOLE * judgement.fit.counted_weights[basis].sum(axis=0)
    fit = contest.points[option] / np.where(whole, whole, 1)
    found = {f"fit.{basis}.{option_id}": pa.array(fit, mask=~ranked | (whole == 0))}
    if contest.wins is not None:
        found[f"robustness.{basis}.{option_id}"] = pa.array(contest.wins[option] / draws, mask=~ranked)
    return found


def _csv(table: pa.Table, header: bool) -> pa.Buffer:
    text = pa.BufferOutputStream()
    pa_csv.write_csv(table, text, pa_csv.WriteOptions(include_header=header, batch_size=BLOCK_ROWS))
    return text.getvalue()


def _no_formula(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """As `safe_csv` does it: an apostrophe before text that a spreadsheet would compute."""
    starts = [pa_compute.starts_with(cells, start) for start in STARTS_A_FORMULA]
    computed = functools.reduce(pa_compute.or_, starts)
    return pa_compute.if_else(computed, pa_compute.binary_join_element_wise("'", cells, ""), cells)


def rejected_beside(out: Path) -> Path:
    """The file of refused cells that goes with an output."""
    return out.with_name(f"{out.stem}.rejected.csv")


Prepared = tuple[pa.Table, pa.Buffer | None]  # rows, and as the text of a CSV file where they go into one


class _Draft:
    """A file that appears under its name only when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.draft = path, path.with_name(f".{path.name}.{os.getpid()}.part")
        self.file: Any = None

    def __enter__(self) -> Self:
        return self

    def keep(self) -> None:
        """Whole: it gets its name. Durable first."""
        self.file.close()
        with self.draft.open("rb+") as file:
            os.fsync(file.fileno())
        self.draft.replace(self.path)

    def __exit__(self, *ended: object) -> None:
        if self.file is not None:
            self.file.close()
        self.draft.unlink(missing_ok=True)


class Written(_Draft):
    """An output file. It may be prepared in many threads, and is written by one."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.as_csv = path.suffix != ".parquet"

    @property
    def begun(self) -> bool:
        """Whether rows were written."""
        return self.file is not None

    def prepared(self, table: pa.Table) -> Prepared:
        """Rows as they are written. In a CSV file no id is a formula for a spreadsheet."""
        if not self.as_csv:
            return table, None
        if ID in table.column_names:
            table = table.set_column(table.column_names.index(ID), ID, _no_formula(table.column(ID)))
        return table, _csv(table, header=False)

    def write(self, prepared: Prepared) -> None:
        """Adds rows; the first ones name the columns."""
        table, text = prepared
        if self.file is None:
            self.file = self._begin(table)
        if text is None:
            self.file.write_table(table)
        else:
            self.file.write(text)

    def _begin(self, table: pa.Table) -> Any:
        _make_private(self.draft)
        if not self.as_csv:
            return pa_parquet.ParquetWriter(self.draft, table.schema)
        file = pa.OSFile(str(self.draft), "wb")
        file.write(_csv(table.slice(0, 0), header=True))
        return file


class Rejected(_Draft):
    """The file of refused cells; there is none when nothing was refused. They are held only for who asks for them all."""

    def __init__(self, path: Path, *, hold: bool = False) -> None:
        super().__init__(path)
        self.hold, self.cells = hold, list[BadCell]()

    def write(self, cells: list[BadCell]) -> None:
        """Adds refused cells."""
        if not cells:
            return
        if self.file is None:
            _make_private(self.draft)
            self.file = self.draft.open("w", encoding="utf-8", newline="")
            csv.writer(self.file).writerow(("line", "column", "reason"))
        csv.writer(self.file).writerows((cell.line, cell.column, cell.reason) for cell in cells)
        self.cells += cells if self.hold else []

    def keep(self) -> None:
        """With nothing refused, what an earlier run left there goes."""
        if self.file is None:
            self.path.unlink(missing_ok=True)
        else:
            super().keep()


def _make_private(draft: Path) -> None:
    """Results are about clients: no other account of this computer reads them."""
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE))
    _sweep(draft)


def _sweep(draft: Path) -> None:
    """Takes away what killed runs left of the same results; by the file's own time, as this one was just made."""
    name = draft.name.removesuffix(f".{os.getpid()}.part")
    now = draft.stat().st_mtime
    for other in draft.parent.glob(f"{glob.escape(name)}.*.part"):
        if now - other.stat().st_mtime > LEFT_AFTER_SECONDS:
            other.unlink(missing_ok=True)
