"""The core as pages see it: the rulebook loaded once, the store opened once, one client's result computed once."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from medspa_core import clients, exam
from medspa_core.access import MadeFiles, OpenUploads, PracticeFacts, SteadyClock, highest_time, practice_facts
from medspa_core.course.course_book import course_book
from medspa_core.course.course_tables import tables_of
from medspa_core.formats.typed_dates import DateStyle
from medspa_core.offer import as_settings, latest_offer
from medspa_core.recommendation import recommend
from medspa_core.records import Store, StoreProblem, keys_folder, open_clinic
from medspa_core.records.backups.nightly_run import NightWatch, Plan
from medspa_core.result import Recommendation
from medspa_core.rulebook import Rulebook, RulebookProblem, load_whole, option_names, read_whole
from medspa_core.rulebook.schema.offered import ClinicFile
from medspa_core.settings import Settings, SettingsProblem
from views.context import environment, per_run_cache
from views.context.per_run_cache import ForGood

Json = Any


@st.cache_resource(show_spinner=False, max_entries=8)
def _rulebook(folder: str, settings: str, offered: str) -> tuple[Rulebook, dict[str, str]]:
    files = read_whole(Path(folder), Path(settings), offered)
    return load_whole(files), files


def rulebook() -> Rulebook:
    """Everything that decides: over the shipped settings the clinic's own clinic.toml, and over both what is offered here."""
    return per_run_cache.once("rulebook", _today)[0]


def clinic() -> ClinicFile:
    """The clinic's own settings of today. What it is called and who answers: see `practice`."""
    return rulebook().clinic


def practice(location_id: str | None = None) -> PracticeFacts:
    """What the practice is called and who answers, for every screen and paper. `location_id`: of which place it is, whose name
    stands in for one that nobody has set. While the records can't be read: as the clinic's file has it."""
    return per_run_cache.once(f"practice {location_id}", lambda: _practice(location_id))


def _practice(location_id: str | None) -> PracticeFacts:
    found = clinic()
    try:
        return practice_facts(store(), found, location_id)
    except StoreProblem:
        return PracticeFacts(found.name, found.phone, found.hours)


def date_style() -> DateStyle:
    """The order in which this clinic writes dates."""
    return rulebook().clinic.dates


def rulebook_files() -> dict[str, str]:
    """The files that today's rulebook was read from, as they were then."""
    return _today()[1]


def _today() -> tuple[Rulebook, dict[str, str]]:
    settings = environment.settings()
    return _rulebook(str(settings.rulebook), str(settings.clinic_settings), _offered(settings))


_last_offered: dict[Path, str] = {}


def _offered(settings: Settings) -> str:
    """What was entered on the page What we offer, as of this run. While the records can't be read, what was read last: a
    price does not change back because a disk is full. Raises StoreProblem where nothing was read yet."""
    try:
        text = as_settings(latest_offer(store()), option_names(settings.rulebook))
    except StoreProblem:
        if settings.home not in _last_offered:
            raise
        return _last_offered[settings.home]
    _last_offered[settings.home] = text
    return text


@st.cache_resource(show_spinner=False, max_entries=8)
def _own_rulebook(home: str, revision: str) -> Rulebook | None:
    return clients.own_rulebook(store(), revision, rulebook())


def own_rulebook(revision: str | None) -> Rulebook | None:
    """The rulebook a consultation was made with; None where it was never kept."""
    if revision is None or revision == rulebook().revision:
        return None if revision is None else rulebook()
    return _own_rulebook(str(environment.settings().home), revision)


def get_ready() -> None:
    """Computes the tables that the first result of a server needs, which takes about a second."""
    try:
        book = rulebook()
    except (RulebookProblem, SettingsProblem, StoreProblem):
        return  # every page says so
    for with_variants in (False, True):
        tables_of(course_book(book), with_variants=with_variants)


@ForGood
def store() -> Store:
    """The open store of this clinic. Raises StoreProblem."""
    found = environment.settings()
    keys = keys_folder(found.home, found.keys, found.config)
    opened = open_clinic(found.home, keys, environment.now, found.database_url, found.backups, found.head)
    opened.note_head_in(found.head)
    return opened


@ForGood
def clock() -> SteadyClock:
    """The clock of sign-ins, one for the whole process: it never goes back, also over a restart."""
    return SteadyClock(environment.now, time.monotonic, highest_time(store()))


@ForGood
def uploads() -> OpenUploads:
    """Pages that take a file at this moment."""
    return OpenUploads()


@ForGood
def files() -> MadeFiles:
    """Files that were made at a tap and wait to be fetched."""
    return MadeFiles()


def now() -> datetime:
    """This moment, by the clock of sign-ins: what is done and who may do it is dated by one clock."""
    return clock().now()


def night_plan() -> Plan:
    """Where the nightly backups go, how many stay, and what time it is at the clinic: the server's own."""
    settings = environment.settings()
    return Plan(settings.backups, settings.keep_backups, lambda moment: moment.astimezone())


def night_watch() -> NightWatch:
    """What looks every minute whether a backup or a check is due. One for the whole process."""
    return NightWatch(store, night_plan())


def recommended(answers: Mapping[str, Json], as_of: date, book: Rulebook | None = None) -> Recommendation:
    """One client's result, computed with the date of the consultation and, if it is finished, with its own rulebook.

    The last few are kept, by what was answered and never by whose answers they are: the parts of a screen and its next
    taps ask for the same one. Raises IntakeProblem.
    """
    return _recommended(json.dumps(answers, sort_keys=True), as_of, (book or rulebook()).revision)


@lru_cache(maxsize=64)
def _recommended(answers: str, as_of: date, revision: str) -> Recommendation:
    return recommend(json.loads(answers), own_rulebook(revision) or rulebook(), as_of)


def training_only() -> bool:
    """Until a director has approved exactly this rulebook; also while nobody can say, since the store can't be read."""
    return per_run_cache.once("training_only", _training_only)


def _training_only() -> bool:
    try:
        return exam.training_only(store(), rulebook())
    except StoreProblem:
        return True
