"""What the weeks ahead need: against enumeration, in weeks with a change of clocks, at ends of months, and from the store."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.command_line.capacity_commands import capacity_csv
from medspa_core.course.spans import Spread
from medspa_core.offer import OpeningHours
from medspa_core.practice.capacity.against_hours import ALL, capacity_table, open_minutes, short_ones
from medspa_core.practice.capacity.assumptions import CapacityProblem, read_assumptions
from medspa_core.practice.capacity.need import Needs, visit_minutes
from medspa_core.practice.capacity.periods import Period, months_ahead, weeks_ahead
from medspa_core.practice.capacity.plans import Booked, CoursesAlike, Plans, plans_ahead, sessions
from medspa_core.practice.capacity.what_if import move, product_cost_of_a_visit
from medspa_core.practice.capacity.year_ago import used_a_year_ago
from medspa_core.practice.facts_table import FactsTable
from medspa_core.records import (
    SaleFact,
    Store,
    VisitFact,
    keep_sales,
    keep_visits,
    read_facts,
    record_choice,
    record_next_date,
    start_draft,
)
from medspa_core.records.audit.log import CREATED
from medspa_core.records.consultations.planned_visits import planned_first_visits
from medspa_core.records.schema import MINUTES_OF
from medspa_core.rulebook import Rulebook
from tests.conftest import DATA
from tests.exam_support import EXOSOMES, MN, PRP
from tests.records_support import FACTS, NOW, ORDER

ASSUMED = read_assumptions(DATA)
TODAY = date(2026, 11, 25)  # a Wednesday
NONE_KNOWN = dict.fromkeys(MINUTES_OF, 0)
OPEN = OpeningHours((480,) * 5 + (240, 0), chairs=2, providers=1, draws=1, centrifuges=1)


# --- against enumeration --------------------------------------------------------------------------------------------


def in_all(course: CoursesAlike, book: Rulebook) -> Iterator[tuple[int, Fraction]]:
    """Visits of such a course in all, by hand: the rulebook's shares of those with as many at least, cut off at its plan."""
    spread = sessions(book, course.option, course.concern)
    shares = {spread.first + place: Fraction(weight, spread.total) for place, weight in enumerate(spread.weights)}
    left = {number: share for number, share in shares.items() if number >= course.done and share}
    for number, share in left.items() if left else [(course.done, Fraction(1))]:
        most = number if course.planned is None else min(number, max(course.planned, course.done))
        yield most, share / (sum(left.values()) or 1)


def plus(one: dict[int, Fraction], other: dict[int, Fraction]) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for (a, p), (b, q) in product(one.items(), other.items()):
        found[a + b] = found.get(a + b, Fraction(0)) + p * q
    return found


def of_so_many(spread: Spread, number: int) -> dict[int, Fraction]:
    one = {spread.first + place: Fraction(weight, spread.total) for place, weight in enumerate(spread.weights)}
    found = {0: Fraction(1)}
    for _ in range(number):
        found = plus(found, one)
    return found


def enumerated(plans: Plans, book: Rulebook, period: Period, resource: str) -> dict[int, Fraction]:
    """Every number of visits, every pattern of late ones, every length of each visit, one after the other."""
    slips = Fraction(ASSUMED.slips)
    whole = {sum(one.known[resource] for one in plans.booked if one.day in period): Fraction(1)}
    for one in plans.booked:
        if one.day in period:
            whole = plus(whole, of_so_many(visit_minutes(book, str(one.option))[resource], one.unknown[resource]))
    for course in plans.courses:
        minutes, mine = visit_minutes(book, course.option)[resource], {}
        for number, share in in_all(course, book):
            for late in product((False, True), repeat=number - course.done):
                days = [course.due + timedelta(days=28 * place + 7 * is_late) for place, is_late in enumerate(late)]
                chance = share * slips ** sum(late) * (1 - slips) ** (len(late) - sum(late))
                for length, part in of_so_many(minutes, sum(day in period for day in days)).items():
                    mine[length] = mine.get(length, Fraction(0)) + chance * part
        for _ in range(course.number):
            whole = plus(whole, mine)
    return whole


courses = st.builds(
    CoursesAlike,
    location=st.none(),
    option=st.sampled_from((MN, PRP, EXOSOMES)),
    concern=st.sampled_from(("texture", "acne_scars", "hair_thinning", None)),
    done=st.integers(0, 4),
    due=st.integers(0, 40).map(lambda days: TODAY + timedelta(days=days)),
    planned=st.sampled_from((None, 3, 4)),
    number=st.integers(1, 2),
)
booked = st.builds(
    lambda option, days, minutes, unknown: Booked(
        None, option, TODAY + timedelta(days=days), 1, dict.fromkeys(MINUTES_OF, minutes),
        dict.fromkeys(MINUTES_OF, unknown),
    ),
    st.sampled_from((MN, PRP)),
    st.integers(0, 20),
    st.integers(0, 90),
    st.integers(0, 1),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.lists(booked, max_size=2),
    st.lists(courses, max_size=2),
    st.sampled_from([*weeks_ahead(TODAY, 8), *months_ahead(TODAY, TODAY + timedelta(days=90), 1, 4)]),
    st.sampled_from(MINUTES_OF),
)
def test_the_distribution_is_that_of_enumerating_every_way_it_can_go(
    rulebook: Rulebook, visits: list[Booked], planned: list[CoursesAlike], period: Period, resource: str
) -> None:
    plans = Plans(tuple(visits), tuple(planned))
    wanted = enumerated(plans, rulebook, period, resource)
    needs = Needs(plans, rulebook, ASSUMED)
    first, chances = needs.distribution(period, resource)
    found = {first + place: chance for place, chance in enumerate(chances)}
    assert sum(wanted.values()) == 1 and found.keys() >= wanted.keys()
    assert max(abs(chance - float(wanted.get(minutes, 0))) for minutes, chance in found.items()) < 1e-9
    need, reached = needs.of(period, resource), Fraction(0)
    for minutes in sorted(wanted):
        before, reached = reached, reached + wanted[minutes]
        for told, share in (
            (need.low, Fraction("0.025")),
            (need.middle, Fraction("0.5")),
            (need.high, Fraction("0.975")),
        ):
            if before + Fraction("1e-6") < share < reached - Fraction("1e-6"):
                assert told == minutes


def test_a_thousand_courses_have_the_mean_and_the_spread_of_a_thousand_times_one(rulebook: Rulebook) -> None:
    """And no whole goes astray where sums are long."""
    week = weeks_ahead(TODAY, 2)[1]
    one = CoursesAlike(None, PRP, "texture", 0, week.first, None, 1)
    moments = []
    for number in (1, 1000):
        first, chances = Needs(Plans((), (replace(one, number=number),)), rulebook, ASSUMED).distribution(week, "chair")
        minutes = first + np.arange(chances.size)
        mean = float(minutes @ chances)
        moments.append((mean / number, float((minutes - mean) ** 2 @ chances) / number))
        assert chances.sum() == pytest.approx(1) and chances.min() >= 0
    assert moments[1] == pytest.approx(moments[0], rel=1e-6)


# --- days -----------------------------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_and_the_first_is_what_is_left_of_this_one() -> None:
    weeks = weeks_ahead(TODAY, 3)
    assert [(one.name, one.first.isoformat(), one.last.isoformat()) for one in weeks] == [
        ("2026-11-23", "2026-11-25", "2026-11-29"),
        ("2026-11-30", "2026-11-30", "2026-12-06"),
        ("2026-12-07", "2026-12-07", "2026-12-13"),
    ]


@pytest.mark.parametrize(
    ("today", "until", "told"),
    [
        (TODAY, date(2027, 2, 1), ["2026-11 25-30", "2026-12 01-31", "2027-01 01-31", "2027-02 01-28"]),
        (date(2028, 2, 29), date(2028, 2, 29), ["2028-02 29-29"]),
        (date(2027, 5, 31), date(2027, 6, 30), ["2027-05 31-31", "2027-06 01-30"]),
        (date(2027, 5, 31), date(2020, 1, 1), ["2027-05 31-31"]),
    ],
)
def test_months_run_from_today_to_the_last_plan_with_all_their_days(today: date, until: date, told: list[str]) -> None:
    found = months_ahead(today, until, 1, 24)
    assert [f"{one.name} {one.first:%d}-{one.last:%d}" for one in found] == told
    assert len(months_ahead(today, date(2099, 1, 1), 1, 5)) == 5 and len(months_ahead(today, today, 12, 24)) == 12


@pytest.mark.parametrize("day", [date(2027, 3, 8), date(2027, 3, 22), date(2026, 10, 19), date(2026, 10, 26)])
def test_a_week_in_which_the_clocks_change_is_open_as_long_as_any_other(day: date) -> None:
    week = weeks_ahead(day, 1)[0]
    assert open_minutes(OPEN, week, "chair") == 2 * (5 * 480 + 240)
    assert open_minutes(OPEN, week, "spin") == 5 * 480 + 240


def test_what_is_left_of_a_week_has_the_hours_of_the_days_that_are_left_and_closed_days_have_none() -> None:
    week = weeks_ahead(TODAY, 1)[0]  # from Wednesday on
    assert open_minutes(OPEN, week, "provider") == 3 * 480 + 240
    shut = replace(OPEN, closed=(date(2026, 11, 26), date(2026, 12, 25)))
    assert open_minutes(shut, week, "provider") == 2 * 480 + 240


# --- held against the opening hours ---------------------------------------------------------------------------------


def in_the_book(location: str | None, day: date, minutes: int, number: int = 1) -> Booked:
    known = {"chair": minutes, "provider": minutes // 2, "draw": 0, "spin": 0}
    return Booked(location, MN, day, number, known, NONE_KNOWN)


def test_a_week_is_short_by_what_passes_its_hours_at_the_location_where_it_does(rulebook: Rulebook) -> None:
    weeks = weeks_ahead(TODAY, 2)
    monday = weeks[1].first
    plans = Plans((in_the_book("a", monday, 2 * 2640 + 90, 80), in_the_book("b", monday, 60)), ())
    hours = {"a": OPEN, "b": OPEN}
    found = short_ones(plans, hours, weeks, rulebook, ASSUMED, ["a", "b"])
    assert [(row.location, row.period, row.resource, row.short) for row in found.itertuples()] == [
        ("a", weeks[1].name, "chair", 90),
        ("a", weeks[1].name, "provider", 45),
    ]
    both = capacity_table(plans, hours, weeks, rulebook, ASSUMED)
    chair = both[(both["period"] == weeks[1].name) & (both["resource"] == "chair")].iloc[0]
    assert chair["open"] == 4 * 2640 and chair["short"] == 0, "what is left elsewhere does not help, and is no shortage"


def test_a_location_without_hours_shows_its_need_and_nothing_it_is_held_against(rulebook: Rulebook) -> None:
    weeks = weeks_ahead(TODAY, 2)
    plans = Plans((in_the_book("a", weeks[1].first, 9999), in_the_book(None, weeks[1].first, 60)), ())
    for location, hours in (("a", {}), (None, {"a": OPEN}), (ALL, {"a": OPEN})):
        found = capacity_table(plans, hours, weeks, rulebook, ASSUMED, location)
        assert found["open"].isna().all() and found["short"].isna().all()
        assert found["middle"].max() == {"a": 9999, None: 60, ALL: 10059}[location]
    assert short_ones(plans, {}, weeks, rulebook, ASSUMED, ["a", None]).empty


def test_an_empty_practice_needs_nothing(rulebook: Rulebook) -> None:
    found = capacity_table(Plans((), ()), {}, weeks_ahead(TODAY, 12), rulebook, ASSUMED)
    assert len(found) == 12 * 4 and not found[["booked", "low", "middle", "high"]].to_numpy().any()
    assert short_ones(Plans((), ()), {}, weeks_ahead(TODAY, 12), rulebook, ASSUMED, []).empty
    assert Plans((), ()).last_day(rulebook, 7) is None


# --- from the store -------------------------------------------------------------------------------------------------


def keep(store: Store, visits: Sequence[VisitFact] = (), sales: Sequence[SaleFact] = ()) -> None:
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        keep_visits(connection, visits)
        keep_sales(connection, sales)


def visit(days: int, status: Any = "performed", course: str | None = "one", **other: Any) -> VisitFact:
    told: dict[str, Any] = {"option": PRP, "concern": "texture", "location": "a"} | other
    return VisitFact(day=TODAY + timedelta(days=days), status=status, course=course, **told)


def ahead(store: Store, book: Rulebook, *, invented: bool = False) -> Plans:
    table = FactsTable()
    table.keep_up(store)
    return plans_ahead(store, table, book, TODAY, ASSUMED.slip_days, invented=invented)


def test_visits_in_the_book_count_from_today_on_with_their_planned_minutes(store: Store, rulebook: Rulebook) -> None:
    minutes = {"planned_chair_minutes": 80, "planned_provider_minutes": 40, "planned_draw_minutes": 7}
    keep(
        store,
        [
            visit(0, "booked", None, **minutes),
            visit(0, "booked", None, **minutes, planned_spin_minutes=8),
            visit(-1, "booked", None, **minutes),
            visit(3, "cancelled", None, **minutes),
            visit(3, "no_show", None, **minutes),
            visit(5, "booked", None, option="peel", **minutes, planned_spin_minutes=0),
            visit(5, "booked", None, option="laser"),
            visit(0, "booked", None, **minutes, demo=True),
        ],
    )
    plans = ahead(store, rulebook)
    later, today = plans.booked
    assert (today.day, today.number, today.known["chair"], today.known["spin"]) == (TODAY, 2, 160, 8)
    assert today.unknown == {"chair": 0, "provider": 0, "draw": 0, "spin": 1}
    assert (later.option, later.known["chair"]) == ("peel", 80), "of any treatment, where its minutes are noted"
    assert plans.left_out == 1, "neither minutes nor a treatment of the rulebook"
    assert [one.number for one in ahead(store, rulebook, invented=True).booked] == [1]


def test_a_course_goes_on_an_interval_after_its_last_visit_until_it_has_ended(store: Store, rulebook: Rulebook) -> None:
    keep(
        store,
        [
            *(visit(day, course="running", number=number) for number, day in ((1, -30), (2, -2))),
            *(visit(day, course="booked") for day in (-40,)),
            visit(10, "booked", course="booked"),
            visit(-35, course="late"),
            visit(-36, course="ended"),
            *(visit(-30 + 28 * place, course="full", planned_visits=2) for place in range(2)),
            visit(-3, "cancelled", course="never came"),
            visit(-3, course=None),
            visit(-1, course="unknown", option="peel"),
        ],
    )
    plans = ahead(store, rulebook)
    assert sorted((one.done, (one.due - TODAY).days) for one in plans.courses) == [(1, -7), (2, 26), (2, 38)]
    assert plans.left_out == 1
    late = replace(plans, courses=tuple(one for one in plans.courses if one.done == 1), booked=())
    week = weeks_ahead(TODAY, 1)[0]
    _, chances = Needs(late, rulebook, ASSUMED).distribution(week, "chair")
    assert chances[0] == pytest.approx(1 - float(ASSUMED.slips)), "it may still come late, and then it comes today"


def planned(
    store: Store, name: str, day: date, *, minute: int = 0, client: str | None = None, demo: bool = False
) -> str:
    now = NOW + timedelta(minutes=minute)
    draft = start_draft(
        store, name, now, NOW.date(), ORDER, "history" if demo else None, client_id=client, location_id="a"
    )
    record_choice(store, draft.id, PRP, now, FACTS)
    record_next_date(store, draft.id, "first_visit", day, now)
    return str(read_facts(store)["id"][-1])


def test_first_visits_with_a_date_are_counts_by_location_option_and_day_and_hold_no_client(
    store: Store, rulebook: Rulebook
) -> None:
    day = TODAY + timedelta(days=9)
    for number in range(2):
        planned(store, f"R-{number}", day)
    planned(store, "R-3", TODAY - timedelta(days=1))
    planned(store, "R-4", day, demo=True)
    look = start_draft(store, "R-5", NOW, NOW.date(), ORDER)
    record_choice(store, look.id, "not_yet", NOW, FACTS)
    record_next_date(store, look.id, "look_again", day, NOW)
    [found] = planned_first_visits(store, TODAY, invented=False)
    assert (found.location, found.option, found.concern, found.day, found.number) == ("a", PRP, "texture", day, 2)
    assert [(one.done, one.due, one.number) for one in ahead(store, rulebook).courses] == [(0, day, 2)]
    assert [one.number for one in planned_first_visits(store, TODAY, invented=True)] == [1]


def test_a_first_visit_that_is_in_the_book_is_not_counted_twice(store: Store, rulebook: Rulebook) -> None:
    day = TODAY + timedelta(days=9)
    planned(store, "R-1", day)
    [fact] = read_facts(store)["id"]
    keep(store, [visit(9, "cancelled", consultation=fact)])
    assert len(planned_first_visits(store, TODAY, invented=False)) == 1, "a cancelled one is none"
    keep(store, [visit(9, "booked", consultation=fact)])
    assert planned_first_visits(store, TODAY, invented=False) == []
    plans = ahead(store, rulebook)
    assert [one.number for one in plans.booked] == [1] and [one.done for one in plans.courses] == [1]


# --- a year ago -----------------------------------------------------------------------------------------------------


def test_what_was_used_a_year_ago_is_of_the_same_months_and_of_52_weeks_before(store: Store) -> None:
    today = date(2028, 2, 29)
    then = {
        date(2027, 2, 27): 1, date(2027, 2, 28): 2, date(2027, 3, 1): 4, date(2027, 3, 2): 8, date(2027, 3, 31): 16,
        date(2027, 6, 1): 32, date(2027, 6, 30): 64, date(2027, 7, 1): 128,
    }  # fmt: skip
    visits = [VisitFact(day, "performed", location="a", chair_minutes=minutes) for day, minutes in then.items()]
    other = VisitFact(date(2027, 6, 2), "performed", location="b", planned_chair_minutes=1000, planned_draw_minutes=7)
    missed = [
        VisitFact(date(2027, 6, 2), status, location="a", planned_chair_minutes=9) for status in ("no_show", "booked")
    ]
    keep(store, [*visits, other, replace(other, demo=True), *missed])
    table = FactsTable()
    table.keep_up(store)
    months = months_ahead(today, today, 5, 24)
    here = used_a_year_ago(table, months, today, invented=False, location="a")
    assert list(here["chair"].fillna(-1)) == [2, 4 + 8 + 16, -1, -1, 32 + 64]
    everywhere = used_a_year_ago(table, months, today, invented=False)
    assert everywhere.loc["2028-06", "chair"] == 1096 and everywhere.loc["2028-06", "draw"] == 7
    week = used_a_year_ago(table, weeks_ahead(today, 1), today, invented=False, location="a")
    assert list(week["chair"]) == [8], "Tuesday to Sunday, from March 2, 2027 on"


# --- if one in so many moved ----------------------------------------------------------------------------------------


def test_a_move_is_the_same_courses_with_the_other_treatments_minutes_and_prices(rulebook: Rulebook) -> None:
    weeks = weeks_ahead(TODAY, 12)
    plans = Plans(
        (in_the_book("a", TODAY, 60), replace(in_the_book("a", TODAY, 60), option=PRP, number=4)),
        (CoursesAlike("a", PRP, "texture", 0, weeks[1].first, None, 3), CoursesAlike("a", MN, None, 1, TODAY, None, 9)),
    )
    found = move(plans, weeks, (PRP, EXOSOMES), 0.2, rulebook, ASSUMED, {PRP: 30.0, EXOSOMES: 180.0})
    visits = 0.2 * (
        4 + 3 * 3
    )  # three of each course lie in twelve weeks: the first in the second of them, all 28 days apart
    assert found.visits == pytest.approx((visits, visits)), "no study found fewer visits, so there are as many"
    before, after = (visit_minutes(rulebook, one)["draw"] for one in (PRP, EXOSOMES))
    assert found.minutes["draw"] == pytest.approx((visits * before.quantile(Fraction(1, 2)), 0)) and after.last == 0
    assert found.minutes["chair"][0] > found.minutes["chair"][1]
    assert found.revenue == pytest.approx((visits * 700, visits * 900))
    assert found.product_cost == pytest.approx((visits * 30, visits * 180))
    unknown = move(plans, weeks, (PRP, EXOSOMES), 0.2, rulebook, ASSUMED, {PRP: 30.0})
    assert unknown.product_cost is None, "of one of the two nothing is recorded"
    nobody = move(plans, weeks, (PRP, EXOSOMES), 0.0, rulebook, ASSUMED, {})
    assert nobody.revenue == (0, 0)


def test_the_product_cost_of_a_visit_is_the_mean_of_what_is_recorded(store: Store) -> None:
    sale = SaleFact(TODAY, "payment", 70000, "USD", option=PRP, product_cost_cents=3000)
    keep(
        store,
        sales=[
            sale,
            replace(sale, what="redemption", paid_cents=0, product_cost_cents=5000),
            replace(sale, product_cost_cents=None),
            replace(sale, what="refund", paid_cents=-100, product_cost_cents=9900),
            replace(sale, option=EXOSOMES, product_cost_cents=None),
            replace(sale, demo=True, product_cost_cents=100),
        ],
    )
    table = FactsTable()
    table.keep_up(store)
    assert product_cost_of_a_visit(table, invented=False) == {PRP: 40.0}
    assert product_cost_of_a_visit(table, invented=True) == {PRP: 1.0}


# --- the file -------------------------------------------------------------------------------------------------------


def test_every_mistake_in_the_file_is_a_line(tmp_path: Path) -> None:
    text = (DATA / "capacity.toml").read_text("utf-8")
    wrong = text.replace("weeks = 12", "weeks = 0").replace("slips = 0.2", "slips = 1.2") + "\n[moon]\nfull = true\n"
    (tmp_path / "capacity.toml").write_text(wrong, "utf-8")
    with pytest.raises(CapacityProblem) as refused:
        read_assumptions(tmp_path)
    told = "\n".join(refused.value.problems)
    assert len(refused.value.problems) == 3 and all(one in told for one in ("weeks", "slips", "moon"))


def test_what_the_file_says_of_the_invented_practice_is_of_its_locations() -> None:
    assert ASSUMED.band == Decimal("0.95") and ASSUMED.one_in_at_once in ASSUMED.one_in
    assert ASSUMED.invented["Harbour"].hours.minutes[0] == 480


# --- on the command line --------------------------------------------------------------------------------------------


def test_the_weeks_as_a_file_say_hours_by_location_and_leave_empty_what_is_not_known(
    store: Store, rulebook: Rulebook
) -> None:
    minutes = {f"planned_{one}_minutes": 90 for one in MINUTES_OF}
    keep(
        store,
        [visit(1, "booked", location="=1+1", **minutes), visit(1, "booked", demo=True, location="Harbour", **minutes)],
    )

    def told(location: str, weeks: int) -> list[dict[str, str]]:
        text = capacity_csv(store, rulebook, ASSUMED, TODAY, location, weeks)
        return list(csv.DictReader(io.StringIO(text)))

    rows = told("", 2)
    assert len(rows) == 2 * 2 * 4 and {row["location"] for row in rows} == {"'=1+1", "all"}
    first = rows[0]
    assert (first["period"], first["resource"], first["booked_hours"]) == ("2026-11-23", "chair", "1.50")
    assert first["open_hours"] == first["short_hours"] == "" and "Harbour" not in str(rows)
    assert {row["whose"] for row in rows} == {"ours"}
    assert len(told("=1+1", 0)) == 12 * 4
    with pytest.raises(CapacityProblem, match=r"--location moon: is not known\. Known are =1"):
        told("moon", 1)
