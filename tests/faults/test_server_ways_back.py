"""A database server has the same ways back as the file: a copy before an update, a backup in the place of the records."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from medspa_core.__main__ import main
from medspa_core.records import (
    Store,
    StoreProblem,
    load_draft,
    make_backup,
    open_clinic,
    restore_backup,
    save_answers,
)
from medspa_core.records.backups.backup import list_backups
from medspa_core.records.backups.proven_copy import COPY
from medspa_core.records.backups.restoring import may_be_replaced, restore_in_place, restore_instead
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store_location import place_of
from medspa_core.records.schema import REVISIONS
from tests.faults.test_older_stores import older, shape_and_rows
from tests.records_support import NOW, Clinic, Clock, Server, begin


def schemas(clinic: Clinic) -> list[str]:
    with psycopg.connect(str(clinic.where)) as raw:
        found = raw.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information)' ORDER BY 1"
        ).fetchall()
        return [str(name) for (name,) in found]


def as_owner(chain: Clinic) -> Clinic:
    return Clinic(str(chain.where).replace("medspa_program:p-secret", "medspa_owner:o-secret"), chain.keys, chain.clock)


@pytest.mark.parametrize("version", ["0001", "0010", REVISIONS[-2]])
def test_a_proven_copy_is_kept_before_a_server_is_brought_up_to_date_and_goes_back(
    postgres_server: Server, tmp_path: Path, version: str
) -> None:
    clinic = older(postgres_server, version, tmp_path)
    open_clinic(tmp_path / "home", clinic.keys.folder, Clock(), str(clinic.where)).close()  # type: ignore[arg-type]
    (kept,) = list_backups(tmp_path / "home" / "backups", clinic.keys)
    assert f"-before-{version}-" in kept.folder.name
    for where in (postgres_server.fresh(), tmp_path / "file" / "medspa.sqlite3"):
        again = Clinic(where, clinic.keys, clinic.clock)
        restore_backup(kept.folder, again.where, again.keys, again.clock)
        with again.open() as store:
            found = load_draft(store, "d1")
            assert found is not None and found.answers == {"age": 44}
        assert verify(place_of(again.where), again.keys) == []


def test_a_server_is_left_as_it_is_where_no_copy_can_be_kept(postgres_server: Server, tmp_path: Path) -> None:
    clinic = older(postgres_server, REVISIONS[-2], tmp_path)
    before = shape_and_rows(clinic)
    (tmp_path / "backups").write_text("a file where the folder would be")
    with pytest.raises(StoreProblem):
        open_clinic(tmp_path, clinic.keys.folder, Clock(), str(clinic.where))  # type: ignore[arg-type]
    assert shape_and_rows(clinic) == before


def test_a_role_that_may_not_update_the_tables_is_told_who_may(chain: Clinic, tmp_path: Path) -> None:
    with psycopg.connect(str(as_owner(chain).where), autocommit=True) as raw:
        raw.execute("UPDATE alembic_version SET version_num = %s", [REVISIONS[-2]])
    try:
        with pytest.raises(StoreProblem, match=r"role that owns them: steps 2 and 3 of deploy/postgres\.sql"):
            open_clinic(tmp_path, chain.keys.folder, Clock(), str(chain.where))  # type: ignore[arg-type]
    finally:
        with psycopg.connect(str(as_owner(chain).where), autocommit=True) as raw:
            raw.execute("UPDATE alembic_version SET version_num = %s", [REVISIONS[-1]])


def lost_and_kept(store: Store, folder: Path) -> tuple[str, Path]:
    """A consultation with an answer in a backup, and another answer after it."""
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    made = make_backup(store, folder)
    save_answers(store, draft.id, {"age": 45}, NOW, "form")
    return draft.id, made.folder


def answers(store: Store, draft_id: str) -> object:
    found = load_draft(store, draft_id)
    return None if found is None else dict(found.answers)


def test_a_backup_takes_the_place_of_the_open_records_on_a_server_which_are_kept(
    server_clinic: Clinic, tmp_path: Path
) -> None:
    with server_clinic.create() as store, server_clinic.open() as another_process:
        draft_id, backup = lost_and_kept(store, tmp_path)
        assert answers(another_process, draft_id) == {"age": 45}
        assert may_be_replaced(store)
        kept = restore_in_place(store, backup, store.doer).rpartition(" ")[2]
        for one in (store, another_process):
            assert answers(one, draft_id) == {"age": 44}
        save_answers(another_process, draft_id, {"age": 46}, NOW, "form")
        assert answers(store, draft_id) == {"age": 46}
    assert verify(place_of(server_clinic.where), server_clinic.keys) == []
    assert schemas(server_clinic) == ["public", kept]
    with psycopg.connect(str(server_clinic.where)) as raw:
        assert raw.execute(f'SELECT answer FROM "{kept}".answers').fetchall() == [("45",)]  # type: ignore[arg-type]  # noqa: S608
        raw.execute("DROP TRIGGER audit_no_update ON audit")
        raw.execute("DROP TRIGGER answers_finished_no_update ON answers")
    lines = verify(place_of(server_clinic.where), server_clinic.keys)
    assert [line for line in lines if "answers_finished_no_update is gone" in line], "the kept schema has guards too"


def test_a_harmed_backup_changes_nothing_on_a_server(server_clinic: Clinic, tmp_path: Path) -> None:
    with server_clinic.create() as store:
        draft_id, backup = lost_and_kept(store, tmp_path)
        copy = backup / COPY
        whole = copy.read_bytes()
        copy.write_bytes(whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:])
        with pytest.raises(StoreProblem, match="damaged"):
            restore_in_place(store, backup, store.doer)
        assert answers(store, draft_id) == {"age": 45}
    assert schemas(server_clinic) == ["public"]


def test_the_programs_role_may_not_replace_the_records_but_their_owner_may_and_the_program_works_on(
    chain: Clinic, tmp_path: Path
) -> None:
    with chain.open() as store:
        draft_id, backup = lost_and_kept(store, tmp_path)
        assert not may_be_replaced(store)
        with pytest.raises(StoreProblem, match="MEDSPA_DATABASE_URL=postgresql://medspa_owner"):
            restore_in_place(store, backup, store.doer)
        restored, kept = restore_instead(backup, place_of(as_owner(chain).where), chain.keys, chain.clock)
        assert restored.folder == backup and "until_" in kept
        assert answers(store, draft_id) == {"age": 44}
        assert save_answers(store, draft_id, {"age": 46}, NOW, "form").answers == {"age": 46}
        with psycopg.connect(str(chain.where)) as program, pytest.raises(psycopg.errors.InsufficientPrivilege):
            program.execute("UPDATE audit SET actor = 'p-2'")
    assert verify(place_of(chain.where), chain.keys) == []


def test_the_command_line_puts_a_backup_in_the_place_of_a_server_that_does_not_open(
    server_clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(server_clinic.keys.folder))
    monkeypatch.setenv("MEDSPA_DATABASE_URL", str(server_clinic.where))
    with server_clinic.create() as store:
        draft_id, _ = lost_and_kept(store, tmp_path / "backups")
    server_clinic.tamper("DELETE FROM audit WHERE seq > 1", "UPDATE audit_head SET seq = 1")
    assert main(["backup", str(tmp_path / "more")]) == 2
    assert "restore the last good backup" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "backups")]) == 2
    assert "--instead" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "backups"), "--instead"]) == 0
    assert "What was there is kept: postgresql://127.0.0.1/" in capsys.readouterr().out
    assert main(["verify"]) == 0
    with server_clinic.open() as store:
        assert answers(store, draft_id) == {"age": 44}
