"""Charts say in words and as a table what they draw, and the four cards are equals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, RunningApp, wait_until_settled
from tests.browser.screens import open_screen, show_chart
from views.charts.vertical_lines import width_of

Opener = Callable[..., Page]
BOTH_WAYS = pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
CLIENTS = ["a204", "needle_wedding", "blood_thinner", "scars_prp"]
MOST_LONGER = 0.2
LOOKS = Path(__file__).with_name("looks.js").read_text("utf-8")
REAL_WIDTHS = (
    "all => all.map(one => [one.textContent, parseFloat(getComputedStyle(one).fontSize), one.getComputedTextLength()])"
)
FILLED, OWN_PLAN = "equal", "plan"


def chart(page: Page) -> Locator:
    shown = page.locator("svg[role=img]:visible")
    expect(shown).to_have_count(1)
    return shown


def table(page: Page, key: str) -> list[list[str]]:
    """The rows behind "As a table", header first."""
    page.locator(f".mc-fold-{key} summary").tap()
    expect(page.locator(f".mc-fold-{key} table")).to_be_visible()
    rows: list[list[str]] = page.locator(f".mc-fold-{key} tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


def words_of(picture: Locator) -> list[str]:
    return [text.strip() for text in picture.locator("text").all_text_contents()]


@BOTH_WAYS
def test_the_calendar_draws_as_many_visits_as_its_table_names(
    open_tablet: Opener, app: RunningApp, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "timeline", app.client())
    picture = chart(page)
    marks = picture.locator("[data-session]").evaluate_all("all => all.map(one => one.dataset.session)")
    drawn = Counter(mark.split()[1] for mark in marks)
    assert len(picture.get_attribute("aria-label") or "") > 40
    header, *rows = zip(*table(page, "calendar"), strict=True)  # its rows are what is told, its columns the options
    inside = "t => t.getBoundingClientRect().right <= t.closest('details').getBoundingClientRect().right"
    assert page.locator(".mc-fold-calendar table").evaluate(inside)
    named = [sum(_days(row[header.index(name)]) for row in rows) for name in ("Visits", "May be needed")]
    assert drawn[FILLED] == sum(named) > 0
    assert drawn[OWN_PLAN] == sum(_days(row[header.index("Our plan, not counted")]) for row in rows) > 0
    told = " ".join(cell for row in rows for cell in row)
    for day in re.findall(r"Start by (\d+ \w+)", " ".join(words_of(picture))):
        assert day in told


def test_a_flip_changes_on_the_cards_what_is_another_than_before_and_nothing_else(
    open_tablet: Opener, app: RunningApp
) -> None:
    """They are most of the page: made anew with each flip they took the browser a third of it."""
    page = open_screen(open_tablet(""), "options", app.client())
    marks = "all => all.map(one => one.textContent)"
    before = page.locator(".rc-mark").evaluate_all(marks)
    page.evaluate("""() => {
        window.seen = [];
        new MutationObserver(told => window.seen.push(...told))
            .observe(document.querySelector('.rc-grid'), {subtree: true, childList: true, characterData: true, attributes: true});
    }""")
    page.locator(".st-key-try_0 button").tap()
    expect(page.locator(".st-key-come_back button")).to_be_visible()
    wait_until_settled(page)
    tried = page.locator(".rc-mark").evaluate_all(marks)
    assert tried != before
    assert 0 < page.evaluate("seen.length") <= 3 * len(tried)
    page.locator(".st-key-come_back button").tap()
    expect(page.locator(".st-key-come_back button")).to_have_count(0)
    wait_until_settled(page)
    assert page.locator(".rc-mark").evaluate_all(marks) == before
    page.locator(".st-key-points_button button").tap()
    expect(page.locator(".rc-with-points .rc-good").first).to_be_visible()
    expect(page.locator(".rc-card")).to_have_count(4)


def test_a_turned_tablet_shows_the_other_shape_at_once(open_tablet: Opener, app: RunningApp) -> None:
    """Only the shape that is shown is drawn; turning asks nothing of the server."""
    page = open_screen(open_tablet(""), "timeline", app.client())
    lying = chart(page).get_attribute("viewBox") or ""
    assert page.locator(".st-key-chart_calendar [data-undrawn]").count() == 1
    run = page.locator(".st-key-run_again button").text_content()
    page.set_viewport_size(PORTRAIT)
    expect(page.locator("[data-undrawn]")).to_have_count(0)
    upright = chart(page).get_attribute("viewBox") or ""
    assert float(upright.split()[2]) < float(lying.split()[2])
    page.set_viewport_size(LANDSCAPE)
    expect(chart(page)).to_have_attribute("viewBox", lying)
    assert page.locator(".st-key-run_again button").text_content() == run


def _days(cell: str) -> int:
    return 0 if cell == "none" else len(cell.split(", "))


@BOTH_WAYS
def test_one_visit_draws_the_minutes_of_its_table(open_tablet: Opener, app: RunningApp, portrait: bool) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "timeline", app.client())
    show_chart(page, "One visit", "visit")
    picture = chart(page)
    steps = picture.locator("[data-step]:not([stroke-dasharray])").evaluate_all("all => all.map(o => o.dataset.step)")
    assert "min" in (picture.get_attribute("aria-label") or "")
    words = " ".join(words_of(picture))
    _, *rows = table(page, "visit")
    drawn = Counter(tuple(step.split()[1:]) for step in steps)
    assert not Counter((row[2], row[3]) for row in rows if "(" not in row[3]) - drawn
    for row in rows:
        if "(" in row[3]:
            typical, low, high = re.findall(r"\d+", row[3])
            assert f"{typical} min" in words
            assert f"{low} to {high}" in words


@BOTH_WAYS
def test_the_cost_chart_ends_where_its_table_ends(open_tablet: Opener, app: RunningApp, portrait: bool) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "timeline", app.client())
    show_chart(page, "Cost over time", "cost")
    picture = chart(page)
    assert "$" in (picture.get_attribute("aria-label") or "")
    words = words_of(picture)
    header, *rows = table(page, "cost")
    money, which = header.index("Paid so far"), header.index("Which")
    usual = {row[0]: row[money] for row in rows if row[which] == "equal visits"}
    assert len(usual) >= 2
    for total in usual.values():
        assert total in words


@pytest.mark.parametrize("demo", ["sunburn", "blood_thinner", "reunion"])
@BOTH_WAYS
def test_no_word_of_a_calendar_is_cut_off_also_with_the_longest_dates_and_each_is_as_wide_as_thought(
    open_tablet: Opener, app: RunningApp, demo: str, portrait: bool
) -> None:
    """Not yet; no date; and a date for which the last safe start is in September, the longest month."""
    dates: dict[str, object] = {}
    if demo == "reunion":
        september = date(datetime.now(UTC).year + 1, 9, 28)
        dates = {"event_date": (september + timedelta(days=114)).isoformat(), "planned_start": september.isoformat()}
    page = open_screen(open_tablet("", portrait=portrait), "timeline", app.client(demo, **dates))
    page.evaluate(LOOKS)
    picture = chart(page)
    assert page.evaluate("medspa.cutWords()") == []
    for text, size, width in picture.locator("text").evaluate_all(REAL_WIDTHS):
        assert 0.88 * width_of(text, size) - 2 < width < width_of(text, size) + 1, text


def test_the_reasons_have_one_row_a_bar_in_the_same_words(open_tablet: Opener, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    picture = page.locator(".rr-panel-why svg[role=img]")
    bars = picture.locator("[data-points]").count()
    words, told = words_of(picture), picture.get_attribute("aria-label") or ""
    _, *rows = table(page, "reasons")
    assert len(rows) == bars > 0
    for reason, weight, _ in rows:
        assert reason in words
        assert weight in words
        assert reason in told


def test_the_managers_charts_have_the_counts_of_their_tables(open_tablet: Opener, practice: RunningApp) -> None:
    page = open_tablet("/treatment_mix?whose=Invented", url=practice.url)
    for key in ("mix_recommended", "mix_chosen"):
        figure = page.locator(f".st-key-{key} .js-plotly-plot")
        expect(figure.locator(".main-svg").first).to_be_visible()
        assert page.locator(f".st-key-{key} [role=figure][aria-label]").count() == 1
        drawn = figure.evaluate("plot => plot.data.map(bars => [...bars.customdata].map(Number))")
        header, *rows = table(page, key)
        told = [[int(re.match(r"\d+", row[column])[0]) for row in rows] for column in range(2, len(header))]  # type: ignore[index]
        assert sorted(map(tuple, drawn)) == sorted(map(tuple, told))


@pytest.mark.parametrize("demo", CLIENTS)
@BOTH_WAYS
def test_every_option_has_the_same_fields_in_the_same_order_and_type_and_the_cards_are_equally_high(
    open_tablet: Opener, app: RunningApp, demo: str, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client(demo))
    if not portrait:
        page.locator(".st-key-points_button button").tap()
        expect(page.locator(".rc-good").first).to_be_visible()
        wait_until_settled(page)
    cards: list[dict[str, Any]] = page.locator(".rc-card").evaluate_all(CARDS)
    assert len(cards) == 4
    first = cards[0]
    for card in cards[1:]:
        assert card["fields"] == first["fields"]
        assert card["type"] == first["type"]
        assert abs(card["width"] - first["width"]) <= 1
        assert card["look"] == first["look"]
    rows = [cards] if not portrait else [cards[:2], cards[2:]]
    for row in rows:
        assert max(card["height"] for card in row) - min(card["height"] for card in row) <= 1


CARDS = """cards => cards.map(card => {
    const box = card.getBoundingClientRect(), look = getComputedStyle(card);
    const cells = [...card.querySelectorAll(".rc-cell:not(.rc-head)")];
    const type = (part, from) => { const at = (from || card).querySelector(part); if (!at) return null;
        const style = getComputedStyle(at); return [style.fontSize, style.fontFamily, style.color].join(" "); };
    return {
        fields: cells.map(cell => cell.querySelector(".rc-label").textContent),
        type: [".rc-name", ".rc-state", ".rc-value", ".rc-approval .rc-value", ".rc-good .rc-value",
               ".rc-not_good .rc-value"].map(part => type(part)),
        look: [look.backgroundColor, look.borderTopWidth, look.padding, look.boxShadow, look.opacity].join(" "),
        width: box.width, height: box.height,
    };
})"""


@pytest.mark.parametrize("demo", CLIENTS)
def test_good_and_not_so_good_are_within_20_percent_in_length(open_tablet: Opener, app: RunningApp, demo: str) -> None:
    page = open_screen(open_tablet("", portrait=True), "options", app.client(demo))
    texts: dict[str, list[str]] = {
        part: page.locator(f".rc-card .rc-{part} .rc-value").all_text_contents() for part in ("good", "not_good")
    }
    lengths = [len(text.strip()) for both in texts.values() for text in both]
    assert len(lengths) == 8
    assert min(lengths) > 0
    assert (max(lengths) - min(lengths)) / max(lengths) <= MOST_LONGER, texts


APART = """() => [...document.querySelectorAll('.mc-fold')].filter(one => one.checkVisibility()).map(one => {
    const next = one.nextElementSibling;
    return next ? next.getBoundingClientRect().top - one.getBoundingClientRect().bottom : 99;
})"""


@BOTH_WAYS
@pytest.mark.parametrize("screen", ["options", "timeline"])
def test_what_follows_a_fold_stands_apart_from_it(
    open_tablet: Opener, app: RunningApp, screen: str, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), screen, app.client())
    gaps = page.evaluate(APART)
    assert gaps and min(gaps) >= 12, gaps


def test_no_panel_under_the_cards_is_mostly_empty(open_tablet: Opener, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    filled = page.evaluate("""() => [...document.querySelectorAll('.rr-panel, .st-key-card_flips')].map(one => {
        const box = one.getBoundingClientRect();
        return (Math.max(...[...one.children].map(part => part.getBoundingClientRect().bottom)) - box.top) / box.height;
    })""")
    assert len(filled) == 3 and min(filled) > 0.7, filled
