"""The facts as a folder of Parquet, a file for each kind and month: written once, asked as the facts in memory are.

For a chain, or from a million facts on, which memory holds no more. A stamp beside the files says as of when they are and which
files belong to it: it is taken away before the first is written and comes back after the last, so a folder is whole or refused.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from medspa_core.formats.shown import ManyProblems
from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow, empty_facts, open_views
from medspa_core.records import Store, facts_at, read_facts
from medspa_core.records.facts.reading import Kind

FACTS_OF_MONTH: Final = "{kind}-{month}.parquet"
STAMP: Final = "facts.json"
MOST_REMEMBERED: Final = 300
"""So many answers are kept; a page asks some dozens."""
OfMonth = tuple[Kind, str, pa.Table]
_SHAPE: Final[Mapping[str, Mapping[str, str]]] = {
    str(kind): {field.name: str(field.type) for field in schema} for kind, schema in COLUMNS.items()
}


class FactsFolderProblem(ManyProblems):
    """A folder of facts that cannot be used; one line."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands in a folder: as of when, up to which sequence number, how many facts, and each file with its bytes."""

    as_of: str
    seq: int
    facts: int
    files: Mapping[str, int]
    shape: Mapping[str, Mapping[str, str]]

    @property
    def moment(self) -> datetime:
        """As of when the facts are."""
        return datetime.fromisoformat(self.as_of)


# --- written ----------------------------------------------------------------------------------------------------------


def write_store(store: Store, folder: Path, now: datetime) -> Stamp:
    """The facts of a store. Written again, the same facts give the same rows."""
    return write_folder(folder, _by_month(store), facts_at(store)[1], now)


def write_folder(folder: Path, months: Iterable[OfMonth], seq: int, now: datetime) -> Stamp:
    """Each table as the file of its kind and month; files of months that hold none any more go."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / STAMP).unlink(missing_ok=True)
    files, number = {}, 0
    for kind, month, facts in months:
        file = folder / FACTS_OF_MONTH.format(kind=kind, month=month)
        with _replaced(file) as beside:
            pq.write_table(facts.unify_dictionaries(), beside, compression="zstd")
        files[file.name] = file.stat().st_size
        number += len(facts)
    for stale in {one.name for one in folder.glob(FACTS_OF_MONTH.format(kind="*", month="*"))} - {*files}:
        (folder / stale).unlink()
    stamp = Stamp(now.isoformat(), seq, number, files, _SHAPE)
    with _replaced(folder / STAMP) as beside:
        beside.write_text(json.dumps(asdict(stamp), indent=1), "utf-8")
    return stamp


def _by_month(store: Store) -> Iterator[OfMonth]:
    for kind in COLUMNS:
        facts = as_arrow(read_facts(store, kind=kind), kind).sort_by([("day", "ascending"), ("id", "ascending")])
        months = pc.strftime(facts["day"], format="%Y-%m")
        for month in pc.unique(months).to_pylist():
            yield kind, month, facts.filter(pc.equal(months, month))


@contextlib.contextmanager
def _replaced(file: Path) -> Iterator[Path]:
    """A file beside, for the owner alone, that is put in this one's place once it is on the disk."""
    beside = file.with_suffix(".new")
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    yield beside
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.replace(file)


# --- asked ------------------------------------------------------------------------------------------------------------


class FactsFolder(FactsTable):
    """The facts of a folder. Its connection opens no other file and no network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamp: Stamp | None = None
        self._lock, self._remembered = threading.Lock(), {}

    def keep_up(self, store: Store | None = None) -> None:
        """Opens the folder, anew where it was written again. Raises FactsFolderProblem."""
        stamp = read_stamp(self.folder)
        if stamp != self.stamp:
            with self._lock:
                self._connection, self._remembered = _opened(self.folder, stamp), {}
                self.stamp = stamp

    def frame(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        """What a query finds, found once: the folder stays as it is until it is opened anew."""
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered = {}
        return self.remembered(query, values).copy()


def _opened(folder: Path, stamp: Stamp) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"python_enable_replacements": "false"})
    connection.execute(f"SET allowed_directories = [{_quoted(folder)}]")
    connection.execute("SET enable_external_access = false")
    connection.register("incoming", empty_facts())
    connection.execute("CREATE TABLE nothing AS SELECT * FROM incoming")
    connection.unregister("incoming")
    parts = ["SELECT * FROM nothing"]
    for kind in COLUMNS:
        files = [_quoted(folder / name) for name in sorted(stamp.files) if name.startswith(f"{kind}-")]
        if files:
            parts.append(f"SELECT *, '{kind}' AS kind FROM read_parquet([{', '.join(files)}])")  # noqa: S608
    connection.execute(f"CREATE VIEW kept AS {' UNION ALL BY NAME '.join(parts)}")
    open_views(connection)
    return connection


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def read_stamp(folder: Path) -> Stamp:
    """What the folder says it holds, once every file is there as it was written. Raises FactsFolderProblem."""
    again = f"Write it with: python -m medspa_core facts {folder}"
    try:
        stamp = Stamp(**json.loads((folder / STAMP).read_text("utf-8")))
    except FileNotFoundError:
        told = f"{folder}: no whole folder of facts (there is no {STAMP}; while it is being written there is none)"
        raise FactsFolderProblem([f"{told}. {again}"]) from None
    except (OSError, ValueError, TypeError) as error:
        raise FactsFolderProblem([f"{folder / STAMP}: cannot be read ({error}). {again}"]) from None
    if stamp.shape != _SHAPE:
        raise FactsFolderProblem([f"{folder}: facts of another version of the program. {again}"])
    for name, size in stamp.files.items():
        file = folder / name
        if not file.is_file() or file.stat().st_size != size:
            raise FactsFolderProblem([f"{file}: missing, or not as it was written. {again}"])
    return stamp
