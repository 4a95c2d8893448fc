"""A store with a crash behind it, harmed byte by byte: nothing acknowledged is ever lost without a word.

Thirty saves were acknowledged, then the program was killed: database, log, heads and keys lie there as after a power cut. Each
harm ends with every save there, or with one line that says what is wrong and the harmed file as it was found.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from medspa_core.__main__ import main
from medspa_core.access import Role
from medspa_core.records import (
    AuditRefused,
    Keys,
    LogDamaged,
    StoreProblem,
    create_store,
    load_draft,
    load_keys,
    open_store,
    save_answers,
)
from medspa_core.records.audit.log import SERIOUS
from medspa_core.records.audit.outside_head import HEAD_FILE, LATEST_FILE, SLOT_BYTES, SLOTS, OutsideHead
from medspa_core.records.database.checks import verify
from medspa_core.records.database.encrypted_file import FileLock
from medspa_core.records.database.store_location import place_of
from medspa_core.records.database.wal_frames import HEADER_BYTES, look_at_log
from medspa_core.records.keys import NAMES, keys_of
from tests.practice import PASSWORD, hire
from tests.practice import keys_of as keys_of_practice
from tests.records_support import NOW, Clock, begin, child, new_clinic

SAVES = 30
STEP = 4096
KILLED = """
import os, sys
from pathlib import Path
from medspa_core.records import load_keys, open_store, save_answers
from medspa_core.records.database.store_location import place_of
from tests.records_support import NOW, Clock
store = open_store(Path(sys.argv[1]), load_keys(Path(sys.argv[2])), Clock())
for number in range(int(sys.argv[4])):
    save_answers(store, sys.argv[3], {"age": 21 + number}, NOW, "form")
    print(number, flush=True)
os.kill(os.getpid(), 9)
"""


@dataclass
class Crashed:
    """The files as the kill left them, and a place where they are laid out again for each harm."""

    folder: Path
    draft: str
    files: dict[str, bytes] = field(default_factory=dict)

    def at(self, name: str) -> Path:
        return self.folder / name

    def lay_out(self) -> None:
        """Everything as it was; also what only a start made is gone, as the memory that programs share is after a power cut."""
        for folder in ("home", "keys"):
            for path in self.at(folder).iterdir():
                if str(path.relative_to(self.folder)) not in self.files:
                    path.unlink()
        for name, whole in self.files.items():
            if not self.at(name).exists() or self.at(name).read_bytes() != whole:
                self.at(name).write_bytes(whole)

    def opened(self) -> tuple[int, object]:
        """How many saves are there, and the last answer."""
        keys = load_keys(self.at("keys"))
        with create_store(self.at(STORE), keys, Clock(), second=self.at("second")) as store:
            found = load_draft(store, self.draft)
            assert found is not None
            return found.revision, found.answers.get("age")


STORE, LOG = "home/medspa.sqlite3", "home/medspa.sqlite3-wal"
HEAD, LATEST = f"keys/{HEAD_FILE}", f"keys/{LATEST_FILE}"


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crashed]:
    folder = tmp_path_factory.mktemp("crashed")
    clinic = new_clinic(folder)
    with clinic.create() as store:
        draft = begin(store)
    killed = child(KILLED, clinic.file, clinic.keys.folder, draft.id, SAVES)
    assert killed.communicate(timeout=120) == ("".join(f"{number}\n" for number in range(SAVES)), "")
    found = Crashed(folder, draft.id)
    for name in (STORE, LOG, HEAD, LATEST, *(f"keys/{name}.key" for name in NAMES)):
        found.files[name] = found.at(name).read_bytes()
    yield found
    shutil.rmtree(folder)


def flipped(whole: bytes, at: int) -> bytes:
    at = min(at + 17, len(whole) - 1)
    return whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]


def cut(whole: bytes, at: int) -> bytes:
    return whole[:at]


HARMS = {"flipped": flipped, "cut": cut}


def judged(crashed: Crashed, name: str, harmed: bytes) -> str:
    """Survived, told or lost; told means one line, and the harmed file as it was found."""
    crashed.lay_out()
    crashed.at(name).write_bytes(harmed)
    try:
        found = crashed.opened()
    except StoreProblem as problem:
        named = Path(name).name.removesuffix("-wal")
        assert "\n" not in str(problem)
        assert named in str(problem) or (name == "keys/store.key" and "this key does not open" in str(problem)), problem
        assert crashed.at(name).read_bytes() == harmed, "the harmed file is kept"
        return "told"
    whole = verify(place_of(crashed.at(STORE)), load_keys(crashed.at("keys"))) == []
    return "survived" if whole and found == (SAVES, 20 + SAVES) else "lost"


@pytest.mark.parametrize("how", HARMS)
@pytest.mark.parametrize("name", [STORE, LOG, HEAD, LATEST, *(f"keys/{name}.key" for name in NAMES)])
def test_no_flip_and_no_cut_loses_an_acknowledged_save_without_a_word(
    crashed: Crashed, name: str, how: str, record_property: Callable[[str, object], None]
) -> None:
    whole, harm = crashed.files[name], HARMS[how]
    places = range(0, len(whole), STEP if len(whole) > STEP else max(1, len(whole) // 8))
    ends = Counter(judged(crashed, name, harm(whole, at)) for at in places)
    record_property("ends", dict(ends))
    assert ends["lost"] == 0, ends
    assert sum(ends.values()) == len(places)


# --- what the log itself tells, and what only the head does -----------------------------------------------------------


def without_heads(crashed: Crashed) -> Keys:
    """Keys from nowhere: no head is noted beside them."""
    return keys_of(load_keys(crashed.at("keys")).by_name())


def test_a_bad_page_with_a_finished_save_behind_it_is_damage_by_the_log_alone(crashed: Crashed) -> None:
    crashed.lay_out()
    crashed.at(LOG).write_bytes(flipped(crashed.files[LOG], len(crashed.files[LOG]) // 2))
    with pytest.raises(LogDamaged, match=r"sqlite3-wal: the log of the last saves is damaged") as told:
        create_store(crashed.at(STORE), without_heads(crashed), Clock())
    assert "accept-loss" in told.value.what_to_do and "--instead" in told.value.what_to_do
    assert verify(place_of(crashed.at(STORE)), without_heads(crashed)) == [str(told.value)]


@pytest.mark.parametrize("gone", ["nothing", "the last save", "all of it", "the file"])
def test_a_log_that_was_cut_is_told_by_the_head_that_each_save_noted(crashed: Crashed, gone: str) -> None:
    crashed.lay_out()
    frames = look_at_log(crashed.at(LOG))
    assert frames is not None and frames.read == frames.frames
    log = crashed.files[LOG]
    left = {"nothing": len(log), "the last save": len(log) - 1, "all of it": HEADER_BYTES, "the file": 0}[gone]
    crashed.at(LOG).write_bytes(log[:left])
    if gone == "the file":
        crashed.at(LOG).unlink()
    if gone == "nothing":
        assert crashed.opened() == (SAVES, 20 + SAVES)
        return
    with pytest.raises(AuditRefused, match=r"rows that were saved are missing.*older copy.*accept-loss") as told:
        crashed.opened()
    assert ": 1 rows" in str(told.value) if gone == "the last save" else f": {SAVES} rows" in str(told.value)
    assert any("cut off the end" in line for line in verify(place_of(crashed.at(STORE)), load_keys(crashed.at("keys"))))


def test_what_a_power_cut_leaves_of_a_save_that_was_never_acknowledged_is_no_damage(crashed: Crashed) -> None:
    """The last save is torn, and the head is that of the save before: as it is until the save is on the disk."""
    crashed.lay_out()
    log, head = crashed.files[LOG], OutsideHead(crashed.at("keys"), load_keys(crashed.at("keys")).audit)
    noted = head.read()
    assert noted is not None
    before = (noted.seq - 1) % SLOTS * SLOT_BYTES
    for torn in (9000, 3 * 4120 + 50):
        crashed.lay_out()
        crashed.at(LATEST).write_bytes(crashed.files[LATEST][before : before + SLOT_BYTES])
        crashed.at(LOG).write_bytes(log[:-torn] + bytes(500) + log[-torn + 500 :])
        assert crashed.opened()[0] == SAVES - 1


def test_pages_of_an_older_turn_of_the_log_and_what_another_program_left_are_no_damage(tmp_path: Path) -> None:
    """After a checkpoint the log begins again from the front and older pages, finished saves too, stay behind the new ones."""
    clinic = new_clinic(tmp_path)
    with clinic.create() as store:
        draft = begin(store)
        for number in range(12):
            save_answers(store, draft.id, {"age": 20 + number}, NOW, "form")
        with store.reading() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(RESTART)").fetchall()
        save_answers(store, draft.id, {"age": 50}, NOW, "form")
        copied = tmp_path / "copied"
        copied.mkdir()
        names = [clinic.file, f"{clinic.file}-wal"]
        subprocess.run(["cp", *names, copied], check=True)  # by another program: this one's locks stay
        found = look_at_log(copied / f"{clinic.file.name}-wal")
        assert found is not None and 0 < found.read < found.frames and not found.lost
    with create_store(copied / clinic.file.name, keys_of(clinic.keys.by_name()), Clock()) as store:
        opened = load_draft(store, draft.id)
        assert opened is not None and opened.answers == {"age": 50}


def test_while_another_program_has_it_open_the_log_is_left_to_that_program(tmp_path: Path) -> None:
    clinic = new_clinic(tmp_path)
    with clinic.create() as store:
        draft = begin(store)
        with FileLock(clinic.file).alone_if_free() as alone:
            assert not alone
        clinic.open().close()
        assert save_answers(store, draft.id, {"age": 44}, NOW, "form").revision == 1
    with FileLock(clinic.file).alone_if_free() as alone:
        assert alone


# --- the head is gone -------------------------------------------------------------------------------------------------


def test_where_the_note_of_the_head_is_gone_the_second_place_is_asked(crashed: Crashed) -> None:
    keys = load_keys(crashed.at("keys"))
    crashed.lay_out()
    noted = OutsideHead(crashed.at("keys"), keys.audit).read()
    assert noted is not None
    second = crashed.at("second")
    second.mkdir()
    try:
        for seq, told in ((noted.seq, False), (noted.seq + 1, True)):
            crashed.lay_out()
            OutsideHead(second, keys.audit).write(replace(noted, seq=seq))
            for name in (HEAD, LATEST):
                crashed.at(name).unlink()
            if told:
                with pytest.raises(AuditRefused, match="1 rows that were saved are missing"):
                    crashed.opened()
                assert not crashed.at(HEAD).exists()
            else:
                assert crashed.opened() == (SAVES, 20 + SAVES)
                assert crashed.at(HEAD).exists()
    finally:
        shutil.rmtree(second)


def test_where_no_head_is_left_nothing_is_made_in_its_place(crashed: Crashed) -> None:
    crashed.lay_out()
    for name in (HEAD, LATEST):
        crashed.at(name).unlink()
    for _ in range(2):
        with pytest.raises(AuditRefused, match=r"last row is gone.*keys and in .*second.*accept-loss"):
            crashed.opened()
        assert not crashed.at(HEAD).exists() and not crashed.at(LATEST).exists()
    assert "last row is gone" in verify(place_of(crashed.at(STORE)), load_keys(crashed.at("keys")))[0]


# --- going on knowingly -----------------------------------------------------------------------------------------------


@pytest.fixture
def at_home(crashed: Crashed, monkeypatch: pytest.MonkeyPatch) -> Crashed:
    monkeypatch.setenv("MEDSPA_HOME", str(crashed.at("home")))
    monkeypatch.setenv("MEDSPA_KEYS", str(crashed.at("keys")))
    for name in ("MEDSPA_DATABASE_URL", "MEDSPA_BACKUPS", "MEDSPA_HEAD"):
        monkeypatch.delenv(name, raising=False)
    crashed.lay_out()
    return crashed


def only_kept(crashed: Crashed) -> dict[str, bytes]:
    """What lies beside as it was found, by the name it had."""
    found = sorted(path for path in crashed.at("home").iterdir() if ".until-" in path.name)
    name = found[0].name
    return {path.name.removeprefix(name).lstrip("-"): path.read_bytes() for path in found}


def test_who_goes_on_without_what_is_missing_reads_it_keeps_the_files_and_stands_in_the_audit_log(
    at_home: Crashed, capsys: pytest.CaptureFixture[str]
) -> None:
    log = cut(at_home.files[LOG], len(at_home.files[LOG]) - 4120 * 20)
    at_home.at(LOG).write_bytes(log)
    assert main(["verify"]) == 1
    assert main(["backup", str(at_home.at("backups"))]) == 2
    assert main(["accept-loss"]) == 0  # nobody has been made yet, so nobody is asked for a password
    said = capsys.readouterr().out
    assert "rows that were saved are missing" in said and "is kept: medspa.sqlite3.until-" in said
    kept = only_kept(at_home)
    assert kept[""] == at_home.files[STORE] and kept["wal"] == log
    assert kept[HEAD_FILE] == at_home.files[HEAD] and kept[LATEST_FILE] == at_home.files[LATEST]
    saves, _ = at_home.opened()
    assert 20 < saves < SAVES
    assert main(["verify"]) == 0
    with open_store(at_home.at(STORE), load_keys(at_home.at("keys")), Clock()) as store, store.reading() as connection:
        row = connection.exec_driver_sql("SELECT outcome, detail FROM audit WHERE object = 'loss accepted'").one()
    assert row[0] == SERIOUS and json.loads(row[1])["accepted"] == ["rows missing"]
    assert main(["accept-loss"]) == 2
    assert "nothing is missing" in capsys.readouterr().err


def test_only_an_owner_goes_on_without_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    hire(home, "olga", [Role.OWNER])
    hire(home, "manny", [Role.MANAGER])
    monkeypatch.setenv("MEDSPA_HOME", str(home))
    monkeypatch.setenv("MEDSPA_KEYS", str(keys_of_practice(home)))
    for name in (HEAD_FILE, LATEST_FILE):
        (keys_of_practice(home) / name).unlink()
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    for name, typed in (("manny", PASSWORD), ("olga", "not her password"), ("nobody", PASSWORD), ("", "")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        assert main(["accept-loss", name]) == 2
        assert "password of an owner" in capsys.readouterr().err
    assert {name: (home / name).read_bytes() for name in before} == before
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["accept-loss", "olga"]) == 0
    assert main(["verify"]) == 0


def test_where_what_is_left_does_not_hold_together_nobody_goes_on_with_it(at_home: Crashed) -> None:
    """The database holds a later page already than the log that was cut: one store of two times."""
    store = bytearray(at_home.files[STORE])
    store[STEP * 20 : STEP * 21] = store[STEP * 30 : STEP * 31]
    at_home.at(STORE).write_bytes(store)
    at_home.at(LOG).write_bytes(at_home.files[LOG][:-4120])
    assert main(["accept-loss"]) == 2
    assert at_home.at(STORE).read_bytes() == bytes(store)
    assert not [path for path in at_home.at("home").iterdir() if ".until-" in path.name]


def test_a_backup_takes_the_place_of_a_store_with_a_damaged_log_or_head_and_both_are_kept(at_home: Crashed) -> None:
    backups = at_home.at("backups")
    assert main(["backup", str(backups)]) == 0
    for name, harm in ((LOG, flipped), (HEAD, flipped)):
        for path in at_home.at("home").glob("*.until-*"):
            path.unlink()
        at_home.lay_out()
        harmed = harm(at_home.files[name], len(at_home.files[name]) // 2)
        at_home.at(name).write_bytes(harmed)
        assert main(["verify"]) == 1
        assert main(["restore", str(backups), "--instead"]) == 0
        if name == LOG:
            assert only_kept(at_home)["wal"] == harmed
        assert main(["verify"]) == 0
        assert at_home.opened() == (SAVES, 20 + SAVES)
    shutil.rmtree(backups)
