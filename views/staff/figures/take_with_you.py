"""The card of the treatment mix that hands it out: two files for who may see every figure, and a word about the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from medspa_core.access import AccessRefused, SignIn, Verb
from medspa_core.access.rights import Reach, reach
from medspa_core.formats.safe_csv import csv_text
from medspa_core.formats.safe_xlsx import xlsx_bytes
from medspa_core.formats.shown import ManyProblems
from medspa_core.practice.metrics import Metric
from medspa_core.practice.mix_export import WAYS, MixAsked, export_mix, quarters_over
from medspa_core.practice.small_cells import TOTAL, WHOLE
from medspa_core.records import Store
from views.context import core_access, environment
from views.context.words import say
from views.elements import draw
from views.elements.draw import tag
from views.session import downloads, signed_in
from views.staff import management_notices
from views.staff.figures.facts import Figures
from views.staff.figures.filters import View, step_name
from views.staff.figures.mix_cards import heading, order_of

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Rows = list[list[str | int]]


def card(figures: Figures, view: View) -> None:
    """The two files, or why there is none; and that the address opens the same view."""
    smallest = figures.metrics.export.smallest_count
    with st.container(key="card_take"):
        heading(say("staff.figures.take.title"), say("staff.figures.take.lead"))
        words = [say("staff.figures.take.whole"), say("staff.figures.take.small", smallest=smallest)]
        draw.html(*[tag("p", one, cls="rr-small") for one in words])
        _files(figures, view)
        say_link()


def say_link() -> None:
    """That the address of a page of figures is a link to what it shows."""
    draw.html(tag("p", say("staff.figures.take.link"), cls="rr-small"))


def _files(figures: Figures, view: View) -> None:
    quarters = quarters_over(view.now.first_day, view.now.last_day, environment.today())
    asked = MixAsked(quarters, {way: order_of(figures, way) for way in WAYS}, figures.invented)
    files(quarters, "treatment_mix", lambda kind: _maker(figures, asked, kind))


def files(quarters: tuple[str, ...], page: str, maker: Callable[[str], downloads.Make]) -> None:
    """A file of each kind of these quarters, or why there is none, or the way to the password and back to this page."""
    if why := _why_none(quarters):
        draw.note(say(f"staff.figures.take.{why}"))
        return
    if management_notices.password_is_due():
        draw.html(tag("p", say("staff.audit.file_help"), cls="mc-help"))
        management_notices.password_link(f"/{page}?{urlencode(st.query_params.to_dict())}".rstrip("?"))
        return
    with st.container(key="bar_take", horizontal=True):
        for kind, mime in KINDS.items():
            words, name = say(f"staff.figures.take.{kind}"), f"{page.replace('_', '-')}-{quarters[-1]}.{kind}"
            downloads.button(words, maker(kind), name, mime, key=f"take_{kind}")


def _why_none(quarters: tuple[str, ...]) -> str:
    """Why there is no file here, by its sentence; nothing where there is one."""
    who = signed_in.person()
    if signed_in.on_trial():
        return "trial"
    if who is None or reach(who, Verb.SEE_FIGURES) < Reach.EVERYWHERE:
        return "own"
    return "" if quarters else "none"


def _maker(figures: Figures, asked: MixAsked, kind: str) -> downloads.Make:
    """Makes the file at the tap, in a thread without a page: its words are taken along."""
    words = _words(figures, asked)

    def rows(store: Store, asker: SignIn, now: datetime) -> Rows:
        return _rows(export_mix(store, asker, figures.table, figures.metrics, asked, now, kind), words)

    return made_of(rows, words.sheet, kind)


def made_of(rows: Callable[[Store, SignIn, datetime], Rows], sheet: str, kind: str) -> downloads.Make:
    """A file of these rows, made at the tap; a refusal is its only line."""
    moment, refused = core_access.clock(), say("staff.figures.take.refused")

    def made(store: Store, asker: SignIn) -> bytes | str:
        now = moment.now()
        try:
            lines = rows(store, asker, now)
        except (AccessRefused, ManyProblems) as problem:
            lines = [[f"{refused} {problem}"]]
        if kind == "csv":
            return csv_text([str(cell) for cell in lines[0]], lines[1:])
        return xlsx_bytes(sheet, lines, now)

    return made


@dataclass(frozen=True, slots=True)
class _Words:
    """What a file says beside its numbers: the lines above them, and the names of rows and columns."""

    sheet: str
    above: Rows
    columns: Mapping[tuple[str, str], str]
    quarters: Mapping[str, str]
    all_months: str
    hidden: str


def _words(figures: Figures, asked: MixAsked) -> _Words:
    metrics = figures.metrics.metrics
    columns = {TOTAL: metrics["consultations"].name}
    for way in WAYS:
        columns |= {
            (way, part): f"{metrics[way].name}: {figures.name(metrics[way].split, part)}" for part in asked.parts[way]
        }
    return _Words(
        say("staff.figures.title"),
        _above(figures, asked),
        {("", "quarter"): say("staff.figures.take.quarter"), ("", "month"): say("staff.figures.take.month"), **columns},
        {quarter: step_name(quarter) for quarter in asked.quarters},
        say("staff.figures.take.all_months"),
        say("staff.figures.take.hidden"),
    )


def _above(figures: Figures, asked: MixAsked) -> Rows:
    """What the numbers are, of when and of whom, and what is hidden."""
    smallest = figures.metrics.export.smallest_count
    first, last = (step_name(asked.quarters[place]) for place in (0, -1))
    period = say("staff.figures.take.period_words", first=first, last=last)
    told = {way: figures.metrics.metrics[way] for way in ("consultations", *WAYS)}
    hidden = say("staff.figures.take.hidden_words", smallest=smallest)
    return above(say("staff.figures.title"), told.values(), period, hidden, invented=asked.invented)


def above(title: str, told: Iterable[Metric], period: str, hidden: str, *, invented: bool) -> Rows:
    """The lines above the numbers of a file."""
    lines = {say("staff.figures.take.invented"): say("staff.figures.take.invented_words")} if invented else {}
    lines |= {metric.name: metric.words for metric in told}
    lines |= {
        say("staff.figures.take.period"): period,
        say("staff.figures.take.made_on"): environment.today().isoformat(),
        say("staff.figures.take.filters"): say("staff.figures.take.no_filters"),
        say("staff.figures.take.hidden"): hidden,
    }
    named: Rows = [[name, words] for name, words in lines.items()]
    return [[title], *named, []]


def _rows(found: pd.DataFrame, words: _Words) -> Rows:
    """The whole file, line by line. A part that the rulebook does not know any more goes by its id."""
    ends = [("", "quarter"), ("", "month"), *found.columns]
    header: list[str | int] = [words.columns.get(column, ": ".join(column)) for column in ends]
    lines: Rows = [
        [
            words.quarters[quarter],
            words.all_months if month == WHOLE else month,
            *(words.hidden if pd.isna(count) else int(count) for count in counts),
        ]
        for (quarter, month), counts in zip(found.index, found.to_numpy(), strict=True)
    ]
    return [*words.above, header, *lines]
