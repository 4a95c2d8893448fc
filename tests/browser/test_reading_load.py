"""How much there is to read and to scroll: the first invented client's screens, from You to the timeline.

Counted is what is visible without a tap that unfolds something, each text once, outside the bars on top and below. The version
before had 2,356 words and 6,838 px to scroll, counted the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import open_screen, show_part, step

MOST_WORDS = 1300
BEFORE_PX = 6_838
SHARE_OF_BEFORE = 0.8
SEEN = """() => {
    const seen = [], bars = '.st-key-topbar, .st-key-bottombar';
    const walk = document.createTreeWalker(document.querySelector('[data-testid="stMain"]'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode.textContent.trim(), of = walk.currentNode.parentElement;
        if (!text || of.closest('style, script, [aria-hidden="true"]') || of.closest(bars)) continue;
        if (of.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) seen.push(text);
    }
    return seen;
}"""
TO_SCROLL = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main.scrollHeight - main.clientHeight;
}"""


def safety_cards(page: Page) -> Iterator[None]:
    """Each card of Safety, one after the other."""
    step(page, "safety")
    show_part(page, "first")
    while True:
        yield
        ahead = page.locator(".st-key-main_next_here button")
        if not ahead.count():
            return
        shown = "\n".join(page.evaluate(SEEN))
        ahead.tap()
        page.wait_for_function(f"before => ({SEEN})().join('\\n') !== before", arg=shown)
        wait_until_settled(page)


def screens(page: Page, draft_id: str) -> Iterator[str]:
    open_screen(page, "you", draft_id)
    yield "you"
    for _ in safety_cards(page):
        yield "safety"
    for name in ("what_matters", "options", "timeline"):
        step(page, name)
        yield name


def test_a_whole_talk_is_read_in_less_than_ten_minutes(
    open_tablet: Callable[..., Page], app: RunningApp, record_property: Callable[[str, object], None]
) -> None:
    page = open_tablet("")
    read: set[str] = set()
    words: dict[str, int] = {}
    to_scroll: dict[str, int] = {}
    for name in screens(page, app.client()):
        wait_until_settled(page)
        expect(page.locator("[data-testid=stMain]")).to_be_visible()
        new = [text for text in page.evaluate(SEEN) if text not in read]
        words[name] = words.get(name, 0) + sum(len(text.split()) for text in dict.fromkeys(new))
        to_scroll[name] = to_scroll.get(name, 0) + page.evaluate(TO_SCROLL)
        read.update(new)
    spoken = (
        f"words {words}, together {sum(words.values())}; px to scroll {to_scroll}, together {sum(to_scroll.values())}"
    )
    record_property("reading_load", spoken)
    assert sum(words.values()) <= MOST_WORDS, spoken
    assert sum(to_scroll.values()) <= SHARE_OF_BEFORE * BEFORE_PX, spoken
