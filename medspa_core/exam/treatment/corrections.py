"""What was recorded of a session stays; what is wrong with it is said by a row of its own: words that go with it, or that it
counts no more. A session that was struck out can be recorded again as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select

from medspa_core.access import Person, Verb
from medspa_core.exam import signing
from medspa_core.exam.schema import treatment_corrections, treatments
from medspa_core.exam.signing import ExamProblem
from medspa_core.exam.treatment.session_facts import forget_session_fact
from medspa_core.records import Store
from medspa_core.records.audit.log import UPDATED
from medspa_core.records.stored_forms import from_row


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said of a recorded session afterwards. `struck`: it counts no more."""

    id: str
    treatment_id: str
    struck: bool
    what: str
    why: str
    by: str
    at: datetime


def correct_treatment(
    store: Store,
    person: Person,
    treatment_id: str,
    what: str,
    why: str,
    now: datetime,
    key: str,
    *,
    strike: bool = False,
) -> Correction:
    """Adds words to a recorded session, or strikes it out. The same again (a double tap) is done once.

    Raises AccessRefused, or ExamProblem with what is missing; then nothing is kept.
    """
    draft_id = _draft_of(store, treatment_id)
    with signing.signing(store, person, Verb.CHANGE_CLIENTS, now, draft_id) as connection:
        row = {
            "treatment_id": treatment_id,
            "struck": int(strike),
            "what": signing.text(what, "What is right", empty=strike),
            "why": signing.text(why, "The reason"),
        }
        if _add(connection, row, key, {"person_id": person.id, "at": now}):
            store.note(connection, now, UPDATED, draft_id, {"what": NOTED[strike], "treatment": treatment_id})
            if strike:
                forget_session_fact(connection, treatment_id)
        return next(one for one in read_corrections(connection, treatment_id) if one.id == key)


NOTED = {False: "session corrected", True: "session struck out"}


def _draft_of(store: Store, treatment_id: str) -> str:
    mine = select(treatments.c.draft_id).where(treatments.c.id == treatment_id)
    with store.reading() as connection:
        return connection.execute(mine).scalar_one_or_none() or "no such id"


def _add(connection: Connection, row: dict[str, Any], key: str, by: dict[str, Any]) -> bool:
    there = read_corrections(connection, row["treatment_id"])
    if row["struck"] and any(one.struck and one.id != key for one in there):
        raise ExamProblem("This session was struck out already.")
    return signing.add_once(connection, treatment_corrections, row | {"id": key} | by, tuple(row))


def read_corrections(connection: Connection, treatment_id: str) -> tuple[Correction, ...]:
    """What was said of a session afterwards, in order; inside a transaction."""
    mine = treatment_corrections.c.treatment_id == treatment_id
    query = select(treatment_corrections).where(mine)
    rows = connection.execute(query.order_by(treatment_corrections.c.at, treatment_corrections.c.id))
    return tuple(from_row(Correction, row, struck=bool(row.struck), by=row.person_id) for row in rows)


def not_struck() -> ColumnElement[bool]:
    """The condition of a session that counts."""
    mine = treatment_corrections.c.treatment_id == treatments.c.id
    return ~exists().where(mine, treatment_corrections.c.struck == 1)
