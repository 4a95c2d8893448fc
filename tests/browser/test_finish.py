"""From Start to Finish in the client's hands: nothing said to be kept is lost, and what is printed is whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from medspa_core import records
from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import choose, open_screen, show_chart, show_part, step, tap

Open = Callable[..., Page]
FINISH = ".st-key-main_next_here button"
THANKS = "Thank you. That is all for today."
BOTH_WAYS = pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
LONG = "\u05d0\u4e00W" * 66 + "ab"


def kept(app: RunningApp, draft_id: str) -> records.Draft:
    with app.store() as store:
        found = records.load_draft(store, draft_id)
    assert found is not None
    return found


def thanked(page: Page) -> Page:
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    return wait_until_settled(page)


def sheet(page: Page) -> str:
    return page.locator(".kp-sheet").inner_text()


@BOTH_WAYS
def test_a_client_with_700_dollars_is_led_from_the_timeline_to_the_end(
    open_tablet: Open, app: RunningApp, portrait: bool
) -> None:
    draft_id = app.client(budget=700, importance={"cost": "lot"}, blood_draw_comfort="never")
    page = open_screen(open_tablet("", portrait=portrait), "timeline", draft_id)
    page.locator(".st-key-main_next button").tap()
    expect(page.locator(".mc-step-now.mc-step-plan")).to_be_visible()
    wait_until_settled(page)
    assert page.locator(".st-key-plan_tiles [aria-checked=true]").count() == 0
    expect(page.get_by_text("No treatment here fits $700")).to_be_visible()
    sizes = [box for one in page.locator(".st-key-plan_tiles [role=radio]").all() if (box := one.bounding_box())]
    assert len(sizes) == 5
    assert len({round(box["height"]) for box in sizes[:4]}) == len({round(box["width"]) for box in sizes[:4]}) == 1
    choose(page, "Microneedling")
    tap(page, "date_own", ".st-key-on_date_own")
    page.locator(FINISH).tap()
    thanked(page)
    assert kept(app, draft_id).finished_at is not None
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    assert page.locator(".st-key-staff_strip").count() == 0
    said = sheet(page)
    assert "Nothing is booked yet." in said
    assert "$1,050 for 3 visits" in said and "Over by $350." in said
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.reload()
    assert sheet(thanked(page)) == said
    expect(page.locator(".mc-print")).to_be_visible()
    assert page.locator("[role=radio], input:visible, .st-key-undo").count() == 0


def test_what_is_open_is_one_tap_away_from_finish(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client(keloid=None, melasma=None)
    page = open_screen(open_tablet("", portrait=True), "safety", draft_id)
    show_part(page, "last_days")
    step(page, "plan")
    choose(page, "Microneedling")
    tap(page, "date_own", ".st-key-on_date_own")
    way = page.locator(".mc-foot a")
    expect(way).to_have_text("To finish, 2 safety questions are open. Or tap Not yet.")
    assert (way.bounding_box() or {})["height"] >= 44
    way.tap()
    expect(page.get_by_role("heading", name="Do you get thick, raised scars")).to_be_visible()
    wait_until_settled(page)
    assert "open=" not in page.url
    choose(page, "No", exact=True)
    app.wait_for_answer(draft_id, "keloid", "none")


def test_two_quick_taps_on_finish_end_it_once_and_a_cut_after_them_loses_nothing(
    open_tablet: Open, app: RunningApp, allowed: list[str]
) -> None:
    allowed += ["_stcore", "DoInitPings", "WebSocket", "Failed to load", "ERR_CONNECTION", "net::"]
    draft_id = app.client("nothing")
    page = open_screen(open_tablet(""), "plan", draft_id)
    choose(page, "Not yet")
    expect(page.locator(".st-key-date_look_again")).to_be_visible()
    wait_until_settled(page)
    revision = kept(app, draft_id).revision
    page.evaluate(f"""async () => {{
        const button = document.querySelector('{FINISH}');
        button.click();
        await new Promise(go_on => setTimeout(go_on, 60));
        button.click();
    }}""")
    thanked(page)
    app.restart()
    done = kept(app, draft_id)
    assert done.finished_at is not None and done.choice == "not_yet"
    assert done.revision in (revision + 1, revision + 2)
    page.reload()
    thanked(page)
    assert "Not yet" in sheet(page)


def test_a_choice_and_its_date_are_there_after_a_cut_in_between(
    open_tablet: Open, app: RunningApp, allowed: list[str]
) -> None:
    allowed += ["_stcore", "DoInitPings", "WebSocket", "Failed to load", "ERR_CONNECTION", "net::"]
    draft_id = app.client()
    page = open_screen(open_tablet(""), "plan", draft_id)
    choose(page, "Microneedling")
    tap(page, "date_own", ".st-key-on_date_own")
    app.restart()
    page.reload()
    wait_until_settled(page)
    expect(page.locator(".st-key-on_date_own")).to_be_visible()
    expect(page.locator(".st-key-plan_tiles [aria-checked=true]")).to_contain_text("Microneedling")


@BOTH_WAYS
def test_a_very_long_name_of_any_script_breaks_no_page(open_tablet: Open, app: RunningApp, portrait: bool) -> None:
    draft_id = app.client("nothing", name=LONG[:200])
    page = open_screen(open_tablet("", portrait=portrait), "plan", draft_id)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    choose(page, "Not yet")
    page.locator(FINISH).tap()
    thanked(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert pages(page, "A4", landscape=False) == 1


@BOTH_WAYS
def test_the_longest_page_to_keep_is_one_page_of_paper(open_tablet: Open, app: RunningApp, portrait: bool) -> None:
    """A treatment with dates, cost, a finding to note, and what comes next."""
    draft_id = app.client(anticoagulant="yes", diabetes="controlled")
    page = open_screen(open_tablet("", portrait=portrait), "plan", draft_id)
    choose(page, "Exosomes + microneedling")
    tap(page, "date_own", ".st-key-on_date_own")
    page.locator(FINISH).tap()
    thanked(page)
    assert {paper: pages(page, paper, landscape=False) for paper in ("A4", "Letter")} == {"A4": 1, "Letter": 1}


# --- paper ----------------------------------------------------------------------------------------------------------


def pages(page: Page, paper: str, *, landscape: bool) -> int:
    """How many pages the browser would print."""
    made = page.pdf(format=paper, landscape=landscape)
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", made))


PAPERS = [(paper, landscape) for paper in ("A4", "Letter") for landscape in (False, True)]


@BOTH_WAYS
@pytest.mark.parametrize("demo", ["a204", "sunburn", "nothing", "objects_to_all"])
def test_options_and_timeline_print_on_one_page_each(
    open_tablet: Open, app: RunningApp, demo: str, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client(demo))
    assert _all_one(page)
    step(page, "timeline")
    assert _all_one(page)
    if demo == "a204":
        for words, chart in (("One visit", "visit"), ("Cost over time", "cost")):
            show_chart(page, words, chart)
            assert _all_one(page)


def _all_one(page: Page) -> bool:
    found = {(paper, landscape): pages(page, paper, landscape=landscape) for paper, landscape in PAPERS}
    assert set(found.values()) == {1}, found
    return True


def test_paper_has_no_bar_and_no_button_and_says_training_only(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    page.emulate_media(media="print")
    for gone in (".st-key-topbar", "[data-testid=stBottom]", ".stButton button", ".mc-way"):
        assert not [one for one in page.locator(gone).all() if one.is_visible()], gone
    expect(page.locator(".rc-card")).to_have_count(4)
    expect(page.locator(".mc-on-paper")).to_be_visible()


def test_what_is_marked_on_paper_is_explained_there(open_tablet: Open, app: RunningApp) -> None:
    """Nothing unfolds on paper, so the flag of our plan and the marks of the calendar are told beside them."""
    page = open_screen(open_tablet(""), "options", app.client())
    page.emulate_media(media="print")
    expect(page.locator(".rc-plan").first).to_be_visible()
    expect(page.locator(".rc-flagnote")).to_be_visible()
    page.emulate_media(media="screen")
    step(page, "timeline")
    page.emulate_media(media="print")
    key = page.locator(".st-key-chart_calendar .tl-key")
    expect(key).to_be_visible()
    expect(key).to_contain_text("may be needed")
    assert _all_one(page)


def test_the_mix_prints_each_chart_whole(open_tablet: Open, practice: RunningApp) -> None:
    page = open_tablet("/treatment_mix?whose=Invented", url=practice.url)
    expect(page.locator(".st-key-pair .main-svg").first).to_be_visible()
    wait_until_settled(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    wide = page.evaluate("""() => [...document.querySelectorAll('.js-plotly-plot')].map(plot => {
        const edge = plot.closest('[class*="st-key-card_"]').getBoundingClientRect().right;
        return Math.max(...[...plot.querySelectorAll('.main-svg')].map(svg => svg.getBoundingClientRect().right)) - edge;
    })""")
    assert wide and max(wide) <= 0


def test_after_finish_nothing_on_its_other_screens_takes_a_tap(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client(budget=None)
    page = open_screen(open_tablet(""), "plan", draft_id)
    choose(page, "Not yet")
    page.locator(FINISH).tap()
    thanked(page)
    before = kept(app, draft_id)
    for screen in ("you", "what_matters", "options"):
        open_screen(page, screen, draft_id)
        taps = page.locator("[class*=st-key-tap_] button").all()
        assert taps and all(one.evaluate("one => getComputedStyle(one).pointerEvents") == "none" for one in taps)
        for gone in (".st-key-undo", ".st-key-again", "[class*=st-key-less_]", "[class*=st-key-more_]"):
            assert not [one for one in page.locator(gone).all() if one.is_visible()], (screen, gone)
        if screen == "you":
            empty = page.locator(
                "[class*=st-key-field_] [data-testid=stTextInputRootElement]:has(input:placeholder-shown)"
            )
            borders = empty.evaluate_all("all => all.map(one => getComputedStyle(one).borderTopColor)")
            assert borders and set(borders) == {
                "rgba(0, 0, 0, 0)"
            }  # a frame around nothing looks like a field to fill in
    assert kept(app, draft_id) == before
