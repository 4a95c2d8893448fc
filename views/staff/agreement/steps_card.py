"""How far consultations went: bars of the steps, the days between, where each is now, and the same by a cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.steps import STARTED, Step
from views.charts.figures import steps as charts
from views.charts.plotly_layout import CONFIG
from views.context.words import entry, say
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import tag
from views.staff.figures.facts import Figures
from views.staff.figures.mix_cards import heading, share_and_count

CUTS = ("provider", "location", "age_band", "returning", "concern")


def show(figures: Figures, kept: Asked) -> None:
    """All of what is kept, then by a cut of who looks."""
    found = figures.steps(kept)
    with st.container(key="card_steps"):
        heading(say("staff.steps.title"), say("staff.steps.lead"))
        if found[0].of >= found[1].metric.minimum:
            names = [_wrapped(step.metric.name) for step in found]
            shares = [1.0 if step.name == STARTED else step.share for step in found]
            figure = charts.steps(names, shares, [_beside(step) for step in found])
            st.plotly_chart(figure, key="agreement_steps", theme=None, config=CONFIG, alt=say("staff.steps.alt"))
        draw.html(
            tag("p", _young(found), cls="rr-small"),
            draw.table([_row(step) for step in found]),
            draw.explained(say("staff.steps.meaning"), {step.metric.name: step.metric.words for step in found}),
        )
        _outcomes(figures, kept, booked=found[3].recorded)
        _by(figures, kept, found)


def _wrapped(name: str) -> str:
    """A long name on two lines."""
    words = name.split()
    return name if len(name) <= 18 else f"{' '.join(words[:2])}<br>{' '.join(words[2:])}"


def _beside(step: Step) -> str:
    if not step.recorded:
        return say("staff.steps.not_recorded")
    if step.name == STARTED:
        return str(step.value)
    if not step.of:
        return say("staff.steps.none_old_enough")
    if step.share is None:
        return say("staff.steps.beside_few", value=step.value, of=step.of)
    return say("staff.steps.beside", value=step.value, of=step.of, share=f"{step.share:.0%}") + (
        "<br>" + say("staff.steps.beside_before", share=f"{step.value / step.before:.0%}")
        if step.before >= step.metric.minimum
        else ""
    )


def _young(found: Sequence[Step]) -> str:
    """What the later steps leave out, and from how many days on a consultation counts."""
    late = [step for step in found if step.recorded and step.metric.after_days]
    if not late:
        return say("staff.steps.later_not_recorded")
    named = [say("staff.steps.old_enough", name=one.metric.name, days=one.metric.after_days) for one in late]
    return say("staff.steps.young", those=", ".join(named))


def _row(step: Step) -> dict[str, object]:
    blank = (
        say("staff.steps.not_recorded") if not step.recorded else "" if step.of else say("staff.steps.none_old_enough")
    )
    first = step.name == STARTED
    before = f"{step.value} {say('staff.figures.of', of=step.before)}"
    if step.before >= step.metric.minimum:
        before += f" · {step.value / step.before:.0%}"
    likely = (
        ""
        if step.low is None or step.high is None
        else say("staff.figures.low_and_high", low=f"{step.low:.0%}", high=f"{step.high:.0%}")
    )
    of_all = f"{step.value} {say('staff.figures.of', of=step.of)}" + (
        "" if step.share is None else f" · {step.share:.0%}"
    )
    return {
        say("staff.steps.step"): step.metric.name,
        say("staff.steps.of_all"): blank or (str(step.value) if first else of_all),
        say("staff.figures.likely"): likely,
        say("staff.steps.of_before"): "" if blank or first else before,
        say("staff.steps.days"): "" if step.days is None else f"{step.days:.0f}",
        say("staff.steps.too_young"): "" if blank or first else str(step.too_young),
    }


def _outcomes(figures: Figures, kept: Asked, *, booked: bool) -> None:
    """Where each consultation is now: not yet and no are outcomes too. `booked`: whether bookings are recorded here."""
    metric = figures.metrics.metrics["outcomes"]
    told = {
        row["part"]: share_and_count(row) for row in figures.of(replace(kept, metric="outcomes")).to_dict("records")
    }
    names: dict[str, str] = dict(entry("staff.steps.outcome"))
    if not booked:
        names["not_booked"] = say("staff.steps.not_booked_unknown")
    rows: list[dict[str, object]] = [
        {metric.name: name, say("staff.figures.consultations"): told.get(part, "0")}
        for part, name in names.items()
        if booked or part in told
    ]
    heading(metric.name, metric.words)
    draw.html(draw.table(rows))


def _by(figures: Figures, kept: Asked, found: Sequence[Step]) -> None:
    """The same steps for each group of a cut, kept in the address."""
    several = [cut for cut in CUTS if len(figures.of(replace(kept, metric=STARTED, by=(cut,)))) > 1]
    if not several:
        return
    heading(say("staff.steps.by_title"), say("staff.steps.by_lead", minimum=found[1].metric.minimum))
    with st.container(key="filter_box_steps_by", width=260):
        cut = in_a_list(
            say("staff.agreement.by"),
            {one: figures.metrics.cuts[one].name for one in several},
            "steps_by",
            bind="query-params",
        )
    columns = {}
    for step in found:
        table = figures.of(replace(kept, metric=step.name, by=(cut,))) if step.recorded else pd.DataFrame()
        columns[step.metric.name] = {_key(row[cut]): share_and_count(row) for row in table.to_dict("records")}
    groups = figures.of(replace(kept, metric=STARTED, by=(cut,)))[cut]
    missing = {
        step.metric.name: say(f"staff.steps.{'none_old_enough' if step.recorded else 'not_recorded'}") for step in found
    }
    rows: list[dict[str, object]] = []
    for group in groups:
        cells = {name: told.get(_key(group), missing[name]) for name, told in columns.items()}
        rows.append({figures.metrics.cuts[cut].name: figures.name(cut, group), **cells})
    draw.html(draw.table(rows))


def _key(group: object) -> str:
    return "" if pd.isna(group) else str(group)
