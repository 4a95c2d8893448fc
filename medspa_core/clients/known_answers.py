"""What is known of a client before anybody asks: the age, worked out from the birth date on the day of the consultation.

It is kept as an answer of the consultation with how it was asked, so that a finished one says for good what it said then.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select

from medspa_core import records
from medspa_core.formats.ages import age_on
from medspa_core.records import ON_FILE, Draft, Store
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.merged_clients import family_of
from medspa_core.records.schema import drafts


def told_by_file(birth_date: date | None, day: date) -> dict[str, int]:
    """The answers that a client's entry gives."""
    age = age_on(birth_date, day) if birth_date is not None else None
    return {} if age is None else {"age": age}


def take_from_file(
    store: Store, connection: Connection, client_id: str, birth_date: date | None, now: datetime
) -> None:
    """In the transaction that keeps a birth date: the client's open consultations have the age by it, wherever they are.

    What somebody answered stays, and so does a finished consultation.
    """
    theirs = drafts.c.client_id.in_(family_of(connection, client_id)) & drafts.c.finished_at.is_(None)
    ids = connection.execute(select(drafts.c.id).where(theirs).order_by(drafts.c.id)).scalars().all()
    for draft in [read_draft(connection, one) for one in ids]:
        if _is_stale(draft, birth_date):
            age = told_by_file(birth_date, draft.as_of).get("age")
            records.save_answers(store, draft.id, {"age": age}, now, ON_FILE)


def _is_stale(draft: Draft, birth_date: date | None) -> bool:
    ours = "age" not in draft.answers or draft.how_asked["age"] == ON_FILE
    return ours and draft.answers.get("age") != told_by_file(birth_date, draft.as_of).get("age")
