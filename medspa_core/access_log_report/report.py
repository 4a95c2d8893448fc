"""Who saw what: a record, person, tablet or sign-in goes in, with a time from and to; lines with names come out.

Director and owner only, never by PIN. Each report leaves its own row in the audit log before anything of it is shown.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from medspa_core.access.rights import Verb
from medspa_core.access.schema import devices, people, sign_ins
from medspa_core.access.sign_in.sign_ins import SignIn, require_now, require_password
from medspa_core.access_log_report.names import Named, Record, names_of, records_named, rows_about, sees_names
from medspa_core.formats.safe_csv import csv_text
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED, DELETED, EXECUTED, REFUSED, SEARCH_FOR_REPORT, UPDATED
from medspa_core.records.schema import audit
from medspa_core.records.stored_forms import from_row

MOST_LINES = 100_000
CSV_HEADER = (
    *("row", "time_utc", "person_id", "person", "role", "device_id", "device", "sign_in"),
    *("action", "object", "object_name", "outcome", "fields"),
)


class About(StrEnum):
    """What is asked about, by the column of the log that holds its id."""

    RECORD = "object"
    PERSON = "actor"
    DEVICE = "device"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: about whom or what, from when until just before when."""

    about: About
    id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log with names. A name is None where nothing of that id is known any more.

    `what`: what was done or added, where the row says it.
    `whose`: the client whose record it is about, or the consultation where that is of no client.
    """

    seq: int
    at: datetime
    person_id: str
    person: str | None
    role: str
    device_id: str
    device: str | None
    sign_in: str
    action: str
    object: str
    object_name: str | None
    outcome: int
    fields: tuple[str, ...]
    whose: str | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The lines, newest first, and what they come to."""

    asked: Asked
    lines: tuple[Line, ...]
    encrypted: bool

    @property
    def records_seen(self) -> int:
        """How many clients' records were opened, created or changed."""
        return len({line.whose for line in self.lines if line.whose is not None and not line.outcome})

    @property
    def records_changed(self) -> int:
        """How many of them were changed."""
        changed = (CREATED, UPDATED, DELETED)
        return len({one.whose for one in self.lines if one.whose is not None and one.action in changed})

    @property
    def people(self) -> int:
        """How many people the lines name."""
        return len({line.person_id for line in self.lines})

    @property
    def exports(self) -> int:
        """How many files were made of records."""
        return sum("export" in line.object or "file" in line.fields for line in self.lines)

    @property
    def refused(self) -> int:
        """How many tries were refused."""
        return sum(line.outcome == REFUSED for line in self.lines)


def find_records(store: Store, sign_in: SignIn | None, typed: str, now: datetime) -> list[Record]:
    """Clients and consultations by code name or id; for who may read every client also by name or birth date.

    Who was shown is in the log. Raises AccessRefused.
    """
    person = require_now(sign_in, Verb.AUDIT_REPORT, now)
    wanted = typed.strip()
    if not wanted:
        return []
    with store.reading() as connection:
        found = records_named(connection, wanted, names_too=sees_names(person))
    shown = sorted(one.id for one in found)
    which = hashlib.sha256(" ".join(shown).encode()).hexdigest()
    with store.opening(SEARCH_FOR_REPORT, about=which, detail={"shown": shown}):
        return found


def audit_report(store: Store, sign_in: SignIn | None, asked: Asked, now: datetime, most: int = MOST_LINES) -> Report:
    """Everything the log says to the question, newest first. Raises AccessRefused."""
    person = require_now(sign_in, Verb.AUDIT_REPORT, now)
    with store.opening(f"audit report, {asked.about} {asked.id}") as connection:
        return _report(connection, asked, most, names_too=sees_names(person))


def audit_report_csv(store: Store, sign_in: SignIn | None, asked: Asked, now: datetime) -> str:
    """The same as a file, for which the password is needed once more. Its audit row is there before the file is."""
    person = require_now(sign_in, Verb.AUDIT_REPORT, now)
    require_password(sign_in, now)
    with store.writing() as connection:
        report = _report(connection, asked, MOST_LINES, names_too=sees_names(person))
        filtered = {"from": asked.start.astimezone(UTC).isoformat(), "to": asked.end.astimezone(UTC).isoformat()}
        detail = {"file": "csv", "rows": len(report.lines), "about": asked.about.value, "id": asked.id, **filtered}
        store.note(connection, now, EXECUTED, "audit report", detail)
    return csv_text(CSV_HEADER, (_cells(line) for line in report.lines))


def _report(connection: Connection, asked: Asked, most: int, *, names_too: bool) -> Report:
    which = _which(connection, asked)
    rows = connection.execute(select(audit).where(which).order_by(audit.c.seq.desc()).limit(most)).all()
    names = names_of(connection, (row.object for row in rows), names_too=names_too)
    whose = _names(connection, people.c.id, people.c.shown_name)
    where = _names(connection, devices.c.id, devices.c.label)
    lines = tuple(_line(row, names.get(row.object), whose, where) for row in rows)
    return Report(asked, lines, encrypted=connection.dialect.name == "sqlite")


def _which(connection: Connection, asked: Asked) -> ColumnElement[bool]:
    about = rows_about(connection, asked.id) if asked.about is About.RECORD else audit.c[asked.about.value] == asked.id
    return about & (audit.c.at >= asked.start) & (audit.c.at < asked.end)


def _names(connection: Connection, key: ColumnElement[str], name: ColumnElement[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(select(key, name))}


def _line(row: Row[Any], named: Named | None, whose: dict[str, str], where: dict[str, str]) -> Line:
    detail = json.loads(row.detail)
    return from_row(
        Line,
        row,
        person_id=row.actor,
        person=whose.get(row.actor),
        device_id=row.device,
        device=where.get(row.device),
        object_name=None if named is None else named.name,
        fields=_fields(detail),
        whose=None if named is None else named.whose,
        what=str(detail.get("what", "")),
    )


def _fields(detail: dict[str, Any]) -> tuple[str, ...]:
    """The names of fields a row holds; where it holds none, what it says was done."""
    said = detail.get("fields")
    if isinstance(said, list):
        return tuple(map(str, said))
    return tuple(f"{detail[name]}" if name == "what" else str(name) for name in sorted(detail))


def _cells(line: Line) -> tuple[str | int, ...]:
    at = line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    who = (line.person_id, line.person or "", line.role, line.device_id, line.device or "", line.sign_in)
    what = (line.action, line.object, line.object_name or "", line.outcome, " ".join(line.fields))
    return (line.seq, at, *who, *what)


@dataclass(frozen=True, slots=True)
class SignInLine:
    """A sign-in that can be asked about."""

    id: str
    person: str
    started_at: datetime


def list_sign_ins(store: Store, start: datetime, end: datetime) -> list[SignInLine]:
    """Those that began in a time, newest first."""
    within = (sign_ins.c.started_at >= start) & (sign_ins.c.started_at < end)
    query = (
        select(sign_ins.c.id, people.c.shown_name, sign_ins.c.started_at)
        .join_from(sign_ins, people, people.c.id == sign_ins.c.person_id)
        .where(within)
        .order_by(sign_ins.c.started_at.desc())
        .limit(500)
    )
    with store.reading() as connection:
        return [SignInLine(row.id, row.shown_name, row.started_at) for row in connection.execute(query)]


def unknown_people(store: Store) -> list[str]:
    """Who stands in the log but is no person of the practice: the program itself, the command line, older names."""
    with store.reading() as connection:
        known = select(people.c.id)
        query = select(audit.c.actor).where(audit.c.actor.not_in(known)).distinct().order_by(audit.c.actor).limit(50)
        return list(connection.execute(query).scalars())
