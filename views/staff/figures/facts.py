"""The facts as the pages of figures ask them: kept up once a run, of the real practice or of the invented one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from medspa_core.access import Verb, list_locations, list_people
from medspa_core.access.rights import Reach, reach
from medspa_core.formats.as_read import money
from medspa_core.practice.facts_folder import FactsFolder, FactsFolderProblem
from medspa_core.practice.facts_table import FactsTable
from medspa_core.practice.metric_tables import Asked, is_recorded, metric_table, newest_day, values_of
from medspa_core.practice.metrics import Metric, Metrics, metrics_of
from medspa_core.practice.months import Beside, beside
from medspa_core.practice.rate_comparisons import Compared, compare_rates
from medspa_core.practice.steps import Step, steps_of
from medspa_core.rulebook import Rulebook
from views.context import core_access, environment, per_run_cache
from views.context.words import entry, moment_words, say
from views.elements import draw
from views.frame import shell
from views.session import signed_in

WHOSE = ("ours", "invented")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page of figures asks: the facts, what may be asked of them, whose they are, and the day of the newest.

    `own`: the cut and value that keep the facts of who looks, where they may see no others.
    """

    table: FactsTable
    metrics: Metrics
    book: Rulebook
    invented: bool
    own: tuple[tuple[str, str], ...]
    last: date | None = None

    def of(self, asked: Asked) -> pd.DataFrame:
        """The table of one metric, of these facts."""
        return metric_table(self.table, self.metrics, self._mine(asked))

    def is_recorded(self, metric: str) -> bool:
        """Whether anything of this metric is known here."""
        return is_recorded(self.table, self.metrics, self._mine(Asked(metric)))

    def steps(self, asked: Asked) -> list[Step]:
        """How far these facts' consultations went."""
        return steps_of(self.table, self.metrics, self._mine(asked))

    def compared(self, asked: Asked) -> Compared:
        """A rate of these facts by one cut, the highest against each other group."""
        return compare_rates(self.table, self.metrics, self._mine(asked))

    def beside(self, asked: Asked, month: str, other: str) -> Beside:
        """A number of these facts in one month, against another."""
        return beside(self.table, self.metrics, self._mine(asked), month, other)

    def values(self, cut: str) -> list[str]:
        """What this cut has among these facts."""
        return values_of(self.table, self.metrics, cut, self._mine(Asked("")))

    def newest_day(self) -> date | None:
        """The newest day on which something happened; a visit that is only booked has not."""
        return newest_day(self.table, self.metrics, self._mine(Asked("")))

    def _mine(self, asked: Asked) -> Asked:
        return replace(asked, where=(*self.own, *asked.where), invented=self.invented)

    def as_read(self, metric: Metric, value: float) -> str:
        """A value of this metric: 42%, $412, 31. What too few can't say is a dash."""
        if pd.isna(value):
            return "–"
        if metric.unit in ("share", "percent"):
            return f"{value:.0%}"
        if metric.unit in ("money", "money_per_hour"):
            return money(round(value), self.book.clinic.currency_sign)
        return f"{value:.0f}"

    def name(self, cut: str, value: object) -> str:
        """A cut's value as people call it."""
        if value is None or pd.isna(value):
            return say("staff.figures.not_recorded")
        return _names(self.book, cut).get(str(value), str(value))


def figures() -> Figures:
    """The facts as of this run. Where there are real and invented ones, who looks says which, and sees their own first."""
    table, own = _kept_up(), _own()
    invented = not own and _invented(table.whose)  # nobody's own figures are invented
    found = Figures(table, _metrics(str(environment.settings().rulebook)), core_access.rulebook(), invented, own)
    return replace(found, last=found.newest_day())


def say_whose(figures: Figures) -> None:
    """That what follows is invented; once a practice is set up also that nothing of its own is there yet."""
    if figures.invented:
        draw.note(say("staff.figures.invented"))
        if not signed_in.on_trial() and figures.table.whose == {True}:
            draw.note(say("staff.figures.invented_alone"))


def _own() -> tuple[tuple[str, str], ...]:
    """Who may see their own figures alone sees no others, whatever is asked for. Nobody: nothing."""
    who = signed_in.person()
    if who is None or reach(who, Verb.SEE_FIGURES) < Reach.EVERYWHERE:
        return (("provider", who.id if who is not None else ""),)
    return ()


def _kept_up() -> FactsTable:
    """The facts, up to the newest; of a folder as of when it was written. One that cannot be used says so and ends the page."""
    settings = environment.settings()
    table = _table(str(settings.home), settings.facts)
    try:
        per_run_cache.once("facts", lambda: table.keep_up(core_access.store()))
    except FactsFolderProblem as problem:
        draw.note(say("staff.figures.folder_problem", why=str(problem)), kind="flag")
        shell.bottom_bar(say("staff.figures.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
        st.stop()
    if table.stamp is not None:
        moment = environment.local(table.stamp.moment)
        words = say("staff.figures.as_of", moment=moment_words(moment, environment.today()), number=table.stamp.seq)
        draw.html(draw.tag("p", words, cls="rr-small"))
    return table


@st.cache_resource(show_spinner=False, max_entries=2)
def _table(home: str, folder: Path | None) -> FactsTable:
    return FactsTable() if folder is None else FactsFolder(folder)


@st.cache_resource(show_spinner=False, max_entries=4)
def _metrics(folder: str) -> Metrics:
    return metrics_of(Path(folder), environment.PROGRAM / "data")


def _invented(there: set[bool]) -> bool:
    if there != {False, True}:
        return there == {True}
    words = {key: say(f"staff.figures.whose_{key}") for key in WHOSE}
    with st.container(key="seg_box_whose", width="content"):
        whose = st.segmented_control(
            say("staff.figures.whose"), list(WHOSE), default=WHOSE[0], required=True, key="whose",
            format_func=words.__getitem__, label_visibility="collapsed", bind="query-params",
        )  # fmt: skip
    return whose == WHOSE[1]


def _names(book: Rulebook, cut: str) -> dict[str, str]:
    """Value -> name, of the cuts whose values are ids."""
    if cut == "location":
        return {one.id: one.name for one in list_locations(core_access.store())}
    if cut == "provider":
        return {one.id: one.shown_name for one in list_people(core_access.store())}
    if cut == "answer":
        return dict(entry("staff.agreement.answer"))
    if cut == "concern":
        return dict(book.questions["concern"].words.answers)
    return {**{key: option.short_name for key, option in book.options.items()}, **_parts()}


def _parts() -> dict[str, str]:
    return {
        key: say(f"staff.figures.part.{key}") for key in ("wait", "none", "close_call", "new", "returning", *"1234567")
    }
