"""What the cases worked out on paper share: a client with nothing to report, and how a result is read."""

import csv
from datetime import date
from pathlib import Path

import pytest

from .clients import SAFETY_ANSWERS, harmless

MN, PRP, EXO = "microneedling_alone", "prp_microneedling", "exosome_microneedling"
DATA = Path(__file__).resolve().parents[2] / "data"
AS_OF = date(2027, 1, 11)
CRITERIA = (
    *("result", "blood_draw", "visit_time", "visits", "ready_by", "cost"),
    *("downtime", "calm_skin", "consistency", "evidence", "source"),
)

# every safety question answered with no, none or never; skin type 2
NOTHING_TO_REPORT = {question: harmless(question) for question in SAFETY_ANSWERS}
CLINIC = {
    "place": "us",
    "exosome_product": {"source": "plant", "use": "after_needling", "has_lot_and_certificate": True},
    "prp_kit_cleared": True,
    "spin_during_numbing": False,
}


def draws():
    """The 512 re-weightings, as whole numbers by criterion."""
    with (DATA / "robustness_draws.csv").open(newline="", encoding="ascii") as file:
        return [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]


def not_behind(draw, differences):
    """Is the sum of the re-weighted differences zero or more?"""
    return sum(draw[name] * points for name, points in differences.items()) >= 0


def verdict_line(option):
    """Verdict, date, kind, and every finding that is more than clear."""
    found = {(one["question"], one["verdict"]) for one in option["findings"] if one["verdict"] != "clear"}
    return option["verdict"], option["deferred_until"], option["excluded_by"], found


def three(values):
    return values["low"], values["typical"], values["high"]


def course_line(course):
    """A course in the order of the tables above."""
    return (
        three(course["sessions"]),
        three(course["last_session_days"]),
        three(course["peak_days"]),
        three(course["course_cost"]),
        course["chance_ready_by"],
        course["latest_safe_start"],
        three(course["visit_minutes"]),
        three(course["first_change_days"]),
        three(course["downtime_days"]),
    )


def chances(option):
    """The chances of keeping minutes, visits, money and days of redness."""
    return tuple(option["chance_within"][name] for name in ("visit_time", "visits", "cost", "downtime"))


def in_thousandths(attained):
    return tuple(None if attained[name] is None else round(1000 * attained[name]) for name in CRITERIA)


def check_points(result, basis, points, best, weight_total):
    view = result["bases"][basis]
    assert view["points"] == points
    assert view["best"] == best
    assert view["fit"] == pytest.approx({option: value / 1000 / weight_total for option, value in points.items()})


def reason_points(result):
    """Points by criterion, without those that are the same for both."""
    return {line["criterion"]: line["points"] for line in result["reasons"] if line["points"]}
