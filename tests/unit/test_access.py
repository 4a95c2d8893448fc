"""People, sign-ins and rights on a real store: who is let in, who is not, until when, and what each role may do."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from medspa_core import access
from medspa_core.access import (
    AccessRefused,
    Licence,
    PasswordProblem,
    Person,
    PersonProblem,
    Place,
    Reach,
    Role,
    SteadyClock,
    TooManyTries,
    Verb,
    WrongSignIn,
)
from medspa_core.access.first_start import first_start_code
from medspa_core.access.schema import people
from medspa_core.access.schema import sign_ins as sign_in_rows
from medspa_core.access.secrets import passwords
from medspa_core.access.secrets.failed_attempts import FREE_TRIES
from medspa_core.access.sign_in import authentication
from medspa_core.records import Store, create_store, new_keys, store_file
from medspa_core.records.schema import audit, metadata
from tests.ready_stores import put_ready_store

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PEPPER = bytes(range(32))
PASSWORD = "a quiet Tuesday by the sea"
DESK = Place("192.0.2.7")
pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def store(tmp_path: Path):
    file, keys = store_file(tmp_path / "home"), new_keys()
    put_ready_store(file, keys)
    with create_store(file, keys, lambda: NOW) as opened:
        yield opened


@pytest.fixture
def place(store: Store) -> str:
    return access.add_location(store, "Main street", NOW).id


def hire(store: Store, place: str, name: str, *roles: Role, password: str | None = PASSWORD) -> Person:
    return access.add_person(store, name, name.title(), roles, [place], NOW, password=password)


def sign_in(store: Store, name: str, now: datetime = NOW, password: str = PASSWORD, where: Place = DESK):
    return access.sign_in_with_password(store, name, password, where, PEPPER, now)


def tablet(store: Store, place: str, now: datetime = NOW) -> tuple[access.Device, str]:
    _, code = access.invite_device(store, "Tablet", place, now, None)
    return access.enrol_device(store, code, ["address:test"], now)


def everything_in(store: Store) -> str:
    """Every row of every table, as text."""
    with store.reading() as connection:
        return repr([connection.execute(select(table)).all() for table in metadata.sorted_tables])


# rights

EXPECTED = {  # the table of the practice, written out once more by hand
    Verb.READ_CLIENTS: "here here all no no",
    Verb.CHANGE_CLIENTS: "here here all no no",
    Verb.SIGN_REVIEW: "no here all no no",
    Verb.APPROVE_RULEBOOK: "no no all no no",
    Verb.SET_OFFER: "no no all no all",
    Verb.SEE_FIGURES: "own own all all all",
    Verb.PLAN_CAPACITY: "no no all all all",
    Verb.IMPORT_FIGURES: "no no all all all",
    Verb.EXPORT_CLIENTS: "no no all no no",
    Verb.MANAGE_PEOPLE: "no no no no all",
    Verb.AUDIT_REPORT: "no no all no all",
    Verb.PURGE: "no no all no all",
}


def somebody(*roles: Role, **other: object) -> Person:
    return Person("p", "p", "P", frozenset(roles), frozenset({"here"}), **other)  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says_and_nothing_else(verb: Verb, role: Role) -> None:
    how_far = EXPECTED[verb].split()[list(Role).index(role)]
    person = somebody(role)
    assert access.may(person, verb, "here") is (how_far in ("here", "all"))
    assert access.may(person, verb, "elsewhere") is (how_far == "all")
    assert access.may(person, verb, "elsewhere", own=True) is (how_far in ("own", "all"))
    assert access.may(person, verb) is (how_far != "no")


def test_several_roles_add_up_and_nobody_without_a_role_may_anything() -> None:
    both = somebody(Role.OWNER, Role.CLINICIAN)
    assert access.may(both, Verb.MANAGE_PEOPLE)
    assert access.may(both, Verb.READ_CLIENTS, "here")
    assert not access.may(both, Verb.READ_CLIENTS, "elsewhere")
    assert not any(access.may(somebody(), verb) for verb in Verb)
    assert not any(access.may(somebody(*Role, disabled=True), verb) for verb in Verb)


def test_a_pin_never_opens_manager_owner_export_or_purge() -> None:
    everything = somebody(*Role, by_pin=True)
    opened = {verb for verb in Verb if access.may(everything, verb, "here")}
    assert opened == {Verb.READ_CLIENTS, Verb.CHANGE_CLIENTS, Verb.SIGN_REVIEW}
    assert access.reach(everything, Verb.SEE_FIGURES) is Reach.OWN_FACTS
    assert not access.may(somebody(Role.MANAGER, by_pin=True), Verb.READ_CLIENTS)


def test_another_locations_object_answers_as_a_missing_one() -> None:
    with pytest.raises(AccessRefused, match="not found"):
        access.require(somebody(Role.AESTHETICIAN), Verb.READ_CLIENTS, "elsewhere")
    with pytest.raises(AccessRefused, match="not open to you"):
        access.require(somebody(Role.MANAGER), Verb.READ_CLIENTS, "here")


def test_who_lacks_the_licence_of_a_step_cannot_be_recorded_for_it() -> None:
    licensed = somebody(Role.CLINICIAN, licences=(Licence("draw", "TX", "1", date(2027, 1, 31)),))
    assert access.may_do_step(licensed, "draw", "TX", date(2027, 1, 31))
    assert not access.may_do_step(licensed, "draw", "TX", date(2027, 2, 1))
    assert not access.may_do_step(licensed, "draw", "OK", NOW.date())
    assert access.may_do_step(licensed, "", "TX", NOW.date())
    with pytest.raises(AccessRefused, match=r"needling of the area \(needling\)"):
        access.require_steps(licensed, [("needling of the area", "needling"), ("draw", "draw")], "TX", NOW.date())


# passwords and PINs


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password123",
        "P@ssw0rd1",
        "Summer2026!",
        "qwertyuiop",
        "12345678",
        "aaaaaaaa",
        "Letmein1234",
        "asdfasdf",
    ],
)
def test_short_and_common_passwords_are_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(PasswordProblem) as problem:
        passwords.hash_password(password)
    assert password not in str(problem.value)


def test_the_list_of_common_passwords_is_at_least_three_thousand_long() -> None:
    from medspa_core.access.secrets import common_passwords

    assert sum(len(one) >= passwords.SHORTEST for one in common_passwords._common()) >= 3000


@pytest.mark.parametrize(
    "password", ["grüne Wiese am See", "quiet sea " * 7 + "y", "correct horse battery", "zzzz zzzz zzzy q"]
)
def test_long_and_foreign_passwords_are_taken_whole(password: str) -> None:
    kept = passwords.hash_password(password)
    assert passwords.password_is(password, kept)
    assert not passwords.password_is(password[:-1], kept)


def test_ones_own_name_is_no_password() -> None:
    with pytest.raises(PasswordProblem):
        passwords.hash_password("Margarethe", "margarethe")


def test_passwords_are_hashed_with_argon2id_64_mib(full_strength: None) -> None:
    assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_pin_needs_six_digits_and_its_pepper() -> None:
    kept = passwords.hash_pin("402917", PEPPER)
    assert passwords.pin_is("402917", kept, PEPPER)
    assert not passwords.pin_is("402917", kept, bytes(32))
    for bad in ("12345", "123456", "000000", "40291a", "४०२९१७"):
        with pytest.raises(PasswordProblem):
            passwords.hash_pin(bad, PEPPER)


def test_an_older_hash_is_renewed_at_the_next_sign_in(
    store: Store, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sign_in(store, "ana")
    with store.reading() as connection:
        assert "m=16,t=2" in connection.execute(select(people.c.password_hash)).scalar_one()
    sign_in(store, "ana")


# sign-ins


def test_a_sign_in_is_found_by_its_token_and_the_store_holds_only_the_hash(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    made = sign_in(store, " Ana ")
    found = access.look_up(store, made.token, NOW)
    assert found is not None and found.person.id == ana.id and not found.ended
    assert access.look_up(store, made.token + "x", NOW) is None
    assert access.look_up(store, "", NOW) is None
    assert made.token not in everything_in(store)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    for name, password in (("ana", "wrong wrong"), ("nobody", PASSWORD)):
        with pytest.raises(WrongSignIn) as problem:
            sign_in(store, name, password=password)
        assert str(problem.value) == str(WrongSignIn())


def test_it_ends_after_ten_minutes_without_a_touch_and_stays_ended(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    made = sign_in(store, "ana")
    access.touch(store, made.id, NOW + 9 * MINUTE)
    assert not access.look_up(store, made.token, NOW + 18 * MINUTE).ended  # type: ignore[union-attr]
    assert access.look_up(store, made.token, NOW + 19 * MINUTE).ended == "idle"  # type: ignore[union-attr]
    access.set_idle_minutes(store, 15, NOW, None)
    access.touch(store, made.id, NOW + 19 * MINUTE)
    assert access.sign_in_of(store, made.id, NOW).ended == "idle"  # type: ignore[union-attr]


def test_it_ends_after_twelve_hours_whatever_is_touched(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    made = sign_in(store, "ana")
    moment = NOW
    while moment < NOW + timedelta(hours=12) - 5 * MINUTE:
        moment += 5 * MINUTE
        access.touch(store, made.id, moment)
    assert not access.look_up(store, made.token, moment).ended  # type: ignore[union-attr]
    assert access.look_up(store, made.token, NOW + timedelta(hours=12)).ended == "too long"  # type: ignore[union-attr]


def test_the_idle_time_is_two_to_fifteen_minutes(store: Store) -> None:
    assert access.idle_minutes(store) == 10
    access.set_idle_minutes(store, 2, NOW, None)
    assert access.idle_minutes(store) == 2
    for minutes in (1, 16):
        with pytest.raises(ValueError, match="2 to 15"):
            access.set_idle_minutes(store, minutes, NOW, None)


def test_sign_out_revoke_disable_and_a_new_password_end_it_at_once(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    ways = {
        "signed out": lambda sid: access.sign_out(store, sid, NOW),
        "revoked": lambda _: access.sign_everybody_out(store, ana.id, NOW, None),
        "password changed": lambda _: access.set_password(store, ana.id, PASSWORD, NOW, None),
        "person disabled": lambda _: access.disable_person(store, ana.id, NOW, None),
    }
    for why, end in ways.items():
        made = sign_in(store, "ana")
        end(made.id)
        assert access.look_up(store, made.token, NOW).ended == why  # type: ignore[union-attr]
    with pytest.raises(WrongSignIn):
        sign_in(store, "ana")
    access.enable_person(store, ana.id, NOW, None)
    assert access.look_up(store, made.token, NOW).ended == "person disabled"  # type: ignore[union-attr]
    sign_in(store, "ana")


def test_other_roles_hold_at_the_next_look(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    made = sign_in(store, "ana")
    access.change_roles(store, ana.id, [Role.MANAGER], NOW, None)
    found = access.sign_in_of(store, made.id, NOW)
    assert found is not None and found.person.roles == {Role.MANAGER}


def test_the_last_owner_stays_owner(store: Store, place: str) -> None:
    owner = hire(store, place, "olga", Role.OWNER)
    with pytest.raises(PersonProblem):
        access.change_roles(store, owner.id, [Role.CLINICIAN], NOW, None)
    with pytest.raises(PersonProblem):
        access.disable_person(store, owner.id, NOW, None)
    hire(store, place, "oscar", Role.OWNER)
    access.disable_person(store, owner.id, NOW, None)


def test_the_clock_never_goes_back_and_never_stands_still() -> None:
    wall, counter = [NOW], [0.0]
    clock = SteadyClock(lambda: wall[0], lambda: counter[0], NOW - MINUTE)
    assert clock.now() == NOW
    wall[0], counter[0] = NOW - timedelta(days=1), 60.0
    assert clock.now() == NOW + MINUTE
    counter[0] = 120.0
    assert clock.now() == NOW + 2 * MINUTE
    wall[0] = NOW + timedelta(hours=1)
    assert clock.now() == NOW + timedelta(hours=1)
    assert SteadyClock(lambda: NOW, lambda: 0.0, NOW + MINUTE).now() == NOW + MINUTE


def test_what_matters_most_asks_for_the_password_again(store: Store, place: str) -> None:
    hire(store, place, "olga", Role.OWNER)
    made = sign_in(store, "olga")
    access.touch(store, made.id, NOW + 6 * MINUTE)
    late = NOW + 6 * MINUTE
    with pytest.raises(AccessRefused, match="password again"):
        access.require_now(access.sign_in_of(store, made.id, late), Verb.MANAGE_PEOPLE, late)
    with pytest.raises(WrongSignIn):
        access.step_up(store, made.id, "not it at all", DESK, PEPPER, late)
    access.step_up(store, made.id, PASSWORD, DESK, PEPPER, late)
    access.require_now(access.sign_in_of(store, made.id, late), Verb.MANAGE_PEOPLE, late)
    with pytest.raises(AccessRefused, match="signed out"):
        access.require_now(None, Verb.READ_CLIENTS, late)


# devices


def test_a_device_code_works_once_and_for_fifteen_minutes(store: Store, place: str) -> None:
    _, code = access.invite_device(store, "Tablet", place, NOW, None)
    device, token = access.enrol_device(store, code.lower().replace("-", " "), ["address:a"], NOW + 14 * MINUTE)
    assert access.device_of(store, token) == device
    with pytest.raises(PersonProblem):
        access.enrol_device(store, code, ["address:a"], NOW + 14 * MINUTE)
    _, late = access.invite_device(store, "Tablet", place, NOW, None)
    with pytest.raises(PersonProblem):
        access.enrol_device(store, late, ["address:a"], NOW + 15 * MINUTE)


def test_a_revoked_device_signs_everybody_out_on_it(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    device, token = tablet(store, place)
    made = sign_in(store, "ana", where=Place("x", device))
    assert access.look_up(store, made.token, NOW, device).ended == ""  # type: ignore[union-attr]
    assert access.look_up(store, made.token, NOW).ended == "another device"  # type: ignore[union-attr]
    access.revoke_device(store, device.id, NOW, None)
    assert access.device_of(store, token) is None
    assert access.look_up(store, made.token, NOW, device).ended == "device revoked"  # type: ignore[union-attr]


def test_a_pin_opens_on_an_enrolled_tablet_of_ones_location_only(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    access.set_pin(store, ana.id, "402917", PEPPER, NOW, None)
    here, _ = tablet(store, place)
    there, _ = tablet(store, access.add_location(store, "Elm street", NOW).id)
    made = access.sign_in_with_pin(store, ana.id, "402917", Place("x", here), PEPPER, NOW)
    assert access.look_up(store, made.token, NOW, here).person.by_pin  # type: ignore[union-attr]
    assert [one.id for one in access.people_with_a_pin(store, here.id)] == [ana.id]
    assert access.people_with_a_pin(store, there.id) == []
    for where in (Place("x", there), Place("x")):
        with pytest.raises(WrongSignIn):
            access.sign_in_with_pin(store, ana.id, "402917", where, PEPPER, NOW)


# wrong tries


def test_after_five_wrong_ones_even_the_right_one_is_refused_for_a_growing_time(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            sign_in(store, "ana", password="wrong wrong")
    moment, waits = NOW, []
    for _ in range(8):
        with pytest.raises(TooManyTries) as refused:
            sign_in(store, "ana", moment)
        waits.append(refused.value.seconds)
        moment += timedelta(seconds=refused.value.seconds)
        with pytest.raises(WrongSignIn):
            sign_in(store, "ana", moment, password="wrong wrong")
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    sign_in(store, "ana", moment + 15 * MINUTE)
    sign_in(store, "ana", moment + 15 * MINUTE)


def test_the_count_survives_a_restart(tmp_path: Path) -> None:
    file, keys = store_file(tmp_path / "home"), new_keys()
    with create_store(file, keys, lambda: NOW) as store:
        hire(store, access.add_location(store, "Main", NOW).id, "ana", Role.CLINICIAN)
        for _ in range(5):
            with pytest.raises(WrongSignIn):
                sign_in(store, "ana", password="wrong wrong")
    with create_store(file, keys, lambda: NOW) as again, pytest.raises(TooManyTries):
        sign_in(again, "ana")


def test_wrong_tries_elsewhere_never_lock_a_colleagues_enrolled_tablet(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    device, _ = tablet(store, place)
    for number in range(30):
        with pytest.raises((WrongSignIn, TooManyTries)):
            sign_in(store, f"name{number % 25}", password="wrong wrong")
        with pytest.raises((WrongSignIn, TooManyTries)):
            sign_in(store, "ana", password="wrong wrong")
    with pytest.raises(TooManyTries):
        sign_in(store, "ana")
    sign_in(store, "ana", where=Place(DESK.address, device))


def test_tries_at_the_same_moment_check_no_more_than_five_hashes(
    store: Store, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    checked: list[str] = []
    plain = authentication.password_is
    monkeypatch.setattr(
        authentication, "password_is", lambda given, kept: (checked.append(given), plain(given, kept))[1]
    )
    answers: list[type] = []

    def attempt(number: int) -> None:
        try:
            sign_in(store, "ana", password=f"wrong wrong {number}")
        except (WrongSignIn, TooManyTries) as problem:
            answers.append(type(problem))

    tabs = [threading.Thread(target=attempt, args=(number,)) for number in range(20)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert len(checked) == 5
    assert answers.count(TooManyTries) == 15


def test_what_was_typed_as_a_name_is_nowhere_in_the_store(store: Store) -> None:
    with pytest.raises(WrongSignIn):
        sign_in(store, "my secret typed here", password="x")
    assert "my secret typed here" not in everything_in(store)


# break-glass and the first start


def test_break_glass_reads_for_thirty_minutes_and_the_other_one_acknowledges(store: Store, place: str) -> None:
    owner, director = hire(store, place, "olga", Role.OWNER), hire(store, place, "dora", Role.MEDICAL_DIRECTOR)
    made = sign_in(store, "olga")
    with pytest.raises(AccessRefused):
        access.open_glass(store, hire(store, place, "mia", Role.MANAGER), "a client fell ill at night", NOW)
    with pytest.raises(AccessRefused):
        access.open_glass(store, owner, "hm", NOW)
    glass = access.open_glass(store, owner, "a client fell ill at night", NOW)
    person = access.sign_in_of(store, made.id, NOW).person  # type: ignore[union-attr]
    assert access.may(person, Verb.READ_CLIENTS, "anywhere")
    assert not access.may(person, Verb.CHANGE_CLIENTS, "anywhere")
    access.touch(store, made.id, NOW + 9 * MINUTE)
    with pytest.raises(AccessRefused):
        access.acknowledge_glass(store, glass.id, owner, NOW)
    assert [one.reason for one in access.unseen_glass(store, director)] == ["a client fell ill at night"]
    assert access.unseen_glass(store, owner) == []
    access.acknowledge_glass(store, glass.id, director, NOW)
    assert access.unseen_glass(store, director) == []
    later = sign_in(store, "olga", NOW + 30 * MINUTE)
    after = access.sign_in_of(store, later.id, NOW + 30 * MINUTE).person  # type: ignore[union-attr]
    assert not access.may(after, Verb.READ_CLIENTS, "anywhere")


def test_where_nobody_else_could_look_a_broken_glass_waits_until_somebody_is_named(store: Store, place: str) -> None:
    owner = hire(store, place, "olga", Role.OWNER)
    assert not access.somebody_else_may_look(store, owner) and access.waiting_for_a_second(store, owner) == []
    glass = access.open_glass(store, owner, "a client fell ill at night", NOW)
    hire(store, place, "ana", Role.CLINICIAN)
    assert access.waiting_for_a_second(store, owner) == [glass]
    with pytest.raises(AccessRefused):
        access.acknowledge_glass(store, glass.id, owner, NOW)
    director = hire(store, place, "dora", Role.MEDICAL_DIRECTOR)
    assert access.waiting_for_a_second(store, owner) == [] and access.unseen_glass(store, director) == [glass]
    access.disable_person(store, director.id, NOW, owner.id)
    assert access.waiting_for_a_second(store, owner) == [glass]
    access.enable_person(store, director.id, NOW, owner.id)
    access.acknowledge_glass(store, glass.id, director, NOW)
    access.disable_person(store, director.id, NOW, owner.id)
    assert access.waiting_for_a_second(store, owner) == []


def test_the_first_owner_may_say_the_state_at_once_or_later(store: Store) -> None:
    code = first_start_code(store, NOW)
    assert code is not None
    access.make_owner(store, code, "olga", "Olga", PASSWORD, "Main street", [], ["address:a"], NOW, state=" ca ")
    assert [(one.name, one.state) for one in access.list_locations(store)] == [("Main street", "CA")]


def first_owner(store: Store, code: str, password: str = PASSWORD) -> Person:
    also = [Role.AESTHETICIAN]
    return access.make_owner(store, code, "olga", "Olga", password, "Main street", also, ["address:a"], NOW)


def test_the_first_owner_comes_from_the_newest_printed_code_once(store: Store) -> None:
    assert not access.has_people(store)
    old, code = first_start_code(store, NOW), first_start_code(store, NOW)
    assert old and code
    for wrong in (old, "", "AAAA-BBBB-CCCC"):
        with pytest.raises(WrongSignIn):
            first_owner(store, wrong)
    with pytest.raises(PasswordProblem):
        first_owner(store, code, "password1")
    owner = first_owner(store, code)
    assert owner.roles == {Role.OWNER, Role.AESTHETICIAN} and len(owner.locations) == 1
    with pytest.raises(WrongSignIn):
        first_owner(store, code)
    assert first_start_code(store, NOW) is None


def test_a_wrong_code_of_the_first_start_counts_as_a_try(store: Store) -> None:
    """From one address: after as many as a clinic's address has, even the right one waits."""
    code = first_start_code(store, NOW)
    for _ in range(FREE_TRIES["address"]):
        with pytest.raises(WrongSignIn):
            first_owner(store, "AAAA-BBBB-CCCC")
    with pytest.raises(TooManyTries):
        first_owner(store, str(code))
    assert not access.has_people(store)


def test_a_right_code_with_a_bad_password_counts_too_and_the_right_start_gives_one_back(store: Store) -> None:
    code = str(first_start_code(store, NOW))
    for _ in range(FREE_TRIES["address"] - 1):
        with pytest.raises(PasswordProblem):
            first_owner(store, code, "password1")
    assert first_owner(store, code).roles


def test_there_is_no_account_before_the_first_start(store: Store) -> None:
    for name in ("admin", "owner", "demo", ""):
        with pytest.raises(WrongSignIn):
            sign_in(store, name, password=name)


def test_the_recovery_sheet_gives_a_new_password_once_and_ends_what_is_open(store: Store, place: str) -> None:
    owner = hire(store, place, "olga", Role.OWNER)
    made = sign_in(store, "olga")
    code = access.new_recovery_code(store, owner.id, NOW, owner.id)
    with pytest.raises(WrongSignIn):
        access.recover(store, "olga", "no", "another quiet day", DESK, PEPPER, NOW)
    assert access.recover(store, "olga", code.lower(), "another quiet day", DESK, PEPPER, NOW) == owner.id
    assert access.look_up(store, made.token, NOW).ended  # type: ignore[union-attr]
    sign_in(store, "olga", password="another quiet day")
    with pytest.raises(WrongSignIn):
        access.recover(store, "olga", code, "a third quiet day", DESK, PEPPER, NOW)


def test_a_provider_links_by_the_address_on_file_and_then_by_its_subject(store: Store, place: str) -> None:
    ana = access.add_person(store, "ana", "Ana", [Role.CLINICIAN], [place], NOW, email="Ana@Example.com")
    with pytest.raises(WrongSignIn):
        access.sign_in_with_oidc(store, "https://id", "s1", None, DESK, NOW)
    first = access.sign_in_with_oidc(store, "https://id", "s1", "ana@example.com", DESK, NOW)
    again = access.sign_in_with_oidc(store, "https://id", "s1", None, DESK, NOW)
    assert first.person_id == again.person_id == ana.id
    with pytest.raises(WrongSignIn):
        access.sign_in_with_oidc(store, "https://other", "s1", "x@example.com", DESK, NOW)


def test_every_change_and_refusal_leaves_a_row_without_content(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    with pytest.raises(WrongSignIn):
        sign_in(store, "ana", password="wrong wrong")
    made = sign_in(store, "ana")
    access.change_roles(store, ana.id, [Role.AESTHETICIAN], NOW, ana.id)
    access.sign_out(store, made.id, NOW)
    with store.reading() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.seq)).all()
    told = [json.loads(row.detail).get("what") for row in rows]
    assert told[-4:] == ["sign-in refused", "signed in", "roles changed", "signed out"]
    assert [row.outcome for row in rows][-4:] == [4, 0, 0, 0]
    assert rows[-2].actor == ana.id
    assert not any(PASSWORD in row.detail or "wrong" in row.detail for row in rows)


def test_a_row_that_the_clock_overtook_is_ended_for_good(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.CLINICIAN)
    made = sign_in(store, "ana")
    access.look_up(store, made.token, NOW + timedelta(days=2))
    with store.writing() as connection:
        connection.execute(update(sign_in_rows).values(last_touch_at=NOW))
    assert access.look_up(store, made.token, NOW).ended  # type: ignore[union-attr]
