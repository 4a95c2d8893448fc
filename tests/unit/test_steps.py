"""How far consultations went: each step is what pandas counts from the same facts, of those old enough for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow
from medspa_core.practice.metric_tables import Asked, metric_table
from medspa_core.practice.metrics import read_metrics
from medspa_core.practice.steps import STEPS, Step, steps_of
from tests.conftest import DATA

METRICS, TABLE = read_metrics(DATA), FactsTable()
FIRST, NEWEST = date(2025, 1, 1), date(2026, 3, 1)
NOT_TAKEN = ("wait", "not_yet", "no")
ROW = st.fixed_dictionaries(
    {
        "ago": st.integers(0, 420),
        "recommended": st.sampled_from(("a", "b", None)),
        "chosen": st.sampled_from(("a", "b", *NOT_TAKEN)),
        "steps": st.integers(0, 3),
        "waits": st.tuples(st.integers(0, 20), st.integers(0, 30), st.integers(0, 200)),
        "open_visits": st.integers(0, 2),
        "provider": st.sampled_from(("p1", "p2", None)),
        "book_elsewhere": st.booleans(),
    }
)


def filled(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The facts in the table, and the same in pandas."""
    facts = []
    for place, row in enumerate(rows):
        day = NEWEST - timedelta(days=row["ago"])
        dates = [day]
        for wait in row["waits"]:
            dates.append(dates[-1] + timedelta(days=wait))
        ends = [one if number < row["steps"] else None for number, one in enumerate(dates[1:])]
        facts.append(
            dict.fromkeys(COLUMNS["consultation"].names)
            | {key: row[key] for key in ("recommended", "chosen", "open_visits", "provider")}
            | {"id": f"f{place}", "seq": place + 1, "day": day, "created_on": day, "demo": False, "standing": "clear"}
            | dict(zip(("booked_on", "first_visit_on", "finished_on"), ends, strict=True))
            | {"last_visit_on": ends[1]}
            | ({"booked_on": None} if row.get("book_elsewhere") else {})
        )
    TABLE.empty()
    names = COLUMNS["consultation"].names
    TABLE.put(as_arrow({name: [one[name] for one in facts] for name in names}))
    return pd.DataFrame(facts, columns=names)


def by_hand(frame: pd.DataFrame, name: str) -> pd.Series:
    """Who reached this step."""
    clear = frame["recommended"].notna()
    in_the_book = frame["booked_on"].notna() | frame["first_visit_on"].notna()  # who came was booked
    return {
        "step_recommended": clear,
        "step_chosen": clear & (~frame["chosen"].isin(NOT_TAKEN) | in_the_book),
        "step_booked": clear & in_the_book,
        "step_first_visit": clear & frame["first_visit_on"].notna(),
        "step_finished": clear & frame["finished_on"].notna(),
    }[name]


@settings(max_examples=12, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=60), st.booleans())
def test_each_step_is_what_pandas_counts_of_those_old_enough_and_of_the_step_before(
    rows: list[dict[str, Any]], cut_off: bool
) -> None:
    frame = filled(rows)
    newest = max(frame["day"])
    last_day = newest - timedelta(days=100) if cut_off else newest
    first, *found = steps_of(TABLE, METRICS, Asked("", last_day=str(last_day)))
    frame = frame[frame["day"] <= last_day]
    assert (first.value, first.of) == (len(frame), len(frame))
    reached_before = pd.Series(True, index=frame.index)
    for step in found:
        assert step.recorded == bool(step.metric.recorded == "" or recorded(rows, step.name))
        reached = by_hand(frame, step.name)
        if step.recorded:
            old = frame["day"] <= newest - timedelta(days=step.metric.after_days)
            assert (step.value, step.of) == ((reached & old).sum(), old.sum())
            assert step.before == (reached_before & old).sum() and step.value <= step.before <= step.of
            assert step.too_young == len(frame) - old.sum()
            assert (step.share is None) == (step.of < step.metric.minimum)
            reached_before = reached


def recorded(rows: list[dict[str, Any]], name: str) -> bool:
    if name == "step_booked":
        return any(row["steps"] >= 1 and not row.get("book_elsewhere") for row in rows)
    return any(row["steps"] >= STEPS.index(name) - 1 for row in rows)


@settings(max_examples=12, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=40))
def test_where_each_is_now_adds_up_to_all_and_agrees_with_the_steps(rows: list[dict[str, Any]]) -> None:
    frame = filled(rows)
    found = metric_table(TABLE, METRICS, Asked("outcomes", ("provider",)))
    assert found["value"].sum() == len(frame)
    told = found.groupby("part")["value"].sum()
    assert told.get("none_open", 0) == frame["recommended"].isna().sum()
    assert told.get("finished", 0) == by_hand(frame, "step_finished").sum()
    begun = sum(told.get(part, 0) for part in ("finished", "under_way", "nothing_booked"))
    assert begun == by_hand(frame, "step_first_visit").sum()
    assert sum(told.get(part, 0) for part in NOT_TAKEN) == len(frame) - (
        by_hand(frame, "step_chosen").sum() + frame["recommended"].isna().sum()
    )


def test_the_days_between_are_the_middle_of_those_old_enough() -> None:
    row = {"ago": 300, "recommended": "a", "chosen": "a", "steps": 3, "open_visits": 0, "provider": None}
    young = {**row, "ago": 10, "waits": (0, 0, 0)}
    filled([young] * 9 + [{**row, "waits": (wait, 2 * wait, 50)} for wait in (1, 2, 4, 8, 16)])
    steps: dict[str, Step] = {one.name: one for one in steps_of(TABLE, METRICS, Asked(""))}
    days = [steps[name].days for name in ("step_booked", "step_first_visit", "step_finished")]
    assert days == [4, 8, 50] and steps["step_booked"].too_young == 9


def test_what_is_not_recorded_has_no_number() -> None:
    row = {
        "ago": 100,
        "recommended": "a",
        "chosen": "a",
        "steps": 0,
        "open_visits": 0,
        "provider": None,
        "waits": (0, 0, 0),
    }
    filled([row] * 30)
    _, recommended, chosen, *later = steps_of(TABLE, METRICS, Asked(""))
    assert (recommended.share, chosen.share) == (1.0, 1.0)
    assert [(step.recorded, step.value, step.share) for step in later] == [(False, 0, None)] * 3


@pytest.mark.parametrize(("ago", "counts"), [(29, 0), (30, 1)])
def test_a_consultation_counts_for_a_step_from_the_named_day_on(ago: int, counts: int) -> None:
    row = {"recommended": "a", "chosen": "a", "steps": 1, "open_visits": 1, "provider": None, "waits": (0, 0, 0)}
    filled([{**row, "ago": 0}, {**row, "ago": ago}])
    assert METRICS.metrics["step_booked"].after_days == 30
    assert metric_table(TABLE, METRICS, Asked("step_booked")).loc[0, "of"] == counts
