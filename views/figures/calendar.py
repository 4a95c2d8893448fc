"""The calendar: when each option would take place. One row an option in the order of the cards, words at the right.

Filled marks: equal visits, as counted. Pale: may be needed. Hollow, on the line below: our plan, not counted. First change
and at its best are one shared grey band under all rows; redness is pink and to scale. An option that is ruled out keeps
its row and says why. No line runs through words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from xml.etree.ElementTree import Element

from medspa_core.timeline import Band, Plan, Row, Session, Timeline
from medspa_core.wording import day_text, listed, short_why
from views import draw, theme
from views.figures.calendar_words import WEEK, alt_text, lead, table_rows, upkeep
from views.figures.lines import Box, box_of, upright
from views.outcome import Outcome, say

HEADER, WAIT_ROW, OPTION_ROW, BAND_ROW, AXIS_ROW = 62, 44, 80, 32, 40
UPPER, LOWER = 27, 63  # the two lines of a row
MARK, RED_HEIGHT = 15, 24
TRIANGLE = 22  # its upper edge above the middle of its line: between the redness of the line above and its own
LONGEST_DAYS = 560


@dataclass(frozen=True)
class Shape:
    """Sizes of one orientation, in pixels of a tablet."""

    name: str
    width: int
    left: int
    right: int
    short: bool


LANDSCAPE = Shape("land", 946, 232, 178, False)
PORTRAIT = Shape("port", 690, 150, 136, True)
SHAPES = (LANDSCAPE, PORTRAIT)


@dataclass
class Calendar:
    """One drawing in progress: where days and rows lie."""

    out: Outcome
    shape: Shape

    @cached_property
    def data(self) -> Timeline:
        return self.out.timeline

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return self.data.rows

    @cached_property
    def bands(self) -> tuple[tuple[str, Band], ...]:
        """First change and at its best of the options that are open, with their names."""
        left = {row.option for row in self.data.open_rows}
        change = [("first_change", band) for band in self.data.first_change]
        every = [*change, *(("at_best", band) for band in self.data.at_its_best)]
        return tuple((name, band) for name, band in every if left & set(band.options))

    @cached_property
    def last_day(self) -> date:
        """The right end: everything that can happen, and the client's date unless it is very far away."""
        days = [self.data.start + timedelta(days=band.high) for _, band in self.bands]
        days += [plan.sessions[-1].day for row in self.data.open_rows for plan in (row.counted, row.own_plan) if plan]
        event = self.data.event
        if event and (event - self.data.today).days <= LONGEST_DAYS:
            days.append(event)
        return max(days, default=self.data.today + timedelta(days=200)) + timedelta(days=16)

    @cached_property
    def first_day(self) -> date:
        return self.data.today - timedelta(days=5)

    def x(self, day: date) -> float:
        """Where a day lies."""
        room = self.shape.width - self.shape.left - self.shape.right
        share = (day - self.first_day).days / max(1, (self.last_day - self.first_day).days)
        return self.shape.left + room * share

    @property
    def right(self) -> float:
        return self.shape.width - self.shape.right

    def height_of(self, row: Row) -> int:
        return OPTION_ROW if row.redness and not row.excluded else WAIT_ROW

    def tops(self) -> Iterator[tuple[Row, float]]:
        """Each row with its upper edge."""
        y = float(HEADER)
        for row in self.rows:
            yield row, y
            y += self.height_of(row)

    @cached_property
    def bottom(self) -> float:
        """Where the rows end and the shared band begins."""
        return HEADER + sum(self.height_of(row) for row in self.rows)

    @cached_property
    def axis(self) -> float:
        return self.bottom + 12 + BAND_ROW * len(self.bands) + 24

    def day(self, day: date) -> str:
        """A day in words; the month is cut short where there is little room, or where the year has to stand beside it."""
        if self.shape.short:
            return f"{day.day} {day:%b}"
        text = day_text(day, self.data.today)
        return f"{day.day} {day:%b %Y}" if str(day.year) in text else text

    def name(self, option: str) -> str:
        return self.out.consultation.book.options[option].name

    @cached_property
    def one_safe_start(self) -> date | None:
        """The latest safe start, where it is one for all open options."""
        found = {row.safe_start(row.counted) for row in self.data.open_rows}
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def words(self) -> tuple[Box, ...]:
        """Where words stand among the marks, and above them."""
        found = [
            box_of(words.text, words.x, words.y, words.size)
            for row, top in self.tops()
            for words in _said(self, row, top)
        ]
        heading = _safe_heading(self)
        return (*found, box_of(heading.text, heading.x, heading.y)) if heading else tuple(found)


@dataclass(frozen=True)
class Words:
    """Words among the marks, from their left end on."""

    text: str
    x: float
    y: float
    size: float = 14
    fill: str = theme.INK


def calendar(out: Outcome, shape: Shape = LANDSCAPE) -> Element:
    """The drawing."""
    cal = Calendar(out, shape)
    root = draw.svg(shape.width, cal.axis + AXIS_ROW, alt_text(out))
    _bands(root, cal)
    _months(root, cal)
    _today(root, cal)
    _safe_start(root, cal)
    for row, top in cal.tops():
        _row(root, cal, row, top)
    _event(root, cal)
    return root


# --- the frame ------------------------------------------------------------------------------------------------------


def _months(root: Element, cal: Calendar) -> None:
    months = list(_month_starts(cal.first_day, cal.last_day))
    gap = (cal.right - cal.shape.left) / max(1, len(months))
    every = 1 if gap > 34 else 2 if gap > 17 else 3
    draw.add(root, "line", x1=cal.shape.left, x2=cal.right, y1=cal.axis, y2=cal.axis, stroke=theme.AXIS)
    for number, month in enumerate(months):
        x = cal.x(month)
        upright(root, x, HEADER, cal.bottom, cal.words, stroke=theme.GRID)
        draw.add(root, "line", x1=x, x2=x, y1=cal.axis, y2=cal.axis + 5, stroke=theme.AXIS)
        if number % every == 0 and x + 24 < cal.right:
            _text(root, f"{month:%b}", x + 4, cal.axis + 20, fill=theme.MUTED)
        if number == 0 or month.month == 1:
            _text(root, str(month.year), x + 4, cal.axis + 36, size=13, fill=theme.MUTED)


def _month_starts(first: date, last: date) -> Iterator[date]:
    month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _today(root: Element, cal: Calendar) -> None:
    x = cal.x(cal.data.today)
    _text(root, say("timeline.today"), x + 5, 46, anchor="end", fill=theme.MUTED)
    upright(root, x, 53, cal.axis, cal.words, stroke=theme.MUTED, stroke_width=1.4, stroke_dasharray="5 4")


def _safe_start(root: Element, cal: Calendar) -> None:
    """One filled triangle with a dotted line, while it is one for all."""
    day, heading = cal.one_safe_start, _safe_heading(cal)
    if day is None or heading is None:
        return
    x = cal.x(day)
    _text(root, heading.text, heading.x, heading.y, bold=True)
    _triangle(root, x, 52, filled=True)
    upright(root, x, 62, cal.bottom, cal.words, stroke=theme.INK, stroke_width=1.8, stroke_dasharray="2 4")


def _safe_heading(cal: Calendar) -> Words | None:
    """The words above the triangle: to its right, or to its left where the room ends or the client's date is near."""
    day = cal.one_safe_start
    if day is None:
        return None
    text, x = say("timeline.latest", day=cal.day(day)), cal.x(day)
    width = box_of(text, 0, 0).right
    right = max(x - 10, cal.x(cal.data.today) + 12)
    ends = min(cal.right, cal.x(cal.data.event) if cal.data.event else cal.right)
    left = x + 8 - width
    return Words(text, right if right + width < ends or left < cal.x(cal.data.today) + 12 else left, 46)


def _event(root: Element, cal: Calendar) -> None:
    """The client's date: a solid line with a flag; at the right edge with an arrow where it is very far away."""
    event = cal.data.event
    if event is None:
        return
    beyond = event > cal.last_day
    x = cal.right - 2 if beyond else cal.x(event)
    text = say("timeline.my_date", day=day_text(event, cal.data.today)) + (" →" if beyond else "")
    width = 7.6 * len(text) + 24
    left = min(max(x - width / 2, 4), cal.shape.width - width - 2)
    upright(root, x, 28, cal.axis, cal.words, stroke=theme.INK, stroke_width=2.2)
    draw.add(root, "rect", x=left, y=2, width=width, height=27, rx=7, fill=theme.INK)
    _text(root, text, left + width / 2, 21, anchor="middle", bold=True, fill=theme.CARD)


# --- a row ----------------------------------------------------------------------------------------------------------


def _row(root: Element, cal: Calendar, row: Row, top: float) -> None:
    bottom = top + cal.height_of(row)
    _name(root, cal, row, _line(row, top))
    draw.add(root, "line", x1=0, x2=cal.shape.width, y1=bottom, y2=bottom, stroke=theme.HAIRLINE)
    if not row.redness:
        _waiting(root, cal, _line(row, top))
    elif not row.excluded:
        _visits(root, cal, row, top)
    for words in _said(cal, row, top):
        _text(root, words.text, words.x, words.y, size=words.size, fill=words.fill)
    _words(root, cal, row, top)


def _line(row: Row, top: float) -> float:
    """The middle of a row's first line; a row without visits has one line only."""
    return top + (UPPER if row.redness and not row.excluded else WAIT_ROW / 2)


def _said(cal: Calendar, row: Row, top: float) -> Iterator[Words]:
    """What is said among the marks of a row: nothing to come for, not for you, not yet, no plan of our own."""
    x, y = cal.x(cal.data.today) + 12, _line(row, top) + 5
    if not row.redness:
        yield Words(say("timeline.no_visits"), x, y - 3, fill=theme.MUTED)
    elif row.excluded:
        yield Words(say("timeline.not_for_you", why=short_why(cal.out.told, row.option)), x, y)
    else:
        if _waits(cal, row):
            yield Words(say("timeline.not_yet", day=cal.day(row.start)), x, top + 12, 13)
        if row.own_plan is None:
            yield Words(say("timeline.no_plan"), cal.x(row.start) - 6, top + LOWER + 5, fill=theme.MUTED)


def _waits(cal: Calendar, row: Row) -> bool:
    return row.not_before is not None and row.not_before > cal.data.today


def _name(root: Element, cal: Calendar, row: Row, y: float) -> None:
    draw.mark(root, row.option, 9, y, 15)
    lines = _name_lines(cal.name(row.option), cal.shape)
    first = y + 5 - 9 * (len(lines) - 1)
    for number, line in enumerate(lines):
        _text(root, line, 26, first + 18 * number, size=16 if not cal.shape.short else 15, bold=True)
    if row.redness and not row.excluded:
        _text(root, say("timeline.our_plan"), 26, y - UPPER + LOWER + 5, fill=theme.MUTED)


def _name_lines(name: str, shape: Shape) -> list[str]:
    if not shape.short or " + " not in name:
        return [name]
    first, rest = name.split(" + ", 1)
    return [f"{first} +", rest]


def _waiting(root: Element, cal: Calendar, y: float) -> None:
    x = cal.x(cal.data.today)
    draw.add(
        root, "line", x1=x, x2=cal.right, y1=y + 11, y2=y + 11, stroke=theme.CONTROL, stroke_width=1.8,
        stroke_dasharray="3 4",
    )  # fmt: skip


def _visits(root: Element, cal: Calendar, row: Row, top: float) -> None:
    upper, lower = top + UPPER, top + LOWER
    if _waits(cal, row):
        _not_yet(root, cal, row, top)
    if row.counted:
        _course(root, cal, row, row.counted, upper, hollow=False)
        _own_triangle(root, cal, row, row.counted, upper, filled=True)
    if row.own_plan:
        _course(root, cal, row, row.own_plan, lower, hollow=True)
        _own_triangle(root, cal, row, row.own_plan, lower, filled=False)


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
        _redness(root, cal, row, session, y)
    for session in plan.sessions:
        mark = draw.mark(root, row.option, cal.x(session.day), y, MARK - 2 * hollow, hollow=hollow)
        mark.set("data-session", f"{row.option} {'plan' if hollow else 'equal'} {session.number}")
        if not session.usual:
            mark.set("opacity", "0.4")


def _redness(root: Element, cal: Calendar, row: Row, session: Session, y: float) -> None:
    if row.redness is None:
        return
    x = [cal.x(session.day + timedelta(days=days)) for days in (0, row.redness.low, row.redness.high)]
    fade = 1.0 if session.usual else 0.45
    for left, right, opacity in ((x[0], x[1], 0.55), (x[1], x[2], 0.32)):
        draw.add(
            root, "rect", x=left, y=y - RED_HEIGHT / 2, width=right - left, height=RED_HEIGHT,
            fill=theme.REDNESS, opacity=opacity * fade,
        )  # fmt: skip


def _own_triangle(root: Element, cal: Calendar, row: Row, plan: Plan, y: float, *, filled: bool) -> None:
    """The last safe start of this line, where it is not the one drawn for all."""
    day = row.safe_start(plan)
    if day is None or (filled and day == cal.one_safe_start) or day > cal.last_day:
        return
    _triangle(root, cal.x(day), y - TRIANGLE, filled=filled)


def _words(root: Element, cal: Calendar, row: Row, top: float) -> None:
    """At the right: start by, and by our plan."""
    x = cal.right + 14
    if not row.redness:
        _text(root, _decide(cal), x, top + WAIT_ROW / 2 + 5)
        return
    if row.excluded or row.counted is None:
        return
    _text(root, _start(cal, row, row.counted), x, top + UPPER + 5, bold=True)
    _text(root, _plan_start(cal, row), x, top + LOWER + 5, fill=theme.MUTED if not row.own_plan else theme.INK)


def _decide(cal: Calendar) -> str:
    return say("timeline.decide_by", day=cal.day(cal.one_safe_start)) if cal.one_safe_start else ""


def _start(cal: Calendar, row: Row, plan: Plan) -> str:
    if cal.data.event is None:
        return say("timeline.from", day=cal.day(row.start))
    safe = row.safe_start(plan)
    return say("timeline.start_by", day=cal.day(safe)) if safe else say("timeline.start_passed")


def _plan_start(cal: Calendar, row: Row) -> str:
    if row.own_plan is None:
        return say("timeline.as_above")
    if cal.data.event is None:
        return ""
    safe = row.safe_start(row.own_plan)
    return say("timeline.plan_start", day=cal.day(safe)) if safe else say("timeline.plan_passed")


# --- the shared band ------------------------------------------------------------------------------------------------


def _bands(root: Element, cal: Calendar) -> None:
    top = cal.bottom
    draw.add(root, "rect", x=0, y=top, width=cal.shape.width, height=cal.axis - top, fill=theme.PAGE)
    for number, (name, band) in enumerate(cal.bands):
        y = top + 22 + BAND_ROW * number
        _text(root, say(f"timeline.{name}"), 26, y + 5, bold=True, size=15)
        _band(root, cal, band, y, 8 if name == "first_change" else 20)
        weeks = say("timeline.weeks", low=round(band.low / WEEK), high=round(band.high / WEEK))
        _text(root, weeks, cal.right + 14, y + 5)
    _text(root, _whose(cal), 26, cal.axis - 11, size=13.5, fill=theme.INK)


def _whose(cal: Calendar) -> str:
    """For which options the bands are: one group of them while nothing was measured apart."""
    left = [row.option for row in cal.data.open_rows]
    groups = list(dict.fromkeys(tuple(option for option in band.options if option in left) for _, band in cal.bands))
    if len(groups) == 1:
        words = {1: "only_one", 2: "same_for_both"}.get(len(left), "same_short" if cal.shape.short else "same_for_all")
        return say(f"timeline.{words}")
    names = (listed([cal.out.told.name(option) for option in group]) for group in groups)
    return "; ".join(say("timeline.same_for", options=each) for each in names)


def _band(root: Element, cal: Calendar, band: Band, y: float, height: float) -> None:
    def x(days: int) -> float:
        return cal.x(cal.data.start + timedelta(days=days))

    for low, high, opacity in ((band.low, band.high, 0.28), (band.middle_low, band.middle_high, 0.5)):
        draw.add(
            root, "rect", x=x(low), y=y - height / 2, width=x(high) - x(low), height=height, rx=2,
            fill=theme.SHARED_BAND, opacity=opacity,
        )  # fmt: skip
    tick = height / 2 + 2
    typical = x(band.typical)
    draw.add(root, "line", x1=typical, x2=typical, y1=y - tick, y2=y + tick, stroke=theme.INK, stroke_width=2.6)


# --- small parts ----------------------------------------------------------------------------------------------------


def _text(
    root: Element,
    text: str,
    x: float,
    y: float,
    *,
    size: float = 14,
    bold: bool = False,
    fill: str = theme.INK,
    anchor: str = "start",
) -> None:
    if text:
        weight: dict[str, object] = {"font_weight": 600} if bold else {}
        draw.add(root, "text", text, x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, **weight)


def _triangle(root: Element, x: float, y: float, *, filled: bool) -> None:
    points = f"{x - 6:g},{y:g} {x + 6:g},{y:g} {x:g},{y + 10:g}"
    look = {"fill": theme.INK} if filled else {"fill": theme.CARD, "stroke": theme.INK, "stroke_width": 1.7}
    draw.add(root, "polygon", points=points, **look)


__all__ = ["LANDSCAPE", "PORTRAIT", "SHAPES", "Shape", "alt_text", "calendar", "lead", "table_rows", "upkeep"]
