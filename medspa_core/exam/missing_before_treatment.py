"""What still stands before an order or a treatment: the record goes in, one clear line for each missing thing comes out.

Pure. It blocks the treatment, never the talk: a consultation needs none of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from medspa_core.access import Location, Person, may_do_step
from medspa_core.access.rights import LICENCE_WORDS
from medspa_core.exam.approval.products import MUST_BE_APPROVED, Product, product_kind
from medspa_core.exam.consultation_access import state_blocks
from medspa_core.exam.exams import Exam
from medspa_core.exam.verdicts import AfterReview, not_seen
from medspa_core.findings import Finding
from medspa_core.formats.as_read import in_words
from medspa_core.formats.typed_dates import DateStyle
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict
from medspa_core.wording.of_entries import as_read


class Missing(StrEnum):
    """What kind of thing stands before a treatment: it says who can settle it."""

    DAY = "day"
    PLACE = "place"
    EXAM = "exam"
    ORDER = "order"
    VERDICT = "verdict"
    PRODUCT = "product"
    LOT = "lot"
    NAME = "name"
    LICENCE = "licence"
    DEPTH = "depth"


BEFORE_THE_FORM = frozenset(
    {Missing.PLACE, Missing.EXAM, Missing.ORDER, Missing.VERDICT, Missing.PRODUCT, Missing.LICENCE}
)
"""What nobody settles by filling in the form of a session."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stands before a treatment, in words."""

    kind: Missing
    line: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """Who may do the steps of one licence, by the order."""

    person_id: str
    name: str
    licence_number: str


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What an order says, as far as a treatment must keep to it."""

    option: str
    product_id: str | None
    sessions: int
    state: str
    valid_until: date
    delegates: Mapping[str, Delegate]
    ended: str = ""  # "revoked", "replaced" or ""
    deepest_tenths_mm: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be ordered or was done."""

    option: str
    on: date
    product: Product | None = None
    lot: str = ""
    steps: tuple[tuple[str, Person], ...] = ()
    session: int = 1
    depth_tenths_mm: int | None = None
    here: Location | None = None  # where it is done
    lots: int = 0  # how many approved lots could be chosen for it


def exam_blocks(exam: Exam | None, on: date, dates: DateStyle) -> Iterator[str]:
    """A licensed clinician's exam comes before any order and any treatment."""
    if exam is None:
        yield "A licensed clinician's exam is missing."
    elif on > exam.valid_until:
        yield f"The exam counted until {in_words(exam.valid_until, dates)}. A new one is needed."
    elif on < exam.examined_on:
        yield f"The exam is of {in_words(exam.examined_on, dates)}, which is later."


def verdict_blocks(
    option: str, review: AfterReview, on: date, book: Rulebook, *, to_order: bool = False
) -> Iterator[str]:
    """What the findings say after the review. An order may be signed before the day from which it may be done."""
    name = book.options[option].name
    if review.verdict is Verdict.EXCLUDED:
        yield f"{name} is not for this client: {_named(review, Verdict.EXCLUDED, book) or review.excluded_by}."
    elif review.verdict is Verdict.NEEDS_REVIEW:
        yield f"{name} waits for the clinician's word on: {_named(review, Verdict.NEEDS_REVIEW, book)}."
    elif review.verdict is Verdict.DEFERRED:
        waiting = _named(review, Verdict.NEEDS_REVIEW, book)
        if waiting:
            yield f"{name} waits for the clinician's word on: {waiting}."
        if not to_order and review.deferred_until is not None and on < review.deferred_until:
            yield f"{name} not before {in_words(review.deferred_until, book.clinic.dates)}."


def unseen(exam: Exam, option: str, review: AfterReview) -> tuple[Finding, ...]:
    """What came up after the exam and no word counts on."""
    return not_seen(review.findings, lambda one: exam.had(option, one), [finding for finding, _ in review.ruled])


def unseen_blocks(option: str, exam: Exam | None, review: AfterReview, book: Rulebook) -> Iterator[str]:
    """What came up after the exam that this treatment rests on is looked at by a clinician before anything is done."""
    found = unseen(exam, option, review) if exam is not None else ()
    if exam is not None and found:
        day = in_words(exam.examined_on, book.clinic.dates)
        yield (
            f"{book.options[option].name} waits: this was not known at the exam of {day}: {_names(found, book)}. "
            "A clinician signs a word on it, or a new exam."
        )


def _named(review: AfterReview, verdict: Verdict, book: Rulebook) -> str:
    return _names([one for one in review.open if one.verdict is verdict], book)


def _names(found: Iterable[Finding], book: Rulebook) -> str:
    return ", ".join(dict.fromkeys(book.questions[one.question].words.staff.rstrip("?. ") for one in found))


def product_blocks(wanted: Wanted, approved: bool, book: Rulebook) -> Iterator[str]:
    """What an option needs a product for is ordered with an approved lot, under an approved rulebook, or not at all."""
    kind = product_kind(wanted.option, book)
    name = book.options[wanted.option].name
    needed = kind in MUST_BE_APPROVED
    if needed and not approved:
        yield f"Training only: the director has not approved the rulebook as it stands, so {name} can be shown, not ordered."
    if needed and wanted.product is None and wanted.lots:
        yield f"Choose the product for {name}: {_lots(wanted.lots)} can be used."
    elif needed and wanted.product is None:
        yield f"{name} needs a product that the director has approved."
    if wanted.product is not None and wanted.product.kind != kind:
        yield f"{wanted.product.name} is no product for {name}."
    elif wanted.product is not None and not wanted.product.usable(wanted.on):
        yield f"{wanted.product.name}, lot {wanted.product.lot}, is withdrawn or past its date."


def _lots(number: int) -> str:
    return "1 approved lot" if number == 1 else f"{number} approved lots"


def order_blocks(
    wanted: Wanted, exam: Exam | None, review: AfterReview, approved: bool, book: Rulebook
) -> tuple[str, ...]:
    """Everything that stands before an order, one line each. Empty: it may be signed."""
    return (
        *exam_blocks(exam, wanted.on, book.clinic.dates),
        *verdict_blocks(wanted.option, review, wanted.on, book, to_order=True),
        *unseen_blocks(wanted.option, exam, review, book),
        *product_blocks(wanted, approved, book),
    )


def treatment_blocks(
    wanted: Wanted, exam: Exam | None, order: OrderTerms | None, review: AfterReview, approved: bool, book: Rulebook
) -> tuple[Block, ...]:
    """Everything that stands before this treatment, one line each. Empty: it may be recorded as done."""
    found: dict[Missing, Iterable[str]] = {
        Missing.EXAM: exam_blocks(exam, wanted.on, book.clinic.dates),
        Missing.ORDER: _ordered(wanted, order, book),
        Missing.VERDICT: (
            *verdict_blocks(wanted.option, review, wanted.on, book),
            *unseen_blocks(wanted.option, exam, review, book),
        ),
        Missing.PRODUCT: (*product_blocks(wanted, approved, book), *_other_product(wanted, order)),
        Missing.LOT: _lot(wanted),
    }
    if order is not None:
        found |= {
            Missing.PLACE: state_blocks(wanted.here, order.state),
            Missing.NAME: _unnamed(wanted, book),
            Missing.LICENCE: _licences(wanted, order, book),
            Missing.DEPTH: _depth(wanted, order),
        }
    return tuple(Block(kind, line) for kind, lines in found.items() for line in lines)


def _ordered(wanted: Wanted, order: OrderTerms | None, book: Rulebook) -> Iterator[str]:
    name = book.options[wanted.option].name
    if order is None or order.option != wanted.option:
        yield f"A clinician's order for {name} is missing."
        return
    if order.ended:
        yield f"This order for {name} was {order.ended}. Open the one that counts."
    if wanted.on > order.valid_until:
        yield f"The order counted until {in_words(order.valid_until, book.clinic.dates)}. A new one is needed."
    if wanted.session > order.sessions:
        yield f"All sessions of the order ({order.sessions}) are done."


def _other_product(wanted: Wanted, order: OrderTerms | None) -> Iterator[str]:
    if order is not None and order.product_id != (wanted.product.id if wanted.product else None):
        yield "The product is not the one of the order."


def _lot(wanted: Wanted) -> Iterator[str]:
    if wanted.product is not None and wanted.lot.strip() != wanted.product.lot:
        yield f"The lot used is not the approved one, {wanted.product.lot}."


def _unnamed(wanted: Wanted, book: Rulebook) -> Iterator[str]:
    done = dict(wanted.steps)
    for step in steps_of_visit(wanted.option, book):
        if step not in done:
            yield f"Nobody is named for: {step_words(step, book)}."
    for step in done:
        if step not in steps_of(wanted.option, book):
            yield f"{step_words(step, book)} is no step of this treatment."


def _licences(wanted: Wanted, order: OrderTerms, book: Rulebook) -> Iterator[str]:
    for step, person in wanted.steps:
        licence = book.protocol.steps[step].licence if step in book.protocol.steps else ""
        if not licence:
            continue
        if not may_do_step(person, licence, order.state, wanted.on):
            lacks = f"{person.shown_name} has no valid {LICENCE_WORDS[licence]} licence in {order.state}"
            yield f"{lacks} for: {step_words(step, book)}."
        named = order.delegates.get(licence)
        if named is None or named.person_id != person.id:
            yield f"The order names {named.name if named else 'nobody'} for {step_words(step, book)}, not {person.shown_name}."


def _depth(wanted: Wanted, order: OrderTerms) -> Iterator[str]:
    if wanted.depth_tenths_mm is None or wanted.depth_tenths_mm < 1:
        yield "The depth is missing."
    elif wanted.depth_tenths_mm > order.deepest_tenths_mm:
        yield f"Deeper than the order: it says at most {order.deepest_tenths_mm / 10:g} mm."


def steps_of(option: str, book: Rulebook) -> tuple[str, ...]:
    """Every step of a visit, in order."""
    visit = book.options[option].visit
    return () if visit is None else visit.steps


def steps_of_visit(option: str, book: Rulebook) -> tuple[str, ...]:
    """Every step of a visit that somebody does: what only waits or spins needs nobody."""
    return tuple(step for step in steps_of(option, book) if "provider" in book.protocol.steps[step].occupies)


def licences_needed(option: str, book: Rulebook) -> tuple[str, ...]:
    """The licences that the steps of an option need, in the order of the steps."""
    found = (book.protocol.steps[step].licence for step in steps_of(option, book))
    return tuple(dict.fromkeys(licence for licence in found if licence))


def step_words(step: str, book: Rulebook) -> str:
    """A step as it is called; one that this rulebook does not know by its id."""
    return book.protocol.steps[step].said.name if step in book.protocol.steps else as_read(step)
