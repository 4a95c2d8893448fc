"""The dates of the chosen option alone: its visits with redness, first change, at its best, and the client's own date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from medspa_core.timeline import Band, Row, Session, band_of
from views.charts.shapes import Place, flag, month_starts, redness, visit_mark, words
from views.context.words import say
from views.elements import draw, theme
from views.result.outcome import Outcome

WIDTH, LEFT, RIGHT, MARK = 620, 14, 14, 17
FLAG, VISITS, CHANGE, BEST, AXIS = 30, 54, 84, 114, 138


def own_dates(out: Outcome, row: Row, sessions: Sequence[Session]) -> Element:
    """The drawing; its words are said beside it as well."""
    start, event = sessions[0].day, out.timeline.event
    change, best = (band_of(bands, row.option) for bands in (out.timeline.first_change, out.timeline.at_its_best))
    last = max([sessions[-1].day, *(start + timedelta(days=band.high) for band in (change, best) if band)])
    if event is not None and start < event < last + timedelta(days=120):
        last = max(last, event)
    x = _scale(start - timedelta(days=6), last + timedelta(days=12))
    name = out.book.options[row.option].name
    root = draw.svg(WIDTH, AXIS + 24, say("closing.alt", option=name, first=out.told.day(start)))
    _months(root, x, start - timedelta(days=6), last)
    for session in sessions:
        redness(root, x, row, session, VISITS, 26, MARK / 2)
    for session in sessions:
        visit_mark(root, x, row, session, VISITS, MARK)
    for band, y, key, height in ((change, CHANGE, "first_change", 8), (best, BEST, "at_best", 16)):
        if band:
            _band(root, x, start, band, y, height, say(f"timeline.{key}"))
    if event is not None and start < event <= last:
        _event(root, x(event), say("timeline.my_date", day=out.told.day(event)))
    return root


def _scale(first: date, last: date) -> Place:
    days = max(1, (last - first).days)
    return lambda day: LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / days


def _months(root: Element, x: Place, first: date, last: date) -> None:
    draw.add(root, "line", x1=0, x2=WIDTH, y1=AXIS, y2=AXIS, stroke=theme.AXIS)
    months = list(month_starts(first, last))
    every = 1 + len(months) // 14
    for number, month in enumerate(months):
        draw.add(root, "line", x1=x(month), x2=x(month), y1=FLAG + 6, y2=AXIS + 4, stroke=theme.GRID)
        if number % every == 0 and x(month) < WIDTH - 28:
            words(root, f"{month:%b}", x(month) + 3, AXIS + 18, size=13, fill=theme.MUTED)


def _band(root: Element, x: Place, start: date, band: Band, y: float, height: float, name: str) -> None:
    def at(days: int) -> float:
        return x(start + timedelta(days=days))

    draw.add(
        root, "rect", x=at(band.low), y=y - height / 2, width=at(band.high) - at(band.low), height=height, rx=2,
        fill=theme.SHARED_BAND, opacity=0.3,
    )  # fmt: skip
    typical = at(band.typical)
    draw.add(
        root, "line", x1=typical, x2=typical, y1=y - height / 2 - 3, y2=y + height / 2 + 3, stroke=theme.INK,
        stroke_width=2.4,
    )  # fmt: skip
    after = at(band.high) + 8 + 7.2 * len(name) < WIDTH
    words(
        root, name, at(band.high) + 8 if after else at(band.low) - 8, y + 5, size=13, anchor="start" if after else "end"
    )


def _event(root: Element, x: float, text: str) -> None:
    draw.add(root, "line", x1=x, x2=x, y1=28, y2=AXIS, stroke=theme.INK, stroke_width=2)
    flag(root, text, x, (2, WIDTH - 2), 26, 20)
