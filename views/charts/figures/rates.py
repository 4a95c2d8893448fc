"""Rates of groups in Plotly: a dot each with the line on which it likely lies, one under the other."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from views.charts.plotly_layout import layout
from views.elements import theme

ROW = 40


def rates(found: pd.DataFrame, names: Sequence[str], words: Sequence[str], sign: str) -> go.Figure:
    """`found`: rate, low, high; a group without a rate has no dot. `words`: what stands at the right of each. `sign`: of
    money."""
    places = list(range(len(names)))
    figure = go.Figure(layout=layout(ROW * len(names) + 44, margin={"l": 130, "r": 230, "t": 4, "b": 36}))
    rate, low, high = (found[name].astype(float) for name in ("rate", "low", "high"))
    for place in places:
        if pd.notna(low.iloc[place]):
            figure.add_shape(
                type="line",
                x0=low.iloc[place],
                x1=high.iloc[place],
                y0=place,
                y1=place,
                line={"color": theme.MUTED, "width": 3},
            )
        figure.add_annotation(
            x=1.02, xref="paper", y=place, text=words[place], showarrow=False, xanchor="left", align="left",
            font={"color": theme.INK, "size": 13},
        )  # fmt: skip
    figure.add_scatter(
        x=rate.tolist(),
        y=places,
        mode="markers",
        marker={"color": theme.INK, "size": 10},
        name="rates",
        cliponaxis=False,
    )
    figure.update_yaxes(
        tickvals=places, ticktext=list(names), fixedrange=True, range=[len(names) - 0.5, -0.5], gridcolor=theme.GRID,
        zeroline=False, tickfont={"size": 13, "color": theme.INK},
    )  # fmt: skip
    least, most = min(0.0, low.min(), rate.min()), max(high.max(), rate.max(), 1.0)
    figure.update_xaxes(
        fixedrange=True, range=[least * 1.05, most * 1.06], tickprefix=sign, tickformat=",.0f", gridcolor=theme.GRID,
        zeroline=True, zerolinecolor=theme.AXIS, nticks=6,
    )  # fmt: skip
    return figure
