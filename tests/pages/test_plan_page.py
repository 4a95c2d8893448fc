"""Screen 6, Your plan: the talk ends in the client's hands, and a finished one shows the page to keep."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, exam, records
from medspa_core.access import Role
from tests.conftest import healthy
from tests.pages.conftest import new_draft, opened, program, signed_in, staff_face, text_of
from views.context import core_access, environment
from views.context.words import short_date
from views.redraw import stored_widgets

MN, PRP, EXO = "microneedling_alone", "prp_microneedling", "exosome_microneedling"
THANKS = "Thank you. That is all for today."


def client(**answers: Any) -> dict[str, Any]:
    return {**healthy(), "concern": "texture", "age": 44, "planned_start": "2027-02-02", **answers}


def kept(store: records.Store, draft_id: str) -> records.Draft:
    found = records.load_draft(store, draft_id)
    assert found is not None
    return found


def choose(at: AppTest, draft_id: str, choice: str | None) -> AppTest:
    at.pills(key=f"tap_plan_{draft_id}").set_value(choice).run()
    assert not at.exception, at.exception
    return at


def finish(at: AppTest) -> AppTest:
    at.button(key="main_next_here").click().run()
    assert not at.exception, at.exception
    return at


def test_next_of_the_timeline_leads_here_and_nothing_is_chosen_at_first(store: records.Store) -> None:
    at = opened("timeline", new_draft(store, client()))
    at.button(key="main_next").click().run()
    assert not at.exception
    (pills,) = [one for one in at.pills if str(one.key).startswith("tap_plan_")]
    assert pills.value is None
    assert "To finish, tap a choice. Not yet is fine too." in text_of(at)
    assert not [one for one in at.button if str(one.key).startswith("date_")]


def test_the_headline_of_the_options_stands_here_word_for_word(store: records.Store) -> None:
    draft_id = new_draft(store, client(budget=700, importance={"cost": "lot"}, blood_draw_comfort="never"))
    options, plan = text_of(opened("options", draft_id)), text_of(opened("plan", draft_id))
    for line in ("No treatment here fits $700 at the usual visits.", "because you never want a blood draw."):
        assert line in options and line in plan


def test_a_treatment_is_chosen_dated_and_finished_by_the_client(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = choose(opened("plan", draft_id), draft_id, MN)
    assert kept(store, draft_id).choice == MN
    assert "To finish, pick your next date." in text_of(finish(at))
    assert kept(store, draft_id).finished_at is None
    at.button(key="date_own").click().run()
    assert (kept(store, draft_id).next_kind, kept(store, draft_id).next_day) == ("first_visit", date(2027, 2, 2))
    assert "Then March 2 and March 30." in text_of(at)
    assert THANKS in text_of(finish(at))
    done = kept(store, draft_id)
    assert done.finished_at is not None and done.shown["as_of"] == "2026-11-22"


def test_a_second_tap_takes_the_choice_back_but_not_as_half_of_a_double_tap(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = new_draft(store, client())
    at = choose(opened("plan", draft_id), draft_id, "wait")
    choose(at, draft_id, None)
    assert kept(store, draft_id).choice == "wait"
    monkeypatch.setattr("views.consultation.finish.choice.ECHO_SECONDS", 0.0)
    monkeypatch.setattr(stored_widgets, "ECHO_SECONDS", 0.0)
    choose(at, draft_id, None)
    assert kept(store, draft_id).choice is None and records.read_facts(store)["chosen"] == []
    assert "To finish, tap a choice." in text_of(at)


@pytest.mark.parametrize("choice", ["wait", "not_yet"])
def test_what_has_no_visits_asks_only_when_to_look_again(store: records.Store, choice: str) -> None:
    draft_id = new_draft(store, client())
    at = choose(opened("plan", draft_id), draft_id, choice)
    assert [one.key for one in at.button if str(one.key).startswith("date_")] == ["date_look_again"]
    at.button(key="date_look_again").click().run()
    at.text_input(key="field_plan_look_again").input("03/01/2027").run()
    assert (kept(store, draft_id).next_kind, kept(store, draft_id).next_day) == ("look_again", date(2027, 3, 1))
    text = text_of(finish(at))
    assert "Look again on March 1, 2027." in text
    assert "Nothing planned" in text and 'data-undrawn="yes"' not in text


@pytest.mark.parametrize("choice", ["not_yet", "wait"])
def test_whoever_plans_no_treatment_may_always_end(store: records.Store, choice: str) -> None:
    draft_id = new_draft(store)
    at = choose(opened("plan", draft_id), draft_id, choice)
    assert THANKS in text_of(finish(at))
    assert kept(store, draft_id).finished_at is not None


def test_what_is_missing_is_said_beside_finish(store: records.Store) -> None:
    draft_id = new_draft(store, {"concern": "texture", "age": 44})
    at = choose(opened("plan", draft_id), draft_id, MN)
    at.button(key="date_look_again").click().run()
    at.text_input(key="field_plan_look_again").input("03/01/2027").run()
    text = text_of(finish(at))
    assert "safety questions are open. Or tap Not yet." in text
    assert f'href="safety?c={draft_id}&amp;open=1"' in text  # a way to the first card with something open
    assert kept(store, draft_id).finished_at is None


def test_what_is_missing_of_the_client_leads_to_where_it_is_asked(store: records.Store) -> None:
    draft_id = new_draft(store, {question: answer for question, answer in client().items() if question != "concern"})
    at = choose(opened("plan", draft_id), draft_id, MN)
    at.button(key="date_look_again").click().run()
    at.text_input(key="field_plan_look_again").input("03/01/2027").run()
    text = text_of(finish(at))
    assert "To finish, tell us your age" in text and f'href="you?c={draft_id}"' in text


def test_prp_asks_whether_never_has_changed_and_then_is_chosen(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_widgets, "ECHO_SECONDS", 0.0)
    draft_id = new_draft(store, client(blood_draw_comfort="never"))
    at = choose(opened("plan", draft_id), draft_id, PRP)
    assert "You said never to a blood draw. Has that changed?" in text_of(at)
    assert kept(store, draft_id).choice is None
    at.button(key="draw_never").click().run()
    assert "Has that changed?" not in text_of(at) and kept(store, draft_id).choice is None
    choose(at, draft_id, PRP)
    at.button(key="draw_uneasy").click().run()
    assert not at.exception
    assert (kept(store, draft_id).answers["blood_draw_comfort"], kept(store, draft_id).choice) == ("uneasy", PRP)


def test_what_a_safety_answer_rules_out_is_not_chosen_and_the_reason_is_said(store: records.Store) -> None:
    draft_id = new_draft(store, client(bleeding_disorder="yes", blood_draw_comfort="never"))
    at = choose(opened("plan", draft_id), draft_id, PRP)
    assert "Has that changed?" not in text_of(at) and "not for you, because" in text_of(at)
    assert kept(store, draft_id).choice is None and at.pills(key=f"tap_plan_{draft_id}").value is None


def test_a_choice_that_an_answer_has_closed_since_is_no_end(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = choose(opened("plan", draft_id), draft_id, PRP)
    at.button(key="date_own").click().run()
    draft = kept(store, draft_id)
    records.save_answers(store, draft_id, {"blood_draw_comfort": "never"}, draft.saved_at, "form", draft.revision)
    at = opened("plan", draft_id)
    assert "What you chose is not open now." in text_of(finish(at))
    assert kept(store, draft_id).finished_at is None


def test_a_deferred_treatment_begins_no_earlier_than_it_may(store: records.Store) -> None:
    draft_id = new_draft(store, client(sunburn_or_tan="yes", planned_start="now"))
    at = choose(opened("plan", draft_id), draft_id, MN)
    at.button(key="date_first_visit").click().run()
    at.text_input(key="field_plan_first_visit").input("01/01/2020").run()
    assert kept(store, draft_id).next_day is None
    at.button(key="date_own").click().run()
    assert kept(store, draft_id).next_day is not None


def test_a_first_visit_that_an_answer_puts_off_since_is_no_end(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.context.environment.today", lambda: date(2026, 11, 22))
    draft_id = new_draft(store, client(planned_start="now"))
    at = choose(opened("plan", draft_id), draft_id, MN)
    at.button(key="date_own").click().run()
    draft = kept(store, draft_id)
    records.save_answers(store, draft_id, {"sunburn_or_tan": "yes"}, draft.saved_at, "form", draft.revision)
    at = opened("plan", draft_id)
    text = text_of(finish(at))
    assert "To finish, pick your next date." in text and "Then December" not in text
    assert kept(store, draft_id).finished_at is None
    at.button(key="date_own").click().run()
    assert THANKS in text_of(finish(at)) and kept(store, draft_id).next_day == date(2026, 12, 6)


@pytest.mark.parametrize("choice", [MN, "not_yet"])
def test_a_next_date_that_is_past_by_the_end_is_picked_anew(
    store: records.Store, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    monkeypatch.setattr("views.context.environment.today", lambda: date(2026, 11, 22))
    draft_id = new_draft(store, client(planned_start="now"))
    at = choose(opened("plan", draft_id), draft_id, choice)
    if choice == MN:
        at.button(key="date_own").click().run()
    else:
        at.button(key="date_look_again").click().run()
        at.text_input(key="field_plan_look_again").input("11/23/2026").run()
    assert kept(store, draft_id).next_day is not None
    monkeypatch.setattr("views.context.environment.today", lambda: date(2026, 11, 24))
    assert "To finish, pick your next date." in text_of(finish(opened("plan", draft_id)))
    assert kept(store, draft_id).finished_at is None


def test_the_result_kept_at_the_end_is_that_of_the_answers_at_the_end(store: records.Store) -> None:
    draft_id = new_draft(store, client(budget=700))
    at = choose(opened("plan", draft_id), draft_id, MN)
    at.button(key="date_own").click().run()
    before, draft = kept(store, draft_id).shown, kept(store, draft_id)
    records.save_answers(store, draft_id, {"budget": 5000}, draft.saved_at, "form", draft.revision)
    finish(opened("plan", draft_id))
    done = kept(store, draft_id)
    assert done.finished_at is not None and done.shown != before
    assert (done.next_kind, records.read_facts(store)["chosen"]) == ("first_visit", [MN])


# --- a tile that can't be chosen says so ----------------------------------------------------------------------------


def tiles_of(at: AppTest) -> dict[str, list[str]]:
    """Each tile's lines below its name."""
    (pills,) = [one for one in at.pills if str(one.key).startswith("tap_plan_")]
    lines = [str(words).replace("\\", "").split("  \n") for words in pills.options]
    return {line[0].strip("*"): line[1:] for line in lines}


@pytest.mark.parametrize(
    ("answers", "closed", "why"),
    [
        ({"pregnant": "yes"}, {"Microneedling", "Exosomes + microneedling", "PRP + microneedling"}, "a safety answer"),
        ({"age": 17}, {"Microneedling", "Exosomes + microneedling", "PRP + microneedling"}, "for adults only"),
        (
            {"needle_comfort": "never"},
            {"Microneedling", "Exosomes + microneedling", "PRP + microneedling"},
            "no needles",
        ),
        ({"objects_to": ["own_blood"]}, {"PRP + microneedling"}, "what it is made from"),
        ({"blood_draw_comfort": "rather_not", "importance": {"blood_draw": "must"}}, {"PRP + microneedling"}, "a must"),
        (
            {"budget": 2000, "importance": {"cost": "must"}},
            {"Exosomes + microneedling", "PRP + microneedling"},
            "a must",
        ),
    ],
)
def test_a_tile_that_a_tap_would_not_choose_says_so_before_it_is_tapped(
    store: records.Store, answers: dict[str, Any], closed: set[str], why: str
) -> None:
    found = tiles_of(opened("plan", new_draft(store, client(**answers))))
    assert {name for name, lines in found.items() if any("Not for you" in one for one in lines)} == closed
    assert all(any(why in one for one in found[name]) for name in closed)
    assert {len(lines) for lines in found.values()} == {3}


def test_prp_after_never_keeps_its_facts_since_a_tap_asks_whether_that_has_changed(store: records.Store) -> None:
    found = tiles_of(opened("plan", new_draft(store, client(blood_draw_comfort="never", budget=700))))
    assert found["PRP + microneedling"] == ["3 visits. $2,100", "Over by $1,400", "A blood draw each visit"]


# --- the page to keep -----------------------------------------------------------------------------------------------


def finished(store: records.Store, choice: str = MN, **answers: Any) -> str:
    draft_id = new_draft(store, client(**answers))
    at = choose(opened("plan", draft_id), draft_id, choice)
    if at.button and any(one.key == "date_own" for one in at.button):
        at.button(key="date_own").click().run()
    finish(at)
    assert kept(store, draft_id).finished_at is not None
    return draft_id


def fits_row(text: str) -> str:
    """What the sheet says beside "What fits, and why"."""
    return text.partition("What fits, and why</th>")[2].partition("</tr>")[0]


def test_every_limit_that_nothing_keeps_and_waiting_stand_on_the_page_to_keep(store: records.Store) -> None:
    limits = {"budget": 700, "visits_willing": 2, "downtime_days": 1}
    draft_id = finished(store, **limits, importance={"cost": "lot", "visits": "lot", "downtime": "lot"})
    said = fits_row(text_of(opened("plan", draft_id)))
    for words in ("fits 2 visits", "fits $700", "fits 1 red day a visit", "Waiting costs nothing and is fine too."):
        assert words in said, words
    assert "figures alone" not in said and "fair first choice" not in said


def test_a_close_call_argues_for_neither_side_on_the_page_to_keep(store: records.Store) -> None:
    close = fits_row(text_of(opened("plan", finished(store, concern="hair_thinning", age=55, citrate_allergy="yes"))))
    assert "both fit" in close and "What counts for" not in close
    led = finished(store, budget=1500, importance={"cost": "lot"})
    assert "What counts for microneedling alone" in fits_row(text_of(opened("plan", led)))


@pytest.mark.parametrize(
    ("answers", "says"),
    [({}, "You gave no answers this time."), ({"age": 44}, "You have not said what you would like to change.")],
)
def test_who_has_said_nothing_leaves_with_what_is_true_and_no_way_to_a_step_that_is_closed(
    store: records.Store, answers: dict[str, Any], says: str
) -> None:
    draft_id = new_draft(store, answers)
    text = text_of(finish(choose(opened("plan", draft_id), draft_id, "not_yet")))
    said = fits_row(text)
    for words in (says, "Waiting costs nothing and is fine too.", "You can come back at any time."):
        assert words in said
    assert "What counts for" not in said and "What you looked at</th>" in text and "What we compared" not in text
    for page in ("you", "what_matters", "options", "timeline", "plan"):
        at = opened(page, draft_id)
        text = text_of(at)
        assert not [one for one in SENT_AWAY if one in text], page
        assert not [one for one in at.button if str(one.key) == "start_with_you"], page


SENT_AWAY = ("Start with You", "First tell us", "Tell us what you would", "Answer a few questions", "You may skip")
"""What asks for an answer that can't be given any more."""


def test_once_finished_no_screen_says_that_an_answer_can_be_changed(store: records.Store) -> None:
    shut = {"cost": "must", "visits": "must"}
    draft_id = new_draft(store, client(budget=300, visits_willing=1, importance=shut))
    finish(choose(opened("plan", draft_id), draft_id, "not_yet"))
    for page in ("you", "what_matters", "options", "timeline"):
        at = opened(page, draft_id)
        assert "You can change" not in text_of(at), page
        assert not [one for one in at.button if str(one.key).startswith(("relax_", "soften_"))], page


@pytest.mark.parametrize(
    ("choice", "answers", "notes"),
    [
        ("not_yet", {"pregnant": "yes"}, "We don't needle while you are pregnant. Let's talk again after that."),
        ("not_yet", {"age": 17}, "These treatments are for adults only. Let's talk again when you are older."),
        ("not_yet", {"needle_comfort": "never"}, "All the treatments here use needles. So waiting is a good answer"),
        (
            "not_yet",
            {"budget": 300, "importance": {"cost": "must"}},
            "alone, PRP and exosomes: not for you, because the cost is a must for you.",
        ),
        (PRP, {"anticoagulant": "yes"}, "Do not stop any prescribed medicine."),
        (MN, {}, ""),
    ],
)
def test_each_leaves_with_what_to_heed_and_why_where_nothing_is_left(
    store: records.Store, choice: str, answers: dict[str, Any], notes: str
) -> None:
    text = text_of(opened("plan", finished(store, choice, **answers)))
    row = text.partition("Please note</th>")[2].partition("</tr>")[0]
    assert notes in (fits_row(text) if choice == "not_yet" else row)
    assert bool(row) == (choice == PRP) and "Let's ask the clinician first" not in row
    assert ("so a visit may be later" in text) == (choice == PRP)
    assert ("These are ranges" in text) == (choice != "not_yet")
    if choice == "not_yet":
        assert notes in text_of(opened("plan", new_draft(store, client(**answers))))


def test_who_has_not_decided_keeps_what_to_heed_of_all_that_are_open(store: records.Store) -> None:
    """Somebody with a blood thinner takes home that it is not to be stopped, whatever they choose later."""
    text = text_of(opened("plan", finished(store, "not_yet", anticoagulant="yes")))
    row = text.partition("Please note</th>")[2].partition("</tr>")[0]
    assert row.count("Do not stop any prescribed medicine.") == 1 and "Let's ask the clinician first" not in row


def test_the_dates_of_a_plan_are_those_of_a_start_and_no_appointment(store: records.Store) -> None:
    text = text_of(opened("plan", finished(store, MN)))
    row = text.partition("Your dates</th>")[2].partition("</tr>")[0]
    assert "If you start on " in row and row.index("If you start on ") < row.index("<b>")


def test_finish_from_a_screen_that_has_not_seen_another_ones_answer_ends_nothing(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = choose(opened("plan", draft_id), draft_id, "not_yet")
    draft = kept(store, draft_id)
    records.save_answers(store, draft_id, {"budget": 700}, draft.saved_at, "form", draft.revision)
    text = text_of(finish(at))
    assert kept(store, draft_id).finished_at is None and "changed on another screen" in text and "$700" in text
    assert THANKS in text_of(finish(at)) and kept(store, draft_id).shown is not None


def test_a_finished_one_shows_the_page_again_and_nothing_to_change(store: records.Store) -> None:
    draft_id = finished(store)
    at = opened("plan", draft_id)
    text = text_of(at)
    for words in (THANKS, "February 2, March 2 and March 30, 2027.", "$1,050 for 3 visits", "Microneedling", "Print"):
        assert words in text, words
    assert not at.pills and not at.text_input and not at.date_input
    assert {str(one.key) for one in at.button} <= {"lock", "close_out", "run_again"} | {
        str(one.key) for one in at.button if str(one.label).startswith("Run again")
    }


def row_of(text: str, name: str) -> str:
    """What the sheet says beside a row's name."""
    return text.partition(f"{name}</th>")[2].partition("</tr>")[0]


def test_who_to_call_and_the_practices_name_come_from_the_clinics_settings_and_staff_read_what_is_not_set(
    store: records.Store,
) -> None:
    draft_id = finished(store)
    program()
    access.add_location(store, "Pier", store.now())  # of two places none is the practice
    at = opened("plan", draft_id)
    text = text_of(at)
    assert "Who to call</th>" not in text and "kp-clinic" not in text and "no telephone number" not in text
    staff = text_of(staff_face(at))
    assert "no telephone number yet" in staff and "no name yet" in staff


def test_who_to_call_is_told(home: Path, store: records.Store) -> None:
    settings = 'name = "Harbour Skin"\nphone = "555-0142"\nhours = "9 am to 6 pm"\n'
    (home / "home" / "clinic.toml").write_text(settings, "utf-8")
    at = opened("plan", finished(store))
    text = text_of(at)
    assert "Who to call</th>" in text and "<b>555-0142</b>, 9 am to 6 pm." in text
    assert 'class="kp-clinic">Harbour Skin<' in text.replace(' dir="auto"', "")
    staff = text_of(staff_face(at))
    assert "no telephone number" not in staff and "no name yet" not in staff


def test_who_to_call_is_what_the_owner_entered_also_over_the_clinics_file(home: Path, store: records.Store) -> None:
    (home / "home" / "clinic.toml").write_text('name = "Old Lane"\nphone = "555-0142"\n', "utf-8")
    draft_id, book = finished(store), core_access.rulebook()
    entered = access.PracticeFacts("Fern Lane", "555-0199", "9 am to 6 pm")
    signed_in([Role.OWNER])
    owner = next(one for one in access.list_people(store) if Role.OWNER in one.roles)
    access.set_practice_facts(store, owner, entered, book.clinic, store.now())
    text = text_of(opened("plan", draft_id))
    assert "<b>555-0199</b>, 9 am to 6 pm." in text and "Fern Lane" in text
    assert "555-0142" not in text and "Old Lane" not in text
    assert core_access.rulebook().revision == book.revision, "another number asks for no new approval"


def test_a_practice_that_set_no_name_is_called_as_the_location_of_the_talk(store: records.Store) -> None:
    at = program()
    at.run()
    place = access.list_locations(store)[0]
    at.text_input(key="code_name").set_value("B-1")
    at.button(key="start_new").click().run()
    (line,) = records.list_drafts(store)
    assert line.location_id == place.id
    finish(choose(opened("plan", line.id), line.id, "not_yet"))
    assert place.name in text_of(opened("plan", line.id))


@pytest.mark.parametrize(
    ("choice", "phone", "says"),
    [
        (MN, "", "Nothing is booked yet. Next we find a time for you with our clinician. Ask us for one."),
        (MN, "555-0142", "with our clinician. Ask us for one, or call us."),
        ("not_yet", "", "Nothing is booked yet. You can come back at any time."),
        ("wait", "", "Nothing is booked yet. You can come back at any time."),
    ],
)
def test_the_page_to_keep_says_that_nothing_is_booked_and_the_next_step(
    home: Path, store: records.Store, choice: str, phone: str, says: str
) -> None:
    (home / "home" / "clinic.toml").write_text(f'phone = "{phone}"\n', "utf-8")
    assert says in row_of(text_of(opened("plan", finished(store, choice))), "What comes next")


def clinicians_hands(store: records.Store) -> access.Person:
    """A clinician who may sign here."""
    place, now = access.list_locations(store)[0], environment.now()
    person = access.add_person(store, "ortiz", "Dr. Ortiz", [Role.CLINICIAN], [place.id], now, email="o@example.com")
    access.add_licence(store, person.id, access.Licence("medical", "CA", "M-1"), now, person.id)
    return access.load_person(store, person.id)


def examine(store: records.Store, who: access.Person, draft_id: str) -> None:
    new, book, day = exam.NewExam(exam.How.IN_PERSON, environment.today()), core_access.rulebook(), environment.today()
    exam.sign_exam(
        store, who, draft_id, new, exam.SigningContext("CA", book, environment.now(), day, f"key-{draft_id}")
    )


def test_dates_and_what_comes_next_agree_on_whether_a_clinician_comes_first(store: records.Store) -> None:
    sees, looks = "A clinician sees you first.", "A clinician looks at your answers first, so a visit may be later."
    visit, clinician = "Next we find a time for your first visit.", "Next we find a time for you with our clinician."

    def said(draft_id: str) -> set[str]:
        text = text_of(opened("plan", draft_id))
        return {one for one in (sees, looks, visit, clinician) if one in text}

    plain, asking = finished(store), finished(store, anticoagulant="yes")
    assert said(plain) == {sees, clinician} and said(asking) == {looks, clinician}
    who = clinicians_hands(store)
    for one in (plain, asking):
        examine(store, who, one)
    assert said(plain) == {visit}
    assert said(asking) == {looks, clinician}, "an exam alone settles no answer"


def test_an_exam_of_an_earlier_talk_or_before_an_answer_is_none_of_this_one(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = finished(store)
    examine(store, clinicians_hands(store), draft_id)
    assert "Next we find a time for your first visit." in text_of(opened("plan", draft_id))
    monkeypatch.setattr(exam, "has_seen_the_answers", lambda *given: False)  # tests/unit/test_exam.py says when
    text = text_of(opened("plan", draft_id))
    assert "A clinician sees you first." in text and "Next we find a time for you with our clinician." in text


def test_what_is_booked_is_said_of_the_day_of_the_talk_and_not_for_ever(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id, later = finished(store), finished(store, "not_yet")
    ended = short_date(environment.today())
    now = environment.now
    monkeypatch.setattr(environment, "now", lambda: now() + timedelta(days=3))
    for one in (draft_id, later):
        text = row_of(text_of(opened("plan", one)), "What comes next")
        assert f"Nothing was booked on {ended}." in text and "Nothing is booked" not in text
    monkeypatch.setattr(exam, "is_treated_since", lambda *given: True)
    assert "What comes next</th>" not in text_of(opened("plan", draft_id))


def test_staff_read_what_is_missing_before_the_treatment_and_who_can_clear_it(store: records.Store) -> None:
    draft_id = finished(store)
    assert "nobody here can yet" in text_of(staff_face(opened("plan", draft_id)))
    now = store.now()
    place = access.list_locations(store)[0]
    clinician = access.add_person(store, "ortiz", "Dr. Ortiz", [Role.CLINICIAN], [place.id], now, email="o@example.com")
    access.add_licence(store, clinician.id, access.Licence("medical", "CA", "M-1"), now, clinician.id)
    other = access.add_location(store, "Zoo lane", now, state="CA")
    access.add_person(store, "far", "Dr. Far", [Role.CLINICIAN], [other.id], now, email="f@example.com")
    text = text_of(staff_face(opened("plan", draft_id)))
    assert "exam by a clinician and order (Dr. Ortiz can clear it)" in text and "Dr. Far" not in text


@pytest.mark.parametrize("choice", [MN, "not_yet"])
def test_nothing_for_staff_stands_on_the_clients_side_of_the_end(store: records.Store, choice: str) -> None:
    at = opened("plan", finished(store, choice))
    assert THANKS in text_of(at) and "For staff" not in text_of(at) and "still missing" not in text_of(at)
    assert "For staff" in text_of(staff_face(at))


def test_during_the_trial_too_nothing_for_staff_stands_on_the_clients_side_of_the_end(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = finish(choose(opened("plan", draft_id, trial=True), draft_id, "not_yet"))
    assert THANKS in text_of(at) and "For staff" not in text_of(at)
    at.button(key="face").click().run()
    assert THANKS in text_of(at) and "For staff" in text_of(at)


def test_waiting_needs_nothing_before_a_treatment(store: records.Store) -> None:
    assert "still missing" not in text_of(staff_face(opened("plan", finished(store, "not_yet"))))


def test_a_name_is_text_on_the_page_to_keep(store: records.Store) -> None:
    draft_id = new_draft(store, client(), name="<b>Ann</b> " + "\u05d0" * 90)
    at = choose(opened("plan", draft_id), draft_id, "not_yet")
    assert "&lt;b&gt;Ann&lt;/b&gt;" in text_of(finish(at))
