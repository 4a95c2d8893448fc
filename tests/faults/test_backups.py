"""Backups, restores, moves and fresh keys on both engines: what can't be restored does not count, nothing half is left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from medspa_core import access
from medspa_core.__main__ import main
from medspa_core.records import (
    AuditRefused,
    KeyProblem,
    Keys,
    Store,
    StoreBusy,
    StoreProblem,
    finish,
    keys_from_sheet,
    last_proven_backup,
    load_draft,
    load_keys,
    make_backup,
    make_keys,
    new_keys,
    open_clinic,
    record_choice,
    recovery_sheet,
    restore_backup,
    save_answers,
)
from medspa_core.records.backups.engine_move import move_clinic
from medspa_core.records.backups.proven_copy import COPY, LIST, prove_copy
from medspa_core.records.backups.restoring import find_backup
from medspa_core.records.database import encrypted_file as files
from medspa_core.records.database.checks import verify
from medspa_core.records.database.key_rotation import rotate_key
from medspa_core.records.database.store_location import place_of
from tests.records_support import FACTS, NOW, Clinic, Server, begin, child

MARKER = "marigold-in-every-record"


def filled(store: Store, consultations: int = 3) -> str:
    """Some consultations, one of them finished; the id of the last."""
    for number in range(consultations):
        draft = begin(store, f"{MARKER} {number}")
        save_answers(store, draft.id, {"age": 40 + number}, NOW, "form")
        record_choice(store, draft.id, "wait", NOW, FACTS, reason=MARKER)
    finish(store, draft.id, NOW)
    return draft.id


def beside(clinic: Clinic, name: str) -> Clinic:
    """An empty place for the same clinic, with its keys."""
    return Clinic(clinic.keys.folder.parent / name / "medspa.sqlite3", clinic.keys, clinic.clock)  # type: ignore[union-attr]


def test_a_backup_is_proven_encrypted_and_restores_to_the_same_clinic(
    clinic: Clinic, store: Store, tmp_path: Path
) -> None:
    last = filled(store)
    assert last_proven_backup(store) is None
    made = make_backup(store, tmp_path / "backups")
    assert last_proven_backup(store) == made
    assert sorted(path.name for path in made.folder.iterdir()) == [LIST, COPY]
    for path in made.folder.iterdir():
        assert MARKER.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    store.close()
    empty = beside(clinic, "new-home")
    restore_backup(tmp_path / "backups", empty.where, clinic.keys, clinic.clock)
    with empty.open() as restored:
        found = load_draft(restored, last)
        assert found is not None
        assert (found.answers, found.choice_reason) == ({"age": 42}, MARKER)
        assert found.finished_at is not None
        with restored.reading() as connection:
            said = (
                connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'E' ORDER BY seq").scalars().all()
            )
    told = {"backup": made.folder.name, "restored_at": made.audit_seq, "outside_head": 11, "sign_ins_ended": 0}
    assert json.loads(said[-1]) == told
    assert verify(empty.open().place, clinic.keys) == []


def test_a_backup_goes_back_into_postgresql_too(file_clinic: Clinic, postgres_server: Server, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        last = filled(store)
        make_backup(store, tmp_path / "backups")
    server = Clinic(postgres_server.fresh(), file_clinic.keys, file_clinic.clock)
    restore_backup(tmp_path / "backups", server.where, file_clinic.keys, file_clinic.clock)
    with server.open() as restored:
        assert load_draft(restored, last) is not None


@pytest.mark.parametrize("harm", ["flip", "cut", "list", "list-gone", "copy-gone", "swapped"])
def test_a_backup_that_was_harmed_is_refused_and_leaves_the_place_as_it_was(
    file_clinic: Clinic, tmp_path: Path, harm: str
) -> None:
    with file_clinic.create() as store:
        filled(store)
        first = make_backup(store, tmp_path / "older")
        filled(store)
        made = make_backup(store, tmp_path / "backups")
    copy, listed = made.folder / COPY, made.folder / LIST
    whole = copy.read_bytes()
    harms: dict[str, Callable[[], object]] = {
        "flip": lambda: copy.write_bytes(whole[:20000] + bytes([whole[20000] ^ 1]) + whole[20001:]),
        "cut": lambda: copy.write_bytes(whole[: len(whole) // 8192 * 4096]),
        "list": lambda: listed.write_text(listed.read_text().replace('"made_at": "2026', '"made_at": "2027')),
        "list-gone": listed.unlink,
        "copy-gone": copy.unlink,
        "swapped": lambda: shutil.copy(first.folder / COPY, copy),
    }
    harms[harm]()
    empty = beside(file_clinic, "new-home")
    with pytest.raises(StoreProblem):
        restore_backup(made.folder, empty.where, file_clinic.keys, file_clinic.clock)
    assert not empty.file.parent.exists() or list(empty.file.parent.iterdir()) == []
    assert prove_copy(first.folder, file_clinic.keys).head.seq == first.audit_seq


def test_a_backup_that_can_not_be_restored_does_not_count(
    clinic: Clinic, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    true_copy = files.copy_encrypted

    def harmed(source: object, target: Path, key: bytes) -> None:
        true_copy(source, target, key)
        if target.name == "trial":
            whole = target.read_bytes()
            target.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])

    monkeypatch.setattr(files, "copy_encrypted", harmed)
    with pytest.raises(StoreProblem):
        make_backup(store, tmp_path / "backups")
    assert last_proven_backup(store) is None
    assert list((tmp_path / "backups").iterdir()) == []
    with store.reading() as connection:
        last = connection.exec_driver_sql("SELECT action, object, outcome FROM audit ORDER BY seq DESC LIMIT 1").one()
    assert tuple(last) == ("E", "backup", 8)


def test_a_backup_is_never_restored_over_a_store_or_with_the_keys_of_another_clinic(
    file_clinic: Clinic, tmp_path: Path
) -> None:
    with file_clinic.create() as store:
        filled(store)
        make_backup(store, tmp_path / "backups")
    before = file_clinic.file.read_bytes()
    with pytest.raises(StoreProblem, match="there are records already"):
        restore_backup(tmp_path / "backups", file_clinic.where, file_clinic.keys, file_clinic.clock)
    assert file_clinic.file.read_bytes() == before
    with pytest.raises(StoreProblem, match="of a clinic with other keys"):
        restore_backup(tmp_path / "backups", tmp_path / "x" / "s", new_keys(), file_clinic.clock)
    with pytest.raises(StoreProblem, match="no backup in this folder"):
        find_backup(tmp_path / "home")


def test_an_older_copy_of_the_file_put_in_its_place_is_refused(file_clinic: Clinic, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        filled(store)
    shutil.copy(file_clinic.file, tmp_path / "copy")
    with file_clinic.open() as store:
        filled(store)
    shutil.copy(tmp_path / "copy", file_clinic.file)
    with pytest.raises(AuditRefused, match="older copy"):
        file_clinic.open()
    assert any("cut off the end" in line for line in verify(place_of(file_clinic.where), file_clinic.keys))


# --- move ---------------------------------------------------------------------------------------------------------


def test_a_clinic_moves_to_postgresql_and_back_with_every_row_and_its_chain(
    file_clinic: Clinic, postgres_server: Server
) -> None:
    with file_clinic.create() as store:
        last = filled(store, 5)
        there = Clinic(postgres_server.fresh(), file_clinic.keys, file_clinic.clock)
        sent = move_clinic(store, there.where, file_clinic.clock)
    assert {name: count for name, (count, _) in sent.items()}["drafts"] == 5
    with there.open() as store:
        filled(store, 1)
        back = beside(file_clinic, "back")
        move_clinic(store, back.where, file_clinic.clock)
    with back.open() as store:
        found = load_draft(store, last)
        assert found is not None and found.answers == {"age": 44}
    assert verify(place_of(back.where), file_clinic.keys) == []
    with pytest.raises(AuditRefused, match="older copy"):
        file_clinic.open()


def test_after_a_move_the_server_knows_how_much_there_is_and_searches_accordingly(
    file_clinic: Clinic, postgres_server: Server
) -> None:
    url = postgres_server.fresh()
    with file_clinic.create() as store:
        begin(store)
        move_clinic(store, url, file_clinic.clock)
    with psycopg.connect(url) as asked:
        known = dict(asked.execute("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'").fetchall())
    assert known["drafts"] == 1
    assert known["client_words"] == 0, "minus one would be: never looked at"


def test_a_second_move_to_the_same_place_is_refused_and_what_was_moved_still_opens(
    file_clinic: Clinic, postgres_server: Server
) -> None:
    """The refused move once left its row in the old log, and then the moved clinic counted as an older copy."""
    there = Clinic(postgres_server.fresh(), file_clinic.keys, file_clinic.clock)
    with file_clinic.create() as store:
        last = filled(store)
        move_clinic(store, there.where, file_clinic.clock)
        with pytest.raises(StoreProblem, match="there are records already"):
            move_clinic(store, there.where, file_clinic.clock)
    with there.open() as moved:
        assert load_draft(moved, last) is not None


def test_a_process_that_knows_the_records_only_moves_people_and_everything_else_too(
    file_clinic: Clinic, postgres_server: Server
) -> None:
    """The command line loads no people; it once copied the clinic without them, and the proof agreed."""
    from medspa_core import access

    with file_clinic.create() as store:
        filled(store)
        place = access.add_location(store, "Main street", NOW)
        access.add_person(store, "ada", "Ada", [access.Role.OWNER], [place.id], NOW)
    there = postgres_server.fresh()
    code = (
        "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from medspa_core.records import load_keys, open_store\nfrom medspa_core.records.backups.engine_move import move_clinic\n"
        "def now(): return datetime(2026, 11, 22, 10, 42, tzinfo=UTC)\n"
        "keys = load_keys(Path(sys.argv[1]))\n"
        "with open_store(sys.argv[2], keys, now) as store: move_clinic(store, sys.argv[3], now)\n"
        "assert 'medspa_core.access' not in sys.modules\n"
    )
    mover = child(code, file_clinic.keys.folder, f"sqlite:///{file_clinic.file}", there)
    told = mover.communicate(timeout=240)
    assert mover.returncode == 0, told
    with Clinic(there, file_clinic.keys, file_clinic.clock).open() as store:
        assert [one.shown_name for one in access.list_people(store)] == ["Ada"]


def test_a_move_into_a_store_with_records_is_refused_and_changes_nothing(
    file_clinic: Clinic, server_clinic: Clinic
) -> None:
    with server_clinic.create() as store:
        draft = begin(store)
    with file_clinic.create() as store:
        filled(store)
        with pytest.raises(StoreProblem, match="records already"):
            move_clinic(store, server_clinic.where, file_clinic.clock)
    with server_clinic.open() as store:
        assert load_draft(store, draft.id) == draft


def test_a_restart_of_the_server_is_a_pause_without_a_loss_or_a_double(
    server_clinic: Clinic, postgres_server: Server
) -> None:
    import signal

    with server_clinic.create() as store:
        draft = begin(store)
        revision = 0
        for number in range(12):
            if number % 4 == 2:
                postgres_server.stop(signal.SIGQUIT)
                postgres_server.start()
            for _ in range(5):
                try:
                    saved = save_answers(
                        store, draft.id, {f"q{number}": number}, NOW, "form", expected_revision=revision
                    )
                except StoreBusy:
                    continue
                revision = saved.revision
                break
        assert revision == 12
        assert saved.answers == {f"q{number}": number for number in range(12)}
    assert verify(place_of(server_clinic.where), server_clinic.keys) == []


def test_a_server_that_is_not_there_or_refuses_is_said_without_the_password(file_clinic: Clinic) -> None:
    for url in (
        "postgresql://spa:hidden-word@127.0.0.1:1/medspa",
        "postgresql://spa:hidden-word@nowhere.invalid/medspa",
    ):
        with pytest.MonkeyPatch.context() as quick:
            quick.setattr("medspa_core.records.database.postgres.WAIT_SECONDS", 0.2)
            with pytest.raises(StoreProblem) as refused:
                Clinic(url, file_clinic.keys).open()
        assert "hidden-word" not in str(refused.value)
        assert not isinstance(refused.value, OperationalError)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_recovery_sheet_gives_the_same_keys_back_and_notices_a_slip(file_clinic: Clinic) -> None:
    sheet = recovery_sheet(file_clinic.keys)
    assert keys_from_sheet(sheet).by_name() == file_clinic.keys.by_name()
    wrong = file_clinic.keys.audit.hex()[:4]
    with pytest.raises(KeyProblem, match="audit: a digit is wrong"):
        keys_from_sheet(sheet.replace(f"audit   {wrong}", f"audit   {'0000' if wrong != '0000' else '1111'}"))
    with pytest.raises(KeyProblem, match="no line for pepper"):
        keys_from_sheet("\n".join(line for line in sheet.splitlines() if not line.startswith("pepper")))


def test_a_fresh_store_key_opens_the_same_records_and_the_old_one_no_longer(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        last = filled(store)
    fresh = rotate_key("store", place_of(file_clinic.where), file_clinic.keys)
    assert fresh.store != file_clinic.keys.store
    assert fresh.audit == file_clinic.keys.audit
    with pytest.raises(KeyProblem):
        file_clinic.open()
    with Clinic(file_clinic.where, fresh, file_clinic.clock).open() as store:
        assert load_draft(store, last) is not None
    assert verify(place_of(file_clinic.where), fresh) == []


def test_a_key_is_not_replaced_while_the_store_is_in_use(file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.2)
    with file_clinic.create() as store:
        last = filled(store)
        with pytest.raises(StoreBusy, match="in use"):
            rotate_key("store", store.place, file_clinic.keys)
        assert load_draft(store, last) is not None


@pytest.mark.parametrize("moment", ["before the switch", "after the switch"])
def test_a_rotation_cut_short_leaves_a_store_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    home, folder = tmp_path / "home", tmp_path / "keys"
    clock = Clinic("x", new_keys()).clock
    with open_clinic(home, folder, clock) as store:
        last, place, keys = filled(store), store.place, store.keys

    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    name = "write_secret" if moment == "before the switch" else "_promote"
    with monkeypatch.context() as broken:
        broken.setattr(f"medspa_core.records.database.key_rotation.{name}", cut)
        with pytest.raises(PowerCut):
            rotate_key("store", place, keys)
    with open_clinic(home, folder, clock) as store:
        assert load_draft(store, last) is not None
    assert (load_keys(folder).store == keys.store) == (moment == "before the switch")
    assert sorted(path.name for path in folder.glob("store*")) == ["store.key"]


# --- command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command line on a home of its own."""
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("MEDSPA_DATABASE_URL", raising=False)
    return tmp_path


def test_backup_restore_and_verify_on_the_command_line_bring_a_lost_clinic_back(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["first-start", "--empty"]) == 0
    with open_clinic(at_home / "home", at_home / "keys", Clinic("x", new_keys()).clock) as store:
        last = filled(store)
    assert main(["verify"]) == 0
    assert main(["backup", str(at_home / "backups")]) == 0
    assert "proven by a trial restore" in capsys.readouterr().out
    assert main(["recovery-sheet"]) == 0
    (at_home / "sheet.txt").write_text(capsys.readouterr().out)
    assert main(["restore", str(at_home / "backups")]) == 2
    assert "not empty" in capsys.readouterr().err
    shutil.rmtree(at_home / "home")
    shutil.rmtree(at_home / "keys")
    assert main(["restore", str(at_home / "backups")]) == 2
    assert "missing" in capsys.readouterr().err
    assert main(["restore", str(at_home / "backups"), "--keys", str(at_home / "sheet.txt")]) == 0
    assert main(["verify"]) == 0
    assert main(["rotate-key"]) == 0
    assert main(["verify"]) == 0
    with open_clinic(at_home / "home", at_home / "keys", Clinic("x", new_keys()).clock) as store:
        assert load_draft(store, last) is not None


def test_verify_ends_with_1_and_a_line_for_each_finding(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 1
    assert "there are no records here" in capsys.readouterr().out
    with open_clinic(at_home / "home", at_home / "keys", Clinic("x", new_keys()).clock) as store:
        filled(store)
        clinic = Clinic(store.path, store.keys)
    clinic.tamper(
        "UPDATE audit SET actor = 'p-2' WHERE seq = 3",
        "UPDATE consultation_facts SET chosen = 'no' WHERE id = (SELECT min(id) FROM consultation_facts)",
        "DELETE FROM steps WHERE kind = 'finish'",
    )
    capsys.readouterr()
    assert main(["verify"]) == 1
    told = capsys.readouterr().out.splitlines()
    for one in ("audit 3: was changed", "the fact is not what was chosen", "steps are missing", "guard"):
        assert any(one in line for line in told), (one, told)
    whole = clinic.file.read_bytes()
    clinic.file.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
    assert main(["verify"]) == 1
    assert "damaged" in capsys.readouterr().out


def test_the_command_line_moves_a_clinic(
    at_home: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["first-start", "--empty"]) == 0
    url = postgres_server.fresh()
    assert main(["move", url]) == 0
    assert "counted and verified" in capsys.readouterr().out
    monkeypatch.setenv("MEDSPA_DATABASE_URL", url)
    assert main(["verify"]) == 0


WITHOUT_RECORDS = (
    (["verify"], "`make run` begins with new ones"),
    (["backup", "{tmp}/b"], "MEDSPA_HOME"),
    (["move", "{url}"], "restore FOLDER --keys SHEET"),
    (["rotate-key"], "there are no records here"),
    (["recovery-sheet"], "there are no records here"),
    (["restore", "{tmp}/nowhere"], "nowhere: there is no such folder. Name the folder of a backup"),
)
WITH_RECORDS = (
    (["backup", "{tmp}/a-file"], "a-file: a backup can't be written there (Not a directory). Nothing was changed"),
    (["restore", "{tmp}/empty"], "empty: there is no backup in this folder. Name"),
    (["restore", "{tmp}/backups"], "With --instead the backup takes the place"),
    (["restore", "{tmp}/backups", "--instead", "--keys", "{tmp}/a-file"], "a-file: Recovery sheet: no line for store"),
    (["restore", "{tmp}/backups", "--instead", "--keys", "{tmp}/none"], "none: there is no such file or folder"),
    (["move", "nowhere"], "the word file, found something else. Nothing was copied."),
    (["move", "postgressql://ada:secret@db/x"], "expected postgresql://user:password@host/database"),
    (["move", "{wrong}"], "it has no such database"),
    (["move", "file"], "there are records already. Nothing was written; name an empty"),
    (["rotate-key", "pepper"], "choose from"),
)


def test_every_wrong_command_says_what_to_do_and_makes_nothing(
    at_home: Path,
    postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(at_home)
    (at_home / "empty").mkdir()
    (at_home / "a-file").write_text("no sheet and no folder\n")
    fields = {"tmp": str(at_home), "url": postgres_server.fresh(), "wrong": postgres_server.url("not_there")}

    def refused(command: list[str], line: str) -> None:
        there = sorted(path.name for path in at_home.iterdir())
        try:
            status = main([one.format(**fields) for one in command])
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = "".join(capfd.readouterr())
        assert status in (1, 2) and line in told and "secret" not in told, (command, told)
        assert sorted(path.name for path in at_home.iterdir()) == there, command

    for command, line in WITHOUT_RECORDS:
        refused(command, line)
    assert main(["first-start", "--empty"]) == main(["backup", str(at_home / "backups")]) == 0
    capfd.readouterr()
    for command, line in WITH_RECORDS:
        refused(command, line)
    assert main(["verify"]) == 0
    assert main(["rotate-key", "backup"]) == 0
    assert "open with the old sheet only" in capfd.readouterr().out


def test_keys_that_lie_in_the_folder_of_the_store_are_refused(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDSPA_KEYS", str(at_home / "home" / "keys"))
    assert main(["first-start", "--empty"]) == 2
    assert make_keys(at_home / "keys").by_name().keys() == {"store", "audit", "pepper", "backup"}
    assert isinstance(load_keys(at_home / "keys"), Keys)


def test_every_table_of_the_store_is_moved_counted_and_backed_up(clinic: Clinic, store: Store) -> None:
    import medspa_core.access.schema
    import medspa_core.exam.schema
    import medspa_core.offer.schema  # noqa: F401  (their tables join the others)
    from medspa_core.records import migration
    from medspa_core.records.schema import metadata

    with store.reading() as connection:
        there = set(migration.row_counts(connection))
        assert set(migration.contents(connection)) == there
    assert there == set(metadata.tables)


def test_people_go_along_although_the_command_line_never_looks_at_them(
    at_home: Path, postgres_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a process of its own: here other tests have long made every table known."""
    code = "import sys; from medspa_core.__main__ import main; sys.exit(main(sys.argv[1:]))"
    with open_clinic(at_home / "home", at_home / "keys", Clinic("x", new_keys()).clock) as store:
        place = access.add_location(store, "Main street", NOW)
        access.add_person(store, "ana", "Ana", [access.Role.OWNER], [place.id], NOW, by=None)
        filled(store)
    url = postgres_server.fresh()
    for command in (["backup", at_home / "backups"], ["move", url], ["verify"]):
        assert child(code, *command).communicate(timeout=240)[1] == ""
    keys = load_keys(at_home / "keys")
    with Clinic(url, keys).open() as moved:
        assert [one.shown_name for one in access.list_people(moved)] == ["Ana"]
    shutil.move(at_home / "home", at_home / "old-home")
    told, errors = child(code, "restore", at_home / "backups").communicate(timeout=240)
    assert "restored" in told, errors
    with open_clinic(at_home / "home", at_home / "keys", Clinic("x", new_keys()).clock) as restored:
        assert [one.shown_name for one in access.list_people(restored)] == ["Ana"]


def test_a_table_that_the_other_side_does_not_have_is_never_left_behind(
    file_clinic: Clinic, postgres_server: Server
) -> None:
    file_clinic.create().close()
    with file_clinic.unlocked() as raw:
        raw.execute("CREATE TABLE forgotten (id TEXT PRIMARY KEY) STRICT")
        raw.execute("INSERT INTO forgotten VALUES ('x')")
    with file_clinic.open() as store, pytest.raises(StoreProblem):
        move_clinic(store, postgres_server.fresh(), file_clinic.clock)
