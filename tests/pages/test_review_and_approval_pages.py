"""The clinician reviews, examines and orders; the director approves; the client reads kind words and no note."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update
from streamlit.testing.v1 import AppTest

from medspa_core import access, exam, offer, records
from medspa_core.access import Licence, Role
from medspa_core.access.schema import licences, locations
from medspa_core.exam import NewExam, Word
from medspa_core.exam.exams import latest_exam
from medspa_core.exam.orders import order_in_force
from medspa_core.recommendation import recommend
from tests.conftest import healthy
from tests.exam_support import GEL
from tests.pages.conftest import new_draft, program, text_of, told
from tests.records_support import FACTS
from views.context import core_access, environment
from views.context.words import short_date
from views.result.reviewed_options import after_the_review

CA = "CA"
HIDDEN = ("not_asked", "settings", "beside_an_answer")
NOTE = "marigold: the prescriber agrees"


def opened(page: str, *roles: Role, licence: bool = True, draft_id: str = "") -> AppTest:
    at = program(*roles)
    if licence:
        put_licence(roles)
    at.run()
    at.switch_page(f"pages/{page}.py")
    if draft_id:
        at.query_params["c"] = draft_id
    at.run()
    assert not at.exception, at.exception
    return at


def put_licence(roles: tuple[Role, ...]) -> str:
    """A medical licence for whoever was hired last with these roles, and says their id."""
    store = core_access.store()
    person = [one for one in access.list_people(store) if one.roles == frozenset(roles)][-1]
    access.add_licence(store, person.id, Licence("medical", CA, "M-1"), environment.now(), None)
    return person.id


def client(store: records.Store, **answers: Any) -> str:
    return new_draft(store, healthy(**{"concern": "texture", "exosome_product": None, **answers}))


def by_key(elements: Any, key: str) -> Any:
    """By its key; the keys of a review's fields end on the consultation."""
    return next(one for one in elements if one.key == key or str(one.key).startswith(f"{key}--"))


def tap(at: AppTest, key: str) -> AppTest:
    by_key(at.button, key).click()
    at.run()
    assert not at.exception, at.exception
    return at


def all_text(at: AppTest) -> str:
    return " ".join([text_of(at), *(one.value for one in at.text)])


def test_the_worklist_shows_who_waits_and_opens_one(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes")
    at = opened("review", Role.CLINICIAN)
    line = by_key(at.button, f"open_review_{draft_id}")
    assert "Exam missing" in line.label and "Findings open\\: 1" in line.label


def test_a_review_shows_who_it_is_and_every_answer_in_words(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes", age=52, melasma=None, importance={"cost": "lot"})
    records.record_choice(store, draft_id, "prp_microneedling", environment.now(), FACTS, reason="No waiting")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    told = text_of(at)
    for words in ("52 years", "Texture and fine lines", "PRP + microneedling", "No waiting", "All answers"):
        assert words in told, words
    assert "the cost: A lot" in told
    book = core_access.rulebook()
    asked = [one for one in book.questions.values() if one.part == "safety" and one.layer not in HIDDEN]
    assert [one.words.staff for one in asked if escape(one.words.staff, quote=False) not in told] == []
    assert told.index("1. Findings") < told.index("All answers")
    assert told.index("Not answered:") > told.index("All answers")


def test_from_one_review_to_the_next_and_back(store: records.Store) -> None:
    made = [client(store, anticoagulant="yes") for _ in range(3)]
    at = opened("review", Role.CLINICIAN)
    shown = [one.key.removeprefix("open_review_") for one in at.button if (one.key or "").startswith("open_review_")]
    assert sorted(shown) == sorted(made)
    tap(at, f"open_review_{shown[0]}")
    assert "1 of 3" in text_of(at) and not [one for one in at.button if one.key == "review_before"]
    tap(at, "main_next_here")
    assert "2 of 3" in text_of(at) and at.query_params["c"] == shown[1]
    tap(at, "review_before")
    assert "1 of 3" in text_of(at)


def test_counts_say_what_is_shown_and_no_invented_client_is_in_them(store: records.Store) -> None:
    client(store, anticoagulant="yes")
    new_draft(store, {"concern": "texture"})  # no answer on safety yet
    invented = records.start_draft(store, "Elm 1", environment.now(), environment.today(), ("wait",), "everyday")
    records.save_answers(store, invented.id, healthy(concern="texture"), environment.now(), records.INVENTED)
    at = opened("review", Role.CLINICIAN)
    counts = by_key(at.button_group, "review_kind").options
    assert [one.replace("\\", "") for one in counts] == [
        "Exam missing (1)", "Examined, findings open (0)", "Examined, order missing (0)", "Done (0)",
    ]  # fmt: skip
    [line] = [one.label for one in at.button if (one.key or "").startswith("open_review_")]
    assert "Exam missing" in line and "Findings open\\: 1" in line, "not examined, so in no count of who was"
    assert len([one for one in at.button if (one.key or "").startswith("open_review_")]) == 1
    assert "Invented clients (1)" in " ".join(one.label for one in at.expander)


def test_no_id_of_the_rulebook_stands_on_a_review(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes", keloid="not_sure", nsaid="last_2_days")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    ids = {*core_access.rulebook().questions, *core_access.rulebook().ranked, "close_call", "needs_review"}
    drawn = re.sub(r"<script.*?</script>|<[^>]*>", " ", all_text(at), flags=re.S)
    assert sorted(one for one in ids if "_" in one and re.search(rf"\b{one}\b", drawn)) == []


def test_the_state_of_a_licence_is_text_where_one_is_chosen(store: records.Store) -> None:
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    [person] = access.list_people(store)
    with store.writing() as connection:  # as an older program kept whatever was typed
        connection.execute(
            insert(licences).values(person_id=person.id, kind="medical", state="**B** $X$", number="M-2")
        )
    at.run()
    assert by_key(at.button_group, "sign_state").options == [r"\*\*B\*\* \$X\$", CA]


def test_a_clinician_clears_examines_and_orders(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    needler = access.list_people(store)[0]
    access.add_licence(store, needler.id, Licence("needling", CA, "N-1"), environment.now(), None)
    assert "under medical licence M-1, CA" in all_text(at)
    by_key(at.button_group, "order_option").set_value("microneedling_alone")
    at.run()
    assert "exam is missing" in all_text(at) and "waits for the clinician" in all_text(at)
    by_key(at.button_group, "tap_word_anticoagulant").set_value(Word.CLEARED)
    by_key(at.text_input, "note_anticoagulant").set_value(NOTE)
    tap(at, "sign_word_anticoagulant")
    assert NOTE in all_text(at)
    by_key(at.button_group, "exam_how").set_value("in_person")
    at.run()
    tap(at, "sign_exam")
    assert "licence M-1" in all_text(at)
    by_key(at.text_input, "order_area").set_value("whole face")
    by_key(at.text_input, "order_sessions").set_value("3 sessions")
    by_key(at.selectbox, "delegate_needling").set_value(needler.id)
    tap(at, "sign_order")
    why = "Type a depth from 0.1 to 2.5 mm."
    assert told(at) == [("alert", f"Not done. {why}")] and all_text(at).count(why) == 2, (
        "at the button and below its field"
    )
    for typed, why in (
        ("5", "from 0.1 to 2.5"),
        ("2.500", "in two ways"),
        ("1.55", "one digit"),
        ("deep", "not a number"),
    ):
        by_key(at.text_input, "order_depth").set_value(typed)
        tap(at, "sign_order")
        assert why in all_text(at) and by_key(at.text_input, "order_depth").value == typed
    with store.reading() as connection:
        assert order_in_force(connection, draft_id, "microneedling_alone") is None
    by_key(at.text_input, "order_depth").set_value("1,5 mm")
    tap(at, "sign_order")
    assert told(at) == [("status", "Signed and kept. The new order stands below.")]
    assert not [one for one in at.text_input if (one.key or "").startswith("order_area")], "no empty form to sign again"
    words = all_text(at)
    assert words.index("The new order stands below") < words.index("whole face, 1.5 mm"), "at the order that was signed"
    assert by_key(at.button_group, "order_option_1").label == "Another order: for which treatment?"
    by_key(at.button_group, "order_option_1").set_value("microneedling_alone")
    at.run()
    assert by_key(at.text_input, "order_area_1").value == by_key(at.text_input, "order_depth_1").value == ""
    with store.reading() as connection:
        order = order_in_force(connection, draft_id, "microneedling_alone")
    assert order is not None and (order.area, order.depth_tenths_mm, order.terms.sessions) == ("whole face", 15, 3)
    assert "whole face, 1.5 mm, 3 sessions" in all_text(at)


def test_a_day_that_was_not_understood_signs_nothing_and_is_never_another(store: records.Store) -> None:
    draft_id = client(store)
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    by_key(at.button_group, "exam_how").set_value("in_person")
    at.run()
    for typed, why in (("2/31/2026", "no such day"), ("", "Please give a date"), ("1/1/2400", "a day from")):
        by_key(at.text_input, "examined_on").set_value(typed)
        tap(at, "sign_exam")
        assert why in all_text(at)
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM exams").scalar_one() == 0
    by_key(at.text_input, "examined_on").set_value(environment.today().isoformat())
    tap(at, "sign_exam")
    by_key(at.button_group, "order_option").set_value("microneedling_alone")
    at.run()
    by_key(at.text_input, "order_area").set_value("whole face")
    by_key(at.text_input, "order_depth").set_value("1.5")
    by_key(at.text_input, "order_sessions").set_value("3")
    by_key(at.text_input, "order_until").set_value("31 June")
    tap(at, "sign_order")
    assert "add the year" in all_text(at)
    with store.reading() as connection:
        assert order_in_force(connection, draft_id, "microneedling_alone") is None


def test_what_is_missing_in_a_form_is_told_and_nothing_is_kept(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    by_key(at.button_group, "tap_word_anticoagulant").set_value(Word.CLEARED)
    tap(at, "sign_word_anticoagulant")
    assert "The note is missing." in all_text(at)
    by_key(at.button_group, "tap_word_anticoagulant").set_value(None)
    by_key(at.text_input, "note_anticoagulant").set_value(NOTE)
    tap(at, "sign_word_anticoagulant")
    assert told(at) == [("alert", "Not done. Say first whether you clear, limit or refuse it.")]
    assert by_key(at.text_input, "note_anticoagulant").value == NOTE, "what was refused stays in its field"
    with store.reading() as connection:
        assert latest_exam(connection, draft_id) is None


def test_without_a_licence_on_file_the_pages_are_only_read(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes")
    at = opened("review", Role.CLINICIAN, licence=False, draft_id=draft_id)
    assert "a medical licence must be on file" in all_text(at)
    assert not [one for one in at.button if "sign" in (one.key or "") and one.key != "sign_out"]
    at = opened("approval", Role.MEDICAL_DIRECTOR, licence=False)
    assert "a medical licence must be on file" in all_text(at)
    assert not [one for one in at.button if one.key == "approve_rulebook"]


@pytest.mark.parametrize(
    ("state", "words"), [(None, "Nobody has said yet in which state"), ("NV", "is in NV. To sign")]
)
def test_the_state_of_the_location_decides_who_signs(store: records.Store, state: str | None, words: str) -> None:
    draft_id = client(store)
    program(Role.CLINICIAN)
    with store.writing() as connection:
        connection.execute(update(locations).values(state=state))
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    assert words in all_text(at)
    assert not [one for one in at.button if "sign" in (one.key or "") and one.key != "sign_out"]


def test_a_hard_stop_can_only_be_refused_and_is_settled_by_that(store: records.Store) -> None:
    draft_id = client(store, pregnant="yes")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    assert "lets nobody lift it" in all_text(at)
    assert by_key(at.button_group, "tap_word_pregnant").options == ["Refuse"]
    by_key(at.button_group, "tap_word_pregnant").set_value(Word.REFUSED)
    by_key(at.text_input, "note_pregnant").set_value(NOTE)
    tap(at, "sign_word_pregnant")
    assert f"Refused for Microneedling, PRP + microneedling, Exosomes + microneedling: {NOTE}" in all_text(at)


def test_one_word_on_all_that_is_not_answered_is_one_line_with_its_questions_folded(store: records.Store) -> None:
    left = dict.fromkeys(("pregnant", "keloid", "melasma"))
    draft_id = client(store, **left)
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    by_key(at.button_group, "tap_word_unanswered").set_value(Word.CLEARED)
    by_key(at.text_input, "note_unanswered").set_value(NOTE)
    tap(at, "sign_word_unanswered")
    told, today = text_of(at), short_date(environment.today())
    assert told.count(NOTE) == 1 and f"signed {today}, until " in told and "Cleared for " in told
    names = "; ".join(one.words.staff for key, one in core_access.rulebook().questions.items() if key in left)
    assert f'<summary>3 questions</summary><p class="mc-small">{escape(names, quote=False)}</p>' in told


def test_a_word_on_an_earlier_answer_says_so_and_looks_like_no_word_on_the_new_one(store: records.Store) -> None:
    draft_id = client(store, pregnant=None, anticoagulant="not_sure")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    for name in ("unanswered", "anticoagulant"):
        by_key(at.button_group, f"tap_word_{name}").set_value(Word.CLEARED)
        by_key(at.text_input, f"note_{name}").set_value(NOTE)
        tap(at, f"sign_word_{name}")
    assert "Cleared for " in text_of(at) and "does not count" not in text_of(at)
    changed = {"pregnant": "yes", "anticoagulant": "yes"}
    records.save_answers(store, draft_id, changed, environment.now(), records.INVENTED)
    at.run()
    told = text_of(at)
    assert "Cleared for " not in told
    assert '<p class="mc-small muted">Cleared while not answered, for ' in told
    assert '<p class="mc-small muted">Cleared on the answer Not sure, for ' in told
    assert told.count("The answer has changed since: it does not count.") == 2


def test_what_came_up_after_the_exam_says_so_on_the_review_and_stands_before_the_order(store: records.Store) -> None:
    draft_id = client(store)
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    by_key(at.button_group, "exam_how").set_value("in_person")
    at.run()
    tap(at, "sign_exam")
    assert "Answers were changed" not in all_text(at)
    later = environment.now() + timedelta(minutes=1)
    records.save_answers(store, draft_id, {"cold_sores_ever": "yes"}, later, "form")
    by_key(at.button_group, "order_option").set_value("microneedling_alone")
    at.run()
    told, day = all_text(at), short_date(environment.today())
    assert f"Not known at the exam of {day}." in told and "Answers were changed since this exam." in told
    assert f"this was not known at the exam of {day}: Cold sores ever" in told
    by_key(at.button_group, "tap_word_cold_sores_ever").set_value(Word.LIMITED)
    by_key(at.text_input, "note_cold_sores_ever").set_value("Prevention as in the standing order.")
    tap(at, "sign_word_cold_sores_ever")
    assert "Not known at the exam" not in all_text(at) and "this was not known" not in all_text(at)
    assert any(one.key == "sign_order" for one in at.button)


def test_another_id_is_not_found(store: records.Store) -> None:
    client(store)
    at = opened("review", Role.CLINICIAN, draft_id="0" * 22)
    assert "This was not found." in all_text(at)


def test_training_only_goes_when_the_director_approves_and_comes_back_when_it_is_taken_back(
    store: records.Store,
) -> None:
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    assert "Training only" in text_of(at) and "Not approved yet" in text_of(at)
    tap(at, "approve_rulebook")
    assert "Training only" not in text_of(at) and "licence M-1, CA" in text_of(at)
    at.switch_page("pages/home.py").run()
    assert "Training only" not in text_of(at)
    at.switch_page("pages/approval.py").run()
    by_key(at.text_input, "withdraw_note").set_value("A doubt.")
    tap(at, "withdraw_approval")
    assert "Training only" in text_of(at) and "A doubt." in text_of(at)


def test_an_approval_in_the_evening_is_of_that_day_at_the_clinic(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_zone", lambda: ZoneInfo("America/Chicago"))
    monkeypatch.setattr(environment, "now", lambda: datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    tap(at, "approve_rulebook")
    assert "Approved on November 30, 2026" in all_text(at)


def test_all_is_training_only_until_exactly_this_rulebook_is_approved(store: records.Store) -> None:
    assert core_access.training_only() is True
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    tap(at, "approve_rulebook")
    assert core_access.training_only() is False


def test_a_lot_that_was_entered_is_approved_and_withdrawn(store: records.Store) -> None:
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    [person] = access.list_people(store)
    words = {name: f"![x](http://{name})" for name in ("name", "maker", "lot", "certificate")}
    until, now = environment.today() + timedelta(days=90), environment.now()
    new = exam.NewProduct(
        "exosome_product", source="plant", route="after_needling", expires_on=until, counsel="", **words
    )
    book, on = core_access.rulebook(), environment.today()
    entered = offer.enter_product(store, person, new, book, now, on, "key-of-the-page").id
    at.run()
    assert "Waits for approval" in all_text(at)
    tap(at, f"approve_{entered}")
    assert "What counsel advised is missing." in all_text(at)
    by_key(at.text_input, f"counsel_{entered}").set_value("Cosmetic claims only.")
    tap(at, f"approve_{entered}")
    kept = exam.list_products(store)
    assert [(one.lot, one.counsel) for one in kept] == [("![x](http://lot)", "Cosmetic claims only.")]
    assert "Waits for approval" not in all_text(at)
    by_key(at.text_input, f"withdraw_why_{kept[0].id}").set_value("Recall")
    tap(at, f"withdraw_{kept[0].id}_do")
    assert exam.list_products(store)[0].withdrawn_at is not None


def test_the_rules_are_read_in_words_before_anybody_signs(store: records.Store) -> None:
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    assert "We don't needle while you are pregnant" not in text_of(at)  # nothing is drawn before it is opened
    by_key(at.text_input, "find_rules").set_value("pregnant clinician")
    at.run()
    assert "We don't needle while you are pregnant" in text_of(at)
    by_key(at.text_input, "find_rules").set_value("xylophone")
    at.run()
    assert "No rule holds this." in text_of(at)


def test_what_changed_since_the_approval_is_told_in_words(store: records.Store) -> None:
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    tap(at, "approve_rulebook")
    [person] = access.list_people(store)
    book, now = core_access.rulebook(), environment.now()
    wanted = replace(offer.offer_in(book), prices={**offer.offer_in(book).prices, "exosome_microneedling": 950})
    offer.set_offer(store, person, wanted, 0, book, now, "key-of-the-page")
    at.run()
    told = text_of(at)
    assert "Prices and settings" in " ".join(one.label for one in at.expander)
    assert "Exosomes: price of one session" in told and "<td>900</td>" in told and "<td>950</td>" in told


def test_a_standing_order_is_signed_as_it_stands(store: records.Store) -> None:
    at = opened("approval", Role.MEDICAL_DIRECTOR)
    assert "it does not count" in text_of(at)
    tap(at, "sign_standing_cold_sore_prevention")
    assert "Signed, counts until" in text_of(at)


def reviewed(
    store: records.Store, word: Word, *, options: list[str] | None = None, screen: str = "options", **answers: Any
) -> AppTest:
    """A screen after a clinician's word on anticoagulants."""
    draft_id = client(store, anticoagulant="yes", **answers)
    at = program(Role.OWNER, Role.AESTHETICIAN)
    program(Role.CLINICIAN)
    who = put_licence((Role.CLINICIAN,))
    person, book, now = access.load_person(store, who), core_access.rulebook(), environment.now()
    on = environment.today()
    exam.rule_on(
        store,
        person,
        draft_id,
        ["anticoagulant"],
        word,
        NOTE,
        exam.SigningContext(CA, book, now, on, "key-of-page"),
        options=options,
    )
    exam.sign_exam(
        store,
        person,
        draft_id,
        NewExam(exam.How.IN_PERSON, on, NOTE),
        exam.SigningContext(CA, book, now, on, "key-of-exam"),
    )
    at.run()
    at.switch_page(f"pages/{screen}.py")
    at.query_params["c"] = draft_id
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("screen", ["options", "what_matters"])
@pytest.mark.parametrize(
    ("word", "words"),
    [
        (Word.CLEARED, "The clinician has said yes to this"),
        (Word.LIMITED, "The clinician has said yes, with care"),
        (Word.REFUSED, "The clinician has said no to this"),
    ],
)
def test_the_client_reads_kind_words_and_never_a_note(
    store: records.Store, word: Word, words: str, screen: str
) -> None:
    at = reviewed(store, word, screen=screen)
    assert words in text_of(at)
    assert word is not Word.REFUSED or "Let's ask the clinician first" not in text_of(at)
    assert NOTE not in all_text(at) and "marigold" not in all_text(at)


def test_nothing_on_the_page_points_to_what_the_clinician_refused(store: records.Store) -> None:
    answers = healthy(concern="hair_thinning", anticoagulant="yes", exosome_product=None)
    found = recommend(answers, core_access.rulebook(), environment.today())
    assert found.best == "prp_microneedling"
    at = reviewed(store, Word.REFUSED, options=["prp_microneedling"], concern="hair_thinning")
    assert "The clinician has looked at this and said no" in text_of(at)
    assert "PRP is not for you now, because the clinician has said no." in text_of(at)
    assert "PRP fits" not in text_of(at) and "PRP comes first" not in text_of(at)
    draft_id, book = records.list_drafts(store)[0].id, core_access.rulebook()
    clinician = next(one for one in access.list_people(store) if Role.CLINICIAN in one.roles)
    told = after_the_review(clinician, draft_id, answers, found, book)
    assert told.refused == ("prp_microneedling",)
    assert told.result.best != "prp_microneedling" and told.result.pair is None
    assert told.result.options["exosome_microneedling"] == found.options["exosome_microneedling"]


def test_what_matters_names_no_option_as_open_that_the_clinician_refused(store: records.Store) -> None:
    never = {"blood_draw_comfort": "rather_not", "importance": {"blood_draw": "must"}}
    at = reviewed(store, Word.REFUSED, options=["exosome_microneedling"], screen="what_matters", **never)
    assert text_of(at).count("The clinician has said no to this") == 1
    still_open = text_of(at).partition("Still open: ")[2].partition("<")[0]
    assert still_open == "Wait, Microneedling."


def test_a_word_on_one_option_changes_no_other_card(store: records.Store) -> None:
    at = reviewed(store, Word.CLEARED, options=["microneedling_alone"])
    assert text_of(at).count("The clinician has said yes to this") == 1
    assert "ask the clinician first" in text_of(at)


def test_kind_words_need_a_changed_verdict(store: records.Store) -> None:
    at = reviewed(store, Word.CLEARED, isotretinoin="now")
    assert "The clinician has said yes" not in text_of(at)


def test_aestheticians_and_managers_are_not_offered_the_pages(store: records.Store) -> None:
    at = program(Role.AESTHETICIAN)
    at.run()
    assert not {"way_review", "way_approval"} & {one.key for one in at.button}
    at = program(Role.CLINICIAN)
    at.run()
    keys = {one.key for one in at.button}
    assert "way_review" in keys and "way_approval" not in keys


def test_the_plan_says_that_a_clinician_has_looked_once_one_has(store: records.Store) -> None:
    def looked(draft_id: str) -> str:
        at = opened("plan", Role.OWNER, Role.AESTHETICIAN, licence=False, draft_id=draft_id)
        return text_of(at).partition("Safety</th>")[2].partition("</tr>")[0]

    seen = "A clinician has looked at your answers."
    cleared = str(reviewed(store, Word.CLEARED).query_params["c"])
    assert seen in looked(cleared)
    nobody = new_draft(store, healthy(concern="texture"))
    assert "Nothing found; the exam is still needed." in looked(nobody)
    open_still = new_draft(store, healthy(concern="texture", anticoagulant="yes"))
    assert "The clinician looks at your answer on a medicine that thins the blood with you." in looked(open_still)
    records.save_answers(store, cleared, {"budget": 900}, environment.now() + timedelta(minutes=1), "plans")
    assert seen in looked(cleared)  # a word was signed on the very answer


def examined(store: records.Store, at: AppTest) -> AppTest:
    by_key(at.button_group, "exam_how").set_value("in_person")
    at.run()
    return tap(at, "sign_exam")


def test_the_one_approved_lot_is_chosen_from_the_start_and_of_two_the_order_says_to_choose(
    store: records.Store,
) -> None:
    draft_id = client(store)
    at = opened("review", Role.MEDICAL_DIRECTOR, draft_id=draft_id)
    [director], book = access.list_people(store), core_access.rulebook()
    now, day = environment.now(), environment.today()
    exam.approve_rulebook(
        store, director, book.revision, "", exam.SigningContext(CA, book, now, day, "key-of-rulebook")
    )
    one = exam.approve_product(
        store, director, replace(GEL, lot="L-1"), exam.SigningContext(CA, book, now, day, "key-of-lot-1")
    )
    examined(store, at)
    by_key(at.button_group, "order_option").set_value("exosome_microneedling")
    at.run()
    assert by_key(at.selectbox, "order_product").value == one.id
    assert "needs a product" not in all_text(at) and "Choose the product" not in all_text(at)
    exam.approve_product(
        store, director, replace(GEL, lot="L-2"), exam.SigningContext(CA, book, now, day, "key-of-lot-2")
    )
    by_key(at.selectbox, "order_product").set_value("")
    at.run()
    assert "Choose the product for" in all_text(at) and "2 approved lots can be used." in all_text(at)


def test_a_signed_limit_stands_beside_the_order_and_what_goes_beyond_it_is_asked_about(store: records.Store) -> None:
    draft_id = client(store, anticoagulant="yes")
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    needler = access.list_people(store)[0]
    access.add_licence(store, needler.id, Licence("needling", CA, "N-1"), environment.now(), None)
    by_key(at.button_group, "tap_word_anticoagulant").set_value(Word.LIMITED)
    by_key(at.text_input, "note_anticoagulant").set_value("At most 0.5 mm, one session")
    tap(at, "sign_word_anticoagulant")
    examined(store, at)
    by_key(at.button_group, "order_option").set_value("microneedling_alone")
    at.run()
    assert "Signed limit for this treatment: At most 0.5 mm, one session (" in all_text(at)
    assert "The order is compared with 0.5 mm and 1 session." in all_text(at)
    tap(at, "sign_order")
    assert all_text(at).count("The area is missing.") == 2
    by_key(at.text_input, "order_area").set_value("whole face")
    by_key(at.text_input, "order_depth").set_value("1")
    by_key(at.text_input, "order_sessions").set_value("3")
    by_key(at.selectbox, "delegate_needling").set_value(needler.id)
    tap(at, "sign_order")
    assert "mc-refused" in all_text(at) and "is missing" not in all_text(at), "what was mended is refused no more"
    assert "The signed note names 0.5 mm, and this order says 1 mm." in all_text(at)
    assert "The signed note names 1 session, and this order says 3." in all_text(at)
    with store.reading() as connection:
        assert order_in_force(connection, draft_id, "microneedling_alone") is None
    tap(at, "order_beyond")
    assert told(at) == [("status", "Signed and kept. The new order stands below.")]
    with store.reading() as connection:
        assert order_in_force(connection, draft_id, "microneedling_alone") is not None


def test_a_limit_in_the_note_of_the_exam_is_asked_about_like_one_in_a_word(store: records.Store) -> None:
    draft_id = client(store)
    at = opened("review", Role.CLINICIAN, draft_id=draft_id)
    [needler] = access.list_people(store)
    access.add_licence(store, needler.id, Licence("needling", CA, "N-1"), environment.now(), None)
    by_key(at.button_group, "exam_how").set_value("in_person")
    at.run()
    by_key(at.text_input, "exam_note").set_value("Skin fine. depth 0.5 mm only")
    tap(at, "sign_exam")
    by_key(at.button_group, "order_option").set_value("microneedling_alone")
    at.run()
    assert "Note of the exam: Skin fine. depth 0.5 mm only (" in all_text(at)
    assert "The order is compared with 0.5 mm and no number of sessions." in all_text(at)
    by_key(at.text_input, "order_area").set_value("whole face")
    by_key(at.text_input, "order_depth").set_value("1.5")
    by_key(at.text_input, "order_sessions").set_value("3")
    by_key(at.selectbox, "delegate_needling").set_value(needler.id)
    tap(at, "sign_order")
    assert "The signed note names 0.5 mm, and this order says 1.5 mm." in all_text(at)
    with store.reading() as connection:
        assert order_in_force(connection, draft_id, "microneedling_alone") is None


def test_who_has_no_medical_licence_reads_before_typing_that_one_is_needed_and_who_enters_it(
    store: records.Store,
) -> None:
    draft_id = client(store)
    for words in (
        all_text(opened("review", Role.CLINICIAN, licence=False)),
        all_text(opened("review", Role.CLINICIAN, licence=False, draft_id=draft_id)),
    ):
        assert "a medical licence must be on file for you. Ask the owner to put it on the page People" in words


def test_a_hard_stop_and_a_wait_are_marked_in_words_in_the_list_and_on_the_start_page(store: records.Store) -> None:
    stopped, waits = client(store, pregnant="yes"), client(store, sunburn_or_tan="yes")
    at = opened("review", Role.CLINICIAN)
    assert "**Hard stop\\: all treatments\\.**" in by_key(at.button, f"open_review_{stopped}").label
    assert "Not before " in by_key(at.button, f"open_review_{waits}").label
    start = program(Role.AESTHETICIAN).run()
    assert "**Hard stop\\: all treatments\\.**" in by_key(start.button, f"open_{stopped}").label
    assert "Not before " in by_key(start.button, f"open_{waits}").label


def test_what_was_typed_or_tapped_for_one_client_never_stands_in_the_form_of_the_next(store: records.Store) -> None:
    one, other = client(store, anticoagulant="yes"), client(store, anticoagulant="yes")
    at = opened("review", Role.CLINICIAN, draft_id=one)
    by_key(at.text_input, "note_anticoagulant").set_value(NOTE)
    by_key(at.button_group, "exam_how").set_value("in_person")
    by_key(at.button_group, "order_option").set_value("microneedling_alone")
    at.run()
    at.query_params["c"] = other
    at.run()
    assert by_key(at.text_input, "note_anticoagulant").value == ""
    assert by_key(at.button_group, "exam_how").value is None and by_key(at.button_group, "order_option").value is None


def test_what_was_refused_for_one_client_stands_below_no_field_of_the_next(store: records.Store) -> None:
    at = opened("review", Role.CLINICIAN, draft_id=client(store))
    by_key(at.button_group, "exam_how").set_value("elsewhere")
    at.run()
    tap(at, "sign_exam")
    why = "Who examined is missing."
    assert all_text(at).count(why) == 2, "on top and below the field"
    at.query_params["c"] = client(store)
    at.run()
    by_key(at.button_group, "exam_how").set_value("elsewhere")
    at.run()
    assert by_key(at.text_input, "exam_examiner").value == "" and why not in all_text(at)


def test_a_word_rests_on_a_lot_only_after_a_tap_on_it(store: records.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    draft_id = client(store, anticoagulant="yes")
    at = opened("review", Role.MEDICAL_DIRECTOR, draft_id=draft_id)
    [director], book = access.list_people(store), core_access.rulebook()
    now, day = environment.now(), environment.today()
    exam.approve_rulebook(
        store, director, book.revision, "", exam.SigningContext(CA, book, now, day, "key-of-rulebook")
    )
    lot = exam.approve_product(
        store, director, replace(GEL, route="during_needling"), exam.SigningContext(CA, book, now, day, "key-of-lot-1")
    )
    rests_on, rule_on = [], exam.rule_on

    def watched(*given: Any, product_id: str | None, **more: Any) -> Any:
        rests_on.append(product_id)
        return rule_on(*given, product_id=product_id, **more)

    def sign(found: str) -> None:
        by_key(at.button_group, f"tap_word_{found}").set_value(Word.CLEARED)
        by_key(at.text_input, f"note_{found}").set_value(NOTE)
        tap(at, f"sign_word_{found}")
        assert told(at) == [("status", "Signed and kept.")]

    monkeypatch.setattr(exam, "rule_on", watched)
    examined(store, at)
    by_key(at.button_group, "order_option").set_value("exosome_microneedling")
    at.run()
    assert by_key(at.selectbox, "order_product").value == lot.id, "the only one stands there"
    during = "exosomes_during_needling_in_us"
    assert not [one for one in at.button if one.key == f"sign_word_{during}"]
    sign("anticoagulant")
    tap(at, "tap_product")
    assert by_key(at.selectbox, "order_product").value == lot.id
    sign(during)
    assert rests_on == [None, lot.id]
    assert not [one for one in at.button if one.key == "tap_product"]
    at.query_params["c"] = client(store)
    at.run()
    assert not [one for one in at.button if one.key == f"sign_word_{during}"], "nobody chose a lot for the next client"
