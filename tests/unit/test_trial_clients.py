"""What was typed during the trial goes with everything invented, in one step; whoever was seen since stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from medspa_core import access, clients
from medspa_core.access import TRIAL_PERSON, Role, SignIn
from medspa_core.clients import Details, consultations
from medspa_core.clients.trial_clients import Invented
from medspa_core.exam import waiting_counts
from medspa_core.records import Store, load_draft, read_facts, save_answers, start_draft
from medspa_core.records.backups.backup import make_backup
from medspa_core.records.backups.restoring import restore_backup
from medspa_core.records.database.checks import verify
from medspa_core.records.erasure import erased_clients
from medspa_core.records.schema import drafts
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy
from tests.exam_support import Practice
from tests.records_support import FACTS, NOW, ORDER, Clinic

BEGAN, LATER = NOW - timedelta(hours=1), NOW
CHOICE: dict[str, Any] = {"rulebook_revision": "r", "files": {}, "shown": {}}


def typed(store: Store, name: str) -> str:
    """A consultation of the trial, with a choice."""
    draft = consultations.start(store, TRIAL_PERSON, name, BEGAN, AS_OF, ORDER)
    consultations.save_answers(store, TRIAL_PERSON, draft.id, healthy(concern="texture"), BEGAN, "form")
    consultations.record_choice(store, TRIAL_PERSON, draft.id, "not_yet", BEGAN, FACTS, **CHOICE)
    return draft.id


def set_up(store: Store, book: Rulebook) -> Practice:
    """The practice gets its first people an hour later."""
    here = access.add_location(store, "Main street", LATER, state="CA")
    people = {
        name: access.add_person(store, name, name, roles, [here.id], LATER, email=f"{name}@example.com")
        for name, roles in {"owner": [Role.OWNER], "nurse": [Role.CLINICIAN]}.items()
    }
    return Practice(store, book, people, "")


def owner_of(practice: Practice) -> SignIn:
    return practice.signed_in("owner")


def test_a_consultation_of_the_trial_is_in_no_figure_and_no_list_of_what_waits(
    store: Store, rulebook: Rulebook
) -> None:
    typed(store, "A-1")
    practice = set_up(store, rulebook)
    assert all(read_facts(store)["demo"])
    assert not waiting_counts(store, practice["nurse"], rulebook, AS_OF)
    assert consultations.list_undecided(store, practice["nurse"], AS_OF - timedelta(days=9), AS_OF) == []


def test_invented_data_goes_in_one_step_and_typed_trial_clients_with_it(store: Store, rulebook: Rulebook) -> None:
    mine = [typed(store, "A-1"), typed(store, "A-2")]
    mine.append(start_draft(store, "Willow", BEGAN, AS_OF, ORDER, "needle_wedding").id)
    practice = set_up(store, rulebook)
    assert clients.count_invented(store, practice["owner"]) == Invented(3, 2)
    assert clients.discard_invented(store, owner_of(practice), LATER) == 3
    assert [load_draft(store, one) for one in mine] == [None, None, None]
    assert clients.recent_clients(store, practice["nurse"]) == []
    assert read_facts(store)["month"] == []
    assert clients.count_invented(store, practice["owner"]) == Invented(0, 0)
    assert verify(store.place, store.keys) == []


def test_the_trial_of_an_older_version_is_told_by_the_day(store: Store, rulebook: Rulebook) -> None:
    mine = typed(store, "A-1")
    with store.writing() as connection:
        connection.execute(update(drafts).values(demo_of=None))  # as it was kept then
    practice = set_up(store, rulebook)
    assert clients.discard_invented(store, owner_of(practice), LATER) == 1
    assert load_draft(store, mine) is None


SINCE = ("seen again", "on hold", "made later", "edited", "given a consultation", "answered further")


@pytest.mark.parametrize("since", SINCE)
def test_whoever_is_more_than_of_the_trial_stays(store: Store, rulebook: Rulebook, since: str) -> None:
    draft_id = typed(store, "A-1")
    older = start_draft(store, "A-1 of the first version", BEGAN, AS_OF, ORDER)
    practice = set_up(store, rulebook)
    [line] = clients.recent_clients(store, practice["nurse"]) or clients.find_clients(store, practice["nurse"], "A-1")
    if since == "seen again":
        consultations.start(store, practice["nurse"], "A-1", LATER, AS_OF, ORDER, client_id=line.id)
    elif since == "on hold":
        clients.hold(store, practice["owner"], line.id, "A letter", LATER)
    elif since == "edited":
        clients.change_client(store, practice["nurse"], line.id, Details("A-1", name="Ann"), LATER, 0)
    elif since == "given a consultation":
        clients.attach(store, practice["nurse"], older.id, LATER, line.id)
    elif since == "answered further":
        save_answers(store, draft_id, {"concern": "scars"}, LATER, "form")
    else:
        clients.new_client(store, practice["nurse"], Details("B-2"), LATER)
    clients.discard_invented(store, owner_of(practice), LATER)
    left = {one.code_name for one in clients.recent_clients(store, practice["nurse"])}
    assert left == ({"B-2"} if since == "made later" else {"A-1"})


def test_a_restore_of_an_older_backup_throws_the_clients_of_the_trial_away_again(
    file_clinic: Clinic, rulebook: Rulebook, tmp_path: Path
) -> None:
    with file_clinic.create() as store:
        typed(store, "A-1")
        practice = set_up(store, rulebook)
        [line] = clients.find_clients(store, practice["nurse"], "A-1")
        made = make_backup(store, tmp_path / "backups")
        clients.discard_invented(store, owner_of(practice), LATER)
        assert [one.client_ids for one in erased_clients.read_list(store.keys)] == [(line.id,)]
    beside = Clinic(tmp_path / "restored" / "medspa.sqlite3", file_clinic.keys, file_clinic.clock)
    restore_backup(made.folder, beside.where, beside.keys, beside.clock)
    with beside.open() as store:
        assert clients.find_clients(store, practice["nurse"], "A-1") == []
        assert read_facts(store)["month"] == []
    assert verify(beside.open().place, beside.keys) == []
