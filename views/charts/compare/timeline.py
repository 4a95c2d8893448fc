"""Visits, redness and bands by day, of both options on one axis.

Filled: visits that are counted. Pale: may be needed. Hollow: our own plan, where it is not what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from medspa_core.timeline import Band, Plan, Row, Session
from views.charts.calendar_words import weeks_of
from views.charts.compare.drawing import TYPE, Drawing, mark_path, paint
from views.charts.plotly_layout import layout
from views.context.words import counted, say
from views.elements import theme
from views.result.compared import Compared

LINE, HEADER, AXIS = 34, 27, 44
"""Pixels: of a line of the timeline, of a line above it, and of the months below."""
LEFT, RIGHT = 122, 126
DAYS_AROUND, FARTHEST = 7, 60
MONTHS_TOLD = 10
PALE = 0.42


@dataclass(frozen=True)
class Line:
    """One line of the timeline: an option's visits, its own plan below, or one band."""

    row: Row | None = None
    plan: Plan | None = None
    band: Band | None = None
    name: str = ""
    hollow: bool = False

    @property
    def colour(self) -> str:
        return theme.option_look(self.row.option).colour if self.row else theme.SHARED_BAND


def lines_of(found: Compared) -> list[Line]:
    """From top to bottom: both options, then what is the same for both or stands once for each."""
    lines = []
    for row in found.rows:
        lines.append(Line(row, row.counted, name=found.short(row.option)))
        if any(one.own_plan for one in found.rows):
            lines.append(Line(row, row.own_plan, name=say("compare.our_plan"), hollow=True))
    for kind, bands in (("first", found.timeline.first_change), ("best", found.timeline.at_its_best)):
        for band in bands:
            whose = "" if len(bands) == 1 else found.short(band.options[0])
            lines.append(Line(band=band, name=say(f"compare.{kind}_of" if whose else f"compare.{kind}", option=whose)))
    return lines


def time_figure(found: Compared) -> go.Figure:
    """Visits, redness and bands by day; the client's own date as a line."""
    lines, first, last = lines_of(found), *days_shown(found)
    event = found.picked.event
    above = HEADER * (2 if event else 1)
    figure = go.Figure(
        layout=layout(above + LINE * len(lines) + AXIS, bargap=0, margin={"l": LEFT, "r": RIGHT, "t": above, "b": AXIS})
    )
    drawing = Drawing(figure)
    for place, line in enumerate(lines):
        _left(drawing, line, place)
        _right(drawing, line, place)
        if line.plan and line.row:
            _visits(drawing, line, line.plan, place)
        elif line.band:
            _band(drawing, line.band, found.timeline.start, place)
    _months(figure, first, last)
    figure.update_yaxes(range=[len(lines) - 0.5, -0.5], visible=False, fixedrange=True)
    start = found.timeline.start
    told = say("compare.first_day_at", day=found.day(start))
    _over(drawing, 1 if event else 0, told, _share_of(start, first, last), {})
    if event:
        _my_date(drawing, found, event, first, last)
    return drawing.done()


def days_shown(found: Compared) -> tuple[date, date]:
    """From a week before the first thing that is drawn to a week after the last; a date far away is told at the edge."""
    start, data = found.timeline.start, found.timeline
    ends = [start + timedelta(band.high) for band in (*data.first_change, *data.at_its_best)]
    ends += [plan.sessions[-1].day for row in found.rows for plan in (row.counted, row.own_plan) if plan]
    first, last = start, max(ends, default=start + timedelta(FARTHEST))
    event = found.picked.event
    if event and first - timedelta(FARTHEST) <= event <= last + timedelta(FARTHEST):
        first, last = min(first, event), max(last, event)
    return first - timedelta(DAYS_AROUND), last + timedelta(DAYS_AROUND)


def _share_of(day: date, first: date, last: date) -> float:
    return (day - first) / (last - first)


def _visits(drawing: Drawing, line: Line, plan: Plan, place: int) -> None:
    """Each visit with its red days: sure ones, and possible ones paler."""
    assert line.row is not None
    for session in plan.sessions:
        _redness(drawing, line.row, session, place)
    mark = theme.option_look(line.row.option).mark
    for usual, opacity in ((True, 1.0), (False, PALE)):
        days = [session for session in plan.sessions if session.usual is usual]
        drawing.figure.add_scatter(
            x=[one.day.isoformat() for one in days], y=[place] * len(days), mode="markers", opacity=opacity,
            name=f"{line.row.option} {'plan' if line.hollow else 'counted'} {'usual' if usual else 'maybe'}",
            customdata=[one.number for one in days],
            marker={
                "symbol": mark, "size": 13 if line.hollow else 15, "color": theme.CARD if line.hollow else line.colour,
                "opacity": 1, "line": {"color": line.colour, "width": 2},
            },
        )  # fmt: skip


def _redness(drawing: Drawing, row: Row, session: Session, place: int) -> None:
    if row.redness is None:
        return
    faint = 1.0 if session.usual else 0.55
    for begins, ends, opacity in ((0, row.redness.low, 0.55), (row.redness.low, row.redness.high, 0.32)):
        drawing.shape(
            type="rect", layer="below", line={"width": 0}, fillcolor=theme.REDNESS, opacity=opacity * faint,
            x0=(session.day + timedelta(begins)).isoformat(), x1=(session.day + timedelta(ends)).isoformat(),
            y0=place - 0.4, y1=place + 0.4, name="redness",
        )  # fmt: skip


def _band(drawing: Drawing, band: Band, start: date, place: int) -> None:
    """Its whole range pale, the middle half darker, a line at the typical day."""
    for low, high, opacity in ((band.low, band.high, 0.28), (band.middle_low, band.middle_high, 0.5)):
        drawing.shape(
            type="rect", line={"width": 0}, fillcolor=theme.SHARED_BAND, opacity=opacity, name="band",
            x0=(start + timedelta(low)).isoformat(), x1=(start + timedelta(high)).isoformat(),
            y0=place - 0.24, y1=place + 0.24,
        )  # fmt: skip
    typical = (start + timedelta(band.typical)).isoformat()
    drawing.shape(
        type="line", x0=typical, x1=typical, y0=place - 0.34, y1=place + 0.34, line={"color": theme.INK, "width": 3}
    )


def _left(drawing: Drawing, line: Line, place: int) -> None:
    """The option's mark and name; under it, with the flag, our own plan."""
    if line.row and not line.hollow:
        paint(drawing, mark_path(theme.option_look(line.row.option).mark), place, LEFT, fillcolor=line.colour)
    elif line.hollow:
        paint(drawing, "M 2 -7 L 2 7 L 13 7 L 13 0 L 2 0", place, LEFT, line={"color": theme.INK, "width": 1.6})
    _beside(drawing, f"<b>{line.name}</b>" if not line.hollow else line.name, place, x=0, xshift=22 - LEFT)


def _right(drawing: Drawing, line: Line, place: int) -> None:
    """How many visits, or in which weeks."""
    if line.band:
        text = weeks_of(line.band)
    elif line.plan is None:
        text = say("compare.none")
    elif line.hollow:
        text = visits_range(line.plan)
    else:
        text = f"<b>{counted('compare.visits', line.plan.typical)}</b> {visits_range(line.plan)}"
    _beside(drawing, text, place, x=1, xshift=12)


def visits_range(plan: Plan) -> str:
    """3 to 5, or 3."""
    return say("card.range", low=plan.low, high=plan.high) if plan.low < plan.high else str(plan.typical)


def _beside(drawing: Drawing, text: str, place: int, **where: Any) -> None:
    drawing.word(
        xref="paper", yref="y", y=place, text=text, showarrow=False, xanchor="left", yanchor="middle", borderpad=0,
        font={"color": theme.INK, "size": TYPE}, **where,
    )  # fmt: skip


def _months(figure: go.Figure, first: date, last: date) -> None:
    """The first of each month, of many every other; the year under the first and each January."""
    days = pd.date_range(first, last, freq="MS")
    days = days[:: -(-len(days) // MONTHS_TOLD)]
    names = [
        f"{day:%b}<br>{day:%Y}" if not number or day.month == 1 else f"{day:%b}" for number, day in enumerate(days)
    ]
    figure.update_xaxes(
        type="date", range=[first.isoformat(), last.isoformat()], fixedrange=True, gridcolor=theme.GRID, zeroline=False,
        tickvals=[f"{day:%Y-%m-%d}" for day in days], ticktext=names, linecolor=theme.AXIS, tickfont={"size": TYPE},
    )  # fmt: skip


def _my_date(drawing: Drawing, found: Compared, event: date, first: date, last: date) -> None:
    """The client's own date: a line, or an arrow at the edge where it lies outside."""
    share = _share_of(event, first, last)
    text = say("compare.my_date_at", day=found.day(event))
    if share < 0 or share > 1:
        text = f"‹ {text}" if share < 0 else f"{text} ›"
    else:
        drawing.shape(
            type="line", x0=event.isoformat(), x1=event.isoformat(), yref="paper", y0=0, y1=1, name="my date",
            line={"color": theme.INK, "width": 2},
        )  # fmt: skip
    _over(
        drawing, 0, text, min(1.0, max(0.0, share)), {"bgcolor": theme.INK, "font": {"color": theme.CARD, "size": TYPE}}
    )


def _over(drawing: Drawing, line: int, text: str, share: float, look: dict[str, Any]) -> None:
    """Words above the lines, at a day: toward the middle where the edge is near. Line 0 is the one right above."""
    anchor = "left" if share < 0.3 else "right" if share > 0.7 else "center"
    drawing.word(
        **{
            "xref": "paper", "yref": "paper", "x": share, "y": 1, "yshift": 4 + HEADER * line, "text": text,
            "xanchor": anchor, "yanchor": "bottom", "showarrow": False, "borderpad": 3,
            "font": {"color": theme.INK, "size": TYPE}, **look,
        }
    )  # fmt: skip
