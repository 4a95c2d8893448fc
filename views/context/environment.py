"""The clock and the environment, read here and nowhere else; the core is given `now` and `as_of`."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from medspa_core.settings import Settings, settings_from
from views.context import per_run_cache

PROGRAM = Path(__file__).resolve().parent.parent.parent


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today, where the tablet is."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The moment on the tablet's own clock; on the server's where the browser names no zone there is."""
    return moment.astimezone(_zone())


def _zone() -> ZoneInfo | None:
    """What the browser says may be anything: a name that is none, or the name of a folder among the zones."""
    zone = st.context.timezone
    try:
        return ZoneInfo(zone) if zone else None
    except (KeyError, ValueError, OSError):
        return None


def days(first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, where the tablet is; a day may have 23 or 25 hours."""
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_zone()).astimezone(UTC)


@per_run_cache.ForGood
def settings() -> Settings:
    """Where this clinic keeps what, from the environment or medspa.toml, as the program was started. Raises SettingsProblem."""
    return settings_from(os.environ, PROGRAM)
