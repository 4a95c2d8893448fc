"""Charts as functions: marks, bands and labels are those of the core, and each table says the same as its chart."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import pandas as pd
import pytest

from medspa_core.practice.control_chart import control_chart
from medspa_core.practice.funnel_plot import funnel as reckoned
from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from medspa_core.timeline import timeline, visit_times
from medspa_core.wording.limit_marks import date_marks
from medspa_core.wording.reasons import pair_reasons
from medspa_core.wording.words import capital
from tests.conftest import AS_OF, healthy
from views.charts import calendar, calendar_rows, cost, visit
from views.charts.calendar import LANDSCAPE, PORTRAIT, SHAPES
from views.charts.figures import funnel, rates, steps, treatment_mix
from views.charts.figures.weekly import weekly
from views.charts.reason_bars import reason_bars
from views.charts.reason_bars import table_rows as reason_rows
from views.charts.vertical_lines import in_lines, width_of
from views.consultation.options import reasons
from views.context.words import say
from views.elements import draw, theme
from views.result.outcome import Outcome
from views.staff.home.demo_clients import DemoClient, demo_clients

EXO, PRP, MN = "exosome_microneedling", "prp_microneedling", "microneedling_alone"
ORDER = ("wait", MN, PRP, EXO)
PLANS = {
    "concern": "texture", "blood_draw_comfort": "rather_not", "budget": 2500, "minutes_per_visit": 75,
    "visits_willing": 4, "event_date": "2027-06-12", "importance": {"blood_draw": "lot", "cost": "lot"},
}  # fmt: skip


def outcome(rulebook: Rulebook, as_of: date = AS_OF, **answers: Any) -> Outcome:
    """The outcome of a client without a store or a screen."""
    given = {key: value for key, value in healthy(**{**PLANS, **answers}).items() if value is not None}
    stand_in: Any = SimpleNamespace(book=rulebook, options=ORDER, as_of=as_of, id="x", answers=given, finished=False)
    found = recommend(given, rulebook, as_of)
    return Outcome(stand_in, given, "", found, found, ())


def texts(root: Element) -> list[str]:
    return [node.text for node in root.iter("text") if node.text]


def marked(root: Element, attribute: str) -> list[str]:
    return [node.attrib[attribute] for node in root.iter() if attribute in node.attrib]


def smallest_text(root: Element) -> float:
    return min(float(node.attrib["font-size"]) for node in root.iter("text"))


# --- the calendar ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_the_calendar_draws_every_session_of_equal_visits_and_of_our_plan(rulebook: Rulebook, shape: Any) -> None:
    out = outcome(rulebook)
    drawn = marked(calendar.calendar(out, shape), "data-session")
    assert [mark for mark in drawn if mark.startswith(f"{PRP} equal")] == [f"{PRP} equal {n}" for n in range(1, 6)]
    assert [mark for mark in drawn if mark.startswith(f"{PRP} plan")] == [f"{PRP} plan {n}" for n in range(1, 7)]
    assert [mark for mark in drawn if mark.startswith(f"{EXO} plan")] == [f"{EXO} plan 1", f"{EXO} plan 2"]
    assert not [mark for mark in drawn if mark.startswith(f"{MN} plan")]


def test_visits_lie_where_their_day_is_and_intervals_are_equal(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    root = calendar.calendar(out, LANDSCAPE)
    squares = [node for node in root.iter("rect") if node.get("data-session", "").startswith(f"{MN} equal")]
    places = [float(node.attrib["x"]) for node in squares]
    gaps = {round(b - a, 1) for a, b in itertools.pairwise(places)}
    assert len(gaps) == 1


def test_what_may_be_needed_is_pale_and_the_usual_is_not(rulebook: Rulebook) -> None:
    root = calendar.calendar(outcome(rulebook), LANDSCAPE)
    pale = [node.attrib["data-session"] for node in root.iter() if node.get("opacity") == "0.4"]
    assert f"{EXO} equal 3" not in pale
    assert {f"{EXO} equal 4", f"{EXO} equal 5", f"{EXO} plan 2"} <= set(pale)


def test_one_shared_band_while_nothing_was_measured_apart(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    assert [band.options for band in out.timeline.first_change] == [(MN, PRP, EXO)]
    assert "3 to 12 weeks" in texts(calendar.calendar(out))
    assert say("timeline.same_for_all") in texts(calendar.calendar(out))


def test_the_latest_safe_start_is_the_cores(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    safe = out.result.options[EXO].course["considered"].latest_safe_start
    assert safe is not None
    assert f"Latest safe start: {safe:%B} {safe.day}" in texts(calendar.calendar(out, LANDSCAPE))


def test_a_date_before_the_first_visit_is_said_to_be(rulebook: Rulebook) -> None:
    out = outcome(rulebook, event_date="2026-12-29", planned_start="2028-01-03")
    assert calendar.lead(out).startswith("Your date, December 29, comes before a first visit on January 3, 2028.")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("start", ["now", "2026-12-20", "2027-11-20", "2028-01-03"])
def test_the_numbers_of_two_years_never_meet(rulebook: Rulebook, shape: Any, start: str) -> None:
    out = outcome(rulebook, event_date="2026-12-29", planned_start=start)
    years = [node for node in calendar.calendar(out, shape).iter("text") if re.fullmatch(r"20\d\d", node.text or "")]
    places = [float(node.attrib["x"]) for node in years]
    assert places
    assert all(b - a > width_of("2026", 13) for a, b in itertools.pairwise(sorted(places)))


def test_a_deferred_option_starts_later_and_says_from_when(rulebook: Rulebook) -> None:
    out = outcome(rulebook, nsaid="last_2_days")
    assert "not yet: from November 29" in texts(calendar.calendar(out, LANDSCAPE))
    starts = {row.option: row.start for row in out.timeline.rows}
    assert starts[PRP] - starts[MN] == timedelta(days=7)


def test_an_option_ruled_out_says_why_and_has_no_visits(rulebook: Rulebook) -> None:
    root = calendar.calendar(outcome(rulebook, blood_draw_comfort="never"), LANDSCAPE)
    assert "Not for you: no blood draw" in texts(root)
    assert not [mark for mark in marked(root, "data-session") if mark.startswith(PRP)]


def test_no_date_means_no_flag_and_no_start_by(rulebook: Rulebook) -> None:
    told = " ".join(texts(calendar.calendar(outcome(rulebook, event_date="none"), LANDSCAPE)))
    assert "My date" not in told
    assert "Start by" not in told


def test_a_date_that_is_too_soon_says_so(rulebook: Rulebook) -> None:
    out = outcome(rulebook, event_date="2026-12-10")
    assert "Not ready by December 10" in " ".join(texts(calendar.calendar(out, LANDSCAPE)))
    assert "is soon" in calendar.lead(out)


@pytest.mark.parametrize("event", ["2026-12-10", "2027-01-20", "2027-02-10", "2027-03-01", "2027-03-20", "2027-06-20"])
@pytest.mark.parametrize("answers", [{}, {"sunburn_or_tan": "yes"}, {"nsaid": "last_2_days"}])
def test_the_calendar_says_of_the_clients_date_what_the_cards_say(
    rulebook: Rulebook, event: str, answers: dict[str, Any]
) -> None:
    out = outcome(rulebook, planned_start="now", event_date=event, **answers)
    told = {shape: " ".join(texts(calendar.calendar(out, shape))) for shape in SHAPES}
    for row in out.timeline.open_rows:
        marks = [mark.text for mark in date_marks(out.told, row.option, row.start)]
        safe = row.safe_start(row.counted)
        assert (safe is None or safe < row.start) == (not marks[0].startswith("ready by")), row
        if safe is None:
            assert capital(marks[0]) in told[LANDSCAPE]
            assert capital(marks[0]).partition(" by ")[0] in told[PORTRAIT]
    assert "too late" not in " ".join(told.values())


def test_words_are_broken_between_words_and_only_where_there_is_no_room() -> None:
    assert in_lines("our plan: not ready by June 20", 1000) == ["our plan: not ready by June 20"]
    assert in_lines("not ready by June\u00a020", 130) == ["not ready by", "June 20"]
    assert in_lines("", 130) == []
    for room in (122, 164):  # beside the calendar, held upright and not
        lines = in_lines("our plan: maybe ready by June\u00a020", room)
        assert len(lines) == 2 and max(width_of(line) for line in lines) <= room
        assert " ".join(lines) == "our plan: maybe ready by June 20"


def test_where_nothing_is_known_of_a_date_nothing_is_said_of_it(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_texts(out: Outcome) -> list[str]:
        root = calendar.calendar(out)
        assert all(node.text or len(node) for node in root.iter("text")), "an empty line"
        return texts(root)

    assert not any(text.startswith("our plan: ") for text in last_texts(outcome(rulebook, event_date="none")))
    out = outcome(rulebook, sunburn_or_tan="yes", event_date="2027-03-20")
    assert any(text.startswith("our plan: ") for text in last_texts(out))
    monkeypatch.setattr(calendar_rows, "_ready", lambda *given: "")
    assert not any(text.strip().endswith(":") for text in last_texts(out))


def test_a_kept_rulebook_without_words_on_studies_of_a_concern_does_not_ask_for_the_concern(rulebook: Rulebook) -> None:
    asked = rulebook.questions["concern"]
    assert asked.said is not None
    silent = asked.model_copy(update={"said": asked.said.model_copy(update={"studied": {}})})
    old = replace(rulebook, questions={**rulebook.questions, "concern": silent})
    text = "".join(tostring(one, encoding="unicode") for one in reasons.studied(outcome(old)))
    assert "No study is shown here for what you would like to change." in text and "Tell us" not in text
    assert say("studied.none") in "".join(
        tostring(one, encoding="unicode") for one in reasons.studied(outcome(rulebook, concern=None))
    )


def test_what_a_clinician_looks_at_first_may_be_later_and_the_calendar_says_so(rulebook: Rulebook) -> None:
    asked = "A clinician looks first at {}, so a visit may be later."
    known = {"exosome_product": {"source": "plant", "use": "after_needling", "has_lot_and_certificate": True}}
    assert "looks first" not in calendar.lead(outcome(rulebook, **known))
    assert calendar.lead(outcome(rulebook, **known, anaemia="yes")).endswith(asked.format("PRP"))
    assert calendar.lead(outcome(rulebook, **known, anticoagulant="yes")).endswith(asked.format("all three"))
    assert calendar.lead(outcome(rulebook, anticoagulant="yes", blood_draw_comfort="never")).endswith(
        asked.format("both")
    )


def test_what_can_start_only_later_is_said_beside_the_first_visit(rulebook: Rulebook) -> None:
    out = outcome(rulebook, nsaid="last_2_days", event_date="none", planned_start="now")
    days = {row.option: row.start for row in out.timeline.open_rows}
    later = f"PRP can start from {days[PRP]:%B} {days[PRP].day}."
    assert days[PRP] > out.timeline.start
    assert calendar.lead(out).startswith(f"Here the first visit is on {AS_OF:%B} {AS_OF.day}.")
    assert later in calendar.lead(out)
    assert "can start from" not in calendar.lead(outcome(rulebook, sunburn_or_tan="yes"))


def test_a_date_years_away_stands_at_the_edge_with_an_arrow(rulebook: Rulebook) -> None:
    out = outcome(rulebook, event_date="2031-06-12")
    assert any(text.startswith("My date") and text.endswith("→") for text in texts(calendar.calendar(out)))


def test_the_calendars_table_holds_the_same_days_as_its_marks(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    for row, told in zip(out.timeline.rows, calendar.table_rows(out), strict=True):
        usual = [session.day for session in row.counted.sessions if session.usual] if row.counted else []
        written = told[say("timeline.table_visits")]
        assert written == (", ".join(f"{day:%B} {day.day}" for day in usual) or say("timeline.none"))


def test_with_everything_ruled_out_no_visit_is_spoken_of(rulebook: Rulebook) -> None:
    out = outcome(rulebook, pregnant="yes", event_date="2027-01-01")
    for shape in SHAPES:
        told = texts(calendar.calendar(out, shape))
        assert not {"First change", "At its best", "3 to 12 weeks", "our plan"} & set(told)
        assert not marked(calendar.calendar(out, shape), "data-session")
    assert calendar.lead(out) == say("timeline.lead_none_open")
    assert "visit on" not in calendar.alt_text(out)
    assert calendar.upkeep(out) == ""
    assert [list(row.values())[1] for row in calendar.table_rows(out)][1:] == ["Not for you: a safety answer"] * 3


def test_bands_are_of_open_options_only(rulebook: Rulebook) -> None:
    out = outcome(rulebook, blood_draw_comfort="never")
    assert say("timeline.same_for_both") in texts(calendar.calendar(out))


def test_a_start_before_treatment_may_begin_is_not_offered(rulebook: Rulebook) -> None:
    out = outcome(rulebook, sunburn_or_tan="yes", event_date="2027-03-20")
    safe = out.result.options[PRP].course["clinic"].latest_safe_start
    assert safe is None or safe < date(2026, 12, 6)
    assert re.search("our plan: (not|maybe) ready by March 20", " ".join(texts(calendar.calendar(out))))


def upright_lines(root: Element) -> list[tuple[float, float, float]]:
    lines = [node for node in root.iter("line") if node.get("x1") == node.get("x2")]
    return [(float(node.attrib["x1"]), float(node.attrib["y1"]), float(node.attrib["y2"])) for node in lines]


def runs_through(words: Element, x: float, top: float, bottom: float) -> bool:
    begin, line, size = (float(words.attrib[name]) for name in ("x", "y", "font-size"))
    beside = begin - 1 < x < begin + width_of(words.text or "", size)
    return beside and top < line - 1 and bottom > line - 9


@pytest.mark.parametrize("demo", demo_clients(), ids=lambda demo: str(demo.name))
def test_no_line_runs_through_words(rulebook: Rulebook, demo: DemoClient) -> None:
    answers = {"concern": "texture", **demo.answers(AS_OF)}
    stand_in: Any = SimpleNamespace(book=rulebook, options=ORDER, as_of=AS_OF, id="x", answers=answers, finished=False)
    found = recommend(answers, rulebook, AS_OF)
    out = Outcome(stand_in, answers, "", found, found, ())
    for shape in SHAPES:
        for root in (calendar.calendar(out, shape), cost.cost_chart(out, cost.MONEY, shape)):
            crossed = [
                words.text
                for words in root.iter("text")
                for x, top, bottom in upright_lines(root)
                if words.get("text-anchor") == "start"
                and len(words.text or "") > 5
                and runs_through(words, x, top, bottom)
            ]
            assert crossed == []


# --- one visit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", [False, True])
def test_the_steps_of_a_visit_add_up_to_the_minutes_on_the_card(rulebook: Rulebook, beside: bool) -> None:
    for option in rulebook.ranked:
        times = visit_times(option, rulebook, beside)
        one_by_one = [step for step in times.steps if not step.beside]
        assert one_by_one[0].begins == 0
        assert one_by_one[-1].ends == times.typical
        assert all(a.ends == b.begins for a, b in itertools.pairwise(one_by_one))
    card = outcome(rulebook).result.options[PRP].course["considered"].spans["visit_minutes"]
    assert card is not None
    assert visit_times(PRP, rulebook, False).typical == card.typical


def test_the_spin_beside_the_numbing_starts_with_it_and_ends_before_it(rulebook: Rulebook) -> None:
    steps = {step.step: step for step in visit_times(PRP, rulebook, True).steps}
    assert steps["spin"].beside
    assert steps["spin"].begins == steps["numbing"].begins
    assert steps["spin"].ends <= steps["numbing"].ends


def test_both_ways_of_a_visit_are_drawn_one_of_them_dashed(rulebook: Rulebook) -> None:
    root = visit.visit_chart(outcome(rulebook), beside=False)
    dashed = [node for node in root.iter("rect") if node.get("stroke-dasharray") and node.get("data-step")]
    assert {node.attrib["data-step"].split()[0] for node in dashed} == {
        "draw", "numbing", "hand_over", "needling", "aftercare",
    }  # fmt: skip
    assert "My time: 75 min" in texts(root)


def test_the_visits_table_holds_the_same_minutes_as_its_blocks(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    rows = [
        row for row in visit.table_rows(out, beside=True) if row[say("visit.table_step")] != say("visit.table_total")
    ]
    drawn = [mark for mark in marked(visit.visit_chart(out, beside=True), "data-step")]
    for row in rows:
        minutes = f"{row[say('visit.table_from')]} {row[say('visit.table_to')]}"
        assert any(mark.split(" ", 1)[1] == minutes for mark in drawn)


def test_the_step_that_puts_a_product_on_names_it_and_takes_the_same_minutes(rulebook: Rulebook) -> None:
    rows = visit.table_rows(outcome(rulebook), beside=False)
    steps = {
        row[say("visit.table_option")]: row[say("visit.table_step")]
        for row in rows
        if row[say("visit.table_step")].startswith("needling")
    }
    named = {option: steps[rulebook.options[option].name] for option in (MN, PRP, EXO)}
    assert named == {MN: "needling", PRP: "needling, PRP goes on", EXO: "needling, exosomes go on"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("months", [1, 8, 14, 20, 26, 40, 90])
def test_the_names_of_months_never_meet_and_a_year_stands_under_its_january(
    rulebook: Rulebook, shape: Any, months: int
) -> None:
    start = AS_OF + timedelta(days=30 * months)
    root = calendar.calendar(outcome(rulebook, planned_start=start.isoformat(), event_date="none"), shape)
    told = [node for node in root.iter("text") if re.fullmatch("[A-Z][a-z][a-z]", node.text or "")]
    places = [float(node.attrib["x"]) for node in told]
    assert all(b - a > 30 for a, b in itertools.pairwise(places))
    januaries = {float(node.attrib["x"]) for node in told if node.text == "Jan"}
    years = [float(node.attrib["x"]) for node in root.iter("text") if re.fullmatch(r"20\d\d", node.text or "")]
    assert len(told) >= 3 and all(year in {*januaries, places[0]} for year in years)


def test_a_visit_that_is_ruled_out_is_not_timed_and_never_leads(rulebook: Rulebook) -> None:
    out = outcome(rulebook, blood_draw_comfort="never")
    for shape in SHAPES:
        root = visit.visit_chart(out, False, shape)
        assert "Not for you: no blood draw" in texts(root)
        assert not {"draw", "spin"} & {mark.split()[0] for mark in marked(root, "data-step")}
    assert "PRP" not in visit.lead(out)
    assert visit.lead(out) == "Each of these visits takes about 58 minutes."
    assert "PRP + microneedling: Not for you: no blood draw." in visit.alt_text(out, False)
    assert not visit.spin_matters(out)


def test_with_everything_ruled_out_no_visit_is_timed(rulebook: Rulebook) -> None:
    out = outcome(rulebook, pregnant="yes")
    assert not marked(visit.visit_chart(out, False), "data-step")
    assert visit.lead(out) == say("visit.lead_none")


@pytest.mark.parametrize("minutes", [30, 75, 120, 480])
def test_every_step_has_its_word_and_none_touches_its_frame(rulebook: Rulebook, minutes: int) -> None:
    root = visit.visit_chart(outcome(rulebook, minutes_per_visit=minutes), False, PORTRAIT)
    assert [texts(root).count(rulebook.protocol.steps[step].said.short) for step in ("draw", "spin", "aftercare")] == [
        2,
        2,
        4,
    ]
    blocks = {
        float(node.attrib["x"]) + float(node.attrib["width"]) / 2: node
        for node in root.iter("rect")
        if node.get("data-step")
    }
    for node in root.iter("text"):
        if node.get("text-anchor") == "middle" and (block := blocks.get(float(node.attrib["x"]))) is not None:
            assert visit.LETTER * float(node.attrib["font-size"]) * len(node.text or "") + 3 <= float(
                block.attrib["width"]
            )


@pytest.mark.parametrize("beside", [False, True])
def test_no_line_runs_through_the_words_above_a_short_step(rulebook: Rulebook, beside: bool) -> None:
    told = 0
    for shape in SHAPES:
        for minutes in (45, 60, 75):
            root = visit.visit_chart(outcome(rulebook, minutes_per_visit=minutes), beside, shape)
            for words in (
                node for node in root.iter("text") if node.text == rulebook.protocol.steps["hand_over"].said.name
            ):
                told += 1
                end, line = float(words.attrib["x"]), float(words.attrib["y"])
                begin = end - 0.49 * 13 * len(words.text or "")
                for node in (node for node in root.iter("line") if node.get("x1") == node.get("x2")):
                    through = float(node.attrib["y1"]) < line and float(node.attrib["y2"]) > line - 11
                    assert not (through and begin < float(node.attrib["x1"]) < end)
    assert told >= 6


# --- cost -----------------------------------------------------------------------------------------------------------


def test_the_cost_chart_says_what_the_cards_say(rulebook: Rulebook) -> None:
    told = texts(cost.cost_chart(outcome(rulebook)))
    assert {"$1,050", "$2,100", "$2,700", "My budget: $2,500", "$900 to 1,800"} <= set(told)


def test_a_row_is_as_high_as_what_stands_in_it(rulebook: Rulebook) -> None:
    rows = {row.option: cost.height_of(row) for row in outcome(rulebook, blood_draw_comfort="never").timeline.rows}
    assert rows["wait"] == rows[PRP] < rows[MN] < rows[EXO]
    assert "Not for you: no blood draw" in texts(cost.cost_chart(outcome(rulebook, blood_draw_comfort="never")))


def test_hours_are_visits_times_the_minutes_of_one(rulebook: Rulebook) -> None:
    assert {"2 h 54 min", "3 h 54 min"} <= set(texts(cost.cost_chart(outcome(rulebook), cost.HOURS)))


def test_the_cost_table_ends_with_the_whole_course(rulebook: Rulebook) -> None:
    rows = [row for row in cost.table_rows(outcome(rulebook)) if row[say("cost.table_kind")] == say("cost.kind_usual")]
    assert [row[say("cost.table_money")] for row in rows if row[say("cost.table_visit")] == "3"] == [
        "$1,050", "$2,100", "$2,700",
    ]  # fmt: skip


# --- reasons --------------------------------------------------------------------------------------------------------


def test_reason_bars_add_up_to_the_difference_and_point_to_their_option(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    reasons = pair_reasons(out.told)
    assert reasons is not None and out.result.pair is not None
    points = [int(text) for text in marked(reason_bars(reasons, ("exosomes", "PRP")), "data-points")]
    assert sum(points) == out.result.pair.points[EXO] - out.result.pair.points[PRP]
    ways = [row[say("reasons.table_towards")] for row in reason_rows(reasons, ("exosomes", "PRP"))]
    assert ways == ["to exosomes" if number > 0 else "to PRP" for number in points]


def test_no_bar_of_a_reason_lies_on_its_words(rulebook: Rulebook) -> None:
    """A reason may be as long as the panel is wide: its bar stands below it, beside the weight."""
    reasons = pair_reasons(outcome(rulebook).told)
    assert reasons is not None
    drawn = reason_bars(reasons, ("exosomes", "PRP"))
    reasons_told = [text for text in drawn.iter("text") if text.attrib["font-size"] == "14.5"]
    lines = sorted(float(text.attrib["y"]) for text in reasons_told)
    tops = sorted(float(bar.attrib["y"]) for bar in drawn.iter("rect") if "data-points" in bar.attrib)
    assert len(lines) == len(tops) > 1
    assert all(top >= line + 4 for line, top in zip(lines, tops, strict=True))
    assert all(top + 14 <= after - 12 for top, after in zip(tops, lines[1:], strict=False))


# --- all of them ----------------------------------------------------------------------------------------------------


def all_charts(out: Outcome) -> list[Element]:
    charts = []
    for shape in SHAPES:
        charts += [calendar.calendar(out, shape), cost.cost_chart(out, cost.MONEY, shape)]
        charts += [visit.visit_chart(out, way, shape) for way in (False, True)]
    return charts


@pytest.mark.parametrize("concern", ["texture", "acne_scars", "hair_thinning", "pigment"])
def test_every_chart_has_a_description_and_no_text_under_13_pixels(rulebook: Rulebook, concern: str) -> None:
    for chart in all_charts(outcome(rulebook, concern=concern)):
        assert chart.attrib["role"] == "img"
        assert chart.attrib["aria-label"]
        assert smallest_text(chart) >= 13


def test_charts_fit_their_width_in_both_orientations(rulebook: Rulebook) -> None:
    assert (LANDSCAPE.width, PORTRAIT.width) == (946, 690)
    for chart in all_charts(outcome(rulebook)):
        width = float(chart.attrib["viewBox"].split()[2])
        for node in chart.iter("rect"):
            assert 0 <= float(node.attrib["x"]) <= float(node.attrib["x"]) + float(node.attrib["width"]) <= width + 0.01


def test_text_is_escaped_by_construction(rulebook: Rulebook) -> None:
    for chart in all_charts(outcome(rulebook)):
        assert fromstring(tostring(chart)).tag.endswith("svg")  # noqa: S314  # our own drawing


# --- the manager's ---------------------------------------------------------------------------------------------------


def parts(cut: str, *rows: tuple[str, str, int, float | None]) -> pd.DataFrame:
    """A metric's table: group, part, count, share."""
    return pd.DataFrame(rows, columns=[cut, "part", "value", "share"]).astype({"value": "Float64", "share": "Float64"})


def test_the_mix_shows_shares_only_from_the_minimum_on() -> None:
    found = parts("month", ("2026-10", MN, 12, None), ("2026-11", MN, 15, 0.6), ("2026-11", EXO, 10, 0.4))
    figure = treatment_mix.by_step(found, ["2026-10", "2026-11"], (MN, PRP, EXO), {MN: "Microneedling"})
    bars = {bar.name: list(bar.y) for bar in figure.data}
    assert bars["Microneedling"] == [0, 0.6]
    assert len(figure.layout.shapes) == 1
    assert figure.layout.dragmode is False
    assert figure.layout.xaxis.ticktext[1].startswith("Nov<br>25")


def test_the_pairs_bars_hold_the_counts() -> None:
    found = parts("to", (EXO, EXO, 15, 0.6), (EXO, MN, 10, 0.4), (PRP, PRP, 3, None))
    names = {EXO: "Exosomes", PRP: "PRP", MN: "Microneedling"}
    figure = treatment_mix.of_the_pair(found, (EXO, PRP), (EXO, PRP, MN), names, "count only: {number}")
    assert [list(bar.customdata) for bar in figure.data] == [[15, 0], [0, 3], [10, 0]]
    assert [note.text for note in figure.layout.annotations] == ["count only: 3"]


def test_an_empty_step_is_no_bar_and_no_frame() -> None:
    figure = treatment_mix.by_step(parts("month"), ["2026-11"], (MN,), {})
    assert len(figure.layout.shapes) == 0


def test_a_line_has_no_point_where_there_are_too_few_and_its_band_holds_it() -> None:
    rows = [("2026-10", 5, 12, None, None, None), ("2026-11", 10, 25, 0.4, 0.23, 0.59)]
    found = pd.DataFrame(rows, columns=["month", "value", "of", "share", "low", "high"]).astype(
        dict.fromkeys(("value", "of", "share", "low", "high"), "Float64")
    )
    band, line = treatment_mix.share_line(found, ["2026-09", "2026-10", "2026-11"]).data
    assert (list(band.x), list(band.y)) == ([2, 2], [0.23, 0.59])
    assert line.y[2] == 0.4 and all(math.isnan(value) for value in line.y[:2])


def test_a_band_is_not_drawn_across_a_step_without_a_share() -> None:
    shares = [0.4, 0.5, None, 0.4, None, None, 0.3]
    rows = [
        (f"2026-{month:02}", 10, 25, share, share and share - 0.1, share and share + 0.1)
        for month, share in enumerate(shares, 1)
    ]
    found = pd.DataFrame(rows, columns=["month", "value", "of", "share", "low", "high"]).astype(
        dict.fromkeys(("value", "of", "share", "low", "high"), "Float64")
    )
    *bands, line = treatment_mix.share_line(found, list(found["month"])).data
    assert [list(one.x) for one in bands] == [[0, 1, 1, 0], [3, 3], [6, 6]]
    assert len(line.x) == 7


def test_a_week_of_many_is_named_by_its_first_day_and_a_quarter_by_its_number() -> None:
    assert treatment_mix.step_label("2026-11-23", first=False) == "23 Nov"
    assert treatment_mix.step_label("2026-01-05", first=False) == "5 Jan<br>2026"
    assert treatment_mix.step_label("2026-Q1", first=False) == "Q1<br>2026"
    assert treatment_mix.step_label("2026-04", first=True) == "Apr<br>2026"


def test_the_week_has_its_three_values_at_the_right_and_fills_what_is_more_than_chance() -> None:
    found = control_chart([f"w{number}" for number in range(1, 15)], [*(10, 12, 9, 11) * 3, 10, 40])
    figure = weekly(found, lambda value: f"{value:.0f}", "week 23", "week 36")
    assert [note.text for note in figure.layout.annotations] == [
        f"{value:.0f}" for value in (found.high, found.mean, found.low)
    ]
    assert (
        list(figure.data[0].marker.color).index(theme.INK) == 13 and figure.data[0].marker.color.count(theme.INK) == 1
    )


def test_the_timeline_follows_the_order_of_the_cards(rulebook: Rulebook) -> None:
    out = outcome(rulebook)
    order = ("wait", MN, EXO, PRP)
    assert [row.option for row in timeline(out.result, out.answers, rulebook, order).rows] == list(order)


# --- on the page ----------------------------------------------------------------------------------------------------


def test_a_picture_is_sent_as_text_and_its_words_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither HTML nor Markdown on the way; a script of ours parses it as XML."""
    drawn: list[str] = []
    monkeypatch.setattr(draw.st, "html", lambda body, **_: drawn.append(body._repr_html_()))
    words = "**b** $x$ :red[y]\n\n![i](http://example.com/x.png) <img src=x onerror=y> & </div>"
    picture = draw.svg(90, 60, "**alt** <i>")
    draw.add(picture, "text", words, x=1, y=2)
    draw.html(draw.picture(picture, picture))
    places = re.findall(r'<div data-undrawn="yes" data-shape="(land|port)">([^<>]*)</div>', drawn[0])
    assert [shape for shape, _ in places] == ["land", "port"]
    for _, sent in places:
        [shown] = fromstring(unescape(sent)).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314  (our own drawing)
        assert shown.text == words


def test_the_name_of_a_place_on_a_screen_stays_inside_its_attribute(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(draw.st, "html", lambda body, **_: drawn.append(body._repr_html_()))
    draw.html(draw.tag("div", data_place='safety_"><img src=x onerror=y>'))
    assert drawn == ['<div data-place="safety_&quot;&gt;<img src=x onerror=y&gt;"></div>']


def test_a_funnel_plot_has_a_named_dot_for_each_group_with_a_share_between_its_lines() -> None:
    counted = [(30, 60), (33, 61), (58, 60), (3, 9)]
    frame = pd.DataFrame(counted, columns=["value", "of"], dtype="Float64")
    found = reckoned(frame.assign(share=(frame["value"] / frame["of"]).where(frame["of"] >= 20)))
    words = {"95": "95%", "998": "99.8%", "all": "all 65%"}
    figure = funnel.funnel(found, ["Ana", "Bea", "Cleo", "Dot"], "Consultations", words)
    dots = next(trace for trace in figure.data if trace.name == "groups")
    assert list(dots.text) == ["Ana", "Bea", "Cleo"] and list(dots.x) == [60, 61, 60]
    assert len(set(dots.textposition[:2])) == 2, "names that would lie on one another stand on different sides"
    assert dots.marker.color[2] == theme.CARD and dots.marker.color[0] == theme.INK
    assert [note.text for note in figure.layout.annotations] == ["99.8%", "95%", "all 65%", "95%", "99.8%"]
    places = [note.y for note in figure.layout.annotations]
    assert places == sorted(places) and min(b - a for a, b in itertools.pairwise(places)) > 0.04


def test_a_step_without_a_share_has_no_bar_and_what_stands_beside_it_says_why() -> None:
    figure = steps.steps(["Started", "Booked", "Finished"], [1.0, 0.4, None], ["30", "12 of 30", "not recorded here"])
    assert list(figure.data[0].x) == [1.0, 0.4, 0]
    assert [note.text for note in figure.layout.annotations] == ["30", "12 of 30", "not recorded here"]


def test_a_rate_is_a_dot_on_the_line_on_which_it_likely_lies_and_one_of_too_few_is_neither() -> None:
    rows = [(850.0, 800.0, 900.0), (None, None, None), (-20.0, -40.0, 5.0)]
    found = pd.DataFrame(rows, columns=["rate", "low", "high"]).astype("Float64")
    figure = rates.rates(found, ["Exosomes", "PRP", "Other"], ["$850", "too few to say", "-$20"], "$")
    assert [(line.x0, line.x1, line.y0) for line in figure.layout.shapes] == [(800, 900, 0), (-40, 5, 2)]
    assert figure.data[0].x[0] == 850 and math.isnan(figure.data[0].x[1])
    assert figure.layout.xaxis.range[0] < -40 and figure.layout.xaxis.range[1] > 900
