"""A row of the calendar: an option's visits on two lines, equal visits above, the clinic's own plan below."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from medspa_core.rulebook import CLINIC, CONSIDERED
from medspa_core.timeline import Plan, Row
from medspa_core.wording.limit_marks import ready_text
from medspa_core.wording.words import capital
from views.charts.calendar_layout import LOWER, OPTION_ROW, UPPER, WAIT_ROW, Calendar, line_of, said, waits
from views.charts.shapes import option_name, redness, visit_mark, words
from views.charts.vertical_lines import NO_BREAK, in_lines
from views.context.words import say
from views.elements import draw, theme

MARK, RED_HEIGHT = 15, 24
BESIDE, LINE = 14, 16
TRIANGLE = 22  # its upper edge above the middle of its line: between the redness of the line above and its own


def draw_row(root: Element, cal: Calendar, row: Row, top: float) -> None:
    """Name, marks and redness of one option, and at the right by when to start."""
    bottom = top + cal.height_of(row)
    _name(root, cal, row, line_of(row, top))
    draw.add(root, "line", x1=0, x2=cal.shape.width, y1=bottom, y2=bottom, stroke=theme.HAIRLINE)
    if not row.redness:
        _waiting(root, cal, line_of(row, top))
    elif not row.excluded:
        _visits(root, cal, row, top)
    for one in said(cal, row, top):
        words(root, one.text, one.x, one.y, size=one.size, fill=one.fill)
    _words(root, cal, row, top)


def _name(root: Element, cal: Calendar, row: Row, y: float) -> None:
    option_name(root, cal, row.option, y, 15 if cal.shape.short else 16)
    if row.redness and not row.excluded:
        words(root, say("timeline.our_plan"), 26, y - UPPER + LOWER + 5, fill=theme.MUTED)


def _waiting(root: Element, cal: Calendar, y: float) -> None:
    x = cal.x(cal.data.today)
    draw.add(
        root, "line", x1=x, x2=cal.right, y1=y + 11, y2=y + 11, stroke=theme.CONTROL, stroke_width=1.8,
        stroke_dasharray="3 4",
    )  # fmt: skip


def _visits(root: Element, cal: Calendar, row: Row, top: float) -> None:
    upper, lower = top + UPPER, top + LOWER
    if waits(cal, row):
        _not_yet(root, cal, row, top)
    if row.counted:
        _course(root, cal, row, row.counted, upper, hollow=False)
        _triangle(root, cal, row, row.counted, upper, filled=True)
    if row.own_plan:
        _course(root, cal, row, row.own_plan, lower, hollow=True)
        _triangle(root, cal, row, row.own_plan, lower, filled=False)


def _not_yet(root: Element, cal: Calendar, row: Row, top: float) -> None:
    """A pale strip over both lines of the row, from today until the first mark."""
    x = cal.x(cal.data.today)
    assert row.not_before is not None
    width = max(4.0, cal.x(row.not_before) - MARK / 2 - 3 - x)
    draw.add(
        root, "rect", x=x, y=top + 17, width=width, height=OPTION_ROW - 22, rx=4, fill=theme.SAND, stroke=theme.CONTROL,
    )  # fmt: skip


def _course(root: Element, cal: Calendar, row: Row, plan: Plan, y: float, *, hollow: bool) -> None:
    for session in plan.sessions:
        redness(root, cal.x, row, session, y, RED_HEIGHT)
    for session in plan.sessions:
        mark = visit_mark(root, cal.x, row, session, y, MARK - 2 * hollow, hollow=hollow)
        mark.set("data-session", f"{row.option} {'plan' if hollow else 'equal'} {session.number}")


def _triangle(root: Element, cal: Calendar, row: Row, plan: Plan, y: float, *, filled: bool) -> None:
    """The last safe start of this line, where it is not the one drawn for all."""
    day = row.safe_start(plan)
    if day is None or (filled and day == cal.one_safe_start) or day > cal.last_day:
        return
    triangle(root, cal.x(day), y - TRIANGLE, filled=filled)


def _words(root: Element, cal: Calendar, row: Row, top: float) -> None:
    """At the right: start by, and by our plan."""
    x = cal.right + BESIDE
    if not row.redness:
        words(root, _decide(cal), x, top + WAIT_ROW / 2 + 5)
        return
    if row.excluded or row.counted is None:
        return
    _beside(root, cal, _start(cal, row, row.counted), top + UPPER + 5, weight=600)
    _beside(root, cal, _plan_start(cal, row), top + LOWER + 5, fill=theme.MUTED if not row.own_plan else theme.INK)


def _beside(root: Element, cal: Calendar, text: str, y: float, **look: Any) -> None:
    """Words at the right of a line of the row, in two lines where the room is too short for one."""
    lines = in_lines(text, cal.shape.right - BESIDE)
    for number, line in enumerate(lines):
        words(root, line, cal.right + BESIDE, y + LINE * (number - (len(lines) - 1) / 2), **look)


def _decide(cal: Calendar) -> str:
    return say("timeline.decide_by", day=cal.day(cal.one_safe_start)) if cal.one_safe_start else ""


def _start(cal: Calendar, row: Row, plan: Plan) -> str:
    if cal.data.event is None:
        return say("timeline.from", day=cal.day(row.start))
    safe = row.safe_start(plan)
    return say("timeline.start_by", day=cal.day(safe)) if safe else capital(_ready(cal, row, CONSIDERED))


def _plan_start(cal: Calendar, row: Row) -> str:
    if row.own_plan is None:
        return say("timeline.as_above")
    if cal.data.event is None:
        return ""
    safe = row.safe_start(row.own_plan)
    told = cal.day(safe) if safe else _ready(cal, row, CLINIC)
    return say("timeline.plan_start", told=told) if told else ""


def _ready(cal: Calendar, row: Row, basis: str) -> str:
    """No start is safe any more: then what the cards say of the client's date."""
    assert cal.data.event is not None
    return ready_text(cal.out.told, row.option, cal.day(cal.data.event).replace(" ", NO_BREAK), basis)


def triangle(root: Element, x: float, y: float, *, filled: bool) -> None:
    """The sign of a last safe start; its upper edge at y. Filled: of equal visits. Hollow: of the clinic's own plan."""
    points = f"{x - 6:g},{y:g} {x + 6:g},{y:g} {x:g},{y + 10:g}"
    look = {"fill": theme.INK} if filled else {"fill": theme.CARD, "stroke": theme.INK, "stroke_width": 1.7}
    draw.add(root, "polygon", points=points, **look)
