"""The clinician's worklist, and one consultation's whole file of review: exam, words on findings, orders, treatments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from medspa_core.access import Location, Person, Verb, require
from medspa_core.clients.access_to import open_locations
from medspa_core.clients.search import located
from medspa_core.exam import signing
from medspa_core.exam.exams import Exam, latest_exam
from medspa_core.exam.orders import Order, read_orders
from medspa_core.exam.place import location_of
from medspa_core.exam.products import Product, find_product
from medspa_core.exam.rulings import read_rulings, review_of, without_notes
from medspa_core.exam.treatments import Treatment, read_treatments
from medspa_core.exam.verdicts import AfterReview, Ruling
from medspa_core.records import Draft, Store
from medspa_core.records.reading import read_draft
from medspa_core.records.schema import drafts
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """One consultation that waits: how many findings are open, how many safety questions, whether exam and order are there.

    What is open about the product is not counted: it is settled by the product of the order.
    """

    draft_id: str
    code_name: str
    saved_at: datetime
    open_findings: int
    unanswered: int
    examined: bool
    ordered: bool
    invented: bool


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """Everything that was signed and done for one consultation, and each option after the review."""

    draft: Draft
    exam: Exam | None
    rulings: tuple[Ruling, ...]
    orders: tuple[Order, ...]
    treatments: tuple[Treatment, ...]
    options: Mapping[str, AfterReview]
    here: Location | None = None  # where the client is treated


def worklist(store: Store, person: Person, book: Rulebook, on: date, limit: int = 30) -> list[WorklistLine]:
    """Consultations of the person's locations, those without an exam first, then the newest. Raises AccessRefused."""
    require(person, Verb.SIGN_REVIEW)
    past = drafts.c.demo_of.is_not(None) & drafts.c.finished_at.is_not(None)  # the invented practice's own past
    newest = select(drafts.c.id).where(~past).order_by(drafts.c.saved_at.desc(), drafts.c.id).limit(limit)
    with store.opening("worklist of reviews") as connection:
        here = located(drafts.c.location_id, open_locations(connection, person, Verb.SIGN_REVIEW))
        ids = connection.execute(newest.where(here)).scalars().all()
        lines = [_line(connection, one, book, on) for one in ids]
    return sorted(lines, key=lambda line: (line.examined, -line.saved_at.timestamp()))


def review_line(store: Store, person: Person, draft_id: str, book: Rulebook, on: date) -> WorklistLine:
    """How far the review of one consultation is, for whoever may read it; no word and no note. Raises AccessRefused."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        return _line(connection, draft_id, book, on)


def _line(connection: Connection, draft_id: str, book: Rulebook, on: date) -> WorklistLine:
    draft, exam = read_draft(connection, draft_id), latest_exam(connection, draft_id)
    review = review_of(draft, read_rulings(connection, draft_id), book, on)
    found = {one.contraindication: one for told in review.values() for one in told.open if not one.is_gate}
    unanswered = sum(one.answer is None for one in found.values())
    return WorklistLine(
        draft_id=draft_id,
        code_name=draft.code_name,
        saved_at=draft.saved_at,
        open_findings=len(found) - unanswered,
        unanswered=unanswered,
        examined=exam is not None and on <= exam.valid_until,
        ordered=any(not one.terms.ended and on <= one.terms.valid_until for one in read_orders(connection, draft_id)),
        invented=draft.demo_of is not None,
    )


def review_file(
    store: Store, person: Person, draft_id: str, book: Rulebook, on: date, product_id: str | None = None
) -> ReviewFile:
    """One consultation for who signs reviews; opening it leaves an audit row. Raises AccessRefused."""
    with signing.looking(store, person, Verb.SIGN_REVIEW, draft_id) as connection:
        draft, given = read_draft(connection, draft_id), read_rulings(connection, draft_id)
        product: Product | None = find_product(connection, product_id)
        return ReviewFile(
            draft=draft,
            exam=latest_exam(connection, draft_id),
            rulings=tuple(given),
            orders=tuple(read_orders(connection, draft_id)),
            treatments=tuple(read_treatments(connection, draft_id)),
            options=review_of(draft, given, book, on, product),
            here=location_of(connection, draft_id),
        )


def rulings_for_the_client(store: Store, person: Person, draft_id: str) -> list[Ruling]:
    """The words on this consultation without their notes, for a screen that a client sees. Raises AccessRefused.

    The consultation was opened before, which left its audit row.
    """
    with store.reading() as connection:
        signing.require_here(connection, person, Verb.READ_CLIENTS, draft_id)
        return without_notes(read_rulings(connection, draft_id))
