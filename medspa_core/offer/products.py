"""Products that the owner or the director enters from the package: each waits until the director approves or drops it.

An approved lot is a row of `exam.products` under the same id: what was entered is what is signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from medspa_core.access import Person, Verb
from medspa_core.clients.client_access import in_the_hands_of
from medspa_core.exam import NewProduct
from medspa_core.exam.approval.products import checked_product
from medspa_core.exam.schema import products
from medspa_core.exam.signing import NOT_FOUND, ExamProblem, add_once, signing
from medspa_core.offer.schema import dropped_products, entered_products
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED, DELETED
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class EnteredProduct:
    """A lot that was entered and that nobody has approved yet. Counsel's advice comes with the approval."""

    id: str
    product: NewProduct
    person_id: str
    entered_at: datetime


def enter_product(
    store: Store, person: Person, new: NewProduct, book: Rulebook, now: datetime, on: date, key: str
) -> EnteredProduct:
    """Enters one lot as it stands on the package. Raises AccessRefused, or ExamProblem with every reason."""
    with signing(store, person, Verb.SET_OFFER, now) as connection:
        row = checked_product(new, book, on, counsel=False)
        whole = row | {"id": key, "person_id": person.id, "entered_at": now}
        if add_once(connection, entered_products, whole, tuple(row)):
            store.note(connection, now, CREATED, key, {"what": "product entered"})
        return _entered(connection.execute(select(entered_products).where(entered_products.c.id == key)).one())


def drop_entered_product(store: Store, person: Person, entry_id: str, now: datetime) -> None:
    """What was entered and not approved goes from the list; the row stays. Twice is once."""
    with signing(store, person, Verb.SET_OFFER, now) as connection:
        if connection.execute(select(entered_products.c.id).where(entered_products.c.id == entry_id)).first() is None:
            raise ExamProblem(NOT_FOUND)
        if connection.execute(select(products.c.id).where(products.c.id == entry_id)).first() is not None:
            raise ExamProblem("This lot was approved meanwhile. The director can withdraw it.")
        if connection.execute(select(dropped_products).where(dropped_products.c.entry_id == entry_id)).first() is None:
            store.note(connection, now, DELETED, entry_id, {"what": "product entry dropped"})
            row = {"entry_id": entry_id, "person_id": person.id, "dropped_at": now}
            connection.execute(insert(dropped_products).values(**row))


def entered_waiting(store: Store, asker: Person) -> list[EnteredProduct]:
    """Every lot that waits for the director, the oldest first, for who may enter one. Raises AccessRefused."""
    in_the_hands_of(store, asker, Verb.SET_OFFER, "lots that wait")
    gone = (select(products.c.id), select(dropped_products.c.entry_id))
    query = select(entered_products).order_by(entered_products.c.entered_at, entered_products.c.id)
    for ids in gone:
        query = query.where(entered_products.c.id.not_in(ids))
    with store.reading() as connection:
        return [_entered(row) for row in connection.execute(query)]


def _entered(row: Row[Any]) -> EnteredProduct:
    return from_row(EnteredProduct, row, product=from_row(NewProduct, row, counsel=""))
