"""The page of the week: what is different and what is as usual, in words, and nothing that is not recorded shown as a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Role
from medspa_core.practice.alerts import switched_on
from tests.pages.conftest import NOW, program, text_of
from tests.records_support import FACTS, ORDER

TODAY = NOW.date()  # the page is about the weeks before today


def page() -> AppTest:
    at = program().run()
    return at.switch_page("pages/week.py").run()


def chosen(store: records.Store, ago_weeks: int, number: int, choice: str = "wait") -> None:
    """So many consultations of the real practice in one week."""
    day = TODAY - timedelta(weeks=ago_weeks)
    now = datetime.combine(day, time(12, tzinfo=UTC))
    for place in range(number):
        draft = records.start_draft(store, f"R-{ago_weeks}-{place}", now, day, ORDER)
        records.record_choice(store, draft.id, choice, now, FACTS)


def test_without_a_week_it_says_so_and_draws_nothing(store: records.Store) -> None:
    at = page()
    assert not at.exception and not at.get("plotly_chart")
    assert "No week has been recorded yet." in text_of(at)


def test_every_number_has_its_tile_and_what_is_not_recorded_is_no_zero(
    store_of: Callable[[int], records.Store],
) -> None:
    store_of(600)
    at = page()
    text = text_of(at)
    assert not at.exception
    assert "Invented data" in text and "Consultations." in text and "Days to decide." in text
    assert text.count("not recorded here") == 6 + 1  # a tile each, and the line on top
    assert "$0" not in text and "week 23" not in text.split("As a table")[0]


def test_a_jump_of_the_last_week_stands_in_the_line_on_top_and_an_ordinary_week_does_not(store: records.Store) -> None:
    with store.together():
        for ago in range(2, 27):
            chosen(store, ago, 6 + ago % 3)
        chosen(store, 1, 7)
    assert "Nothing is different." in text_of(page())
    with store.together():
        chosen(store, 1, 12)
    text = text_of(page())
    week = (TODAY - timedelta(weeks=1)).isocalendar().week
    assert f"Different: Consultations: more in week {week}." in text and f"week {week} stands out: more" in text


def test_few_a_week_are_a_count_and_no_chart(store: records.Store) -> None:
    chosen(store, 3, 2)
    at = page()
    assert not at.get("plotly_chart")
    assert "Count only: 2 in 26 weeks." in text_of(at) and "too few to say" in text_of(at)


def test_a_manager_is_told_of_what_they_switched_on_and_of_nothing_else(store: records.Store) -> None:
    chosen(store, 3, 2)
    at = program(Role.MANAGER).run()
    at.switch_page("pages/week.py").run()
    assert "Nothing is switched on." in text_of(at)
    at.toggle(key="alert_on_entries").set_value(True).run()
    assert "Nothing of it is so now." in text_of(at)
    at.toggle(key="alert_on_backup").set_value(True).run()
    assert not at.exception
    who = next(one for one in access.list_people(store) if one.roles == {Role.MANAGER})
    assert switched_on(store, who) == {"entries", "backup"}
    assert "Nothing of it is so now." not in text_of(at)
    for kind in ("changed", "outside", "short_week", "reviews"):
        at.toggle(key=f"alert_on_{kind}").set_value(True).run()
        assert not at.exception, kind
