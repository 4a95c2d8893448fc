"""Sessions as who treats records them: chosen orders, n of m, corrections as rows, who may be named, what stands before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from medspa_core import access, clients, exam
from medspa_core.access import AccessRefused, Licence, Role
from medspa_core.clients import Details
from medspa_core.exam import ExamProblem, Missing, NewTreatment
from medspa_core.exam.missing_before_treatment import steps_of_visit
from medspa_core.records import Store, save_answers, start_draft
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy
from tests.exam_support import EXOSOMES, MN, PRP, Practice, exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import NOW, ORDER


@pytest.fixture
def practice(file_store: Store, rulebook: Rulebook) -> Practice:
    return exam_practice(file_store, rulebook)


def file_of(practice: Practice, who: str = "needler", on: date = AS_OF) -> exam.TreatmentFile:
    return exam.treatment_file(practice.store, practice[who], practice.draft, practice.book, on)


def strike(practice: Practice, treatment_id: str, key: str = "", who: str = "needler") -> exam.Correction:
    return exam.correct_treatment(
        practice.store, practice[who], treatment_id, "", "Wrong client", NOW, key or practice.key(), strike=True
    )


def test_before_anything_is_signed_the_file_says_what_is_missing(practice: Practice) -> None:
    found = file_of(practice)
    assert found.orders == () and [one.kind for one in found.missing] == [Missing.EXAM, Missing.ORDER]


def test_a_session_keeps_how_deep_and_how_much_and_is_the_first_of_three(practice: Practice) -> None:
    practice.examine()
    practice.order()
    done = practice.treat(depth_tenths_mm=8, amount=" 2 ml ")
    assert (done.depth_tenths_mm, done.amount, done.session) == (8, "2 ml", 1)
    found = file_of(practice)
    assert found.treatments == (done,)
    assert (found.orders[0].done, found.orders[0].order.terms.sessions) == (1, 3)
    assert found.orders[0].blocks == () and found.missing == ()


@pytest.mark.parametrize(("depth", "line"), [(None, "The depth is missing"), (11, "at most 1 mm"), (0, "is missing")])
def test_nobody_needles_deeper_than_the_order(practice: Practice, depth: int | None, line: str) -> None:
    practice.examine()
    practice.order()
    with pytest.raises(ExamProblem, match=line):
        practice.treat(depth_tenths_mm=depth)


def test_of_two_orders_for_one_treatment_the_one_that_was_chosen_counts(practice: Practice) -> None:
    practice.examine()
    face, scalp = practice.order(area="face"), practice.order(area="scalp", sessions=1)
    assert practice.treat(order_id=face.id).order_id == face.id
    assert practice.treat().order_id == scalp.id
    done = {one.order.area: one.done for one in file_of(practice).orders}
    assert done == {"face": 1, "scalp": 1}
    with pytest.raises(ExamProblem, match="All sessions of the order"):
        practice.treat(order_id=scalp.id)


def test_an_order_of_somebody_else_is_no_order(practice: Practice) -> None:
    practice.examine()
    theirs = practice.order()
    other = start_draft(practice.store, "Oak 1", NOW, AS_OF, ORDER)
    save_answers(practice.store, other.id, healthy(concern="texture"), NOW, "form")
    practice.draft = other.id
    practice.examine()
    with pytest.raises(ExamProblem, match="order for Microneedling is missing"):
        practice.treat(order_id=theirs.id)


def test_a_step_of_another_treatment_is_no_step_of_this_one(practice: Practice) -> None:
    practice.examine()
    practice.order()
    steps = dict.fromkeys((*steps_of_visit(MN, practice.book), "draw"), practice.people["needler"].id)
    with pytest.raises(ExamProblem, match="blood draw is no step of this treatment"):
        practice.treat(steps=steps)


def test_what_was_struck_out_stays_counts_no_more_and_is_recorded_again(practice: Practice) -> None:
    practice.examine()
    practice.order(sessions=2)
    wrong, second = practice.treat(), practice.treat()
    told = strike(practice, wrong.id, "tapped-twice")
    assert strike(practice, wrong.id, "tapped-twice") == told
    found = file_of(practice)
    assert [(one.id, one.session) for one in found.treatments] == [(wrong.id, 0), (second.id, 1)]
    assert found.treatments[0].struck and found.treatments[0].corrections == (told,)
    assert (found.orders[0].done, found.orders[0].recorded) == (1, 2)
    assert practice.treat().session == 2
    with pytest.raises(ExamProblem, match="All sessions"):
        practice.treat()
    with pytest.raises(ExamProblem, match="struck out already"):
        strike(practice, wrong.id)


def test_a_correction_adds_words_and_takes_nothing_away(practice: Practice) -> None:
    practice.examine()
    practice.order()
    done = practice.treat(note="both cheeks")
    told = exam.correct_treatment(
        practice.store, practice["needler"], done.id, "left cheek only", "Typed in a hurry", NOW, practice.key()
    )
    found = file_of(practice).treatments[0]
    assert (found.note, found.session, found.corrections) == ("both cheeks", 1, (told,))
    with pytest.raises(ExamProblem, match="The reason is missing"):
        exam.correct_treatment(practice.store, practice["needler"], done.id, "x", " ", NOW, practice.key())
    with pytest.raises(AccessRefused):
        exam.correct_treatment(practice.store, practice["needler"], "no-such-id", "x", "y", NOW, practice.key())


def test_only_who_the_order_names_is_offered_for_a_step_with_a_licence(practice: Practice) -> None:
    practice.examine()
    practice.order(PRP)
    who = {step: [one.sign_in_name for one in people] for step, people in file_of(practice).orders[0].who.items()}
    assert (who["draw"], who["needling"]) == (["drawer"], ["needler"])
    assert "clinician" in who["aftercare"] and not {"manager", "owner"} & set(who["aftercare"])
    assert "spin" not in who


def test_a_licence_that_ran_out_stands_before_the_form_as_one_line(practice: Practice) -> None:
    practice.examine()
    practice.order()
    needler = practice.people["needler"].id
    access.remove_licence(practice.store, needler, "needling", "CA", NOW, None)
    blocks = file_of(practice).orders[0].blocks
    assert [(one.kind, one.line) for one in blocks] == [
        (Missing.LICENCE, "Needler has no valid needling licence in CA for: needling.")
    ]


def test_a_lot_that_was_recalled_stands_before_the_form(practice: Practice) -> None:
    practice.approve()
    gel = practice.product()
    practice.examine()
    practice.order(EXOSOMES, product_id=gel.id)
    assert file_of(practice).orders[0].blocks == ()
    exam.withdraw_product(practice.store, practice["director"], gel.id, "Recalled", NOW)
    assert [one.kind for one in file_of(practice).orders[0].blocks] == [Missing.PRODUCT]


def test_the_file_is_read_as_it_stands_on_the_day_of_the_session(practice: Practice) -> None:
    practice.examine()
    practice.order()
    late = file_of(practice, on=AS_OF + timedelta(days=181))
    assert [one.kind for one in late.orders[0].blocks] == [Missing.ORDER]


def test_two_tablets_that_record_the_same_next_session_record_one(practice: Practice) -> None:
    practice.examine()
    practice.order()
    first = practice.treat(key="order-1-session-1")
    assert practice.treat(key="order-1-session-1") == first
    with pytest.raises(ExamProblem, match="Something else was saved"):
        practice.treat(key="order-1-session-1", depth_tenths_mm=5)
    assert len(file_of(practice).treatments) == 1


def treated(practice: Practice, day: date = AS_OF) -> bool:
    return exam.is_treated_on(practice.store, practice["needler"], practice.draft, day)


def test_a_second_session_of_one_day_is_recorded_once_somebody_has_said_so(practice: Practice) -> None:
    practice.examine()
    practice.order(sessions=3)
    assert not treated(practice)
    first = practice.treat(one_more_that_day=False)
    assert treated(practice) and not treated(practice, AS_OF + timedelta(days=1))
    with pytest.raises(ExamProblem, match=r"A session of November 22, 2026 is already recorded for this client\."):
        practice.treat(one_more_that_day=False)
    assert len(file_of(practice).treatments) == 1
    assert practice.treat().session == 2
    practice.treat(one_more_that_day=False, done_on=AS_OF + timedelta(days=28))
    strike(practice, first.id)
    assert treated(practice)  # the second one counts


def test_a_session_since_the_talk_is_known_until_it_is_struck(practice: Practice) -> None:
    def since(day: date) -> bool:
        return exam.is_treated_since(practice.store, practice["needler"], practice.draft, day)

    practice.examine()
    practice.order(sessions=3)
    assert not since(AS_OF)
    done = practice.treat()
    assert since(AS_OF) and since(AS_OF - timedelta(days=1)) and not since(AS_OF + timedelta(days=1))
    strike(practice, done.id)
    assert not since(AS_OF)


def test_a_session_of_another_visit_of_the_client_is_one_of_that_day_and_one_struck_out_is_none(
    practice: Practice,
) -> None:
    s, who = practice.store, practice["needler"]
    one = clients.new_client(s, who, Details("Birch 9"), NOW)
    answers = healthy(concern="texture", exosome_product=None)
    for _ in range(2):
        practice.draft = start_draft(s, "Birch 9", NOW, AS_OF, ORDER, client_id=one.id).id
        practice.answer(**answers)
        practice.examine()
        practice.order()
    earlier = exam.client_orders(s, who, one.id)[1].order.draft_id
    later, practice.draft = practice.draft, earlier
    done = practice.treat(one_more_that_day=False)
    practice.draft = later
    assert treated(practice)
    with pytest.raises(ExamProblem, match="already recorded"):
        practice.treat(one_more_that_day=False)
    practice.draft = earlier
    strike(practice, done.id)
    practice.draft = later
    assert not treated(practice)
    practice.treat(one_more_that_day=False)


def test_a_client_has_the_orders_and_sessions_of_every_visit(practice: Practice) -> None:
    s, who = practice.store, practice["needler"]
    one = clients.new_client(s, who, Details("Birch 9"), NOW)
    drafts = [start_draft(s, "Birch 9", NOW, AS_OF, ORDER, client_id=one.id, location_id=one.location_id) for _ in "ab"]
    for draft in drafts:
        save_answers(s, draft.id, healthy(concern="texture"), NOW, "form")
        practice.draft = draft.id
        practice.examine()
        practice.order()
    done = practice.treat()
    found = exam.client_orders(s, who, one.id)
    assert {(told.order.draft_id, told.done) for told in found} == {(drafts[0].id, 0), (drafts[1].id, 1)}
    assert [told.treatments for told in found if told.done] == [(done,)]


def test_a_session_of_another_location_is_neither_seen_nor_corrected(practice: Practice) -> None:
    practice.examine()
    practice.order()
    done = practice.treat()
    far = access.add_location(practice.store, "Harbour", NOW + timedelta(minutes=1))
    stranger = access.add_person(practice.store, "far", "Far", [Role.AESTHETICIAN], [far.id], NOW)
    with pytest.raises(AccessRefused, match="not found"):
        exam.treatment_file(practice.store, stranger, practice.draft, practice.book, AS_OF)
    with pytest.raises(AccessRefused, match="not found"):
        exam.correct_treatment(practice.store, stranger, done.id, "x", "y", NOW, practice.key())
    assert file_of(practice).treatments == (done,)


# --- the state of a location ----------------------------------------------------------------------------------------


def elsewhere(practice: Practice, state: str) -> None:
    """The practice's location is in another state from now on; the clinician has a licence of it as well."""
    here = access.list_locations(practice.store)[0].id
    access.set_location_state(practice.store, here, state, NOW, None)
    licence = Licence("medical", state, f"{state}-1")
    access.add_licence(practice.store, practice.people["clinician"].id, licence, NOW, None)


def test_nobody_signs_for_a_client_where_the_state_is_not_known(practice: Practice) -> None:
    harbour = access.add_location(practice.store, "Harbour", NOW)
    far = access.add_person(practice.store, "far", "Far", [Role.CLINICIAN], [harbour.id], NOW)
    practice.people["far"] = access.add_licence(practice.store, far.id, Licence("medical", "CA", "F-1"), NOW, None)
    practice.draft = start_draft(practice.store, "Oak 1", NOW, AS_OF, ORDER, location_id=harbour.id).id
    for sign in (lambda: practice.examine("far"), lambda: practice.rule("anticoagulant", who="far")):
        with pytest.raises(ExamProblem, match=r"in which state Harbour is\. The owner says it"):
            sign()
    access.set_location_state(practice.store, harbour.id, "ca", NOW, None)
    assert practice.examine("far").signed.state == "CA"


def test_each_signature_is_of_the_state_where_the_client_is_treated(practice: Practice) -> None:
    elsewhere(practice, "NV")
    for sign in (practice.examine, practice.order, lambda: practice.rule("anticoagulant")):
        with pytest.raises(ExamProblem, match="Main street is in NV"):
            sign()


def test_a_session_is_not_recorded_in_another_state_than_the_orders(practice: Practice) -> None:
    practice.examine()
    practice.order()
    elsewhere(practice, "NV")
    assert [(one.kind, one.line) for one in file_of(practice).orders[0].blocks] == [
        (Missing.PLACE, "Main street is in NV: this was signed for CA.")
    ]
    with pytest.raises(ExamProblem, match="this was signed for CA"):
        practice.treat()


@pytest.mark.parametrize("typed", ["", "  ", "C\u202eA", "C" * 81, "C\nA\0", "Calif", "XX", "United States"])
def test_what_is_no_state_is_refused_and_nothing_changes(practice: Practice, typed: str) -> None:
    here = access.list_locations(practice.store)[0]
    with pytest.raises(access.StateProblem, match="no such state or province"):
        access.set_location_state(practice.store, here.id, typed, NOW, None)
    assert access.list_locations(practice.store)[0].state == here.state == "CA"


def test_what_blocks_is_asked_for_the_order_that_was_chosen(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    new = NewTreatment(MN, AS_OF, {}, order_id=order.id)
    found = exam.blocks_now(practice.store, practice["needler"], practice.draft, new, practice.book)
    assert {one.kind for one in found} == {Missing.NAME, Missing.DEPTH}
