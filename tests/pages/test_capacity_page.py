"""Capacity and opening hours: what is short stands in one sentence, and hours are entered by who plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, offer, records
from medspa_core.access import Role
from medspa_core.records import SaleFact, VisitFact, keep_sales, keep_visits
from medspa_core.records.audit.log import CREATED
from tests.exam_support import PRP
from tests.pages.conftest import program, text_of, told
from tests.pages.test_review_and_approval_pages import tap
from tests.records_support import NOW
from views.frame import shell
from views.session import signed_in

MONDAY = date(2026, 12, 7)  # a week after the day of the tests


def opened(page: str, *roles: Role) -> AppTest:
    at = program(*(roles or (Role.MANAGER,))).run()
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception, at.exception
    return at


def place(store: records.Store, name: str = "Main street") -> str:
    there = {one.name: one.id for one in access.list_locations(store)}
    return there.get(name) or access.add_location(store, name, NOW, state="CA").id


def booked(store: records.Store, number: int, location: str | None, *, demo: bool = False, day: date = MONDAY) -> None:
    """So many PRP visits of 80 minutes, a course each, on one day."""
    minutes: dict[str, Any] = {"planned_chair_minutes": 80, "planned_provider_minutes": 38, "planned_draw_minutes": 7}
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        keep_visits(
            connection,
            [
                VisitFact(
                    day=day, status="booked", option=PRP, location=location, concern="texture", course=f"c{one}{location}{demo}",
                    number=1, planned_visits=3, demo=demo, **minutes, planned_spin_minutes=8,
                )
                for one in range(number)
            ],
        )  # fmt: skip


def enter(at: AppTest, **typed: str) -> None:
    for name, text in typed.items():
        field = next(one for one in (*at.text_input, *at.text_area) if str(one.key).startswith(f"{name}_"))
        field.set_value(text)
    tap(at, "keep_hours")


WEEK = {f"day_{day}": "8" for day in range(5)}
AT_ONCE = {"chairs": "1", "providers": "1", "draws": "1", "centrifuges": "1"}


def test_without_plans_it_says_so_and_draws_nothing(store: records.Store) -> None:
    at = opened("capacity")
    assert "Nothing is booked or planned from today on." in text_of(at) and not at.get("plotly_chart")


def test_without_hours_the_need_is_shown_and_the_way_to_enter_them_leads_there_and_back(store: records.Store) -> None:
    booked(store, 40, place(store))
    at = opened("capacity")
    text = text_of(at)
    assert "No opening hours are entered for Main street." in text and "can't be said without opening hours" in text
    assert len(at.get("plotly_chart")) == 4, "a chart where nothing says that it does not matter"
    assert "not entered" in text and "Short:" not in text
    at.button(key="to_hours").click().run()
    assert "When each location is open" in text_of(at)
    at.switch_page("pages/opening_hours.py").run()
    enter(at, **WEEK, **AT_ONCE, closed="12/25/2026\n1/1/2027")
    assert told(at)[0][0] == "status" and "As entered on" in text_of(at)
    [version] = offer.hours_entered(store).values()
    assert version.hours.minutes == (480,) * 5 + (0, 0) and version.hours.closed == (
        date(2026, 12, 25),
        date(2027, 1, 1),
    )
    at.switch_page("pages/capacity.py").run()
    # 40 visits of 80 minutes are 53.3 hours in a week of 40
    assert "Short: week of December 7, chairs, by 13 hours" in text_of(at)
    assert "No opening hours" not in text_of(at)


def test_each_field_that_is_wrong_says_why_and_nothing_is_kept(store: records.Store) -> None:
    place(store)
    at = opened("opening_hours")
    enter(at, **{**WEEK, "day_0": "25", **AT_ONCE, "chairs": "many", "closed": "12/25/2026\n31/31/2027"})
    [(role, words)] = told(at)
    assert role == "alert"
    for line in ("Monday: please give hours from 0 to 24", "Treatment chairs: please", "31/31/2027 is no date"):
        assert line in words
    assert "Please give hours from 0 to 24" in text_of(at), "below its field too"
    assert offer.hours_entered(store) == {}


def test_each_location_is_short_by_itself_and_months_and_moves_can_be_chosen(store: records.Store) -> None:
    main, other = place(store), place(store, "Harbour")
    at = program(Role.OWNER).run()
    [owner] = access.list_people(store)
    for number, (where, chairs) in enumerate(((main, 1), (other, 9))):
        hours = offer.OpeningHours((480,) * 5 + (0, 0), chairs, 9, 9, 9)
        offer.set_opening_hours(store, owner, where, hours, 0, NOW, f"hours-key-{number}")
        booked(store, 31, where)
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        keep_sales(connection, [SaleFact(MONDAY, "payment", 70000, "USD", option=PRP, product_cost_cents=4000)])
    at.switch_page("pages/capacity.py").run()
    text = text_of(at)
    assert "Short: Main street, week of December 7, chairs, by 1.3 hours" in text
    assert "Clients who have not come yet are not in them" in text
    assert "37.2" in text, "one in five of 62 courses, each with three visits in these weeks"
    assert "not recorded here" in text, "of exosomes no product cost is recorded"
    at.selectbox(key="capacity_at").set_value(other).run()
    assert "No week is short." in text_of(at)
    at.segmented_control(key="capacity_step").set_value("month").run()
    assert (
        "No month is short as a whole." in text_of(at)
        and "December 2026" in text_of(at)
        and "January 2027" in text_of(at)
    )
    at.segmented_control(key="move").set_value(0).run()
    assert "Nobody moves" in text_of(at) and not at.exception


def test_a_location_without_hours_leaves_open_whether_a_week_is_short(store: records.Store) -> None:
    main, other = place(store), place(store, "Harbour")
    at = program(Role.OWNER).run()
    [owner] = access.list_people(store)
    hours = offer.OpeningHours((480,) * 5 + (0, 0), 9, 9, 9, 9)
    offer.set_opening_hours(store, owner, main, hours, 0, NOW, "hours-key")
    for where in (main, other):
        booked(store, 31, where)
    at.switch_page("pages/capacity.py").run()
    text = text_of(at)
    assert "No week is known to be short" in text and "No week is short." not in text


def test_a_month_that_no_plan_reaches_says_what_was_used_a_year_ago(store: records.Store) -> None:
    booked(store, 3, place(store))
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        used = VisitFact(date(2026, 6, 9), "performed", option=PRP, location=place(store), chair_minutes=40 * 60)
        keep_visits(connection, [used])
    at = opened("capacity")
    assert "a year ago" not in text_of(at).split("As a table")[0]
    at.segmented_control(key="capacity_step").set_value("month").run()
    text = text_of(at)
    assert "For a later month, look at what was used a year ago." in text
    assert "No plan reaches" in text and "June 2026: 40" in text, "of the month in which they were used"
    [june] = [row for row in text.split("<tr>") if row.startswith('<th scope="row">June 2027') and "<td>40</td>" in row]
    assert june.count("<td>0</td>") == 4, "booked, low, middle and high"


def test_the_invented_practice_is_said_to_be_and_is_not_mixed_with_ours(store: records.Store) -> None:
    booked(store, 70, "Old Town", demo=True)
    at = opened("capacity")
    text = text_of(at)
    assert "Invented data" in text and "Short: Old Town, week of December 7, chairs" not in text.split("Harbour")[0]
    assert "chairs, by 53 hours" in text, "70 visits of 80 minutes are 93.3 hours, one chair is open for 40"
    assert not [one for one in at.button if one.key == "to_hours"]
    booked(store, 3, place(store))
    at.run()
    assert "Invented data" not in text_of(at) and "by 53 hours" not in text_of(at)


@pytest.mark.parametrize("role", [Role.AESTHETICIAN, Role.CLINICIAN])
def test_who_sees_their_own_figures_alone_has_neither_page(store: records.Store, role: Role) -> None:
    at = program(role).run()
    assert "way_capacity" not in {one.key for one in at.button}
    [person] = access.list_people(store)
    assert not {"capacity", "opening_hours"} & {*signed_in.open_pages(person, list(shell.PAGES))[1]}
