"""Stores of each older version on PostgreSQL, with real rows: brought up to date whole, or left as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from medspa_core import access, clients, exam
from medspa_core.access import Role
from medspa_core.records import Store, load_draft, make_keys, migration, new_keys, restore_backup
from medspa_core.records.audit import log
from medspa_core.records.backups import proven_copy
from medspa_core.records.client_schema import GUARDS
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store_location import FilePlace, ServerPlace, place_of
from medspa_core.records.schema import REVISIONS
from medspa_core.records.search_words import name_key
from medspa_core.rulebook import Rulebook
from tests.interrupted import interrupt_each
from tests.records_support import NOW, Clinic, Server, child

TIME = "'2026-11-22T10:42:00.000000Z'"
COLUMNS = "id, code_name, as_of, created_at, saved_at, finished_at, revision, option_order, demo_of"
"""Those of the first version; later ones have more, which may be empty."""


def older(server: Server, version: str, folder: Path) -> Clinic:
    """A database of an older version, with a consultation in every table it had."""
    where = server.fresh()
    place = place_of(where)
    engine = place.engine(new_keys())
    migration.migrate(engine, "old", version)
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

    def is_as_it_was() -> None:
        assert shape_and_rows(clinic) == before

    times = interrupt_each(monkeypatch, ServerPlace, lambda: clinic.open().close(), is_as_it_was)
    assert times > 1
    with clinic.open() as store:
        found = load_draft(store, "d1")
        assert found is not None and found.answers == {"age": 44} and found.client_id is None
        with store.reading() as connection:
            there = set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger").scalars())
        assert there >= set(GUARDS)


ROWS_OF_A_TREATMENT = (
    "INSERT INTO locations VALUES ('l1', 'Main street', $TIME)",
    "INSERT INTO people VALUES ('p1', 'ada', 'Ada', NULL, NULL, NULL, NULL, $TIME, NULL)",
    "INSERT INTO person_roles VALUES ('p1', 'clinician')",
    "INSERT INTO person_locations VALUES ('p1', 'l1')",
    "INSERT INTO licences VALUES ('p1', 'needling', 'CA', 'N-1', NULL)",
    "INSERT INTO drafts ($COLUMNS) VALUES ('draft-01', 'A', '2026-11-22', $TIME, $TIME, NULL, 0, '[]', NULL)",
    "INSERT INTO exams VALUES ('e1', 'draft-01', 'in_person', '', '', '', '2026-11-22', '2027-11-22', '', 0, '{}', 'r', "
    "'p1', 'M-1', 'CA', $TIME)",
    "INSERT INTO orders VALUES ('o1', 'draft-01', 1, 'e1', NULL, 'microneedling_alone', NULL, 'face', 10, 3, '2027-05-01', "
    "'', 'r', 'p1', 'M-1', 'CA', $TIME)",
    "INSERT INTO order_delegates VALUES ('o1', 'needling', 'p1', 'N-1')",
    "INSERT INTO treatments VALUES ('t1', 'draft-01', 'o1', 1, 'microneedling_alone', '2026-11-22', NULL, '', 'calm', 'r', "
    "'p1', $TIME)",
    "INSERT INTO treatment_steps VALUES ('t1', 0, 'needling', 'needling', 'p1', 'N-1')",
)


@pytest.mark.parametrize("engine_name", ["file", "postgresql"])
@pytest.mark.parametrize("version", ["0030", "0040"])
def test_sessions_and_places_of_older_versions_are_read_as_they_were(
    engine_name: str, version: str, file_clinic: Clinic, request: pytest.FixtureRequest, rulebook: Rulebook
) -> None:
    """Nobody asked for depth or state then: both say that they are not known, until the owner says the state."""
    clinic = file_clinic
    if engine_name == "postgresql":
        clinic = Clinic(request.getfixturevalue("postgres_server").fresh(), file_clinic.keys, file_clinic.clock)
    else:
        file_clinic.file.parent.mkdir(parents=True)
        encrypted_file.make_empty(file_clinic.file)
    engine = place_of(clinic.where).engine(clinic.keys, foreign_keys=False)
    migration.migrate(engine, "old", version)
    with engine.connect() as old, old.execution_options(writes=True).begin():
        for statement in ROWS_OF_A_TREATMENT:
            old.exec_driver_sql(statement.replace("$TIME", TIME).replace("$COLUMNS", COLUMNS))
    with engine.connect() as before, before.begin():
        counted = migration.row_counts(before)
    engine.dispose()
    with clinic.open() as store:
        with store.reading() as after:
            found = migration.row_counts(after)
        assert {name: found[name] for name in counted} == counted
        ada = access.load_person(store, "p1")
        file = exam.treatment_file(store, ada, "draft-01", rulebook, NOW.date())
        done = file.treatments[0]
        assert (done.session, done.depth_tenths_mm, done.amount, done.note) == (1, None, "", "calm")
        assert [one.line for one in file.orders[0].blocks if one.kind is exam.Missing.PLACE] == [
            "Nobody has said yet in which state Main street is."
        ]
        access.set_location_state(store, "l1", "ca", NOW, None)
        assert [one.state for one in access.list_locations(store)] == ["CA"]
        blocks = exam.treatment_file(store, ada, "draft-01", rulebook, NOW.date()).orders[0].blocks
        assert exam.Missing.PLACE not in {one.kind for one in blocks}
        exam.correct_treatment(store, ada, "t1", "", "Wrong client", NOW, "a-key-of-it", strike=True)
        assert exam.treatment_file(store, ada, "draft-01", rulebook, NOW.date()).orders[0].done == 0


CLIENTS = "id, code_name, name, birth_date, location_id, created_at, changed_at, code_key, name_key, revision"
WORDS_OF_THEN = {
    "c1": ("A-1", "Anne-Marie O'Brien", ("a1", "a", "1", "annemarie", "anne", "marie", "obrien", "o", "brien")),
    "c2": ("B-2", "Ka\u02bbahumanu", ("b2", "b", "2", "ka\u02bbahumanu")),
    "c3": ("C-3", "Maria Dela Cruz", ("c3", "c", "3", "maria", "dela", "cruz")),
    "c4": ("D-4", None, ("d4", "d", "4")),
}
"""Clients as version 0060 kept them: the second and third could not be found by kaahumanu and delacruz."""


def with_clients_of_then(clinic: Clinic) -> Clinic:
    """A store of version 0060 with clients, on either engine."""
    if isinstance(clinic.where, Path):
        clinic.file.parent.mkdir(parents=True)
        encrypted_file.make_empty(clinic.file)
    engine = place_of(clinic.where).engine(clinic.keys, foreign_keys=False)
    migration.migrate(engine, "old", "0060")
    with engine.connect() as old, old.execution_options(writes=True).begin():
        old.exec_driver_sql(f"INSERT INTO locations VALUES ('l1', 'Main street', {TIME}, 'CA')")  # noqa: S608
        for client_id, (code, name, words) in WORDS_OF_THEN.items():
            named = "NULL" if name is None else "'" + name.replace("'", "''") + "'"
            row = f"'{client_id}', '{code}', {named}, '1984-03-07', 'l1', {TIME}, {TIME}, 'then', {named}, 0"
            old.exec_driver_sql(f"INSERT INTO clients ({CLIENTS}) VALUES ({row})")  # noqa: S608
            for word in words:
                old.exec_driver_sql(f"INSERT INTO client_words VALUES ('{client_id}', '{word}', 'l1')")  # noqa: S608
    engine.dispose()
    return clinic


def everything_in(clinic: Clinic) -> object:
    engine = place_of(clinic.where).engine(clinic.keys, foreign_keys=False)
    try:
        with engine.connect() as connection, connection.begin():
            return migration.contents(connection)
    finally:
        engine.dispose()


def found_today(store: Store) -> list[str]:
    nurse = access.add_person(store, "nora", "Nora", [Role.AESTHETICIAN], ["l1"], NOW)
    typed = ("kaahumanu", "Ka'ahumanu", "de la cruz", "marie obrien", "d4")
    return [line.id for one in typed for line in clients.find_clients(store, nurse, one)]


@pytest.fixture(params=["file", "postgresql"])
def older_clients(request: pytest.FixtureRequest, file_clinic: Clinic) -> Clinic:
    if request.param == "file":
        return with_clients_of_then(file_clinic)
    server = request.getfixturevalue("postgres_server").fresh()
    return with_clients_of_then(Clinic(server, file_clinic.keys, file_clinic.clock))


def test_clients_of_an_older_version_are_found_as_those_of_today_or_the_store_is_left_as_it_was(
    older_clients: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything_in(older_clients)
    place = FilePlace if isinstance(older_clients.where, Path) else ServerPlace

    def is_as_it_was() -> None:
        assert everything_in(older_clients) == before

    assert interrupt_each(monkeypatch, place, lambda: older_clients.open().close(), is_as_it_was) > 2
    with older_clients.open() as store:
        with store.reading() as connection:
            kept = connection.exec_driver_sql(
                "SELECT id, code_name, name, birth_date, code_key FROM clients ORDER BY id"
            )
            rows = [tuple(row) for row in kept]
        assert [row[:3] for row in rows] == [(one, *WORDS_OF_THEN[one][:2]) for one in WORDS_OF_THEN]
        assert [row[3:] for row in rows] == [("1984-03-07", key) for key in ("a1", "b2", "c3", "d4")]
        assert found_today(store) == ["c2", "c2", "c3", "c1", "c4"]


def test_clients_of_a_backup_of_an_older_version_are_found_as_those_of_today(
    file_clinic: Clinic, tmp_path: Path
) -> None:
    engine = FilePlace(with_clients_of_then(file_clinic).file).engine(file_clinic.keys, foreign_keys=False)
    folder = tmp_path / "backup-old"
    folder.mkdir()
    with engine.connect() as connection, connection.begin():
        listed = proven_copy.Listed(NOW, migration.contents(connection), log.read_head(connection))
        encrypted_file.copy_encrypted(proven_copy.raw(connection), folder / proven_copy.COPY, file_clinic.keys.backup)
    engine.dispose()
    proven_copy.write_list(folder, listed, file_clinic.keys)
    beside = Clinic(tmp_path / "restored" / "medspa.sqlite3", file_clinic.keys, file_clinic.clock)
    restore_backup(folder, beside.where, beside.keys, beside.clock)
    with beside.open() as store:
        assert found_today(store) == ["c2", "c2", "c3", "c1", "c4"]
    assert verify(beside.open().place, beside.keys) == []


def test_many_clients_of_an_older_version_are_all_taken_along(older_clients: Clinic) -> None:
    """More than are read at a time, and the last of them too."""
    engine = place_of(older_clients.where).engine(older_clients.keys, foreign_keys=False)
    with engine.connect() as old, old.execution_options(writes=True).begin():
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2345)"
        row = f"'m' || i, 'M-' || i, 'Ella Fitz Gerald', NULL, 'l1', {TIME}, {TIME}, 'then', 'then', 0"
        old.exec_driver_sql(f"INSERT INTO clients ({CLIENTS}) {numbers} SELECT {row} FROM n")  # noqa: S608
    engine.dispose()
    with older_clients.open() as store, store.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM client_words WHERE word = 'fitzgeraldella'"
        ).scalar_one()
        keys = set(connection.exec_driver_sql("SELECT name_key FROM clients WHERE id LIKE 'm%%'").scalars())
    assert (found, keys) == (2345, {name_key("Ella Fitzgerald")})


def test_a_backup_of_the_version_before_is_restored_and_brought_up_to_date(file_clinic: Clinic, tmp_path: Path) -> None:
    file_clinic.file.parent.mkdir(parents=True)
    encrypted_file.make_empty(file_clinic.file)
    engine = FilePlace(file_clinic.file).engine(file_clinic.keys, foreign_keys=False)
    migration.migrate(engine, "old", REVISIONS[-2])
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(
            f"INSERT INTO drafts ({COLUMNS}) VALUES ('d1', 'A', '2026-11-22', {TIME}, {TIME}, NULL, 0, '[]', NULL)"  # noqa: S608
        )
    folder = tmp_path / "backup-old"
    folder.mkdir()
    with engine.connect() as connection, connection.begin():
        listed = proven_copy.Listed(NOW, migration.contents(connection), log.read_head(connection))
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
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.command_line.here import Here
from medspa_core.command_line.records_commands import move
from medspa_core.settings import settings_from
settings = settings_from({"MEDSPA_HOME": sys.argv[1], "MEDSPA_KEYS": sys.argv[2]}, Path("nowhere"))
here = Here(settings, Path("nowhere"), lambda: datetime(2026, 11, 22, 11, tzinfo=UTC))
print(move(here, Namespace(to=sys.argv[3])))
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
    said, problem = moving.communicate(timeout=240)
    assert moving.returncode == 0, problem
    assert "counted and verified" in said
    with psycopg.connect(to) as raw:
        assert raw.execute("SELECT sign_in_name FROM people").fetchall() == [("olga",)]
