"""The manager's treatment mix: filters, numbers with their definitions, charts, and the same as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st
from plotly.graph_objects import Figure

from medspa_core.practice import treatment_mix
from medspa_core.practice.treatment_mix import DEFINITIONS, MINIMUM, Facts, Mix, Share
from medspa_core.records import read_facts
from medspa_core.rulebook import Rulebook
from views.charts import treatment_mix as figures
from views.context import core_access
from views.context.words import say
from views.elements import draw
from views.elements.draw import Element, tag
from views.frame import shell

PERIODS = ("6", "12", "24")
"""Months."""
ALL = "all"
WHOSE = ("ours", "invented")
MEASURES = {"recommended": treatment_mix.recommended, "chosen": treatment_mix.chosen}
Rows = Sequence[Mapping[str, object]]


def facts() -> tuple[Facts, bool]:
    """The practice's own facts, or those of the invented one, never both in one figure; and whether they are invented.

    Where there are both, who looks says which, and sees their own first.
    """
    every = Facts(read_facts(core_access.store()))
    real, invented = (every.where(bool(demo) is which for demo in every.columns["demo"]) for which in (False, True))
    if not len(real) or not len(invented):
        return (real, False) if len(real) else (invented, bool(len(invented)))
    words = {key: say(f"staff.mix_whose_{key}") for key in WHOSE}
    whose = _one_of("whose", words, WHOSE[0], label_visibility="collapsed")
    return (invented, True) if whose == WHOSE[1] else (real, False)


def _one_of(key: str, words: Mapping[str, str], first: str, **look: Any) -> str:
    """A filter that is kept in the address."""
    with st.container(key=f"seg_box_{key}", width="content"):
        label, answers = say(f"staff.mix_{key}"), list(words)
        tapped = st.segmented_control(
            label,
            answers,
            default=first,
            required=True,
            key=key,
            format_func=words.__getitem__,
            bind="query-params",
            **look,
        )
    return tapped or first


def empty() -> None:
    """Nothing was chosen yet: one sentence and one action."""
    with st.container(key="card_empty"):
        draw.html(tag("p", say("staff.mix_empty"), cls="mc-lead"))
        with st.container(key="main_start", width="content"):
            if st.button(say("staff.mix_start"), key="mix_start"):
                shell.go("home")


def filters(found: Facts, book: Rulebook) -> tuple[Facts, Facts, tuple[str, ...]]:
    """The facts of the period and concern asked for, those of the period before, and the months. Kept in the address."""
    periods = {months: say("staff.mix_months", number=months) for months in PERIODS}
    concerns = {key: _concern(book, key) for key in (ALL, *book.concerns)}
    with st.container(key="bar_filters", horizontal=True, vertical_alignment="bottom"):
        period, concern = _one_of("period", periods, "12"), _one_of("concern", concerns, ALL)
    if concern != ALL:
        found = found.about(concern)
    months = found.months
    size = int(period)
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
        _number(*_told(treatment_mix.taken(now)), "taken"),
        _number(*_told(treatment_mix.agreement(now)), "agreement"),
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
        for measure in MEASURES:
            mixes = treatment_mix.by_month(now, months, measure)
            draw.html(
                tag("h2", say(f"staff.mix_name_{measure}"), cls="rr-h"), tag("p", DEFINITIONS[measure], cls="rr-small")
            )
            names, order = _names(book), order_of(book, measure)
            rows = mix_rows(mixes, order, names, say("staff.mix_month"))
            if _enough(rows, [mix.total for mix in mixes.values()]):
                alt = say("staff.mix_alt", measure=say(f"staff.mix_name_{measure}"), months=len(mixes))
                _chart(figures.shares_by_month(mixes, order, names), rows, f"months_{measure}", alt)


def _enough(rows: Rows, counts: Iterable[int]) -> bool:
    """Whether a group is large enough for a share; else no empty axes, the counts themselves."""
    if all(number < MINIMUM for number in counts):
        draw.html(tag("p", say("staff.mix_too_few", minimum=MINIMUM), cls="rr-text"), draw.table(rows))
        return False
    return True


def _chart(figure: Figure, rows: Rows, key: str, alt: str) -> None:
    st.plotly_chart(figure, key=key, theme=None, config=figures.CONFIG, alt=alt)
    draw.html(draw.as_table(rows, key))


def pair_card(now: Facts, book: Rulebook) -> None:
    """Of exosomes and PRP alone: what was pointed to, and what those clients picked."""
    pair = treatment_mix.of_the_pair(now, book.model.pair)
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
        if _enough(rows, pair.pointed.values()):
            _chart(figures.of_the_pair(pair, book.model.pair, names), rows, "pair", say("staff.mix_alt_pair"))


def concern_card(now: Facts, book: Rulebook) -> None:
    """Recommended and chosen by concern, of those that are asked for; shares with counts."""
    asked = st.session_state.get("concern", ALL)
    with st.container(key="card_concerns"):
        for measure, of_all in MEASURES.items():
            title = say("staff.mix_by_concern", measure=say(f"staff.mix_name_{measure}"))
            draw.html(tag("h2", title, cls="rr-h"), tag("p", say("staff.mix_below", minimum=MINIMUM), cls="rr-small"))
            each = treatment_mix.by_concern(now, book.concerns if asked == ALL else (asked,), measure)
            mixes = {_concern(book, key): mix for key, mix in each.items()}
            if asked == ALL:
                mixes[say("staff.mix_all")] = of_all(now)
            draw.html(draw.table(mix_rows(mixes, order_of(book, measure), _names(book), say("staff.mix_concern"))))


def mix_rows(
    mixes: Mapping[str, Mix], order: Sequence[str], names: Mapping[str, str], first: str
) -> list[dict[str, object]]:
    """A table of counts; a share beside each only where there are enough."""
    rows: list[dict[str, object]] = []
    for group, mix in mixes.items():
        shares = {names.get(option, option): mix.share(option) for option in order}
        told = {
            name: f"{one.count}" if one.share is None else f"{one.count} · {one.share:.0%}"
            for name, one in shares.items()
        }
        rows.append({first: group, say("staff.mix_count"): mix.total, **told})
    return rows


def order_of(book: Rulebook, measure: str) -> tuple[str, ...]:
    """One fixed order, waiting at the bottom; recommended has those without a best on top."""
    return (*(("wait",) if measure == "chosen" else ()), *book.ranked, *(("none",) if measure == "recommended" else ()))


def _names(book: Rulebook) -> dict[str, str]:
    short = {option: file.short_name for option, file in book.options.items()}
    return {**short, "wait": say("staff.mix_wait"), "none": say("staff.mix_none")}
