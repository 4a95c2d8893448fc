"""Drafts on real SQLite files: what was acknowledged stays, nothing is half written, nobody's answer leaks."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine

import medspa_core.access.schema  # noqa: F401  (its tables belong to the same store)
from medspa_core.records import (
    ChoiceFacts,
    Draft,
    DraftFinished,
    DraftMissing,
    DraftMoved,
    Store,
    StoreBusy,
    StoreFull,
    StoreNewer,
    StoreProblem,
    clear_answers,
    count_drafts,
    create_store,
    finish,
    list_drafts,
    load_draft,
    open_store,
    read_facts,
    record_choice,
    save_answer,
    save_answers,
    start_draft,
    store_file,
    undo,
)
from medspa_core.records import store as store_module
from medspa_core.records.schema import REVISIONS, metadata

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
ORDER = ("wait", "microneedling_alone", "prp_microneedling", "exosome_microneedling")
FACTS = ChoiceFacts("texture", "microneedling_alone", "leans", "exosome_microneedling", "leans")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path):
    with create_store(store_file(tmp_path / "home")) as opened:
        yield opened


def begin(store: Store, code_name: str = "Birch 7") -> Draft:
    return start_draft(store, code_name, NOW, date(2026, 11, 22), ORDER)


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        return plain.execute("PRAGMA integrity_check").fetchone()[0]


def test_a_saved_answer_comes_back_after_the_store_was_closed(store: Store) -> None:
    draft = begin(store)
    save_answer(store, draft.id, "age", 44, NOW, "client_view")
    save_answer(store, draft.id, "importance", {"cost": "lot"}, NOW + timedelta(seconds=5), "staff_view")
    store.close()
    with open_store(store.path) as again:
        found = load_draft(again, draft.id)
    assert found is not None
    assert found.answers == {"age": 44, "importance": {"cost": "lot"}}
    assert found.how_asked == {"age": "client_view", "importance": "staff_view"}
    assert found.revision == 2
    assert found.saved_at == NOW + timedelta(seconds=5)
    assert (found.created_at, found.as_of, found.option_order) == (NOW, date(2026, 11, 22), ORDER)


def test_every_kind_of_answer_comes_back_as_it_was(store: Store) -> None:
    draft = begin(store)
    given = {
        "a": 0,
        "b": False,
        "c": "",
        "d": [],
        "e": {"x": [1, 2.5, None]},
        "f": "é 日本 👩🏽‍⚕️ '; DROP TABLE drafts; --",
        "g": "\0\ud800",
    }
    assert save_answers(store, draft.id, given, NOW, "form").answers == given


def test_none_takes_an_answer_back_to_unanswered(store: Store) -> None:
    draft = begin(store)
    save_answer(store, draft.id, "age", 44, NOW, "form")
    assert save_answer(store, draft.id, "age", None, NOW, "form").answers == {}


def test_a_time_from_another_zone_is_kept_as_utc(store: Store) -> None:
    draft = begin(store)
    there = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-6)))
    saved = save_answer(store, draft.id, "age", 44, there, "form").saved_at
    assert (saved, saved.tzinfo) == (there, UTC)
    with pytest.raises(ValueError, match="zone"):
        save_answer(store, draft.id, "age", 44, datetime(2026, 11, 22), "form")


def test_several_answers_are_one_step_all_or_none(store: Store) -> None:
    draft = begin(store)
    with pytest.raises(StoreProblem):
        save_answers(store, draft.id, {"age": 44, "concern": object()}, NOW, "form")
    assert load_draft(store, draft.id) == draft
    assert save_answers(store, draft.id, {"age": 44, "concern": "texture"}, NOW, "form").revision == 1
    assert undo(store, draft.id, NOW).answers == {}


def test_undo_walks_back_through_every_step_and_stops_at_the_start(store: Store) -> None:
    draft = begin(store)
    assert not draft.can_undo
    save_answer(store, draft.id, "age", 44, NOW, "form")
    save_answer(store, draft.id, "age", 45, NOW, "nurse")
    save_answer(store, draft.id, "smokes", "no", NOW, "form")
    assert undo(store, draft.id, NOW).answers == {"age": 45}
    one = undo(store, draft.id, NOW)
    assert (one.answers, one.how_asked, one.can_undo) == ({"age": 44}, {"age": "form"}, True)
    none = undo(store, draft.id, NOW)
    assert (none.answers, none.can_undo, none.revision) == ({}, False, 6)
    assert undo(store, draft.id, NOW) == none


def test_a_save_after_an_undo_is_what_the_next_undo_takes_back(store: Store) -> None:
    draft = begin(store)
    save_answer(store, draft.id, "age", 44, NOW, "form")
    save_answer(store, draft.id, "age", 45, NOW, "form")
    undo(store, draft.id, NOW)
    save_answer(store, draft.id, "age", 46, NOW, "form")
    assert undo(store, draft.id, NOW).answers == {"age": 44}
    assert undo(store, draft.id, NOW).answers == {}


def test_starting_again_can_be_undone_in_one_step(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44, "concern": "texture"}, NOW, "form")
    assert clear_answers(store, draft.id, NOW).answers == {}
    assert undo(store, draft.id, NOW).answers == {"age": 44, "concern": "texture"}


def test_a_stale_revision_is_refused_and_shows_what_is_there(store: Store) -> None:
    draft = begin(store)
    save_answer(store, draft.id, "age", 44, NOW, "form", expected_revision=0)
    with pytest.raises(DraftMoved) as refused:
        save_answer(store, draft.id, "age", 45, NOW, "form", expected_revision=0)
    assert refused.value.draft.answers == {"age": 44}
    for verb in (undo, clear_answers):
        with pytest.raises(DraftMoved):
            verb(store, draft.id, NOW, expected_revision=0)
    with pytest.raises(DraftMoved):
        save_answer(store, draft.id, "age", 44, NOW, "form", expected_revision=7)
    found = load_draft(store, draft.id)
    assert found is not None
    assert (found.answers, found.revision) == ({"age": 44}, 1)


def test_the_same_save_sent_twice_is_done_once(store: Store) -> None:
    draft = begin(store)
    for _ in range(2):
        saved = save_answer(store, draft.id, "age", 44, NOW, "form", expected_revision=0)
    assert saved.revision == 1
    for _ in range(2):
        undone = undo(store, draft.id, NOW, expected_revision=1)
    assert (undone.revision, undone.answers) == (2, {})


def test_two_writers_lose_no_save(store: Store) -> None:
    draft = begin(store)
    problems: list[BaseException] = []

    def write(writer: int, through: Store) -> None:
        try:
            for number in range(25):
                save_answer(through, draft.id, f"w{writer}_{number}", number, NOW, "form")
        except BaseException as problem:
            problems.append(problem)

    with open_store(store.path) as other:  # the third and fourth go through a second opening of the file
        threads = [threading.Thread(target=write, args=(n, store if n < 2 else other)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []
    found = load_draft(store, draft.id)
    assert found is not None
    assert found.answers == {f"w{w}_{n}": n for w in range(4) for n in range(25)}
    assert found.revision == 100


KILLED_WRITER = """
import sys
from datetime import UTC, datetime
from medspa_core.records import open_store, save_answers
store = open_store(sys.argv[1])
for number in range(int(sys.argv[3]), 1_000_000):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    save_answers(store, sys.argv[2], {"first": number, "second": number}, now, "form")
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def test_a_save_survives_kill_9_and_is_never_half_there(store: Store) -> None:
    draft = begin(store)
    acknowledged = -1
    for cycle in range(24):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED_WRITER, str(store.path), draft.id, str(acknowledged + 1)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        for _ in range(1 + cycle % 5):
            acknowledged = int(child.stdout.readline())
        threading.Event().wait(0.0007 * (cycle % 7))  # kill at different moments of the next save
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
        child.wait()
        acknowledged = int(rest[-1]) if rest and rest[-1].isdigit() else acknowledged
        found = load_draft(store, draft.id)
        assert found is not None
        assert found.answers["first"] == found.answers["second"]
        assert found.answers["first"] in (acknowledged, acknowledged + 1)
        acknowledged = found.answers["first"]
    store.close()
    assert integrity(store.path) == "ok"


def test_an_interruption_inside_a_save_leaves_nothing_of_it(store: Store) -> None:
    draft = begin(store)

    class StopRun(BaseException):
        pass

    with pytest.raises(StopRun), store.writing() as connection:
        connection.exec_driver_sql("UPDATE drafts SET revision = 99")
        raise StopRun
    assert load_draft(store, draft.id) == draft
    assert save_answer(store, draft.id, "age", 44, NOW, "form").revision == 1


def test_a_full_disk_says_so_and_keeps_what_was_saved(store: Store) -> None:
    draft = begin(store)
    saved = save_answer(store, draft.id, "age", 44, NOW, "form")
    with store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(StoreFull, match="disk is full"), store.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(2000):
            connection.exec_driver_sql(
                "INSERT INTO answers VALUES (?, ?, ?, 'form')", (draft.id, f"q{number}", '"' + "x" * 4000 + '"')
            )
    assert load_draft(store, draft.id) == saved
    assert save_answer(store, draft.id, "age", 45, NOW, "form").answers == {"age": 45}


def test_a_store_held_by_another_program_is_busy_and_works_again_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.2)
    with create_store(tmp_path / "s.sqlite3") as store:
        draft = begin(store)
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="answers are kept"):
                save_answer(store, draft.id, "age", 44, NOW, "form")
            assert load_draft(store, draft.id) == draft
            other.execute("ROLLBACK")
        assert save_answer(store, draft.id, "age", 44, NOW, "form").answers == {"age": 44}


def test_every_connection_is_wal_and_fully_synchronous(store: Store) -> None:
    for opened in (store.reading, store.writing):
        with opened() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
            }
        assert pragmas == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 10_000,
            "trusted_schema": 0,
        }


def test_the_store_and_its_folder_are_for_their_owner_only(store: Store) -> None:
    begin(store)
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    for file in store.path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_missing_store_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="there is no store"):
        open_store(tmp_path / "nowhere" / "s.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "notes.sqlite3"
    text.write_text("not a database " * 500)
    with pytest.raises(StoreProblem, match="damaged, or is none"):
        create_store(text)
    assert text.read_text() == "not a database " * 500
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as plain:
        plain.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreProblem, match="not a MedSpa Consult store"):
        create_store(other)


def test_a_url_of_another_database_is_refused_without_repeating_it(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="MEDSPA_DATABASE_URL") as refused:
        open_store("postgresql://spa:secret@db/medspa")
    assert "secret" not in str(refused.value)
    create_store(tmp_path / "s.sqlite3").close()
    open_store(f"sqlite:///{tmp_path / 's.sqlite3'}").close()


def test_an_old_store_is_brought_up_to_date_with_a_copy_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    path.touch()
    store_module._migrate(path, "0001")
    with closing(sqlite3.connect(path)) as old:
        old.execute(
            "INSERT INTO drafts VALUES ('d1', 'Birch 7', '2026-11-22', '2026-11-22T10:42:00.000000Z',"
            " '2026-11-22T10:42:00.000000Z', NULL, 1, '[\"wait\"]', NULL)"
        )
        old.execute("INSERT INTO answers VALUES ('d1', 'age', '44', 'form')")
        old.execute("INSERT INTO steps VALUES ('d1', 1, 'save', '2026-11-22T10:42:00.000000Z', NULL)")
        old.execute("INSERT INTO changes VALUES ('d1', 1, 'age', NULL, NULL, '44', 'form')")
        old.commit()
    with open_store(path) as store:
        found = load_draft(store, "d1")
        assert found is not None
        assert found.answers == {"age": 44}
        assert record_choice(store, "d1", "wait", NOW, FACTS).choice == "wait"
    with closing(sqlite3.connect(tmp_path / "s.sqlite3.before-0001")) as copy:
        assert copy.execute("SELECT answer FROM answers").fetchall() == [("44",)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.sqlite3"
    path.touch()
    store_module._migrate(path, "0001")

    def tables() -> list[tuple[str]]:
        with closing(sqlite3.connect(path)) as plain:
            return plain.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()

    before = tables()
    counts = iter([{"drafts": 1}, {"drafts": 0}])
    monkeypatch.setattr(store_module, "_row_counts", lambda _: next(counts))
    with pytest.raises(StoreProblem, match="would lose rows"):
        open_store(path)
    assert tables() == before


def test_a_store_newer_than_the_program_is_refused_and_left_as_it_is(store: Store) -> None:
    store.close()
    with closing(sqlite3.connect(store.path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    for opens in (open_store, create_store):
        with pytest.raises(StoreNewer, match="newer version"):
            opens(store.path)
    with closing(sqlite3.connect(store.path)) as still:
        assert still.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_the_migrations_build_exactly_the_tables_the_program_uses(store: Store) -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(store_module.__file__).parent / "migrations"))
    assert tuple(reversed([step.revision for step in script.walk_revisions()])) == REVISIONS
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    ask = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY 1"
    with fresh.connect() as made, store.reading() as migrated:

        def shape(rows: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
            return [(name, sorted(line.strip(" ,\n\t") for line in sql.splitlines())) for name, sql in rows]

        wanted = shape([tuple(row) for row in made.exec_driver_sql(ask)])
        assert shape([tuple(row) for row in migrated.exec_driver_sql(ask)]) == wanted
    assert all(any(line.endswith("STRICT") for line in lines) for name, lines in wanted if name in metadata.tables)


def test_creating_the_same_store_from_several_processes_makes_one(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    code = "import sys; from medspa_core.records import create_store; create_store(sys.argv[1]).close()"
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [child.communicate()[1] for child in children] == [""] * 4
    with open_store(path) as store:
        assert count_drafts(store) == 0


def test_a_store_whose_making_was_cut_short_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    path.touch()
    with create_store(path) as store:
        assert begin(store).revision == 0


def test_a_read_only_folder_is_a_store_problem(tmp_path: Path) -> None:
    """Root may write anywhere, so the attempt is made in a child that has given its rights away."""
    folder = Path(tempfile.mkdtemp(prefix="medspa-readonly-"))
    try:
        path = folder / "s.sqlite3"
        create_store(path).close()
        path.chmod(0o444)
        folder.chmod(0o555)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if os.geteuid() == 0:
                    os.setegid(65534)
                    os.seteuid(65534)
                refused = 0
                for opens, where in ((open_store, path), (create_store, folder / "sub" / "s.sqlite3")):
                    try:
                        opens(where)
                    except StoreProblem:
                        refused += 1
                code = 0 if refused == 2 else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def test_no_answer_is_in_the_text_of_an_error(store: Store) -> None:
    draft = begin(store)
    client = "Marigold Example"
    attempts = [
        lambda: save_answer(store, draft.id, "age", {client: object()}, NOW, "form"),
        lambda: save_answer(store, draft.id, "age", client * 5000, NOW, "form"),
        lambda: start_draft(store, client + "\0", NOW, date(2026, 11, 22), ORDER),
        lambda: start_draft(store, client, NOW, date(2026, 11, 22), ORDER, draft_id=draft.id),
        lambda: record_choice(store, draft.id, "wait", NOW, FACTS, reason=client + "\ud800"),
    ]
    for attempt in attempts:
        with pytest.raises(StoreProblem) as refused:
            attempt()
        told = "".join(traceback.format_exception(refused.value)) + str(refused.value.args)
        assert client not in told
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert load_draft(store, draft.id) == draft


def test_a_missing_draft_is_none_to_read_and_refused_to_write(store: Store) -> None:
    assert load_draft(store, "nobody") is None
    for verb in (
        lambda: save_answer(store, "nobody", "age", 44, NOW, "form"),
        lambda: undo(store, "nobody", NOW, expected_revision=0),
        lambda: clear_answers(store, "nobody", NOW),
        lambda: record_choice(store, "nobody", "wait", NOW, FACTS),
        lambda: finish(store, "nobody", NOW),
    ):
        with pytest.raises(DraftMissing):
            verb()


def test_the_list_shows_the_last_saved_first(store: Store) -> None:
    first, second = begin(store, "Birch 7"), begin(store, "Elm 2")
    save_answers(store, first.id, {"age": 44, "smokes": "no"}, NOW + timedelta(minutes=1), "form")
    lines = list_drafts(store, limit=10)
    assert [(line.code_name, line.answered) for line in lines] == [("Birch 7", 2), ("Elm 2", 0)]
    assert [line.id for line in list_drafts(store, limit=1)] == [first.id]
    assert count_drafts(store) == 2
    assert first.id != second.id
    assert len(first.id) >= 20


def test_a_choice_is_kept_with_its_nameless_fact(store: Store) -> None:
    draft = begin(store)
    chosen = record_choice(
        store,
        draft.id,
        "prp_microneedling",
        NOW,
        FACTS,
        reason="wants her own blood",
        rulebook_revision="abc",
        shown={"best": "x"},
    )
    assert (chosen.choice, chosen.choice_reason, chosen.rulebook_revision, chosen.shown) == (
        "prp_microneedling",
        "wants her own blood",
        "abc",
        {"best": "x"},
    )
    assert read_facts(store) == {
        "month": ["2026-11"],
        "created_on": [date(2026, 11, 22)],
        "demo": [False],
        "concern": ["texture"],
        "recommended": ["microneedling_alone"],
        "standing": ["leans"],
        "pair_best": ["exosome_microneedling"],
        "pair_standing": ["leans"],
        "chosen": ["prp_microneedling"],
    }


def test_a_changed_mind_counts_once(store: Store) -> None:
    draft = begin(store)
    record_choice(store, draft.id, "not_yet", NOW, FACTS)
    again = record_choice(store, draft.id, "wait", NOW, FACTS)
    assert (again.choice, read_facts(store)["chosen"]) == ("wait", ["wait"])


def test_the_same_choice_sent_twice_is_done_once_and_another_from_an_old_page_is_refused(store: Store) -> None:
    draft = begin(store)
    for _ in range(2):
        chosen = record_choice(store, draft.id, "wait", NOW, FACTS, expected_revision=0)
    assert chosen.revision == 1
    with pytest.raises(DraftMoved):
        record_choice(store, draft.id, "no", NOW, FACTS, expected_revision=0)


def test_a_choice_that_can_not_be_kept_leaves_no_fact(store: Store) -> None:
    draft = begin(store)
    with store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON choices BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(StoreProblem):
        record_choice(store, draft.id, "wait", NOW, FACTS)
    assert read_facts(store)["month"] == []
    assert load_draft(store, draft.id) == draft


def test_a_finished_consultation_needs_a_choice_and_never_changes(store: Store) -> None:
    draft = begin(store)
    with pytest.raises(StoreProblem, match="what the client chose"):
        finish(store, draft.id, NOW)
    save_answer(store, draft.id, "age", 44, NOW, "form")
    record_choice(store, draft.id, "not_yet", NOW, FACTS)
    done = finish(store, draft.id, NOW)
    assert (done.finished_at, done.can_undo) == (NOW, False)
    assert finish(store, draft.id, NOW + timedelta(hours=1)) == done
    for verb in (
        lambda: save_answer(store, draft.id, "age", 45, NOW, "form"),
        lambda: undo(store, draft.id, NOW),
        lambda: clear_answers(store, draft.id, NOW),
        lambda: record_choice(store, draft.id, "wait", NOW, FACTS),
    ):
        with pytest.raises(DraftFinished):
            verb()
    assert load_draft(store, draft.id) == done
