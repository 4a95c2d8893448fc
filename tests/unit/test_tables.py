"""Tables of clients: good rows are computed, bad ones told with their line, and nothing is ever half-written."""

import codecs
import csv
import random
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet
import pytest

from medspa_core.__main__ import main
from medspa_core.intake import columns_of
from medspa_core.recommendation import recommend
from medspa_core.rulebook import BASES
from medspa_core.tables.files.text_layout import PIECE_BYTES
from medspa_core.tables.row_blocks import BLOCK_ROWS
from medspa_core.tables.run import recommend_table
from tests.oracle.clients import random_client
from tests.table_support import DAY, DONE, REJECTED, SOME_REFUSED, UNUSABLE, read_csv

DATA = Path(__file__).resolve().parents[2] / "data"


# ---------------------------------------------------------------- good rows and bad ones


def test_good_rows_are_computed_and_bad_ones_are_told_with_their_line(files):
    status, lines = files.run("id,age,concern\na,41,texture\nb,-4,texture\nc,52,wrinkles\nd,61,pigment\n")
    assert status == SOME_REFUSED
    assert lines == ["clients.csv: 2 rows refused; see out.rejected.csv"]
    assert [row["id"] for row in files.rows()] == ["a", "d"]
    assert [row["row"] for row in files.rows()] == ["2", "5"]
    assert files.rejected() == [
        (3, "age", "expected 0-120, found -4"),
        (4, "concern", 'expected texture, acne_scars, hair_thinning or pigment, found "wrinkles"'),
    ]


def test_every_bad_cell_of_a_row_is_told_and_the_row_counts_once(files):
    status, lines = files.run("age,concern\n400,wrinkles\n41,texture\n")
    assert (status, lines) == (SOME_REFUSED, ["clients.csv: 1 rows refused; see out.rejected.csv"])
    assert sorted(cell[:2] for cell in files.rejected()) == [(2, "age"), (2, "concern")]


BAD_CELLS = [
    ("age", "-4", "expected 0-120, found -4"),
    ("age", "400", "expected 0-120, found 400"),
    ("age", "41.5", 'expected a whole number 0-120, found "41.5"'),
    ("age", "true", 'expected a whole number 0-120, found "true"'),
    ("age", "forty", 'expected a whole number 0-120, found "forty"'),
    ("age", "4 1", 'expected a whole number 0-120, found "4 1"'),
    ("age", "nan", 'expected a whole number 0-120, found "nan"'),
    ("age", "4" * 5000, "expected a whole number 0-120, found a number of 5000 digits"),
    ("age", "4" * 200_000, "expected at most 10000 characters, found 200000"),
    ("event_date", "2026-02-01", "after 2027-01-11"),
    ("event_date", "9999-01-01", "no later than 2037-01-11"),
    ("event_date", "2027-02-30", 'found "2027-02-30"'),
    ("objects_to", "plant|rock", "expected a list of own_blood, human_donor, animal or plant"),
    ("objects_to", "plant|", "expected a list of own_blood, human_donor, animal or plant"),
    ("importance.cost", "very", "expected none, little, lot or must"),
    ("exosome_product.has_lot_and_certificate", "yes", "expected true or false"),
    ("spin_during_numbing", "1", "expected true or false"),
    ("concern", "x" * 2_000_000, "expected at most 10000 characters"),
    ("concern", "tex\x00ture", 'found "tex\\u0000ture"'),
]


@pytest.mark.parametrize(
    ("column", "cell", "reason"), BAD_CELLS, ids=[f"{name}={cell[:12]!r}" for name, cell, _ in BAD_CELLS]
)
def test_a_cell_that_cannot_be_used_is_told_with_its_column(files, column, cell, reason):
    status, _ = files.run(f"id,{column}\ngood,\nbad,{cell}\n")
    ((line, name, told),) = files.rejected()
    assert (status, line, name) == (SOME_REFUSED, 3, column)
    assert reason in told and len(told) < 200
    assert [row["id"] for row in files.rows()] == ["good"]


def test_a_cell_that_is_not_utf8_in_a_file_that_is_spoils_its_row_only(files):
    status, _ = files.run("id,concern\né,texture\nü,".encode() + b"\xff" + "\nñ,pigment\n".encode())
    assert (status, files.rejected()) == (SOME_REFUSED, [(3, "concern", "not UTF-8 text")])
    assert [row["id"] for row in files.rows()] == ["é", "ñ"]


def test_lines_with_more_or_fewer_cells_are_set_aside(files):
    status, _ = files.run("id,age,concern\na,41,texture\nb,41\nc,41,texture,more\nd\ne,52,pigment\n")
    assert status == SOME_REFUSED
    assert [row["id"] for row in files.rows()] == ["a", "e"]
    assert [row["row"] for row in files.rows()] == ["2", "6"]
    assert files.rejected() == [
        (3, "", "expected 3 cells, as in the header, found 2"),
        (4, "", "expected 3 cells, as in the header, found 4"),
        (5, "", "expected 3 cells, as in the header, found 1"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_are_no_clients_and_are_counted_as_lines(files, end):
    text = end.join(["age,concern", "41,texture", "", ",", "", "400,texture", ""])
    status, _ = files.run(text)
    assert status == SOME_REFUSED
    assert [row["row"] for row in files.rows()] == ["2"]
    assert [cell[0] for cell in files.rejected()] == [6]


def test_a_blank_line_in_a_table_of_one_column_is_no_client(files):
    status, _ = files.run("age\n41\n\n52\n\n")
    assert (status, [row["row"] for row in files.rows()]) == (DONE, ["2", "4"])


@pytest.mark.parametrize("text", ["age,concern\r\n41,texture\r\n52,pigment\r\n", "age,concern\n41,texture\n52,pigment"])
def test_line_ends_of_other_systems_and_a_missing_last_one_are_fine(files, text):
    assert files.run(text) == (DONE, [])
    assert [row["row"] for row in files.rows()] == ["2", "3"]


def test_a_byte_order_mark_belongs_to_no_column(files):
    assert files.run(codecs.BOM_UTF8 + b"age,concern\n41,texture\n") == (DONE, [])
    assert len(files.rows()) == 1


def test_quoted_cells_are_read_as_written(files):
    assert files.run('"id","age","concern"\n"a, ""the first""","41","texture"\n') == (DONE, [])
    assert files.rows()[0]["id"] == 'a, "the first"'


def test_a_quoted_cell_with_line_ends_spoils_its_row_and_later_lines_keep_their_numbers(files):
    status, _ = files.run('id,age\n"a\nb\r\nc",41\nd,-1\n"e\n",\n"f\ng"\nh\ni,42\n')
    assert status == SOME_REFUSED
    assert [row["id"] for row in files.rows()] == ["i"]
    assert [cell[:2] for cell in files.rejected()] == [(2, "id"), (5, "age"), (6, "id"), (8, ""), (10, "")]


@pytest.mark.parametrize("text", ['id,age\n"a,41\nb,42\n', 'age,id\n41,"a\n42,b\n', 'age,id\n41,"a\n42,"\n'])
def test_a_quote_that_never_ends_is_told_and_swallows_nothing_silently(files, text):
    status, lines = files.run(text)
    assert (status, files.rows()) == (SOME_REFUSED, [])
    assert len(lines) == 1 and files.rejected()[0][0] == 2


def test_a_quote_that_never_ends_in_a_large_file_is_refused_in_one_line(files):
    (found,) = files.refused('age,id\n41,"a\n' + "42,b\n" * 2_000_000)
    assert found.startswith("clients.csv: not a table that can be read: ")


@pytest.mark.parametrize("cell", [b"\xff", b"x" * 5000, b"a\x00b"])
def test_an_id_is_one_short_line_of_text(files, cell):
    status, _ = files.run("id,age\né,41\n".encode() + cell + ",41\nü,41\n".encode())
    assert status == SOME_REFUSED
    assert [cell[:2] for cell in files.rejected()] == [(3, "id")]
    assert [row["id"] for row in files.rows()] == ["é", "ü"]


def test_an_id_is_no_formula_in_the_results_and_comes_through_a_second_time_as_it_is(files):
    ids = ["=1+1", "+1", "-3", "@SUM(A1)", "\uff1d1", "A-204", "'=1+1"]
    files.run(("id,age\n" + "".join(f"{one},41\n" for one in ids)).encode())
    told = [row["id"] for row in files.rows()]
    assert told == ["'=1+1", "'+1", "'-3", "'@SUM(A1)", "'\uff1d1", "A-204", "'=1+1"]
    files.run(("id,age\n" + "".join(f"{one},41\n" for one in told)).encode())
    assert [row["id"] for row in files.rows()] == told
    files.out = files.folder / "out.parquet"
    files.run(b"id,age\n=1+1,41\n")
    assert pa_parquet.read_table(files.out)["id"].to_pylist() == ["=1+1"]


def test_a_ragged_line_may_hold_anything(files):
    status, _ = files.run(b"id,age\n\xff\xfe\na,41\n" + b"x" * 2_000_000 + b"\n\x00\n")
    assert status == SOME_REFUSED
    assert [cell[:2] for cell in files.rejected()] == [(2, ""), (4, ""), (5, "")]
    assert [row["id"] for row in files.rows()] == ["a"]


def test_a_header_alone_gives_an_empty_result_with_its_columns(files):
    assert files.run("id,age,concern\n") == (DONE, ["clients.csv: no rows under the titles, so the results are empty"])
    assert files.rows() == []
    assert files.out.read_text().splitlines()[0].startswith('"row","id","standing","best"')


def test_where_every_row_is_bad_the_result_is_empty_but_there(files):
    status, _ = files.run("age\n400\n-1\n")
    assert (status, files.rows(), len(files.rejected())) == (SOME_REFUSED, [], 2)


def test_lines_keep_their_numbers_in_a_file_of_many_blocks(files):
    """Several blocks are read, by their bytes and by their rows; bad cells, ragged and blank lines in each of them."""
    rng, lines, bad = random.Random(1), ["id,age,concern"], {}
    for line in range(2, 40_002):
        kind = rng.choice(("age", "ragged", "blank")) if line % 997 == 0 else "good"
        lines.append(
            {"good": f"{line:0160d},41,texture", "age": f"{line},400,texture", "ragged": f"{line}", "blank": ""}[kind]
        )
        if kind in ("age", "ragged"):
            bad[line] = "age" if kind == "age" else ""
    text = "\n".join(lines) + "\n"
    assert len(text) > 1.5 * PIECE_BYTES and len(lines) > 2 * BLOCK_ROWS
    status, _ = files.run(text)
    assert status == SOME_REFUSED
    assert {line: column for line, column, _ in files.rejected()} == bad
    assert all(int(row["id"]) == int(row["row"]) for row in files.rows())


# ---------------------------------------------------------------- tables refused whole

REFUSED = [
    ("", "empty. The first line names the columns"),
    ("\n\n", "empty. The first line names the columns"),
    ("age,concern,colour\n41,texture,red\n", "colour: not a column of this rulebook"),
    ("agge\n41\n", "agge: not a column of this rulebook; did you mean age?"),
    ("age,age\n41,42\n", "age: stands twice in the header"),
    ("importance\nlot\n", "importance: not a column of this rulebook"),
    (b"a\x00ge\n41\n", "not text. Save it as CSV, UTF-8"),
    (b"PK\x03\x04\xff\xfe\xfd", "an Excel workbook or another zip archive, though its name ends in .csv"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG), though its name ends in .csv"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture (JPEG), though its name ends in .csv"),
    (random.Random(1).randbytes(3_000), "not text. Save it as CSV, UTF-8"),
    (b"age,concern\n41," + random.Random(2).randbytes(3_000), "not text. Save it as CSV, UTF-8"),
    (b"age\n41\n\0\1\2\3", "not text. Save it as CSV, UTF-8"),
    (b"PAR1\xff", "a Parquet file, though its name ends in .csv"),
    ('{"resourceType": "QuestionnaireResponse"}', "JSON, though its name ends in .csv"),
    ("<html><table><tr><td>age</td></tr></table></html>", "a web page or XML, though its name ends in .csv"),
    ("x" * 3_000_000, "the first line does not name columns"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "line"), REFUSED, ids=[repr(content[:16]) for content, _ in REFUSED])
def test_what_is_no_table_of_clients_is_refused_in_one_line(files, content, line):
    (found,) = files.refused(content)
    assert found.startswith("clients.csv: ") and line in found


@pytest.mark.parametrize(
    ("name", "ends"), [("clients.xls", "ends in .xls"), ("clients.ods", "ends in .ods"), ("clients", "has no ending")]
)
def test_a_file_whose_name_ends_as_no_table_does_is_told_which_endings_do(files, name, ends):
    (line,) = files.refused("age\n41\n", name=name)
    assert line.startswith(f"{name}: its name {ends}; expected .csv, ") and line.endswith(
        "Save it as CSV, Parquet or .xlsx"
    )
    assert main(["mapping", str(files.folder / name)]) == UNUSABLE
    assert files.capsys.readouterr().err == f"{line}\n"


def test_what_was_guessed_of_a_file_is_told_where_its_columns_cannot_be_used(files):
    lines = files.refused("id;agge\na;41\n")
    assert lines[0] == "clients.csv: found semicolons between the cells" and "did you mean age?" in lines[1]


def test_a_file_under_titles_of_its_own_is_told_once_and_where_to_begin(files):
    assert files.refused("Submission Date,How old are you?,Email,Smokes?,age\n1,41,a@b.org,No,41\n") == [
        "clients.csv: 4 titles are not a column of this rulebook: Submission Date, How old are you?, Email, …. "
        "If a form tool wrote it, begin with: python -m medspa_core mapping clients.csv"
    ]


def test_every_unknown_and_doubled_column_is_told(files):
    lines = files.refused("agge,colour,age,age\n1,2,3,4\n")
    assert [line.split(": ")[1] for line in lines] == ["agge", "colour", "age"]


def test_a_missing_column_is_unanswered_and_told_once(files):
    source = files.folder / "clients.csv"
    source.write_text("age,concern\n41,texture\n42,texture\n")
    assert main(["recommend", str(source), "--out", str(files.out), "--as-of", DAY.isoformat()]) == DONE
    (notice,) = files.capsys.readouterr().err.splitlines()
    assert notice.startswith("clients.csv: unanswered in all rows, as there is no column: ")
    others, safety = notice.split("; on safety, where each asks for a review: ")
    assert "hydration" in others and "anticoagulant" in safety and "importance.cost" in others
    assert not [
        name for name in ("place", "prp_kit_cleared", "licence_covers_draw", "exosome_product.use") if name in notice
    ]
    assert "anticoagulant" in notice and "importance.cost" in notice and " age" not in notice
    assert files.rows()[0]["verdict.prp_microneedling"] == "needs_review"


def test_strict_refuses_the_whole_file_and_names_every_bad_cell(files):
    lines = files.refused("age\n41\n400\n41,3\n-1\n", "--strict")
    assert lines == [
        "clients.csv: line 3: age: expected 0-120, found 400",
        "clients.csv: line 4: expected 1 cells, as in the header, found 2",
        "clients.csv: line 5: age: expected 0-120, found -1",
    ]
    assert files.run("age\n41\n", "--strict") == (DONE, [])


def test_a_run_that_fails_leaves_the_old_output_as_it_was(files):
    files.run("age\n41\n400\n")
    old = files.out.read_bytes(), (files.folder / REJECTED).read_bytes()
    files.refused("agge\n41\n")
    files.refused("age\n42\n-1\n", "--strict")
    assert (files.out.read_bytes(), (files.folder / REJECTED).read_bytes()) == old


def test_a_run_that_breaks_half_way_leaves_nothing_behind(files, rulebook, monkeypatch):
    files.run("age\n41\n")
    old = files.out.read_bytes()
    source = files.folder / "clients.csv"
    source.write_text("age\n" + "41\n400\n" * 10)
    monkeypatch.setattr("medspa_core.tables.run.Written.keep", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        recommend_table(source, files.out, rulebook, DAY)
    assert files.out.read_bytes() == old
    assert {path.name for path in files.folder.iterdir()} == {"clients.csv", "out.csv"}


def test_a_later_run_without_bad_rows_takes_the_old_rejects_away(files):
    files.run("age\n41\n400\n")
    assert files.rejected()
    assert files.run("age\n41\n") == (DONE, [])
    assert not (files.folder / REJECTED).exists()


def test_results_never_take_the_place_of_the_intakes(files):
    files.out = files.folder / "clients.csv"
    source = files.folder / "clients.csv"
    source.write_text("age\n41\n")
    status, (line,) = files.run(None)
    assert status == UNUSABLE and "Choose another --out" in line
    assert source.read_text() == "age\n41\n"
    source.rename(files.folder / "clients.rejected.csv")
    status, _ = files.run(None, name="clients.rejected.csv")
    assert status == UNUSABLE and (files.folder / "clients.rejected.csv").read_text() == "age\n41\n"


@pytest.mark.parametrize("name", ["out.txt", "out", "out.json", "out.CSV"])
def test_an_output_of_another_kind_is_refused(files, name):
    files.out = files.folder / name
    (found,) = files.refused("age\n41\n")
    assert "expected a name ending in .csv or .parquet" in found


def test_a_folder_that_cannot_be_written_to_is_one_line(files):
    files.out = files.folder / "nowhere" / "out.csv"
    (found,) = files.refused("age\n41\n")
    assert "nowhere" in found
    (files.folder / "file").write_text("")
    files.out = files.folder / "file" / "out.csv"
    files.refused("age\n41\n400\n")
    (files.folder / "taken.csv").mkdir()
    files.out = files.folder / "taken.csv"
    assert "taken.csv" in files.refused("age\n41\n400\n")[0]


def test_a_missing_table_is_one_line(files):
    for name in ("clients.csv", "clients.parquet"):
        (found,) = files.refused(None, name=name)
        assert "there is no such file or folder" in found


# ---------------------------------------------------------------- Parquet

TYPED = {
    "id": pa.array([7, 8], pa.int64()),
    "age": pa.array([41, None], pa.int16()),
    "concern": pa.array(["texture", "pigment"]),
    "event_date": pa.array([date(2027, 6, 12), None], pa.date32()),
    "planned_start": pa.array([datetime(2027, 2, 1), None], pa.timestamp("us")),
    "spin_during_numbing": pa.array([True, None]),
    "exosome_product.has_lot_and_certificate": pa.array([True, False]),
    "budget": pa.array([2500.0, float("nan")]),
    "objects_to": pa.array([["plant", "animal"], []], pa.list_(pa.string())),
    "skin_type": pa.array([2, 5], pa.int8()),
    "anaemia": pa.array(["no", None]).dictionary_encode(),
    "importance.cost": pa.array([None, "lot"]),
}
SAME_AS_CSV = (
    f"{','.join(TYPED)}\n"
    "7,41,texture,2027-06-12,2027-02-01,true,true,2500,plant|animal,2,no,\n"
    "8,,pigment,,,,false,,none,5,,lot\n"
)


def test_typed_columns_of_a_parquet_file_mean_the_same_as_cells_of_a_csv(files):
    assert files.run(SAME_AS_CSV) == (DONE, [])
    from_csv = [{**row, "row": ""} for row in files.rows()]
    assert files.run(pa.table(TYPED), name="clients.parquet") == (DONE, [])
    assert [{**row, "row": ""} for row in files.rows()] == from_csv
    assert [row["row"] for row in files.rows()] == ["1", "2"]


def test_the_ending_of_the_intakes_may_be_in_capitals(files):
    assert files.run(pa.table(TYPED), name="CLIENTS.PARQUET") == (DONE, [])
    assert files.run(SAME_AS_CSV, name="CLIENTS.CSV") == (DONE, [])


def test_bad_values_of_a_parquet_file_are_told_by_row(files):
    table = pa.table(
        {
            "age": pa.array([41, 400, -1, 41], pa.int64()),
            "budget": pa.array([1.0, 2.5, float("inf"), 3.0]),
            "objects_to": pa.array([["plant"], ["rock"], None, ["plant", None]]),
        }
    )
    status, _ = files.run(table, name="clients.parquet")
    assert status == SOME_REFUSED
    assert [cell[:2] for cell in files.rejected()] == [
        (2, "age"), (2, "budget"), (2, "objects_to"), (3, "age"), (3, "budget"), (4, "objects_to"),
    ]  # fmt: skip
    assert [row["row"] for row in files.rows()] == ["1"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([b"\xff"], pa.binary()),
        pa.array([{"years": 41}]),
        pa.array([[41]]),
        pa.array([[[41]]]),
        pa.array([datetime(2027, 1, 1)]),
        pa.array([True]),
        pa.array([1], pa.duration("s")),
        pa.array([2**63], pa.uint64()),
    ],
    ids=lambda column: str(column.type),
)
def test_a_column_of_a_strange_type_is_told_and_is_no_traceback(files, column):
    status, lines = files.run(pa.table({"age": column}), name="clients.parquet")
    assert status in (UNUSABLE, SOME_REFUSED) and len(lines) == 1
    if status == SOME_REFUSED:
        assert [cell[:2] for cell in files.rejected()] == [(1, "age")]


def test_a_column_of_nulls_is_unanswered(files):
    assert files.run(pa.table({"age": pa.nulls(2), "concern": ["texture"] * 2}), name="clients.parquet") == (DONE, [])
    assert len(files.rows()) == 2


@pytest.mark.parametrize("content", [b"", b"PAR1", b"age\n41\n", b"PAR1" + b"\x00" * 100 + b"PAR1"])
def test_what_is_no_parquet_file_is_one_line(files, content):
    (found,) = files.refused(content, name="clients.parquet")
    assert "not a Parquet file that can be read" in found


def test_a_parquet_file_cut_short_half_way_leaves_nothing(files):
    files.run(pa.table({"age": list(range(100)) * 200}), name="whole.parquet")
    whole = (files.folder / "whole.parquet").read_bytes()
    files.refused(whole[: len(whole) // 2], name="clients.parquet")


def test_an_empty_parquet_file_gives_an_empty_result(files):
    status, lines = files.run(pa.table({"age": pa.array([], pa.int64())}), name="clients.parquet")
    assert (status, lines) == (DONE, ["clients.parquet: no rows under the titles, so the results are empty"])
    assert files.rows() == []


def test_results_as_parquet_are_those_as_csv(files, rulebook):
    files.run(SAME_AS_CSV)
    as_csv = files.rows()
    files.out = files.folder / "out.parquet"
    assert files.run(SAME_AS_CSV) == (DONE, [])
    table = pa_parquet.read_table(files.out)
    pa_csv.write_csv(table, files.folder / "again.csv")
    assert read_csv(files.folder / "again.csv") == as_csv
    assert str(table.schema.field("fit.considered.prp_microneedling").type) == "double"


# ---------------------------------------------------------------- the same as alone


def cells_of(client, rulebook):
    """One client as a row of a table."""
    row = {}
    for name in (*columns_of(rulebook), *rulebook.older_questions):
        key, _, part = name.partition(".")
        value = client.get(key)
        row[name] = value.get(part) if part and value is not None else value
    row["objects_to"] = None if row["objects_to"] is None else "|".join(row["objects_to"]) or "none"
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()}


def test_a_client_in_a_table_is_the_same_client_alone(files, rulebook):
    rng = random.Random(8)
    clients = [random_client(rng, DAY) for _ in range(60)]
    with (files.folder / "clients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*columns_of(rulebook), *rulebook.older_questions])
        writer.writeheader()
        writer.writerows(cells_of(client, rulebook) for client in clients)
    status, lines = files.run(None)
    assert status == DONE and all(line.startswith("clients.csv: since.") for line in lines)
    for client, row in zip(clients, files.rows(), strict=True):
        assert_same(row, recommend(client, rulebook, DAY), rulebook)


def assert_same(row, alone, rulebook):
    assert (row["standing"], row["best"] or None) == (alone.standing, alone.best)
    assert (row["pair.best"] or None) == (alone.pair.best if alone.pair else None)
    assert (row["pair.standing"] or None) == (alone.pair.standing if alone.pair else None)
    assert int(row["weight_total"]) == alone.weight_total
    for option_id in rulebook.ranked:
        option = alone.options[option_id]
        assert row[f"verdict.{option_id}"] == option.verdict.word
        assert (row[f"excluded_by.{option_id}"] or None) == option.excluded_by
        assert row[f"deferred_until.{option_id}"] == (
            option.deferred_until.isoformat() if option.deferred_until else ""
        )
        for basis in BASES:
            for part in ("fit", "robustness"):
                found = row[f"{part}.{basis}.{option_id}"]
                assert (float(found) if found else None) == getattr(alone.bases[basis], part).get(option_id)


def test_the_order_of_rows_and_columns_changes_no_row(files, rulebook):
    lines = [
        f"{number},{20 + number},{concern}" for number, concern in enumerate(("texture", "pigment", "acne_scars") * 9)
    ]
    files.run("\n".join(["id,age,concern", *lines]))
    first = {row["id"]: {**row, "row": ""} for row in files.rows()}
    turned = [",".join(reversed(line.split(","))) for line in reversed(lines)]
    files.run("\n".join(["concern,age,id", *turned]))
    assert {row["id"]: {**row, "row": ""} for row in files.rows()} == first


def test_the_same_table_gives_the_same_bytes(files):
    for ending in ("csv", "parquet"):
        files.out = files.folder / f"out.{ending}"
        files.run(SAME_AS_CSV)
        first = files.out.read_bytes()
        files.run(SAME_AS_CSV)
        assert files.out.read_bytes() == first
