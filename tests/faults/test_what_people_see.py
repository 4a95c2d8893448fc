"""The real program with records it can't open, and with errors that hold a name: what people see, and what is in the logs."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from medspa_core import records
from medspa_core.access import Role
from medspa_core.records import make_backup, make_keys
from medspa_core.records.database import encrypted_file
from tests.faults.conftest import Server, free_port
from tests.practice import PASSWORD, hire, keys_of, opened, post
from tests.records_support import NOW, ORDER, ROOT, takes_nothing

CLIENT = "Marigold-Q-Unlikely"
TYPED_BY_MISTAKE = "my-password-typed-as-a-name"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Server]:
    """A practice with a director, a backup and one consultation, on a server that is not started yet."""
    server = Server(tmp_path / "home", free_port())
    (tmp_path / "temp").mkdir()
    server.extra = {"TMPDIR": str(tmp_path / "temp")}
    hire(server.home, "dora", [Role.MEDICAL_DIRECTOR])
    with opened(server.home) as store:
        draft = records.start_draft(store, CLIENT, NOW, NOW.date(), ORDER)
        records.save_answers(store, draft.id, {"age": 44}, NOW, "form")
        make_backup(store, server.home / "backups")
        server.extra["DRAFT"] = draft.id
    yield server
    server.stop()


def one_flipped_byte(home: Path) -> None:
    """In a page that each opening reads: where it lies differs from one version's tables to the next."""
    raw = encrypted_file.connect(home / "medspa.sqlite3", records.load_keys(keys_of(home)).store)
    (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    whole, at = (home / "medspa.sqlite3").read_bytes(), (page - 1) * int(size) + 1000
    (home / "medspa.sqlite3").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def a_damaged_log(home: Path) -> None:
    """Copied while it is open, file and log are as a crash leaves them; by another program, so that this one's locks stay."""
    copied = home.with_name("as a crash leaves it")
    copied.mkdir()
    with opened(home) as store:
        for number in range(4):
            records.start_draft(store, f"{CLIENT} {number}", NOW, NOW.date(), ORDER)
        subprocess.run(["cp", home / "medspa.sqlite3", home / "medspa.sqlite3-wal", copied], check=True)
    log = (copied / "medspa.sqlite3-wal").read_bytes()
    (copied / "medspa.sqlite3-wal").write_bytes(log[:6000] + bytes([log[6000] ^ 1]) + log[6001:])
    shutil.copytree(copied, home, dirs_exist_ok=True)


def a_newer_store(home: Path) -> None:
    raw = encrypted_file.connect(home / "medspa.sqlite3", records.load_keys(keys_of(home)).store)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()


def another_key(home: Path) -> None:
    (keys_of(home) / "store.key").write_text(secrets.token_hex(32) + "\n")


def test_whatever_is_wrong_with_the_records_the_page_is_calm_says_what_to_do_and_nothing_is_made(
    practice: Server,
) -> None:
    """One server, one fault after the other; at the end it works, without having been started again."""
    home, keys = practice.home, keys_of(practice.home)
    saved = home.with_name("as it was")
    shutil.copytree(home, saved / "home")
    shutil.copytree(keys, saved / "keys")
    faults = [
        (one_flipped_byte, "The records are damaged", "--instead"),
        (a_damaged_log, "The log of the last saves is damaged", "accept-loss"),
        (another_key, "The keys do not open the records", "restore-keys"),
        (lambda _: shutil.rmtree(keys), "The keys do not open the records", "recovery sheet"),
        (lambda _: (home / "medspa.sqlite3").unlink(), "The records are not there", "No empty store was made"),
        (a_newer_store, "The records are newer than the program", "Update the program"),
        (lambda _: (home / "medspa.sqlite3").write_bytes(b"no store" * 600), "The keys do not open", "restore-keys"),
    ]
    one_flipped_byte(home)
    practice.start()
    for harm, title, what_to_do in faults:
        with (
            practice.standing_still()
        ):  # else it may look in the moment in which all is well, and then keeps what it opened
            for folder, kept in ((home, saved / "home"), (keys, saved / "keys")):
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(kept, folder)
            harm(home)
        before = sorted((path.name, path.stat().st_size) for path in home.iterdir() if "-shm" not in path.name)
        answer = practice.get("/")
        page = answer.body.decode()
        assert (answer.status, title in page, what_to_do in page) == (503, True, True), page
        assert "Traceback" not in page and CLIENT not in page
        assert ("The last good backup is of" in page) == ("--instead" in page), page
        after = [one for one in sorted((path.name, path.stat().st_size) for path in home.iterdir())]
        assert [one for one in after if not one[0].endswith(("-shm", "-wal", ".lock"))] == [
            one for one in before if not one[0].endswith(("-wal", ".lock"))
        ]
    for folder, kept in ((home, saved / "home"), (keys, saved / "keys")):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
    assert practice.get("/").status == 303
    assert "Traceback" not in practice.log


def test_a_store_that_is_locked_by_another_program_says_busy_on_the_page_and_works_again(practice: Server) -> None:
    practice.start()
    cookie = practice.cookie("dora")
    draft = practice.extra["DRAFT"]
    raw = encrypted_file.connect(practice.home / "medspa.sqlite3", records.load_keys(keys_of(practice.home)).store)
    with practice.web_socket(cookie) as tab:
        tab.run()
        raw.execute("BEGIN IMMEDIATE")
        busy = tab.run_to_its_end("you", f"c={draft}").text
        assert "Busy. Your answers are kept; try again in a moment." in busy
        raw.execute("ROLLBACK")
        assert CLIENT in tab.run("you", f"c={draft}").text
    raw.close()


def test_while_the_disk_takes_nothing_a_page_says_so_who_is_signed_in_stays_and_nobody_new_comes_in(
    practice: Server,
) -> None:
    practice.start()
    assert practice.process is not None
    cookie, draft = practice.cookie("dora"), practice.extra["DRAFT"]
    form = {"name": "dora", "password": PASSWORD}
    with practice.web_socket(cookie) as tab:
        tab.run()
        with takes_nothing(practice.process.pid):
            told = tab.run_to_its_end("you", f"c={draft}").text
            assert "may be read-only, away or failing; check it" in told and CLIENT not in told
            for method in ("GET", "POST"):  # else the tablet would cover the answer that waits on it
                assert practice.get("/auth/alive", method, Cookie=cookie, Origin=practice.url).status == 200
            refused = post(practice.url, "/signin", form)
            assert refused.status == 503 and b"may be read-only" in refused.read()
        assert CLIENT in tab.run("you", f"c={draft}").text
    assert post(practice.url, "/signin", form).status == 303
    assert practice.process.poll() is None


FAILING_PROGRAM = """
import sys
from medspa_core.records.consultations import reading
true = reading.read_draft
def load(connection, draft_id):
    draft = true(connection, draft_id)
    if not draft.code_name.endswith("whole"):
        raise RuntimeError(f"no place for {draft.code_name}")
    return draft
reading.read_draft = load
from streamlit.web.cli import main
sys.argv = ["streamlit", *sys.argv[1:]]
main()
"""


def test_an_error_with_a_name_in_it_shows_a_number_and_neither_names_nor_secrets_are_in_any_log_or_temporary_file(
    practice: Server, tmp_path: Path
) -> None:
    """Saves, looks, refused sign-ins, a password typed as a name, and an error whose text holds a client's name."""
    (tmp_path / "failing.py").write_text(FAILING_PROGRAM)
    practice.program = (str(tmp_path / "failing.py"),)
    practice.extra |= {"PYTHONPATH": str(ROOT), "STREAMLIT_LOGGER_LEVEL": "debug"}
    with opened(practice.home) as store:
        whole = records.start_draft(store, f"{CLIENT} whole", NOW, NOW.date(), ORDER).id
    practice.start()
    cookie = practice.cookie("dora")
    for name, password in ((TYPED_BY_MISTAKE, "x"), ("dora", "a wrong password for dora"), ("nobody-here", PASSWORD)):
        assert post(practice.url, "/signin", {"name": name, "password": password}).status != 303
    with practice.web_socket(cookie) as tab:
        assert f"{CLIENT} whole" in tab.run("you", f"c={whole}").text  # from now on this sign-in is held to it
    with practice.web_socket(practice.cookie("dora")) as tab:
        broken = tab.run_to_its_end("you", f"c={practice.extra['DRAFT']}").text
        assert "Something went wrong here" in broken and CLIENT not in broken
    practice.stop()
    secret = [key.hex() for key in records.load_keys(keys_of(practice.home)).by_name().values()]
    token = cookie.partition("=")[2]
    log = practice.log
    assert "error " in log and "RuntimeError" in log
    for word in (CLIENT, TYPED_BY_MISTAKE, PASSWORD, "a wrong password", "nobody-here", token, whole, *secret):
        assert word not in log, f"{word} in the log"
        left = [path for path in tmp_path.rglob("*") if path.is_file() and holds(path, word)]
        allowed = {path for path in keys_of(practice.home).glob("*.key")}
        assert set(left) <= allowed, f"{word} in {left}"


def holds(path: Path, word: str) -> bool:
    return path.suffix != ".py" and word.encode() in path.read_bytes()


def test_keys_are_never_made_anew_for_a_store_that_is_there(practice: Server) -> None:
    shutil.rmtree(keys_of(practice.home))
    practice.start()
    assert practice.get("/").status == 503
    assert not keys_of(practice.home).exists()
    make_keys(keys_of(practice.home))
    assert "do not open the records" in practice.get("/").body.decode()
