"""A clinician works through the reviews that wait, one after the other, as on a tablet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from medspa_core import access
from medspa_core.access import Licence, Role
from tests.browser.conftest import RunningApp, make_app, new_context, wait_until_settled
from tests.browser.screens import open_screen
from tests.conftest import healthy
from tests.practice import hire

REVIEWS = int(os.environ.get("MEDSPA_REVIEWS", "6"))
"""How many wait. Twenty were worked through by hand of this test, too: MEDSPA_REVIEWS=20."""
WORDS = ("Clear", "Limit")


@pytest.fixture(scope="module")
def clinic(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """A practice of one clinician, in which so many talks have a finding that needs a clinician."""
    running = make_app(tmp_path_factory.mktemp("reviews"))
    nora = hire(running.home, "nora", [Role.CLINICIAN])
    with running.store() as store:
        access.add_licence(store, nora.id, Licence("medical", "CA", "M-1"), datetime.now(UTC), nora.id)
        access.add_licence(store, nora.id, Licence("needling", "CA", "N-1"), datetime.now(UTC), nora.id)
    for number in range(REVIEWS):
        running.client("nothing", f"N-{number + 1}", age=40, concern="texture", **finding(number))
    yield running
    running.stop()


def finding(number: int) -> dict[str, object]:
    return {"anticoagulant": "yes"} if number % 2 else {"photosensitising_drug": "yes"}


def counted(page: Page, kind: str, number: int) -> None:
    """The list says how many wait for this."""
    expect(page.locator(".st-key-tap_two_kind").get_by_role("radio", name=f"{kind} ({number})")).to_be_visible()


def sign_the_word(page: Page, word: str) -> None:
    form = page.locator('[data-testid="stForm"]').filter(has=page.locator('[class*="st-key-sign_word_"]')).first
    form.get_by_role("radio", name=word, exact=True).tap()
    form.get_by_label("Note (needed)").fill("Looked at it together.")
    form.locator('[class*="st-key-sign_word_"] button').tap()
    told(page, "Signed and kept.")


def told(page: Page, words: str) -> None:
    expect(page.locator(".mc-told-here, .mc-told:not([hidden])").first).to_contain_text(words)
    wait_until_settled(page)


def examine(page: Page) -> None:
    page.locator(".st-key-tap_how").get_by_role("radio", name="In person", exact=True).tap()
    expect(page.locator(".st-key-sign_exam button")).to_be_visible()
    wait_until_settled(page)
    page.locator(".st-key-sign_exam button").tap()
    told(page, "Signed and kept.")
    expect(page.locator(".st-key-card_exam")).to_contain_text("Signed by Nora")


def test_every_review_goes_through_and_the_counts_agree(clinic: RunningApp, browser: Browser) -> None:
    context = new_context(browser, clinic.url, portrait=True, who="nora")
    page = context.new_page()
    open_screen(page, "review")
    counted(page, "Exam missing", REVIEWS)
    page.locator('[class*="st-key-open_review_"] button').first.tap()
    for number in range(1, REVIEWS + 1):
        expect(page.locator(".st-key-bar_place")).to_contain_text(f"{number} of {REVIEWS}")
        wait_until_settled(page)
        expect(page.locator(".st-key-tap_how").get_by_role("radio", checked=True)).to_have_count(0)
        for field in page.locator('[class*="st-key-note_"] input').all():
            expect(field).to_have_value("")
        sign_the_word(page, WORDS[number % 2])
        examine(page)
        if number < REVIEWS:
            page.locator('[class*="st-key-note_"] input').first.fill("for this client alone")
            page.locator(".st-key-main_next_here button").tap()
    expect(page.locator(".st-key-main_next_here")).to_have_count(0)
    page.locator(".st-key-back_here button").tap()
    counted(page, "Exam missing", 0)
    page.locator(".st-key-tap_two_kind").get_by_role("radio", name=re.compile("Exam missing")).tap()
    expect(page.get_by_text("Nobody is waiting for this.")).to_be_visible()
    context.close()


def test_a_signed_order_is_said_in_view_at_the_order_and_leaves_no_empty_form(
    clinic: RunningApp, browser: Browser
) -> None:
    draft_id = clinic.client("nothing", "O-1", **healthy(concern="texture"))
    context = new_context(browser, clinic.url, portrait=True, who="nora")
    page = context.new_page()
    open_screen(page, "review", draft_id)
    examine(page)
    page.locator(".st-key-tap_order_option").get_by_role("radio", name="Microneedling", exact=True).tap()
    wait_until_settled(page)
    page.get_by_label("Area").fill("whole face")
    page.get_by_label("Depth in mm").fill("1.5")
    page.get_by_label("Sessions", exact=True).fill("3")
    page.locator(".st-key-place_delegate_needling input").click()
    page.get_by_role("option", name="Nora").click()
    page.locator(".st-key-sign_order button").tap()
    said = page.locator(".mc-told-here, .mc-told:not([hidden])")
    expect(said).to_contain_text("The new order stands below.")
    wait_until_settled(page)
    expect(said).to_be_in_viewport(ratio=1)
    words, bar = said.bounding_box(), page.locator(".st-key-topbar").bounding_box()
    assert words is not None and bar is not None and words["y"] >= bar["y"] + bar["height"], "not behind the bar on top"
    expect(page.get_by_text("whole face, 1.5 mm, 3 sessions")).to_be_in_viewport()
    expect(page.locator(".st-key-sign_order")).to_have_count(0)
    context.close()
