"""One visit, minute by minute: steps one after another, parallel steps visibly parallel, hands-on time below.

Upper line: in the building. Thin bar: in the chair, with somebody's hands at work. Pale line with the option's mark:
shorter to longer visits. The client's own time is a line behind. An option that is ruled out keeps its row and says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from medspa_core.timeline import StepTime, VisitTimes, visit_times, ways_differ
from views.charts.shapes import LANDSCAPE, SHAPES, Chart, Shape, limit, stacked, tint, words
from views.charts.vertical_lines import Box, box_of, upright
from views.charts.visit_words import alt_text, lead, not_for_you, open_options, spin_matters, table_rows, with_visits
from views.context.words import say
from views.elements import draw, theme
from views.result.outcome import Outcome

HEADER, ROW, ROW_OTHER, ROW_OUT, AXIS_ROW, BAR = 40, 102, 68, 46, 34, 30
NUMBING, CARE, SPIN_FIELD = "#D3DFDB", "#E9EDEC", "#EAEEED"
STEPS_DOWN = 36  # from the upper edge of a row to its steps
STEP_MINUTES = 15
LETTER = 0.56  # of the size of the type: a short word without narrow letters
SHORTEST_TOLD = 6  # minutes: a step this short is named above its block


@dataclass
class VisitChart(Chart):
    """One drawing in progress."""

    beside: bool  # the spin runs during the numbing

    def visit(self, option: str) -> VisitTimes:
        """The visit on the way that is switched on."""
        return visit_times(option, self.book, self.beside)

    def other(self, option: str) -> VisitTimes | None:
        """The other way of running it, where that makes a difference."""
        return visit_times(option, self.book, not self.beside) if ways_differ(option, self.book) else None

    @cached_property
    def my_time(self) -> int | None:
        minutes = self.out.answers.get("minutes_per_visit")
        return minutes if isinstance(minutes, int) else None

    @cached_property
    def most(self) -> float:
        """The right end; a client with more time than that has an arrow there, so that no step gets too narrow."""
        both = [visit_times(option, self.book, way) for option in open_options(self.out) for way in (False, True)]
        return max([visit.high for visit in both], default=60) + (4 if self.shape.short else 8)

    def x(self, minute: float) -> float:
        return self.across(minute / self.most)

    def height_of(self, option: str) -> int:
        if not self.out.told.is_open(option):
            return ROW_OUT
        return ROW + (ROW_OTHER if self.other(option) else 0)

    def tops(self) -> Iterator[tuple[str, float]]:
        """Each option with the upper edge of its row."""
        return stacked(with_visits(self.out), self.height_of, HEADER)

    @cached_property
    def bottom(self) -> float:
        return HEADER + sum(self.height_of(option) for option in with_visits(self.out))

    @cached_property
    def words(self) -> tuple[Box, ...]:
        """Words that a line would run through: names, why an option is ruled out, and the name of a short step."""
        found = []
        for option, top in self.tops():
            found.append(box_of(self.book.options[option].name, 26, top + 26, 16))
            if self.out.told.is_open(option):
                found += self._words_above(self.visit(option), top + STEPS_DOWN)
            else:
                found.append(box_of(not_for_you(self.out, option), *_out_place(self, top)))
        return tuple(found)

    def _words_above(self, visit: VisitTimes, y: float) -> Iterator[Box]:
        for step in (step for step in visit.steps if not step.beside and is_told_above(self, step)):
            middle = self.x((step.begins + step.ends) / 2)
            yield box_of(self.book.protocol.steps[step.step].said.name, middle - 17, y - 3, 13, ends=True)


def visit_chart(out: Outcome, beside: bool, shape: Shape = LANDSCAPE) -> Element:
    """The drawing."""
    shape = replace(shape, left=126, right=98) if shape.short else shape
    chart = VisitChart(out, shape, beside)
    root = draw.svg(shape.width, chart.bottom + AXIS_ROW, alt_text(out, beside))
    _axis(root, chart)
    if chart.my_time is not None:
        text = say("visit.my_time", minutes=chart.my_time)
        limit(root, text, chart.x(chart.my_time), chart.right, chart.bottom, chart.shape, chart.words)
    for option, top in chart.tops():
        if out.told.is_open(option):
            _visit(root, chart, chart.visit(option), top)
        else:
            _ruled_out(root, chart, option, top)
        line = top + chart.height_of(option)
        if line < chart.bottom:
            draw.add(root, "line", x1=0, x2=shape.width, y1=line, y2=line, stroke=theme.HAIRLINE)
    return root


def _axis(root: Element, chart: VisitChart) -> None:
    for minute in range(0, int(chart.most) + 1, STEP_MINUTES):
        x = chart.x(minute)
        upright(root, x, HEADER, chart.bottom, chart.words, stroke=theme.GRID)
        text = say("visit.minutes", number=0) if not minute else str(minute)
        words(root, text, x, chart.bottom + 22, fill=theme.MUTED, anchor="middle")
    draw.add(root, "line", x1=chart.x(0), x2=chart.right, y1=chart.bottom, y2=chart.bottom, stroke=theme.AXIS)


def _visit(root: Element, chart: VisitChart, visit: VisitTimes, top: float) -> None:
    """Name, the range, the steps, the hands-on bar, and at the right the numbers."""
    colour = theme.option_look(visit.option).colour
    other = chart.other(visit.option)
    _name(root, chart, visit.option, top)
    _range(root, chart, visit, top + 20, colour)
    _left(root, chart, say("visit.building"), top + 56)
    _left(root, chart, say("visit.chair"), top + 83)
    _steps(root, chart, visit, top + STEPS_DOWN, colour)
    _chair(root, chart, visit, top + 78, colour)
    _numbers(root, chart, visit, top + 46)
    if other:
        _other_way(root, chart, other, top + ROW - 6, colour)


def _name(root: Element, chart: VisitChart, option: str, top: float) -> None:
    draw.mark(root, option, 9, top + 21, 15)
    words(root, chart.book.options[option].name, 26, top + 26, size=15 if chart.shape.short else 16, weight=600)


def _ruled_out(root: Element, chart: VisitChart, option: str, top: float) -> None:
    """Its name and why it is not for this client: no steps, no minutes."""
    _name(root, chart, option, top)
    x, y = _out_place(chart, top)
    words(root, not_for_you(chart.out, option), x, y)


def _out_place(chart: VisitChart, top: float) -> tuple[float, float]:
    return chart.shape.left + (92 if chart.shape.short else 12), top + 26


def _left(root: Element, chart: VisitChart, text: str, y: float) -> None:
    words(root, text, chart.shape.left - 12, y, fill=theme.MUTED, anchor="end")


def _range(root: Element, chart: VisitChart, visit: VisitTimes, y: float, colour: str) -> None:
    low, high = chart.x(visit.low), chart.x(visit.high)
    draw.add(root, "rect", x=low, y=y - 4, width=high - low, height=8, rx=4, fill=colour, opacity=0.26)
    draw.mark(root, visit.option, chart.x(visit.typical), y, 14)


def _steps(root: Element, chart: VisitChart, visit: VisitTimes, y: float, colour: str, *, dashed: bool = False) -> None:
    for step in (step for step in visit.steps if not step.beside):
        _block(root, chart, step, y, colour, dashed=dashed)
    for step in (step for step in visit.steps if step.beside):
        _beside(root, chart, step, _partner(visit, step), y, colour)


def _beside(root: Element, chart: VisitChart, step: StepTime, partner: StepTime, y: float, colour: str) -> None:
    """A step that runs at the same time: on a pale field under its partner, half as high, and said in words."""
    x, end = chart.x(partner.begins), chart.x(partner.ends)
    draw.add(root, "rect", x=x, y=y + BAR - 2, width=end - x, height=19, rx=4, fill=SPIN_FIELD)
    _block(root, chart, step, y + BAR - 1, colour, dashed=False, height=17)
    room = end - chart.x(step.ends)
    if room > 105:
        words(root, say("visit.same_time"), chart.x(step.ends) + 8, y + BAR + 12, size=13, fill=theme.MUTED)


def _partner(visit: VisitTimes, step: StepTime) -> StepTime:
    return next(one for one in visit.steps if not one.beside and one.begins == step.begins)


def _block(
    root: Element, chart: VisitChart, step: StepTime, y: float, colour: str, *, dashed: bool, height: float = BAR
) -> None:
    x, width = chart.x(step.begins) + 1, chart.x(step.ends) - chart.x(step.begins) - 2
    fill, text_fill = _paint(step, colour)
    frame: dict[str, Any] = {"stroke": colour, "stroke_width": 1.4} if step.step == "spin" or dashed else {}
    if dashed:
        fill, text_fill, frame = theme.CARD, theme.INK, {**frame, "stroke_dasharray": "4 3"}
    block = draw.add(root, "rect", x=x, y=y, width=width, height=height, rx=4, fill=fill, **frame)
    block.set("data-step", f"{step.step} {step.begins} {step.ends}")
    if step.step == "spin" and not dashed:
        _hatch(root, x, y, width, height, colour)
    if height == BAR and not dashed and is_told_above(chart, step):
        _callout(root, chart, step, x + width / 2, y)
    else:
        _step_words(root, _short(chart, step), x, y, width, height, text_fill)


def _paint(step: StepTime, colour: str) -> tuple[str, str]:
    """Fill and the colour of words on it: hands of this option in its colour, what is shared in quiet grey."""
    pale = tint(colour, 0.25)
    found = {"needling": (colour, theme.CARD), "numbing": (NUMBING, theme.INK), "aftercare": (CARE, theme.INK)}
    return found.get(step.step, (theme.CARD if step.step == "spin" else pale, theme.INK))


def _hatch(root: Element, x: float, y: float, width: float, height: float, colour: str) -> None:
    """Slanted lines: a machine works, nobody's hands."""
    pale, lean, inset = tint(colour, 0.38), height * 0.6, 1.5
    foot = x - lean + 4
    while foot < x + width:
        left, right = max(foot, x + inset), min(foot + lean, x + width - inset)
        if right > left:
            y1, y2 = (y + height * (1 - (at - foot) / lean) for at in (left, right))
            draw.add(root, "line", x1=left, y1=y1, x2=right, y2=y2, stroke=pale, stroke_width=1.8)
        foot += 8


def _callout(root: Element, chart: VisitChart, step: StepTime, x: float, y: float) -> None:
    """A step too short for its words: they stand above it, with a line."""
    path = f"M{x - 12:g},{y - 7:g} H{x:g} V{y - 1:g}"
    draw.add(root, "path", d=path, fill="none", stroke=theme.INK, stroke_width=1.2)
    words(root, chart.book.protocol.steps[step.step].said.name, x - 17, y - 3, size=13, anchor="end")


def is_told_above(chart: VisitChart, step: StepTime) -> bool:
    """A step too short for its name has it above its block."""
    room = chart.x(step.ends) - chart.x(step.begins) - 2
    return step.minutes < SHORTEST_TOLD and room < LETTER * 13 * len(_short(chart, step)) + 3


def _short(chart: VisitChart, step: StepTime) -> str:
    return chart.book.protocol.steps[step.step].said.short


def _step_words(root: Element, text: str, x: float, y: float, width: float, height: float, fill: str) -> None:
    """The step's name on its block, where it fits."""
    size = 14 if height > 20 else 13
    if width < LETTER * size * len(text) + 6:
        size = 13
    if width < LETTER * size * len(text) + 3:
        return
    words(root, text, x + width / 2, y + height / 2 + 5, size=size, weight=500, fill=fill, anchor="middle")


def _chair(root: Element, chart: VisitChart, visit: VisitTimes, y: float, colour: str) -> None:
    """Hands-on minutes; steps that touch are one bar. Moves down where a step runs beside."""
    shift = 11 if any(step.beside for step in visit.steps) else 0
    for begins, ends in _hands_on(visit):
        x, end = chart.x(begins), chart.x(ends)
        draw.add(root, "rect", x=x, y=y - 3 + shift, width=end - x, height=7, rx=3.5, fill=colour)


def _hands_on(visit: VisitTimes) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for step in (step for step in visit.steps if step.provider):
        if spans and spans[-1][1] == step.begins:
            spans[-1] = (spans[-1][0], step.ends)
        else:
            spans.append((step.begins, step.ends))
    return spans


def _numbers(root: Element, chart: VisitChart, visit: VisitTimes, y: float) -> None:
    x, seated = chart.right + 22, "visit.in_chair_short" if chart.shape.short else "visit.in_chair"
    words(root, say("visit.minutes", number=visit.typical), x, y, size=20, weight=600)
    words(root, say("card.range", low=visit.low, high=visit.high), x, y + 22, fill=theme.MUTED)
    words(root, say(seated, minutes=visit.in_the_chair), x, y + 44)


def _other_way(root: Element, chart: VisitChart, other: VisitTimes, top: float, colour: str) -> None:
    """Dashed: how the other state of the switch looks."""
    beside = any(step.beside for step in other.steps)
    lines = say("visit.other_way_beside" if beside else "visit.other_way_first").split("|")
    for number, line in enumerate(lines):
        _left(root, chart, line.strip(), top + 22 + 18 * number)
    _steps(root, chart, other, top + 8, colour, dashed=True)
    x = chart.right + 22
    words(root, say("visit.minutes", number=other.typical), x, top + 24, size=15, weight=600)
    words(root, say("card.range", low=other.low, high=other.high), x, top + 44, fill=theme.MUTED)


__all__ = ["SHAPES", "alt_text", "lead", "spin_matters", "table_rows", "visit_chart"]
