"""From one page to the next: what the old page still asks for does not touch the new one, and no tap is taken and lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import open_screen, step

Open = Callable[..., Page]
REMEMBER = """(() => {
    const send = WebSocket.prototype.send;
    window.said = [];
    WebSocket.prototype.send = function (data) { window.said.push([this, data]); return send.call(this, data); };
    window.say_again = () => { const [socket, data] = window.said[0]; send.call(socket, data); };
})()"""
"""Keeps what the page sends; `say_again` sends the first of it once more."""
LEAVE_AND_ANSWER = """async ([way, wait]) => {
    const radio = document.querySelector('.st-key-tap_smokes [role=radio]');
    document.querySelector(way).click();
    await new Promise(go_on => setTimeout(go_on, wait));
    radio.click();
    await new Promise(go_on => setTimeout(go_on, 0));
    return radio.isConnected && radio.getAttribute('aria-checked') === 'true';
}"""


def test_the_old_pages_last_look_at_the_sign_in_leaves_the_new_page_as_it_is(open_tablet: Open) -> None:
    """It used to clear the page, and nothing drew it again."""
    page = open_tablet("")
    page.add_init_script(REMEMBER)
    page.goto("/")
    wait_until_settled(page)
    page.locator(".st-key-code_name input").fill("Left early")
    page.evaluate("window.said = []")
    page.wait_for_function("() => window.said.length > 0")  # the look that comes every few seconds
    page.locator(".st-key-start_new button").tap()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    wait_until_settled(page)
    answered = page.locator(".st-key-tap_smokes [role=radio]").first
    answered.tap()
    expect(answered).to_have_attribute("aria-checked", "true")
    expect(page.locator(".mc-answer-smokes")).to_be_attached()
    page.evaluate("window.say_again()")
    more = page.locator(".st-key-more_age button")
    more.tap()
    expect(page.locator(".mc-answer-age")).to_be_attached()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    expect(answered).to_have_attribute("aria-checked", "true")


@pytest.mark.parametrize("way", ["a.mc-step-safety", ".st-key-main_next button"])
def test_an_answer_tapped_while_the_page_is_being_left_is_either_taken_or_not_shown_as_taken(
    open_tablet: Open, app: RunningApp, way: str
) -> None:
    draft_id = app.client("nothing", age=30)
    page = open_screen(open_tablet(""), "you", draft_id)
    for wait in (0, 30):
        shown = page.evaluate(LEAVE_AND_ANSWER, [way, wait])
        expect(page.get_by_role("heading", name="Safety questions")).to_be_visible()
        wait_until_settled(page)
        assert shown == ("smokes" in app.answers_of(draft_id))
        page.locator(".st-key-back button").tap()
        expect(page.get_by_role("heading", name="About you")).to_be_visible()
        wait_until_settled(page)
    page.locator(".st-key-tap_smokes [role=radio]").first.tap()
    app.wait_for_answer(draft_id, "smokes", "yes")


def test_two_quick_taps_on_next_lead_one_screen_on(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "what_matters", app.client())
    page.evaluate("""async () => {
        const next = document.querySelector('.st-key-main_next button');
        next.click();
        await new Promise(go_on => setTimeout(go_on, 40));
        next.click();
    }""")
    expect(page.locator(".mc-step-now.mc-step-options")).to_be_visible()
    wait_until_settled(page)
    expect(page.locator(".mc-step-now.mc-step-options")).to_be_visible()
    step(page, "timeline")
