"""The audit log on both engines: who did what is there, and every way of changing the past is named by its row."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from medspa_core.records import (
    AuditRefused,
    Doer,
    DraftFinished,
    Store,
    StoreProblem,
    finish,
    list_drafts,
    load_draft,
    record_choice,
    save_answers,
    undo,
)
from medspa_core.records.audit import log
from medspa_core.records.audit.outside_head import HEAD_FILE
from medspa_core.records.database.store_location import FilePlace
from medspa_core.records.schema import audit
from tests.records_support import FACTS, NOW, Clinic, begin

NURSE = Doer("p-17", "aesthetician", "tablet-2", "s-9")
DIRECTOR = Doer("p-1", "director", "desk", "s-10")


def rows(store: Store) -> list[tuple[str, str, str, int]]:
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT actor, action, object, outcome FROM audit ORDER BY seq")
        return [tuple(row) for row in found]


def findings(clinic: Clinic, store: Store) -> list[str]:
    with store.reading() as connection:
        found = log.verify_chain(connection, clinic.keys.audit, store.outside_head())
    return [str(one) for one in found if "the guard" not in str(one)]


def test_each_change_and_the_first_look_leave_one_row_that_names_who_and_no_content(store: Store) -> None:
    hers = store.by(NURSE)
    draft = begin(hers, "Marigold")
    save_answers(hers, draft.id, {"age": 44, "smokes": "no"}, NOW, "form")
    undo(hers, draft.id, NOW)
    for _ in range(3):
        load_draft(hers, draft.id)
    record_choice(hers, draft.id, "wait", NOW, FACTS, reason="Marigold says so")
    finish(hers, draft.id, NOW)
    assert rows(store) == [("p-17", action, draft.id, 0) for action in "CUURUU"]
    with store.reading() as connection:
        lines = connection.execute(select(audit).where(audit.c.object == draft.id).order_by(audit.c.seq)).all()
    assert json.loads(lines[1].detail) == {"step": "save", "revision": 1, "fields": ["age", "smokes"]}
    assert {Doer(line.actor, line.role, line.device, line.sign_in) for line in lines} == {NURSE}
    assert "Marigold" not in repr(lines)


def test_the_same_save_sent_twice_leaves_one_row(store: Store) -> None:
    draft = begin(store)
    for _ in range(2):
        save_answers(store, draft.id, {"age": 44}, NOW, "form", expected_revision=0)
    assert [action for _, action, _, _ in rows(store)] == ["C", "U"]


def test_a_refused_change_and_a_look_at_nothing_leave_a_row_of_their_own(store: Store) -> None:
    draft = begin(store)
    record_choice(store, draft.id, "wait", NOW, FACTS)
    finish(store, draft.id, NOW)
    with pytest.raises(DraftFinished):
        save_answers(store, draft.id, {"age": 44}, NOW, "form")
    assert load_draft(store, "somebody's id'; DROP TABLE audit") is None
    assert rows(store)[-2:] == [
        ("nobody yet", "U", draft.id, log.REFUSED),
        ("nobody yet", "R", "no such id", log.REFUSED),
    ]


def test_a_look_is_noted_again_for_another_person_another_sign_in_and_after_a_while(
    clinic: Clinic, store: Store
) -> None:
    draft = begin(store)
    for doer in (NURSE, DIRECTOR, Doer("p-17", "aesthetician", "tablet-2", "s-11"), NURSE):
        load_draft(store.by(doer), draft.id)
    clinic.clock.move(minutes=11)
    load_draft(store.by(NURSE), draft.id)
    list_drafts(store.by(NURSE))
    assert [who for who, action, _, _ in rows(store) if action == "R"] == ["p-17", "p-1", "p-17", "p-17", "p-17"]


def test_where_no_row_can_be_written_no_record_opens_and_nothing_is_changed(
    clinic: Clinic, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(store)

    def broken(*_: object, **__: object) -> None:
        raise AuditRefused("no room")

    with monkeypatch.context() as without:
        without.setattr(log, "append", broken)
        for attempt in (
            lambda: load_draft(store, draft.id),
            lambda: list_drafts(store),
            lambda: save_answers(store, draft.id, {"age": 44}, NOW, "form"),
        ):
            with pytest.raises(AuditRefused):
                attempt()
    assert load_draft(store, draft.id) == draft


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'p-2' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT seq + 9, at, actor, role, device, sign_in, action, object, outcome, detail, prev, hash "
        "FROM audit WHERE seq = 2",
        "INSERT INTO audit SELECT seq, at, 'p-2', role, device, sign_in, action, object, outcome, detail, prev, hash "
        "FROM audit WHERE seq = 2",
    ],
)
def test_the_log_can_not_be_changed_from_inside_the_program(clinic: Clinic, store: Store, statement: str) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "form")
    with pytest.raises(StoreProblem), store.writing() as connection:
        connection.exec_driver_sql(statement)
    assert findings(clinic, store) == []


def test_insert_or_replace_does_not_rewrite_an_old_row(file_clinic: Clinic, file_store: Store) -> None:
    draft = begin(file_store)
    save_answers(file_store, draft.id, {"age": 44}, NOW, "form")
    for verb in ("INSERT OR REPLACE", "REPLACE", "UPDATE OR REPLACE"):
        statement = (
            "UPDATE OR REPLACE audit SET seq = 1 WHERE seq = 2"
            if verb.startswith("UPDATE")
            else f"{verb} INTO audit SELECT 1, at, 'p-2', role, device, sign_in, action, object, outcome, detail, "  # noqa: S608
            "prev, hash FROM audit WHERE seq = 1"
        )
        with pytest.raises(StoreProblem), file_store.writing() as connection:
            connection.exec_driver_sql(statement)
    assert findings(file_clinic, file_store) == []
    with file_store.reading() as connection:
        unique = connection.exec_driver_sql("SELECT name FROM pragma_index_list('audit') WHERE \"unique\"").all()
    assert unique == []


SWAP = (
    "UPDATE audit SET seq = -1 WHERE seq = 3",
    "UPDATE audit SET seq = 3 WHERE seq = 4",
    "UPDATE audit SET seq = 4 WHERE seq = -1",
)
CLOSE_THE_GAP = tuple(f"UPDATE audit SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(4, 9))  # noqa: S608


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["UPDATE audit SET actor = 'p-2' WHERE seq = 3"], ["audit 3: was changed"]),
        (["UPDATE audit SET outcome = 4 WHERE seq = 8"], ["audit 8: was changed"]),
        (["UPDATE audit SET at = '2026-11-23T10:42:00.000000Z' WHERE seq = 1"], ["audit 1: was changed"]),
        (["DELETE FROM audit WHERE seq = 3"], ["audit 3: is missing"]),
        (["DELETE FROM audit WHERE seq IN (3, 4, 5)"], ["audit 3: to 5 are missing"]),
        (SWAP, ["audit 3: was row 4", "audit 4: was row 3"]),
        (
            ["DELETE FROM audit WHERE seq = 3", *CLOSE_THE_GAP],
            [*(f"audit {seq}: was row {seq + 1}" for seq in range(3, 8)), "audit 8: is missing: cut"],
        ),
        (["DELETE FROM audit WHERE seq > 6"], ["audit 7: to 8 are missing: cut"]),
        (["DELETE FROM audit"], ["audit 1: to 8 are missing: cut"]),
        (["DELETE FROM audit_head"], ["audit 8: the head inside the database is missing"]),
    ],
    ids=["edit", "edit-last", "edit-time", "delete", "gap", "swap", "renumber", "cut", "all-gone", "head-gone"],
)
def test_every_way_of_changing_the_past_is_named_by_its_row(
    clinic: Clinic, store: Store, statements: list[str], named: list[str]
) -> None:
    draft = begin(store)
    for number in range(7):
        save_answers(store, draft.id, {"age": number}, NOW + timedelta(minutes=2 * number), "form")
    assert findings(clinic, store) == []
    clinic.tamper(*statements)
    found = findings(clinic, store)
    for one in named:
        assert any(line.startswith(one) for line in found), (one, found)
    assert {line.split(":")[0] for line in found} == {one.split(":")[0] for one in named}, found


def test_a_cut_that_also_turns_the_inside_head_back_is_noticed_from_outside(clinic: Clinic, store: Store) -> None:
    draft = begin(store)
    for number in range(7):
        save_answers(store, draft.id, {"age": number}, NOW + timedelta(minutes=2 * number), "form")
    cut = (
        "DELETE FROM audit WHERE seq > 5",
        "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)",
    )
    clinic.tamper(*cut)
    with store.reading() as connection:
        assert [str(one) for one in log.verify_chain(connection, clinic.keys.audit) if one.seq] == []
    assert findings(clinic, store) == ["audit 6: to 8 are missing: cut off the end (the head outside is at 8)"]
    store.close()
    with pytest.raises(AuditRefused, match="ends at 5, the head outside at 8"):
        clinic.open()


def test_a_log_rewritten_with_the_stolen_key_does_not_fit_the_head_outside(clinic: Clinic, store: Store) -> None:
    draft = begin(store)
    for number in range(5):
        save_answers(store, draft.id, {"age": number}, NOW + timedelta(minutes=2 * number), "form")
    with store.reading() as connection:
        kept = [list(row) for row in log._rows(connection)]
    previous, statements = log.BEFORE_THE_FIRST, []
    for row in kept:
        row[2] = "p-2"
        row[-2] = previous
        row[-1] = previous = log.signature(clinic.keys.audit, row[:-1])
        statements.append(f"UPDATE audit SET actor='p-2', prev='{row[-2]}', hash='{row[-1]}' WHERE seq={row[0]}")  # noqa: S608
    clinic.tamper(*statements, f"UPDATE audit_head SET hash = '{previous}'")  # noqa: S608
    assert findings(clinic, store) == ["audit 6: is not the row that the head outside has noted: rewritten"]


def test_a_row_hashed_without_the_key_is_named(clinic: Clinic, store: Store) -> None:
    begin(store)
    with store.writing() as connection:
        log.append(connection, os.urandom(32), NURSE, NOW, log.READ, "x")
    assert findings(clinic, store) == ["audit 2: was changed after it was written"]


def test_a_missing_guard_is_named(clinic: Clinic, store: Store) -> None:
    begin(store)
    clinic.tamper()
    with store.reading() as connection:
        found = [str(one) for one in log.verify_chain(connection, clinic.keys.audit)]
    assert "audit 0: the guard audit_no_delete is gone" in found


def test_a_forged_outside_head_is_refused(clinic: Clinic, store: Store) -> None:
    begin(store)
    assert clinic.keys.folder is not None
    path = clinic.keys.folder / HEAD_FILE
    for forge in (lambda text: text.replace('"seq": 1', '"seq": 0'), lambda _: "{}", lambda _: "nothing"):
        whole = path.read_text()
        path.write_text(forge(whole))
        with pytest.raises(AuditRefused, match="outside head"):
            store.outside_head()
        path.write_text(whole)


def test_the_outside_head_moves_on_every_minute_and_at_close(clinic: Clinic, store: Store) -> None:
    assert clinic.keys.folder is not None
    path = clinic.keys.folder / HEAD_FILE

    def outside() -> int:
        return int(json.loads(path.read_text())["seq"])

    def with_each_save() -> int:
        head = store.outside_head()
        assert head is not None
        return head.seq

    draft = begin(store)
    assert outside() == 1
    save_answers(store, draft.id, {"age": 44}, NOW + timedelta(seconds=30), "form")
    assert outside() == 1
    assert with_each_save() == (2 if isinstance(store.place, FilePlace) else 1)  # a server keeps its own log
    save_answers(store, draft.id, {"age": 45}, NOW + timedelta(seconds=61), "form")
    assert outside() == 3
    save_answers(store, draft.id, {"age": 46}, NOW + timedelta(seconds=62), "form")
    store.close()
    assert outside() == 4


def test_many_rows_are_verified_quickly(file_clinic: Clinic, file_store: Store) -> None:
    with file_store.writing() as connection:
        for number in range(3000):
            file_store.note(connection, NOW, log.READ, f"draft-{number}")
    began = time.thread_time()  # of this thread alone, however busy the machine is
    assert findings(file_clinic, file_store) == []
    assert time.thread_time() - began < 3  # tens of thousands a second
