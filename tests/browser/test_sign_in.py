"""Signing in and being locked out, in a real browser: nothing of a client stays on a tablet nobody is signed in to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from medspa_core import access
from medspa_core.access import Role
from tests.browser.conftest import ROOT, RunningApp, wait_until_settled
from tests.browser.screens import choose, unfold
from tests.practice import PASSWORD, hire, opened
from views.session import signed_in

CLIENT = "Quiet client 12"
Tablet = Callable[..., Page]


def start(page: Page) -> str:
    """A consultation under CLIENT; says its address."""
    page.locator(".st-key-code_name input").fill(CLIENT)
    page.locator(".st-key-start_new button").tap()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    expect(page.locator(".mc-who")).to_have_text(CLIENT)
    return page.url


def sign_in_by_hand(page: Page, name: str) -> None:
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()


def test_a_signed_out_tablet_goes_to_the_sign_in_page_and_back_to_where_it_was(open_tablet: Tablet) -> None:
    page = open_tablet("/what_matters", who="", settle=False)
    expect(page).to_have_url(re.compile(r"/signin\?next=%2Fwhat_matters$"))
    sign_in_by_hand(page, "ana")
    expect(page.locator(".mc-title").first).to_be_visible()


def test_signing_out_behind_the_curtain_leaves_nothing_and_the_draft_comes_back(
    tablet: Page, allowed: list[str]
) -> None:
    allowed += ["Failed to load resource"]
    start(tablet)
    tablet.locator(".st-key-lock button").tap()
    tablet.locator(".st-key-sign_out button").tap()
    expect(tablet).to_have_url(re.compile("/signin"))
    assert CLIENT not in tablet.content()
    sign_in_by_hand(tablet, "ana")
    expect(tablet.locator(".mc-who")).to_have_text(CLIENT)


def test_a_revoked_colleagues_open_page_is_emptied_by_itself(
    app: RunningApp, open_tablet: Tablet, allowed: list[str]
) -> None:
    allowed += ["Failed to load resource"]
    person = hire(app.home, "bea", [Role.CLINICIAN])
    page = open_tablet(who="bea")
    start(page)
    with opened(app.home) as store:
        access.disable_person(store, person.id, datetime.now(UTC), None)
    expect(page.get_by_text(CLIENT)).to_have_count(0)
    expect(page).to_have_url(re.compile("/signin"))


def test_an_open_page_asks_often_enough_to_be_empty_within_ten_seconds() -> None:
    """What the test above sees happen, on however slow a machine: the page asks, waits for an answer, and counts misses."""
    told = (ROOT / "gate" / "lock.js").read_text("utf-8")
    every, patience = (int(re.findall(rf"{name} = (\d+)", told)[0]) for name in ("EVERY", "PATIENCE"))
    assert every + patience < 10_000 and signed_in.POLL_SECONDS < 10


@pytest.mark.parametrize("reloaded", [False, True])
def test_an_offline_tablet_is_covered_and_shows_the_client_again_when_back(
    tablet: Page, allowed: list[str], reloaded: bool
) -> None:
    """Also where the page was opened at its own address, as after a reload."""
    allowed += ["DoInitPings", "ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to load resource"]
    start(tablet)
    if reloaded:
        tablet.reload()
        expect(tablet.locator(".mc-who")).to_have_text(CLIENT)
    wait_until_settled(tablet)  # a browser that has not loaded all of the page can't load the rest while it is offline
    tablet.context.set_offline(True)
    expect(tablet.locator("#spa-cover")).to_be_visible()
    tablet.context.set_offline(False)
    expect(tablet.locator("#spa-cover")).to_have_count(0)
    expect(tablet.locator(".mc-who")).to_have_text(CLIENT)


@pytest.mark.parametrize("path", ["/signin", "/device", "/recover"])
def test_the_gates_pages_fit_a_tablet_and_a_finger_and_need_no_script(open_tablet: Tablet, path: str) -> None:
    page = open_tablet(path, portrait=True, who="", settle=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.scripts.length") == 0
    for box in page.evaluate(
        "[...document.querySelectorAll('a, input:not([type=hidden]), select, button')].map(e => e.offsetHeight)"
    ):
        assert box >= 44


def test_the_owner_adds_a_colleague_who_chooses_a_password_and_sees_no_people_page(
    tablet: Page, open_tablet: Tablet, settled: Callable[..., Page]
) -> None:
    tablet.goto("/people")
    settled(tablet)
    for field, name in (("new_shown", "Carla"), ("new_name", "carla")):
        tablet.locator(f".st-key-{field} input").fill(name)
        tablet.locator(f".st-key-{field} input").press("Tab")
        settled(tablet)
        expect(tablet.locator(f".st-key-{field} input")).to_have_value(name)
    tablet.locator(".st-key-tap_new_roles").get_by_text("Aesthetician").tap()
    settled(tablet)
    tablet.locator(".st-key-add_person button").tap()
    told = tablet.locator(".st-key-mist_told")
    expect(told).to_be_in_viewport(ratio=1)
    expect(told).to_contain_text("carla")
    code = re.findall(r"(?:[A-Z0-9]{4}-){7}[A-Z0-9]{4}", told.inner_text())[0]
    theirs = open_tablet("/recover", who="", settle=False)
    theirs.get_by_label("Sign-in name").fill("carla")
    theirs.get_by_label("Code").fill(code)
    theirs.get_by_label("New password").fill(PASSWORD)
    theirs.get_by_role("button", name="Set it").tap()
    expect(theirs).to_have_url(re.compile("/signin"))
    sign_in_by_hand(theirs, "carla")
    expect(theirs.locator(".st-key-start_new")).to_be_visible()


def test_after_the_idle_lock_the_draft_is_where_it_was(
    app: RunningApp, open_tablet: Tablet, allowed: list[str]
) -> None:
    allowed += ["Failed to load resource"]
    hire(app.home, "idle", [Role.CLINICIAN])
    page = open_tablet(who="idle")
    start(page)
    choose(page, "Texture and fine lines")
    expect(page.locator(".mc-answer-concern")).to_be_attached()
    address = page.url
    with opened(app.home) as store:
        now = datetime.now(UTC)
        mine = next(one for one in access.list_open(store, now) if one.person.sign_in_name == "idle")
        assert access.sign_in_of(store, mine.id, now + timedelta(minutes=10)).ended == "idle"  # type: ignore[union-attr]
    expect(page).to_have_url(re.compile("/signin"))
    assert CLIENT not in page.content()
    sign_in_by_hand(page, "idle")
    expect(page.locator(".mc-who")).to_have_text(CLIENT)
    expect(page.locator(".mc-answer-concern")).to_be_attached()
    assert page.url == address


HOSTILE = [
    "<img src=http://evil.example/a.png onerror=alert(1)>",
    "![x](http://evil.example/b.png) **b** :material/lock: $x$",
    '=HYPERLINK("http://evil.example","x")',
    "اسم עברית ناعم",
    "Robert'); DROP TABLE people;--",
    "https://evil.example/c www.evil.example d@evil.example",
]
LINKS = "a[href*='evil.example']"


def test_hostile_names_of_people_places_and_tablets_are_text_and_ask_for_nothing_outside(
    app: RunningApp, open_tablet: Tablet, settled: Callable[..., Page]
) -> None:
    """A request to anywhere else fails every test; here the names try to make one, on every page that shows a name."""
    with opened(app.home) as store:
        now, page_of = datetime.now(UTC), open_tablet
        owner = next(one for one in access.list_people(store) if one.sign_in_name == "ana")
        for number, name in enumerate(HOSTILE):
            place = access.add_location(store, name, now)
            roles = [Role.OWNER, Role.AESTHETICIAN]
            one = access.add_person(store, f"hostile{number}", name, roles, [place.id], now, password=PASSWORD)
            access.add_licence(store, one.id, access.Licence("draw", "CA", name[:40]), now, owner.id)
            _, code = access.invite_device(store, name, place.id, now, owner.id)
            access.enrol_device(store, code, ["address:test"], now)
            access.open_glass(store, access.load_person(store, one.id), f"{name} and a reason", now)
    page = page_of("/people")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    unfold(page)
    shown = (
        page.locator("body").inner_text().replace("\u2060", "")
    )  # what keeps an address in a label from being a link
    for name in HOSTILE:
        assert shown.count(name) >= 4, name
    assert page.locator(f"img, {LINKS}").count() == 0
    page.goto("/")
    settled(page)
    for name in HOSTILE:
        expect(page.get_by_text(f"{name} and a reason")).to_be_visible()
    theirs = open_tablet("/own", who="hostile0", settle=False)
    expect(theirs.get_by_text(HOSTILE[0])).to_be_visible()
    theirs.goto("/take-back")
    expect(theirs.get_by_label(f"Password of {HOSTILE[0]}")).to_be_visible()
    for one in (page, theirs):
        assert one.locator(f"img, {LINKS}").count() == 0
    with opened(app.home) as store:
        for glass in access.unseen_glass(store, owner):
            access.acknowledge_glass(store, glass.id, owner, datetime.now(UTC))
        for one in access.list_people(store):
            if one.sign_in_name.startswith("hostile"):
                access.disable_person(store, one.id, datetime.now(UTC), owner.id)
