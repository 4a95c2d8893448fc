"""Typed files: an answer means the same whatever the Arrow type that holds it, and no type and no byte ends in a traceback."""

import io
import json
import random
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.__main__ import main
from medspa_core.command_line.client_file import read_client_file
from medspa_core.intake import IntakeProblem, columns_of, read_intake
from medspa_core.tables.coding import Memory
from medspa_core.tables.columns import Columns
from medspa_core.tables.files.found_table import CELLS, ONE, SEVERAL, FoundRows, FoundTable
from medspa_core.tables.files.opening import open_table
from medspa_core.tables.files.typed_cells import as_cells, holds
from medspa_core.tables.reading import read_blocks
from medspa_core.tables.row_blocks import ID, TableReport
from medspa_core.tables.run import recommend_table
from tests.table_support import DAY, DONE, SOME_REFUSED, UNUSABLE, workbook, zipped

NAME = "clients.parquet"

TEXTS = [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()]
WHOLE = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
FLOATS = [pa.float16(), pa.float32(), pa.float64()]
DECIMALS = [pa.decimal32(5, 1), pa.decimal64(12, 2), pa.decimal128(10, 0), pa.decimal128(38, 6), pa.decimal256(60, 2)]
UNITS = ("s", "ms", "us", "ns")
ZONES = (None, "UTC", "America/New_York", "+05:30")
MOMENTS = [pa.timestamp(unit, zone) for unit in UNITS for zone in ZONES]
INDICES = (pa.int8(), pa.uint16(), pa.int32(), pa.int64())
LISTS = [pa.list_(pa.string()), pa.large_list(pa.large_string()), pa.list_view(pa.string()), pa.list_(pa.string(), 2)]


def table(titles_and_columns):
    """Columns as a table that was found in some file, without a file."""
    titles = tuple(titles_and_columns)
    columns = list(titles_and_columns.values())
    cells = pa.RecordBatch.from_arrays([as_cells(column) for column in columns], names=list(titles))
    rows = FoundRows(np.arange(1, cells.num_rows + 1), cells, [])
    return FoundTable("clients", titles, tuple(holds(column.type) for column in columns), iter([rows]))


def coded(found, rulebook):
    """The codes of all good rows, and the bad cells."""
    columns = Columns(found, rulebook, TableReport())
    memory, tables, bad = Memory(rulebook, DAY, columns), [], []
    for block in read_blocks(columns, TableReport()):
        good, _, problems = memory.coded(block)
        tables.append(good)
        bad += block.bad + problems
    return {name: np.concatenate([one[name] for one in tables]).tolist() for name in memory.columns}, bad


def code(column, values, rulebook):
    """The codes of one column; nothing in it may be refused."""
    codes, bad = coded(table({column: values}), rulebook)
    assert bad == []
    return codes[column]


# ---------------------------------------------------------------- one answer, whatever its type


@pytest.mark.parametrize("kind", TEXTS, ids=str)
def test_text_of_every_type_is_the_same_answer(kind, rulebook):
    for name, column in columns_of(rulebook).items():
        answers = [*column.answers, None]
        plain = [None if answer is None else answer.encode() if "binary" in str(kind) else answer for answer in answers]
        as_text = code(name, pa.array(answers, pa.string()), rulebook)
        assert code(name, pa.array(plain, kind), rulebook) == as_text
        if kind not in (pa.string_view(), pa.binary_view()):
            assert code(name, pa.array(plain, kind).dictionary_encode(), rulebook) == as_text


@pytest.mark.parametrize("kind", WHOLE + FLOATS + DECIMALS, ids=str)
def test_a_whole_number_of_every_type_is_the_same_answer(kind, rulebook):
    to = Decimal if pa.types.is_decimal(kind) else np.float16 if kind == pa.float16() else lambda number: number
    for name, numbers in (("age", [44, 0, None, 120]), ("skin_type", [2, 6, None, 1]), ("budget", [100, 1, None, 7])):
        as_text = code(name, pa.array([None if one is None else str(one) for one in numbers]), rulebook)
        column = pa.array([None if one is None else to(one) for one in numbers], kind)
        assert code(name, column, rulebook) == as_text
        assert code(name, pa.DictionaryArray.from_arrays(pa.array(range(4)), column), rulebook) == as_text


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), *MOMENTS], ids=str)
def test_a_day_of_every_type_is_the_same_answer(kind, rulebook):
    """A moment is the day that the clock of its own zone shows."""
    as_text = code("event_date", pa.array(["2027-06-12", None]), rulebook)
    zone = getattr(kind, "tz", None)
    noon = datetime(2027, 6, 12, 12, tzinfo=UTC if zone else None)
    assert code("event_date", pa.array([noon, None], kind), rulebook) == as_text


@pytest.mark.parametrize("kind", [pa.bool_(), pa.dictionary(pa.int32(), pa.bool_())], ids=str)
def test_true_and_false_are_yes_and_no(kind, rulebook):
    column = (
        pa.array([True, False, None]).cast(kind)
        if kind == pa.bool_()
        else pa.array([True, False, None]).dictionary_encode()
    )
    assert code("anaemia", column, rulebook) == code("anaemia", pa.array(["yes", "no", None]), rulebook)
    settings_column = code("spin_during_numbing", column, rulebook)
    assert settings_column == code("spin_during_numbing", pa.array(["true", "false", None]), rulebook)


@pytest.mark.parametrize("kind", LISTS, ids=str)
def test_a_list_of_every_type_is_the_same_answer(kind, rulebook):
    listed = pa.array([["plant", "animal"], None], kind)
    assert code("objects_to", listed, rulebook) == code("objects_to", pa.array(["plant|animal", None]), rulebook)
    if kind != LISTS[-1]:
        assert code("objects_to", pa.array([[]], kind), rulebook) == code("objects_to", pa.array(["none"]), rulebook)


def test_an_id_is_the_same_text_whatever_its_type(files):
    uuid = UUID("c5a7ea16-6e3c-4f67-9d5c-0f2d2f1e6a11")
    for column, ids in (
        (pa.array(["a", "b"], pa.large_string()), ["a", "b"]),
        (pa.array([b"a", b"b"], pa.binary()), ["a", "b"]),
        (pa.array(["a", "b"], pa.string_view()), ["a", "b"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([7.0, 8.0]), ["7", "8"]),
        (pa.array([Decimal(7), Decimal(8)], pa.decimal128(10, 2)), ["7", "8"]),
        (pa.array([uuid.bytes] * 2, pa.uuid()), [str(uuid)] * 2),
    ):
        assert files.run(pa.table({ID: column, "age": [41, 42]}), name=NAME)[0] == DONE
        assert [row["id"] for row in files.rows()] == ids


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary()], ids=str)
def test_an_id_of_every_type_is_one_short_line(kind, files):
    ids = ["a\nb", "x" * 1_001, "good"]
    column = pa.array([one.encode() for one in ids] if kind == pa.binary() else ids, kind)
    status, _ = files.run(pa.table({ID: column, "age": [41, 42, 43]}), name=NAME)
    assert (status, [cell[:2] for cell in files.rejected()]) == (SOME_REFUSED, [(1, ID), (2, ID)])
    assert [row["id"] for row in files.rows()] == ["good"]


def with_zone_unknown():
    return pa.array([datetime(2027, 6, 12), None]).cast(pa.timestamp("us")).cast(pa.timestamp("us", "Mars/Phobos"))


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2**31 - 1, None], pa.int32()).cast(pa.date32()),
        pa.array([-(2**31), None], pa.int32()).cast(pa.date32()),
        pa.array([2**63 - 1, None], pa.int64()).cast(pa.timestamp("ms")),
        pa.array([2**63 - 1, None], pa.int64()).cast(pa.timestamp("us", "UTC")),
        with_zone_unknown(),
        pa.array([time(12), None]),
        pa.array([timedelta(days=3), None]),
    ],
    ids=[
        "latest date32",
        "earliest date32",
        "latest moment",
        "latest moment in a zone",
        "unknown zone",
        "time",
        "duration",
    ],
)
def test_a_day_that_is_none_refuses_its_row_only(column, files):
    status, _ = files.run(pa.table({ID: ["a", "b"], "event_date": column}), name=NAME)
    assert (status, [cell[:2] for cell in files.rejected()]) == (SOME_REFUSED, [(1, "event_date")])
    assert [row["id"] for row in files.rows()] == ["b"]


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pa.array([{"years": 41}]), "struct<years: int64> in each cell"),
        (pa.array([[41]]), "a list in each cell"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "map<string, int64"),
        (pa.array([[[41]]]), "list<"),
    ],
    ids=["struct", "list", "map", "list of lists"],
)
def test_a_column_of_no_answer_is_refused_in_one_line(column, found, files):
    (line,) = files.refused(pa.table({"age": column}), name=NAME)
    assert (
        line.startswith("clients.parquet: age: expected text, a number, a date or true or false, found ")
        and found in line
    )


def test_the_index_that_pandas_keeps_is_skipped_whatever_it_holds(files):
    columns = {ID: ["a", "b"], "age": [41, 42], "__index_level_0__": ["x", "y"]}
    status, lines = files.run(pa.table(columns), name=NAME)
    assert status == DONE
    assert lines == ["clients.parquet: without a title, so skipped: column 3 (__index_level_0__)"]


# ---------------------------------------------------------------- whatever the type, whatever the question

SIMPLE = [pa.null(), pa.bool_(), *TEXTS, *WHOLE, *FLOATS, *DECIMALS, pa.date32(), pa.date64(), *MOMENTS]
SIMPLE += [pa.time32("s"), pa.time64("us"), pa.duration("ms"), pa.month_day_nano_interval(), pa.binary(3), pa.uuid()]
SIMPLE += [pa.timestamp("us", "Mars/Phobos")]


def kinds():
    """Any Arrow type: simple ones, and dictionaries, runs, lists, structs, maps and unions of these."""
    simple = st.sampled_from(SIMPLE)
    lists = st.sampled_from([pa.list_, pa.large_list, pa.list_view, pa.large_list_view, lambda kind: pa.list_(kind, 2)])
    nested = st.one_of(
        st.builds(lambda make, kind: make(kind), lists, simple),
        simple.map(lambda kind: pa.struct([("a", kind)])),
        simple.map(lambda kind: pa.map_(pa.string(), kind)),
    )
    return st.one_of(simple, nested, st.builds(lambda make, kind: make(kind), lists, nested))


DAY_MS = 86_400_000


def any_column(kind, rng, size=4):
    """A column of any type: some nulls, and values from random bytes where the type allows it."""
    step = DAY_MS if kind == pa.date64() else 1
    numbers = [None if rng.random() < 0.3 else rng.getrandbits(63) // step * step for _ in range(size)]
    values = pa.array(numbers, pa.int64())
    for column in (lambda: values.cast(kind, safe=False), lambda: values.cast(pa.string()).cast(kind)):
        try:
            return column()
        except (pa.ArrowException, ValueError):
            continue
    return nested_column(kind, rng, size)


def nested_column(kind, rng, size):
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, pa.array([rng.randbytes(16)] * size, kind.storage_type))
    if pa.types.is_fixed_size_binary(kind):
        return pa.array([rng.randbytes(kind.byte_width), None, *[rng.randbytes(kind.byte_width)] * (size - 2)], kind)
    if pa.types.is_map(kind):
        items = any_column(kind.item_type, rng, size)
        return pa.MapArray.from_arrays(range(size + 1), pa.array(["k"] * size), items)
    if pa.types.is_struct(kind):
        return pa.StructArray.from_arrays([any_column(kind.field(0).type, rng, size)], fields=[kind.field(0)])
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(any_column(kind.value_type, rng, 2 * size), 2)
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        views = pa.LargeListViewArray if "large" in str(kind) else pa.ListViewArray
        return views.from_arrays(range(size), [1] * size, any_column(kind.value_type, rng, size))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        plain = pa.LargeListArray if "large" in str(kind) else pa.ListArray
        return plain.from_arrays(range(size + 1), any_column(kind.value_type, rng, size))
    return pa.nulls(size, kind)


def test_no_type_ends_in_a_traceback_for_any_question(rulebook):
    """Every question's column has this type: a row is computed, or refused cell by cell, or the file in a line a column."""
    questions = columns_of(rulebook)

    @settings(max_examples=100, deadline=None)
    @given(kinds(), st.integers(0, 2**32))
    def holds_for(kind, seed):
        column = any_column(kind, random.Random(seed))
        try:
            codes, bad = coded(table({ID: column, **dict.fromkeys(questions, column)}), rulebook)
        except IntakeProblem as problem:
            assert holds(kind) != ONE
            assert all(len(line) < 400 and "\n" not in line for line in problem.problems)
            return
        assert holds(kind) == ONE
        refused = {cell.line for cell in bad}
        assert len(codes["age"]) == len(column) - len(refused)
        assert all(cell.reason and "\n" not in cell.reason for cell in bad)

    holds_for()


def is_valid(column):
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SIMPLE),
    st.sampled_from(["dictionary", "runs", "sparse union", "dense union"]),
    st.integers(0, 2**32),
)
def test_no_wrapping_of_a_type_ends_in_a_traceback(kind, wrapping, seed):
    column = any_column(kind, random.Random(seed))
    if wrapping == "dictionary":
        column = pa.DictionaryArray.from_arrays(pa.array([0, None, 3, 1], pa.int8()), column)
    elif wrapping == "runs" and is_valid(column):  # Arrow makes runs of nothing else
        column = pa.RunEndEncodedArray.from_arrays(pa.array([1, 2, 3, 4], pa.int32()), column)
    elif wrapping == "sparse union":
        column = pa.UnionArray.from_sparse(pa.array([0] * 4, pa.int8()), [column])
    else:
        column = pa.UnionArray.from_dense(pa.array([0] * 4, pa.int8()), pa.array(range(4), pa.int32()), [column])
    cells = as_cells(column)
    assert cells.type == CELLS and len(cells) == 4
    if holds(column.type) not in (ONE, SEVERAL):
        assert cells.null_count == 4


# ---------------------------------------------------------------- whatever the bytes

COLUMNS = {"id": ["Zoë", "b", "c"], "age": [41, 42, None], "concern": ["texture", "pigment", "texture"]}
CSV = 'id,age,concern,medicines_text\nZoë,41,texture,"a, ""b""\nc"\nb,42,pigment,\n'
JSON = {"age": 44, "concern": "texture", "objects_to": ["plant"], "importance": {"cost": "lot"}}


def as_parquet(folder, **options):
    pa_parquet.write_table(pa.table(COLUMNS), folder / "whole.parquet", **options)
    return (folder / "whole.parquet").read_bytes()


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory):
    """One good file of each format, as bytes."""
    folder = tmp_path_factory.mktemp("whole")
    rows = [list(COLUMNS), *map(list, zip(*COLUMNS.values(), strict=True))]
    return {
        ".csv": [CSV.encode(), CSV.encode("utf-16"), CSV.replace(",", ";").replace("\n", "\r").encode("cp1252")],
        ".parquet": [as_parquet(folder), as_parquet(folder, compression="none", use_dictionary=False)],
        ".xlsx": [workbook({"Answers": rows, "More": rows})],
        ".json": [json.dumps(JSON).encode()],
    }


CHANGES = st.lists(
    st.tuples(st.sampled_from(["set", "cut", "insert", "twice"]), st.floats(0, 1), st.binary(min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
)


def changed(content, changes):
    """The content with bytes set, cut away behind a place, put in, or standing twice."""
    for what, where, found in changes:
        place = int(where * len(content))
        match what:
            case "set":
                content = content[:place] + found + content[place + len(found) :]
            case "cut":
                content = content[:place]
            case "insert":
                content = content[:place] + found + content[place:]
            case "twice":
                content = content[:place] + content[place // 2 :]
    return content


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".json"])
def test_no_changed_byte_of_a_file_ends_in_a_traceback(ending, whole_files, rulebook, tmp_path):
    """It is read, or refused in lines; what is refused whole leaves no result behind."""
    source, out = tmp_path / f"clients{ending}", tmp_path / "out.csv"

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(whole_files[ending]), CHANGES)
    def holds_for(content, changes):
        source.write_bytes(changed(content, changes))
        out.unlink(missing_ok=True)
        try:
            if ending == ".json":
                read_intake(read_client_file(source), rulebook, DAY)
            else:
                recommend_table(source, out, rulebook, DAY, robust=False)
        except IntakeProblem as problem:
            assert problem.problems and all(line and len(line) < 500 for line in problem.problems)
            assert not out.exists()

    holds_for()


def test_no_changed_letter_within_a_workbook_ends_in_a_traceback(whole_files, rulebook, tmp_path):
    """The archive is whole, its parts are not: what a reader of the format is given to parse."""
    (book,) = whole_files[".xlsx"]
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    source, out = tmp_path / "clients.xlsx", tmp_path / "out.csv"

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(sorted(parts)), CHANGES)
    def holds_for(part, changes):
        source.write_bytes(zipped({**parts, part: changed(parts[part], changes)}))
        try:
            recommend_table(source, out, rulebook, DAY, robust=False)
        except IntakeProblem as problem:
            assert problem.problems and all(line and len(line) < 500 for line in problem.problems)

    holds_for()


@pytest.mark.parametrize(
    "content",
    [
        {"resourceType": "QuestionnaireResponse", "status": "completed", "item": []},
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "QuestionnaireResponse"}}]},
    ],
    ids=["alone", "in a bundle"],
)
def test_answers_of_another_health_system_are_recognised(content, tmp_path, capsys):
    source = tmp_path / "client.json"
    source.write_text(json.dumps(content))
    assert main(["recommend", str(source)]) == UNUSABLE
    told = capsys.readouterr()
    assert (told.out, told.err) == (
        "",
        "client.json: a FHIR QuestionnaireResponse. These will be read in a later version\n",
    )


def test_found_tables_say_what_their_columns_hold(tmp_path):
    pa_parquet.write_table(pa.table({"a": [1], "b": [["x"]], "c": [{"d": date(2027, 1, 1)}]}), tmp_path / NAME)
    found = open_table(tmp_path / NAME)
    assert found.holds == (ONE, SEVERAL, "struct<d: date32[day]>")
    assert [rows.cells.column(2).to_pylist() for rows in found.rows] == [[None]]
