"""A first mapping is written from a form's own table: what is certain, the rest to be decided; and it can be gone on with."""

import csv
import io
import re
import stat
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.__main__ import main
from medspa_core.intake import IntakeProblem
from medspa_core.mapping.date_orders import day_in_every_order, day_in_order, order_of, orders_of_all, orders_of_dates
from medspa_core.mapping.first_mapping.mapping_text import first_mapping
from medspa_core.mapping.first_mapping.title_matching import Questions
from medspa_core.mapping.mapping_file import checked
from medspa_core.rulebook import load_rulebook
from medspa_core.tables.files.found_table import CELLS, ONE, FoundRows, FoundTable
from tests.conftest import AS_OF, DATA

FORMS = Path(__file__).parents[1] / "forms"
TOOLS = ("google_forms", "jotform", "typeform", "qualtrics", "redcap", "surveymonkey")
HISTORIES = tuple(f"{tool}_history" for tool in ("redcap", "redcap_labels", "surveymonkey", "typeform", "qualtrics"))
RULEBOOK = load_rulebook(DATA)
QUESTIONS = Questions(RULEBOOK)
DONE, UNUSABLE, SOME_REFUSED = 0, 2, 3


def table(titles, rows):
    """A form's table in memory."""
    columns = [
        pa.array([row[place] for row in rows], pa.string()).dictionary_encode().cast(CELLS)
        for place in range(len(titles))
    ]
    found = FoundRows(np.arange(2, 2 + len(rows)), pa.RecordBatch.from_arrays(columns, names=list(titles)), [])
    return FoundTable("form.csv", tuple(titles), (ONE,) * len(titles), iter([found]))


def written(titles, *rows):
    """The first mapping of a table, as its text and as TOML."""
    text = first_mapping(table(titles, rows), RULEBOOK)
    return text, tomllib.loads(text)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(
        "medspa_core.command_line.here.Here.rulebook", lambda here: RULEBOOK
    )  # loaded once for all tests

    def command(*arguments):
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err.splitlines()

    return command


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize("tool", [*TOOLS, *HISTORIES])
def test_recommend_has_one_line_for_each_question_mark_of_a_first_mapping(run, tmp_path, tool):
    status, text, notices = run("mapping", FORMS / f"{tool}.csv")
    assert (status, notices) == (DONE, [])
    (tmp_path / "first.toml").write_text(text, "utf-8")
    status, out, lines = run(
        "recommend", FORMS / f"{tool}.csv", "--map", tmp_path / "first.toml", "--out", tmp_path / "out.csv"
    )
    marks = sum(line.partition("  #")[0].count('"?"') for line in text.splitlines() if not line.startswith("#"))
    assert (status, out, len(lines)) == (UNUSABLE, "", marks)
    assert all(line.startswith("first.toml: ") and 'still "?"' in line for line in lines)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_first_mapping_whose_question_marks_are_decided_is_followed(run, tmp_path, tool):
    _, text, _ = run("mapping", FORMS / f"{tool}.csv")
    text = re.sub(r"(?m)^date_order = \"\?\"", 'date_order = "month_first"', text)
    (tmp_path / "first.toml").write_text(decided(text), "utf-8")
    status, _, lines = run(
        *("recommend", FORMS / f"{tool}.csv", "--map", tmp_path / "first.toml"),
        *("--out", tmp_path / "out.csv", "--as-of", AS_OF.isoformat()),
    )
    assert status in (DONE, SOME_REFUSED), lines
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) >= 3


def decided(text):
    """Each column that nobody knows skipped, each word that nobody knows no answer."""
    lines, part = [], ""
    for line in text.splitlines():
        part = line if line.startswith("[") else part
        use = "skip" if part == "[columns]" else ""
        undecided = r'(^".*") = (?:"\?"|\{ question = \[?"\?".*\}|\{.*entry = "\?".*\})'
        lines.append(re.sub(undecided, rf'\1 = "{use}"', line))
    return "\n".join(lines)


def test_a_first_mapping_goes_to_a_file_for_the_owner_alone_and_takes_no_other_ones_place(run, tmp_path):
    out = tmp_path / "mapping.toml"
    assert run("mapping", FORMS / "jotform.csv", "--out", out) == (DONE, "", [])
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = out.read_bytes()
    status, printed, (line,) = run("mapping", FORMS / "typeform.csv", "--out", out)
    assert (status, printed) == (UNUSABLE, "") and "there is such a file already" in line
    assert out.read_bytes() == before


def test_what_was_guessed_of_the_file_is_told_beside_the_mapping(run, tmp_path):
    source = tmp_path / "form.csv"
    source.write_bytes("Alter;Raucht\n41;nein\n42;j\xe4\n".encode("cp1252"))
    status, text, (notice,) = run("mapping", source)
    assert status == DONE and "semicolons" in notice and '"Alter" = "?"' in text


def test_what_is_no_table_is_one_line(run, tmp_path):
    (tmp_path / "form.csv").write_text("")
    assert run("mapping", tmp_path / "form.csv")[0] == UNUSABLE
    assert run("mapping", tmp_path / "none.csv")[0] == UNUSABLE


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("title", "fills"),
    [
        ("age", "age"),
        ("AGE", "age"),
        ("How old are you?", "age"),
        ("3. How old are you? *", "age"),
        ("What is your age?", "age"),
        ("cold sores ever", "cold_sores_ever"),
        ("Have you ever had cold sores?", "cold_sores_ever"),
        ("importance.cost", "importance.cost"),
        ("What matters to you? [The cost]", "importance.cost"),
        ("What matters to you? >> calm skin", "importance.calm_skin"),
        ("Which matters to you >> Calm skin", "importance.calm_skin"),
        ("Filler in the area, last 28 days", "filler_last_28_days"),
        ("Have you had filler in the area in the last 28 days?", "filler_last_28_days"),
        ("filler_last_14_days", "filler_last_14_days"),
        ("since.nsaid", "since.nsaid"),
        ("Submission ID", "id"),
        ("Timestamp", "skip"),
        ("intake_complete", "skip"),
        ("Are you pregnant? / Response", "pregnant"),
        ("Anything you do not want used? - Selected Choice", "objects_to"),
    ],
)
def test_a_title_that_says_a_question_in_its_own_words_is_certain(title, fills):
    assert QUESTIONS.asked(title).fills == fills


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        ("Are you not pregnant?", "pregnant"),
        ("Are you pregnant or breastfeeding?", "pregnant"),
        ("Have you never had diabetes?", "diabetes"),
        ("Filler in the area, last 14 days", "filler_last_28_days"),
        ("At what age did you start to smoke?", "age"),
        ("Does your family have cancer?", "cancer"),
        ("Steroid tablets, last 7 days", "oral_steroid_last_14_days"),
        ("Have you ever had cancer?", "cancer"),
    ],
)
def test_a_title_that_says_more_or_less_is_never_certain(title, likely):
    found = QUESTIONS.asked(title)
    assert found.fills == "?" and likely in found.likely


def test_a_title_that_is_like_nothing_is_left_open(run):
    assert QUESTIONS.asked("Wie alt sind Sie?").fills == "?"


@pytest.mark.parametrize(
    ("title", "entry"),
    [
        ("objects_to___plant", "plant"),
        ("objects_to___3", "?"),
        ("Something from animals", "animal"),
        ("Anything you do not want used? [My own blood]", "own_blood"),
        ("Anything you do not want used? - Selected Choice - My own blood", "own_blood"),
        ("Anything you do not want used? / Something from another person", "human_donor"),
    ],
)
def test_a_choice_of_several_is_known_by_its_own_words(title, entry):
    found = QUESTIONS.asked(title)
    assert (found.fills, found.entry) == ("objects_to", entry)


def test_two_columns_that_ask_the_same_are_both_left_open():
    text, mapping = written(["Age", "How old are you?", "Smokes"], ["41", "41", "no"])
    assert mapping["columns"] == {"Age": "?", "How old are you?": "?", "Smokes": "smokes"}
    assert "perhaps age" in text


def test_a_column_that_cannot_be_mapped_stands_as_a_remark():
    text, mapping = written(["Age", "Other", "other", "", "Remarks"], ["41", "x", "y", "z", ""])
    assert mapping["columns"] == {"Age": "age"}
    assert '# "Other": stands 2 times' in text and '# "": has no title' in text and '# "Remarks" = "?"' in text


# ---------------------------------------------------------------- answers


def test_answers_in_a_questions_own_words_are_certain_and_others_are_left_open():
    _, mapping = written(
        ["Cancer", "Diabetes", "Smokes"],
        ["Yes, in the past", "No", "Yes"],
        ["Long ago", "CONTROLLED", "n"],
        ["n/a", "Yes, under control", "Now and then"],
    )
    assert mapping["answers"] == {
        "cancer": {"Yes, in the past": "past", "Long ago": "?"},
        "diabetes": {"No": "none", "CONTROLLED": "controlled", "Yes, under control": "controlled"},
        "smokes": {"Now and then": "?"},
    }
    assert mapping["words"] == {"Yes": "yes", "n": "no", "n/a": "", "No": "no", "Not sure": "not_sure"}


def test_every_answer_of_a_title_that_is_filled_in_stands_there_to_be_looked_over_also_one_that_is_an_id():
    titles = ["How do you feel about needles?", "Skin type", "Objects to", "Smokes", "importance.cost"]
    rows = [["Never", "3", "plant, own_blood", "YES", "Lot"], ["fine", "not_sure", "None", "no", "must"]]
    _, mapping = written(titles, *rows)
    assert {"YES": "yes", "no": "no"}.items() <= mapping["words"].items()
    assert mapping["answers"] == {
        "needle_comfort": {"Never": "never", "fine": "fine"},
        "skin_type": {"3": "3", "not_sure": "not_sure"},
        "objects_to": {"plant": "plant", "own_blood": "own_blood", "None": "none"},
        "importance": {"Lot": "lot", "must": "must"},
    }


def test_a_code_of_several_questions_is_left_open_once_for_yes_and_no_and_in_every_other_question():
    _, mapping = written(["smokes", "melasma", "cancer"], ["1", "1", "1"], ["0", "0", "2"])
    assert {word: means for word, means in mapping["words"].items() if means == "?"} == {"0": "?", "1": "?"}
    assert mapping["answers"] == {"cancer": {"1": "?", "2": "?"}}


def test_units_beside_numbers_are_found_and_what_is_no_number_is_left_open():
    _, mapping = written(
        ["Minutes per visit", "Budget for the course"], ["45 min", "$2,500"], ["1 hour", "900 USD"], ["60", "?"]
    )
    assert mapping["columns"]["Minutes per visit"] == {"question": "minutes_per_visit", "units": ["min"]}
    assert mapping["columns"]["Budget for the course"] == {"question": "budget", "units": ["$", "USD"]}
    assert mapping["answers"] == {"minutes_per_visit": {"1 hour": "?"}, "budget": {"?": "?"}}


def test_money_of_another_country_is_never_decided_by_itself():
    _, mapping = written(["Budget for the course"], ["$2,500"], ["£1500"])
    assert mapping["columns"] == {"Budget for the course": {"question": "budget", "units": ["$", "?"]}}
    with pytest.raises(IntakeProblem) as problem:
        checked(mapping, "mapping.toml", RULEBOOK)
    (line,) = problem.value.problems
    assert line.startswith('mapping.toml: columns, "Budget for the course", units: still "?"')
    mapping["columns"]["Budget for the course"]["units"][1] = "£"
    assert checked(mapping, "mapping.toml", RULEBOOK).columns[0].units == ("$", "£")


def test_a_table_without_rows_is_told_to_have_none(run, tmp_path):
    (tmp_path / "form.csv").write_text("Age,Smokes\n")
    status, text, lines = run("mapping", tmp_path / "form.csv")
    assert status == DONE and '"Age" = "age"' in text
    assert lines == ["form.csv: no rows under the titles, so no answer can be looked at"]


def test_a_title_that_stands_twice_is_told_beside_the_mapping(run, tmp_path):
    (tmp_path / "form.csv").write_text("Age,Other,other,Other\n41,a,b,c\n")
    status, text, lines = run("mapping", tmp_path / "form.csv")
    assert status == DONE and '# "Other": stands 3 times' in text
    assert lines == ['form.csv: "Other": stands 3 times. Give each another title to map it']


def test_an_older_id_is_offered_only_to_a_form_that_asks_about_the_same_days():
    for title in ("Filler lately?", "Any filler in your face in the last 28 days?", "Have you had any filler?"):
        assert "filler_last_14_days" not in QUESTIONS.asked(title).likely
    assert "filler_last_14_days" in QUESTIONS.asked("Filler in the area, last 14 days").likely


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["2027-06-12"], None),
        (["6/12/2027"], "?"),
        (["6/12/2027", "6/25/2027"], "month_first"),
        (["25.12.2026"], "day_first"),
    ],
)
def test_the_order_of_dates_is_certain_only_where_one_order_reads_them_all(days, order):
    _, mapping = written(["Event date"], *([day] for day in [*days, "No date"]))
    assert mapping.get("file", {}).get("date_order") == order
    assert mapping["answers"] == {"event_date": {"No date": "none"}}


@pytest.mark.parametrize(
    ("moments", "days", "order"),
    [
        (["11/13/2026 10:22:31"], ["6/12/2027", "13/2/2027"], "?"),
        (["11/13/2026 10:22:31"], ["6/12/2027"], "month_first"),
        (["13.11.2026 10:22"], ["6/12/2027"], "day_first"),
        (["11/12/2026 9:01:00 PM"], ["6/12/2027", "13/2/2027"], "day_first"),
        (["2026-11-13 10:22:31"], ["6/12/2027", "13/2/2027"], "day_first"),
        (["2026-11-13 10:22:31"], ["6/12/2027", "13/2/2027", "2/14/2027", "2/15/2027", "2/16/2027"], "?"),
        (["11/13/2026 10:22:31"], ["2027-06-12", "12 June 2027", "2027/06/12"], None),
        (["131126"], ["6/12/2027"], "?"),
    ],
)
def test_the_order_of_dates_is_certain_only_where_all_that_the_file_says_agrees(moments, days, order):
    rows = [[moments[at % len(moments)], day] for at, day in enumerate(days)]
    text, mapping = written(["Timestamp", "Event date"], *rows)
    assert mapping.get("file", {}).get("date_order") == order and "answers" not in mapping
    assert tomllib.loads(text.replace('date_order = "?"', 'date_order = "day_first"'))["columns"]


@given(
    st.sampled_from(["month_first", "day_first"]),
    st.lists(st.dates(date(2026, 12, 1), date(2035, 12, 31)), min_size=1, max_size=4),
    st.sampled_from(["/", ".", "-"]),
)
def test_days_that_are_all_written_in_one_order_never_give_another(style, days, mark):
    two = [(day.month, day.day) if style == "month_first" else (day.day, day.month) for day in days]
    cells = [mark.join(map(str, (one, other, day.year))) for (one, other), day in zip(two, days, strict=True)]
    assert order_of([orders_of_all(cells), orders_of_dates(cells)]) in (style, "?")
    assert all(day_in_order(cell, style, date(2199, 1, 1)) == day for cell, day in zip(cells, days, strict=True))
    plain = [day_in_every_order(cell, date(2199, 1, 1)) for cell in cells]
    assert plain == [None] * len(cells)  # none is the same in every order, as a year in front is another one


def test_what_tells_an_order_of_dates_is_named_by_its_title_and_no_day_of_anybody_is():
    text, _ = written(
        ["Timestamp", "Event date"], ["11/13/2026 10:22:31", "6/12/2027"], ["11/13/2026 11:22", "13/2/2027"]
    )
    (line,) = (line for line in text.splitlines() if line.startswith("date_order"))
    assert line.endswith('which is 6/12?; "Timestamp" is month_first; "Event date" is day_first')
    assert "13/2/2027" not in text and "11/13" not in text


def test_a_column_of_days_that_nobody_has_decided_asks_for_their_order_too():
    for title in ("When?", "Last date you took ibuprofen"):
        _, mapping = written([title, "Smokes"], ["11/10/2026", "no"], ["", "no"])
        assert mapping["file"] == {"date_order": "?"} and mapping["columns"][title] == "?"
    _, mapping = written(["When?", "Smokes"], ["2026-11-10", "no"])
    assert "file" not in mapping


@pytest.mark.parametrize(("mark", "said"), [(", ", ","), (",", ","), ("\n", "\n"), (";", ";")])
def test_the_mark_between_choices_is_the_one_that_leaves_known_words(mark, said):
    both = mark.join(["My own blood", "Something from plants"])
    _, mapping = written(["Objects to"], [both], ["My own blood"], ["Fish"])
    assert mapping["columns"]["Objects to"] == {"question": "objects_to", "separator": said}
    assert mapping["answers"]["objects_to"] == {
        "My own blood": "own_blood",
        "Something from plants": "plant",
        "Fish": "?",
    }


def test_rows_of_titles_of_other_tools_are_found():
    _, mapping = written(
        ["Q1", "Q2"], ["How old are you?", "Smokes"], ['{"ImportId":"QID1"}', '{"ImportId":"QID2"}'], ["41", "no"]
    )
    assert mapping["file"] == {"skip_rows": 2} and mapping["columns"] == {"Q1": "age", "Q2": "smokes"}
    _, mapping = written(
        ["How old are you?", "What matters to you?", ""], ["Response", "The cost", "Calm skin"], ["41", "lot", "must"]
    )
    assert mapping["file"] == {"title_rows": [1, 2]}
    assert mapping["columns"] == {
        "How old are you? / Response": "age",
        "What matters to you? / The cost": "importance.cost",
        "What matters to you? / Calm skin": "importance.calm_skin",
    }


def test_what_clients_wrote_about_themselves_stands_in_no_mapping():
    names = ["Maren Oldacre", "Tobias Finch", "Dora Lindqvist"]
    text, _ = written(["How shall we call you?", "Smokes"], *([name, "no"] for name in names))
    assert not [name for name in names if name in text] and "3 different" in text
    text, _ = written(["Your whole name", "Smokes"], *([f"{name}, {name[0]}.", "no"] for name in names))
    assert not [name for name in names if name in text]


def test_answers_of_a_column_that_is_only_likely_stand_ready_as_a_remark():
    text, mapping = written(["Main concern"], *[["Lines"], ["Scars"]] * 2)
    assert mapping["columns"] == {"Main concern": "?"} and "answers" not in mapping
    without_marks = text.replace('"?"', '"concern"', 1).replace("# [answers", "[answers").replace('# "', '"')
    assert '\n"Lines" = "?"\n' in without_marks and "\n[answers.concern]" in without_marks


def test_answers_of_a_column_like_nothing_stand_ready_without_an_id_and_its_yes_and_no_are_words_already():
    text, _ = written(["What bothers you?", "Botox lately?"], *[["Lines", "No"], ["Scars", "Yes"]] * 2)
    assert '\n# [answers.ID]\n# "Lines" = "?"\n# "Scars" = "?"\n' in text and text.count("[answers.ID]") == 1


def test_choices_of_one_cell_are_taken_apart_also_where_nobody_knows_what_they_answer():
    rows = [["Eczema\nLatex"], ["Latex"], ["Eczema\nMelasma\nLatex"], ["Melasma"]]
    text, mapping = written(["Tick all that apply"], *rows)
    assert mapping["columns"] == {"Tick all that apply": {"question": ["?"], "separator": "\n"}}
    assert '\n# [answers.ID]\n# "Latex" = "?"\n# "Eczema" = "?"\n# "Melasma" = "?"\n' in text
    with pytest.raises(IntakeProblem) as problem:
        checked(mapping, "mapping.toml", RULEBOOK)
    assert len(problem.value.problems) == 1 and 'still "?"' in problem.value.problems[0]


def test_a_part_of_a_question_that_has_no_such_words_is_left_to_choose_from_its_parts():
    found = QUESTIONS.asked("What matters to you? [Price]")
    assert found.fills == "?" and {"importance.cost", "importance.source"} <= set(found.likely)
    text, _ = written(["What matters to you? [Price]"], ["A lot"], ["Not at all"], ["A lot"], ["Not at all"])
    assert '\n# [answers.importance]\n# "A lot" = "lot"\n# "Not at all" = "none"\n' in text


def test_answers_that_are_those_of_a_question_name_it_where_the_title_does_not():
    rows = [["Dark spots", "1", "£900"], ["Texture", "3", "£1,800"], ["Acne scars", "6", "No"]] * 2
    text, mapping = written(["Why are you here?", "How often?", "Most you would like to spend"], *rows)
    assert mapping["columns"] == {
        "Why are you here?": "?",
        "How often?": "?",
        "Most you would like to spend": {"question": "?", "units": ["?"]},
    }
    assert '"Why are you here?" = "?"  # perhaps concern; found: "Acne scars", "Dark spots", "Texture"' in text
    assert '\n# "Acne scars" = "acne_scars"\n# "Texture" = "texture"\n# "Dark spots" = "?"\n' in text
    assert "# some in £, but the clinic counts in its own currency; perhaps budget; found: " in text
    assert "perhaps skin_type" not in text


def test_choices_of_a_cell_that_most_likely_answer_a_question_stand_ready_one_by_one():
    rows = [
        ["My own blood\nFrom plants"],
        ["From plants"],
        ["From animals\nFrom plants"],
        ["My own blood"],
        ["From fish"],
    ]
    text, mapping = written(["Is there anything you do not want us to use?"], *rows)
    ((_, value),) = mapping["columns"].items()
    assert value == {"question": "?", "separator": "\n"} and "  # perhaps objects_to" in text
    assert {'# "My own blood" = "own_blood"', '# "From plants" = "?"', '# "From fish" = "?"'} <= set(text.splitlines())


def test_choices_of_microsoft_forms_are_known_by_the_mark_behind_each_also_where_one_holds_it():
    rows = [["Asthma;", "Something from animals;"], ["Pacemaker; or other device;Melasma;", "None of these;"]]
    rows += [["", "Something from another person;Something from animals;"]]
    text, mapping = written(["Do any of these apply to you?", "What should we avoid?"], *rows)
    assert mapping["columns"] == {
        "Do any of these apply to you?": {"question": ["?"], "separator": ";"},
        "What should we avoid?": {"question": "?", "separator": ";"},
    }
    found = '"Asthma", "Melasma", "Pacemaker; or other device"; perhaps melasma, heart_device_or_condition'
    assert f"several choices in a cell, which may answer several questions: {found}\n" in text
    assert '\n# [answers.ID]\n# "Asthma" = "?"\n# "Melasma" = "?"\n# "Pacemaker; or other device" = "?"\n' in text
    assert "  # perhaps objects_to; found: " in text and '\n# "Something from animals" = "animal"\n' in text


def test_lines_of_a_cell_are_choices_where_two_of_them_are_words_of_questions_and_no_address_is():
    rows = [["Cold sores\nDiabetes (well controlled)"], ["None of the above"], ["Pacemaker\nEczema"], ["Cold sores"]]
    text, mapping = written(["Please tick any that you have now or had in the past"], *rows)
    assert list(mapping["columns"].values()) == [{"question": ["?"], "separator": "\n"}]
    assert '\n# "Diabetes (well controlled)" = "?"\n' in text and "perhaps cold_sores_ever, diabetes" in text
    rows = [["12 Mill Lane\nSpringfield"], ["7 High Street\nSpringfield"], ["9 High Street\nAshford"]]
    text, mapping = written(["Where do you live?"], *rows)
    assert mapping["columns"] == {"Where do you live?": "?"} and "Springfield" not in text and "3 different" in text


def test_answers_stand_ready_also_where_most_of_them_come_only_twice():
    concerns = ["Lines", "Scars", "Lines", "Hair", "Spots", "Lines", "Facial", "Spots"]
    text, _ = written(["What is the main thing?"], *([one] for one in concerns))
    assert '\n# [answers.ID]\n# "Lines" = "?"\n# "Spots" = "?"\n# "Facial" = "?"\n' in text


def test_of_several_likely_questions_the_one_that_understands_the_answers_comes_first():
    text, mapping = written(["Time for a visit"], ["45 min"], ["60 min"], ["1 hour"])
    assert mapping["columns"] == {"Time for a visit": {"question": "?", "units": ["min"]}}
    assert "perhaps minutes_per_visit, visits_willing" in text and '# "1 hour" = "?"' in text


# ---------------------------------------------------------------- boxes and birth dates


@pytest.mark.parametrize("tool", HISTORIES)
def test_a_first_mapping_of_boxes_needs_no_more_than_questions_and_answers(run, tmp_path, tool):
    """Its "?" decided as the mapping beside the form has them, it is that mapping; no birth date stands in it."""
    _, text, _ = run("mapping", FORMS / f"{tool}.csv")
    table = (FORMS / f"{tool}.csv").read_text("utf-8")
    assert not [year for year in ("1982", "1969", "2006", "1990") if year in text or year not in table]
    found, meant = (tomllib.loads(one) for one in (text, (FORMS / f"{tool}.toml").read_text("utf-8")))
    assert found.get("file", {}) == meant.get("file", {})
    for title, rule in meant["columns"].items():
        if not isinstance(rule, dict):
            assert found["columns"].get(title, "skip") in (rule, "?")
            continue
        if title not in found["columns"]:  # never ticked, and nothing says which question it belongs to
            assert (tool, title) == ("typeform_history", "Brown patches (melasma)")
            continue
        undecided = {"question": "?"} | ({"ticked": "?"} if "ticked" in rule else {})
        filled = {key: value for key, value in found["columns"][title].items() if value != "?"}
        assert {**rule, **undecided, **filled} == {**found["columns"][title]}
        assert filled.get("question", rule["question"]) == rule["question"]
    assert '"0" = ' not in text and '"1" = ' not in text and "hecked" not in text
    assert text.count("# `ticked`") == 1


def test_a_box_names_what_it_may_ask_by_its_own_words():
    rows = [["Diabetes", "", "Checked", "1", "Unchecked"], ["", "Melasma", "Unchecked", "0", "Unchecked"]] * 2
    text, mapping = written(["Diabetes", "Any? / Melasma", "Any? (choice=Latex allergy)", "hx___1", "Smokes"], *rows)
    assert mapping["columns"] == {
        "Diabetes": {"question": "diabetes", "ticked": "?"},
        "Any? / Melasma": {"question": "melasma", "ticked": "?"},
        "Any? (choice=Latex allergy)": {"question": "?", "ticked": "?"},
        "hx___1": {"question": "?", "ticked": "?"},
        "Smokes": {"question": "smokes", "ticked": "?"},
    }
    assert "  # perhaps latex_allergy" in text and "[answers" not in text


def test_a_column_with_two_answers_or_a_plain_yes_is_no_box():
    rows = [["Acne", "Yes", "1"], ["Lines", "", "0"]] * 2
    _, mapping = written(["What brings you? / Acne", "Any pain? / Yes", "Flag"], *rows)
    assert "ticked" not in str(mapping)


@pytest.mark.parametrize(
    "title",
    [
        "Date of birth",
        "DOB",
        "D.O.B.",
        "Birth Date",
        "Your Birth Date",
        "Birthday",
        "patient_dob",
        "When were you born?",
    ],
)
@pytest.mark.parametrize("days", [["03/14/1982", "7/2/1969"], ["1982-03-14"] * 4, ["March 14, 1982", "July 2, 1969"]])
def test_a_birth_date_is_proposed_for_the_age_and_never_shown(title, days):
    text, mapping = written([title, "Smokes"], *([day, "no"] for day in days))
    assert mapping["columns"] == {title: {"question": "?", "birth_date": True}, "Smokes": "smokes"}
    assert f'"{title}" = {{ question = "?", birth_date = true }}  # perhaps age\n' in text
    assert not [day for day in days if day in text] and "1982" not in text
    assert mapping.get("file") == ({"date_order": "month_first"} if "/" in days[0] else None)


def test_birth_dates_in_a_column_of_ages_are_proposed_as_such_and_some_among_ages_are_not_shown():
    _, mapping = written(["Age"], ["1982-03-14"], ["1969-07-02"], ["44"])
    assert mapping["columns"] == {"Age": {"question": "?", "birth_date": True}}
    text, mapping = written(["Age"], ["1982-03-14"], ["57"], ["44"])
    assert mapping["columns"] == {"Age": "age"} and "1982" not in text


@pytest.mark.parametrize(
    "title", ["Geburtsdatum", "When do you want to be ready?", "Any birth control?", "Pregnant or breastfeeding?"]
)
def test_days_stand_in_no_first_mapping_whatever_their_title(title):
    text, mapping = written([title], *([day] for day in ["03/14/1982", "7/2/1969", "No"] * 3))
    assert mapping["columns"] == {title: "?"} and "1982" not in text and "1969" not in text
    text, _ = written([title], *([f"March {day}, 1982"] for day in (14, 14, 14, 15, 15, 16)))
    assert "1982" not in text and "March" not in text


# ---------------------------------------------------------------- whatever table

TITLES = st.lists(
    st.text(max_size=12)
    | st.sampled_from(
        [
            "age",
            "Budget for the course",
            "Event date",
            "Objects to",
            "Smokes",
            "objects_to___1",
            "id",
            "#",
            "\u202ea\x00",
            '"\\',
        ]
    ),
    min_size=1,
    max_size=6,
)
CELL = st.text(max_size=10) | st.sampled_from(
    ["Yes", "45 min", "$2,500", "3/7/2027", "a;b", '{"ImportId":"x"}', "Response", "\x00\u2028", '"""\\']
)


@settings(deadline=None, max_examples=40)
@given(titles=TITLES, data=st.data())
def test_the_first_mapping_of_any_table_is_toml_that_can_be_gone_on_with(titles, data):
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(titles), max_size=len(titles)), max_size=4))
    text, mapping = written(titles, *rows)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\u2028]", text)
    try:
        checked(mapping, "mapping.toml", RULEBOOK)
    except IntakeProblem as problem:
        assert all('still "?"' in line or "no column is mapped" in line for line in problem.problems)


def test_a_large_table_is_looked_at_in_its_first_rows_only(run, tmp_path):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Age", "Smokes"], *([41, "no"] for _ in range(20_000)), [41, "Sometimes"]])
    (tmp_path / "form.csv").write_text(text.getvalue())
    status, written_text, _ = run("mapping", tmp_path / "form.csv")
    assert status == DONE and "Sometimes" not in written_text and "16384 rows" in written_text
