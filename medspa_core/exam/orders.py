"""The order for one client: option, product, area, depth, sessions, who may do which step, until when, signed by whom.

An order is never changed. It is amended by a new one that replaces it, and revoked by a row that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from medspa_core.access import Person, PersonProblem, Verb
from medspa_core.access.people.people import read_person
from medspa_core.access.people.states import as_kept
from medspa_core.access.rights import LICENCE_WORDS, valid_licence
from medspa_core.access.schema import people
from medspa_core.exam import signing
from medspa_core.exam.approval.approvals import is_approved_in
from medspa_core.exam.approval.products import find_product, usable_products
from medspa_core.exam.exams import Exam, latest_exam
from medspa_core.exam.missing_before_treatment import Delegate, OrderTerms, Wanted, licences_needed, order_blocks
from medspa_core.exam.rulings import read_rulings, review_of
from medspa_core.exam.schema import order_delegates, order_revocations, orders
from medspa_core.exam.signing import ExamProblem, Signature, SigningContext
from medspa_core.formats.as_read import in_words
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What the clinician orders. `delegates`: a licence that the steps need -> the id of who may do those steps."""

    option: str
    area: str
    depth_tenths_mm: int
    sessions: int
    delegates: Mapping[str, str]
    product_id: str | None = None
    valid_until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A signed order."""

    id: str
    draft_id: str
    number: int
    terms: OrderTerms
    area: str
    depth_tenths_mm: int
    note: str
    replaces: str | None
    rulebook_revision: str
    signed: Signature


def sign_order(
    store: Store, person: Person, draft_id: str, new: NewOrder, context: SigningContext, *, replaces: str | None = None
) -> Order:
    """A licensed clinician orders the treatment. Refused without an exam that counts, or while a finding stands against it.
    `replaces`: the order in whose place it stands from now on; that one stays to be read.

    Raises AccessRefused, or ExamProblem with a line for each reason; then nothing is kept.
    """
    now, key = context.now, context.key
    with signing.signing(store, person, Verb.SIGN_REVIEW, now, draft_id) as connection:
        signed = signing.sign_for_client(connection, person, draft_id, context)
        row, delegates = _checked(connection, draft_id, new, context, replaces)
        number = signing.next_number(connection, orders.c.number, orders.c.draft_id == draft_id)
        if signing.add_once(connection, orders, row | {"id": key, "number": number, **asdict(signed)}, tuple(row)):
            _add_delegates(connection, key, delegates)
            store.note(connection, now, CREATED, draft_id, {"what": "order", "order": key, "replaces": replaces or ""})
        return signing.as_kept_now(find_order(connection, key))


def _checked(
    connection: Connection, draft_id: str, new: NewOrder, context: SigningContext, replaces: str | None
) -> tuple[dict[str, Any], dict[str, Delegate]]:
    """The row of the order and its delegates, or ExamProblem with everything that stands against it."""
    book, state = context.book, context.state
    if new.option not in book.ranked:
        raise ExamProblem("This is nothing that can be ordered.")
    exam = latest_exam(connection, draft_id)
    wrong = _wrong_numbers(new, book)
    lines = [*_standing_against(connection, draft_id, new, exam, context), *wrong.values()]
    delegates, lacking = _delegates(connection, new, context)
    lines += lacking.values()
    latest = last_order_day(exam, book, context.on)
    until = new.valid_until or latest
    if not context.on <= until <= latest:
        lines.append(f"This order can count until {in_words(latest, book.clinic.dates)} at most.")
    lines += _wrong_replacement(connection, draft_id, context.key, replaces)
    if exam is not None and exam.signed.state != state:
        lines.append(f"The exam was signed for {exam.signed.state}, not for {state}.")
    if lines or exam is None:
        raise ExamProblem(*lines, fields=wrong | lacking)
    return _row(draft_id, new, exam, until, book, replaces), delegates


def revoke_order(store: Store, person: Person, order_id: str, reason: str, now: datetime) -> Order:
    """From now on nothing is done under this order. Twice is once."""
    with store.reading() as connection:
        found = find_order(connection, order_id)
    draft_id = found.draft_id if found is not None else "no such id"
    with signing.signing(store, person, Verb.SIGN_REVIEW, now, draft_id) as connection:
        why = signing.text(reason, "The reason")
        there = connection.execute(select(order_revocations.c.order_id).where(order_revocations.c.order_id == order_id))
        if there.first() is None:
            row = {"order_id": order_id, "person_id": person.id, "reason": why, "revoked_at": now}
            connection.execute(insert(order_revocations).values(row))
            store.note(connection, now, CREATED, draft_id, {"what": "order revoked", "order": order_id})
        return signing.as_kept_now(find_order(connection, order_id))


def _standing_against(
    connection: Connection, draft_id: str, new: NewOrder, exam: Exam | None, context: SigningContext
) -> tuple[str, ...]:
    book, on = context.book, context.on
    product = find_product(connection, new.product_id)
    given = read_rulings(connection, draft_id)
    review = review_of(read_draft(connection, draft_id), given, book, on, product)[new.option]
    wanted = Wanted(new.option, on, product, lots=len(usable_products(connection, new.option, book, on)))
    return order_blocks(wanted, exam, review, is_approved_in(connection, book), book)


def _wrong_numbers(new: NewOrder, book: Rulebook) -> dict[str, str]:
    wrong = {}
    if not new.area.strip():
        wrong["area"] = "The area is missing."
    if not 1 <= new.depth_tenths_mm <= book.exam.deepest_tenths_mm:
        wrong["depth"] = f"Type a depth from 0.1 to {book.exam.deepest_tenths_mm / 10:g} mm."
    if not 1 <= new.sessions <= book.exam.most_sessions:
        wrong["sessions"] = f"Type how many sessions, from 1 to {book.exam.most_sessions}."
    return wrong


def _delegates(
    connection: Connection, new: NewOrder, context: SigningContext
) -> tuple[dict[str, Delegate], dict[str, str]]:
    """For each licence that the steps need: who may do them, with that licence on file on this day; or what is wrong."""
    found, wrong = {}, {}
    for licence in licences_needed(new.option, context.book):
        person = _person(connection, new.delegates.get(licence, ""))
        held = None if person is None else valid_licence(person.licences, licence, context.state, context.on)
        if person is None:
            wrong[licence] = f"Choose who does the steps that need a {LICENCE_WORDS[licence]} licence."
        elif held is None or person.disabled:
            lacks = f"{person.shown_name} has no valid {LICENCE_WORDS[licence]} licence in {context.state}."
            wrong[licence] = f"{lacks} Name a colleague who has."
        else:
            found[licence] = Delegate(person.id, person.shown_name, held.number)
    return found, wrong


def _person(connection: Connection, person_id: str) -> Person | None:
    try:
        return read_person(connection, person_id)
    except PersonProblem:
        return None


def last_order_day(exam: Exam | None, book: Rulebook, on: date) -> date:
    """The last day that an order signed on this day may have: never past the exam it rests on."""
    latest = on + timedelta(days=book.exam.order_days)
    return latest if exam is None else min(latest, exam.valid_until)


def _wrong_replacement(connection: Connection, draft_id: str, key: str, replaces: str | None) -> list[str]:
    """Only an order of this client that still stands can be replaced, so that one chain has one end."""
    if replaces is None:
        return []
    found = find_order(connection, replaces)
    if found is None or found.draft_id != draft_id:
        return ["The order to replace was not found."]
    by = connection.execute(select(orders.c.id).where(orders.c.replaces == replaces)).scalar()
    ended = found.terms.ended if by != key else ""
    return [f"The order to replace was {ended}."] if ended else []


def _row(draft_id: str, new: NewOrder, exam: Exam, until: date, book: Rulebook, replaces: str | None) -> dict[str, Any]:
    return {
        "draft_id": draft_id,
        "exam_id": exam.id,
        "replaces": replaces,
        "option_id": new.option,
        "product_id": new.product_id,
        "area": signing.text(new.area, "The area"),
        "depth_tenths_mm": new.depth_tenths_mm,
        "sessions": new.sessions,
        "valid_until": until,
        "note": signing.text(new.note, "The note", empty=True),
        "rulebook_revision": book.revision,
    }


def _add_delegates(connection: Connection, order_id: str, delegates: Mapping[str, Delegate]) -> None:
    rows = [
        {"order_id": order_id, "licence": licence, "person_id": one.person_id, "licence_number": one.licence_number}
        for licence, one in delegates.items()
    ]
    if rows:
        connection.execute(insert(order_delegates), rows)


def find_order(connection: Connection, order_id: str) -> Order | None:
    """One order inside a transaction."""
    row = connection.execute(select(orders).where(orders.c.id == order_id)).one_or_none()
    return None if row is None else _order(connection, row)


def read_orders(connection: Connection, draft_id: str) -> list[Order]:
    """Every order of the consultation, newest first; those replaced or revoked say so."""
    query = select(orders).where(orders.c.draft_id == draft_id).order_by(orders.c.number.desc())
    return [_order(connection, row) for row in connection.execute(query).all()]


def order_in_force(connection: Connection, draft_id: str, option: str) -> Order | None:
    """The newest order for this option that was neither replaced nor revoked."""
    every = (one for one in read_orders(connection, draft_id) if one.terms.option == option)
    return next((one for one in every if not one.terms.ended), None)


def _order(connection: Connection, row: Row[Any]) -> Order:
    terms = OrderTerms(
        option=row.option_id,
        product_id=row.product_id,
        sessions=row.sessions,
        state=as_kept(row.state),
        valid_until=row.valid_until,
        delegates=_read_delegates(connection, row.id),
        ended=_ended(connection, row.id),
        deepest_tenths_mm=row.depth_tenths_mm,
    )
    return from_row(Order, row, terms=terms, signed=signing.signature_of(row))


def _read_delegates(connection: Connection, order_id: str) -> dict[str, Delegate]:
    named = select(order_delegates, people.c.shown_name).join(people, people.c.id == order_delegates.c.person_id)
    rows = connection.execute(named.where(order_delegates.c.order_id == order_id))
    return {row.licence: Delegate(row.person_id, row.shown_name, row.licence_number) for row in rows}


def _ended(connection: Connection, order_id: str) -> str:
    revoked = select(order_revocations.c.order_id).where(order_revocations.c.order_id == order_id)
    if connection.execute(revoked).first() is not None:
        return "revoked"
    replaced = select(orders.c.id).where(orders.c.replaces == order_id)
    return "replaced" if connection.execute(replaced).first() is not None else ""
