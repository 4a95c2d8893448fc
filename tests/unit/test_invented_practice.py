"""The invented practice's book and sales: the same every time, with something true in them for each of a manager's questions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from medspa_core import access, clients
from medspa_core.command_line import start_commands
from medspa_core.practice.capacity.against_hours import short_ones
from medspa_core.practice.capacity.assumptions import read_assumptions
from medspa_core.practice.capacity.periods import weeks_ahead
from medspa_core.practice.capacity.plans import plans_ahead
from medspa_core.practice.control_chart import control_chart
from medspa_core.practice.demo_history import demo_history
from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow
from medspa_core.practice.invented import numbers as given
from medspa_core.practice.invented.book import Facts, demo_book
from medspa_core.practice.metric_tables import Asked, metric_table
from medspa_core.practice.metrics import read_metrics
from medspa_core.practice.weeks import last_weeks
from medspa_core.records import Store, facts_at, read_facts
from medspa_core.records.database.checks import verify
from medspa_core.records.facts.reading import Kind
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, DATA
from tests.records_support import NOW
from tests.unit.test_trial_clients import owner_of, set_up

METRICS = read_metrics(DATA)
FEW = 40
EXO = "exosome_microneedling"


def book_of(rulebook: Rulebook, today: date) -> Facts:
    past = demo_history(rulebook, today, FEW)
    return demo_book(past, [f"fact-{one.number}" for one in past], rulebook, today)


@pytest.fixture(scope="module", params=[AS_OF, date(2028, 2, 29)], ids=str)
def today(request: pytest.FixtureRequest) -> date:
    found: date = request.param
    return found


@pytest.fixture(scope="module")
def table(rulebook: Rulebook, today: date) -> FactsTable:
    """The book and sales as the store would give them."""
    found = FactsTable()
    kinds: tuple[Kind, ...] = ("visit", "sale")
    for kind, facts in zip(kinds, book_of(rulebook, today), strict=True):
        columns: dict[str, list[Any]] = {
            name: [getattr(one, name, None) for one in facts] for name in COLUMNS[kind].names
        }
        columns |= {"id": [f"{kind}-{number}" for number in range(len(facts))], "seq": [1] * len(facts)}
        found.put(as_arrow(columns, kind), kind)
    return found


def asked(table: FactsTable, metric: str, *by: str, **other: Any) -> pd.DataFrame:
    return metric_table(table, METRICS, Asked(metric, by, invented=True, **other))


def test_its_book_is_the_same_every_time_and_follows_the_day(rulebook: Rulebook) -> None:
    assert book_of(rulebook, AS_OF) == book_of(rulebook, AS_OF)
    visits, _ = book_of(rulebook, AS_OF)
    past = demo_history(rulebook, AS_OF, FEW)
    assert all(one.on <= one.decided_on < AS_OF for one in past) and any(one.on < one.decided_on for one in past)
    assert all((one.status == "booked") is (one.day >= AS_OF) for one in visits)
    assert all(one.booked_on and one.booked_on <= min(one.day, AS_OF) for one in visits)


def test_exosomes_earn_more_per_chair_hour_by_more_than_chance(table: FactsTable, today: date) -> None:
    year_ago = (today - timedelta(days=365)).isoformat()
    for metric in ("revenue", "margin"):
        found = asked(table, metric, "option", first_day=year_ago).set_index("option")
        assert found.loc[EXO, "low"] > found["high"].drop(EXO).max()


def test_more_people_miss_their_visits_at_one_location_and_a_control_chart_shows_since_when(
    table: FactsTable, today: date
) -> None:
    weeks = last_weeks(today)
    told = {}
    for location in given.OPEN_ON:
        found = asked(table, "no_shows", "week", where=(("location", location),), first_day=weeks[0])
        found = found.set_index("week").reindex(weeks)
        told[location] = control_chart(weeks, list((found["value"] / found["of"]).astype(float)), 0.0, 1.0).mark
    mark = told.pop(given.MISSED_AT)
    assert (mark.kind, mark.more) == ("changed", True)
    assert abs(date.fromisoformat(mark.week) - (today - given.MISSED_FOR)) <= timedelta(weeks=3)
    assert not any(one.kind == "changed" and one.more for one in told.values())


def test_one_week_ahead_is_fuller_than_its_location_is_open(table: FactsTable, today: date) -> None:
    hours = table.frame(
        "SELECT location, week, sum(planned_chair_minutes) / 60 AS hours FROM facts WHERE status = 'booked' GROUP BY ALL"
    ).set_index(["location", "week"])["hours"]
    full = today + timedelta(weeks=given.FULL_IN_WEEKS, days=-today.weekday())
    there = hours[given.FULL_AT]
    assert there.idxmax() == full.isoformat() and there.max() > 36
    assert there.drop(full.isoformat()).max() < 36


def test_june_is_fuller_than_the_year_and_august_quieter(table: FactsTable) -> None:
    months = table.frame(
        "SELECT month, sum(used_chair_minutes) AS found FROM facts WHERE status = 'performed' GROUP BY 1 ORDER BY 1"
    ).set_index("month")["found"]
    months = months.iloc[4:-1]
    about = months.rolling(9, center=True, min_periods=5).median()
    share = (months / about).groupby(months.index.str[-2:]).mean()
    assert share["06"] > 1.15 and share["08"] < 0.8


def test_one_week_ahead_is_short_of_chairs_at_one_location_and_no_other_is(
    table: FactsTable, today: date, file_store: Store, rulebook: Rulebook
) -> None:
    assumed = read_assumptions(DATA)
    plans = plans_ahead(file_store, table, rulebook, today, assumed.slip_days, invented=True)
    hours = {place: one.hours for place, one in assumed.invented.items()}
    weeks = weeks_ahead(today, assumed.weeks)
    found = short_ones(plans, hours, weeks, rulebook, assumed, plans.locations)
    found = found[found["short"] > 0]
    full = (given.FULL_AT, weeks[given.FULL_IN_WEEKS].name, "chair")
    assert list(found[["location", "period", "resource"]].itertuples(index=False, name=None)) == [full]
    assert found["short"].iloc[0] > 2 * 60


def test_prices_rose_nine_months_ago_and_money_adds_up(table: FactsTable, today: date) -> None:
    prices = table.frame(
        "SELECT day, list_price FROM facts WHERE option = ? AND what = 'payment' ORDER BY day", [EXO]
    ).set_index("day")["list_price"]
    assert prices.nunique() == 2
    first_new = prices.index[prices == prices.iloc[-1]][0].date()
    assert timedelta(0) <= first_new - (today - given.PRICE_CHANGE) <= timedelta(days=10)
    left = table.frame(
        "SELECT course, sum(paid_cents) FILTER (what <> 'redemption') - coalesce(sum(worth_cents), 0) AS cents FROM facts "
        "WHERE course IN (SELECT course FROM facts WHERE what = 'package') AND kind = 'sale' GROUP BY 1"
    )["cents"]
    assert left.min() >= 0 and left.max() > 0  # no package gives more than was paid


def test_it_goes_in_with_its_consultations_always_marked_and_out_with_them(
    store: Store, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_commands, "demo_history", lambda book, day: demo_history(book, day, FEW))
    monkeypatch.setattr(given, "COURSES_A_WEEK", dict.fromkeys(given.OPEN_ON, 1.0))
    assert start_commands.create_demo(store, rulebook, AS_OF) == FEW
    kinds: tuple[Kind, ...] = ("consultation", "visit", "sale")
    facts = {kind: read_facts(store, kind=kind) for kind in kinds}
    assert all(all(one["demo"]) for one in facts.values())
    known = {*facts["consultation"]["id"]}
    linked = {*facts["visit"]["consultation"], *facts["sale"]["consultation"]} - {None}
    assert linked and linked <= known
    came = [day for day in facts["consultation"]["first_visit_on"] if day is not None]
    assert came and any(facts["visit"]["rebooked"]) and False in facts["visit"]["rebooked"]
    practice = set_up(store, rulebook)
    assert clients.discard_invented(store, owner_of(practice), NOW) == FEW
    assert facts_at(store)[0] == 0 and not read_facts(store, kind="sale")["id"]
    assert access.list_people(store) and verify(store.place, store.keys) == []
