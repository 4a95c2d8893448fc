"""The bars of the treatment mix: readable with few steps and with many, and what was tapped stands out."""

from __future__ import annotations

import pandas as pd
import pytest

from medspa_core.practice.metric_tables import periods_between
from views.charts.figures import treatment_mix as charts

ORDER = ("wait", "prp_microneedling")
NAMES = {"wait": "Wait", "prp_microneedling": "PRP"}


def found(steps: list[str], count: int) -> pd.DataFrame:
    """So many consultations in each step, a third of them waiting."""
    rows = [
        (step, part, count * of_three, 3 * count)
        for step in steps
        for part, of_three in zip(ORDER, (1, 2), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["month", "part", "value", "of"])
    return frame.assign(share=(frame["value"] / frame["of"]).where(frame["of"] >= 20))


def axis_of(figure: object) -> list[str]:
    return list(figure.layout.xaxis.ticktext)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("first", "number"), [("2025-12", 12), ("2024-12", 24)])
def test_every_month_is_named_and_has_its_count(first: str, number: int) -> None:
    steps = periods_between("month", first, "2026-11")
    figure = charts.by_step(found(steps, 10), steps, ORDER, NAMES)
    labels = axis_of(figure)
    assert len(labels) == number and labels[0].startswith("Dec") and labels[-1].startswith("Nov")
    above = [one.text for one in figure.layout.annotations if one.yref == "paper"]
    assert [label.endswith("<br>30") for label in labels] == [number <= 13] * number
    assert above == ([] if number <= 13 else ["30"] * number)
    assert all(text == "10" for text in figure.data[0].text), "the count stands in the bar"


def test_of_many_weeks_and_days_only_beginnings_are_named() -> None:
    days = periods_between("day", "2026-09-01", "2026-11-30")
    assert axis_of(charts.by_step(found(days, 1), days, ORDER, NAMES, counted=True))[:2] == [
        "7<br>Sep<br>2026",
        "14<br>Sep",
    ]
    weeks = periods_between("week", "2025-12-01", "2026-11-30")
    assert axis_of(charts.by_step(found(weeks, 10), weeks, ORDER, NAMES))[:3] == ["Dec<br>2025", "Jan<br>2026", "Feb"]
    weeks = periods_between("week", "2024-12-02", "2026-11-30")
    assert axis_of(charts.by_step(found(weeks, 10), weeks, ORDER, NAMES))[:2] == ["Jan<br>2025", "Apr"]


def test_what_was_tapped_is_full_and_the_rest_pale_with_dark_numbers() -> None:
    steps = periods_between("month", "2026-10", "2026-11")
    wait, prp = charts.by_step(found(steps, 10), steps, ORDER, NAMES, picked=("prp_microneedling", "2026-11")).data
    assert list(wait.marker.opacity) == [charts.PALE] * 2 and list(prp.marker.opacity) == [charts.PALE, 1.0]
    assert "color" in prp.text[0] and prp.text[1] == "20"


def test_each_part_that_is_there_is_named_with_its_colour_also_where_the_last_step_has_none_of_it() -> None:
    steps = periods_between("month", "2026-10", "2026-11")
    only_waiting = found(steps, 10).query("not (month == '2026-11' and part == 'prp_microneedling')")
    figure = charts.by_step(only_waiting, steps, ORDER, NAMES)
    named = [one for one in figure.layout.annotations if "■" in one.text]
    assert [one.text.split("</span> ")[1] for one in named] == ["Wait", "PRP"]
    assert named[1].y - named[0].y > 0.07


def test_counts_are_drawn_from_nothing_and_shares_of_few_are_a_frame() -> None:
    steps = periods_between("month", "2026-10", "2026-11")
    assert len(charts.by_step(found(steps, 2), steps, ORDER, NAMES).layout.shapes) == 2
    figure = charts.by_step(found(steps, 2), steps, ORDER, NAMES, counted=True)
    assert not figure.layout.shapes and tuple(figure.layout.yaxis.range) == (0, 6)
