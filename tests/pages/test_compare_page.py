"""Compare without a browser: each concern and basis, dates, who may begin a consultation with it, and what that carries."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, offer, records
from medspa_core.access import Role
from tests.pages.conftest import new_draft, program, text_of, told
from views.context import core_access, environment
from views.context.words import date_shape
from views.result.compared import WHOSE
from views.staff.compare import picks

CONCERNS = ("texture", "acne_scars", "hair_thinning", "pigment")
CHARTS = ("compare_time", "compare_visit", "compare_cost")


def page(*roles: Role, trial: bool = False, **address: str) -> AppTest:
    at = program(*roles, trial=trial)
    at.switch_page("pages/compare.py")
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def typed(days_ahead: int) -> str:
    return f"{environment.today() + timedelta(days_ahead):%m/%d/%Y}"


def keys(at: AppTest) -> set[str]:
    return {str(one.key) for one in at.button}


@pytest.mark.parametrize(("concern", "basis"), list(itertools.product(CONCERNS, WHOSE)))
def test_each_concern_on_each_basis_has_three_charts_and_three_tables(
    store: records.Store, concern: str, basis: str
) -> None:
    at = page()
    at.selectbox(key="concern").set_value(concern)
    at.segmented_control(key="basis").set_value(basis).run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 3
    text = text_of(at)
    assert all(f"mc-fold-{chart}" in text for chart in CHARTS)
    assert ("our plan, not counted" in text) is (basis != "clinic")
    assert "No study compared numbers of visits" in text or "no study compared numbers of visits" in text
    assert core_access.rulebook().questions["concern"].said.studied[concern].text in text  # type: ignore[union-attr]


def test_it_recommends_nothing_checks_nothing_and_says_so(store: records.Store) -> None:
    text = text_of(page())
    assert "No advice and no safety check on this page." in text
    assert "Not FDA approved for any use" in text and "Off-label on skin and scalp" in text
    assert "fits" not in text and "point to" not in text


def test_prices_that_nobody_entered_are_said_to_be_perhaps_examples_and_entered_ones_are_not(
    store: records.Store,
) -> None:
    at = page(Role.MEDICAL_DIRECTOR)
    assert "may be examples" in text_of(at)
    found, book = access.sign_in_of(store, str(at.user["sid"]), core_access.now()), core_access.rulebook()
    assert found is not None
    offer.set_offer(store, found.person, offer.offer_in(book), 0, book, core_access.now(), "0" * 32)
    assert "may be examples" not in text_of(at.run())


def test_an_option_that_is_not_open_here_is_still_shown_and_said_to_be(store: records.Store, home: Path) -> None:
    (home / "home" / "clinic.toml").write_text('place = "ca"\n[exosome_product]\nsource = "plant"\n', "utf-8")
    at = page()
    assert "Exosomes: not open here now, because of the rules here." in text_of(at)
    assert len(at.get("plotly_chart")) == 3


def test_without_a_date_there_is_nothing_about_one(store: records.Store) -> None:
    at = page()
    assert at.text_input(key="my_date").value == ""
    assert at.text_input(key="my_date").placeholder == date_shape("month_first")
    assert "comes before the first day" not in text_of(at)


def test_a_date_before_the_first_day_is_said_to_be_and_the_page_goes_on(store: records.Store) -> None:
    at = page()
    at.text_input(key="first_day").set_value(typed(60))
    at.text_input(key="my_date").set_value(typed(20)).run()
    assert not at.exception and len(at.get("plotly_chart")) == 3
    assert "comes before the first day" in text_of(at)


@pytest.mark.parametrize("text", ["31/31/2027", "tomorrow", "01/01/1999", "<b>x</b>"])
def test_what_is_no_date_is_refused_below_its_field_and_today_stands_in(store: records.Store, text: str) -> None:
    at = page()
    at.text_input(key="first_day").set_value(text)
    at.text_input(key="my_date").set_value(text).run()
    assert not at.exception and len(at.get("plotly_chart")) == 3
    assert text_of(at).count("mc-refused") == 2


def test_an_address_opens_the_page_with_what_it_names(store: records.Store) -> None:
    """That a tap puts it into the address is the browser's part: tests/browser/test_compare.py."""
    at = page(concern="Uneven skin colour", basis="Our clinic", my_date=typed(90))
    assert at.selectbox(key="concern").value == "pigment"
    assert at.segmented_control(key="basis").value == "clinic"
    assert at.text_input(key="my_date").value == typed(90)


def test_an_address_that_names_what_is_not_there_opens_the_page_as_it_is_at_first(store: records.Store) -> None:
    at = page(concern="warts", basis="mine", first_day="soon")
    assert at.selectbox(key="concern").value == "texture"
    assert at.segmented_control(key="basis").value == "considered"


@pytest.mark.parametrize("with_date", [True, False])
def test_one_tap_begins_a_consultation_with_what_was_picked_and_nothing_else(
    store: records.Store, with_date: bool
) -> None:
    at = page(Role.AESTHETICIAN)
    at.selectbox(key="concern").set_value("hair_thinning")
    at.text_input(key="first_day").set_value(typed(30))
    if with_date:
        at.text_input(key="my_date").set_value(typed(120))
    at.run()
    at.button(key="main_next_here").click().run()
    assert not at.exception
    (line,) = records.list_drafts(store)
    draft = records.load_draft(store, line.id)
    today = environment.today()
    event = {"event_date": str(today + timedelta(120))} if with_date else {}
    assert draft is not None
    assert draft.answers == {"concern": "hair_thinning", "planned_start": str(today + timedelta(30)), **event}
    assert set(draft.how_asked.values()) == {picks.PICKED_ON_COMPARE} and draft.demo_of is None
    assert at.query_params["c"] == line.id and "About you" in text_of(at)


def test_what_was_picked_right_before_the_tap_goes_along(store: records.Store) -> None:
    """Both arrive in one run: the page was not drawn again in between."""
    at = page(Role.AESTHETICIAN)
    at.selectbox(key="concern").set_value("pigment")
    at.text_input(key="my_date").set_value(typed(120))
    at.button(key="main_next_here").click().run()
    (line,) = records.list_drafts(store)
    draft = records.load_draft(store, line.id)
    today = environment.today()
    assert draft is not None and draft.answers == {
        "concern": "pigment", "planned_start": str(today), "event_date": str(today + timedelta(120)),
    }  # fmt: skip


def test_a_consultation_that_cannot_be_kept_is_told_and_the_page_stays(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = page(Role.AESTHETICIAN)

    def full(*given: object, **named: object) -> str:
        raise records.StoreFull("The disk is full.")

    monkeypatch.setattr(picks.new_consultation, "start", full)
    at.button(key="main_next_here").click().run()
    assert not at.exception and records.list_drafts(store) == []
    assert any(role == "alert" and "The disk is full." in words for role, words in told(at))
    assert len(at.get("plotly_chart")) == 3


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_who_may_not_begin_a_consultation_sees_the_page_and_no_button_for_it(store: records.Store, role: Role) -> None:
    new_draft(store, {"concern": "texture"}, "Marigold 7")
    at = page(role)
    assert len(at.get("plotly_chart")) == 3
    assert "main_next_here" not in keys(at) and "Marigold" not in text_of(at)
    assert "No advice and no safety check" in text_of(at)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AESTHETICIAN])
def test_each_difference_opens_its_claim_or_its_number_and_the_way_back_keeps_what_was_picked(
    store: records.Store, role: Role
) -> None:
    at = page(role)
    at.selectbox(key="concern").set_value("pigment").run()
    why = sorted(key for key in keys(at) if key.startswith("why_"))
    assert why == ["why_draw", "why_made_of", "why_minutes", "why_plan", "why_price"]
    opens = {"why_draw": "claim-1", "why_made_of": "claim-16", "why_minutes": "claim-1", "why_plan": "claim-3"}
    for key in why:
        at.button(key=key).click().run()
        assert not at.exception, key
        text = text_of(at)
        assert (
            text.index(f'id="{opens[key]}"') < text.index('id="claim-2"')
            if key in opens
            else "Price of one visit" in text
        )
        assert "Back to Compare" in {one.label for one in at.button}
        at.button(key="back").click().run()
        assert not at.exception and len(at.get("plotly_chart")) == 3
        assert at.selectbox(key="concern").value == "pigment"


def test_a_manager_reads_the_claims_and_no_consultation_beside_them(store: records.Store) -> None:
    draft_id = new_draft(store, {"concern": "texture"}, "Marigold 7")
    at = program(Role.MANAGER)
    at.switch_page("pages/why.py")
    at.query_params["c"] = draft_id
    at.run()
    assert not at.exception
    assert 'id="claim-1"' in text_of(at) and "Marigold" not in text_of(at)


def test_the_trial_has_the_page_and_its_button(store: records.Store) -> None:
    assert "main_next_here" in keys(page(trial=True))
