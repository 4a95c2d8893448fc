"""Where things lie on the calendar: days, rows, and the words among the marks, so that no line runs through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from medspa_core.timeline import Band, Row, Timeline
from medspa_core.wording.states import state_of
from views.charts.shapes import Chart, stacked
from views.charts.vertical_lines import Box, box_of
from views.context.words import cut_short, say
from views.elements import theme

HEADER, WAIT_ROW, OPTION_ROW, BAND_ROW = 62, 44, 80, 32
UPPER, LOWER = 27, 63  # the two lines of a row
LONGEST_DAYS = 560


class Calendar(Chart):
    """One drawing in progress: where days and rows lie."""

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
        return self.across((day - self.first_day).days / max(1, (self.last_day - self.first_day).days))

    def height_of(self, row: Row) -> int:
        return OPTION_ROW if row.redness and not row.excluded else WAIT_ROW

    def tops(self) -> Iterator[tuple[Row, float]]:
        """Each row with its upper edge."""
        return stacked(self.rows, self.height_of, HEADER)

    @cached_property
    def bottom(self) -> float:
        """Where the rows end and the shared band begins."""
        return HEADER + sum(self.height_of(row) for row in self.rows)

    @cached_property
    def axis(self) -> float:
        return self.bottom + (12 + BAND_ROW * len(self.bands) + 24 if self.bands else 0)

    def day(self, day: date) -> str:
        """A day in words; the month is cut short where there is little room, or where the year has to stand beside it."""
        if self.shape.short:
            return cut_short(day)
        text = self.out.told.day(day)
        return cut_short(day, year=True) if str(day.year) in text else text

    @cached_property
    def one_safe_start(self) -> date | None:
        """The latest safe start, where it is one for all open options."""
        found = {row.safe_start(row.counted) for row in self.data.open_rows}
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def words(self) -> tuple[Box, ...]:
        """Where words stand among the marks, and above them."""
        found = [box_of(one.text, one.x, one.y, one.size) for row, top in self.tops() for one in said(self, row, top)]
        heading = safe_heading(self)
        return (*found, box_of(heading.text, heading.x, heading.y)) if heading else tuple(found)


@dataclass(frozen=True)
class Said:
    """Words among the marks, from their left end on."""

    text: str
    x: float
    y: float
    size: float = 14
    fill: str = theme.INK


def said(cal: Calendar, row: Row, top: float) -> Iterator[Said]:
    """What is said among the marks of a row: nothing to come for, not for you, not yet, no plan of our own."""
    x, y = cal.x(cal.data.today) + 12, line_of(row, top) + 5
    if not row.redness:
        yield Said(say("timeline.no_visits"), x, y - 3, fill=theme.MUTED)
    elif row.excluded:
        yield Said(state_of(cal.out.told, row.option).text, x, y)
    else:
        if waits(cal, row):
            yield Said(say("timeline.not_yet", day=cal.day(row.start)), x, top + 12, 13)
        if row.own_plan is None:
            yield Said(say("timeline.no_plan"), cal.x(row.start) - 6, top + LOWER + 5, fill=theme.MUTED)


def waits(cal: Calendar, row: Row) -> bool:
    """Whether the option may not begin yet."""
    return row.not_before is not None and row.not_before > cal.data.today


def line_of(row: Row, top: float) -> float:
    """The middle of a row's first line; a row without visits has one line only."""
    return top + (UPPER if row.redness and not row.excluded else WAIT_ROW / 2)


def safe_heading(cal: Calendar) -> Said | None:
    """The words above the triangle: to its right, or to its left where the room ends or the client's date is near."""
    day = cal.one_safe_start
    if day is None:
        return None
    text, x = say("timeline.latest", day=cal.day(day)), cal.x(day)
    width = box_of(text, 0, 0).right
    right = max(x - 10, cal.x(cal.data.today) + 12)
    ends = min(cal.right, cal.x(cal.data.event) if cal.data.event else cal.right)
    left = x + 8 - width
    return Said(text, right if right + width < ends or left < cal.x(cal.data.today) + 12 else left, 46)
