"""One consultation's file of review: exam, words on findings, orders, treatments; and what of it a client's screen may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from medspa_core.access import Location, Person, Verb
from medspa_core.exam import signing
from medspa_core.exam.approval.products import find_product
from medspa_core.exam.consultation_access import location_of
from medspa_core.exam.exams import Exam, counts, latest_exam
from medspa_core.exam.orders import Order, read_orders
from medspa_core.exam.rulings import read_rulings, review_of, unanswered_in
from medspa_core.exam.treatment.treatments import Treatment, read_treatments
from medspa_core.exam.verdicts import AfterReview, Ruling
from medspa_core.records import Draft, Store
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.schema import steps
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict, still_asked

ON_ANSWERS = ("save", "undo", "clear")


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """Everything that was signed and done for one consultation, and each option after the review."""

    draft: Draft
    exam: Exam | None
    rulings: tuple[Ruling, ...]
    orders: tuple[Order, ...]
    treatments: tuple[Treatment, ...]
    options: Mapping[str, AfterReview]
    unanswered: tuple[str, ...] = ()  # safety questions that are asked and have no answer, settled by a word or not
    here: Location | None = None  # where the client is treated
    answered_at: datetime | None = None  # when an answer was last given, changed or taken back


def review_file(
    store: Store, person: Person, draft_id: str, book: Rulebook, on: date, product_id: str | None = None
) -> ReviewFile:
    """One consultation for who signs reviews; opening it leaves an audit row. Raises AccessRefused."""
    with signing.looking(store, person, Verb.SIGN_REVIEW, draft_id) as connection:
        draft, given = read_draft(connection, draft_id), read_rulings(connection, draft_id)
        options = review_of(draft, given, book, on, find_product(connection, product_id))
        left = [option for option, one in options.items() if one.verdict is not Verdict.EXCLUDED]
        return ReviewFile(
            draft=draft,
            exam=latest_exam(connection, draft_id),
            rulings=tuple(given),
            orders=tuple(read_orders(connection, draft_id)),
            treatments=tuple(read_treatments(connection, draft_id)),
            options=options,
            unanswered=still_asked(unanswered_in(draft, book), left, book),
            here=location_of(connection, draft_id),
            answered_at=_answered_at(connection, draft_id),
        )


def _answered_at(connection: Connection, draft_id: str) -> datetime | None:
    query = select(func.max(steps.c.at)).where(steps.c.draft_id == draft_id, steps.c.kind.in_(ON_ANSWERS))
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def is_examined(store: Store, person: Person, draft_id: str, on: date) -> bool:
    """Whether an exam counts on that day, and nothing of it, for a screen that a client sees. Raises AccessRefused."""
    with store.reading() as connection:
        signing.require_here(connection, person, Verb.READ_CLIENTS, draft_id)
        return counts(latest_exam(connection, draft_id), on)


def has_seen_the_answers(store: Store, person: Person, draft_id: str) -> bool:
    """Whether a clinician examined the client on these very answers, for a screen that a client sees: of an earlier visit's exam,
    or of one that an answer came after, nobody says that it looked at them. Raises AccessRefused."""
    with store.reading() as connection:
        signing.require_here(connection, person, Verb.READ_CLIENTS, draft_id)
        exam = latest_exam(connection, draft_id)
        if exam is None or exam.draft_id != draft_id:
            return False
        answered = _answered_at(connection, draft_id)
        return answered is None or answered <= exam.signed.signed_at


def rulings_for_the_client(store: Store, person: Person, draft_id: str) -> list[Ruling]:
    """The words on this consultation without their notes, for a screen that a client sees. Raises AccessRefused.

    The consultation was opened before, which left its audit row.
    """
    with store.reading() as connection:
        signing.require_here(connection, person, Verb.READ_CLIENTS, draft_id)
        return [replace(one, note="") for one in read_rulings(connection, draft_id)]
