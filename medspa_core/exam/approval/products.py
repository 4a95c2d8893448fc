"""Products that the director has approved: name, maker, source, lot and certificate, route, counsel's advice.

A row is one lot as it stands. Another lot is another row; what must no longer be used is withdrawn by a row of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from medspa_core.access import Person, Verb
from medspa_core.exam import signing
from medspa_core.exam.schema import product_withdrawals, products
from medspa_core.exam.signing import ExamProblem, Signature, SigningContext
from medspa_core.formats.as_read import in_words
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook

KIND_OF_MATERIAL = {"exosome_product": "exosome_product", "own_blood": "prp_kit"}
"""What goes on the skin -> the kind of product that it comes from. Of one's own blood it is the kit."""
MUST_BE_APPROVED = frozenset({"exosome_product"})


@dataclass(frozen=True, slots=True)
class NewProduct:
    """What the director looks at before approving."""

    kind: str
    name: str
    maker: str
    source: str
    route: str
    lot: str
    certificate: str
    expires_on: date
    counsel: str


@dataclass(frozen=True, slots=True)
class Product(NewProduct):
    """An approved lot of a product."""

    id: str
    signed: Signature
    withdrawn_at: datetime | None = None

    def usable(self, on: date) -> bool:
        """Approved, not withdrawn, and not past its date."""
        return self.withdrawn_at is None and on <= self.expires_on

    def as_answer(self) -> dict[str, Any]:
        """As the question about the exosome product takes it: the gates then judge this very product."""
        return {
            "source": self.source,
            "use": self.route,
            "has_lot_and_certificate": bool(self.lot and self.certificate),
        }


def product_kind(option: str, book: Rulebook) -> str:
    """The kind of product that an option needs, or "" if it needs none."""
    return next((KIND_OF_MATERIAL[one] for one in book.options[option].material if one in KIND_OF_MATERIAL), "")


def approve_product(store: Store, person: Person, new: NewProduct, context: SigningContext) -> Product:
    """The director approves one lot as it stands. Raises AccessRefused, or ExamProblem with every reason."""
    with signing.signing(store, person, Verb.APPROVE_RULEBOOK, context.now) as connection:
        signed = signing.sign(connection, person, context)
        row = checked_product(new, context.book, context.on)
        if signing.add_once(connection, products, row | {"id": context.key, **asdict(signed)}, tuple(row)):
            store.note(connection, context.now, CREATED, context.key, {"what": "product approved"})
        return signing.as_kept_now(find_product(connection, context.key))


def checked_product(new: NewProduct, book: Rulebook, on: date, *, counsel: bool = True) -> dict[str, Any]:
    """A lot as columns of a row, `counsel`'s advice among them. Raises ExamProblem with every reason."""
    fields = book.questions["exosome_product"].fields
    wrong: dict[str, str] = {}
    if new.kind not in KIND_OF_MATERIAL.values():
        wrong["kind"] = "The kind of product is not known."
    if new.kind == "exosome_product" and new.source not in fields["source"]:
        wrong["source"] = "Choose what the exosome product is made from."
    if new.kind == "exosome_product" and new.route not in fields["use"]:
        wrong["route"] = "Choose how the exosome product is used."
    typed = {"name": "The name", "maker": "The maker", "lot": "The lot", "certificate": "The certificate"}
    texts, wrong_texts = signing.typed_fields(new, typed | ({"counsel": "What counsel advised"} if counsel else {}))
    wrong |= wrong_texts
    if new.expires_on == date.min:
        wrong["expires_on"] = "The use-by date is missing."
    elif new.expires_on < on:
        wrong["expires_on"] = f"This lot is past its date, {in_words(new.expires_on, book.clinic.dates)}."
    if wrong:
        raise ExamProblem(*wrong.values(), fields=wrong)
    return {"kind": new.kind, "source": new.source, "route": new.route, "expires_on": new.expires_on, **texts}


def withdraw_product(store: Store, person: Person, product_id: str, reason: str, now: datetime) -> None:
    """From now on nothing is ordered or done with this lot. Twice is once."""
    with signing.signing(store, person, Verb.APPROVE_RULEBOOK, now) as connection:
        why = signing.text(reason, "The reason")
        found = find_product(connection, product_id)
        if found is None:
            raise ExamProblem(signing.NOT_FOUND)
        if found.withdrawn_at is None:
            store.note(connection, now, CREATED, product_id, {"what": "product withdrawn"})
            row = {"product_id": product_id, "person_id": person.id, "reason": why, "withdrawn_at": now}
            connection.execute(insert(product_withdrawals).values(row))


def find_product(connection: Connection, product_id: str | None) -> Product | None:
    """One product inside a transaction."""
    if product_id is None:
        return None
    row = connection.execute(_ALL.where(products.c.id == product_id)).one_or_none()
    return None if row is None else _product(row)


def usable_products(connection: Connection, option: str, book: Rulebook, on: date) -> list[Product]:
    """The approved lots that may be used for an option on that day, inside a transaction; none where it needs no product."""
    kind = product_kind(option, book)
    rows = connection.execute(_ALL.where(products.c.kind == kind).order_by(products.c.name, products.c.signed_at))
    return [one for one in map(_product, rows) if one.usable(on)]


def list_products(store: Store) -> list[Product]:
    """Every lot that was ever approved, by name."""
    with store.reading() as connection:
        return [_product(row) for row in connection.execute(_ALL.order_by(products.c.name, products.c.signed_at))]


def product_in_use(store: Store, on: date) -> Product | None:
    """The exosome product that a consultation of that day is about: the lot approved last that may still be used, at every
    location, as a lot is approved for the clinic. None: then the rulebook's clinic.toml says what is recorded."""
    newest = _ALL.where(products.c.kind == "exosome_product").order_by(products.c.signed_at.desc(), products.c.id)
    with store.reading() as connection:
        found = (_product(row) for row in connection.execute(newest).all())
        return next((one for one in found if one.usable(on)), None)


_ALL = select(products, product_withdrawals.c.withdrawn_at).select_from(
    products.outerjoin(product_withdrawals, product_withdrawals.c.product_id == products.c.id)
)


def _product(row: Row[Any]) -> Product:
    return from_row(Product, row, signed=signing.signature_of(row))
