"""Exams, words on findings, orders and treatments as rows: never changed, exported whole, gone with an erased client."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from medspa_core import access, clients, exam, offer
from medspa_core.clients import Details
from medspa_core.clients.export.paper_record import as_page
from medspa_core.clients.export.record import as_json, export_client
from medspa_core.exam.orders import order_in_force
from medspa_core.records import (
    DraftFinished,
    Store,
    StoreProblem,
    add_note,
    finish,
    record_choice,
    save_answers,
    start_draft,
)
from medspa_core.records.backups.backup import make_backup
from medspa_core.records.backups.restoring import restore_backup, restore_in_place, restore_instead
from medspa_core.records.client_schema import ONLY_ADDED, guards_lifted
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store_location import place_of
from medspa_core.records.erasure import erased_clients
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy
from tests.exam_support import GEL, MN, Practice, exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import FACTS, NOW, ORDER, Clinic

MARKER = "zanzibar"
OF_A_CLIENT = {
    "rulings",
    "exams",
    "orders",
    "order_delegates",
    "order_revocations",
    "treatments",
    "treatment_steps",
} | {"treatment_corrections"}


@pytest.fixture
def practice(store: Store, rulebook: Rulebook) -> Practice:
    return exam_practice(store, rulebook)


def of_client(practice: Practice, client_id: str | None = None) -> str:
    """The practice's consultation becomes one of this client (or of a new one); says which client."""
    s = practice.store
    client_id = client_id or clients.new_client(s, practice["needler"], Details(MARKER), NOW).id
    practice.draft = start_draft(s, MARKER, NOW, AS_OF, ORDER, client_id=client_id).id
    save_answers(s, practice.draft, healthy(concern="texture", anticoagulant="yes"), NOW, "form")
    return client_id


def everything_done(practice: Practice) -> None:
    """A row in each table that an exam, an order or a treatment leaves, and a note."""
    add_note(practice.store, practice.draft, MARKER, NOW)
    practice.rule("anticoagulant", note=MARKER)
    practice.examine(note=MARKER)
    practice.order(note=MARKER)
    done = practice.treat(note=MARKER)
    exam.correct_treatment(practice.store, practice["needler"], done.id, MARKER, MARKER, NOW, practice.key())
    with practice.store.reading() as connection:
        order = order_in_force(connection, practice.draft, MN)
    assert order is not None
    exam.revoke_order(practice.store, practice["clinician"], order.id, MARKER, NOW)


def approvals_too(practice: Practice) -> None:
    made = practice.product()
    exam.withdraw_product(practice.store, practice["director"], made.id, "Recalled", NOW)
    practice.approve()
    entered = offer.enter_product(
        practice.store, practice["owner"], replace(GEL, lot="L-2"), practice.book, NOW, AS_OF, practice.key()
    )
    offer.drop_entered_product(practice.store, practice["owner"], entered.id, NOW)
    wanted = replace(offer.offer_in(practice.book), spin_during_numbing=True)
    offer.set_offer(practice.store, practice["owner"], wanted, 0, practice.book, NOW, practice.key())
    place = access.add_location(practice.store, "North", NOW, state="CA").id
    hours = offer.OpeningHours((480,) * 5 + (0, 0), 2, 2, 1, 1)
    offer.set_opening_hours(practice.store, practice["owner"], place, hours, 0, NOW, practice.key())
    key = practice.key()
    exam.sign_standing_order(practice.store, practice["director"], "cold_sore_prevention", practice.context(key=key))
    with practice.store.writing() as connection:
        connection.execute(text("INSERT INTO rulebook_revisions VALUES ('r1', '2026-11-22T10:42:00.000000Z', '{}')"))
        row = {"id": "a1", "draft_id": practice.draft, "at": "2026-11-22T10:42:00.000000Z"}
        connection.execute(text("INSERT INTO amendments VALUES (:id, :draft_id, :at, 'x', 'what', 'why')"), row)


def counted(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return erased_clients.migration.row_counts(connection)


def everything_in(store: Store) -> str:
    with store.reading() as connection:
        return " ".join(
            repr(tuple(row))
            for table in erased_clients.migration.tables_of(connection)
            for row in connection.execute(select(table))
        )


def erase(practice: Practice, client_id: str) -> int:
    made = clients.propose_erasure(
        practice.store, practice.signed_in("director"), client_id, "Asked for in writing.", NOW
    )
    return clients.confirm_erasure(practice.store, practice.signed_in("owner"), made, NOW)


# --- never changed ------------------------------------------------------------------------------------------------


def test_no_row_that_was_signed_is_changed_or_removed_even_past_the_verbs(practice: Practice) -> None:
    of_client(practice)
    everything_done(practice)
    approvals_too(practice)
    before = counted(practice.store)
    assert all(before[table] for table in ONLY_ADDED)
    with practice.store.reading() as connection:
        columns = {table.name: table.columns.keys()[0] for table in erased_clients.migration.tables_of(connection)}
    for table in ONLY_ADDED:
        same = f"UPDATE {table} SET {columns[table]} = {columns[table]}"  # noqa: S608
        for attempt in (f"DELETE FROM {table}", same):  # noqa: S608
            with pytest.raises(StoreProblem), practice.store.writing() as connection:
                connection.execute(text(attempt))
        with pytest.raises(StoreProblem), practice.store.writing() as connection:  # an erasure lets nobody change a row
            connection.execute(guards_lifted.insert().values(draft_id=practice.draft))
            connection.execute(text(same))
    assert counted(practice.store) == before


def test_verify_names_each_missing_guard_of_signed_rows(file_clinic: Clinic, file_store: Store) -> None:
    file_store.close()
    guards = [f"{table}_no_{what}" for table in ONLY_ADDED for what in ("update", "delete")]
    with file_clinic.unlocked() as raw:
        for guard in guards:
            raw.execute(f"DROP TRIGGER {guard}")
    assert verify(file_store.place, file_clinic.keys) == [f"the guard {guard} is gone" for guard in guards]


def test_a_finished_consultation_can_still_be_examined_ordered_and_treated(practice: Practice) -> None:
    of_client(practice)
    record_choice(practice.store, practice.draft, "not_yet", NOW, FACTS)
    finish(practice.store, practice.draft, NOW)
    with pytest.raises(DraftFinished):
        save_answers(practice.store, practice.draft, {"age": 20}, NOW, "form")
    practice.rule("anticoagulant")
    practice.examine()
    practice.order(sessions=2)
    assert practice.treat().session == 1
    file = exam.review_file(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF)
    assert file.draft.finished_at is not None and file.exam is not None and len(file.treatments) == 1


# --- exported and erased ------------------------------------------------------------------------------------------


def test_an_export_takes_notes_exam_words_orders_and_treatments_along(practice: Practice) -> None:
    one = of_client(practice)
    everything_done(practice)
    record = export_client(practice.store, practice.signed_in("director"), one, NOW)
    said = json.loads(as_json(record))
    assert set(said["other"]) == OF_A_CLIENT
    assert "fact_id" not in as_json(record).decode()  # no way to a nameless fact leaves with a name
    assert [row["text"] for row in said["consultations"][0]["notes"]] == [MARKER]
    assert (
        said["other"]["exams"][0]["agenda"][MN]["found"] == {"anticoagulant": "needs_review"}
        or (said["other"]["exams"][0]["agenda"][MN]["found"])
    )
    assert said["other"]["rulings"][0]["options"] and said["other"]["rulings"][0]["note"] == MARKER
    page = as_page(
        record, lambda _: practice.book, lambda person: f"Colleague {person[:4]}", access.PracticeFacts("", "", "")
    ).decode()
    assert page.count(MARKER) >= 7
    assert f"Colleague {practice.people['clinician'].id[:4]}" in page
    assert practice.people["clinician"].id not in page


def test_an_erasure_takes_all_of_it_along_and_leaves_other_clients_and_the_practices_own_rows(
    practice: Practice, clinic: Clinic
) -> None:
    other = practice.draft
    practice.answer(anticoagulant="yes")
    practice.rule("anticoagulant")
    practice.examine()
    practice.order()
    practice.treat()
    practice.product()
    practice.approve()
    before = counted(practice.store)
    one = of_client(practice)
    everything_done(practice)
    assert erase(practice, one) > 10
    assert MARKER not in everything_in(practice.store)
    after = counted(practice.store)
    assert {table: after[table] for table in (*ONLY_ADDED, "notes", "drafts", "clients")} == {
        table: before[table] for table in (*ONLY_ADDED, "notes", "drafts", "clients")
    }
    file = exam.review_file(practice.store, practice["clinician"], other, practice.book, AS_OF)
    assert file.exam is not None and file.orders and file.treatments
    practice.store.close()
    assert verify(clinic.open().place, clinic.keys) == []


def test_two_entries_stay_together_once_an_order_of_the_one_rests_on_the_exam_of_the_other(practice: Practice) -> None:
    s, who = practice.store, practice["needler"]
    one = of_client(practice)
    practice.examine()
    other = clients.new_client(s, who, Details("Birch seven"), NOW).id
    clients.merge(s, who, one, other, NOW)
    of_client(practice, other)
    practice.rule("anticoagulant")
    practice.order()
    with pytest.raises(StoreProblem, match="They stay together"):
        clients.unmerge(s, who, other, NOW)
    assert erase(practice, one) > 10
    assert counted(s)["orders"] == counted(s)["exams"] == counted(s)["clients"] == 0


# --- every way back -----------------------------------------------------------------------------------------------


def erased_since(practice: Practice, folder: Path) -> tuple[Path, str]:
    """A backup in which a client is whose record was erased afterwards, and in which somebody is signed in."""
    one = of_client(practice)
    everything_done(practice)
    practice.signed_in("clinician")
    made = make_backup(practice.store, folder / "backups")
    erase(practice, one)
    return made.folder, one


def is_settled(store: Store) -> bool:
    """Nothing of the erased client is there, and nobody is signed in."""
    with store.reading() as connection:
        signed_in = connection.execute(select(func.count()).select_from(access.schema.sign_ins).where(STILL_OPEN))
        return signed_in.scalar_one() == 0 and MARKER not in everything_in(store)


STILL_OPEN = access.schema.sign_ins.c.ended_at.is_(None)


def test_a_restore_into_an_empty_place_erases_again_and_ends_every_sign_in(
    file_clinic: Clinic, file_store: Store, rulebook: Rulebook, tmp_path: Path
) -> None:
    folder, _ = erased_since(exam_practice(file_store, rulebook), tmp_path)
    beside = Clinic(tmp_path / "restored" / "medspa.sqlite3", file_clinic.keys, file_clinic.clock)
    restore_backup(folder, beside.where, beside.keys, beside.clock)
    with beside.open() as store:
        assert is_settled(store)
    assert verify(beside.open().place, beside.keys) == []


def test_a_restore_in_place_erases_again_and_ends_every_sign_in(
    file_clinic: Clinic, file_store: Store, rulebook: Rulebook, tmp_path: Path
) -> None:
    practice = exam_practice(file_store, rulebook)
    folder, _ = erased_since(practice, tmp_path)
    restore_in_place(file_store, folder, file_store.doer)
    assert is_settled(file_store)
    assert verify(file_store.place, file_clinic.keys) == []


def test_a_restore_instead_of_a_store_erases_again_and_ends_every_sign_in(
    file_clinic: Clinic, file_store: Store, rulebook: Rulebook, tmp_path: Path
) -> None:
    folder, _ = erased_since(exam_practice(file_store, rulebook), tmp_path)
    file_store.close()
    restore_instead(folder, place_of(file_clinic.where), file_clinic.keys, file_clinic.clock)
    with file_clinic.open() as store:
        assert is_settled(store)
    assert verify(file_clinic.open().place, file_clinic.keys) == []
