"""The manager's charts in Plotly, all with one layout: stacked shares by step, one share with its interval, and of the pair.

Each takes a metric's table (`medspa_core.practice.metric_tables`); a share that is empty there is drawn nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from views.elements import theme

CONFIG = {"displayModeBar": False, "scrollZoom": False}
NOTHING = "none"
GREY = "#C9D0CE"
PICKED_OTHER = "other"


def layout(height: int, **more: Any) -> dict[str, Any]:
    """What all manager charts share: direct labels, quiet grid, a swipe scrolls the page."""
    return {
        "template": "none",
        "height": height,
        "dragmode": False,
        "showlegend": False,
        "font": {"family": theme.FONT, "size": 13, "color": theme.MUTED},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 120, "t": 8, "b": 66},
        "bargap": 0.18,
        "barmode": "stack",
        "hovermode": False,
        **more,
    }


def step_label(step: str, first: bool) -> str:
    """Nov, week from 23 Nov, or Q4; the year under the first and where it begins."""
    if "Q" in step:
        name, begins = step[5:], step.endswith("Q1")
    elif len(step) == 7:
        name, begins = f"{date.fromisoformat(step + '-01'):%b}", step.endswith("-01")
    else:
        day = date.fromisoformat(step)
        name, begins = f"{day.day} {day:%b}", (day.month, day.day <= 7) == (1, True)
    return f"{name}<br>{step[:4]}" if first or begins else name


def _axis_of_steps(figure: go.Figure, steps: Sequence[str], under: Mapping[str, int]) -> None:
    """Each step's name and its count; of many only as many as there is room for."""
    labels = [step_label(step, number == 0) for number, step in enumerate(steps)]
    labels = [f"{label}<br>{under.get(step, 0)}" for step, label in zip(steps, labels, strict=True)]
    every = -(-len(steps) // 13)
    shown = list(range(len(steps) - 1, -1, -every))[::-1]
    figure.update_xaxes(
        fixedrange=True, linecolor=theme.AXIS, tickfont={"size": 13}, showgrid=False, zeroline=False,
        tickvals=shown, ticktext=[labels[place] for place in shown], range=[-0.6, len(steps) - 0.4],
    )  # fmt: skip


def shares_by_step(
    found: pd.DataFrame, steps: Sequence[str], order: Sequence[str], names: Mapping[str, str]
) -> go.Figure:
    """One stacked bar a step; counts in the bars and under each. Below the minimum: a dashed frame, count only.

    `found`: a metric with parts, by one cut in time.
    """
    cut = found.columns[0]
    counts, shares = (
        found.pivot(index=cut, columns="part", values=name).reindex(index=steps, columns=order).fillna(0)
        for name in ("value", "share")
    )
    figure = go.Figure(layout=layout(350))
    for option in order:
        figure.add_bar(**_bars(option, counts[option], shares[option], names.get(option, option)))
    wholes = counts.sum(axis=1)
    for place in range(len(steps)):
        if wholes.iloc[place] and not shares.iloc[place].sum():
            _frame(figure, place)
    _axis_of_steps(figure, steps, wholes.astype(int).to_dict())
    figure.update_yaxes(fixedrange=True, range=[0, 1.0], tickformat=".0%", gridcolor=theme.GRID, dtick=0.25)
    _name_at_the_end(figure, shares, names)
    return figure


def _bars(option: str, counts: pd.Series, shares: pd.Series, name: str) -> dict[str, Any]:
    look = theme.option_look(option)
    room = 0.05 if len(counts) <= 13 else 2  # of many bars none is wide enough for a number
    return {
        "x": list(range(len(counts))),
        "y": shares.tolist(),
        "name": name,
        "text": [f"{count:.0f}" if share > room else "" for count, share in zip(counts, shares, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": theme.INK if option == NOTHING else look.text_on_it, "size": 13},
        "marker": {"color": GREY if option == NOTHING else look.colour, "line": {"color": theme.CARD, "width": 1}},
        "customdata": counts.tolist(),
    }


def _frame(figure: go.Figure, place: int) -> None:
    """Too few for a share: a dashed frame."""
    figure.add_shape(
        type="rect", x0=place - 0.4, x1=place + 0.4, y0=0, y1=1, line={"color": theme.AXIS, "dash": "dash", "width": 1}
    )


def _name_at_the_end(figure: go.Figure, shares: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Names stand beside the last bar that has shares, at the height of their part."""
    drawn = shares[shares.sum(axis=1) > 0]
    if drawn.empty:
        return
    reached, lowest = 0.0, -1.0
    for option, share in drawn.iloc[-1].items():
        if share:
            lowest = max(reached + share / 2, lowest + 0.075)
            figure.add_annotation(
                x=len(shares) - 0.45, y=lowest, text=names.get(str(option), str(option)), showarrow=False, xanchor="left",
                font={"color": theme.INK, "size": 13},
            )  # fmt: skip
        reached += share


def share_line(found: pd.DataFrame, steps: Sequence[str]) -> go.Figure:
    """One share step by step, with what chance leaves it as a band. Steps of too few have no point."""
    row = found.set_index(found.columns[0]).reindex(steps)
    share, low, high = (row[name].astype(float) for name in ("share", "low", "high"))
    figure = go.Figure(layout=layout(230))
    places = list(range(len(steps)))
    for first, last in _stretches(share):
        inside = range(first, last + 1)
        figure.add_scatter(
            x=[*inside, *reversed(inside)], y=[*low.iloc[first : last + 1], *high.iloc[first : last + 1][::-1]],
            mode="lines", line={"width": 0}, fill="toself", fillcolor="rgba(70, 84, 79, 0.16)",
        )  # fmt: skip
    figure.add_scatter(
        x=places, y=share.tolist(), mode="lines+markers", connectgaps=False,
        line={"color": theme.INK, "width": 2}, marker={"color": theme.INK, "size": 7},
    )  # fmt: skip
    _axis_of_steps(figure, steps, row["of"].fillna(0).astype(int).to_dict())
    top = max(0.1, float(high.max()) if high.notna().any() else 1.0)
    figure.update_yaxes(
        fixedrange=True, range=[0, min(1.0, top * 1.1)], tickformat=".0%", gridcolor=theme.GRID, nticks=5
    )
    if share.notna().any():
        place = steps.index(str(share.last_valid_index()))
        figure.add_annotation(
            x=place + 0.15, y=share.iloc[place], text=f"{share.iloc[place]:.0%}", showarrow=False, xanchor="left",
            font={"color": theme.INK, "size": 13},
        )  # fmt: skip
    return figure


def _stretches(share: pd.Series) -> list[tuple[int, int]]:
    """First and last place of each run of steps that have a share: a band is not drawn across a step without one."""
    places = np.flatnonzero(share.notna())
    cuts = np.flatnonzero(np.diff(places) > 1) + 1
    return [(int(run[0]), int(run[-1])) for run in np.split(places, cuts) if len(run)]


def of_the_pair(found: pd.DataFrame, order: Sequence[str], names: Mapping[str, str], count_only: str) -> go.Figure:
    """One bar for what was pointed to: how those clients chose. Counts in the bars; a share only from the minimum on.

    `found`: what was picked of the pair, by what was pointed to. `count_only`: what is said of too few, with {number}.
    """
    counts, shares = (found.pivot(index=found.columns[0], columns="part", values=name) for name in ("value", "share"))
    rows = [to for to in (*order, "close_call") if to in counts.index]
    counts, shares = (one.reindex(index=rows, columns=[*order, PICKED_OTHER]).fillna(0) for one in (counts, shares))
    figure = go.Figure(layout=layout(60 + 62 * len(rows), margin={"l": 150, "r": 30, "t": 8, "b": 34}))
    for picked in counts.columns:
        figure.add_bar(**_pair_bar(picked, counts[picked], shares[picked], names.get(picked, picked)))
    wholes = counts.sum(axis=1).astype(int)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[f"{names.get(to, to)}<br>{wholes[to]}" for to in rows], fixedrange=True,
        autorange="reversed",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1], tickformat=".0%", fixedrange=True, gridcolor=theme.GRID, dtick=0.25)
    for place, to in enumerate(rows):
        if not shares.loc[to].sum():
            told = count_only.format(number=wholes[to])
            figure.add_annotation(x=0.01, y=place, text=told, showarrow=False, xanchor="left")
    return figure


def _pair_bar(picked: str, counts: pd.Series, shares: pd.Series, name: str) -> dict[str, Any]:
    look, other = theme.option_look(picked), picked == PICKED_OTHER
    return {
        "orientation": "h",
        "y": list(range(len(counts))),
        "x": shares.tolist(),
        "name": name,
        "text": [_in_bar(name, int(count), share) for count, share in zip(counts, shares, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textfont": {"color": theme.INK if other else look.text_on_it, "size": 13},
        "marker": {"color": GREY if other else look.colour, "line": {"color": theme.CARD, "width": 1}},
        "customdata": counts.tolist(),
    }


def _in_bar(name: str, count: int, share: float) -> str:
    """The count on a bar, with the name where there is room."""
    if not share:
        return ""
    return f"{name} {count}" if share > 0.2 else str(count)
