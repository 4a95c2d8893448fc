"""What a page of figures is asked for: period, steps and cuts, all kept in the address, so that a link opens the same view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from medspa_core.practice.metric_tables import Asked, period_of, periods_between
from views.context.words import say, short_date
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import tag
from views.staff.figures.facts import Figures

MONTHS = ("6", "12", "24")
STEPS = ("week", "month", "quarter")
CUTS = ("location", "provider", "age_band", "returning", "concern")
ALL = "all"


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: the days, what they are cut by in time, and the facts kept. `before`: the same of the period before."""

    step: str
    now: Asked
    before: Asked

    def ask(self, metric: str, *by: str, before: bool = False) -> Asked:
        """This metric of the view, cut by something."""
        return replace(self.before if before else self.now, metric=metric, by=by)

    @property
    def steps(self) -> list[str]:
        """Every step of the period, also those in which nothing happened."""
        first, last = (period_of(date.fromisoformat(day), self.step) for day in (self.now.first_day, self.now.last_day))
        return periods_between(self.step, first, last)


def view(figures: Figures) -> View:
    """The filters as a row; what comes back is what they ask for. The period ends with the month of the newest fact."""
    with st.container(key="bar_filters", horizontal=True, vertical_alignment="bottom"):
        months = int(
            _segments("period", MONTHS, "12", {key: say("staff.figures.months", number=key) for key in MONTHS})
        )
        step = _segments("by_step", STEPS, "month", {key: say(f"staff.figures.step_{key}") for key in STEPS})
        where = tuple((cut, value) for cut in CUTS if (value := _pick(figures, cut)) != ALL)
    last = pd.Period(figures.last, freq="M").end_time.date()
    first = _first_of(last, months, step)
    before_last = first - timedelta(days=1)
    before_first = _first_of(before_last, months, step)
    now, before = (
        Asked("", (), where, str(one), str(two)) for one, two in ((first, last), (before_first, before_last))
    )
    told = {"first": first, "last": last, "before_first": before_first, "before_last": before_last}
    days = {name: short_date(day) for name, day in told.items()}
    draw.html(tag("p", say("staff.figures.from_to", **days), cls="rr-small"))
    return View(step, now, before)


def whole_period(figures: Figures) -> Asked:
    """Period and cuts as fields, for a page that shows no steps; what comes back keeps what they ask for."""
    with st.container(key="bar_filters", horizontal=True, vertical_alignment="bottom"):
        words = {key: say("staff.figures.months", number=key) for key in MONTHS}
        months = int(_segments("period", tuple(MONTHS), "12", words))
        where = tuple((cut, value) for cut in CUTS if (value := _pick(figures, cut)) != ALL)
    last = pd.Period(figures.last, freq="M").end_time.date()
    first = _first_of(last, months, "month")
    told = say("staff.figures.from_to_alone", first=short_date(first), last=short_date(last))
    draw.html(tag("p", told, cls="rr-small"))
    return Asked("", (), where, str(first), str(last))


def too_few(figures: Figures, kept: Asked, metric: str = "consultations", words: str = "staff.figures") -> bool:
    """Whether a filter keeps so few of what this metric counts that none is shown; then a sentence stands there, and nothing
    else may. `words`: where the sentences stand."""
    number = figures.of(replace(kept, metric=metric)).loc[0, "value"]
    if not number:
        draw.note(say(f"{words}.nothing_here"))
        return True
    if kept.where and number < (fewest := figures.metrics.export.smallest_count):
        draw.note(say(f"{words}.too_few_here", number=fewest))
        return True
    return False


def _first_of(last: date, months: int, step: str) -> date:
    """The first day of so many months that end with this day's; earlier where its week or quarter begins earlier, so that no
    step is cut off."""
    first: date = (pd.Period(last, freq="M") - months + 1).start_time.date()
    if step == "quarter":
        first = date(first.year, first.month - (first.month - 1) % 3, 1)
    return first - timedelta(days=first.weekday()) if step == "week" else first


def _segments(name: str, keys: tuple[str, ...], first: str, words: dict[str, str]) -> str:
    with st.container(key=f"seg_box_by_{name}", width="content"):
        chosen = st.segmented_control(
            say(f"staff.figures.{name}"), list(keys), default=first, required=True, key=name,
            format_func=words.__getitem__, bind="query-params",
        )  # fmt: skip
    return chosen or first


def _pick(figures: Figures, cut: str) -> str:
    """One value of a cut, or all. A cut with fewer than two values is no choice, and is not offered."""
    values = figures.values(cut)
    if len(values) < 2:
        return ALL
    names = {ALL: say("staff.figures.all"), **{value: figures.name(cut, value) for value in values}}
    asked = st.query_params.get(f"of_{cut}", "")
    if asked and asked not in names.values():  # the field will fall back to all: a link must not do so in silence
        draw.note(say("staff.figures.unknown_value", cut=figures.metrics.cuts[cut].name, value=asked), kind="flag")
    with st.container(key=f"filter_box_{cut}", width=250):
        return in_a_list(figures.metrics.cuts[cut].name, names, f"of_{cut}", bind="query-params")
