"""Every screen of the program and how a finger gets there, for the checks and the pictures that need all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import quote

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import LANDSCAPE, PORTRAIT, wait_until_settled
from tests.browser.desk import Desk
from tests.practice import PASSWORD

MOST_ROUNDS = 20
SAFETY_PARTS = ("first", "history", "together", "last_days")


def open_screen(page: Page, path: str, draft_id: str = "") -> Page:
    """A screen by its address, as after a reload. Where a client holds the tablet for another, it is taken back first."""
    address = f"/{path}?c={draft_id}" if draft_id else f"/{path}"
    page.goto(address)
    wait_until_settled(page)
    if draft_id not in page.url or (path and f"/{path}" not in page.url):
        take_back(page, address)
    return page


def take_back(page: Page, address: str = "/") -> Page:
    """The staff take the tablet back with their password, and go on to another address."""
    page.goto(f"/take-back?next={quote(address, safe='')}")
    return give_password(page)


def give_password(page: Page) -> Page:
    """Types the password where the gate asks for it, and waits for the page it leads to."""
    page.locator("input[name=secret]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").tap()
    page.wait_for_url(lambda url: "/take-back" not in url)
    return wait_until_settled(page)


def step(page: Page, name: str) -> None:
    """Another step of the consultation, by its link in the bar on top."""
    if not page.locator(f".mc-step-now.mc-step-{name}").count():
        page.locator(f"a.mc-step-{name}").tap()
    expect(page.locator(f".mc-step-now.mc-step-{name}")).to_be_visible()
    wait_until_settled(page)


def tap(page: Page, key: str, then: str) -> None:
    """Taps the button of a key and waits until `then` is there."""
    page.locator(f".st-key-{key} button").first.tap()
    expect(page.locator(then).first).to_be_visible()
    wait_until_settled(page)


def choose(page: Page, name: str, *, exact: bool = False) -> None:
    """Taps an answer by its words, and waits until it is chosen. While Streamlit draws a page again it may be there twice."""
    wait_until_settled(page)
    answer = page.get_by_role("radio", name=name, exact=exact)
    answer.first.tap()
    expect(answer.first).to_have_attribute("aria-checked", "true")


def staff_face(page: Page) -> None:
    """From what a client reads to what staff read: a tap, and the password."""
    page.locator(".st-key-view_client_on a").tap()
    give_password(page)
    expect(page.locator(".st-key-view_client_off")).to_be_visible()


def show_part(page: Page, part: str) -> None:
    """One of the four parts of the safety questions."""
    tap(page, f"part_{part}", f".st-key-part_{part} button[kind=primary]")


def show_chart(page: Page, words: str, chart: str) -> None:
    """One of the three charts of the timeline, by the words of its switch."""
    page.get_by_role("radio", name=words).tap()
    expect(page.locator(f".tl-card-{chart}")).to_be_visible()
    wait_until_settled(page)


def client_screens(page: Page, draft_id: str) -> Iterator[str]:
    """Walks through all that a client may see, from the home page on, and names each screen it stops at."""
    yield "home"
    tap(page, "tour_start", ".st-key-card_tour")
    yield "tour"
    open_screen(page, "you", draft_id)
    yield "you"
    step(page, "safety")
    for part in SAFETY_PARTS:
        show_part(page, part)
        yield f"safety_{part}"
    step(page, "what_matters")
    yield "what_matters"
    unfold(page)
    yield "what_matters_more"
    step(page, "options")
    yield "options"
    tap(page, "feels_button", "[role=dialog]")
    yield "options_each_step"
    page.keyboard.press("Escape")
    expect(page.locator("[role=dialog]")).to_have_count(0)
    tap(page, "try_0", ".st-key-sand_trying")
    page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0)")  # nothing half under the strip
    yield "options_trying"
    page.locator(".st-key-come_back button").tap()
    expect(page.locator(".st-key-sand_trying")).to_have_count(0)
    step(page, "timeline")
    yield "timeline_calendar"
    show_chart(page, "One visit", "visit")
    yield "timeline_visit"
    show_chart(page, "Cost over time", "cost")
    yield "timeline_cost"
    step(page, "plan")
    choose(page, "Not yet")
    expect(page.locator(".st-key-date_look_again")).to_be_visible()
    wait_until_settled(page)
    yield "plan"
    step(page, "options")
    tap(page, "why_button", ".st-key-card_filters")
    yield "why"
    open_screen(page, "plan", draft_id)
    page.locator(".st-key-main_next_here button").tap()
    expect(page.locator(".kp-sheet")).to_be_visible()
    wait_until_settled(page)
    yield "finished"
    tap(page, "lock", ".st-key-curtain")
    yield "curtain"


def staff_screens(page: Page, draft_id: str) -> Iterator[str]:
    """The same with the other face on."""
    open_screen(page, "you", draft_id)
    staff_face(page)
    yield "you"
    for name in ("safety", "what_matters", "options", "timeline", "plan"):
        step(page, name)
        yield name
    step(page, "options")
    tap(page, "why_button", ".st-key-card_filters")
    yield "why"


def desk_screens(page: Page, desk: Desk) -> Iterator[str]:
    """Walks through the staff's own pages, what folds open is open, and names each page it stops at."""
    open_screen(page, "clients")
    tap(page, "look_alike", "[class*=st-key-card_alike]")
    yield "clients"
    tap(page, f"client_{desk.client}", ".st-key-client_start")
    tap(page, f"look_{desk.finished}", f".st-key-screens_{desk.finished}")
    unfold(page)
    to_the_top(page)
    yield "client"
    tap(page, f"sessions_{desk.order}", "[class*=st-key-card_session]")
    yield "sessions"
    way(page, "kept")
    tap(page, "look_past", ".mc-table")
    yield "kept"
    way(page, "review")
    yield "review_list"
    open_screen(page, "review", desk.reviewed)
    unfold(page)
    yield "review"
    way(page, "approval")
    unfold(page)
    yield "approval"
    way(page, "audit")
    field = page.locator(".st-key-audit_typed input")
    field.fill("M-1")
    field.press("Enter")
    expect(page.locator(".st-key-card_answer .mc-table")).to_be_visible()
    wait_until_settled(page)
    yield "audit"
    way(page, "store")
    if not page.locator(".st-key-card_backups .mc-table").count():
        tap(page, "make_backup", ".st-key-card_backups .mc-table")
    yield "store"
    way(page, "people")
    unfold(page)
    to_the_top(page)
    yield "people"
    way(page, "compare")
    for chart in ("compare_time", "compare_visit", "compare_cost"):
        expect(page.locator(f".st-key-{chart} .main-svg").first).to_be_visible()
    unfold(page)
    to_the_top(page)
    yield "compare"
    way(page, "figures")
    page.locator(".st-key-whose button", has_text="Invented").tap()
    expect(page.locator(".st-key-week_consultations .main-svg").first).to_be_visible()
    wait_until_settled(page)
    yield "week"
    way(page, "treatment_mix")
    page.locator(".st-key-whose button", has_text="Invented").tap()
    for chart in ("mix_recommended", "mix_chosen", "pair"):
        page.locator(f".st-key-{chart}").first.scroll_into_view_if_needed()
        expect(page.locator(f".st-key-{chart} .main-svg").first).to_be_visible()
    to_the_top(page)
    yield "treatment_mix"
    way(page, "agreement")
    page.locator(".st-key-whose button", has_text="Invented").tap()
    expect(page.locator(".st-key-agreement_funnel .main-svg").first).to_be_visible()
    to_the_top(page)
    yield "agreement"
    way(page, "capacity")
    page.locator(".st-key-whose button", has_text="Our clients").tap()  # the page before showed the invented practice
    tap(page, "to_hours", ".st-key-keep_hours")
    wait_until_settled(page)
    yield "opening_hours"
    way(page, "capacity")
    page.locator(".st-key-whose button", has_text="Invented").tap()
    expect(page.locator(".st-key-needed_chair .main-svg").first).to_be_visible()
    unfold(page)
    to_the_top(page)
    yield "capacity"
    way(page, "money")
    page.locator(".st-key-whose button", has_text="Invented").tap()
    expect(page.locator(".st-key-money_revenue .main-svg").first).to_be_visible()
    to_the_top(page)
    yield "money"
    way(page, "month")
    page.locator(".st-key-whose button", has_text="Invented").tap()
    expect(page.locator(".st-key-card_month_more")).to_be_visible()
    to_the_top(page)
    yield "month"
    way(page, "import_sales")
    yield "import_sales"


def to_the_top(page: Page) -> None:
    """A page as one who opens it sees it first."""
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 0)")


def way(page: Page, name: str) -> None:
    """Another page of the staff, by the line on top."""
    page.locator(f".st-key-way_{name} button").tap()
    expect(page.locator(f".st-key-way_{name}")).to_have_count(0)
    wait_until_settled(page)


def turn(page: Page, *, portrait: bool) -> None:
    """Turns the tablet and waits until the page is drawn as it then is: no box moves from one frame to the next."""
    page.set_viewport_size(PORTRAIT if portrait else LANDSCAPE)
    page.wait_for_function(
        """width => {
            const boxes = [...document.querySelectorAll('[data-testid=stMain] *')].map(one => one.getBoundingClientRect());
            const now = boxes.map(box => [box.x, box.width, box.height].map(Math.round)).join();
            const still = window.innerWidth === width && now === window.lastBoxes;
            window.lastBoxes = now;
            return still;
        }""",
        arg=(PORTRAIT if portrait else LANDSCAPE)["width"],
        polling=100,
    )
    wait_until_settled(page)


def unfold(page: Page) -> None:
    """Opens all that folds, also what is only drawn once something else is open."""
    folded = page.locator(":is([data-testid=stExpander] details, details.mc-fold):not([open])")
    for _ in range(MOST_ROUNDS):
        if not folded.count():
            return
        folded.evaluate_all("all => all.forEach(one => one.querySelector('summary').click())")
        with contextlib.suppress(PlaywrightTimeout):  # tapped while the page was drawn anew: the next round taps again
            expect(folded).to_have_count(0, timeout=2000)
        wait_until_settled(page)
    raise AssertionError(f"something folds again and again on {page.url}")
