"""The tablet in a client's hands: one consultation, no way out of it, until somebody of the staff takes it back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from tests.pages.conftest import new_draft, new_tab, opened, take_back, text_of
from views.context import core_access
from views.session import new_consultation

SOME = {"concern": "texture"}


def held_to(at: AppTest) -> str | None:
    found = access.sign_in_of(core_access.store(), str(at.user["sid"]), core_access.clock().now())
    assert found is not None
    return found.held_to


def reopened(at: AppTest, page: str, draft_id: str = "", **query: str) -> AppTest:
    """Another address in the same browser, as after a reload: a new session, the same sign-in."""
    again = new_tab(at.user)
    again.query_params.update({"c": draft_id, **query} if draft_id else query)
    if page:
        again.run()
        again.switch_page(f"pages/{page}.py")
        again.query_params.update({"c": draft_id, **query} if draft_id else query)
    return again.run()


def test_a_clients_screen_hands_the_tablet_over_and_other_clients_stay_away(store: records.Store) -> None:
    mine, other = new_draft(store, SOME, "Mine 1"), new_draft(store, SOME, "Other 2")
    at = opened("you", mine)
    assert held_to(at) == mine
    for page in ("you", "options", "timeline"):
        seen = reopened(at, page, other)
        assert "Other 2" not in text_of(seen) and "Mine 1" in text_of(seen)
    assert held_to(at) == mine


@pytest.mark.parametrize("page", ["home", "treatment_mix", "people"])
def test_no_page_of_the_staff_opens_in_a_clients_hands(store: records.Store, page: str) -> None:
    at = opened("you", new_draft(store, SOME, "Mine 1"))
    new_draft(store, SOME, "Other 2")
    with pytest.raises(Exception, match="Could not find a navigation page"):
        reopened(at, page)
    first = reopened(at, "")
    assert "Mine 1" in text_of(first) and "Other 2" not in text_of(first)


def test_an_address_that_asks_for_the_staffs_view_gets_the_clients(store: records.Store) -> None:
    draft_id = new_draft(store, {"anticoagulant": "yes"})
    at = opened("safety", draft_id)
    assert "For the examiner" not in text_of(reopened(at, "safety", draft_id, face="staff"))
    take_back(at)
    assert "For the examiner" in text_of(reopened(at, "safety", draft_id, face="staff"))


def test_an_answer_meant_for_another_client_is_not_taken(store: records.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = new_draft(store, SOME), new_draft(store, SOME)
    at = opened("you", mine)
    with pytest.raises(AssertionError, match="not open"):
        _start_another(at, monkeypatch)
    at.query_params["c"] = other
    at.pills(key="tap_blood_draw_comfort").set_value("fine").run()
    found = records.load_draft(store, other)
    assert found is not None and found.answers == SOME


def _start_another(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a tap on an old home page would do."""
    from views.session import signed_in

    with monkeypatch.context() as for_now:  # undone alone: the clinic's folder stays where it is
        for_now.setattr(
            signed_in,
            "sign_in",
            lambda: access.sign_in_of(core_access.store(), str(at.user["sid"]), core_access.clock().now()),
        )
        try:
            new_consultation.start("Somebody else")
        except records.StoreProblem:
            raise AssertionError("not open") from None


def test_the_curtain_leaves_nothing_until_the_tablet_is_taken_back(store: records.Store) -> None:
    draft_id = new_draft(store, SOME, "Mine 1")
    at = opened("you", draft_id)
    at.button(key="lock").click().run()
    assert "Mine 1" not in text_of(at) and not at.pills
    for page in ("you", "options"):
        seen = reopened(at, page, draft_id)
        assert "Mine 1" not in text_of(seen) and "This screen is covered." in text_of(seen)
    take_back(at)
    assert "Mine 1" in text_of(reopened(at, "you", draft_id))


@pytest.mark.parametrize("page", ["you", "safety", "what_matters", "options", "timeline", "plan", "why"])
def test_close_stands_on_every_screen_and_draws_the_curtain(store: records.Store, page: str) -> None:
    at = opened(page, new_draft(store, SOME, "Mine 1"))
    at.button(key="close_out").click().run()
    assert "Mine 1" not in text_of(at) and "This screen is covered." in text_of(at)


def test_a_consultation_that_is_gone_says_so_and_leads_no_further(store: records.Store) -> None:
    at = opened("you", new_draft(store, SOME))
    take_back(at)
    access.hand_over(core_access.store(), str(at.user["sid"]), "gone", core_access.clock().now())
    seen = reopened(at, "you", "gone")
    assert "no longer here" in text_of(seen) and not seen.pills


def test_the_trial_hands_nothing_over(store: records.Store) -> None:
    draft_id = new_draft(store, {"anticoagulant": "yes"})
    at = opened("safety", draft_id, trial=True)
    at.button(key="face").click().run()
    assert "For the examiner" in text_of(at)
    at.button(key="face").click().run()
    assert "For the examiner" not in text_of(at)
