"""The mix as a file: who gets one, what stands in it, and that all files together give no small count away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from medspa_core.access import AccessRefused, Role
from medspa_core.formats.safe_csv import STARTS_A_FORMULA
from medspa_core.formats.safe_xlsx import xlsx_bytes
from medspa_core.practice.facts_table import FactsTable, as_arrow
from medspa_core.practice.metrics import MetricProblem, read_metrics
from medspa_core.practice.mix_export import OBJECT, WAYS, MixAsked, export_mix, mix_to_take, quarters_over
from medspa_core.practice.rates_export import ENDS, RATES, export_rates, rates_to_take
from medspa_core.practice.small_cells import TOTAL, WHOLE
from medspa_core.records import Store, record_choice, start_draft
from tests.clients_support import Practice
from tests.clients_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.clients_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.conftest import DATA
from tests.hidden_counts import ranges
from tests.records_support import FACTS, NOW, ORDER
from tests.unit.test_metrics import columns_of
from tests.unit.test_visit_facts import put

EXO, PRP, MN = "exosome_microneedling", "prp_microneedling", "microneedling_alone"
METRICS = read_metrics(DATA)
SMALLEST = METRICS.export.smallest_count
PARTS = {"recommended": (MN, PRP, EXO, "none"), "chosen": ("wait", MN, PRP, EXO)}
TODAY = date(2026, 11, 22)


def asked(first: str = "2025-12-01", last: str = "2026-11-30", today: date = TODAY) -> MixAsked:
    return MixAsked(quarters_over(first, last, today), PARTS, invented=False)


# --- which quarters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "today", "quarters"),
    [
        ("2025-12-01", "2026-11-30", TODAY, ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")),
        ("2026-06-01", "2026-11-30", date(2026, 12, 31), ("2026-Q2", "2026-Q3")),
        ("2026-06-01", "2026-11-30", date(2027, 1, 1), ("2026-Q2", "2026-Q3", "2026-Q4")),
        ("2026-06-01", "2026-06-30", TODAY, ("2026-Q2",)),
        ("2026-10-01", "2026-11-30", TODAY, ()),
    ],
)
def test_a_file_holds_the_quarters_of_the_period_that_are_over(
    first: str, last: str, today: date, quarters: tuple[str, ...]
) -> None:
    assert quarters_over(first, last, today) == quarters


# --- the attack -----------------------------------------------------------------------------------------------------

Fact = tuple[date, str | None, str]


@st.composite
def practices(draw: st.DrawFn) -> list[Fact]:
    """Three quarters of a small, middling or busy practice, each option rare or usual."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    number = draw(st.sampled_from((5, 30, 120, 400)))
    usual = [random.dirichlet([draw(st.sampled_from((0.3, 2.0)))] * 4) for _ in WAYS]
    recommended = random.choice([MN, PRP, EXO, None], number, p=usual[0])
    chosen = random.choice(["wait", "no", PRP, EXO], number, p=usual[1])
    days = random.integers(0, 273, number)
    return [
        (date(2026, 1, 1) + timedelta(days=int(day)), one, str(other))
        for day, one, other in zip(days, recommended, chosen, strict=True)
    ]


def table_of(facts: Sequence[Fact]) -> FactsTable:
    none = dict.fromkeys(("location", "provider", "age_band", "is_returning", "concern", "pair_best", "pair_standing"))
    rows: list[dict[str, Any]] = [
        {
            "day": day,
            "waited": 0,
            "demo": False,
            "recommended": one,
            "standing": "leans",
            "chosen": other,
            **none,
        }
        for day, one, other in facts
    ]
    table = FactsTable()
    table.put(as_arrow(columns_of(rows)))
    return table


def by_hand(facts: Sequence[Fact]) -> dict[tuple[str, str, str], int]:
    """(month, way, part) -> count, by a loop over the facts."""
    months = [f"2026-{number:02}" for number in range(1, 10)]
    counts = {(month, way, part): 0 for month in months for way in WAYS for part in PARTS[way]}
    for day, one, other in facts:
        counts[f"{day:%Y-%m}", "recommended", one or "none"] += 1
        counts[f"{day:%Y-%m}", "chosen", "wait" if other == "no" else other] += 1
    return counts


def told_by(file: pd.DataFrame, cells: Sequence[tuple[str, str, str]]) -> list[tuple[tuple[bool, ...], int | None]]:
    """Each number of a file as which of the cells it adds up, and what it says: nothing where it is hidden."""
    found = []
    for (quarter, month), row in file.iterrows():  # type: ignore[misc]
        months = file.loc[quarter].index.drop(WHOLE) if month == WHOLE else [month]
        for column, count in row.items():
            ways = ("recommended", None) if column == TOTAL else column
            adds = tuple(one in months and ways[0] == way and ways[1] in (None, part) for one, way, part in cells)
            found.append((adds, None if pd.isna(count) else int(count)))
    return found


def attack(facts: Sequence[Fact], files: Sequence[pd.DataFrame]) -> None:
    """Everything that all files say, as equations over the counts of each month; then each small number's range."""
    truth = by_hand(facts)
    cells = list(truth)
    counts = np.array(list(truth.values()))
    numbers = [number for file in files for number in told_by(file, cells)]
    equations = {adds: said for adds, said in numbers if said is not None}
    for adds, said in equations.items():
        assert said == counts[np.array(adds)].sum() >= SMALLEST, "what is said is true, and is not small"
    both = [
        [(one == month) * (1 if way == WAYS[0] else -1) for one, way, _ in cells] for month in {m for m, _, _ in cells}
    ]
    matrix = np.array([*equations, *both], dtype=float)
    values = np.array([*equations.values(), *[0] * len(both)], dtype=float)
    goals = np.array([*{adds for adds, _ in numbers} - {*equations}], dtype=float).reshape(-1, len(cells))
    small = goals @ counts < SMALLEST

    def hidden_well(place: int, low: float, high: float) -> bool:
        return high - low > 0.5 and (not small[place] or (low < 1e-6 and high > SMALLEST - 1e-6))

    for place, low, high in ranges(matrix, values, counts.astype(float), goals, hidden_well):
        assert high - low > 0.5, "a hidden number follows"
        if small[place]:
            assert low < 1e-6 and high > SMALLEST - 1e-6, f"it is known to lie between {low} and {high}"


@settings(max_examples=8, deadline=None)
@given(facts=practices())
def test_all_files_that_can_be_made_together_give_no_small_count_away(facts: list[Fact]) -> None:
    table = table_of(facts)
    periods = [("2026-01-01", TODAY), ("2026-05-01", TODAY), ("2026-01-01", date(2026, 8, 3))]
    files = [mix_to_take(table, METRICS, asked(first, "2026-11-30", today)) for first, today in periods]
    attack(facts, files)


def test_the_attack_finds_what_small_counts_hidden_alone_give_away() -> None:
    facts: list[Fact] = [
        (date(2026, month, 1 + day % 28), (MN, PRP, EXO, None)[day % 9 % 4], ("wait", PRP, EXO)[day % 3])
        for month in range(1, 10)
        for day in range(30 if month % 2 else 17)
    ]
    file = mix_to_take(table_of(facts), METRICS, asked("2026-01-01"))
    truth = by_hand(facts)
    assert file.isna().any(axis=None)
    attack(facts, [file])
    opened = file.copy()
    month = next(month for month in ("2026-02", "2026-01") if file.loc[("2026-Q1", month)].isna().any())
    for way, part in file.columns[1:]:
        if truth[month, way, part] >= SMALLEST:
            opened.loc[("2026-Q1", month), (way, part)] = truth[month, way, part]
    with pytest.raises(AssertionError):
        attack(facts, [opened])


def test_a_quarter_is_the_same_in_the_file_of_every_period() -> None:
    facts: list[Fact] = [(date(2026, 1 + day % 9, 1), (MN, PRP, EXO)[day % 3], "wait") for day in range(90)]
    table = table_of(facts)
    long, short = (mix_to_take(table, METRICS, asked(first)) for first in ("2026-01-01", "2026-07-01"))
    pd.testing.assert_frame_equal(long.loc[["2026-Q3"]], short)


def test_an_option_that_the_rulebook_does_not_know_any_more_is_counted_too() -> None:
    file = mix_to_take(table_of([(date(2026, 7, 1), MN, "older") for _ in range(9)]), METRICS, asked())
    assert ("chosen", "older") in file.columns and file.loc[("2026-Q3", WHOLE), TOTAL] == 9


def test_metrics_that_count_other_consultations_make_no_file() -> None:
    fewer = replace(
        METRICS,
        metrics={**METRICS.metrics, "chosen": METRICS.metrics["chosen"].model_copy(update={"only": "chosen <> 'no'"})},
    )
    with pytest.raises(MetricProblem, match="do not come to the same totals"):
        mix_to_take(table_of([(date(2026, 7, 1), MN, "no")]), fewer, asked())


def test_a_file_of_money_holds_rates_alone_and_only_where_there_are_hours_enough() -> None:
    table = FactsTable()
    hour = {"status": "performed", "chair_minutes": 60, "option": MN}
    days = [(date(2026, 7, 1 + place), f"c{place}") for place in range(25)]
    visits = [hour | {"day": day, "course": course} for day, course in days]
    few = [hour | {"day": date(2026, 4, 1 + place), "course": f"d{place}"} for place in range(5)]
    put(table, "visit", visits + few)
    paid = {"what": "payment", "paid_cents": 30_000, "product_cost_cents": 5_000, "option": MN}
    put(table, "sale", [paid | {"day": one["day"], "course": one["course"]} for one in visits + few])
    found = rates_to_take(table, METRICS, ("2026-Q2", "2026-Q3"), invented=False)
    assert [*found.columns] == [(rate, end) for rate in RATES for end in ENDS]
    assert found.loc[("2026-Q3", MN)].tolist() == pytest.approx([300, 300, 300, 250, 250, 250])
    assert found.loc[("2026-Q2", MN)].isna().all()
    assert len(rates_to_take(table, METRICS, (), invented=False)) == 0


# --- who gets one ---------------------------------------------------------------------------------------------------


@pytest.fixture
def practice(store: Store) -> Practice:
    return Practice(store)


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_every_figure_gets_a_file_with_the_password_and_never_by_pin(
    practice: Practice, role: Role
) -> None:
    draft = start_draft(practice.store, "R-1", NOW, date(2026, 7, 1), ORDER)
    record_choice(practice.store, draft.id, "wait", NOW, FACTS)
    mine = practice.signed_in(role.value)

    def take(sign_in: Any, now: datetime = NOW) -> pd.DataFrame:
        return export_mix(practice.store, sign_in, FactsTable(), METRICS, asked(), now, "csv")

    refused = [
        None,
        replace(mine, person=replace(mine.person, by_pin=True)),
        replace(mine, person=replace(mine.person, held=True)),
        replace(mine, stepped_up_at=None),
        replace(mine, stepped_up_at=NOW - timedelta(minutes=6)),
    ]
    every: list[Callable[[], object]] = [lambda one=one: take(one) for one in refused]  # type: ignore[misc]
    if role in (Role.AESTHETICIAN, Role.CLINICIAN):
        every.append(lambda: take(mine))
    for attempt in every:
        with pytest.raises(AccessRefused):
            attempt()
    assert logged(practice) == []
    rates = partial(
        export_rates, practice.store, table=FactsTable(), metrics=METRICS, quarters=(), invented=False, kind="csv"
    )
    for one in (*refused, *([mine] if role in (Role.AESTHETICIAN, Role.CLINICIAN) else [])):
        with pytest.raises(AccessRefused):
            rates(sign_in=one, now=NOW)
    if role in (Role.MEDICAL_DIRECTOR, Role.MANAGER, Role.OWNER):
        assert len(rates(sign_in=mine, now=NOW)) == 0
        assert len(take(mine)) == 16
        detail = {"file": "csv", "rows": 16, "from": "2025-Q4", "to": "2026-Q3", "invented": False}
        assert logged(practice) == [("E", 0, detail)]


def logged(practice: Practice) -> list[tuple[str, int, dict[str, object]]]:
    with practice.store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT action, outcome, detail FROM audit WHERE object = '{OBJECT}'")  # noqa: S608
        return [(action, outcome, json.loads(detail)) for action, outcome, detail in rows]


# --- the workbook ---------------------------------------------------------------------------------------------------


def test_no_text_of_a_workbook_is_a_formula_a_link_or_a_number() -> None:
    texts = [f"{sign}1+1" for sign in STARTS_A_FORMULA if sign not in "\r\0"]
    texts += ["{=1+1}", "http://x.example", "mailto:a@example.com", "00123", "<b>"]
    content = xlsx_bytes("Mix", [[text, 7] for text in texts], NOW)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Mix").to_python()
    assert sheet == [[text, 7.0] for text in texts]
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        parts = {name: opened.read(name).decode() for name in opened.namelist()}
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"] and "<hyperlink" not in parts["xl/worksheets/sheet1.xml"]
