"""The staff's view of a consultation: whose it is, how far its review is, its notes; and nothing of that for the client."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, clients, exam, records
from medspa_core.access import Role
from medspa_core.clients import Details
from medspa_core.clients import consultations as guarded
from tests.conftest import healthy
from tests.pages.conftest import MORNING, new_draft, opened, program, staff_face, text_of
from views.context import core_access, environment

PAGES = ("you", "safety", "what_matters", "options", "timeline", "plan", "why")
NAME = "Marigold *Quill*"


def of_a_client(store: records.Store) -> str:
    """A consultation of a client with a name; says its id."""
    program()  # the first location
    owner = access.list_people(store)[0]
    one = clients.new_client(store, owner, Details("M-1", NAME), MORNING)
    order = ("wait", "microneedling_alone")
    return guarded.start(store, owner, "M-1", MORNING, date(2026, 11, 22), order, client_id=one.id).id


def labels(at: AppTest) -> dict[str, str]:
    return {str(one.key): str(one.label) for one in at.button if str(one.key).startswith("behind_")}


@pytest.mark.parametrize("page", PAGES)
def test_staff_see_whose_consultation_it_is_and_the_client_does_not(store: records.Store, page: str) -> None:
    draft_id = of_a_client(store)
    at = opened(page, draft_id)
    assert labels(at) == {}
    assert "Quill" not in " ".join(str(block) for block in at.main) and "Exam missing" not in text_of(at)
    staff_face(at)
    assert not at.exception, at.exception
    assert labels(at)["behind_client"] == r"Client: Marigold \*Quill\*"
    assert "Review: Exam missing. Order missing. Findings open: " in text_of(at)


def test_the_line_leads_to_the_client_and_to_the_notes(store: records.Store) -> None:
    draft_id = of_a_client(store)
    records.add_note(store, draft_id, "Hums", MORNING)
    records.add_note(store, draft_id, "Sings", MORNING)
    records.take_back_note(store, draft_id, 2, MORNING)
    at = staff_face(opened("options", draft_id))
    assert labels(at)["behind_safety"] == "1 note"
    at.button(key="behind_safety").click().run()
    assert "Hums" in text_of(at) and "1 note" in text_of(at)
    at = staff_face(opened("you", draft_id))
    at.button(key="behind_client").click().run()
    assert NAME in text_of(at) and draft_id not in str(at.query_params)


def test_who_signs_reviews_goes_on_to_the_review_and_others_read_how_far_it_is(store: records.Store) -> None:
    draft_id = of_a_client(store)
    assert "behind_review" not in labels(staff_face(opened("you", draft_id)))
    at = opened("you", draft_id)
    found = access.sign_in_of(store, str(at.user["sid"]), core_access.clock().now())
    assert found is not None
    access.change_roles(store, found.person.id, [Role.CLINICIAN], core_access.clock().now(), None)
    staff_face(at)
    at.button(key="behind_review").click().run()
    assert not at.exception, at.exception
    assert "Review of M-1" in text_of(at)


def test_once_the_exam_is_signed_no_screen_of_the_staff_says_that_it_is_needed(store: records.Store) -> None:
    draft_id = of_a_client(store)
    records.save_answers(store, draft_id, healthy(concern="texture"), MORNING, "form")
    needed = ("Exam still needed.", "Nothing found; the exam is still needed.", "Waits for the exam:")
    told = text_of(staff_face(opened("safety", draft_id)))
    assert [one for one in needed if one not in told] == []
    program(Role.CLINICIAN)
    who = access.list_people(store)[-1]
    who = access.add_licence(store, who.id, access.Licence("medical", "CA", "M-1"), MORNING, None)
    new, book, on = exam.NewExam(exam.How.IN_PERSON, environment.today()), core_access.rulebook(), environment.today()
    exam.sign_exam(store, who, draft_id, new, exam.SigningContext("CA", book, environment.now(), on, "key-of-the-exam"))
    told = text_of(staff_face(opened("safety", draft_id)))
    assert [one for one in needed if one in told] == [] and "The exam is signed." in told


def test_a_consultation_of_no_client_leads_to_where_it_is_given_to_one(store: records.Store) -> None:
    draft_id = new_draft(store, {"age": 44}, name="B-7")
    at = opened("you", draft_id)
    assert labels(at) == {}
    staff_face(at)
    assert labels(at) == {"behind_nobodys": "No client: say whose it is", "behind_safety": "0 notes"}
    at.button(key="behind_nobodys").click().run()
    assert not at.exception and f"attach_new_{draft_id}" in {one.key for one in at.button}
