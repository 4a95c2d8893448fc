"""Erasing clients: ids go in, every row that leads to them goes, in whatever table; the audit chain stays.

What was erased is also listed outside the store, beside its keys, signed: a restore of an older backup erases it again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from medspa_core.records import migration
from medspa_core.records.audit.log import DELETED
from medspa_core.records.client_schema import clients, erasures, guards_lifted
from medspa_core.records.database.store import Store
from medspa_core.records.facts.consultation_facts import forget_facts
from medspa_core.records.keys import Keys
from medspa_core.records.schema import choices, drafts
from medspa_core.records.signed_list import read_beside, write_signed
from medspa_core.records.stored_forms import from_row

SIGNED_AS = "erased"
LIST_FILE = f"{SIGNED_AS}.json"
AGAIN = "erased before the restore"
BY_THE_TRIAL = "trial"
"""As whom the first of the two proposed, where one person has discarded what was typed during the trial. Figures go too."""


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure that was done: ids and times, nothing of what was erased."""

    id: str
    client_ids: tuple[str, ...]
    proposed_by: str
    proposed_as: str
    proposed_at: str
    confirmed_by: str
    confirmed_at: str


TIMES = ("proposed_at", "confirmed_at")
"""Those of its fields that are moments in the store."""


# --- what leads to a client ---------------------------------------------------------------------------------------


def leading_to(connection: sa.Connection, client_ids: Collection[str]) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Every table with rows that lead to these clients and which rows those are; what is led to comes first."""
    return leading_to_rows(connection, clients.name, client_ids)


def leading_to_rows(
    connection: sa.Connection, root: str, ids: Collection[str]
) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The same for the rows of any table that have an `id`.

    Found by the links of the tables themselves, so that a table that is added later is not forgotten.
    """
    return leading_among(migration.tables_of(connection), root, ids)


def leading_among(
    tables: Sequence[sa.Table], root: str, ids: Collection[str]
) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The same, for who asks many times: listing the tables takes longer than all the rest (a tenth of a second)."""
    found: dict[str, tuple[sa.Table, sa.ColumnElement[bool]]] = {}
    for table in tables:
        if table.name == root:
            found[table.name] = (table, table.c.id.in_(ids))
            continue
        links = [
            _linked(link, *found[link.referred_table.name])
            for link in table.foreign_key_constraints
            if link.referred_table.name in found
        ]
        if links:
            found[table.name] = (table, sa.or_(*links))
    return list(found.values())


def leads_elsewhere(connection: sa.Connection, client_ids: Collection[str]) -> bool:
    """Do rows of other clients' consultations rest on rows of these clients, as an order on an exam?"""
    theirs = sa.select(drafts.c.id).where(drafts.c.client_id.in_(client_ids))
    for table, which in leading_to(connection, client_ids):
        if "draft_id" in table.c:
            others = sa.select(sa.func.count()).select_from(table).where(which, table.c.draft_id.not_in(theirs))
            if connection.execute(others).scalar_one():
                return True
    return False


def _linked(link: sa.ForeignKeyConstraint, parent: sa.Table, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    theirs = [parent.c[element.column.name] for element in link.elements]
    ours = list(link.columns)
    if len(ours) == 1:
        return ours[0].in_(sa.select(theirs[0]).where(which))
    return sa.tuple_(*ours).in_(sa.select(*theirs).where(which))


def erase_rows(connection: sa.Connection, client_ids: Collection[str], *, figures: bool = False) -> tuple[int, int]:
    """Takes every row that leads to these clients; says how many went, and how many nameless facts stay behind.

    `figures`: the facts go too, as what was typed during the trial is no figure.
    """
    theirs = connection.execute(sa.select(drafts.c.id).where(drafts.c.client_id.in_(client_ids))).scalars().all()
    gone, facts = take_rows(connection, clients, client_ids, theirs)
    return (gone + forget_facts(connection, facts), 0) if figures else (gone, len(facts))


def take_rows(
    connection: sa.Connection, root: sa.Table, ids: Collection[str], draft_ids: Collection[str]
) -> tuple[int, Sequence[str]]:
    """Takes every row that leads to these rows of a table, and the guards of their consultations meanwhile; says how many
    went, and the nameless facts that their choices had."""
    chosen = sa.select(choices.c.fact_id).where(choices.c.draft_id.in_(draft_ids))
    facts = connection.execute(chosen).scalars().all()
    if draft_ids:
        connection.execute(sa.insert(guards_lifted), [{"draft_id": one} for one in draft_ids])
    leading = reversed(leading_to_rows(connection, root.name, ids))
    gone = sum(connection.execute(sa.delete(table).where(which)).rowcount for table, which in leading)
    connection.execute(sa.delete(guards_lifted))
    return gone, facts


# --- the list outside ---------------------------------------------------------------------------------------------


def read_list(keys: Keys) -> list[Erased]:
    """What the list outside the store says. A changed or forged list is refused."""

    def read(said: list[dict[str, Any]]) -> list[Erased]:
        return [Erased(**{**one, "client_ids": tuple(one["client_ids"])}) for one in said]

    return read_beside(keys, SIGNED_AS, "erased clients", read) or []


def note_outside(store: Store) -> None:
    """Writes down outside the store what was erased in it. Safe to do again: the list only grows."""
    folder = store.keys.folder
    if folder is None:
        return
    with store.reading() as connection:
        inside = _done(connection)
    listed = {one.id: one for one in read_list(store.keys)}
    if set(listed) < {one.id for one in inside} | set(listed):
        every = listed | {one.id: one for one in inside}
        write_signed(folder / LIST_FILE, SIGNED_AS, [asdict(one) for one in every.values()], store.keys)


def erase_again(store: Store) -> int:
    """After a restore: what had been erased since goes once more. Says how many clients that were."""
    listed, now, count = read_list(store.keys), store.now(), 0
    with store.writing() as connection:
        known = {one.id for one in _done(connection)}
        for one in listed:
            there = connection.execute(sa.select(clients.c.id).where(clients.c.id.in_(one.client_ids))).scalars().all()
            if one.id in known and not there:
                continue
            gone, facts = erase_rows(connection, one.client_ids, figures=one.proposed_as == BY_THE_TRIAL)
            _note_again(connection, one, facts)
            detail = {"erased again": len(there), "rows": gone}
            store.note(connection, now, DELETED, one.client_ids[0], detail)
            count += len(there)
    return count


def _note_again(connection: sa.Connection, one: Erased, facts: int) -> None:
    """The restored store may not know of the erasure, or know only the proposal."""
    connection.execute(sa.delete(erasures).where(erasures.c.id == one.id))
    whose = {"client_id": one.client_ids[0], "client_ids": json.dumps(one.client_ids)}
    times = {name: datetime.fromisoformat(getattr(one, name)) for name in TIMES}
    row = asdict(one) | whose | times | {"reason": AGAIN, "facts_kept": facts}
    connection.execute(sa.insert(erasures).values(row))


def _done(connection: sa.Connection) -> list[Erased]:
    rows = connection.execute(sa.select(erasures).where(erasures.c.confirmed_at.is_not(None)))
    return [_erased(row) for row in rows]


def _erased(row: sa.Row[Any]) -> Erased:
    times = {name: getattr(row, name).isoformat() for name in TIMES}
    return from_row(Erased, row, client_ids=tuple(json.loads(row.client_ids)), **times)
