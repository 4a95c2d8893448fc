"""What is still missing before a treatment that a client has chosen, and who can clear it: one consultation in, names out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from medspa_core.access import Location, Person, Verb, list_people, may
from medspa_core.access.rights import valid_licence
from medspa_core.exam import signing
from medspa_core.exam.approval.approvals import training_only
from medspa_core.exam.approval.products import MUST_BE_APPROVED, list_products, product_kind
from medspa_core.exam.consultation_access import location_of
from medspa_core.exam.worklist import WorklistLine, line_of
from medspa_core.records import Store
from medspa_core.rulebook import Rulebook

EXAM, FINDINGS, ORDER, LOT, APPROVAL = "exam", "findings", "order", "lot", "approval"


@dataclass(frozen=True, slots=True)
class StillMissing:
    """One thing that is missing, and the names of those here who can clear it."""

    what: str
    who: tuple[str, ...]


def still_missing(
    store: Store, person: Person, draft_id: str, option: str, book: Rulebook, on: date
) -> tuple[StillMissing, ...]:
    """Before this option, in the order in which it is cleared; no word of the review and no note. Raises AccessRefused."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        line, here = line_of(connection, draft_id, book, on, option), location_of(connection, draft_id)
    everybody = list_people(store)
    signs = tuple(one.shown_name for one in everybody if _may_sign(one, here, on))
    directs = tuple(one.shown_name for one in everybody if may(one, Verb.APPROVE_RULEBOOK))
    found = [(APPROVAL, directs)] if training_only(store, book) else []
    if _needs_a_lot(store, option, book, on):
        found.append((LOT, directs))
    return tuple(StillMissing(*one) for one in [*_of_the_review(line, signs), *found])


def _of_the_review(line: WorklistLine, signs: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not line.examined:
        yield EXAM, signs
    elif line.needs_a_word:
        yield FINDINGS, signs
    if not line.ordered:
        yield ORDER, signs


def _may_sign(person: Person, here: Location | None, on: date) -> bool:
    """A right at that place, and a medical licence of its state; where the state is not known yet, the right."""
    if not may(person, Verb.SIGN_REVIEW, here.id if here else None):
        return False
    return here is None or not here.state or valid_licence(person.licences, "medical", here.state, on) is not None


def _needs_a_lot(store: Store, option: str, book: Rulebook, on: date) -> bool:
    kind = product_kind(option, book)
    return kind in MUST_BE_APPROVED and not any(one.kind == kind and one.usable(on) for one in list_products(store))
