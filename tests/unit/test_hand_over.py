"""The tablet in a client's hands, and the second factor: on a real store, with a clock that stands still."""

from __future__ import annotations

import base64
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from medspa_core import access
from medspa_core.access import AccessRefused, Place, Role, SignIn, TooManyTries, Verb, WrongSignIn
from medspa_core.access.schema import second_factors
from medspa_core.access.sign_in import second_factor
from medspa_core.command_line.people_commands import people_lines
from medspa_core.records import Store
from medspa_core.records.audit.log import REFUSED
from medspa_core.records.schema import audit
from tests.unit.test_access import (
    DESK,
    MINUTE,
    NOW,
    PASSWORD,
    PEPPER,
    everything_in,
    hire,
    place,
    sign_in,
    store,
    tablet,
)

__all__ = ["place", "store"]
pytestmark = pytest.mark.usefixtures("quick_hashes")
STEP = timedelta(seconds=30)
PIN = "402917"


def found_of(store: Store, sid: str) -> SignIn:
    found = access.sign_in_of(store, sid, NOW)
    assert found is not None
    return found


def held(store: Store, place: str) -> str:
    """The id of a sign-in that a client holds the tablet of."""
    hire(store, place, "ana", Role.OWNER, Role.CLINICIAN)
    made = sign_in(store, "ana")
    access.hand_over(store, made.id, "c-1", NOW)
    return made.id


def whats(store: Store) -> list[tuple[str, int]]:
    with store.reading() as connection:
        rows = connection.execute(select(audit.c.detail, audit.c.outcome).order_by(audit.c.seq)).all()
    return [(str(row.detail), row.outcome) for row in rows]


# in a client's hands


def test_in_a_clients_hands_nothing_but_clients_is_open(store: Store, place: str) -> None:
    person = found_of(store, held(store, place)).person
    assert {verb for verb in Verb if access.may(person, verb)} == {Verb.READ_CLIENTS, Verb.CHANGE_CLIENTS}


def test_it_stays_with_the_first_consultation_until_it_is_taken_back(store: Store, place: str) -> None:
    sid = held(store, place)
    access.hand_over(store, sid, "c-2", NOW)
    assert found_of(store, sid).held_to == "c-1"
    access.take_back(store, sid, PASSWORD, DESK, PEPPER, NOW)
    assert found_of(store, sid).held_to is None
    assert access.may(found_of(store, sid).person, Verb.MANAGE_PEOPLE)


def test_the_curtain_is_lifted_by_the_same(store: Store, place: str) -> None:
    hire(store, place, "ana", Role.AESTHETICIAN)
    made = sign_in(store, "ana")
    access.cover(store, made.id, NOW)
    assert found_of(store, made.id).covered and found_of(store, made.id).person.held
    with pytest.raises(WrongSignIn):
        access.take_back(store, made.id, "not this one", DESK, PEPPER, NOW)
    assert found_of(store, made.id).covered
    access.take_back(store, made.id, PASSWORD, DESK, PEPPER, NOW)
    assert not found_of(store, made.id).covered


def test_five_wrong_ones_and_the_sixth_is_refused_even_if_right(store: Store, place: str) -> None:
    sid = held(store, place)
    for number in range(5):
        with pytest.raises(WrongSignIn):
            access.take_back(store, sid, f"wrong wrong {number}", DESK, PEPPER, NOW)
    for secret in ("wrong again", PASSWORD):
        with pytest.raises(TooManyTries):
            access.take_back(store, sid, secret, DESK, PEPPER, NOW)
    with pytest.raises(TooManyTries):  # the same tries as on the sign-in page
        sign_in(store, "ana")
    assert [outcome for what, outcome in whats(store) if "taken back" in what] == [REFUSED] * 5


def test_on_an_enrolled_tablet_the_pin_takes_it_back_elsewhere_it_does_not(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    access.set_pin(store, ana.id, PIN, PEPPER, NOW, None)
    device, _ = tablet(store, place)
    here = Place("192.0.2.9", device)
    made = access.sign_in_with_pin(store, ana.id, PIN, here, PEPPER, NOW)
    access.hand_over(store, made.id, "c-1", NOW)
    assert access.opens_by(found_of(store, made.id).person, here) == "pin"
    assert access.opens_by(found_of(store, made.id).person, DESK) == "password"
    with pytest.raises(WrongSignIn):
        access.take_back(store, made.id, PIN, DESK, PEPPER, NOW)
    with pytest.raises(WrongSignIn):
        access.take_back(store, made.id, "111222", here, PEPPER, NOW)
    access.take_back(store, made.id, PIN, here, PEPPER, NOW)
    access.hand_over(store, made.id, "c-1", NOW)
    access.take_back(store, made.id, PASSWORD, here, PEPPER, NOW)
    assert found_of(store, made.id).held_to is None


def test_an_ended_sign_in_is_neither_handed_over_nor_taken_back(store: Store, place: str) -> None:
    sid = held(store, place)
    access.sign_out(store, sid, NOW)
    with pytest.raises(WrongSignIn):
        access.take_back(store, sid, PASSWORD, DESK, PEPPER, NOW)


def test_a_step_that_needs_the_password_is_refused_in_a_clients_hands_though_it_was_given_just_before(
    store: Store, place: str
) -> None:
    found = found_of(store, held(store, place))
    assert access.stepped_up(found, NOW)
    with pytest.raises(AccessRefused):
        access.require_now(found, Verb.MANAGE_PEOPLE, NOW)


# the second factor


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    secret = b"12345678901234567890"
    expected = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
    assert {at: second_factor.code_at(secret, at // 30) for at in expected} == expected


def begun(store: Store, person: access.Person) -> bytes:
    """A second factor that was begun: its secret, read from the QR's address."""
    address = urlsplit(access.begin_second_factor(store, person, PEPPER, NOW))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    typed = parse_qs(address.query)["secret"][0]
    return base64.b32decode(typed + "=" * (-len(typed) % 8))


def code_of(secret: bytes, at=NOW) -> str:
    return second_factor.code_at(secret, int(at.timestamp()) // 30)


def enrolled(store: Store, place: str, *roles: Role) -> tuple[access.Person, bytes]:
    """Somebody who has confirmed one, an hour ago."""
    ana = hire(store, place, "ana", *(roles or (Role.CLINICIAN,)))
    secret, before = begun(store, ana), NOW - 60 * MINUTE
    made = sign_in(store, "ana", before)
    access.give_second_factor(
        store, access.sign_in_of(store, made.id, before), code_of(secret, before), DESK, PEPPER, before
    )
    return ana, secret


def test_away_from_an_enrolled_tablet_the_password_alone_opens_nothing(store: Store, place: str) -> None:
    _, secret = enrolled(store, place)
    made = sign_in(store, "ana")
    assert made.second_due and found_of(store, made.id).ended == access.SECOND_DUE
    with pytest.raises(AccessRefused):
        access.require_now(found_of(store, made.id), Verb.READ_CLIENTS, NOW)
    access.give_second_factor(store, found_of(store, made.id), code_of(secret), DESK, PEPPER, NOW)
    assert not found_of(store, made.id).ended


def test_on_an_enrolled_tablet_the_tablet_is_the_second_factor(store: Store, place: str) -> None:
    enrolled(store, place)
    device, _ = tablet(store, place)
    assert not sign_in(store, "ana", where=Place("192.0.2.9", device)).second_due


def test_an_aesthetician_is_not_asked_for_one(store: Store, place: str) -> None:
    enrolled(store, place, Role.AESTHETICIAN)
    assert not sign_in(store, "ana").second_due


def test_the_same_code_twice_is_refused(store: Store, place: str) -> None:
    _, secret = enrolled(store, place)
    first, second = sign_in(store, "ana"), sign_in(store, "ana")
    access.give_second_factor(store, found_of(store, first.id), code_of(secret), DESK, PEPPER, NOW)
    for code in (code_of(secret), code_of(secret, NOW - STEP)):
        with pytest.raises(WrongSignIn):
            access.give_second_factor(store, found_of(store, second.id), code, DESK, PEPPER, NOW)
    access.give_second_factor(store, found_of(store, second.id), code_of(secret, NOW + STEP), DESK, PEPPER, NOW)


def test_of_two_at_once_with_the_same_code_one_gets_in(store: Store, place: str) -> None:
    _, secret = enrolled(store, place)
    both = [found_of(store, sign_in(store, "ana").id) for _ in range(2)]
    got: list[str] = []

    def give(one: SignIn) -> None:
        try:
            access.give_second_factor(store, one, code_of(secret), DESK, PEPPER, NOW)
            got.append("in")
        except WrongSignIn:
            got.append("refused")

    tabs = [threading.Thread(target=give, args=(one,)) for one in both]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(got) == ["in", "refused"]


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_one_step_off_is_accepted_two_are_not(store: Store, place: str, steps: int, right: bool) -> None:
    _, secret = enrolled(store, place)
    made, code = sign_in(store, "ana"), code_of(secret, NOW + steps * STEP)
    if right:
        access.give_second_factor(store, found_of(store, made.id), f" {code[:3]} {code[3:]} ", DESK, PEPPER, NOW)
    else:
        with pytest.raises(WrongSignIn):
            access.give_second_factor(store, found_of(store, made.id), code, DESK, PEPPER, NOW)
    assert bool(found_of(store, made.id).ended) is not right


def test_the_password_given_again_in_between_buys_no_more_tries_at_the_code(store: Store, place: str) -> None:
    _, secret = enrolled(store, place)
    looked_at = 0
    with pytest.raises(TooManyTries):
        for _ in range(20):
            made = sign_in(store, "ana")
            looked_at += 1
            with pytest.raises(WrongSignIn):
                access.give_second_factor(store, found_of(store, made.id), "000000", DESK, PEPPER, NOW)
            looked_at += 1
    assert looked_at == 5
    later = NOW + timedelta(days=1, minutes=1)
    made = sign_in(store, "ana", later)
    access.give_second_factor(
        store, access.sign_in_of(store, made.id, later), code_of(secret, later), DESK, PEPPER, later
    )


def test_who_waits_longer_than_five_minutes_begins_again(store: Store, place: str) -> None:
    _, secret = enrolled(store, place)
    made = sign_in(store, "ana")
    late = NOW + 5 * MINUTE
    found = access.sign_in_of(store, made.id, late)
    assert found is not None and found.ended == "no second factor"
    access.give_second_factor(store, found, code_of(secret, late), DESK, PEPPER, late)
    assert access.sign_in_of(store, made.id, late).ended == "no second factor"  # type: ignore[union-attr]


def test_the_owner_can_require_it_and_it_is_then_begun_at_the_sign_in(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.MEDICAL_DIRECTOR)
    assert not sign_in(store, "ana").second_due
    access.require_second_factor(store, True, NOW, None)
    assert access.second_factor_required(store)
    made = sign_in(store, "ana")
    assert made.second_due
    secret = begun(store, ana)
    assert begun(store, ana) == secret
    access.give_second_factor(store, found_of(store, made.id), code_of(secret), DESK, PEPPER, NOW)
    assert not found_of(store, made.id).ended and access.has_second_factor(store, ana.id)
    access.require_second_factor(store, False, NOW, None)
    assert sign_in(store, "ana").second_due


def test_one_that_was_confirmed_is_never_shown_again_and_taken_away_only_whole(store: Store, place: str) -> None:
    ana, _ = enrolled(store, place)
    with pytest.raises(WrongSignIn):
        access.begin_second_factor(store, ana, PEPPER, NOW)
    access.end_second_factor(store, ana.id, NOW, None)
    assert not access.has_second_factor(store, ana.id) and not sign_in(store, "ana").second_due


def test_the_store_without_the_pepper_makes_no_code(store: Store, place: str) -> None:
    ana, secret = enrolled(store, place)
    kept = everything_in(store)
    for form in (secret.hex(), base64.b64encode(secret).decode(), second_factor.base32(secret)):
        assert form not in kept
    with store.reading() as connection:
        sealed = connection.execute(select(second_factors.c.secret)).scalar_one()
    for who, pepper in ((ana.id, bytes(32)), ("somebody else", PEPPER)):
        with pytest.raises(WrongSignIn):
            second_factor._opened(sealed, who, pepper)


# one sign-in of several


def test_one_sign_in_is_revoked_and_the_others_stay(store: Store, place: str) -> None:
    ana = hire(store, place, "ana", Role.CLINICIAN)
    first, second = sign_in(store, "ana"), sign_in(store, "ana")
    access.revoke_sign_in(store, first.id, NOW, ana.id)
    assert found_of(store, first.id).ended == "revoked" and not found_of(store, second.id).ended
    assert [one.id for one in access.list_open(store, NOW)] == [second.id]


# people on the command line


def test_the_command_line_lists_people_and_helps_an_owner_who_is_locked_out(store: Store, place: str) -> None:
    assert "Nobody yet" in people_lines(store, "list", "", NOW)[0]
    hire(store, place, "olga", Role.OWNER)
    hire(store, place, "ana", Role.CLINICIAN)
    assert people_lines(store, "list", "", NOW) == [
        "ana: Ana; clinician; Main street; -",
        "olga: Olga; owner; Main street; -",
    ]
    code = people_lines(store, "code", " Olga ", NOW)[0].split()[-1]
    access.recover(store, "olga", code, "another quiet Tuesday", DESK, PEPPER, NOW)
    made = sign_in(store, "ana")
    people_lines(store, "disable", "ana", NOW)
    assert found_of(store, made.id).ended and "can't sign in" in people_lines(store, "list", "", NOW)[0]
    people_lines(store, "enable", "ana", NOW)
    assert access.begin_second_factor(store, found_of(store, made.id).person, PEPPER, NOW)
    people_lines(store, "no-second-factor", "ana", NOW)
    for act, name, words in (
        ("disable", "olga", "only owner"),
        ("code", "nobody", "nobody has"),
        ("code", "", "no name"),
    ):
        with pytest.raises(access.PersonProblem, match=words):
            people_lines(store, act, name, NOW)
