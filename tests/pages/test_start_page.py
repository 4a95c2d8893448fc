"""The start page of the staff: what waits for whom, and invented clients only while nobody works here yet."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from medspa_core import access, exam, offer, records
from medspa_core.access import Licence, Role
from medspa_core.exam import NewExam
from medspa_core.records import finish, record_choice, save_answers, start_draft
from tests.conftest import healthy
from tests.pages.conftest import new_draft, new_tab, program, take_back, text_of
from tests.pages.test_review_and_approval_pages import put_licence, tap
from tests.records_support import FACTS, ORDER
from views.context import core_access, environment
from views.staff.home.demo_clients import demo_clients


def started(*roles: Role) -> AppTest:
    at = program(*roles)
    at.run()
    assert not at.exception, at.exception
    return at


def waits_on(at: AppTest) -> dict[str, str]:
    return {one.key.removeprefix("waits_"): one.label for one in at.button if (one.key or "").startswith("waits_")}


def of_days_ago(store: records.Store, days: int, choice: str | None, name: str = "Elm 3") -> str:
    now = environment.now() - timedelta(days=days)
    draft = start_draft(store, name, now, environment.today() - timedelta(days=days), ORDER)
    save_answers(store, draft.id, healthy(concern="texture"), now, "form")
    if choice is not None:
        record_choice(store, draft.id, choice, now, FACTS)
        finish(store, draft.id, now)
    return draft.id


def test_the_clinician_reads_how_many_wait_and_each_is_a_way_to_its_list(store: records.Store) -> None:
    seen, *_ = [of_days_ago(store, 0, None, name) for name in ("Seen", "A-1", "A-2")]
    now = environment.now()
    start_draft(store, "Empty", now, environment.today(), ORDER)
    at = started(Role.CLINICIAN)
    who = access.load_person(store, put_licence((Role.CLINICIAN,)))
    book, now, on = core_access.rulebook(), environment.now(), environment.today()
    exam.sign_exam(
        store, who, seen, NewExam(exam.How.IN_PERSON, on, ""), exam.SigningContext("CA", book, now, on, "key-of-exam")
    )
    at.run()
    assert waits_on(at) == {"exam": "2 to examine", "order": "1 waits for an order"}
    tap(at, "waits_order")
    assert [one.key for one in at.button if (one.key or "").startswith("open_review_")] == [f"open_review_{seen}"]


def test_the_undecided_are_listed_once_each_and_nobody_who_chose(store: records.Store) -> None:
    late = of_days_ago(store, 3, "not_yet")
    of_days_ago(store, 3, "microneedling_alone")
    of_days_ago(store, 200, "not_yet")
    left = of_days_ago(store, 5, None)
    of_days_ago(store, 0, None, "Under way")
    at = started(Role.AESTHETICIAN)
    assert waits_on(at) == {"undecided": "2 undecided"}
    tap(at, "waits_undecided")
    assert "Undecided" in text_of(at)
    assert {one.key for one in at.button if (one.key or "").startswith("open_") and one.key != "open_again"} == {
        f"open_{late}", f"open_{left}", "open_why",
    }  # fmt: skip
    tap(at, "open_again")
    assert "Open consultations" in text_of(at)


def test_an_owner_who_sets_up_reads_the_next_steps_and_no_client(store: records.Store) -> None:
    new_draft(store, healthy(), "Marigold 7")
    at = started(Role.OWNER)
    assert set(waits_on(at)) == {"prices", "product", "backup", "licence"}
    assert "Marigold" not in text_of(at) and not [one for one in at.button if one.key == "start_new"]
    tap(at, "waits_prices")
    assert "What we offer" in text_of(at)


def test_an_owner_is_told_as_long_as_nobody_can_sign_or_a_location_has_no_state(store: records.Store) -> None:
    at = started(Role.OWNER, Role.CLINICIAN)
    access.add_location(store, "Harbour", environment.now())
    told = waits_on(at.run())
    assert told["state"] == "Say in which state or province a location is"
    assert told["licence"] == "Nobody can sign yet: put a medical licence on file"
    [person] = access.list_people(store)
    past = environment.today() - timedelta(days=1)
    access.add_licence(store, person.id, Licence("medical", "CA", "M-1", past), environment.now(), None)
    assert "licence" in waits_on(at.run())
    access.add_licence(store, person.id, Licence("medical", "CA", "M-1"), environment.now(), None)
    assert "licence" not in waits_on(at.run())
    tap(at, "waits_state")
    assert "People and tablets" in text_of(at)


def test_the_director_is_told_of_the_rulebook_and_of_lots(store: records.Store) -> None:
    at = started(Role.MEDICAL_DIRECTOR)
    [person] = access.list_people(store)
    access.add_licence(store, person.id, Licence("medical", "CA", "M-1"), environment.now(), None)
    until = environment.today() + timedelta(days=90)
    new = exam.NewProduct("exosome_product", "Gel", "Leaf", "plant", "after_needling", "L-1", "COA", until, "")
    book, now, on = core_access.rulebook(), environment.now(), environment.today()
    offer.enter_product(store, person, new, book, now, on, "key-of-the-page")
    at.run()
    told = waits_on(at)
    assert (told["rulebook"], told["lots"]) == ("The rulebook waits for your approval", "1 lot to approve")
    assert "product" not in told


def test_a_manager_begins_with_the_week_and_nothing_waits_on_the_start_page(store: records.Store) -> None:
    at = started(Role.MANAGER)
    assert "The week" in text_of(at)
    at.button(key="way_home").click().run()
    assert "Nothing waits for you." in text_of(at)


def test_who_is_more_than_a_manager_begins_with_what_waits(store: records.Store) -> None:
    assert "The last whole week" not in text_of(started(Role.MANAGER, Role.AESTHETICIAN))


def test_six_invented_clients_stand_under_headings_and_the_rest_behind_show_all(store: records.Store) -> None:
    at = program(trial=True).run()
    shown = [one.key for one in at.button if (one.key or "").startswith("demo_")]
    assert len(shown) == 6
    for heading in ("Everyday", "Safety", "Unusual"):
        assert heading in text_of(at)
    tap(at, "every_demo")
    shown = [one.key for one in at.button if (one.key or "").startswith("demo_")]
    assert sorted(shown) == sorted(f"demo_{one.id}" for one in demo_clients())


def test_once_an_owner_is_there_no_invented_client_is_offered(store: records.Store) -> None:
    at = started(Role.OWNER, Role.AESTHETICIAN)
    assert not [one for one in at.button if (one.key or "").startswith(("demo_", "every_demo"))]
    assert "Invented clients" not in text_of(at)


def test_who_wants_to_practise_opens_a_copy_that_is_invented_and_counts_nowhere(store: records.Store) -> None:
    at = started(Role.CLINICIAN, Role.AESTHETICIAN)
    at.button(key="practise").click().run()
    assert not at.exception, at.exception
    (line,) = records.list_drafts(store)
    assert (line.code_name, line.demo_of) == ("Trial client", "a204")
    draft = records.load_draft(store, line.id)
    assert draft is not None and draft.answers["concern"] == "texture" and draft.client_id is None
    at = started(Role.CLINICIAN, Role.AESTHETICIAN)
    assert waits_on(at) == {}
    assert any("invented" in one.label for one in at.button if one.key == f"open_{line.id}")


def test_practising_again_goes_on_with_ones_own_open_copy_and_never_with_a_colleagues(store: records.Store) -> None:
    at = started(Role.CLINICIAN, Role.AESTHETICIAN)
    at.button(key="practise").click().run()
    (first,) = records.list_drafts(store)
    take_back(at)
    again = new_tab(dict(at.user))
    again.run()
    again.button(key="practise").click().run()
    assert not again.exception and [one.id for one in records.list_drafts(store)] == [first.id]
    assert again.query_params["c"] in (first.id, [first.id])
    started(Role.AESTHETICIAN).button(key="practise").click().run()
    assert len(records.list_drafts(store)) == 2
    record_choice(store, first.id, "not_yet", environment.now(), FACTS)
    finish(store, first.id, environment.now())
    take_back(at)
    third = new_tab(dict(at.user))
    third.run()
    third.button(key="practise").click().run()
    assert len(records.list_drafts(store)) == 3, "a finished one is not opened again"


def test_practising_is_offered_to_who_may_begin_a_talk_and_not_during_the_trial(store: records.Store) -> None:
    trial = program(trial=True)
    trial.run()
    assert "practise" not in {one.key for one in trial.button}
    for role, offered in (
        (Role.AESTHETICIAN, True),
        (Role.CLINICIAN, True),
        (Role.OWNER, False),
        (Role.MANAGER, False),
    ):
        assert ("practise" in {one.key for one in started(role).button}) == offered, role
