"""Backups: a store goes in, an encrypted copy that was restored and checked comes out.

It is noted only once a trial restore has been proven, so that a page can show the age of the last one that counts.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select

from medspa_core.records.audit.log import DELETED, EXECUTED, FAILED
from medspa_core.records.backups.proven_copy import COPY, LIST, make_copy, read_list
from medspa_core.records.database.store import Store
from medspa_core.records.keys import Keys
from medspa_core.records.problems import StoreProblem, problems_as_sentences
from medspa_core.records.schema import backups

CUT_SHORT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Backup:
    """A proven backup."""

    folder: Path
    made_at: datetime
    proven_at: datetime
    bytes: int
    audit_seq: int


def make_backup(store: Store, into: Path) -> Backup:
    """A new folder in `into` with a copy that was restored elsewhere, checked and counted. Else nothing is left of it."""
    made_at = store.now()
    try:
        folder, listed = make_copy(store.reading(), store.place, store.keys, into, made_at)
        proven = Backup(folder, made_at, store.now(), (folder / COPY).stat().st_size, listed.head.seq)
        _note(store, proven)
    except BaseException:
        with contextlib.suppress(StoreProblem), store.writing() as connection:
            store.note(connection, made_at, EXECUTED, "backup", {"failed": True}, outcome=FAILED)
        raise
    return proven


def _note(store: Store, proven: Backup) -> None:
    row = {
        "id": proven.folder.name,
        "made_at": proven.made_at,
        "proven_at": proven.proven_at,
        "place": str(proven.folder),
        "bytes": proven.bytes,
        "audit_seq": proven.audit_seq,
    }
    with store.writing() as connection:
        connection.execute(insert(backups).values(row))
        store.note(connection, proven.proven_at, EXECUTED, "backup", {"id": proven.folder.name})
    store.publish_head()


def last_proven_backup(store: Store) -> Backup | None:
    """The newest backup that counts; its `proven_at` gives the age to show."""
    with store.reading() as connection:
        row = connection.execute(select(backups).order_by(backups.c.made_at.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Backup(Path(row.place), row.made_at, row.proven_at, row.bytes, row.audit_seq)


def list_backups(folder: Path, keys: Keys) -> list[Backup]:
    """The proven backups in a folder, newest first: it got its name only after its trial restore. Foreign ones are left out."""
    found = []
    for path in folder.glob(f"backup-*/{LIST}"):
        with contextlib.suppress(StoreProblem, OSError):
            listed = read_list(path.parent, keys)
            size = (path.parent / COPY).stat().st_size
            found.append(Backup(path.parent, listed.made_at, listed.made_at, size, listed.head.seq))
    return sorted(found, key=lambda one: (one.made_at, one.audit_seq), reverse=True)


def prune_backups(store: Store, folder: Path, keep: int) -> list[str]:
    """Removes all but the newest `keep` backups of this clinic (never the last one); says which in the audit log."""
    old = list_backups(folder, store.keys)[max(1, keep) :]
    for one in old:
        going = one.folder.with_name(f".{one.folder.name}.gone")
        with problems_as_sentences():
            one.folder.rename(going)
            shutil.rmtree(going, ignore_errors=True)
    for left in folder.glob(".backup-*"):  # cut short, more than a day ago
        if store.now().timestamp() - left.stat().st_mtime > CUT_SHORT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    names = [one.folder.name for one in old]
    if names:
        with store.writing() as connection:
            store.note(connection, store.now(), DELETED, "backup", {"ids": names})
    return names
