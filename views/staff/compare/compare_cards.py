"""The three cards of Compare: when, one visit, and cost over time; each a chart with its key, and the same as a table."""

from __future__ import annotations

import streamlit as st

from medspa_core import offer
from medspa_core.rulebook import CLINIC
from medspa_core.timeline import Plan, Row, band_of
from medspa_core.wording.states import short_why
from views.charts.calendar_words import weeks_of
from views.charts.compare.cost import cost_figure
from views.charts.compare.timeline import time_figure, visits_range
from views.charts.compare.visit import visit_figure
from views.charts.plotly_layout import CONFIG
from views.context import core_access
from views.context.words import counted, say
from views.elements import draw
from views.elements.draw import Element, tag
from views.result.compared import Compared


def notes(found: Compared) -> None:
    """What has to be known before the charts are read: a date before the first day, and an option that is not given here."""
    event = found.picked.event
    if event and event < found.timeline.start:
        draw.note(say("compare.before_first", my_date=found.day(event), first_day=found.day(found.timeline.start)))
    for row in found.rows:
        if row.excluded:
            draw.note(say("compare.not_here", option=found.short(row.option), why=short_why(found.told, row.option)))


def time_card(found: Compared) -> None:
    """When each option would take place."""
    with st.container(key="card_compare_time"):
        _chart(time_figure(found), "compare_time", say("compare.alt_time", each=_each(found)))
        draw.html(*_key(found), draw.as_table(draw.turned(time_rows(found)), "compare_time"))


def _chart(figure: object, key: str, alt: str) -> None:
    st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alt)


def _each(found: Compared) -> str:
    return ", ".join(f"{found.short(row.option)} {_visits(row.counted)}" for row in found.rows)


def _visits(plan: Plan | None) -> str:
    return counted("card.visit_count", plan.typical) if plan else say("compare.none")


def _key(found: Compared) -> list[Element]:
    """What the marks mean; why our own plan is not counted, or that it is; and what is the same for both."""
    signs = [("", say("compare.key.counted")), ("pale", say("compare.key.maybe")), ("red", _redness(found))]
    own = any(row.own_plan for row in found.rows)
    signs += [("hollow", say("compare.key.plan"))] if own else []
    signs.append(("band", say("compare.key.band")))
    pieces = [tag("span", tag("i", "\u200b", cls=sign, aria_hidden="true"), words, cls="k") for sign, words in signs]
    told = [say("compare.plan_counted")] if found.picked.basis == CLINIC else [say("studied.plan")] if own else []
    same = [name for name, bands in _bands(found).items() if len(bands) == 1]
    shared = say("compare.shared.both" if len(same) > 1 else f"compare.shared.{same[0]}") if same else ""
    flag = [tag("p", draw.icon("flag"), tag("span", text), cls="rc-flagnote") for text in told]
    return [tag("p", *pieces, cls="tl-key"), *flag, *([tag("p", shared, cls="rr-small")] if shared else [])]


def _redness(found: Compared) -> str:
    """With its days, where they are the same for both."""
    days = {say("card.days", low=red.low, high=red.high) for row in found.rows if (red := row.redness)}
    return say("compare.key.redness_days", days=days.pop()) if len(days) == 1 else say("compare.key.redness")


def _bands(found: Compared) -> dict[str, tuple[object, ...]]:
    return {"first": found.timeline.first_change, "best": found.timeline.at_its_best}


def time_rows(found: Compared) -> list[dict[str, str]]:
    """The same fields for both."""
    return [_time_row(found, row) for row in found.rows]


def _time_row(found: Compared, row: Row) -> dict[str, str]:
    change, best = (band_of(bands, row.option) for bands in (found.timeline.first_change, found.timeline.at_its_best))
    sessions = row.counted.sessions if row.counted else ()
    own, red = row.own_plan, row.redness
    told = {
        "option": found.short(row.option),
        "visits": visits_range(row.counted) if row.counted else "",
        "counted": ", ".join(found.day(one.day) for one in sessions if one.usual),
        "maybe": ", ".join(found.day(one.day) for one in sessions if not one.usual),
        "plan": visits_range(own) if own else "",
        "redness": say("card.days", low=red.low, high=red.high) if red else "",
        "first": weeks_of(change) if change else "",
        "best": weeks_of(best) if best else "",
    }
    return {say(f"compare.table.{name}"): value or say("compare.none") for name, value in told.items()}


def visit_and_cost(found: Compared) -> None:
    """One visit and cost over time, beside each other where there is room."""
    with st.grid(2, min_column_width=400, gap="small", key="compare_two"):
        visit_card(found)
        cost_card(found)


def visit_card(found: Compared) -> None:
    """One visit, step by step."""
    with st.container(key="card_compare_visit", height="stretch"):
        whose = say(f"compare.minutes_{found.whose_minutes}")
        way = say("compare.spin_beside" if found.spins_beside else "compare.spin_first")
        draw.html(tag("h2", say("compare.one_visit"), cls="rr-h"), tag("p", f"{whose} {way}", cls="rr-small"))
        each = ", ".join(
            f"{found.short(one)} {say('visit.minutes', number=found.visit(one).typical)}" for one in found.order
        )
        _chart(visit_figure(found), "compare_visit", say("compare.alt_visit", each=each))
        draw.html(draw.as_table(visit_rows(found), "compare_visit"))


def visit_rows(found: Compared) -> list[dict[str, str]]:
    """Each step of both visits with its minutes, and the whole."""
    rows = []
    for option in found.order:
        visit = found.visit(option)
        steps = {found.book.protocol.steps[one.step].said.name: f"{one.minutes}" for one in visit.steps}
        whole = f"{visit.typical} ({say('card.range', low=visit.low, high=visit.high)})"
        for name, minutes in {**steps, say("compare.whole"): whole}.items():
            told = (found.short(option), name, minutes)
            rows.append(dict(zip(map(say, STEP_COLUMNS), told, strict=True)))
    return rows


STEP_COLUMNS = ("compare.table.option", "compare.table.step", "compare.table.minutes")


def cost_card(found: Compared) -> None:
    """What a course comes to, visit by visit."""
    with st.container(key="card_compare_cost", height="stretch"):
        lead = [say("compare.cost_lead")]
        if offer.latest_offer(core_access.store()) is None:
            lead.append(say("compare.example_prices"))
        draw.html(
            tag("h2", say("compare.cost"), cls="rr-h"),
            tag("p", " ".join(lead), cls="rr-small"),
            tag("div", *[_cost(found, row) for row in found.rows], cls="cm-costs"),
        )
        each = ", ".join(
            f"{row[say('compare.table.option')]} {row[say('compare.table.course')]}" for row in cost_rows(found)
        )
        _chart(cost_figure(found), "compare_cost", say("compare.alt_cost", each=each))
        draw.html(draw.as_table(cost_rows(found), "compare_cost"))


def _cost(found: Compared, row: Row) -> Element:
    """The sum of the usual visits and how far it may go; under it our own plan."""
    told = _sums(found, row)
    name = tag(
        "p", draw.option_mark(row.option), tag("b", f"{found.short(row.option)} {told['course']}"), cls="rr-text"
    )
    upper = tag("p", say("compare.up_to", money=told["most"]), cls="rr-small")
    own = tag("p", draw.icon("flag"), tag("span", say("compare.plan_cost", money=told["plan"])), cls="rc-flagnote")
    return tag("div", name, upper, *([own] if any(one.own_plan for one in found.rows) else []))


def _sums(found: Compared, row: Row) -> dict[str, str]:
    money, counted_plan, own = found.told.money, row.counted, row.own_plan
    none = say("compare.none")
    return {
        "a_visit": money(found.book.clinic.prices[row.option].amount),
        "course": money(counted_plan.cost) if counted_plan else none,
        "most": money(counted_plan.high * counted_plan.price) if counted_plan else none,
        "plan": say("card.range", low=money(own.low * own.price), high=money(own.high * own.price)) if own else none,
    }


def cost_rows(found: Compared) -> list[dict[str, str]]:
    """The same fields for both."""
    return [
        {say("compare.table.option"): found.short(row.option)}
        | {
            say(f"compare.table.{name}"): told
            for name, told in _sums(found, row).items()
            if name != "plan" or row.own_plan
        }
        for row in found.rows
    ]
