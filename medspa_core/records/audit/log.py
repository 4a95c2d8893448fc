"""The audit log: who did what, when, to which record. A keyed chain of rows that is only ever added to.

Each row's hash covers all its fields and the hash before it, under a key that is not in the database; the last row's
number and hash also lie outside. So an edit, a gap, a swap, a cut or a rewriting is noticed and named. A row holds ids
and names of fields, never a content: erasing a client never breaks the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, inspect, select, text, update

from medspa_core.records.problems import AuditRefused
from medspa_core.records.schema import AUDIT_TRIGGERS, audit, audit_head

CREATED, READ, UPDATED, DELETED, EXECUTED = "C", "R", "U", "D", "E"
DONE, REFUSED, FAILED, SERIOUS = 0, 4, 8, 12
BEFORE_THE_FIRST = "0" * 64
SEARCH_OF_CLIENTS, LIST_OF_DUPLICATES = "search of clients", "list of duplicates"
SEARCH_FOR_REPORT = "search for the audit report"
LIST_OF_CONSULTATIONS = "list of consultations"
"""The log's word for a look at consultations without opening one."""
LISTS = (SEARCH_OF_CLIENTS, LIST_OF_DUPLICATES, SEARCH_FOR_REPORT)
"""What shows several clients at once. Its rows hold the ids of those shown."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: a person's id, the role they act in, the device, and the sign-in's id. Ids, never names."""

    person: str
    role: str = ""
    device: str = ""
    sign_in: str = ""


NOBODY_YET = Doer("nobody yet")
"""Until people sign in."""

THE_PROGRAM = Doer("the program", "system")
"""What nobody asked for: a migration, a nightly backup."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the chain."""

    seq: int
    hash: str


START = Head(0, BEFORE_THE_FIRST)


_HEAD = select(audit_head.c.seq, audit_head.c.hash)
_LOCKED_HEAD = _HEAD.with_for_update()
_NEW_ROW = insert(audit)
_NEW_HEAD = update(audit_head).values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))


def read_head(connection: Connection, *, lock: bool = False) -> Head:
    """The last row as the database has it; `lock` keeps it until the transaction ends, where the database can."""
    row = connection.execute(_LOCKED_HEAD if lock else _HEAD).one_or_none()
    if row is None:
        raise AuditRefused("The audit log has lost its head. Nothing is done until it is restored; run `verify`.")
    return Head(row.seq, row.hash)


def append(
    connection: Connection,
    key: bytes,
    doer: Doer,
    at: datetime,
    action: str,
    object_id: str,
    outcome: int = DONE,
    detail: Mapping[str, Any] | None = None,
) -> Head:
    """Adds one row in the caller's own transaction: the change and its row are there together or not at all."""
    head = read_head(connection, lock=True)
    who = {"actor": doer.person, "role": doer.role, "device": doer.device, "sign_in": doer.sign_in}
    what = {"action": action, "object": object_id, "outcome": outcome}
    told = json.dumps(dict(detail or {}), sort_keys=True, separators=(",", ":"))
    row = {"seq": head.seq + 1, "at": at, **who, **what, "detail": told, "prev": head.hash}
    kept = row | {"at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    new = Head(head.seq + 1, signature(key, [kept[name] for name in SIGNED]))
    connection.execute(_NEW_ROW, row | {"hash": new.hash})
    connection.execute(_NEW_HEAD, {"new_seq": new.seq, "new_hash": new.hash})
    return new


SIGNED = ("seq", "at", "actor", "role", "device", "sign_in", "action", "object", "outcome", "detail", "prev")


def signature(key: bytes, values: Sequence[Any]) -> str:
    """What only this clinic's audit key makes of these values."""
    return hmac.new(key, json.dumps(list(values), separators=(",", ":")).encode(), hashlib.sha256).hexdigest()


def short_code(head: Head) -> str:
    """The head as a short code for paper: the owner's daily page prints it."""
    return f"{head.seq}-{head.hash[:8]}"


# --- verifying ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChainFinding:
    """Something wrong with the chain: from which row, and what, in words."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"audit {self.seq}: {self.what}"


MOST_FINDINGS = 200


def verify_chain(connection: Connection, key: bytes, outside: Head | None = None) -> list[ChainFinding]:
    """Everything that is wrong with the log: rows changed, missing, swapped, renumbered or cut. Empty: nothing is."""
    findings = _missing_guards(connection)
    found = _Walk(key)
    hashes: dict[int, str] = {}
    for row in _rows(connection):
        found.look_at(row)
        if outside is not None and row[0] == outside.seq:
            hashes[row[0]] = row[-1]
    findings += found.findings()
    findings += _against(found.last, _noted_inside(connection), "the head inside the database")
    if outside is not None:
        findings += _against(found.last, outside, "the head outside")
        if outside.seq < found.last.seq and outside.seq in hashes and hashes[outside.seq] != outside.hash:
            findings.append(ChainFinding(outside.seq, "is not the row that the head outside has noted: rewritten"))
    return findings[:MOST_FINDINGS]


def _rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(f'"{name}"' for name in (*SIGNED, "hash"))
    query = text(f"SELECT {columns} FROM audit ORDER BY seq")  # noqa: S608  (our own names)
    for row in connection.execution_options(stream_results=True).execute(query):
        yield tuple(row)


class _Walk:
    """Goes through the rows in order; remembers those that do not hold and the numbers that are not there."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.last = START
        self._bad: list[tuple[Any, ...]] = []
        self._unlinked: list[int] = []
        self._missing: list[tuple[int, int]] = []

    def look_at(self, row: tuple[Any, ...]) -> None:
        seq, prev, its_hash = row[0], row[-2], row[-1]
        if seq != self.last.seq + 1:
            self._missing.append((self.last.seq + 1, seq - 1))
        if not hmac.compare_digest(signature(self._key, row[:-1]), its_hash):
            self._bad.append(row)
        elif prev != self.last.hash:
            self._unlinked.append(seq)
        self.last = Head(seq, its_hash)

    def findings(self) -> list[ChainFinding]:
        found = [ChainFinding(low, _missing_words(low, high)) for low, high in self._missing[:MOST_FINDINGS]]
        gone = {high for _, high in self._missing}
        places = [row[0] for row in self._bad[:MOST_FINDINGS]]
        places += [seq for low, high in self._missing for seq in range(low, min(high, low + 20) + 1)]
        for row in self._bad[:MOST_FINDINGS]:
            found.append(ChainFinding(row[0], self._what_happened(row, places)))
        explained = gone | {row[0] for row in self._bad}
        for seq in self._unlinked[:MOST_FINDINGS]:
            if seq - 1 not in explained:
                found.append(ChainFinding(seq, "does not follow from the row before it: one was replaced"))
        return sorted(found, key=lambda one: one.seq)

    def _what_happened(self, row: tuple[Any, ...], places: Sequence[int]) -> str:
        for seq in (*places, row[0] - 1, row[0] + 1):
            if hmac.compare_digest(signature(self._key, (seq, *row[1:-1])), row[-1]):
                return f"was row {seq}: swapped or renumbered"
        return "was changed after it was written"


def _missing_words(low: int, high: int) -> str:
    return "is missing: deleted" if low == high else f"to {high} are missing: deleted"


def _noted_inside(connection: Connection) -> Head | None:
    row = connection.execute(_HEAD).one_or_none()
    return None if row is None else Head(row.seq, row.hash)


def _against(last: Head, noted: Head | None, whose: str) -> list[ChainFinding]:
    if noted is None:
        return [ChainFinding(last.seq, f"{whose} is missing")]
    if last.seq < noted.seq:
        missing = "is missing" if last.seq + 1 == noted.seq else f"to {noted.seq} are missing"
        return [ChainFinding(last.seq + 1, f"{missing}: cut off the end ({whose} is at {noted.seq})")]
    if last.seq == noted.seq and last.hash != noted.hash:
        return [ChainFinding(last.seq, f"is not the row that {whose} has noted: rewritten")]
    if "inside" in whose and last.seq > noted.seq:
        return [ChainFinding(noted.seq + 1, f"to {last.seq} were added past the log's own door")]
    return []


GUARDS_IN_FORCE = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal "
    "AND tgenabled = 'O' AND c.relnamespace = current_schema()::regnamespace",  # an older store may be kept beside
}


def guards_in_force(connection: Connection) -> set[tuple[str, str]]:
    """Every guard that the database has, each with its table."""
    return {(row[0], row[1]) for row in connection.execute(text(GUARDS_IN_FORCE[connection.dialect.name]))}


def _missing_guards(connection: Connection) -> list[ChainFinding]:
    there = guards_in_force(connection)
    return [
        ChainFinding(0, f"the guard {name} is gone")
        for name in AUDIT_TRIGGERS
        if ("audit", name) not in there and (connection.dialect.name != "sqlite" or name != "audit_no_truncate")
    ]


# --- reading ------------------------------------------------------------------------------------------------------


def has_audit(connection: Connection) -> bool:
    """A store of an older version has no log yet."""
    return inspect(connection).has_table("audit")
