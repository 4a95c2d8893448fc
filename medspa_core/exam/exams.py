"""The exam before any first treatment: who examined, under which licence, how, when, and until when it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from medspa_core.access import Person, Verb
from medspa_core.exam import consultation_access, signing
from medspa_core.exam.rulings import read_rulings, review_of
from medspa_core.exam.schema import exams
from medspa_core.exam.signing import ExamProblem, Signature, SigningContext, as_json
from medspa_core.findings import Finding
from medspa_core.formats.as_read import in_words
from medspa_core.records import Draft, Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook


class How(StrEnum):
    """How the client was examined."""

    IN_PERSON = "in_person"
    LIVE_VIDEO = "live_video"
    ELSEWHERE = "elsewhere"


Agenda = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class NewExam:
    """What the clinician fills in. For an exam done elsewhere: by whom, under which licence, and where that is known from."""

    how: How
    examined_on: date
    note: str = ""
    examiner: str = ""
    examiner_licence: str = ""
    source: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """A signed exam. `signed` is who signed here; of an exam done elsewhere that is who recorded it."""

    id: str
    draft_id: str
    how: How
    examined_on: date
    valid_until: date
    examiner: str
    examiner_licence: str
    source: str
    note: str
    answers_revision: int
    signed: Signature
    agendas: tuple[Agenda, ...]  # its own, and those of the client's other exams that counted when it was done

    def had(self, option: str, finding: Finding) -> bool:
        """Was this on an agenda: for this option, and for this very answer?"""
        return any(_was_on(one, option, finding) for one in self.agendas)


def sign_exam(store: Store, person: Person, draft_id: str, new: NewExam, context: SigningContext) -> Exam:
    """A licensed clinician signs that the client was examined; the findings of this moment are kept as its agenda.

    Raises AccessRefused, or ExamProblem with every reason; then nothing is kept.
    """
    book, key = context.book, context.key
    with signing.signing(store, person, Verb.SIGN_REVIEW, context.now, draft_id) as connection:
        signed = signing.sign_for_client(connection, person, draft_id, context)
        row = {"draft_id": draft_id, **_checked(new, book, context.on)}
        draft = read_draft(connection, draft_id)
        agenda = as_json(_agenda(connection, draft, book, context.on))
        kept = {"id": key, "answers_revision": draft.revision, "agenda": agenda, "rulebook_revision": book.revision}
        if signing.add_once(connection, exams, row | kept | asdict(signed), tuple(row)):
            store.note(connection, context.now, CREATED, draft_id, {"what": "exam", "how": str(new.how)})
        return _exam(connection.execute(select(exams).where(exams.c.id == key)).one())


def _agenda(connection: Connection, draft: Draft, book: Rulebook, on: date) -> dict[str, Any]:
    """What there was to look at when the exam was signed, and what each option's verdict was with the words so far."""
    review = review_of(draft, read_rulings(connection, draft.id), book, on)
    return {
        option: {
            "found": {one.contraindication: one.verdict.word for one in told.findings},
            "cases": {one.contraindication: one.case for one in told.findings},
            "after": told.verdict.word,
        }
        for option, told in review.items()
    }


OF_ELSEWHERE = {
    "examiner": "Who examined",
    "examiner_licence": "Their licence (kind, state, number)",
    "source": "Where this exam is known from",
}
"""What is typed of an exam that was done elsewhere, and what it is called."""


def _checked(new: NewExam, book: Rulebook, on: date) -> dict[str, Any]:
    latest = new.examined_on + timedelta(days=book.exam.exam_days)
    until = new.valid_until or latest
    asked = OF_ELSEWHERE if new.how is How.ELSEWHERE else {}
    typed, wrong = signing.typed_fields(new, asked)
    note = signing.text(new.note, "The note", empty=True)
    lines = [*_wrong_days(new, until, latest, book, on), *wrong.values()]
    if lines:
        raise ExamProblem(*lines, fields=wrong)
    days = {"examined_on": new.examined_on, "valid_until": until}
    return {"how": str(new.how), "note": note, **days, **dict.fromkeys(OF_ELSEWHERE, ""), **typed}


def _wrong_days(new: NewExam, until: date, latest: date, book: Rulebook, on: date) -> Iterator[str]:
    dates = book.clinic.dates
    if new.examined_on > on:
        yield "The exam is dated in the future."
    if not new.examined_on <= until <= latest:
        yield f"An exam counts for at most {book.exam.exam_days} days: until {in_words(latest, dates)}."
    if until < on:
        yield f"This exam counted until {in_words(until, dates)}. A new one is needed."


def latest_exam(connection: Connection, draft_id: str) -> Exam | None:
    """The client's exam that counts longest, whether or not it still does; inside a transaction."""
    mine = consultation_access.consultations_of_client(connection, draft_id)
    query = (
        select(exams).where(exams.c.draft_id.in_(mine)).order_by(exams.c.valid_until.desc(), exams.c.signed_at.desc())
    )
    rows = connection.execute(query).all()
    return _exam(rows[0], rows[1:]) if rows else None


def counts(exam: Exam | None, on: date) -> bool:
    """Whether there is an exam that counts on that day still."""
    return exam is not None and on <= exam.valid_until


def _was_on(agenda: Agenda, option: str, finding: Finding) -> bool:
    mine = agenda.get(option, {})
    if "cases" in mine:
        return bool(mine["cases"].get(finding.contraindication) == finding.case)
    found = mine.get("found", {}).get(finding.contraindication)  # it was signed before cases were kept
    return bool(found == finding.verdict.word)


def _exam(row: Row[Any], others: Sequence[Row[Any]] = ()) -> Exam:
    counted = [row, *(one for one in others if one.valid_until >= row.examined_on)]
    agendas = tuple(json.loads(one.agenda) for one in counted)
    return from_row(Exam, row, how=How(row.how), signed=signing.signature_of(row), agendas=agendas)
