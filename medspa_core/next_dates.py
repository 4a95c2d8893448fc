"""The day a client leaves with: a choice and its row of the calendar go in; which days are open, and what follows, come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from medspa_core.rulebook import Rulebook
from medspa_core.timeline import Plan, Row, Session

LATEST_DAYS = 730
"""A next date lies within two years."""


def is_treatment(choice: str | None, book: Rulebook) -> bool:
    """Whether the choice has visits: waiting, not yet and no have none."""
    file = book.options.get(choice or "")
    return file is not None and bool(file.rank)


def first_visit(row: Row, today: date) -> date:
    """The client's own start, or as soon after it as treatment may begin."""
    return max(row.start, today)


def open_days(row: Row | None, today: date) -> tuple[date, date]:
    """The days a client can pick: of a first visit none before treatment may begin; without a row, those to look again."""
    if row is None:
        return today + timedelta(days=1), today + timedelta(days=LATEST_DAYS)
    earliest = max(today, row.not_before or today)
    return earliest, earliest + timedelta(days=LATEST_DAYS)


def sessions_from(plan: Plan, first: date) -> tuple[Session, ...]:
    """The sessions of a course that begins on another day."""
    shift = first - plan.sessions[0].day
    return tuple(replace(session, day=session.day + shift) for session in plan.sessions)
