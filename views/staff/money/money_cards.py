"""What a chair hour earns, with one sentence a comparison, and a table of the other numbers, by a cut of who looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import streamlit as st

from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.metrics import Metric
from medspa_core.practice.rate_comparisons import Compared
from views.charts.figures.rates import rates
from views.charts.plotly_layout import CONFIG
from views.context.words import say
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import Element, tag
from views.staff.figures.facts import Figures
from views.staff.figures.mix_cards import heading
from views.staff.money.amounts import amount, likely, rate_told

CUTS = ("option", "provider", "location")
AN_HOUR = ("revenue", "margin")
OTHERS = ("ticket", "discount", "product_cost", "unredeemed")
SINCE_THE_FIRST_DAY = ("unredeemed",)
"""A balance is of all that came before, whatever the period."""


def pick_cut(figures: Figures) -> str:
    """By what everything here is shown, kept in the address."""
    with st.container(key="filter_box_money_by", width=260):
        return in_a_list(
            say("staff.money.by"),
            {cut: figures.metrics.cuts[cut].name for cut in CUTS},
            "money_by",
            bind="query-params",
        )


def an_hour(figures: Figures, kept: Asked, cut: str) -> None:
    """Revenue and margin of a chair hour: which group earns most, and whether that is more than chance."""
    for name in AN_HOUR:
        metric = figures.metrics.metrics[name]
        with st.container(key=f"card_money_{name}"):
            heading(metric.name, metric.words)
            if figures.is_recorded(name):
                _compared(figures, name, figures.compared(replace(kept, metric=name, by=(cut,))), cut)
            else:
                draw.html(tag("p", say("staff.money.not_recorded"), cls="rr-text"))


def _compared(figures: Figures, name: str, found: Compared, cut: str) -> None:
    metric, rows = figures.metrics.metrics[name], found.groups.to_dict("records")
    names = [figures.name(cut, row[cut]) for row in rows]
    draw.html(*[tag("p", line, cls="mc-lead") for line in _sentences(figures, metric, found, names)])
    told = [rate_told(figures, metric, row) for row in rows]
    if found.groups["rate"].notna().any():
        ends = [likely(figures, metric, row, "staff.money.likely") for row in rows]
        words = [f"<b>{one}</b>{'<br>' if end else ''}{end}" for one, end in zip(told, ends, strict=True)]
        figure = rates(found.groups, names, words, figures.book.clinic.currency_sign)
        alt = say("staff.money.alt", name=metric.name, by=figures.metrics.cuts[cut].name)
        st.plotly_chart(figure, key=f"money_{name}", theme=None, config=CONFIG, alt=alt)
    table: list[dict[str, object]] = [
        {
            figures.metrics.cuts[cut].name: group,
            metric.name: one,
            say("staff.figures.likely"): likely(figures, metric, row),
            say("staff.money.hours"): f"{row['of']:,.0f}",
        }
        for group, one, row in zip(names, told, rows, strict=True)
    ]
    draw.html(draw.as_table(table, f"money_{name}"))


def _sentences(figures: Figures, metric: Metric, found: Compared, names: list[str]) -> Iterator[str]:
    """Which is the highest, then one sentence for each other group."""
    if found.highest is None:
        yield say("staff.money.nothing_to_compare", minimum=metric.minimum)
        return
    row = found.groups.loc[found.highest]
    yield say(
        "staff.money.highest", name=names[found.highest], amount=amount(figures, metric, row["rate"]),
        likely=likely(figures, metric, row),
    )  # fmt: skip
    shown = sum(less.more_than_chance for less in found.less.values())
    which = "none" if not shown else "each" if shown == len(found.less) else "some"
    yield say(f"staff.money.than_{which}", shown=shown, number=len(found.less))
    for place, less in found.less.items():
        ends = {end: amount(figures, metric, value) for end, value in (("low", less.low), ("high", less.high))}
        key = "more" if less.more_than_chance else "not_shown"
        yield say(f"staff.money.{key}", name=names[place], amount=amount(figures, metric, less.points), **ends)


def an_hour_in_words(figures: Figures, asked: Asked) -> list[str]:
    """The same sentences alone, of a rate by one cut."""
    found = figures.compared(asked)
    names = [figures.name(asked.by[0], value) for value in found.groups[asked.by[0]]]
    return list(_sentences(figures, figures.metrics.metrics[asked.metric], found, names))


def legend(figures: Figures) -> None:
    """What counts as more than chance, and when paid and hours count."""
    minimum = figures.metrics.metrics[AN_HOUR[0]].minimum
    draw.html(
        *[tag("p", say(f"staff.money.{key}", minimum=minimum), cls="rr-small") for key in ("chance", "when", "below")]
    )


def others(figures: Figures, kept: Asked, cut: str) -> None:
    """The other numbers of each group, each with where it likely lies."""
    with st.container(key="card_money_others"):
        heading(say("staff.money.others"))
        asked = {name: replace(kept, first_day="") if name in SINCE_THE_FIRST_DAY else kept for name in OTHERS}
        for name, one in asked.items():
            metric = figures.metrics.metrics[name]
            pieces: list[Element] = [tag("h3", metric.name, cls="mc-question"), tag("p", metric.words, cls="rr-small")]
            if not figures.is_recorded(name):
                draw.html(*pieces, tag("p", say("staff.money.not_recorded"), cls="rr-text"))
                continue
            groups, whole = (figures.of(replace(one, metric=name, by=by)) for by in ((cut,), ()))
            tables = [groups, whole if metric.is_rate else _kept_back(groups, whole, metric)]
            rows: list[dict[str, object]] = [
                {
                    figures.metrics.cuts[cut].name: figures.name(cut, row[cut])
                    if cut in row
                    else say("staff.figures.all"),
                    metric.name: rate_told(figures, metric, row),
                    **({say("staff.figures.likely"): likely(figures, metric, row)} if metric.is_rate else {}),
                }
                for table in tables
                for row in table.to_dict("records")
            ]
            draw.html(*pieces, draw.table(rows))
        draw.html(tag("p", say("staff.figures.fee_splitting"), cls="rr-small"))


def _kept_back(groups: pd.DataFrame, whole: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """The sum of all, unless what is hidden of few would follow from it and the others."""
    hidden = groups.loc[groups["value"].isna(), "of"].sum()
    return whole.assign(value=pd.NA) if 0 < hidden < metric.minimum else whole
