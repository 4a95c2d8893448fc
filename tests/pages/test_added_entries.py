"""A question, a criterion, a finding and an option that are files only are walked from You to the timeline and the review."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Licence, Role
from medspa_core.rulebook import Rulebook
from tests.added_entries import add_entries
from tests.added_option import add_light, copy_of_data
from tests.pages.conftest import new_draft, opened, program, staff_face, text_of
from tests.pages.test_options import card_of, client
from views.consultation.claims import ORIGINS
from views.context import core_access, environment

SCREENS = ("you", "safety", "what_matters", "options", "timeline", "plan", "why")
ADDED = {"sleep": "poor", "raised_moles": "yes", "importance": {"quiet_visits": "lot", "cost": "lot", "visits": "none"}}


@pytest.fixture
def own_rulebook(home: Path, monkeypatch: pytest.MonkeyPatch) -> Rulebook:
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(add_entries(copy_of_data(home / "rulebook"))))
    return core_access.rulebook()


def to(at: AppTest, page: str) -> str:
    """The next screen of the same consultation, and its words."""
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception, at.exception
    return words_of(at)


def words_of(at: AppTest) -> str:
    return " ".join([text_of(at), *(one.value for one in at.text), *(one.value for one in at.markdown)])


def by_key(elements: Any, key: str) -> Any:
    return next(one for one in elements if one.key == key)


@pytest.mark.usefixtures("own_rulebook")
def test_what_is_added_as_files_only_is_asked_weighed_found_and_offered_up_to_the_timeline(
    store: records.Store,
) -> None:
    known = {key: answer for key, answer in client().items() if key not in ("importance", "skin_type")}
    draft_id = new_draft(store, known)
    at = opened("you", draft_id)
    assert "How well do you sleep?" in text_of(at)
    next(one for one in at.pills if (one.key or "").endswith("_sleep")).set_value("poor").run()
    assert "Sleep: I sleep badly" in text_of(at)

    assert "Raised moles in the area" in str([one.label for one in to_card(at, "skin").pills]) + words_of(at)
    by_key(at.pills, "tap_item_raised_moles").set_value("yes").run()
    at.pills(key="tap_foot_skin").set_value("none").run()

    assert "Quiet visits" in to(at, "what_matters")
    by_key(at.pills, "tap_weigh_quiet_visits").set_value("lot").run()
    assert not at.exception
    kept = records.load_draft(store, draft_id)
    assert kept is not None
    assert {key: kept.answers[key] for key in ("sleep", "raised_moles")} == {"sleep": "poor", "raised_moles": "yes"}
    assert kept.answers["importance"] == {"quiet_visits": "lot"}

    told = to(at, "options")
    assert "They look at your moles with you." in told
    assert "Made for texture, and short." in card_of(told, "Light needling")
    assert "How quiet it is" in told
    assert "Light needling" in to(at, "timeline")
    assert "a quiet visit: a lot." in to(at, "plan").lower()


def to_card(at: AppTest, card: str) -> AppTest:
    to(at, "safety")
    at.button(key="part_history").click().run()
    assert not at.exception and by_key(at.pills, f"tap_foot_{card}")
    return at


@pytest.mark.usefixtures("own_rulebook")
def test_what_is_added_as_files_only_stands_on_the_staffs_review_in_words(store: records.Store) -> None:
    draft_id = new_draft(store, client(**ADDED))
    at = program(Role.CLINICIAN)
    person = [one for one in access.list_people(core_access.store()) if one.roles == frozenset([Role.CLINICIAN])][-1]
    access.add_licence(core_access.store(), person.id, Licence("medical", "CA", "M-1"), environment.now(), None)
    at.run()
    at.switch_page("pages/review.py")
    at.query_params["c"] = draft_id
    at.run()
    assert not at.exception, at.exception
    told = words_of(at)
    for words in ("Sleep", "I sleep badly", "Raised moles", "go around them", "a quiet visit: A lot"):
        assert words in told, words
    assert ids_in(at, core_access.rulebook()) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_shows_an_id_of_the_rulebook_in_the_place_of_words(
    own_rulebook: Rulebook, store: records.Store, screen: str
) -> None:
    draft_id = new_draft(store, client(**ADDED, objects_to=["own_blood"]))
    at = opened(screen, draft_id)
    assert ids_in(at, own_rulebook) == []
    staff_face(at)
    assert not at.exception, at.exception
    assert ids_in(at, own_rulebook) == []


def ids_in(at: AppTest, book: Rulebook) -> list[str]:
    """Ids of more than one word that somebody could read."""
    ids = {
        *book.questions,
        *book.criteria,
        *book.options,
        *book.protocol.steps,
        *book.gates,
        *book.claims,
        "close_call",
    }
    ids |= {answer for question in book.questions.values() for answer in question.answers}
    drawn = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", unescape(words_of(at)), flags=re.S)
    labels = [one.label for kind in ("button", "expander", "pills", "selectbox") for one in at.get(kind)]
    return sorted(one for one in ids if "_" in one and re.search(rf"\b{one}\b", f"{drawn} {labels}"))


@pytest.mark.parametrize("add", [add_light, add_entries], ids=["like another", "with its own words"])
def test_where_a_number_comes_from_can_be_asked_of_an_added_option_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, add: Any
) -> None:
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(add(copy_of_data(home / "rulebook"))))
    draft_id = new_draft(core_access.store(), client())
    at = opened("why", draft_id)
    for name in ORIGINS:
        at.query_params["number"] = f"{name}.light"
        at.run()
        assert not at.exception, (name, at.exception)
        assert "Where this number comes from" in text_of(at)
