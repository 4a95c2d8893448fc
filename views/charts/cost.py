"""Cost over time: each visit is one block with its day, side by side until the whole course stands there; in money or hours.

Filled: equal visits, as counted. Pale: may be needed. Hollow, on the line below: our plan, not counted. A row is as high
as what stands in it; an option that is ruled out keeps its row and says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from medspa_core.rulebook import CONSIDERED
from medspa_core.timeline import Plan, Row
from medspa_core.wording.states import state_of
from views.charts.shapes import LANDSCAPE, Chart, Shape, limit, option_name, stacked, tint, words
from views.charts.vertical_lines import Box, box_of, upright
from views.context.words import counted, cut_short, say
from views.elements import draw, theme
from views.result.outcome import Outcome

HEADER, ROW, ROW_NO_PLAN, WAIT_ROW, AXIS_ROW, BAR, PLAN_BAR = 44, 96, 64, 48, 36, 34, 22
MONEY, HOURS = "money", "hours"
MINUTES_IN_HOUR = 60


@dataclass
class CostChart(Chart):
    """One drawing in progress. Units: money of the clinic, or minutes."""

    unit: str

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return self.out.timeline.rows

    def each(self, row: Row, plan: Plan) -> int:
        """What one visit costs, in money or in minutes."""
        return plan.price if self.unit == MONEY else minutes_of(self.out, row.option)

    @cached_property
    def limit(self) -> int | None:
        """The client's budget, on the money side."""
        budget = self.out.answers.get("budget")
        return budget if isinstance(budget, int) and self.unit == MONEY else None

    @cached_property
    def most(self) -> float:
        plans = [(row, plan) for row in self.rows for plan in (row.counted, row.own_plan) if plan and not row.excluded]
        most = max([self.each(row, plan) * len(plan.sessions) for row, plan in plans], default=1)
        return max(most, min(self.limit or 0, most * 1.25)) * 1.03

    def x(self, amount: float) -> float:
        return self.across(amount / self.most)

    def tops(self) -> Iterator[tuple[Row, float]]:
        return stacked(self.rows, height_of, HEADER)

    @cached_property
    def bottom(self) -> float:
        return HEADER + sum(height_of(row) for row in self.rows)

    @cached_property
    def words(self) -> tuple[Box, ...]:
        """Words that a line would run through: why there is nothing to pay."""
        found = [(_nothing(self, row), top) for row, top in self.tops() if height_of(row) == WAIT_ROW]
        return tuple(box_of(text, self.shape.left + 12, top + WAIT_ROW / 2 + 5) for text, top in found)

    def amount(self, value: float) -> str:
        """Money, or hours and minutes."""
        if self.unit == MONEY:
            return self.out.told.money(round(value))
        return hours_text(round(value))


def height_of(row: Row) -> int:
    """One line for what has no visits, less room where there is no plan of our own."""
    if not row.redness or row.excluded:
        return WAIT_ROW
    return ROW if row.own_plan else ROW_NO_PLAN


def _nothing(chart: CostChart, row: Row) -> str:
    if row.excluded:
        return state_of(chart.out.told, row.option).text
    return say("cost.no_cost" if chart.unit == MONEY else "cost.no_hours")


def minutes_of(out: Outcome, option: str) -> int:
    """Minutes of a typical visit, as on the card."""
    minutes = out.result.options[option].course[CONSIDERED].spans["visit_minutes"]
    return minutes.typical if minutes else 0


def hours_text(minutes: int) -> str:
    """2 h 54 min."""
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    return say("cost.hours_text", hours=hours, minutes=rest) if hours else say("cost.minutes_text", minutes=rest)


def cost_chart(out: Outcome, unit: str = MONEY, shape: Shape = LANDSCAPE) -> Element:
    """The drawing."""
    chart = CostChart(out, shape, unit)
    root = draw.svg(shape.width, chart.bottom + AXIS_ROW, alt_text(out, unit))
    _axis(root, chart)
    if chart.limit is not None:
        text = say("cost.budget", money=out.told.money(chart.limit))
        limit(root, text, chart.x(chart.limit), chart.right, chart.bottom, shape, chart.words)
    for row, top in chart.tops():
        _row(root, chart, row, top)
    return root


def _axis(root: Element, chart: CostChart) -> None:
    step = _step(chart.most, chart.unit)
    value = 0.0
    while value <= chart.most:
        x = chart.x(value)
        upright(root, x, HEADER, chart.bottom, chart.words, stroke=theme.GRID)
        text = chart.amount(value) if chart.unit == MONEY else say("cost.hours_axis", hours=f"{value / 60:g}")
        words(root, text, x, chart.bottom + 22, fill=theme.MUTED, anchor="middle")
        value += step
    draw.add(root, "line", x1=chart.x(0), x2=chart.right, y1=chart.bottom, y2=chart.bottom, stroke=theme.AXIS)


def _step(most: float, unit: str) -> float:
    """A round distance between the lines: at most eight of them."""
    steps = (60, 120, 240, 480) if unit == HOURS else (100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000)
    return float(next((step for step in steps if most / step <= 7), steps[-1] * 10))


def _row(root: Element, chart: CostChart, row: Row, top: float) -> None:
    height = height_of(row)
    middle = top + (WAIT_ROW / 2 if height == WAIT_ROW else 30)
    option_name(root, chart, row.option, middle, 15.5)
    if top + height < chart.bottom:
        draw.add(root, "line", x1=0, x2=chart.shape.width, y1=top + height, y2=top + height, stroke=theme.HAIRLINE)
    if height == WAIT_ROW:
        fill = theme.INK if row.excluded else theme.MUTED
        words(root, _nothing(chart, row), chart.shape.left + 12, middle + 5, fill=fill)
        return
    if row.counted:
        _blocks(root, chart, row, row.counted, top + 13, BAR, hollow=False)
        _total(root, chart, row, row.counted, top + 30)
    if row.own_plan:
        words(root, say("timeline.our_plan"), 26, top + 75, fill=theme.MUTED)
        _blocks(root, chart, row, row.own_plan, top + 59, PLAN_BAR, hollow=True)
        words(root, _range(chart, row, row.own_plan), chart.right + 14, top + 75, fill=theme.MUTED)


def _blocks(root: Element, chart: CostChart, row: Row, plan: Plan, y: float, height: float, *, hollow: bool) -> None:
    colour = theme.option_look(row.option).colour
    each = chart.each(row, plan)
    for session in plan.sessions:
        x, end = chart.x(each * (session.number - 1)) + 1, chart.x(each * session.number) - 1
        fill = theme.CARD if hollow else colour if session.usual else tint(colour, 0.22)
        frame: dict[str, Any] = {"stroke": colour, "stroke_width": 1.5, "stroke_opacity": 1 if session.usual else 0.45}
        block = draw.add(
            root, "rect", x=x, y=y, width=end - x, height=height, rx=4, fill=fill, **(frame if hollow else {})
        )
        block.set("data-visit", f"{row.option} {'plan' if hollow else 'equal'} {session.number}")
        _day(root, session.day, x, end, y + height / 2 + 5, theme.CARD if session.usual and not hollow else theme.INK)


def _day(root: Element, day: date, x: float, end: float, y: float, fill: str) -> None:
    """The day of a visit on its block, as much of it as fits."""
    for text in (cut_short(day), f"{day:%b}"):
        if 7.2 * len(text) + 4 <= end - x:
            words(root, text, (x + end) / 2, y, size=13, fill=fill, anchor="middle")
            return


def _total(root: Element, chart: CostChart, row: Row, plan: Plan, y: float) -> None:
    x = chart.right + 14
    words(root, chart.amount(chart.each(row, plan) * plan.typical), x, y + 1, size=18, weight=600)
    words(root, _range(chart, row, plan), x, y + 20, fill=theme.MUTED)


def _range(chart: CostChart, row: Row, plan: Plan) -> str:
    if chart.unit == MONEY:
        return money_range(chart.out, plan)
    low, high = (f"{chart.each(row, plan) * count / 60:.1f}" for count in (plan.low, plan.high))
    return say("cost.hours_range", low=low, high=high)


def money_range(out: Outcome, plan: Plan) -> str:
    """What a course costs, from its fewest visits to its most."""
    low = out.told.money(plan.low * plan.price)
    return low if plan.low == plan.high else say("card.range", low=low, high=f"{plan.high * plan.price:,}")


# --- the same in words ----------------------------------------------------------------------------------------------


def lead(out: Outcome, unit: str) -> str:
    """What a block is; with nothing open there is none."""
    if not out.timeline.open_rows:
        return say("timeline.lead_none_open")
    return say("cost.lead" if unit == MONEY else "cost.lead_hours")


def alt_text(out: Outcome, unit: str) -> str:
    """The chart in one sentence."""
    each = []
    for row in out.timeline.rows:
        if row.counted and not row.excluded:
            chart = CostChart(out, LANDSCAPE, unit)
            amount = chart.amount(chart.each(row, row.counted) * row.counted.typical)
            name = out.book.options[row.option].name
            visits = counted("card.visit_count", row.counted.typical)
            each.append(say("cost.alt_each", option=name, money=amount, visits=visits))
    return say("cost.alt", each=" ".join(each))


def table_rows(out: Outcome) -> list[dict[str, str]]:
    """Visit by visit: the day, what is paid and the hours so far; equal visits, then our plan."""
    rows = []
    for row in out.timeline.rows:
        for plan, own in ((row.counted, False), (row.own_plan, True)):
            if plan and not row.excluded:
                rows += [_table_row(out, row, plan, number, own) for number in range(len(plan.sessions))]
    return rows


def _table_row(out: Outcome, row: Row, plan: Plan, number: int, own: bool) -> dict[str, str]:
    session = plan.sessions[number]
    kind = "kind_plan" if own else "kind_usual" if session.usual else "kind_maybe"
    return {
        say("cost.table_option"): out.book.options[row.option].name,
        say("cost.table_kind"): say(f"cost.{kind}"),
        say("cost.table_visit"): str(session.number),
        say("cost.table_day"): out.told.day(session.day),
        say("cost.table_money"): out.told.money(plan.price * session.number),
        say("cost.table_hours"): hours_text(minutes_of(out, row.option) * session.number),
    }
