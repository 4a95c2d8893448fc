"""The cards of capacity: what is short in a sentence, then a chart and a table for each resource that anything needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from medspa_core.practice.capacity.against_hours import short_ones
from medspa_core.practice.capacity.need import Needs
from medspa_core.practice.capacity.periods import Period
from medspa_core.practice.capacity.plans import interval
from medspa_core.records.schema import MINUTES_OF
from medspa_core.wording.words import listed
from views.charts.figures.capacity import MINUTES, needed_and_open
from views.charts.plotly_layout import CONFIG
from views.context import environment
from views.context.words import say, short_date
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.staff.capacity.asked import NO_PLACE, View

MOST_NAMED = 3
ALWAYS_SHOWN = ("chair", "provider")


def hours_of(minutes: float) -> str:
    """Minutes as hours: whole ones, and below ten one digit more where there is one."""
    hours = minutes / MINUTES
    shown = f"{hours:,.0f}" if hours >= 10 else f"{hours:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def what_is_short(view: View) -> None:
    """One sentence: which period is short, of what, by how much; or that none is; or that it can't be said."""
    found = _short_or_may_be(view)
    short, may_be = found[found["short"] > 0], found[found["short"] == 0]
    month = "_month" if view.step == "month" else ""
    if not short.empty:
        first = _short(view, short)
    elif len(view.without_hours) == len(view.places):
        first = say(f"staff.capacity.no_known{month}")
    else:
        first = say(f"staff.capacity.no_{view.step}{'_known' if view.without_hours else ''}")
    draw.html(tag("p", first, cls="mc-lead"))
    lines = [_total(view), *_months_without_a_plan(view)]
    if not short.empty and len(view.places) > 1:
        lines.insert(0, say("staff.capacity.pick_location"))
    if not may_be.empty:
        lines.insert(0, say("staff.capacity.may_be_week", those=_those(view, may_be, "may_be_one")))
    reach = say("staff.capacity.reach", day=short_date(view.last.last), step=view.step)
    if view.shows_last_year:
        reach = f"{reach} {say('staff.capacity.see_last_year')}"
    draw.html(*[tag("p", line, cls="rr-text") for line in lines], tag("p", reach, cls="rr-small"))
    if view.plans.left_out:
        draw.note(say("staff.capacity.left_out", number=view.plans.left_out))


def _months_without_a_plan(view: View) -> list[str]:
    """What was used a year before in the months that no plan reaches: the nearest there is to an answer."""
    if not view.shows_last_year:
        return []
    known = zip(view.periods, view.year_ago["chair"], strict=True)
    later = [(one, minutes) for one, minutes in known if one not in view.planned and not pd.isna(minutes)]
    if not later:
        return []
    told = [
        say(
            "staff.capacity.used_then",
            month=f"{pd.Timestamp(one.first) - pd.DateOffset(years=1):%B %Y}",
            hours=hours_of(used),
        )
        for one, used in later
    ]
    first, last = (period_name(later[place][0].name) for place in (0, -1))
    return [say("staff.capacity.without_a_plan", first=first, last=last, those=", ".join(told))]


def short_now(view: View) -> str | None:
    """Which periods are short, of what and by how much; None where none is."""
    found = _short_or_may_be(view)
    short = found[found["short"] > 0]
    return None if short.empty else _short(view, short)


def _short_or_may_be(view: View) -> pd.DataFrame:
    return short_ones(view.plans, view.hours, view.periods, view.figures.book, view.assumptions, view.places)


def _short(view: View, short: pd.DataFrame) -> str:
    return say(
        "staff.capacity.short_week", those=_those(view, short.sort_values("short", ascending=False), "short_one")
    )


def _those(view: View, found: pd.DataFrame, words: str) -> str:
    """The first few, named; how many more there are."""
    month = "_month" if view.step == "month" else ""
    told = []
    for row in found.head(MOST_NAMED).to_dict("records"):
        period = period_name(str(row["period"]))
        resource = say(f"staff.capacity.resource.{row['resource']}.short")
        hours = _so_many_hours(row["short"])
        one = say(f"staff.capacity.{words}{month}", period=period, resource=resource, hours=hours)
        if len(view.places) > 1:
            one = say("staff.capacity.at_location", location=view.names[row["location"] or NO_PLACE], one=one)
        told.append(one)
    if len(found) > MOST_NAMED:
        told.append(say("staff.capacity.short_more", number=len(found) - MOST_NAMED))
    return "; ".join(told)


def _so_many_hours(minutes: float) -> str:
    number = hours_of(minutes)
    return say("staff.capacity.one_hour") if number == "1" else say("staff.capacity.many_hours", number=number)


def period_name(name: str) -> str:
    """A week by its Monday, a month by its name: December 7; December 2026."""
    if len(name) == len("2026-12"):
        return f"{date.fromisoformat(name + '-01'):%B %Y}"
    return short_date(date.fromisoformat(name), environment.today())


def _total(view: View) -> str:
    whole = Period("", view.planned[0].first, view.planned[-1].last)
    need = Needs(view.here, view.figures.book, view.assumptions).of(whole, "chair")
    numbers = {one: hours_of(getattr(need, one)) for one in ("low", "middle", "high")}
    days = {"from_day": short_date(whole.first), "to_day": short_date(whole.last)}
    told = say("staff.capacity.total", **numbers, **days)
    names = [one.name for one in view.planned]
    there = view.table.loc[(view.table["resource"] == "chair") & view.table["period"].isin(names), "open"]
    if there.isna().any():
        return say("staff.capacity.total_alone", told=told)
    return say("staff.capacity.total_open", told=told, open=hours_of(int(there.sum())))


def needed_cards(view: View) -> None:
    """A card for each resource that anything needs; chairs first."""
    for resource in MINUTES_OF:
        rows = view.table[view.table["resource"] == resource].reset_index(drop=True)
        rows = rows.assign(year_ago=view.year_ago[resource].array)
        if resource in ALWAYS_SHOWN or rows["high"].max() > 0:
            _card(view, resource, rows)


def _card(view: View, resource: str, rows: pd.DataFrame) -> None:
    words = f"staff.capacity.resource.{resource}"
    name = say(f"{words}.name")
    with st.container(key=f"card_needed_{resource}"):
        draw.html(tag("h2", name, cls="rr-h"), tag("p", say(f"{words}.words"), cls="rr-small"))
        nearest = (rows["high"] / rows["open"]).max()
        if resource not in ALWAYS_SHOWN and not pd.isna(nearest) and nearest < view.assumptions.matters_from:
            draw.html(tag("p", _far_from(view, rows), cls="rr-text"))
        else:
            drawn = rows if view.shows_last_year else rows.drop(columns="year_ago")
            figure = needed_and_open(drawn, hours_of)
            alt = say("staff.capacity.alt", resource=name, number=len(rows))
            st.plotly_chart(figure, key=f"needed_{resource}", theme=None, config=CONFIG, alt=alt)
        if resource == ALWAYS_SHOWN[0]:
            band = f"{view.assumptions.band * 100:.0f}"
            lines = [say("staff.capacity.legend", band=band)]
            if (rows["short"].fillna(0) > 0).any():
                lines.append(say("staff.capacity.legend_short"))
            if view.shows_last_year:
                lines.append(say("staff.capacity.legend_year_ago"))
            draw.html(tag("p", " ".join(lines), cls="rr-small"))
        table = [_row(view, row, place == 0) for place, row in enumerate(rows.to_dict("records"))]
        draw.html(draw.as_table(table, f"needed_{resource}"))


def _far_from(view: View, rows: pd.DataFrame) -> str:
    most = rows.loc[(rows["high"] / rows["open"]).idxmax()]
    told = {"most": hours_of(most["high"]), "open": hours_of(most["open"]), "step": view.step}
    return say("staff.capacity.far_from", **told)


def _row(view: View, row: Mapping[str, Any], first: bool) -> dict[str, object]:
    name = period_name(str(row["period"]))
    told = say("staff.capacity.so_far", period=name) if first else name
    numbers = {say(f"staff.capacity.{one}"): hours_of(row[one]) for one in ("booked", "low", "middle", "high")}
    unknown = pd.isna(row["open"])
    return {
        say(f"staff.capacity.period_{view.step}"): told,
        **numbers,
        say("staff.capacity.open"): say("staff.capacity.not_entered") if unknown else hours_of(row["open"]),
        say("staff.capacity.short"): "" if unknown else _short_by(row),
        say("staff.capacity.year_ago"): "" if pd.isna(row["year_ago"]) else hours_of(row["year_ago"]),
    }


def _short_by(row: Mapping[str, Any]) -> str:
    if row["short"]:
        return hours_of(row["short"])
    return say("staff.capacity.may_be_short") if row["high"] > row["open"] else ""


def hours_missing(view: View) -> None:
    """Where nobody has said when a shown location is open: says so, with the way to enter it. Else the way to change it."""
    missing = view.without_hours
    if missing:
        key = "no_hours_invented" if view.figures.invented else "no_hours"
        draw.note(say(f"staff.capacity.{key}", places=listed(missing)), kind="flag")
    if not view.figures.invented:
        words = say(f"staff.capacity.{'enter_hours' if missing else 'hours'}")
        with st.container(key="main_hours" if missing else "quiet_hours", width="content"):
            if st.button(words, key="to_hours"):
                shell.go("opening_hours")


def how_counted(view: View) -> None:
    """Everything that is assumed, one tap away."""
    book, assumptions = view.figures.book, view.assumptions
    spin = "spin_beside" if book.clinic.spin_during_numbing else "spin_before"
    fields = {
        "interval": interval(book).days,
        "late": assumptions.slip_days,
        "slips": f"{assumptions.slips * 100:.0f}",
        "spin": say(f"staff.capacity.counted.{spin}"),
        "band": f"{assumptions.band * 100:.0f}",
    }
    keys: Sequence[str] = ("booked", "first", "further", "ended", "late", "minutes", "band", "hours")
    lines = [tag("li", say(f"staff.capacity.counted.{key}", **fields)) for key in keys]
    with st.container(key="card_counted"):
        draw.html(draw.folded(say("staff.capacity.counted.title"), [tag("ul", *lines, cls="rr-steps")], "counted"))
