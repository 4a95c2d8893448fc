"""Who saw what: a record, person, tablet or sign-in goes in, with a time from and to; lines with names come out.

Director and owner only, never by PIN. Each report leaves its own row in the audit log before anything of it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from medspa_core.access.rights import AccessRefused, Verb
from medspa_core.access.schema import devices, people, sign_ins
from medspa_core.access.sign_ins import SignIn, require_now, stepped_up
from medspa_core.records import Store
from medspa_core.records.audit import EXECUTED
from medspa_core.records.schema import audit, drafts
from medspa_core.safe_csv import csv_text

MOST_LINES = 100_000
MOST_FOUND = 50
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
class Record:
    """A record that can be asked about."""

    id: str
    name: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log with names. A name is None where nothing of that id is known any more."""

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


@dataclass(frozen=True, slots=True)
class Report:
    """The lines, newest first, and what they come to."""

    asked: Asked
    lines: tuple[Line, ...]
    encrypted: bool

    @property
    def records_seen(self) -> int:
        """How many clients' records were opened, created or changed."""
        return len({line.object for line in self.lines if line.object_name is not None and not line.outcome})

    @property
    def records_changed(self) -> int:
        """How many of them were changed."""
        changed = ("C", "U", "D")
        return len({one.object for one in self.lines if one.object_name is not None and one.action in changed})

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


REFUSED = 4


def find_records(store: Store, sign_in: SignIn | None, typed: str, now: datetime) -> list[Record]:
    """Records by a part of their name, or by their id. Raises AccessRefused."""
    require_now(sign_in, Verb.AUDIT_REPORT, now)
    wanted = typed.strip()
    if not wanted:
        return []
    with store.opening("search for the audit report") as connection:
        return records_named(connection, wanted)


def records_named(connection: Connection, typed: str) -> list[Record]:
    """What has this name or id, newest first. A further kind of record is one more query here and in `names_of_records`."""
    which = (drafts.c.id == typed) | drafts.c.code_name.icontains(typed, autoescape=True)
    rows = connection.execute(select(drafts).where(which).order_by(drafts.c.saved_at.desc()).limit(MOST_FOUND))
    return [Record(row.id, row.code_name, row.saved_at) for row in rows]


def names_of_records(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of those ids that are clients' records."""
    wanted, found = sorted(set(ids)), {}
    for at in range(0, len(wanted), 500):
        which = drafts.c.id.in_(wanted[at : at + 500])
        for row in connection.execute(select(drafts.c.id, drafts.c.code_name).where(which)):
            found[row.id] = row.code_name
    return found


def audit_report(store: Store, sign_in: SignIn | None, asked: Asked, now: datetime, most: int = MOST_LINES) -> Report:
    """Everything the log says to the question, newest first. Raises AccessRefused."""
    require_now(sign_in, Verb.AUDIT_REPORT, now)
    with store.opening(f"audit report, {asked.about} {asked.id}") as connection:
        return _report(connection, asked, most)


def audit_report_csv(store: Store, sign_in: SignIn | None, asked: Asked, now: datetime) -> str:
    """The same as a file, for which the password is needed once more. Its audit row is there before the file is."""
    require_now(sign_in, Verb.AUDIT_REPORT, now)
    if sign_in is None or not stepped_up(sign_in, now):
        raise AccessRefused("Give your password again first.")
    with store.writing() as connection:
        report = _report(connection, asked, MOST_LINES)
        filtered = {"from": asked.start.astimezone(UTC).isoformat(), "to": asked.end.astimezone(UTC).isoformat()}
        detail = {"file": "csv", "rows": len(report.lines), "about": asked.about.value, "id": asked.id, **filtered}
        store.note(connection, now, EXECUTED, "audit report", detail)
    return csv_text(CSV_HEADER, (_cells(line) for line in report.lines))


def _report(connection: Connection, asked: Asked, most: int) -> Report:
    rows = connection.execute(select(audit).where(_which(asked)).order_by(audit.c.seq.desc()).limit(most)).all()
    names = names_of_records(connection, (row.object for row in rows))
    whose = _names(connection, people.c.id, people.c.shown_name)
    where = _names(connection, devices.c.id, devices.c.label)
    lines = tuple(_line(row, names, whose, where) for row in rows)
    return Report(asked, lines, encrypted=connection.dialect.name == "sqlite")


def _which(asked: Asked) -> ColumnElement[bool]:
    column = audit.c[asked.about.value]
    return (column == asked.id) & (audit.c.at >= asked.start) & (audit.c.at < asked.end)


def _names(connection: Connection, key: ColumnElement[str], name: ColumnElement[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(select(key, name))}


def _line(row: Row[Any], names: dict[str, str], whose: dict[str, str], where: dict[str, str]) -> Line:
    return Line(
        seq=row.seq,
        at=row.at,
        person_id=row.actor,
        person=whose.get(row.actor),
        role=row.role,
        device_id=row.device,
        device=where.get(row.device),
        sign_in=row.sign_in,
        action=row.action,
        object=row.object,
        object_name=names.get(row.object),
        outcome=row.outcome,
        fields=_fields(json.loads(row.detail)),
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
