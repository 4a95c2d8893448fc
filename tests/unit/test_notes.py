"""Notes of staff and the times of answers: kept as durably as an answer, each with its row in the audit log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from medspa_core.records import (
    DraftFinished,
    DraftMissing,
    Store,
    StoreProblem,
    add_note,
    answers_given,
    clear_answers,
    finish,
    load_draft,
    read_notes,
    record_choice,
    save_answers,
    take_back_note,
    undo,
)
from medspa_core.records.schema import audit
from tests.records_support import FACTS, NOW, Clinic, begin

LATER = NOW + timedelta(minutes=3)


def audit_details(store: Store, draft_id: str) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(audit.c.detail).where(audit.c.object == draft_id)).scalars())


def test_a_note_comes_back_after_the_store_was_closed(clinic: Clinic, store: Store) -> None:
    draft = begin(store)
    add_note(store, draft.id, "  Asks for Fridays; <b>brings</b> her sister. ", NOW)
    store.close()
    with clinic.open() as again:
        (note,) = read_notes(again, draft.id)
    assert (note.number, note.text, note.at) == (1, "Asks for Fridays; <b>brings</b> her sister.", NOW)
    assert note.taken_back_at is None


def test_a_note_changes_nothing_that_the_client_answered(store: Store) -> None:
    draft = save_answers(store, begin(store).id, {"age": 44}, NOW, "plans")
    add_note(store, draft.id, "Needs a larger chair", LATER)
    assert load_draft(store, draft.id) == draft


def test_a_note_leaves_an_audit_row_that_does_not_repeat_it(store: Store) -> None:
    draft = begin(store)
    add_note(store, draft.id, "Nervous about needles", NOW)
    take_back_note(store, draft.id, 1, LATER)
    told = audit_details(store, draft.id)
    assert '{"note":1,"step":"note"}' in told
    assert '{"note":1,"step":"note taken back"}' in told
    assert "Nervous" not in "".join(told)


def test_a_note_taken_back_stays_in_the_record_and_twice_is_once(store: Store) -> None:
    draft = begin(store)
    add_note(store, draft.id, "Wrong client", NOW)
    add_note(store, draft.id, "Right client", NOW)
    take_back_note(store, draft.id, 1, LATER)
    take_back_note(store, draft.id, 1, LATER + timedelta(hours=1))
    first, second = read_notes(store, draft.id)
    assert (first.text, first.taken_back_at) == ("Wrong client", LATER)
    assert second.taken_back_at is None
    assert len([one for one in audit_details(store, draft.id) if "taken back" in one]) == 1


def test_a_double_tap_is_one_note_and_the_same_words_later_are_another(store: Store) -> None:
    draft = begin(store)
    add_note(store, draft.id, "Called back", NOW, after=0)
    assert len(add_note(store, draft.id, "Called back", NOW, after=0)) == 1
    assert len(add_note(store, draft.id, "Called back", LATER, after=1)) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\0b"])
def test_what_is_no_note_is_refused_and_nothing_is_kept(store: Store, text: str) -> None:
    draft = begin(store)
    with pytest.raises(StoreProblem):
        add_note(store, draft.id, text, NOW)
    assert read_notes(store, draft.id) == ()


def test_a_note_needs_a_consultation_that_is_there_and_not_finished(store: Store) -> None:
    with pytest.raises(DraftMissing):
        add_note(store, "nobody", "To whom?", NOW)
    with pytest.raises(StoreProblem):
        take_back_note(store, begin(store).id, 7, NOW)
    draft = begin(store)
    record_choice(store, draft.id, "wait", NOW, FACTS)
    finish(store, draft.id, NOW)
    with pytest.raises(DraftFinished):
        add_note(store, draft.id, "Too late", LATER)


def test_each_answer_knows_when_it_was_given_and_an_undo_gives_back_the_earlier_time(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44, "smokes": "no"}, NOW, "plans")
    save_answers(store, draft.id, {"age": 45}, LATER, "plans")
    times = {one.question: one.at for one in answers_given(store, draft.id) if one.stands}
    assert times == {"age": LATER, "smokes": NOW}
    undo(store, draft.id, LATER + timedelta(minutes=1))
    times = {one.question: one.at for one in answers_given(store, draft.id) if one.stands}
    assert times == {"age": NOW, "smokes": NOW}


def test_an_answer_taken_back_or_cleared_no_longer_stands(store: Store) -> None:
    draft = begin(store)
    save_answers(store, draft.id, {"age": 44}, NOW, "plans")
    save_answers(store, draft.id, {"age": None}, NOW, "plans")
    save_answers(store, draft.id, {"smokes": "no"}, NOW, "plans")
    clear_answers(store, draft.id, LATER)
    assert [one for one in answers_given(store, draft.id) if one.stands] == []
    undo(store, draft.id, LATER)
    assert [one.question for one in answers_given(store, draft.id) if one.stands] == ["smokes"]


def test_every_tap_on_an_answer_is_told_once_with_how_it_was_asked(store: Store) -> None:
    draft = begin(store)
    for answer in ("yes", "no", None):
        save_answers(store, draft.id, {"pregnant": answer}, NOW, "single")
    given = answers_given(store, draft.id)
    assert [(one.revision, one.question, one.how_asked) for one in given] == [
        (1, "pregnant", "single"),
        (2, "pregnant", "single"),
        (3, "pregnant", None),
    ]
