"""Needles in the skin on the screens, and a consultation of version 1 of the model, finished long ago."""

from __future__ import annotations

from datetime import date

import pytest

from medspa_core import access, records
from medspa_core.access import Role
from medspa_core.clients import consultations
from tests.clients_support import FACTS
from tests.older_rulebooks import files_of_version_1, rulebook_of_version_1, said_by_version_1
from tests.pages.conftest import MORNING, new_draft, opened, signed_in, staff_face, text_of


def test_who_never_wants_needles_is_told_kindly_that_waiting_is_an_answer(store: records.Store) -> None:
    said = text_of(opened("options", new_draft(store, {"concern": "texture", "age": 40, "needle_comfort": "never"})))
    assert "All the treatments here use needles. So waiting is a good answer for you" in said
    assert "You can change them" not in said


def test_who_would_rather_not_is_told_to_staff_and_to_no_client(store: records.Store) -> None:
    draft = new_draft(store, {"concern": "texture", "age": 40, "needle_comfort": "rather_not"})
    assert "Talk it over before a visit" not in text_of(opened("safety", draft))
    at = opened("safety", draft)
    staff_face(at)
    assert "Would rather not have needles in the skin. Talk it over before a visit is booked." in text_of(at)


def finished_under_version_1(store: records.Store) -> str:
    """A consultation of before: answers, result and whole rulebook as version 1 of the model kept them."""
    signed_in((Role.AESTHETICIAN,))
    who, book, said = access.list_people(store)[-1], rulebook_of_version_1(), said_by_version_1()[2]
    draft = consultations.start(store, who, "A-204", MORNING, date(2026, 11, 22), tuple(book.options))
    consultations.save_answers(store, who, draft.id, said["answers"], MORNING, "form")
    consultations.record_choice(
        store,
        who,
        draft.id,
        "wait",
        MORNING,
        FACTS,
        rulebook_revision=book.revision,
        files=files_of_version_1(),
        shown=said["result"],
    )
    return consultations.finish(store, who, draft.id, MORNING, book).id


@pytest.mark.parametrize("page", ["you", "safety", "what_matters", "options", "why", "timeline"])
def test_a_consultation_of_version_1_opens_on_every_screen_under_its_own_rulebook(
    page: str, store: records.Store
) -> None:
    draft_id = finished_under_version_1(store)
    at = opened(page, draft_id)
    said = text_of(at)
    assert not at.exception
    assert "needles in your skin" not in said
    if page == "options":
        shown = said_by_version_1()[2]["result"]
        assert (shown["best"], shown["standing"]) == ("prp_microneedling", "close_call")
        assert "No treatment here fits" not in said


def test_who_never_wants_needles_is_not_told_that_no_wish_of_theirs_would_change_this(store: records.Store) -> None:
    """It is their own word on needles that would; it is never flipped, so the list of changes says nothing."""
    assert "No one wish" not in text_of(
        opened("options", new_draft(store, {"concern": "texture", "needle_comfort": "never"}))
    )
