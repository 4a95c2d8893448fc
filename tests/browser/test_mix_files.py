"""The treatment mix taken along: a manager who signed in downloads both files, who sees only their own gets none."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from medspa_core.access import Role
from medspa_core.access.schema import sign_ins
from tests.browser.conftest import RunningApp, wait_until_settled
from tests.browser.screens import choose
from tests.practice import PASSWORD, hire

Tablet = Callable[..., Page]
CARD = ".st-key-card_take"


def test_a_manager_gives_the_password_comes_back_to_the_same_view_and_takes_both_files(
    open_tablet: Tablet, practice: RunningApp, tmp_path: Path
) -> None:
    manager = hire(practice.home, "mara", [Role.MANAGER])
    page = open_tablet("/treatment_mix?whose=Invented", url=practice.url, who="mara")
    with practice.store() as store, store.writing() as connection:  # it was given at the sign-in, hours ago
        connection.execute(update(sign_ins).where(sign_ins.c.person_id == manager.id).values(stepped_up_at=None))
    choose(page, "24 months")
    expect(page).to_have_url(re.compile("period=24"))
    wait_until_settled(page)
    page.locator(".st-key-view_name input").fill("Two years")
    page.locator(".st-key-keep_view_now button").tap()
    kept = page.locator(".st-key-card_views a", has_text="Two years")
    expect(kept).to_have_attribute("href", "/treatment_mix?period=24+months&whose=Invented")
    expect(page.locator(".st-key-view_name input")).to_have_value("")
    wait_until_settled(page)
    page.locator(f"{CARD} a", has_text="Give the password").tap()
    page.wait_for_url(lambda url: "/step-up" in url)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit], form button").first.tap()
    page.wait_for_url(lambda url: "/step-up" not in url)
    wait_until_settled(page)
    expect(page).to_have_url(re.compile("treatment_mix.*period=24"))
    for kind in ("csv", "xlsx", "csv"):  # again: a fresh file
        with page.expect_download() as waited:
            page.locator(f".st-key-take_{kind} button").tap()
        file = waited.value
        assert re.fullmatch(rf"treatment-mix-\d{{4}}-Q\d\.{kind}", file.suggested_filename)
        file.save_as(tmp_path / f"mix.{kind}")
    with (tmp_path / "mix.csv").open(encoding="utf-8", newline="") as opened:
        lines = list(csv.reader(opened))
    sheet = CalamineWorkbook.from_path(tmp_path / "mix.xlsx").get_sheet_by_index(0).to_python()
    assert len(sheet) == len(lines) > 30
    assert lines[1][0] == "Invented data" and "hidden" in lines[-1] + lines[-2]
    assert {cell for row in lines for cell in row if cell.isdecimal() and int(cell) < 5} == set()
    page.goto("/treatment_mix")
    kept.tap()
    expect(page).to_have_url(re.compile("period=24"))
    expect(page.get_by_role("radio", name="24 months")).to_have_attribute("aria-checked", "true")
    with practice.store() as store, store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT actor, detail FROM audit WHERE object = 'treatment mix export'").all()
    assert [row[0] for row in rows] == [manager.id] * 3 and '"rows"' in rows[0][1]


def test_a_tap_on_a_bar_narrows_the_page_and_the_address_keeps_it(open_tablet: Tablet, practice: RunningApp) -> None:
    page = open_tablet("/treatment_mix?whose=Invented", url=practice.url, who="ana")
    parts = page.locator(".st-key-chart_mix_chosen .bars .point path")
    expect(parts).to_have_count(48)
    whole = int(page.locator(".mx-number").first.inner_text())
    parts.nth(46).scroll_into_view_if_needed()
    box = parts.nth(46).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".st-key-take_back_chosen")).to_be_visible()
    expect(page).to_have_url(re.compile("of_chosen=Exosomes.*of_step="))
    wait_until_settled(page)
    part = int(page.locator(".mx-number").first.inner_text())
    assert 0 < part < whole
    page.reload()
    expect(page.locator(".mx-number").first).to_have_text(str(part))
    page.locator(".st-key-everything button").tap()
    expect(page.locator(".mx-number").first).to_have_text(str(whole))
    expect(page).not_to_have_url(re.compile("of_"))


def test_a_shared_address_shows_who_sees_only_their_own_nothing_more_and_no_file(
    open_tablet: Tablet, practice: RunningApp
) -> None:
    hire(practice.home, "ines", [Role.AESTHETICIAN])
    page = open_tablet("/treatment_mix?whose=Invented&period=24+months", url=practice.url, who="ines")
    wait_until_settled(page)
    expect(page.get_by_role("heading", name="Treatment mix")).to_be_visible()
    expect(page.locator(".st-key-card_empty")).to_be_visible()
    expect(page.locator(".mx-number, [class*=st-key-take_]")).to_have_count(0)
