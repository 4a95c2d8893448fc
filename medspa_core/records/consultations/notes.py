"""Notes that staff add to a consultation: a text goes in, and is on the disk before the verb returns.

A note is never changed. It can be taken back: then it stays in the record, with the time it was taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from medspa_core.records.audit.log import UPDATED
from medspa_core.records.consultations.drafts import changing
from medspa_core.records.consultations.reading import open_draft, require_open
from medspa_core.records.database.store import Store
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import notes
from medspa_core.records.stored_forms import from_row, in_utc, plain_text, safe_id


@dataclass(frozen=True, slots=True)
class Note:
    """One note, as it was written."""

    number: int
    text: str
    at: datetime
    taken_back_at: datetime | None = None


def add_note(store: Store, draft_id: str, text: str, now: datetime, after: int | None = None) -> tuple[Note, ...]:
    """Keeps a note after those that are there. `after`: how many the page showed, so that a double tap is one note."""
    kept = plain_text(text.strip(), "the note")
    with changing(store, draft_id, now) as connection:
        open_draft(connection, draft_id)
        found = _notes(connection, draft_id)
        if after is not None and len(found) == after + 1 and found[-1].text == kept:
            return found
        number = len(found) + 1
        connection.execute(insert(notes).values(draft_id=draft_id, number=number, text=kept, at=in_utc(now)))
        store.note(connection, in_utc(now), UPDATED, draft_id, {"step": "note", "note": number})
        return _notes(connection, draft_id)


def take_back_note(store: Store, draft_id: str, number: int, now: datetime) -> tuple[Note, ...]:
    """From now on the note no longer counts; what it said and when stays. Twice is once."""
    with changing(store, draft_id, now) as connection:
        open_draft(connection, draft_id)
        found = {note.number: note for note in _notes(connection, draft_id)}
        if number not in found:
            raise StoreProblem("This note was not found.")
        if found[number].taken_back_at is None:
            this = (notes.c.draft_id == draft_id) & (notes.c.number == number)
            connection.execute(update(notes).where(this).values(taken_back_at=in_utc(now)))
            store.note(connection, in_utc(now), UPDATED, draft_id, {"step": "note taken back", "note": number})
        return _notes(connection, draft_id)


def read_notes(store: Store, draft_id: str) -> tuple[Note, ...]:
    """Every note of a consultation, oldest first, those taken back too. Looking leaves a row in the audit log."""
    with store.opening(safe_id(draft_id)) as connection:
        require_open(store, connection, draft_id)
        return _notes(connection, draft_id)


def _notes(connection: Connection, draft_id: str) -> tuple[Note, ...]:
    rows = connection.execute(select(notes).where(notes.c.draft_id == draft_id).order_by(notes.c.number))
    return tuple(from_row(Note, row) for row in rows)
