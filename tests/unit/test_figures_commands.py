"""What managers read, on the command line: a metric's table as CSV, and the nameless facts as Parquet by month."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from medspa_core import records
from medspa_core.command_line.figures_commands import asked_for, folder_lines, mix_csv
from medspa_core.practice.demo_history import demo_history
from medspa_core.practice.facts_folder import STAMP, write_store
from medspa_core.practice.facts_table import COLUMNS, FactsTable
from medspa_core.practice.metrics import MetricProblem, read_metrics
from medspa_core.records import Store, read_facts, record_choice, start_draft, take_back_choice
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, DATA
from tests.records_support import FACTS, NOW, ORDER

METRICS = read_metrics(DATA)


@pytest.fixture
def practice(store: Store, rulebook: Rulebook) -> Store:
    """Sixty invented consultations."""
    with store.together():
        for one in demo_history(rulebook, AS_OF, 60):
            now = datetime.combine(one.on, time(12, tzinfo=UTC))
            draft = start_draft(store, one.code_name, now, one.on, one.option_order, "history")
            record_choice(store, draft.id, one.choice, now, one.facts)
    return store


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_mix_by_month_has_every_consultation_once_recommended_and_once_chosen(practice: Store) -> None:
    rows = lines(mix_csv(practice, METRICS, (), asked_for(["month"], [], "", "")))
    for metric in ("recommended", "chosen"):
        assert sum(int(row["value"]) for row in rows if row["metric"] == metric) == 60
    months = {row["month"] for row in rows}
    assert months == {month for month in read_facts(practice)["month"]}


def test_where_keeps_one_value_of_a_cut(practice: Store) -> None:
    rows = lines(mix_csv(practice, METRICS, ("consultations",), asked_for([], ["concern=texture"], "", "")))
    assert [int(row["value"]) for row in rows] == [read_facts(practice)["concern"].count("texture")]


def test_real_consultations_are_told_without_the_invented_ones(practice: Store) -> None:
    draft = start_draft(practice, "R-1", NOW, NOW.date(), ORDER)
    record_choice(practice, draft.id, "wait", NOW, FACTS)
    assert [
        row["value"] for row in lines(mix_csv(practice, METRICS, ("consultations",), asked_for([], [], "", "")))
    ] == ["1"]


@pytest.mark.parametrize(
    ("by", "where", "told"),
    [
        (["moon"], [], "the cut 'moon' is not known"),
        (["month"], ["concern"], "--where concern: expected a cut and its value"),
    ],
)
def test_what_is_not_known_is_refused_with_a_line(practice: Store, by: list[str], where: list[str], told: str) -> None:
    with pytest.raises(MetricProblem, match=told):
        mix_csv(practice, METRICS, (), asked_for(by, where, "", ""))


def test_a_value_that_a_spreadsheet_would_run_is_written_as_text(store: Store) -> None:
    draft = start_draft(store, "R-1", NOW, NOW.date(), ORDER, location_id="=1+1")
    record_choice(store, draft.id, "wait", NOW, FACTS)
    rows = lines(mix_csv(store, METRICS, ("consultations",), asked_for(["location"], [], "", "")))
    assert rows[0]["location"] == "'=1+1"


def test_the_facts_are_one_file_a_month_with_every_row_once_and_the_same_again(practice: Store, tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    stamp = write_store(practice, folder, NOW)
    files = sorted(folder.glob("*.parquet"))
    rows = [(file.name, row) for file in files for row in pq.read_table(file).to_pylist()]
    assert sorted(row["id"] for _, row in rows) == sorted(read_facts(practice)["id"]) and len(rows) == stamp.facts == 60
    assert all(name == f"consultation-{row['day']:%Y-%m}.parquet" for name, row in rows)
    assert "encrypted disk" in folder_lines(stamp, folder)[-1]
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    before = [file.read_bytes() for file in sorted(folder.iterdir())]
    write_store(practice, folder, NOW)
    assert [file.read_bytes() for file in sorted(folder.iterdir())] == before


def test_a_month_without_facts_any_more_has_no_file(store: Store, tmp_path: Path) -> None:
    draft = start_draft(store, "R-1", NOW, NOW.date(), ORDER)
    record_choice(store, draft.id, "wait", NOW, FACTS)
    folder = tmp_path / "facts"
    write_store(store, folder, NOW)
    take_back_choice(store, draft.id, NOW)
    assert folder_lines(write_store(store, folder, NOW), folder)[0].startswith("0 facts in 0 files")
    assert [file.name for file in folder.iterdir()] == [STAMP]


def test_no_fact_holds_a_name_a_birth_date_a_note_or_a_clients_id(store: Store) -> None:
    draft = start_draft(store, "Marker Name", NOW, NOW.date(), ORDER, client_id=None)
    record_choice(store, draft.id, "wait", NOW, FACTS, reason="Marker reason")
    facts = read_facts(store)
    assert set(facts) - {"month"} == {*COLUMNS["consultation"].names} - {"day"} | {"consulted_on"}
    assert not {"Marker Name", "Marker reason", draft.id} & {
        str(value) for column in facts.values() for value in column
    }


# --- kept up --------------------------------------------------------------------------------------------------------


def test_a_copy_that_is_kept_up_holds_the_facts_of_the_store_whatever_was_chosen_or_taken_back(store: Store) -> None:
    table = FactsTable()
    made = [start_draft(store, f"R-{number}", NOW, NOW.date(), ORDER) for number in range(4)]
    for number, (place, choice) in enumerate(
        [(0, "wait"), (1, "no"), (0, "not_yet"), (1, None), (2, "no"), (0, None), (3, "wait"), (2, None), (0, "no")]
    ):
        now = NOW + timedelta(minutes=number)
        if choice is None:
            take_back_choice(store, made[place].id, now)
        else:
            record_choice(store, made[place].id, choice, now, FACTS)
        if number % 2:
            continue  # several changes at once are kept up too
        table.keep_up(store)
        kept = table.frame("SELECT id, seq, chosen FROM facts ORDER BY id").to_dict("list")
        facts = read_facts(store)
        assert list(zip(kept["id"], kept["seq"], kept["chosen"], strict=True)) == sorted(
            zip(facts["id"], facts["seq"], facts["chosen"], strict=True)
        )


def test_nothing_is_read_again_while_nothing_has_changed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = start_draft(store, "R-1", NOW, NOW.date(), ORDER)
    record_choice(store, draft.id, "wait", NOW, FACTS)
    table = FactsTable()
    table.keep_up(store)
    monkeypatch.setattr("medspa_core.practice.facts_table.read_facts", lambda *a: pytest.fail("read again"))
    table.keep_up(store)
    assert len(table) == records.facts_at(store)[0] == 1
