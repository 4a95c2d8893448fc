"""What a clinic notices in use: ticks that tell the truth, links that keep the view, no tap accepted and lost."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from medspa_core import records
from tests.browser.conftest import RunningApp, inside, wait_until_settled
from tests.browser.screens import choose, open_screen, show_part, staff_face, step

Open = Callable[..., Page]
BACKGROUND, PINE = "box => getComputedStyle(box).backgroundColor", "rgb(30, 77, 71)"
DRAWN_WHOLE = "document.querySelector('.st-key-run_again button').textContent"  # another word each time
TAP_WHEN_BACK = """wait => {
    const connected = () => document.querySelector('[data-testid="stApp"]').dataset.testConnectionState === 'CONNECTED';
    window.taps = [];
    const tap = () => {
        if (!window.taps.length) document.querySelector('a.mc-step-safety').click();
        window.taps.push(!document.documentElement.classList.contains('medspa-held'));
        document.querySelector('.st-key-more_age button').click();
    };
    let lost = false;
    const look = () => {
        if (!lost && !connected()) { lost = true; setTimeout(tap, 1); }
        if (lost && connected()) setTimeout(tap, wait);
        else setTimeout(look, 5);
    };
    look();
}"""

HELD = "document.documentElement.classList.contains('medspa-held')"
CUT_SHORT = """async () => {
    const app = document.querySelector('[data-testid="stApp"]'), again = document.querySelector('.st-key-run_again button');
    const wait = () => new Promise(go_on => setTimeout(go_on, 100));
    again.disabled = true;  // nothing is asked of the server
    app.dataset.testConnectionState = 'RECONNECTING';
    await wait();
    again.querySelector('p').textContent = 'Run again, another word';
    app.dataset.testConnectionState = 'CONNECTED';
    await wait();
}"""  # the connection is gone and back, and only the top of the page is drawn again

STILL_HELD = f"""async () => {{
    for (let look = 0; look < 12; look += 1) await new Promise(go_on => setTimeout(go_on, 50));
    return {HELD};
}}"""  # after as many looks of the page itself, which come in the same order however slow it is

TWO_QUICK_TAPS = """async selector => {
    const tap = () => document.querySelector(selector).click();
    tap();
    await new Promise(go_on => setTimeout(go_on, 40));
    tap();
}"""  # the second before the browser has heard what the first one changed


def ticked(page: Page) -> list[str]:
    """The steps that have a tick now; the one that is shown has none."""
    steps = ("you", "safety", "what_matters", "options", "timeline")
    return [name for name in steps if page.locator(f".mc-step-done.mc-step-{name}").count()]


def test_what_was_looked_at_is_ticked_until_an_answer_changes(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "you", app.client())
    assert ticked(page) == ["safety", "what_matters"]
    for name in ("options", "timeline", "you"):
        step(page, name)
    assert ticked(page) == ["safety", "what_matters", "options", "timeline"]
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-step-open.mc-step-options")).to_be_visible()
    assert ticked(page) == ["safety", "what_matters"]
    page.locator(".st-key-undo button").tap()
    expect(page.locator(".mc-step-done.mc-step-options")).to_be_visible()


def test_a_choice_ticks_the_options_also_after_a_reload(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    choose(page, "Not yet")
    expect(page.locator(".st-key-card_choice .rr-small")).to_contain_text("Noted:")
    page.reload()
    wait_until_settled(page)
    step(page, "you")
    assert ticked(page) == ["safety", "what_matters", "options"]
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-step-open.mc-step-options")).to_be_visible()


def test_a_tap_that_completes_a_step_ticks_it_without_drawing_the_page_again(
    open_tablet: Open, app: RunningApp
) -> None:
    page = open_screen(open_tablet(""), "safety", app.client("nothing", age=44, concern="texture", event_date="none"))
    page.goto(page.url.replace("/safety", "/you"))
    wait_until_settled(page)
    before = page.evaluate(DRAWN_WHOLE)
    choose(page, "Rather not")
    expect(page.locator(".mc-answer-blood_draw_comfort")).to_be_attached()
    wait_until_settled(page)
    assert page.evaluate(DRAWN_WHOLE) == before
    step(page, "safety")
    assert ticked(page) == ["you"]


@pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
def test_a_number_leads_to_its_source_and_back_and_staff_stay_in_their_view(
    open_tablet: Open, app: RunningApp, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "options", app.client())
    staff_face(page)
    page.evaluate("window.samePage = true")
    page.locator("a.rc-visits:visible").first.tap()
    expect(page.locator(".st-key-card_number")).to_be_visible()
    wait_until_settled(page)
    assert page.evaluate("window.samePage")
    expect(page.locator(".st-key-view_client_off")).to_be_visible()
    address = page.url
    page.locator(".st-key-back button").tap()
    expect(page.locator(".st-key-card_staff")).to_be_visible()
    page.goto(address)
    wait_until_settled(page)
    expect(page.locator(".st-key-card_number")).to_be_visible()


def test_a_run_that_was_cut_short_does_not_free_the_buttons(open_tablet: Open, app: RunningApp) -> None:
    """Back from a restart the page runs twice, the first run mostly cut short by the second: the top of the page is new by
    then, but the server does not know the parts below, and would not hear a tap on them."""
    page = open_screen(open_tablet(""), "you", app.client(age=30))
    page.evaluate(CUT_SHORT)
    assert page.evaluate(STILL_HELD) is True
    page.locator(".st-key-run_again button").evaluate("again => { again.disabled = false; again.click(); }")
    page.wait_for_function(f"() => !({HELD})")
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-answer-age")).to_contain_text("31")


def test_back_leads_to_the_step_one_came_from_and_believes_no_nonsense(open_tablet: Open, app: RunningApp) -> None:
    draft_id, page = app.client(), open_tablet()
    for came_from, back in (("timeline", "Your timeline"), ("options", "Your options"), ("//evil", "Your options")):
        page.goto(f"/why?c={draft_id}&number=visits.prp_microneedling&from={came_from}")
        wait_until_settled(page)
        expect(page.locator(".st-key-back")).to_contain_text(back)


@pytest.mark.parametrize("wait", [1, 120, 400])
def test_a_button_takes_no_tap_that_would_be_lost(
    open_tablet: Open, app: RunningApp, allowed: list[str], wait: int
) -> None:
    """Nor does a link to another step, which would leave the page for the browser's own error."""
    allowed += ["DoInitPings", "WebSocket", "ERR_CONNECTION", "_stcore", "Failed to load", "not responding"]
    draft_id = app.client(age=30)
    page = open_screen(open_tablet(""), "you", draft_id)
    page.evaluate(TAP_WHEN_BACK, wait)
    app.restart()
    page.wait_for_function("() => window.taps.length === 2", timeout=90_000)
    wait_until_settled(page)
    taken = page.evaluate("window.taps.filter(one => one).length")
    assert page.evaluate("window.taps[0]") is False
    expect(page.locator(".st-key-field_age input")).to_have_value(f"{30 + taken} years")
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-answer-age")).to_contain_text(str(31 + taken))
    assert app.answers_of(draft_id)["age"] == 31 + taken


def test_of_two_quick_taps_both_count(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client("nothing", age=30)
    page = open_screen(open_tablet(""), "you", draft_id)
    page.evaluate(TWO_QUICK_TAPS, ".st-key-more_age button")
    expect(page.locator(".mc-answer-age")).to_contain_text("32")
    for name, chip in (("Texture and fine lines", "concern"), ("Rather not", "blood_draw_comfort")):
        choose(page, name)
        expect(page.locator(f".mc-answer-{chip}")).to_be_attached()
    wait_until_settled(page)
    page.evaluate(TWO_QUICK_TAPS, ".st-key-undo button")
    expect(page.locator(".mc-answer-concern")).to_have_count(0)
    expect(page.locator(".mc-answer-blood_draw_comfort")).to_have_count(0)
    expect(page.locator(".mc-answer-age")).to_contain_text("32")
    assert app.answers_of(draft_id) == {"age": 32}


def test_the_filters_of_the_treatment_mix_survive_a_reload(open_tablet: Open, practice: RunningApp) -> None:
    page = open_screen(open_tablet("", url=practice.url), "treatment_mix")
    choose(page, "24 months")
    expect(page).to_have_url(re.compile("period=24"))
    wait_until_settled(page)
    page.locator(".st-key-of_concern [role=combobox], .st-key-of_concern input").first.tap()
    page.get_by_role("option", name="Thinning hair").tap()
    expect(page).to_have_url(re.compile("of_concern=Thinning"))
    wait_until_settled(page)
    expect(page.locator(".st-key-card_mix_taken")).to_be_visible()
    page.reload()
    wait_until_settled(page)
    expect(page.get_by_role("radio", name="24 months")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_role("combobox", name="Concern")).to_have_value("Thinning hair")
    page.goto("/treatment_mix?period=99&of_concern=%3Cscript%3E")
    wait_until_settled(page)
    expect(page.get_by_role("radio", name="12 months")).to_have_attribute("aria-checked", "true")
    expect(page.locator(".st-key-card_mix_taken")).to_be_visible()
    wait_until_settled(page)
    heights = [card.bounding_box()["height"] for card in page.locator("[class*=st-key-card_mix_]").all()]  # type: ignore[index]
    assert max(heights) - min(heights) < 1


def test_capacity_by_months_at_one_location_survives_a_reload(open_tablet: Open, practice: RunningApp) -> None:
    page = open_tablet("/capacity?whose=Invented", url=practice.url)
    wait_until_settled(page)
    expect(page.locator(".st-key-needed_chair .main-svg").first).to_be_visible()
    hours = page.locator(".rr-text", has_text="Chair hours").first
    of_weeks = hours.inner_text()
    choose(page, "Months")
    expect(page).to_have_url(re.compile("capacity_step=Months"))
    expect(hours).not_to_have_text(of_weeks)  # the address comes before the page is drawn anew
    wait_until_settled(page)
    of_all = hours.inner_text()
    page.locator(".st-key-capacity_at [role=combobox], .st-key-capacity_at input").first.tap()
    page.get_by_role("option", name="Old Town").tap()
    expect(page).to_have_url(re.compile("capacity_at=Old"))
    expect(hours).not_to_have_text(of_all)
    wait_until_settled(page)
    total = hours.inner_text()
    page.reload()
    wait_until_settled(page)
    expect(page.get_by_role("radio", name="Months")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_role("combobox", name="Location")).to_have_value("Old Town")
    expect(page.locator(".rr-text", has_text="Chair hours").first).to_have_text(total)
    expect(page.locator(".st-key-needed_chair .main-svg").first).to_be_visible()


@pytest.mark.parametrize("portrait", [False, True], ids=["landscape", "portrait"])
def test_tabs_stand_on_one_line_and_four_answers_leave_none_over(
    open_tablet: Open, app: RunningApp, portrait: bool
) -> None:
    page = open_screen(open_tablet("", portrait=portrait), "safety", app.client())
    for part in ("first", "history", "last_days"):
        show_part(page, part)
        tops = {round(tab.bounding_box()["y"]) for tab in page.locator("[class*=st-key-part_] button").all()}  # type: ignore[index]
        assert len(tops) == 1
    step(page, "you")
    tops = [
        round(tap.bounding_box()["y"])
        for tap in page.locator("[class*='st-key-tap_'][class*='concern'] [role=radio]").all()
    ]  # type: ignore[index]
    assert [tops.count(top) for top in sorted(set(tops))] == [2, 2]
    steps = page.locator("a.mc-step").all()
    face = page.locator(".st-key-view_client_on a").bounding_box()
    assert face is not None
    for one in steps:
        box = one.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= face["x"] or box["y"] >= face["y"] + face["height"] - 1


def test_an_answer_that_a_browser_lost_sight_of_stays_an_answer(open_tablet: Open, app: RunningApp) -> None:
    """Only a tap on an answer takes it back. Here the look at the sign-in says that nothing is chosen."""
    draft_id = app.client()
    page = open_tablet("")
    forgotten: list[str] = []

    def forgets(message: str | bytes) -> str | bytes:
        told = BackMsg.FromString(message) if isinstance(message, bytes) else BackMsg()
        for one in told.rerun_script.widget_states.widgets if told.rerun_script.is_auto_rerun else ():
            if "tap_blood_draw_comfort" in one.id and not forgotten:
                forgotten.extend(one.string_array_value.data)
                del one.string_array_value.data[:]
        return told.SerializeToString() if forgotten and isinstance(message, bytes) else message

    def between(tablet: WebSocketRoute) -> None:
        server = tablet.connect_to_server()
        tablet.on_message(lambda message: server.send(forgets(message)))
        server.on_message(tablet.send)

    page.route_web_socket(re.compile("_stcore/stream"), between)
    open_screen(page, "you", draft_id)
    before = page.evaluate(DRAWN_WHOLE)
    page.wait_for_function(f"before => {DRAWN_WHOLE} !== before", arg=before)
    wait_until_settled(page)
    assert forgotten == ["Rather not"]
    assert app.answers_of(draft_id)["blood_draw_comfort"] == "rather_not"
    expect(page.get_by_role("radio", name="Rather not").first).to_have_attribute("aria-checked", "true")


# An answer, and beside it a message that has the whole page drawn again: `gap` ms later, or before.
BESIDE_A_WHOLE_RUN = """([words, gap]) => {
    const answer = [...document.querySelectorAll('[role=radio]')].find(one => one.innerText.trim() === words);
    const again = document.querySelector('.st-key-run_again button');
    const [first, then] = gap < 0 ? [again, answer] : [answer, again];
    first.click();
    setTimeout(() => then.click(), Math.abs(gap));
}"""


def test_an_answer_is_kept_and_stays_on_the_page_though_another_message_comes_at_once(
    open_tablet: Open, app: RunningApp
) -> None:
    """As "Next" right after it, or the page that comes back to itself: that ended the run which was just saving."""
    draft_id = app.client()
    page = open_screen(open_tablet(""), "you", draft_id)
    answers = {"Fine": "fine", "A bit uneasy": "uneasy", "Never": "never", "Rather not": "rather_not"}
    for gap in (-30, -8, 1, 4, 8, 12, 20):
        for words, answer in answers.items():
            wait_until_settled(page)
            page.evaluate(BESIDE_A_WHOLE_RUN, [words, gap])
            app.wait_for_answer(draft_id, "blood_draw_comfort", answer)
            chosen = page.get_by_role("radio", name=words, exact=True).first  # the question about needles has the same
            expect(chosen, f"{words}, {gap} ms").to_have_attribute("aria-checked", "true")


def test_a_page_that_has_become_empty_loads_itself_again(open_tablet: Open, app: RunningApp) -> None:
    """As when all of it was drawn inside a closed fold, or when the browser's own program has ended."""
    page = open_screen(open_tablet(""), "you", app.client())
    title = page.get_by_role("heading", level=1)
    for becomes_empty in (
        "main => { main.innerHTML = '<details><summary></summary>' + main.innerHTML + '</details>'; }",
        "main => document.getElementById('root').replaceChildren()",
    ):
        expect(title).to_be_visible()
        page.wait_for_timeout(1500)  # it looks once a second
        page.locator("[data-testid=stMain]").evaluate(becomes_empty)
        expect(title).to_have_count(0 if "root" in becomes_empty else 1)
        expect(title).to_be_visible()
        wait_until_settled(page)


def test_an_empty_page_loads_itself_again_twice_within_a_minute_and_no_more(open_tablet: Open, app: RunningApp) -> None:
    """In a browser that can't say whether something is visible, as Safari before 17.4."""
    page = open_tablet("")
    page.add_init_script("delete Element.prototype.checkVisibility")
    open_screen(page, "you", app.client())
    title = page.get_by_role("heading", level=1)
    for loads in (True, True, False):
        page.wait_for_timeout(1500)  # it looks once a second
        page.evaluate(
            "() => { document.querySelector('[data-testid=stMain]').replaceChildren(); window.stays = true; }"
        )
        if loads:
            expect(title).to_be_visible()
            wait_until_settled(page)
    page.wait_for_timeout(6000)
    assert page.evaluate("window.stays")


def test_an_empty_page_does_not_load_itself_again_while_the_server_does_not_answer(
    open_tablet: Open, app: RunningApp, allowed: list[str]
) -> None:
    allowed.append("503")
    page = open_screen(open_tablet(""), "you", app.client())
    page.route("**/_stcore/health", lambda asked: asked.fulfill(status=503))
    page.wait_for_timeout(1500)  # it looks once a second
    page.evaluate("() => { document.querySelector('[data-testid=stMain]').replaceChildren(); window.stays = true; }")
    page.wait_for_timeout(5000)
    assert page.evaluate("window.stays")
    page.unroute("**/_stcore/health")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_until_settled(page)


def test_a_page_does_not_load_itself_again_while_it_is_not_connected(
    open_tablet: Open, app: RunningApp, allowed: list[str]
) -> None:
    """The browser would show its own page then, of which nothing comes back."""
    allowed.append("ERR_INTERNET_DISCONNECTED")
    page = open_screen(open_tablet(""), "you", app.client())
    page.wait_for_timeout(1500)  # it looks once a second
    page.evaluate("window.stays = true")
    page.context.set_offline(True)
    page.locator("[data-testid=stMain]").evaluate("main => { main.style.display = 'none'; }")
    page.wait_for_timeout(6000)
    assert page.evaluate("window.stays")
    page.context.set_offline(False)
    page.wait_for_function("() => !window.stays")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("02/31/{year}", "There is no such day. Please look at it again."),
        ("31/12/{year}", "Here a date is typed like 12/31/20"),
        ("06/12/2050", "Please give a day from "),
        ("next June", "Please type a date like 12/31/20"),
    ],
)
def test_a_day_that_is_none_is_not_moved_and_the_words_stay_until_it_is_mended(
    open_tablet: Open, app: RunningApp, typed: str, why: str
) -> None:
    draft_id = app.client()
    stored = str(app.answers_of(draft_id)["event_date"])
    page = open_screen(open_tablet(""), "you", draft_id)
    field, refused = (
        page.locator(".st-key-field_event_date input"),
        page.locator(".st-key-bar_date_event_date .mc-refused"),
    )
    expect(field).to_have_css("background-color", PINE)
    field.tap()
    page.keyboard.type(typed.format(year=int(stored[:4]) + 1))
    page.keyboard.press("Enter")
    expect(refused).to_contain_text(why)
    expect(field).not_to_have_css("background-color", PINE)
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-answer-age")).to_contain_text("45")
    expect(refused).to_be_visible()
    assert app.answers_of(draft_id)["event_date"] == stored
    field.tap()
    page.keyboard.type(f"June 12, {int(stored[:4]) + 1}")
    page.keyboard.press("Enter")
    app.wait_for_answer(draft_id, "event_date", f"{int(stored[:4]) + 1}-06-12")
    expect(refused).to_have_count(0)
    expect(field).to_have_css("background-color", PINE)
    expect(field).to_have_value(f"06/12/{int(stored[:4]) + 1}")


def test_a_day_from_the_calendar_is_saved_and_its_arrows_stay_where_they_are(
    open_tablet: Open, app: RunningApp
) -> None:
    draft_id = app.client(event_date="none")
    page = open_screen(open_tablet(""), "you", draft_id)
    page.locator(".st-key-calendar_event_date button").first.tap()
    shown, onward = page.locator("[data-testid=stDateInputCalendar]"), page.get_by_role("button", name="Next month")
    seen, places = set(), set()
    for _ in range(9):
        name = shown.locator("h2").first.inner_text()
        seen.add(shown.locator("tr").count())
        places.add(tuple(box.values()) if (box := onward.bounding_box()) else ())
        onward.tap()
        expect(shown.locator("h2").first).not_to_have_text(name)
    assert len(seen) > 1, "months of five and of six weeks"
    assert all(max(side) - min(side) < 2 for side in zip(*places, strict=True)), places  # it was 52 px
    shown.get_by_role("button", name=re.compile(r"\b15, 20\d\d")).first.tap()
    expect(page.locator(".st-key-field_event_date input")).to_have_value(re.compile(r"^\d\d/15/20\d\d$"))
    wait_until_settled(page)
    assert str(app.answers_of(draft_id)["event_date"]).endswith("-15")


def test_a_number_or_a_day_that_is_still_typed_does_not_look_chosen_and_enter_saves_it(
    open_tablet: Open, app: RunningApp
) -> None:
    draft_id = app.client(age=44)
    stored = str(app.answers_of(draft_id)["event_date"])
    page = open_screen(open_tablet(""), "you", draft_id)
    for key, typed, question, answer in (
        ("age", "52", "age", 52),
        ("event_date", f"{int(stored[:4]) + 1}-06-12", "event_date", f"{int(stored[:4]) + 1}-06-12"),
    ):
        field = page.locator(f".st-key-field_{key} input")
        field.fill(typed)
        expect(field).not_to_have_css("background-color", PINE)
        assert app.answers_of(draft_id)[question] != answer
        field.press("Enter")
        app.wait_for_answer(draft_id, question, answer)
        expect(field).to_have_css("background-color", PINE)
    with app.store() as store:
        draft = records.load_draft(store, draft_id)
    assert draft is not None
    assert draft.revision == 3, "each of the two is saved once"


def test_a_number_out_of_range_is_not_taken_and_says_which_are(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client(age=44)
    page = open_screen(open_tablet(""), "you", draft_id)
    field, refused = page.locator(".st-key-field_age input"), page.locator(".st-key-bar_number_age .mc-refused")
    expect(refused).to_have_count(0)
    field.fill("200")
    field.press("Enter")
    expect(refused).to_have_text("Please give a whole number from 0 to 120.")
    expect(refused).to_be_visible()
    expect(page.locator(".st-key-bar_number_budget .mc-refused")).to_have_count(0)
    field.fill("45")
    field.press("Enter")
    expect(refused).to_have_count(0)
    app.wait_for_answer(draft_id, "age", 45)


UNREAD = """() => new Promise(done => {
    const button = () => document.querySelector('[class*="st-key-try_"] button');
    button().scrollIntoView({block: 'center'});
    const look = () => {
        if (button().getAttribute('kind') !== 'primary') return setTimeout(look, 5);
        const box = button().getBoundingClientRect(), hit = document.elementFromPoint(box.x + 20, box.y + 20);
        done(!button().contains(hit));
    };
    button().click();
    look();
})"""


def test_a_double_tap_on_a_change_tries_it_and_does_not_come_back_at_once(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "options", app.client())
    assert page.evaluate(UNREAD) is True
    tried = page.locator("[class*='st-key-try_'] button[kind=primary]")
    tried.tap()  # a moment later it is the way back
    expect(tried).to_have_count(0)


def finger(page: Page, what: Locator, milliseconds: int) -> None:
    """A touch as a hand makes it: it stays for a moment. No hand is there in the half second in which a new screen takes none."""
    page.wait_for_function("() => !document.documentElement.classList.contains('medspa-unread')")
    box = what.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    with inside(page) as touch:
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        page.wait_for_timeout(milliseconds)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("held", [0, 90])
@pytest.mark.parametrize("way", [".st-key-main_next button", "a.mc-step-options"])
def test_what_was_typed_is_kept_when_a_finger_goes_from_its_field_straight_to_another_page(
    open_tablet: Open, app: RunningApp, way: str, held: int
) -> None:
    draft_id = app.client(age=62)
    page = open_screen(open_tablet(""), "you", draft_id)
    page.locator(".st-key-field_age input").tap()
    page.keyboard.press("Control+A")
    page.keyboard.type("63")
    finger(page, page.locator(way), held)
    expect(page.locator(".mc-step-now.mc-step-you")).to_have_count(0)
    app.wait_for_answer(draft_id, "age", 63)
    page = open_screen(page, "you", draft_id)
    day = page.locator(".st-key-field_event_date input")
    day.tap()
    year = datetime.now(UTC).year + 1
    page.keyboard.type(f"06/12/{year}")
    finger(page, page.locator(way), held)
    expect(page.locator(".mc-step-now.mc-step-you")).to_have_count(0)
    app.wait_for_answer(draft_id, "event_date", f"{year}-06-12")


def asked_of(page: Page) -> list[BackMsg]:
    """What this page goes on to ask of the server, but for its look every few seconds."""
    asked: list[BackMsg] = []

    def heard(payload: bytes | str) -> None:
        message = BackMsg.FromString(payload if isinstance(payload, bytes) else payload.encode())
        if not message.rerun_script.is_auto_rerun:
            asked.append(message)

    page.on("websocket", lambda socket: socket.on("framesent", heard))
    return asked


@pytest.mark.parametrize("way", [".st-key-main_next button", "a.mc-step-options"])
def test_a_tap_after_typing_waits_for_the_server_to_hear_of_the_number_however_long_that_takes(
    open_tablet: Open, app: RunningApp, way: str
) -> None:
    """No set time: a server that is busy for longer is asked for the next page only when it has said that it has the number."""
    draft_id = app.client(age=62)
    page = open_tablet("")
    asked = asked_of(page)
    open_screen(page, "you", draft_id)
    page.locator(".st-key-field_age input").tap()
    page.keyboard.type("63")
    asked.clear()
    assert app.process is not None
    app.process.send_signal(signal.SIGSTOP)
    try:
        finger(page, page.locator(way), 0)
        page.wait_for_timeout(1500)
        assert len(asked) == 1, asked
    finally:
        app.process.send_signal(signal.SIGCONT)
    expect(page.locator(".mc-step-now.mc-step-you")).to_have_count(0)
    assert len(asked) == 2
    app.wait_for_answer(draft_id, "age", 63)


def test_words_that_were_typed_on_a_safety_card_are_kept_when_a_finger_goes_straight_on(
    open_tablet: Open, app: RunningApp
) -> None:
    draft_id = app.client(anaemia=None)
    page = open_screen(open_tablet(""), "safety", draft_id)
    words = page.locator('[class*="st-key-field_"] textarea').first
    page.locator(".st-key-typed_medicines_text summary").tap()
    words.fill("a ring, left hand")
    assert app.process is not None
    app.process.send_signal(signal.SIGSTOP)
    try:
        finger(page, page.locator("a.mc-step-options"), 0)
        page.wait_for_timeout(1500)
    finally:
        app.process.send_signal(signal.SIGCONT)
    expect(page.locator(".mc-step-now.mc-step-safety")).to_have_count(0)
    wait_until_settled(page)
    assert "a ring, left hand" in app.answers_of(draft_id).values()


@pytest.mark.parametrize("typed", ["2,500", "2.500", "$2,500.00", "2500,00", "2 500"])
def test_an_amount_is_understood_in_the_ways_people_write_it(open_tablet: Open, app: RunningApp, typed: str) -> None:
    """A tap on the field selects all that is in it: what is typed then takes its place."""
    draft_id = app.client(budget=1800)
    page = open_screen(open_tablet(""), "you", draft_id)
    field = page.locator(".st-key-field_budget input")
    expect(field).to_have_value("$1,800")
    field.tap()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    app.wait_for_answer(draft_id, "budget", 2500)
    expect(field).to_have_value("$2,500")
    expect(page.locator(".st-key-bar_number_budget .mc-refused")).to_have_count(0)


@pytest.mark.parametrize("typed", ["2.5k", "2.50", "about 3", "-5"])
def test_what_is_no_whole_amount_changes_nothing_and_the_words_stay_until_it_is_mended(
    open_tablet: Open, app: RunningApp, typed: str
) -> None:
    draft_id = app.client(budget=1800)
    page = open_screen(open_tablet(""), "you", draft_id)
    field, refused = page.locator(".st-key-field_budget input"), page.locator(".st-key-bar_number_budget .mc-refused")
    field.tap()
    page.keyboard.insert_text(typed)  # as pasted
    page.keyboard.press("Enter")
    expect(refused).to_have_text("Please give a whole number from 1 to 1,000,000.")
    expect(field).not_to_have_css("background-color", PINE)
    page.locator(".st-key-more_age button").tap()
    expect(page.locator(".mc-answer-age")).to_contain_text("45")
    step(page, "safety")
    step(page, "you")
    expect(refused).to_be_visible()
    expect(field).to_have_value(typed)
    assert app.answers_of(draft_id)["budget"] == 1800
    field.tap()
    page.keyboard.type("2600")
    page.keyboard.press("Enter")
    app.wait_for_answer(draft_id, "budget", 2600)
    expect(refused).to_have_count(0)


def test_a_typed_number_that_is_no_answer_gives_way_to_another_answer(open_tablet: Open, app: RunningApp) -> None:
    draft_id = app.client(budget=1800)
    page = open_screen(open_tablet(""), "you", draft_id)
    field = page.locator(".st-key-field_budget input")
    field.tap()
    page.keyboard.type("lots")
    page.locator(".st-key-tap_also_budget [role=radio]").tap()
    app.wait_for_answer(draft_id, "budget", "any")
    expect(field).to_have_value("")
    expect(page.locator(".st-key-bar_number_budget .mc-refused")).to_have_count(0)


def test_plus_and_minus_wait_while_a_number_is_out_of_range(open_tablet: Open, app: RunningApp) -> None:
    page = open_screen(open_tablet(""), "you", app.client(age=44))
    field = page.locator(".st-key-field_age input")
    field.fill("445")
    field.press("Enter")
    expect(page.locator(".st-key-more_age")).to_have_css("pointer-events", "none")
    field.fill("45")
    field.press("Enter")
    expect(page.locator(".st-key-more_age")).not_to_have_css("pointer-events", "none")


def test_no_grey_bars_flash_while_a_page_comes(open_tablet: Open, app: RunningApp) -> None:
    """Streamlit draws one for each field until its code has come: mostly a tenth of a second, after a reload up to one."""
    page = open_screen(open_tablet(""), "you", app.client())
    drawn = """() => {
        const bar = document.createElement('div');
        bar.dataset.testid = 'stSkeleton';
        document.body.append(bar);
        const style = getComputedStyle(bar), found = [style.opacity, style.animationName, style.animationDelay];
        bar.remove();
        return found;
    }"""
    assert page.evaluate(drawn) == ["0", "late", "1s"]
