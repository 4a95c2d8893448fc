"""Who saw this client: found by whom and by what, with everything that was done to their record, and named for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from medspa_core import access, access_log_report, clients, exam, offer
from medspa_core.access import AccessRefused, Licence, Role
from medspa_core.access_log_report import About, Asked, Record, Report
from medspa_core.clients import consultations
from medspa_core.exam import How, NewExam
from medspa_core.records import Doer, Store
from medspa_core.rulebook import Rulebook
from tests.clients_support import MARKER, Practice, details, trail
from tests.records_support import NOW

DIRECTOR, OWNER = "medical_director", "owner"
TODAY = date(2026, 11, 22)
Ask = Callable[[str, str], list[Record]]


@pytest.fixture
def practice(store: Store) -> Practice:
    return Practice(store)


@pytest.fixture
def ask(practice: Practice) -> Ask:
    return lambda who, typed: access_log_report.find_records(practice.store, practice.signed_in(who), typed, NOW)


def report(practice: Practice, who: str, about: About, which: str) -> Report:
    asked = Asked(about, which, datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    return access_log_report.audit_report(practice.store, practice.signed_in(who), asked, NOW)


def in_the_hands_of(practice: Practice, who: str) -> Store:
    return practice.store.by(Doer(practice[who].id, who, "", f"sign-in of {who}"))


# --- finding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["mari", "quill mar", "MARIGOLD", "1984-03-07", "3/7/1984", "marigold 1984-03-07"])
def test_the_director_finds_a_client_by_name_and_birth_date_and_the_owner_does_not(
    practice: Practice, ask: Ask, typed: str
) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    assert ask(DIRECTOR, typed) == [Record(one.id, f"{MARKER} Quill (A-204)", NOW, is_client=True)]
    assert ask(OWNER, typed) == []


@pytest.mark.parametrize("typed", ["A-204", "a-20", None])
def test_both_find_a_client_by_code_or_id_and_only_the_director_sees_the_name(
    practice: Practice, ask: Ask, typed: str | None
) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    assert [found.name for found in ask(DIRECTOR, typed or one.id)] == [f"{MARKER} Quill (A-204)"]
    assert ask(OWNER, typed or one.id) == [Record(one.id, "A-204", NOW, is_client=True)]


def test_nobody_else_finds_anything_and_nothing_typed_finds_nothing(practice: Practice, ask: Ask) -> None:
    clients.new_client(practice.store, practice.nurse, details(), NOW)
    for role in Role:
        if role.value not in (DIRECTOR, OWNER):
            with pytest.raises(AccessRefused):
                ask(role.value, MARKER)
    director = practice.signed_in(DIRECTOR)
    by_pin = replace(director, person=replace(director.person, by_pin=True))
    with pytest.raises(AccessRefused):
        access_log_report.find_records(practice.store, by_pin, MARKER, NOW)
    assert ask(DIRECTOR, "  ") == ask(DIRECTOR, "%") == ask(DIRECTOR, "_") == []


def test_an_owner_who_broke_the_glass_reads_and_so_sees_names(practice: Practice) -> None:
    clients.new_client(practice.store, practice.nurse, details(), NOW)
    owner = practice.signed_in(OWNER)
    opened = replace(owner, person=replace(owner.person, glass_open=True))
    found = access_log_report.find_records(practice.store, opened, MARKER, NOW)
    assert [one.name for one in found] == [f"{MARKER} Quill (A-204)"]


def test_who_was_shown_is_in_the_log_and_what_was_typed_is_not(practice: Practice, ask: Ask) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    ask(DIRECTOR, MARKER)
    with practice.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT object, detail FROM audit").all()
    assert [row[1] for row in rows if row[0] == "search for the audit report"] == [f'{{"shown":["{one.id}"]}}']
    assert MARKER not in repr(rows)


# --- what was done ------------------------------------------------------------------------------------------------


def test_a_clients_report_holds_every_entry_consultation_exam_and_list_they_stood_in(
    practice: Practice, rulebook: Rulebook, ask: Ask
) -> None:
    s = practice.store
    nurse, clinician = in_the_hands_of(practice, "aesthetician"), in_the_hands_of(practice, "clinician")
    one = clients.new_client(s, practice.nurse, details(), NOW)
    twin = clients.new_client(s, practice.nurse, details("M. Quill", "B-2"), NOW)
    stranger = clients.new_client(s, practice.nurse, details("Rowan", "C-3"), NOW)
    first = practice.finished(rulebook, one.id)
    second = consultations.start(nurse, practice.nurse, "B-2", NOW, TODAY, ("wait",), client_id=twin.id)
    clients.merge(s, practice.nurse, one.id, twin.id, NOW)
    clients.find_clients(nurse, practice.nurse, "mari")
    clients.find_clients(nurse, practice.nurse, "rowan")
    licence = Licence("medical", "CA", "c-1", date(2027, 6, 30))
    access.add_licence(s, practice["clinician"].id, licence, NOW, None)
    new = NewExam(How.IN_PERSON, TODAY)
    exam.sign_exam(
        clinician, practice["clinician"], first.id, new, exam.SigningContext("CA", rulebook, NOW, TODAY, "page-key-1")
    )
    for asked in (one.id, twin.id):
        told = report(practice, OWNER, About.RECORD, asked)
        objects = {line.object for line in told.lines}
        assert objects == {one.id, twin.id, first.id, second.id, "search of clients"}
        assert stranger.id not in objects and {line.whose for line in told.lines} == {one.id, None}
        assert (told.records_seen, told.records_changed) == (1, 1)
        assert [line.person for line in told.lines if line.fields == ("how", "exam")] == ["Clinician"]
        assert sum(line.object == "search of clients" for line in told.lines) == 1
        assert {line.object_name for line in told.lines} == {"A-204", "B-2", None}
    named = report(practice, DIRECTOR, About.RECORD, one.id)
    assert f"{MARKER} Quill (A-204)" in {line.object_name for line in named.lines}


def test_what_a_person_saw_counts_clients_and_names_them_for_the_director_only(
    practice: Practice, rulebook: Rulebook
) -> None:
    nurse = in_the_hands_of(practice, "aesthetician")
    one = clients.new_client(nurse, practice.nurse, details(), NOW)
    draft = consultations.start(nurse, practice.nurse, "A-204", NOW, TODAY, ("wait",), client_id=one.id)
    consultations.start(nurse, practice.nurse, "Z-9", NOW, TODAY, ("wait",))
    clients.open_client(nurse, practice.nurse, one.id)
    consultations.load(nurse, practice.nurse, draft.id)
    for who, name in ((OWNER, "A-204"), (DIRECTOR, f"{MARKER} Quill (A-204)")):
        told = report(practice, who, About.PERSON, practice.nurse.id)
        assert told.records_seen == 2
        assert {line.object_name for line in told.lines if line.object == one.id} == {name}
    owners = report(practice, OWNER, About.PERSON, practice.nurse.id)
    assert MARKER not in repr(owners.lines)


def test_the_file_names_clients_for_the_director_only(practice: Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    asked = Asked(About.RECORD, one.id, NOW - timedelta(days=1), NOW + timedelta(days=1))
    files = {
        who: access_log_report.audit_report_csv(practice.store, practice.signed_in(who), asked, NOW)
        for who in (DIRECTOR, OWNER)
    }
    assert MARKER in files[DIRECTOR] and MARKER not in files[OWNER] and "A-204" in files[OWNER]


def test_approvals_products_people_and_tablets_have_their_names(practice: Practice, rulebook: Rulebook) -> None:
    s, director = in_the_hands_of(practice, DIRECTOR), practice[DIRECTOR].id
    access.add_licence(s, director, Licence("medical", "CA", "d-1", date(2027, 6, 30)), NOW, None)
    who = access.load_person(s, director)
    exam.approve_rulebook(s, who, rulebook.revision, "", exam.SigningContext("CA", rulebook, NOW, TODAY, "page-key-1"))
    kit = exam.NewProduct("prp_kit", "Tube", "Maker", "", "", "L-7", "510(k)", TODAY + timedelta(days=90), "None")
    exam.approve_product(s, who, kit, exam.SigningContext("CA", rulebook, NOW, TODAY, "page-key-2"))
    gel = replace(kit, kind="exosome_product", source="plant", route="after_needling", name="Gel")
    offer.enter_product(s, who, gel, rulebook, NOW, TODAY, "page-key-3")
    told = report(practice, OWNER, About.PERSON, director)
    names = {line.object_name for line in told.lines}
    assert names >= {f"rulebook {rulebook.revision}", "Tube, lot L-7", "Gel, lot L-7", "Medical_Director"}
    assert (told.records_seen, told.records_changed) == (0, 0)


def test_an_erased_client_is_found_no_more_and_the_log_still_says_who_saw_the_id(practice: Practice, ask: Ask) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    made = clients.propose_erasure(practice.store, practice.signed_in(DIRECTOR), one.id, "Asked for in writing.", NOW)
    clients.confirm_erasure(practice.store, practice.signed_in(OWNER), made, NOW)
    assert ask(DIRECTOR, MARKER) == ask(DIRECTOR, one.id) == []
    told = report(practice, OWNER, About.RECORD, one.id)
    assert [(line.action, line.object_name) for line in told.lines] == [("D", None), ("E", None), ("C", None)]
    assert len(trail(practice.store, one.id)) == 3
