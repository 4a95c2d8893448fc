"""The treatment mix as booked and performed, in clients, visits, revenue and chair hours: the same as pandas counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, is_recorded, metric_table
from medspa_core.practice.metrics import read_metrics
from tests.conftest import DATA
from tests.unit.test_visit_facts import put
from views.staff.figures.mix_bars import COUNTED, MEASURES, OUTCOMES

METRICS = read_metrics(DATA)
EXO, PRP = "exosome_microneedling", "prp_microneedling"
DAYS = st.dates(date(2026, 1, 20), date(2026, 3, 10))
OPTIONS = st.sampled_from((EXO, PRP, None))
MINUTES = st.sampled_from((30, 75, None))
CONSULTATIONS = st.fixed_dictionaries(
    {
        "day": st.just(date(2026, 1, 20)),
        "standing": st.just("clear"),
        "chosen": st.sampled_from((EXO, PRP, "wait")),
        "booked_on": DAYS | st.none(),
        "first_visit_on": DAYS | st.none(),
        "open_visits": st.just(1),
    }
)
VISITS = st.fixed_dictionaries(
    {
        "day": DAYS,
        "booked_on": DAYS | st.none(),
        "status": st.sampled_from(("booked", "performed", "no_show", "cancelled")),
        "option": OPTIONS,
        "planned_chair_minutes": MINUTES,
        "chair_minutes": MINUTES,
    }
)
SALES = st.fixed_dictionaries(
    {
        "day": DAYS,
        "what": st.sampled_from(("payment", "package", "redemption", "refund")),
        "option": OPTIONS,
        "paid_cents": st.integers(500_000, 900_000),
        "worth_cents": st.sampled_from((40_000, None)),
    }
).map(lambda one: one | {"paid_cents": {"refund": -5_000, "redemption": 0}.get(one["what"], one["paid_cents"])})


@pytest.fixture(scope="module")
def table() -> FactsTable:
    return FactsTable()


@settings(max_examples=25, deadline=None)
@given(
    consultations=st.lists(CONSULTATIONS, min_size=1, max_size=12),
    visits=st.lists(VISITS, min_size=1, max_size=15),
    sales=st.lists(SALES, min_size=1, max_size=15),
)
def test_booked_and_performed_are_what_pandas_counts(
    table: FactsTable, consultations: list[dict[str, Any]], visits: list[dict[str, Any]], sales: list[dict[str, Any]]
) -> None:
    table.empty()
    for kind, rows in (("consultation", consultations), ("visit", visits), ("sale", sales)):
        put(table, kind, rows)
    frames = [pd.DataFrame(rows) for rows in (consultations, visits, sales)]
    frames[0]["option"] = frames[0]["chosen"].where(frames[0]["chosen"] != "wait")
    consulted, seen, sold = frames
    minutes = {name: seen[name].astype("Float64") for name in ("chair_minutes", "planned_chair_minutes")}
    done = seen["status"] == "performed"
    used = minutes["chair_minutes"].fillna(minutes["planned_chair_minutes"]).where(done)
    earned = sold["paid_cents"].where(sold["what"] != "package", 0)
    earned = earned.where(sold["what"] != "redemption", pd.to_numeric(sold["worth_cents"]))
    of_visits, booked = pd.Series(1, seen.index), seen["booked_on"]
    by_hand: dict[str, tuple[pd.DataFrame, pd.Series, pd.Series]] = {
        "booked_clients": (consulted, consulted["booked_on"], pd.Series(1, consulted.index)),
        "performed_clients": (consulted, consulted["first_visit_on"], pd.Series(1, consulted.index)),
        "booked_visits": (seen, booked, of_visits),
        "performed_visits": (seen, seen["day"].where(done), of_visits),
        "booked_revenue": (sold, sold["day"], sold["paid_cents"] / 100),
        "performed_revenue": (sold, sold["day"], earned / 100),
        "booked_hours": (seen, booked, minutes["planned_chair_minutes"] / 60),
        "performed_hours": (seen, seen["day"].where(done), used / 60),
    }
    assert set(by_hand) == {f"{measure}_{counted}" for measure in MEASURES[2:] for counted in COUNTED}
    for key, (frame, days, values) in by_hand.items():
        asked = Asked(key, ("month",))
        if not is_recorded(table, METRICS, asked):
            continue
        found = metric_table(table, METRICS, asked).set_index(["month", "part"])["value"]
        counted = pd.DataFrame({"month": days.map(_month), "part": frame["option"], "value": values.astype("Float64")})
        expected = counted.dropna(subset=["month", "part"]).groupby(["month", "part"])["value"].sum(min_count=1)
        assert list(found.index) == list(expected.index), key
        if METRICS.metrics[key].unit == "money":
            few = expected.groupby("month").transform("sum") < METRICS.metrics[key].minimum
            expected = expected.mask(few)
        assert found.astype("Float64").round(6).fillna(-1).tolist() == expected.round(6).fillna(-1).tolist(), key


def _month(day: date | None) -> str | None:
    return None if day is None or pd.isna(day) else f"{day:%Y-%m}"


def test_without_visits_and_sales_none_of_them_is_recorded_here_and_none_is_0(table: FactsTable) -> None:
    table.empty()
    put(table, "consultation", [{"day": date(2026, 1, 20), "standing": "clear", "chosen": EXO} for _ in range(30)])
    for measure in MEASURES:
        for counted in COUNTED if measure not in OUTCOMES else ():
            asked = Asked(f"{measure}_{counted}", ("month",))
            assert not is_recorded(table, METRICS, asked) and metric_table(table, METRICS, asked)["value"].isna().all()


def test_a_sum_of_money_has_no_interval_of_a_share(table: FactsTable) -> None:
    table.empty()
    days = [date(2026, 1, 20) + timedelta(days=one) for one in range(8)]
    put(table, "sale", [{"day": day, "what": "payment", "option": EXO, "paid_cents": 100_000} for day in days])
    row = metric_table(table, METRICS, Asked("booked_revenue")).loc[0]
    assert (row["value"], row["of"], row["share"]) == (8000, 8000, 1) and pd.isna(row["low"]) and pd.isna(row["high"])
