"""A funnel plot in Plotly: groups by how many they are and their share, between the limits of what chance allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import plotly.graph_objects as go

from medspa_core.practice.funnel_plot import Funnel
from views.charts.figures.weekly import BAND
from views.charts.plotly_layout import layout
from views.elements import theme

WIDTH, HEIGHT = 560, 338
"""Pixels that dots lie in, on the narrowest tablet: names that do not meet there meet nowhere."""
MARGIN = {"l": 52, "r": 76, "t": 10, "b": 52}
SIDES = {"middle right": (1, 0), "middle left": (-1, 0), "top center": (0, -1), "bottom center": (0, 1)}
ROOM = 1.1
"""To the right of the largest group there is so much of the chart's width, for its name."""
LINES = {"low_998": "solid", "high_998": "solid", "low_95": "dot", "high_95": "dot"}


def funnel(found: Funnel, names: Sequence[str], across: str, words: Mapping[str, str]) -> go.Figure:
    """`names`: of the groups; one too small for a share has no dot. `across`: what is counted. `words`: what stands at the ends
    of the lines of 95, 99.8 and of all together."""
    figure = go.Figure(layout=layout(HEIGHT + MARGIN["t"] + MARGIN["b"], margin=MARGIN))
    end = float(found.lines["of"].max())
    _field(figure, found, end)
    _words_of_lines(figure, found, end, words)
    _dots(figure, found, names, end)
    figure.update_xaxes(
        fixedrange=True, linecolor=theme.AXIS, showgrid=False, zeroline=False, range=[0, end * ROOM], rangemode="tozero",
        title={"text": across, "standoff": 8}, nticks=8,
    )  # fmt: skip
    figure.update_yaxes(fixedrange=True, range=[-0.02, 1.02], tickformat=".0%", gridcolor=theme.GRID, dtick=0.25)
    return figure


def _field(figure: go.Figure, found: Funnel, end: float) -> None:
    """The field that chance allows, its limits, and all together as a dashed line."""
    of = found.lines["of"].tolist()
    low, high = (found.lines[f"{side}_998"].tolist() for side in ("low", "high"))
    figure.add_scatter(
        x=[*of, *reversed(of)],
        y=[*low, *reversed(high)],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=BAND,
    )
    for name, dash in LINES.items():
        figure.add_scatter(
            x=of,
            y=found.lines[name].tolist(),
            name=name,
            mode="lines",
            line={"color": theme.MUTED, "width": 1, "dash": dash},
        )
    figure.add_shape(
        type="line",
        x0=0,
        x1=end,
        y0=found.whole,
        y1=found.whole,
        line={"color": theme.MUTED, "width": 1, "dash": "dash"},
    )


def _words_of_lines(figure: go.Figure, found: Funnel, end: float, words: Mapping[str, str]) -> None:
    """At the right end of each line what it is; close ones one above the other."""
    last = found.lines.iloc[-1]
    lowest = -1.0
    for name, at in sorted(
        {
            "low_998": last["low_998"],
            "low_95": last["low_95"],
            "all": found.whole,
            "high_95": last["high_95"],
            "high_998": last["high_998"],
        }.items(),
        key=lambda one: one[1],
    ):
        lowest = max(float(at), lowest + 0.048)
        bold = {"color": theme.INK, "size": 13, "weight": 700} if name == "all" else {"size": 13}
        figure.add_annotation(
            x=1.0,
            xref="paper",
            y=lowest,
            text=words[name.rpartition("_")[2]],
            showarrow=False,
            xanchor="left",
            font=bold,
        )


def _dots(figure: go.Figure, found: Funnel, names: Sequence[str], end: float) -> None:
    """Filled within the outer limits, hollow outside; each with its name."""
    shown = found.groups["share"].notna()
    of, share, mark = (found.groups.loc[shown, name].tolist() for name in ("of", "share", "mark"))
    outside = [one == "outside" for one in mark]
    named = [name for name, there in zip(names, shown, strict=True) if there]
    places = [(x / end / ROOM * WIDTH, (1 - y) * HEIGHT) for x, y in zip(of, share, strict=True)]
    middle = (1 - found.whole) * HEIGHT
    figure.add_scatter(
        x=of, y=share, text=named, name="groups", mode="markers+text", cliponaxis=False,
        textposition=list(_sides(places, named, middle)),
        textfont={"size": 13, "color": theme.INK, "weight": [700 if one else 400 for one in outside]},
        marker={
            "size": [11 if one else 8 for one in outside],
            "color": [theme.CARD if one else theme.INK for one in outside],
            "line": {"color": theme.INK, "width": 2},
        },
    )  # fmt: skip


def _sides(dots: Sequence[tuple[float, float]], names: Sequence[str], middle: float) -> Iterator[str]:
    """For each dot the side on which its name meets no other name, no dot, not the line in the `middle` and not the edge; the
    first where all do."""
    taken = [(0, middle - 1, WIDTH, middle + 1), *((x - 6, y - 6, x + 6, y + 6) for x, y in dots)]
    for (x, y), name in zip(dots, names, strict=True):
        boxes = {side: _box(x, y, len(name) * 7.5, *way) for side, way in SIDES.items()}
        free = [side for side, box in boxes.items() if not any(_meet(box, one) for one in taken) and _inside(box)]
        side = next(iter(free), "middle right")
        taken.append(boxes[side])
        yield side


def _box(x: float, y: float, width: float, right: int, down: int) -> tuple[float, float, float, float]:
    """Where a name lies on this side of its dot."""
    middle = (x + right * (width / 2 + 9), y + down * 16)
    return middle[0] - width / 2, middle[1] - 8, middle[0] + width / 2, middle[1] + 8


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: Sequence[float]) -> bool:
    return box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT
