"""What is past its time: the clinic's periods and today go in, a report comes out. Nothing is deleted by itself."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import ColumnElement, Connection, func, select

from medspa_core.access import Person, Verb
from medspa_core.clients.client_access import in_the_hands_of
from medspa_core.records import Store, StoreProblem
from medspa_core.records.audit.log import EXECUTED
from medspa_core.records.client_schema import clients
from medspa_core.records.schema import audit, drafts
from medspa_core.rulebook.files import merged
from medspa_core.rulebook.problems import problem_lines

FILE = Path(__file__).parents[2] / "data" / "retention.toml"


class Strict(BaseModel):
    """A table of the file, with nothing in it that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Years(Strict):
    """A period."""

    years: int = Field(ge=1, le=100)


class ClientYears(Years):
    """The period of clients; a minor's record stays until they are so old."""

    minors_until_age: int = Field(ge=0, le=40)


class Periods(Strict):
    """How long each class of record is kept."""

    clients: ClientYears
    unfinished: Years
    invented: Years
    audit: Years


@dataclass(frozen=True, slots=True)
class PastClient:
    """A client whose record is past its time. `held`: on legal hold, so it stays."""

    id: str
    last_day: date
    held: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What is past its time today."""

    clients: tuple[PastClient, ...]
    unfinished: int
    invented: int
    audit_rows: int


def read_periods(own: Path | None = None, shipped: Path = FILE) -> Periods:
    """The shipped periods, and over them the clinic's own. Raises StoreProblem with what is wrong."""
    raw = _read(shipped)
    if own is not None and own.exists():
        raw = merged(raw, _read(own))
    try:
        return Periods.model_validate(raw)
    except ValidationError as error:
        raise StoreProblem("\n".join(problem_lines(FILE.name, "", error))) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise StoreProblem(f"{path.name}: cannot be read: {problem}. Correct the file") from None


def past_their_time(store: Store, asker: Person, periods: Periods, today: date) -> Past:
    """The report, for who may purge. Asking for it is in the audit log."""
    in_the_hands_of(store, asker, Verb.PURGE, "retention report")
    with store.writing() as connection:
        store.note(connection, store.now(), EXECUTED, "retention report")
        unfinished = drafts.c.finished_at.is_(None) & drafts.c.demo_of.is_(None)
        invented = drafts.c.demo_of.is_not(None)
        return Past(
            clients=_past_clients(connection, periods.clients, today),
            unfinished=_count(connection, drafts.c.saved_at < _last(today, periods.unfinished), unfinished),
            invented=_count(connection, drafts.c.saved_at < _last(today, periods.invented), invented),
            audit_rows=_count(connection, audit.c.at < _last(today, periods.audit)),
        )


def _past_clients(connection: Connection, period: ClientYears, today: date) -> tuple[PastClient, ...]:
    last = func.max(drafts.c.as_of)
    query = (
        select(clients.c.id, clients.c.birth_date, clients.c.created_at, clients.c.held_since, last.label("last"))
        .select_from(clients.outerjoin(drafts, drafts.c.client_id == clients.c.id))
        .where(clients.c.created_at < _last(today, period))
        .group_by(clients.c.id, clients.c.birth_date, clients.c.created_at, clients.c.held_since)
    )
    found = []
    for row in connection.execute(query):
        last_day = max(row.created_at.date(), row.last or date.min)
        if last_day < before(today, period.years) and not _too_young(row.birth_date, period, today):
            found.append(PastClient(row.id, last_day, row.held_since is not None))
    return tuple(sorted(found, key=lambda one: (one.last_day, one.id)))


def _too_young(born: date | None, period: ClientYears, today: date) -> bool:
    return born is not None and born > before(today, period.minors_until_age)


def before(day: date, years: int) -> date:
    """The same day some years ago; 1 March for a 29 February that was not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _last(today: date, period: Years) -> datetime:
    """What is earlier is past its time."""
    return datetime.combine(before(today, period.years), time(), UTC)


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(*which)).scalar_one()
