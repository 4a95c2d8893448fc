"""Standing orders: entries of the rulebook that count once the director has signed them, word for word, for a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from medspa_core.access import Person, Verb
from medspa_core.exam import signing
from medspa_core.exam.schema import standing_order_signatures
from medspa_core.exam.signing import ExamProblem, Signature, SigningContext
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.content import fingerprint


@dataclass(frozen=True, slots=True)
class SignedStandingOrder:
    """A signature under an entry as it stands."""

    entry: str
    valid_until: date
    signed: Signature


def sign_standing_order(store: Store, person: Person, entry: str, context: SigningContext) -> SignedStandingOrder:
    """The director signs one entry as it stands. Raises AccessRefused or ExamProblem."""
    with signing.signing(store, person, Verb.APPROVE_RULEBOOK, context.now) as connection:
        signed = signing.sign(connection, person, context)
        if entry not in context.book.standing_orders:
            raise ExamProblem("The rulebook has no such standing order.")
        order = context.book.standing_orders[entry]
        said = {"entry": entry, "fingerprint": fingerprint(order)}
        until = context.on + timedelta(days=order.days)
        row = said | {"id": context.key, "valid_until": until, **asdict(signed)}
        if signing.add_once(connection, standing_order_signatures, row, tuple(said)):
            store.note(connection, context.now, CREATED, entry, {"what": "standing order"})
        return SignedStandingOrder(entry, until, signed)


def standing_orders_in_force(store: Store, book: Rulebook, on: date) -> dict[str, SignedStandingOrder]:
    """Entry -> its signature, for those signed exactly as they stand and not past their day."""
    query = select(standing_order_signatures).order_by(standing_order_signatures.c.valid_until)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return {
        row.entry: SignedStandingOrder(row.entry, row.valid_until, signing.signature_of(row))
        for row in rows
        if row.entry in book.standing_orders
        and row.fingerprint == fingerprint(book.standing_orders[row.entry])
        and on <= row.valid_until
    }


def standing_orders_for(answers: Mapping[str, Any], book: Rulebook) -> tuple[str, ...]:
    """The entries that a client's answers ask for, signed or not."""
    return tuple(
        entry
        for entry, order in book.standing_orders.items()
        if any(answers.get(question) in named for question, named in order.on.items())
    )
