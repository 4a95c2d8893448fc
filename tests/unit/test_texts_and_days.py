"""What is kept in somebody's own words is never judged; and a day of the last time never brings a treatment forward wrongly."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medspa_core.access import PracticeFacts
from medspa_core.clients import new_client
from medspa_core.clients.export.paper_record import as_page
from medspa_core.clients.export.record import export_client
from medspa_core.findings import findings_by_option
from medspa_core.intake import IntakeProblem, columns_of, read_intake
from medspa_core.recommendation import recommend
from medspa_core.result import result_as_json
from medspa_core.rulebook import Rulebook, RulebookProblem, load_rulebook
from medspa_core.safety import Verdict, judge_safety
from medspa_core.tables.run import recommend_table
from tests.added_option import copy_of_data
from tests.clients_support import Practice, details
from tests.conftest import AS_OF, healthy
from tests.records_support import NOW, Clinic
from tests.unit.strategies import DATED, LAST_TIMES, clients

Plain = dict[str, Any]
TEXTS = ("medicines_text", "allergies_text")
FEW = settings(max_examples=60, deadline=None)


def until(client: Plain, rulebook: Rulebook) -> list[date | None]:
    return [option.deferred_until for option in recommend(client, rulebook, AS_OF).options.values()]


# --- texts ----------------------------------------------------------------------------------------------------------


@FEW
@given(text=st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=500), client=clients())
def test_a_text_changes_no_byte_of_the_result(text: str, client: Plain, rulebook: Rulebook) -> None:
    without = result_as_json(recommend(client, rulebook, AS_OF))
    assert result_as_json(recommend({**client, **dict.fromkeys(TEXTS, text)}, rulebook, AS_OF)) == without


@pytest.mark.parametrize("key", TEXTS)
@pytest.mark.parametrize("wrong", ["x" * 501, 7, ["aspirin"], "nul \0", "half \ud800"])
def test_a_text_that_cannot_be_kept_is_refused(key: str, wrong: object, rulebook: Rulebook) -> None:
    with pytest.raises(IntakeProblem, match=rf"^{key}: expected a text of "):
        read_intake({key: wrong}, rulebook, AS_OF)


def test_a_text_stands_in_no_table_and_is_never_tried(rulebook: Rulebook) -> None:
    assert not set(TEXTS) & set(columns_of(rulebook))
    result = recommend(healthy(concern="texture", medicines_text="Warfarin"), rulebook, AS_OF)
    assert "Warfarin" not in result_as_json(result)
    assert not {flip.question for flip in result.flips} & {*TEXTS, "since"}


def test_texts_and_days_in_a_table_are_those_of_one_client(rulebook: Rulebook, tmp_path: Path) -> None:
    row = {"filler_last_28_days": "yes", "since.filler_last_28_days": "2026-11-01", "medicines_text": "a, b\nc"}
    bad = {**row, "allergies_text": "x" * 501}
    later = {**row, "since.filler_last_28_days": "2026-11-23"}
    with (tmp_path / "in.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*row, "allergies_text"])
        writer.writeheader()
        writer.writerows([row, bad, later])
    report = recommend_table(tmp_path / "in.csv", tmp_path / "out.csv", rulebook, AS_OF)
    assert (report.rows, report.refused) == (1, 2)
    found = next(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert found["deferred_until.microneedling_alone"] == "2026-11-29"
    assert "since" not in report.notices[0] and "medicines_text" not in report.notices[0]
    refused = list(csv.DictReader((tmp_path / "out.rejected.csv").open(encoding="utf-8")))
    assert [line["column"] for line in refused] == ["allergies_text", "since.filler_last_28_days"]
    dated = pa.table({"filler_last_28_days": ["yes"], "since.filler_last_28_days": [date(2026, 11, 1)]})
    pa_parquet.write_table(dated, tmp_path / "in.parquet")
    recommend_table(tmp_path / "in.parquet", tmp_path / "out.parquet", rulebook, AS_OF)
    again = pa_parquet.read_table(tmp_path / "out.parquet").to_pylist()[0]
    assert again["deferred_until.microneedling_alone"] == "2026-11-29"


# --- days -----------------------------------------------------------------------------------------------------------


@FEW
@given(client=clients(), question=st.sampled_from(DATED), one=LAST_TIMES, other=LAST_TIMES)
def test_a_later_day_never_makes_the_wait_end_earlier(
    client: Plain, question: str, one: str, other: str, rulebook: Rulebook
) -> None:
    earlier, later = sorted((one, other))
    given_days = client.get("since", {})
    before = until({**client, "since": {**given_days, question: earlier}}, rulebook)
    after = until({**client, "since": {**given_days, question: later}}, rulebook)
    assert all((then or AS_OF) >= (now or AS_OF) for now, then in zip(before, after, strict=True))


@FEW
@given(client=clients())
def test_a_verdict_of_the_columns_is_the_strictest_finding_with_its_longest_wait(
    client: Plain, rulebook: Rulebook
) -> None:
    table = read_intake(client, rulebook, AS_OF)
    columns = judge_safety(table, rulebook)
    for place, found in enumerate(findings_by_option(table, rulebook).values()):
        verdict = max((one.verdict for one in found), default=Verdict.CLEAR)
        days = max((one.days for one in found if one.verdict is Verdict.DEFERRED), default=0)
        assert columns.verdict[0, place] == verdict
        assert columns.deferred_days[0, place] == (days if verdict is Verdict.DEFERRED else 0)


@FEW
@given(
    client=clients(), question=st.sampled_from(DATED), day=LAST_TIMES, answer=st.sampled_from(("no", "not_sure", None))
)
def test_a_day_beside_an_answer_that_does_not_defer_changes_nothing(
    client: Plain, question: str, day: str, answer: str | None, rulebook: Rulebook
) -> None:
    asked = rulebook.questions[question].answers
    answer = "none" if answer == "no" and "no" not in asked else answer
    plain = {**client, question: answer, "since": {}}
    assert until({**plain, "since": {question: day}}, rulebook) == until(plain, rulebook)


@pytest.mark.parametrize(
    ("since", "line"),
    [
        ({"cancer": "2026-11-01"}, "since.cancer: expected one of nsaid, "),
        ({"filler_last_14_days": "2026-11-01"}, "since.filler_last_14_days: expected one of "),
        ({"nsaid": "2026-11-23"}, "since.nsaid: expected a date (YYYY-MM-DD) from 2016-11-22 to 2026-11-22, found"),
        ({"nsaid": "2016-11-21"}, "since.nsaid: expected a date"),
        ({"nsaid": "2026-02-31"}, "since.nsaid: expected a date"),
        ({"nsaid": 20261101}, "since.nsaid: expected a date"),
        (["nsaid"], "since: expected an object of nsaid, "),
    ],
)
def test_a_day_that_cannot_be_is_refused(since: object, line: str, rulebook: Rulebook) -> None:
    with pytest.raises(IntakeProblem) as refused:
        read_intake({"since": since}, rulebook, AS_OF)
    assert refused.value.problems[0].startswith(line)


def test_a_day_is_not_offered_as_the_next_question(rulebook: Rulebook) -> None:
    result = recommend({"concern": "texture", "filler_last_28_days": "yes"}, rulebook, AS_OF)
    assert not [one for one in result.next_questions if one.question.startswith(("since", *TEXTS))]


def test_a_day_in_the_result_is_the_days_and_not_the_texts(rulebook: Rulebook) -> None:
    client = healthy(botulinum_last_14_days="yes", since={"botulinum_last_14_days": "2026-11-12"})
    option = json.loads(result_as_json(recommend(client, rulebook, AS_OF)))["options"]["microneedling_alone"]
    assert option["deferred_until"] == "2026-11-26"
    assert [one["question"] for one in option["findings"]] == ["botulinum_last_14_days"]
    over = {**client, "since": {"botulinum_last_14_days": "2026-11-08"}}
    option = json.loads(result_as_json(recommend(over, rulebook, AS_OF)))["options"]["microneedling_alone"]
    assert (option["verdict"], option["deferred_until"], option["findings"]) == ("clear", None, [])


# --- windows and waits ----------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(window=st.integers(0, 60), days=st.integers(1, 60), dated=st.none() | st.integers(1, 60), ago=st.integers(0, 90))
def test_a_rulebook_is_refused_or_no_wait_exceeds_what_was_asked(
    window: int, days: int, dated: int | None, ago: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy_of_data(tmp_path_factory.mktemp("book") / "data")
    _edit(folder / "questions.toml", "[filler_last_28_days]", "window_days = 28", f"window_days = {window}")
    from_a_day = f"\ndays_from_a_date = {dated}" if dated else ""
    _edit(folder / "contraindications.toml", "[filler_last_28_days.yes]", "days = 28", f"days = {days}{from_a_day}")
    try:
        book = load_rulebook(folder)
    except RulebookProblem as refused:
        assert max(days, dated or 0) > window
        assert refused.problems[0].startswith("contraindications.toml, filler_last_28_days.yes: waits ")
        return
    day = AS_OF - timedelta(days=ago)
    for client in ({}, {"since": {"filler_last_28_days": day.isoformat()}}):
        found = recommend(healthy(filler_last_28_days="yes", **client), book, AS_OF).options["microneedling_alone"]
        from_day = day if client else AS_OF
        assert found.deferred_until is None or AS_OF < found.deferred_until <= from_day + timedelta(days=window)


def _edit(path: Path, after: str, old: str, new: str) -> None:
    """Change the first place of `old` behind `after`."""
    head, mark, rest = path.read_text("utf-8").partition(f"\n{after}\n")
    assert mark and old in rest
    path.write_text(head + mark + rest.replace(old, new, 1), "utf-8")


def test_many_days_at_once_are_judged_as_each_alone(rulebook: Rulebook) -> None:
    rng = np.random.default_rng(7)
    clients_many = [
        healthy(
            **{question: rulebook.questions[question].answers[int(rng.integers(0, 2))] for question in DATED},
            since={
                q: (AS_OF - timedelta(days=int(rng.integers(0, 100)))).isoformat() for q in DATED if rng.random() < 0.6
            },
        )
        for _ in range(200)
    ]
    tables = [read_intake(client, rulebook, AS_OF) for client in clients_many]
    columns = {name: np.concatenate([one[name] for one in tables]) for name in tables[0].columns}
    whole = judge_safety(type(tables[0])(AS_OF, 200, columns, np.zeros(200, dtype=np.int32)), rulebook)
    alone = [judge_safety(one, rulebook) for one in tables]
    assert (whole.verdict == np.concatenate([one.verdict for one in alone])).all()
    assert (whole.deferred_days == np.concatenate([one.deferred_days for one in alone])).all()


def test_on_paper_texts_are_text_and_days_say_what_they_are_about(rulebook: Rulebook, file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        practice = Practice(store)
        client = new_client(store, practice.nurse, details(), NOW)
        typed = {"medicines_text": "<b>Warfarin</b>", "since": {"filler_last_28_days": "2026-11-01"}}
        practice.started(client.id, **typed)
        record = export_client(store, practice.signed_in("medical_director"), client.id, NOW)
    page = as_page(record, lambda _: rulebook, lambda person: person, PracticeFacts("", "", "")).decode()
    assert "&lt;b&gt;Warfarin&lt;/b&gt;" in page and "<b>Warfarin" not in page
    assert "Medicines, as told" in page and "Filler, 28 days: November 1, 2026" in page
