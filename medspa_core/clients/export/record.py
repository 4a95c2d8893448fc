"""One client's whole record, to hand over: rows in, one page to read and one file to compute with out.

Every table that leads to the client is in it, also one that this module has never heard of.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from medspa_core import __version__
from medspa_core.access import SignIn, Verb, require_now
from medspa_core.clients.client_access import ClientMissing, first_location, refusals_noted
from medspa_core.clients.register import load_client
from medspa_core.records import Store
from medspa_core.records.audit.log import EXECUTED
from medspa_core.records.erasure.erased_clients import leading_to
from medspa_core.records.merged_clients import family_of, root_of
from medspa_core.records.stored_forms import safe_id

Json = Any
Row = dict[str, Json]
HELD_AS_JSON = ("answer", "answer_before", "answer_after", "shown", "option_order", "agenda", "options")
FOR_THE_PROGRAM = ("client_words", "treatment_facts")
COLUMNS_FOR_THE_PROGRAM = ("code_key", "name_key", "fact_id")
"""What only finds something: words to search by, and the ways to the nameless facts, which stay nameless outside too."""
OF_A_CONSULTATION = ("answers", "steps", "changes", "choices", "notes", "amendments")


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is kept of one client."""

    made_at: datetime
    client: Row
    merged: tuple[Row, ...]
    consultations: tuple[Row, ...]
    other: Mapping[str, tuple[Row, ...]]


def export_client(store: Store, sign_in: SignIn | None, client_id: str, now: datetime) -> Record:
    """The whole record, for who may export and gave the password again. The audit row is there before the record is."""
    about = safe_id(client_id)
    with refusals_noted(store, Verb.EXPORT_CLIENTS, about):
        require_now(sign_in, Verb.EXPORT_CLIENTS, now)
        with store.reading() as connection:
            found = load_client(connection, root_of(connection, client_id))
            place = found.location_id or first_location(connection)
        require_now(sign_in, Verb.EXPORT_CLIENTS, now, place)
    with store.writing() as connection:
        store.note(connection, now, EXECUTED, found.id, {"export": secrets.token_hex(4)})
    with store.reading() as connection:
        return _gathered(connection, found.id, now)


def _gathered(connection: Connection, client_id: str, now: datetime) -> Record:
    family = family_of(connection, client_id)
    rows = {
        table.name: [_plain(row) for row in connection.execute(select(table).where(which)).mappings()]
        for table, which in leading_to(connection, family)
        if table.name not in FOR_THE_PROGRAM
    }
    people = {row["id"]: row for row in rows.pop("clients")}
    if client_id not in people:
        raise ClientMissing
    drafts = sorted(rows.pop("drafts", []), key=lambda row: (row["as_of"], row["created_at"]))
    parts = {name: rows.pop(name, []) for name in OF_A_CONSULTATION}
    return Record(
        made_at=now,
        client=people.pop(client_id),
        merged=tuple(people.values()),
        consultations=tuple(_consultation(draft, parts) for draft in drafts),
        other={name: tuple(found) for name, found in rows.items() if found},
    )


def _consultation(draft: Row, parts: Mapping[str, list[Row]]) -> Row:
    its = {
        name: [_without(row, "draft_id") for row in found if row["draft_id"] == draft["id"]]
        for name, found in parts.items()
    }
    return {**draft, **its}


def _plain(row: Mapping[Any, Any]) -> Row:
    return {
        str(name): json.loads(value) if name in HELD_AS_JSON and value is not None else value
        for name, value in row.items()
        if name not in COLUMNS_FOR_THE_PROGRAM
    }


def _without(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key != name}


def as_json(record: Record) -> bytes:
    """The record for another program."""
    said = {
        "program": f"medspa-consult {__version__}",
        "made_at": record.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "client": record.client,
        "merged": list(record.merged),
        "consultations": list(record.consultations),
        "other": {name: list(rows) for name, rows in record.other.items()},
    }
    return json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
