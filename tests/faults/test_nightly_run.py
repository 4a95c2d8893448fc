"""Nights: a backup and a check once for each local day, by one process, kept to a number, restored in place."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from medspa_core.__main__ import main
from medspa_core.records import (
    AuditRefused,
    Doer,
    Store,
    StoreDamaged,
    StoreProblem,
    last_proven_backup,
    load_draft,
    make_backup,
    save_answers,
)
from medspa_core.records.backups.backup import list_backups, prune_backups
from medspa_core.records.backups.nightly_run import (
    Kind,
    NightWatch,
    Outcome,
    Plan,
    Run,
    do_now,
    do_what_is_due,
    is_due,
    last_run,
    standing,
)
from medspa_core.records.backups.restoring import restore_in_place
from medspa_core.records.database import encrypted_file as files
from medspa_core.records.database.checks import verify
from medspa_core.settings import SettingsProblem, settings_from
from tests.records_support import NOW, Clinic, begin, child

CHICAGO = ZoneInfo("America/Chicago")
OWNER = Doer("p-1", "owner", "", "s-1")


def chicago(moment: datetime) -> datetime:
    return moment.astimezone(CHICAGO)


def plan(folder: Path, keep: int = 3) -> Plan:
    return Plan(folder / "backups", keep, chicago)


def runs_between(start: datetime, end: datetime) -> list[datetime]:
    """When a program that looks every ten minutes would begin a run."""
    last, began = None, []
    now = start
    while now < end:
        if is_due(last, now, chicago):
            last = Run("x", Kind.BACKUP, now, now, Outcome.DONE)
            began.append(now)
        now += timedelta(minutes=10)
    return began


@pytest.mark.parametrize("first", [datetime(2026, 3, 5, tzinfo=CHICAGO), datetime(2026, 10, 29, tzinfo=CHICAGO)])
def test_each_local_day_has_one_night_also_days_of_23_and_25_hours(first: datetime) -> None:
    began = [chicago(one) for one in runs_between(first.astimezone(UTC), (first + timedelta(days=7)).astimezone(UTC))]
    assert len({one.date() for one in began}) == len(began) == 7
    assert all((2, 30) <= (one.hour, one.minute) <= (3, 30) for one in began)


def test_a_computer_that_was_off_at_night_does_it_in_the_morning() -> None:
    evening = datetime(2026, 11, 20, 23, tzinfo=CHICAGO)
    last = Run("x", Kind.BACKUP, evening - timedelta(hours=14), evening, Outcome.DONE)
    assert not is_due(last, evening.astimezone(UTC), chicago)
    assert is_due(last, (evening + timedelta(hours=9)).astimezone(UTC), chicago)


def test_a_run_cut_short_or_failed_is_due_again_after_an_hour_and_a_clock_set_back_postpones_none() -> None:
    cut = Run("x", Kind.BACKUP, NOW)
    failed = Run("x", Kind.BACKUP, NOW, NOW, Outcome.FAILED)
    for last in (cut, failed):
        assert not is_due(last, NOW + timedelta(minutes=59), chicago)
        assert is_due(last, NOW + timedelta(minutes=60), chicago)
    ahead = Run("x", Kind.BACKUP, NOW + timedelta(days=400), NOW + timedelta(days=400), Outcome.DONE)
    assert is_due(ahead, NOW, chicago)


def test_a_night_makes_a_proven_backup_verifies_and_keeps_the_newest(
    clinic: Clinic, store: Store, tmp_path: Path
) -> None:
    draft = begin(store)
    for _ in range(5):
        done = do_what_is_due(store, plan(tmp_path))
        assert [(one.kind, one.outcome) for one in done] == [(Kind.BACKUP, Outcome.DONE), (Kind.VERIFY, Outcome.DONE)]
        assert do_what_is_due(store, plan(tmp_path)) == []
        clinic.clock.move(days=1)
        save_answers(store, draft.id, {"age": 44}, clinic.clock(), "form")
    kept = list_backups(tmp_path / "backups", clinic.keys)
    assert len(kept) == 3 and kept == sorted(kept, key=lambda one: one.made_at, reverse=True)
    newest = last_proven_backup(store)
    assert newest is not None and newest.folder == kept[0].folder
    assert sorted(path.name for path in (tmp_path / "backups").iterdir()) == sorted(one.folder.name for one in kept)
    assert last_run(store, Kind.VERIFY).lines == ()  # type: ignore[union-attr]


def test_the_last_backup_is_never_removed_and_a_foreign_folder_is_left_alone(store: Store, tmp_path: Path) -> None:
    made = make_backup(store, tmp_path)
    (tmp_path / "backup-of-somebody").mkdir()
    assert prune_backups(store, tmp_path, 0) == []
    assert made.folder.is_dir() and (tmp_path / "backup-of-somebody").is_dir()


def test_what_a_backup_that_was_cut_short_left_is_removed_after_a_day(store: Store, tmp_path: Path) -> None:
    for name, age in ((".backup-old.part", 90_000), (".backup-new.part", 60)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (NOW.timestamp() - age,) * 2)
    prune_backups(store, tmp_path, 3)
    assert [path.name for path in tmp_path.glob(".backup-*")] == [".backup-new.part"]


def test_of_several_programs_one_does_the_night(file_clinic: Clinic, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records import load_keys, open_store
from medspa_core.records.backups.nightly_run import Plan, do_what_is_due
now = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
with open_store(Path(sys.argv[1]), load_keys(Path(sys.argv[2])), lambda: now) as store:
    print(len(do_what_is_due(store, Plan(Path(sys.argv[3]), 3, lambda moment: moment))))
"""
        both = [child(code, file_clinic.file, file_clinic.keys.folder, tmp_path / "backups") for _ in range(3)]
        told = [one.communicate(timeout=240) for one in both]
        assert [errors for _, errors in told] == ["", "", ""]
        assert sum(int(lines) for lines, _ in told) == 2
        assert len(list_backups(tmp_path / "backups", store.keys)) == 1


def test_a_failed_backup_is_told_and_an_old_one_is_too_old(clinic: Clinic, store: Store, tmp_path: Path) -> None:
    before = standing(store, tmp_path, clinic.clock())
    assert before.last is None and before.too_old and before.failed is None
    do_now(store.by(OWNER), Kind.BACKUP, plan(tmp_path))
    assert not standing(store, tmp_path, clinic.clock()).too_old
    clinic.clock.move(hours=26, minutes=1)
    assert standing(store, tmp_path, clinic.clock()).too_old
    (tmp_path / "backups").rename(tmp_path / "away")
    (tmp_path / "backups").write_text("a file where the folder was")
    assert do_now(store, Kind.BACKUP, plan(tmp_path)).outcome is Outcome.FAILED
    now = standing(store, tmp_path, clinic.clock())
    assert now.failed is not None and now.failed.lines and now.too_old


def test_little_room_is_warned_of_before_the_log_stops(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    for free, short in ((999_999_999, True), (1_000_000_000, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: shutil._ntuple_diskusage(9, 9, free))  # type: ignore[attr-defined]
        assert standing(store, tmp_path, NOW).short_of_room is short


def test_a_night_finds_what_was_changed_in_the_past_and_shows_it(clinic: Clinic, store: Store, tmp_path: Path) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    clinic.tamper("UPDATE audit SET actor = 'p-2' WHERE seq = 2")
    run = do_now(store, Kind.VERIFY, plan(tmp_path))
    assert run.outcome is Outcome.FOUND
    assert any(line.startswith("audit 2: was changed") for line in run.lines)
    assert last_run(store, Kind.VERIFY) == run


def test_the_head_is_noted_in_a_second_place_and_a_cut_is_found_there_too(
    clinic: Clinic, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    store.note_head_in(tmp_path / "stick")
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    NightWatch(lambda: store, Plan(tmp_path / "backups", 3, lambda moment: moment.replace(hour=1))).look()
    head = store.second_head()
    assert head is not None and head.seq == 2
    assert do_now(store, Kind.VERIFY, plan(tmp_path)).outcome is Outcome.DONE
    clinic.tamper(
        "DELETE FROM audit WHERE seq > 1",
        "UPDATE audit_head SET seq = 1, hash = (SELECT hash FROM audit WHERE seq = 1)",
    )
    assert any("second place is missing" in line for line in verify(store.place, clinic.keys, head))


def test_a_second_place_that_is_gone_stops_no_save(store: Store, tmp_path: Path) -> None:
    store.note_head_in(tmp_path / "not there")
    assert begin(store).revision == 0
    assert store.second_head() is None


def test_the_watch_looks_by_itself_and_ends_when_told(
    file_clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medspa_core.records.backups.nightly_run.LOOK_EVERY", timedelta(milliseconds=20))
    with file_clinic.create() as store:
        looked = threading.Event()

        def opened() -> Store:
            if not looked.is_set():
                looked.set()
                raise StoreProblem("not yet")
            return store

        watch = NightWatch(opened, plan(tmp_path))
        watch.start()
        for _ in range(4800):
            if last_run(store, Kind.VERIFY):
                break
            threading.Event().wait(0.025)
        watch.stop(120)
        assert last_run(store, Kind.VERIFY).outcome is Outcome.DONE  # type: ignore[union-attr]
        assert not watch._thread.is_alive()


# --- restoring in place -------------------------------------------------------------------------------------------


def test_a_backup_is_put_in_the_place_of_the_open_store_which_is_kept(file_clinic: Clinic, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
        save_answers(store, draft.id, {"age": 44}, NOW, "form")
        made = make_backup(store, tmp_path / "backups")
        save_answers(store, draft.id, {"age": 45}, NOW, "form")
        kept = file_clinic.file.with_name(restore_in_place(store, made.folder, OWNER))
        found = load_draft(store, draft.id)
        assert found is not None and found.answers == {"age": 44}
        save_answers(store, draft.id, {"age": 46}, NOW, "form")
        with store.reading() as connection:
            said = connection.exec_driver_sql("SELECT actor, detail FROM audit WHERE object = 'restore'").one()
        assert said[0] == "p-1" and made.folder.name in said[1]
    assert verify(store.place, file_clinic.keys) == []
    with files.looking_at(kept, file_clinic.keys.store) as raw:
        assert raw.execute("SELECT answer FROM answers").fetchall() == [("45",)]
    with file_clinic.open() as store:
        assert load_draft(store, draft.id).answers == {"age": 46}  # type: ignore[union-attr]


def test_a_harmed_backup_is_not_put_in_place_and_the_store_works_on(file_clinic: Clinic, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
        made = make_backup(store, tmp_path / "backups")
        copy = made.folder / "records.encrypted"
        whole = copy.read_bytes()
        copy.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
        with pytest.raises(StoreProblem):
            restore_in_place(store, made.folder, OWNER)
        assert save_answers(store, draft.id, {"age": 44}, NOW, "form").revision == 1
    assert [path.name for path in file_clinic.file.parent.iterdir() if ".until-" in path.name] == []


def test_a_damaged_store_does_not_start_and_the_last_backup_takes_its_place_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("MEDSPA_DATABASE_URL", raising=False)
    assert main(["first-start", "--empty"]) == 0
    assert main(["backup", str(tmp_path / "home" / "backups")]) == 0
    store = tmp_path / "home" / "medspa.sqlite3"
    whole = store.read_bytes()
    bad = whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:]
    store.write_bytes(bad)
    capsys.readouterr()
    assert main(["first-start"]) == 2
    assert "damaged" in capsys.readouterr().err
    assert store.read_bytes() == bad
    assert main(["restore", str(tmp_path / "home" / "backups"), "--instead"]) == 0
    assert "is kept: medspa.sqlite3.until-" in capsys.readouterr().out
    assert [path.read_bytes() for path in store.parent.glob("*.until-*")] == [bad]
    assert main(["verify"]) == 0
    assert main(["first-start"]) == 0


def test_a_restored_store_is_no_older_copy_but_one_put_there_by_hand_is(file_clinic: Clinic, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
        made = make_backup(store, tmp_path / "backups")
        for number in range(5):
            save_answers(store, draft.id, {"age": number}, NOW + timedelta(minutes=2 * number), "form")
        kept = file_clinic.file.with_name(restore_in_place(store, made.folder, OWNER))
    file_clinic.open().close()
    with file_clinic.open() as store:
        for number in range(20):
            save_answers(store, draft.id, {"age": number}, NOW + timedelta(minutes=20 + number), "form")
    for end in ("", "-wal", "-shm"):
        file_clinic.file.with_name(file_clinic.file.name + end).unlink(missing_ok=True)
    kept.rename(file_clinic.file)
    with pytest.raises(AuditRefused, match="older copy"):
        file_clinic.open()


def test_one_flipped_byte_is_noticed_when_the_program_starts(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        for number in range(20):
            begin(store, f"Birch {number}")
    whole = file_clinic.file.read_bytes()
    for at in range(5000, len(whole), len(whole) // 9):
        file_clinic.file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(StoreDamaged, match="restore the last good backup"):
            file_clinic.open()
        assert len(file_clinic.file.read_bytes()) == len(whole)


@pytest.mark.parametrize("given", ["0", "-1", "many", "1001"])
def test_how_many_backups_stay_is_a_number_that_makes_sense(given: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="MEDSPA_KEEP_BACKUPS"):
        settings_from({"MEDSPA_KEEP_BACKUPS": given}, tmp_path)


def test_backups_lie_in_the_clinics_folder_unless_another_disk_is_named(tmp_path: Path) -> None:
    found = settings_from({"MEDSPA_HOME": str(tmp_path / "home")}, tmp_path)
    assert (found.backups, found.head, found.keep_backups) == (found.home / "backups", found.home / "backups", 14)
    named = settings_from({"MEDSPA_BACKUPS": "/disk", "MEDSPA_HEAD": "/stick", "MEDSPA_KEEP_BACKUPS": "3"}, tmp_path)
    assert (named.backups, named.head, named.keep_backups) == (Path("/disk"), Path("/stick"), 3)
