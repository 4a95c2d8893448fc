"""The command of capacity: what the weeks ahead need, beside what is open, in hours as CSV."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from medspa_core.access import list_locations
from medspa_core.command_line.figures_commands import facts_of
from medspa_core.command_line.here import DONE, Here, Told
from medspa_core.command_line.records_commands import opened
from medspa_core.formats.safe_csv import csv_text
from medspa_core.offer import OpeningHours, as_settings, hours_entered, latest_offer
from medspa_core.practice.capacity.against_hours import ALL, COLUMNS, capacity_table
from medspa_core.practice.capacity.assumptions import Assumptions, CapacityProblem, assumptions_of
from medspa_core.practice.capacity.periods import weeks_ahead
from medspa_core.practice.capacity.plans import plans_ahead
from medspa_core.records import Store
from medspa_core.rulebook import Rulebook, load_whole, option_names, read_whole

MINUTES = 60
NO_LOCATION = "no location"
OF_WEEK = ["location", "period", "resource"]


def capacity(here: Here, given: Namespace) -> Told:
    """The need of each week and resource, at one location or at each and all together."""
    assumptions = assumptions_of(here.settings.rulebook, here.program / "data")
    with opened(here) as store:
        asked = assumptions, here.today(), given.location, given.weeks, here.settings.facts
        text = capacity_csv(store, _rulebook(here, store), *asked)
        return DONE, text.splitlines()


def _rulebook(here: Here, store: Store) -> Rulebook:
    """The clinic's, with what was entered on What we offer."""
    folder = here.settings.rulebook
    offered = as_settings(latest_offer(store), option_names(folder))
    return load_whole(read_whole(folder, here.settings.clinic_settings, offered))


def capacity_csv(
    store: Store,
    book: Rulebook,
    assumptions: Assumptions,
    today: date,
    location: str = "",
    weeks: int = 0,
    folder: Path | None = None,
) -> str:
    """Of the real practice's facts, or of the invented one's where there are no others. Raises CapacityProblem for a location
    that is not known."""
    table, invented = facts_of(store, folder)
    plans = plans_ahead(store, table, book, today, assumptions.slip_days, invented=invented)
    names: dict[str | None, str] = {} if invented else {one.id: one.name for one in list_locations(store)}
    names |= {place: place or NO_LOCATION for place in plans.locations if place not in names}
    hours: Mapping[str, OpeningHours] = {place: one.hours for place, one in hours_entered(store).items()}
    if invented:
        hours = {place: one.hours for place, one in assumptions.invented.items()}
    periods = weeks_ahead(today, weeks or assumptions.weeks)
    found = [
        capacity_table(plans, hours, periods, book, assumptions, place).assign(location=name)
        for place, name in _places(names, location).items()
    ]
    rows = pd.concat(found, ignore_index=True).astype(object).to_numpy().tolist()
    whose = "invented" if invented else "ours"
    header = ["whose", *OF_WEEK, *(f"{name}_hours" for name in COLUMNS[len(OF_WEEK) :])]
    return csv_text(header, [[whose, *row[: len(OF_WEEK)], *map(_hours, row[len(OF_WEEK) :])] for row in rows])


def _places(names: Mapping[str | None, str], location: str) -> dict[str | None, str]:
    """The location that was named, by its id or its name; else each, and all of them."""
    if not location:
        return {**names, ALL: ALL}
    chosen = {place: name for place, name in names.items() if location in (place, name)}
    if not chosen:
        raise CapacityProblem([f"--location {location}: is not known. Known are {', '.join(names.values())}"])
    return chosen


def _hours(minutes: object) -> str:
    """Hours to a hundredth; nothing where it is not known."""
    return "" if pd.isna(minutes) else f"{float(str(minutes)) / MINUTES:.2f}"
