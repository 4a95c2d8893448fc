"""One question at a time: the next is there at the tap, nobody answers it by accident, and nothing is answered twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import open_screen

Open = Callable[..., Page]
ASKED = ".mc-single:visible"
AT_ONCE = """() => {
    const seen = one => one.offsetHeight > 0;
    [...document.querySelectorAll('.st-key-card_safety_first [role=radio]')].filter(seen)
        .find(one => /^No(,|$)/.test(one.textContent.trim())).click();
    return new Promise(done => requestAnimationFrame(() => done(
        [...document.querySelectorAll('.mc-single')].filter(seen).map(one => one.textContent))));
}"""
"""Answers *No* and tells which questions are seen in the next frame."""
UNDER_THE_FINGER = """() => {
    const answers = [...document.querySelectorAll('.st-key-card_safety_first [role=radio]')];
    const box = answers.filter(one => one.offsetHeight)[1].getBoundingClientRect();
    return !!document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest('[role=radio]');
}"""
"""Whether an answer would be hit by a finger on the second of those that are seen."""


def test_the_next_question_is_there_at_the_tap_and_stays(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client("nothing", age=44)
    page = open_screen(open_tablet(""), "safety", draft_id)
    expect(page.locator(ASKED)).to_have_text(["Are you pregnant or breastfeeding?"])
    for question, answered, taps in (("cancer", "breastfeeding", 1), ("autoimmune", "cancer", 2)):
        (seen,) = page.evaluate(AT_ONCE)
        assert question in seen
        expect(page.locator(".mc-foot")).to_contain_text(f"{taps} tap")
        wait_until_settled(page)
        expect(page.locator(ASKED)).to_have_text([seen])
        assert app.answers_of(draft_id)[answered] in ("no", "none")


def test_the_second_tap_of_a_double_tap_answers_nothing(open_tablet: Open, app: RunningApp) -> None:
    """What lies under the finger when the next question has just appeared takes no tap; a moment later it does."""
    page = open_screen(open_tablet(""), "safety", app.client("nothing", age=44))
    assert page.evaluate(f"async () => {{ await ({AT_ONCE})(); return ({UNDER_THE_FINGER})(); }}") is False
    page.wait_for_function(UNDER_THE_FINGER)
    expect(page.locator(ASKED)).to_contain_text("cancer")


def test_an_answer_to_the_next_question_counts_before_the_server_has_said_that_it_is_there(
    open_tablet: Open, app: RunningApp
) -> None:
    draft_id = app.client("nothing", age=44)
    page = open_screen(open_tablet(""), "safety", draft_id)
    page.evaluate(f"async () => {{ await ({AT_ONCE})(); await ({AT_ONCE})(); }}")
    expect(page.locator(".mc-foot")).to_contain_text("2 taps")
    wait_until_settled(page)
    assert app.answers_of(draft_id) == {"age": 44, "pregnant": "no", "breastfeeding": "no", "cancer": "none"}
    expect(page.locator(ASKED)).to_contain_text("autoimmune")


def test_going_back_over_single_questions_keeps_and_shows_their_answers(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client("nothing", age=44, pregnant="no", breastfeeding="no", cancer="none")
    kept = app.answers_of(draft_id)
    page = open_screen(open_tablet(""), "safety", draft_id)
    expect(page.locator(ASKED)).to_contain_text("autoimmune")
    for question, chosen in (("cancer", "No, never"), ("pregnant", "No")):
        page.get_by_role("button", name="Back").tap()
        expect(page.locator(ASKED)).to_contain_text(question)
        wait_until_settled(page)
        expect(page.get_by_role("radio", name=chosen, exact=True)).to_have_attribute("aria-checked", "true")
    page.get_by_role("radio", name="No", exact=True).tap()  # taken back
    expect(page.get_by_role("radio", name="No", exact=True)).to_have_attribute("aria-checked", "false")
    wait_until_settled(page)
    expect(page.locator(ASKED)).to_contain_text("pregnant")
    app.wait_for_answer(draft_id, "pregnant", None)
    assert app.answers_of(draft_id) == {
        name: answer for name, answer in kept.items() if name not in ("pregnant", "breastfeeding")
    }


@pytest.mark.parametrize("answered", [1, 2])
def test_start_again_and_its_undo_show_the_question_that_is_asked(
    open_tablet: Open, app: RunningApp, answered: int
) -> None:
    """An odd number of answers and an even one: the questions take turns in two places."""
    page = open_screen(open_tablet(""), "safety", app.client("nothing", age=44))
    for _ in range(answered):
        page.get_by_role("radio", name=re.compile("^No(,|$)")).locator("visible=true").tap()
        page.wait_for_function(UNDER_THE_FINGER)
    _begins_again(page)
    page.reload()  # the session knows no longer which card was gone to
    wait_until_settled(page)
    page.locator(".st-key-undo button").tap()
    expect(page.locator(ASKED)).to_contain_text("cancer" if answered == 1 else "autoimmune")
    _begins_again(page)
    page.locator(".st-key-undo button").tap()
    expect(page.locator(ASKED)).to_contain_text("cancer" if answered == 1 else "autoimmune")


def _begins_again(page: Page) -> None:
    page.locator(".st-key-again button").tap()
    page.locator(".st-key-again_yes button").tap()
    expect(page.locator(ASKED)).to_have_text(["Are you pregnant or breastfeeding?"])
    wait_until_settled(page)
