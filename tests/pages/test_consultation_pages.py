"""Each page of a consultation opens empty, partial and full, and every tap is in the store before it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from medspa_core.clients import consultations
from tests.pages.conftest import MORNING, new_draft, opened, program, text_of
from views.context import core_access
from views.redraw import stored_widgets
from views.staff.home.demo_clients import demo_clients

PAGES = ("you", "safety", "what_matters")
SOME = {"concern": "texture", "age": 44, "pregnant": "no", "importance": {"cost": "lot"}}


def answers_in(store: records.Store, at: AppTest) -> dict[str, object]:
    """What the store holds for the consultation that is open."""
    return kept(store, at.query_params["c"]).answers


def kept(store: records.Store, draft_id: str | list[str]) -> records.Draft:
    draft = records.load_draft(store, draft_id if isinstance(draft_id, str) else draft_id[0])
    assert draft is not None
    return draft


@pytest.mark.parametrize("page", PAGES)
def test_a_page_without_a_consultation_goes_home(home: object, page: str) -> None:
    at = program().run()
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    assert "New consultation" in text_of(at)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_answers(store: records.Store, page: str) -> None:
    at = opened(page, new_draft(store))
    assert "A-204" in text_of(at)
    assert "No answers yet" in text_of(at)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_some_answers(store: records.Store, page: str) -> None:
    assert "Welcome back" in text_of(opened(page, new_draft(store, SOME)))


@pytest.mark.parametrize("page", [*PAGES, "options", "timeline"])
def test_a_sentence_above_a_screen_moves_nothing_below_it(store: records.Store, page: str) -> None:
    """Streamlit knows what it has drawn by its place: what moves is drawn anew, and for a moment twice."""
    with_a_sentence = opened(page, new_draft(store, SOME))
    assert "Welcome back" in text_of(with_a_sentence)
    places = _places(with_a_sentence)
    with_a_sentence.session_state["taps"] = 1  # the first answer since
    without = with_a_sentence.run()
    assert "Welcome back" not in text_of(without)
    assert _places(without) == places


def _places(at: AppTest) -> dict[int, str]:
    """What stands directly on the screen: place -> the kind of block, and the key of a container."""
    kinds = {place: (block.type, getattr(block.proto, "id", "")) for place, block in at.main.children.items()}
    return {place: f"{kind} {key}" for place, (kind, key) in kinds.items() if "notices" not in key}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_every_invented_client(store: records.Store, page: str) -> None:
    at = opened(page, new_draft(store))
    for client in demo_clients():
        at.query_params["c"] = new_draft(store, client.answers(date(2026, 11, 22)), client.name)
        at.run()
        assert not at.exception, client.id


@pytest.mark.parametrize("page", PAGES)
def test_training_only_stands_on_every_page(store: records.Store, page: str) -> None:
    assert "Training only" in text_of(opened(page, new_draft(store)))


def test_a_new_consultation_starts_with_a_code_name(store: records.Store) -> None:
    at = program().run()
    at.text_input(key="code_name").input("B-77 *<b>*")
    at.button(key="start_new").click().run()
    assert not at.exception
    assert "B-77 *&lt;b&gt;*" in text_of(at)
    assert [line.code_name for line in records.list_drafts(store)] == ["B-77 *<b>*"]


def test_a_consultation_without_a_code_name_is_not_started(store: records.Store) -> None:
    at = program().run()
    at.button(key="start_new").click().run()
    assert "Type a code name first" in text_of(at)
    assert not records.list_drafts(store)


def test_a_code_name_that_is_too_long_is_told_to_be_so_and_stays_in_its_field(store: records.Store) -> None:
    at = program().run()
    at.text_input(key="code_name").input("L" * 61)
    at.button(key="start_new").click().run()
    assert "60 letters at most" in text_of(at)
    assert at.text_input(key="code_name").value == "L" * 61 and records.list_drafts(store) == []


def test_an_invented_client_opens_with_one_tap_as_a_copy(store: records.Store) -> None:
    at = program(trial=True).run()
    at.button(key="demo_needle_wedding").click().run()
    assert not at.exception
    line = records.list_drafts(store)[0]
    assert (line.code_name, line.demo_of) == ("Willow", "needle_wedding")


def test_nothing_is_chosen_at_first(store: records.Store) -> None:
    at = opened("you", new_draft(store))
    assert all(not pills.value for pills in at.pills)
    assert all(not at.text_input(key=f"field_{question}").value for question in ("age", "budget"))


def test_a_tap_is_in_the_store_at_once(store: records.Store) -> None:
    at = opened("you", new_draft(store))
    at.pills(key="tap_blood_draw_comfort").set_value("rather_not").run()
    assert answers_in(store, at) == {"blood_draw_comfort": "rather_not"}
    assert "1 of 12 answered" in text_of(at)


def test_a_second_tap_takes_an_answer_back(store: records.Store) -> None:
    at = opened("you", new_draft(store, {"blood_draw_comfort": "fine"}))
    at.pills(key="tap_blood_draw_comfort").set_value(None).run()
    assert answers_in(store, at) == {}


def test_plus_starts_at_a_usual_number_and_steps_from_there(store: records.Store) -> None:
    at = opened("you", new_draft(store))
    at.button(key="more_minutes_per_visit").click().run()
    assert answers_in(store, at) == {"minutes_per_visit": 60}
    at.button(key="more_minutes_per_visit").click().run()
    assert answers_in(store, at) == {"minutes_per_visit": 75}
    assert at.text_input(key="field_minutes_per_visit").value == "75 minutes"


def test_a_number_can_be_typed_and_any_replaces_it(store: records.Store) -> None:
    at = opened("you", new_draft(store))
    at.text_input(key="field_budget").set_value("2750").run()
    assert answers_in(store, at) == {"budget": 2750}
    at.pills(key="tap_also_budget").set_value("any").run()
    assert answers_in(store, at) == {"budget": "any"}
    assert at.text_input(key="field_budget").value == ""


def test_the_last_day_that_can_be_typed_is_the_last_one_the_core_takes(store: records.Store) -> None:
    at = opened("you", new_draft(store))
    at.text_input(key="field_event_date").set_value("11/22/2036").run()
    assert answers_in(store, at) == {"event_date": "2036-11-22"}
    at.text_input(key="field_event_date").set_value("11/23/2036").run()
    assert answers_in(store, at) == {"event_date": "2036-11-22"} and "mc-refused" in text_of(at)


def test_undo_takes_back_the_last_answer_and_start_again_can_be_undone(store: records.Store) -> None:
    at = opened("you", new_draft(store))
    at.pills(key="tap_wide_concern").set_value("texture").run()
    at.pills(key="tap_blood_draw_comfort").set_value("fine").run()
    at.button(key="undo").click().run()
    assert answers_in(store, at) == {"concern": "texture"}
    at.button(key="again").click().run()
    at.button(key="again_yes").click().run()
    assert answers_in(store, at) == {}
    at.button(key="undo").click().run()
    assert answers_in(store, at) == {"concern": "texture"}


@pytest.mark.parametrize("fails", ["clear_answers", "save_answers"])
def test_starting_again_that_is_not_kept_is_told_and_is_no_trouble(
    store: records.Store, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    at = program().run()
    at.text_input(key="code_name").input("A-204")
    at.button(key="start_new").click().run()
    draft_id = records.list_drafts(store)[0].id
    records.save_answers(store, draft_id, {"concern": "texture"}, MORNING, "plans")
    at = opened("you", draft_id)
    tried: list[str] = []

    def busy(*given: object, **named: object) -> records.Draft:
        tried.append(fails)
        raise records.StoreBusy("Somebody else is writing.")

    since = {"since": {"needling_area_last_28_days": "2026-11-01"}}
    monkeypatch.setattr("views.session.saved_answers.on_file", lambda *given: since)
    monkeypatch.setattr(f"views.session.saved_answers.consultations.{fails}", busy)
    at.button(key="again").click().run()
    at.button(key="again_yes").click().run()
    assert not at.exception and "Somebody else is writing." in text_of(at)
    assert kept(store, draft_id).answers == ({} if fails == "save_answers" else {"concern": "texture"})
    assert tried == [fails]


def test_the_curtain_covers_everything_and_one_tap_brings_it_back(store: records.Store) -> None:
    """During the trial. Once there are people it takes their PIN or password; see test_in_a_clients_hands."""
    at = opened("you", new_draft(store, SOME), trial=True)
    at.button(key="lock").click().run()
    assert "A-204" not in text_of(at)
    assert not at.pills
    at.button(key="main_curtain").click().run()
    assert "A-204" in text_of(at)


def test_what_another_screen_saved_meanwhile_is_shown_before_a_tap_counts(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_widgets, "ECHO_SECONDS", 0.0)
    draft_id = new_draft(store)
    at = opened("you", draft_id)
    records.save_answers(store, draft_id, {"age": 50}, MORNING, "plans", 0)
    at.pills(key="tap_blood_draw_comfort").set_value("fine").run()
    assert answers_in(store, at) == {"age": 50}
    assert "changed on another screen, so your tap did not count" in text_of(at)
    assert at.text_input(key="field_age").value == "50 years" and at.pills(key="tap_blood_draw_comfort").value is None
    at.pills(key="tap_blood_draw_comfort").set_value("fine").run()
    assert answers_in(store, at) == {"age": 50, "blood_draw_comfort": "fine"}
    assert "changed on another screen" not in text_of(at)


def test_an_answer_that_was_said_to_wait_is_not_lost_to_another_screens_other_answer(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = new_draft(store)
    at = opened("you", draft_id)
    with monkeypatch.context() as broken:
        broken.setattr(consultations, "save_answers", _full)
        at.pills(key="tap_blood_draw_comfort").set_value("fine").run()
        at.pills(key="tap_wide_concern").set_value("texture").run()
    records.save_answers(store, draft_id, {"age": 50}, MORNING, "plans", 0)
    at.pills(key="tap_needle_comfort").set_value("fine").run()
    told = {"age": 50, "blood_draw_comfort": "fine", "concern": "texture", "needle_comfort": "fine"}
    assert answers_in(store, at) == told
    assert "changed on another screen" not in text_of(at)


def test_a_screen_alone_is_never_told_that_another_changed_it(store: records.Store) -> None:
    """Quick taps, one that takes back, undo, start again, another screen of the same talk, and a tab that only looks."""
    at = opened("you", draft_id := new_draft(store, {"age": 44}))
    opened("options", draft_id)
    told = []
    for answer in ("fine", "uneasy", None, "never"):
        at.pills(key="tap_blood_draw_comfort").set_value(answer).run()
        told.append(text_of(at))
    told.append(text_of(at.button(key="undo").click().run()))
    told.append(text_of(at.pills(key="tap_needle_comfort").set_value("fine").run()))
    at.switch_page("pages/what_matters.py").run()
    told.append(text_of(at.pills(key="tap_weigh_cost").set_value("lot").run()))
    at.switch_page("pages/you.py").run()
    told.append(text_of(at.pills(key="tap_wide_concern").set_value("texture").run()))
    assert not [one for one in told if "changed on another screen" in one]
    assert answers_in(store, at)["concern"] == "texture"


def _full(*_: object, **__: object) -> None:
    raise records.StoreFull("no room")


def test_a_save_that_fails_says_so_and_the_answer_stays_on_screen(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("you", new_draft(store))
    with monkeypatch.context() as broken:
        broken.setattr(consultations, "save_answers", _full)
        at.pills(key="tap_blood_draw_comfort").set_value("fine").run()
        assert "Not saved yet. Trying again." in text_of(at)
        assert at.pills(key="tap_blood_draw_comfort").value == "fine"
        assert answers_in(store, at) == {}
    at.run()
    assert answers_in(store, at) == {"blood_draw_comfort": "fine"}


def test_an_old_consultation_is_computed_with_its_own_date(store: records.Store) -> None:
    draft = records.start_draft(store, "old", MORNING, date(2025, 1, 7), ("wait",))
    records.save_answers(store, draft.id, {"event_date": "2025-05-01"}, draft.saved_at, "plans", 0)
    at = opened("you", draft.id)
    assert "Thursday, May 1, 2025" in text_of(at)
    assert core_access.recommended({"event_date": "2025-05-01"}, draft.as_of).as_of == date(2025, 1, 7)


def test_two_hundred_open_consultations_are_shown_a_few_at_a_time_and_found_by_name(store: records.Store) -> None:
    long_name = "W" * 60
    for number in range(200):
        new_draft(store, name=long_name if number == 7 else f"B-{number:03d}")
    at = program().run()
    assert len(_open_ones(at)) == 3
    at.button(key="every").click().run()
    assert len(_open_ones(at)) == 15
    at.text_input(key="find").set_value("www").run()
    assert [button.label.splitlines()[0].strip() for button in _open_ones(at)] == [f"**{long_name}**"]
    at.text_input(key="find").set_value("nobody").run()
    assert "No code name like this." in text_of(at)
    at.button(key="fewer").click().run()
    assert len(_open_ones(at)) == 3


def _open_ones(at: AppTest) -> list[Any]:
    return [button for button in at.button if len(str(button.key)) > 20 and str(button.key).startswith("open_")]
