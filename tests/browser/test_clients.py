"""Clients in a real browser: hostile names are text, addresses say nothing, a record is handed over as one quiet page."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from medspa_core import access, clients
from medspa_core.access import Person, Role
from medspa_core.clients import Client, Details
from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import unfold
from tests.clients_support import HOSTILE
from tests.practice import hire

Tablet = Callable[..., Page]
NAME = "Marigold Quill"
OUTSIDE = "a[href*=outside], a[href^=mailto]"
"""A link to an address that somebody has for a name."""


@pytest.fixture(scope="module")
def director(app: RunningApp) -> Person:
    return hire(app.home, "dora", [Role.MEDICAL_DIRECTOR, Role.AESTHETICIAN])


def kept(app: RunningApp, name: str, code: str, who: Person) -> Client:
    with app.store() as store:
        return clients.new_client(store, who, Details(code, name, date(1984, 3, 7), name, name), datetime.now(UTC))


def search(page: Page, typed: str) -> None:
    wait_until_settled(page)  # what is typed while a page is drawn again may be taken back by it
    field = page.locator(".st-key-client_search input")
    field.fill(typed)
    field.press("Enter")


@pytest.mark.parametrize("portrait", [False, True])
def test_hostile_names_are_text_and_no_address_names_a_client(
    app: RunningApp, open_tablet: Tablet, settled: Callable[..., Page], director: Person, portrait: bool
) -> None:
    made = [kept(app, name, f"H-{number}-{int(portrait)}", director) for number, name in enumerate(HOSTILE)]
    page = open_tablet("/clients", portrait=portrait, who="dora")
    seen = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    for number, one in enumerate(made):
        search(page, f"H-{number}-{int(portrait)}")
        line = page.locator(f".st-key-client_{one.id} button")
        expect(line).to_be_visible()
        assert page.locator(OUTSIDE).count() == 0
        line.tap()
        expect(page.locator(".st-key-client_start button")).to_be_visible()
        assert settled(page).locator(f"img[src^=http], iframe, [onerror], {OUTSIDE}").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
        seen.append(page.url)
        page.locator(".st-key-back button").tap()
        expect(page.locator(".st-key-client_search input")).to_be_visible()
    assert not [url for url in seen if any(one.id in url for one in made) or "H-" in url]


def test_a_director_hands_over_a_record_as_one_page_and_one_file(
    app: RunningApp, open_tablet: Tablet, settled: Callable[..., Page], director: Person, tmp_path: Path
) -> None:
    one = kept(app, NAME, "M-1", director)
    page = open_tablet("/clients", who="dora")
    search(page, "marigold q")
    page.locator(f".st-key-client_{one.id} button").tap()
    expect(page.locator(".st-key-client_start button")).to_be_visible()
    unfold(page)
    for kind, key in (("html", "export_html"), ("json", "export_json"), ("json", "export_json")):  # again: a fresh file
        with page.expect_download() as waited:
            page.locator(f".st-key-{key} button").tap()
        file = waited.value
        assert re.fullmatch(rf"record-\d{{4}}-\d\d-\d\d\.{kind}", file.suggested_filename)
        file.save_as(tmp_path / f"record.{kind}")
    assert json.loads((tmp_path / "record.json").read_text("utf-8"))["client"]["name"] == NAME
    with app.store() as store, store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT actor, object FROM audit WHERE detail LIKE '%export%'").all()
    assert [tuple(row) for row in rows] == [(director.id, one.id)] * 3
    asked = []
    paper = page.context.new_page()
    paper.on("request", lambda sent: asked.append(sent.url))
    paper.goto((tmp_path / "record.html").as_uri())
    expect(paper.get_by_role("heading", name="Record of one client")).to_be_visible()
    expect(paper.get_by_text(NAME).first).to_be_visible()
    assert all(url.startswith("file:") for url in asked)
    assert one.id not in page.url and NAME not in app.log.read_text(errors="replace")


def test_a_record_is_not_made_for_a_page_whose_sign_in_is_over(
    app: RunningApp, open_tablet: Tablet, director: Person, allowed: list[str]
) -> None:
    allowed += ["Failed to load resource", "deferred", "download", "Download"]
    one = kept(app, NAME, "M-2", director)
    page = open_tablet("/clients", who="dora")
    search(page, "m-2")
    page.locator(f".st-key-client_{one.id} button").tap()
    expect(page.locator(".st-key-client_start button")).to_be_visible()
    unfold(page)
    expect(page.locator(".st-key-export_html button")).to_be_visible()
    with app.store() as store:  # opened before, so that the tap comes at once after the end
        access.sign_everybody_out(store, director.id, datetime.now(UTC), None)
        with contextlib.suppress(PlaywrightError):  # the lock may have taken the page away in between
            page.locator(".st-key-export_html button").tap(timeout=5000)
    over = page.get_by_text("You are signed out").or_(page.get_by_role("heading", name="Sign in"))
    expect(
        over
    ).to_be_visible()  # whichever is first: the page itself, or the lock that takes the tablet to the sign-in
    with app.store() as store, store.reading() as connection:
        found = connection.exec_driver_sql("SELECT detail FROM audit WHERE outcome = 0 AND object = ?", (one.id,))
        assert not [row for row in found if "export" in row[0]]


@pytest.mark.parametrize("portrait", [False, True])
def test_somebody_is_added_once_warned_of_and_found(
    app: RunningApp, open_tablet: Tablet, settled: Callable[..., Page], director: Person, portrait: bool
) -> None:
    """The first is added by a double tap, the second with another apostrophe only after a warning, both are found."""
    town = ("Kona", "Hilo")[int(portrait)]
    page = open_tablet("/clients", portrait=portrait, who="dora")

    def add(name: str, code: str, born: str) -> Locator:
        wait_until_settled(page)
        for key, typed in (("code_name", code), ("name", name), ("birth_date", born)):
            page.locator(f".st-key-new_client_{key} input").fill(typed)
        return page.locator(".st-key-send_new_client button")

    add(f"{town} Ka\u02bbahumanu", f"K-{town}", "2/31/1984").tap()
    refused = page.locator(".st-key-typed_new_client_birth_date .mc-refused")
    expect(refused).to_have_text("There is no such day. Please look at it again.")
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
    assert settled(page).evaluate(fits)
    field = page.locator(".st-key-new_client_birth_date input")
    expect(field).to_have_value("2/31/1984")
    field.fill("03071984")
    button = page.locator(".st-key-send_new_client button")
    button.dblclick()
    expect(page.locator(".st-key-client_start button")).to_be_visible()
    page.locator(".st-key-back button").tap()
    expect(page.locator(".st-key-new_client_code_name input")).to_have_value("")
    add(f"{town} Kaahumanu", f"L-{town}", "March 7, 1984").dblclick()
    warning = page.locator(".st-key-already_here")
    expect(warning).to_be_visible()
    assert settled(page).evaluate(fits)
    expect(warning.get_by_text(f"K-{town}")).to_be_visible()
    page.locator(".st-key-add_anyway button").dblclick()
    expect(page.locator(".st-key-client_start button")).to_be_visible()
    page.locator(".st-key-back button").tap()
    for typed in (f"{town} kaahumanu", f"{town.lower()}kaahumanu 3/7/84"):
        search(page, typed)
        for code in (f"K-{town}", f"L-{town}"):
            expect(page.locator(".st-key-card_find").get_by_text(code)).to_have_count(1)
    search(page, f"{town} 1984")
    expect(page.locator(".st-key-card_find").get_by_text("That is a year")).to_be_visible()
    with app.store() as store:
        assert len(clients.find_clients(store, director, f"{town} Kaahumanu")) == 2


def test_who_is_retyped_into_somebody_else_is_asked_about_where_it_is_seen(
    app: RunningApp, open_tablet: Tablet, director: Person
) -> None:
    """In a low window the question stands over the form, not below it; a double tap on Save is no yes."""
    with app.store() as store:
        born, now = date(1984, 3, 7), datetime.now(UTC)
        for code, name in (("Q-1", "Quentin Marsh"), ("Q-2", "Other Marsh")):
            clients.new_client(store, director, Details(code, name, born), now)
        other = clients.find_clients(store, director, "Q-2")[0].id
    page = open_tablet("/clients", who="dora")
    search(page, "Q-2")
    page.locator(f".st-key-client_{other} button").tap()
    page.get_by_role("button", name="Change details").tap()
    page.locator(f".st-key-change_{other}_name input").fill("quentin marsh")
    page.locator(f".st-key-send_change_{other} button").dblclick()
    warning = page.locator(".st-key-already_here")
    expect(warning).to_be_in_viewport(ratio=0.9)
    expect(warning.get_by_text("Q-1")).to_be_visible()
    wait_until_settled(page)
    with app.store() as store:
        assert clients.open_client(store, director, other).details.name == "Other Marsh"
    page.locator(".st-key-save_anyway button").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()
    with app.store() as store:
        assert clients.open_client(store, director, other).details.name == "quentin marsh"
