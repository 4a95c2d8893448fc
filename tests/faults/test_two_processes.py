"""Two programs on one encrypted file: both write, one is restarted or killed, and nothing acknowledged is ever lost."""

from __future__ import annotations

import signal
import subprocess
import threading
from pathlib import Path

import pytest

from medspa_core.records import StoreDamaged, StoreProblem, load_draft, save_answers
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store_location import place_of
from tests.records_support import NOW, Clinic, begin, child

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records import load_keys, open_store, save_answers
now = datetime(2026, 11, 22, tzinfo=UTC)
store = open_store(Path(sys.argv[1]), load_keys(Path(sys.argv[2])), lambda: now)
for number in range(int(sys.argv[4])):
    save_answers(store, sys.argv[3], {f"theirs{number % 5}": number}, now, "form")
    print(number, flush=True)
store.close()
"""


def writer(clinic: Clinic, draft_id: str, saves: int) -> subprocess.Popen[str]:
    return child(WRITER, clinic.file, clinic.keys.folder, draft_id, saves)


def steps(clinic: Clinic) -> int:
    with clinic.open() as store, store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM steps").scalar_one())


def test_two_programs_write_at_once_while_one_is_stopped_killed_and_started_again(file_clinic: Clinic) -> None:
    saved = 0
    with file_clinic.create() as store:
        draft = begin(store)
        for how in (None, signal.SIGKILL, signal.SIGTERM, None, signal.SIGKILL):
            other = writer(file_clinic, draft.id, 12 if how is None else 100_000)
            assert other.stdout is not None
            assert other.stdout.readline() == "0\n", other.stderr and other.stderr.read()
            for _ in range(12):
                save_answers(store, draft.id, {"ours": saved}, NOW, "form")
                saved += 1
            if how is not None:
                other.send_signal(how)
            told = other.stdout.read()  # `communicate` would skip what was read ahead
            assert other.communicate(timeout=240)[1] == ""
            saved += 1 + len(told.split())
    assert saved <= steps(file_clinic) <= saved + 3  # each kill may leave one save done and not acknowledged
    assert verify(place_of(file_clinic.where), file_clinic.keys) == []


WANTS_IT_ALONE = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)  # where SQLite says: somebody reads this file
        print("free")
    except BlockingIOError:
        print("held")
"""


def test_opening_a_store_twice_in_one_program_lets_go_of_no_lock(file_clinic: Clinic) -> None:
    """Closing a plain handle of the file would: then another program may take the log away from under the open store."""
    with file_clinic.create():
        file_clinic.open().close()
        assert child(WANTS_IT_ALONE, file_clinic.file).communicate(timeout=240) == ("held\n", "")
    assert child(WANTS_IT_ALONE, file_clinic.file).communicate(timeout=240) == ("free\n", "")


def test_a_store_whose_files_were_exchanged_saves_nothing_more_and_says_so(file_clinic: Clinic) -> None:
    """A foreign tool that read the files inside this program has let go of its locks; another program took the log away.

    What would be saved now is in a file without a name: acknowledged, and gone at the next start.
    """
    store = file_clinic.create()
    draft = begin(store)
    for path in file_clinic.file.parent.iterdir():
        path.read_bytes()
    told, errors = writer(file_clinic, draft.id, 3).communicate(timeout=240)
    assert (told.split()[-1], errors) == ("2", "")
    for attempt in (
        lambda: save_answers(store, draft.id, {"age": 44}, NOW, "form"),
        lambda: load_draft(store, draft.id),
    ):
        with pytest.raises(StoreDamaged, match="start it again"):
            attempt()
    store.close()
    with file_clinic.open() as store:
        found = load_draft(store, draft.id)
        assert found is not None and found.answers == {"theirs0": 0, "theirs1": 1, "theirs2": 2}
    assert verify(place_of(file_clinic.where), file_clinic.keys) == []


def test_a_store_in_use_is_not_exchanged_and_works_on(file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted_file, "BUSY_SECONDS", 0.2)
    with file_clinic.create() as store, file_clinic.open() as other:
        draft = begin(store)
        with pytest.raises(StoreProblem, match="in use"), store.exchange():
            pytest.fail("another program has it open")
        assert load_draft(other, draft.id) == load_draft(store, draft.id)


def test_an_exchange_waits_until_everybody_has_left(file_clinic: Clinic) -> None:
    order: list[str] = []
    with file_clinic.create() as store:
        inside, leave = threading.Event(), threading.Event()

        def reader() -> None:
            with store.reading():
                inside.set()
                leave.wait(120)
                order.append("reader")

        thread = threading.Thread(target=reader)
        thread.start()
        inside.wait(120)
        threading.Timer(0.1, leave.set).start()
        with store.exchange():
            order.append("exchange")
        thread.join()
        assert order == ["reader", "exchange"]
        assert begin(store).revision == 0
    assert Path(file_clinic.where).is_file()
