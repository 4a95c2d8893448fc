"""The encrypted file, broken for real: killed, full, locked, flipped, without its key, converted from a plain one."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.pool import NullPool

from medspa_core import access
from medspa_core.records import (
    DraftFinished,
    KeyProblem,
    Store,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreProblem,
    count_drafts,
    finish,
    list_drafts,
    load_draft,
    load_keys,
    make_keys,
    migration,
    new_keys,
    open_clinic,
    read_facts,
    record_choice,
    save_answers,
    start_draft,
    undo,
)
from medspa_core.records.audit.log import verify_chain
from medspa_core.records.database import conversion, encrypted_file
from medspa_core.records.database import store as store_module
from medspa_core.records.database.store_location import FilePlace, make_file, place_of
from medspa_core.records.schema import REVISIONS
from tests.interrupted import interrupt_each
from tests.records_support import FACTS, NOW, ORDER, ROOT, Clinic, Clock, begin, child

MARKER = "marigold-in-every-record"


def assert_sound(clinic: Clinic) -> None:
    """Every page, every row, every link and the audit chain, against the head outside."""
    with clinic.open() as store, store.reading() as connection:
        assert verify_chain(connection, clinic.keys.audit, store.outside_head()) == []
    with encrypted_file.looking_at(clinic.file, clinic.keys.store) as raw:
        encrypted_file.check_pages(raw, "the store")


KILLED_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records import load_keys, open_store, save_answers
now = datetime(2026, 11, 22, tzinfo=UTC)
store = open_store(Path(sys.argv[1]), load_keys(Path(sys.argv[2])), lambda: now)
for number in range(int(sys.argv[4]), 1_000_000):
    save_answers(store, sys.argv[3], {"first": number, "second": number}, now, "form")
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def test_a_save_survives_kill_9_is_never_half_there_and_its_audit_row_is_with_it(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
        acknowledged = -1
        for cycle in range(12):
            writer = child(KILLED_WRITER, file_clinic.file, file_clinic.keys.folder, draft.id, acknowledged + 1)
            assert writer.stdout is not None
            for _ in range(1 + cycle % 5):
                acknowledged = int(writer.stdout.readline())
            threading.Event().wait(0.0007 * (cycle % 7))  # kill at different moments of the next save
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()  # all of it: `communicate` would skip what was read ahead
            writer.wait()
            acknowledged = int(rest[-1]) if rest and rest[-1].isdigit() else acknowledged
            found = load_draft(store, draft.id)
            assert found is not None
            assert found.answers["first"] == found.answers["second"]
            assert found.answers["first"] in (acknowledged, acknowledged + 1)
            acknowledged = found.answers["first"]
        with store.reading() as connection:
            saves = connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'U'").scalar_one()
            assert saves == connection.exec_driver_sql("SELECT count(*) FROM steps").scalar_one()
    assert_sound(file_clinic)


KILLED_IN_THOUGHT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records import load_keys, open_store, save_answers
from medspa_core.records.database.store import Store
now = datetime(2026, 11, 22, tzinfo=UTC)
keys = load_keys(Path(sys.argv[2]))
for number in range(int(sys.argv[4]), int(sys.argv[5])):
    ready = os.fork()
    if ready:
        os.waitpid(ready, 0)
        continue
    store = open_store(Path(sys.argv[1]), keys, lambda: now)
    steps = [0]
    with store.reading() as connection:
        engine = connection.engine
    from sqlalchemy import event
    def maybe_die(*_):
        steps[0] += 1
        if steps[0] > number % 14:
            os.kill(os.getpid(), 9)
    event.listen(engine, "after_cursor_execute", maybe_die)
    event.listen(engine, "commit", maybe_die)
    save_answers(store, sys.argv[3], {"first": number, "second": number}, now, "form")
    os.kill(os.getpid(), 9)
"""


def test_a_kill_after_each_single_statement_of_a_save_leaves_all_of_it_or_nothing(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
        save_answers(store, draft.id, {"first": -1, "second": -1}, NOW, "form")
    killer = child(KILLED_IN_THOUGHT, file_clinic.file, file_clinic.keys.folder, draft.id, 0, 210)
    assert killer.communicate()[1] == ""
    with file_clinic.open() as store:
        found = load_draft(store, draft.id)
        assert found is not None
        assert found.answers["first"] == found.answers["second"]
        with store.reading() as connection:
            counts = [
                connection.exec_driver_sql(f"SELECT count(*) FROM {what}").scalar_one()  # noqa: S608
                for what in ("steps", "audit WHERE action = 'U'")
            ]
        assert counts == [found.revision, found.revision]
    assert_sound(file_clinic)


def test_creating_the_same_store_from_several_processes_makes_one(tmp_path: Path) -> None:
    code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records import open_clinic
home = Path(sys.argv[1])
open_clinic(home / "home", home / "keys", lambda: datetime(2026, 11, 22, tzinfo=UTC)).close()
"""
    children = [child(code, tmp_path) for _ in range(4)]
    assert [one.communicate()[1] for one in children] == [""] * 4
    with open_clinic(tmp_path / "home", tmp_path / "keys", Clock()) as store:
        assert count_drafts(store) == 0


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_wrong_key_is_refused_and_nothing_is_made_or_changed(file_clinic: Clinic) -> None:
    file_clinic.create().close()
    before = file_clinic.file.read_bytes()
    wrong = Clinic(file_clinic.file, new_keys())
    for opens in (wrong.open, wrong.create):
        with pytest.raises(KeyProblem, match="does not open the store") as refused:
            opens()
        assert wrong.keys.store.hex() not in str(refused.value)
    assert file_clinic.file.read_bytes() == before


@pytest.mark.parametrize("name", ["store", "audit", "pepper", "backup"])
def test_a_missing_key_is_said_by_name_and_never_made_anew(tmp_path: Path, name: str) -> None:
    home, keys = tmp_path / "home", tmp_path / "keys"
    open_clinic(home, keys, Clock()).close()
    (keys / f"{name}.key").unlink()
    with pytest.raises(KeyProblem, match=f"{name}.key.*recovery sheet"):
        open_clinic(home, keys, Clock())
    assert not (keys / f"{name}.key").exists()


def test_a_store_without_any_key_is_refused_and_gets_no_new_ones(tmp_path: Path) -> None:
    home, keys = tmp_path / "home", tmp_path / "keys"
    open_clinic(home, keys, Clock()).close()
    shutil.rmtree(keys)
    with pytest.raises(KeyProblem, match="missing"):
        open_clinic(home, keys, Clock())
    assert not keys.exists()


# --- damage -------------------------------------------------------------------------------------------------------


def test_one_flipped_byte_anywhere_in_the_file_is_noticed(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
        for number in range(40):
            save_answers(store, draft.id, {f"q{number}": "x" * 400}, NOW, "form")
    whole = file_clinic.file.read_bytes()
    for at in range(5, len(whole), max(1, len(whole) // 60)):
        file_clinic.file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        looking = encrypted_file.looking_at(file_clinic.file, file_clinic.keys.store)
        with pytest.raises(StoreProblem) as noticed, looking as raw:
            encrypted_file.check_pages(raw, "the store")
        assert isinstance(noticed.value, StoreDamaged | KeyProblem)
    file_clinic.file.write_bytes(whole)
    assert_sound(file_clinic)


def test_nothing_a_client_said_is_readable_in_any_file(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        draft = begin(store, MARKER)
        save_answers(store, draft.id, {"notes": MARKER}, NOW, "form")
        found = [path for path in file_clinic.file.parent.iterdir() if MARKER.encode() in path.read_bytes()]
        assert found == []
        assert file_clinic.file.read_bytes()[:15] != b"SQLite format 3"


# --- room and rights ----------------------------------------------------------------------------------------------


def test_a_full_disk_says_so_loses_nothing_opens_no_record_and_works_again_with_room(
    small_disk: Path, tmp_path: Path, file_clinic: Clinic
) -> None:
    clinic = Clinic(small_disk / "medspa.sqlite3", file_clinic.keys, Clock())
    with clinic.create() as store:
        draft = begin(store)
        other = begin(store)
        answers = {"age": 44}
        save_answers(store, draft.id, answers, NOW, "form")
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(b"x" * 4096)
        with pytest.raises(StoreFull, match="disk is full"):
            for number in range(1000):
                save_answers(store, draft.id, {f"q{number}": "x" * 4000}, NOW, "form")
                answers[f"q{number}"] = "x" * 4000  # type: ignore[assignment]
        with pytest.raises(StoreFull):
            for _ in range(1000):  # a row of the audit log finds no room either
                with store.opening(other.id):
                    clinic.clock.move(minutes=11)
        ballast.unlink()
        found = load_draft(store, draft.id)
        assert found is not None
        assert found.answers == answers
        assert save_answers(store, draft.id, {"age": 45}, NOW, "form").answers["age"] == 45
    assert_sound(clinic)


def test_a_store_that_may_not_grow_says_that_it_is_full_and_keeps_what_was_saved(file_store: Store) -> None:
    draft = begin(file_store)
    saved = save_answers(file_store, draft.id, {"age": 44}, NOW, "form")
    with file_store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(StoreFull, match="disk is full"), file_store.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(2000):
            connection.exec_driver_sql(
                "INSERT INTO answers VALUES (?, ?, ?, 'form')", (draft.id, f"q{number}", '"' + "x" * 4000 + '"')
            )
    assert load_draft(file_store, draft.id) == saved
    assert save_answers(file_store, draft.id, {"age": 45}, NOW, "form").answers == {"age": 45}


def as_nobody(action: Callable[[], None]) -> int:
    """Root may write anywhere, so the attempt is made in a child that has given its rights away."""
    process = os.fork()
    if process == 0:
        code = 9
        try:
            if os.geteuid() == 0:
                os.setegid(65534)
                os.seteuid(65534)
            action()
            code = 1
        except StoreProblem:
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_a_read_only_folder_is_a_store_problem(file_clinic: Clinic) -> None:
    folder = Path(tempfile.mkdtemp(prefix="medspa-readonly-"))
    try:
        clinic = Clinic(folder / "medspa.sqlite3", file_clinic.keys)
        clinic.create().close()
        clinic.file.chmod(0o444)
        folder.chmod(0o555)
        assert as_nobody(lambda: clinic.open().close()) == 0
        below = Clinic(folder / "sub" / "medspa.sqlite3", new_keys())
        assert as_nobody(lambda: below.make().close()) == 0
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_a_store_held_by_another_program_is_busy_and_works_again_afterwards(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encrypted_file, "BUSY_SECONDS", 0.2)
    with file_clinic.create() as store:
        draft = begin(store)
        assert load_draft(store, draft.id) == draft
        with file_clinic.unlocked() as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="answers are kept"):
                save_answers(store, draft.id, {"age": 44}, NOW, "form")
            assert load_draft(store, draft.id) == draft
            other.execute("ROLLBACK")
        assert save_answers(store, draft.id, {"age": 44}, NOW, "form").answers == {"age": 44}


def test_nobody_waits_for_one_thing_after_the_other_and_a_second_time_for_as_long(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page does several things and others do theirs meanwhile; ten seconds each would be half a minute until it says busy."""
    waited: list[float] = []
    begins = encrypted_file._begin_writing
    monkeypatch.setattr(
        encrypted_file, "_begin_writing", lambda c, seconds: (waited.append(seconds), begins(c, seconds))
    )
    monkeypatch.setattr(encrypted_file, "BUSY_SECONDS", 0.3)
    monkeypatch.setattr(store_module, "AGAIN_SECONDS", 0.05)
    with file_clinic.create() as store:
        draft = begin(store)

        def save() -> int:
            return save_answers(store, draft.id, {"age": 44}, NOW, "form").revision

        with file_clinic.unlocked() as other:
            other.execute("BEGIN IMMEDIATE")
            waited.clear()
            for _ in range(3):
                with pytest.raises(StoreBusy, match="answers are kept"):
                    save()
            assert waited[0] > 0.05 >= max(waited[1:])
            other.execute("ROLLBACK")
        assert save() == 1
        with store._shared.write_lock:  # somebody else here is saving, for a while
            saves = threading.Thread(target=lambda: save_answers(store, draft.id, {"age": 45}, NOW, "form"))
            waited.clear()
            saves.start()
            saves.join(0.05)
        saves.join()
        assert len(waited) == 1 and waited[0] < 0.3


def test_a_store_that_another_program_holds_opens_and_says_busy_at_the_first_save(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
    monkeypatch.setattr(encrypted_file, "BUSY_SECONDS", 0.2)
    with file_clinic.unlocked() as other:
        other.execute("BEGIN IMMEDIATE")
        with file_clinic.open() as store:
            with pytest.raises(StoreBusy):
                save_answers(store, draft.id, {"age": 44}, NOW, "form")
            other.execute("ROLLBACK")
            assert save_answers(store, draft.id, {"age": 44}, NOW, "form").answers == {"age": 44}


def filled_up(disk: Path) -> Path:
    """The file that has taken all the room there was."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 512)
    return ballast


@pytest.mark.parametrize("before", ["stopped", "killed"])
def test_a_full_disk_is_said_at_the_start_too_and_nothing_acknowledged_is_lost(small_disk: Path, before: str) -> None:
    """Home and keys on the same disk, full to the last byte as the program starts; it may lack even the room to look."""
    clinic = Clinic(small_disk / "home" / "medspa.sqlite3", make_keys(small_disk / "keys"), Clock())
    with clinic.create() as store:
        draft = begin(store)
        save_answers(store, draft.id, {"first": 0}, NOW, "form")
    if before == "killed":
        writer = child(KILLED_WRITER, clinic.file, clinic.keys.folder, draft.id, 1)
        assert writer.stdout is not None and writer.stdout.readline() == "1\n"
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        clinic.file.with_name(f"{clinic.file.name}-shm").unlink()  # as after a power cut
    ballast = filled_up(small_disk)
    with pytest.raises(StoreFull, match="disk is full"):
        clinic.open()
    ballast.unlink()
    with clinic.open() as store:
        found = load_draft(store, draft.id)
        assert found is not None and found.answers["first"] >= int(before == "killed")
        assert save_answers(store, draft.id, {"age": 45}, NOW, "form").answers["age"] == 45
    assert_sound(clinic)


# --- older stores -------------------------------------------------------------------------------------------------


COLUMNS = "id, code_name, as_of, created_at, saved_at, finished_at, revision, option_order, demo_of"
"""Those of the first version; later ones have more, which may be empty."""


def plain_store(path: Path, version: str) -> None:
    """A store as an earlier program wrote it, plain, with rows of a consultation in every table it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    migration.migrate(engine, "old", version)
    engine.dispose()
    fill(path, version)


def fill(path: Path, version: str) -> None:
    time = "'2026-11-22T10:42:00.000000Z'"
    with closing(sqlite3.connect(path)) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute(
            f"INSERT INTO drafts ({COLUMNS}) VALUES ('d1', '{MARKER}', '2026-11-22', {time}, {time}, NULL, 1, '[\"wait\"]', NULL)"  # noqa: S608
        )
        old.execute("INSERT INTO answers VALUES ('d1', 'age', '44', 'form')")
        old.execute(f"INSERT INTO steps VALUES ('d1', 1, 'save', {time}, NULL)")  # noqa: S608
        old.execute("INSERT INTO changes VALUES ('d1', 1, 'age', NULL, NULL, '44', 'form')")
        if version >= "0002":
            old.execute(
                "INSERT INTO consultation_facts (id, month, created_on, demo, concern, recommended, standing, pair_best, "
                "pair_standing, chosen) VALUES ('f1', '2026-11', '2026-11-22', 0, 'texture', 'wait', 'leans', NULL, NULL, 'wait')"
            )
            later = ", NULL, NULL" if version >= "0070" else ""
            old.execute(f"INSERT INTO choices VALUES ('d1', 'f1', 'wait', 'why', {time}, NULL, NULL{later})")  # noqa: S608
        old.commit()


@pytest.mark.parametrize("version", [one for one in REVISIONS if one <= "0002"])
def test_a_plain_store_of_each_older_version_is_encrypted_with_all_its_rows(file_clinic: Clinic, version: str) -> None:
    plain_store(file_clinic.file, version)
    shutil.copy(file_clinic.file, file_clinic.file.with_name(f"{file_clinic.file.name}.before-0000"))
    with file_clinic.create() as store:
        found = load_draft(store, "d1")
        assert found is not None
        assert (found.answers, found.code_name) == ({"age": 44}, MARKER)
        assert found.choice == ("wait" if version >= "0002" else None)
        assert undo(store, "d1", NOW).answers == {}
        assert record_choice(store, "d1", "not_yet", NOW, FACTS).choice == "not_yet"
        assert len(read_facts(store)["chosen"]) == 1
        for path in file_clinic.file.parent.iterdir():
            assert MARKER.encode() not in path.read_bytes(), path.name
    assert_sound(file_clinic)


@pytest.mark.parametrize("step", ["_prove", "replace", "_remove_after_proof"])
def test_a_conversion_cut_short_leaves_a_whole_store_and_is_finished_next_time(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    plain_store(file_clinic.file, "0002")

    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as broken:
        if step == "replace":
            broken.setattr(shutil, "copy2", cut)
            broken.setattr(os, "link", cut)
        else:
            broken.setattr(conversion, step, cut)
        with pytest.raises(PowerCut):
            file_clinic.create()
    with file_clinic.create() as store:
        assert load_draft(store, "d1") is not None
    left = {path.name for path in file_clinic.file.parent.iterdir()}
    assert not any(name.endswith((".plain", ".encrypted", ".part")) for name in left), left


def test_the_plain_file_stays_when_the_encrypted_copy_does_not_hold_the_same(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_store(file_clinic.file, "0002")
    true_copy = encrypted_file.encrypt_plain

    def lossy(plain: Path, target: Path, key: bytes) -> None:
        true_copy(plain, target, key)
        with closing(encrypted_file._unlock(target, key)) as raw:
            raw.execute("DELETE FROM answers")

    monkeypatch.setattr(encrypted_file, "encrypt_plain", lossy)
    with pytest.raises(StoreProblem, match="does not hold the same rows"):
        file_clinic.create()
    assert encrypted_file.is_plain(file_clinic.file)


def older_encrypted(clinic: Clinic, version: str) -> None:
    """A store encrypted already, but of an older version."""
    clinic.file.parent.mkdir()
    plain = clinic.file.with_name("old")
    plain_store(plain, version)
    encrypted_file.encrypt_plain(plain, clinic.file, clinic.keys.store)
    for path in clinic.file.parent.glob("old*"):
        path.unlink()


def test_an_old_store_is_brought_up_to_date_with_a_copy_kept_under_the_same_key(file_clinic: Clinic) -> None:
    older_encrypted(file_clinic, "0001")
    with file_clinic.open() as store:
        assert record_choice(store, "d1", "wait", NOW, FACTS).choice == "wait"
    copy = file_clinic.file.with_name("medspa.sqlite3.before-0001")
    with encrypted_file.looking_at(copy, file_clinic.keys.store) as raw:
        assert raw.execute("SELECT answer FROM answers").fetchall() == [("44",)]
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


@pytest.mark.parametrize("version", REVISIONS[:-1])
def test_a_migration_that_fails_at_any_step_leaves_the_store_as_it_was(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    older_encrypted(file_clinic, version)

    def all_of_it() -> list[object]:
        with file_clinic.unlocked() as raw:
            return [raw.execute("SELECT * FROM sqlite_master").fetchall(), conversion._rows(raw)]

    before = all_of_it()

    def is_as_it_was() -> None:
        assert all_of_it() == before

    times = interrupt_each(monkeypatch, FilePlace, lambda: file_clinic.open().close(), is_as_it_was)
    assert times > 1
    with file_clinic.open() as store:
        assert load_draft(store, "d1") is not None


@pytest.mark.parametrize("engine_name", ["file", "postgresql"])
def test_a_store_with_people_but_no_exams_is_brought_up_to_date_with_every_row(
    engine_name: str, file_clinic: Clinic, request: pytest.FixtureRequest
) -> None:
    clinic = file_clinic
    if engine_name == "postgresql":
        clinic = Clinic(request.getfixturevalue("postgres_server").fresh(), file_clinic.keys, file_clinic.clock)
    else:
        make_file(file_clinic.file)
    place = place_of(clinic.where)
    engine = place.engine(clinic.keys, foreign_keys=False)
    migration.migrate(engine, "old", "0010")
    with engine.connect() as plain, plain.execution_options(writes=True).begin():
        for statement in (
            "INSERT INTO locations VALUES ('l1', 'Main street', '2026-11-22T10:42:00.000000Z')",
            "INSERT INTO people VALUES ('p1', 'ada', 'Ada', NULL, NULL, NULL, NULL, '2026-11-22T10:42:00.000000Z', NULL)",
            "INSERT INTO person_roles VALUES ('p1', 'clinician')",
            "INSERT INTO person_locations VALUES ('p1', 'l1')",
            "INSERT INTO licences VALUES ('p1', 'medical', 'CA', 'A-1', NULL)",
        ):
            plain.exec_driver_sql(statement)
    with engine.connect() as before, before.begin():
        counted = migration.row_counts(before)
    engine.dispose()
    with clinic.open() as store:
        assert access.load_person(store, "p1").licences[0].number == "A-1"
        with store.reading() as after:
            found, version = migration.row_counts(after), migration.revision_of(after)
        assert version == REVISIONS[-1]
        assert {name: found[name] for name in counted} == counted and set(found) > set(counted)


def test_a_migration_that_would_lose_rows_is_refused(file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    older_encrypted(file_clinic, "0001")
    counts = iter([{"drafts": 1}, {"drafts": 0}])
    monkeypatch.setattr(migration, "row_counts", lambda _: next(counts))
    with pytest.raises(StoreProblem, match="would lose rows"):
        file_clinic.open()
    with file_clinic.unlocked() as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


# --- what is told -------------------------------------------------------------------------------------------------


def test_neither_keys_nor_answers_are_in_what_the_program_logs_or_says(
    file_clinic: Clinic, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    said = [repr(file_clinic.keys), str(file_clinic.keys)]
    with file_clinic.create() as store:
        draft = begin(store, MARKER)
        save_answers(store, draft.id, {"notes": MARKER}, NOW, "form")
        record_choice(store, draft.id, "wait", NOW, FACTS, reason=MARKER)
        finish(store, draft.id, NOW)
        list_drafts(store)
        for attempt in (
            lambda: save_answers(store, draft.id, {"notes": MARKER}, NOW, "form"),
            lambda: start_draft(store, MARKER, NOW, NOW.date(), ORDER, draft_id=draft.id),
            lambda: Clinic(file_clinic.file, new_keys()).open(),
        ):
            with pytest.raises((DraftFinished, StoreProblem)) as refused:
                attempt()
            said.append(repr(refused.value))
        with store.reading() as connection:
            said += [str(tuple(row)) for row in connection.exec_driver_sql("SELECT * FROM audit")]
    told = "\n".join([*said, caplog.text, *capfd.readouterr()])
    for secret in (MARKER, *(key.hex() for key in file_clinic.keys.by_name().values())):
        assert secret not in told


def test_keys_survive_being_written_and_read_and_differ_from_each_other(file_clinic: Clinic) -> None:
    assert file_clinic.keys.folder is not None
    assert load_keys(file_clinic.keys.folder) == file_clinic.keys
    assert len(set(file_clinic.keys.by_name().values())) == 4
    assert ROOT not in file_clinic.keys.folder.parents
