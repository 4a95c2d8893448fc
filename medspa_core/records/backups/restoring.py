"""The ways back: a proven backup goes in, a store of this version comes out, in an empty place or in place of what is there.

Everything happens beside first and is checked there; then it is switched in one step, and what was there is kept: on a
file under another name, on a server as a schema of its own in the same database.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, column, table, update

from medspa_core.records.audit.log import EXECUTED, THE_PROGRAM, Doer
from medspa_core.records.backups.backup import Backup
from medspa_core.records.backups.proven_copy import COPY, LIST, Listed, read_list, restore_to_file, restore_to_server
from medspa_core.records.database import encrypted_file, postgres
from medspa_core.records.database.key_check_values import note_keys
from medspa_core.records.database.opening_check import read_heads
from medspa_core.records.database.row_copy import has_records
from medspa_core.records.database.store import Clock, Store
from medspa_core.records.database.store_location import (
    FilePlace,
    Place,
    ServerPlace,
    connected,
    held_alone,
    place_of,
)
from medspa_core.records.erasure import discarded_consultations, erased_clients
from medspa_core.records.keys import Keys, sync_folder
from medspa_core.records.opening import bring_up_to_date
from medspa_core.records.problems import StoreProblem, problems_as_sentences
from medspa_core.records.schema import UtcTime

PROVEN_BY_RESTORING = ("store", "audit", "backup")
"""The backup was opened and found signed with these, whichever counted when it was made."""
SIGN_INS = table("sign_ins", column("ended_at", UtcTime), column("ended_why"))
"""As far as a restore needs to know the table; people and sign-ins are built upon the records, not the other way."""
BESIDE = "medspa_restoring"
"""The schema in which a backup is checked before it takes the place of the records."""


def find_backup(folder: Path) -> Path:
    """The backup in this folder: itself, or the newest of those in it."""
    if (folder / LIST).is_file():
        return folder
    found = sorted(path.parent for path in folder.glob(f"backup-*/{LIST}"))
    if not found:
        none = "there is no backup in this folder" if folder.is_dir() else "there is no such folder"
        raise StoreProblem(f"{folder}: {none}. Name the folder of a backup, or one that holds several.")
    return found[-1]


def restore_backup(
    folder: Path, to: str | Path, keys: Keys, clock: Clock, doer: Doer = THE_PROGRAM, second: Path | None = None
) -> Backup:
    """Brings a backup back to where no store is: beside first, checked there, then switched. The log says so.

    `second`: the folder in which the head of the audit log is noted as well.
    """
    backup = find_backup(folder)
    listed = read_list(backup, keys)
    place = place_of(to)
    if isinstance(place, FilePlace):
        _restore_file(backup, place.path, keys, listed)
    else:
        if has_records(place, keys):
            raise StoreProblem(f"{place.name}: {RECORDS_ALREADY}")
        restore_to_server(backup, place, keys, listed)
    with problems_as_sentences():
        bring_up_to_date(place, keys)
    return _settled(place, backup, listed, keys, clock, doer, second)


RECORDS_ALREADY = (
    "there are records already. Nothing was changed. With --instead the backup takes their place, and they are kept."
)


def may_be_replaced(store: Store) -> bool:
    """Whether this program may put a backup in the place of the open records: on a server only the tables' owner may."""
    if isinstance(store.place, FilePlace):
        return True
    with store.reading() as connection:
        return postgres.owns_the_records(connection)


def restore_in_place(store: Store, folder: Path, doer: Doer) -> str:
    """Puts a backup in the place of the store that is open: beside first, checked there, then switched.

    What was there is kept; its name comes back. On a file raises StoreBusy while another program has it open.
    """
    listed = read_list(folder, store.keys)
    with _proven_beside(folder, store.place, store.keys, listed) as beside, store.exchange():
        kept = _switch(beside, store.place, store.keys, store.now())
    _settle(store.by(doer), folder, listed)
    return kept


def restore_instead(
    folder: Path, place: Place, keys: Keys, clock: Clock, doer: Doer = THE_PROGRAM, second: Path | None = None
) -> tuple[Backup, str]:
    """The same where the store can't be opened: what is there is kept under another name. The program must be stopped."""
    backup = find_backup(folder)
    listed = read_list(backup, keys)
    with _proven_beside(backup, place, keys, listed) as beside, held_alone(place):
        kept = _switch(beside, place, keys, clock())
    return _settled(place, backup, listed, keys, clock, doer, second), kept


def _proven_beside(backup: Path, place: Place, keys: Keys, listed: Listed) -> AbstractContextManager[Place]:
    """The backup's store beside the one that is there, checked and of this version; gone again if it was not switched."""
    if isinstance(place, FilePlace):
        return _beside_on_disk(backup, place, keys, listed)
    return _beside_on_server(backup, place, keys, listed)


@contextlib.contextmanager
def _beside_on_disk(backup: Path, place: FilePlace, keys: Keys, listed: Listed) -> Iterator[FilePlace]:
    beside = place.path.with_name(f"{place.path.name}.restoring")
    try:
        with problems_as_sentences():
            restore_to_file(backup, beside, keys, listed)
            bring_up_to_date(FilePlace(beside), keys)
            encrypted_file.make_single(beside, keys.store)
        yield FilePlace(beside)
    finally:
        for rest in beside.parent.glob(f"{beside.name}*"):
            rest.unlink(missing_ok=True)


@contextlib.contextmanager
def _beside_on_server(backup: Path, place: ServerPlace, keys: Keys, listed: Listed) -> Iterator[ServerPlace]:
    beside = replace(place, schema=BESIDE)
    try:
        with problems_as_sentences():
            with connected(place, keys) as connection:
                if not postgres.owns_the_records(connection):
                    raise StoreProblem(f"{place.name}: {NOT_THE_OWNER}")
                postgres.make_schema(connection, BESIDE)
            restore_to_server(backup, beside, keys, listed)
            bring_up_to_date(beside, keys)
        yield beside
    finally:
        with contextlib.suppress(StoreProblem), problems_as_sentences(), connected(place, keys) as connection:
            postgres.drop_schema(connection, BESIDE)


NOT_THE_OWNER = (
    "the program's role may not put a backup in the place of the records. Do it as the role that owns them: "
    "MEDSPA_DATABASE_URL=postgresql://medspa_owner:...@host/database python -m medspa_core restore FOLDER --instead"
)


def _switch(beside: Place, place: Place, keys: Keys, now: datetime) -> str:
    """The switch itself, in one step: at every moment there is a store under its name. The name of what is kept."""
    when = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    if isinstance(place, FilePlace) and isinstance(beside, FilePlace):
        return _put_in_place(beside.path, place.path, f"{place.path.name}.until-{when}")
    kept = f"until_{when}".lower().replace("-", "_")
    with problems_as_sentences(), connected(place, keys, writes=True) as connection:
        postgres.exchange_schemas(connection, BESIDE, kept)
    return f"{place.name}, schema {kept}"


def _put_in_place(beside: Path, path: Path, name: str) -> str:
    kept = path.with_name(name)
    with problems_as_sentences():
        if path.exists():
            os.link(path, kept)
        beside.replace(path)
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:  # a log that the old store left behind stays with it
            log.rename(kept.with_name(f"{kept.name}-wal"))
        for rest in (log, path.with_name(f"{path.name}-shm")):
            rest.unlink(missing_ok=True)
        sync_folder(path.parent)
    return kept.name


def _restore_file(backup: Path, target: Path, keys: Keys, listed: Listed) -> None:
    if target.exists() and target.stat().st_size:
        raise StoreProblem(f"{target}: {RECORDS_ALREADY}")
    with problems_as_sentences():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = target.with_name(f"{target.name}.restoring")
        try:
            restore_to_file(backup, beside, keys, listed)
            for rest in ("-wal", "-shm"):  # what a lost store may have left would not fit
                target.with_name(target.name + rest).unlink(missing_ok=True)
            beside.replace(target)
            sync_folder(target.parent)
        finally:
            beside.unlink(missing_ok=True)


def _settled(
    place: Place, backup: Path, listed: Listed, keys: Keys, clock: Clock, doer: Doer, second: Path | None
) -> Backup:
    with problems_as_sentences(), contextlib.closing(Store(place, keys, clock)) as store:
        if second is not None:
            store.note_head_in(second)
        _settle(store.by(doer), backup, listed)
    return Backup(backup, listed.made_at, listed.made_at, (backup / COPY).stat().st_size, listed.head.seq)


def _settle(store: Store, backup: Path, listed: Listed) -> None:
    """What no way back may leave out: the log says so, nobody stays signed in, what was erased since goes again."""
    outside = read_heads(store.keys).noted
    detail = {"backup": backup.name, "restored_at": listed.head.seq, "outside_head": outside.seq if outside else None}
    with store.writing() as connection:
        note_keys(connection, store.keys, PROVEN_BY_RESTORING)
        ended = _end_sign_ins(connection, store.now())
        store.note(connection, store.now(), EXECUTED, "restore", detail | {"sign_ins_ended": ended})
    erased, discarded = erased_clients.erase_again(store), discarded_consultations.discard_again(store)
    if erased or discarded:
        store.leave_nothing_behind()
    store.publish_head(back=True)


def _end_sign_ins(connection: Connection, now: datetime) -> int:
    """Whoever was signed in when the backup was made may have been sent away since."""
    ended = update(SIGN_INS).where(SIGN_INS.c.ended_at.is_(None)).values(ended_at=now, ended_why="restored")
    return connection.execute(ended).rowcount
