"""What the page of capacity is asked for: where, in which steps, and what is planned and open there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
import streamlit as st

from medspa_core.access import list_locations
from medspa_core.offer import OpeningHours, hours_entered
from medspa_core.practice.capacity.against_hours import ALL, capacity_table
from medspa_core.practice.capacity.assumptions import Assumptions, assumptions_of
from medspa_core.practice.capacity.periods import Period, months_ahead, weeks_ahead
from medspa_core.practice.capacity.plans import Plans, plans_ahead
from medspa_core.practice.capacity.year_ago import used_a_year_ago
from views.context import core_access, environment
from views.context.words import say
from views.elements.choice_field import in_a_list
from views.staff.figures.facts import Figures

STEPS = ("week", "month")
NO_PLACE = ""
"""What stands for visits without a location."""


@dataclass(frozen=True)
class View:
    """What is shown. `location`: one of `names`, or all; `plans`, `hours`: of every location."""

    figures: Figures
    assumptions: Assumptions
    plans: Plans
    hours: Mapping[str, OpeningHours]
    names: Mapping[str, str]
    location: str
    step: str
    periods: list[Period]
    last: Period

    @property
    def here(self) -> Plans:
        """What is planned at the location, or at all."""
        return self.plans if self.location == ALL else self.plans.at(self.location or None)

    @property
    def places(self) -> list[str | None]:
        """The locations that are shown, each by itself."""
        return self.plans.locations if self.location == ALL else [self.location or None]

    @cached_property
    def table(self) -> pd.DataFrame:
        """What is needed and open, period by period."""
        location = ALL if self.location == ALL else self.location or None
        return capacity_table(self.plans, self.hours, self.periods, self.figures.book, self.assumptions, location)

    @cached_property
    def year_ago(self) -> pd.DataFrame:
        """What was used of each resource in the same periods a year before."""
        location = ALL if self.location == ALL else self.location or None
        figures, today = self.figures, self.periods[0].first
        return used_a_year_ago(figures.table, self.periods, today, invented=figures.invented, location=location)

    @property
    def shows_last_year(self) -> bool:
        """Of months it is drawn too, where anything is known: plans do not show yet what a later one will need."""
        return self.step == "month" and bool(self.year_ago.notna().to_numpy().any())

    @property
    def planned(self) -> list[Period]:
        """The periods as far as plans reach."""
        return [one for one in self.periods if one.first <= self.last.last]

    @property
    def without_hours(self) -> list[str]:
        """Names of the shown locations for which no hours are entered."""
        return [self.names[place or NO_PLACE] for place in self.places if place not in self.hours]


def view(figures: Figures) -> View:
    """The row of fields, in the address as those of the other figures; what comes back is what they ask for."""
    whole = of_every_location(figures)
    with st.container(key="bar_filters", horizontal=True, vertical_alignment="bottom"):
        step, location = _step(whole.assumptions), _location(dict(whole.names))
    if step == STEPS[0]:
        return replace(whole, location=location)
    least, most = whole.assumptions.least_months, whole.assumptions.most_months
    periods = months_ahead(environment.today(), whole.last.last, least, most)
    return replace(whole, location=location, step=step, periods=periods)


def of_every_location(figures: Figures) -> View:
    """The next weeks, of all locations together."""
    assumptions, today = assumptions_here(), environment.today()
    given = core_access.store(), figures.table, figures.book, today, assumptions.slip_days
    plans = plans_ahead(*given, invented=figures.invented)
    hours = _hours(figures, assumptions)
    names = _names(figures, plans, hours)
    last = plans.last_day(figures.book, assumptions.slip_days) or today
    reach = Period("", today, max(last, today))
    return View(figures, assumptions, plans, hours, names, ALL, STEPS[0], weeks_ahead(today, assumptions.weeks), reach)


def assumptions_here() -> Assumptions:
    """The numbers of capacity.toml."""
    return assumptions_of(Path(environment.settings().rulebook), environment.PROGRAM / "data")


def _hours(figures: Figures, assumptions: Assumptions) -> dict[str, OpeningHours]:
    """Of the invented practice the made-up ones, of the real one what was entered."""
    if figures.invented:
        return {place: one.hours for place, one in assumptions.invented.items()}
    return {place: one.hours for place, one in hours_entered(core_access.store()).items()}


def _names(figures: Figures, plans: Plans, hours: Mapping[str, OpeningHours]) -> dict[str, str]:
    """Every location with something planned, and each that is ours."""
    ours = [] if figures.invented else [one.id for one in list_locations(core_access.store())]
    places = {*(place or NO_PLACE for place in plans.locations), *ours, *(hours if figures.invented else ())}
    names = {place: figures.name("location", place or None) for place in places}
    return dict(sorted(names.items(), key=lambda item: (item[0] == NO_PLACE, item[1])))


def _step(assumptions: Assumptions) -> str:
    words = {one: say(f"staff.capacity.step_{one}", number=assumptions.weeks) for one in STEPS}
    with st.container(key="seg_box_by_capacity_step", width="content"):
        chosen = st.segmented_control(
            say("staff.capacity.step"), list(STEPS), default=STEPS[0], required=True, key="capacity_step",
            format_func=words.__getitem__, bind="query-params",
        )  # fmt: skip
    return chosen or STEPS[0]


def _location(names: Mapping[str, str]) -> str:
    if len(names) < 2:
        return next(iter(names), ALL)
    with st.container(key="filter_box_capacity_at", width=250):
        every = {ALL: say("staff.capacity.all"), **names}
        return in_a_list(say("staff.capacity.location"), every, "capacity_at", bind="query-params")
