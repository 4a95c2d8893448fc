"""A folder with a table in it, run through the command line; and workbooks made by hand."""

import csv
import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest

from medspa_core.__main__ import main

DAY = date(2027, 1, 11)
DONE, UNUSABLE, SOME_REFUSED = 0, 2, 3
REJECTED = "out.rejected.csv"


@pytest.fixture
def files(tmp_path, monkeypatch, capsys, rulebook):
    """With the shipped rulebook as the tests have it already: what it makes of it is then made once, and not for each table."""
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("medspa_core.command_line.here.Here.rulebook", lambda here: rulebook)
    return Files(tmp_path, capsys)


class Files:
    """A folder with a table in it, run through the command line."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.out = folder / "out.csv"

    def run(self, content, *options, name="clients.csv"):
        """Status and lines on stderr, notices of missing columns aside."""
        source = self.folder / name
        if isinstance(content, pa.Table):
            pa_parquet.write_table(content, source)
        elif content is not None:
            source.write_bytes(content.encode() if isinstance(content, str) else content)
        status = main(["recommend", str(source), "--out", str(self.out), "--as-of", DAY.isoformat(), *options])
        printed = self.capsys.readouterr()
        assert printed.out == ""
        return status, [line for line in printed.err.splitlines() if "unanswered in all rows" not in line]

    def refused(self, content, *options, name="clients.csv"):
        """The lines of a table that is refused whole; the output and the folder are as they were before."""
        before = {
            path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file() and path.name != name
        }
        status, lines = self.run(content, *options, name=name)
        after = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file() and path.name != name}
        assert status == UNUSABLE and lines and after == before
        assert all(len(line) < 400 for line in lines)
        return lines

    def rows(self):
        return read_csv(self.out)

    def rejected(self):
        path = self.folder / REJECTED
        return [(int(row["line"]), row["column"], row["reason"]) for row in read_csv(path)] if path.exists() else []


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---------------------------------------------------------------- workbooks

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DAY_STYLE, MOMENT_STYLE = 1, 2
FIRST_DAY = date(1899, 12, 30)


class Error(str):
    """A formula's error in a cell, such as #N/A."""


class Formula(str):
    """A formula that no program has computed."""


def workbook(sheets, hidden=()):
    """An .xlsx file's bytes, of sheet name -> rows of cells."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATED}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"{HIDDEN * (name in hidden)}/>'
            for number, name in enumerate(sheets, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{number}" Type="{RELATED}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        + f'<Relationship Id="s" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
        "</cellXfs></styleSheet>",
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet_xml(rows)
    return zipped(parts)


HIDDEN = ' state="hidden"'


def sheet_xml(rows):
    lines = (
        f'<row r="{number}">{"".join(cell_xml(cell, column, number) for column, cell in enumerate(cells))}</row>'
        for number, cells in enumerate(rows, start=1)
    )
    return f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def cell_xml(cell, column, row):
    place = f'r="{"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]}{row}"'
    match cell:
        case None:
            return ""
        case bool():
            return f'<c {place} t="b"><v>{int(cell)}</v></c>'
        case Error():
            return f'<c {place} t="e"><v>{cell}</v></c>'
        case Formula():
            return f"<c {place}><f>{cell}</f><v></v></c>"
        case str():
            return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        case date():
            days = (date(cell.year, cell.month, cell.day) - FIRST_DAY).days
            hours = getattr(cell, "hour", 0)
            return f'<c {place} s="{MOMENT_STYLE if hours else DAY_STYLE}"><v>{days + hours / 24}</v></c>'
    return f"<c {place}><v>{cell}</v></c>"


def zipped(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
