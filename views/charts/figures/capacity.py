"""What is needed beside what is open, period by period: bars of what is booked, a band with its middle, a line of hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go

from views.charts.figures.treatment_mix import step_label
from views.charts.plotly_layout import layout
from views.elements import theme

HALF = 0.32
BAND, BOOKED = "rgba(70, 84, 79, 0.22)", "#8FA8A0"
MINUTES = 60


def needed_and_open(found: pd.DataFrame, in_words: Callable[[float], str]) -> go.Figure:
    """`found`: the rows of one resource and location, a period each, with the minutes used a `year_ago` where they are to be
    drawn; `in_words`: minutes as hours."""
    figure = go.Figure(layout=layout(260, margin={"l": 48, "r": 16, "t": 22, "b": 44}))
    places = list(range(len(found)))
    hours = found[["booked", "low", "middle", "high"]].astype(float) / MINUTES
    figure.add_bar(x=places, y=hours["booked"].tolist(), name="booked", width=2 * HALF, marker={"color": BOOKED})
    for place, low, high in zip(places, hours["low"], hours["high"], strict=True):
        if high > low:
            figure.add_shape(
                type="rect", x0=place - HALF, x1=place + HALF, y0=low, y1=high, fillcolor=BAND, line={"width": 0}
            )
    told = [in_words(middle) if high else "" for middle, high in zip(found["middle"], found["high"], strict=True)]
    is_short = (found["short"].fillna(0) > 0).tolist()
    figure.add_scatter(
        x=places, y=hours["middle"].tolist(), mode="markers+text", name="middle", text=told,
        textposition="top center", cliponaxis=False, textfont={"color": theme.INK, "size": 13},
        marker={
            "symbol": "diamond", "size": 10, "color": [theme.INK if one else theme.CARD for one in is_short],
            "line": {"color": theme.INK, "width": 1.6},
        },
    )  # fmt: skip
    _open_line(figure, found["open"])
    if "year_ago" in found:
        _used_a_year_ago(figure, found, in_words)
    named = _with_room(places)
    figure.update_xaxes(
        fixedrange=True, linecolor=theme.AXIS, tickfont={"size": 13}, showgrid=False, zeroline=False,
        tickvals=named, ticktext=[step_label(found["period"].iloc[place], place == 0) for place in named],
        range=[-0.6, len(places) - 0.4],
    )  # fmt: skip
    drawn = found[[name for name in ("high", "open", "year_ago") if name in found]]
    top = max(float(drawn.astype("Float64").fillna(0).to_numpy().max()) / MINUTES, 1.0)
    figure.update_yaxes(fixedrange=True, range=[0, top * 1.16], gridcolor=theme.GRID, nticks=5, zeroline=False)
    return figure


def _with_room(places: Sequence[int]) -> list[int]:
    """Of many periods only as many have a name as there is room for."""
    return list(places[:: -(-len(places) // 13)])


def _open_line(figure: go.Figure, minutes: pd.Series) -> None:
    """One level stretch a period, joined to a line where hours change; nothing where none are entered."""
    known = minutes.notna().tolist()
    heights = (minutes.astype("Float64") / MINUTES).tolist()
    x = [end for place, there in enumerate(known) if there for end in (place - 0.5, place + 0.5)]
    y = [height for height, there in zip(heights, known, strict=True) if there for _ in range(2)]
    if x:
        figure.add_scatter(x=x, y=y, mode="lines", name="open", line={"color": theme.INK, "width": 2})


def _used_a_year_ago(figure: go.Figure, found: pd.DataFrame, in_words: Callable[[float], str]) -> None:
    """A dash a period; with its hours in brackets where nothing is planned yet."""
    known = found[found["year_ago"].notna()]
    minutes = known["year_ago"].astype(float)
    figure.add_scatter(
        x=known.index.tolist(), y=(minutes / MINUTES).tolist(), mode="markers+text", name="a year ago",
        text=["" if high else f"({in_words(used)})" for used, high in zip(minutes, known["high"], strict=True)],
        textposition="top center", textfont={"color": theme.MUTED, "size": 13},
        marker={"symbol": "line-ew", "size": 22, "line": {"color": theme.MUTED, "width": 2}},
    )  # fmt: skip
