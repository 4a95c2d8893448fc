"""Whole rulebooks: the files behind a revision go in at its first use and come out unchanged, however old."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from medspa_core.records.audit.log import CREATED
from medspa_core.records.client_schema import rulebook_revisions
from medspa_core.records.database.store import Store


def keep_revision(store: Store, connection: Connection, revision: str, files: Mapping[str, str]) -> bool:
    """Keeps the files of a rulebook under its revision, in the transaction of what was said by it; False if they are there."""
    there = select(rulebook_revisions.c.revision).where(rulebook_revisions.c.revision == revision)
    if connection.execute(there).first() is not None:
        return False
    now = store.now()
    row = {"revision": revision, "first_used_at": now, "files": json.dumps(dict(files), ensure_ascii=True)}
    connection.execute(insert(rulebook_revisions).values(row))
    store.note(connection, now, CREATED, f"rulebook {revision}", {"files": len(files)})
    return True


def read_revision(store: Store, revision: str) -> dict[str, str] | None:
    """The files of a rulebook as they were at its first use; None where they were never kept."""
    query = select(rulebook_revisions.c.files).where(rulebook_revisions.c.revision == revision)
    with store.reading() as connection:
        found = connection.execute(query).scalar_one_or_none()
    return None if found is None else dict(json.loads(found))
