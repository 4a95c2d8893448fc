"""Compare in Chromium: nothing overlaps either way up, what is picked goes into the address, one tap begins a consultation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.desk import TABLET_ZONE
from tests.browser.screens import turn

Opener = Callable[..., Page]
LOOKS = Path(__file__).with_name("looks.js").read_text("utf-8")
CHARTS = ("compare_time", "compare_visit", "compare_cost")
WORDS_OVER_WORDS = """() => {
  const found = [];
  for (const chart of document.querySelectorAll(".js-plotly-plot")) {
    const words = [...chart.querySelectorAll("text")].filter(one => one.textContent.trim())
      .map(one => [one.textContent, one.getBoundingClientRect()]);
    words.forEach(([text, a], place) => words.slice(place + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 3) found.push(`${text} / ${other}`);
    }));
  }
  return found;
}"""
OUT_OF_CARDS = """() => [...document.querySelectorAll("[class*=st-key-card_compare]")].flatMap(card => {
  const edge = card.getBoundingClientRect();
  return [...card.querySelectorAll("text, p, summary")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1);
  }).map(one => one.textContent);
})"""


def day(ahead: int) -> str:
    return f"{datetime.now(TABLET_ZONE).date() + timedelta(ahead):%m/%d/%Y}"


def opened(tablet: Page) -> Page:
    for chart in CHARTS:
        expect(tablet.locator(f".st-key-{chart} .main-svg").first).to_be_visible()
    return wait_until_settled(tablet)


def type_day(page: Page, name: str, ahead: int) -> None:
    field = page.locator(f".st-key-{name} input")
    field.fill(day(ahead))
    field.press("Enter")
    page.wait_for_url(lambda url: name in parse_qs(urlsplit(url).query))
    wait_until_settled(page)


def drawn(page: Page, chart: str) -> list[str]:
    """The names of what a chart draws."""
    names: list[str] = page.locator(f".st-key-{chart} .js-plotly-plot").evaluate(
        "plot => plot.data.map(one => one.name)"
    )
    return names


@pytest.mark.parametrize("basis", ["Our clinic", "Studies", "Both, weighed"])
@pytest.mark.parametrize("away", [None, 20, 190, 3000], ids=["no date", "before", "within", "far away"])
def test_no_words_overlap_or_leave_their_card_and_all_can_be_tapped_and_read(
    open_tablet: Opener, basis: str, away: int | None
) -> None:
    """However the tablet is held."""
    dates = f"&first_day={day(60)}" + (f"&my_date={day(away)}" if away else "")
    page = opened(open_tablet(f"/compare?basis={basis}&concern=The look of acne scars{dates}"))
    page.evaluate(LOOKS)
    for portrait in (False, True):
        turn(page, portrait=portrait)
        assert page.evaluate(WORDS_OVER_WORDS) == [], portrait
        assert page.evaluate(OUT_OF_CARDS) == [], portrait
        found = page.evaluate("({cut: medspa.cutWords(), small: medspa.smallTargets(), pale: medspa.paleWords(),"
                              " tiny: medspa.smallWords(), wide: medspa.tooWide()})")  # fmt: skip
        none = {"cut": [], "small": [], "pale": [], "tiny": [], "wide": 0}
        assert found == none, f"upright {portrait}: {json.dumps(found, indent=1)}"
        assert page.locator("[role=figure][aria-label]").count() == 3


def test_what_is_picked_goes_into_the_address_and_a_reload_keeps_it(open_tablet: Opener) -> None:
    page = opened(open_tablet("/compare"))
    assert any("plan" in name for name in drawn(page, "compare_time"))
    page.get_by_role("radio", name="Our clinic").tap()
    expect(page.get_by_text("This is our own plan.")).to_be_visible()
    wait_until_settled(page)
    type_day(page, "my_date", 150)
    assert not any("plan" in name for name in drawn(page, "compare_time"))
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["basis"] == ["Our clinic"] and asked["my_date"] == [day(150)]
    page.reload()
    opened(page)
    expect(page.locator(".st-key-my_date input")).to_have_value(day(150))
    expect(page.get_by_role("radio", name="Our clinic")).to_have_attribute("aria-checked", "true")


def test_a_difference_opens_its_claim_and_the_way_back_keeps_what_was_picked(open_tablet: Opener) -> None:
    page = opened(open_tablet("/compare?basis=Studies"))
    page.locator(".st-key-why_plan button").tap()
    expect(page.locator("#claim-3")).to_be_visible()
    wait_until_settled(page)
    assert page.locator(".cl-grid").first.get_attribute("id") == "claim-3"
    page.locator(".st-key-back button").tap()
    opened(page)
    expect(page.get_by_role("radio", name="Studies")).to_have_attribute("aria-checked", "true")


@pytest.mark.parametrize("by", ["back", "way_clients"])
def test_the_ways_lead_away_while_something_is_picked(open_tablet: Opener, by: str) -> None:
    page = opened(open_tablet(f"/compare?basis=Studies&my_date={day(150)}"))
    page.locator(f".st-key-{by} button").tap()
    expect(page.locator("[class*=st-key-card_compare]")).to_have_count(0)
    wait_until_settled(page)
    assert "Something went wrong" not in page.inner_text("body")
    assert not urlsplit(page.url).query


def test_each_chart_is_a_table_one_tap_away(open_tablet: Opener) -> None:
    page = opened(open_tablet("/compare"))
    for chart in CHARTS:
        page.locator(f".mc-fold-{chart} summary").tap()
        expect(page.locator(f".mc-fold-{chart} table")).to_be_visible()
    minutes = page.locator(".mc-fold-compare_visit tr td:last-child").all_text_contents()
    bars = page.locator(".st-key-compare_visit .js-plotly-plot").evaluate("plot => plot.data.map(one => [...one.x][0])")
    assert [str(one) for one in bars] == [one for one in minutes if "(" not in one]


def test_a_double_tap_begins_one_consultation_with_what_was_picked(open_tablet: Opener, app: RunningApp) -> None:
    before = {line.id for line in app.drafts()}
    page = opened(open_tablet("/compare?concern=Thinning hair"))
    type_day(page, "my_date", 150)
    page.locator(".st-key-main_next_here button").dblclick()
    expect(page.locator(".mc-step-now.mc-step-you")).to_be_visible()
    wait_until_settled(page)
    (new,) = {line.id for line in app.drafts()} - before
    today = datetime.now(TABLET_ZONE).date()
    assert app.answers_of(new) == {
        "concern": "hair_thinning", "planned_start": str(today), "event_date": str(today + timedelta(150)),
    }  # fmt: skip
