"""One visit of each option, step by step, from the same minute on."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from medspa_core.timeline import StepTime, VisitTimes
from views.charts.compare.drawing import TYPE, Drawing, mark_path, paint
from views.charts.plotly_layout import layout
from views.charts.shapes import tint
from views.context.words import say
from views.elements import theme
from views.result.compared import Compared

HATCHED, NUMBING, CARE = "spin", "#D3DFDB", "#E9EDEC"
NAME_LINE, CALL_LINE, BAR, BESIDE, GAP = 24, 22, 34, 18, 20
"""Pixels of one visit: its name, the line of what is called out, its bar, what runs beside it, and the room to the next."""
PER_MINUTE, LETTER = 5.2, 0.56
"""Pixels a minute has at least, and how wide a letter is, in sizes of the type: what has no room on its step stands above it."""


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
    paint(drawing, mark_path(look.mark), top + NAME_LINE / 2, 0, fillcolor=look.colour)
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
