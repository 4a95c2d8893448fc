"""The page of the week: what is different and what is as usual, in words, and nothing that is not recorded shown as a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Role, add_location
from medspa_core.practice.personal.alerts import switched_on
from medspa_core.records import SaleFact, VisitFact, keep_sales, keep_visits
from medspa_core.records.audit.log import CREATED
from tests.pages.conftest import NOW, program, text_of
from tests.records_support import FACTS, ORDER

TODAY = NOW.date()  # the page is about the weeks before today


EXO = "exosome_microneedling"


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


def test_what_is_not_recorded_stands_below_the_numbers_as_words_and_is_no_zero(
    store_of: Callable[[int], records.Store],
) -> None:
    store_of(600)
    at = page()
    text = text_of(at)
    assert not at.exception
    assert "Invented data" in text and "Consultations." in text and "Days to decide." in text
    assert text.count("not recorded here") == 1 + 1  # the quiet list, and the line on top
    assert text.index("Days to decide.") < text.index("Revenue per chair hour.") and "6 are not recorded here" in text
    assert "$0" not in text and "week 23" not in text.split("As a table")[0]


def test_money_is_an_amount_an_hour_and_a_location_keeps_its_own(store: records.Store) -> None:
    here, there = (add_location(store, name, NOW).id for name in ("Harbour Street", "Mill Lane"))
    days = [TODAY - timedelta(weeks=ago) for ago in range(1, 27)]
    about = [(day, place, paid) for day in days for place, paid in ((here, 40000), (there, 20000))]
    visits = [
        VisitFact(day, "performed", EXO, place, chair_minutes=60, booked_on=day - timedelta(days=9))
        for day, place, _ in about
        for _ in range(20)
    ]
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        keep_visits(connection, visits)
        keep_sales(
            connection,
            [SaleFact(day, "payment", 20 * paid, "USD", option=EXO, location=place) for day, place, paid in about],
        )
    for place in (here, there):
        draft = records.start_draft(store, "R-1", NOW, days[0], ORDER, location_id=place)
        for _ in range(6):
            draft = records.start_draft(store, "R-1", NOW, days[0], ORDER, location_id=place)
            records.record_choice(store, draft.id, "wait", NOW, FACTS)
    at = page()
    text = text_of(at)
    assert not at.exception
    assert '<p class="mx-number">$300<small>an hour</small>' in text and "Margin" in text.split("not recorded here")[-1]
    at.selectbox(key="of_location").set_value(here).run()
    assert '<p class="mx-number">$400<small>an hour</small>' in text_of(at)
    at.button(key="everything").click().run()
    assert '<p class="mx-number">$300<small>an hour</small>' in text_of(at)


def test_who_sees_only_their_own_is_offered_no_location(store: records.Store) -> None:
    at = program(Role.AESTHETICIAN).run()
    [person] = access.list_people(store)
    for name in ("Harbour Street", "Mill Lane"):
        draft = records.start_draft(
            store, "R-1", NOW, TODAY, ORDER, started_by=person.id, location_id=add_location(store, name, NOW).id
        )
        records.record_choice(store, draft.id, "wait", NOW, FACTS)
    at.switch_page("pages/week.py").run()
    assert not at.exception and not [box for box in at.selectbox if box.key == "of_location"]


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
