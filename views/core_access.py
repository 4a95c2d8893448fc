"""The core as pages see it: the rulebook loaded once, the store opened once, one client's result as the contract's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from medspa_core.course import course_book
from medspa_core.recommendation import Recommendation, recommend
from medspa_core.records import Store, open_clinic
from medspa_core.rulebook import Rulebook, RulebookProblem, load_rulebook
from medspa_core.settings import SettingsProblem
from views import surroundings

Json = Any


@st.cache_resource(show_spinner=False)
def _rulebook(folder: str, settings: str) -> Rulebook:
    return load_rulebook(Path(folder), Path(settings))


def rulebook() -> Rulebook:
    """Everything that decides; the clinic's own clinic.toml wins over the shipped settings."""
    settings = surroundings.settings()
    return _rulebook(str(settings.rulebook), str(settings.clinic_settings))


def get_ready() -> None:
    """Computes the tables that the first result of a server needs, which takes about a second."""
    try:
        book = rulebook()
    except (RulebookProblem, SettingsProblem):
        return  # every page says so
    _ = course_book(book).all_tables


@st.cache_resource(show_spinner=False)
def _store(url: str, home: str, keys: str) -> Store:
    return open_clinic(Path(home), Path(keys), surroundings.now, url or None)


def store() -> Store:
    """The open store of this clinic."""
    settings = surroundings.settings()
    return _store(settings.database_url or "", str(settings.home), str(surroundings.keys_folder()))


def recommended(answers: Mapping[str, Json], as_of: date) -> Recommendation:
    """One client's result, computed with the date of the consultation. The last few are kept, by what was answered and never
    by whose answers they are: the parts of a screen and its next taps ask for the same one. Raises IntakeProblem."""
    return _recommended(json.dumps(answers, sort_keys=True), as_of, rulebook().revision)


@lru_cache(maxsize=64)
def _recommended(answers: str, as_of: date, revision: str) -> Recommendation:
    return recommend(json.loads(answers), rulebook(), as_of)


def recommendation(answers: Mapping[str, Json], as_of: date) -> dict[str, Json]:
    """One client's result as the contract gives it."""
    return recommended(answers, as_of).as_dict()
