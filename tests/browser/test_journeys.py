"""Whole journeys on a tablet: from the first tap to the timeline, and what may come between."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, inside, wait_until_settled
from tests.browser.forwarder import Cable
from tests.browser.screens import open_screen, show_chart, show_part, step, take_back, tap

Opener = Callable[..., Page]
Settled = Callable[..., Page]
BOTH_WAYS = pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
AFTER_A_CUT = [
    "WebSocket",
    "ERR_CONNECTION",
    "ERR_EMPTY",
    "ERR_INTERNET",
    "ERR_SOCKET",
    "_stcore",
    "Failed to load",
    "not responding",
]
CHARTS = [("", "calendar"), ("One visit", "visit"), ("Cost over time", "cost")]
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil/x.png) **b**"
LONG = "Maximiliana-Theodora of the Very Long Code Name, the second"
TOO_WIDE = """() => Math.max(...[document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .map(one => one.scrollWidth - one.clientWidth))"""
SCROLLED = "() => document.querySelector('[data-testid=\"stMain\"]').scrollTop"
SCROLLED_ENOUGH = f"before => Math.abs(({SCROLLED})() - before) > 60"
IN_SIGHT = "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
AS_FAR_AS_IT_GOES = "e => e.scrollIntoView({block: 'center'})"


def start(page: Page, name: str) -> str:
    """A new consultation under a code name; its id."""
    page.locator(".st-key-code_name input").fill(name)
    page.locator(".st-key-start_new button").tap()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    expect(page).to_have_url(re.compile("c="))
    wait_until_settled(page)
    return page.url.partition("c=")[2]


def answer(page: Page, name: str, chip: str) -> None:
    """One tap on an answer, until it is among the answers kept."""
    page.get_by_role("radio", name=name, exact=True).first.tap()
    expect(page.locator(f".mc-answer-{chip}")).to_be_attached()
    wait_until_settled(page)


@BOTH_WAYS
def test_a_client_comes_from_the_first_tap_to_the_timeline(
    open_tablet: Opener, app: RunningApp, portrait: bool
) -> None:
    page = open_tablet(portrait=portrait)
    draft_id = start(page, "First to last")
    answer(page, "Texture and fine lines", "concern")
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-answer-age")).to_be_attached()
    answer(page, "Rather not", "blood_draw_comfort")
    page.locator(".st-key-main_next button").tap()
    expect(page.get_by_role("heading", name="Safety questions")).to_be_visible()
    for _ in range(2):
        wait_until_settled(page)
        asked = page.locator(".mc-single:visible").inner_text()
        page.locator(".st-key-main_next_here button").tap()
        expect(page.locator(".mc-single:visible")).not_to_have_text(asked)
    step(page, "what_matters")
    page.get_by_text("More", exact=True).tap()
    page.locator(".st-key-tap_weigh_cost button").nth(2).tap()
    expect(page.locator(".mc-answer-importance")).to_be_attached()
    page.locator(".st-key-main_next button").tap()
    expect(page.locator(".rc-card")).to_have_count(4)
    page.locator(".st-key-main_next button").tap()
    expect(page.get_by_role("heading", name="Your timeline")).to_be_visible()
    expect(page.locator("svg[role=img]:visible")).to_have_count(1)
    for words, chart in CHARTS[1:]:
        show_chart(page, words, chart)
        expect(page.locator("svg[role=img]:visible")).to_have_count(1)
    kept = app.answers_of(draft_id)
    assert kept["concern"] == "texture"
    assert kept["blood_draw_comfort"] == "rather_not"
    assert kept["importance"] == {"cost": "lot"}


@pytest.fixture
def cable(app: RunningApp) -> Iterator[Cable]:
    joined = Cable(app.port)
    yield joined
    joined.close()


def test_ten_seconds_without_a_network_lose_no_tap(
    open_tablet: Opener, app: RunningApp, cable: Cable, allowed: list[str]
) -> None:
    """What was acknowledged before stays; the page is back by itself, and the next tap is kept."""
    allowed += AFTER_A_CUT
    page = open_tablet(url=cable.url)
    draft_id = start(page, "Cut off")
    answer(page, "Texture and fine lines", "concern")
    page.context.set_offline(True)
    cable.cut()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'"
    )
    time.sleep(10)  # the cut itself: this is what is tested
    page.context.set_offline(False)
    cable.join()
    wait_until_settled(page)
    expect(page.locator(".mc-answer-concern")).to_be_attached()
    answer(page, "Rather not", "blood_draw_comfort")
    assert app.answers_of(draft_id) == {"concern": "texture", "blood_draw_comfort": "rather_not"}


def test_a_server_that_is_killed_and_started_again_loses_nothing_and_the_page_says_it_is_back(
    open_tablet: Opener, app: RunningApp, allowed: list[str]
) -> None:
    """Nobody reloads the page: it connects again by itself, says that it is back, and keeps the next tap."""
    allowed += AFTER_A_CUT
    page = open_tablet()
    draft_id = start(page, "Power cut")
    answer(page, "Texture and fine lines", "concern")
    answer(page, "Rather not", "blood_draw_comfort")
    kept = app.answers_of(draft_id)
    app.restart()
    expect(page.get_by_text("Welcome back. Your answers are here.")).to_be_visible(timeout=60_000)
    wait_until_settled(page)
    expect(page.locator(".mc-answer-blood_draw_comfort")).to_be_attached()
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-answer-age")).to_be_attached()
    expect(page.get_by_role("radio", name="Rather not").first).to_have_attribute("aria-checked", "true")
    assert kept == {"concern": "texture", "blood_draw_comfort": "rather_not"}
    assert kept.items() < app.answers_of(draft_id).items()
    assert "age" in app.answers_of(draft_id)


def test_the_back_button_goes_one_screen_back_with_the_answers(
    open_tablet: Opener, app: RunningApp, settled: Settled
) -> None:
    page = open_screen(open_tablet(""), "you", app.client())
    step(page, "safety")
    step(page, "options")
    page.go_back()
    expect(page.get_by_role("heading", name="Safety questions")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    settled(page)
    expect(page.locator(".mc-answer-concern")).to_be_attached()
    page.go_forward()
    expect(page.get_by_role("heading", name="Safety questions")).to_be_visible()


def test_two_tablets_answer_two_clients_and_never_mix(open_tablet: Opener, app: RunningApp) -> None:
    one, other = open_tablet(), open_tablet(portrait=True)
    first, second = start(one, "Client one"), start(other, "Client two")
    assert first != second
    answer(one, "Texture and fine lines", "concern")
    answer(other, "Thinning hair", "concern")
    answer(one, "Rather not", "blood_draw_comfort")
    answer(other, "Fine", "blood_draw_comfort")
    assert app.answers_of(first) == {"concern": "texture", "blood_draw_comfort": "rather_not"}
    assert app.answers_of(second) == {"concern": "hair_thinning", "blood_draw_comfort": "fine"}
    expect(one.get_by_text("Client two")).to_have_count(0)
    expect(other.get_by_text("Client one")).to_have_count(0)


# A field of words has its ring round the whole of it.
RINGED = """e => [e, e.closest('[data-testid=stTextInputRootElement]')].some(
    one => one && getComputedStyle(one).outlineStyle !== 'none')"""


def press_until(page: Page, key: str, selector: str, most: int = 60) -> int:
    """Presses a key until the focus is on `selector`; how often it took. Whatever has the focus must show it."""
    for number in range(1, most + 1):
        page.keyboard.press(key)
        at = page.locator(":focus")
        if at.count() and at.evaluate("(e, s) => e.matches(s)", selector):
            assert at.evaluate(RINGED), f"no focus ring on {selector}"
            return number
    pytest.fail(f"{most} times {key} did not reach {selector}")


def test_you_and_options_can_be_used_with_a_keyboard_alone(open_tablet: Opener, settled: Settled) -> None:
    page = open_tablet()
    press_until(page, "Tab", ".st-key-code_name input")
    page.keyboard.type("Keys only")
    press_until(page, "Tab", ".st-key-start_new button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    settled(page)
    press_until(page, "Tab", "[class*='st-key-tap_'][class*='concern'] [role=radio]")
    page.keyboard.press("Space")
    expect(page.locator(".mc-answer-concern")).to_be_attached()
    settled(page)
    press_until(page, "Tab", ".st-key-more_age button")
    page.keyboard.press("Enter")
    expect(page.locator(".mc-answer-age")).to_be_attached()
    settled(page)
    press_until(page, "Shift+Tab", "a.mc-step-options")
    page.keyboard.press("Enter")
    expect(page.locator(".rc-card")).to_have_count(4)
    settled(page)
    press_until(page, "Tab", "a.rc-cell", 40)
    press_until(page, "Tab", ".st-key-points_button button", 60)
    page.keyboard.press("Space")
    expect(page.locator(".rc-good").first).to_be_visible()
    settled(page)
    press_until(page, "Tab", "[class*='st-key-tap_wide_choice'] [role=radio]", 60)
    page.keyboard.press("Space")
    expect(page.locator("[class*='st-key-tap_wide_choice'] [aria-checked=true]")).to_have_count(1)


@pytest.mark.parametrize("name", ["you", "options", "timeline"])
def test_a_browser_that_asks_for_dark_gets_the_same_page(open_tablet: Opener, app: RunningApp, name: str) -> None:
    draft_id = app.client()
    pictures = []
    for scheme in ("light", "dark"):
        page = open_tablet(color_scheme=scheme, device_scale_factor=1, settle=False)
        open_screen(page, name, draft_id)
        page.evaluate("document.fonts.ready")
        page.add_style_tag(content=".mc-note { visibility: hidden }")
        pictures.append(Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("L"))
    unlike = ImageChops.difference(*pictures).point(lambda value: 255 * (value > 12))
    assert sum(unlike.histogram()[255:]) < 100, "some of the page follows the browser's wish for dark"


OUT_OF_CARDS = """() => [...document.querySelectorAll('.rc-card')].flatMap(card => {
    const words = document.createTreeWalker(card, NodeFilter.SHOW_TEXT), edge = card.getBoundingClientRect().right, found = [];
    const range = document.createRange();
    while (words.nextNode()) {
        range.selectNodeContents(words.currentNode);
        if ([...range.getClientRects()].some(box => box.width > 1 && box.right > edge)) found.push(words.currentNode.data);
    }
    return found;
})"""
SIZES = {
    "zoomed to 200%": {"viewport": {"width": 512, "height": 384}, "device_scale_factor": 4},
    "zoomed to 200%, upright": {"viewport": {"width": 384, "height": 512}, "device_scale_factor": 4},
    "1366 x 1024": {"viewport": {"width": 1366, "height": 1024}, "device_scale_factor": 1},
    "1440 x 900": {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1},
}


@pytest.mark.parametrize("size", SIZES)
def test_no_screen_scrolls_sideways_at_other_sizes(open_tablet: Opener, app: RunningApp, size: str) -> None:
    page = open_tablet(**SIZES[size])
    wide = {"home": page.evaluate(TOO_WIDE)}
    open_screen(page, "you", app.client())
    wide["you"] = page.evaluate(TOO_WIDE)
    for name in ("safety", "what_matters", "options", "timeline"):
        step(page, name)
        wide[name] = page.evaluate(TOO_WIDE)
        assert page.evaluate(OUT_OF_CARDS) == []
    for words, chart in CHARTS[1:]:
        show_chart(page, words, chart)
        wide[chart] = page.evaluate(TOO_WIDE)
    step(page, "options")
    tap(page, "why_button", ".st-key-card_filters")
    wide["why"] = page.evaluate(TOO_WIDE)
    assert {name: px for name, px in wide.items() if px > 0} == {}


SMALLEST_WORD = """() => Math.min(...[...document.querySelectorAll('svg[role=img] text')]
    .filter(word => word.checkVisibility())
    .map(word => parseFloat(getComputedStyle(word).fontSize) * word.getScreenCTM().a))"""


def test_zoomed_to_200_percent_the_words_of_a_chart_grow_too_and_it_moves_in_its_card_by_keys(
    open_tablet: Opener, app: RunningApp
) -> None:
    page = open_screen(open_tablet("", **SIZES["zoomed to 200%, upright"]), "timeline", app.client())
    for words, name in CHARTS:
        if words:
            show_chart(page, words, name)
        assert page.evaluate(SMALLEST_WORD) > 11
        moved = page.locator(f".st-key-chart_{name} .mc-picture").first
        moved.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("one => one.scrollLeft > 10", arg=moved.element_handle())
        lead = page.locator(f".st-key-chart_{name} .mc-lead").first.bounding_box()
        assert lead is not None
        assert lead["width"] > 250


@BOTH_WAYS
def test_a_long_code_name_moves_nothing(open_tablet: Opener, app: RunningApp, portrait: bool) -> None:
    draft_id = app.client(name=LONG)
    page = open_tablet(portrait=portrait)
    assert page.evaluate(TOO_WIDE) <= 0
    expect(page.get_by_text(LONG).first).to_be_visible()
    open_screen(page, "options", draft_id)
    assert page.evaluate(TOO_WIDE) <= 0
    expect(page.locator(".mc-who")).to_have_attribute("title", LONG)
    steps = [box for one in page.locator("a.mc-step").all() if (box := one.bounding_box())]
    assert len(steps) == 6
    assert max(box["y"] for box in steps) - min(box["y"] for box in steps) < 2
    assert all(box["x"] + box["width"] <= page.viewport_size["width"] for box in steps)  # type: ignore[index]


def test_a_code_name_full_of_code_is_shown_as_text_and_asks_for_nothing_outside(open_tablet: Opener) -> None:
    """Requests to anywhere else fail every test; here the name tries to make one."""
    page = open_tablet()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    start(page, HOSTILE)
    expect(page.locator(".mc-who")).to_have_text(HOSTILE)
    for name in ("safety", "what_matters", "options", "timeline"):
        step(page, name)
        expect(page.locator(".mc-who")).to_have_text(HOSTILE)
    take_back(page)
    shown = page.locator("[class*='st-key-list_'] button").filter(has_text="onerror")
    expect(shown.first).to_contain_text(HOSTILE)
    assert page.locator("img").count() == 0


@BOTH_WAYS
def test_behind_the_curtain_no_word_of_the_client_is_left(open_tablet: Opener, app: RunningApp, portrait: bool) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client(name="Nobody shall read"))
    tap(page, "lock", ".st-key-curtain")
    expect(page.locator(".st-key-topbar")).to_have_count(0)
    lines = {line.strip() for line in page.locator("body").inner_text().splitlines()}
    assert lines - {""} <= CURTAIN
    assert "Nobody" not in page.title()
    assert page.locator("svg[role=img]").count() == 0


CURTAIN = {
    "Skip to main content",
    "Main street",  # the place, as this practice set no name of its own
    "This screen is covered. Your answers are kept.",
    "Go on",
    "To the clients",
    "logout",
    "Sign out",
    "Training only",
}


@BOTH_WAYS
@pytest.mark.parametrize(("words", "chart"), CHARTS, ids=[chart for _, chart in CHARTS])
def test_a_swipe_over_a_chart_of_the_timeline_scrolls_the_page(
    open_tablet: Opener, app: RunningApp, portrait: bool, words: str, chart: str
) -> None:
    page = open_tablet(portrait=portrait, viewport={"width": 768 if portrait else 1024, "height": 500})
    open_screen(page, "timeline", app.client())
    if words:
        show_chart(page, words, chart)
    swipe_over(page, "svg[role=img]:visible")


def test_a_swipe_over_the_reasons_scrolls_the_page(open_tablet: Opener, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    swipe_over(page, ".rr-panel-why svg[role=img]")


@pytest.mark.parametrize("chart", ["mix_recommended", "pair"])
def test_a_swipe_over_a_managers_chart_scrolls_the_page(open_tablet: Opener, practice: RunningApp, chart: str) -> None:
    page = open_tablet("/treatment_mix?whose=Invented", url=practice.url)
    expect(page.locator(f".st-key-{chart} .main-svg").first).to_be_visible()
    swipe_over(page, f".st-key-{chart} .js-plotly-plot")


def swipe_over(page: Page, selector: str) -> None:
    """A finger moves 200 px up or down from the middle of a chart, until the page has moved more than 60."""
    chart = page.locator(selector).first
    chart.evaluate(AS_FAR_AS_IT_GOES)
    wait_until_settled(page)
    box, before = chart.bounding_box(), page.evaluate(SCROLLED)
    assert box is not None
    most = page.evaluate("() => { const m = document.querySelector('[data-testid=\"stMain\"]');"
                         " return m.scrollHeight - m.clientHeight; }")  # fmt: skip
    up = -200 if most - before > 200 else 200
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with inside(page) as finger:
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in range(1, 13):
            moved = [{"x": x, "y": y + up * part / 12}]
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": moved})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(SCROLLED_ENOUGH, arg=before)


def test_a_safety_card_that_comes_back_still_holds_its_answers(open_tablet: Opener, app: RunningApp) -> None:
    """Going over answered cards is no tap on their answers."""
    draft_id = app.client()
    kept = app.answers_of(draft_id)
    page = open_screen(open_tablet(""), "safety", draft_id)
    chosen = ".st-key-tap_foot_last_weeks button[aria-checked=true]"
    expect(page.locator(chosen)).to_be_visible()
    for part in ("first", "last_days"):
        show_part(page, part)
    page.get_by_role("button", name="Next card").tap()
    expect(page.locator(chosen)).to_be_visible()
    show_part(page, "first")
    assert app.answers_of(draft_id) == kept
