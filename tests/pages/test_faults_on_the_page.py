"""What goes wrong with the records is said on the screen: nothing claimed saved, one clear line, and what to do next."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from medspa_core.access import Role
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store_location import place_of, store_file
from tests.pages.conftest import new_draft, opened, program, text_of
from tests.pages.test_audit_page import at_page
from tests.records_support import ON_POSTGRESQL, Clinic, Server, nothing_can_be_written
from views.context import core_access

NOBODY = 65534


def answer(at: AppTest, age: int) -> AppTest:
    at.text_input(key="field_age").set_value(str(age)).run()
    assert not at.exception, at.exception
    return at


def saved_age(draft_id: str) -> object:
    found = records.load_draft(core_access.store(), draft_id)
    assert found is not None
    return found.answers.get("age")


def started_again() -> AppTest:
    """The program stopped and to be started: the next run opens the store anew."""
    at = program()
    core_access.store().close()
    forget_the_store()
    return at


def forget_the_store() -> None:
    core_access.store.clear()
    core_access.clock.clear()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget_the_store()


# --- while a consultation is open ---------------------------------------------------------------------------------


@pytest.fixture(params=["a small disk", "a store that may not grow"])
def room(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Takes all room away, or gives it back. A small disk needs the right to mount one; the other way is for everybody."""
    if request.param == "a small disk":
        disk: Path = request.getfixturevalue("small_disk")
        monkeypatch.setenv("MEDSPA_HOME", str(disk / "home"))
        ballast = disk / "ballast"

        def on_disk(there: bool) -> None:
            if there:
                ballast.unlink()
                return
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)

        return on_disk

    def in_file(there: bool) -> None:
        with core_access.store().reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages * 1000 if there else pages}")

    return in_file


def test_a_full_disk_is_said_the_answer_waits_no_other_record_opens_and_room_saves_it(
    room: Callable[[bool], None],
) -> None:
    draft_id, other = (new_draft(core_access.store(), {"age": 40}, name) for name in ("A-1", "B-2"))
    at, elsewhere = opened("you", draft_id), program().run()
    elsewhere.switch_page("pages/you.py")
    room(False)
    with pytest.raises(records.StoreFull):  # the log had some room of its own
        for number in range(3000):
            records.save_answers(core_access.store(), other, {"x": number}, core_access.clock().now(), "t")
    answer(at, 44)
    assert "Not saved: the disk is full." in text_of(at) and "make room" in text_of(at)
    assert "Saved " not in text_of(at) and "Not saved yet" in text_of(at)
    assert at.text_input(key="field_age").value == "44 years"
    elsewhere.query_params["c"] = other
    elsewhere.run()
    assert not elsewhere.exception and "B-2" not in text_of(elsewhere) and "disk is full" in text_of(elsewhere)
    room(True)
    at.run()
    assert "Not saved" not in text_of(at) and saved_age(draft_id) == 44
    assert verify(core_access.store().place, core_access.store().keys) == []


def test_a_store_that_another_program_holds_is_busy_on_the_screen_and_the_answer_is_saved_afterwards(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = new_draft(core_access.store(), {"age": 40})
    at = opened("you", draft_id)
    monkeypatch.setattr(encrypted_file, "BUSY_SECONDS", 0.2)
    kept = core_access.store()
    with Clinic(kept.path, kept.keys).unlocked() as other:
        other.execute("BEGIN IMMEDIATE")
        with kept.reading() as connection:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA busy_timeout=200")
        answer(at, 44)
        assert "The program is busy. Your answers are kept" in text_of(at) and "Saved " not in text_of(at)
        other.execute("ROLLBACK")
    at.run()
    assert "is busy" not in text_of(at) and saved_age(draft_id) == 44


@pytest.mark.parametrize("engine", ["file", ON_POSTGRESQL])
def test_a_disk_or_server_that_takes_nothing_more_is_said_the_answer_waits_and_is_saved_once_it_does(
    home: Path, engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgres_server")
        monkeypatch.setenv("MEDSPA_DATABASE_URL", server.fresh())
    draft_id, other = (new_draft(core_access.store(), {"age": 40}, name) for name in ("A-1", "B-2"))
    at, elsewhere = opened("you", draft_id), program().run()
    elsewhere.switch_page("pages/you.py")
    with nothing_can_be_written(core_access.store()):
        answer(at, 44)
        told = text_of(at)
        assert "Not saved: the records can't be written." in told and "tell the staff" in told
        assert "Saved " not in told and "Not saved yet" in told and at.text_input(key="field_age").value == "44 years"
        elsewhere.query_params["c"] = other
        elsewhere.run()
        assert not elsewhere.exception and "B-2" not in text_of(elsewhere)
        assert "Not saved" in text_of(elsewhere) and "is read-only" in text_of(elsewhere).replace("may be", "is")
        at.run()
        assert "Not saved yet" in text_of(at)
    at.run()
    assert "Not saved" not in text_of(at) and "Saved " in text_of(at) and saved_age(draft_id) == 44
    elsewhere.switch_page("pages/you.py")
    elsewhere.query_params["c"] = other
    elsewhere.run()
    assert "B-2" in text_of(elsewhere)
    assert verify(core_access.store().place, core_access.store().keys) == []


# --- when the program starts --------------------------------------------------------------------------------------


@pytest.fixture
def nobodys_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A practice whose files belong to an ordinary user: root may write anywhere."""
    folder = Path(tempfile.mkdtemp(prefix="medspa-nobody-"))
    monkeypatch.setenv("MEDSPA_HOME", str(folder / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(folder / "keys"))
    core_access.store()
    yield folder
    (folder / "home").chmod(0o700)
    shutil.rmtree(folder)


@contextlib.contextmanager
def as_an_ordinary_user(folder: Path) -> Iterator[None]:
    root = os.geteuid() == 0
    if root:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, -1)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_read_only_folder_is_said_with_what_to_check(nobodys_home: Path) -> None:
    at = started_again()
    store_file(nobodys_home / "home").chmod(0o444)
    (nobodys_home / "home").chmod(0o555)
    with as_an_ordinary_user(nobodys_home):
        at.run()
    told = text_of(at)
    assert not at.exception
    assert "can't be opened or written. Check the folder's permissions" in told and "Try again" in told


def test_a_wrong_key_is_said_with_the_way_to_bring_the_keys_back(home: Path) -> None:
    core_access.store()
    at = started_again()
    before = store_file(home / "home").read_bytes()
    (home / "keys" / "store.key").write_text("ab" * 32 + "\n")
    at.run()
    told = text_of(at)
    assert not at.exception
    assert "The keys do not open the records" in told and "restore-keys SHEET" in told
    assert store_file(home / "home").read_bytes() == before


def test_a_damaged_file_is_said_with_the_way_back_and_is_left_as_it_is(home: Path) -> None:
    core_access.store()
    at = started_again()
    file = store_file(home / "home")
    whole = file.read_bytes()
    file.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
    damaged = file.read_bytes()
    at.run()
    told = text_of(at)
    assert not at.exception
    assert "The records are damaged" in told and "restore FOLDER --instead" in told
    assert file.read_bytes() == damaged


# --- a chain's server ---------------------------------------------------------------------------------------------


def test_the_page_puts_a_backup_in_the_place_of_the_records_on_a_server_too(
    home: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDSPA_DATABASE_URL", postgres_server.fresh())
    draft_id = new_draft(core_access.store(), {"age": 44})
    at = at_page("store", Role.OWNER, password=True)
    at.button("make_backup").click().run()
    assert "in a schema of their own" in text_of(at)
    records.save_answers(core_access.store(), draft_id, {"age": 50}, core_access.clock().now(), "form")
    at.checkbox[0].check().run()
    at.button("restore_now").click().run()
    assert not at.exception and saved_age(draft_id) == 44


def test_the_page_says_who_may_restore_where_the_programs_role_may_not(
    home: Path, chain: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDSPA_DATABASE_URL", str(chain.where))
    monkeypatch.setenv("MEDSPA_KEYS", str(chain.keys.folder))
    at = at_page("store", Role.OWNER, password=True)
    told = text_of(at)
    assert "medspa_owner" in told and f"restore {home / 'home' / 'backups'} --instead" in told
    assert not [one for one in at.button if one.key == "restore_now"]
    assert verify(place_of(str(chain.where)), chain.keys) == []
