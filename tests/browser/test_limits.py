"""Limits on Your options: the headline's lines have one size, marks are quiet and keep within their cards at any size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, RunningApp, wait_until_settled
from tests.browser.screens import open_screen, tap
from tests.browser.test_journeys import OUT_OF_CARDS, TOO_WIDE

Opener = Callable[..., Page]
BOTH_WAYS = pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
LINES = """lines => lines.map(line => { const look = getComputedStyle(line);
    return [look.fontSize, look.fontFamily, look.fontWeight, look.color].join(" "); })"""
MARKS = """marks => [...new Set(marks.map(mark => { const look = getComputedStyle(mark);
    return [look.fontSize, look.fontWeight, look.color].join(" "); }))]"""
INK = "rgb(28, 41, 39)"


def tight(**more: Any) -> dict[str, Any]:
    """A client with $700 that counts a lot, never a blood draw, and a limit in every row."""
    day = (datetime.now(UTC) + timedelta(days=202)).date().isoformat()
    plans = {"budget": 700, "blood_draw_comfort": "never", "anaemia": "no", "event_date": day, "downtime_days": 2}
    return {**plans, "importance": {"cost": "lot"}, **more}


@BOTH_WAYS
def test_the_limit_that_nothing_keeps_and_the_pair_stand_in_one_size(
    open_tablet: Opener, app: RunningApp, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client(**tight()))
    lines = page.locator(".rh")
    assert lines.all_text_contents() == [
        "No treatment here fits $700 at the usual visits. Microneedling comes nearest: $1,050.",
        "Exosomes or PRP? PRP is not for you, because you never want a blood draw.",
    ]
    looks = lines.evaluate_all(LINES)
    assert len(set(looks)) == 1 and looks[0].startswith("24.5px Newsreader")
    assert page.locator(".rh-bases").inner_text().startswith("Waiting costs nothing and is fine too.")


@BOTH_WAYS
def test_marks_are_in_ink_in_one_small_size_and_nothing_leaves_its_card(
    open_tablet: Opener, app: RunningApp, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client(**tight(budget=1_000_000)))
    marks = page.locator(".rc-mark")
    assert marks.evaluate_all(MARKS) == [f"13.5px 500 {INK}"]
    assert sum("within your $1,000,000" in text for text in marks.all_text_contents()) == 3
    for size in (PORTRAIT if portrait else LANDSCAPE, _at_200_percent(portrait)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wait_until_settled(page)
        assert page.evaluate(TOO_WIDE) <= 0, size
        assert page.evaluate(OUT_OF_CARDS) == [], size


def _at_200_percent(portrait: bool) -> dict[str, int]:
    return {side: length // 2 for side, length in (PORTRAIT if portrait else LANDSCAPE).items()}


@BOTH_WAYS
def test_what_is_tried_stays_below_the_bar_on_top_and_says_the_headline(
    open_tablet: Opener, app: RunningApp, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client(**tight()))
    tap(page, "try_0", ".st-key-sand_trying")
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 500)")
    strip = page.locator(".st-key-sand_trying")
    expect(strip).to_be_in_viewport()
    assert strip.locator(".rr-text").all_text_contents() == page.locator(".rh").all_text_contents()
    bar, box = page.locator(".st-key-topbar").bounding_box(), strip.bounding_box()
    assert bar is not None and box is not None
    assert box["y"] >= bar["y"] + bar["height"] - 1


def test_who_has_answered_nothing_reads_no_verdict(open_tablet: Opener, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client("nothing"))
    assert page.locator(".rh").all_text_contents() == ["No answers yet. Start with You."]
    assert page.locator(".rc-mark").count() == 0
    page.locator(".st-key-start_with_you button").tap()
    expect(page.locator(".mc-step-now.mc-step-you")).to_be_visible()
