"""A consultation on a tablet, in a real browser: taps counted, nothing lost, nothing to be read by others."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import choose, give_password

Settled = Callable[..., Page]


def start(page: Page, name: str) -> None:
    """A new consultation under a code name."""
    page.locator(".st-key-code_name input").fill(name)
    page.locator(".st-key-start_new button").tap()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()


def go(page: Page, step: str, heading: str) -> None:
    page.locator(f"a.mc-step-{step}").tap()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def tap_no(page: Page) -> int:
    """The taps of a client to whom nothing applies, on the card that is shown."""
    wait_until_settled(page)
    if page.locator(".st-key-tap_wide_skin_type").count():
        page.locator(".st-key-tap_wide_skin_type button").nth(1).tap()
        expect(page.locator(".st-key-tap_wide_skin_type [aria-checked=true]")).to_have_count(1)
        wait_until_settled(page)
        page.get_by_role("radio", name="None of").first.tap()
        return 2
    page.get_by_role("radio", name=re.compile(r"^(No|No, never|None of these|None of the others)$")).first.tap()
    return 1


def test_a_healthy_client_answers_safety_in_twenty_taps_and_three_minutes(
    tablet: Page, record_property: Callable[[str, object], None]
) -> None:
    start(tablet, "Healthy")
    go(tablet, "safety", "Safety questions")
    taps, began = 0, time.monotonic()
    while taps < 25:
        taps += tap_no(tablet)
        expect(tablet.locator(".mc-foot")).to_contain_text(f"{taps} tap")
        wait_until_settled(tablet)
        if tablet.locator(".st-key-tap_foot_last_weeks [aria-checked=true]").count():
            break
    seconds = time.monotonic() - began
    record_property("taps", taps)
    record_property("seconds", round(seconds))
    assert taps <= 20
    assert seconds < 180


def test_a_reload_and_a_restart_in_the_middle_lose_nothing(
    app: RunningApp, tablet: Page, settled: Settled, allowed: list[str]
) -> None:
    allowed += ["DoInitPings", "WebSocket", "ERR_CONNECTION", "_stcore", "Failed to load", "not responding"]
    start(tablet, "Comes back")
    choose(tablet, "Texture and fine lines")
    expect(tablet.locator(".mc-answer-concern")).to_be_attached()
    tablet.reload()
    settled(tablet)
    expect(tablet.get_by_text("Welcome back. Your answers are here.")).to_be_visible()
    choose(tablet, "Rather not")
    expect(tablet.locator(".mc-answer-blood_draw_comfort")).to_be_attached()
    app.restart()
    tablet.reload()
    settled(tablet)
    expect(tablet.get_by_role("radio", name="Rather not").first).to_have_attribute("aria-checked", "true")
    assert "texture" not in tablet.url
    assert "rather_not" not in tablet.url


def test_a_must_opens_its_strip_and_one_tap_takes_it_back(upright_tablet: Page) -> None:
    start(upright_tablet, "Must")
    choose(upright_tablet, "Rather not")
    expect(upright_tablet.locator(".mc-answer-blood_draw_comfort")).to_be_attached()
    go(upright_tablet, "what_matters", "What matters to you?")
    upright_tablet.locator(".st-key-tap_weigh_blood_draw button").nth(3).tap()
    expect(upright_tablet.locator(".st-key-sand_blood_draw")).to_contain_text("This rules out PRP + microneedling.")
    upright_tablet.locator(".st-key-soften_blood_draw button").tap()
    expect(upright_tablet.locator(".st-key-sand_blood_draw")).to_have_count(0)


def test_the_curtain_covers_the_client_and_survives_a_reload(tablet: Page, settled: Settled) -> None:
    start(tablet, "Secret name")
    tablet.locator(".st-key-lock button").tap()
    expect(tablet.get_by_text("This screen is covered.")).to_be_visible()
    expect(tablet.get_by_text("Secret name")).to_have_count(0)
    tablet.reload()
    settled(tablet)
    expect(tablet.get_by_text("Secret name")).to_have_count(0)
    tablet.locator(".st-key-bar_curtain").get_by_role("link", name="Go on").tap()
    give_password(tablet)
    expect(tablet.get_by_text("Secret name")).to_be_visible()


def test_who_works_in_a_practice_is_shown_no_invented_clients(tablet: Page) -> None:
    expect(tablet.locator(".st-key-code_name input")).to_be_visible()
    expect(tablet.locator("[class*=st-key-demo_]")).to_have_count(0)


def test_a_tap_in_the_moment_of_coming_back_is_kept(tablet: Page, app: RunningApp, allowed: list[str]) -> None:
    """The page runs by itself when its server is there again; whatever is tapped just then is on the disk soon after."""
    allowed += ["DoInitPings", "WebSocket", "ERR_CONNECTION", "_stcore", "Failed to load", "not responding"]
    page = tablet
    start(page, "Quick hand")
    page.get_by_role("radio", name="Texture and fine lines").tap()
    expect(page.locator(".mc-answer-concern")).to_be_attached()
    for wait, name in ((1, "Rather not"), (90, "Never"), (180, "A bit uneasy")):
        page.evaluate(TAP_WHEN_BACK, [wait, name])
        app.restart()
        # one of it at any moment: what moved on the page was once there twice until the run was over
        expect(page.get_by_role("radio", name=name).first).to_have_attribute("aria-checked", "true", timeout=30_000)
        expect(page.locator(".mc-answer-blood_draw_comfort")).to_contain_text(name[2:], timeout=20_000)
    page.reload()
    expect(page.get_by_role("radio", name=name).first).to_have_attribute("aria-checked", "true")


TAP_WHEN_BACK = """([wait, name]) => {
    const connected = () => document.querySelector('[data-testid="stApp"]').dataset.testConnectionState === 'CONNECTED';
    const tap = () => [...document.querySelectorAll('[role=radio]')].find(one => one.textContent.includes(name)).click();
    let lost = false;
    const look = () => {
        lost ||= !connected();
        if (lost && connected()) setTimeout(tap, wait);
        else setTimeout(look, 5);
    };
    look();
}"""
