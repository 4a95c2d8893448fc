"""A tap draws again all that depends on it, and no more than that: the screens whose taps draw only parts of them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import open_screen, show_chart, tap

Opener = Callable[..., Page]


def heard(page: Page) -> list[bytes]:
    """Every message that the server sends from now on; the page must be opened after this."""
    messages: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda told: messages.append(bytes(told))))
    return messages


def sent_again(messages: list[bytes], key: str) -> bool:
    """Whether the widget of this key, or a piece of this class, was drawn again."""
    return any(f"-{key}".encode() in message for message in messages)


def test_taps_that_change_nothing_else_show_no_error(open_tablet: Opener, app: RunningApp) -> None:
    """Two levels of importance that rule nothing out: only the taps themselves follow."""
    draft_id = app.client()
    page = open_screen(open_tablet(""), "what_matters", draft_id)
    levels = page.locator(".st-key-tap_weigh_cost [role=radio]")
    told = app.answers_of(draft_id)["importance"]
    for number, level in ((1, "little"), (2, "lot")) * 2:
        levels.nth(number).tap()
        expect(levels.nth(number)).to_have_attribute("aria-checked", "true")
        app.wait_for_answer(draft_id, "importance", {**told, "cost": level})  # type: ignore[dict-item]
        wait_until_settled(page)


def test_trying_a_flip_changes_headline_cards_reasons_and_choice_and_coming_back_brings_all_of_them_back(
    open_tablet: Opener, app: RunningApp
) -> None:
    page = open_tablet()
    messages = heard(page)
    open_screen(page, "options", app.client())
    shown = ["p.rh", ".rr-panel-why", ".st-key-card_choice"]  # the line of the two, which this change is about
    before = [page.locator(one).first.inner_text() for one in shown]
    assert sent_again(messages, "step-you") and sent_again(messages, "undo")
    messages.clear()
    tap(page, "try_0", ".st-key-sand_trying")
    expect(page.locator(".st-key-card_choice [role=radio]:not(:disabled)")).to_have_count(0)
    expect(page.locator(shown[0]).first).not_to_have_text(before[0])
    page.locator(".st-key-come_back button").tap()
    expect(page.locator(".st-key-sand_trying")).to_have_count(0)
    expect(page.locator(".st-key-card_choice [role=radio]").first).to_be_enabled()
    wait_until_settled(page)
    for one, words in zip(shown, before, strict=True):
        expect(page.locator(one).first).to_have_text(words, use_inner_text=True)
    assert sent_again(messages, "try_0")
    assert not sent_again(messages, "step-you") and not sent_again(messages, "undo")


def test_what_a_finger_has_left_does_not_look_chosen(open_tablet: Opener, app: RunningApp) -> None:
    """A touch screen goes on as if a pointer rested where the finger was last."""
    page = open_screen(open_tablet(""), "you", app.client())
    more, less = (page.locator(f".st-key-{key}_age button") for key in ("more", "less"))
    more.tap()
    assert more.evaluate("one => one.matches(':hover')")
    for name in ("background-color", "border-color"):
        expect(more).to_have_css(
            name, less.evaluate("(one, name) => getComputedStyle(one).getPropertyValue(name)", name)
        )


def test_each_flip_does_what_it_says_also_after_another_was_tried(open_tablet: Opener, app: RunningApp) -> None:
    """The list stays as it was, the one that is tried is marked, and each starts from the client's own answers."""
    page = open_screen(open_tablet(""), "options", app.client())
    flips = page.locator("[class*='st-key-try_'] button")
    offered = [words.split("\n")[-1] for words in flips.all_inner_texts()]
    assert len(offered) >= 2
    tap(page, "try_0", ".st-key-sand_trying")
    after_another = _tried(page, 1, offered)
    page.locator(".st-key-come_back button").tap()
    expect(page.locator(".st-key-sand_trying")).to_have_count(0)
    assert _tried(page, 1, offered) == after_another


def _tried(page: Page, number: int, offered: list[str]) -> str:
    """What the strip says of a flip that is tried now."""
    page.locator(f".st-key-try_{number} button").tap()
    expect(page.locator(f".st-key-try_{number} button")).to_have_attribute("kind", "primary")
    wait_until_settled(page)
    assert [
        words.split("\n")[-1] for words in page.locator("[class*='st-key-try_'] button").all_inner_texts()
    ] == offered
    return page.locator(".st-key-sand_trying").inner_text()


def test_a_kept_flip_is_in_the_strip_of_answers_and_on_the_disk(open_tablet: Opener, app: RunningApp) -> None:
    draft_id = app.client()
    before = app.answers_of(draft_id)
    page = open_screen(open_tablet(""), "options", draft_id)
    strip = page.locator(".st-key-fold_summary").text_content() or ""
    tap(page, "try_0", ".st-key-sand_trying")
    assert app.answers_of(draft_id) == before
    page.locator(".st-key-keep_tried button").tap()
    expect(page.locator(".st-key-sand_trying")).to_have_count(0)
    expect(page.locator(".st-key-fold_summary")).not_to_have_text(strip)
    assert app.answers_of(draft_id) != before
    page.locator(".st-key-undo button").tap()
    expect(page.locator(".st-key-fold_summary")).to_have_text(strip)
    assert app.answers_of(draft_id) == before


def test_a_choice_is_noted_and_is_there_after_another_screen_and_after_a_reload(
    open_tablet: Opener, app: RunningApp
) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    page.locator(".st-key-card_choice [role=radio]").last.tap()
    expect(page.locator(".st-key-card_choice [role=radio]").last).to_have_attribute("aria-checked", "true")
    expect(page.locator(".st-key-card_choice .rr-small")).to_contain_text("Noted:")
    noted = page.locator(".st-key-card_choice .rr-small").inner_text()
    page.locator("a.mc-step-timeline").tap()
    expect(page.locator(".tl-card-calendar")).to_be_visible()
    wait_until_settled(page)
    page.locator("a.mc-step-options").tap()
    expect(page.locator(".st-key-card_choice .rr-small")).to_have_text(noted, use_inner_text=True)
    page.reload()
    wait_until_settled(page)
    expect(page.locator(".st-key-card_choice [role=radio]").last).to_have_attribute("aria-checked", "true")


def test_another_chart_leaves_the_rest_of_the_timeline_alone(open_tablet: Opener, app: RunningApp) -> None:
    page = open_tablet()
    messages = heard(page)
    open_screen(page, "timeline", app.client())
    assert sent_again(messages, "seg_chart") and sent_again(messages, "undo")
    messages.clear()
    for words, chart in (("One visit", "visit"), ("Cost over time", "cost"), ("Calendar", "calendar")):
        show_chart(page, words, chart)
        expect(page.locator(".tl-card:visible")).to_have_count(1)
    assert sent_again(messages, "seg_chart")
    assert not sent_again(messages, "tl-card") and not sent_again(messages, "undo")


def test_another_chart_is_there_at_the_tap_even_while_the_server_is_gone(open_tablet: Opener, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "timeline", app.client())
    told = """([number, chart]) => {
        document.querySelectorAll('.st-key-seg_chart [role=radio]')[number].click();
        return new Promise(done => requestAnimationFrame(() => done(
            [...document.querySelectorAll('.tl-card')].filter(one => one.offsetHeight).map(one => one.classList[1]))));
    }"""
    for number, chart in ((1, "visit"), (2, "cost"), (0, "calendar")):
        assert page.evaluate(told, [number, chart]) == [f"tl-card-{chart}"]


def test_what_each_step_feels_like_opens_over_the_cards_and_closes_again(open_tablet: Opener, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    tap(page, "feels_button", "[role=dialog]")
    expect(page.locator("[role=dialog] .rr-steps").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[role=dialog]")).to_have_count(0)
    tap(page, "points_button", ".rc-with-points")
    expect(page.locator("[role=dialog]")).to_have_count(0)
