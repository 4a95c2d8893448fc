"""Sessions as who treats sees them: the orders that count with how many are done, who may do each step, what stands before.

A day goes in, as a licence, an exam or an order counts on a day; nothing is recorded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from medspa_core.access import Person, Verb, may
from medspa_core.access.people.people import read_person
from medspa_core.access.schema import people
from medspa_core.clients.client_access import first_location, in_the_hands_of
from medspa_core.clients.register import client_of, opened
from medspa_core.exam import signing
from medspa_core.exam.approval.products import Product, find_product
from medspa_core.exam.consultation_access import location_of
from medspa_core.exam.exams import latest_exam
from medspa_core.exam.missing_before_treatment import (
    BEFORE_THE_FORM,
    Block,
    Missing,
    Wanted,
    exam_blocks,
    steps_of_visit,
)
from medspa_core.exam.orders import Order, find_order, read_orders
from medspa_core.exam.rulings import read_rulings, review_of
from medspa_core.exam.schema import orders, treatments
from medspa_core.exam.signed_limits import SignedLimit, signed_limits
from medspa_core.exam.treatment.corrections import not_struck
from medspa_core.exam.treatment.treatments import Treatment, blocks_of, read_treatments, rows_of, sessions_done
from medspa_core.records import Draft, Store
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.merged_clients import family_of, root_of
from medspa_core.records.schema import drafts
from medspa_core.records.stored_forms import safe_id
from medspa_core.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class OrderToDo:
    """An order that counts. `recorded`: sessions ever recorded under it, those struck out too: it names the next one.

    `who`: each step that somebody does -> who can be recorded for it. `blocks`: what no form of a session settles.
    `limits`: what a clinician's signed limits ask of it.
    """

    order: Order
    product: Product | None
    done: int
    recorded: int
    who: Mapping[str, tuple[Person, ...]]
    blocks: tuple[Block, ...]
    limits: tuple[SignedLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class TreatmentFile:
    """One consultation for who treats. `ordered`: each order, ended ones too -> how many sessions it is for."""

    draft: Draft
    orders: tuple[OrderToDo, ...]
    treatments: tuple[Treatment, ...]
    ordered: Mapping[str, int]
    missing: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ClientOrder:
    """An order of a client, with what was done under it."""

    order: Order
    done: int
    treatments: tuple[Treatment, ...]


def treatment_file(store: Store, person: Person, draft_id: str, book: Rulebook, on: date) -> TreatmentFile:
    """One consultation's orders and sessions, as they stand on that day. Opening it leaves a row. Raises AccessRefused."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        draft, every = read_draft(connection, draft_id), read_orders(connection, draft_id)
        standing = [one for one in every if not one.terms.ended and one.terms.option in book.ranked]
        return TreatmentFile(
            draft=draft,
            orders=tuple(_to_do(connection, draft, one, book, on) for one in standing),
            treatments=tuple(read_treatments(connection, draft_id)),
            ordered={one.id: one.terms.sessions for one in every},
            missing=() if standing else _without_an_order(connection, draft_id, book, on),
        )


def _without_an_order(connection: Connection, draft_id: str, book: Rulebook, on: date) -> tuple[Block, ...]:
    exam = [Block(Missing.EXAM, line) for line in exam_blocks(latest_exam(connection, draft_id), on, book.clinic.dates)]
    return (*exam, Block(Missing.ORDER, "A clinician's order is missing."))


def _to_do(connection: Connection, draft: Draft, order: Order, book: Rulebook, on: date) -> OrderToDo:
    product = find_product(connection, order.terms.product_id)
    done = sessions_done(connection, order.id)
    named = _named(connection, order, book)
    wanted = Wanted(
        option=order.terms.option,
        on=on,
        product=product,
        lot=product.lot if product is not None else "",
        steps=tuple(named.items()),
        session=done + 1,
        depth_tenths_mm=order.depth_tenths_mm,
        here=location_of(connection, draft.id),
    )
    blocks = [one for one in blocks_of(connection, draft, wanted, order, book) if one.kind in BEFORE_THE_FORM]
    return OrderToDo(
        order=order,
        product=product,
        done=done,
        recorded=rows_of(connection, order.id),
        who=_who(connection, draft, order, named, book),
        blocks=tuple(blocks),
        limits=_limits(connection, draft, order, product, book, on),
    )


def _limits(
    connection: Connection, draft: Draft, order: Order, product: Product | None, book: Rulebook, on: date
) -> tuple[SignedLimit, ...]:
    review = review_of(draft, read_rulings(connection, draft.id), book, on, product)
    return signed_limits(review[order.terms.option], latest_exam(connection, draft.id), on)


def _named(connection: Connection, order: Order, book: Rulebook) -> dict[str, Person]:
    """Who the order names, for each step that needs a licence."""
    found = {}
    for step in steps_of_visit(order.terms.option, book):
        delegate = order.terms.delegates.get(book.protocol.steps[step].licence)
        if delegate is not None:
            found[step] = read_person(connection, delegate.person_id)
    return found


def _who(
    connection: Connection, draft: Draft, order: Order, named: Mapping[str, Person], book: Rulebook
) -> dict[str, tuple[Person, ...]]:
    """A step with a licence is done by who the order names; any other by whoever treats clients here."""
    place = draft.location_id or first_location(connection)
    ids = connection.execute(select(people.c.id).order_by(people.c.shown_name, people.c.id)).scalars().all()
    everybody = [read_person(connection, one) for one in ids]
    treating = tuple(one for one in everybody if may(one, Verb.CHANGE_CLIENTS, place))
    return {step: (named[step],) if step in named else treating for step in steps_of_visit(order.terms.option, book)}


def client_orders(store: Store, asker: Person, client_id: str) -> list[ClientOrder]:
    """Every order of the client, and of those merged into them, with its sessions, newest first. Raises ClientMissing."""
    query = select(orders.c.id, drafts.c.location_id).join(drafts, drafts.c.id == orders.c.draft_id)
    with opened(store, asker, client_id) as (mine, connection, _):
        theirs = query.where(drafts.c.client_id.in_(family_of(connection, client_id)))
        rows = connection.execute(theirs.order_by(orders.c.signed_at.desc(), orders.c.id)).all()
        return [_of_client(connection, row.id) for row in rows if mine.shows(connection, row.location_id)]


def last_session_day(store: Store, asker: Person, client_id: str) -> date | None:
    """The day on which the client, or an entry merged into them, was last treated here; struck sessions are none. It fills in
    the day of the last needling, so that who is in the middle of a course waits from that day and not from today."""
    mine = in_the_hands_of(store, asker, Verb.READ_CLIENTS, safe_id(client_id))
    query = select(treatments.c.done_on, drafts.c.location_id).join(drafts, drafts.c.id == treatments.c.draft_id)
    with mine.reading() as connection:
        client_of(mine, connection, client_id)
        family = family_of(connection, root_of(connection, client_id))
        theirs = query.where(drafts.c.client_id.in_(family), not_struck())
        rows = connection.execute(theirs.order_by(treatments.c.done_on.desc())).all()
        return next((row.done_on for row in rows if mine.shows(connection, row.location_id)), None)


def _of_client(connection: Connection, order_id: str) -> ClientOrder:
    order = signing.as_kept_now(find_order(connection, order_id))
    where = select(treatments.c.draft_id).where(treatments.c.order_id == order_id).limit(1)
    recorded = connection.execute(where).first() is not None
    done = [one for one in read_treatments(connection, order.draft_id) if one.order_id == order_id] if recorded else []
    return ClientOrder(order, sessions_done(connection, order_id), tuple(done))
