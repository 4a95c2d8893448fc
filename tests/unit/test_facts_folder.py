"""The facts as a folder of Parquet: the same numbers as from the store, and a folder that is not whole is refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from medspa_core.command_line import start_commands
from medspa_core.command_line.start_commands import create_demo
from medspa_core.practice.demo_history import demo_history
from medspa_core.practice.facts_folder import STAMP, FactsFolder, FactsFolderProblem, write_folder, write_store
from medspa_core.practice.facts_table import COLUMNS, FactsTable
from medspa_core.practice.invented import numbers as given
from medspa_core.practice.invented.many import many_facts
from medspa_core.practice.metric_tables import Asked, metric_table, newest_day, values_of
from medspa_core.practice.metrics import read_metrics
from medspa_core.records import record_choice, start_draft
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, DATA
from tests.records_support import FACTS, NOW, ORDER, Clinic

METRICS = read_metrics(DATA)


def numbers(table: FactsTable, *, invented: bool) -> list[pd.DataFrame]:
    """Every number of metrics.toml, some by quarter too, and what the filters offer."""
    found = [pd.DataFrame({"day": [newest_day(table, METRICS, Asked("", invented=invented))]})]
    for name, metric in METRICS.metrics.items():
        for by in ((), ("quarter",)) if metric.split or metric.monday == 8 else ((),):
            found.append(metric_table(table, METRICS, Asked(name, by, invented=invented)))
    cuts = ("location", "provider", "age_band", "returning")
    return [*found, *(pd.DataFrame(values_of(table, METRICS, cut, Asked("", invented=invented))) for cut in cuts)]


def test_every_number_from_the_folder_is_that_from_the_store_and_written_again_it_is_opened_again(
    file_clinic: Clinic, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = file_clinic.create()
    monkeypatch.setattr(start_commands, "demo_history", lambda book, day: demo_history(book, day, 30))
    monkeypatch.setattr(given, "COURSES_A_WEEK", dict.fromkeys(given.OPEN_ON, 1.0))
    create_demo(store, rulebook, AS_OF)
    table, folder = FactsTable(), FactsFolder(tmp_path / "of 'facts'")
    for invented, moment in ((True, NOW), (False, NOW + timedelta(days=1))):
        stamp = write_store(store, folder.folder, moment)
        for one in (table, folder):
            one.keep_up(store)
        assert folder.stamp == stamp and stamp.moment == moment and stamp.facts == len(table) == len(folder)
        assert table.whose == folder.whose
        for mine, theirs in zip(numbers(table, invented=invented), numbers(folder, invented=invented), strict=True):
            pd.testing.assert_frame_equal(mine, theirs)
        draft = start_draft(store, "R-1", NOW, NOW.date(), ORDER)  # in the second round there is a real one too
        record_choice(store, draft.id, "wait", NOW, FACTS)


@pytest.fixture(scope="module")
def written(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "facts"
    write_folder(folder, many_facts(4_000, rulebook, AS_OF), 1, NOW)
    return folder


def _older(stamp: Path) -> None:
    said = json.loads(stamp.read_text())
    del said["shape"]["visit"]["reactions"]
    stamp.write_text(json.dumps(said))


def _cut_short(stamp: Path) -> None:
    file = next(stamp.parent.glob("sale-*"))
    file.write_bytes(file.read_bytes()[:-10])


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "is not there": (Path.unlink, "no whole folder of facts"),
    "is no JSON": (lambda stamp: stamp.write_text("{"), "cannot be read"),
    "says something else": (lambda stamp: stamp.write_text("[1]"), "cannot be read"),
    "is of another version": (_older, "another version of the program"),
    "has lost a month": (lambda stamp: next(stamp.parent.glob("visit-*")).unlink(), "missing, or not as it was"),
    "has half a month": (_cut_short, "missing, or not as it was"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_folder_that_is_not_whole_or_older_is_refused_in_one_line_that_says_what_to_do(
    written: Path, tmp_path: Path, what: str
) -> None:
    folder = tmp_path / "facts"
    folder.mkdir()
    for file in written.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    FactsFolder(folder).keep_up()
    break_it, told = WRONG[what]
    break_it(folder / STAMP)
    with pytest.raises(FactsFolderProblem, match=told) as problem:
        FactsFolder(folder).keep_up()
    [line] = problem.value.problems
    assert "\n" not in line and f"python -m medspa_core facts {folder}" in line


def test_its_connection_opens_no_other_file_and_stays_as_it_is(written: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    folder = FactsFolder(written)
    folder.keep_up()
    for query in (f"FROM '{other}'", "SET enable_external_access = true", "FROM glob('/etc/*')"):
        with pytest.raises(duckdb.Error, match=r"disabled by configuration|locked"):
            folder.frame(query)


def test_very_many_facts_are_about_as_many_as_asked_always_marked_and_hang_together(
    written: Path, rulebook: Rulebook
) -> None:
    folder = FactsFolder(written)
    folder.keep_up()
    assert folder.stamp is not None and 3_600 < folder.stamp.facts == len(folder) < 4_400 and folder.whose == {True}
    again = {(kind, month): facts for kind, month, facts in many_facts(4_000, rulebook, AS_OF)}
    assert sum(len(one) for one in again.values()) == len(folder)
    assert all(one.schema.names == COLUMNS[kind].names for (kind, _), one in again.items())
    wrong = """
        SELECT count(*) AS found FROM kept AS c JOIN (
            SELECT consultation, count(*) FILTER (status = 'performed') AS done, max(planned_visits) AS planned,
                min(day) FILTER (status = 'performed') AS first, max(day) FILTER (status = 'performed') AS last,
                count(*) FILTER (status = 'booked') AS open, min(booked_on) AS booked
            FROM kept WHERE kind = 'visit' GROUP BY 1
        ) AS v ON c.id = v.consultation
        WHERE c.first_visit_on IS DISTINCT FROM v.first OR c.last_visit_on IS DISTINCT FROM v.last OR c.open_visits <> v.open
            OR (c.finished_on IS NOT NULL) <> (v.done = v.planned) OR c.booked_on <> v.booked OR v.done > v.planned
    """
    assert folder.frame(wrong).loc[0, "found"] == 0
    ahead = folder.frame(
        "SELECT status = 'booked' AS booked, min(day) AS a, max(day) AS b FROM kept WHERE kind = 'visit' GROUP BY 1"
    )
    ahead = ahead.set_index("booked")
    assert ahead.loc[False, "b"].date() < AS_OF <= ahead.loc[True, "a"].date()
    money = (
        "SELECT course, sum(paid_cents) - coalesce(sum(worth_cents), 0) AS left FROM kept WHERE course IN "
        "(SELECT course FROM kept WHERE what = 'package') AND kind = 'sale' GROUP BY 1"
    )
    assert folder.frame(money)["left"].min() >= 0
