"""Who chose what was recommended: a funnel plot, a table with one mark in words a group, and what they answered instead."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from medspa_core.practice.funnel_plot import FEWEST_GROUPS, TAILS, Funnel, funnel
from medspa_core.practice.metric_tables import Asked
from views.charts.figures import funnel as charts
from views.charts.plotly_layout import CONFIG
from views.context.words import entry, say
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import tag
from views.staff.figures.facts import Figures
from views.staff.figures.mix_cards import heading, share_and_count

CUTS = ("provider", "location", "age_band", "concern")
Row = Mapping[Hashable, float]


def show(figures: Figures, kept: Asked) -> None:
    """By a cut of who looks, kept in the address. A cut that has one group here is no choice."""
    metric = figures.metrics.metrics["agreement"]
    with st.container(key="card_agreement"):
        heading(metric.name, metric.words)
        tables = {cut: figures.of(replace(kept, metric="agreement", by=(cut,))) for cut in CUTS}
        several = {cut: figures.metrics.cuts[cut].name for cut, found in tables.items() if len(found) > 1}
        if several:
            with st.container(key="filter_box_agreement_by", width=260):
                cut = in_a_list(say("staff.agreement.by"), several, "agreement_by", bind="query-params")
            _compared(figures, cut, tables[cut])
            _answers(figures, cut, kept)
        else:
            _alone(figures, kept)
        _reasons(figures, kept)
        draw.html(tag("p", say("staff.figures.fee_splitting"), cls="rr-small"))


def _alone(figures: Figures, kept: Asked) -> None:
    row = figures.of(replace(kept, metric="agreement")).iloc[0]
    told = say("staff.agreement.nothing_clear")
    if row["of"]:
        told = say("staff.agreement.one_alone", number=f"{row['of']:.0f}", number_chose=share_and_count(row))
    draw.html(tag("p", told, cls="rr-text"))


def _compared(figures: Figures, cut: str, table: pd.DataFrame) -> None:
    metric, by = figures.metrics.metrics["agreement"], figures.metrics.cuts[cut].name
    found = funnel(table)
    names = [figures.name(cut, value) for value in table[cut]]
    rows = [_row(by, name, row, found, metric.minimum) for name, row in zip(names, _rows(found), strict=True)]
    drawn = found.groups["share"].notna().sum()
    if drawn:
        words = {"95": say("staff.agreement.line_95"), "998": say("staff.agreement.line_998")}
        words["all"] = say("staff.agreement.line_all", share=f"{found.whole:.0%}")
        alt = say("staff.agreement.alt", name=metric.name, by=by)
        figure = charts.funnel(found, names, say("staff.agreement.across"), words)
        st.plotly_chart(figure, key="agreement_funnel", theme=None, config=CONFIG, alt=alt)
        lines = [say("staff.agreement.legend", minimum=metric.minimum), _spread(found, drawn), _by_chance(drawn)]
        draw.html(*[tag("p", line, cls="rr-small") for line in lines])
    draw.html(draw.table(rows), tag("p", say("staff.agreement.shows_help"), cls="rr-small"))


def _rows(found: Funnel) -> list[Row]:
    rows: list[Row] = found.groups.to_dict("records")
    return rows


def _spread(found: Funnel, drawn: int) -> str:
    if drawn < FEWEST_GROUPS:
        return say("staff.agreement.too_few_groups", number=FEWEST_GROUPS)
    if not found.spread:
        return say("staff.agreement.alone")
    return say("staff.agreement.spread", times=f"{found.dispersion:.1f}")


def _by_chance(drawn: int) -> str:
    """How seldom one of so many lies outside by chance."""
    return say("staff.agreement.chance_alone", number=drawn, charts=math.floor(1 / (2 * TAILS["998"] * drawn)))


def _row(by: str, name: str, row: Row, found: Funnel, minimum: int) -> dict[str, object]:
    return {
        by: name,
        say("staff.figures.consultations"): f"{row['of']:.0f}",
        say("staff.agreement.share"): share_and_count(row).replace(" ", "\u00a0"),
        say("staff.agreement.compared"): _mark(row, found.whole, minimum),
        say("staff.agreement.could_not"): _could_not(row),
    }


def _mark(row: Row, whole: float, minimum: int) -> str:
    mark = str(row["mark"])
    if mark in ("too_few", "inside"):
        return say(f"staff.agreement.{mark}", minimum=minimum)
    away = row["share"] - whole
    more = say(f"staff.agreement.{'more' if away > 0 else 'fewer'}")
    return say(f"staff.agreement.{mark}", points=f"{abs(away) * 100:.0f}", more=more)


def _could_not(row: Row) -> str:
    """In points of a hundred; one number where both ways are as far."""
    of = int(row["of"])
    if of <= 1:
        return say("staff.agreement.shows_one") if of else ""
    sides = {
        side: f"{row[f'would_show_{side}'] * 100:.0f}"
        for side in ("fewer", "more")
        if not pd.isna(row[f"would_show_{side}"])
    }
    if len(sides) == 2:
        key = "both" if len(set(sides.values())) == 1 else "each"
        return say(f"staff.agreement.shows_{key}", of=of, points=sides["fewer"], **sides)
    for side, points in sides.items():
        return say(f"staff.agreement.shows_{side}", of=of, points=points)
    return say("staff.agreement.shows_nothing", of=of)


def _answers(figures: Figures, cut: str, kept: Asked) -> None:
    """What each group's clients answered: not yet and no are answers too."""
    metric = figures.metrics.metrics["answers"]
    found = figures.of(replace(kept, metric="answers", by=(cut,)))
    rows: list[dict[str, object]] = []
    for value, group in found.groupby(cut, dropna=False):
        told = {row["part"]: share_and_count(row) for row in group.to_dict("records")}
        rows.append(
            {
                figures.metrics.cuts[cut].name: figures.name(cut, value),
                **{words: told.get(part, "0") for part, words in entry("staff.agreement.answer").items()},
            }
        )
    heading(metric.name, metric.words)
    draw.html(draw.table(rows))


def _reasons(figures: Figures, kept: Asked) -> None:
    metric = figures.metrics.metrics["reasons"]
    if not figures.is_recorded("reasons"):
        draw.html(tag("p", say("staff.agreement.reasons_none", name=metric.name), cls="rr-small"))
        return
    heading(metric.name, metric.words)
    found = figures.of(replace(kept, metric="reasons")).to_dict("records")
    rows: list[dict[str, object]] = [
        {metric.name: figures.name("reason", row["part"]), say("staff.figures.consultations"): share_and_count(row)}
        for row in found
    ]
    draw.html(draw.table(rows))
