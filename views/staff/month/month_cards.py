"""One month as a report: its numbers beside two other months, what was chosen, and a sentence from each other page of figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import streamlit as st

from medspa_core.practice.chance import Z_998, difference
from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.months import of_month, whole_months
from views.context import environment
from views.context.words import say
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import tag
from views.session import signed_in
from views.staff.capacity import asked as capacity
from views.staff.capacity import cards as capacity_cards
from views.staff.figures import apart, filters
from views.staff.figures.facts import Figures
from views.staff.figures.mix_cards import heading, order_of, share_and_count
from views.staff.money import money_cards

MONTHS = 12
"""So many months back may be looked at."""


@dataclass(frozen=True, slots=True)
class Report:
    """The month that is told of, the two it stands beside, and the facts that are kept."""

    month: str
    before: str
    year_before: str
    kept: Asked

    @property
    def of_the_month(self) -> Asked:
        """The facts of this month."""
        return of_month(self.kept, self.month)

    @property
    def year(self) -> Asked:
        """The twelve months that end with this one."""
        first = (pd.Period(self.month, freq="M") - 11).start_time.date()
        return replace(self.of_the_month, first_day=str(first))


def asked(figures: Figures) -> Report:
    """Month and location as fields, in the address; the last whole month comes first."""
    months = {one: month_name(one) for one in whole_months(environment.today(), MONTHS)}
    with st.container(key="bar_month", horizontal=True, vertical_alignment="bottom"):
        with st.container(key="filter_box_month", width=260):
            month = in_a_list(say("staff.month.which"), months, "month", bind="query-params")
        with st.container(key="bar_month_at", width="stretch"):
            where = filters.location(figures)
    before, year_before = (str(pd.Period(month, freq="M") - ago) for ago in (1, 12))
    return Report(month, before, year_before, Asked("", (), where))


def month_name(month: str) -> str:
    """November 2026."""
    return f"{pd.Period(month, freq='M').start_time:%B %Y}"


def numbers(figures: Figures, report: Report) -> None:
    """Every number of The week for this month, and whether it differs from the two others by more than chance."""
    with st.container(key="card_month_numbers"):
        heading(say("staff.month.numbers"), say("staff.month.numbers_lead"))
        every = figures.metrics.of_the_week
        keys = [key for key, _ in every if figures.is_recorded(key)]
        draw.html(draw.table([_row(figures, report, key) for key in keys]))
        missing = [metric.name for key, metric in every if key not in keys]
        if missing:
            draw.html(tag("p", say("staff.month.not_recorded", those=", ".join(missing)), cls="rr-small"))


def _row(figures: Figures, report: Report, key: str) -> dict[str, object]:
    metric = figures.metrics.metrics[key]
    one, other = (
        figures.beside(replace(report.kept, metric=key), report.month, month)
        for month in (report.before, report.year_before)
    )
    return {
        say("staff.month.number"): metric.name,
        month_name(report.month): _told(figures, key, one.now),
        **{
            say("staff.month.against", month=month_name(month)): say(f"staff.month.verdict.{found.verdict}")
            for month, found in ((report.before, one), (report.year_before, other))
        },
    }


def _told(figures: Figures, key: str, row: pd.Series) -> str:
    metric = figures.metrics.metrics[key]
    if metric.is_rate:
        return figures.as_read(metric, row["rate"])
    if metric.denominator:
        return say("staff.month.of", told=share_and_count(row), of=f"{row['of']:.0f}")
    value = figures.as_read(metric, row["value"])
    return f"{value} {say('staff.figures.monday.days')}" if metric.unit == "days" and value != "–" else value


def chosen(figures: Figures, report: Report) -> None:
    """What was chosen in the month, part by part."""
    metric = figures.metrics.metrics["chosen"]
    parts = {}
    for month in (report.month, report.before, report.year_before):
        found = figures.of(of_month(replace(report.kept, metric="chosen"), month))
        parts[month] = found.set_index("part")["value"].astype(int).to_dict()
    with st.container(key="card_month_chosen"):
        heading(metric.name, metric.words)
        draw.html(draw.table([_part(figures, report, parts, part) for part in order_of(figures, "chosen")]))


def _part(figures: Figures, report: Report, parts: dict[str, dict[str, int]], part: str) -> dict[str, object]:
    counted = {month: (of.get(part, 0), sum(of.values())) for month, of in parts.items()}
    mine, minimum = counted[report.month], figures.metrics.metrics["chosen"].minimum
    share = f" · {mine[0] / mine[1]:.0%}" if mine[1] >= minimum else ""
    row: dict[str, object] = {
        say("staff.figures.option"): figures.name("chosen", part),
        month_name(report.month): say("staff.month.of", told=f"{mine[0]}{share}", of=mine[1]),
    }
    for month in (report.before, report.year_before):
        verdict = "too_few"
        if min(mine[1], counted[month][1]) >= minimum:
            found = difference(mine, counted[month], Z_998)
            verdict = "more" if found.low > 0 else "fewer" if found.high < 0 else "same"
        row[say("staff.month.against", month=month_name(month))] = say(f"staff.month.verdict.{verdict}")
    return row


def sentences(figures: Figures, report: Report) -> None:
    """One or two sentences from each other page: who stands apart, what earns most, which week is short."""
    first, last = (date.fromisoformat(day) for day in (report.year.first_day, report.year.last_day))
    year = say("staff.month.year", first=month_name(f"{first:%Y-%m}"), last=month_name(f"{last:%Y-%m}"))
    with st.container(key="card_month_more"):
        heading(say("staff.month.apart"), year)
        told = list(apart.sentences(figures, report.year))
        _lines(told or [say("staff.month.apart_none", those=apart.compared(figures))])
        if figures.is_recorded("revenue"):
            heading(say("staff.month.earns"), year)
            _lines(money_cards.an_hour_in_words(figures, replace(report.year, metric="revenue", by=("option",))))
        if not report.kept.where and signed_in.allows(signed_in.NEEDS["capacity"]):
            heading(say("staff.month.short"), say("staff.month.short_lead"))
            short = capacity_cards.short_now(capacity.of_every_location(figures))
            _lines([short or say("staff.month.short_none")])


def _lines(lines: list[str]) -> None:
    draw.html(*[tag("p", line, cls="rr-text") for line in lines])
