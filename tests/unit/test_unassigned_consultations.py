"""Consultations of no client: given to one, or thrown away; nothing of a person stays out of reach of export and erasure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from medspa_core import clients, exam
from medspa_core.access import TRIAL_PERSON, AccessRefused
from medspa_core.clients import Details, consultations
from medspa_core.clients.client_access import ClientMissing
from medspa_core.clients.export.record import as_json, export_client
from medspa_core.records import (
    Draft,
    DraftMissing,
    Store,
    StoreProblem,
    finish,
    load_draft,
    migration,
    read_facts,
    record_choice,
    save_answers,
    start_draft,
)
from medspa_core.records.backups.backup import make_backup
from medspa_core.records.backups.restoring import restore_backup
from medspa_core.records.database.checks import verify
from medspa_core.records.erasure import discarded_consultations
from medspa_core.rulebook import Rulebook
from tests.clients_support import FACTS, MARKER, Practice, trail
from tests.conftest import AS_OF, healthy
from tests.exam_support import exam_practice
from tests.records_support import NOW, ORDER, Clinic

DIRECTOR, OWNER, NURSE = "medical_director", "owner", "aesthetician"


@pytest.fixture
def practice(file_store: Store) -> Practice:
    return Practice(file_store)


def old(practice: Practice, *, chosen: bool = False, finished: bool = False, by: str | None = None) -> Draft:
    """A consultation as the first versions kept it: a code name and answers, of no client and no location."""
    s = practice.store
    draft = start_draft(s, MARKER, NOW, AS_OF, ORDER, started_by=by)
    save_answers(s, draft.id, {**healthy(), "concern": "texture"}, NOW, "form")
    if chosen or finished:
        record_choice(s, draft.id, "wait", NOW, FACTS)
    return finish(s, draft.id, NOW) if finished else draft


def invented(practice: Practice, *, finished: bool = False) -> Draft:
    s = practice.store
    draft = start_draft(s, "Invented 1", NOW, AS_OF, ORDER, "needle_wedding")
    record_choice(s, draft.id, "wait", NOW, FACTS)
    return finish(s, draft.id, NOW) if finished else draft


def facts(store: Store) -> int:
    return len(read_facts(store)["chosen"])


# --- given to a client --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("finished", [False, True])
def test_an_old_consultation_is_given_to_a_client_and_then_exported_and_erased_with_them(
    store: Store, clinic: Clinic, finished: bool
) -> None:
    s, practice = store, Practice(store)
    draft, one = old(practice, finished=finished), clients.new_client(s, practice.nurse, Details("Q-1"), NOW)
    assert clients.attach(s, practice.nurse, draft.id, NOW, one.id).id == one.id
    assert clients.attach(s, practice.nurse, draft.id, NOW, one.id).id == one.id  # tapped twice
    assert [told.id for told in clients.visits_of(s, practice.nurse, one.id)] == [draft.id]
    said = json.loads(as_json(export_client(s, practice.signed_in(DIRECTOR), one.id, NOW)))
    assert said["consultations"][0]["code_name"] == MARKER
    made = clients.propose_erasure(s, practice.signed_in(DIRECTOR), one.id, "Asked for in writing.", NOW)
    clients.confirm_erasure(s, practice.signed_in(OWNER), made, NOW)
    assert load_draft(s, draft.id) is None
    assert verify(s.place, clinic.keys) == []


def test_without_a_client_it_makes_one_who_is_only_the_code_name(practice: Practice) -> None:
    s, draft = practice.store, old(practice, finished=True)
    made = clients.attach(s, practice.nurse, draft.id, NOW)
    assert (made.details, made.location_id) == (Details(MARKER), practice.here)
    assert [one.code_name for one in clients.find_clients(s, practice.nurse, MARKER)] == [MARKER]
    assert clients.attach(s, practice.nurse, draft.id, NOW).id == made.id
    assert [row[1] for row in trail(s, draft.id)][-1] == "U"


def test_a_merged_client_stands_for_the_one_it_is_kept_with_and_nobody_elses_is_taken(practice: Practice) -> None:
    s, who, draft = practice.store, practice.nurse, old(practice)
    kept, twin = (clients.new_client(s, who, Details(name), NOW) for name in ("Q-1", "Q-2"))
    clients.merge(s, who, kept.id, twin.id, NOW)
    assert clients.attach(s, who, draft.id, NOW, twin.id).id == kept.id
    other = clients.new_client(s, who, Details("Q-3"), NOW)
    with pytest.raises(StoreProblem, match="another client's already"):
        clients.attach(s, who, draft.id, NOW, other.id)
    with pytest.raises(StoreProblem, match="invented"):
        clients.attach(s, who, invented(practice).id, NOW, kept.id)


def test_of_a_finished_one_nothing_else_is_changed_and_the_guards_are_up_again(practice: Practice) -> None:
    s, draft = practice.store, old(practice, finished=True)
    before = load_draft(s, draft.id)
    made = clients.attach(s, practice.nurse, draft.id, NOW)
    after = load_draft(s, draft.id)
    assert before is not None and after is not None
    assert {name for name in Draft.__slots__ if getattr(before, name) != getattr(after, name)} == {"client_id"}  # type: ignore[attr-defined]
    for change in ("UPDATE drafts SET client_id = NULL", "DELETE FROM answers"):
        with pytest.raises(StoreProblem), s.writing() as connection:
            connection.execute(text(change))
    assert after.client_id == made.id


def test_another_places_consultation_is_not_found_by_any_of_these(practice: Practice) -> None:
    s, stranger, draft = practice.store, practice["elsewhere"], old(practice)
    theirs = clients.new_client(s, stranger, Details("Z-1"), NOW)
    with pytest.raises(DraftMissing):
        clients.attach(s, stranger, draft.id, NOW, theirs.id)
    with pytest.raises(AccessRefused, match="not found"):
        clients.discard(s, stranger, draft.id, NOW)
    with pytest.raises(AccessRefused, match="not found"):
        clients.discard(s, stranger, "no-such-id", NOW)
    with pytest.raises(ClientMissing):
        clients.attach(s, practice.nurse, draft.id, NOW, theirs.id)
    assert clients.unassigned(s, stranger) == []
    assert [row for row in trail(s, draft.id) if row[3] == 4]


# --- thrown away --------------------------------------------------------------------------------------------------


def test_who_began_an_unfinished_one_throws_it_away_with_its_figure_and_it_is_done_once(
    store: Store, clinic: Clinic
) -> None:
    s, practice = store, Practice(store)
    draft = old(practice, chosen=True, by=practice.nurse.id)
    assert facts(s) == 1
    assert clients.discard(s, practice.nurse, draft.id, NOW) > 0
    assert clients.discard(s, practice.nurse, draft.id, NOW) == 0
    assert load_draft(s, draft.id) is None and facts(s) == 0
    assert [row[1] for row in trail(s, draft.id)].count("D") == 1
    assert verify(s.place, clinic.keys) == []


@pytest.mark.parametrize("who", ["clinician", "manager", NURSE])
def test_nobody_throws_away_what_somebody_else_began(practice: Practice, who: str) -> None:
    draft = old(practice, by=practice[DIRECTOR].id)
    with pytest.raises(AccessRefused):
        clients.discard(practice.store, practice[who], draft.id, NOW)
    assert load_draft(practice.store, draft.id) is not None


@pytest.mark.parametrize("who", [DIRECTOR, OWNER])
def test_who_may_erase_throws_an_old_one_away_that_nobody_began(practice: Practice, who: str) -> None:
    draft = old(practice)
    assert clients.discard(practice.store, practice[who], draft.id, NOW) > 0


def test_what_is_a_clients_or_finished_goes_by_two_people_only(practice: Practice) -> None:
    s = practice.store
    with pytest.raises(StoreProblem, match="a client's"):
        clients.discard(s, practice.nurse, practice.started().id, NOW)
    with pytest.raises(StoreProblem, match="finished or signed"):
        clients.discard(s, practice[DIRECTOR], old(practice, finished=True).id, NOW)


def test_what_was_signed_goes_by_two_people_only(file_store: Store, rulebook: Rulebook) -> None:
    signed = exam_practice(file_store, rulebook)
    assert [one.may_go for one in clients.unassigned(file_store, signed["director"])] == [True]
    signed.examine()
    with pytest.raises(StoreProblem, match="finished or signed"):
        clients.discard(file_store, signed["director"], signed.draft, NOW)
    assert [one.may_go for one in clients.unassigned(file_store, signed["director"])] == [False]
    made = clients.attach(file_store, signed["needler"], signed.draft, NOW)
    assert [told.draft_id for told in exam.worklist(file_store, signed["director"], rulebook, AS_OF)] == [signed.draft]
    assert made.details.code_name == "Birch 7"


def test_every_invented_one_goes_at_once_with_the_invented_figures_and_nobodys_else(practice: Practice) -> None:
    s = practice.store
    invented(practice)
    invented(practice, finished=True)
    real = old(practice, chosen=True)
    stale = practice.signed_in(OWNER, password_given=False)
    for refused in (stale, practice.signed_in(NURSE)):
        with pytest.raises(AccessRefused):
            clients.discard_invented(s, refused, NOW)
    assert clients.discard_invented(s, practice.signed_in(OWNER), NOW) == 2
    assert facts(s) == 1 and load_draft(s, real.id) is not None
    assert clients.discard_invented(s, practice.signed_in(OWNER), NOW) == 0


def test_whoever_works_there_throws_an_invented_one_away_also_in_the_trial(practice: Practice) -> None:
    s = practice.store
    assert clients.discard(s, practice["clinician"], invented(practice).id, NOW) > 0
    assert clients.discard(s, TRIAL_PERSON, invented(practice).id, NOW) > 0


def test_the_list_shows_what_is_no_clients_and_which_of_it_may_go(practice: Practice) -> None:
    mine, theirs = old(practice, by=practice.nurse.id), old(practice)
    done, made_up = old(practice, finished=True), invented(practice)
    invented(practice, finished=True)
    practice.started()
    found = {
        one.id: (one.finished, one.invented, one.may_go) for one in clients.unassigned(practice.store, practice.nurse)
    }
    assert found == {
        mine.id: (False, False, True),
        theirs.id: (False, False, False),
        done.id: (True, False, False),
        made_up.id: (False, True, True),
    }


def test_a_long_list_asks_once_for_the_tables_and_still_knows_which_one_was_signed(
    file_store: Store, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = exam_practice(file_store, rulebook)
    signed.examine()
    drafts = [start_draft(file_store, f"C-{number}", NOW, AS_OF, ORDER).id for number in range(20)]
    asked, tables_of = [], migration.tables_of
    monkeypatch.setattr(migration, "tables_of", lambda connection: asked.append(1) or tables_of(connection))
    with file_store.reading() as connection:
        found = discarded_consultations.holding_more(connection, [*drafts[:7], signed.draft, *drafts[7:]])
    assert found == {signed.draft} and len(asked) == 1


def test_a_restore_of_an_older_backup_throws_away_again_what_was_thrown_away_since(
    file_clinic: Clinic, tmp_path: Path
) -> None:
    with file_clinic.create() as store:
        practice = Practice(store)
        draft, stays = old(practice), old(practice)
        made = make_backup(store, tmp_path / "backups")
        clients.discard(store, practice[DIRECTOR], draft.id, NOW)
    listed = (file_clinic.keys.folder / discarded_consultations.LIST_FILE).read_text()  # type: ignore[operator]
    assert draft.id in listed and MARKER not in listed
    beside = Clinic(tmp_path / "restored" / "medspa.sqlite3", file_clinic.keys, file_clinic.clock)
    restore_backup(made.folder, beside.where, beside.keys, beside.clock)
    with beside.open() as store:
        assert load_draft(store, draft.id) is None and load_draft(store, stays.id) is not None
        assert "D" in [row[1] for row in trail(store, draft.id)]
    assert verify(beside.open().place, beside.keys) == []


def test_a_discard_cut_short_before_its_note_outside_is_noted_at_the_next_start_and_a_forged_list_is_refused(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file_clinic.create() as store:
        practice = Practice(store)
        draft = old(practice)
        with monkeypatch.context() as broken:
            broken.setattr(discarded_consultations, "note_outside", lambda _: None)
            clients.discard(store, practice[OWNER], draft.id, NOW)
        assert discarded_consultations.read_list(store.keys) == {}
    with file_clinic.open() as store:
        assert list(discarded_consultations.read_list(store.keys)) == [draft.id]
    path = file_clinic.keys.folder / discarded_consultations.LIST_FILE  # type: ignore[operator]
    path.write_text(path.read_text().replace(draft.id, "another"))
    with pytest.raises(StoreProblem, match="list of discarded consultations"):
        file_clinic.open()


def test_an_interrupted_discard_leaves_everything(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    s, draft = practice.store, old(practice, chosen=True)

    def breaks(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(discarded_consultations, "note_discard", breaks)
        with pytest.raises(KeyboardInterrupt):
            clients.discard(s, practice[OWNER], draft.id, NOW)
    found = consultations.load(s, practice.nurse, draft.id)
    assert found is not None and found.choice == "wait" and facts(s) == 1
