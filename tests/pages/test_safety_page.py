"""Safety: one thing at a time, everything kept with how it was asked, few taps for a healthy client."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup as Pills

from medspa_core import records
from medspa_core.rulebook import Rulebook
from tests.conftest import healthy
from tests.pages.conftest import MORNING, new_draft, opened, staff_face, text_of
from views.consultation.answers import answer_inputs
from views.consultation.answers.answer_words import no_answer
from views.context import core_access, environment
from views.context.words import clock_time
from views.staff.home.demo_clients import demo_clients


def draft_of(store: records.Store, at: AppTest) -> records.Draft:
    found = at.query_params["c"]
    draft = records.load_draft(store, found[0] if isinstance(found, list) else found)
    assert draft is not None
    return draft


def single(at: AppTest) -> Pills:
    """The taps of the single question that is shown; the next one is in the page too, unseen."""
    question = at.session_state["safety_drawn"][0]
    (found,) = [pills for pills in at.pills if str(pills.key).endswith(f"_{question}")]
    return found


def answer_no(at: AppTest) -> None:
    """The tap of a client to whom nothing applies, on whatever card is shown."""
    foot = [pills for pills in at.pills if str(pills.key).startswith("tap_foot_")]
    skin_type = [pills for pills in at.pills if pills.key == "tap_wide_skin_type"]
    if skin_type and skin_type[0].value is None:
        skin_type[0].set_value("2").run()
    elif foot:
        foot[0].set_value("none").run()
    else:
        question, book = at.session_state["safety_drawn"][0], core_access.rulebook()
        single(at).set_value("no" if question in book.cards else no_answer(book, question)).run()


def test_a_healthy_client_needs_at_most_twenty_taps(store: records.Store) -> None:
    at = opened("safety", new_draft(store, {"age": 44}))
    taps = 0
    while "17 taps so far" not in text_of(at) and taps < 30:
        answer_no(at)
        taps += 1
    assert taps <= 19
    draft = draft_of(store, at)
    assert len(draft.answers) == 52
    assert not [question for question, answer in draft.answers.items() if answer == "not_sure"]


def test_each_hard_stop_replaces_the_one_before(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    assert "Are you pregnant or breastfeeding?" in text_of(at)
    single(at).set_value("no").run()
    assert "Are you pregnant or breastfeeding?" not in text_of(at)
    assert "Do you have cancer, or have you had it?" in text_of(at)


def test_start_again_begins_at_the_first_question(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    answer_no(at)
    answer_no(at)
    at.button(key="again").click().run()
    at.button(key="again_yes").click().run()
    assert draft_of(store, at).answers == {}
    assert "Are you pregnant or breastfeeding?" in text_of(at)


def test_an_answer_that_the_browser_names_twice_is_one_tap_and_one_step(store: records.Store) -> None:
    """Until it has heard that the next card is there, a browser goes on naming the answer of the card before."""
    at = opened("safety", new_draft(store))
    tapped = single(at)
    tapped.set_value("no").run()
    revision = draft_of(store, at).revision
    states = at._tree.get_widget_states()
    states.widgets.append(tapped._widget_state)
    at._run(states)
    assert "1 tap so far" in text_of(at)
    assert draft_of(store, at).revision == revision
    assert "Do you have cancer, or have you had it?" in text_of(at)


def test_a_card_that_was_to_be_told_whole_is_so_though_its_run_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run draws it, and only then nothing is left to tell."""
    session: dict[str, object] = {"tap_pregnant": "no", "tap_wide_cancer": "none", "other": 1}
    monkeypatch.setattr(answer_inputs.st, "session_state", session)
    answer_inputs.tell_again(["pregnant"])
    answer_inputs.tell_again([])
    assert session["told_again"] == {"tap_pregnant"}


def test_rather_telling_the_nurse_is_kept_as_not_sure(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    single(at).set_value("tell").run()
    draft = draft_of(store, at)
    assert (draft.answers["pregnant"], draft.how_asked["pregnant"]) == ("not_sure", "told_nurse")


def test_none_of_the_others_leaves_what_was_tapped(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_history").click().run()
    at.pills(key="tap_item_cold_sores_ever").set_value("yes").run()
    at.pills(key="tap_item_melasma").set_value("not_sure").run()
    at.pills(key="tap_foot_skin").set_value("none").run()
    answers = draft_of(store, at).answers
    assert answers == {
        "cold_sores_ever": "yes",
        "melasma": "not_sure",
        "eczema_psoriasis_rosacea_area": "no",
        "psoriasis_or_vitiligo_anywhere": "no",
        "past_pigment_change": "no",
        "tattoo_or_permanent_makeup_area": "no",
    }


def test_an_answer_looks_answered_however_it_was_asked(store: records.Store) -> None:
    known = {"cold_sores_ever": "yes", "eczema_psoriasis_rosacea_area": "no", "melasma": "not_sure"}
    known |= {"psoriasis_or_vitiligo_anywhere": "no", "tattoo_or_permanent_makeup_area": "no"}
    at = opened("safety", new_draft(store, {**known, "past_pigment_change": "not_applicable", "skin_type": "3"}))
    at.button(key="part_history").click().run()
    assert at.pills(key="tap_item_cold_sores_ever").value == "yes"
    assert at.pills(key="tap_item_melasma").value == "not_sure"
    assert at.pills(key="tap_foot_skin").value == "none"
    at.button(key="part_together").click().run()
    assert at.pills(key="tap_wide_skin_type").value == "3"


def test_does_not_apply_looks_like_no_where_it_is_not_offered(store: records.Store) -> None:
    at = opened("safety", new_draft(store, {"metal_allergy": "not_applicable"}))
    while at.session_state["safety_drawn"][0] != "metal_allergy":
        at.button(key="main_next_here").click().run()
    assert single(at).value == "no"


@pytest.mark.parametrize("demo", ["a204", "sunburn", "citrate", "not_sure_of_much"])
def test_every_card_of_an_invented_client_looks_answered(store: records.Store, demo: str) -> None:
    client = next(one for one in demo_clients() if one.id == demo)
    draft = records.start_draft(store, client.name, MORNING, MORNING.date(), ("wait",))
    records.save_answers(store, draft.id, client.answers(MORNING.date()), MORNING, "invented client", draft.revision)
    at = opened("safety", draft.id)
    at.button(key="part_first").click().run()
    seen = 1
    while [button for button in at.button if button.key == "main_next_here"]:
        foot = [pills for pills in at.pills if str(pills.key).startswith("tap_foot_")]
        assert (foot or at.pills)[0].value
        at.button(key="main_next_here").click().run()
        seen += 1
    assert seen > 12


def test_a_no_kept_from_elsewhere_is_changed_by_the_foot_but_not_what_staff_saw(store: records.Store) -> None:
    draft_id = new_draft(store, {"cold_sores_ever": "no", "melasma": "no", "past_pigment_change": "no"})
    records.save_answers(store, draft_id, {"eczema_psoriasis_rosacea_area": "no"}, MORNING, "seen")
    at = opened("safety", draft_id)
    at.button(key="part_history").click().run()
    at.pills(key="tap_foot_skin").set_value("not_sure").run()
    answers = draft_of(store, at).answers
    assert (answers["melasma"], answers["eczema_psoriasis_rosacea_area"]) == ("not_sure", "no")


def test_an_item_of_several_kinds_counts_as_not_sure_until_its_kind_is_chosen(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_history").click().run()
    at.button(key="main_next_here").click().run()
    at.pills(key="tap_item_isotretinoin").set_value("yes").run()
    assert draft_of(store, at).answers["isotretinoin"] == "not_sure"
    at.pills(key="tap_wide_which_isotretinoin").set_value("stopped_under_6_months").run()
    assert draft_of(store, at).answers["isotretinoin"] == "stopped_under_6_months"
    at.pills(key="tap_foot_blood").set_value("none").run()
    assert draft_of(store, at).answers["isotretinoin"] == "stopped_under_6_months"


def test_items_of_one_option_are_not_asked_once_it_is_ruled_out(store: records.Store) -> None:
    at = opened("safety", new_draft(store, {"blood_draw_comfort": "never"}))
    at.button(key="part_history").click().run()
    at.button(key="main_next_here").click().run()
    keys = {str(pills.key) for pills in at.pills}
    assert "tap_item_low_platelets" in keys
    assert "tap_item_anaemia" not in keys


def test_staff_see_findings_and_how_each_answer_was_asked(store: records.Store) -> None:
    at = opened("safety", new_draft(store, {"anticoagulant": "yes", "age": 67}))
    assert "For the examiner" not in text_of(at)
    staff_face(at)
    text = text_of(at)
    assert "For the examiner" in text
    assert "Review: all treatments" in text
    assert "Nothing found; the exam is still needed." in text
    at.button(key="face").click().run()
    assert "For the examiner" not in text_of(at)


def test_next_and_back_move_by_one_card_also_at_the_ends(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_last_days").click().run()
    at.button(key="main_next_here").click().run()
    assert "The last few weeks" in text_of(at)
    at.button(key="part_first").click().run()
    at.button(key="main_next_here").click().run()
    at.button(key="back_here").click().run()
    assert "Are you pregnant or breastfeeding?" in text_of(at)


def test_none_of_these_right_after_another_tap_takes_nothing_back(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_together").click().run()
    at.pills(key="tap_wide_skin_type").set_value("2")
    at.pills(key="tap_foot_together").set_value("none").run()
    answers = draft_of(store, at).answers
    assert (answers["skin_type"], answers["acne_active_area"]) == ("2", "no")


def test_the_taps_are_still_counted_after_a_reload_and_never_untrue(store: records.Store) -> None:
    draft_id = new_draft(store, {"age": 44, "pregnant": "no"})
    at = opened("safety", draft_id)
    assert "taps so far" not in text_of(at)
    single(at).set_value("no").run()
    single(at).set_value("tell").run()
    assert "2 taps so far" in text_of(at)
    again = opened("safety", draft_id)
    assert "2 taps so far" in text_of(again)
    answer_no(again)
    assert "3 taps so far" in text_of(again)


def test_staff_see_when_each_answer_was_given_and_the_other_answers_too(store: records.Store) -> None:
    answers = {"anticoagulant": "yes", "age": 67, "importance": {"cost": "lot"}, "event_date": "none", "objects_to": []}
    draft_id = new_draft(store, answers)
    records.save_answers(store, draft_id, {"pregnant": "not_sure"}, MORNING + timedelta(hours=2), "single")
    at = opened("safety", draft_id)
    staff_face(at)
    text = text_of(at)
    assert "asked singly, " + clock_time(environment.local(MORNING + timedelta(hours=2))) in text
    assert "67" in text
    assert "Cost: A lot" in text


def test_a_note_of_staff_is_kept_listed_and_never_in_the_client_view(store: records.Store) -> None:
    draft_id = new_draft(store, {"age": 44})
    at = opened("safety", draft_id)
    staff_face(at)
    at.text_area[0].set_value("Hums when <i>nervous</i>")
    at.button(key="add_note").click().run()
    assert "Hums when &lt;i&gt;nervous&lt;/i&gt;" in text_of(at)
    assert at.text_area[0].value == ""
    assert [note.text for note in records.read_notes(store, draft_id)] == ["Hums when <i>nervous</i>"]
    for page in ("you", "safety", "what_matters", "options", "timeline", "plan", "why"):
        shown = opened(page, draft_id)
        assert "Hums" not in " ".join(str(block) for block in shown.main)


def test_a_note_taken_back_is_crossed_out_and_stays(store: records.Store) -> None:
    draft_id = new_draft(store)
    records.add_note(store, draft_id, "Wrong person", MORNING)
    at = opened("safety", draft_id)
    staff_face(at)
    at.button(key="take_back_1").click().run()
    assert "<s>Wrong person</s>" in text_of(at)
    assert not [button for button in at.button if button.key == "take_back_1"]


def test_a_note_that_can_not_be_kept_stays_in_its_field(store: records.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("safety", new_draft(store))
    staff_face(at)
    at.button(key="add_note").click().run()
    assert "Write something first." in text_of(at)

    def full(*_: object, **__: object) -> None:
        raise records.StoreProblem("The disk is full.")

    monkeypatch.setattr("medspa_core.clients.consultations.add_note", full)
    at.text_area[0].set_value("Not to be lost")
    at.button(key="add_note").click().run()
    assert "The disk is full." in text_of(at)
    assert at.text_area[0].value == "Not to be lost"


def test_none_of_these_is_seen_to_be_kept_also_while_the_skin_type_is_open(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_together").click().run()
    at.pills(key="tap_foot_together").set_value("none").run()
    assert at.pills(key="tap_foot_together").value == "none"
    assert at.pills(key="tap_wide_skin_type").value is None


def test_a_tap_that_could_not_be_saved_is_not_counted(store: records.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("safety", new_draft(store))
    single(at).set_value("no").run()
    full = records.StoreFull("full")
    with monkeypatch.context() as broken:
        broken.setattr("medspa_core.clients.consultations.save_answers", lambda *_, **__: (_ for _ in ()).throw(full))
        answer_no(at)
        assert "1 tap so far" in text_of(at)
    at.run()
    assert "2 taps so far" in text_of(at)


def test_what_nobody_should_miss_of_a_medicine_is_never_behind_a_tap(rulebook: Rulebook) -> None:
    """Help may fold away; that nobody should stop a medicine may not."""
    folded = " ".join(question.words.help for question in rulebook.questions.values()).lower()
    assert "stop a medicine" not in folded and "keep taking" not in folded
    notes = " ".join(question.words.note for question in rulebook.questions.values()).lower()
    assert "keep taking it" in notes and "never stop a medicine" in notes


def test_a_day_is_asked_of_who_said_yes_and_of_nobody_else(store: records.Store) -> None:
    asked = {"filler_last_28_days": "yes", "botulinum_last_14_days": "no", "needling_area_last_28_days": "not_sure"}
    at = opened("safety", new_draft(store, asked))
    at.button(key="part_last_days").click().run()
    next_card(at)
    fields = [one.key for one in at.text_input if str(one.key).startswith("field_since_")]
    assert fields == ["field_since_filler_last_28_days"]
    at.text_input(key=fields[0]).set_value("11/01/2026").run()
    assert draft_of(store, at).answers["since"] == {"filler_last_28_days": "2026-11-01"}
    at.pills(key="tap_item_botulinum_last_14_days").set_value("yes").run()
    at.text_input(key="field_since_botulinum_last_14_days").set_value("11/30/2026").run()
    assert draft_of(store, at).answers["since"] == {"filler_last_28_days": "2026-11-01"}
    assert "mc-refused" in text_of(at)
    at.text_input(key="field_since_botulinum_last_14_days").set_value("11/20/2026").run()
    assert draft_of(store, at).answers["since"]["botulinum_last_14_days"] == "2026-11-20"
    at.text_input(key=fields[0]).set_value("").run()
    assert draft_of(store, at).answers["since"] == {"botulinum_last_14_days": "2026-11-20"}


def test_medicines_and_allergies_are_kept_in_the_clients_own_words(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_history").click().run()
    next_card(at)
    at.text_area(key="field_medicines_text").set_value("<b>Warfarin</b> 5 mg").run()
    draft = draft_of(store, at)
    assert draft.answers == {"medicines_text": "<b>Warfarin</b> 5 mg"}
    at.text_area(key="field_medicines_text").set_value("  ").run()
    assert draft_of(store, at).answers == {}


def next_card(at: AppTest) -> None:
    (ahead,) = [button for button in at.button if button.label == "Next card"]
    ahead.click().run()


def test_one_tap_answers_both_and_what_does_not_apply_is_kept_as_that(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    single(at).set_value("not_applicable").run()
    assert draft_of(store, at).answers == {"pregnant": "not_applicable", "breastfeeding": "not_applicable"}
    again = opened("safety", new_draft(store, {"pregnant": "yes", "breastfeeding": "no"}))
    assert "Do you have cancer, or have you had it?" in text_of(again)
    half = opened("safety", new_draft(store, {"pregnant": "no"}))
    assert "Are you pregnant or breastfeeding?" in text_of(half)
    assert single(half).value is None


def test_what_staff_see_of_the_skin_is_empty_until_staff_have_tapped_it(store: records.Store) -> None:
    """What the client said of themselves is no observation, nor is what came from a file or an invented client."""
    said = {"skin_type": "3", "suspicious_lesion_area": "no", "acne_active_area": "not_sure", "poor_veins": "no"}
    draft_id = new_draft(store, said)
    at = staff_face(opened("safety", draft_id))
    by_eye = {str(one.key): one.value for one in at.pills if str(one.key).startswith("tap_staff_")}
    assert set(by_eye) == {f"tap_staff_{question}" for question in said} and set(by_eye.values()) == {None}
    at.pills(key="tap_staff_skin_type").set_value("3").run()
    draft = draft_of(store, at)
    assert (draft.answers["skin_type"], draft.how_asked["skin_type"]) == ("3", "seen")
    again = staff_face(opened("safety", draft_id))
    assert again.pills(key="tap_staff_skin_type").value == "3"
    assert again.pills(key="tap_staff_poor_veins").value is None


def test_a_card_that_was_begun_says_beside_next_what_it_leaves_open_and_holds_nobody_up(store: records.Store) -> None:
    at = opened("safety", new_draft(store))
    at.button(key="part_history").click().run()
    assert "on this card" not in text_of(at)
    at.pills(key="tap_item_cold_sores_ever").set_value("yes").run()
    assert "5 questions on this card are open." in text_of(at)
    next_card(at)
    text = text_of(at)
    assert "on this card" not in text and 'class="half"' in text
    at.button(key="back_here").click().run()
    for question in (
        "eczema_psoriasis_rosacea_area",
        "psoriasis_or_vitiligo_anywhere",
        "melasma",
        "past_pigment_change",
    ):
        at.pills(key=f"tap_item_{question}").set_value("not_sure").run()
    assert "One question on this card is open." in text_of(at)
    at.pills(key="tap_foot_skin").set_value("none").run()
    text = text_of(at)
    assert "on this card" not in text and 'class="half"' not in text and 'class="on"' in text


@pytest.mark.parametrize("left_open", ["keloid", "melasma", "anaemia", "skin_type", "filler_last_28_days"])
def test_the_way_to_what_is_open_leads_to_its_card_wherever_one_was_before(
    store: records.Store, left_open: str
) -> None:
    answers = {question: answer for question, answer in healthy().items() if question != left_open}
    at = opened("safety", new_draft(store, answers))
    at.button(key="part_first").click().run()
    at.query_params["open"] = "1"
    at.run()
    assert "open" not in at.query_params
    shown = {str(one.key) for one in at.pills}
    keys = {f"tap_{kind}{left_open}" for kind in ("wide_", "two_", "item_")}
    assert keys & shown, shown
