"""What a page of figures is asked for: period, steps and cuts, all kept in the address, so that a link opens the same view."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from medspa_core.practice.metric_tables import Asked, period_of, periods_between
from medspa_core.practice.metrics import Metrics
from views.context.words import cut_short, field_label, say, short_date
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import tag
from views.staff.figures.facts import Figures

MONTHS = {"3": ("day", "week", "month"), **dict.fromkeys(("6", "12", "24"), ("week", "month", "quarter"))}
"""The periods, in months, and the steps in which each can be read: a year of days would be hairlines."""
CUTS = ("location", "provider", "age_band", "returning", "concern")
OUTCOMES = ("recommended", "chosen")
"""Cuts that a tap on the bars sets too."""
STEP = "step"
"""The filter that keeps one step of the period."""
ALL = "all"
FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q"}


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: the days, what they are cut by in time, and the facts kept. `before`: the same of the period before.

    `of_step`: the one step that is picked, or nothing; `now` is still the whole period.
    """

    metrics: Metrics
    step: str
    now: Asked
    before: Asked
    of_step: str = ""

    def ask(self, metric: str, *by: str, before: bool = False) -> Asked:
        """This metric of the view, cut by something. A filter that makes no sense of it is left out, and the one step where the
        steps themselves are shown."""
        asked = self.now
        if before or (self.of_step and self.step not in by):
            first, last = self._days(before=before)
            asked = replace(asked, first_day=first, last_day=last)
        return replace(asked, metric=metric, by=by, where=self._kept_for(metric))

    def _days(self, *, before: bool) -> tuple[str, str]:
        if not self.of_step:
            return self.before.first_day, self.before.last_day
        one = pd.Period(self.of_step.replace("-Q", "Q"), freq=FREQUENCIES[self.step]) - int(before)
        return str(one.start_time.date()), str(one.end_time.date())

    def _kept_for(self, metric: str) -> tuple[tuple[str, str], ...]:
        return tuple((cut, value) for cut, value in self.now.where if cut in self.metrics.metrics[metric].cuts)

    def left_out(self, *metrics: str) -> list[str]:
        """The filters that make no sense of one of these metrics, by name."""
        kept = [{cut for cut, _ in self._kept_for(metric)} for metric in metrics]
        return [self.metrics.cuts[cut].name for cut, _ in self.now.where if not all(cut in one for one in kept)]

    def picked(self, cut: str) -> str:
        """What the filter of this cut keeps, or nothing."""
        return dict(self.now.where).get(cut, "")

    @property
    def steps(self) -> list[str]:
        """Every step of the period, also those in which nothing happened."""
        first, last = (period_of(date.fromisoformat(day), self.step) for day in (self.now.first_day, self.now.last_day))
        return periods_between(self.step, first, last)


def view(figures: Figures) -> View:
    """The filters as fields; what comes back is what they ask for. The period ends with the month of the newest fact."""
    with st.container(key="bar_period", horizontal=True, vertical_alignment="bottom"):
        months = _months()
        steps = MONTHS[months]
        step = _segments("by_step", steps, "month", {key: say(f"staff.figures.step_{key}") for key in steps})
    found = _period(figures, int(months), step)
    notes = st.container()
    with st.container(key="bar_filters"):
        where = _picks(figures, (*CUTS, *OUTCOMES), notes)
        of_step = _pick_step(figures, found, notes)
    now, before = (replace(one, where=where) for one in (found.now, found.before))
    found = replace(found, now=now, before=before, of_step=of_step)
    told = {
        "first": now.first_day,
        "last": now.last_day,
        "before_first": before.first_day,
        "before_last": before.last_day,
    }
    days = {name: short_date(date.fromisoformat(day)) for name, day in told.items()}
    draw.html(tag("p", say("staff.figures.from_to", **days), cls="rr-small"))
    _what_is_kept(figures, where, {STEP: f"{figures.metrics.cuts[step].name}: {step_name(of_step)}"} if of_step else {})
    return found


def _period(figures: Figures, months: int, step: str) -> View:
    last = pd.Period(figures.last, freq="M").end_time.date()
    first = _first_of(last, months, step)
    before_last = first - timedelta(days=1)
    before_first = _first_of(before_last, months, step)
    now, before = (Asked("", (), (), str(one), str(two)) for one, two in ((first, last), (before_first, before_last)))
    return View(figures.metrics, step, now, before)


def whole_period(figures: Figures) -> Asked:
    """Period and cuts as fields, for a page that shows no steps; what comes back keeps what they ask for."""
    with st.container(key="bar_period", horizontal=True, vertical_alignment="bottom"):
        months = int(_months())
    notes = st.container()
    with st.container(key="bar_filters"):
        where = _picks(figures, CUTS, notes)
    last = pd.Period(figures.last, freq="M").end_time.date()
    first = _first_of(last, months, "month")
    told = say("staff.figures.from_to_alone", first=short_date(first), last=short_date(last))
    draw.html(tag("p", told, cls="rr-small"))
    _what_is_kept(figures, where, {})
    return Asked("", (), where, str(first), str(last))


def location(figures: Figures) -> tuple[tuple[str, str], ...]:
    """One location as a field, for who may see more than their own figures."""
    if figures.own:
        return ()
    notes = st.container()
    with st.container(key="bar_filters"):
        where = _picks(figures, ("location",), notes)
    _what_is_kept(figures, where, {})
    return where


def too_few(figures: Figures, kept: Asked, metric: str = "consultations", words: str = "staff.figures") -> bool:
    """Whether a filter keeps so few of what this metric counts that none is shown; then a sentence stands there, and nothing
    else may. `words`: where the sentences stand."""
    number = figures.of(replace(kept, metric=metric)).loc[0, "value"]
    if not number:
        draw.note(say(f"{words}.nothing_here" if kept.where else "staff.figures.nothing_in_period"))
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
            format_func=words.__getitem__, bind="query-params", on_change=_other_steps,
        )  # fmt: skip
    return chosen if chosen in keys else first


def _months() -> str:
    words = {key: say("staff.figures.months", number=key) for key in MONTHS}
    return _segments("period", tuple(MONTHS), "12", words)


def _other_steps() -> None:
    """In a callback: with another period or other steps there is no such step any more as was picked; and days only of a few
    months."""
    take_back([STEP])
    if st.session_state.get("by_step", "month") not in MONTHS[st.session_state["period"]]:
        st.session_state["by_step"] = "month"


def _picks(figures: Figures, cuts: Sequence[str], notes: AbstractContextManager[object]) -> tuple[tuple[str, str], ...]:
    return tuple((cut, value) for cut in cuts if (value := _pick(figures, cut, notes)) != ALL)


def _pick(figures: Figures, cut: str, notes: AbstractContextManager[object]) -> str:
    """One value of a cut, or all. A cut with fewer than two values is no choice, and is not offered."""
    values = figures.values(cut)
    if len(values) < 2:
        return ALL
    return _field(cut, figures.metrics.cuts[cut].name, {value: figures.name(cut, value) for value in values}, notes)


def _pick_step(figures: Figures, found: View, notes: AbstractContextManager[object]) -> str:
    names = {step: step_name(step) for step in reversed(found.steps)}
    picked = _field(STEP, figures.metrics.cuts[found.step].name, names, notes)
    return "" if picked == ALL else picked


def _field(name: str, label: str, names: dict[str, str], notes: AbstractContextManager[object]) -> str:
    names = {ALL: say("staff.figures.all"), **names}
    asked = st.query_params.get(f"of_{name}", "")
    # The field falls back to all: a link must not do so in silence. What a callback just took back still stands in the address.
    if asked and asked not in names.values() and st.session_state.get(f"of_{name}") != ALL:
        with notes:
            draw.note(say("staff.figures.unknown_value", cut=label, value=asked), kind="flag")
    with st.container(key=f"filter_box_{name}"):
        return in_a_list(label, names, f"of_{name}", bind="query-params")


def step_name(step: str) -> str:
    """Q3 2026, Oct 2026, or the day, of a week its Monday."""
    if "Q" in step:
        return f"{step[5:]} {step[:4]}"
    if len(step) == 7:
        return f"{date.fromisoformat(step + '-01'):%b %Y}"
    return cut_short(date.fromisoformat(step), year=True)


def _what_is_kept(figures: Figures, where: Sequence[tuple[str, str]], step: Mapping[str, str]) -> None:
    """One button for each filter that takes it back, and one for all of them."""
    kept = {cut: f"{figures.metrics.cuts[cut].name}: {figures.name(cut, value)}" for cut, value in where} | dict(step)
    if not kept:
        return
    with st.container(key="bar_kept", horizontal=True, vertical_alignment="center"):
        draw.html(tag("p", say("staff.figures.only"), cls="rr-small"), width="content")
        for name, words in kept.items():
            st.button(
                field_label(words), key=f"take_back_{name}", icon=":material/close:", on_click=take_back, args=([name],)
            )
        st.button(say("staff.figures.everything"), key="everything", on_click=take_back, args=(list(kept),))


def take_back(names: Collection[str]) -> None:
    """In a callback: these filters keep all again."""
    for name in names:
        st.session_state[f"of_{name}"] = ALL


def tapped(cut: str, chart: str, parts: Sequence[str], steps: Sequence[str]) -> None:
    """In a callback: keeps the part and the step that were tapped on a chart; tapped once more, all again. Without a cut only
    the step."""
    points = st.session_state[chart]["selection"]["points"]
    if not points:
        return
    asked = {STEP: steps[points[0]["point_index"]]} | ({cut: parts[points[0]["curve_number"]]} if cut else {})
    if all(st.session_state.get(f"of_{name}") == value for name, value in asked.items()):
        take_back(asked)
        return
    st.session_state.update({f"of_{name}": value for name, value in asked.items()})
