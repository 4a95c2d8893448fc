"""The stacked bars of the treatment mix: of what, counted in what, as shares or as they are. A tap narrows the page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from medspa_core.practice.metrics import Metric
from views.charts.figures import treatment_mix as charts
from views.charts.plotly_layout import CONFIG
from views.context.words import say
from views.elements import draw
from views.elements.draw import tag
from views.staff.figures.facts import Figures
from views.staff.figures.filters import OUTCOMES, View, tapped
from views.staff.figures.mix_cards import counts_at, counts_only, heading, mix_rows, not_narrowed, order_of

MEASURES = ("recommended", "chosen", "booked", "performed")
COUNTED = ("clients", "visits", "revenue", "hours")
SHOWN = ("shares", "counts")


def card(figures: Figures, view: View) -> None:
    """What was picked to be seen; of clients with what was recommended above it, for both are one a client."""
    with st.container(key="card_months"):
        with st.container(key="bar_measures", horizontal=True, vertical_alignment="bottom"):
            measure, counted = _segments("measure", MEASURES, "chosen"), _segments("counted", COUNTED, "clients")
            as_they_are = _segments("shown", SHOWN, "shares") == "counts"
        if measure in OUTCOMES and counted != "clients":
            draw.note(say("staff.figures.in_clients_alone"))
            counted = "clients"
        draw.html(tag("p", say("staff.figures.tap"), cls="rr-small mx-tap"))
        every = [measure] if counted != "clients" or measure == "recommended" else ["recommended", measure]
        for one in every:
            _bars(figures, view, one if one in OUTCOMES else f"{one}_{counted}", counted, as_they_are=as_they_are)


def _segments(name: str, keys: Sequence[str], first: str) -> str:
    words = {key: say(f"staff.figures.{name}_{key}") for key in keys}
    with st.container(key=f"seg_box_{name}", width="content"):
        chosen = st.segmented_control(
            say(f"staff.figures.{name}"), list(keys), default=first, required=True, key=name,
            format_func=words.__getitem__, bind="query-params",
        )  # fmt: skip
    return chosen or first


def _bars(figures: Figures, view: View, metric: str, counted: str, *, as_they_are: bool) -> None:
    entry, what = figures.metrics.metrics[metric], say(f"staff.figures.counted_of.{counted}")
    heading(entry.name, entry.words, *not_narrowed(view, metric))
    if not figures.is_recorded(metric):
        draw.note(say("staff.figures.not_recorded_here", name=entry.name))
        return
    found = figures.of(view.ask(metric, view.step))
    rows = mix_rows(figures, entry, found, view.steps, order_of(figures, metric), what.capitalize())
    if found["value"].sum() < entry.minimum:
        counts_only(rows, figures.as_read(entry, entry.minimum))
        return
    few = found["share"].isna().all()
    if few and not as_they_are:
        told = say("staff.figures.few_a_step", minimum=figures.as_read(entry, entry.minimum))
        draw.html(tag("p", told, cls="rr-text"))
    _chart(figures, view, metric, found, as_they_are=as_they_are or few)
    draw.html(tag("p", counts_at(view, what), cls="rr-small"), draw.as_table(rows, f"mix_{metric}"))


def _chart(figures: Figures, view: View, metric: str, found: pd.DataFrame, *, as_they_are: bool) -> None:
    """A tap on a part keeps it and its step on the rest of the page; of what is booked or performed the step alone."""
    entry, order, steps = figures.metrics.metrics[metric], order_of(figures, metric), view.steps
    names = {part: figures.name(entry.split, part) for part in order}
    cut = entry.split if entry.split in OUTCOMES else ""
    figure = charts.by_step(
        found, steps, order, names, counted=as_they_are, picked=(view.picked(cut), view.of_step),
        shown=partial(_short, figures, entry),
    )  # fmt: skip
    alt, key = say("staff.figures.alt_mix", measure=entry.name, number=len(steps)), f"mix_{metric}"
    with st.container(key=f"chart_{key}"):
        st.plotly_chart(
            figure, key=key, theme=None, config=CONFIG, alt=alt, selection_mode="points",
            on_select=partial(tapped, cut, key, order, steps),
        )  # fmt: skip


def _short(figures: Figures, metric: Metric, value: float) -> str:
    """As it is read; of thousands the thousands, where there is little room."""
    if abs(value) < 10_000:
        return figures.as_read(metric, value)
    return f"{figures.as_read(metric, value / 1000)}k"
