"""Stores of each older version on PostgreSQL, with real rows: brought up to date whole, or left as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from medspa_core import access
from medspa_core.access import Role
from medspa_core.records import (
    audit,
    encrypted_file,
    load_draft,
    make_keys,
    new_keys,
    proven_copy,
    restore_backup,
    upkeep,
)
from medspa_core.records.checks import verify
from medspa_core.records.client_schema import GUARDS
from medspa_core.records.places import FilePlace, ServerPlace, place_of
from medspa_core.records.schema import REVISIONS
from tests.records_support import NOW, Clinic, Server, child

TIME = "'2026-11-22T10:42:00.000000Z'"
COLUMNS = "id, code_name, as_of, created_at, saved_at, finished_at, revision, option_order, demo_of"
"""Those of the first version; later ones have more, which may be empty."""


def older(server: Server, version: str, folder: Path) -> Clinic:
    """A database of an older version, with a consultation in every table it had."""
    where = server.fresh()
    place = place_of(where)
    engine = place.engine(new_keys())
    upkeep.migrate(engine, "old", version)
    engine.dispose()
    with psycopg.connect(where, autocommit=True) as raw:
        values = f"'d1', 'A', '2026-11-22', {TIME}, {TIME}, NULL, 1, '[]', NULL"
        raw.execute(f"INSERT INTO drafts ({COLUMNS}) VALUES ({values})")  # noqa: S608
        raw.execute("INSERT INTO answers VALUES ('d1', 'age', '44', 'form')")
        raw.execute(f"INSERT INTO steps VALUES ('d1', 1, 'save', {TIME}, NULL)")  # noqa: S608
        raw.execute("INSERT INTO changes VALUES ('d1', 1, 'age', NULL, NULL, '44', 'form')")
        raw.execute(f"UPDATE drafts SET finished_at = {TIME}")  # noqa: S608
        if version >= "0010":
            raw.execute(f"INSERT INTO locations VALUES ('l1', 'Main street', {TIME})")  # noqa: S608
    return Clinic(where, make_keys(folder / f"keys-{version}"))


def shape_and_rows(clinic: Clinic) -> list[Any]:
    with psycopg.connect(str(clinic.where)) as raw:
        columns = raw.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        ).fetchall()
        triggers = raw.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1").fetchall()
        names = sorted({str(one[0]) for one in columns})
        rows = [raw.execute(f'SELECT * FROM "{name}"').fetchall() for name in names]  # type: ignore[arg-type]  # noqa: S608
        return [columns, triggers, rows]


@pytest.mark.parametrize("version", REVISIONS[:-1])
def test_a_server_of_each_older_version_is_brought_up_to_date_or_left_as_it_was(
    postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    clinic = older(postgres_server, version, tmp_path)
    before = shape_and_rows(clinic)
    engine_of = ServerPlace.engine
    for fails_at in range(1, 200):
        left = [fails_at]

        def failing(place: ServerPlace, keys: Any, *, foreign_keys: bool = True, left: list[int] = left) -> Engine:
            engine = engine_of(place, keys, foreign_keys=foreign_keys)

            @event.listens_for(engine, "before_cursor_execute")
            def maybe(connection: object, cursor: object, statement: str, *_: object) -> None:
                left[0] -= statement.lstrip().upper().startswith(("CREATE", "INSERT", "UPDATE", "DROP", "ALTER"))
                if left[0] == 0:
                    left[0] = -1
                    raise KeyboardInterrupt

            return engine

        with monkeypatch.context() as broken:
            broken.setattr(ServerPlace, "engine", failing)
            try:
                clinic.open().close()
            except KeyboardInterrupt:
                assert shape_and_rows(clinic) == before
            else:
                break
    assert (20 if version < "0030" else 2) < fails_at < 199  # the last step adds one table with its index
    with clinic.open() as store:
        found = load_draft(store, "d1")
        assert found is not None and found.answers == {"age": 44} and found.client_id is None
        with store.reading() as connection:
            there = set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger").scalars())
        assert there >= set(GUARDS)


def test_a_backup_of_the_version_before_is_restored_and_brought_up_to_date(file_clinic: Clinic, tmp_path: Path) -> None:
    file_clinic.file.parent.mkdir(parents=True)
    encrypted_file.make_empty(file_clinic.file)
    engine = FilePlace(file_clinic.file).engine(file_clinic.keys, foreign_keys=False)
    upkeep.migrate(engine, "old", REVISIONS[-2])
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(
            f"INSERT INTO drafts ({COLUMNS}) VALUES ('d1', 'A', '2026-11-22', {TIME}, {TIME}, NULL, 0, '[]', NULL)"  # noqa: S608
        )
    folder = tmp_path / "backup-old"
    folder.mkdir()
    with engine.connect() as connection, connection.begin():
        listed = proven_copy.Listed(NOW, upkeep.contents(connection), audit.read_head(connection))
        encrypted_file.copy_encrypted(proven_copy.raw(connection), folder / proven_copy.COPY, file_clinic.keys.backup)
    engine.dispose()
    proven_copy.write_list(folder, listed, file_clinic.keys)
    beside = Clinic(tmp_path / "restored" / "medspa.sqlite3", file_clinic.keys, file_clinic.clock)
    restore_backup(folder, beside.where, beside.keys, beside.clock)
    with beside.open() as store:
        assert load_draft(store, "d1") is not None
    assert verify(beside.open().place, beside.keys) == []


def test_verify_says_when_a_guard_is_gone_or_held_off(file_clinic: Clinic) -> None:
    file_clinic.create().close()
    assert verify(FilePlace(file_clinic.file), file_clinic.keys) == []
    with file_clinic.unlocked() as raw:
        raw.execute("DROP TRIGGER answers_finished_no_update")
        raw.execute("INSERT INTO guards_lifted VALUES ('*')")
    assert verify(FilePlace(file_clinic.file), file_clinic.keys) == [
        "the guard answers_finished_no_update is gone",
        "the guards of finished consultations are lifted",
    ]


MOVES_ALONE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records.command_line import Here, backup, move
here = Here(Path(sys.argv[1]), Path(sys.argv[2]), lambda: datetime(2026, 11, 22, 11, tzinfo=UTC))
print(move(here, sys.argv[3]))
"""


def test_a_move_by_the_command_line_takes_people_along_though_it_never_heard_of_them(
    file_clinic: Clinic, postgres_server: Server
) -> None:
    with file_clinic.create() as store:
        place = access.add_location(store, "Main street", NOW)
        access.add_person(store, "olga", "Olga", [Role.OWNER], [place.id], NOW)
    to = postgres_server.fresh()
    assert file_clinic.keys.folder is not None
    moving = child(MOVES_ALONE, file_clinic.file.parent, file_clinic.keys.folder, to)
    said, problem = moving.communicate(timeout=60)
    assert moving.returncode == 0, problem
    assert "counted and verified" in said
    with psycopg.connect(to) as raw:
        assert raw.execute("SELECT sign_in_name FROM people").fetchall() == [("olga",)]
