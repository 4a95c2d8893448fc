"""The manager's charts in Plotly, all with one layout: stacked shares by step, one share with its interval, and of the pair.

Each takes a metric's table (`medspa_core.practice.metric_tables`); a share that is empty there is drawn nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from views.charts.plotly_layout import layout
from views.elements import theme

NOTHING = "none"
GREY = "#C9D0CE"
MOST_NAMED, MOST_COUNTED, MOST_MONTHS = 13, 27, 60
"""So many steps have room for their names side by side, for upright names and counts, and for a name each month."""
PALE = 0.35
Shown = Callable[[float], str]
Picked = tuple[str, str]
"""A part and a step that were tapped; either may be nothing."""


def whole_number(value: float) -> str:
    """31."""
    return f"{value:.0f}"


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


def _axis_of_steps(figure: go.Figure, steps: Sequence[str], wholes: Mapping[str, str]) -> None:
    """Each step's name and its count below it. Of many steps the names stand upright and the counts above; of very many there
    are names where a month or a week begins, and no counts."""
    shown = _named(steps)
    labels = [_axis_label(steps, place, number == 0) for number, place in enumerate(shown)]
    if len(steps) <= MOST_NAMED:
        labels = [f"{label}<br>{wholes.get(steps[place], '0')}" for place, label in zip(shown, labels, strict=True)]
    elif len(steps) <= MOST_COUNTED:
        labels = [label.replace("<br>", " ") for label in labels]
        upright = any(len(whole) > 2 for whole in wholes.values())
        for place, step in enumerate(steps):
            figure.add_annotation(
                x=place, y=1, yref="paper", yanchor="bottom", text=wholes.get(step, "0"), showarrow=False,
                font={"size": 13, "color": theme.MUTED}, textangle=-90 if upright else 0,
            )  # fmt: skip
        figure.update_layout(margin={"t": 48 if upright else 26, "b": 74})
    figure.update_xaxes(
        fixedrange=True, linecolor=theme.AXIS, tickfont={"size": 13}, showgrid=False, zeroline=False,
        tickangle=-90 if MOST_NAMED < len(steps) <= MOST_COUNTED else 0,
        tickvals=shown, ticktext=labels, range=[-0.6, len(steps) - 0.4],
    )  # fmt: skip


def _named(steps: Sequence[str]) -> list[int]:
    """The places that have a name: all, or each Monday of days, and of weeks the first of a month or of a quarter."""
    if len(steps) <= MOST_COUNTED:
        return list(range(len(steps)))
    days = [date.fromisoformat(step) for step in steps]
    if (days[1] - days[0]).days == 1:
        return [place for place, day in enumerate(days) if day.weekday() == 0]
    every = 1 if len(steps) <= MOST_MONTHS else 3
    return [place for place, day in enumerate(days) if day.day <= 7 and (day.month - 1) % every == 0]


def _axis_label(steps: Sequence[str], place: int, first: bool) -> str:
    label = step_label(steps[place], first)
    if len(steps) <= MOST_COUNTED:
        return label
    name, _, year = label.partition("<br>")
    day, month = name.split(" ")
    weeks = (date.fromisoformat(steps[1]) - date.fromisoformat(steps[0])).days == 7
    return "<br>".join(filter(None, [month, year] if weeks else [day, month, year]))


def by_step(
    found: pd.DataFrame,
    steps: Sequence[str],
    order: Sequence[str],
    names: Mapping[str, str],
    *,
    counted: bool = False,
    picked: Picked = ("", ""),
    shown: Shown = whole_number,
) -> go.Figure:
    """One stacked bar a step, of shares or `counted`; counts in the bars and for each. Below the minimum a share is a dashed
    frame, count only.

    `found`: a metric with parts, by one cut in time. `picked`: a part and a step; all others are pale. `shown`: how a count
    or a sum is written.
    """
    cut = found.columns[0]
    counts, shares = (
        found.pivot(index=cut, columns="part", values=name).reindex(index=steps, columns=order).fillna(0)
        for name in ("value", "share")
    )
    drawn, wholes = counts if counted else shares, counts.sum(axis=1)
    top = float(wholes.max()) if counted else 1.0
    figure = go.Figure(layout=layout(350, hovermode="closest"))
    for option in order:
        bars = _bars(option, counts[option], drawn[option], names.get(option, option), top, shown)
        strengths = _strengths(option, steps, picked)
        bars["marker"]["opacity"] = strengths
        bars["text"] = [_ink(text) if one < 1 else text for text, one in zip(bars["text"], strengths, strict=True)]
        figure.add_bar(**bars)
    for place in range(len(steps)):
        if wholes.iloc[place] and not drawn.iloc[place].sum():
            _frame(figure, place)
    few = set(found.loc[found["value"].isna(), cut])
    _axis_of_steps(figure, steps, {step: "–" if step in few else shown(whole) for step, whole in wholes.items()})
    figure.update_yaxes(fixedrange=True, range=[0, top], gridcolor=theme.GRID)
    figure.update_yaxes(**({"nticks": 5, "tickformat": "~s"} if counted else {"tickformat": ".0%", "dtick": 0.25}))
    _name_at_the_end(figure, drawn, names, top)
    return figure


def _strengths(option: str, steps: Sequence[str], picked: Picked) -> list[float]:
    """Of each step's part: full, or pale where another is picked."""
    part, one = picked
    return [1.0 if part in ("", option) and one in ("", step) else PALE for step in steps]


def _ink(text: str) -> str:
    """A number on a pale part."""
    return f'<span style="color:{theme.INK}">{text}</span>' if text else ""


def _bars(option: str, counts: pd.Series, drawn: pd.Series, name: str, top: float, shown: Shown) -> dict[str, Any]:
    text = theme.INK if option == NOTHING else theme.option_look(option).text_on_it
    many = len(counts) > MOST_NAMED
    upright = many and any(len(shown(count)) > 2 for count in counts)
    room = top * (0.13 if upright else 0.05) if len(counts) <= MOST_COUNTED else top * 2  # of more none is wide enough
    return {
        "x": list(range(len(counts))),
        "y": drawn.tolist(),
        "name": name,
        "text": [shown(count) if height > room else "" for count, height in zip(counts, drawn, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": -90 if upright else 0,
        "constraintext": "none" if many else "both",
        "textfont": {"color": text, "size": 13},
        "marker": {"color": _colour(option), "line": {"color": theme.CARD, "width": 1 if room < top else 0}},
        "customdata": counts.tolist(),
        "hoverinfo": "none",  # a tap is taken, and no label covers the chart
        "selected": {"textfont": {"color": text}},  # without a colour here Plotly fails at a tap
        "unselected": {"textfont": {"color": text}},
    }


def _colour(option: str) -> str:
    return GREY if option == NOTHING else theme.option_look(option).colour


def _frame(figure: go.Figure, place: int) -> None:
    """Too few for a share: a dashed frame."""
    figure.add_shape(
        type="rect", x0=place - 0.4, x1=place + 0.4, y0=0, y1=1, line={"color": theme.AXIS, "dash": "dash", "width": 1}
    )


def _name_at_the_end(figure: go.Figure, drawn: pd.DataFrame, names: Mapping[str, str], top: float) -> None:
    """The name and colour of each part that is there, beside the last bar, at the height of its part."""
    there = drawn[drawn.sum(axis=1) > 0]
    reached, lowest = 0.0, -top
    for option in (option for option in drawn if drawn[option].any()):
        height = float(there[option].iloc[-1])
        lowest = max(reached + height / 2, lowest + top * 0.075)
        text = f'<span style="color:{_colour(str(option))}">■</span> {names.get(str(option), str(option))}'
        figure.add_annotation(
            x=len(drawn) - 0.45, y=lowest, text=text, showarrow=False, xanchor="left",
            font={"color": theme.INK, "size": 13},
        )  # fmt: skip
        reached += height


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
    _axis_of_steps(figure, steps, row["of"].fillna(0).map(whole_number).to_dict())
    top = max(0.1, float(high.max()) if high.notna().any() else 1.0)
    figure.update_yaxes(
        fixedrange=True, range=[0, min(1.0, top * 1.1)], tickformat=".0%", gridcolor=theme.GRID, nticks=5
    )
    if share.notna().any():
        place = steps.index(str(share.last_valid_index()))
        named = step_label(steps[place], False).partition("<br>")[0]
        figure.add_annotation(
            x=place + 0.15, y=share.iloc[place], text=f"{named}: {share.iloc[place]:.0%}", showarrow=False, xanchor="left",
            font={"color": theme.INK, "size": 13},
        )  # fmt: skip
    return figure


def _stretches(share: pd.Series) -> list[tuple[int, int]]:
    """First and last place of each run of steps that have a share: a band is not drawn across a step without one."""
    places = np.flatnonzero(share.notna())
    cuts = np.flatnonzero(np.diff(places) > 1) + 1
    return [(int(run[0]), int(run[-1])) for run in np.split(places, cuts) if len(run)]


def of_the_pair(
    found: pd.DataFrame, groups: Sequence[str], order: Sequence[str], names: Mapping[str, str], count_only: str
) -> go.Figure:
    """One bar for what was pointed to: how those clients chose. Counts in the bars; a share only from the minimum on.

    `found`: what was chosen, by what was pointed to. `count_only`: what is said of too few, with {number}.
    """
    counts, shares = (found.pivot(index=found.columns[0], columns="part", values=name) for name in ("value", "share"))
    rows = list(groups)
    counts, shares = (one.reindex(index=rows, columns=list(order)).fillna(0) for one in (counts, shares))
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
    look = theme.option_look(picked)
    return {
        "orientation": "h",
        "y": list(range(len(counts))),
        "x": shares.tolist(),
        "name": name,
        "text": [_in_bar(name, int(count), share) for count, share in zip(counts, shares, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textfont": {"color": look.text_on_it, "size": 13},
        "marker": {"color": look.colour, "line": {"color": theme.CARD, "width": 1}},
        "customdata": counts.tolist(),
    }


def _in_bar(name: str, count: int, share: float) -> str:
    """The count on a bar, with the name where there is room."""
    if not share:
        return ""
    return f"{name} {count}" if share > 0.2 else str(count)
