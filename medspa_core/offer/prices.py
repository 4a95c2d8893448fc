"""What a session costs here, whether PRP has its kit, and when the tube spins: entered by the owner or the director.

Each change is a new version. It stands over the shipped clinic.toml and the clinic's own file as one more file of the
rulebook, so a new price is a new revision: a finished consultation opens under the old one, and the director approves again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from medspa_core.access import Person, Verb
from medspa_core.clients.client_access import in_the_hands_of
from medspa_core.exam.signing import ExamProblem, add_once, as_json, as_kept_now, signing
from medspa_core.offer.schema import offers
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook

LOWEST_PRICE, HIGHEST_PRICE = 1, 1_000_000
CHANGED_MEANWHILE = "Somebody else changed this just now. Nothing of yours was kept. Look at it, and enter it again."


@dataclass(frozen=True, slots=True)
class Offer:
    """Option -> the price of one session in whole units; the kit is single-use and cleared; the spin runs beside numbing."""

    prices: Mapping[str, int]
    prp_kit_cleared: bool
    spin_during_numbing: bool


@dataclass(frozen=True, slots=True)
class OfferVersion:
    """An offer as it was entered: the how manieth, by whom, when."""

    number: int
    offer: Offer
    person_id: str
    entered_at: datetime


def offer_in(book: Rulebook) -> Offer:
    """What this rulebook says is offered, wherever it has it from."""
    prices = {option: price.amount for option, price in book.clinic.prices.items()}
    return Offer(prices, book.clinic.prp_kit_cleared, book.clinic.spin_during_numbing)


def set_offer(
    store: Store, person: Person, offer: Offer, seen: int, book: Rulebook, now: datetime, key: str
) -> OfferVersion:
    """Keeps the offer as a new version; what was entered last is not kept again. Nothing changes where anything is wrong.

    The first is kept also where it says what the files say: then somebody has said that these prices are the practice's own.

    `seen`: the version that the page showed (0: none). Raises AccessRefused, or ExamProblem with a line for each problem.
    """
    with signing(store, person, Verb.SET_OFFER, now) as connection:
        _check(offer, book)
        content = as_json(asdict(offer))
        last = _latest(connection)
        again = connection.execute(select(offers.c.id).where(offers.c.id == key)).first() is not None
        if not again and (last.number if last else 0) != seen:
            raise ExamProblem(CHANGED_MEANWHILE)
        if not again and last is not None and offer == last.offer:
            return last
        row = {"id": key, "number": seen + 1, "content": content, "person_id": person.id, "entered_at": now}
        if add_once(connection, offers, row, ("content",)):
            store.note(connection, now, CREATED, f"offer {seen + 1}", {"what": "prices and kit entered"})
        return as_kept_now(_latest(connection))


def _check(offer: Offer, book: Rulebook) -> None:
    missing = [book.options[option].name for option in book.ranked if option not in offer.prices]
    lines = [f"{name}: the price is missing." for name in missing]
    for option, price in offer.prices.items():
        if option not in book.ranked:
            lines.append(f"{option}: this treatment is not offered here.")
        elif type(price) is not int or not LOWEST_PRICE <= price <= HIGHEST_PRICE:
            limits = f"from {LOWEST_PRICE} to {HIGHEST_PRICE:,}"
            lines.append(f"{book.options[option].name}: the price is a whole number {limits}.")
    if lines:
        raise ExamProblem(*lines)


def latest_offer(store: Store) -> OfferVersion | None:
    """What was entered last; None where nothing ever was, so that the files count. It asks no right: every rulebook is made
    with it, whoever is there."""
    with store.reading() as connection:
        return _latest(connection)


def offer_versions(store: Store, asker: Person) -> list[OfferVersion]:
    """Everything that was ever entered, the last one first, for who may enter it. Raises AccessRefused."""
    in_the_hands_of(store, asker, Verb.SET_OFFER, "what was offered")
    with store.reading() as connection:
        return [_version(row) for row in connection.execute(_NEWEST_FIRST)]


_NEWEST_FIRST = select(offers).order_by(offers.c.number.desc())
_THE_NEWEST = _NEWEST_FIRST.limit(1)


def _latest(connection: Connection) -> OfferVersion | None:
    row = connection.execute(_THE_NEWEST).one_or_none()
    return None if row is None else _version(row)


def _version(row: Row[Any]) -> OfferVersion:
    return from_row(OfferVersion, row, offer=Offer(**json.loads(row.content)))


def as_settings(version: OfferVersion | None, options: Collection[str]) -> str:
    """The offer as a file like clinic.toml, for the options that the rulebook has; "" where nothing was entered."""
    if version is None:
        return ""
    offer, day = version.offer, version.entered_at.date().isoformat()
    lines = [
        "# Entered on the page What we offer.",
        f"prp_kit_cleared = {str(offer.prp_kit_cleared).lower()}",
        f"spin_during_numbing = {str(offer.spin_during_numbing).lower()}",
    ]
    for option, amount in sorted(offer.prices.items()):
        if option in options:
            price = f'amount = {amount}, meaning = "price of one session", evidence = "chosen by the clinic"'
            lines.append(
                f"prices.{json.dumps(option)} = {{ {price}, sources = [], own_figure = true, reviewed = {day} }}"
            )
    return "\n".join([*lines, ""])
