"""One month beside another: more or fewer only where chance would hardly do it, and the right days counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.metrics import read_metrics
from medspa_core.practice.months import beside, of_month, whole_months
from medspa_core.rulebook import Rulebook
from tests.conftest import DATA
from tests.exam_support import MN
from tests.unit.test_visit_facts import put
from views.staff.figures import apart
from views.staff.figures.facts import Figures

METRICS = read_metrics(DATA)
EXO = "exosome_microneedling"


@pytest.fixture(scope="module")
def table() -> FactsTable:
    return FactsTable()


def fill(table: FactsTable, counts: dict[str, tuple[int, int]]) -> None:
    """Month -> so many consultations, and how many of them chose exosomes."""
    table.empty()
    rows: list[dict[str, Any]] = []
    for month, (number, exosomes) in counts.items():
        for place in range(number):
            day = date.fromisoformat(f"{month}-01") + timedelta(days=place % 28)
            rows.append({"day": day, "created_on": day, "standing": "clear", "chosen": EXO if place < exosomes else MN})
    put(table, "consultation", rows)


def test_the_months_that_are_over_come_newest_first_and_know_their_days() -> None:
    assert whole_months(date(2024, 3, 31), 3) == ["2024-02", "2024-01", "2023-12"]
    assert of_month(Asked("x"), "2024-02") == Asked("x", first_day="2024-02-01", last_day="2024-02-29")


@pytest.mark.parametrize(
    ("now", "then", "count", "share"),
    [
        ((120, 80), (60, 10), "more", "more"),
        ((60, 10), (120, 80), "fewer", "fewer"),
        ((62, 20), (60, 21), "same", "same"),
        ((6, 3), (5, 1), "too_few", "too_few"),
        ((0, 0), (90, 40), "fewer", "too_few"),
    ],
)
def test_a_count_and_a_share_are_told_by_what_chance_would_do(
    table: FactsTable, now: tuple[int, int], then: tuple[int, int], count: str, share: str
) -> None:
    fill(table, {"2026-03": now, "2026-02": then})
    told = {key: beside(table, METRICS, Asked(key), "2026-03", "2026-02") for key in ("consultations", "exosomes")}
    assert (told["consultations"].verdict, told["exosomes"].verdict) == (count, share)
    assert (told["consultations"].now["value"], told["exosomes"].now["of"]) == (now[0], now[0])


def test_a_longer_month_is_expected_to_hold_more(table: FactsTable) -> None:
    """31 days against 28 of the same practice: 1,330 of 2,500 is what the days alone would do, and nearly what is too many."""
    fill(table, {"2026-03": (13300, 0), "2026-02": (12000, 0)})
    assert beside(table, METRICS, Asked("consultations"), "2026-03", "2026-02").verdict == "same"


def test_what_is_not_recorded_and_a_median_are_not_compared(table: FactsTable) -> None:
    fill(table, {"2026-03": (40, 10), "2026-02": (40, 10)})
    for key in ("revenue", "days_to_decide"):
        assert beside(table, METRICS, Asked(key), "2026-03", "2026-02").verdict == "not_compared"


def test_a_month_before_anything_was_recorded_is_no_month_of_none(table: FactsTable) -> None:
    fill(table, {"2026-03": (40, 10)})
    now = beside(table, METRICS, Asked("consultations"), "2026-03", "2025-03")
    assert (now.verdict, now.now["value"]) == ("not_compared", 40)
    before = beside(table, METRICS, Asked("consultations"), "2026-02", "2026-03")
    assert before.verdict == "not_compared" and before.now.isna().all()


def test_consultations_without_a_provider_are_nobody_who_stands_apart(
    table: FactsTable, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.empty()
    day = {"day": date(2026, 3, 2), "created_on": date(2026, 3, 2), "standing": "clear"}
    rows = [("p-1", MN)] * 60 + [(None, EXO)] * 60
    put(table, "consultation", [day | {"provider": provider, "chosen": chosen} for provider, chosen in rows])
    monkeypatch.setattr(apart, "say", lambda key, **told: f"{key} {told.get('who')}")
    monkeypatch.setattr(Figures, "name", lambda self, cut, value: str(value))
    told = list(apart.sentences(Figures(table, METRICS, rulebook, False, ()), Asked("")))
    assert told == ["staff.figures.apart p-1"]
