"""The cards of the treatment mix: numbers with their definitions, charts and their tables, and what is more than chance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from medspa_core.practice.chance import Difference, against_the_rest, difference
from medspa_core.practice.metric_tables import period_of
from medspa_core.practice.metrics import Metric
from views.charts.figures import treatment_mix as charts
from views.charts.plotly_layout import CONFIG
from views.context.words import say
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.elements.draw import Element, tag
from views.frame import shell
from views.staff.figures.facts import Figures
from views.staff.figures.filters import CUTS, FREQUENCIES, View, step_name

NUMBERS = ("consultations", "taken", "agreement")
COMPARED = ("exosomes", "taken", "agreement")
"""Shares in which groups are held against one another."""


def empty() -> None:
    """Nothing was chosen yet: one sentence and one action."""
    with st.container(key="card_empty"):
        draw.html(tag("p", say("staff.figures.empty"), cls="mc-lead"))
        with st.container(key="main_start", width="content"):
            if st.button(say("staff.figures.start"), key="mix_start"):
                shell.go("home")


def numbers(figures: Figures, view: View) -> None:
    """Three numbers, each with its definition, what chance leaves it, and the period before."""
    with st.container(key="bar_numbers"):
        for metric in NUMBERS:
            now, before = (figures.of(view.ask(metric, before=earlier)).iloc[0] for earlier in (False, True))
            with st.container(key=f"card_mix_{metric}"):
                lines = [tag("p", line, cls="mx-def") for line in not_narrowed(view, metric)]
                draw.html(_number(figures, metric, now, before, _before_what(view)), *lines)


def _number(figures: Figures, metric: str, now: pd.Series, before: pd.Series, what: str) -> Element:
    entry = figures.metrics.metrics[metric]
    beside = _beside(now) if entry.unit == "share" else ""
    number = tag("p", f"{now['value']:.0f}", tag("small", beside), cls="mx-number")
    lines = [_before(entry.unit, before, what)]
    if entry.unit == "share" and not pd.isna(now["share"]):
        lines.insert(0, say("staff.figures.chance", low=f"{now['low']:.0%}", high=f"{now['high']:.0%}"))
    words = tag("p", tag("b", f"{entry.name}."), " ", entry.words, cls="mx-def")
    return tag("div", number, *[tag("p", line, cls="mx-def") for line in lines], words)


def _beside(row: pd.Series) -> str:
    of = say("staff.figures.of", of=f"{row['of']:.0f}")
    return f"{of} · {say('staff.figures.count_only') if pd.isna(row['share']) else format(row['share'], '.0%')}"


def _before_what(view: View) -> str:
    """What a number is held against: the period before, or where one step is picked the step before it."""
    return say(f"staff.figures.before_what.{view.step if view.of_step else 'period'}")


def _before(unit: str, row: pd.Series, what: str) -> str:
    if not row["of"]:
        return say("staff.figures.before_none", what=what)
    if unit == "share":
        told = share_and_count(row) if row["of"] else ""
        return say("staff.figures.before_share", share=told, what=what)
    return say("staff.figures.before_count", number=f"{row['value']:.0f}", what=what)


def share_and_count(row: Mapping[str, Any] | pd.Series) -> str:
    """52 · 24%; below the minimum the count alone."""
    count = f"{row['value']:.0f}"
    return count if pd.isna(row["share"]) else f"{count} · {row['share']:.0%}"


def not_narrowed(view: View, *metrics: str) -> list[str]:
    """Which filters this card leaves out, as they make no sense of it."""
    left_out = view.left_out(*metrics)
    return [say("staff.figures.not_narrowed", those=", ".join(left_out))] if left_out else []


def counts_at(view: View, what: str) -> str:
    """Where the number of each step stands, and of what."""
    if len(view.steps) <= charts.MOST_NAMED:
        return say("staff.figures.counts_under", what=what)
    if len(view.steps) <= charts.MOST_COUNTED:
        return say("staff.figures.counts_above", what=what)
    return say("staff.figures.counts_table")


def heading(name: str, *words: str) -> None:
    """What a card is about, and what its numbers mean."""
    draw.html(tag("h2", name, cls="rr-h"), *[tag("p", text, cls="rr-small") for text in words])


def _chart(figure: object, key: str, alt: str) -> None:
    with st.container(key=f"chart_{key}"):
        st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alt)


def counts_only(rows: Sequence[Mapping[str, object]], minimum: object) -> None:
    """No group is large enough for a share: no empty axes, the counts themselves."""
    draw.html(tag("p", say("staff.figures.too_few", minimum=minimum), cls="rr-text"), draw.table(rows))


def order_of(figures: Figures, metric: str) -> tuple[str, ...]:
    """One fixed order, waiting at the bottom; what was recommended has those without a best on top. Nobody books waiting."""
    ranked = tuple(figures.book.ranked)
    if figures.metrics.metrics[metric].split == "option":
        return ranked
    return (*ranked, "none") if metric == "recommended" else ("wait", *ranked)


def mix_rows(
    figures: Figures, metric: Metric, found: pd.DataFrame, groups: Sequence[str], order: Sequence[str], whole: str
) -> list[dict[str, object]]:
    """A table of counts or sums; a share beside each only where there are enough. `whole`: what the sum of a row is called."""
    cut, names = str(found.columns[0]), {part: figures.name(metric.split, part) for part in order}
    cells = {(row[cut], row["part"]): row for row in found.to_dict("records")}
    wholes = found.groupby(cut, dropna=False)["value"].sum(min_count=1)
    return [
        {
            figures.metrics.cuts[cut].name: step_name(group) if cut in FREQUENCIES else figures.name(cut, group),
            whole: figures.as_read(metric, wholes.get(group, 0)),
            **{names[part]: _in_a_cell(figures, metric, cells.get((group, part))) for part in order},
        }
        for group in groups
    ]


def _in_a_cell(figures: Figures, metric: Metric, row: Mapping[Hashable, Any] | None) -> str:
    if row is None:
        return figures.as_read(metric, 0)
    told = figures.as_read(metric, row["value"])
    return told if pd.isna(row["share"]) else f"{told} · {row['share']:.0%}"


def line_card(figures: Figures, view: View) -> None:
    """The share of exosomes among what was chosen, with what chance leaves it, and the last quarter against others."""
    entry = figures.metrics.metrics["exosomes"]
    found = figures.of(view.ask("exosomes", view.step))
    with st.container(key="card_line"):
        heading(entry.name, entry.words, *not_narrowed(view, "exosomes"))
        if found["share"].isna().all():
            draw.html(tag("p", say("staff.figures.too_few", minimum=entry.minimum), cls="rr-text"))
        else:
            _chart(charts.share_line(found, view.steps), "exosomes", say("staff.figures.alt_line", measure=entry.name))
            rows = [_line_row(figures, view.step, row) for row in found.to_dict("records")]
            told = f"{say('staff.figures.band')} {counts_at(view, say('staff.figures.counted_of.clients'))}"
            draw.html(tag("p", told, cls="rr-small"), draw.as_table(rows, "exosomes"))
        _quarters(figures, view)


def _line_row(figures: Figures, cut: str, row: Mapping[str, Any]) -> dict[str, object]:
    ends = {end: f"{row[end]:.0%}" for end in ("low", "high") if not pd.isna(row[end])}
    return {
        figures.metrics.cuts[cut].name: step_name(row[cut]),
        say("staff.figures.consultations"): row["of"],
        figures.metrics.metrics["exosomes"].name: share_and_count(row),
        say("staff.figures.likely"): say("staff.figures.low_and_high", **ends) if ends else "",
    }


def _quarters(figures: Figures, view: View) -> None:
    """The last whole quarter against the one before and the one a year earlier, each with what chance alone would do."""
    last = pd.Period(view.now.last_day, freq="Q")
    last = last if str(last.end_time.date()) <= view.now.last_day else last - 1
    named = {ago: period_of((last - ago).start_time.date(), "quarter") for ago in (-1, 0, 1, 4)}
    every = figures.of(replace(view.ask("chosen", "quarter"), first_day="", last_day=view.now.last_day))
    heading(say("staff.figures.quarters"), say("staff.figures.quarters_lead"))
    minimum = figures.metrics.metrics["chosen"].minimum
    if every.loc[every["quarter"] == named[0], "value"].sum() < minimum:
        draw.html(tag("p", say("staff.figures.quarters_none", minimum=minimum), cls="rr-text"))
        return
    counted = {key: group.set_index("part")["value"] for key, group in every.groupby("quarter")}
    rows = [_quarter_row(figures, counted, named, part, minimum) for part in order_of(figures, "chosen")]
    draw.html(tag("p", _rising(figures, view, named), cls="rr-text"), draw.table(rows))


def _rising(figures: Figures, view: View, named: Mapping[int, str]) -> str:
    """What the card is about in sentences: last quarter against the one before, and this quarter so far against it."""
    metric = figures.metrics.metrics["exosomes"]
    found = figures.of(replace(view.ask("exosomes", "quarter"), first_day="", last_day=view.now.last_day))
    by_quarter = found.set_index("quarter")[["value", "of"]].astype(int)
    now, before, running = (
        (int(by_quarter.loc[named[ago], "value"]), int(by_quarter.loc[named[ago], "of"]))
        if named[ago] in by_quarter.index
        else (0, 0)
        for ago in (0, 1, -1)
    )
    change = _changed(difference(now, before)) if before[1] >= metric.minimum else say("staff.figures.too_few_to_say")
    quarters = {"quarter": step_name(named[0]), "before": step_name(named[1]), "running": step_name(named[-1])}
    told = [say("staff.figures.rising", name=metric.name, share=_of_all(now), change=change, **quarters)]
    if running[1] >= metric.minimum:
        now_so = {"share": _of_all(running), "change": _changed(difference(running, now))}
        told.append(say("staff.figures.rising_now", **now_so, **quarters))
    return " ".join(told)


def _of_all(counted: tuple[int, int]) -> str:
    """25 of 106 · 24%."""
    return f"{counted[0]} {say('staff.figures.of', of=counted[1])} · {counted[0] / counted[1]:.0%}"


def _quarter_row(
    figures: Figures, counted: Mapping[str, pd.Series], named: Mapping[int, str], part: str, minimum: int
) -> dict[str, object]:
    mine = _counted(counted, named[0], part)
    row: dict[str, object] = {
        say("staff.figures.option"): figures.name("chosen", part),
        step_name(named[0]): _of_all(mine),
    }
    for ago in (1, 4):
        theirs = _counted(counted, named[ago], part)
        told = say("staff.figures.too_few_to_say") if theirs[1] < minimum else _changed(difference(mine, theirs))
        row[say("staff.figures.against", quarter=step_name(named[ago]))] = told
    running = _counted(counted, named[-1], part)
    if running[1] >= minimum:
        title = say("staff.figures.quarters_now", quarter=step_name(named[-1]), last=step_name(named[0]))
        share, change = f"{running[0] / running[1]:.0%}", _changed(difference(running, mine))
        row[title] = say("staff.figures.now_told", count=running[0], of=running[1], share=share, change=change)
    return row


def _counted(counted: Mapping[str, pd.Series], quarter: str, part: str) -> tuple[int, int]:
    """How many chose it in that quarter, and of how many."""
    of_quarter = counted.get(quarter, pd.Series(dtype=float))
    return int(of_quarter.get(part, 0)), int(of_quarter.sum())


def _changed(found: Difference) -> str:
    """In points of a hundred."""
    if found.more_than_chance:
        return say(f"staff.figures.{'rose' if found.points > 0 else 'fell'}", points=f"{abs(found.points) * 100:.0f}")
    return say("staff.figures.same", low=f"{found.low * 100:+.0f}", high=f"{found.high * 100:+.0f}")


def pair_card(figures: Figures, view: View) -> None:
    """Of exosomes and PRP alone: what was pointed to, and what those clients picked."""
    entry, pair = figures.metrics.metrics["pair"], figures.book.model.pair
    found = figures.of(view.ask("pair", "pair_recommended"))
    with st.container(key="card_pair"):
        words = [entry.words, say("staff.figures.two_counts"), *_left_out(figures, view, found)]
        heading(entry.name, *words, *not_narrowed(view, "pair"))
        if found.empty:
            draw.html(tag("p", say("staff.figures.no_pair"), cls="rr-text"))
            return
        groups = [to for to in (*pair, "close_call") if to in set(found["pair_recommended"])]
        order = (*pair, *(one for one in reversed(order_of(figures, "chosen")) if one not in pair))
        rows = mix_rows(figures, entry, found, groups, order, say("staff.figures.consultations"))
        if found["share"].isna().all():
            counts_only(rows, entry.minimum)
            return
        names = {part: figures.name("chosen", part) for part in (*order, "close_call")}
        figure = charts.of_the_pair(found, groups, order, names, f"{say('staff.figures.count_only')}: {{number}}")
        _chart(figure, "pair", say("staff.figures.alt_pair"))
        draw.html(draw.as_table(rows, "pair"))


def _left_out(figures: Figures, view: View, found: pd.DataFrame) -> list[str]:
    every = int(figures.of(replace(view.ask("pair"), metric="consultations")).loc[0, "value"])
    number = every - int(found["value"].sum())
    return [say("staff.figures.pair_left_out", number=number, of=every)] if number and not found.empty else []


def differs_card(figures: Figures, view: View) -> None:
    """Groups of any cut, each against all the others: what was chosen, and who differs by more than chance."""
    by_provider_first = sorted(CUTS, key=lambda cut: cut != "provider")
    several = [cut for cut in by_provider_first if not view.picked(cut) and len(figures.values(cut)) > 1]
    cuts = {cut: figures.metrics.cuts[cut].name for cut in several}
    if not cuts:
        return
    with st.container(key="card_differs"):
        heading(say("staff.figures.differs"), say("staff.figures.differs_lead"))
        with st.container(key="bar_differs", horizontal=True, vertical_alignment="bottom"):
            cut = _choice("differs_by", cuts)
            metric = _choice("differs_what", {key: figures.metrics.metrics[key].name for key in COMPARED})
        entry = figures.metrics.metrics[metric]
        found = against_the_rest(figures.of(view.ask(metric, cut)).astype({"of": float}))
        draw.html(
            *[tag("p", words, cls="rr-small") for words in (entry.words, *not_narrowed(view, metric))],
            draw.table([_differs_row(figures, cut, row) for row in found.to_dict("records")]),
            tag("p", say("staff.figures.would_show_help"), cls="rr-small"),
            tag("p", say("staff.figures.below", minimum=entry.minimum), cls="rr-small"),
            *([tag("p", say("staff.figures.fee_splitting"), cls="rr-small")] if cut == "provider" else []),
        )


def _choice(name: str, words: Mapping[str, str]) -> str:
    with st.container(key=f"filter_box_{name}", width=260):
        return in_a_list(say(f"staff.figures.{name}"), words, name, bind="query-params")


def _differs_row(figures: Figures, cut: str, row: Mapping[str, Any]) -> dict[str, object]:
    told, shows = say("staff.figures.too_few_to_say"), ""
    if pd.isna(row["points"]):
        told = say("staff.figures.nobody_else")
    elif not pd.isna(row["share"]):
        told = say("staff.figures.like_the_rest")
        if row["more_than_chance"]:
            key = "more" if row["points"] > 0 else "fewer"
            told = say(f"staff.figures.{key}", points=f"{abs(row['points']) * 100:.0f}")
    if not pd.isna(row["would_show"]) and not row["more_than_chance"]:
        points = f"{row['would_show'] * 100:.0f}"
        key = "would_show_points" if row["would_show"] < 1 else "would_show_nothing"
        shows = say(f"staff.figures.{key}", points=points)
    return {
        figures.metrics.cuts[cut].name: figures.name(cut, row[cut]),
        say("staff.figures.consultations"): f"{row['of']:.0f}",
        say("staff.figures.share"): share_and_count(row),
        say("staff.figures.difference"): told,
        say("staff.figures.would_show"): shows,
    }
