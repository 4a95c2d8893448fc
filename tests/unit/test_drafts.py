"""Drafts on real SQLite files: what was acknowledged stays, nothing is half written, nobody's answer leaks."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import StaticPool

import medspa_core.access.schema
import medspa_core.exam.schema
import medspa_core.offer.schema
import medspa_core.practice.personal.schema  # noqa: F401  (their tables belong to the same store)
from medspa_core.records import (
    INVENTED,
    DraftFinished,
    DraftMissing,
    DraftMoved,
    KeyProblem,
    Store,
    StoreNewer,
    StoreProblem,
    clear_answers,
    count_drafts,
    finish,
    keys_folder,
    list_drafts,
    load_draft,
    make_backup,
    migration,
    open_clinic,
    open_store,
    read_facts,
    record_choice,
    record_next_date,
    restore_backup,
    save_answers,
    start_draft,
    take_back_choice,
    undo,
)
from medspa_core.records.client_schema import GUARDS
from medspa_core.records.database import checks, encrypted_file
from medspa_core.records.facts.consultation_facts import age_band
from medspa_core.records.schema import AUDIT_TRIGGERS, REVISIONS, metadata
from tests.records_support import FACTS, NOW, ON_POSTGRESQL, ORDER, Clinic, begin, new_clinic


def integrity(clinic: Clinic) -> None:
    with encrypted_file.looking_at(clinic.file, clinic.keys.store) as raw:
        encrypted_file.check_pages(raw, "the store")


def test_a_saved_answer_comes_back_after_the_store_was_closed(clinic: Clinic, store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "client_view")
    save_answers(store, draft.id, {"importance": {"cost": "lot"}}, NOW + timedelta(seconds=5), "staff_view")
    store.close()
    with clinic.open() as again:
        found = load_draft(again, draft.id)
    assert found is not None
    assert found.answers == {"age": 44, "importance": {"cost": "lot"}}
    assert found.how_asked == {"age": "client_view", "importance": "staff_view"}
    assert found.revision == 2
    assert found.saved_at == NOW + timedelta(seconds=5)
    assert (found.created_at, found.as_of, found.option_order) == (NOW, date(2026, 11, 22), ORDER)


def test_every_kind_of_answer_comes_back_as_it_was(store: Store) -> None:
    draft = begin(store)
    given = {
        "a": 0,
        "b": False,
        "c": "",
        "d": [],
        "e": {"x": [1, 2.5, None]},
        "f": "é 日本 👩🏽‍⚕️ '; DROP TABLE drafts; --",
        "g": "\0\ud800",
    }
    assert save_answers(store, draft.id, given, NOW, "form").answers == given


def test_none_takes_an_answer_back_to_unanswered(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    assert save_answers(store, draft.id, {"age": None}, NOW, "form").answers == {}


def test_a_time_from_another_zone_is_kept_as_utc(store: Store) -> None:
    draft = begin(store)
    there = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-6)))
    saved = save_answers(store, draft.id, {"age": 44}, there, "form").saved_at
    assert (saved, saved.tzinfo) == (there, UTC)
    with pytest.raises(ValueError, match="zone"):
        save_answers(store, draft.id, {"age": 44}, datetime(2026, 11, 22), "form")


def test_several_answers_are_one_step_all_or_none(store: Store) -> None:
    draft = begin(store)
    with pytest.raises(StoreProblem):
        save_answers(store, draft.id, {"age": 44, "concern": object()}, NOW, "form")
    assert load_draft(store, draft.id) == draft
    assert save_answers(store, draft.id, {"age": 44, "concern": "texture"}, NOW, "form").revision == 1
    assert undo(store, draft.id, NOW).answers == {}


def test_undo_walks_back_through_every_step_and_stops_at_the_start(store: Store) -> None:
    draft = begin(store)
    assert not draft.can_undo
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    save_answers(store, draft.id, {"age": 45}, NOW, "nurse")
    save_answers(store, draft.id, {"smokes": "no"}, NOW, "form")
    assert undo(store, draft.id, NOW).answers == {"age": 45}
    one = undo(store, draft.id, NOW)
    assert (one.answers, one.how_asked, one.can_undo) == ({"age": 44}, {"age": "form"}, True)
    none = undo(store, draft.id, NOW)
    assert (none.answers, none.can_undo, none.revision) == ({}, False, 6)
    assert undo(store, draft.id, NOW) == none


def test_a_save_after_an_undo_is_what_the_next_undo_takes_back(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    save_answers(store, draft.id, {"age": 45}, NOW, "form")
    undo(store, draft.id, NOW)
    save_answers(store, draft.id, {"age": 46}, NOW, "form")
    assert undo(store, draft.id, NOW).answers == {"age": 44}
    assert undo(store, draft.id, NOW).answers == {}


def test_the_answers_an_invented_client_was_made_with_are_no_step_to_undo(store: Store) -> None:
    draft = begin(store)
    assert not save_answers(store, draft.id, {"age": 44}, NOW, INVENTED).can_undo
    assert undo(store, draft.id, NOW).answers == {"age": 44}
    assert save_answers(store, draft.id, {"age": 45}, NOW, "form").can_undo
    back = undo(store, draft.id, NOW)
    assert back.answers == {"age": 44} and not back.can_undo
    clear_answers(store, draft.id, NOW)
    assert undo(store, draft.id, NOW).answers == {"age": 44}


def test_starting_again_can_be_undone_in_one_step(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44, "concern": "texture"}, NOW, "form")
    assert clear_answers(store, draft.id, NOW).answers == {}
    assert undo(store, draft.id, NOW).answers == {"age": 44, "concern": "texture"}


def test_a_stale_revision_is_refused_and_shows_what_is_there(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form", expected_revision=0)
    with pytest.raises(DraftMoved) as refused:
        save_answers(store, draft.id, {"age": 45}, NOW, "form", expected_revision=0)
    assert refused.value.draft.answers == {"age": 44}
    for verb in (undo, clear_answers):
        with pytest.raises(DraftMoved):
            verb(store, draft.id, NOW, expected_revision=0)
    with pytest.raises(DraftMoved):
        save_answers(store, draft.id, {"age": 44}, NOW, "form", expected_revision=7)
    found = load_draft(store, draft.id)
    assert found is not None
    assert (found.answers, found.revision) == ({"age": 44}, 1)


def test_the_same_save_sent_twice_is_done_once(store: Store) -> None:
    draft = begin(store)
    for _ in range(2):
        saved = save_answers(store, draft.id, {"age": 44}, NOW, "form", expected_revision=0)
    assert saved.revision == 1
    for _ in range(2):
        undone = undo(store, draft.id, NOW, expected_revision=1)
    assert (undone.revision, undone.answers) == (2, {})


def test_two_writers_lose_no_save(clinic: Clinic, store: Store) -> None:
    draft = begin(store)
    problems: list[BaseException] = []

    def write(writer: int, through: Store) -> None:
        try:
            for number in range(25):
                save_answers(through, draft.id, {f"w{writer}_{number}": number}, NOW, "form")
        except BaseException as problem:
            problems.append(problem)

    with clinic.open() as other:  # the third and fourth go through a second opening of the store
        threads = [threading.Thread(target=write, args=(n, store if n < 2 else other)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []
    found = load_draft(store, draft.id)
    assert found is not None
    assert found.answers == {f"w{w}_{n}": n for w in range(4) for n in range(25)}
    assert found.revision == 100


def test_an_interruption_inside_a_save_leaves_nothing_of_it(store: Store) -> None:
    draft = begin(store)

    class StopRun(BaseException):
        pass

    with pytest.raises(StopRun), store.writing() as connection:
        connection.exec_driver_sql("UPDATE drafts SET revision = 99")
        raise StopRun
    assert load_draft(store, draft.id) == draft
    assert save_answers(store, draft.id, {"age": 44}, NOW, "form").revision == 1


def test_every_connection_is_wal_and_fully_synchronous(file_store: Store) -> None:
    for opened in (file_store.reading, file_store.writing):
        with opened() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
            }
        assert pragmas == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 8_000,
            "trusted_schema": 0,
        }


def test_the_store_its_keys_and_their_folders_are_for_their_owner_only(file_clinic: Clinic) -> None:
    with file_clinic.make() as store:
        begin(store)
        assert file_clinic.keys.folder is not None
        for folder in (store.path.parent, file_clinic.keys.folder):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            for file in folder.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_all_that_is_written_beside_a_store_is_too_whatever_else_is_usual_here(tmp_path: Path) -> None:
    usual = os.umask(0o000)
    try:
        home = tmp_path / "home"
        keys = keys_folder(home, None, tmp_path / "config")
        with open_clinic(home, keys, lambda: NOW) as store:
            store.note_head_in(tmp_path / "head")
            begin(store)
            store.publish_head()
            make_backup(store, tmp_path / "backups")
        restore_backup(tmp_path / "backups", tmp_path / "again" / "medspa.sqlite3", store.keys, lambda: NOW)
    finally:
        os.umask(usual)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert [path.name for path in written if stat.S_IMODE(path.stat().st_mode) != 0o600] == []


def test_a_missing_store_is_refused_and_not_made(file_clinic: Clinic) -> None:
    with pytest.raises(StoreProblem, match="there is no store"):
        file_clinic.open()
    assert not file_clinic.file.parent.exists()


def test_a_store_that_was_there_and_is_gone_is_not_made_again(file_clinic: Clinic) -> None:
    file_clinic.create().close()
    for gone in (file_clinic.file.unlink, lambda: file_clinic.file.write_bytes(b"")):
        gone()
        with pytest.raises(StoreProblem, match="the store is gone"):
            file_clinic.create()


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(file_clinic: Clinic) -> None:
    file_clinic.file.parent.mkdir()
    file_clinic.file.write_text("not a database " * 500)
    with pytest.raises(KeyProblem, match="does not open the store"):
        file_clinic.create()
    assert file_clinic.file.read_text() == "not a database " * 500
    file_clinic.file.unlink()
    with closing(sqlite3.connect(file_clinic.file)) as plain:
        plain.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreProblem, match="not a MedSpa Consult store"):
        file_clinic.create()
    with closing(sqlite3.connect(file_clinic.file)) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_a_url_of_another_database_is_refused_without_repeating_it(file_clinic: Clinic) -> None:
    with pytest.raises(StoreProblem, match="MEDSPA_DATABASE_URL") as refused:
        open_store("mysql://spa:secret@db/medspa", file_clinic.keys, file_clinic.clock)
    assert "secret" not in str(refused.value)
    file_clinic.create().close()
    open_store(f"sqlite:///{file_clinic.file}", file_clinic.keys, file_clinic.clock).close()


def test_a_store_newer_than_the_program_is_refused_and_left_as_it_is(clinic: Clinic, store: Store) -> None:
    store.close()
    clinic.tamper("UPDATE alembic_version SET version_num = '9999'")
    for opens in (clinic.open, clinic.create):
        with pytest.raises(StoreNewer, match="newer version"):
            opens()


def test_a_ready_store_of_the_tests_is_the_one_that_the_program_makes(tmp_path: Path) -> None:
    found = []
    for name in ("make", "create"):
        clinic = new_clinic(tmp_path / name)
        with getattr(clinic, name)() as store, store.reading() as connection:
            shape = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
            contents = migration.contents(connection)
            del contents["known_outside"]  # the check values of either's own keys
            found.append((shape.all(), contents, migration.revision_of(connection)))
    assert found[0] == found[1]


def test_the_migrations_build_exactly_the_tables_the_program_uses(file_clinic: Clinic) -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(migration.__file__).parent / "migrations"))
    assert tuple(reversed([step.revision for step in script.walk_revisions()])) == REVISIONS
    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    ask = (
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND name NOT LIKE 'sqlite_%' "
        "AND name <> 'alembic_version' ORDER BY 1"
    )
    with file_clinic.make() as store, fresh.connect() as made, store.reading() as migrated:

        def shape(rows: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
            return [
                (name, sorted(part.strip(" ,\n\t").replace('"', "") for part in re.split("[,\n]", sql) if part.strip()))
                for name, sql in rows
            ]

        wanted = shape([tuple(row) for row in made.exec_driver_sql(ask)])
        assert shape([tuple(row) for row in migrated.exec_driver_sql(ask)]) == wanted
    assert all(any(line.endswith("STRICT") for line in lines) for name, lines in wanted if name in metadata.tables)


BUILT = {
    "0001": ("b6a5a4247ee08795", "bc708d926e6e4cf4"),
    "0002": ("5be6f16c9b81d6ad", "2fdd908c1445a54f"),
    "0003": ("8693ff974cd9412d", "ede6c51c5200c7dc"),
    "0004": ("e374dbff67339a94", "051f1ffe8fc4347c"),
    "0010": ("b7e607425711d586", "31320e796ffb6f70"),
    "0020": ("302d669f7355cd65", "1eb80a461841f361"),
    "0030": ("d4585f3ec4d9e714", "5e0f77624bba62c4"),
    "0040": ("b799b79b9ccc2b53", "a3652b5abc09382c"),
    "0050": ("42ac9bc94a5d4573", "a42a28b9a60fed24"),
    "0060": ("4f75f1b0613ebeb2", "cf0455e110400bff"),
    "0065": ("e3b0c44298fc1c14", "e3b0c44298fc1c14"),
    "0070": ("5f3ef290247b6a40", "5f3ef290247b6a40"),
    "0080": ("00738bc9eef2a4ad", "080f6ad271f49fa7"),
    "0090": ("c2e61bbca592d5ea", "c2e61bbca592d5ea"),
    "0100": ("6b6cf8d191c44055", "0e0b35d818c03e41"),
    "0120": ("87875f021bf9ce9e", "173afea3aa645005"),
    "0130": ("eb4540641f7accd5", "6c21b6594e2d7ece"),
    "0140": ("349a14f2dc6ecc67", "0a5b972a816b52d2"),
    "0150": ("863c51f3d8c71db4", "96ae3e582acfde23"),
}
"""Of each version: a fingerprint of the statements that built its tables, indexes and guards, in a file and on a server."""


@pytest.mark.parametrize("engine_name", ["sqlite", ON_POSTGRESQL])
def test_every_version_is_built_as_it_always_was(engine_name: str, request: pytest.FixtureRequest) -> None:
    """A store of a version is the same whichever program made it, however the parts of tables are written today."""
    url = "sqlite://"
    if engine_name == "postgresql":
        url = request.getfixturevalue("postgres_server").fresh().replace("://", "+psycopg://")
    engine, said, built = create_engine(url, poolclass=StaticPool), [], {}
    event.listen(engine, "before_cursor_execute", lambda _, cursor, statement, *more: said.append(statement))
    for version in REVISIONS:
        said.clear()
        migration.migrate(engine, "a store", version)
        lasting = [" ".join(one.split()) for one in said if re.match(r"\s*(CREATE|ALTER|DROP|INSERT) ", one)]
        made = "\n".join(one for one in lasting if "alembic_version" not in one)
        built[version] = hashlib.sha256(made.encode()).hexdigest()[:16]
    engine.dispose()
    assert built == {version: both[engine_name == "postgresql"] for version, both in BUILT.items()}


def test_facts_of_an_older_store_say_by_what_they_may_be_cut(older_engine: Engine) -> None:
    """Of an erased client the day is not known any more: the day on which the choice was noted stands for it."""
    migration.migrate(older_engine, "a store", "0080")
    with older_engine.begin() as connection:
        for place, (day, age, started_by) in enumerate(
            [("2026-10-02", "44", "p1"), ("2026-11-03", "17", None), ("2026-11-04", None, "p1")]
        ):
            moment = f"{day}T10:00:00.000000Z"
            connection.execute(
                text(
                    "INSERT INTO drafts (id, code_name, as_of, created_at, saved_at, revision, option_order, location_id,"
                    " started_by) VALUES (:id, 'A', :day, :moment, :moment, 1, '[]', 'north', :by)"
                ),
                {"id": f"d{place}", "day": day, "moment": moment, "by": started_by},
            )
            fact = {"id": f"f{place}", "month": day[:7], "draft": f"d{place}", "moment": moment, "age": age}
            connection.execute(
                text(
                    "INSERT INTO consultation_facts (id, month, created_on, demo, standing, chosen)"
                    " VALUES (:id, :month, '2026-11-09', 0, 'leans', 'wait')"
                ),
                fact,
            )
            connection.execute(
                text(
                    "INSERT INTO choices (draft_id, fact_id, choice, reason, chosen_at) VALUES (:draft, :id, 'wait', '', :moment)"
                ),
                fact,
            )
            if age:
                connection.execute(text("INSERT INTO answers VALUES (:draft, 'age', :age, 'asked')"), fact)
        connection.execute(
            text(
                "INSERT INTO consultation_facts (id, month, created_on, demo, standing, chosen)"
                " VALUES ('f9', '2026-09', '2026-09-30', 0, 'leans', 'no')"
            )
        )
    migration.migrate(older_engine, "a store", "0090")
    with older_engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT consulted_on, location, provider, age_band, is_returning, seq FROM consultation_facts ORDER BY id"
            )
        ).all()
    assert [tuple(row) for row in found] == [
        ("2026-10-02", "north", "p1", "40-49", None, 0),
        ("2026-11-03", "north", None, "under 18", None, 0),
        ("2026-11-04", "north", "p1", None, None, 0),
        ("2026-09-30", None, None, None, None, 0),
    ]


def test_sessions_of_an_older_store_are_visits_of_their_consultations(older_engine: Engine) -> None:
    """Those that count: three of an order for three, of which one was struck out. Nothing of a booking is made up."""
    migration.migrate(older_engine, "a store", "0090")
    with older_engine.begin() as connection:
        put_older(connection, "people", id="p1")
        put_older(connection, "drafts", id="d1", as_of="2026-11-22", location_id="north", option_order="[]")
        fact = {"month": "2026-11", "consulted_on": "2026-11-22", "concern": "texture", "demo": 0}
        put_older(connection, "consultation_facts", id="f1", **fact)
        put_older(connection, "choices", draft_id="d1", fact_id="f1")
        put_older(connection, "exams", id="e1", draft_id="d1", person_id="p1", how="in_person", source="")
        put_older(connection, "orders", id="o1", draft_id="d1", exam_id="e1", person_id="p1", sessions=3)
        for number, (name, day) in enumerate({"t1": "2026-12-01", "t2": "2026-12-02", "t3": "2026-12-29"}.items(), 1):
            done = {"draft_id": "d1", "order_id": "o1", "session": number, "done_on": day, "recorded_by": "p1"}
            put_older(connection, "treatments", id=name, **done)
            put_older(connection, "treatment_steps", treatment_id=name, licence="needling", person_id="p1")
        put_older(connection, "treatment_corrections", id="c1", treatment_id="t2", struck=1, person_id="p1")
    migration.migrate(older_engine, "a store")
    with older_engine.connect() as connection:
        asked = (
            "SELECT day, status, number, planned_visits, consultation, location, provider, concern, booked_on, rebooked"
        )
        visits = [tuple(row) for row in connection.execute(text(f"{asked} FROM visit_facts ORDER BY day"))]
        courses = connection.execute(text("SELECT count(DISTINCT course) FROM visit_facts")).scalar_one()
        known = connection.execute(text("SELECT treatment_id FROM treatment_facts ORDER BY 1")).scalars().all()
        far = "SELECT booked_on, first_visit_on, last_visit_on, finished_on, open_visits FROM consultation_facts"
        told = tuple(connection.execute(text(far)).one())
    same = (3, "f1", "north", "p1", "texture", None, None)
    assert visits == [("2026-12-01", "performed", 1, *same), ("2026-12-29", "performed", 2, *same)]
    assert (courses, known) == (1, ["t1", "t3"])
    assert told == (None, "2026-12-01", "2026-12-29", None, 0)


def put_older(connection: Connection, table: str, **given: object) -> None:
    """A row of a table as it was then: what is given, and something in each other column that may not be empty."""
    row = dict(given)
    for column in inspect(connection).get_columns(table):
        if not column["nullable"] and column["name"] not in row:
            row[column["name"]] = 1 if "INT" in str(column["type"]) else "2026-11-22T10:42:00.000000Z"
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)  # noqa: S608 - our own names only


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def older_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database, before any migration."""
    url = "sqlite://"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").fresh().replace("://", "+psycopg://")
    engine = create_engine(url, poolclass=StaticPool)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("age", [*range(18, 80, 3), 17, 29, 30, 79, 80, 120])
def test_each_age_lies_in_one_band_of_ten_years_or_so(age: int) -> None:
    band = age_band(age)
    assert band is not None
    low, high = {"under 18": (0, 17), "80+": (80, 200)}.get(band) or map(int, band.split("-"))
    assert low <= age <= high


def test_the_guards_of_the_audit_log_and_of_finished_consultations_exist_on_both_engines(store: Store) -> None:
    with store.reading() as connection:
        file = connection.dialect.name == "sqlite"
        ask = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if file else "SELECT tgname FROM pg_trigger"
        there = set(connection.exec_driver_sql(ask).scalars())
    assert there >= set(AUDIT_TRIGGERS) - ({"audit_no_truncate"} if file else set())
    assert there >= set(GUARDS)


def test_both_engines_have_the_same_tables_columns_and_constraints(file_clinic: Clinic, server_clinic: Clinic) -> None:
    def shape(clinic: Clinic) -> dict[str, object]:
        with clinic.create() as store, store.reading() as connection:
            found = inspect(connection)
            return {
                name: (
                    [(column["name"], column["nullable"]) for column in found.get_columns(name)],
                    sorted(str(check["name"]) for check in found.get_check_constraints(name)),
                    sorted(str(key["name"]) for key in found.get_foreign_keys(name)),
                    sorted(str(key["name"]) for key in found.get_unique_constraints(name)),
                    found.get_pk_constraint(name)["name"],
                )
                for name in metadata.tables
            }

    assert shape(file_clinic) == shape(server_clinic)


def test_a_store_whose_making_was_cut_short_is_made_whole(file_clinic: Clinic) -> None:
    file_clinic.file.parent.mkdir()
    file_clinic.file.touch()
    with file_clinic.create() as store:
        assert begin(store).revision == 0


def test_no_answer_is_in_the_text_of_an_error(store: Store) -> None:
    draft = begin(store)
    client = "Marigold Example"
    attempts = [
        lambda: save_answers(store, draft.id, {"age": {client: object()}}, NOW, "form"),
        lambda: save_answers(store, draft.id, {"age": client * 5000}, NOW, "form"),
        lambda: start_draft(store, client + "\0", NOW, date(2026, 11, 22), ORDER),
        lambda: start_draft(store, client, NOW, date(2026, 11, 22), ORDER, draft_id=draft.id),
        lambda: record_choice(store, draft.id, "wait", NOW, FACTS, reason=client + "\ud800"),
    ]
    for attempt in attempts:
        with pytest.raises(StoreProblem) as refused:
            attempt()
        told = "".join(traceback.format_exception(refused.value)) + str(refused.value.args)
        assert client not in told
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert load_draft(store, draft.id) == draft


def test_a_missing_draft_is_none_to_read_and_refused_to_write(store: Store) -> None:
    assert load_draft(store, "nobody") is None
    for verb in (
        lambda: save_answers(store, "nobody", {"age": 44}, NOW, "form"),
        lambda: undo(store, "nobody", NOW, expected_revision=0),
        lambda: clear_answers(store, "nobody", NOW),
        lambda: record_choice(store, "nobody", "wait", NOW, FACTS),
        lambda: finish(store, "nobody", NOW),
    ):
        with pytest.raises(DraftMissing):
            verb()


def test_the_list_shows_the_last_saved_first(store: Store) -> None:
    first, second = begin(store, "Birch 7"), begin(store, "Elm 2")
    save_answers(store, first.id, {"age": 44, "smokes": "no"}, NOW + timedelta(minutes=1), "form")
    lines = list_drafts(store, limit=10)
    assert [(line.code_name, line.answered) for line in lines] == [("Birch 7", 2), ("Elm 2", 0)]
    assert [line.id for line in list_drafts(store, limit=1)] == [first.id]
    assert count_drafts(store) == 2
    assert first.id != second.id
    assert len(first.id) >= 20


def test_a_choice_is_kept_with_its_nameless_fact(store: Store) -> None:
    draft = begin(store)
    chosen = record_choice(
        store,
        draft.id,
        "prp_microneedling",
        NOW,
        FACTS,
        reason="wants her own blood",
        rulebook_revision="abc",
        shown={"best": "x"},
    )
    assert (chosen.choice, chosen.choice_reason, chosen.rulebook_revision, chosen.shown) == (
        "prp_microneedling",
        "wants her own blood",
        "abc",
        {"best": "x"},
    )
    facts = read_facts(store)
    assert (len(facts.pop("id")[0]), facts.pop("seq")) == (22, [store.head().seq])
    assert facts == {
        "month": ["2026-11"],
        "consulted_on": [date(2026, 11, 22)],
        "created_on": [date(2026, 11, 22)],
        "demo": [False],
        "location": [None],
        "provider": [None],
        "age_band": [None],
        "is_returning": [None],
        "concern": ["texture"],
        "recommended": ["microneedling_alone"],
        "standing": ["leans"],
        "pair_best": ["exosome_microneedling"],
        "pair_standing": ["leans"],
        "chosen": ["prp_microneedling"],
        **{name: [None] for name in ("reason", "booked_on", "first_visit_on", "last_visit_on", "finished_on")},
        "open_visits": [None],
    }


def test_a_changed_mind_counts_once(store: Store) -> None:
    draft = begin(store)
    record_choice(store, draft.id, "not_yet", NOW, FACTS)
    again = record_choice(store, draft.id, "wait", NOW, FACTS)
    assert (again.choice, read_facts(store)["chosen"]) == ("wait", ["wait"])


def test_the_same_choice_sent_twice_is_done_once_and_another_from_an_old_page_is_refused(store: Store) -> None:
    draft = begin(store)
    for _ in range(2):
        chosen = record_choice(store, draft.id, "wait", NOW, FACTS, expected_revision=0)
    assert chosen.revision == 1
    with pytest.raises(DraftMoved):
        record_choice(store, draft.id, "no", NOW, FACTS, expected_revision=0)


def assert_counted(store: Store) -> None:
    """Each choice has its fact, and no fact is left over."""
    with store.reading() as connection:
        assert checks._facts(connection) == checks._revisions(connection) == []


def test_the_next_date_stands_beside_its_choice_and_goes_with_it(store: Store) -> None:
    draft = begin(store)
    with pytest.raises(StoreProblem, match="note what the client chose"):
        record_next_date(store, draft.id, "look_again", NOW.date(), NOW)
    record_choice(store, draft.id, "microneedling_alone", NOW, FACTS)
    day = date(2027, 2, 2)
    dated = record_next_date(store, draft.id, "first_visit", day, NOW)
    assert (dated.next_kind, dated.next_day, dated.revision) == ("first_visit", day, 2)
    assert record_next_date(store, draft.id, "first_visit", day, NOW, expected_revision=1) == dated
    with pytest.raises(DraftMoved):
        record_next_date(store, draft.id, "look_again", day, NOW, expected_revision=1)
    with pytest.raises(StoreProblem, match="one of first_visit, look_again"):
        record_next_date(store, draft.id, "party", day, NOW)
    assert record_choice(store, draft.id, "microneedling_alone", NOW, FACTS, shown={"a": 1}).next_day == day
    other = record_choice(store, draft.id, "wait", NOW, FACTS)
    assert (other.next_kind, other.next_day) == (None, None)
    assert_counted(store)


def test_a_next_date_leaves_the_choice_as_new_as_the_answers_and_makes_no_older_one_new(store: Store) -> None:
    draft, minute = begin(store), timedelta(minutes=1)
    record_choice(store, draft.id, "wait", NOW, FACTS)
    dated = record_next_date(store, draft.id, "look_again", date(2027, 2, 2), NOW + minute)
    assert dated.chosen_at == dated.saved_at == NOW + minute
    save_answers(store, draft.id, {"age": 44}, NOW + 2 * minute, "form")
    again = record_next_date(store, draft.id, "look_again", date(2027, 3, 2), NOW + 3 * minute)
    assert again.chosen_at == NOW + minute and again.saved_at == NOW + 3 * minute


def test_a_choice_taken_back_leaves_nothing_chosen_and_nothing_counted(store: Store) -> None:
    draft = begin(store)
    assert take_back_choice(store, draft.id, NOW).revision == 0
    record_choice(store, draft.id, "wait", NOW, FACTS)
    record_next_date(store, draft.id, "look_again", NOW.date(), NOW)
    back = take_back_choice(store, draft.id, NOW, expected_revision=2)
    assert (back.choice, back.next_day, back.chosen_at, read_facts(store)["chosen"]) == (None, None, None, [])
    assert take_back_choice(store, draft.id, NOW, expected_revision=2) == back
    with pytest.raises(StoreProblem, match="note what the client chose"):
        finish(store, draft.id, NOW)
    record_choice(store, draft.id, "no", NOW, FACTS)
    with pytest.raises(DraftMoved):
        take_back_choice(store, draft.id, NOW, expected_revision=3)
    assert_counted(store)


def test_a_choice_that_can_not_be_kept_leaves_no_fact(file_store: Store) -> None:
    store = file_store
    draft = begin(store)
    with store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON choices BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(StoreProblem):
        record_choice(store, draft.id, "wait", NOW, FACTS)
    assert read_facts(store)["month"] == []
    assert load_draft(store, draft.id) == draft


def test_a_finished_consultation_needs_a_choice_and_never_changes(store: Store) -> None:
    draft = begin(store)
    with pytest.raises(StoreProblem, match="what the client chose"):
        finish(store, draft.id, NOW)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    record_choice(store, draft.id, "not_yet", NOW, FACTS)
    with pytest.raises(DraftMoved):
        finish(store, draft.id, NOW, expected_revision=1)
    done = finish(store, draft.id, NOW, expected_revision=2)
    assert (done.finished_at, done.can_undo) == (NOW, False)
    assert finish(store, draft.id, NOW + timedelta(hours=1)) == done
    for verb in (
        lambda: save_answers(store, draft.id, {"age": 45}, NOW, "form"),
        lambda: undo(store, draft.id, NOW),
        lambda: clear_answers(store, draft.id, NOW),
        lambda: record_choice(store, draft.id, "wait", NOW, FACTS),
    ):
        with pytest.raises(DraftFinished):
            verb()
    assert load_draft(store, draft.id) == done
