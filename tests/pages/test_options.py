"""Screen 4: the headline, four equal cards, trying a change and coming back, the choice, and where numbers come from."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from medspa_core import records
from medspa_core.course.course_tables import tables_of
from medspa_core.recommendation import recommend
from medspa_core.rulebook import RulebookProblem
from tests.conftest import AS_OF, healthy
from tests.pages.conftest import new_draft, opened, staff_face, text_of
from views.context import core_access
from views.result import reviewed_options

PLANS: dict[str, Any] = {
    "concern": "texture", "blood_draw_comfort": "rather_not", "budget": 2500, "minutes_per_visit": 75,
    "visits_willing": 4, "event_date": "2027-06-12", "importance": {"blood_draw": "lot", "cost": "lot"},
}  # fmt: skip
STAFF_WORDS = re.compile(r"\b(leans|excluded|deferred|none suitable|recommended|best match)\b", re.IGNORECASE)
CARD = re.compile(r'<section class="rc-card.*?</section>', re.DOTALL)
ROWS = (
    "Needles", "Visits", "One visit", "Whole course", "By June 12", "First change", "Redness", "Approval", "Good", "Not so good",
)  # fmt: skip


def client(**more: Any) -> dict[str, Any]:
    return {key: value for key, value in healthy(**{**PLANS, **more}).items() if value is not None}


def headline_of(text: str) -> list[str]:
    return re.findall(r'<(?:h1|p) class="rh">([^<]*)<', text)


def card_of(text: str, option: str) -> str:
    return next(card for card in CARD.findall(text) if f'aria-label="{option}"' in card)


def marks_of(text: str, option: str, row: str) -> list[str]:
    """The marks of one row of one card, as sign and words."""
    cell = next(part for part in card_of(text, option).split("rc-cell ") if part.startswith(f"rc-{row}"))
    mark = r'class="rc-mark"><span[^>]* class="mc-icon mc-icon-(\w+)">[^<]*</span><span>([^<]*)<'
    return [f"{sign}: {words}" for sign, words in re.findall(mark, cell)]


def test_the_headline_says_what_fits_best_and_then_answers_the_pair(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client())))
    assert headline_of(text) == [
        "Microneedling alone fits you best.",
        "Exosomes or PRP? Exosomes, a little. They are over your $2,500.",
    ]
    assert "Waiting costs nothing and is fine too. By our own figures alone:" in text


@pytest.mark.parametrize("screen", ["you", "safety", "what_matters", "options", "timeline", "plan"])
def test_a_run_of_a_page_makes_one_outcome(store: records.Store, monkeypatch: pytest.MonkeyPatch, screen: str) -> None:
    made: list[object] = []

    def counted(*given: Any) -> reviewed_options.Reviewed:
        made.append(given)
        return after_the_review(*given)

    after_the_review = reviewed_options.after_the_review
    monkeypatch.setattr(reviewed_options, "after_the_review", counted)
    opened(screen, new_draft(store, client()))
    assert len(made) == int(screen in ("what_matters", "options", "timeline", "plan"))


def test_limits_that_nothing_keeps_come_before_any_praise(store: records.Store) -> None:
    answers = client(budget=700, blood_draw_comfort="never", importance={"cost": "lot"})
    text = text_of(opened("options", new_draft(store, answers)))
    assert headline_of(text) == [
        "No treatment here fits $700 at the usual visits. Microneedling comes nearest: $1,050.",
        "Exosomes or PRP? PRP is not for you, because you never want a blood draw.",
    ]


def test_each_limit_has_a_mark_in_its_row_of_each_card(store: records.Store) -> None:
    plans = {"budget": 700, "planned_start": "2027-02-02", "event_date": "2027-06-20", "downtime_days": 2}
    text = text_of(opened("options", new_draft(store, client(**plans))))
    cards = ("Wait", "Microneedling", "Exosomes + microneedling", "PRP + microneedling")
    assert [marks_of(text, card, "course") for card in cards] == [
        ["check: nothing to pay"], ["over: over by $350"], ["over: over by $2,000"], ["over: over by $1,400"],
    ]  # fmt: skip
    assert marks_of(text, "PRP + microneedling", "one_visit") == ["over: over by 3 min"]
    assert marks_of(text, "Microneedling", "visits") == ["check: within your 4 visits"]
    assert marks_of(text, "Microneedling", "by_date") == ["check: ready by June 20", "clock: at its best later"]
    assert marks_of(text, "Wait", "by_date") == ["clock: you can start later"]
    assert (
        text.count("within your 2 days") == 5
    )  # once across the cards, once in portrait, and unseen in each of the three


def test_without_limits_a_card_has_no_marks_and_no_row_for_a_date(store: records.Store) -> None:
    none = {"budget": "any", "minutes_per_visit": "any", "visits_willing": None, "event_date": "none", "importance": {}}
    text = text_of(opened("options", new_draft(store, client(**none))))
    assert "rc-mark" not in text and "rc-by_date" not in text


def test_a_card_that_is_ruled_out_keeps_its_rows_and_marks(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client(blood_draw_comfort="never"))))
    assert tuple(re.findall(r'rc-label">([^<]*)<', card_of(text, "PRP + microneedling"))) == ROWS
    assert marks_of(text, "PRP + microneedling", "course") == ["check: within your $2,500"]


def test_the_strip_of_what_is_tried_says_the_headline_of_it(store: records.Store) -> None:
    at = opened("options", new_draft(store, client()))
    text = text_of(at.button(key="try_0").click().run())
    strip = re.findall(r'<p class="rr-text">([^<]*)</p>', text)
    assert [line for line in headline_of(text) if line not in strip] == []


def test_four_cards_have_the_same_rows_in_the_same_order(store: records.Store) -> None:
    cards = CARD.findall(text_of(opened("options", new_draft(store, client()))))
    assert len(cards) == 4
    for card in cards:
        assert tuple(re.findall(r'rc-label">([^<]*)<', card)) == ROWS


def test_our_plan_carries_its_flag_for_both_of_the_pair(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client())))
    for plan in ("our plan: 3 to 6", "our plan: 1 to 2", "our plan: $2,100 to 4,200", "our plan: $900 to 1,800"):
        assert plan in text
    assert "Our own plan, not counted: no study compared numbers of visits." in text


def test_every_number_of_a_card_leads_to_its_source(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client())))
    for number in ("visits", "one_visit", "course", "needles", "approval", "good"):
        assert f"number={number}.exosome_microneedling" in text


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "No answers yet. Start with You."),
        ({"age": 40}, "First tell us what you would like to change."),
        ({"concern": "texture"}, "So far a close call: PRP and exosomes both fit you."),
        (client(blood_draw_comfort="never"), "PRP is not for you, because you never want a blood draw."),
        (client(pregnant="yes"), "Waiting is always open."),
        (client(sunburn_or_tan="yes"), "Not yet: from December 6"),
        (client(anticoagulant="yes"), "Let's ask the clinician first"),
        (client(importance={"cost": "must"}, budget=300), "Then something opens again."),
        (client(event_date="none", budget="any", visits_willing="any"), "Waiting costs nothing and is fine too."),
    ],
)
def test_every_kind_of_client_is_told_something_kind_and_true(
    store: records.Store, answers: dict[str, Any], said: str
) -> None:
    text = text_of(opened("options", new_draft(store, answers)))
    assert said in text
    assert not STAFF_WORDS.search(re.sub(r"<[^>]*>", " ", text))


def notes_of(text: str) -> str:
    return "".join(re.findall(r'<div class="rc-notes">.*?</div>', text, re.DOTALL))


def test_that_a_clinician_looks_first_is_said_once_in_the_headline(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client(anticoagulant="yes"))))
    notes = notes_of(text)
    assert (
        "The clinician looks first, because of your answer on a medicine that thins the blood." in headline_of(text)[0]
    )
    assert "ask the clinician first" not in notes and "looks first" not in notes
    assert "Do not stop any prescribed medicine." in notes


def test_a_hold_of_what_the_headline_does_not_name_stands_in_the_notes(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client(anaemia="not_sure"))))
    assert "looks first" not in " ".join(headline_of(text))
    assert "The clinician looks first, because your answer on a low blood count is not sure." in notes_of(text)


def test_a_product_that_is_not_recorded_is_never_put_on_the_clients_answers(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client(exosome_product=None))))
    assert "because we have not recorded our exosome product yet" in headline_of(text)[1]
    assert "some answers" not in text and "of your answers" not in text
    assert "which product this would be" not in notes_of(text)  # said once


def test_a_must_is_made_softer_with_one_tap(store: records.Store) -> None:
    draft_id = new_draft(store, client(importance={"cost": "must"}, budget=300))
    opened("options", draft_id).button(key="relax_cost").click().run()
    draft = records.load_draft(store, draft_id)
    assert draft is not None
    assert draft.answers["importance"] == {"cost": "lot"}


def test_a_change_is_tried_without_being_saved_and_one_tap_comes_back(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = opened("options", draft_id)
    before = text_of(at)
    at.button(key="try_0").click().run()
    assert "Just trying" in text_of(at)
    assert records.load_draft(store, draft_id).answers == client()  # type: ignore[union-attr]
    at.button(key="come_back").click().run()
    assert "Just trying" not in text_of(at)
    assert "Exosomes or PRP? Exosomes, a little." in before


def test_what_was_tried_can_be_kept(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = opened("options", draft_id)
    at.button(key="try_0").click().run()
    at.button(key="keep_tried").click().run()
    assert records.load_draft(store, draft_id).answers != client()  # type: ignore[union-attr]
    assert "Just trying" not in text_of(at)


def test_nothing_can_be_chosen_while_something_is_tried(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = opened("options", draft_id)
    at.button(key="try_0").click().run()
    pills = at.pills(key=f"tap_wide_choice_{draft_id}")
    assert pills.proto.disabled
    pills.proto.disabled = False  # what a browser would have to forge
    pills.set_value("no").run()
    assert records.load_draft(store, draft_id).choice is None  # type: ignore[union-attr]


def test_a_choice_that_an_answer_has_closed_since_says_so(store: records.Store) -> None:
    draft_id = new_draft(store, client(blood_draw_comfort="fine"))
    at = opened("options", draft_id)
    at.pills(key=f"tap_wide_choice_{draft_id}").set_value("prp_microneedling").run()
    assert "Noted: PRP + microneedling." in text_of(at)
    at = opened("you", draft_id)
    at.pills(key="tap_blood_draw_comfort").set_value("never").run()
    text = text_of(opened("options", draft_id))
    assert "Noted before: PRP + microneedling. It is not open to you now." in text


@pytest.mark.parametrize("weight", ["little", "lot"])
def test_a_date_that_nothing_can_be_sure_to_meet_is_said_however_much_it_counts(
    store: records.Store, weight: str
) -> None:
    soon = client(event_date="2026-12-06", planned_start="now", importance={"ready_by": weight})
    told = "Your date, December 6, is soon."
    assert told in text_of(opened("options", new_draft(store, soon)))
    assert told in text_of(opened("timeline", new_draft(store, soon)))
    assert "is soon" not in text_of(opened("options", new_draft(store, client())))


def test_an_open_age_is_not_called_a_safety_question(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client(age=None))))
    assert "Your age is still open." in text
    assert "safety question is open" not in text


def test_who_is_under_age_is_told_so_and_not_of_a_safety_answer(store: records.Store) -> None:
    draft_id = new_draft(store, client(age=16))
    for page in ("options", "timeline"):
        text = text_of(opened(page, draft_id))
        assert "or adults only" in text
        assert "a safety answer" not in text
        assert "your safety answers" not in text


@pytest.mark.parametrize("choice", ["prp_microneedling", "wait", "not_yet", "no"])
def test_a_choice_is_kept_with_what_was_recommended(store: records.Store, choice: str) -> None:
    draft_id = new_draft(store, client())
    at = opened("options", draft_id)
    at.pills(key=f"tap_wide_choice_{draft_id}").set_value(choice).run()
    facts = records.read_facts(store)
    assert (facts["chosen"], facts["recommended"]) == ([choice], ["microneedling_alone"])
    assert (facts["pair_best"], facts["pair_standing"]) == (["exosome_microneedling"], ["leans"])
    assert "Noted:" in text_of(at)


def test_a_changed_mind_counts_once(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    at = opened("options", draft_id)
    at.pills(key=f"tap_wide_choice_{draft_id}").set_value("wait").run()
    at.pills(key=f"tap_wide_choice_{draft_id}").set_value("no").run()
    assert records.read_facts(store)["chosen"] == ["no"]


def test_an_option_that_is_ruled_out_cannot_be_chosen(store: records.Store) -> None:
    draft_id = new_draft(store, client(blood_draw_comfort="never"))
    at = opened("options", draft_id)
    assert "prp_microneedling" not in at.pills(key=f"tap_wide_choice_{draft_id}").options


def test_points_and_robustness_stand_on_the_staff_view_only(store: records.Store) -> None:
    at = opened("options", new_draft(store, client()))
    assert "Staff view" not in text_of(at)
    staff_face(at)
    text = text_of(at)
    assert "Staff view: how this was reached" in text
    assert re.search(r"\d,\d{3} · \d+%", text)


def test_the_next_question_is_named_and_a_tap_goes_there(store: records.Store) -> None:
    at = opened("options", new_draft(store, {"concern": "texture"}))
    assert "Worth asking next" in text_of(at)
    assert at.button(key="answer_next")


def test_what_the_first_result_needs_is_computed_when_the_server_starts(store: records.Store) -> None:
    tables_of.cache_clear()
    core_access.get_ready()
    made = tables_of.cache_info().misses
    recommend({"concern": "texture", "budget": 1234, "age": 41}, core_access.rulebook(), AS_OF)
    assert (made, tables_of.cache_info().misses) == (2, 2)  # the rulebook's own, and those of its variants, for flips


def test_a_server_with_a_wrong_rulebook_starts_all_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(tmp_path / "nothing"))
    with pytest.raises(RulebookProblem):
        core_access.rulebook()
    core_access.get_ready()


def test_the_same_answers_are_computed_once_and_the_result_belongs_to_the_answers_alone(store: records.Store) -> None:
    first = core_access.recommended(client(), AS_OF)
    assert core_access.recommended(dict(reversed(client().items())), AS_OF) is first
    assert core_access.recommended(client(budget=300), AS_OF) is not first
    assert core_access.recommended(client(), AS_OF + timedelta(days=1)) is not first


def test_a_date_that_neither_can_keep_is_not_held_against_one_of_them(store: records.Store) -> None:
    wedding = {"event_date": "2026-12-19", "planned_start": "now", "importance": {"ready_by": "lot"}}
    at = opened("options", new_draft(store, client(blood_draw_comfort="never", **wedding)))
    assert "Not met by either, though it counts a lot: your date." in text_of(at)
    assert "Not met by exosomes" not in text_of(at) and "Not met by microneedling" not in text_of(at)


def test_only_the_safety_questions_that_are_asked_count_as_open(store: records.Store) -> None:
    """What is asked for PRP alone is not asked of somebody who never wants a blood draw."""
    never = client(blood_draw_comfort="never")
    of_prp = [q for q, one in core_access.rulebook().questions.items() if one.only_while_open == "prp_microneedling"]
    asked = {question: answer for question, answer in never.items() if question not in of_prp}
    assert "questions are open" not in text_of(opened("options", new_draft(store, asked)))
    one_open = {question: answer for question, answer in asked.items() if question != "metal_allergy"}
    assert "One safety question is open." in text_of(opened("options", new_draft(store, one_open)))


def test_a_care_that_all_three_need_is_said_of_all_three_also_where_one_is_to_be_reviewed(store: records.Store) -> None:
    text = text_of(opened("options", new_draft(store, client(skin_type="5"))))
    line = next(line for line in re.findall(r"<p>.*?</p>", text) if "Darker skin can change colour" in line)
    assert line.count("mc-mark mc-mark-") == 3


def test_a_product_on_file_is_no_answer_so_nothing_is_chosen_or_begun_again(store: records.Store) -> None:
    draft_id = new_draft(store)
    product = client()["exosome_product"]
    records.save_answers(store, draft_id, {"exosome_product": product}, store.now(), records.ON_FILE)
    at = opened("options", draft_id)
    assert "No answers yet. Start with You." in text_of(at)
    assert not [one for one in at.pills if str(one.key).startswith("tap_wide_choice_")]
    assert at.button(key="again").disabled and not [e for e in at.expander if "Why" in e.label]


def test_an_option_that_the_rulebook_has_no_more_keeps_its_name_wherever_it_was_chosen(store: records.Store) -> None:
    draft_id = new_draft(store, client())
    facts = records.ChoiceFacts("texture", None, "close_call")
    records.record_choice(store, draft_id, "red_light", store.now(), facts)
    assert "Noted before: red light. It is not open to you now." in text_of(opened("options", draft_id))
    assert "What you chose is not open now." in text_of(opened("plan", draft_id))
    records.finish(store, draft_id, store.now())
    closing = text_of(opened("plan", draft_id))
    assert "<b>red light</b>" in closing and "Nothing planned" in closing
