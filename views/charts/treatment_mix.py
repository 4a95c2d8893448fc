"""The manager's charts in Plotly, all with one layout: stacked shares by month, and of the pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go

from medspa_core.practice.treatment_mix import MINIMUM, Mix, PairMix
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


def month_name(month: str) -> str:
    """Nov, and with the year where it begins."""
    return f"{date.fromisoformat(f'{month}-01'):%b}"


def shares_by_month(mixes: Mapping[str, Mix], order: Sequence[str], names: Mapping[str, str]) -> go.Figure:
    """One stacked bar a month; counts in the bars and under each. Below the minimum: a dashed frame, count only."""
    months = list(mixes)
    labels = _labels(mixes)
    figure = go.Figure(layout=layout(350))
    for option in order:
        figure.add_bar(**_bars(option, mixes, names))
    for place, month in enumerate(months):
        if 0 < mixes[month].total < MINIMUM:
            _frame(figure, place)
    axis = {"fixedrange": True, "linecolor": theme.AXIS, "tickfont": {"size": 13}}
    figure.update_xaxes(**axis, tickvals=list(range(len(months))), ticktext=labels, range=[-0.6, len(months) - 0.4])
    figure.update_yaxes(fixedrange=True, range=[0, 1.0], tickformat=".0%", gridcolor=theme.GRID, dtick=0.25)
    _name_at_the_end(figure, mixes, months, order, names)
    return figure


def _labels(mixes: Mapping[str, Mix]) -> list[str]:
    """Month, n, and the year under January and under the first."""
    found = []
    for number, (month, mix) in enumerate(mixes.items()):
        year = month[:4] if number == 0 or month.endswith("-01") else ""
        found.append(f"{month_name(month)}<br>{mix.total}" + (f"<br>{year}" if year else ""))
    return found


def _bars(option: str, mixes: Mapping[str, Mix], names: Mapping[str, str]) -> dict[str, Any]:
    shares = [mix.share(option) for mix in mixes.values()]
    text = [str(one.count) if one.share and one.share > 0.05 else "" for one in shares]
    look = _look(option, [one.count for one in shares], text, names)
    return {"x": list(range(len(shares))), "y": [one.share or 0 for one in shares], "textangle": 0, **look}


def _look(option: str, counts: Sequence[int], text: Sequence[str], names: Mapping[str, str]) -> dict[str, Any]:
    """How the bars of an option look, with the words in them; grey for what is no option."""
    look, is_none = theme.option_look(option), option in (NOTHING, PICKED_OTHER)
    return {
        "name": names.get(option, option),
        "text": text,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textfont": {"color": theme.INK if is_none else look.text_on_it, "size": 13},
        "marker": {"color": GREY if is_none else look.colour, "line": {"color": theme.CARD, "width": 1}},
        "customdata": counts,
    }


def _frame(figure: go.Figure, place: int) -> None:
    """Too few for a share: a dashed frame."""
    figure.add_shape(
        type="rect", x0=place - 0.4, x1=place + 0.4, y0=0, y1=1, line={"color": theme.AXIS, "dash": "dash", "width": 1}
    )


def _name_at_the_end(
    figure: go.Figure, mixes: Mapping[str, Mix], months: Sequence[str], order: Sequence[str], names: Mapping[str, str]
) -> None:
    """Names stand beside the last bar that has shares, at the height of their part."""
    last = next((month for month in reversed(months) if mixes[month].total >= MINIMUM), None)
    if last is None:
        return
    reached, lowest = 0.0, -1.0
    for option in order:
        share = mixes[last].share(option).share or 0.0
        if share:
            y = max(reached + share / 2, lowest + 0.075)
            figure.add_annotation(
                x=len(months) - 0.45, y=y, text=names.get(option, option), showarrow=False, xanchor="left",
                font={"color": theme.INK, "size": 13},
            )  # fmt: skip
            lowest = y
        reached += share


def of_the_pair(pair: PairMix, order: Sequence[str], names: Mapping[str, str]) -> go.Figure:
    """One bar for what was pointed to: how those clients chose. Counts in the bars; a share only from the minimum on."""
    rows = [to for to in (*order, "close_call") if pair.pointed.get(to)]
    figure = go.Figure(layout=layout(60 + 62 * len(rows), margin={"l": 150, "r": 30, "t": 8, "b": 34}))
    for picked in (*order, PICKED_OTHER):
        counts = [pair.chosen[to].get(picked, 0) for to in rows]
        totals = [sum(pair.chosen[to].values()) for to in rows]
        shown = [count / total if total >= MINIMUM else 0 for count, total in zip(counts, totals, strict=True)]
        told = [_in_bar(names.get(picked, picked), n, one) for n, one in zip(counts, shown, strict=True)]
        figure.add_bar(orientation="h", y=list(range(len(rows))), x=shown, **_look(picked, counts, told, names))
    text = [f"{names.get(to, to)}<br>{pair.pointed[to]}" for to in rows]
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=text, fixedrange=True, autorange="reversed")
    figure.update_xaxes(range=[0, 1], tickformat=".0%", fixedrange=True, gridcolor=theme.GRID, dtick=0.25)
    for place, to in enumerate(rows):
        if pair.pointed[to] < MINIMUM:
            figure.add_annotation(
                x=0.01, y=place, text=f"count only: {pair.pointed[to]}", showarrow=False, xanchor="left"
            )
    return figure


def _in_bar(name: str, count: int, share: float) -> str:
    """The count on a bar, with the name where there is room."""
    if not share:
        return ""
    return f"{name} {count}" if share > 0.2 else str(count)
