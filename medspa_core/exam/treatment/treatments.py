"""What was done: date, option, product and lot, each step with who did it. Recorded only when nothing stands against it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from medspa_core.access import Person, Verb, require_steps
from medspa_core.access.people.people import read_person
from medspa_core.access.rights import valid_licence
from medspa_core.exam import signing
from medspa_core.exam.approval.approvals import is_approved_in
from medspa_core.exam.approval.products import find_product
from medspa_core.exam.consultation_access import consultations_of_client, location_of
from medspa_core.exam.exams import latest_exam
from medspa_core.exam.missing_before_treatment import Block, Missing, Wanted, step_words, treatment_blocks
from medspa_core.exam.orders import Order, find_order, order_in_force
from medspa_core.exam.rulings import read_rulings, review_of
from medspa_core.exam.schema import treatment_steps, treatments
from medspa_core.exam.signing import ExamProblem
from medspa_core.exam.treatment.corrections import Correction, not_struck, read_corrections
from medspa_core.exam.treatment.session_facts import keep_session_fact
from medspa_core.formats.as_read import in_words
from medspa_core.records import Draft, Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class NewTreatment:
    """What somebody wants to record. `steps`: each step of the visit that somebody did -> the id of who did it.

    `order_id`: the order it was done under; empty: the newest that counts for this option. `one_more_that_day`: somebody was
    asked, and said that it is another session than the one that is recorded for this client on that day.
    """

    option: str
    done_on: date
    steps: Mapping[str, str]
    product_id: str | None = None
    lot: str = ""
    note: str = ""
    order_id: str = ""
    depth_tenths_mm: int | None = None
    amount: str = ""
    one_more_that_day: bool = False


@dataclass(frozen=True, slots=True)
class Treatment:
    """One session that was done. `session`: which one of its order; 0 once it was struck out and counts no more."""

    id: str
    draft_id: str
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
    depth_tenths_mm: int | None = None
    amount: str = ""
    corrections: tuple[Correction, ...] = ()

    @property
    def struck(self) -> bool:
        """Does it count no more?"""
        return any(one.struck for one in self.corrections)


def record_treatment(
    store: Store, person: Person, draft_id: str, new: NewTreatment, book: Rulebook, now: datetime, on: date, key: str
) -> Treatment:
    """Keeps one session that was done. The same again (a double tap) is the session that is kept already.

    Raises AccessRefused (also for a step whose licence that colleague lacks), or ExamProblem with a line for each reason.
    """
    with signing.signing(store, person, Verb.CHANGE_CLIENTS, now, draft_id) as connection:
        new = _with_lot_as_approved(connection, new)
        kept = _find(connection, key)
        if kept is not None:
            return _the_same(kept, new)
        order, wanted = _refuse_what_stands(connection, draft_id, new, book, on)
        store.note(connection, now, CREATED, draft_id, {"what": "treatment", "order": order.id})
        number = rows_of(connection, order.id) + 1
        row = _row(draft_id, new, order, number, book) | {"recorded_by": person.id, "recorded_at": now}
        signing.add_once(connection, treatments, row | {"id": key}, ())
        _add_steps(connection, key, wanted, order, book)
        keep_session_fact(connection, key, order, wanted.session, _who_needles(wanted, person, book), book)
        return signing.as_kept_now(_find(connection, key))


def _refuse_what_stands(
    connection: Connection, draft_id: str, new: NewTreatment, book: Rulebook, on: date
) -> tuple[Order, Wanted]:
    """The order that it was done under, and what was done; ExamProblem with everything that stands against it."""
    order = _order_of(connection, draft_id, new)
    wanted = _wanted(connection, draft_id, new, order)
    blocks = blocks_of(connection, read_draft(connection, draft_id), wanted, order, book)
    if new.done_on > on:
        blocks = (Block(Missing.DAY, "A treatment is recorded once it was done, not before."), *blocks)
    if blocks or order is None:
        raise ExamProblem(*(one.line for one in blocks))
    if not new.one_more_that_day and _sessions_on(connection, draft_id, new.done_on):
        day = in_words(new.done_on, book.clinic.dates)
        raise ExamProblem(f"A session of {day} is already recorded for this client.")
    _require_licences(wanted, order, book)
    return order, wanted


def blocks_now(store: Store, person: Person, draft_id: str, new: NewTreatment, book: Rulebook) -> tuple[Block, ...]:
    """What still stands before this treatment, for a page that asks before anything is done."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        new = _with_lot_as_approved(connection, new)
        order = _order_of(connection, draft_id, new)
        wanted = _wanted(connection, draft_id, new, order)
        return blocks_of(connection, read_draft(connection, draft_id), wanted, order, book)


def _with_lot_as_approved(connection: Connection, new: NewTreatment) -> NewTreatment:
    """A lot is typed from a box: what differs from the approved one in letter case, blanks or dashes only is that one."""
    product = find_product(connection, new.product_id)
    same = product is not None and _spelled(new.lot) == _spelled(product.lot)
    return replace(new, lot=product.lot) if same and product is not None else new


def _spelled(lot: str) -> str:
    return re.sub(r"[\s_\-\u2010-\u2015]+", " ", lot.casefold()).strip()


def is_treated_on(store: Store, person: Person, draft_id: str, day: date) -> bool:
    """Whether a session of that day counts already for this client, in this consultation or another. Raises AccessRefused."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        return _sessions_on(connection, draft_id, day) > 0


def is_treated_since(store: Store, person: Person, draft_id: str, day: date) -> bool:
    """Whether this client had a session on that day or after it, in this consultation or another, and nothing of it, for a
    screen that a client sees. Raises AccessRefused."""
    with store.reading() as connection:
        signing.require_here(connection, person, Verb.READ_CLIENTS, draft_id)
        mine = treatments.c.draft_id.in_(consultations_of_client(connection, draft_id))
        since = select(treatments.c.id).where(mine, treatments.c.done_on >= day, not_struck()).limit(1)
        return connection.execute(since).first() is not None


def _sessions_on(connection: Connection, draft_id: str, day: date) -> int:
    mine = treatments.c.draft_id.in_(consultations_of_client(connection, draft_id))
    return _count(connection, mine, treatments.c.done_on == day, not_struck())


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(treatments).where(*which)).scalar_one())


def _order_of(connection: Connection, draft_id: str, new: NewTreatment) -> Order | None:
    """The order that was chosen; one of another consultation or for something else is none."""
    if not new.order_id:
        return order_in_force(connection, draft_id, new.option)
    found = find_order(connection, new.order_id)
    return found if found is not None and found.draft_id == draft_id else None


def rows_of(connection: Connection, order_id: str) -> int:
    """How many sessions were ever recorded under this order, those struck out among them."""
    return _count(connection, treatments.c.order_id == order_id)


def sessions_done(connection: Connection, order_id: str) -> int:
    """How many sessions of this order count as done."""
    return _count(connection, treatments.c.order_id == order_id, not_struck())


def _wanted(connection: Connection, draft_id: str, new: NewTreatment, order: Order | None) -> Wanted:
    return Wanted(
        option=new.option,
        on=new.done_on,
        product=find_product(connection, new.product_id),
        lot=new.lot,
        steps=tuple((step, read_person(connection, who)) for step, who in new.steps.items()),
        session=1 if order is None else sessions_done(connection, order.id) + 1,
        depth_tenths_mm=new.depth_tenths_mm,
        here=location_of(connection, draft_id),
    )


def blocks_of(
    connection: Connection, draft: Draft, wanted: Wanted, order: Order | None, book: Rulebook
) -> tuple[Block, ...]:
    """What stands before this treatment, inside a transaction."""
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
            (step_words(step, book), book.protocol.steps[step].licence) for step, who in wanted.steps if who == person
        ]
        require_steps(person, theirs, order.terms.state, wanted.on)


def _the_same(kept: Treatment, new: NewTreatment) -> Treatment:
    """A double tap or a retry: nothing is added. Something else under the same key is refused."""
    depth = (kept.depth_tenths_mm, kept.amount) == (new.depth_tenths_mm, new.amount.strip())
    told = (kept.option, kept.done_on, kept.product_id, kept.lot, kept.note, dict(kept.steps))
    said = (new.option, new.done_on, new.product_id, new.lot.strip(), new.note.strip(), dict(new.steps))
    if told != said or not depth or new.order_id not in ("", kept.order_id):
        raise ExamProblem("Something else was saved from this page before. Open it again and look.")
    return kept


def _row(draft_id: str, new: NewTreatment, order: Order, number: int, book: Rulebook) -> dict[str, Any]:
    return {
        "draft_id": draft_id,
        "order_id": order.id,
        "session": number,
        "option_id": new.option,
        "done_on": new.done_on,
        "product_id": new.product_id,
        "lot": signing.text(new.lot, "The lot", empty=True),
        "note": signing.text(new.note, "The note", empty=True),
        "depth_tenths_mm": new.depth_tenths_mm,
        "amount": signing.text(new.amount, "The amount", empty=True),
        "rulebook_revision": book.revision,
    }


def _add_steps(connection: Connection, treatment_id: str, wanted: Wanted, order: Order, book: Rulebook) -> None:
    for number, (step, person) in enumerate(wanted.steps):
        licence = book.protocol.steps[step].licence
        held = valid_licence(person.licences, licence, order.terms.state, wanted.on) if licence else None
        by = {"person_id": person.id, "licence_number": held.number if held is not None else ""}
        row = {"treatment_id": treatment_id, "number": number, "step": step, "licence": licence, **by}
        connection.execute(insert(treatment_steps).values(row))


def _who_needles(wanted: Wanted, recorder: Person, book: Rulebook) -> Person:
    needlers = (who for step, who in wanted.steps if book.protocol.steps[step].licence == "needling")
    return next(needlers, recorder)


def _find(connection: Connection, treatment_id: str) -> Treatment | None:
    row = connection.execute(select(treatments).where(treatments.c.id == treatment_id)).one_or_none()
    if row is None:
        return None
    query = select(treatment_steps).where(treatment_steps.c.treatment_id == row.id).order_by(treatment_steps.c.number)
    corrections = read_corrections(connection, row.id)
    struck = any(one.struck for one in corrections)
    counted = (treatments.c.order_id == row.order_id, treatments.c.session <= row.session, not_struck())
    return from_row(
        Treatment,
        row,
        session=0
        if struck
        else _count(connection, *counted),  # those of its order that were struck out are not counted
        option=row.option_id,
        steps=tuple((one.step, one.person_id) for one in connection.execute(query)),
        amount=row.amount or "",
        corrections=corrections,
    )


def read_treatments(connection: Connection, draft_id: str) -> list[Treatment]:
    """Every session that was recorded, in order, those struck out among them; inside a transaction."""
    query = select(treatments.c.id).where(treatments.c.draft_id == draft_id)
    ids = connection.execute(query.order_by(treatments.c.done_on, treatments.c.recorded_at)).scalars().all()
    return [found for one in ids if (found := _find(connection, one)) is not None]
