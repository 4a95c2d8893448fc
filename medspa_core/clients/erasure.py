"""Erasing a client, by two people: one proposes with a reason, the other confirms; a legal hold wins over both.

The medical director weighs it against the duty to keep, the owner answers for the practice: one of each, either first.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from medspa_core.access import AccessRefused, Person, Role, SignIn, Verb, require_now
from medspa_core.clients.client_access import ClientMissing, in_the_hands_of, refusals_noted
from medspa_core.clients.register import load_client, set_columns
from medspa_core.records import Store, StoreProblem
from medspa_core.records.audit.log import DELETED, EXECUTED, UPDATED
from medspa_core.records.client_schema import clients, erasures
from medspa_core.records.erasure.erased_clients import erase_rows, note_outside
from medspa_core.records.merged_clients import family_of, root_of
from medspa_core.records.schema import drafts
from medspa_core.records.stored_forms import from_row, plain_text, safe_id

SHORTEST_REASON = 10
TWO = (Role.MEDICAL_DIRECTOR, Role.OWNER)


class Held(StoreProblem):
    """The record is under a legal hold."""

    def __init__(self) -> None:
        super().__init__("This record is on legal hold. Nothing of it is erased until the hold is lifted.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An erasure that one of the two has proposed. It names nobody: the owner does not read clients."""

    id: str
    client_id: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    consultations: int
    held: bool


def propose_erasure(store: Store, sign_in: SignIn, client_id: str, reason: str, now: datetime) -> str:
    """The first of the two, with a reason; says the proposal's id. Raises AccessRefused, Held or StoreProblem."""
    asker = _asker(store, sign_in, safe_id(client_id), now)
    why = plain_text(reason, "the reason").strip()
    if len(why) < SHORTEST_REASON:
        raise StoreProblem("Write the reason in a sentence; the other one reads it. Leave out names.")
    with store.writing() as connection:
        client = load_client(connection, root_of(connection, client_id))
        family = family_of(connection, client.id)
        if _is_held(connection, family):
            raise Held
        waiting = _open_proposals().where(erasures.c.client_id == client.id)
        there = connection.execute(waiting).first()
        if there is not None:
            return str(there.id)
        made = secrets.token_hex(16)
        row = {"id": made, "client_id": client.id, "client_ids": json.dumps(family), "reason": why, "facts_kept": 0}
        who = {"proposed_by": asker.id, "proposed_as": ",".join(sorted(asker.roles)), "proposed_at": now}
        connection.execute(insert(erasures).values(**row, **who))
        store.note(connection, now, EXECUTED, client.id, {"erasure": "proposed", "id": made})
    return made


def confirm_erasure(store: Store, sign_in: SignIn, proposal_id: str, now: datetime) -> int:
    """The second of the two: every row of the client goes now; says how many. The audit chain stays."""
    asker = _asker(store, sign_in, safe_id(proposal_id), now)
    with refusals_noted(store, Verb.PURGE, safe_id(proposal_id)), store.writing() as connection:
        row = _proposal(connection, proposal_id)
        _refuse_the_same(row, asker)
        try:
            root = root_of(connection, row.client_id)
            family = family_of(connection, load_client(connection, root).id)
        except ClientMissing:
            raise StoreProblem("This client is gone already.") from None
        if _is_held(connection, family):
            raise Held
        gone, facts = erase_rows(connection, family)
        done = {"confirmed_by": asker.id, "confirmed_at": now, "facts_kept": facts, "client_ids": json.dumps(family)}
        connection.execute(update(erasures).where(erasures.c.id == row.id).values(**done))
        for one in family:
            store.note(connection, now, DELETED, one, {"erasure": row.id, "rows": gone, "asked by": row.proposed_by})
    note_outside(store)
    store.leave_nothing_behind()
    return gone


def withdraw_erasure(store: Store, sign_in: SignIn, proposal_id: str, now: datetime) -> None:
    """Either of the two says no; nothing is erased."""
    asker = _asker(store, sign_in, safe_id(proposal_id), now)
    with store.writing() as connection:
        row = _proposal(connection, proposal_id)
        no = {"withdrawn_by": asker.id, "withdrawn_at": now}
        connection.execute(update(erasures).where(erasures.c.id == row.id).values(**no))
        store.note(connection, now, EXECUTED, row.client_id, {"erasure": "withdrawn", "id": row.id})


def proposals(store: Store, asker: Person) -> list[Proposal]:
    """What waits for the second of the two, oldest first."""
    in_the_hands_of(store, asker, Verb.PURGE, "erasures")
    with store.reading() as connection:
        rows = connection.execute(_open_proposals().order_by(erasures.c.proposed_at)).all()
        return [_told(connection, row) for row in rows]


def hold(store: Store, asker: Person, client_id: str, why: str, now: datetime) -> None:
    """A legal hold: until it is lifted nobody erases anything of this client."""
    kept = plain_text(why, "the reason").strip()
    _set_hold(store, asker, client_id, now, {"held_since": now, "held_why": kept}, "hold")


def lift_hold(store: Store, asker: Person, client_id: str, now: datetime) -> None:
    """The hold is over."""
    _set_hold(store, asker, client_id, now, {"held_since": None, "held_why": None}, "hold lifted")


def _set_hold(store: Store, asker: Person, client_id: str, now: datetime, values: dict[str, object], said: str) -> None:
    in_the_hands_of(store, asker, Verb.PURGE, safe_id(client_id))
    with store.writing() as connection:
        client = load_client(connection, client_id)
        if (client.held_since is None) != (values["held_since"] is None):
            set_columns(connection, client, now, **values)
            store.note(connection, now, UPDATED, client.id, {"legal": said})


def _asker(store: Store, sign_in: SignIn, about: str, now: datetime) -> Person:
    with refusals_noted(store, Verb.PURGE, about):
        return require_now(sign_in, Verb.PURGE, now)


def _open_proposals() -> Select[Any]:
    return select(erasures).where(erasures.c.confirmed_at.is_(None), erasures.c.withdrawn_at.is_(None))


def _proposal(connection: Connection, proposal_id: str) -> Row[tuple[object, ...]]:
    row = connection.execute(_open_proposals().where(erasures.c.id == proposal_id)).one_or_none()
    if row is None:
        raise StoreProblem("This proposal was not found, or is settled already.")
    return row


def _refuse_the_same(row: Row[tuple[object, ...]], asker: Person) -> None:
    """Two people, and between them a director and an owner."""
    if row.proposed_by == asker.id:
        raise AccessRefused("Another person must confirm this.")
    first = {Role(role) for role in row.proposed_as.split(",") if role}
    director, owner = TWO
    if not ((director in first and owner in asker.roles) or (owner in first and director in asker.roles)):
        raise AccessRefused("One of the two must be the medical director, the other the owner.")


def _is_held(connection: Connection, family: tuple[str, ...]) -> bool:
    query = select(clients.c.id).where(clients.c.id.in_(family), clients.c.held_since.is_not(None))
    return connection.execute(query).first() is not None


def _told(connection: Connection, row: Row[tuple[object, ...]]) -> Proposal:
    family = family_of(connection, row.client_id)
    counted = select(func.count()).select_from(drafts).where(drafts.c.client_id.in_(family))
    consultations = connection.execute(counted).scalar_one()
    return from_row(Proposal, row, consultations=consultations, held=_is_held(connection, family))
