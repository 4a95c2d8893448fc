"""Consultations that belong to no client: given to one, or thrown away; an id goes in, what leads to it moves or goes.

What was thrown away is listed outside the store, beside its keys and signed, as erased clients are: a restore of an older
backup throws it away again. Invented consultations are in no list; nothing in them is anybody's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from medspa_core.records import migration
from medspa_core.records.audit.log import DELETED
from medspa_core.records.client_schema import GUARDED, discards, guards_lifted
from medspa_core.records.database.store import Store
from medspa_core.records.erasure.erased_clients import leading_among, take_rows
from medspa_core.records.facts.consultation_facts import forget_facts
from medspa_core.records.keys import Keys
from medspa_core.records.schema import drafts
from medspa_core.records.signed_list import read_beside, write_signed

SIGNED_AS = "discarded"
LIST_FILE = f"{SIGNED_AS}.json"


def give_to_client(connection: Connection, draft_id: str, client_id: str) -> None:
    """The consultation is this client's from now on. Nothing else of it changes, so a finished one may be given too."""
    connection.execute(insert(guards_lifted).values(draft_id=draft_id))
    mine = (drafts.c.id == draft_id) & drafts.c.client_id.is_(None)
    connection.execute(update(drafts).where(mine).values(client_id=client_id))
    connection.execute(delete(guards_lifted))


def holding_more(connection: Connection, draft_ids: Sequence[str]) -> frozenset[str]:
    """Those for which something was signed, done or added. Such rows go only with a client, by two people."""
    tables = migration.tables_of(connection) if draft_ids else []

    def among(ids: Sequence[str]) -> frozenset[str]:
        if not ids or not _any_more(connection, tables, ids):
            return frozenset()
        half = len(ids) // 2
        return among(ids[:half]) | among(ids[half:]) if half else frozenset(ids)

    return among(draft_ids)


def _any_more(connection: Connection, tables: Sequence[Table], draft_ids: Sequence[str]) -> bool:
    rows = (
        select(func.count()).select_from(table).where(which)
        for table, which in leading_among(tables, drafts.name, draft_ids)
        if table.name not in GUARDED
    )
    return any(connection.execute(counted).scalar() for counted in rows)


def discard_rows(connection: Connection, draft_ids: Collection[str]) -> int:
    """Takes every row that leads to these consultations, and the facts made of their choices; says how many went."""
    if not draft_ids:
        return 0
    gone, facts = take_rows(connection, drafts, draft_ids, draft_ids)
    return gone + forget_facts(connection, facts)


def note_discard(connection: Connection, draft_id: str, by: str, now: datetime) -> None:
    """That it was thrown away, and by whom."""
    connection.execute(insert(discards).values(draft_id=draft_id, discarded_by=by, discarded_at=now))


def was_discarded(connection: Connection, draft_id: str) -> bool:
    """Was it thrown away before, as after a double tap?"""
    return connection.execute(select(discards.c.draft_id).where(discards.c.draft_id == draft_id)).first() is not None


# --- the list outside ---------------------------------------------------------------------------------------------


def read_list(keys: Keys) -> dict[str, str]:
    """What the list outside says: each consultation that was thrown away -> by whom. A changed or forged list is refused."""
    return read_beside(keys, SIGNED_AS, "discarded consultations", dict[str, str]) or {}


def note_outside(store: Store) -> None:
    """Writes down outside the store what was thrown away in it. Safe to do again: the list only grows."""
    folder = store.keys.folder
    if folder is None:
        return
    with store.reading() as connection:
        inside = {row.draft_id: row.discarded_by for row in connection.execute(select(discards))}
    listed = read_list(store.keys)
    if set(inside) - set(listed):
        write_signed(folder / LIST_FILE, SIGNED_AS, inside | listed, store.keys)


def discard_again(store: Store) -> int:
    """After a restore: what had been thrown away since goes once more. Says how many consultations that were."""
    listed, now = read_list(store.keys), store.now()
    with store.writing() as connection:
        unassigned = drafts.c.id.in_(listed) & drafts.c.client_id.is_(None)
        there = connection.execute(select(drafts.c.id).where(unassigned)).scalars().all()
        gone = discard_rows(connection, there)
        for one in set(listed) - set(connection.execute(select(discards.c.draft_id)).scalars()):
            note_discard(connection, one, listed[one], now)
        for one in there:
            store.note(connection, now, DELETED, one, {"discarded again": len(there), "rows": gone})
    return len(there)
