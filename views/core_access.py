"""The core as pages see it: the rulebook loaded once, the store opened once, one client's result as the contract's JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.access import SteadyClock, highest_time
from medspa_core.records import Store, StoreProblem, open_clinic
from medspa_core.rulebook import Rulebook, load_rulebook
from views import surroundings

Json = Any


@st.cache_resource(show_spinner=False)
def _rulebook(folder: str, settings: str) -> Rulebook:
    return load_rulebook(Path(folder), Path(settings))


def rulebook() -> Rulebook:
    """Everything that decides; the clinic's own clinic.toml wins over the shipped settings."""
    settings = surroundings.settings()
    return _rulebook(str(settings.rulebook), str(settings.clinic_settings))


@st.cache_resource(show_spinner=False)
def _store(url: str, home: str, keys: str) -> Store:
    return open_clinic(Path(home), Path(keys), surroundings.now, url or None)


def store() -> Store:
    """The open store of this clinic."""
    settings = surroundings.settings()
    return _store(settings.database_url or "", str(settings.home), str(surroundings.keys_folder()))


@st.cache_resource(show_spinner=False)
def clock() -> SteadyClock:
    """The clock of sign-ins, one for the whole process: it never goes back, also over a restart."""
    return SteadyClock(surroundings.now, time.monotonic, highest_time(store()))


def pepper() -> bytes:
    """The pepper of PINs and of the counters of wrong tries."""
    return store().keys.pepper


def recommendation(answers: Mapping[str, Json], as_of: date) -> dict[str, Json]:
    """One client's result as the contract gives it, computed with the date of the consultation."""
    from medspa_core.recommendation import recommend

    return recommend(answers, rulebook(), as_of).as_dict() | {"training_only": training_only()}


def training_only() -> bool:
    """Until a director has approved exactly this rulebook; also while nobody can say, since the store can't be read."""
    try:
        return exam.training_only(store(), rulebook())
    except StoreProblem:
        return True
