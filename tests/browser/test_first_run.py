"""A clinic's first quarter of an hour, by hand in Chromium: trial, owner, recovery sheet, colleague, tablet, PIN."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, free_port, wait_until_settled
from tests.practice import PASSWORD

Tablet = Callable[..., Page]
PIN = "402917"
CODE = re.compile(r"\b(?:[A-Z0-9]{4}-)+[A-Z0-9]{4}\b")


@pytest.fixture
def fresh(chromium: str, tmp_path: Path) -> Iterator[tuple[RunningApp, str]]:
    """What `make run` does in a fresh folder (without the invented practice): the program, and the code it printed."""
    app = RunningApp(home=tmp_path / "home", port=free_port(), log=tmp_path / "server.log")
    printed = app.command("first-start", "--empty").stdout
    app.start()
    yield app, CODE.findall(printed)[0]
    app.stop()


def snap(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_from_a_fresh_start_to_a_colleague_and_a_tablet(
    open_tablet: Tablet,
    fresh: tuple[RunningApp, str],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    allowed: list[str],
) -> None:
    allowed += ["DoInitPings", "Failed to load resource", "WebSocket"]
    app, code = fresh
    page = open_tablet(url=app.url, who="")
    begin = time.monotonic()
    expect(page.get_by_text("This is a trial")).to_be_visible()
    snap(page, tmp_path, "1_trial")
    page.get_by_role("link", name="Set up your practice").tap()
    page.get_by_label("Code").fill(code)
    page.get_by_label("Name of the practice").fill("Main street")
    page.get_by_label("Your name").fill("Olga Ortiz")
    page.get_by_label("Sign-in name").fill("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I talk with clients").check()
    snap(page, tmp_path, "2_owner")
    page.get_by_role("button", name="Make the owner's account").tap()
    page.get_by_role("button", name="Show the sheet").tap()
    expect(page.locator(".code")).to_have_text(CODE)
    expect(page.locator(".keys")).to_contain_text("opens the backups")
    snap(page, tmp_path, "3_sheet")
    page.goto("/people")  # there is no way past the sheet
    expect(page.get_by_role("button", name="Show the sheet")).to_be_visible()
    page.get_by_role("button", name="Show the sheet").tap()
    page.get_by_label("I have printed it").check()
    page.get_by_role("button", name="Go on to tablets and colleagues").tap()
    wait_until_settled(page, 30)
    expect(page.get_by_role("heading", name="People and tablets")).to_be_visible()
    record_property("seconds by machine, fresh to the owner's page", round(time.monotonic() - begin, 1))
    page.locator(".st-key-new_tablet input").fill("Tablet 1")
    page.locator(".st-key-add_tablet button").tap()
    told = page.locator(".st-key-mist_told")
    expect(told).to_contain_text("Enrol this tablet")
    tablet_code = CODE.findall(told.inner_text())[0]
    snap(page, tmp_path, "4_people")
    tablet = open_tablet("/", url=app.url, who="", settle=False)
    tablet.get_by_role("link", name="Enrol this tablet").tap()
    tablet.get_by_label("Code").fill(tablet_code)
    tablet.get_by_role("button", name="Enrol").tap()
    expect(tablet.get_by_text("This tablet is enrolled.")).to_be_visible()  # nobody has a PIN yet
    page.get_by_role("link", name="Your sign-in").tap()
    snap(page, tmp_path, "5_own")
    page.get_by_role("link", name="Choose a PIN").tap()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Keep it").tap()
    expect(page.get_by_role("heading", name="New consultation")).to_be_visible()  # the PIN is kept: home again
    tablet.reload()
    expect(tablet.get_by_label("Who are you?")).to_be_visible()
    snap(tablet, tmp_path, "6_pin")
    tablet.get_by_label("PIN").fill(PIN)
    tablet.get_by_role("button", name="Sign in").tap()
    wait_until_settled(tablet, 30)
    tablet.locator(".st-key-code_name input").fill("B-12")
    tablet.locator(".st-key-start_new button").tap()
    expect(tablet.get_by_role("heading", name="About you")).to_be_visible()
    wait_until_settled(tablet)
    snap(tablet, tmp_path, "7_client_view")
    address = tablet.url
    tablet.goto("/")  # a client tries to find a way out
    wait_until_settled(tablet, 30)
    expect(tablet.locator(".mc-who")).to_have_text("B-12")
    tablet.locator(".st-key-lock button").tap()
    expect(tablet.locator(".st-key-curtain")).to_be_visible()
    wait_until_settled(tablet)
    snap(tablet, tmp_path, "8_curtain")
    tablet.get_by_role("link", name="Go on").tap()
    snap(tablet, tmp_path, "9_take_back")
    tablet.get_by_label("PIN of Olga Ortiz").fill("111222")
    tablet.get_by_role("button", name="Go on").tap()
    expect(tablet.get_by_role("alert")).to_be_visible()
    tablet.get_by_label("PIN of Olga Ortiz").fill(PIN)
    tablet.get_by_role("button", name="Go on").tap()
    expect(tablet.locator(".mc-who")).to_have_text("B-12", timeout=20_000)
    assert tablet.url.split("?")[1] == address.split("?")[1]
