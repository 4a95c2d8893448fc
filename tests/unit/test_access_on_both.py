"""People, sign-ins, tablets, tries, the second factor and break-glass do the same on both engines."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from medspa_core import access
from medspa_core.access import PersonProblem, Place, Role, TooManyTries, WrongSignIn
from medspa_core.access.first_start import first_start_code
from medspa_core.access.sign_in import second_factor
from medspa_core.command_line.people_commands import first_start_lines
from medspa_core.records import Store, StoreNotWritable
from tests.records_support import NOW, Clinic, nothing_can_be_written
from tests.unit.test_hand_over import begun, code_of

PASSWORD, PIN, PEPPER = "a quiet Tuesday by the sea", "402917", bytes(range(32))
DESK = Place("192.0.2.7")
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("quick_hashes")
HOSTILE = ["<img src=x onerror=alert(1)>", "![x](http://evil.example/x.png)", "=1+1", "Robert'); DROP TABLE people;--"]


def hire(store: Store, name: str, *roles: Role) -> access.Person:
    there = access.list_locations(store) or [access.add_location(store, "Main street", NOW)]
    return access.add_person(store, name, name.title(), roles, [there[0].id], NOW, password=PASSWORD)


def sign_in(store: Store, name: str, where: Place = DESK) -> access.NewSignIn:
    return access.sign_in_with_password(store, name, PASSWORD, where, PEPPER, NOW)


def test_the_first_start_makes_one_owner_once(store: Store) -> None:
    code = first_start_code(store, NOW)
    assert code is not None and access.is_trial(store)
    given = ("olga", "Olga", PASSWORD, "Main street", [Role.AESTHETICIAN], ["address:x"], NOW)
    owner = access.make_owner(store, code, *given)
    assert owner.roles == {Role.OWNER, Role.AESTHETICIAN} and not access.is_trial(store)
    with pytest.raises(WrongSignIn):
        access.make_owner(store, code, *given)
    made = sign_in(store, "olga")
    assert access.sign_in_of(store, made.id, NOW).sheet_due  # type: ignore[union-attr]
    access.sheet_put_away(store, owner.id, NOW)
    assert not access.sign_in_of(store, made.id, NOW).sheet_due  # type: ignore[union-attr]


def test_the_code_of_the_first_start_comes_with_the_words_of_a_trial_only_where_there_is_one(store: Store) -> None:
    assert "This is a trial" in first_start_lines(store, "http://127.0.0.1:8501", NOW)
    behind = first_start_lines(store, "https://frontdesk.local", NOW)
    assert "there is no trial" in behind and "https://frontdesk.local/first-start" in behind


def test_a_sign_in_lives_ends_and_is_found_by_its_token(store: Store) -> None:
    hire(store, "ana", Role.CLINICIAN)
    made = sign_in(store, "ana")
    found = access.look_up(store, made.token, NOW + 9 * MINUTE)
    assert found is not None and not found.ended and found.person.roles == {Role.CLINICIAN}
    access.touch(store, made.id, NOW + 9 * MINUTE)
    assert access.look_up(store, made.token, NOW + 19 * MINUTE).ended == "idle"  # type: ignore[union-attr]
    assert access.look_up(store, made.token, NOW).ended == "idle"  # type: ignore[union-attr]


def test_a_sign_in_that_is_over_is_over_also_while_that_can_not_be_written_down(store: Store) -> None:
    hire(store, "ana", Role.CLINICIAN)
    made = sign_in(store, "ana")
    with nothing_can_be_written(store):
        assert access.sign_in_of(store, made.id, NOW + 11 * MINUTE).ended == "idle"  # type: ignore[union-attr]
        assert access.look_up(store, made.token, NOW + 11 * MINUTE).ended == "idle"  # type: ignore[union-attr]
        with pytest.raises(StoreNotWritable):
            access.touch(store, made.id, NOW + MINUTE)
    assert not access.look_up(store, made.token, NOW + 2 * MINUTE).ended  # type: ignore[union-attr]


def test_a_tablet_with_a_pin_is_handed_over_and_taken_back(store: Store) -> None:
    ana = hire(store, "ana", Role.CLINICIAN)
    access.set_pin(store, ana.id, PIN, PEPPER, NOW, None)
    place = access.list_locations(store)[0].id
    _, code = access.invite_device(store, "Tablet", place, NOW, None)
    device, token = access.enrol_device(store, code, ["address:x"], NOW)
    assert access.device_of(store, token) == device
    here = Place("192.0.2.8", device)
    made = access.sign_in_with_pin(store, ana.id, PIN, here, PEPPER, NOW)
    access.hand_over(store, made.id, "c-1", NOW)
    access.cover(store, made.id, NOW)
    found = access.look_up(store, made.token, NOW, device)
    assert found is not None and (found.held_to, found.covered, found.person.held) == ("c-1", True, True)
    access.take_back(store, made.id, PIN, here, PEPPER, NOW)
    assert not access.sign_in_of(store, made.id, NOW).person.held  # type: ignore[union-attr]
    access.revoke_device(store, device.id, NOW, None)
    assert access.sign_in_of(store, made.id, NOW).ended == "device revoked"  # type: ignore[union-attr]


def test_tries_side_by_side_are_counted_each(store: Store) -> None:
    hire(store, "ana", Role.CLINICIAN)
    seen: list[str] = []

    def guess(number: int) -> None:
        try:
            access.sign_in_with_password(store, "ana", f"wrong {number}", DESK, PEPPER, NOW)
        except (WrongSignIn, TooManyTries) as problem:
            seen.append(type(problem).__name__)

    tabs = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(seen) == ["TooManyTries"] * 7 + ["WrongSignIn"] * 5


def test_the_second_factor_is_asked_used_once_and_taken_away(store: Store) -> None:
    ana = hire(store, "ana", Role.CLINICIAN)
    access.require_second_factor(store, True, NOW, None)
    made = sign_in(store, "ana")
    waits = access.sign_in_of(store, made.id, NOW)
    assert waits is not None and waits.ended == access.SECOND_DUE
    with pytest.raises(WrongSignIn):
        access.give_second_factor(store, waits, "000000", DESK, PEPPER, NOW)
    secret = begun(store, ana)
    access.give_second_factor(store, waits, code_of(secret, NOW), DESK, PEPPER, NOW)
    assert not access.sign_in_of(store, made.id, NOW).ended  # type: ignore[union-attr]
    with pytest.raises(WrongSignIn):
        access.give_second_factor(store, waits, code_of(secret, NOW), DESK, PEPPER, NOW)
    access.end_second_factor(store, ana.id, NOW, None)
    assert not access.has_second_factor(store, ana.id) and second_factor.DRIFT == 1


def test_break_glass_is_open_for_half_an_hour_and_seen_by_the_other(store: Store) -> None:
    owner, director = hire(store, "olga", Role.OWNER), hire(store, "dan", Role.MEDICAL_DIRECTOR)
    glass = access.open_glass(store, owner, "A client fainted on the way home", NOW)
    made = sign_in(store, "olga")
    person = access.sign_in_of(store, made.id, NOW).person  # type: ignore[union-attr]
    assert person.glass_open and access.open_until(store, person, NOW) == glass.until
    assert [one.id for one in access.unseen_glass(store, director)] == [glass.id]
    access.acknowledge_glass(store, glass.id, director, NOW)
    assert access.unseen_glass(store, director) == []


def test_people_places_and_licences_change_and_clashes_are_said(store: Store) -> None:
    ana = hire(store, "ana", Role.CLINICIAN)
    harbour = access.add_location(store, "Harbour", NOW)
    access.change_locations(store, ana.id, [harbour.id], NOW, None)
    access.add_licence(store, ana.id, access.Licence("draw", "TX", "1"), NOW, None)
    access.add_licence(store, ana.id, access.Licence("draw", "tx", "2"), NOW, None)
    found = access.load_person(store, ana.id)
    assert found.locations == {harbour.id} and [one.number for one in found.licences] == ["2"]
    access.remove_licence(store, ana.id, "draw", "TX", NOW, None)
    for clash in (
        lambda: access.rename_location(store, harbour.id, "Main street", NOW, None),
        lambda: access.add_person(store, "ANA", "Other", [Role.OWNER], [harbour.id], NOW),
        lambda: access.remove_licence(store, ana.id, "draw", "TX", NOW, None),
        lambda: access.change_locations(store, ana.id, ["elsewhere"], NOW, None),
    ):
        with pytest.raises(PersonProblem):
            clash()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_kept_as_it_is(store: Store, name: str) -> None:
    place = access.add_location(store, name, NOW)
    one = access.add_person(store, "ana", name, [Role.CLINICIAN], [place.id], NOW)
    assert access.load_person(store, one.id).shown_name == name
    assert [kept.name for kept in access.list_locations(store)] == [name]


@pytest.mark.parametrize("name", ["a\x00b", "a\u202eb", "\x1b[31m", "", "x" * 81])
def test_a_name_that_would_hide_or_break_something_is_refused_on_both(store: Store, name: str) -> None:
    place = access.add_location(store, "Main street", NOW)
    with pytest.raises(PersonProblem):
        access.add_person(store, "ana", name, [Role.CLINICIAN], [place.id], NOW)
    with pytest.raises(PersonProblem):
        access.add_location(store, name, NOW)
    assert access.list_people(store) == []


def test_what_people_do_is_in_one_chain_that_verifies(clinic: Clinic) -> None:
    from medspa_core.records.database.checks import verify
    from medspa_core.records.database.store_location import place_of

    with clinic.create() as store:
        hire(store, "ana", Role.CLINICIAN)
        sign_in(store, "ana")
    assert verify(place_of(clinic.where), clinic.keys) == []
