"""One tap counts once, a lost connection shows at once, and of two tabs none writes over what it has not seen."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import RunningApp, inside, wait_until_settled
from tests.browser.desk import WHO, Desk
from tests.browser.screens import open_screen, step

Open = Callable[..., Page]
TOUCHED = "window.touched = []; addEventListener('touchstart', it => touched.push(it.timeStamp), true)"
HOLD_MILLISECONDS = 500


def twice(page: Page, what: Locator, gap: int) -> float:
    """Two taps of a finger on the same place; says how many milliseconds lay between them, as the page saw it."""
    page.wait_for_function("() => !document.documentElement.classList.contains('medspa-unread')")
    what.evaluate(
        "button => button.scrollIntoView({block: 'center', behavior: 'instant'})"
    )  # a finger finds it by itself
    box = what.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    page.evaluate(TOUCHED)
    with inside(page) as touch:
        for wait in (gap, 0):
            touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            page.wait_for_timeout(wait)
    first, second = page.evaluate("touched")
    return float(second - first)


def blood(page: Page, answer: str) -> Locator:
    """An answer to how a blood draw feels."""
    return page.locator("[class*=st-key-tap_][class*=blood_draw_comfort]").get_by_role("radio", name=answer, exact=True)


def expect_beside(page: Page, words: str, tapped: Locator, role: str = "alert") -> None:
    """What a tap led to is told, seen, no more than a hand's breadth from what was tapped, and in a place of its own: it covers
    nothing."""
    told = page.locator(".mc-told-here")
    expect(told).to_contain_text(words)
    expect(told).to_be_in_viewport(ratio=1)
    assert told.get_attribute("role") == role
    assert told.evaluate("one => getComputedStyle(one).position") == "static"
    one, other = told.bounding_box(), tapped.bounding_box()
    assert one is not None and other is not None
    assert max(other["y"] - one["y"] - one["height"], one["y"] - other["y"] - other["height"]) < 160


def without_looks(tablet: WebSocketRoute) -> None:
    """A tab that has not looked yet."""
    server = tablet.connect_to_server()

    def send(message: str | bytes) -> None:
        told = BackMsg.FromString(message) if isinstance(message, bytes) else BackMsg()
        if not told.rerun_script.is_auto_rerun:
            server.send(message)

    tablet.on_message(send)
    server.on_message(tablet.send)


@pytest.mark.parametrize("gap", [100, 200, 300, 400])
def test_the_second_tap_of_a_double_tap_answers_no_question_that_nobody_has_read(
    open_tablet: Open, app: RunningApp, gap: int
) -> None:
    """On a busy machine the two come later than asked: then they may be two taps."""
    draft_id = app.client("nothing", age=44)
    page = open_screen(open_tablet(""), "safety", draft_id)
    between = twice(page, page.locator(".st-key-card_safety_first [role=radio]:visible").first, gap)
    wait_until_settled(page)
    app.wait_for_answer(draft_id, "pregnant", "no")
    if between < HOLD_MILLISECONDS:
        expect(page.locator(".mc-single:visible")).to_contain_text("cancer")
        assert "cancer" not in app.answers_of(draft_id)


def test_a_tap_that_a_busy_page_hears_late_is_still_the_second_of_a_double_tap(
    open_tablet: Open, app: RunningApp
) -> None:
    """The page does nothing else from 300 to 900 ms after the first tap; the second comes at 400 ms and is heard after that. So
    is that the finger was lifted again: it is when the finger came down that counts."""
    draft_id = app.client("nothing")
    page = open_screen(open_tablet(""), "you", draft_id)
    answer = page.get_by_role("radio", name="Texture and fine lines")
    busy = "() => { const end = performance.now() + 600; while (performance.now() < end); }"
    page.evaluate(f"addEventListener('click', () => setTimeout({busy}, 300), {{capture: true, once: true}})")
    if twice(page, answer, 400) >= HOLD_MILLISECONDS:
        return  # on a busy machine the two come later than asked: then they are two taps
    app.wait_for_answer(draft_id, "concern", "texture")
    wait_until_settled(page)
    expect(answer).to_have_attribute("aria-checked", "true")
    assert app.answers_of(draft_id)["concern"] == "texture"


def test_a_tap_six_tenths_of_a_second_later_counts(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client("nothing", age=44)
    page = open_screen(open_tablet(""), "safety", draft_id)
    twice(page, page.locator(".st-key-card_safety_first [role=radio]:visible").first, 600)
    app.wait_for_answer(draft_id, "cancer", "none")


def test_a_double_tap_on_next_opens_one_screen(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "you", app.client())
    twice(page, page.locator(".st-key-main_next button"), 250)
    expect(page.locator(".mc-step-now.mc-step-safety")).to_be_visible()
    wait_until_settled(page)
    expect(page.locator(".mc-step-now.mc-step-safety")).to_be_visible()


@pytest.mark.parametrize("gap", [30, 150, 350])
def test_a_double_tap_on_start_makes_one_consultation(open_tablet: Open, app: RunningApp, gap: int) -> None:
    page = open_tablet("/")
    name = f"Twice {gap}"
    page.locator(".st-key-code_name input").fill(name)
    twice(page, page.locator(".st-key-start_new button"), gap)
    expect(page.locator(".mc-step-now.mc-step-you")).to_be_visible()
    wait_until_settled(page)
    assert sum(line.code_name == name for line in app.drafts()) == 1


def test_a_page_says_at_once_that_it_is_not_connected_and_no_answer_is_lost(
    open_tablet: Open, app: RunningApp, allowed: list[str]
) -> None:
    allowed += [
        "DoInitPings",
        "WebSocket",
        "ERR_CONNECTION",
        "ERR_INTERNET",
        "_stcore",
        "Failed to load",
        "not responding",
    ]
    draft_id = app.client()
    page = open_screen(open_tablet(""), "you", draft_id)
    away, saved = page.locator(".mc-away"), page.locator(".mc-saved:not(.mc-away)")
    expect(away).to_be_hidden()
    blood(page, "Never").tap()
    app.stop(signal.SIGKILL)
    expect(away).to_have_text("Not connected. Your last answer waits.", timeout=2_000)
    expect(away).to_be_visible(timeout=2_000)
    expect(saved).to_be_hidden()
    app.start()
    expect(saved).to_be_visible(timeout=90_000)
    expect(away).to_be_hidden()
    app.wait_for_answer(draft_id, "blood_draw_comfort", "never")


def test_another_tab_learns_of_an_answer_by_itself(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client(age=40)
    one = open_screen(open_tablet(""), "you", draft_id)
    other = open_screen(one.context.new_page(), "you", draft_id)
    one.locator(".st-key-more_age button").tap()
    expect(other.locator(".st-key-field_age input")).to_have_value("41 years")
    expect(other.locator(".mc-answer-age")).to_contain_text("41")


def test_what_was_answered_in_another_tab_is_not_written_over_unseen(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client(blood_draw_comfort="fine")
    one = open_tablet("")
    one.route_web_socket(re.compile("_stcore/stream"), without_looks)
    open_screen(one, "you", draft_id)
    with app.store() as store:
        app.save(store, draft_id, blood_draw_comfort="never")
    blood(one, "A bit uneasy").tap()
    expect(blood(one, "Never")).to_have_attribute("aria-checked", "true")
    assert app.answers_of(draft_id)["blood_draw_comfort"] == "never"
    expect_beside(one, "changed on another screen", blood(one, "A bit uneasy"))
    said = app.answers_of
    while (
        said(draft_id).get("blood_draw_comfort") != "uneasy"
    ):  # for a second a tap may be the browser's echo of the first
        if blood(one, "A bit uneasy").get_attribute("aria-checked") == "false":
            blood(one, "A bit uneasy").tap()
        wait_until_settled(one)


def test_of_two_tabs_the_second_learns_of_another_answer_before_its_own_tap_counts(
    open_tablet: Open, app: RunningApp
) -> None:
    draft_id = app.client(age=40, blood_draw_comfort="fine")
    one = open_screen(open_tablet(""), "you", draft_id)
    other = one.context.new_page()
    other.route_web_socket(re.compile("_stcore/stream"), without_looks)
    open_screen(other, "you", draft_id)
    one.locator(".st-key-more_age button").tap()
    app.wait_for_answer(draft_id, "age", 41)
    blood(other, "Never").tap()
    expect_beside(other, "so your tap did not count", blood(other, "Never"))
    expect(other.locator(".st-key-field_age input")).to_have_value("41 years")
    expect(blood(other, "Fine")).to_have_attribute("aria-checked", "true")
    assert app.answers_of(draft_id)["blood_draw_comfort"] == "fine"
    wait_until_settled(other)
    other.locator(".st-key-more_age button").tap()
    expect(other.locator(".st-key-field_age input")).to_have_value("42 years")
    expect(other.locator(".mc-told-here")).to_have_count(0)
    assert app.answers_of(draft_id)["age"] == 42


def test_a_page_opened_by_its_own_address_asks_for_nothing_that_is_not_there(
    open_tablet: Open, app: RunningApp
) -> None:
    page, missing = open_tablet(""), []
    page.on("response", lambda told: missing.append(told.url) if told.status == 404 else None)
    open_screen(page, "you", app.client())
    step(page, "safety")
    page.reload()
    wait_until_settled(page)
    assert missing == []


def test_an_address_of_the_staff_leads_a_client_back_to_their_own_screen(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client()
    page = open_screen(open_tablet(""), "safety", draft_id)
    for name in ("clients", "audit", "review"):
        page.goto(f"/{name}")
        expect(page.locator(".mc-step-now.mc-step-you")).to_be_visible()
        wait_until_settled(page)
        expect(page.get_by_text("Page not found")).to_have_count(0)


def test_an_address_that_is_not_open_to_somebody_says_so(open_tablet: Open, app: RunningApp) -> None:
    page = open_tablet("", who="ana")
    page.goto("/approval")
    expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
    wait_until_settled(page)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_a_page_stays_light_where_the_browser_asks_for_dark(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet("", color_scheme="dark"), "you", app.client())
    seen = page.evaluate(
        """() => [getComputedStyle(document.documentElement).colorScheme,
            getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor]"""
    )
    assert seen == ["light only", "rgb(243, 246, 245)"]
    page.context.clear_cookies()
    page.goto("/signin")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light only"


def test_where_colours_are_forced_what_is_chosen_and_the_chart_can_be_told(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet("", forced_colors="active", color_scheme="dark"), "you", app.client())
    background = "one => getComputedStyle(one).backgroundColor"
    chosen, other = blood(page, "Rather not"), blood(page, "Fine")
    assert chosen.evaluate(background) != other.evaluate(background)
    tick = "one => getComputedStyle(one, '::before').backgroundColor"
    assert chosen.evaluate(tick) != chosen.evaluate(background), "the tick is seen"
    canvas = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert page.locator(".mc-saved .mc-icon").first.evaluate(background) != canvas
    step(page, "timeline")
    assert page.locator(".tl-card:visible").evaluate(background) == "rgb(255, 255, 255)"
    assert (
        page.locator(".tl-card:visible svg text").first.evaluate("one => getComputedStyle(one).fill")
        != "rgb(255, 255, 255)"
    )


@pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
def test_what_a_tap_led_to_is_said_beside_what_was_tapped(
    open_tablet: Open, practice: RunningApp, desk: Desk, portrait: bool
) -> None:
    page = open_screen(open_tablet("", url=practice.url, who=WHO, portrait=portrait), "store")
    button = page.locator(".st-key-make_backup button")
    button.scroll_into_view_if_needed()
    button.tap()
    expect_beside(page, "Made and proven", button, "status")


@pytest.mark.parametrize("gap", [150, 300, 450])
def test_the_second_tap_of_a_double_tap_takes_no_answer_back(open_tablet: Open, app: RunningApp, gap: int) -> None:
    draft_id = app.client("nothing")
    page = open_screen(open_tablet(""), "you", draft_id)
    answer = page.get_by_role("radio", name="Texture and fine lines")
    if twice(page, answer, gap) >= HOLD_MILLISECONDS:
        return  # on a busy machine the two come later than asked: then they are two taps
    app.wait_for_answer(draft_id, "concern", "texture")
    wait_until_settled(page)
    expect(answer).to_have_attribute("aria-checked", "true")
    assert app.answers_of(draft_id)["concern"] == "texture"
    answer.tap()  # a tap by itself still takes it back
    app.wait_for_answer(draft_id, "concern", None)
