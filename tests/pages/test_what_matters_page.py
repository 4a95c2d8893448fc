"""What matters: a must says at once what it rules out, and one tap takes it back."""

from __future__ import annotations

from medspa_core import records
from tests.pages.conftest import new_draft, opened, text_of
from tests.pages.test_options import client


def test_a_must_says_what_it_rules_out_and_one_tap_takes_it_back(store: records.Store) -> None:
    at = opened("what_matters", new_draft(store, {"concern": "texture", "blood_draw_comfort": "rather_not"}))
    at.pills(key="tap_weigh_blood_draw").set_value("must").run()
    assert "This rules out" in text_of(at)
    assert "Not for you, because no blood draw is a must for you" in text_of(at)
    at.button(key="soften_blood_draw").click().run()
    assert "This rules out" not in text_of(at)
    assert at.pills(key="tap_weigh_blood_draw").value == "lot"


def test_a_must_that_rules_nothing_out_says_so(store: records.Store) -> None:
    at = opened("what_matters", new_draft(store, {"budget": "any", "concern": "texture"}))
    at.pills(key="tap_weigh_cost").set_value("must").run()
    assert "This rules nothing out." in text_of(at)


def test_what_matters_without_a_limit_asks_for_it_there(store: records.Store) -> None:
    at = opened("what_matters", new_draft(store, {"concern": "texture"}))
    at.pills(key="tap_weigh_visit_time").set_value("lot").run()
    assert "How long can one visit be?" in text_of(at)
    at.button(key="more_minutes_per_visit").click().run()
    assert "You said: 60 minutes." in text_of(at)


def test_what_is_not_chosen_says_how_it_counts(store: records.Store) -> None:
    text = text_of(opened("what_matters", new_draft(store)))
    assert 'What you skip counts as "a little".' in text
    assert text.count("until you choose") == 1 and 'It counts as "a lot" until you choose.' in text
    assert "11 not chosen yet" in text


def test_nothing_unwanted_is_an_answer_and_unanswered_is_not(store: records.Store) -> None:
    draft_id = new_draft(store)
    at = opened("what_matters", draft_id)
    at.pills(key="tap_wide_objects_to").set_value(["nothing"]).run()
    assert records.load_draft(store, draft_id).answers == {"objects_to": []}  # type: ignore[union-attr]
    at.pills(key="tap_wide_objects_to").set_value(["nothing", "animal"]).run()
    assert records.load_draft(store, draft_id).answers == {"objects_to": ["animal"]}  # type: ignore[union-attr]


def test_two_quick_taps_are_both_kept(store: records.Store) -> None:
    draft_id = new_draft(store)
    at = opened("what_matters", draft_id)
    at.pills(key="tap_weigh_cost").set_value("lot")
    at.pills(key="tap_weigh_visits").set_value("none").run()
    assert records.load_draft(store, draft_id).answers == {"importance": {"cost": "lot", "visits": "none"}}  # type: ignore[union-attr]


def test_a_must_that_another_answer_repeats_offers_no_way_back_that_opens_nothing(store: records.Store) -> None:
    never = client(blood_draw_comfort="never", importance={"blood_draw": "must"})
    at = opened("what_matters", new_draft(store, never))
    assert "So does something else you told us." in text_of(at)
    assert "soften_blood_draw" not in {button.key for button in at.button}
    rather_not = client(blood_draw_comfort="rather_not", importance={"blood_draw": "must"})
    at = opened("what_matters", new_draft(store, rather_not))
    assert "soften_blood_draw" in {button.key for button in at.button}


def test_what_is_open_now_names_the_answer_that_rules_an_option_out(store: records.Store) -> None:
    text = text_of(opened("what_matters", new_draft(store, client(blood_draw_comfort="never", importance=None))))
    assert "Not for you, because you never want a blood draw" in text
    text = text_of(opened("what_matters", new_draft(store, client(objects_to=["own_blood", "plant"]))))
    assert "Not for you, because you don't want your own blood used<" in text


def shown_first(store: records.Store, **answers: object) -> list[str]:
    """Keys of the criteria that are not behind More, as drawn."""
    at = opened("what_matters", new_draft(store, answers))
    behind_more = {pill.key for pill in at.expander(key="folded_criteria").pills} if at.expander else set()
    return [
        pill.key.removeprefix("tap_weigh_")
        for pill in at.pills
        if pill.key.startswith("tap_weigh_") and pill.key not in behind_more
    ]


def test_what_matters_shows_first_what_the_answers_on_you_speak_of(store: records.Store) -> None:
    assert shown_first(store, concern="texture", budget=700, visits_willing="any") == ["result", "cost"]


def test_a_stated_importance_is_never_folded_away(store: records.Store) -> None:
    shown = shown_first(store, concern="texture", importance={"evidence": "little", "source": "none"})
    assert shown == ["result", "evidence", "source"]


def test_at_most_five_are_in_sight_and_limits_come_before_wishes(store: records.Store) -> None:
    limits = {
        "minutes_per_visit": 60,
        "visits_willing": 3,
        "budget": 700,
        "downtime_days": 2,
        "blood_draw_comfort": "never",
    }
    assert shown_first(store, concern="texture", event_date="none", **limits) == [
        "blood_draw", "visit_time", "visits", "cost", "downtime",
    ]  # fmt: skip
