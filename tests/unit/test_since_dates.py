"""A day beside an answer (since.nsaid) that counts for nothing, or that denies it, is told; what is computed stays the same."""

import csv
from datetime import timedelta

import pytest

from medspa_core.intake import since_column
from medspa_core.recommendation import recommend
from medspa_core.rulebook import load_rulebook
from medspa_core.tables.run import recommend_table
from medspa_core.tables.since_dates import denying_days
from tests.conftest import AS_OF, DATA

RULEBOOK = load_rulebook(DATA)


def ago(days):
    return (AS_OF - timedelta(days=days)).isoformat()


@pytest.fixture
def told(tmp_path):
    def run(question, rows):
        """What is told of rows of an answer and how many days ago; what is computed is what each client alone is told."""
        source, out = tmp_path / "clients.csv", tmp_path / "out.csv"
        with source.open("w", newline="", encoding="utf-8") as file:
            days = [(answer, "" if days is None else ago(days)) for answer, days in rows]
            csv.writer(file).writerows([("age", question, since_column(question)), *((41, *row) for row in days)])
        report = recommend_table(source, out, RULEBOOK, AS_OF, robust=False)
        with out.open(encoding="utf-8", newline="") as file:
            for row, (answer, days) in zip(csv.DictReader(file), rows, strict=True):
                given_day = {} if days is None else {"since": {question: ago(days)}}
                alone = recommend({"age": 41, **({question: answer} if answer else {}), **given_day}, RULEBOOK, AS_OF)
                verdicts = {key: row[f"verdict.{key}"] for key in RULEBOOK.ranked}
                assert verdicts == {key: alone.options[key].verdict.word for key in RULEBOOK.ranked}
        return [line for line in report.notices if "unanswered in all rows" not in line]

    return run


def test_a_day_without_an_answer_is_told_once_with_its_rows(told):
    rows = [("", 1), ("none", None), ("", 3), ("last_7_days", 3), ("", 400), ("", None)]
    assert told("nsaid", rows) == [
        "clients.csv: since.nsaid: given in 3 rows whose nsaid is not answered: it counts for nothing there"
    ]
    assert told("nsaid", [("not_sure", 1)]) == [
        "clients.csv: since.nsaid: given in 1 row whose nsaid is not sure: it counts for nothing there"
    ]
    assert told("nsaid", [("not_sure", 1), ("", 1)]) == [
        "clients.csv: since.nsaid: given in 2 rows whose nsaid is not answered or not sure: it counts for nothing there"
    ]


@pytest.mark.parametrize(
    ("question", "answer", "fits", "denies"),
    [
        ("nsaid", "none", [7, 8, 400], [0, 1, 6]),
        ("nsaid", "last_2_days", [0, 1, 2], [3, 7, 8, 400]),
        ("nsaid", "last_7_days", [0, 3, 7], [8, 400]),
        ("needling_area_last_28_days", "no", [28, 29], [0, 27]),
        ("needling_area_last_28_days", "yes", [0, 28], [29, 3000]),
        ("peel_or_laser", "none", [30, 89, 90], [0, 29]),
        ("peel_or_laser", "light_under_30_days", [0, 30], [31]),
        ("peel_or_laser", "deep_under_3_months", [0, 90], [91]),
        ("retinoid_or_acid_last_7_days", "not_applicable", [7], [6]),
    ],
)
def test_a_day_that_denies_its_answer_is_told_with_its_lines(told, question, answer, fits, denies):
    lines = told(question, [(answer, days) for days in [*fits, *denies]])
    places = ", ".join(str(2 + len(fits) + place) for place in range(len(denies)))
    rows, line = ("1 row", "line") if len(denies) == 1 else (f"{len(denies)} rows", "lines")
    assert lines == [
        f"clients.csv: since.{question}: denies {question} in {rows} ({answer}): check them, {line} {places}"
    ]


def test_of_many_rows_a_few_lines_are_named_and_their_answers(told):
    lines = told("nsaid", [("none", 1)] * 6 + [("last_2_days", 5)] * 3 + [("", 1)])
    assert lines == [
        "clients.csv: since.nsaid: given in 1 row whose nsaid is not answered: it counts for nothing there",
        "clients.csv: since.nsaid: denies nsaid in 9 rows (none, last_2_days): check them, lines 2, 3, 4, 5, 6, …",
    ]


def test_every_answer_about_the_last_days_but_not_sure_has_days_that_deny_it_and_days_that_do_not():
    for question in (RULEBOOK.questions[one] for one in RULEBOOK.dated_questions):
        bounds = dict(zip(("", *question.answers), denying_days(question), strict=True))
        for answer, (low, high) in bounds.items():
            denies = {days for days in (0, 1, 200) if low <= days <= high}
            if answer in ("", "not_sure"):
                assert denies == set()
            else:
                assert denies == ({0, 1} if answer in ("no", "none", "not_applicable") else {200})
