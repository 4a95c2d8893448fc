"""What was paid so far, visit by visit, of both options."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import plotly.graph_objects as go

from medspa_core.timeline import Plan
from views.charts.compare.drawing import TYPE
from views.charts.plotly_layout import layout
from views.context.words import cut_short
from views.elements import theme
from views.result.compared import Compared

MOST_DAYS_TOLD = 4
APART = timedelta(hours=14)
"""Two lines on the same days are drawn this far apart, so that both are seen."""


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
