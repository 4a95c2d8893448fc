"""Exosomes and PRP side by side, in Plotly: one timeline, one visit step by step, and cost over time.

Both options have the same marks, sizes and lines. Filled: visits that are counted. Pale: may be needed. Hollow: our own plan,
where it is not what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from medspa_core.timeline import Band, Plan, Row, Session, StepTime, VisitTimes
from views.charts.calendar_words import weeks_of
from views.charts.shapes import tint
from views.charts.treatment_mix import layout
from views.context.words import counted, cut_short, say
from views.elements import theme
from views.result.compared import Compared

LINE, HEADER, AXIS = 34, 27, 44
"""Pixels: of a line of the timeline, of a line above it, and of the months below."""
LEFT, RIGHT = 122, 126
DAYS_AROUND, FARTHEST = 7, 60
MONTHS_TOLD = 10
PALE = 0.42
HATCHED, NUMBING, CARE = "spin", "#D3DFDB", "#E9EDEC"
NAME_LINE, CALL_LINE, BAR, BESIDE, GAP = 24, 22, 34, 18, 20
"""Pixels of one visit: its name, the line of what is called out, its bar, what runs beside it, and the room to the next."""
PER_MINUTE, LETTER, TYPE = 5.2, 0.56, 13
"""Pixels a minute has at least, and how wide a letter is, in sizes of the type: what has no room on its step stands above it."""
MOST_DAYS_TOLD = 4
APART = timedelta(hours=14)
"""Two lines on the same days are drawn this far apart, so that both are seen."""


@dataclass(frozen=True)
class Drawing:
    """A chart in progress. Its shapes and words are put on together: at each one added, Plotly checks all that are there."""

    figure: go.Figure
    shapes: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    def shape(self, **look: Any) -> None:
        self.shapes.append(look)

    def word(self, **look: Any) -> None:
        self.words.append(look)

    def done(self) -> go.Figure:
        self.figure.update_layout(shapes=self.shapes, annotations=self.words)
        return self.figure


# --- the timeline ---------------------------------------------------------------------------------------------------


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
        _paint(drawing, _mark_path(theme.option_look(line.row.option).mark), place, LEFT, fillcolor=line.colour)
    elif line.hollow:
        _paint(drawing, "M 2 -7 L 2 7 L 13 7 L 13 0 L 2 0", place, LEFT, line={"color": theme.INK, "width": 1.6})
    _beside(drawing, f"<b>{line.name}</b>" if not line.hollow else line.name, place, x=0, xshift=22 - LEFT)


def _paint(drawing: Drawing, path: str, place: float, left: int, **look: Any) -> None:
    """A small sign `left` of the plot; its path in pixels from there and from the middle of its line, upwards."""
    shifted = " ".join(str(float(one) - left) if number % 3 == 1 else one for number, one in enumerate(path.split()))
    drawing.shape(
        type="path", path=shifted, xref="paper", yref="y", xanchor=0, yanchor=place, xsizemode="pixel",
        ysizemode="pixel", **{"line": {"width": 0}, **look},
    )  # fmt: skip


def _mark_path(mark: str) -> str:
    """Diamond or square as it is; a circle by sixteen corners."""
    corners = {"diamond": [(7, 8), (15, 0), (7, -8), (-1, 0)], "square": [(1, 6), (13, 6), (13, -6), (1, -6)]}
    round_one = [
        (7 + 7 * x, 7 * y)
        for x, y in ((1, 0), (0.92, 0.38), (0.71, 0.71), (0.38, 0.92), (0, 1), (-0.38, 0.92), (-0.71, 0.71), (-0.92, 0.38))
    ]  # fmt: skip
    points = corners.get(mark) or round_one + [(14 - x, -y) for x, y in round_one]
    return " ".join(f"{'L' if number else 'M'} {x:g} {y:g}" for number, (x, y) in enumerate(points))


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


# --- one visit ------------------------------------------------------------------------------------------------------


def visit_figure(found: Compared) -> go.Figure:
    """Both visits from the same minute on, one step after the other; what has no room for its name has it above."""
    visits = [found.visit(option) for option in found.order]
    heights = [_visit_height(visit) for visit in visits]
    figure = go.Figure(layout=layout(sum(heights) + 30, margin={"l": 6, "r": 10, "t": 0, "b": 30}, barmode="overlay"))
    drawing, top = Drawing(figure), 0
    for visit, height in zip(visits, heights, strict=True):
        _visit(drawing, found, visit, top)
        top += height
    longest = max(visit.typical for visit in visits)
    minutes = list(range(0, longest + 1, 15))
    figure.update_xaxes(
        range=[0, longest + 1], fixedrange=True, gridcolor=theme.GRID, zeroline=False, tickvals=minutes,
        ticktext=[say("visit.minutes", number=one) if one == 15 else str(one) for one in minutes],
        tickfont={"size": TYPE}, layer="below traces",
    )  # fmt: skip
    figure.update_yaxes(range=[sum(heights), 0], visible=False, fixedrange=True)
    return drawing.done()


def _visit_height(visit: VisitTimes) -> int:
    return NAME_LINE + CALL_LINE + BAR + GAP + (BESIDE if any(step.beside for step in visit.steps) else 0)


def _visit(drawing: Drawing, found: Compared, visit: VisitTimes, top: int) -> None:
    look = theme.option_look(visit.option)
    name = f"<b>{found.short(visit.option)} {say('visit.minutes', number=visit.typical)}</b>"
    _paint(drawing, _mark_path(look.mark), top + NAME_LINE / 2, 0, fillcolor=look.colour)
    told = f"{name} {say('card.range', low=visit.low, high=visit.high)}"
    _words(drawing, told, 0, top + NAME_LINE / 2, "left", 15, xshift=22)
    for step in visit.steps:
        _step(drawing, found, visit.option, step, top + NAME_LINE + CALL_LINE)


def _step(drawing: Drawing, found: Compared, option: str, step: StepTime, top: int) -> None:
    """One step as a bar, with its name on it or, where there is no room, above it with a line."""
    said, look = found.book.protocol.steps[step.step].said, theme.option_look(option)
    middle = top + (BAR + BESIDE / 2 if step.beside else BAR / 2)
    drawing.figure.add_bar(
        orientation="h", base=[step.begins], x=[step.minutes], y=[middle], width=[BESIDE if step.beside else BAR],
        name=f"{option} {step.step}", customdata=[[step.begins, step.ends]], marker=_fill(step, look.colour),
    )  # fmt: skip
    at = (step.begins + step.ends) / 2
    if LETTER * TYPE * len(said.short) + 3 <= PER_MINUTE * step.minutes:
        colour = look.text_on_it if step.step == "needling" else theme.INK
        _words(drawing, said.short, at, middle, "center", TYPE, colour)
    else:
        _words(drawing, f"{said.name}\u2002", at, top - CALL_LINE / 2 + 1, "right")
        drawing.shape(
            type="line", x0=at, x1=at, y0=top - CALL_LINE + 5, y1=top, line={"color": theme.INK, "width": 1.2}
        )


def _fill(step: StepTime, colour: str) -> dict[str, Any]:
    """Hands of this option in its colour, what is shared in quiet grey, a machine hatched."""
    fills = {"needling": colour, "numbing": NUMBING, "aftercare": CARE, HATCHED: theme.CARD}
    hatched = {"shape": "/", "fgcolor": tint(colour, 0.4), "size": 7, "solidity": 0.3}
    machine = step.step == HATCHED
    return {
        "color": fills.get(step.step, tint(colour, 0.25)),
        "pattern": hatched if machine else {},
        "cornerradius": 4,
        "line": {"color": colour if machine else theme.CARD, "width": 1.4},
    }


def _words(
    drawing: Drawing,
    text: str,
    x: float,
    y: float,
    anchor: str,
    size: int = TYPE,
    colour: str = theme.INK,
    xshift: int = 0,
) -> None:
    drawing.word(
        x=x, y=y, text=text, showarrow=False, xanchor=anchor, yanchor="middle", borderpad=0,
        font={"color": colour, "size": size}, xshift=xshift,
    )  # fmt: skip


# --- cost over time -------------------------------------------------------------------------------------------------


def cost_figure(found: Compared) -> go.Figure:
    """What was paid so far, visit by visit: a line for the usual number of visits, dotted for what may be needed."""
    figure = go.Figure(layout=layout(214, margin={"l": 62, "r": 28, "t": 12, "b": 30}))
    days: dict[date, None] = {}
    for number, row in enumerate(found.rows):
        if row.counted:
            _cost_line(figure, row.option, row.counted, APART * (number - 0.5))
            days |= dict.fromkeys(session.day for session in row.counted.sessions)
    if not days:  # nobody knows how many visits: then there is no sum either
        return figure
    shown, around = _some(sorted(days)), timedelta(4)
    figure.update_xaxes(
        type="date", fixedrange=True, showgrid=False, zeroline=False, linecolor=theme.AXIS, tickfont={"size": TYPE},
        tickvals=[day.isoformat() for day in shown], ticktext=[cut_short(day) for day in shown],
        range=[(min(days) - around).isoformat(), (max(days) + around).isoformat()],
    )  # fmt: skip
    most = max(one.price * len(one.sessions) for row in found.rows if (one := row.counted))
    step = next((step for step in (250, 500, 1000, 1500, 2500, 5000, 10_000, 50_000) if most / step <= 4), most)
    amounts = list(range(0, most + step, step))
    figure.update_yaxes(
        fixedrange=True, gridcolor=theme.GRID, zeroline=False, rangemode="tozero", tickfont={"size": TYPE},
        tickvals=amounts, ticktext=[found.told.money(amount) for amount in amounts], range=[0, most * 1.06],
    )  # fmt: skip
    return figure


def _cost_line(figure: go.Figure, option: str, plan: Plan, shift: timedelta) -> None:
    look = theme.option_look(option)
    for usual in (True, False):
        visits = [one for one in plan.sessions if one.usual is usual]
        if not visits:
            continue
        paid = [amount * plan.price for one in visits for amount in (one.number - 1, one.number)]
        days = [datetime.combine(one.day, time(12)) + shift for one in visits for _ in (0, 1)]
        if not usual and plan.typical:  # from where the solid line ends
            before = datetime.combine(plan.sessions[plan.typical - 1].day, time(12)) + shift
            days, paid = [before, *days], [plan.typical * plan.price, *paid]
        figure.add_scatter(
            x=days, y=paid, mode="lines", name=f"{option} {'usual' if usual else 'maybe'}",
            line={"color": look.colour, "width": 2.6, "dash": "solid" if usual else "dot"},
        )  # fmt: skip
        if usual:
            figure.add_scatter(
                x=days[1::2], y=paid[1::2], mode="markers", name=f"{option} paid",
                marker={"symbol": look.mark, "color": look.colour, "size": 10},
            )  # fmt: skip


def _some(days: Sequence[date]) -> Sequence[date]:
    """As many days as there is room for, the first among them."""
    return days[:: -(-len(days) // MOST_DAYS_TOLD)] if days else days
