"""The parts of screen 5: which chart, each chart in both orientations, its key and its table.

All three charts are on the page. The look shows the one whose word on the switch is on (result.css), so it is there at the tap,
before the server has heard of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from xml.etree.ElementTree import Element

import streamlit as st

from medspa_core.timeline import spins_during_numbing
from views.charts import calendar as calendar_figure
from views.charts import cost as cost_figure
from views.charts import visit as visit_figure
from views.charts.calendar import LANDSCAPE, PORTRAIT, Shape
from views.consultation.options import reasons
from views.context.words import say
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.redraw import screen_parts
from views.result import outcome
from views.result.outcome import Outcome
from views.session.open_consultation import Consultation

CALENDAR, VISIT, COST = "calendar", "visit", "cost"


def draw_charts(consultation: Consultation) -> None:
    """The heading with the switch, and the three charts; each is a part of its own, as two have a switch of their own."""
    reasons.trying(consultation)
    screen_parts.part(consultation, "title", lambda _: None, lambda _: _title())
    if not consultation.answers.get("concern"):
        _empty(over=consultation.finished)
        return
    for name, one in DRAWN.items():
        with st.container(key=f"chart_{name}"):
            screen_parts.part(consultation, name, outcome.shows, partial(_draw, one))


def _draw(one: Callable[[Outcome], None], consultation: Consultation) -> None:
    one(outcome.of(consultation))


def _title() -> None:
    """The heading and the switch between the three charts."""
    with st.container(key="bar_tltitle", horizontal=True, vertical_alignment="center"):
        draw.html(tag("h1", say("timeline.title"), cls="mc-title"), width="content")
        _switch("chart", tuple(DRAWN), CALENDAR, "timeline")


def _empty(*, over: bool) -> None:
    """Without a concern there is nothing to date; once the talk is over nobody is asked for one."""
    with st.container(key="card_empty"):
        draw.html(tag("p", say("empty.timeline_over" if over else "empty.timeline"), cls="mc-lead"))
        if over:
            return
        with st.container(key="main_start", width="content"):
            if st.button(say("empty.action"), key="start_with_you", icon=":material/arrow_back:"):
                shell.go("you")


def calendar(out: Outcome) -> None:
    """When each option would take place."""
    draw.html(tag("p", calendar_figure.lead(out), cls="mc-lead"))
    under = [_key(out), tag("p", calendar_figure.upkeep(out), cls="rr-small")] if out.timeline.open_rows else []
    table = draw.as_table(draw.turned(calendar_figure.table_rows(out)), CALENDAR)
    draw.html(_chart(CALENDAR, lambda shape: calendar_figure.calendar(out, shape)), *under, table)


def visit(out: Outcome) -> None:
    """One visit, minute by minute, with the switch for the spin."""
    book = out.book
    ours = spins_during_numbing(out.answers, book)
    with st.container(key="bar_tllead_visit", horizontal=True, vertical_alignment="center"):
        draw.html(tag("p", visit_figure.lead(out), cls="mc-lead"))
        start = "beside" if ours else "first"
        spins = visit_figure.spin_matters(out)
        beside = (_switch("spin", ("first", "beside"), start, "visit.spin", ours) if spins else start) == "beside"
    words = say("visit.note") + (f" {say('visit.note_dashed')}" if spins else "")
    under = [tag("p", words, cls="rr-small")] if out.timeline.open_rows else []
    table = draw.as_table(visit_figure.table_rows(out, beside), VISIT)
    draw.html(_chart(VISIT, lambda shape: visit_figure.visit_chart(out, beside, shape)), *under, table)


def cost(out: Outcome) -> None:
    """What has been paid by when, in money and in hours."""
    with st.container(key="bar_tllead_cost", horizontal=True, vertical_alignment="center"):
        unit = st.session_state.get("seg_unit") or cost_figure.MONEY
        draw.html(tag("p", cost_figure.lead(out, unit), cls="mc-lead"))
        unit = _switch("unit", (cost_figure.MONEY, cost_figure.HOURS), cost_figure.MONEY, "cost")
    under = (
        [_key(out, visits_only=True), tag("p", say("cost.upkeep"), cls="rr-small")] if out.timeline.open_rows else []
    )
    table = draw.as_table(cost_figure.table_rows(out), COST)
    draw.html(_chart(COST, lambda shape: cost_figure.cost_chart(out, unit, shape)), *under, table)


DRAWN: dict[str, Callable[[Outcome], None]] = {CALENDAR: calendar, VISIT: visit, COST: cost}
"""Each chart by its word on the switch, in the order of the switch, which the look counts by."""


def _chart(key: str, drawn: Callable[[Shape], Element]) -> Element:
    """The chart for both orientations."""
    return tag("div", draw.picture(drawn(LANDSCAPE), drawn(PORTRAIT)), cls=f"tl-card tl-card-{key}")


def _switch(name: str, options: tuple[str, ...], start: str, words: str, ours: bool | None = None) -> str:
    """A switch of one word each; one is always on."""

    labels = {option: _label(option, words, ours) for option in options}
    chosen = st.segmented_control(
        say("timeline.title"),
        options,
        default=start,
        required=True,
        format_func=labels.__getitem__,
        key=f"seg_{name}",
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(chosen or start)


def _label(option: str, words: str, ours: bool | None) -> str:
    """The word on one side of a switch; for the spin, whose way it is."""
    if ours is None:
        return say(f"{words}.{option}")
    whose = "ours" if (option == "beside") == ours else "studies" if option == "beside" else "other"
    return say(f"{words}_{option}") + say(f"visit.{whose}")


def _key(out: Outcome, *, visits_only: bool = False) -> Element:
    """What the marks mean: those that are drawn for this client."""
    rows = out.timeline.open_rows
    own_plan = any(row.own_plan for row in rows)
    signs = [("", "key_visits"), *([("hollow", "key_plan")] if own_plan else []), ("pale", "key_maybe")]
    if not visits_only:
        safe = [("tri", "key_safe")] if any(row.safe_start(row.counted) for row in rows) else []
        safe += [("tri2", "key_plan_safe")] if any(row.safe_start(row.own_plan) for row in rows) else []
        signs += [("red", "key_redness"), *safe, ("band", "key_band")]
    pieces = [tag("span", _sign(sign), say(f"timeline.{words}"), cls="k") for sign, words in signs]
    weeks = [] if visits_only else [tag("p", say("timeline.weeks_from"), cls="rr-small")]
    return draw.folded(say("timeline.key"), [tag("p", *pieces, cls="tl-key"), *weeks], "key")


def _sign(sign: str) -> Element:
    return tag("i", "\u200b", cls=sign, aria_hidden="true")
