"""Excel workbooks: cells mean what they show, the limits hold before anything is opened, and nothing ends in a traceback."""

import io
import zipfile
from datetime import date, datetime

import pytest

from medspa_core.tables.files.workbook_limits import LARGEST_UNPACKED_BYTES, NotOpened, checked_workbook
from tests.table_support import DONE, MAIN, SOME_REFUSED, Error, Formula, sheet_xml, workbook, zipped

NAME = "clients.xlsx"
TITLES = [
    "id",
    "age",
    "concern",
    "event_date",
    "planned_start",
    "spin_during_numbing",
    "anaemia",
    "budget",
    "skin_type",
]
ROWS = [
    TITLES,
    [7, 41, "texture", date(2027, 6, 12), datetime(2027, 2, 1, 12), True, False, 2500.0, 2],
    ["b", None, " Pigment ", "none", "now", None, True, "any", "not_sure"],
]
AS_CSV = (
    f"{','.join(TITLES)}\n7,41,texture,2027-06-12,2027-02-01,true,no,2500,2\nb,,pigment,none,now,,yes,any,not_sure\n"
)


def test_cells_of_a_sheet_mean_the_same_as_cells_of_a_csv(files):
    assert files.run(AS_CSV) == (DONE, [])
    from_csv = files.rows()
    assert files.run(workbook({"Answers": ROWS}), name=NAME) == (DONE, [])
    assert files.rows() == from_csv


def test_rows_keep_the_numbers_that_the_sheet_shows(files):
    rows = [[], ["id", "age"], [], ["a", 41], [None, None], ["b", 400], ["c", 42], []]
    status, _ = files.run(workbook({"Answers": rows}), name=NAME)
    assert status == SOME_REFUSED
    assert [row["row"] for row in files.rows()] == ["4", "7"] and files.rejected()[0][:2] == (6, "age")


def test_the_first_sheet_with_rows_is_read_and_told_and_another_may_be_asked_for(files):
    book = workbook(
        {"Old": [["age"], [41]], "Cover": [], "Answers": [["age"], [42]], "More": [["age"], [43], [44]]}, {"Old"}
    )
    assert files.run(book, name=NAME) == (DONE, ["clients.xlsx: read the sheet Answers, of 4"])
    assert len(files.rows()) == 1
    assert files.run(book, "--sheet", "More", name=NAME) == (DONE, [])
    assert len(files.rows()) == 2
    assert files.refused(book, "--sheet", "Nowhere", name=NAME) == [
        "clients.xlsx: no sheet Nowhere. There are: Old, Cover, Answers, More"
    ]


def test_a_workbook_whose_first_sheet_is_a_cover_is_refused_with_the_sheet_that_was_read(files):
    book = workbook({"Cover": [["Answers of November"]], "Answers": [["age"], [42]]})
    lines = files.refused(book, name=NAME)
    assert lines[0] == "clients.xlsx: read the sheet Cover, of 2" and "not a column of this rulebook" in lines[1]


def test_text_that_is_named_as_a_workbook_is_told_to_be_none(files):
    (line,) = files.refused("age\n41\n", name=NAME)
    said = "not an Excel workbook, though its name ends in .xlsx. Save it as CSV, Parquet or .xlsx"
    assert line == f"clients.xlsx: {said}"


@pytest.mark.parametrize(
    ("cell", "found"),
    [(Error("#N/A"), "#N/A"), (Formula("40+4"), "a formula without a result")],
    ids=["error", "uncomputed"],
)
def test_a_formula_without_a_value_is_refused_and_is_no_empty_cell(files, cell, found):
    status, _ = files.run(workbook({"Answers": [["id", "age"], ["a", cell], ["b", 41]]}), name=NAME)
    assert (status, [row["id"] for row in files.rows()]) == (SOME_REFUSED, ["b"])
    assert files.rejected() == [(2, "age", f'expected a whole number 0-120, found "{found}"')]


def test_a_formula_that_came_to_an_empty_text_is_an_empty_cell(files):
    empty = '<c r="B2" t="str"><f>IF(A2="","","")</f><v></v></c>'
    assert files.run(changed_sheet([["id", "age"], ["a", None]], "</row></sheetData>", empty), name=NAME) == (DONE, [])


def changed_sheet(rows, before, added):
    """A workbook of one sheet with something more put into its text."""
    with zipfile.ZipFile(io.BytesIO(workbook({"Answers": rows}))) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert before in sheet
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet.replace(before, added + before)})


def test_a_workbook_without_rows_is_one_line(files):
    for sheets in ({"Answers": []}, {"Answers": [[], []]}):
        (line,) = files.refused(workbook(sheets), name=NAME)
        assert "empty" in line


def test_empty_columns_at_the_right_are_skipped(files):
    status, lines = files.run(workbook({"Answers": [["id", "age", None, None], ["a", 41, None, ""]]}), name=NAME)
    assert (status, lines) == (DONE, ["clients.xlsx: without a title, so skipped: columns 3, 4"])


# ---------------------------------------------------------------- limits


def test_what_unpacks_large_is_refused_from_the_directory(files, monkeypatch):
    monkeypatch.setattr(
        "medspa_core.tables.files.workbook_limits._counted", lambda archive: pytest.fail("it was unpacked")
    )
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 400_000))
    (line,) = files.refused(zipped({"a.xml": rows * 8}), name=NAME)
    assert line == "clients.xlsx: unpacks to more than 50 MB. Save it as CSV"
    (line,) = files.refused(zipped({"a.xml": " " * 10_000_000}), name=NAME)
    assert line == "clients.xlsx: unpacks to more than 100 times its size. Save it as CSV"


def lying(content, claimed):
    """The same archive with another size in its directory, and in the head of its only part."""
    old = len(content).to_bytes(4, "little")
    return zipped({"a.xml": content}).replace(old, claimed.to_bytes(4, "little"))


def test_a_directory_that_lies_is_found_out_while_counting(tmp_path):
    source = tmp_path / NAME
    source.write_bytes(lying("x" * 3_000_007, 1_000))
    with pytest.raises(NotOpened):
        checked_workbook(source)


def test_unpacking_stops_at_the_limit_whatever_the_directory_says(tmp_path, monkeypatch):
    """The first byte beyond the limit ends it: no more than a piece is held beyond."""
    monkeypatch.setattr("medspa_core.tables.files.workbook_limits._check_directory", lambda archive, packed: None)
    held = []
    monkeypatch.setattr("medspa_core.tables.files.workbook_limits._check_rectangle", held.append)
    source = tmp_path / NAME
    source.write_bytes(zipped({"a.xml": " " * (LARGEST_UNPACKED_BYTES + 10_000_000)}))
    with pytest.raises(NotOpened, match="unpacks to more than"):
        checked_workbook(source)
    assert held == []


@pytest.mark.parametrize(
    "far", ['<c r="XFD1048576"><v>1</v></c>', "<c s='1' r='XFD1048576'><v>1</v></c>", '<x:c r="XFD1048576"/>']
)
def test_one_cell_far_away_is_refused_before_memory_is_taken_for_all_before_it(files, far):
    book = changed_sheet([["age"], [41]], "</sheetData>", f'<row r="1048576">{far}</row>')
    (line,) = files.refused(book, name=NAME)
    assert "a sheet of 1,048,576 rows and 16,384 columns is too large" in line


def test_a_sheet_that_says_it_is_larger_than_it_is_takes_no_more_memory(files):
    book = changed_sheet([["age"], [41]], "<sheetData>", '<dimension ref="A1:XFD1048576"/>')
    assert files.run(book, name=NAME) == (DONE, [])


def test_what_a_reader_quotes_from_a_damaged_file_is_cut_short_and_on_one_line(files):
    book = bytearray(workbook({"Answers": [["age"], [41]]}))
    book[26:28] = (600).to_bytes(2, "little")  # the first part's name, in its own head, is as long as the file
    (line,) = files.refused(bytes(book), name=NAME)
    assert line.isprintable() and len(line) < 250


def test_a_name_that_stands_twice_in_the_archive_is_refused(files):
    packed = io.BytesIO(workbook({"Answers": [["age"], [41]]}))
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml([["age"], [42]]))
    (line,) = files.refused(packed.getvalue(), name=NAME)
    assert "two of one name" in line


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"age\n41\n",
        b"PK\x03\x04" + b"\x00" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        zipped({"word/document.xml": f"<document {MAIN}/>"}),
        zipped({}),
        workbook({"Answers": [["age"], [41]]})[:-30],
    ],
    ids=["empty", "text", "zeros", "old Excel", "a Word file", "an empty archive", "cut"],
)
def test_what_is_no_workbook_is_one_line(files, content):
    (line,) = files.refused(content, name=NAME)
    assert line.startswith("clients.xlsx: ")
