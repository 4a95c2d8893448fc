"""The page Opening hours: for each location the hours of a week, how much goes on at once, and closed days, as one form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

import streamlit as st

from medspa_core.access import Location, list_locations
from medspa_core.formats.typed_dates import NoDate, in_digits, read_date
from medspa_core.formats.typed_number import Refused, read_tenths, read_whole
from medspa_core.offer import HoursVersion, OpeningHours, hours_entered, set_opening_hours
from medspa_core.offer.opening_hours import AT_ONCE, MOST_AT_ONCE
from medspa_core.wording.words import capital
from views.charts.figures.capacity import MINUTES
from views.context import core_access, environment
from views.context.words import field_label, say
from views.elements import draw, form_keys, notices
from views.elements.choice_field import in_a_list
from views.elements.draw import tag
from views.frame import shell
from views.staff import lists, signing

FORM = "opening_hours"
DAYS = range(7)
MOST_TENTHS = 240
FARTHEST = timedelta(days=3 * 365)
WIDTH = 130


def hours() -> None:
    """One location at a time; the first where nothing was entered is there at once."""
    places, entered = list_locations(core_access.store()), hours_entered(core_access.store())
    if not places:
        draw.note(say("staff.capacity.enter.no_location"), kind="ask")
        return
    names = {one.id: one.name for one in sorted(places, key=lambda one: (one.id in entered, one.name))}
    chosen = next(iter(names))
    if len(names) > 1:
        with st.container(key="filter_box_hours_at", width=320):
            chosen = in_a_list(say("staff.capacity.location"), names, "hours_at")
    _card(next(one for one in places if one.id == chosen), entered.get(chosen))


def _card(place: Location, last: HoursVersion | None) -> None:
    form = f"{FORM}_{place.id}"
    mine = f"_{place.id}{form_keys.suffix(form)}"
    with st.container(key="card_hours"):
        shell.section(place.name, _since(place, last))
        with st.form("hours", border=False):
            typed = _week(form, last, mine) | _at_once(form, last, mine)
            closed = _closed(form, last, mine)
            pressed = lists.send("hours", say("staff.capacity.enter.keep"), key="keep_hours")
        if pressed:
            _keep(place, form, typed, closed, last)
        notices.show(form)


def _since(place: Location, last: HoursVersion | None) -> str:
    if last is None:
        return say("staff.capacity.enter.nothing_yet", location=place.name)
    return signing.day_and_name("staff.capacity.enter.since", last.entered_at, last.person_id)


def _week(form: str, last: HoursVersion | None, mine: str) -> dict[str, str]:
    """Seven fields, Monday first."""
    draw.html(
        tag("h3", say("staff.capacity.enter.week"), cls="rr-h"),
        tag("p", say("staff.capacity.enter.week_help"), cls="rr-small"),
    )
    with st.container(key="bar_hours_week", horizontal=True, vertical_alignment="top"):
        return {f"day_{day}": _field(form, f"day_{day}", day_name(day), _shown_hours(last, day), mine) for day in DAYS}


def day_name(day: int) -> str:
    """Monday, of 0."""
    return say(f"staff.figures.part.{day + 1}")


def _shown_hours(last: HoursVersion | None, day: int) -> str:
    return "" if last is None else f"{last.hours.minutes[day] / MINUTES:g}"


def _at_once(form: str, last: HoursVersion | None, mine: str) -> dict[str, str]:
    draw.html(tag("h3", say("staff.capacity.enter.at_once"), cls="rr-h"))
    with st.container(key="bar_hours_at_once", horizontal=True, vertical_alignment="top"):
        return {
            name: _field(
                form,
                name,
                say(f"staff.capacity.enter.{name}"),
                "" if last is None else str(getattr(last.hours, name)),
                mine,
            )
            for name in AT_ONCE
        }


def _field(form: str, name: str, label: str, shown: str, mine: str) -> str:
    draw_it = partial(st.text_input, field_label(label), shown, max_chars=8, autocomplete="off", key=f"{name}{mine}")
    return notices.field(f"place_{name}{mine}", form, name, draw_it, width=WIDTH)


def _closed(form: str, last: HoursVersion | None, mine: str) -> str:
    style, today = core_access.date_style(), environment.today()
    days = [day for day in (last.hours.closed if last else ()) if day >= today]
    label, key = say("staff.capacity.enter.closed"), f"closed{mine}"
    shown = "\n".join(in_digits(day, style) for day in days)
    draw_it = partial(st.text_area, label, shown, key=key, help=None, placeholder=_example())
    return notices.field(f"place_closed{mine}", form, "closed", draw_it, width=320)


def _example() -> str:
    return in_digits(date(environment.today().year, 12, 25), core_access.date_style())


def _keep(place: Location, form: str, typed: Mapping[str, str], closed: str, last: HoursVersion | None) -> None:
    numbers = {name: _read(name, text) for name, text in typed.items()}
    days = _days(closed)
    wrong = {name: _why(name) for name, number in numbers.items() if isinstance(number, Refused)}
    if isinstance(days, str):
        wrong["closed"] = say("staff.capacity.enter.why_closed", text=days, example=_example())
    if wrong or isinstance(days, str):
        lines = [say("staff.capacity.enter.refused", field=_label(name), why=why) for name, why in wrong.items()]
        notices.refuse(form, "\n".join(lines), {name: capital(why) for name, why in wrong.items()})
        st.rerun()
    found = {name: number for name, number in numbers.items() if not isinstance(number, Refused)}
    minutes = tuple(found[f"day_{day}"] * MINUTES // 10 for day in DAYS)
    at_once = {name: found[name] for name in AT_ONCE}
    wanted = OpeningHours(minutes, **at_once, closed=tuple(days))
    given = place.id, wanted, last.number if last else 0, core_access.now(), signing.key_of(form)
    signing.do(form, "staff.capacity.enter.kept", set_opening_hours, *given, place=form)


def _read(name: str, text: str) -> int | Refused:
    """Hours of a day in tenths, empty is closed; a number of things, which must be said."""
    if name in AT_ONCE:
        return read_whole(text, 0, MOST_AT_ONCE)
    return read_tenths(text, 0, MOST_TENTHS, ("h",)) if text.strip() else 0


def _days(text: str) -> list[date] | str:
    """The closed days, each once, in order; else the line that is no date."""
    today, found = environment.today(), set()
    for line in text.splitlines():
        day = read_date(line, core_access.date_style(), today - FARTHEST, today + FARTHEST)
        if isinstance(day, date):
            found.add(day)
        elif isinstance(day, NoDate) and line.strip():
            return line.strip()
    return sorted(found)


def _why(name: str) -> str:
    if name in AT_ONCE:
        return say("staff.capacity.enter.why_number", most=MOST_AT_ONCE)
    return say("staff.capacity.enter.why_hours")


def _label(name: str) -> str:
    if name.startswith("day_"):
        return day_name(int(name.removeprefix("day_")))
    return say(f"staff.capacity.enter.{name}")
