"""Rates of groups against one another: differences against scipy's, money against pandas, and chance against chance itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap
from scipy.stats import t as student

from medspa_core.practice import chance
from medspa_core.practice.chance import ratio_difference
from medspa_core.practice.facts_table import COLUMNS, FactsTable, as_arrow
from medspa_core.practice.metric_tables import Asked, metric_table
from medspa_core.practice.metrics import read_metrics
from medspa_core.practice.rate_comparisons import compare_rates
from tests.conftest import DATA

METRICS, TABLE = read_metrics(DATA), FactsTable()
DAY = date(2026, 3, 2)


def parts(dice: np.random.Generator, number: int, rate: float) -> pd.DataFrame:
    """Courses: hours, and money around so much an hour."""
    hours = dice.gamma(4, 1, number)
    return pd.DataFrame({"value": hours * rate * dice.lognormal(0, 0.3, number), "of": hours})


def ratio(values: np.ndarray[Any, Any], ofs: np.ndarray[Any, Any], axis: int = -1) -> Any:
    return values.sum(axis=axis) / ofs.sum(axis=axis)


def test_the_interval_of_a_difference_is_as_wide_as_by_scipys_own_drawing() -> None:
    dice = np.random.default_rng(5)
    one, other = parts(dice, 120, 900), parts(dice, 80, 500)
    found = ratio_difference(one, other)
    assert found is not None
    errors = [
        bootstrap(
            (each["value"], each["of"]), ratio, paired=True, n_resamples=4000, method="percentile", rng=1
        ).standard_error
        for each in (one, other)
    ]
    expected = 2 * student.ppf(0.999, 79) * float(np.hypot(*errors))
    assert found.high - found.low == pytest.approx(expected, rel=0.08)
    assert found.points == pytest.approx(
        one["value"].sum() / one["of"].sum() - other["value"].sum() / other["of"].sum()
    )


@pytest.mark.parametrize("number", [8, 12, 30, 400])
def test_for_few_parts_the_interval_is_wider_by_students_distribution(number: int) -> None:
    frame = parts(np.random.default_rng(2), number, 700)
    found = ratio_difference(frame, frame)
    drawn = chance.ratio_draws(frame["value"], frame["of"]) - chance.ratio_draws(frame["value"], frame["of"], 1)
    assert found is not None
    assert (found.high - found.low) / 2 / drawn.std() == pytest.approx(student.ppf(0.999, number - 1), rel=0.04)


def test_equal_groups_are_called_different_hardly_ever_and_a_clear_difference_is_found() -> None:
    dice = np.random.default_rng(8)
    equal = [ratio_difference(parts(dice, 40, 600), parts(dice, 25, 600)) for _ in range(250)]
    assert sum(one is not None and one.more_than_chance for one in equal) <= 3
    apart = [ratio_difference(parts(dice, 60, 900), parts(dice, 60, 600)) for _ in range(20)]
    assert all(one is not None and one.more_than_chance for one in apart)


def test_of_too_few_parts_nothing_is_said() -> None:
    dice = np.random.default_rng(9)
    assert ratio_difference(parts(dice, 7, 900), parts(dice, 300, 600)) is None
    nothing = pd.DataFrame({"value": [1.0] * 9, "of": [0.0] * 9})
    assert ratio_difference(nothing, parts(dice, 300, 600)) is None


SALE = st.fixed_dictionaries(
    {
        "what": st.sampled_from(("payment", "package", "redemption", "refund")),
        "amount": st.integers(0, 90_000),
        "list_cents": st.one_of(st.none(), st.integers(1, 120_000)),
        "product_cost_cents": st.one_of(st.none(), st.integers(0, 9_000)),
        "minutes": st.integers(20, 90),
        "option": st.sampled_from(("a", "b", None)),
        "course": st.integers(0, 30),
    }
)


def filled(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Each row a sale and a performed visit of the same course; the sales in pandas, in whole money."""
    TABLE.empty()
    of_all = {"demo": False, "day": DAY}
    sales, visits = [], []
    for place, row in enumerate(rows):
        mine = of_all | {"option": row["option"], "course": str(row["course"])}
        paid = {"refund": -row["amount"], "redemption": 0}.get(row["what"], row["amount"])
        worth = row["amount"] if row["what"] == "redemption" else None
        sales.append(
            mine
            | {key: row[key] for key in ("what", "list_cents", "product_cost_cents")}
            | {"id": f"s{place}", "seq": 2 * place, "paid_cents": paid, "worth_cents": worth, "currency": "USD"}
        )
        visit = {"id": f"v{place}", "seq": 2 * place + 1, "status": "performed", "chair_minutes": row["minutes"]}
        visits.append(mine | visit)
    for kind, facts in (("sale", sales), ("visit", visits)):
        names = COLUMNS[kind].names
        TABLE.put(as_arrow({name: [one.get(name) for one in facts] for name in names}, kind), kind)
    frame = pd.DataFrame(sales, columns=COLUMNS["sale"].names)
    cents = frame[["paid_cents", "list_cents", "product_cost_cents", "worth_cents"]].astype(float) / 100
    return frame.assign(**cents, hours=[row["minutes"] / 60 for row in rows])


@settings(max_examples=15, deadline=None)
@given(st.lists(SALE, min_size=1, max_size=70))
def test_each_sum_of_money_is_what_pandas_reckons_by_treatment(rows: list[dict[str, Any]]) -> None:
    frame = filled(rows)
    for option, mine in frame.groupby("option", dropna=False):
        sold = mine[mine["what"].isin(("payment", "package"))]
        listed, noted = sold[sold["list_cents"] > 0], mine[mine["product_cost_cents"].notna()]
        expected = {
            "revenue": (mine["paid_cents"].sum(), mine["hours"].sum()),
            "margin": (mine["paid_cents"].sum() - noted["product_cost_cents"].sum(), mine["hours"].sum()),
            "ticket": (sold["paid_cents"].sum(), len(sold)),
            "discount": ((listed["list_cents"] - listed["paid_cents"]).sum(), listed["list_cents"].sum()),
            "product_cost": (noted["product_cost_cents"].sum(), len(noted)),
        }
        for name, (value, of) in expected.items():
            row = row_of(name, option)
            if row is None or pd.isna(row["value"]):
                assert not of or not mine["product_cost_cents"].notna().any() or not frame["list_cents"].notna().any()
                continue
            assert (row["value"], row["of"]) == (pytest.approx(value, abs=1e-6), pytest.approx(of, abs=1e-6)), name
            enough = of >= METRICS.metrics[name].minimum
            assert (row["rate"] == pytest.approx(value / of)) if enough else pd.isna(row["rate"])
        packages = mine[mine["what"].isin(("package", "redemption"))]
        row = row_of("unredeemed", option)
        if row is not None and not pd.isna(row["value"]):
            balance = packages[packages["what"] == "package"]["paid_cents"].sum() - packages["worth_cents"].sum()
            assert (
                row["value"] == pytest.approx(balance, abs=1e-6)
                and packages["course"].nunique() >= METRICS.metrics["unredeemed"].minimum
            )


def row_of(metric: str, option: object) -> pd.Series | None:
    found = metric_table(TABLE, METRICS, Asked(metric, ("option",)))
    mine = found[found["option"].isna() if pd.isna(option) else found["option"] == option]
    return None if mine.empty else mine.iloc[0]


def test_the_highest_is_held_against_each_other_group_that_is_known() -> None:
    rows = [
        {"what": "payment", "amount": amount * 100 + 37 * (place % 9), "minutes": 60, "option": option, "course": place,
         "list_cents": None, "product_cost_cents": None}
        for option, amount, number in (("a", 500, 40), ("b", 900, 40), (None, 2000, 40), ("c", 5000, 9))
        for place in range(number)
    ]  # fmt: skip
    filled(rows)
    found = compare_rates(TABLE, METRICS, Asked("revenue", ("option",)))
    assert found.highest is not None and found.groups.loc[found.highest, "option"] == "b"
    [(place, less)] = found.less.items()
    assert found.groups.loc[place, "option"] == "a"
    assert less.points == pytest.approx(400, abs=1) and less.more_than_chance
    assert compare_rates(TABLE, METRICS, Asked("revenue", ("option",), (("option", "a"),))).highest is None


def test_a_group_that_lacks_a_part_of_its_rate_earned_not_nothing_but_is_not_known() -> None:
    rows = [
        {"what": "payment", "amount": 50_000 + 37 * place, "minutes": 60, "option": "ab"[place % 2], "course": place,
         "list_cents": None, "product_cost_cents": 20_000 if place % 2 else None}
        for place in range(80)
    ]  # fmt: skip
    filled(rows)
    found = compare_rates(TABLE, METRICS, Asked("margin", ("option",)))
    assert found.groups["rate"].isna().tolist() == [True, False] and found.highest is None
    assert pd.isna(found.groups.loc[0, "value"]) and found.groups.loc[0, "of"] == 40
    assert compare_rates(TABLE, METRICS, Asked("revenue", ("option",))).highest is not None
    none_of_it = metric_table(TABLE, METRICS, Asked("margin", (), (("option", "a"),)))
    assert none_of_it[["value", "rate", "low", "high"]].isna().all(axis=None)


def test_the_balance_of_one_course_is_not_shown_however_often_it_was_redeemed() -> None:
    package = {"what": "package", "amount": 150_000, "minutes": 60, "option": "a", "course": 1}
    package |= {"list_cents": None, "product_cost_cents": None}
    filled([package, *[package | {"what": "redemption", "amount": 20_000}] * 6])
    row = row_of("unredeemed", "a")
    assert row is not None and pd.isna(row["value"]) and row["of"] == 1


def test_a_rate_of_few_courses_and_a_share_beside_a_part_below_zero_are_not_told() -> None:
    sale = {"what": "payment", "minutes": 60, "list_cents": 300_000, "product_cost_cents": None}
    filled([sale | {"amount": 250_000, "option": "a", "course": place} for place in range(4)])
    assert pd.isna(metric_table(TABLE, METRICS, Asked("discount")).loc[0, "rate"])
    filled([sale | {"amount": 250_000, "option": "a", "course": place} for place in range(6)])
    assert metric_table(TABLE, METRICS, Asked("discount")).loc[0, "rate"] == pytest.approx(1 / 6)
    shares = metric_table(TABLE, METRICS, Asked("booked_revenue"))
    assert shares["share"].tolist() == [1]
    back = {"what": "refund", "amount": 90_000, "option": "b", "course": 9}
    filled([sale | {"amount": 250_000, "option": "a", "course": place} for place in range(6)] + [sale | back])
    for by in ((), ("month",)):
        shares = metric_table(TABLE, METRICS, Asked("booked_revenue", by))
        assert shares["value"].tolist() == [15_000, -900] and shares["share"].isna().all()
