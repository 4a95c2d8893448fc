"""How far consultations went, in Plotly: a bar a step, with its counts and shares beside it."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from views.charts.plotly_layout import layout
from views.elements import theme

ROW = 46


def steps(names: Sequence[str], shares: Sequence[float | None], words: Sequence[str]) -> go.Figure:
    """The first step on top. `shares`: of all; a step without one has no bar. `words`: what stands beside each bar."""
    figure = go.Figure(layout=layout(ROW * len(names) + 40, margin={"l": 150, "r": 180, "t": 4, "b": 36}))
    places = list(range(len(names)))
    figure.add_bar(
        orientation="h", y=places, x=[share or 0 for share in shares], width=0.62,
        marker={"color": theme.SHARED_BAND, "line": {"width": 0}},
    )  # fmt: skip
    for place, told in zip(places, words, strict=True):
        figure.add_annotation(
            x=1.02, xref="paper", y=place, text=told, showarrow=False, xanchor="left", align="left",
            font={"color": theme.INK, "size": 13},
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=places, ticktext=list(names), fixedrange=True, autorange="reversed", showgrid=False, zeroline=False,
        tickfont={"size": 13, "color": theme.INK},
    )  # fmt: skip
    figure.update_xaxes(
        range=[0, 1], tickformat=".0%", fixedrange=True, gridcolor=theme.GRID, dtick=0.25, zeroline=False
    )
    return figure
