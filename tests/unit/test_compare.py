"""Compare: its charts and tables have the core's own numbers, and both options have the same fields."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from medspa_core.course.course_book import course_book, low_typical_high
from medspa_core.recommendation import recommend
from medspa_core.rulebook import CLINIC, CONSIDERED, Rulebook
from medspa_core.safety import Verdict
from medspa_core.timeline import Plan, visit_times
from tests.conftest import AS_OF
from views.charts.compare.cost import cost_figure
from views.charts.compare.timeline import time_figure
from views.charts.compare.visit import visit_figure
from views.context import core_access
from views.result import compared
from views.result.compared import PUBLISHED, WHOSE, Compared, Picked
from views.staff.compare import compare_cards, differences

EXO, PRP = "exosome_microneedling", "prp_microneedling"
START, EVENT = date(2027, 1, 25), date(2027, 6, 12)
EVERY = list(itertools.product(("texture", "acne_scars", "hair_thinning", "pigment"), WHOSE))
EVERY_PICK = pytest.mark.parametrize(("concern", "basis"), EVERY, ids=["-".join(one) for one in EVERY])


@pytest.fixture(autouse=True)
def _shipped(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a store: the shipped rulebook, computed anew."""
    monkeypatch.setattr(core_access, "rulebook", lambda: rulebook)
    monkeypatch.setattr(core_access, "recommended", lambda answers, as_of, book: recommend(answers, book, as_of))


def found_for(
    concern: str = "texture", basis: str = CONSIDERED, event: date | None = EVENT, as_of: date = AS_OF
) -> Compared:
    return compared.compare(Picked(concern, basis, START, event), as_of)


def plans(found: Compared) -> Iterator[tuple[str, str, Plan]]:
    for row in found.rows:
        for name, plan in (("counted", row.counted), ("plan", row.own_plan)):
            if plan is not None:
                yield row.option, name, plan


def test_the_neutral_client_says_a_concern_two_days_and_nothing_else() -> None:
    assert Picked("texture", CONSIDERED, START, EVENT).answers == {
        "concern": "texture", "planned_start": "2027-01-25", "event_date": "2027-06-12",
    }  # fmt: skip
    assert set(Picked("texture", CLINIC, START, None).answers) == {"concern", "planned_start"}
    found = found_for()
    assert {found.result.options[option].verdict for option in (EXO, PRP)} == {Verdict.NEEDS_REVIEW}


@EVERY_PICK
def test_the_visits_are_those_of_the_core_on_the_picked_numbers(rulebook: Rulebook, concern: str, basis: str) -> None:
    found = found_for(concern, basis)
    for row in found.rows:
        sessions = course_book(rulebook).course(basis, row.option, concern).sessions
        assert sessions is not None and row.counted is not None
        told = low_typical_high(sessions, rulebook)
        assert (row.counted.low, row.counted.typical, row.counted.high) == (told.low, told.typical, told.high)
        assert [one.day for one in row.counted.sessions] == [
            START + timedelta(28 * number) for number in range(sessions.last)
        ]
        assert row.counted.price == rulebook.clinic.prices[row.option].amount
        assert (row.own_plan is None) is (basis == CLINIC)


@EVERY_PICK
def test_the_timeline_draws_each_visit_on_its_day_filled_pale_or_hollow(concern: str, basis: str) -> None:
    found = found_for(concern, basis)
    drawn = {trace.name: list(trace.x) for trace in time_figure(found).data}
    expected = {
        f"{option} {name} {which}": [one.day.isoformat() for one in plan.sessions if one.usual is usual]
        for option, name, plan in plans(found)
        for which, usual in (("usual", True), ("maybe", False))
    }
    assert drawn == expected


@EVERY_PICK
def test_a_band_is_drawn_once_for_both_where_it_was_not_measured_apart(concern: str, basis: str) -> None:
    found = found_for(concern, basis)
    bands = (*found.timeline.first_change, *found.timeline.at_its_best)
    drawn = [shape for shape in time_figure(found).layout.shapes if shape.name == "band"]
    assert [(shape.x0, shape.x1) for shape in drawn] == [
        tuple((START + timedelta(day)).isoformat() for day in days)
        for band in bands
        for days in ((band.low, band.high), (band.middle_low, band.middle_high))
    ]
    assert len(found.timeline.first_change) == 1
    assert len(found.timeline.at_its_best) == (2 if basis == CLINIC else 1)


@EVERY_PICK
def test_every_visit_has_its_red_days(concern: str, basis: str) -> None:
    found = found_for(concern, basis)
    red = [shape for shape in time_figure(found).layout.shapes if shape.name == "redness"]
    assert len(red) == 2 * sum(len(plan.sessions) for _, _, plan in plans(found))
    first = next(shape for shape in red if shape.x0 == START.isoformat())
    assert first.x1 == (START + timedelta(1)).isoformat()


@pytest.mark.parametrize("basis", WHOSE)
def test_one_visit_has_the_steps_and_minutes_of_the_core(rulebook: Rulebook, basis: str) -> None:
    found = found_for(basis=basis)
    assert found.spins_beside is (basis == PUBLISHED)
    drawn = [(bar.name, bar.base[0], bar.base[0] + bar.x[0]) for bar in visit_figure(found).data]
    assert drawn == [
        (f"{option} {step.step}", step.begins, step.ends)
        for option in found.order
        for step in visit_times(option, rulebook, basis == PUBLISHED).steps
    ]
    told = {
        row["Option"]: row["Minutes"] for row in compare_cards.visit_rows(found) if row["Step"] == "the whole visit"
    }
    assert told == {"Exosomes": "58 (49 to 68)", "PRP": "68 (59 to 78)" if basis == PUBLISHED else "78 (67 to 88)"}


def test_every_step_of_a_visit_is_named_on_its_bar_or_above_it(rulebook: Rulebook) -> None:
    for basis in WHOSE:
        found = found_for(basis=basis)
        words = [note.text.strip("\u2002") for note in visit_figure(found).layout.annotations]
        for option in found.order:
            for step in found.visit(option).steps:
                said = rulebook.protocol.steps[step.step].said
                assert said.short in words or said.name in words


@EVERY_PICK
def test_the_cost_goes_up_by_the_price_with_each_visit_and_the_table_says_the_same(concern: str, basis: str) -> None:
    found = found_for(concern, basis)
    drawn = {trace.name: list(trace.y) for trace in cost_figure(found).data}
    for row, told in zip(found.rows, compare_cards.cost_rows(found), strict=True):
        plan = row.counted
        assert plan is not None
        assert drawn[f"{row.option} paid"] == [plan.price * number for number in range(1, plan.typical + 1)]
        assert max(drawn.get(f"{row.option} maybe", [0])) in (0, plan.price * len(plan.sessions))
        assert told["Usual visits"] == f"${plan.cost:,}"
        assert told["Up to"] == f"${plan.high * plan.price:,}"


@EVERY_PICK
def test_both_options_have_the_same_fields_and_lines_of_the_same_size(concern: str, basis: str) -> None:
    found = found_for(concern, basis)
    for rows in (compare_cards.time_rows(found), compare_cards.cost_rows(found)):
        one, other = rows
        assert list(one) == list(other) and all(one.values()) and all(other.values())
    sizes = {(trace.name.split()[1], trace.marker.size) for trace in time_figure(found).data}
    assert len(sizes) == (1 if basis == CLINIC else 2)


def test_which_stands_first_changes_from_day_to_day() -> None:
    orders = [found_for(as_of=AS_OF + timedelta(day)).order for day in range(4)]
    assert orders[0] == orders[2] != orders[1] == orders[3]
    assert set(orders[0]) == set(orders[1]) == {EXO, PRP}


@EVERY_PICK
def test_each_figure_either_differs_or_is_the_same_and_each_difference_has_a_claim_or_a_number(
    rulebook: Rulebook, concern: str, basis: str
) -> None:
    found = found_for(concern, basis)
    told = differences.differences(found)
    same = {name for name in differences.FIGURES if differences.is_same(found, name)}
    assert {one.name for one in told} - {"plan"} == set(differences.FIGURES) - same
    assert ("plan" in {one.name for one in told}) is (basis != CLINIC)
    for one in told:
        assert differences.claim_of(found, one.topic) in rulebook.claims if one.topic else one.number


def test_the_differences_say_by_how_much_and_the_claim_on_visits_is_the_one_that_studies_contradict(
    rulebook: Rulebook,
) -> None:
    found = found_for()
    told = {one.name: one.text for one in differences.differences(found)}
    assert told["draw"] == "Blood draw: only PRP" and told["minutes"] == "20 min longer: PRP"
    assert told["price"] == "$200 more a visit: Exosomes" and "not counted" in told["plan"]
    assert rulebook.claims[differences.claim_of(found, "visits")].verdict == "contradicted"
    clinics = {one.name: one.text for one in differences.differences(found_for(basis=CLINIC))}
    assert "Exosomes 1 to 2" in clinics["visits"] and "PRP 3 to 6" in clinics["visits"]


@pytest.mark.parametrize("away", [-40, 0, 40, 200, 3000])
def test_a_date_is_a_line_or_is_told_at_the_edge_and_the_bands_stay_as_wide_as_they_are(away: int) -> None:
    event = START + timedelta(away)
    figure = time_figure(found_for(event=event))
    first, last = map(date.fromisoformat, figure.layout.xaxis.range)
    lines = [shape for shape in figure.layout.shapes if shape.name == "my date"]
    assert len(lines) == (1 if first <= event <= last else 0)
    assert (away < 3000) is bool(lines)
    assert (last - first).days < 420
    assert sum("My date" in note.text for note in figure.layout.annotations) == 1


def test_without_a_date_there_is_no_line_for_one() -> None:
    figure = time_figure(found_for(event=None))
    assert not [shape for shape in figure.layout.shapes if shape.name == "my date"]
    assert not [note for note in figure.layout.annotations if "My date" in note.text]


def test_where_nobody_knows_how_many_visits_there_are_no_visits_and_no_sum() -> None:
    found = found_for()
    none = replace(found.timeline, first_change=(), at_its_best=(), rows=tuple(
        replace(row, counted=None, own_plan=None) for row in found.rows
    ))  # fmt: skip
    found.__dict__["timeline"] = none
    assert len(time_figure(found).data) == len(cost_figure(found).data) == 0
    assert {row["Visits"] for row in compare_cards.time_rows(found)} == {"none"}
    assert {row["Usual visits"] for row in compare_cards.cost_rows(found)} == {"none"}
