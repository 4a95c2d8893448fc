"""A form tool's own table is read by a mapping: the same result as the same clients by id, and nothing is ever guessed."""

import csv
import io
import json
import tomllib
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.__main__ import main
from medspa_core.formats.typed_dates import in_digits
from medspa_core.intake import IntakeProblem, columns_of
from medspa_core.mapping.first_mapping.mapping_text import first_mapping
from medspa_core.mapping.form_table import MappedForm
from medspa_core.mapping.mapping_file import checked, read_mapping
from medspa_core.mapping.rules import intake_columns
from medspa_core.mapping.texts import quoted
from medspa_core.recommendation import recommend
from medspa_core.rulebook import load_rulebook
from medspa_core.tables.coding import Memory
from medspa_core.tables.files.found_table import CELLS, ONE, FoundRows, FoundTable
from medspa_core.tables.files.opening import open_table
from medspa_core.tables.reading import read_blocks
from medspa_core.tables.row_blocks import TableReport
from medspa_core.tables.run import recommend_table
from tests.conftest import AS_OF, DATA
from tests.table_support import workbook
from tests.unit.strategies import clients

FORMS = Path(__file__).parents[1] / "forms"
DONE, UNUSABLE, SOME_REFUSED = 0, 2, 3
CLIENTS = json.loads((FORMS / "clients.json").read_text("utf-8"))
TOOLS = ("google_forms", "jotform", "typeform", "qualtrics", "redcap", "surveymonkey")
RULEBOOK = load_rulebook(DATA)


@pytest.fixture
def forms(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(
        "medspa_core.command_line.here.Here.rulebook", lambda here: RULEBOOK
    )  # loaded once for all tests
    return Forms(tmp_path, capsys)


class Forms:
    """A folder with a form's table and a mapping in it, run through the command line."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.out = folder / "out.csv"

    def run(self, table, mapping, *options, name="form.csv"):
        """Status and the lines on stderr, notices of missing columns aside."""
        source, rules = self.folder / name, self.folder / "mapping.toml"
        source.write_bytes(table.encode() if isinstance(table, str) else table)
        rules.write_bytes(mapping.encode() if isinstance(mapping, str) else mapping)
        arguments = [str(source), "--map", str(rules), "--out", str(self.out), "--as-of", AS_OF.isoformat()]
        status = main(["recommend", *arguments, *options])
        printed = self.capsys.readouterr()
        assert printed.out == ""
        return status, [line for line in printed.err.splitlines() if "unanswered in all rows" not in line]

    def refused(self, table, mapping, name="form.csv"):
        """The lines of a run that computes nothing."""
        status, lines = self.run(table, mapping, name=name)
        assert status == UNUSABLE and lines and not self.out.exists()
        assert all(len(line) < 400 for line in lines)
        return lines

    def rows(self):
        with self.out.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def rejected(self):
        path = self.out.with_name("out.rejected.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return [(int(row["line"]), row["column"], row["reason"]) for row in csv.DictReader(file)]

    def by_ids(self, clients):
        """The same clients in a table by ids."""
        source = self.folder / "ids.csv"
        source.write_text(table_by_ids(clients), "utf-8")
        arguments = [str(source), "--out", str(self.folder / "by_ids.csv"), "--as-of", AS_OF.isoformat()]
        assert main(["recommend", *arguments]) == DONE
        self.capsys.readouterr()
        with (self.folder / "by_ids.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def table_by_ids(clients):
    """A CSV whose columns are the ids of the questions."""
    rows = [dict(_spread(client)) for client in clients]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _spread(client):
    for key, value in client.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{part}", _cell(inner)) for part, inner in value.items() if inner is not None)
        elif value is not None:
            yield key, _cell(value)


def _cell(value):
    if isinstance(value, list):
        return "|".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else value


# ---------------------------------------------------------------- the shapes of form tools


def told(rows):
    """All that was computed, without what tells rows apart."""
    return [{key: value for key, value in row.items() if key not in ("row", "id")} for row in rows]


def as_in(tool):
    """The clients as a tool can tell them: REDCap's date fields have no word for no date."""
    if tool != "redcap":
        return CLIENTS
    return [{k: v for k, v in client.items() if (k, v) != ("event_date", "none")} for client in CLIENTS]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_form_tools_export_gives_what_the_same_clients_give_by_id(forms, tool):
    table, mapping = ((FORMS / f"{tool}.{ending}").read_bytes() for ending in ("csv", "toml"))
    status, lines = forms.run(table, mapping)
    assert status == DONE and all("skipped, as mapping.toml does not name them" in line for line in lines)
    assert told(forms.rows()) == told(forms.by_ids(as_in(tool)))


@pytest.mark.parametrize("tool", ["redcap", "redcap_labels", "surveymonkey", "typeform", "qualtrics"])
def test_a_form_with_boxes_and_birth_dates_gives_what_the_same_clients_give_by_id(forms, tool):
    table, mapping = ((FORMS / f"{tool}_history.{ending}").read_bytes() for ending in ("csv", "toml"))
    assert forms.run(table, mapping) == (DONE, [])
    clients = json.loads((FORMS / "history.json").read_text("utf-8"))
    assert told(forms.rows()) == told(forms.by_ids(clients))


def test_each_row_of_a_mapped_table_is_what_the_client_alone_is_told(forms):
    forms.run((FORMS / "jotform.csv").read_bytes(), (FORMS / "jotform.toml").read_bytes())
    for row, client in zip(forms.rows(), CLIENTS, strict=True):
        answers = {key: value for key, value in client.items() if key != "id"}
        alone = recommend(answers, RULEBOOK, AS_OF)
        assert (row["standing"], row["best"]) == (alone.standing, alone.best or "")
        assert {key: row[f"verdict.{key}"] for key in RULEBOOK.ranked} == {
            key: alone.options[key].verdict.word for key in RULEBOOK.ranked
        }


MICROSOFT_TITLES = (
    *("ID", "Start time", "Completion time", "Email", "Name", "How old are you?", "What would you like help with?"),
    *("When do you want to be ready?", "Minutes for one visit", "What can you spend in all?"),
    *("How do you feel about a small blood sample?", "Are you pregnant?", "Have you ever had cancer?"),
    *("Ibuprofen, naproxen or aspirin this week?", "Do you have diabetes?", "Do you smoke or vape?"),
    *("What should we not use?", "Price\xa0", "Result"),
)
MICROSOFT_ROWS = (
    *((44, "Fine lines and texture", date(2027, 6, 12), 60, 2500, "I'd rather not", "No", "Never", "No", "No", "No"),),
    *((31, "Acne scars", "None", "Any", 1200, "No problem", "No", "Never", "Earlier this week"),),
    *((58, "Thinning hair", date(2027, 9, 3), 45, "No limit", "A bit nervous", "Doesn't apply to me", "In the past"),),
    *((27, "Dark spots, uneven tone", "None", 90, 900, "Absolutely not", "Yes", "Never", "No", "Not sure", "No"),),
    *((39, "Fine lines and texture", date(2027, 3, 7), None, 3000, "No problem", None, "Not sure", "No", "No", "No"),),
)
MICROSOFT_ENDS = (
    ("None of these;", "A lot", "A lot"),
    ("Yes, well controlled", "Yes", "Donor cells, from people;Anything from animals;", "Must fit", "A lot"),
    ("In the last two days", "No", "Not sure", "Plant extracts;", "A little", "Must fit"),
    ("My own blood;", "Not at all", "A little"),
    (None, None, None),
)


def test_a_workbook_of_microsoft_forms_gives_what_the_same_clients_give_by_id(forms):
    own = [(n, datetime(2026, 11, 20, n), datetime(2026, 11, 20, n), "anonymous", None) for n in range(1, 6)]
    rows = [one + answers + end for one, answers, end in zip(own, MICROSOFT_ROWS, MICROSOFT_ENDS, strict=True)]
    book = workbook({"Sheet1": [MICROSOFT_TITLES, *rows]})
    status, lines = forms.run(book, (FORMS / "microsoft_forms.toml").read_bytes(), name="form.xlsx")
    assert (status, lines) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids(CLIENTS))
    assert [row["id"] for row in forms.rows()] == ["1", "2", "3", "4", "5"]


def test_a_typed_table_is_read_by_a_mapping_as_well(forms):
    table = pa.table(
        {
            "Client": pa.array([7, 8]),
            "Years": pa.array([41.0, None]),
            "Ready": pa.array([date(2027, 6, 12), None], pa.date32()),
            "Not wanted": pa.array([["Plants"], []]),
            "Smoker": pa.array([True, False]),
        }
    )
    pa_parquet.write_table(table, forms.folder / "form.parquet")
    mapping = (
        '[columns]\nClient = "id"\nYears = "age"\nReady = "event_date"\n"Not wanted" = "objects_to"\nSmoker = "smokes"\n'
        '[answers.objects_to]\nPlants = "plant"\n'
    )
    assert forms.run((forms.folder / "form.parquet").read_bytes(), mapping, name="form.parquet") == (DONE, [])
    by_ids = [
        {"id": 7, "age": 41, "event_date": "2027-06-12", "objects_to": ["plant"], "smokes": "yes"},
        {"id": 8, "objects_to": [], "smokes": "no"},
    ]
    assert told(forms.rows()) == told(forms.by_ids(by_ids))


def test_the_example_in_the_docs_is_a_mapping_that_can_be_used():
    found = read_mapping(DATA.parent / "docs" / "example_mapping.toml", RULEBOOK)
    assert len(found.columns) > 10 and found.answers["budget"]["under $1,000"] == 1000


# ---------------------------------------------------------------- columns

SIMPLE = '[columns]\n"How old are you?" = "age"\n"Do you smoke?" = "smokes"\n[words]\nYes = "yes"\nNo = "no"\n'


def test_titles_and_words_match_whatever_their_case_and_blanks(forms):
    table = "\ufeff how  OLD are you?\xa0,DO YOU SMOKE? \n41, YES\n42,no\xa0\n"
    assert forms.run(table, SIMPLE) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"age": 41, "smokes": "yes"}, {"age": 42, "smokes": "no"}]))


def test_a_column_that_is_not_mapped_is_skipped_and_listed_and_one_that_is_said_to_be_skipped_is_not(forms):
    mapping = SIMPLE.replace("[words]", 'Remarks = "skip"\n[words]')
    status, lines = forms.run("How old are you?,Do you smoke?,Email,Remarks,\n41,Yes,a@b.org,-,\n", mapping)
    assert status == DONE
    assert lines == [
        "form.csv: without a title, so skipped: column 5",
        'form.csv: skipped, as mapping.toml does not name them: "Email"',
    ]


def test_a_mapped_column_that_the_file_has_not_is_an_error_that_names_the_nearest(forms):
    lines = forms.refused("How old are you,Smoker\n41,Yes\n", SIMPLE)
    what = "not a column of this file, but mapping.toml reads age from it"
    assert lines == [
        f'form.csv: "How old are you?": {what}; did you mean How old are you?',
        'form.csv: "Do you smoke?": not a column of this file, but mapping.toml reads smokes from it',
    ]


def test_a_mapped_title_that_stands_twice_is_refused_and_one_that_is_skipped_may(forms):
    (line,) = forms.refused("How old are you?,Do you smoke?,how old are you?\n41,Yes,42\n", SIMPLE)
    assert line == 'form.csv: "How old are you?": stands 2 times in the header. Give all but one another title'
    status, _ = forms.run("How old are you?,Do you smoke?,Other,Other\n41,Yes,,\n", SIMPLE)
    assert status == DONE


def test_a_row_with_something_under_no_title_is_set_aside_as_its_cells_may_have_moved(forms):
    status, _ = forms.run("How old are you?,Do you smoke?,\n41,Yes,\n41,Smith, Yes\n", SIMPLE)
    assert status == SOME_REFUSED
    assert forms.rejected() == [(3, "", "expected nothing in column 3, as it has no title")]


def test_without_a_mapping_an_unknown_column_stays_an_error(forms):
    source = forms.folder / "form.csv"
    source.write_text("How old are you?\n41\n")
    assert main(["recommend", str(source), "--out", str(forms.out)]) == UNUSABLE
    assert "not a column of this rulebook" in forms.capsys.readouterr().err


def test_a_mapping_goes_with_a_table(forms):
    client = forms.folder / "client.json"
    client.write_text("{}")
    (forms.folder / "mapping.toml").write_text(SIMPLE)
    assert main(["recommend", str(client), "--map", str(forms.folder / "mapping.toml")]) == UNUSABLE
    assert "--map goes with a table" in forms.capsys.readouterr().err


def test_a_mapping_that_is_not_there_is_one_line(forms):
    source = forms.folder / "form.csv"
    source.write_text("age\n41\n")
    assert main(["recommend", str(source), "--out", str(forms.out), "--map", str(forms.folder / "no.toml")]) == UNUSABLE
    assert "there is no such file or folder" in forms.capsys.readouterr().err


def test_rows_under_the_titles_are_no_clients_and_lines_keep_their_numbers(forms):
    mapping = SIMPLE + "[file]\nskip_rows = 2\n"
    status, _ = forms.run('How old are you?,Do you smoke?\nx,y\n"{""a"":1}",z\n41,Yes\n400,Yes\n', mapping)
    assert status == SOME_REFUSED
    assert [row["row"] for row in forms.rows()] == ["4"]
    assert [cell[:2] for cell in forms.rejected()] == [(5, "How old are you?")]


def test_titles_may_stand_in_two_rows_and_a_blank_goes_on_with_the_one_before(forms):
    mapping = (
        '[file]\ntitle_rows = [1, 2]\n[columns]\nAge = "age"\n"What matters? / Cost" = "importance.cost"\n'
        '"What matters? / Skin" = "importance.calm_skin"\n[answers.importance]\n"A lot" = "lot"\nNo = "none"\n'
    )
    assert forms.run("Age,What matters?,\n,Cost,Skin\n41,A lot,No\n", mapping) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"age": 41, "importance": {"cost": "lot", "calm_skin": "none"}}]))


def test_titles_in_a_row_that_the_file_has_not_are_one_line(forms):
    (line,) = forms.refused("How old are you?,\n", SIMPLE + "[file]\ntitle_rows = [3]\n")
    assert line == "form.csv: expected titles in row 3, found 1 rows"


# ---------------------------------------------------------------- answers


def refusal(forms, mapping, title, cell):
    """The reason for which a cell refuses its row, the other row being computed."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Client", title], ["good", ""], ["bad", cell]])
    status, _ = forms.run(text.getvalue(), f'[columns]\nClient = "id"\n{mapping}')
    assert status == SOME_REFUSED and [row["id"] for row in forms.rows()] == ["good"]
    ((line, column, reason),) = forms.rejected()
    assert (line, column) == (3, title) and len(reason) < 400
    return reason


def taken(forms, mapping, title, cells, **by_id):
    """Whether cells are read as answers by id."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Client", title], *([number, cell] for number, cell in enumerate(cells))])
    status, lines = forms.run(text.getvalue(), f'[columns]\nClient = "id"\n{mapping}')
    assert (status, lines) == (DONE, [])
    ((key, answers),) = by_id.items()
    expected = [{"id": number, **({} if one is None else {key: one})} for number, one in enumerate(answers)]
    return told(forms.rows()) == told(forms.by_ids(expected))


def test_an_answer_that_is_not_mapped_refuses_its_row_and_says_where_to_map_it(forms):
    assert refusal(forms, 'Skin = "concern"\n', "Skin", "Wrinkles") == (
        'expected texture, acne_scars, hair_thinning or pigment, found "Wrinkles"; '
        "if it is an answer, say which under [answers.concern] of the mapping"
    )


def test_answers_that_are_not_mapped_are_listed_once_beside_the_number_of_refused_rows(forms):
    mapping = SIMPLE.replace("[words]", 'Not = { question = "objects_to", separator = "," }\n[words]')
    table = 'How old are you?,Do you smoke?,Not\nForty,Rarely,"Fish,plant,Milk"\n41,rarely ,\n41,RARELY,Fish\n400,Now,\n41,Yes,\n'
    status, lines = forms.run(table, mapping)
    assert status == SOME_REFUSED
    assert lines == [
        'form.csv: not in mapping.toml: How old are you?: "Forty". Add what they mean under [answers.age]',
        'form.csv: not in mapping.toml: Do you smoke?: "Rarely", "Now". Add what they mean under [answers.smokes]',
        'form.csv: not in mapping.toml: Not: "Fish", "Milk". Add what they mean under [answers.objects_to]; '
        'a choice with "," in it is written whole',
        "form.csv: 4 rows refused; see out.rejected.csv",
    ]


def test_days_that_could_not_be_read_are_told_with_what_they_need(forms):
    mapping = '[columns]\nAge = "age"\n"Last tablet" = "since.nsaid"\nReady = "event_date"\n'
    table = "Age,Last tablet,Ready\n41,11/10/2026,\n42,,25/12/2026\n43,,Soon\n"
    _, lines = forms.run(table, mapping)
    assert [line for line in lines if "not in" in line] == [
        'form.csv: not in mapping.toml: Ready: "25/12/2026", "Soon". If they are days in numbers, say which in date_order '
        "under [file]; else add what they mean under [answers.event_date]",
        'form.csv: not in mapping.toml: Last tablet: "11/10/2026". If they are days in numbers, say which in date_order '
        "under [file]; else add what they mean under [answers.since.nsaid]",
    ]
    _, lines = forms.run(table, f'[file]\ndate_order = "month_first"\n{mapping}')
    (line,) = (line for line in lines if "not in" in line)
    assert line.endswith(
        'Ready: "25/12/2026", "Soon". If they are days in another order than month_first, say which in date_order under '
        "[file]; else add what they mean under [answers.event_date]"
    )


def test_the_programs_own_wording_of_an_answer_is_understood_but_not_a_bare_yes_or_no_to_what_is_no_yes_or_no(forms):
    mapping = 'Q = "concern"\n'
    assert taken(forms, mapping, "Q", ["Texture and fine lines", "uneven SKIN colour"], concern=["texture", "pigment"])
    mapping = 'Q = "cancer"\n[words]\n"Not sure" = ""\n[answers.cancer]\n"Yes, now" = "past"\n'
    assert taken(forms, mapping, "Q", ["No, never", "Yes, now", "Not sure"], cancer=["none", "past", None])
    assert 'found "No"' in refusal(forms, 'Q = "diabetes"\n', "Q", "No")
    assert 'found "Yes"' in refusal(forms, 'Q = "hydration"\n', "Q", "Yes")
    mapping = 'Q = { question = "objects_to", separator = "," }\n'
    assert taken(forms, mapping, "Q", ["My own blood,plant"], objects_to=[["own_blood", "plant"]])


def test_what_stands_above_the_first_client_is_no_answer_that_is_not_mapped(forms):
    assert forms.run("How old are you?,Do you smoke?\nold,smoke\n41,Yes\n", SIMPLE + "[file]\nskip_rows = 1\n") == (
        DONE,
        [],
    )


def test_a_strict_run_refuses_the_file_for_an_answer_that_is_not_mapped(forms):
    status, lines = forms.run("How old are you?,Do you smoke?\n41,Sometimes\n", SIMPLE, "--strict")
    assert status == UNUSABLE and not forms.out.exists()
    assert lines[0].startswith('form.csv: line 2: Do you smoke?: expected yes, no or not_sure, found "Sometimes"')


def test_a_word_that_means_no_answer_leaves_the_question_open(forms):
    mapping = 'Skin = "concern"\n[words]\n"N/A" = ""\n[answers.concern]\nLines = "texture"\n"Rather not say" = ""\n'
    assert taken(forms, mapping, "Skin", ["Lines", "n/a", "rather not say", ""], concern=["texture", None, None, None])


def test_the_word_of_a_question_stands_over_the_word_of_all_and_over_an_id(forms):
    mapping = 'Cancer = "cancer"\n[words]\nNo = "no"\nNone = ""\n[answers.cancer]\nNo = "none"\nPast = "past_skin"\n'
    assert taken(forms, mapping, "Cancer", ["No", "None", "Past"], cancer=["none", None, "past_skin"])


def test_words_of_one_part_of_a_question_stand_over_the_words_of_all_its_parts(forms):
    mapping = (
        'Price = "importance.cost"\n[answers.importance]\nVery = "lot"\nSo = "little"\n'
        '[answers.importance.cost]\nVery = "must"\n'
    )
    assert taken(forms, mapping, "Price", ["Very", "So"], importance=[{"cost": "must"}, {"cost": "little"}])


def test_true_and_false_may_be_words_of_a_setting(forms):
    mapping = 'Kit = "prp_kit_cleared"\n[answers.prp_kit_cleared]\nCleared = true\n"Not yet" = "false"\n'
    assert taken(forms, mapping, "Kit", ["Cleared", "Not yet"], prp_kit_cleared=[True, False])


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("45 min", 45), ("45min", 45), ("45", 45), ("45.0", 45), ("An hour", 60), ("as long as it takes", "any")],
)
def test_a_number_is_read_with_the_units_and_words_of_the_mapping(forms, cell, minutes):
    mapping = (
        'Time = { question = "minutes_per_visit", units = ["min"] }\n'
        '[answers.minutes_per_visit]\n"An hour" = 60\n"As long as it takes" = "any"\n'
    )
    assert taken(forms, mapping, "Time", [cell], minutes_per_visit=[minutes])


@pytest.mark.parametrize("cell", ["45 minutes", "1 h", "45-60", "about 45", "45.5 min", "-45", "nan", "inf", "9" * 50])
def test_a_number_is_never_cut_out_of_other_words(forms, cell):
    reason = refusal(forms, 'Time = { question = "minutes_per_visit", units = ["min"] }\n', "Time", cell)
    assert reason.startswith("expected")


def test_money_is_read_with_its_sign_and_its_thousands(forms):
    mapping = 'Money = { question = "budget", units = ["$", "USD"] }\n'
    assert taken(forms, mapping, "Money", ["$2,500", "2500.00", "2.500 USD", "$ 900"], budget=[2500, 2500, 2500, 900])
    assert "found 2000000" in refusal(forms, mapping, "Money", "$2,000,000")


@pytest.mark.parametrize(("order", "day"), [("month_first", "2027-03-07"), ("day_first", "2027-07-03")])
def test_a_day_is_read_in_the_one_order_that_the_mapping_says(forms, order, day):
    whole = f'Ready = "event_date"\n[file]\ndate_order = "{order}"\n'
    own = f'Ready = {{ question = "event_date", date_order = "{order}" }}\n'
    for mapping in (whole, own):
        cells = ["3/7/2027", "03/07/2027", day, "3/7/2027 0:00:00"]
        assert taken(forms, mapping, "Ready", cells, event_date=[day] * 4)


def test_a_day_without_an_order_is_never_guessed(forms):
    reason = refusal(forms, 'Ready = "event_date"\n', "Ready", "25/12/2026")
    assert reason.endswith("if it is a day, give date_order under [file] of the mapping")
    reason = refusal(forms, 'Ready = "event_date"\n[file]\ndate_order = "month_first"\n', "Ready", "25/12/2026")
    assert 'in the order month_first, found "25/12/2026"' in reason


def test_a_day_that_is_the_same_in_every_order_needs_none(forms):
    cells = ["2027/03/07", "7 March 2027", "Mar 7, 2027", "2027-03-07 10:22"]
    assert taken(forms, 'Ready = "event_date"\n', "Ready", cells, event_date=["2027-03-07"] * 4)
    refusal(forms, 'Ready = "event_date"\n', "Ready", "7/7/27")


def test_a_day_that_is_out_of_bounds_is_told_as_it_was_read_and_as_it_stood(forms):
    reason = refusal(forms, 'Ready = "event_date"\n[file]\ndate_order = "month_first"\n', "Ready", "6/12/2020")
    assert 'found "2020-06-12", from "6/12/2020"' in reason


@pytest.mark.parametrize(
    ("separator", "cell", "entries"),
    [
        (", ", "Blood, Cells, from people", ["own_blood", "human_donor"]),
        (",", "Cells, from people,Blood", ["own_blood", "human_donor"]),
        ("\\n", "Blood\nPlants", ["own_blood", "plant"]),
        ("\\n", "Blood\r\nPlants\r\n", ["own_blood", "plant"]),
        (";", "Blood;Plants;", ["own_blood", "plant"]),
        (";", "None of these;", []),
        (";", "plant; ANIMAL", ["animal", "plant"]),
        (";", "Blood;Blood", ["own_blood"]),
        (";", "Rather not say", None),
    ],
)
def test_several_choices_in_one_cell_are_taken_apart(forms, separator, cell, entries):
    mapping = (
        f'Not = {{ question = "objects_to", separator = "{separator}" }}\n[answers.objects_to]\nBlood = "own_blood"\n'
        '"Cells, from people" = "human_donor"\nPlants = "plant"\n"None of these" = "none"\n"Rather not say" = ""\n'
    )
    assert taken(forms, mapping, "Not", [cell], objects_to=[entries])


@pytest.mark.parametrize(
    ("cell", "found"), [("Blood;Rocks", '"Rocks"'), ("Blood;none", "found both"), ("Blood, plant", "Blood, plant")]
)
def test_a_choice_that_is_not_mapped_or_that_another_denies_refuses_its_row(forms, cell, found):
    mapping = 'Not = { question = "objects_to", separator = ";" }\n[answers.objects_to]\nBlood = "own_blood"\n'
    assert found in refusal(forms, mapping, "Not", cell)


BOXES = (
    '[columns]\nA = { question = "objects_to", entry = "animal" }\nP = { question = "objects_to", entry = "plant" }\n'
    'N = { question = "objects_to", entry = "none" }\n[answers.objects_to]\nFish = "animal"\n"-" = ""\n'
)


@pytest.mark.parametrize(
    ("cells", "entries"),
    [
        ("1,0,0", ["animal"]),
        ("Fish,,", ["animal"]),
        ("checked,Checked,Unchecked", ["animal", "plant"]),
        ("true,false,false", ["animal"]),
        (",plant,-", ["plant"]),
        (",,none", []),
        ("0,0,0", []),
        ('"",," "', None),
    ],
)
def test_one_column_a_choice_makes_one_list(forms, cells, entries):
    assert forms.run(f"age,A,P,N\n41,{cells}\n", BOXES.replace("[columns]", '[columns]\nage = "age"')) == (DONE, [])
    by_id = {"age": 41, **({} if entries is None else {"objects_to": entries})}
    assert told(forms.rows()) == told(forms.by_ids([by_id]))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("2,0,0", 'expected 1, 0 or a word for animal in "A", found "2"'),
        ("0,Fish,0", 'in "P", found "Fish"'),
        ("1,0,1", "found both"),
        ("\x1f,1,0", None),
    ],
)
def test_a_box_with_anything_else_in_it_refuses_its_row(forms, cells, said):
    status, _ = forms.run(f"A,P,N\n{cells}\n", BOXES)
    if said is None:
        assert status == DONE
        return
    ((line, column, reason),) = forms.rejected()
    assert (status, line, column) == (SOME_REFUSED, 2, "objects_to") and said in reason


ANY_OF_THESE = (
    'Which = { question = ["melasma", "latex_allergy", "diabetes"], separator = ", " }\n[words]\nNone = "no"\nAsthma = ""\n'
    '[answers.melasma]\n"Brown, flat patches" = "yes"\n[answers.latex_allergy]\nLatex = "yes"\n'
    '[answers.diabetes]\nDiabetes = "uncontrolled"\nNone = "none"\n'
)


@pytest.mark.parametrize(
    ("cell", "answers"),
    [
        ("Brown, flat patches, Latex", {"melasma": "yes", "latex_allergy": "yes"}),
        ("Diabetes, Asthma", {"diabetes": "uncontrolled"}),
        ("None", {"melasma": "no", "latex_allergy": "no", "diabetes": "none"}),
        ("Asthma", {}),
        ("", {}),
    ],
)
def test_choices_of_one_column_may_answer_several_questions_and_one_not_taken_is_no_answer(forms, cell, answers):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["age", "Which"], [41, cell]])
    assert forms.run(text.getvalue(), f'[columns]\nage = "age"\n{ANY_OF_THESE}') == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"age": 41, **answers}]))


def test_a_choice_that_answers_none_of_its_questions_is_told_once_and_two_that_deny_each_other_are_told(forms):
    assert refusal(forms, ANY_OF_THESE, "Which", "Latex, Eczema").startswith(
        'expected a choice of the mapping, found "Eczema"'
    )
    status, _ = forms.run('Which\n"None, Latex"\n', f"[columns]\n{ANY_OF_THESE}")
    assert status == SOME_REFUSED
    assert forms.rejected() == [(2, "Which", 'expected one answer, found no and yes: "None, Latex"')]
    forms.run('Which\n"None, Latex, Brown, flat patches"\n', f"[columns]\n{ANY_OF_THESE}")
    assert len(forms.rejected()) == 1
    _, lines = forms.run("Which\nEczema\n", f"[columns]\n{ANY_OF_THESE}")
    assert lines[0].endswith(
        'Which: "Eczema". Add what they mean under the [answers.…] of their questions; a choice with ", " in it is written whole'
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("Latex;Pacemaker; or other device;", '"Pacemaker; or other device"'),
        ("Pacemaker;Gout;", '"Pacemaker", "Gout"'),
        ("Pacemaker; Gout", '"Pacemaker", "Gout"'),
    ],
)
def test_a_choice_of_microsoft_forms_that_holds_its_mark_is_told_whole(forms, cell, words):
    mapping = 'Q = { question = ["latex_allergy"], separator = ";" }\n[answers.latex_allergy]\nLatex = "yes"\n'
    assert refusal(forms, mapping, "Q", cell).startswith(f"expected a choice of the mapping, found {words}; say")
    more = f'{mapping}"Pacemaker; or other device" = ""\n'
    assert taken(forms, more, "Q", ["Latex;Pacemaker; or other device;"], latex_allergy=["yes"])


def test_a_longer_text_is_kept_as_it_is_and_needs_no_words(forms):
    mapping = 'Pills = "medicines_text"\n[words]\n"N/A" = ""\n'
    assert taken(forms, mapping, "Pills", ["Aspirin, when I run", "n/a"], medicines_text=["Aspirin, when I run", None])
    assert refusal(forms, mapping, "Pills", "x" * 501).startswith("expected a text of at most 500 characters")


def test_the_older_id_of_a_question_may_be_mapped_too(forms):
    mapping = 'Filler = "filler_last_14_days"\n[words]\nYes = "yes"\nNo = "no"\n'
    assert taken(forms, mapping, "Filler", ["Yes", "No"], filler_last_28_days=["yes", None])


# ---------------------------------------------------------------- a column for each choice, ticked or not

BOXES_OF_ILLS = (
    '[columns]\nage = "age"\n"hx___0" = { question = ["cold_sores_ever", "diabetes"], ticked = ["no", "none"] }\n'
    '"hx___1" = { question = "cold_sores_ever", ticked = "yes" }\n'
    '"hx___2" = { question = "diabetes", ticked = "controlled" }\n'
    '"hx___3" = { question = "diabetes", ticked = "uncontrolled" }\n'
    '"hx___4" = { question = "cold_sores_ever", ticked = "yes" }\n'
)
YES_AND_NO = '[words]\n"1" = "yes"\n"0" = "no"\nUnchecked = ""\nNo = "no"\nFALSE = "no"\nnein = "no"\n"-" = ""\n'
NO_TICK = ("0", "0.0", "", " ", "Unchecked", "FALSE", "no", "-")


def boxes(forms, cells, mapping=BOXES_OF_ILLS + YES_AND_NO):
    """Status and what is told of one client whose boxes hold these cells."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["age", *(f"hx___{n}" for n in range(5))], [41, *cells], [42, *[""] * 5]])
    return forms.run(text.getvalue(), mapping)


@pytest.mark.parametrize("tick", ["1", "1.0", "Checked", "TRUE", "yes"])
@pytest.mark.parametrize(
    ("ticked", "answers"),
    [
        ([1], {"cold_sores_ever": "yes"}),
        ([1, 2], {"cold_sores_ever": "yes", "diabetes": "controlled"}),
        ([1, 4], {"cold_sores_ever": "yes"}),
        ([3], {"diabetes": "uncontrolled"}),
        ([0], {"cold_sores_ever": "no", "diabetes": "none"}),
        ([], {}),
    ],
)
def test_a_tick_is_the_answer_that_is_said_for_its_column(forms, tick, ticked, answers):
    assert boxes(forms, [tick if place in ticked else "0" for place in range(5)]) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"age": 41, **answers}, {"age": 42}]))


@pytest.mark.parametrize("cell", NO_TICK)
@pytest.mark.parametrize(
    "more",
    ["", '[answers.cold_sores_ever]\n"0" = "no"\nUnchecked = "no"\n"-" = "no"\n', '[answers.diabetes]\n"0" = "none"\n'],
)
def test_no_word_of_a_mapping_makes_an_unticked_box_an_answer(forms, cell, more):
    assert boxes(forms, [cell] * 5, BOXES_OF_ILLS + YES_AND_NO + more) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"age": 41}, {"age": 42}]))


@pytest.mark.parametrize("cell", ["nein", "2", "Cold sores", "Yes!", "x" * 20_000, "nan"])
def test_a_box_with_something_else_in_it_refuses_its_row_once_and_says_what_to_write(forms, cell):
    status, lines = boxes(forms, [cell, "", "", "", ""])
    assert status == SOME_REFUSED
    ((line, column, reason),) = forms.rejected()
    assert (line, column) == (2, "hx___0") and len(reason) < 400
    assert reason.startswith("expected 1 or 0, Checked or Unchecked") and "label" in reason
    assert len(lines) == 2 and lines[0].startswith('form.csv: not in mapping.toml: hx___0: "') and "label" in lines[0]


@pytest.mark.parametrize(
    ("ticked", "column", "found"),
    [
        ([0, 1], "hx___0", 'expected ticks that agree, found "hx___0" (no) with "hx___1" (yes)'),
        ([0, 3], "hx___0", 'expected ticks that agree, found "hx___0" (none) with "hx___3" (uncontrolled)'),
        ([2, 3], "hx___2", 'expected ticks that agree, found "hx___2" (controlled) with "hx___3" (uncontrolled)'),
        (
            [0, 1, 2],
            "hx___0",
            'expected ticks that agree, found "hx___0" (no) with "hx___1" (yes); "hx___0" (none) with "hx___2" (controlled)',
        ),
    ],
)
def test_ticks_that_deny_each_other_refuse_their_row_in_one_line(forms, ticked, column, found):
    status, lines = boxes(forms, ["1" if place in ticked else "0" for place in range(5)])
    assert (status, lines) == (SOME_REFUSED, ["form.csv: 1 rows refused; see out.rejected.csv"])
    assert forms.rejected() == [(2, column, found)]
    assert len(forms.rows()) == 1


@pytest.mark.parametrize(
    ("title", "cell", "label"),
    [
        ("Cold sores", "cold sores", ""),
        ("Do you have any of these? / Cold sores", "Cold sores", ""),
        ("Do you have any of these? - Selected Choice - Cold sores", "Cold sores", ""),
        ("Do you have any of these? [Cold sores]", "Cold sores", ""),
        ("Do you have any of these? (choice=Cold sores)", "Checked", ""),
        ("Q12_1", "Cold  Sores", ', label = "Cold sores"'),
        ("Q12_1", "No", ', label = "No"'),
        ("Q12_1", "1", ', label = "Cold sores"'),
    ],
)
def test_a_choices_own_words_are_its_tick_by_its_title_or_by_its_label(forms, title, cell, label):
    mapping = f'{quoted(title)} = {{ question = "cold_sores_ever", ticked = "yes"{label} }}\n'
    assert taken(forms, mapping, title, [cell, ""], cold_sores_ever=["yes", None])


def test_a_tick_may_name_an_entry_of_a_list_as_well(forms):
    mapping = (
        '[columns]\nage = "age"\nA = { question = "objects_to", ticked = "animal" }\n'
        'N = { question = ["objects_to", "melasma"], ticked = ["no", "none"] }\nM = { question = "melasma", ticked = "yes" }\n'
    )
    assert forms.run("age,A,N,M\n41,1,0,0\n42,0,1,0\n43,0,0,1\n44,,,\n", mapping) == (DONE, [])
    by_ids = [
        {"age": 41, "objects_to": ["animal"]},
        {"age": 42, "objects_to": [], "melasma": "no"},
        {"age": 43, "objects_to": [], "melasma": "yes"},
        {"age": 44},
    ]
    assert told(forms.rows()) == told(forms.by_ids(by_ids))


def test_a_column_that_is_skipped_may_keep_what_was_proposed_for_it(forms):
    mapping = '[columns]\nage = "age"\nA = { question = "skip", ticked = "?" }\nB = { question = "skip", birth_date = true }\n'
    assert forms.run("age,A,B\n41,1,1982-03-14\n", mapping) == (DONE, [])


def test_columns_of_one_choice_take_part_in_typed_tables(forms):
    pa_parquet.write_table(
        pa.table({"age": [41, 42], "Sores": [True, False], "None": [None, True]}), forms.folder / "form.parquet"
    )
    mapping = (
        '[columns]\nage = "age"\nSores = { question = "cold_sores_ever", ticked = "yes" }\n'
        'None = { question = ["cold_sores_ever"], ticked = "no" }\n'
    )
    assert forms.run((forms.folder / "form.parquet").read_bytes(), mapping, name="form.parquet") == (DONE, [])
    by_ids = [{"age": 41, "cold_sores_ever": "yes"}, {"age": 42, "cold_sores_ever": "no"}]
    assert told(forms.rows()) == told(forms.by_ids(by_ids))


def test_a_zero_of_the_none_column_of_a_list_is_no_tick_whatever_its_words(forms):
    mapping = (
        '[columns]\nage = "age"\nA = { question = "objects_to", entry = "animal" }\n'
        'N = { question = "objects_to", entry = "none" }\n[words]\n"0" = "none"\nNo = "none"\n'
    )
    assert forms.run("age,A,N\n41,1,0\n42,1,no\n", mapping) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"age": age, "objects_to": ["animal"]} for age in (41, 42)]))


ILLS = {"cold_sores_ever": "yes", "diabetes": "controlled", "latex_allergy": "yes", "heart_device_or_condition": "yes"}
DENIED = {"cold_sores_ever": "no", "diabetes": "none", "latex_allergy": "no", "heart_device_or_condition": "no"}


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(sorted(ILLS)))), min_size=1, max_size=6),
    ticks=st.sampled_from([("1", "0"), ("Checked", "Unchecked"), ("TRUE", "FALSE"), ("label", "")]),
    words=st.dictionaries(st.sampled_from(["0", "FALSE", "no", "-", "x"]), st.sampled_from(["no", "none", "yes", ""])),
)
def test_columns_of_choices_give_the_bytes_that_the_ids_give_and_nothing_for_what_nobody_ticked(rows, ticks, words):
    titles = {question: f"Which of these? / {question} is so" for question in ILLS}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Client", "Which of these? / None", *titles.values()])
    on, off = ticks
    for place, (none, ills) in enumerate(rows):
        cells = [(on if on != "label" else f"{key} is so") if key in ills else off for key in ILLS]
        writer.writerow([place, ("None" if on == "label" else on) if none else off, *cells])
    lines = ["[columns]", 'Client = "id"']
    lines += [f'{quoted(title)} = {{ question = "{key}", ticked = "{ILLS[key]}" }}' for key, title in titles.items()]
    lines += [f'"Which of these? / None" = {{ question = [{", ".join(map(quoted, ILLS))}], ticked = ["no", "none"] }}']
    words = {folded: means for word, means in words.items() if (folded := word.casefold())}
    lines += ["[words]", *(f"{quoted(word)} = {quoted(means)}" for word, means in words.items())]
    good = [
        {"id": place, **(DENIED if none else {key: ILLS[key] for key in ills})}
        for place, (none, ills) in enumerate(rows)
        if not (none and ills)
    ]
    names = ["id", *ILLS]
    by_ids = io.StringIO(newline="")
    csv.writer(by_ids).writerows([names, *([client.get(name, "") for name in names] for client in good)])
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ids.csv").write_text(by_ids.getvalue(), "utf-8", newline="")
        (folder / "form.csv").write_text(text.getvalue(), "utf-8", newline="")
        (folder / "mapping.toml").write_text("\n".join(lines), "utf-8")
        mapped = partial(MappedForm, read_mapping(folder / "mapping.toml", RULEBOOK))
        found = []
        for source, further in (("ids.csv", {}), ("form.csv", {"columns_of_file": mapped})):
            recommend_table(folder / source, folder / "out.csv", RULEBOOK, AS_OF, strict=False, robust=False, **further)
            with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
                found.append([{key: cell for key, cell in row.items() if key != "row"} for row in csv.DictReader(file)])
    assert found[0] == found[1]


# ---------------------------------------------------------------- a birth date gives the age

BORN = '[columns]\nBorn = { question = "age", birth_date = true }\n'


def born(forms, cell, mapping=BORN, *options):
    """Status, lines and what is told of one client with this birth date."""
    return forms.run(
        f'smokes,Born\nno,"{cell}"\n', mapping.replace("[columns]", '[columns]\nsmokes = "smokes"'), *options
    )


@pytest.mark.parametrize(
    ("cell", "order", "age"),
    [
        ("1982-03-14", None, 44),
        ("1982-03-14 00:00:00", None, 44),
        ("March 14, 1982", None, 44),
        ("03/14/1982", "month_first", 44),
        ("14/03/1982", "day_first", 44),
        ("3/14/82", "month_first", 44),
        ("11/22/2008", "month_first", 18),
        ("11/23/2008", "month_first", 17),
        ("2008-11-22", "month_first", 18),
        ("", None, None),
        ("prefer not to say", None, None),
        ("forty", None, 40),
    ],
)
def test_a_birth_date_gives_the_whole_years_on_the_day(forms, cell, order, age):
    mapping = BORN + (f'[file]\ndate_order = "{order}"\n' if order else "")
    words = '[words]\n"Prefer not to say" = ""\n[answers.age]\nforty = 40\n'
    assert born(forms, cell, mapping + words) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"smokes": "no", **({} if age is None else {"age": age})}]))


def test_a_birth_date_may_have_an_order_of_its_own_and_a_number_is_no_birth_date(forms):
    mapping = BORN.replace("true }", 'true, date_order = "day_first" }') + '[file]\ndate_order = "month_first"\n'
    assert born(forms, "6/12/1982", mapping) == (DONE, [])
    assert told(forms.rows()) == told(forms.by_ids([{"smokes": "no", "age": 43}]))
    assert born(forms, "44", mapping)[0] == SOME_REFUSED


@pytest.mark.parametrize(
    ("cell", "order", "said"),
    [
        ("2026-11-23", "", "expected a birth date no later than 2026-11-22, found a later one"),
        ("1905-01-31", "", "expected a birth date that gives an age of 0-120, found an earlier one"),
        ("1799-01-31", "", "expected a birth date that gives an age of 0-120, found an earlier one"),
        (
            "02/30/1982",
            "month_first",
            "expected a birth date (YYYY-MM-DD, or in the order month_first), found no such day",
        ),
        (
            "14/03/1982",
            "month_first",
            "expected a birth date (YYYY-MM-DD, or in the order month_first), found no such day",
        ),
        ("03/04/1982", "", "expected a birth date (YYYY-MM-DD), found a day that needs date_order under [file]"),
        ("03/14/1982", "", "expected a birth date (YYYY-MM-DD), found a day that needs date_order under [file]"),
        (
            "1982",
            "month_first",
            "expected a birth date (YYYY-MM-DD, or in the order month_first), found something else",
        ),
        ("Aries 14.3.", "", "expected a birth date (YYYY-MM-DD), found something else"),
    ],
)
def test_a_birth_date_that_cannot_be_refuses_its_row_and_is_never_repeated(forms, cell, order, said):
    mapping = BORN + (f'[file]\ndate_order = "{order}"\n' if order else "")
    assert born(forms, cell, mapping) == (SOME_REFUSED, ["form.csv: 1 rows refused; see out.rejected.csv"])
    ((line, column, reason),) = forms.rejected()
    assert (line, column) == (2, "Born") and reason.startswith(said) and cell not in reason
    status, lines = born(forms, cell, mapping, "--strict")
    assert status == UNUSABLE and not [line for line in lines if cell in line]


@pytest.mark.parametrize("cell", ["03/14/1982", "1982-03-14", "19820314", "14.3.1982", "14 March 1982"])
def test_a_birth_date_where_an_age_is_read_is_told_what_to_write_and_not_repeated(forms, cell):
    status, lines = born(forms, cell, '[columns]\nBorn = "age"\n')
    assert (status, lines) == (SOME_REFUSED, ["form.csv: 1 rows refused; see out.rejected.csv"])
    ((_, _, reason),) = forms.rejected()
    assert reason == (
        'expected a whole number 0-120, found a date; if it is the birth date, write { question = "age", birth_date = true }'
    )


@settings(max_examples=150, deadline=None)
@given(born=st.dates(date(1907, 1, 1), AS_OF), style=st.sampled_from(["month_first", "day_first", "year_first"]))
def test_whatever_the_birth_date_the_age_is_the_years_that_are_over(born, style):
    mapping = checked(
        {"columns": {"Born": {"question": "age", "birth_date": True}}, "file": {"date_order": style}}, "m", RULEBOOK
    )
    report = TableReport()
    form = MappedForm(mapping, FoundTable("form.csv", ("Born",), (ONE,), iter([])), RULEBOOK, report)
    age = form.value(columns_of(RULEBOOK)["age"], in_digits(born, style), AS_OF)
    day, year = (born.month, born.day), born.year + age
    today = (AS_OF.year, AS_OF.month, AS_OF.day)
    assert age >= 0 and (year, *day) <= today < (year + 1, *day)


# ---------------------------------------------------------------- mapping files that are refused

WRONG = [
    ("", ["columns: no column is mapped to a question"]),
    ('[columns]\nA = "skip"\n', ["columns: no column is mapped to a question"]),
    ("[columns\n", ["not TOML"]),
    (b"\xff\xfe", ["not UTF-8 text, at byte 0. Save it as UTF-8"]),
    ('[columns]\nA = "age"\nA = "age"\n', ["not TOML"]),
    (
        '[answers.concern]\nA = "texture"\n[answers.concern]\nB = "pigment"\n',
        ["not TOML: [answers.concern] stands twice (at line 3, column 17). Put its lines under the first one"],
    ),
    ('[columns]\nA = "age"\nA = "smokes"\n', ["not TOML: a title or a word stands twice (at line 3, column "]),
    ("a = " + "[" * 5000, ["nested too deeply"]),
    ("a = 1" + "0" * 5000, ["not TOML"]),
    (b"#" * 1_000_001, ["expected a mapping of at most 1,000,000 bytes"]),
    ("columns = 5\n", ["columns: expected a table, [columns], found 5"]),
    ('[colums]\nA = "age"\n', ["colums: not a key of a mapping; known: file, columns, words, answers"]),
    ('[columns]\nA = "agge"\n', ['columns, "A": agge: not a question of this rulebook; did you mean age?']),
    ('[columns]\nA = "importance"\n', ['columns, "A": importance has a column for each of its parts, such as importance.']),
    ("[columns]\nA = 5\n", ['columns, "A": expected the id of a question, "id", or "skip", found 5']),
    ('[columns]\nA = { question = ["age"] }\n', ['columns, "A": question: expected ids of questions with a choice']),
    ("[columns]\nA = []\n", ['columns, "A": question: expected ids of questions, found none']),
    ('[columns]\nA = ["melasma", "melasma"]\n', ['columns, "A": melasma is read from "A" already. Keep one']),
    ("[columns]\nA = { question = 0x" + "f" * 9000 + " }\n", ['columns, "A": expected the id of a question']),
    ('[columns]\nA = "age"\n"a " = "budget"\n', ['columns, "a ": stands twice, as "A" is the same title. Keep one']),
    ('[columns]\n" " = "age"\n', ['columns, " ": a title with nothing in it names no column']),
    ('[columns]\nA = "age"\nB = "age"\n', ['columns, "B": age is read from "A" already. Keep one']),
    ('[columns]\nA = { question = "age", entry = "x" }\n', ['columns, "A": entry: does not go with age. Remove it']),
    ('[columns]\nA = { question = "age", birth_date = 5 }\n', ['columns, "A": birth_date: expected true or false, found 5']),
    ('[columns]\nA = { question = "budget", birth_date = true }\n', ['columns, "A": birth_date: does not go with budget. Rem']),
    ('[columns]\nA = { question = "age", date_order = "day_first" }\n', ['columns, "A": date_order: does not go with age. Rem']),
    (
        '[columns]\nA = { question = "age", birth_date = true, units = ["y"] }\n',
        ['columns, "A": units: does not go with birth_date. Remove it'],
    ),
    (
        '[columns]\nA = { question = "cold_sores_ever", entry = "yes" }\n',
        ['columns, "A": entry: cold_sores_ever is no list. For a column that is one choice, ticked or not, write ticked = "yes"'],
    ),
    (
        '[columns]\nA = { question = ["melasma", "diabetes"], entry = "no" }\n',
        ['columns, "A": entry: these questions are no list. For a column that is one choice, ticked or not, write ticked = ["no'],
    ),
    (
        '[columns]\nA = { question = "age", ticked = "41" }\n',
        ['columns, "A": ticked: a tick answers a question with a choice of'],
    ),
    (
        '[columns]\nA = { question = "diabetes", ticked = "no" }\n',
        ['columns, "A": ticked: expected an answer of diabetes: none, con'],
    ),
    (
        '[columns]\nA = { question = "diabetes", ticked = 1 }\n',
        ['columns, "A": ticked: expected an answer of diabetes: none, con'],
    ),
    (
        '[columns]\nA = { question = "diabetes", ticked = "" }\n',
        ['columns, "A": ticked: expected an answer of diabetes: none, con'],
    ),
    (
        '[columns]\nA = { question = ["melasma", "diabetes"], ticked = "no" }\n',
        ['columns, "A": ticked: expected an answer of diabetes: none, controlled, uncontrolled or not_sure, found "no"; ["no", '],
    ),
    (
        '[columns]\nA = { question = "diabetes", ticked = ["none", "controlled"] }\n',
        ['columns, "A": ticked: none and controlled are both answers of diabetes. Keep one'],
    ),
    ('[columns]\nA = { question = [], ticked = "no" }\n', ['columns, "A": question: expected ids of questions, found none']),
    ('[columns]\nA = { question = ["melasma", "melasma"], ticked = "no" }\n', ['columns, "A": melasma stands twice. Keep one']),
    ('[columns]\nA = { question = ["agge"], ticked = "no" }\n', ['columns, "A": agge: not a question of this rulebook; did you']),
    (
        '[columns]\nA = { question = "melasma", ticked = "yes", separator = "," }\n',
        ['columns, "A": separator: not a key of a mapping'],
    ),
    (
        '[columns]\nA = { question = "melasma", ticked = "yes", label = "0" }\n',
        ['columns, "A": label: expected what stands in a ticked'],
    ),
    (
        '[columns]\nA = { question = "melasma", ticked = "yes", label = 5 }\n',
        ['columns, "A": label: expected what stands in a ticked'],
    ),
    (
        '[columns]\nA = { question = "objects_to", ticked = "plant", label = "x" }\n',
        ['columns, "A": label: of a list the [answers.…] say what its words mean. Remove it'],
    ),
    ('[columns]\nA = { question = "melasma", label = "x" }\n', ['columns, "A": label: goes with ticked']),
    (
        '[columns]\nA = { question = "melasma", ticked = "yes" }\nB = "melasma"\n',
        ['columns, "B": melasma is read from other columns both whole and by tick. Keep one way'],
    ),
    (
        '[columns]\nhx___1 = "melasma"\n',
        ['columns, "hx___1": a box of several, whose 0 says only that it is not ticked. Write { question = "melasma", ticked = '],
    ),
    (
        '[columns]\n"Which? (choice=Other)" = ["melasma", "diabetes"]\n',
        ['columns, "Which? (choice=Other)": a box of several, whose 0 says only that it is not ticked. Write { question = ['],
    ),
    (
        '[columns]\nhx___1 = { question = "diabetes", entry = "yes" }\nB = { question = "diabetes", entry = "controlled" }\n',
        [
            'write ticked = "…", with the answer that a tick gives: none, controlled, uncontrolled or not_sure',
            'columns, "B": entry: diabetes is no list. For a column that is one choice, ticked or not, write ticked = "contr',
        ],
    ),
    ('[columns]\nA = { question = "age", unit = "x" }\n', ['columns, "A": unit: not a key of a mapping']),
    ('[columns]\nA = { question = "age", units = [""] }\n', ['columns, "A": units: expected what stands beside a number']),
    ('[columns]\nA = { question = "objects_to", entry = "rock" }\n', ['columns, "A": entry: expected own_blood']),
    ('[columns]\nA = { question = "objects_to", separator = "" }\n', ['columns, "A": separator: expected what stands between']),
    (
        '[columns]\nA = { question = "objects_to", entry = "plant" }\nB = { question = "objects_to", entry = "plant" }\n',
        ['columns, "B": objects_to, plant is read from "A" already. Keep one'],
    ),
    (
        '[columns]\nA = { question = "objects_to", entry = "plant" }\nB = "objects_to"\n',
        ['columns, "B": objects_to is read from other columns both whole and by entry. Keep one way'],
    ),
    (
        '[columns]\nA = { question = "event_date", date_order = "american" }\n',
        ['columns, "A", date_order: expected month_first, day_first or year_first, found "american"'],
    ),
    ('[columns]\nA = "age"\n[file]\ndate_order = 5\n', ["file, date_order: expected month_first"]),
    ('[columns]\nA = "age"\n[file]\nskip = 5\n', ["file: skip: not a key of a mapping; known: title_rows, skip_rows"]),
    ('[columns]\nA = "age"\n[file]\nskip_rows = -1\n', ["file, skip_rows: expected 0-100"]),
    ('[columns]\nA = "age"\n[file]\ntitle_rows = [2, 1]\n', ["file, title_rows: expected rows of titles in their order"]),
    ('[columns]\nA = "age"\n[words]\nYes = "yess"\n', ['words, "Yes": expected an answer of some question, or "" for no answer']),
    ('[columns]\nA = "age"\n[words]\nYes = "yes"\n"YES " = "no"\n', ['words, "YES ": stands twice, as "Yes" is the same word']),
    ('[columns]\nA = "age"\n[words]\nUnchecked = "no"\n', ['words, "Unchecked": says only that a box is not ticked']),
    ('[columns]\nA = "age"\n[words]\n"" = "no"\n', ['words, "": a blank cell is no answer. Remove this line']),
    ('[columns]\nA = "age"\n[answers.smoke]\nYes = "yes"\n', ["answers.smoke: not a question of this rulebook; did you mean"]),
    ('[columns]\nA = "age"\n[answers.concern]\nLines = "lines"\n', ['answers.concern, "Lines": expected texture, acne_scars']),
    ('[columns]\nA = "age"\n[answers.age]\nOld = 200\n', ['answers.age, "Old": expected a whole number 0-120, or ""']),
    ('[columns]\nA = "age"\n[answers]\nage = 5\n', ["answers.age: expected a table of words, found 5"]),
    ('[columns]\nA = "age"\n[answers.id]\nx = "y"\n', ["answers.id: not a question of this rulebook"]),
    ('[columns]\nA = "age"\n[answers.medicines_text]\nx = "y"\n', ["medicines_text is kept in the client's own words"]),
    ('[columns]\nA = "age"\n[answers.importance.price]\nx = "lot"\n', ["answers.importance.price: not a question"]),
    (
        '[columns]\nA = "age"\n[answers.importance.cost]\nx = "lot"\n[answers."importance.cost"]\ny = "lot"\n',
        ["answers.importance.cost: stands twice. Keep one"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "expected"), WRONG, ids=[repr(mapping[-40:]) for mapping, _ in WRONG])
def test_a_mapping_that_is_wrong_is_refused_with_a_line_for_each_problem(forms, mapping, expected):
    lines = forms.refused("A,B\n1,2\n", mapping)
    assert len(lines) == len(expected)
    assert all(line.startswith("mapping.toml: ") and part in line for line, part in zip(lines, expected, strict=True))


def test_all_problems_of_a_mapping_are_told_at_once(forms):
    mapping = (
        '[file]\nskip_rows = "x"\n[columns]\nA = "agge"\nB = "?"\n[words]\nYes = "?"\n[answers.concern]\nx = "?"\n'
    )
    assert len(forms.refused("A,B\n1,2\n", mapping)) == 5


UNDECIDED = [
    ('[columns]\nA = "?"\n', 'columns, "A": still "?". Write the id of a question, "id", or "skip"'),
    ('[columns]\nA = { question = "?", units = ["min"] }\n', 'columns, "A": still "?". Write the id of a question'),
    ('[columns]\nA = { question = ["?"], separator = ";" }\n', 'columns, "A": still "?". Write the ids of the questions that'),
    ('[columns]\nA = { question = "objects_to", entry = "?" }\n', 'columns, "A", entry: still "?". Write own_blood, '),
    ('[columns]\nA = { question = "?", ticked = "yes" }\n', 'columns, "A": still "?". Write the id of a question, or several'),
    (
        '[columns]\nA = { question = "melasma", ticked = "?" }\n',
        'columns, "A", ticked: still "?". Write the answer that a tick gives: yes',
    ),
    ('[columns]\nA = "age"\n[file]\ndate_order = "?"\n', 'file, date_order: still "?". Write month_first, day_first or'),
    ('[columns]\nA = "age"\n[words]\nYep = "?"\n', 'words, "Yep": still "?". Write the answer that it means'),
    ('[columns]\nA = "age"\n[answers.smokes]\nYep = "?"\n', 'answers.smokes, "Yep": still "?". Write yes, no, not_sure, or ""'),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "line"), UNDECIDED, ids=[line[:30] for _, line in UNDECIDED])
def test_what_nobody_has_decided_yet_computes_nothing(forms, mapping, line):
    (found,) = forms.refused("A,B\n1,2\n", mapping)
    assert found.startswith(f"mapping.toml: {line}")


def test_boxes_that_nobody_has_decided_yet_are_one_line_each(forms):
    boxes = "".join(f'x___{n} = {{ question = "objects_to", entry = "?" }}\n' for n in range(3))
    assert len(forms.refused("x___0\n1\n", f"[columns]\n{boxes}")) == 3


# ---------------------------------------------------------------- whatever mapping, whatever table

NAMES = st.sampled_from(
    ["id", *intake_columns(RULEBOOK), "skip", "importance", "since", "exosome_product", "?", "concern.x"]
)
ANSWERS = st.sampled_from(
    sorted({answer for column in columns_of(RULEBOOK).values() for answer in column.answers} | {"", "?", "2027-01-31"})
)
WORDS = st.sampled_from(
    ["Yes", "no ", "N/A", "1", "45 min", "3/7/2027", "a, b", "none", "", " ", "\xa0", "x" * 70]
) | st.text(max_size=6)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | ANSWERS | NAMES | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
RULES = NAMES | st.fixed_dictionaries(
    {"question": NAMES | st.lists(NAMES, max_size=3)},
    optional={
        "entry": ANSWERS,
        "separator": st.sampled_from([",", ", ", "\n", ";"]),
        "units": st.lists(WORDS, max_size=2),
        "date_order": st.sampled_from(["month_first", "day_first", "year_first", "?"]),
        "ticked": ANSWERS | st.lists(ANSWERS, max_size=2) | ANYTHING,
        "label": WORDS | ANYTHING,
        "birth_date": st.booleans() | ANYTHING,
    },
)
MEANINGS = st.dictionaries(WORDS, ANSWERS | st.integers(0, 500) | st.booleans(), max_size=4)
MAPPINGS = st.fixed_dictionaries(
    {"columns": st.dictionaries(WORDS, RULES | ANYTHING, max_size=5)},
    optional={
        "file": st.fixed_dictionaries({}, optional={"skip_rows": st.integers(0, 3), "title_rows": st.just([1, 2])})
        | ANYTHING,
        "words": MEANINGS | ANYTHING,
        "answers": st.dictionaries(NAMES, MEANINGS | ANYTHING, max_size=3) | ANYTHING,
        "other": ANYTHING,
    },
)


@settings(deadline=None)
@given(raw=MAPPINGS)
def test_whatever_stands_in_a_mapping_is_read_or_told_in_lines(raw):
    try:
        checked(raw, "mapping.toml", RULEBOOK)
    except IntakeProblem as problem:
        assert all(
            line.startswith("mapping.toml: ") and "\n" not in line and len(line) < 500 for line in problem.problems
        )


GOOD_COLUMNS = sorted({"id", *intake_columns(RULEBOOK)} - {"objects_to"})


@st.composite
def good_mappings(draw):
    """Mappings that hold: each of a few titles reads another column."""
    fills = draw(st.lists(st.sampled_from(GOOD_COLUMNS), min_size=1, max_size=4, unique=True))
    columns = {f"T{place}": name for place, name in enumerate(fills)}
    boxes = draw(st.lists(st.sampled_from(["own_blood", "plant", "none"]), unique=True))
    columns |= {f"B{place}": {"question": "objects_to", "entry": entry} for place, entry in enumerate(boxes)}
    if not boxes:
        columns["L"] = {"question": "objects_to", "separator": draw(st.sampled_from([",", "\n", "|"]))}
    words = {
        "Yes": "yes",
        "No": "no",
        "N/A": "",
        "a": "plant",
        "a,b": "animal",
        "1": draw(st.sampled_from(["yes", "lot", ""])),
    }
    return {
        "columns": columns,
        "words": words,
        "file": {"date_order": "day_first", "skip_rows": draw(st.integers(0, 2))},
    }


@settings(deadline=None)
@given(raw=good_mappings(), cells=st.lists(st.lists(WORDS | ANSWERS, min_size=9, max_size=9), max_size=4))
def test_whatever_stands_in_a_table_is_coded_or_told_with_its_line(raw, cells):
    mapping = checked(raw, "mapping.toml", RULEBOOK)
    titles = (*raw["columns"], "Other")
    columns = [
        pa.array([row[place] for row in cells], pa.string()).dictionary_encode().cast(CELLS)
        for place in range(len(titles))
    ]
    rows = FoundRows(np.arange(2, 2 + len(cells)), pa.RecordBatch.from_arrays(columns, names=list(titles)), [])
    report = TableReport()
    form = MappedForm(mapping, FoundTable("form.csv", titles, (ONE,) * len(titles), iter([rows])), RULEBOOK, report)
    memory = Memory(RULEBOOK, AS_OF, form)
    for block in read_blocks(form, report):
        table, keep, problems = memory.coded(block)
        assert table.rows == keep.size
        assert {cell.line for cell in problems} | set(block.lines[keep].tolist()) == set(block.lines.tolist())
        assert all(cell.reason and len(cell.reason) < 500 for cell in problems)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_mapping_with_any_byte_changed_is_read_or_told_in_lines(data):
    text = bytearray((FORMS / f"{data.draw(st.sampled_from(TOOLS))}.toml").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.toml"
        path.write_bytes(text)
        try:
            read_mapping(path, RULEBOOK)
        except IntakeProblem as problem:
            assert all(line.startswith("mapping.toml: ") and "\n" not in line for line in problem.problems)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_form_with_any_byte_changed_is_read_or_told_in_lines(data):
    """Nothing else may come out: no cell, line or title that is not one of the file's makes an exception."""
    tool = data.draw(st.sampled_from(TOOLS))
    table = bytearray((FORMS / f"{tool}.csv").read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(table) - 1))
        table[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with TemporaryDirectory() as folder:
        source = Path(folder) / "form.csv"
        source.write_bytes(table)
        report = TableReport()
        try:
            form = MappedForm(read_mapping(FORMS / f"{tool}.toml", RULEBOOK), open_table(source), RULEBOOK, report)
            memory = Memory(RULEBOOK, AS_OF, form)
            cells = [cell for block in read_blocks(form, report) for cell in [*block.bad, *memory.coded(block)[2]]]
            tomllib.loads(first_mapping(open_table(source), RULEBOOK))
        except IntakeProblem as problem:
            assert all(line.startswith("form.csv: ") and len(line) < 500 for line in problem.problems)
        else:
            assert all(cell.line >= 2 and cell.reason and "\n" not in cell.reason for cell in cells)


def in_other_words(name, cell):
    """An answer as this form has it."""
    if name in ("id", "age") or cell == "":
        return cell
    return ";".join(f"My {name}: {piece}!" for piece in cell.split("|"))


def words_of(name, rows, place):
    """The lines of a mapping that say what the words of a column mean."""
    answers = sorted({answer for row in rows for answer in row[place].split("|") if answer})
    said = {in_other_words(name, answer): answer if answer.isdigit() else quoted(answer) for answer in answers}
    return [f"[answers.{quoted(name)}]", *(f"{quoted(word)} = {answer}" for word, answer in said.items())]


@settings(max_examples=15, deadline=None)
@given(found=st.lists(clients(), min_size=1, max_size=5))
def test_a_form_in_other_words_gives_the_bytes_that_the_ids_give(found):
    by_ids = table_by_ids([{"id": place, **client} for place, client in enumerate(found)])
    header, *rows = csv.reader(io.StringIO(by_ids))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [[f"{name}, please?" for name in header]]
        + [[in_other_words(name, cell) for name, cell in zip(header, row, strict=True)] for row in rows]
    )
    lines = ["[columns]"]
    for name in header:
        rule = '{ question = "objects_to", separator = ";" }' if name == "objects_to" else quoted(name)
        lines.append(f"{quoted(f'{name}, PLEASE?')} = {rule}")
    for place, name in enumerate(header):
        lines += words_of(name, rows, place) if name not in ("id", "age") else []
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ids.csv").write_text(by_ids, "utf-8", newline="")
        (folder / "form.csv").write_text(text.getvalue(), "utf-8", newline="")
        (folder / "mapping.toml").write_text("\n".join(lines), "utf-8")
        mapped = partial(MappedForm, read_mapping(folder / "mapping.toml", RULEBOOK))
        out = folder / "out.csv"
        recommend_table(folder / "ids.csv", out, RULEBOOK, AS_OF, strict=True, robust=False)
        expected = out.read_bytes()
        recommend_table(folder / "form.csv", out, RULEBOOK, AS_OF, strict=True, robust=False, columns_of_file=mapped)
        assert out.read_bytes() == expected
