"""The manager's treatment mix: filters, numbers with their definitions, charts, and the same as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from medspa_core.practice.treatment_mix import (
    DEFINITIONS,
    MINIMUM,
    Facts,
    Mix,
    Share,
    agreement,
    by_concern,
    by_month,
    chosen,
    of_the_pair,
    recommended,
    taken,
)
from medspa_core.records import read_facts
from medspa_core.rulebook import Rulebook
from views.charts import treatment_mix as figures
from views.context import core_access
from views.context.words import say
from views.elements import draw
from views.elements.draw import Element, tag
from views.frame import shell

PERIODS = {"6": 6, "12": 12, "24": 24}
ALL = "all"
WHOSE = ("ours", "invented")


def facts() -> tuple[Facts, bool]:
    """The practice's own facts, or those of the invented one, never both in one figure; and whether they are invented.

    Where there are both, who looks says which, and sees their own first.
    """
    every = Facts(read_facts(core_access.store()))
    real, invented = (every.where(bool(demo) is which for demo in every.columns["demo"]) for which in (False, True))
    if not len(real) or not len(invented):
        return (real, False) if len(real) else (invented, bool(len(invented)))
    words = {key: say(f"staff.mix_whose_{key}") for key in WHOSE}
    with st.container(key="seg_box_whose", width="content"):
        whose = st.segmented_control(
            say("staff.mix_whose"), list(WHOSE), default=WHOSE[0], required=True, key="whose",
            format_func=words.__getitem__, label_visibility="collapsed", bind="query-params",
        )  # fmt: skip
    return (invented, True) if whose == WHOSE[1] else (real, False)


def empty() -> None:
    """Nothing was chosen yet: one sentence and one action."""
    with st.container(key="card_empty"):
        draw.html(tag("p", say("staff.mix_empty"), cls="mc-lead"))
        with st.container(key="main_start", width="content"):
            if st.button(say("staff.mix_start"), key="mix_start"):
                shell.go("home")


def filters(found: Facts, book: Rulebook) -> tuple[Facts, Facts, tuple[str, ...]]:
    """The facts of the period and concern asked for, those of the period before, and the months. Kept in the address."""
    periods = {key: say("staff.mix_months", number=key) for key in PERIODS}
    concerns = {key: _concern(book, key) for key in (ALL, *book.concerns)}
    with st.container(key="bar_filters", horizontal=True, vertical_alignment="bottom"):
        with st.container(key="seg_box_period", width="content"):
            period = st.segmented_control(
                say("staff.mix_period"), list(PERIODS), default="12", required=True, key="period",
                format_func=periods.__getitem__, bind="query-params",
            )  # fmt: skip
        with st.container(key="seg_box_concern", width="content"):
            concern = st.segmented_control(
                say("staff.mix_concern"), [ALL, *book.concerns], default=ALL, required=True, key="concern",
                format_func=concerns.__getitem__, bind="query-params",
            )  # fmt: skip
    if concern and concern != ALL:
        found = found.about(concern)
    months = found.months
    size = PERIODS[period or "12"]
    now, before = months[-size:], months[-2 * size : -size]
    earlier = found.between(before[0], before[-1]) if before else found.where(())
    return (found.between(now[0], now[-1]) if now else found.where(())), earlier, now


def _concern(book: Rulebook, key: str) -> str:
    return say("staff.mix_all") if key == ALL else book.questions["concern"].words.answers[key]


def numbers(now: Facts, before: Facts) -> None:
    """Four numbers, each with its definition and the period before."""
    counts = Share(len(now), len(now))
    cells = [
        _number(str(counts.count), _before(len(before)), "consultations"),
        _number(*_told(taken(now)), "taken"),
        _number(*_told(agreement(now)), "agreement"),
    ]
    with st.container(key="bar_numbers"):
        for place, cell in enumerate(cells):
            with st.container(key=f"card_mix_{place}"):
                draw.html(cell)


def _before(number: int) -> str:
    return say("staff.mix_before", number=number) if number else say("staff.mix_none_before")


def _told(share: Share) -> tuple[str, str]:
    """A share always comes with its count; below the minimum the count alone."""
    of = say("staff.mix_of", of=share.of)
    if share.share is None:
        return str(share.count), f"{of} · {say('staff.mix_count_only')}"
    return str(share.count), f"{of} · {share.share:.0%}"


def _number(value: str, beside: str, name: str) -> Element:
    title = tag("b", say(f"staff.mix_name_{name}"))
    number = tag("p", value, tag("small", beside), cls="mx-number")
    return tag("div", number, tag("p", title, " ", DEFINITIONS[name], cls="mx-def"))


def by_month_card(now: Facts, months: Sequence[str], book: Rulebook) -> None:
    """Recommended against chosen, month by month, one above the other on one scale."""
    with st.container(key="card_months"):
        for measure in ("recommended", "chosen"):
            mixes = by_month(now, months, measure)
            draw.html(
                tag("h2", say(f"staff.mix_name_{measure}"), cls="rr-h"), tag("p", DEFINITIONS[measure], cls="rr-small")
            )
            names, order = _names(book), order_of(book, measure)
            rows = mix_rows(mixes, order, names, say("staff.mix_month"))
            if all(mix.total < MINIMUM for mix in mixes.values()):
                _counts_only(rows)
                continue
            st.plotly_chart(
                figures.shares_by_month(mixes, order, names),
                key=f"months_{measure}", theme=None, config=figures.CONFIG, alt=_alt(measure, mixes),
            )  # fmt: skip
            draw.html(draw.as_table(rows, f"months_{measure}"))


def _counts_only(rows: Sequence[Mapping[str, object]]) -> None:
    """No group is large enough for a share: no empty axes, the counts themselves."""
    draw.html(tag("p", say("staff.mix_too_few", minimum=MINIMUM), cls="rr-text"), draw.table(rows))


def pair_card(now: Facts, book: Rulebook) -> None:
    """Of exosomes and PRP alone: what was pointed to, and what those clients picked."""
    pair = of_the_pair(now, book.model.pair)
    with st.container(key="card_pair"):
        counts = (DEFINITIONS["pair"], say("staff.mix_two_counts"))
        draw.html(
            tag("h2", say("staff.mix_name_pair"), cls="rr-h"), *[tag("p", text, cls="rr-small") for text in counts]
        )
        if not pair.total:
            draw.html(tag("p", say("staff.mix_no_pair"), cls="rr-text"))
            return
        names = {**_names(book), "close_call": say("staff.mix_close"), "other": say("staff.mix_other")}
        rows = [
            {say("staff.mix_pointed"): names.get(to, to), say("staff.mix_count"): str(number)}
            | {names[picked]: str(pair.chosen[to].get(picked, 0)) for picked in (*book.model.pair, "other")}
            for to, number in pair.pointed.items()
        ]
        if all(number < MINIMUM for number in pair.pointed.values()):
            _counts_only(rows)
            return
        figure = figures.of_the_pair(pair, book.model.pair, names)
        st.plotly_chart(figure, key="pair", theme=None, config=figures.CONFIG, alt=say("staff.mix_alt_pair"))
        draw.html(draw.as_table(rows, "pair"))


def concern_card(now: Facts, book: Rulebook) -> None:
    """Recommended and chosen by concern, of those that are asked for; shares with counts."""
    asked = st.session_state.get("concern", ALL)
    with st.container(key="card_concerns"):
        for measure in ("recommended", "chosen"):
            title = say("staff.mix_by_concern", measure=say(f"staff.mix_name_{measure}"))
            draw.html(tag("h2", title, cls="rr-h"), tag("p", say("staff.mix_below", minimum=MINIMUM), cls="rr-small"))
            each = by_concern(now, book.concerns if asked == ALL else (asked,), measure)
            mixes = {_concern(book, key): mix for key, mix in each.items()}
            if asked == ALL:
                mixes[say("staff.mix_all")] = recommended(now) if measure == "recommended" else chosen(now)
            draw.html(draw.table(mix_rows(mixes, order_of(book, measure), _names(book), say("staff.mix_concern"))))


def mix_rows(
    mixes: Mapping[str, Mix], order: Sequence[str], names: Mapping[str, str], first: str
) -> list[dict[str, object]]:
    """A table of counts; a share beside each only where there are enough."""
    rows: list[dict[str, object]] = []
    for group, mix in mixes.items():
        row: dict[str, object] = {first: group, say("staff.mix_count"): mix.total}
        for option in order:
            share = mix.share(option)
            row[names.get(option, option)] = (
                str(share.count) if share.share is None else f"{share.count} · {share.share:.0%}"
            )
        rows.append(row)
    return rows


def order_of(book: Rulebook, measure: str) -> tuple[str, ...]:
    """One fixed order, waiting at the bottom; recommended has those without a best on top."""
    return (*(("wait",) if measure == "chosen" else ()), *book.ranked, *(("none",) if measure == "recommended" else ()))


def _names(book: Rulebook) -> dict[str, str]:
    short = {option: file.short_name for option, file in book.options.items()}
    return {**short, "wait": say("staff.mix_wait"), "none": say("staff.mix_none")}


def _alt(measure: str, mixes: Mapping[str, Mix]) -> str:
    return say("staff.mix_alt", measure=say(f"staff.mix_name_{measure}"), months=len(mixes))
