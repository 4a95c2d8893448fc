"""The page of the week: one line of what is different, then a tile a number, always in the same order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import streamlit as st

from medspa_core.practice.control_chart import BASE_WEEKS, WEEKS, Mark
from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.metrics import Metric
from medspa_core.practice.weeks import LEAST_A_WEEK, OfTheWeek, asked_for, last_weeks, number_of, of_the_week
from views.charts.figures.weekly import weekly
from views.charts.plotly_layout import CONFIG
from views.context.words import long_date, say, short_date
from views.elements import draw
from views.elements.draw import Element, tag
from views.staff.figures.facts import Figures

Tiles = dict[str, OfTheWeek]
Where = tuple[tuple[str, str], ...]


def numbers(figures: Figures, today: date, where: Where = ()) -> Tiles:
    """Every number of the page that is recorded here, of the facts that are kept."""
    weeks = last_weeks(today)
    return {
        key: of_the_week(figures.of(replace(asked_for(key, weeks), where=where)), entry, weeks)
        for key, entry in figures.metrics.of_the_week
        if figures.is_recorded(key)
    }


def all_weeks(today: date, where: Where) -> Asked:
    """The facts of all weeks that are looked at."""
    return replace(asked_for("consultations", last_weeks(today)), by=(), where=where)


def lead(today: date) -> str:
    """Which week it is about."""
    sunday = date.fromisoformat(last_weeks(today)[-1]) + timedelta(days=6)
    return say("staff.figures.monday.lead", day=long_date(sunday), weeks=WEEKS)


def what_is_different(found: Tiles, not_recorded: int) -> None:
    """What changed, named; then how many are as usual, have too few to say, or are not recorded."""
    kinds = [one.mark.kind for one in found.values()]
    news = [in_line(one) for one in found.values() if one.mark.kind in ("changed", "stands_out")]
    first = (
        say("staff.figures.monday.different", those=", ".join(news)) if news else say("staff.figures.monday.nothing")
    )
    rest = [
        say(f"staff.figures.monday.{what}_{'one' if number == 1 else 'many'}", number=number)
        for what, number in (
            ("usual", kinds.count("ordinary")),
            ("few", kinds.count("too_few")),
            ("not_recorded", not_recorded),
        )
        if number
    ]
    draw.html(tag("p", " ".join([first, *rest]), cls="mc-lead"))


def in_line(one: OfTheWeek) -> str:
    """What differs about this number, and since when."""
    week = number_of(one.mark.week)
    return say(f"staff.figures.monday.in_line_{one.mark.kind}", name=one.metric.name, more=_way(one.mark), week=week)


def _way(mark: Mark) -> str:
    return say(f"staff.figures.monday.{'more' if mark.more else 'fewer'}")


def tiles(figures: Figures, found: Tiles) -> None:
    """One tile a number, in the one fixed order; what is not recorded here stands below them, as a quiet list."""
    with st.container(key="bar_weeks"):
        for key, one in found.items():
            with st.container(key=f"card_week_{key}"):
                _tile(figures, key, one)
    if missing := [entry for key, entry in figures.metrics.of_the_week if key not in found]:
        with st.container(key="card_week_missing"):
            draw.html(
                tag("p", tag("b", say("staff.figures.monday.not_recorded")), cls="mx-def"),
                *[_definition(entry) for entry in missing],
            )


def _tile(figures: Figures, key: str, one: OfTheWeek) -> None:
    draw.html(_head(*_number(figures, one), one.metric))
    if one.chart is None:
        words = "count_only_hours" if one.metric.is_rate else "count_only"
        told = say(f"staff.figures.monday.{words}", number=one.in_all, weeks=WEEKS, least=LEAST_A_WEEK)
        draw.html(_frame(told), _mark("too_few", say("staff.figures.monday.too_few")))
        return
    weeks = [
        say("staff.figures.monday.week", week=number_of(week)) for week in (one.chart.weeks[0], one.chart.weeks[-1])
    ]
    mark = _mark_words(one)
    figure = weekly(one.chart, partial(figures.as_read, one.metric), *weeks)
    alt = say("staff.figures.monday.alt", name=one.metric.name, mark=mark)
    st.plotly_chart(figure, key=f"week_{key}", theme=None, config=CONFIG, alt=alt)
    draw.html(_mark(one.mark.kind, mark))


def _number(figures: Figures, one: OfTheWeek) -> tuple[str, str]:
    """The number of the last week, and what stands small beside it."""
    metric = one.metric
    if metric.is_rate:
        number = "–" if one.rate is None else figures.as_read(metric, one.rate)
        per_hour = metric.unit == "money_per_hour" and one.rate is not None
        return number, say("staff.figures.monday.an_hour") if per_hour else ""
    if metric.unit == "share":
        share = "" if one.share is None else f" · {one.share:.0%}"
        return f"{one.value or 0:.0f}", say("staff.figures.of", of=one.of) + share
    if one.value is None:
        return "–", ""
    return figures.as_read(metric, one.value), say("staff.figures.monday.days") if metric.unit == "days" else ""


def _head(value: str, beside: str, entry: Metric) -> Element:
    return tag("div", tag("p", value, tag("small", beside), cls="mx-number"), _definition(entry))


def _definition(entry: Metric) -> Element:
    return tag("p", tag("b", f"{entry.name}."), " ", entry.words, cls="mx-def")


def _frame(text: str) -> Element:
    return tag("div", text, cls="mx-few")


def _mark(kind: str, words: str) -> Element:
    return tag("p", tag("b", words) if kind in ("changed", "stands_out") else words, cls="mx-mark")


def _mark_words(one: OfTheWeek) -> str:
    mark = one.mark
    if mark.kind == "ordinary" and one.chart is not None and one.chart.signals:
        weeks = sorted(one.chart.signals)
        if len(weeks) == 1:
            return say("staff.figures.monday.ordinary_since", week=number_of(weeks[0]))
        return say("staff.figures.monday.ordinary_now", first=number_of(weeks[0]), last=number_of(weeks[-1]))
    if mark.kind == "ordinary":
        return say("staff.figures.monday.ordinary")
    told = say(f"staff.figures.monday.{mark.kind}", week=number_of(mark.week), more=_way(mark))
    if one.metric.good == "none":
        return told
    way = "better" if (one.metric.good == "more") == mark.more else "worse"
    return f"{told}, {say(f'staff.figures.monday.{way}')}"


def legend(figures: Figures, found: Tiles, today: date) -> None:
    """What the charts show, and all of them as one table."""
    weeks = last_weeks(today)
    drawn = {key: one for key, one in found.items() if one.chart is not None}
    rows: list[dict[str, object]] = [_row(figures, week, drawn) for week in weeks]
    first, last = number_of(weeks[0]), number_of(weeks[BASE_WEEKS - 1])
    draw.html(
        tag("p", say("staff.figures.monday.legend", first=first, last=last), cls="rr-small"),
        tag("p", say("staff.figures.monday.below"), cls="rr-small"),
        *([draw.as_table(rows, "weeks")] if drawn else []),
    )


def _row(figures: Figures, week: str, drawn: Tiles) -> dict[str, object]:
    row: dict[str, object] = {
        say("staff.figures.monday.all"): f"{number_of(week)} · {short_date(date.fromisoformat(week))}"
    }
    for one in drawn.values():
        assert one.chart is not None
        values = dict(zip(one.chart.weeks, one.chart.values, strict=True))
        value = values.get(week)
        shown = "–" if value is None else figures.as_read(one.metric, value)
        row[one.metric.name] = f"{shown} *" if week in one.chart.signals else shown
    return row
