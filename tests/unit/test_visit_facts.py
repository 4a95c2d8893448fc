"""Facts of visits and sales: kept with what they change in their course and consultation, and counted as pandas counts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core import exam
from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow
from medspa_core.practice.metric_tables import Asked, metric_table, newest_day
from medspa_core.practice.metrics import read_metrics
from medspa_core.records import (
    SaleFact,
    Store,
    VisitFact,
    finish,
    keep_sales,
    keep_visits,
    read_facts,
    record_choice,
    start_draft,
)
from medspa_core.records.audit.log import CREATED, DELETED
from medspa_core.records.facts.visit_facts import forget_visit
from medspa_core.rulebook import Rulebook
from medspa_core.timeline import planned_minutes
from tests.conftest import AS_OF, DATA
from tests.exam_support import MN, exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import FACTS, NOW, ORDER

METRICS = read_metrics(DATA)
DAY = date(2026, 3, 2)


def keep(store: Store, visits: Sequence[VisitFact] = (), sales: Sequence[SaleFact] = ()) -> list[str]:
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        return keep_visits(connection, visits) + keep_sales(connection, sales)


def consultation(store: Store) -> str:
    draft = start_draft(store, "R-1", NOW, NOW.date(), ORDER)
    record_choice(store, draft.id, MN, NOW, FACTS)
    finish(store, draft.id, NOW)
    return str(read_facts(store)["id"][-1])


def visit(day: int, **other: Any) -> VisitFact:
    """The visit of a course, so many days after the first day, booked a week before."""
    on = DAY + timedelta(days=day)
    given: dict[str, Any] = {
        "status": "performed",
        "course": "one",
        "planned_visits": 3,
        "booked_on": on - timedelta(days=7),
    }
    return VisitFact(day=on, **given | other)


def test_a_consultation_says_how_far_it_went_and_follows_what_changes(store: Store) -> None:
    mine = consultation(store)
    first, second, third = keep(
        store,
        [
            visit(0, consultation=mine, number=1),
            visit(28, consultation=mine, number=2, status="booked", booked_on=DAY),
            visit(56, consultation=mine, number=3, status="booked", booked_on=DAY + timedelta(days=28)),
        ],
    )

    def told() -> list[Any]:
        facts = read_facts(store)
        return [
            facts[name][-1] for name in ("booked_on", "first_visit_on", "last_visit_on", "finished_on", "open_visits")
        ]

    assert told() == [DAY - timedelta(days=7), DAY, DAY, None, 2]
    for old in (second, third):
        with store.writing() as connection:
            store.note(connection, NOW, DELETED, "facts", {"what": "tried"})
            forget_visit(connection, old)
    (second,) = keep(store, [visit(28, consultation=mine, number=2, booked_on=DAY)])
    (third,) = keep(store, [visit(57, consultation=mine, number=3, booked_on=DAY + timedelta(days=28))])
    assert told() == [DAY - timedelta(days=7), DAY, DAY + timedelta(days=57), DAY + timedelta(days=57), 0]
    visits = read_facts(store, kind="visit")
    assert dict(zip(visits["id"], visits["rebooked"], strict=True)) == {first: True, second: True, third: None}
    newest = max(visits["seq"])
    assert read_facts(store)["seq"][-1] == newest  # so that a copy which is kept up hears of it
    table = FactsTable()
    table.keep_up(store)
    assert len(table) == 4 and table.newest == newest


def test_nobody_is_counted_as_rebooked_where_no_day_of_booking_is_known(store: Store) -> None:
    keep(store, [visit(0, number=1), visit(28, number=2, booked_on=None), visit(60, number=1, course="two"),
                 visit(90, number=2, course="two", booked_on=DAY + timedelta(days=80))])  # fmt: skip
    visits = read_facts(store, kind="visit")
    assert visits["rebooked"] == [None, None, False, False]


def test_a_practice_whose_book_is_kept_elsewhere_has_no_bookings_and_not_none_booked(store: Store) -> None:
    """Sessions alone are recorded here: nobody was left without a next visit, and no day of a booking is made up."""
    mine = consultation(store)
    keep(store, [visit(0, consultation=mine, number=1, booked_on=None)])
    facts = read_facts(store)
    assert (facts["booked_on"][-1], facts["first_visit_on"][-1]) == (None, DAY)
    table = FactsTable()
    table.keep_up(store)
    for metric in ("booked", "rebooking", "step_booked"):
        assert metric_table(table, METRICS, Asked(metric)).loc[0].isna().all(), metric


OPTION = st.sampled_from((MN, "prp_microneedling", None))
VISITS = st.fixed_dictionaries(
    {
        "day": st.dates(date(2026, 1, 1), date(2026, 2, 20)),
        "status": st.sampled_from(("booked", "performed", "no_show", "cancelled")),
        "option": OPTION,
        "course": st.sampled_from(("a", "b", None)),
        "chair_minutes": st.none() | st.integers(10, 90),
        "planned_chair_minutes": st.none() | st.integers(10, 90),
    }
)
SALES = st.fixed_dictionaries(
    {
        "day": st.dates(date(2026, 1, 1), date(2026, 2, 20)),
        "what": st.sampled_from(("payment", "package", "redemption", "refund")),
        "option": OPTION,
        "paid_cents": st.integers(-50_000, 200_000),
        "product_cost_cents": st.none() | st.integers(0, 20_000),
    }
)


def put(table: FactsTable, kind: Any, rows: list[dict[str, Any]]) -> None:
    whole = [{"id": f"{kind}{i}", "seq": i + 1, "demo": False, "currency": "USD", **row} for i, row in enumerate(rows)]
    table.put(as_arrow({name: [row.get(name) for row in whole] for name in COLUMNS[kind].names}, kind), kind)


@pytest.fixture(scope="module")
def table() -> FactsTable:
    return FactsTable()


@settings(max_examples=25, deadline=None)
@given(visits=st.lists(VISITS, max_size=20), sales=st.lists(SALES, max_size=20))
def test_money_an_hour_and_no_shows_are_what_pandas_reckons(
    table: FactsTable, visits: list[dict[str, Any]], sales: list[dict[str, Any]]
) -> None:
    table.empty()
    put(table, "visit", visits)
    put(table, "sale", sales)
    frame, sold = pd.DataFrame(visits, columns=[*VISIT_KEYS]), pd.DataFrame(sales, columns=[*SALE_KEYS])
    minutes = frame["chair_minutes"].astype("Float64").fillna(frame["planned_chair_minutes"].astype("Float64"))
    performed = frame["status"] == "performed"
    recorded = len(sold) > 0 and minutes[performed].notna().any()
    if recorded:
        both = [
            one(each(days) for days in (frame["day"][performed], sold["day"])) for one, each in ((max, min), (min, max))
        ]
        sold, minutes = sold[sold["day"].between(*both)], minutes[performed & frame["day"].between(*both)]
    hours = minutes.sum() / 60
    row = metric_table(table, METRICS, Asked("revenue")).loc[0]
    if not recorded:
        assert row.isna().all()
    elif sold.empty or minutes.isna().all():
        assert row.drop("of").isna().all()
    else:
        assert float(row["value"]) == pytest.approx(sold["paid_cents"].sum() / 100)
        assert float(row["of"]) == pytest.approx(float(hours))
        assert pd.isna(row["rate"]) == (hours < METRICS.metrics["revenue"].minimum)
    due = frame[frame["status"].isin(("performed", "no_show"))]
    missed = metric_table(table, METRICS, Asked("no_shows")).loc[0]
    if (frame["status"] == "performed").all():
        assert missed.isna().all()  # not recorded here, and not 0
    else:
        assert (missed["value"], missed["of"]) == ((due["status"] == "no_show").sum(), len(due))


VISIT_KEYS = ("day", "status", "option", "course", "chair_minutes", "planned_chair_minutes")
SALE_KEYS = ("day", "what", "option", "paid_cents", "product_cost_cents")


def test_a_rates_interval_holds_it_and_is_the_same_each_time(table: FactsTable) -> None:
    table.empty()
    days = [(DAY + timedelta(days=i % 60), f"c{i // 3}") for i in range(300)]
    hour = {"status": "performed", "chair_minutes": 60}
    put(table, "visit", [hour | {"day": day, "course": course} for day, course in days])
    paid = [20_000 + 400 * (i % 50) for i in range(300)]
    put(
        table,
        "sale",
        [{"day": d, "what": "payment", "paid_cents": p, "course": c} for (d, c), p in zip(days, paid, strict=True)],
    )
    row = metric_table(table, METRICS, Asked("revenue")).loc[0]
    assert row["low"] < row["rate"] < row["high"] and row["high"] - row["low"] < 0.1 * row["rate"]
    pd.testing.assert_series_equal(row, metric_table(table, METRICS, Asked("revenue")).loc[0])


def test_a_course_has_ended_when_it_is_done_or_ninety_days_after_its_last_visit_with_nothing_booked(
    table: FactsTable,
) -> None:
    table.empty()
    last = {
        "first_visit_on": DAY,
        "last_visit_on": DAY,
        "demo": False,
        "standing": "clear",
        "chosen": MN,
        "created_on": DAY,
    }
    put(table, "consultation", [
        {"day": DAY, **last, "finished_on": DAY, "open_visits": 0},
        {"day": DAY, **last, "open_visits": 0},
        {"day": DAY, **last, "open_visits": 1},
        {"day": DAY + timedelta(days=89), **last, "first_visit_on": None, "last_visit_on": None, "open_visits": None},
    ])  # fmt: skip

    def done() -> tuple[int, int]:
        row = metric_table(table, METRICS, Asked("completion")).loc[0]
        return int(row["value"]), int(row["of"])

    assert done() == (1, 1)
    put(table, "sale", [{"day": DAY + timedelta(days=90), "what": "payment", "paid_cents": 100}])
    assert done() == (1, 2)


def test_a_recorded_session_is_a_visit_of_its_consultation_and_one_that_is_struck_out_is_none(
    file_store: Store, rulebook: Rulebook
) -> None:
    practice = exam_practice(file_store, rulebook)
    practice.examine()
    practice.order()
    one, two = (
        practice.treat(depth_tenths_mm=8),
        practice.treat(depth_tenths_mm=8, done_on=AS_OF, one_more_that_day=True),
    )
    visits = read_facts(file_store, kind="visit")
    minutes = planned_minutes(MN, rulebook)
    assert visits["number"] == [1, 2] or visits["number"] == [2, 1]
    assert set(visits["planned_chair_minutes"]) == {minutes.chair} and len(set(visits["course"])) == 1
    assert set(visits["provider"]) == {practice["needler"].id} and set(visits["option_id"]) == {MN}
    for done in (one, two):
        exam.correct_treatment(
            file_store, practice["needler"], done.id, "", "Wrong client", NOW, practice.key(), strike=True
        )
    assert read_facts(file_store, kind="visit")["id"] == []
    assert {one.id, two.id, practice.draft}.isdisjoint(str(value) for column in visits.values() for value in column)


def test_a_visit_ahead_that_was_cancelled_is_not_the_newest_day(table: FactsTable) -> None:
    table.empty()
    ahead = DAY + timedelta(days=200)
    put(table, "visit", [{"day": DAY, "status": "no_show"}, {"day": ahead, "status": "cancelled"}])
    assert newest_day(table, METRICS, Asked("")) == DAY
    assert newest_day(table, METRICS, Asked("", first_day="2026-01-01")) == DAY


def test_hours_of_a_time_without_payments_make_no_hour_cheaper(table: FactsTable) -> None:
    table.empty()
    days = [DAY + timedelta(days=place) for place in range(200)]
    put(table, "visit", [{"day": day, "status": "performed", "chair_minutes": 60, "course": str(day)} for day in days])
    paid = {"what": "payment", "paid_cents": 50_000}
    put(table, "sale", [paid | {"day": day, "course": str(day)} for day in days[150:180]])
    row = metric_table(table, METRICS, Asked("revenue")).loc[0]
    assert (row["rate"], row["of"]) == (500, 30)
    assert metric_table(table, METRICS, Asked("revenue", last_day=str(days[140]))).loc[0, "value"] is pd.NA
