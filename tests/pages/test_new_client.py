"""Adding a client: a date that is none adds nobody, who may be here already is offered first, two taps add one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, clients, records
from medspa_core.access import Role
from medspa_core.clients import Details
from medspa_core.clients.register import DetailsProblem
from tests.pages.conftest import MORNING, program, signed_in, text_of
from views.context import core_access, environment
from views.frame import shell

BORN = date(1984, 3, 7)


def page(name: str = "clients") -> AppTest:
    at = program(Role.AESTHETICIAN)
    at.run()
    at.switch_page(f"pages/{name}.py").run()
    assert not at.exception, at.exception
    return at


def everybody(store: records.Store) -> list[clients.ClientLine]:
    return clients.recent_clients(store, access.list_people(store)[-1])


def made(store: records.Store, name: str, code: str = "A-204", born: date | None = BORN) -> clients.Client:
    signed_in([Role.AESTHETICIAN])
    return clients.new_client(store, access.list_people(store)[-1], Details(code, name, born), MORNING)


def fill(at: AppTest, code: str = "B-1", name: str = "Éloïse D\u2019Angelo", born: str = "3/7/1984") -> AppTest:
    for key, typed in (("code_name", code), ("name", name), ("birth_date", born)):
        at.text_input(key=f"new_client_{key}").input(typed)
    return at


def add(at: AppTest) -> AppTest:
    at.button(key="send_new_client").click().run()
    assert not at.exception, at.exception
    return at


def labels(at: AppTest) -> str:
    return " ".join(button.label for button in at.button)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1984", "That is a year"),
        ("2/31/1984", "no such day"),
        ("25/12/1984", "12/31/1984"),
        ("3/7", "add the year"),
        ("soon", "12/31/1984"),
        ("3/7/2400", "a day from"),
        ("3/7/1899", "a day from"),
    ],
)
def test_a_birth_date_that_is_not_understood_adds_nobody_and_the_form_stays_filled(
    store: records.Store, typed: str, why: str
) -> None:
    at = add(fill(page(), born=typed))
    assert why in text_of(at)
    assert everybody(store) == []
    assert [at.text_input(key=f"new_client_{key}").value for key in ("code_name", "birth_date")] == ["B-1", typed]
    at.text_input(key="new_client_birth_date").input("March 7, 1984")
    add(at)
    assert [(line.name, line.birth_date) for line in everybody(store)] == [("Éloïse D\u2019Angelo", BORN)]


def test_tomorrow_is_no_birth_date_and_an_empty_field_is_none(store: records.Store) -> None:
    tomorrow = environment.today() + timedelta(days=1)
    assert "a day from" in text_of(add(fill(page(), born=tomorrow.isoformat())))
    assert everybody(store) == []
    add(fill(page(), born=" "))
    assert [line.birth_date for line in everybody(store)] == [None]


@pytest.mark.parametrize(
    ("style", "born"), [("day_first", date(1984, 7, 3)), ("month_first", BORN), ("year_first", None)]
)
def test_a_birth_date_is_read_in_the_clinics_order(
    store: records.Store, home: Any, style: str, born: date | None
) -> None:
    (home / "home" / "clinic.toml").write_text(f'date_style = "{style}"\n')
    core_access._rulebook.clear()
    at = add(fill(page(), born="03071984"))
    assert [line.birth_date for line in everybody(store)] == ([born] if born else [])
    assert born or "1984-12-31" in text_of(at)
    core_access._rulebook.clear()


def test_somebody_who_may_be_here_already_is_offered_before_anybody_is_added(store: records.Store) -> None:
    one = made(store, "Eloise DʼAngelo")
    at = add(fill(page()))
    assert "here already" in text_of(at) and len(everybody(store)) == 1
    assert at.text_input(key="new_client_name").value == "Éloïse D\u2019Angelo"
    add(at)  # a second tap on the same button is no yes
    assert len(everybody(store)) == 1
    at.button(key=f"client_here{one.id}").click().run()
    assert not at.exception and at.session_state["client_open"] == one.id


def test_all_the_same_they_can_be_added_once(store: records.Store) -> None:
    made(store, "Eloise DʼAngelo")
    at = add(fill(page()))
    at.button(key="add_anyway").click().run()
    assert not at.exception
    names = {line.name for line in everybody(store)}
    assert names == {"Eloise DʼAngelo", "Éloïse D\u2019Angelo"}
    assert at.session_state["client_open"] in {line.id for line in everybody(store)}


def test_other_details_take_the_warning_away(store: records.Store) -> None:
    made(store, "Eloise DʼAngelo")
    at = add(fill(page()))
    add(fill(at, born="3/8/1984"))
    assert len(everybody(store)) == 2
    at = page()
    assert "here already" not in text_of(at) and at.text_input(key="new_client_name").value == ""


def test_of_a_client_of_another_place_nothing_is_said(store: records.Store) -> None:
    made(store, "Éloïse D'Angelo")
    far = access.add_location(store, "Harbour", MORNING)
    access.add_person(store, "far", "Far", [Role.AESTHETICIAN], [far.id], MORNING, email="far@example.com")
    now = core_access.clock().now()
    at = program(Role.AESTHETICIAN)
    at.user = {"sid": access.sign_in_with_oidc(store, "t", "far", "far@example.com", access.Place("t"), now).id}
    at.run()
    at.switch_page("pages/clients.py").run()
    add(fill(at))
    assert "here already" not in text_of(at) and "A-204" not in text_of(at) + labels(at)
    stranger = next(one for one in access.list_people(store) if one.sign_in_name == "far")
    assert [line.id for line in clients.recent_clients(store, stranger)] == [at.session_state["client_open"]]


def test_two_taps_on_add_make_one_client(store: records.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at = fill(page())
    opened = []
    monkeypatch.setattr(shell, "open_client", opened.append)  # the second tap comes before the page has changed
    add(add(at))
    assert [line.id for line in everybody(store)] == [opened[0]] and opened == opened[:1] * 2
    assert "here already" not in text_of(at)


def test_the_next_form_is_empty_and_another_client(store: records.Store) -> None:
    at = add(fill(page()))
    at.switch_page("pages/clients.py").run()
    assert at.text_input(key="new_client_code_name").value == ""
    add(fill(at, "B-2", "Ivy Rose", ""))
    assert {line.code_name for line in everybody(store)} == {"B-1", "B-2"}


def test_details_with_a_date_that_is_none_are_not_saved(store: records.Store) -> None:
    one = made(store, "Ivy Rose")
    at = program(Role.AESTHETICIAN).run()
    at.session_state["client_open"] = one.id
    at.switch_page("pages/client.py").run()
    field = at.text_input(key=f"change_{one.id}_birth_date")
    assert field.value == "03/07/1984"
    field.input("2/30/1984")
    at.button(key=f"send_change_{one.id}").click().run()
    assert "no such day" in text_of(at)
    assert [line.birth_date for line in everybody(store)] == [BORN]
    at.text_input(key=f"change_{one.id}_birth_date").input("7 July 1984")
    at.button(key=f"send_change_{one.id}").click().run()
    assert [line.birth_date for line in everybody(store)] == [date(1984, 7, 7)]


def details_of(one: clients.Client) -> AppTest:
    at = program(Role.AESTHETICIAN).run()
    at.session_state["client_open"] = one.id
    at.switch_page("pages/client.py").run()
    assert not at.exception, at.exception
    return at


def save(at: AppTest, one: clients.Client, **typed: str) -> AppTest:
    for what, words in typed.items():
        at.text_input(key=f"change_{one.id}_{what}").input(words)
    at.button(key=f"send_change_{one.id}").click().run()
    assert not at.exception, at.exception
    return at


def test_who_is_retyped_into_somebody_else_is_warned_of_first(store: records.Store) -> None:
    there, one = made(store, "Eloise DʼAngelo"), made(store, "Ivy Rose", "B-1", date(1990, 1, 2))
    at = save(details_of(one), one, name="Éloïse D\u2019Angelo", birth_date="3/7/1984")
    assert "here already" in text_of(at)
    assert {line.name for line in everybody(store)} == {"Eloise DʼAngelo", "Ivy Rose"}
    assert "here already" in text_of(save(at, one))  # a second tap on the same button is no yes
    assert {line.name for line in everybody(store)} == {"Eloise DʼAngelo", "Ivy Rose"}
    at.button(key=f"client_here{there.id}").click().run()
    assert not at.exception and at.session_state["client_open"] == there.id
    assert "here already" not in text_of(details_of(one))


def test_all_the_same_they_have_the_same_name_and_nobody_asks_again(store: records.Store) -> None:
    made(store, "Eloise DʼAngelo")
    one = made(store, "Ivy Rose", "B-1")
    at = save(details_of(one), one, name="Eloise D'Angelo")
    at.button(key="save_anyway").click().run()
    assert not at.exception and "here already" not in text_of(at) and "Saved." in text_of(at)
    at = save(at, one, contact="555 0100")
    assert "here already" not in text_of(at) and "Saved." in text_of(at)
    assert {line.name for line in everybody(store)} == {"Eloise DʼAngelo", "Eloise D'Angelo"}


def test_other_details_take_the_warning_of_an_edit_away(store: records.Store) -> None:
    made(store, "Eloise DʼAngelo")
    one = made(store, "Ivy Rose", "B-1")
    at = save(details_of(one), one, name="Eloise D'Angelo")
    at = save(at, one, birth_date="3/8/1984")
    assert "here already" not in text_of(at) and "Saved." in text_of(at)


@pytest.mark.parametrize("typed", ["3/7/84", "03071984", "March 7, 1984", "1984/03/07", "delacruz", "de la cruz"])
def test_a_client_is_found_however_they_are_typed(store: records.Store, typed: str) -> None:
    made(store, "Maria Dela Cruz")
    at = page()
    at.text_input(key="client_search").input(typed).run()
    assert "Maria Dela Cruz" in labels(at)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1984", "That is a year"),
        ("maria 2/31/1984", "no such day"),
        ("3/7/2400", "a day from"),
        ("March 7", "add the year"),
        ("5 March 1984", "born on"),
    ],
)
def test_a_search_says_what_became_of_a_date_and_not_to_try_fewer_letters(
    store: records.Store, typed: str, said: str
) -> None:
    made(store, "Maria Dela Cruz")
    at = page()
    at.text_input(key="client_search").input(typed).run()
    assert said in text_of(at) and "fewer letters" not in text_of(at) and "Maria" not in labels(at)
    at.text_input(key="client_search").input("zzz").run()
    assert "fewer letters" in text_of(at)


def test_a_code_name_that_was_refused_for_one_client_is_wrong_in_no_other_form(store: records.Store) -> None:
    first, second = made(store, "Ada", "A-1"), made(store, "Bea", "B-1", date(1990, 1, 1))
    at, why = save(details_of(first), first, code_name=" "), "The code name is missing."
    assert text_of(at).count(why) == 2, "on top and below the field"
    at.session_state["client_open"] = second.id
    at.run()
    at.text_input(key=f"change_{second.id}_code_name").input(" ").run()
    assert why not in text_of(at)
    at.switch_page("pages/clients.py").run()
    assert at.text_input(key="new_client_code_name").value == "" and why not in text_of(at)


def test_nobody_is_added_or_changed_while_it_is_not_known_who_is_here_already(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(store, "Ada", "A-1")

    def busy(*_: object, **__: object) -> None:
        raise records.StoreProblem("The store is busy. Try again in a moment.")

    monkeypatch.setattr(clients, "already_here", busy)
    at = add(fill(page()))
    assert "The store is busy." in text_of(at) and [line.name for line in everybody(store)] == ["Ada"]
    assert at.text_input(key="new_client_code_name").value == "B-1", "what was typed stays"
    at = save(details_of(one), one, name="Bea")
    assert "The store is busy." in text_of(at) and [line.name for line in everybody(store)] == ["Ada"]


def test_a_note_and_a_birth_date_that_the_core_refuses_say_so_below_their_fields(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(store, "Ada", "A-1")
    wrong = {"note": "The note can't be kept.", "birth_date": "The birth date is a day from 1900 to today."}

    def refused(*_: object, **__: object) -> None:
        raise DetailsProblem(wrong)

    monkeypatch.setattr(clients, "change_client", refused)
    at = save(details_of(one), one, name="Ada")
    assert all(text_of(at).count(why) == 2 for why in wrong.values())
