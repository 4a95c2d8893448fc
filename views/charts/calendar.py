"""The calendar: when each option would take place. One row an option in the order of the cards, words at the right.

Filled marks: equal visits, as counted. Pale: may be needed. Hollow, on the line below: our plan, not counted. First change
and at its best are one shared grey band under all rows; redness is pink and to scale. An option that is ruled out keeps
its row and says why. No line runs through words.
"""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree.ElementTree import Element

from medspa_core.timeline import Band
from medspa_core.wording.words import listed
from views.charts.calendar_layout import BAND_ROW, HEADER, Calendar, safe_heading
from views.charts.calendar_rows import draw_row, triangle
from views.charts.calendar_words import alt_text, lead, table_rows, upkeep, weeks_of
from views.charts.shapes import LANDSCAPE, PORTRAIT, SHAPES, Shape, limit, month_starts, words
from views.charts.vertical_lines import upright, width_of
from views.context.words import say
from views.elements import draw, theme
from views.result.outcome import Outcome

AXIS_ROW = 40


MONTH_ROOM = 34
"""Pixels that the name of a month needs, with the space to the next."""


def calendar(out: Outcome, shape: Shape = LANDSCAPE) -> Element:
    """The drawing."""
    cal = Calendar(out, shape)
    root = draw.svg(shape.width, cal.axis + AXIS_ROW, alt_text(out))
    _bands(root, cal)
    _months(root, cal)
    _today(root, cal)
    _safe_start(root, cal)
    for row, top in cal.tops():
        draw_row(root, cal, row, top)
    if cal.data.event is not None:
        text = say("timeline.my_date", day=cal.out.told.day(cal.data.event))
        limit(root, text, cal.x(cal.data.event), cal.right, cal.axis, shape, cal.words)
    return root


# --- the frame ------------------------------------------------------------------------------------------------------


def _months(root: Element, cal: Calendar) -> None:
    months = list(month_starts(cal.first_day, cal.last_day))
    every = _every(cal, len(months))
    named = [month for month in months if (month.month - 1) % every == 0]
    draw.add(root, "line", x1=cal.shape.left, x2=cal.right, y1=cal.axis, y2=cal.axis, stroke=theme.AXIS)
    for month in months:
        x = cal.x(month)
        upright(root, x, HEADER, cal.bottom, cal.words, stroke=theme.GRID)
        draw.add(root, "line", x1=x, x2=x, y1=cal.axis, y2=cal.axis + 5, stroke=theme.AXIS)
        if month in named and x + 24 < cal.right:
            words(root, f"{month:%b}", x + 4, cal.axis + 20, fill=theme.MUTED)
        if (month == named[0] and not _soon_another_year(cal, month)) or month.month == 1:
            words(root, str(month.year), x + 4, cal.axis + 36, size=13, fill=theme.MUTED)


def _every(cal: Calendar, months: int) -> int:
    """Every which month has its name, counted from January, so that a year stands under the name of its first month."""
    gap = (cal.right - cal.shape.left) / max(1, months)
    return next((every for every in (1, 2, 3, 6) if gap * every > MONTH_ROOM), 12)


def _soon_another_year(cal: Calendar, month: date) -> bool:
    """Whether the number of the next year needs the place of this one's."""
    return month.month != 1 and cal.x(date(month.year + 1, 1, 1)) - cal.x(month) < width_of("2026 ", 13)


def _today(root: Element, cal: Calendar) -> None:
    x = cal.x(cal.data.today)
    words(root, say("timeline.today"), x + 5, 46, anchor="end", fill=theme.MUTED)
    upright(root, x, 53, cal.axis, cal.words, stroke=theme.MUTED, stroke_width=1.4, stroke_dasharray="5 4")


def _safe_start(root: Element, cal: Calendar) -> None:
    """One filled triangle with a dotted line, while it is one for all."""
    day, heading = cal.one_safe_start, safe_heading(cal)
    if day is None or heading is None:
        return
    x = cal.x(day)
    words(root, heading.text, heading.x, heading.y, weight=600)
    triangle(root, x, 52, filled=True)
    upright(root, x, 62, cal.bottom, cal.words, stroke=theme.INK, stroke_width=1.8, stroke_dasharray="2 4")


# --- the shared band ------------------------------------------------------------------------------------------------


def _bands(root: Element, cal: Calendar) -> None:
    if not cal.bands:
        return
    top = cal.bottom
    draw.add(root, "rect", x=0, y=top, width=cal.shape.width, height=cal.axis - top, fill=theme.PAGE)
    for number, (name, band) in enumerate(cal.bands):
        y = top + 22 + BAND_ROW * number
        words(root, say(f"timeline.{name}"), 26, y + 5, weight=600, size=15)
        _band(root, cal, band, y, 8 if name == "first_change" else 20)
        words(root, weeks_of(band), cal.right + 14, y + 5)
    words(root, _whose(cal), 26, cal.axis - 11, size=13.5, fill=theme.INK)


def _whose(cal: Calendar) -> str:
    """For which options the bands are: one group of them while nothing was measured apart."""
    left = [row.option for row in cal.data.open_rows]
    groups = list(dict.fromkeys(tuple(option for option in band.options if option in left) for _, band in cal.bands))
    if len(groups) == 1:
        which = {1: "only_one", 2: "same_for_both"}.get(len(left), "same_short" if cal.shape.short else "same_for_all")
        return say(f"timeline.{which}")
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


__all__ = ["LANDSCAPE", "PORTRAIT", "SHAPES", "Shape", "alt_text", "calendar", "lead", "table_rows", "upkeep"]
