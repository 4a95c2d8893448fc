"""Each key has a check value in the store: another key in its place is said by name at the next start, and nothing is done."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import pytest

from medspa_core.__main__ import main
from medspa_core.records import Doer, KeyProblem, Store, make_backup, open_clinic
from medspa_core.records.audit.log import SERIOUS
from medspa_core.records.audit.outside_head import HEAD_FILE, LATEST_FILE
from medspa_core.records.backups.accepted_loss import accept_loss
from medspa_core.records.database import key_rotation
from medspa_core.records.database.checks import verify
from medspa_core.records.database.key_check_values import check_value
from medspa_core.records.database.key_rotation import rotate_key
from medspa_core.records.database.leftover_files import LEFT_SECONDS
from medspa_core.records.database.row_copy import build_if_empty
from medspa_core.records.database.store_location import make_file, place_of
from medspa_core.records.keys import NAMES, load_keys, recovery_sheet, write_secret
from tests.records_support import NOW, Clinic, Clock, begin


def swap(clinic: Clinic, name: str) -> Clinic:
    """The same store with another key of this name, as it is read from the folder."""
    assert clinic.keys.folder is not None
    write_secret(clinic.keys.folder / f"{name}.key", secrets.token_hex(32) + "\n")
    return Clinic(clinic.where, load_keys(clinic.keys.folder), clinic.clock)


def put_back(clinic: Clinic) -> None:
    assert clinic.keys.folder is not None
    for name, key in clinic.keys.by_name().items():
        write_secret(clinic.keys.folder / f"{name}.key", key.hex() + "\n")


def kept_values(store: Store) -> dict[str, str]:
    with store.reading() as connection:
        return {row.name: row.value for row in connection.exec_driver_sql("SELECT name, value FROM known_outside")}


@pytest.mark.parametrize("name", ["audit", "pepper", "backup"])
def test_another_key_is_noticed_at_the_start_and_said_by_name(clinic: Clinic, name: str) -> None:
    with clinic.create() as store:
        begin(store)
    swapped = swap(clinic, name)
    with pytest.raises(KeyProblem, match=rf"{name}\.key: this is not the {name} key.*restore-keys") as told:
        swapped.open()
    assert not set(swapped.keys.by_name()[name].hex().split()) & set(str(told.value).split())
    assert any(f"not the {name} key" in line for line in verify(place_of(clinic.where), swapped.keys))
    put_back(clinic)
    clinic.open().close()
    assert verify(place_of(clinic.where), clinic.keys) == []


def test_on_a_server_the_key_of_the_store_is_noticed_too(server_clinic: Clinic) -> None:
    server_clinic.create().close()
    with pytest.raises(KeyProblem, match="not the store key"):
        swap(server_clinic, "store").open()


def test_a_check_value_says_nothing_of_the_key_and_differs_with_each_name(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        values = kept_values(store)
    keys = file_clinic.keys.by_name()
    assert {name: values[name] for name in NAMES} == {name: check_value(name, keys[name]) for name in NAMES}
    assert len({check_value(name, b"x" * 32) for name in NAMES}) == len(NAMES)
    assert values["head"] == "noted"
    assert all(key.hex()[:8] not in value for key in keys.values() for value in values.values())


def test_a_store_of_an_older_version_gets_its_check_values_at_the_first_start(file_clinic: Clinic) -> None:
    file_clinic.create().close()
    file_clinic.file.unlink()
    make_file(file_clinic.file)
    build_if_empty(place_of(file_clinic.where), file_clinic.keys, "0070")
    with file_clinic.open() as store:
        assert set(kept_values(store)) == {*NAMES, "head"}


@pytest.mark.parametrize("name", ["store", "backup"])
def test_a_fresh_key_has_its_check_value_with_it(file_clinic: Clinic, tmp_path: Path, name: str) -> None:
    with file_clinic.create() as store:
        begin(store)
    fresh = rotate_key(name, place_of(file_clinic.where), file_clinic.keys)
    with Clinic(file_clinic.where, fresh, file_clinic.clock).open() as store:
        assert kept_values(store)[name] == check_value(name, fresh.by_name()[name])
        make_backup(store, tmp_path / "backups")
    assert verify(place_of(file_clinic.where), fresh) == []
    with pytest.raises(KeyProblem):
        file_clinic.open()


@pytest.mark.parametrize("cut_at", ["write_secret", "_note_in", "finish_rotation", "_promote"])
def test_a_change_of_the_backup_key_cut_short_at_any_moment_leaves_a_key_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_at: str
) -> None:
    home, folder = tmp_path / "home", tmp_path / "keys"
    with open_clinic(home, folder, Clock()) as store:
        place, keys = store.place, store.keys

    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as broken:
        broken.setattr(key_rotation, cut_at, cut)
        if cut_at == "_note_in":  # then nothing is tidied up either
            broken.setattr(key_rotation, "finish_rotation", cut)
        with pytest.raises(PowerCut):
            rotate_key("backup", place, keys)
    with open_clinic(home, folder, Clock()) as store:
        assert kept_values(store)["backup"] == check_value("backup", store.keys.backup)
        assert (store.keys.backup == keys.backup) == (cut_at in ("write_secret", "_note_in"))
    assert sorted(path.name for path in folder.glob("backup*")) == ["backup.key"]


def test_a_backup_and_the_recovery_sheet_bring_a_clinic_back_on_another_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = tmp_path / "home", tmp_path / "keys"
    with open_clinic(home, folder, Clock()) as store:
        begin(store)
        place, keys = store.place, store.keys
    rotate_key("store", place, keys)
    with open_clinic(home, folder, Clock()) as store:
        make_backup(store, tmp_path / "backups")
        sheet = recovery_sheet(store.keys)
    rotate_key("store", place, load_keys(folder))  # the backup knows an older key of the store
    for sheet_text, new in ((sheet, "other"), (recovery_sheet(load_keys(folder)), "third")):
        (tmp_path / f"{new}.txt").write_text(sheet_text)
        monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / new))
        monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / f"{new}-keys"))
        monkeypatch.delenv("MEDSPA_DATABASE_URL", raising=False)
        assert main(["restore", str(tmp_path / "backups"), "--keys", str(tmp_path / f"{new}.txt")]) == 0
        assert main(["verify"]) == 0
        open_clinic(tmp_path / new, tmp_path / f"{new}-keys", Clock()).close()


def test_a_pepper_that_is_lost_for_good_is_accepted_knowingly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("MEDSPA_DATABASE_URL", raising=False)
    assert main(["first-start", "--empty"]) == 0
    whole = (tmp_path / "keys" / "audit.key").read_text()
    for name, status in (("audit", 2), ("pepper", 0)):
        (tmp_path / "keys" / f"{name}.key").write_text(secrets.token_hex(32) + "\n")
        capsys.readouterr()
        assert main(["first-start"]) == 2
        assert f"not the {name} key" in capsys.readouterr().err
        assert main(["accept-loss"]) == status
        (tmp_path / "keys" / "audit.key").write_text(whole)
    assert main(["first-start"]) == 0
    assert main(["verify"]) == 0


def test_on_both_engines_it_stands_in_the_audit_log_who_went_on_without_key_and_head(clinic: Clinic) -> None:
    with clinic.create() as store:
        begin(store)
    swapped = swap(clinic, "backup")
    assert swapped.keys.folder is not None
    for name in (HEAD_FILE, LATEST_FILE):
        (swapped.keys.folder / name).unlink(missing_ok=True)
    place = place_of(clinic.where)
    lines = accept_loss(place, swapped.keys, clinic.clock, None, Doer("p-1", "owner"))
    assert "not the backup key" in lines[0] and "last row is gone" in lines[1]
    assert len(lines) == (3 if isinstance(clinic.where, Path) else 2)  # on a server nothing is written over
    with swapped.open() as store, store.reading() as connection:
        told = "SELECT actor, outcome, detail FROM audit WHERE object = 'loss accepted'"
        actor, outcome, detail = connection.exec_driver_sql(told).one()
    assert (actor, outcome) == ("p-1", SERIOUS)
    assert json.loads(detail)["accepted"] == ["key changed", "head gone"]
    assert verify(place, swapped.keys) == []


# --- left-over files --------------------------------------------------------------------------------------------------


def test_what_a_killed_program_left_is_swept_and_nothing_else(file_clinic: Clinic) -> None:
    file_clinic.create().close()
    assert file_clinic.keys.folder is not None
    home, keys, name = file_clinic.file.parent, file_clinic.keys.folder, file_clinic.file.name
    ours = [
        f"{name}.part",
        f"{name}.part-wal",
        f"{name}.before-0070.part",
        f"{name}.restoring",
        f"{name}.rotating.part",
    ]
    ours = [home / one for one in ours] + [keys / f".{HEAD_FILE}.0a1b2c3d", keys / ".backup.key.0a1b2c3d"]
    others = [home / "notes.part", home / f"{name}.before-0070", home / f"{name}.until-20261122T104200Z-ab12"]
    others += [keys / ".mine.0a1b2c3d", keys / f".{HEAD_FILE}.0a1b2c3d.txt"]
    for path in (*ours, *others):
        path.write_bytes(b"x")
    with file_clinic.open():
        assert all(path.exists() for path in ours), "somebody may be writing them at this moment"
    long_ago = NOW.timestamp() - LEFT_SECONDS - 1
    for path in (*ours, *others):
        os.utime(path, (long_ago, long_ago))
    with file_clinic.open():
        assert [path.name for path in ours if path.exists()] == []
        assert all(path.exists() for path in others)
    assert verify(place_of(file_clinic.where), file_clinic.keys) == []


def test_a_start_over_records_in_the_programs_own_folder_is_refused_where_the_settings_name_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, named = tmp_path / "program", tmp_path / "records"
    program.mkdir()
    monkeypatch.setattr("medspa_core.__main__.PROGRAM", program)
    monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / "keys"))
    for name in ("MEDSPA_DATABASE_URL", "MEDSPA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert main(["first-start", "--empty"]) == 0
    kept = (program / "var" / "medspa.sqlite3").read_bytes()
    (program / "medspa.toml").write_text(f'home = "{named}"\n', "utf-8")
    capsys.readouterr()
    assert main(["first-start"]) == main(["first-start", "--empty"]) == 2
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == "" and len(lines) == 2 and lines[0] == lines[1]
    assert str(named) in lines[0] and str(program / "var") in lines[0] and "move everything" in lines[0]
    assert not named.exists() and (program / "var" / "medspa.sqlite3").read_bytes() == kept
    (program / "var").rename(named)
    assert main(["first-start"]) == 0 and not (program / "var").exists()
    with monkeypatch.context() as other:
        other.setenv("MEDSPA_HOME", str(tmp_path / "trial"))
        other.setenv("MEDSPA_KEYS", str(tmp_path / "keys of the trial"))
        named.rename(program / "var")
        assert main(["first-start", "--empty"]) == 0, "who names a folder in the environment means that one"
