"""PostgreSQL as a chain runs it: the program's role can't touch the past, and a restart in the middle of a save is a pause."""

from __future__ import annotations

import signal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from medspa_core.records import Doer, Store, StoreBusy, load_draft, make_backup, open_store, save_answers
from medspa_core.records.database.checks import verify
from tests.records_support import NOW, Clinic, Clock, Server, begin


def test_the_programs_role_does_all_its_work(chain: Clinic, tmp_path: Path) -> None:
    from medspa_core import access

    with chain.open() as store:
        place = access.add_location(store, "Main street", NOW)
        person = access.add_person(store, "ana", "Ana", [access.Role.OWNER], [place.id], NOW)
        hers = store.by(Doer(person.id, "owner"))
        draft = begin(hers)
        save_answers(hers, draft.id, {"age": 44}, NOW, "form")
        assert load_draft(hers, draft.id).answers == {"age": 44}  # type: ignore[union-attr]
        make_backup(store, tmp_path)
        assert verify(store.place, chain.keys) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'p-2'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_no_update ON audit",
        "DROP TABLE audit",
        "ALTER TABLE audit OWNER TO medspa_program",
        "GRANT UPDATE ON audit TO medspa_program",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE TABLE audit2 (x int)",
        "SET session_replication_role = replica",
        "DELETE FROM audit_head",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_the_programs_role_can_not_touch_the_past_nor_its_guards(chain: Clinic, statement: str) -> None:
    with chain.open() as store:
        begin(store)
    with psycopg.connect(str(chain.where), autocommit=True) as program:
        if statement.startswith("GRANT"):  # PostgreSQL only warns; what counts is that nothing was granted
            program.execute(statement)  # type: ignore[arg-type]
            statement = "UPDATE audit SET actor = 'p-2'"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            program.execute(statement)  # type: ignore[arg-type]
    with chain.open() as store:
        assert verify(store.place, chain.keys) == []


def restart_at(postgres_server: Server, store: Store, statement_number: int) -> list[int]:
    """The server is killed and started again after the n-th statement from now on; once."""
    seen = [0]
    with store.reading() as connection:
        engine = connection.engine

    @event.listens_for(engine, "after_cursor_execute")
    def maybe(*_: object) -> None:
        seen[0] += 1
        if seen[0] == statement_number:
            postgres_server.stop(signal.SIGQUIT)
            postgres_server.start()

    return seen


@pytest.mark.parametrize("moment", [1, 4, 7, 9])
def test_a_restart_in_the_middle_of_a_save_loses_and_doubles_nothing(
    server_clinic: Clinic, postgres_server: Server, moment: int
) -> None:
    with server_clinic.create() as store:
        draft = begin(store)
        seen = restart_at(postgres_server, store, moment)
        tries = 0
        while True:
            tries += 1
            try:
                saved = save_answers(store, draft.id, {"age": 44}, NOW, "form", expected_revision=0)
                break
            except StoreBusy:
                assert tries < 5
        assert seen[0] >= moment and tries == 2
        assert (saved.revision, saved.answers) == (1, {"age": 44})
        assert save_answers(store, draft.id, {"age": 44}, NOW, "form", expected_revision=0).revision == 1
        with store.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'U'").scalar_one() == 1
    assert verify(open_store(server_clinic.where, server_clinic.keys, Clock()).place, server_clinic.keys) == []
