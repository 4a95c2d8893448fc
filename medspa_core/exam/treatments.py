"""What was done: date, option, product and lot, each step with who did it. Recorded only when nothing stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from medspa_core.access import Person, Verb, require_steps
from medspa_core.access.people import read_person
from medspa_core.exam import signing
from medspa_core.exam.approvals import is_approved_in
from medspa_core.exam.blocks import Wanted, treatment_blocks
from medspa_core.exam.exams import latest_exam
from medspa_core.exam.orders import Order, order_in_force
from medspa_core.exam.products import find_product
from medspa_core.exam.rulings import read_rulings, review_of
from medspa_core.exam.schema import treatment_steps, treatments
from medspa_core.exam.signing import ExamProblem
from medspa_core.records import Draft, Store
from medspa_core.records.audit import CREATED
from medspa_core.records.reading import read_draft
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class NewTreatment:
    """What somebody wants to record. `steps`: each step of the visit that somebody did -> the id of who did it."""

    option: str
    done_on: date
    steps: Mapping[str, str]
    product_id: str | None = None
    lot: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One session that was done."""

    id: str
    order_id: str
    session: int
    option: str
    done_on: date
    product_id: str | None
    lot: str
    note: str
    steps: tuple[tuple[str, str], ...]
    recorded_by: str
    recorded_at: datetime


def record_treatment(
    store: Store, person: Person, draft_id: str, new: NewTreatment, book: Rulebook, now: datetime, on: date, key: str
) -> Treatment:
    """Keeps one session that was done. The same again (a double tap) is the session that is kept already.

    Raises AccessRefused (also for a step whose licence that colleague lacks), or ExamProblem with a line for each reason.
    """
    with signing.signing(store, person, Verb.CHANGE_CLIENTS, now, draft_id) as connection:
        kept = _find(connection, key)
        if kept is not None:
            return _the_same(kept, new)
        order = order_in_force(connection, draft_id, new.option)
        wanted = _wanted(connection, new, order)
        lines = _blocks(connection, read_draft(connection, draft_id), wanted, order, book)
        if new.done_on > on:
            lines = ("A treatment is recorded once it was done, not before.", *lines)
        if lines or order is None:
            raise ExamProblem(*lines)
        _require_licences(wanted, order, book)
        store.note(connection, now, CREATED, draft_id, {"what": "treatment", "order": order.id})
        row = _row(draft_id, new, order, wanted.session, book) | {"recorded_by": person.id, "recorded_at": now}
        signing.add_once(connection, treatments, row | {"id": key}, ())
        _add_steps(connection, key, wanted, order, book)
        done = _find(connection, key)
        assert done is not None
        return done


def blocks_now(store: Store, person: Person, draft_id: str, new: NewTreatment, book: Rulebook) -> tuple[str, ...]:
    """What still stands before this treatment, for a page that asks before anything is done."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        order = order_in_force(connection, draft_id, new.option)
        return _blocks(connection, read_draft(connection, draft_id), _wanted(connection, new, order), order, book)


def _wanted(connection: Connection, new: NewTreatment, order: Order | None) -> Wanted:
    done = 0
    if order is not None:
        counted = select(func.count()).select_from(treatments).where(treatments.c.order_id == order.id)
        done = connection.execute(counted).scalar_one()
    return Wanted(
        option=new.option,
        on=new.done_on,
        product=find_product(connection, new.product_id),
        lot=new.lot,
        steps=tuple((step, read_person(connection, who)) for step, who in new.steps.items()),
        session=done + 1,
    )


def _blocks(
    connection: Connection, draft: Draft, wanted: Wanted, order: Order | None, book: Rulebook
) -> tuple[str, ...]:
    if wanted.option not in book.ranked:
        raise ExamProblem("This is nothing that is done here.")
    review = review_of(draft, read_rulings(connection, draft.id), book, wanted.on, wanted.product)[wanted.option]
    terms = None if order is None else order.terms
    exam = latest_exam(connection, draft.id)
    return treatment_blocks(wanted, exam, terms, review, is_approved_in(connection, book), book)


def _require_licences(wanted: Wanted, order: Order, book: Rulebook) -> None:
    """The table of rights has the last word on who may have done what."""
    for person in {one.id: one for _, one in wanted.steps}.values():
        theirs = [
            (step.replace("_", " "), book.protocol.steps[step].licence) for step, who in wanted.steps if who == person
        ]
        require_steps(person, theirs, order.terms.state, wanted.on)


def _the_same(kept: Treatment, new: NewTreatment) -> Treatment:
    told = (kept.option, kept.done_on, kept.product_id, kept.lot, kept.note, dict(kept.steps))
    if told != (new.option, new.done_on, new.product_id, new.lot.strip(), new.note.strip(), dict(new.steps)):
        raise ExamProblem("Something else was saved from this page before. Open it again and look.")
    return kept


def _row(draft_id: str, new: NewTreatment, order: Order, session: int, book: Rulebook) -> dict[str, Any]:
    return {
        "draft_id": draft_id,
        "order_id": order.id,
        "session": session,
        "option_id": new.option,
        "done_on": new.done_on,
        "product_id": new.product_id,
        "lot": signing.text(new.lot, "The lot", empty=True),
        "note": signing.text(new.note, "The note", empty=True),
        "rulebook_revision": book.revision,
    }


def _add_steps(connection: Connection, treatment_id: str, wanted: Wanted, order: Order, book: Rulebook) -> None:
    rows = []
    for number, (step, person) in enumerate(wanted.steps):
        licence = book.protocol.steps[step].licence
        held = signing.valid_licence(person.licences, licence, order.terms.state, wanted.on) if licence else None
        rows.append(
            {
                "treatment_id": treatment_id,
                "number": number,
                "step": step,
                "licence": licence,
                "person_id": person.id,
                "licence_number": held.number if held is not None else "",
            }
        )
    if rows:
        connection.execute(insert(treatment_steps), rows)


def _find(connection: Connection, treatment_id: str) -> Treatment | None:
    row = connection.execute(select(treatments).where(treatments.c.id == treatment_id)).one_or_none()
    if row is None:
        return None
    query = select(treatment_steps).where(treatment_steps.c.treatment_id == row.id).order_by(treatment_steps.c.number)
    return Treatment(
        id=row.id,
        order_id=row.order_id,
        session=row.session,
        option=row.option_id,
        done_on=row.done_on,
        product_id=row.product_id,
        lot=row.lot,
        note=row.note,
        steps=tuple((one.step, one.person_id) for one in connection.execute(query)),
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def read_treatments(connection: Connection, draft_id: str) -> list[Treatment]:
    """Every session that was done, in order; inside a transaction."""
    query = select(treatments.c.id).where(treatments.c.draft_id == draft_id)
    ids = connection.execute(query.order_by(treatments.c.done_on, treatments.c.recorded_at)).scalars().all()
    return [found for one in ids if (found := _find(connection, one)) is not None]
