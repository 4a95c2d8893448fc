"""The page People and the line on top of the staff's pages, without a browser."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Place, Role
from medspa_core.records.schema import audit
from tests.pages.conftest import PASSWORD, program, signed_in, text_of, told
from views.context import core_access

OWNER = (Role.OWNER, Role.AESTHETICIAN)


def now():
    return core_access.clock().now()


def owners_page(store: records.Store) -> tuple[AppTest, access.Person]:
    """The page as the owner sees it just after giving the password; and the owner."""
    at = program(*OWNER)
    sid = str(at.user["sid"])
    owner = access.sign_in_of(store, sid, now()).person  # type: ignore[union-attr]
    access.set_password(store, owner.id, PASSWORD, now(), None, keep_sign_in=sid)
    access.step_up(store, sid, PASSWORD, Place("test"), store.keys.pepper, now())
    at.run()
    at.switch_page("pages/people.py").run()
    assert not at.exception, at.exception
    return at, owner


def hired(store: records.Store, name: str = "bea", *roles: Role) -> access.Person:
    places = access.list_locations(store) or [access.add_location(store, "Main street", now())]
    return access.add_person(store, name, name.title(), roles or (Role.CLINICIAN,), [places[0].id], now())


def test_without_the_password_of_just_before_the_page_shows_nobody(store: records.Store) -> None:
    hired(store)
    at = program(*OWNER)
    at.run()
    at.switch_page("pages/people.py").run()
    assert "Bea" not in text_of(at) and "once more" in text_of(at)


def test_a_licence_is_put_on_file_and_taken_off(store: records.Store) -> None:
    bea = hired(store)
    at, _ = owners_page(store)
    at.selectbox(key=f"licence_kind_{bea.id}").select("draw")
    at.text_input(key=f"licence_state_{bea.id}").input(" tx ")
    at.text_input(key=f"licence_number_{bea.id}").input("N-17")
    at.text_input(key=f"licence_until_{bea.id}").input("1/32/2027")
    at.button(key=f"add_licence_{bea.id}").click().run()
    assert access.load_person(store, bea.id).licences == () and "no such day" in text_of(at)
    at.text_input(key=f"licence_until_{bea.id}").input("1/31/2027")
    at.button(key=f"add_licence_{bea.id}").click().run()
    assert access.load_person(store, bea.id).licences == (access.Licence("draw", "TX", "N-17", date(2027, 1, 31)),)
    assert "Drawing blood, TX, N-17. Valid until January 31, 2027." in text_of(at)
    assert told(at) == [("status", "This is kept.")]
    fields = [one for one in at.text_input if one.key.startswith("licence_") and bea.id in one.key]
    assert [one.value for one in fields] == ["", "", ""]
    at.button(key=f"remove_licence_{bea.id}_draw_TX").click().run()
    assert access.load_person(store, bea.id).licences == ()


def test_one_sign_in_is_ended_and_the_persons_other_stays(store: records.Store) -> None:
    sid = signed_in([Role.CLINICIAN])
    other = access.sign_in_of(store, sid, now()).person  # type: ignore[union-attr]
    second = access.sign_in_with_oidc(store, "test", other.sign_in_name, other.email, Place("test"), now()).id
    at, _ = owners_page(store)
    at.button(key=f"revoke_one_{sid}").click().run()
    assert access.sign_in_of(store, sid, now()).ended == "revoked"  # type: ignore[union-attr]
    assert not access.sign_in_of(store, second, now()).ended  # type: ignore[union-attr]


def test_roles_and_places_change_and_the_only_owner_stays_one(store: records.Store) -> None:
    bea = hired(store)
    at, owner = owners_page(store)
    access.add_location(store, "Harbour", now())
    at.run()
    harbour = next(one.id for one in access.list_locations(store) if one.name == "Harbour")
    at.pills(key=f"tap_roles_{bea.id}").set_value([Role.AESTHETICIAN])
    at.button(key=f"save_{bea.id}").click().run()
    at.pills(key=f"tap_places_{bea.id}").set_value([harbour])
    at.button(key=f"save_places_{bea.id}").click().run()
    changed = access.load_person(store, bea.id)
    assert changed.roles == {Role.AESTHETICIAN} and changed.locations == {harbour}
    at.pills(key=f"tap_roles_{owner.id}").set_value([Role.AESTHETICIAN])
    at.button(key=f"save_{owner.id}").click().run()
    assert "only owner" in text_of(at) and Role.OWNER in access.load_person(store, owner.id).roles


def test_a_location_is_renamed_gets_its_state_and_one_is_added(store: records.Store) -> None:
    at, _ = owners_page(store)
    place = access.list_locations(store)[0].id
    at.text_input(key=f"place_{place}").input("Market square")
    at.button(key=f"rename_{place}").click().run()
    assert told(at) == [("status", "This is kept.")]
    at.text_input(key="new_place_name").input("Harbour")
    at.button(key="add_place").click().run()
    assert [(one.name, one.state) for one in access.list_locations(store)] == [
        ("Harbour", None),
        ("Market square", "CA"),
    ]
    assert "In which state or province is Harbour?" in text_of(at)
    harbour = access.list_locations(store)[0].id
    at.text_input(key=f"state_{harbour}").input(" nv ")
    at.button(key=f"rename_{harbour}").click().run()
    assert access.list_locations(store)[0].state == "NV" and "In which state" not in text_of(at)
    at.text_input(key=f"place_{place}").input("Harbour")
    at.button(key=f"rename_{place}").click().run()
    assert "already" in text_of(at)


def test_the_owner_enters_what_the_practice_is_called_and_who_answers(store: records.Store) -> None:
    at, owner = owners_page(store)
    assert [at.text_input(key=f"practice_{fact}").value for fact in ("name", "phone", "hours")] == ["", "", ""]
    at.text_input(key="practice_name").input("  Fern   Lane ")
    at.text_input(key="practice_phone").input("555-0142")
    at.button(key="keep_practice").click().run()
    assert core_access.practice() == access.PracticeFacts("Fern Lane", "555-0142", "")
    assert at.text_input(key="practice_name_1").value == "Fern Lane" and "This is kept." in text_of(at)
    with pytest.raises(access.PersonProblem, match="at most 80"):
        too_long = access.PracticeFacts("Fern Lane", "5" * 81, "")
        access.set_practice_facts(store, owner, too_long, core_access.clinic(), now())
    with pytest.raises(access.AccessRefused):
        access.set_practice_facts(store, hired(store), access.PracticeFacts("X", "", ""), core_access.clinic(), now())
    at.text_input(key="practice_phone_1").input("ask us")
    at.button(key="keep_practice").click().run()
    assert "A telephone number has at least 5 digits." in text_of(at)
    assert core_access.practice().phone == "555-0142"
    at.text_input(key="practice_phone_1").input("")
    at.button(key="keep_practice").click().run()
    assert core_access.practice() == access.PracticeFacts("Fern Lane", "", "")
    with store.reading() as connection:
        rows = connection.execute(select(audit.c.detail).where(audit.c.detail.contains("of the practice changed")))
        told = [row.detail for row in rows]
    assert ['"name", "phone"' in one.replace('","', '", "') for one in told] == [True, False] and "555" not in str(told)


def test_what_the_store_refuses_is_said_at_the_button_and_no_code_is_told_of_what_was_not_done(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, _ = owners_page(store)

    def full(*_: object, **__: object) -> None:
        raise records.StoreProblem("The disk is full.")

    monkeypatch.setattr(access, "set_practice_facts", full)
    at.text_input(key="practice_name").input("Fern Lane")
    at.button(key="keep_practice").click().run()
    assert not at.exception and told(at) == [("alert", "Not done. The disk is full.")]
    assert at.text_input(key="practice_name").value == "Fern Lane", "what was typed stays"

    codes: list[str] = []
    made = access.invite_device

    def refused_once_there_is_a_code(*given: Any) -> None:
        codes.append(made(*given)[1])
        full()

    monkeypatch.setattr(access, "invite_device", refused_once_there_is_a_code)
    at.text_input(key="new_tablet").input("Desk")
    at.button(key="add_tablet").click().run()
    assert not at.exception and told(at) == [("alert", "Not done. The disk is full.")]
    assert codes and codes[0] not in text_of(at)


def test_a_practice_without_a_name_is_called_as_its_place_everywhere_and_the_field_stays_empty(
    store: records.Store,
) -> None:
    at, _ = owners_page(store)
    [place] = access.list_locations(store)
    assert core_access.practice().name == core_access.practice(place.id).name == place.name
    assert at.text_input(key="practice_name").value == ""
    other = access.add_location(store, "Harbour", now())
    assert core_access.practice().name == "", "of two places none is the practice"
    assert core_access.practice(other.id).name == "Harbour"


def test_a_state_is_understood_in_full_and_refused_beside_its_field(store: records.Store) -> None:
    bea = hired(store)
    at, _ = owners_page(store)
    place = access.list_locations(store)[0].id
    at.text_input(key=f"state_{place}").input("Californa").run()
    at.button(key=f"rename_{place}").click().run()
    assert "no such state or province" in text_of(at) and access.list_locations(store)[0].state is None
    at.text_input(key=f"state_{place}").input(" new york ").run()
    assert "no such state or province" not in text_of(at) and "New York" in text_of(at)
    at.button(key=f"rename_{place}").click().run()
    assert access.list_locations(store)[0].state == "NY"
    at.text_input(key="new_place_name").input("Harbour")
    at.text_input(key="new_place_state").input("Nowhere")
    at.button(key="add_place").click().run()
    assert len(access.list_locations(store)) == 1 and at.text_input(key="new_place_name").value == "Harbour"
    at.text_input(key="new_place_state").input("québec")
    at.button(key="add_place").click().run()
    assert {one.state for one in access.list_locations(store)} == {"NY", "QC"}
    at.text_input(key=f"licence_number_{bea.id}").input("N-17")
    at.text_input(key=f"licence_state_{bea.id}").input("somewhere")
    at.button(key=f"add_licence_{bea.id}").click().run()
    assert access.load_person(store, bea.id).licences == () and "no such state or province" in text_of(at)
    at.text_input(key=f"licence_state_{bea.id}").input("New York")
    at.button(key=f"add_licence_{bea.id}").click().run()
    assert [one.state for one in access.load_person(store, bea.id).licences] == ["NY"]


def test_the_idle_time_and_the_second_factor_are_the_owners_settings(store: records.Store) -> None:
    at, _ = owners_page(store)
    for typed, why in (("2.5", "whole number"), ("500", "from"), ("2.500", "from"), ("soon", "not a number")):
        at.text_input(key="idle_minutes").input(typed)
        at.button(key="keep_settings").click().run()
        assert why in text_of(at) and access.idle_minutes(store) == 10
        assert at.text_input(key="idle_minutes").value == typed
    at.text_input(key="idle_minutes").input("3 min")
    at.checkbox(key="second_factor_required").check()
    at.button(key="keep_settings").click().run()
    assert access.idle_minutes(store) == 3 and access.second_factor_required(store)


def test_nothing_is_changed_once_the_password_was_given_too_long_ago(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea = hired(store)
    at, _ = owners_page(store)
    later = now() + timedelta(minutes=6)
    monkeypatch.setattr(core_access.clock(), "now", lambda: later)
    at.button(key=f"disable_{bea.id}").click().run()
    assert not access.load_person(store, bea.id).disabled


def test_the_trial_says_so_on_top_and_leads_to_the_first_start(store: records.Store) -> None:
    at = program(trial=True)
    at.run()
    assert "This is a trial" in text_of(at) and 'href="/first-start"' in text_of(at)


def test_a_broken_glass_is_shown_to_the_other_until_seen_and_to_nobody_else(store: records.Store) -> None:
    olga = hired(store, "olga", Role.OWNER)
    access.open_glass(store, olga, "A client fainted on the way home <b>", now())
    for role in (Role.AESTHETICIAN, Role.CLINICIAN, Role.MANAGER):
        other = program(role)
        other.run()
        assert "fainted" not in text_of(other)
    director = program(Role.MEDICAL_DIRECTOR)
    director.run()
    assert "Olga opened every client" in text_of(director) and "&lt;b&gt;" in text_of(director)
    glass = access.unseen_glass(store, access.sign_in_of(store, str(director.user["sid"]), now()).person)[0]  # type: ignore[union-attr]
    director.button(key=f"seen_{glass.id}").click().run()
    assert "fainted" not in text_of(director)


def test_an_owner_alone_is_shown_their_own_broken_glass_and_that_a_second_person_must_look(
    store: records.Store,
) -> None:
    at = program(Role.OWNER)
    who = access.sign_in_of(store, str(at.user["sid"]), now()).person  # type: ignore[union-attr]
    glass = access.open_glass(store, who, "A client fainted on the way home <b>", now())
    at.run()
    assert "nobody else here is owner or medical director" in text_of(at) and "&lt;b&gt;" in text_of(at)
    assert not [one for one in at.button if one.key == f"seen_{glass.id}"]
    director = program(Role.MEDICAL_DIRECTOR).run()
    assert "nobody else here" not in text_of(at.run())
    director.button(key=f"seen_{glass.id}").click().run()
    assert access.unseen_glass(store, who) == [] and "fainted" not in text_of(director)


def test_who_reads_in_an_emergency_is_told_until_when_and_changes_nothing(store: records.Store) -> None:
    at = program(Role.OWNER)
    who = access.sign_in_of(store, str(at.user["sid"]), now()).person  # type: ignore[union-attr]
    at.run()
    assert "Open consultations" not in text_of(at)
    access.open_glass(store, who, "A client fainted on the way home", now())
    at.run()
    at.switch_page("pages/home.py").run()
    assert "Emergency reading is open" in text_of(at) and "Open consultations" in text_of(at)
    at.text_input(key="code_name").input("Somebody")
    at.button(key="start_new").click().run()
    assert not [one for one in records.list_drafts(store, 10) if one.code_name == "Somebody"]


def test_the_next_colleague_does_not_get_the_roles_of_the_one_before(store: records.Store) -> None:
    at, _ = owners_page(store)
    for name, role in (("bea", Role.MEDICAL_DIRECTOR), ("max", Role.MANAGER)):
        for field, words in (("new_shown", name.title()), ("new_name", name)):
            next(one for one in at.text_input if str(one.key).startswith(field)).input(words)
        roles = next(one for one in at.pills if str(one.key).startswith("tap_new_roles"))
        assert roles.value == []
        roles.set_value([*roles.value, role])
        at.button(key="add_person").click().run()
    people = {one.sign_in_name: one.roles for one in access.list_people(store)}
    assert people["bea"] == {Role.MEDICAL_DIRECTOR} and people["max"] == {Role.MANAGER}


def test_a_colleague_who_was_refused_stays_in_the_fields(store: records.Store) -> None:
    at, _ = owners_page(store)
    at.text_input(key="new_shown").input("Bea")
    at.button(key="add_person").click().run()
    assert at.text_input(key="new_shown").value == "Bea"
