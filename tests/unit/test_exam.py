"""Exam, review, order, treatment and approval on a store of either engine: who may sign what, and what stands before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from medspa_core import access, clients, exam
from medspa_core.access import AccessRefused, Licence, Role
from medspa_core.exam import ExamProblem, HeldBack, How, NewExam, NewTreatment, Waits, Word, schema
from medspa_core.exam.exams import latest_exam
from medspa_core.exam.missing_before_treatment import steps_of_visit
from medspa_core.exam.orders import order_in_force
from medspa_core.recommendation import recommend
from medspa_core.records import Store, finish, load_draft, record_choice, save_answers, start_draft
from medspa_core.records import schema as records_schema
from medspa_core.records.database.checks import verify
from medspa_core.records.schema import audit, drafts
from medspa_core.rulebook import Rulebook, load_rulebook
from medspa_core.wording.holds import open_questions
from medspa_core.wording.words import Told, read_words
from tests.conftest import AS_OF, DATA, healthy
from tests.exam_support import CA, EXOSOMES, GEL, MN, PRP, Practice, exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import FACTS, NOW, ORDER, Clinic


@pytest.fixture
def practice(store: Store, rulebook: Rulebook) -> Practice:
    return exam_practice(store, rulebook)


def rows(store: Store, table: Any) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def lines_of(refused: pytest.ExceptionInfo[ExamProblem]) -> str:
    return "\n".join(refused.value.lines)


# --- the whole way --------------------------------------------------------------------------------------------------


def test_exam_order_and_treatment_of_a_healthy_client(practice: Practice, clinic: Clinic) -> None:
    signed = practice.examine()
    assert (signed.valid_until, signed.signed.licence_number) == (AS_OF + timedelta(days=365), "clinician-1")
    ordered = practice.order(sessions=2)
    assert ordered.terms.valid_until == AS_OF + timedelta(days=180)
    assert ordered.terms.delegates["needling"].licence_number == "needler-1"
    first = practice.treat()
    second = practice.treat()
    assert (first.session, second.session, second.order_id) == (1, 2, ordered.id)
    with pytest.raises(ExamProblem, match=r"All sessions of the order \(2\) are done"):
        practice.treat()
    assert verify(practice.store.place, clinic.keys) == []


def test_before_exam_and_order_each_missing_thing_is_one_line(practice: Practice) -> None:
    new = NewTreatment(MN, AS_OF, {})
    found = exam.blocks_now(practice.store, practice["needler"], practice.draft, new, practice.book)
    assert [one.line for one in found] == [
        "A licensed clinician's exam is missing.",
        "A clinician's order for Microneedling is missing.",
    ]
    with pytest.raises(ExamProblem) as refused:
        practice.treat()
    assert len(refused.value.lines) == 2
    save_answers(practice.store, practice.draft, {"budget": 900}, NOW, "form")  # the talk goes on


def test_an_order_without_an_exam_is_refused_and_keeps_nothing(practice: Practice) -> None:
    with pytest.raises(ExamProblem, match="exam is missing"):
        practice.order()
    assert rows(practice.store, schema.orders) == 0
    with practice.store.reading() as connection:
        last = connection.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).one()
    assert (last.object, last.outcome) == (practice.draft, 4)


def test_the_same_from_the_same_page_is_kept_once(practice: Practice) -> None:
    again = "from-one-page"
    context = practice.context(key=again)
    arguments = (practice.draft, NewExam(How.LIVE_VIDEO, AS_OF), context)
    one = exam.sign_exam(practice.store, practice["clinician"], *arguments)
    assert exam.sign_exam(practice.store, practice["clinician"], *arguments) == one
    practice.order()
    assert practice.treat(key="tapped-twice") == practice.treat(key="tapped-twice")
    assert (rows(practice.store, schema.exams), rows(practice.store, schema.treatments)) == (1, 1)
    with pytest.raises(ExamProblem, match="Something else was saved"):
        practice.treat(key="tapped-twice", note="another")


def test_what_was_signed_from_the_same_page_twice_stands_once_in_the_log(practice: Practice) -> None:
    entry = next(iter(practice.book.standing_orders))

    def standing() -> object:
        who = practice["director"]
        return exam.sign_standing_order(practice.store, who, entry, practice.context(key="standing-0001"))

    def strike() -> object:
        who = practice["needler"]
        return exam.correct_treatment(
            practice.store, who, "session-0001", "", "Wrong client", NOW, "struck-0001", strike=True
        )

    practice.answer(anticoagulant="yes")
    for verb in (
        lambda: practice.rule("anticoagulant", key="ruling-0001"),
        practice.examine,
        practice.order,
        lambda: practice.treat(key="session-0001"),
        strike,
        practice.product,
        practice.approve,
        standing,
    ):
        before = rows(practice.store, audit)
        for _ in range(2):
            practice.keys = 100  # drawn once, tapped twice
            verb()
        assert rows(practice.store, audit) == before + 1


# --- the exam -------------------------------------------------------------------------------------------------------


def test_an_exam_counts_until_its_day_and_no_longer_than_the_rulebook_says(practice: Practice) -> None:
    with pytest.raises(ExamProblem, match="at most 365 days"):
        practice.examine(valid_until=AS_OF + timedelta(days=366))
    practice.examine(valid_until=AS_OF + timedelta(days=10))
    assert practice.order().terms.valid_until == AS_OF + timedelta(days=10)
    with pytest.raises(ExamProblem) as refused:
        practice.treat(done_on=AS_OF + timedelta(days=11))
    assert "The exam counted until December 2, 2026" in lines_of(refused)
    assert "The order counted until December 2, 2026" in lines_of(refused)


def test_an_exam_done_elsewhere_says_by_whom_and_from_where_it_is_known(practice: Practice) -> None:
    with pytest.raises(ExamProblem) as refused:
        practice.examine(how=How.ELSEWHERE)
    assert len(refused.value.lines) == 3
    told = practice.examine(
        how=How.ELSEWHERE, examiner="Dr Vale", examiner_licence="MD, CA, 88", source="Letter of 1 November"
    )
    assert (told.examiner, told.source, told.signed.person_id) == (
        "Dr Vale",
        "Letter of 1 November",
        practice["clinician"].id,
    )


@pytest.mark.parametrize(
    ("day", "line"),
    [(AS_OF + timedelta(days=1), "dated in the future"), (AS_OF - timedelta(days=400), "A new one is needed")],
)
def test_an_exam_of_another_time_is_refused(practice: Practice, day: date, line: str) -> None:
    with pytest.raises(ExamProblem, match=line):
        practice.examine(examined_on=day)


def test_a_signature_needs_a_medical_licence_of_that_state_valid_that_day(practice: Practice) -> None:
    with pytest.raises(ExamProblem, match="medical licence in CA"):
        practice.examine("unlicensed")
    with pytest.raises(ExamProblem, match="Main street is in CA"):
        new = NewExam(How.IN_PERSON, AS_OF)
        exam.sign_exam(
            practice.store,
            practice["clinician"],
            practice.draft,
            new,
            exam.SigningContext("NV", practice.book, NOW, AS_OF, "key-of-page"),
        )
    late = date(2027, 7, 1)
    with pytest.raises(ExamProblem, match="on the day of signing"):
        practice.rule("smokes", on=late)
    assert rows(practice.store, schema.exams) == 0


# --- the review -----------------------------------------------------------------------------------------------------


def test_a_finding_blocks_until_a_clinician_clears_it_and_again_when_that_expires(practice: Practice) -> None:
    practice.answer(anticoagulant="yes")
    practice.examine()
    with pytest.raises(ExamProblem, match="waits for the clinician's word on"):
        practice.order()
    practice.rule("anticoagulant", note="Prescriber agrees, INR 2.1.")
    practice.order()
    practice.treat()
    last_day = AS_OF + timedelta(days=practice.book.exam.clearances["anticoagulant"].days)
    practice.treat(done_on=last_day)
    with pytest.raises(ExamProblem, match="waits for the clinician's word on"):
        practice.treat(done_on=last_day + timedelta(days=1))


def test_a_word_needs_a_note_and_a_finding_that_is_there(practice: Practice) -> None:
    practice.answer(anticoagulant="yes")
    with pytest.raises(ExamProblem, match="The note is missing"):
        practice.rule("anticoagulant", note="  ")
    with pytest.raises(ExamProblem, match="Not found for this client"):
        practice.rule("anticoagulant", "pregnant")
    assert rows(practice.store, schema.rulings) == 0


def test_another_answer_is_another_finding(practice: Practice) -> None:
    practice.answer(isotretinoin="stopped_under_6_months")
    practice.examine()
    practice.rule("isotretinoin")
    practice.order()
    practice.answer(isotretinoin="now")
    with pytest.raises(ExamProblem, match="waits for the clinician's word"):
        practice.treat()


def test_a_hard_stop_is_lifted_by_nobody(practice: Practice) -> None:
    practice.answer(pregnant="yes")
    practice.examine()
    with pytest.raises(ExamProblem, match="lets nobody lift this: Pregnant"):
        practice.rule("pregnant", who="director")
    with pytest.raises(ExamProblem, match="not for this client"):
        practice.order()


def test_what_is_not_sure_can_be_settled(practice: Practice) -> None:
    practice.answer(pregnant="not_sure", low_platelets=None)
    practice.examine()
    practice.rule("pregnant", "low_platelets", note="Test negative. Count of May is normal.")
    assert rows(practice.store, schema.rulings) == 2
    practice.order()


def test_a_refusal_stands_until_another_word(practice: Practice) -> None:
    practice.answer(anticoagulant="yes")
    practice.examine()
    practice.rule("anticoagulant", word=Word.REFUSED, note="Not safe now.", options=[PRP])
    with pytest.raises(ExamProblem, match="not for this client"):
        practice.order(PRP)
    with pytest.raises(ExamProblem, match="waits"):
        practice.order(MN)
    practice.rule("anticoagulant", word=Word.LIMITED, note="Shallow only.")
    assert [practice.order(option).terms.option for option in (PRP, MN)] == [PRP, MN]
    assert rows(practice.store, schema.rulings) == 2  # nothing was changed, both words are kept


def test_a_deferral_can_be_ordered_now_and_done_from_its_day(practice: Practice) -> None:
    practice.answer(sunburn_or_tan="yes")
    practice.examine()
    practice.order()
    with pytest.raises(ExamProblem, match="not before December 6, 2026"):
        practice.treat()
    practice.treat(done_on=AS_OF + timedelta(days=14))


# --- the order ------------------------------------------------------------------------------------------------------


def test_an_order_names_who_holds_each_licence_its_steps_need(practice: Practice) -> None:
    practice.examine()
    with pytest.raises(ExamProblem) as refused:
        practice.order(PRP, delegates={"needling": practice.people["drawer"].id})
    assert "Drawer has no valid needling licence in CA" in lines_of(refused)
    assert "Choose who does the steps that need a blood draw licence" in lines_of(refused)
    assert set(practice.order(PRP).terms.delegates) == {"needling", "draw"}


def test_numbers_outside_the_rulebook_are_refused_all_at_once(practice: Practice) -> None:
    practice.examine()
    with pytest.raises(ExamProblem) as refused:
        practice.order(area=" ", depth_tenths_mm=99, sessions=0, valid_until=AS_OF + timedelta(days=999))
    assert len(refused.value.lines) == 4


def test_an_order_is_amended_and_revoked_by_rows_of_their_own(practice: Practice) -> None:
    practice.examine()
    first = practice.order()
    second = practice.order(sessions=1, replaces=first.id)
    assert (second.replaces, second.terms.sessions) == (first.id, 1)
    with pytest.raises(ExamProblem, match="was replaced"):
        practice.order(sessions=1, replaces=first.id)
    assert practice.treat().order_id == second.id
    for _ in range(2):
        ended = exam.revoke_order(practice.store, practice["clinician"], second.id, "New medicine.", NOW)
        assert ended.terms.ended == "revoked"
    with pytest.raises(ExamProblem, match="order for Microneedling is missing"):
        practice.treat()
    assert (rows(practice.store, schema.orders), rows(practice.store, schema.order_revocations)) == (2, 1)


def test_an_order_is_for_the_state_of_its_exam(practice: Practice) -> None:
    practice.examine()
    access.add_licence(practice.store, practice.people["clinician"].id, Licence("medical", "NV", "N-1"), NOW, None)
    access.set_location_state(practice.store, access.list_locations(practice.store)[0].id, "NV", NOW, None)
    with pytest.raises(ExamProblem, match="signed for CA, not for NV"):
        practice.order(state="NV")


# --- the treatment --------------------------------------------------------------------------------------------------


def test_a_colleague_without_the_licence_is_not_recorded_as_having_done_the_step(practice: Practice) -> None:
    practice.examine()
    practice.order(PRP)
    needler, drawer = practice.people["needler"].id, practice.people["drawer"].id
    steps = dict.fromkeys(steps_of_visit(PRP, practice.book), needler)
    with pytest.raises(ExamProblem) as refused:
        practice.treat(PRP, steps=steps)
    assert "Needler has no valid blood draw licence in CA for: blood draw" in lines_of(refused)
    assert practice.treat(PRP, steps={**steps, "draw": drawer}).steps[0] == ("draw", drawer)


def test_a_licence_that_ran_out_before_that_day_counts_no_more(practice: Practice) -> None:
    practice.examine()
    practice.order()
    soon = Licence("needling", CA, "needler-1", AS_OF + timedelta(days=3))
    access.add_licence(practice.store, practice.people["needler"].id, soon, NOW, None)
    practice.treat(done_on=AS_OF + timedelta(days=3))
    with pytest.raises(ExamProblem, match="no valid needling licence"):
        practice.treat(done_on=AS_OF + timedelta(days=4))


def test_only_who_the_order_names_does_the_step(practice: Practice) -> None:
    practice.examine()
    practice.order()
    other = practice.people["drawer"].id
    access.add_licence(practice.store, other, Licence("needling", CA, "other-1"), NOW, None)
    steps = dict.fromkeys(steps_of_visit(MN, practice.book), other)
    with pytest.raises(ExamProblem, match="The order names Needler for needling, not Drawer"):
        practice.treat(steps=steps)


def test_every_step_that_somebody_does_is_named_and_none_lies_ahead(practice: Practice) -> None:
    practice.examine()
    practice.order()
    with pytest.raises(ExamProblem, match="Nobody is named for: needling"):
        practice.treat(steps={})
    new = NewTreatment(MN, AS_OF + timedelta(days=1), {})
    with pytest.raises(ExamProblem, match="once it was done"):
        exam.record_treatment(
            practice.store, practice["needler"], practice.draft, new, practice.book, NOW, AS_OF, "key-of-page"
        )


# --- approval -------------------------------------------------------------------------------------------------------


def test_it_is_training_only_until_a_director_with_a_licence_approves(practice: Practice) -> None:
    assert exam.training_only(practice.store, practice.book)
    practice.approve()
    assert not exam.training_only(practice.store, practice.book)
    context = practice.context()
    exam.withdraw_approval(practice.store, practice["director"], "A doubt.", context)
    assert exam.training_only(practice.store, practice.book)


def changed_book(tmp_path: Path, change: Callable[[str], str], file: str = "clinic.toml") -> Rulebook:
    import shutil

    folder = tmp_path / "changed"
    shutil.copytree(DATA, folder)
    path = folder / file
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return load_rulebook(folder)


def test_any_change_of_the_rulebook_brings_training_only_back_and_is_shown_line_by_line(
    practice: Practice, tmp_path: Path
) -> None:
    assert exam.what_changed(practice.store, practice.book) is None
    practice.approve()
    assert exam.what_changed(practice.store, practice.book) == ()
    after = changed_book(tmp_path, lambda text: text.replace("amount = 350", "amount = 360"))
    assert exam.training_only(practice.store, after)
    changes = exam.what_changed(practice.store, after)
    assert changes is not None
    assert [(one.place, one.before, one.after) for one in changes] == [
        ("clinic.prices.microneedling_alone.amount", "350", "360")
    ]
    practice.approve(book=after)
    assert not exam.training_only(practice.store, after)
    assert exam.training_only(practice.store, practice.book)  # going back is a change too


def test_a_rulebook_that_changed_under_the_directors_eyes_is_not_approved(practice: Practice) -> None:
    with pytest.raises(ExamProblem, match="has changed since"):
        exam.approve_rulebook(practice.store, practice["director"], "0" * 16, "", practice.context(key="key-of-page"))
    assert exam.training_only(practice.store, practice.book)


def test_a_pin_approves_nothing(practice: Practice) -> None:
    by_pin = replace(practice["director"], by_pin=True)
    with pytest.raises(AccessRefused):
        exam.approve_rulebook(practice.store, by_pin, practice.book.revision, "", practice.context(key="key-of-page"))
    with pytest.raises(AccessRefused):
        exam.approve_product(practice.store, by_pin, GEL, practice.context(key="key-of-page"))


def test_exosomes_are_shown_but_not_ordered_without_rulebook_and_product_approved(practice: Practice) -> None:
    practice.examine()
    with pytest.raises(ExamProblem) as refused:
        practice.order(EXOSOMES)
    assert "Training only" in lines_of(refused) and "needs a product that the director has approved" in lines_of(
        refused
    )
    gel = practice.product()
    with pytest.raises(ExamProblem, match="Training only"):
        practice.order(EXOSOMES, product_id=gel.id)
    practice.approve()
    with pytest.raises(ExamProblem, match=r"Choose the product for .*: 1 approved lot can be used\.$"):
        practice.order(EXOSOMES)
    assert practice.order(EXOSOMES, product_id=gel.id).terms.product_id == gel.id
    practice.treat(EXOSOMES, product_id=gel.id, lot="L-1")
    with pytest.raises(ExamProblem, match="not the approved one, L-1"):
        practice.treat(EXOSOMES, product_id=gel.id, lot="L-2")


def test_the_approved_lot_in_another_spelling_is_that_lot(practice: Practice) -> None:
    practice.examine()
    gel = practice.product()
    practice.approve()
    practice.order(EXOSOMES, product_id=gel.id)
    with pytest.raises(ExamProblem, match="not the approved one, L-1"):
        practice.treat(EXOSOMES, product_id=gel.id, lot="L1")
    assert practice.treat(EXOSOMES, product_id=gel.id, lot=" l 1 ").lot == "L-1"


def test_a_withdrawn_product_is_used_no_more(practice: Practice) -> None:
    practice.examine()
    practice.approve()
    gel = practice.product()
    practice.order(EXOSOMES, product_id=gel.id)
    exam.withdraw_product(practice.store, practice["director"], gel.id, "Recall.", NOW)
    with pytest.raises(ExamProblem, match="withdrawn or past its date"):
        practice.treat(EXOSOMES, product_id=gel.id, lot="L-1")


def test_the_gates_judge_the_very_product_of_the_order(practice: Practice) -> None:
    practice.examine()
    practice.approve()
    injected = practice.product(route="injected")
    with pytest.raises(ExamProblem, match="not for this client"):
        practice.order(EXOSOMES, product_id=injected.id)
    during = practice.product(route="during_needling")
    with pytest.raises(ExamProblem, match="waits for the clinician's word"):
        practice.order(EXOSOMES, product_id=during.id)
    practice.rule("exosomes_during_needling_in_us", note="Told the client.", product_id=during.id)
    practice.order(EXOSOMES, product_id=during.id)


def test_a_product_needs_all_it_is_known_by(practice: Practice) -> None:
    with pytest.raises(ExamProblem) as refused:
        practice.product(source="", lot=" ", counsel="", expires_on=AS_OF - timedelta(days=1))
    assert len(refused.value.lines) == 4
    assert rows(practice.store, schema.products) == 0


def test_a_standing_order_counts_as_long_as_it_stands_word_for_word(practice: Practice, tmp_path: Path) -> None:
    entry = next(iter(practice.book.standing_orders))
    exam.sign_standing_order(practice.store, practice["director"], entry, practice.context())
    counts = exam.standing_orders_in_force
    assert set(counts(practice.store, practice.book, AS_OF + timedelta(days=365))) == {entry}
    assert counts(practice.store, practice.book, AS_OF + timedelta(days=366)) == {}
    after = changed_book(tmp_path, lambda text: text.replace("healing.", "healing at all."), "standing_orders.toml")
    assert counts(practice.store, after, AS_OF) == {}
    assert exam.standing_orders_for({"cold_sores_ever": "yes"}, practice.book) == (entry,)
    assert exam.standing_orders_for({"cold_sores_ever": "no"}, practice.book) == ()


# --- who may do what ------------------------------------------------------------------------------------------------

VERBS: dict[str, Callable[[Practice, str], object]] = {
    "exam": lambda practice, who: practice.examine(who),
    "ruling": lambda practice, who: practice.rule("anticoagulant", who=who),
    "order": lambda practice, who: practice.order(PRP, who),
    "amend": lambda practice, who: practice.order(MN, who, replaces=first_order(practice)),
    "revoke": lambda practice, who: exam.revoke_order(
        practice.store, practice[who], first_order(practice), "A reason.", NOW
    ),
    "worklist": lambda practice, who: exam.worklist(practice.store, practice[who], practice.book, AS_OF),
    "file": lambda practice, who: exam.review_file(practice.store, practice[who], practice.draft, practice.book, AS_OF),
    "treatment": lambda practice, who: practice.treat(who=who),
    "blocks": lambda practice, who: exam.blocks_now(
        practice.store, practice[who], practice.draft, NewTreatment(MN, AS_OF, {}), practice.book
    ),
    "rulebook": lambda practice, who: practice.approve(who),
    "withdraw": lambda practice, who: exam.withdraw_approval(
        practice.store, practice[who], "A reason.", practice.context()
    ),
    "product": lambda practice, who: practice.product(who),
    "withdraw product": lambda practice, who: exam.withdraw_product(
        practice.store, practice[who], practice.product().id, "A reason.", NOW
    ),
    "standing order": lambda practice, who: exam.sign_standing_order(
        practice.store, practice[who], "cold_sore_prevention", practice.context()
    ),
}
REVIEW = {"clinician", "director"}
MAY = {
    **dict.fromkeys(("exam", "ruling", "order", "amend", "revoke", "worklist", "file"), REVIEW),
    **dict.fromkeys(("treatment", "blocks"), REVIEW | {"needler"}),
    **{verb: {"director"} for verb in ("rulebook", "withdraw", "product", "withdraw product", "standing order")},
}


def first_order(practice: Practice) -> str:
    with practice.store.reading() as connection:
        found = order_in_force(connection, practice.draft, MN)
    assert found is not None
    return found.id


def ready(practice: Practice) -> None:
    """Everything is there for each verb to go well for whoever may."""
    practice.answer(anticoagulant="yes")
    practice.rule("anticoagulant")
    practice.examine()
    practice.order()


def test_every_verb_of_every_role(practice: Practice) -> None:
    ready(practice)
    for verb, do in VERBS.items():
        for who in ("needler", "manager", "owner", "clinician", "director"):
            if who in MAY[verb]:
                do(practice, who)
                if verb == "revoke":
                    practice.order()
            else:
                with pytest.raises(AccessRefused):
                    do(practice, who)


ABOUT_A_CLIENT = sorted(
    set(VERBS) - {"rulebook", "withdraw", "product", "withdraw product", "standing order", "worklist"}
)


def test_a_consultation_of_another_location_is_not_found_and_the_refusal_is_noted(practice: Practice) -> None:
    ready(practice)
    harbour = access.add_location(practice.store, "Harbour", NOW + timedelta(minutes=1))
    with practice.store.writing() as connection:
        connection.execute(update(drafts).where(drafts.c.id == practice.draft).values(location_id=harbour.id))
    for verb in ABOUT_A_CLIENT:
        with pytest.raises(AccessRefused, match="This was not found"):
            VERBS[verb](practice, "clinician")
    assert exam.worklist(practice.store, practice["clinician"], practice.book, AS_OF) == []
    assert VERBS["file"](practice, "director")
    with practice.store.reading() as connection:
        refused = connection.execute(select(func.count()).where(audit.c.outcome == 4, audit.c.object == practice.draft))
        assert refused.scalar_one() == len(ABOUT_A_CLIENT)


def test_a_consultation_without_a_location_is_of_the_first_one(practice: Practice) -> None:
    harbour = access.add_location(practice.store, "Harbour", NOW + timedelta(minutes=1))
    there = access.add_person(practice.store, "harbour", "Harbour", [Role.CLINICIAN], [harbour.id], NOW)
    practice.people["harbour"] = access.add_licence(
        practice.store, there.id, Licence("medical", CA, "harbour-1", date(2027, 6, 30)), NOW, None
    )
    with pytest.raises(AccessRefused, match="This was not found"):
        practice.examine("harbour")
    assert exam.worklist(practice.store, practice["harbour"], practice.book, AS_OF) == []
    assert practice.examine("clinician").signed.person_id == practice.people["clinician"].id
    assert len(exam.worklist(practice.store, practice["clinician"], practice.book, AS_OF)) == 1


def test_an_exam_counts_for_the_client_in_a_later_visit_and_after_two_entries_were_merged(practice: Practice) -> None:
    s, who = practice.store, practice["needler"]
    one, other = (clients.new_client(s, who, clients.Details(name), NOW) for name in ("Birch 7", "Birch seven"))
    first, again, twice, stranger = (
        start_draft(s, "Birch 7", NOW + timedelta(minutes=5), AS_OF, ORDER, client_id=client)
        for client in (one.id, one.id, other.id, None)
    )

    def examined() -> list[bool]:
        with s.reading() as connection:
            return [latest_exam(connection, each.id) is not None for each in (first, again, twice, stranger)]

    practice.draft = first.id
    practice.examine()
    assert examined() == [True, True, False, False]
    clients.merge(s, who, one.id, other.id, NOW)
    assert examined() == [True, True, True, False]
    clients.unmerge(s, who, other.id, NOW)
    assert examined() == [True, True, False, False]


def test_an_id_that_is_not_there_answers_as_one_of_another_location(practice: Practice) -> None:
    for draft_id in ("0" * 22, "../../etc", "x" * 500, ""):
        with pytest.raises(AccessRefused, match="This was not found"):
            exam.review_file(practice.store, practice["clinician"], draft_id, practice.book, AS_OF)


def test_no_note_and_no_name_stands_in_the_audit_log(practice: Practice) -> None:
    marker = "zanzibar"
    practice.answer(anticoagulant="yes")
    practice.rule("anticoagulant", note=marker)
    practice.examine(note=marker)
    practice.order(area=marker, note=marker)
    practice.treat(note=marker)
    with practice.store.reading() as connection:
        rows = connection.execute(select(audit.c.object, audit.c.action, audit.c.detail)).all()
    assert marker not in repr(rows)
    signed = [json.loads(row.detail) for row in rows if (row.object, row.action) == (practice.draft, "C")]
    assert [one.get("what") for one in signed] == [None, "ruling", "exam", "order", "treatment"]
    for health in ("anticoagulant", "cleared", MN):  # the log outlives an erased client
        assert health not in repr(signed)


def test_the_worklist_puts_first_who_was_not_examined(practice: Practice) -> None:
    later = start_draft(practice.store, "Elm 3", NOW + timedelta(minutes=5), AS_OF, ORDER)
    save_answers(practice.store, later.id, healthy(concern="texture", anticoagulant="yes"), NOW, "form")
    practice.examine()
    practice.order()
    lines = exam.worklist(practice.store, practice["clinician"], practice.book, AS_OF)
    assert [(one.code_name, one.open_findings, one.unanswered, one.examined, one.ordered) for one in lines] == [
        ("Elm 3", 1, 0, False, False),
        ("Birch 7", 0, 0, True, True),
    ]


def names_waiting(practice: Practice) -> dict[str, str]:
    lines = exam.worklist(practice.store, practice["clinician"], practice.book, AS_OF)
    return {one.code_name: str(one.waits_for) for one in lines}


def another(practice: Practice, name: str, answers: dict[str, Any], **about: Any) -> str:
    made = start_draft(practice.store, name, NOW, AS_OF, ORDER, **about)
    if answers:
        save_answers(practice.store, made.id, answers, NOW, "form")
    return made.id


def test_a_consultation_without_an_answer_on_safety_waits_for_nobody(practice: Practice) -> None:
    another(practice, "Empty 1", {})
    another(practice, "Plans 2", {"age": 44, "concern": "texture"})
    another(practice, "Begun 3", {"pregnant": "no"})
    assert names_waiting(practice) == {"Birch 7": "exam", "Begun 3": "exam"}


def test_who_finished_without_choosing_a_treatment_waits_for_nobody(practice: Practice) -> None:
    for name, choice in (("Later 1", "not_yet"), ("No 2", "no"), ("Wait 3", "wait"), ("Yes 4", MN)):
        made = another(practice, name, healthy(concern="texture"))
        record_choice(practice.store, made, choice, NOW, FACTS)
        finish(practice.store, made, NOW)
    assert names_waiting(practice) == {"Birch 7": "exam", "Yes 4": "exam"}


def test_the_list_says_what_each_waits_for_next(practice: Practice) -> None:
    practice.answer(anticoagulant="yes")
    assert names_waiting(practice) == {"Birch 7": "exam"}
    practice.examine()
    assert names_waiting(practice) == {"Birch 7": "word"}
    practice.rule("anticoagulant")
    assert names_waiting(practice) == {"Birch 7": "order"}
    practice.order()
    assert names_waiting(practice) == {"Birch 7": "nothing"}


def test_what_is_missing_before_a_treatment_is_of_that_treatment_alone(practice: Practice) -> None:
    practice.answer(anaemia="yes")  # of PRP alone

    def missing(option: str) -> list[str]:
        told = exam.still_missing(practice.store, practice["needler"], practice.draft, option, practice.book, AS_OF)
        return [one.what for one in told if one.what in (exam.EXAM, exam.FINDINGS, exam.ORDER)]

    assert missing(MN) == missing(PRP) == [exam.EXAM, exam.ORDER]
    practice.approve()
    practice.examine()
    assert missing(MN) == [exam.ORDER] and missing(PRP) == [exam.FINDINGS, exam.ORDER]
    practice.order(MN)
    assert missing(MN) == [] and missing(PRP) == [exam.FINDINGS, exam.ORDER]


def test_who_was_refused_every_treatment_waits_for_no_order(practice: Practice) -> None:
    practice.answer(pregnant="yes")
    practice.examine()
    assert names_waiting(practice) == {"Birch 7": "word"}
    practice.rule("pregnant", word=Word.REFUSED)
    assert names_waiting(practice) == {"Birch 7": "nothing"}


def test_a_finding_that_comes_after_exam_and_order_is_waited_for_in_every_list(practice: Practice) -> None:
    practice.examine()
    practice.order()
    practice.answer(pregnant="yes")
    assert names_waiting(practice) == {"Birch 7": "word"}
    assert exam.waiting_counts(practice.store, practice["clinician"], practice.book, AS_OF) == {"word": 1}
    review = exam.review_line(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF)
    assert (review.open_findings, review.waits_for) == (1, "word")


UNSEEN = r"this was not known at the exam of November 22, 2026: .+\. A clinician signs a word on it, or a new exam\."


@pytest.mark.parametrize(
    "answers", [{"cold_sores_ever": "yes"}, {"cold_sores_ever": None}, {"sunburn_or_tan": "yes"}, {"skin_type": 6}]
)
def test_what_came_up_after_the_exam_is_looked_at_before_anything_is_done(
    practice: Practice, answers: dict[str, Any]
) -> None:
    later = AS_OF + timedelta(days=60)  # any wait is over by then: it is counted from the day of the consultation
    practice.examine()
    practice.order()
    practice.answer(**answers)
    with pytest.raises(ExamProblem, match=UNSEEN):
        practice.treat(done_on=later)
    file = exam.treatment_file(practice.store, practice["needler"], practice.draft, practice.book, later)
    assert [one.kind for one in file.orders[0].blocks] == ["verdict"]
    with pytest.raises(ExamProblem, match=UNSEEN):
        practice.order()
    assert names_waiting(practice) == {"Birch 7": "word"}
    practice.rule(*answers)
    practice.order()
    assert names_waiting(practice) == {"Birch 7": "nothing"}
    practice.treat()


def test_a_new_exam_knows_the_answers_of_its_own_day(practice: Practice) -> None:
    practice.examine()
    practice.answer(cold_sores_ever="yes")
    practice.examine(valid_until=AS_OF + timedelta(days=30))  # whichever of the two counts longer
    practice.order()
    practice.treat()
    practice.answer(cold_sores_ever="not_sure")  # another answer than the one that the examiner heard
    with pytest.raises(ExamProblem, match=UNSEEN):
        practice.treat()
    practice.answer(cold_sores_ever="no")
    practice.treat()


def test_what_was_not_answered_at_the_exam_is_not_known_by_it(practice: Practice) -> None:
    practice.answer(cold_sores_ever=None)
    practice.examine()
    practice.order()
    practice.answer(cold_sores_ever="yes")
    with pytest.raises(ExamProblem, match=UNSEEN):
        practice.treat()


def test_an_exam_that_kept_no_answers_counts_for_what_it_found(practice: Practice) -> None:
    practice.answer(cold_sores_ever="yes")
    made = practice.examine()
    with practice.store.reading() as connection:
        kept = json.loads(connection.execute(select(schema.exams.c.agenda)).scalar_one())
    before = replace(made, agendas=({option: {"found": told["found"]} for option, told in kept.items()},))
    review = exam.review_file(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF).options[MN]
    assert review.findings and exam.unseen(made, MN, review) == exam.unseen(before, MN, review) == ()
    nothing = replace(made, agendas=({MN: {"found": {}}},))
    assert exam.unseen(nothing, MN, review) == exam.unseen(replace(made, agendas=()), MN, review) == review.findings


def test_what_is_asked_in_a_later_visit_is_not_known_by_the_exam_of_an_earlier_one(practice: Practice) -> None:
    s, who = practice.store, practice["needler"]
    one = clients.new_client(s, who, clients.Details("Birch 9"), NOW)
    for answers in ({}, {"cold_sores_ever": "yes"}):
        practice.draft = start_draft(s, "Birch 9", NOW, AS_OF, ORDER, client_id=one.id).id
        practice.answer(**healthy(concern="texture", exosome_product=None, **answers))
        if not answers:
            practice.examine()
    with pytest.raises(ExamProblem, match=UNSEEN):
        practice.order()
    practice.rule("cold_sores_ever", word=Word.LIMITED, note="Standing order for prevention.")
    practice.order()


def test_a_question_of_a_treatment_that_is_not_wanted_keeps_nobody_waiting(practice: Practice) -> None:
    only = next(key for key, one in practice.book.questions.items() if one.only_while_open == "prp_microneedling")
    practice.answer(**{only: None, "blood_draw_comfort": "never"})
    practice.examine()
    line = exam.review_line(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF)
    assert (line.unanswered, line.waits_for) == (0, "order")


def test_the_list_counts_what_the_review_of_each_shows(practice: Practice) -> None:
    another(practice, "Elm 3", healthy(concern="texture", anticoagulant="yes", melasma=None, keloid="not_sure"))
    another(practice, "Begun 4", {"pregnant": "no", "concern": "texture"})
    another(practice, "Out 5", {"pregnant": "yes", "concern": "texture"})
    practice.answer(nsaid="last_2_days", isotretinoin="now")
    practice.rule("isotretinoin")
    for line in exam.worklist(practice.store, practice["clinician"], practice.book, AS_OF):
        file = exam.review_file(practice.store, practice["clinician"], line.draft_id, practice.book, AS_OF)
        still = {one.contraindication: one for told in file.options.values() for one in told.open if not one.is_gate}
        assert line.open_findings == sum(one.answer is not None for one in still.values())
        answers = file.draft.answers
        told = Told(recommend(answers, practice.book, AS_OF), answers, practice.book, read_words())
        assert line.unanswered == len(file.unanswered)
        assert file.unanswered == open_questions(told), line.code_name


def test_a_client_screen_gets_the_words_without_their_notes(practice: Practice) -> None:
    practice.answer(anticoagulant="yes")
    practice.rule("anticoagulant", note="Drinks a lot.")
    told = exam.rulings_for_the_client(practice.store, practice["needler"], practice.draft)
    assert [(one.word, one.note) for one in told] == [(Word.CLEARED, "")]
    file = exam.review_file(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF)
    assert file.rulings[0].note == "Drinks a lot."


def test_hostile_text_is_kept_as_text_or_refused(practice: Practice) -> None:
    practice.answer(anticoagulant="yes")
    odd = "'); DROP TABLE rulings;-- <b>![](http://x)</b>\u202e=1+1"
    assert practice.rule("anticoagulant", note=odd)[0].note == odd
    for bad in ("half\ud800", "nul\0", "x" * 2001):
        with pytest.raises(ExamProblem):
            practice.rule("anticoagulant", note=bad)


def test_rows_are_only_ever_added() -> None:
    folder = Path(exam.__file__).parent
    text = " ".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    assert "update(" not in text and "delete(" not in text


def test_a_finished_treatment_is_still_there_after_a_restart(practice: Practice, clinic: Clinic) -> None:
    practice.examine()
    practice.order()
    done = practice.treat()
    practice.store.close()
    with clinic.open() as again:
        director = access.load_person(again, practice.people["director"].id)
        file = exam.review_file(again, director, practice.draft, practice.book, AS_OF)
        assert file.treatments == (done,)
        assert load_draft(again, practice.draft) is not None


def test_the_clock_of_another_zone_changes_no_day(practice: Practice) -> None:
    late = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # still the evening of the 22nd at the clinic
    new = NewExam(How.IN_PERSON, AS_OF)
    told = exam.sign_exam(
        practice.store,
        practice["clinician"],
        practice.draft,
        new,
        exam.SigningContext(CA, practice.book, late, AS_OF, "key-of-page"),
    )
    assert (told.examined_on, told.signed.signed_at) == (AS_OF, late)


def test_a_client_reads_that_a_clinician_has_looked_only_of_these_very_answers(practice: Practice) -> None:
    s, who = practice.store, practice["needler"]

    def looked(draft_id: str) -> bool:
        return exam.has_seen_the_answers(s, who, draft_id)

    assert not looked(practice.draft)
    practice.examine()
    assert looked(practice.draft)
    save_answers(s, practice.draft, {"cold_sores_ever": "yes"}, NOW + timedelta(hours=1), "form")
    assert not looked(practice.draft)
    one = clients.new_client(s, who, clients.Details("Birch 9"), NOW)
    first, second = (start_draft(s, "Birch 9", NOW, AS_OF, ORDER, client_id=one.id).id for _ in range(2))
    practice.draft = first
    practice.examine()
    assert looked(first) and not looked(second) and exam.is_examined(s, who, second, AS_OF)


@pytest.mark.parametrize(
    ("note", "depth", "sessions"),
    [
        ("At most 0.5 mm, one session.", 5, 1),
        ("0,5 mm around the eyes, 1 mm elsewhere", 5, None),
        ("No deeper than 1.0mm; 3 sessions, then look again", 10, 3),
        ("Only the cheeks", None, None),
        (".5 mm only", 5, None),
        ("1/2 mm, a single session", 5, 1),
        ("1 1/2 mm or 1½ mm", 15, None),
        ("Up to 6 needling sessions", None, 6),
        ("Depth 0.5", 5, None),
        ("Depth: at most 0.5, one session.", 5, 1),
        ("Depth 0.5 mm", 5, None),
        ("Depth 500 microns", None, None),
        ("0.25 mm around the eyes, 1 mm elsewhere", None, None),
        ("Half a millimetre around the eyes, 1 mm elsewhere", None, None),
        ("1,000 mm", None, None),
        ("0.25-0.5 mm", 5, None),
        ("6 weeks between sessions", None, None),
        ("1-2 sessions", None, 2),
    ],
)
def test_a_signed_limit_is_read_for_depth_and_sessions_and_an_order_beyond_it_is_known(
    practice: Practice, note: str, depth: int | None, sessions: int | None
) -> None:
    practice.answer(anticoagulant="yes")
    practice.rule("anticoagulant", word=Word.LIMITED, note=note)
    file = exam.review_file(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF)
    [limit] = exam.signed_limits(file.options[MN], file.exam, AS_OF)
    assert (limit.note, limit.depth_tenths_mm, limit.sessions) == (note, depth, sessions)
    assert list(exam.beyond_depth([limit], 16)) == ([limit] if depth else [])
    assert list(exam.beyond_depth([limit], 5)) == [] and list(exam.beyond_sessions([limit], 1)) == []
    assert list(exam.beyond_sessions([limit], 7)) == ([limit] if sessions else [])


@pytest.mark.parametrize(
    ("note", "depth", "sessions", "found"),
    [
        ("Skin fine. depth 0.5 mm only", 5, None, 1),
        ("Start with two sessions", None, 2, 1),
        ("Depth: shallow around the eyes", None, None, 1),
        ("Skin fine.", None, None, 0),
        ("", None, None, 0),
    ],
)
def test_a_limit_is_read_in_the_note_of_an_exam_for_as_long_as_it_counts(
    practice: Practice, note: str, depth: int | None, sessions: int | None, found: int
) -> None:
    signed = practice.examine(note=note)
    file = exam.review_file(practice.store, practice["clinician"], practice.draft, practice.book, AS_OF)
    limits = exam.signed_limits(file.options[MN], signed, AS_OF)
    assert [(one.depth_tenths_mm, one.sessions, one.of_exam) for one in limits] == [(depth, sessions, True)] * found
    assert exam.signed_limits(file.options[MN], signed, signed.valid_until + timedelta(days=1)) == ()
    order = practice.order()
    assert [exam.signed_beyond(one, order) for one in limits] == [bool(depth or sessions)] * found
    later = [replace(one, signed=replace(one.signed, signed_at=NOW + timedelta(hours=1))) for one in limits]
    assert not any(exam.signed_beyond(one, order) for one in later), "nobody was asked about what was signed later"


def test_a_number_alone_is_an_amount_in_the_unit_of_its_field() -> None:
    assert [exam.with_unit(one) for one in ("2", " 2.5 ", "2,5", "2 ml", "1 vial", "")] == [
        *("2 ml", "2.5 ml", "2,5 ml", "2 ml", "1 vial", "")
    ]
    assert exam.has_no_unit("2") and not exam.has_no_unit("2 ml")


def test_a_hard_stop_and_a_wait_are_known_in_a_list(practice: Practice) -> None:
    practice.answer(pregnant="yes", nsaid="last_2_days")
    held = exam.held_back_in(practice.store, practice["clinician"], [practice.draft], practice.book, AS_OF)
    assert practice.draft in held
    practice.answer(pregnant="no", nsaid="none")
    assert exam.held_back_in(practice.store, practice["clinician"], [practice.draft], practice.book, AS_OF) == {}


def test_each_option_that_waits_has_its_own_day_in_a_list(practice: Practice) -> None:
    practice.answer(filler_last_28_days="yes", hair_removal_area_last_7_days="yes")
    practice.rule("filler_last_28_days", options=[MN])
    held = exam.held_back_in(practice.store, practice["clinician"], [practice.draft], practice.book, AS_OF)
    soon, later = AS_OF + timedelta(days=7), AS_OF + timedelta(days=28)
    assert [(day, set(options)) for day, options in held[practice.draft].waits] == [
        (soon, {MN}),
        (later, {PRP, EXOSOMES}),
    ]


def test_answers_that_todays_rules_cannot_read_say_so_in_the_lists_and_take_no_other_line_with_them(
    practice: Practice,
) -> None:
    other = start_draft(practice.store, "Oak 3", NOW, AS_OF, ORDER).id
    save_answers(practice.store, other, healthy(concern="texture", exosome_product=None), NOW, "form")
    with practice.store.writing() as connection:
        kept = records_schema.answers
        mine = (kept.c.draft_id == practice.draft) & (kept.c.question == "pregnant")
        connection.execute(update(kept).where(mine).values(answer='"perhaps"'))
    who, both = practice["clinician"], [practice.draft, other]
    assert exam.held_back_in(practice.store, who, both, practice.book, AS_OF) == {practice.draft: HeldBack(unread=True)}
    lines = {one.draft_id: one for one in exam.worklist(practice.store, who, practice.book, AS_OF)}
    assert set(lines) == set(both) and lines[practice.draft].held_back.unread and not lines[other].held_back.unread
    assert lines[practice.draft].waits_for is Waits.EXAM
    assert exam.waiting_counts(practice.store, who, practice.book, AS_OF)[Waits.EXAM] == 2
