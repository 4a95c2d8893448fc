"""A state is one spelling, however it was typed: else a licence of California counts for nobody in CA."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import insert, update

from medspa_core import access
from medspa_core.access import Licence, read_state
from medspa_core.access.people.states import FILE, StateFile, as_kept, spellings
from medspa_core.access.schema import licences, locations
from medspa_core.exam.treatment import sessions
from medspa_core.records import Store
from medspa_core.rulebook import Rulebook
from tests.exam_support import exam_practice
from tests.records_support import NOW


def shipped() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(
            (typed, "CA")
            for typed in ("CA", "ca", " Ca ", "California", "CALIFORNIA", "california ", "\uff23\uff21", "C.A.")
        ),
        *((typed, "NY") for typed in ("New York", "new  york", "N.Y.", "New York State")),
        *((typed, "DC") for typed in ("D.C.", "Washington, D.C.", "district of columbia")),
        *((typed, "QC") for typed in ("Québec", "quebec", "Que\u0301bec", "qc")),
        *((typed, "NL") for typed in ("Newfoundland & Labrador", "newfoundland and labrador")),
        *((typed, "United Kingdom") for typed in ("uk", "United kingdom")),
        ("washington", "WA"),
        ("Georgia", "GA"),
        ("germany", "Germany"),
        ("Hawai\u02bbi", "HI"),
        *(
            (typed, None)
            for typed in ("", " ", "XX", "Calif", "Californa", "US", "Canada", "CA NV", "C A", "\0", "\u202e")
        ),
    ],
)
def test_what_is_typed_is_one_state_or_none(typed: str, kept: str | None) -> None:
    found = read_state(typed)
    assert (found.kept if found else None) == kept


def test_every_entry_is_read_by_what_is_kept_and_by_its_name() -> None:
    entries = StateFile.model_validate(shipped()).entries()
    assert len([one for one in entries.values() if len(one.kept) == 2]) == 56 + 13
    for one in entries.values():
        for typed in (one.kept, one.name, one.kept.lower(), one.name.upper()):
            assert read_state(typed) == one
        assert as_kept(one.name.upper()) == one.kept and one.name.upper() in spellings(one.kept)


@pytest.mark.parametrize(
    ("table", "more"),
    [("also", {"Golden State": "CX"}), ("canada", {"XA": "california"}), ("also", {"ny": "NV"}), ("coast", {"A": "B"})],
)
def test_a_list_that_reads_one_spelling_in_two_ways_is_refused(table: str, more: dict[str, str]) -> None:
    wrong = shipped()
    wrong[table] = {**wrong.get(table, {}), **more}
    with pytest.raises(ValidationError):
        StateFile.model_validate(wrong)


def test_a_location_and_a_licence_typed_in_two_ways_are_of_one_state(store: Store, rulebook: Rulebook) -> None:
    practice = exam_practice(store, rulebook)
    [here] = access.list_locations(store)
    access.set_location_state(store, here.id, "California", NOW, None)
    access.add_licence(store, practice.people["clinician"].id, Licence("medical", "california", "C-2"), NOW, None)
    assert [one.state for one in practice["clinician"].licences] == ["CA"]
    assert practice.examine().signed.licence_number == "C-2"


def test_what_was_kept_in_full_before_counts_as_it_is_kept_today(store: Store, rulebook: Rulebook) -> None:
    practice = exam_practice(store, rulebook)
    with store.writing() as connection:
        connection.execute(update(locations).values(state="CALIFORNIA"))
        connection.execute(update(licences).values(state="CALIFORNIA"))
        needler = practice.people["needler"].id
        row = {"person_id": needler, "kind": "needling", "state": "CA", "number": "old", "valid_until": NOW.date()}
        connection.execute(insert(licences).values(**row))
    assert [one.number for one in practice["needler"].licences] == ["needler-1"]
    practice.examine()
    order = practice.order()
    assert order.terms.state == order.signed.state == "CA"
    file = sessions.treatment_file(store, practice["needler"], practice.draft, rulebook, NOW.date())
    assert file.orders[0].blocks == ()
    access.remove_licence(store, needler, "needling", "CA", NOW, None)
    assert practice["needler"].licences == ()
