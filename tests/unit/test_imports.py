"""Visits and sales of a booking system's file: read as a mapping says, kept whole or not at all, known again, taken back."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medspa_core.__main__ import PROGRAM
from medspa_core.access import AccessRefused, Role
from medspa_core.command_line import import_commands
from medspa_core.command_line.here import Here
from medspa_core.command_line.parser import command_parser
from medspa_core.formats.safe_csv import csv_text
from medspa_core.intake import IntakeProblem
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.imports.amounts import Amount, read_amount
from medspa_core.practice.imports.fields import Known
from medspa_core.practice.imports.file_mapping import checked_mapping, read_mapping_file
from medspa_core.practice.imports.keeping import (
    Import,
    keep_as,
    keep_import,
    known_here,
    look_over,
    undo_as,
    undo_import,
)
from medspa_core.practice.imports.reconciliation import Reconciliation
from medspa_core.records import Store, finish, read_facts, record_choice, start_draft, take_back_choice
from medspa_core.records.audit.log import DELETED
from medspa_core.records.erasure.discarded_consultations import discard_rows
from medspa_core.records.facts.consultation_facts import OF_CONSULTATION
from medspa_core.records.facts.imports import NotTheNewest, keep_mapping, kept_mappings, list_imports
from medspa_core.records.problems import StoreProblem
from medspa_core.rulebook import Rulebook
from medspa_core.settings import settings_from
from medspa_core.tables.files.found_table import SentFile
from tests.clients_support import Practice
from tests.records_support import FACTS, NOW, ORDER

EXO, PRP, MN = "exosome_microneedling", "prp_microneedling", "microneedling_alone"
TODAY = NOW.date()
KNOWN = Known(
    {EXO: "Exosomes", PRP: "PRP", MN: "Microneedling"}, {"main": "Main street"}, {"p1": "Anna Lee"}, "USD", "$"
)
VISITS = {
    "columns": {"Ref": "reference", "Date": "day", "Client": "client", "Service": "option", "Status": "status"}
    | {"Booked": "booked_on", "Staff": "provider", "Room min": "chair_minutes"},
    "words": {
        "option": {"Exo facial": EXO, "MN+EXO": EXO, "Botox": "not_ours"},
        "status": {"Completed": "performed", "No Show": "no_show"},
        "provider": {"A. Lee": "Anna Lee", "Any": ""},
    },
}
VISIT_TITLES = ["Ref", "Date", "Client", "Service", "Status", "Booked", "Staff", "Room min", "Notes"]
SALES = {
    "columns": {
        "Date": "day",
        "Client": "client",
        "Item": "option",
        "Type": "what",
        "Total": "amount",
        "List": "list_price",
    },
    "always": {"currency": "USD"},
    "words": {
        "option": {"Exo facial": EXO, "PRP": PRP, "Cream": "not_ours"},
        "what": {"Sale": "payment", "Pack": "package", "Used": "redemption", "Back": "refund"},
    },
}
SALE_TITLES = ["Date", "Client", "Item", "Type", "Total", "List"]


def sent(titles: Sequence[str], rows: Sequence[Sequence[Any]], name: str = "export.csv") -> SentFile:
    written = io.StringIO()
    csv.writer(written).writerows([titles, *rows])
    return SentFile(name, written.getvalue().encode())


def asked(source: SentFile, raw: Mapping[str, Any], kind: Any, known: Known = KNOWN, **file: str) -> Import:
    return Import(source, checked_mapping({**raw, "file": file}, "clinic.toml", known, kind), TODAY)


def visits(*rows: Sequence[Any], **file: str) -> Import:
    return asked(sent(VISIT_TITLES, rows), VISITS, "visits", **file)


def sales(*rows: Sequence[Any], **file: str) -> Import:
    return asked(sent(SALE_TITLES, rows), SALES, "sales", **file)


def keep(store: Store, one: Import) -> Reconciliation:
    return keep_import(store, one, KNOWN, NOW)[1]


def facts(store: Store, kind: Any) -> list[dict[str, Any]]:
    found = read_facts(store, kind=kind)
    return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


BOOKED = ["b1", "2026-03-02", "C-9", "Exo facial", "Completed", "2026-02-20", "A. Lee", "60", "by phone"]
LATER = ["b2", "2027-01-02", "C-9", "MN+EXO", "booked", "2026-03-02", "Any", "", ""]


def test_visits_are_kept_with_their_words_as_ours_and_nothing_of_the_client(store: Store) -> None:
    report = keep(store, visits(BOOKED, LATER, ["b3", "2026-03-02", "C-1", "Botox", "Paid", "", "Zoe", "x", ""]))
    first, second = facts(store, "visit")
    assert (first["day"], first["status"], first["option_id"], first["provider"], first["chair_minutes"], first["booked_on"]) == (
        date(2026, 3, 2), "performed", EXO, "p1", 60, date(2026, 2, 20))  # fmt: skip
    assert (second["status"], second["provider"], second["chair_minutes"]) == ("booked", None, None)
    assert first["course"] == second["course"] and len(first["course"]) == 22
    assert first["rebooked"] is True  # the next one stood in the book on that day
    assert (report.rows_in, report.added, report.not_ours, report.refused) == (3, 2, 1, 0)
    with store.reading() as connection:
        for table in ("visit_facts", "imported_rows", "fact_imports", "audit"):
            kept = str(connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall())  # noqa: S608
            assert "C-9" not in kept and "'b1'" not in kept and "by phone" not in kept and "c-9" not in kept


def test_the_same_file_twice_adds_nothing_and_says_so(store: Store) -> None:
    one = visits(BOOKED, LATER)
    assert keep(store, one).added == 2
    made, again = keep_import(store, one, KNOWN, NOW)
    assert (made, again.added, again.updated, again.unchanged) == (None, 0, 0, 2)
    assert look_over(store, one, KNOWN).same_file_on == NOW.date()
    assert len(list_imports(store)) == 1 and len(facts(store, "visit")) == 2


def test_a_newer_export_adds_what_is_new_and_brings_a_visit_up_to_date(store: Store) -> None:
    keep(store, visits(BOOKED, LATER))
    came = [*LATER[:1], "2026-04-07", *LATER[2:4], "No Show", *LATER[5:]]
    report = keep(store, visits(BOOKED, came, ["b4", "2026-05-01", "C-2", "Exo facial", "cancelled", "", "", "", ""]))
    assert (report.added, report.updated, report.unchanged) == (1, 1, 1)
    assert sorted((one["day"].isoformat(), one["status"]) for one in facts(store, "visit")) == [
        ("2026-03-02", "performed"), ("2026-04-07", "no_show"), ("2026-05-01", "cancelled")]  # fmt: skip


def test_a_visit_that_goes_back_to_its_course_leaves_the_other_one_as_it_was(store: Store) -> None:
    """A word that means another treatment moves a visit to that one's course; taken back, it leaves it again."""
    first = ["b1", "2026-03-02", "C-9", "Exo facial", "Completed", "2026-02-20", "Any", "60", ""]
    second = ["b2", "2026-03-30", "C-9", "MN+EXO", "Completed", "2026-02-25", "Any", "60", ""]

    def rebooked(word_means: str) -> list[bool | None]:
        words = {**VISITS["words"], "option": {"Exo facial": EXO, "MN+EXO": word_means}}
        keep(store, asked(sent(VISIT_TITLES, [first, second]), {**VISITS, "words": words}, "visits"))
        return [one["rebooked"] for one in facts(store, "visit")]

    assert (rebooked(PRP), rebooked(EXO)) == ([False, False], [True, False])
    undo_import(store, 2, NOW)
    assert [one["rebooked"] for one in facts(store, "visit")] == [False, False]


def test_an_undone_import_leaves_all_as_it_was_before_and_only_the_newest_can_be_undone(store: Store) -> None:
    keep(store, visits(BOOKED, LATER))

    def told() -> list[dict[str, Any]]:
        return [{name: value for name, value in one.items() if name != "seq"} for one in facts(store, "visit")]

    before = told()
    keep(
        store,
        visits(
            BOOKED,
            [*LATER[:4], "cancelled", *LATER[5:]],
            ["b4", "2026-05-01", "C-9", "Exo facial", "booked"] + [""] * 4,
        ),
    )
    assert len(told()) == 3
    with pytest.raises(NotTheNewest):
        undo_import(store, 1, NOW)
    table = FactsTable()
    table.keep_up(store)
    assert undo_import(store, 2, NOW) == (1, 1)
    assert told() == before
    table.keep_up(store)
    assert len(table) == 2
    with pytest.raises(StoreProblem, match="no import 2"):
        undo_import(store, 2, NOW)
    assert undo_import(store, 1, NOW) == (2, 0)
    assert told() == [] and keep(store, visits(BOOKED, LATER)).added == 2
    assert [one.undone_at is None for one in list_imports(store)] == [True, False, False]


def test_a_package_is_paid_once_and_redeemed_without_money(store: Store) -> None:
    report = keep(
        store,
        sales(
            ["2026-03-01", "C-9", "Exo facial", "Pack", "$1,500.00", "1800"],
            ["2026-03-02", "C-9", "Exo facial", "Used", "500", ""],
            ["2026-03-02", "C-9", "Exo facial", "Used", "-500.00", ""],
            ["2026-03-09", "C-1", "PRP", "Sale", "400", "450.5"],
            ["2026-03-10", "C-1", "PRP", "Back", "400", ""],
            ["2026-03-10", "C-1", "Cream", "Sale", "60", ""],
        ),
    )
    columns = ("what", "paid_cents", "list_cents", "worth_cents")
    assert sorted([tuple(one[name] for name in columns) for one in facts(store, "sale")], key=str) == [
        ("package", 150_000, 180_000, None),
        ("payment", 40_000, 45_050, None),
        ("redemption", 0, None, 50_000),
        ("redemption", 0, None, 50_000),
        ("refund", -40_000, None, None),
    ]
    assert (report.cents_in, report.cents_kept, report.cents_not_ours, report.worth_cents) == (
        156_000,
        150_000,
        6_000,
        100_000,
    )
    assert len({one["course"] for one in facts(store, "sale")}) == 2


def test_a_payment_below_zero_is_a_refund_only_where_somebody_said_so(store: Store) -> None:
    row = ["2026-03-09", "C-1", "PRP", "Sale", "(12.50)", ""]
    assert "below_zero" in look_over(store, sales(row), KNOWN).bad[0].reason
    assert keep(store, sales(row, below_zero="refund")).cents_kept == -1_250
    assert facts(store, "sale")[0]["what"] == "refund"


def test_two_equal_payments_of_a_day_stay_two_and_are_known_again(store: Store) -> None:
    row = ["2026-03-09", "C-1", "PRP", "Sale", "400", ""]
    assert keep(store, sales(row, row)).added == 2
    assert (keep(store, sales(row, row, row)).added, len(facts(store, "sale"))) == (1, 3)


def test_an_unknown_word_is_asked_and_nothing_is_kept(store: Store) -> None:
    one = visits(BOOKED, ["b5", "2026-03-03", "C-3", "Hydra", "Done", "", "Zoe", "", ""])
    with pytest.raises(IntakeProblem) as problem:
        keep(store, one)
    told = "\n".join(problem.value.problems)
    assert all(word in told for word in ('option: "Hydra" (1 rows)', 'status: "Done"', 'provider: "Zoe"'))
    assert facts(store, "visit") == [] and list_imports(store) == []
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM imported_rows").scalar() == 0


@pytest.mark.parametrize(
    ("days", "order", "told"),
    [
        (["03/04/2026"], None, "date_order"),
        (["25/03/2026", "03/25/2026"], None, "date_order"),
        (["25/03/2026"], None, "2026-03-25"),
        (["03/04/2026"], "day_first", "2026-04-03"),
        (["03/04/2026 14:30"], "month_first", "2026-03-04"),
        (["2026-03-29 02:30:00"], None, "2026-03-29"),  # an hour that clocks leave out in Berlin
        (["2026-10-25T02:30:00"], None, "2026-10-25"),
        (["2024-02-29"], None, "2024-02-29"),
    ],
)
def test_the_order_of_days_is_said_by_a_person_where_it_can_be_two(
    store: Store, days: list[str], order: str | None, told: str
) -> None:
    rows = [["", day, "C", "Exo facial", "performed", "", "", "", ""] for day in days]
    one = visits(*rows, **({"date_order": order} if order else {}))
    report = look_over(store, one, KNOWN)
    if told == "date_order":
        assert told in report.to_be_said("m")[0]
    else:
        assert [row["day"] for row in report.first_rows] == [told]


@pytest.mark.parametrize(
    ("text", "mark", "found"),
    [
        ("1,234.50", None, 123_450), ("1.234,50", None, 123_450), ("1 234,50", None, 123_450), ("1'234.50", None, 123_450),
        ("1.234.567", None, 123_456_700), ("12", None, 1_200), ("12.5", None, 1_250), ("-12,50", None, -1_250),
        ("12,50-", None, -1_250),
        ("(12.50)", None, -1_250), ("$-5", None, -500), ("-$5.00", None, -500), ("USD 5", None, 500), ("5 usd", None, 500),
        ("19.990000000000002", None, 1_999), ("0.500", None, 50), ("1.234", None, None), ("1,234", None, None),
        ("1.234", ",", 123_400), ("1,234", ".", 123_400), ("1,50", ".", None), ("1.50", ",", None), ("1.2345", None, None),
        ("€5", None, None), ("", None, None), ("=5", None, None), ("1e3", None, None), ("nan", None, None), ("--5", None, None),
        ("1,2,3", None, None), ("9" * 50, None, None), ("1\u00a0234,50", None, 123_450), ("\u22125", None, -500),
    ],
)  # fmt: skip
def test_an_amount_is_read_to_the_hundredth_or_not_at_all(text: str, mark: str | None, found: int | None) -> None:
    read = read_amount(text, mark, ("USD", "$"))
    assert (read.cents if isinstance(read, Amount) else None) == found


@given(st.integers(-(10**9), 10**9), st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (".", "")]))
@settings(max_examples=60)
def test_every_amount_is_read_as_it_was_written(cents: int, marks: tuple[str, str]) -> None:
    decimal, thousands = marks
    whole, rest = divmod(abs(cents), 100)
    text = f"{'-' if cents < 0 else ''}{f'{whole:,}'.replace(',', thousands)}{decimal}{rest:02}"
    assert read_amount(text, decimal, ()) == Amount(cents, decimal)


def test_amounts_with_both_decimal_marks_are_asked_about(store: Store) -> None:
    rows = [["2026-03-09", "C-1", "PRP", "Sale", amount, ""] for amount in ("4,50", "4.50")]
    assert "decimal_mark" in look_over(store, sales(*rows), KNOWN).to_be_said("m")[0]


EURO = replace(KNOWN, currency="EUR", currency_sign="€")


def test_another_clinic_in_euros_with_the_day_first_and_a_decimal_comma(store: Store) -> None:
    text = "Datum;Kunde;Leistung;Art;Betrag;W\u00e4hrung\n"
    text += "05.03.2026;K1;Exo;Zahlung;1.250,50 \u20ac;EUR\n31.03.2026;K2;Exo;Zahlung;80,00;USD\n"
    raw = {
        "file": {"kind": "sales", "date_order": "day_first", "decimal_mark": ","},
        "columns": {
            "Datum": "day",
            "Kunde": "client",
            "Leistung": "option",
            "Art": "what",
            "Betrag": "amount",
            "Währung": "currency",
        },
        "words": {"option": {"Exo": EXO}, "what": {"Zahlung": "payment"}},
    }
    one = Import(SentFile("export.csv", text.encode("cp1252")), checked_mapping(raw, "clinic", EURO), TODAY)
    _, report = keep_import(store, one, EURO, NOW)
    (only,) = facts(store, "sale")
    assert (only["day"], only["paid_cents"], only["currency"]) == (date(2026, 3, 5), 125_050, "EUR")
    assert (report.refused, report.cents_refused) == (1, 8_000)
    assert "clinic's one currency" in report.bad[0].reason


def test_a_consultation_is_linked_by_its_code_name_where_that_was_chosen(store: Store) -> None:
    draft = start_draft(store, "Birch 7", NOW, date(2026, 2, 1), ORDER)
    record_choice(store, draft.id, EXO, NOW, FACTS)
    finish(store, draft.id, NOW)
    mine = str(read_facts(store)["id"][0])
    rows = [
        [*BOOKED[:2], "birch 7", *BOOKED[3:]],
        ["b2", "2026-01-02", "Birch 7", "Exo facial", "performed", "", "", "", ""],
    ]
    assert keep(store, visits(*rows, client_is="code_name")).linked == 1
    assert sorted([one["consultation"] or "" for one in facts(store, "visit")]) == ["", mine]
    assert facts(store, "consultation")[0]["first_visit_on"] == date(2026, 3, 2)
    undo_import(store, 1, NOW)
    assert facts(store, "consultation")[0]["first_visit_on"] is None


def test_what_was_imported_stays_when_its_consultation_is_thrown_away_or_chooses_nothing_any_more(store: Store) -> None:
    def linked(code_name: str, day: str) -> tuple[str, list[Any]]:
        draft = start_draft(store, code_name, NOW, date(2026, 2, 1), ORDER)
        record_choice(store, draft.id, EXO, NOW, FACTS)
        return draft.id, [day, code_name, "Exo facial", "Sale", "100.00", ""]

    (thrown, first), (undecided, second) = linked("Birch 7", "2026-03-02"), linked("Birch 8", "2026-03-03")
    assert keep(store, sales(first, second, client_is="code_name")).linked == 2
    with store.writing() as connection:
        discard_rows(connection, [thrown])
        store.note(connection, NOW, DELETED, thrown, {})
    take_back_choice(store, undecided, NOW)
    kept = facts(store, "sale")
    assert [one["paid_cents"] for one in kept] == [10_000, 10_000]
    assert {one[name] for one in kept for name in OF_CONSULTATION} == {None}
    again = keep(store, sales(first, second, client_is="code_name"))
    assert (again.added, again.updated, again.linked) == (0, 2, 0)


def test_a_row_is_refused_with_its_line_and_its_column(store: Store) -> None:
    bad = [
        ["b1", "yesterday", "C", "Exo facial", "performed", "", "", "", ""],
        ["b2", "2026-03-02", "C", "Exo facial", "", "", "", "", ""],
        ["b3", "2099-03-02", "C", "Exo facial", "performed", "", "", "", ""],
        ["b4", (TODAY + timedelta(days=1)).isoformat(), "C", "Exo facial", "performed", "", "", "", ""],
        ["b5", "2026-03-02", "C", "Exo facial", "performed", "", "", "1e3", ""],
        ["b6", "2026-03-02T10:00:00+02:00", "C", "Exo facial", "performed", "", "", "", ""],
        BOOKED,
        BOOKED,
    ]
    report = keep(store, visits(*bad))
    assert (report.rows_in, report.added, report.refused) == (8, 1, 7)
    assert [(cell.line, cell.column) for cell in report.bad] == [
        (2, "Date"), (3, "Status"), (4, "Date"), (5, "Date"), (6, "Room min"), (7, "Date"), (9, "Ref")]  # fmt: skip


def test_what_a_spreadsheet_would_compute_is_read_as_it_was_before_its_apostrophe(store: Store) -> None:
    raw = {**VISITS, "words": {**VISITS["words"], "option": {"=HYPERLINK(1)": EXO, "+EXO": EXO}}}
    titles = VISIT_TITLES[:5]
    first = csv_text(
        titles, [["-b1", "2026-03-02", "@C", "=HYPERLINK(1)", "performed"], ["b2", "2026-03-02", "C", "+EXO", "booked"]]
    )
    assert "'=HYPERLINK" in first
    mapped = {**raw, "columns": {title: VISITS["columns"][title] for title in titles}}
    assert keep(store, asked(SentFile("a.csv", first.encode()), mapped, "visits")).added == 2
    plain = sent(titles, [["-b1", "2026-03-02", "@C", "=HYPERLINK(1)", "performed"]])
    assert keep(store, asked(plain, mapped, "visits")).added == 0


ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as _archive:
    _archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
TITLES, ROW = b"Date,Client,Item,Type,Total,List\n", b"2026-03-01,C,PRP,Sale,5,6\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.csv", b"\x89PNG\r\n", "a picture"),
        ("a.csv", b"PK\x03\x04rest", "zip archive"),
        ("a.csv", bytes(range(256)) * 40, "not text"),
        ("a.xlsx", b"Date,Client\n", "not an Excel workbook"),
        ("a.xlsx", ARCHIVE.getvalue(), "100 times its size"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ends in .xls"),
        ("a.pdf", b"%PDF-1", "ends in .pdf"),
        ("../../a.csv", b"Date\n", "not a column of this file"),
        ("a.csv", TITLES.replace(b"Client", b"Date") + ROW, "stands 2 times"),
        ("a.csv", TITLES[:-1] + b",x" * 200 + b"\n", "at most 200 columns"),
        ("a.parquet", b"PAR1", "not a Parquet file"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_clear_line(store: Store, name: str, content: bytes, told: str) -> None:
    with pytest.raises(IntakeProblem) as problem:
        keep(store, asked(SentFile(name, content), SALES, "sales"))
    assert told in problem.value.problems[0]
    assert list_imports(store) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"2026-03-01,C,PRP,Sale,5\n", "expected 6 cells"),
        (b"2026-03-01,C,PRP,Sale,5,6,7\n", "expected 6 cells"),
        (b'2026-03-01,"C"x,PRP,Sale,5,6\n', "wrong quoting"),
        (b"2026-03-01,C\0,PRP,Sale,5,6\n", "not UTF-8 text"),
        (b"2026-03-01,\xff\xfeC\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9,PRP,Sale,5,6\n", "not UTF-8 text"),
        (b"2026-03-01," + b"C" * 10_001 + b",PRP,Sale,5,6\n", "at most 10000 characters"),
        (b"2026-03-01,C,PRP,Sale,inf,6\n", "an amount"),
        (b"46000,C,PRP,Sale,5,6\n", "expected a day"),
        (b"2026-02-30,C,PRP,Sale,5,6\n", "expected a day"),
        (b"1899-12-31,C,PRP,Sale,5,6\n", "expected a day"),
    ],
)
def test_a_line_that_is_no_good_is_refused_and_the_others_stay(store: Store, line: bytes, told: str) -> None:
    report = keep(store, asked(SentFile("a.csv", TITLES + ROW + line), SALES, "sales"))
    assert (report.rows_in, report.added, report.refused) == (2, 1, 1)
    assert told in report.bad[0].reason and report.bad[0].line == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_name_beyond_ascii_is_the_same_in_every_encoding(store: Store, encoding: str, end: str) -> None:
    raw = {**SALES, "words": {**SALES["words"], "option": {"Kosmétique exo": EXO}}}
    text = end.join([",".join(SALE_TITLES), "2026-03-01,C,Kosmétique exo,Sale,5,6", ""])
    assert look_over(store, asked(SentFile("a.csv", text.encode(encoding)), raw, "sales"), KNOWN).added == 1


def test_header_only_keeps_nothing(store: Store) -> None:
    assert keep_import(store, asked(SentFile("a.csv", TITLES), SALES, "sales"), KNOWN, NOW)[0] is None


def test_an_import_that_breaks_off_in_the_middle_keeps_nothing(store: Store) -> None:
    rows = [["2026-03-01", f"C{number}", "PRP", "Sale", "5", ""] for number in range(50)]

    class Killed(Exception):
        pass

    def stop(rows: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        keep_import(store, sales(*rows), KNOWN, NOW, stop)
    assert facts(store, "sale") == [] and list_imports(store) == []
    assert keep(store, sales(*rows)).added == 50


def test_an_exported_mix_of_rows_read_back_adds_no_row(store: Store) -> None:
    """Our own words need no mapping."""
    keep(store, visits(BOOKED, LATER))
    titles = ["reference", "day", "client", "option_id", "status"]
    raw = {"columns": dict(zip(titles, ["reference", "day", "client", "option", "status"], strict=True))}
    rows = [
        [one["id"], one["day"].isoformat(), one["course"], one["option_id"], one["status"]]
        for one in facts(store, "visit")
    ]
    exported = asked(SentFile("visits.csv", csv_text(titles, rows).encode()), raw, "visits")
    assert keep(store, exported).added == 2  # under references of its own, once
    again = keep(store, exported)
    assert (again.added, again.unchanged) == (0, 2)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2026-01-01", "2026-02-28", "2027-09-09", "03/04/26", ""]),
        st.sampled_from(["A", "B", ""]),
        st.sampled_from(["PRP", "Exo facial", "Cream", ""]),
        st.sampled_from(["Sale", "Pack", "Used", "Back"]),
        st.sampled_from(["10", "-3", "2.50", "x", ""]),
        st.sampled_from(["", "12"]),
    ),
    max_size=12,
)


@given(ROWS, st.integers(0, 12))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_and_every_hundredth_is_accounted_for_and_a_second_time_adds_none(
    file_store: Store, rows: list[tuple[str, ...]], cut: int
) -> None:
    part, whole = (sales(*some, date_order="day_first") for some in (rows[:cut], rows))
    first, second = keep(file_store, part), keep(file_store, whole)
    again = keep(file_store, whole)
    for report, given_rows in ((first, rows[:cut]), (second, rows), (again, rows)):
        assert report.rows_in == sum(any(row) for row in given_rows) == report.kept + report.not_ours + report.refused
        assert report.cents_in == report.cents_kept + report.cents_not_ours + report.cents_refused
    assert (again.added, again.updated, second.unchanged) == (0, 0, first.added)
    assert sum(one["paid_cents"] for one in facts(file_store, "sale")) == second.cents_kept
    for one in [one for one in list_imports(file_store) if one.undone_at is None]:
        undo_import(file_store, one.number, NOW)
    assert facts(file_store, "sale") == []


# --- who may, and on the command line -------------------------------------------------------------------------------


def test_only_who_sees_everybodys_figures_imports_and_with_the_password_just_given(file_store: Store) -> None:
    practice, one, now = Practice(file_store), visits(BOOKED), NOW + timedelta(minutes=5)
    for role in Role:
        mine = practice.signed_in(role.value)
        if role not in (Role.MEDICAL_DIRECTOR, Role.MANAGER, Role.OWNER):
            with pytest.raises(AccessRefused):
                keep_as(file_store, mine, one, KNOWN, now)
            continue
        assert keep_as(file_store, mine, one, KNOWN, now)[1].added == 1
        for other in (None, practice.signed_in(role.value, password_given=False)):
            with pytest.raises(AccessRefused):
                undo_as(file_store, other, list_imports(file_store)[0].number, now)
        assert undo_as(file_store, mine, list_imports(file_store)[0].number, now) == (1, 0)


MAPPING = """
[file]
kind = "sales"

[columns]
Date = "day"
Client = "client"
Item = "option"
Type = "what"
Total = "amount"
List = "skip"

[always]
currency = "USD"

[words.option]
PRP = "prp_microneedling"

[words.what]
Sale = "payment"
"""


def test_on_the_command_line_a_dry_run_keeps_nothing_and_an_import_can_be_undone(
    file_store: Store,
    tmp_path: Path,
    rulebook: Rulebook,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_commands, "opened", lambda here: contextlib.nullcontext(file_store))
    here = Here(settings_from({"MEDSPA_HOME": str(tmp_path)}, PROGRAM), PROGRAM, lambda: NOW)
    (tmp_path / "map.toml").write_text(MAPPING)
    (tmp_path / "a.csv").write_bytes(TITLES + ROW + b"2026-03-02,C,PRP,Sale,x,\n")

    def run(*words: str) -> tuple[int, list[str]]:
        given = command_parser().parse_args(list(words))
        return getattr(import_commands, given.verb)(here, given)  # type: ignore[no-any-return]

    words = ("import-sales", str(tmp_path / "a.csv"), "--map", str(tmp_path / "map.toml"))
    status, told = run(*words, "--dry-run")
    assert status == 3 and told[1:] == [
        "Rows: 2 in, 1 kept (1 new, 0 updated, 0 as before), 0 not ours, 1 refused",
        "Money, USD: 5.00 in the file, 5.00 kept, 0.00 not ours, 0.00 refused; 0.00 used up of packages",
    ]
    assert facts(file_store, "sale") == []
    assert 'line 3: Total: expected an amount in USD, found "x"' in capsys.readouterr().err
    assert run(*words)[1][0] == "Kept as import 1. Take it back: undo-import 1"
    assert "Nothing new in it." in run(*words)[1]
    assert "1 added, 0 updated" in run("imports")[1][0]
    assert run("undo-import", "1")[1] == ["Import 1 is undone: 1 facts gone, 0 as they were before."]
    with pytest.raises(IntakeProblem, match="sales, and visits was asked for"):
        run(*words, "--kind", "visits")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[file", "not TOML"),
        ("[file]\nkind = 'sale'", "expected visits or sales"),
        (MAPPING + "[words.provider]\nZoe = 'Zoe'", "expected Anna Lee"),
        (MAPPING.replace('"amount"', '"?"'), "still"),
        (MAPPING.replace('"amount"', '"amuont"'), "did you mean amount?"),
        (MAPPING.replace('Type = "what"', ""), "no column is what"),
        (MAPPING.replace('"USD"', '"EUR"'), "expected USD"),
        (MAPPING.replace('"skip"', '"amount"'), "read from another column already"),
        (MAPPING + "[more]", "not a key of a mapping"),
        (MAPPING.replace("PRP = ", "prp = 'not_ours'\nPRP = "), "means two things"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused_with_a_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(IntakeProblem) as problem:
        read_mapping_file(tmp_path / "map.toml", KNOWN)
    assert any(told in line for line in problem.value.problems)


def test_a_reading_of_one_kind_of_file_never_takes_the_place_of_another_kinds(store: Store) -> None:
    keep_mapping(store, "Ours", "sales", SALES, NOW)
    keep_mapping(store, "Ours", "sales", {**SALES, "file": {}}, NOW)  # brought up to date
    with pytest.raises(StoreProblem, match="Give this one another name"):
        keep_mapping(store, "Ours", "visits", VISITS, NOW)
    assert kept_mappings(store, "sales") == {"Ours": {**SALES, "file": {}}} and not kept_mappings(store, "visits")


def test_names_that_one_alone_has_here_need_no_mapping_and_two_of_one_name_are_asked(
    file_store: Store, rulebook: Rulebook
) -> None:
    practice = Practice(file_store)
    known = known_here(file_store, rulebook)
    assert known.locations[practice.here] == "Main street" and known.options[EXO]
    titles, rows = (
        ["Date", "Where", "What"],
        [["2026-03-02", "MAIN STREET", rulebook.options[EXO].name], ["2026-03-02", "Twin", EXO]],
    )
    raw = {"columns": {"Date": "day", "Where": "location", "What": "option"}, "always": {"status": "performed"}}
    twins = replace(known, locations={**known.locations, "t1": "Twin", "t2": "Twin"})
    report = look_over(file_store, asked(sent(titles, rows), raw, "visits", twins), twins)
    assert report.first_rows[0]["location"] == practice.here and dict(report.words["location"]) == {"Twin": 1}
