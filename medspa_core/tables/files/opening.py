"""A file of many clients in, by its ending; its titles and its rows as text out. Nobody else opens such a file."""

from __future__ import annotations

from collections.abc import Mapping

from medspa_core.formats.shown import shown_key
from medspa_core.intake import IntakeProblem
from medspa_core.tables import TABLE_ENDINGS
from medspa_core.tables.files.csv_file import open_csv
from medspa_core.tables.files.found_table import FoundTable, TableFile
from medspa_core.tables.files.parquet_file import open_parquet
from medspa_core.tables.files.workbook import open_workbook

# How a file of a kind begins, whatever its name says.
BEGINNINGS: Mapping[bytes, str] = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Excel workbook (.xls) or one with a password",
    b"\x1f\x8b": "a packed file (gzip)",
    b"%PDF-": "a PDF file",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b'{"': "JSON",
    b"[{": "JSON",
    b"<": "a web page or XML",
}
EXPECTED = {".parquet": b"PAR1", ".xlsx": b"PK\x03\x04"}
SAVE_AS = "Save it as CSV, Parquet or .xlsx"


def open_table(source: TableFile, sheet: str | None = None) -> FoundTable:
    """The table in a file, as found: .csv (.tsv, .txt), .parquet or .xlsx (its `sheet`, or the first one with rows).

    Raises IntakeProblem, here or while rows are read, for what is no such table."""
    ending = source.suffix.lower()
    _check_beginning(source, ending)
    if ending == ".xlsx":
        return open_workbook(source, sheet)
    if sheet is not None:
        raise IntakeProblem([f"{source.name}: --sheet goes with a workbook, a file ending in .xlsx"])
    return open_parquet(source) if ending == ".parquet" else open_csv(source)


def no_table(source: TableFile) -> IntakeProblem:
    """Of a file whose name ends as that of no table."""
    ends = f"ends in {shown_key(source.suffix)}" if source.suffix else "has no ending"
    return IntakeProblem([f"{source.name}: its name {ends}; expected {', '.join(TABLE_ENDINGS)}. {SAVE_AS}"])


def _check_beginning(source: TableFile, ending: str) -> None:
    """Raises IntakeProblem where a file is no table by its name, or plainly of another kind than its name says."""
    with source.open("rb") as file:
        first = file.read(8)
    if ending not in TABLE_ENDINGS:
        raise no_table(source)
    kind = next((kind for start, kind in BEGINNINGS.items() if first.startswith(start)), None)
    if kind is not None and not first.startswith(EXPECTED.get(ending, b"\0none")):
        raise IntakeProblem([f"{source.name}: {kind}, though its name ends in {ending}. {SAVE_AS}"])
    if ending == ".xlsx" and not first.startswith(EXPECTED[ending]):
        raise IntakeProblem([f"{source.name}: not an Excel workbook, though its name ends in .xlsx. {SAVE_AS}"])
