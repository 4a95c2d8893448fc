"""One number week by week in Plotly: the mean, what chance allows as one band, and the weeks that are more than chance."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go

from medspa_core.practice.control_chart import Chart
from views.charts.plotly_layout import layout
from views.elements import theme

BAND = "rgba(70, 84, 79, 0.14)"


def weekly(chart: Chart, shown: Callable[[float], str], first: str, last: str) -> go.Figure:
    """The three values of mean and limits stand at the right, so that nothing needs a pointer. `shown`: a value as text."""
    figure = go.Figure(layout=layout(128, margin={"l": 6, "r": 52, "t": 8, "b": 22}))
    places = list(range(len(chart.values)))
    end = places[-1]
    figure.add_shape(type="rect", x0=-0.4, x1=end + 0.4, y0=chart.low, y1=chart.high, fillcolor=BAND, line={"width": 0})
    figure.add_shape(
        type="line", x0=-0.4, x1=end + 0.4, y0=chart.mean, y1=chart.mean,
        line={"color": theme.MUTED, "width": 1, "dash": "dash"},
    )  # fmt: skip
    told = [week in chart.signals for week in chart.weeks]
    figure.add_scatter(
        x=places, y=list(chart.values), mode="lines+markers", line={"color": theme.MUTED, "width": 1.2},
        marker={
            "size": [8 if one or place == end else 4 for place, one in enumerate(told)],
            "color": [theme.INK if one else theme.CARD for one in told],
            "line": {"color": theme.INK, "width": [2 if place == end else 1 for place in places]},
        },
    )  # fmt: skip
    for value, weight in ((chart.high, 400), (chart.mean, 700), (chart.low, 400)):
        figure.add_annotation(
            xref="paper", x=1.02, y=value, text=shown(value), showarrow=False, xanchor="left",
            font={"color": theme.INK if weight > 400 else theme.MUTED, "size": 13, "weight": weight},
        )  # fmt: skip
    figure.update_xaxes(
        fixedrange=True,
        showgrid=False,
        zeroline=False,
        range=[-0.7, end + 0.7],
        tickvals=[2.2, end - 2.2],
        ticktext=[first, last],
    )
    figure.update_yaxes(fixedrange=True, visible=False, range=_range(chart))
    return figure


def _range(chart: Chart) -> list[float]:
    """Everything that is drawn, with room; never no height at all."""
    low, high = min(chart.low, *chart.values), max(chart.high, *chart.values)
    room = (high - low or 1.0) * 0.08
    return [low - room, high + room]
