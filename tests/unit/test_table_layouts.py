"""CSV files as people have them: whatever the encoding, line ends and separator, and what is wrong is told by its line."""

import codecs
import io
import itertools
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medspa_core.__main__ import main
from medspa_core.tables.files.csv_rows import NoRows, whole_rows
from medspa_core.tables.files.text_layout import FIRST_BYTES, Text, is_text, separator_of
from tests.table_support import DONE, SOME_REFUSED, UNUSABLE

PLAIN = "id,age,concern,medicines_text\nZoë,44,texture,none\nMüller,51,pigment,ibuprofen 400 mg\n"
SAID = {
    "utf-8": None,
    "utf-8-sig": None,
    "cp1252": "Windows text (cp1252)",
    "utf-16": "UTF-16-LE",
    "utf-16-le": "UTF-16-LE",
    "utf-16-be": "UTF-16-BE",
}


def results(files, content, *options, **named):
    """Rows of the results, where nothing was refused, and the notices."""
    status, lines = files.run(content, *options, **named)
    assert status == DONE, lines
    return files.rows(), lines


# ---------------------------------------------------------------- how a file is written


@pytest.mark.parametrize("encoding", SAID)
def test_the_encoding_is_found_and_told_where_it_was_guessed(files, encoding):
    rows, lines = results(files, PLAIN.encode(encoding))
    assert [row["id"] for row in rows] == ["Zoë", "Müller"]
    assert lines == ([f"clients.csv: found {SAID[encoding]}"] if SAID[encoding] else [])


def test_utf_16_with_the_first_byte_last_is_found(files):
    rows, lines = results(files, codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"))
    assert [row["id"] for row in rows] == ["Zoë", "Müller"] and lines == ["clients.csv: found UTF-16-BE"]


@pytest.mark.parametrize(
    ("end", "said"), [("\n", None), ("\r\n", None), ("\r", "lines that end in CR")], ids=["LF", "CRLF", "CR"]
)
@pytest.mark.parametrize("last", [True, False], ids=["last line ends", "last line does not end"])
def test_lines_may_end_as_on_any_system(files, end, said, last):
    text = PLAIN if last else PLAIN.rstrip("\n")
    rows, lines = results(files, text.replace("\n", end).encode())
    assert [(row["row"], row["id"]) for row in rows] == [("2", "Zoë"), ("3", "Müller")]
    assert lines == ([f"clients.csv: found {said}"] if said else [])


def test_a_line_end_in_a_quoted_cell_of_a_file_with_cr_only_is_counted(files):
    status, _ = files.run('id,age,medicines_text\ra,41,"one\rtwo"\rb,400,\r')
    assert (status, [cell[:2] for cell in files.rejected()]) == (SOME_REFUSED, [(4, "age")])
    assert [row["id"] for row in files.rows()] == ["a"]


@pytest.mark.parametrize(("mark", "said"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_the_separator_is_found_and_told(files, mark, said):
    text = PLAIN.replace(",", mark) + f'"a{mark}b"{mark}60{mark}texture{mark}"none, or ""one"""\n'
    rows, lines = results(files, text)
    assert [row["id"] for row in rows] == ["Zoë", "Müller", f"a{mark}b"]
    assert lines == [f"clients.csv: found {said} between the cells"]


def test_commas_in_answers_and_titles_do_not_pass_for_separators(files):
    rows, lines = results(files, "id;medicines_text\na;one, two\nb;three, four\n")
    assert len(rows) == 2 and lines == ["clients.csv: found semicolons between the cells"]
    assert separator_of("Name\tAge, in years\tSmokes, or has\nA\t41\tno\nB\t42\tyes, often\n") == "\t"


def test_a_first_line_that_says_the_separator_is_believed_and_is_no_header(files):
    rows, lines = results(files, "sep=;\nid;age\na;41\n")
    assert [(row["row"], row["id"]) for row in rows] == [("3", "a")] and len(lines) == 1


def test_a_table_of_one_column_has_no_separator(files):
    assert len(results(files, "medicines_text\none; two\nthree\n")[0]) == 2


@pytest.mark.parametrize("text", ["id ^ age\na ^ 41\n", "id : age\na : 41\n", "id^age\na^41\n"])
def test_a_table_whose_cells_are_parted_by_something_else_is_told_to_have_one_column(files, text):
    said = "clients.csv: found one column only, as no commas, semicolons, tabs or vertical bars part its cells"
    assert files.refused(text)[0] == said
    assert main(["mapping", str(files.folder / "clients.csv")]) == DONE
    assert files.capsys.readouterr().err == f"{said}\n"


def test_a_stray_control_character_is_in_a_text_too(files):
    assert len(results(files, "id,concern\na,texture\n\x07b,texture\n")[0]) == 2
    assert is_text(b"A,P,N\n\x1f,1,0\n") and is_text("Zoë\x0b\x1d\n".encode() * 100) and not is_text(b"a\x01" * 4)


@pytest.mark.parametrize("name", ["clients.tsv", "clients.txt"])
def test_text_with_tabs_may_have_its_own_endings(files, name):
    assert len(results(files, "id\tage\na\t41\n".encode("utf-16"), name=name)[0]) == 1


def test_letters_first_met_behind_the_first_megabyte_are_read_as_what_they_are(files):
    lines = ["id,age"] + [f"{number:060d},41" for number in range(2, 20_000)]
    text = "\n".join([*lines, "Zoë,41", "Chloé,42", ""])
    assert len(text) > FIRST_BYTES
    for encoding, said in (("utf-8", []), ("cp1252", ["clients.csv: found Windows text (cp1252)"])):
        rows, notices = results(files, text.encode(encoding))
        assert [row["id"] for row in rows[-2:]] == ["Zoë", "Chloé"] and notices == said


class Counted(io.BytesIO):
    def __init__(self, content):
        super().__init__(content)
        self.taken = 0

    def read(self, size=-1):
        found = super().read(size)
        self.taken += len(found)
        return found


def test_how_a_file_is_written_is_found_from_its_first_megabyte():
    file = Counted(b"id,age\n" + b"a,41\n" * 1_000_000)
    Text(file)
    assert file.taken == FIRST_BYTES


@given(
    st.text(st.characters(exclude_characters="\r\x00\ufffd\ufeff", exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_text_comes_through_whole(text, encoding, end):
    found = Text(io.BytesIO(f"id,age\n{text}".replace("\n", end).encode(encoding)))
    assert b"".join(found.pieces()).decode() == f"id,age\n{text}"


# ---------------------------------------------------------------- columns that another program adds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,age,concern,,\na,44,texture,,\nb,51,pigment, ,\n", "columns 4, 5"),
        (",id,age\n0,a,44\n1,b,51\n", "column 1"),
        ("Unnamed: 0,id,age\n0,a,44\n1,b,51\n", "column 1 (Unnamed: 0)"),
        ("id,age,Unnamed: 2\na,44,\nb,51,\n", "column 3 (Unnamed: 2)"),
    ],
    ids=["empty columns at the right", "pandas' index", "pandas' index read again", "an empty column by pandas"],
)
def test_columns_without_a_title_are_skipped_and_told(files, text, said):
    rows, lines = results(files, text)
    assert [row["id"] for row in rows] == ["a", "b"]
    assert lines == [f"clients.csv: without a title, so skipped: {said}"]


def test_a_cell_under_no_title_refuses_its_row_since_a_comma_too_many_has_moved_it(files):
    status, _ = files.run("id,age,budget,\na,44,2500,\nb,44,2,500\nc,44,900,\n")
    assert status == SOME_REFUSED
    assert files.rejected() == [(3, "", "expected nothing in column 4, as it has no title")]
    assert [row["id"] for row in files.rows()] == ["a", "c"]


def test_blanks_around_a_title_are_no_part_of_it(files):
    assert len(results(files, "id, age , concern\na, 44, texture\n")[0]) == 1


def test_a_title_that_stands_twice_is_refused(files):
    assert files.refused("age, age\n1,2\n") == ["clients.csv: age: stands twice in the header"]


def test_a_header_of_more_columns_than_any_form_has_is_refused_in_one_line(files):
    (line,) = files.refused(",".join(f"c{number}" for number in range(5_000)) + "\n")
    assert "expected at most 1000 columns, found 5000" in line


# ---------------------------------------------------------------- answers as people and programs write them

SAME = [
    ("anticoagulant", "yes", ["Yes", "YES ", "\u00a0yes", "true", "TRUE"]),
    ("anticoagulant", "no", ["No", " no", "False"]),
    ("importance.cost", "lot", ["LOT", "Lot "]),
    ("age", "44", ["44.0", " 44", "44.00 ", "044"]),
    ("budget", "2500", ["2500.00", "2500.0"]),
    ("budget", "any", ["Any", " ANY "]),
    ("skin_type", "2", ["2.0", " 2"]),
    ("objects_to", "plant|animal", ["Plant|Animal", "plant | animal", " animal|plant "]),
    ("objects_to", "none", ["None", " NONE"]),
    ("spin_during_numbing", "true", ["TRUE", "True "]),
    ("exosome_product.has_lot_and_certificate", "false", ["FALSE", " False"]),
    ("event_date", "2027-06-12", ["2027-06-12 00:00:00", "2027-06-12T14:30", " 2027-06-12 "]),
    ("event_date", "none", ["None"]),
    ("planned_start", "now", ["Now"]),
    ("age", "", [" ", "\u00a0"]),
]


@pytest.mark.parametrize(("column", "plain", "written"), SAME, ids=[f"{one[0]}={one[1]}" for one in SAME])
def test_blanks_letter_case_and_the_point_of_a_whole_number_make_no_other_answer(files, column, plain, written):
    status, _ = files.run(f"concern,{column}\n" + "".join(f"texture,{cell}\n" for cell in [plain, *written]))
    assert (status, files.rejected()) == (DONE, [])
    first, *rest = ({**row, "row": ""} for row in files.rows())
    assert rest == [first] * len(written)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("age", "44.5"),
        ("age", "1e1"),
        ("budget", "2 500"),
        ("budget", "€2500"),
        ("anticoagulant", "y"),
        ("anticoagulant", "1"),
        ("event_date", "2027-06-12 25h"),
        ("event_date", "12.6.2027"),
    ],
)
def test_what_is_no_answer_stays_refused_as_it_was_written(files, column, cell):
    status, _ = files.run(f"id,{column}\na,{cell}\n")
    assert status == SOME_REFUSED
    assert [(line, name) for line, name, _ in files.rejected()] == [(2, column)]


def test_ids_that_stand_more_than_once_are_told_and_all_their_rows_computed(files):
    rows, lines = results(files, "id,age,pregnant\nC-1,44,no\nC-2,40,no\nC-1,44,yes\nC-1,44,\n,41,\n,41,\n")
    assert len(rows) == 6
    assert lines == ["clients.csv: 2 rows have an id that a row before has: C-1"]


def test_repeated_ids_are_told_across_blocks_and_only_some_are_named(files):
    ids = [f"{number:0200d}" for number in range(25_000)]
    text = "id,age\n" + "".join(f"{one},41\n" for one in [*ids, *ids[:7]])
    _, (line,) = results(files, text)
    assert line.startswith("clients.csv: 7 rows have an id that a row before has: 000") and line.endswith("and others")
    assert len(line) < 500


# ---------------------------------------------------------------- wrong quoting


def test_a_quote_that_ends_within_a_cell_refuses_the_lines_it_spans_and_no_other(files):
    status, _ = files.run('id,age,medicines_text\na,41,\nb,41,"none\nc,41,\nd,41,"none"\ne,41,"none"\n')
    assert status == SOME_REFUSED
    assert files.rejected() == [
        (3, "", "wrong quoting: a quote opens a cell here and does not end it"),
        (4, "", "not read, as it stands behind the wrong quoting of line 3"),
        (5, "", "not read, as it stands behind the wrong quoting of line 3"),
    ]
    assert [(row["row"], row["id"]) for row in files.rows()] == [("2", "a"), ("6", "e")]


def test_text_behind_a_closing_quote_is_refused_by_its_line(files):
    status, _ = files.run('id,age\n"a",41\n"b"x,41\n"c" ,41\nd,41\n')
    assert (status, [line for line, _, _ in files.rejected()]) == (SOME_REFUSED, [3, 4])
    assert [row["id"] for row in files.rows()] == ["a", "d"]


def test_a_quote_within_an_unquoted_cell_is_a_letter(files):
    rows, _ = results(files, 'id,age,medicines_text\n5\'10" Ann,41,none\nb,41,"a, ""b"""\nc,41,one "two" three\n')
    assert [row["id"] for row in rows] == ["5'10\" Ann", "b", "c"]


def test_a_wrong_quote_that_swallows_a_thousand_lines_refuses_the_file_and_names_its_line(files):
    (line,) = files.refused("id,age\na,41\nb," + '"41\n' + "c,41\n" * 2_000)
    assert line == "clients.csv: not a table that can be read: line 3: a quote that is never closed"


CELL = st.text('ab",;\n ', max_size=6)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=12), st.integers(1, 40), st.booleans())
def test_well_quoted_rows_come_through_whatever_the_pieces_they_come_in(rows, size, last):
    quoted = ["{}\n".format(",".join('"{}"'.format(cell.replace('"', '""')) for cell in row)) for row in rows]
    text = "".join(quoted).encode()
    text = text if last else text.removesuffix(b"\n")
    found = list(whole_rows([text[start : start + size] for start in range(0, len(text), size)], ",", 2))
    assert b"".join(part.text for part in found) == text and not [cell for part in found for cell in part.bad]
    starts = itertools.accumulate((part.text for part in found), initial=b"")
    assert [part.first_line for part in found] == [2 + start.count(b"\n") for start in starts][:-1]


@given(st.text('a",\n', max_size=60), st.integers(1, 60))
def test_every_line_is_either_in_a_row_or_told_whatever_the_quotes(text, size):
    """And the pieces that a file is read in decide nothing."""
    content = text.encode()
    whole = list(whole_rows([content], ",", 1))
    cut = list(whole_rows([content[start : start + size] for start in range(0, len(content), size)], ",", 1))
    assert b"".join(part.text for part in whole) == b"".join(part.text for part in cut)
    assert [cell for part in whole for cell in part.bad] == [cell for part in cut for cell in part.bad]
    told = {cell.line for part in whole for cell in part.bad}
    kept = b"".join(part.text for part in whole).split(b"\n")
    for number, line in enumerate(content.split(b"\n"), start=1):
        assert number in told or kept[number - 1] == line


def test_a_row_that_never_ends_is_refused_with_its_line():
    with pytest.raises(NoRows, match="line 2: longer than 8 MB"):
        list(whole_rows([b"a,b\n", *[b"x" * 1_000_000] * 9], ",", 1))


# ---------------------------------------------------------------- the results


def test_results_and_refused_rows_are_read_by_nobody_else(files):
    files.run("id,age\na,41\nb,400\n")
    assert [path.stat().st_mode & 0o777 for path in (files.out, files.folder / "out.rejected.csv")] == [0o600] * 2
    files.out = files.folder / "out.parquet"
    files.out.write_bytes(b"old")
    files.out.chmod(0o644)
    files.run("id,age\na,41\n")
    assert files.out.stat().st_mode & 0o777 == 0o600


def test_drafts_that_a_killed_run_left_behind_are_swept_and_those_of_a_running_one_are_not(files):
    left, running = files.folder / ".out.csv.77777.part", files.folder / ".out.csv.77778.part"
    rejected = files.folder / ".out.rejected.csv.77777.part"
    for draft in (left, running, rejected):
        draft.write_text("half a row")
    for draft in (left, rejected):
        os.utime(draft, (1_000_000_000, 1_000_000_000))
    assert files.run("id,age\na,41\nb,400\n")[0] == SOME_REFUSED
    assert not left.exists() and not rejected.exists() and running.exists()


def test_a_sheet_is_asked_only_of_a_workbook(files):
    (line,) = files.refused("age\n41\n", "--sheet", "Answers")
    assert line == "clients.csv: --sheet goes with a workbook, a file ending in .xlsx"
    assert files.run("age\n41\n")[0] != UNUSABLE
