"""Backups: a store goes in, an encrypted copy that was restored and checked comes out; and the way back.

A backup is a folder with the copy, under the backup key, and a signed list of what must be in it. It counts only once a
trial restore has been proven; only then it is noted, so that a page can show the age of the last one that counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, insert, select, table, update

from medspa_core.records import audit, discarding, encrypted_file, erasing, move, upkeep
from medspa_core.records.audit import DELETED, EXECUTED, FAILED, THE_PROGRAM, Doer, Head
from medspa_core.records.keys import Keys, sync_folder, write_secret
from medspa_core.records.problems import StoreProblem, problems_as_sentences
from medspa_core.records.schema import UtcTime, backups
from medspa_core.records.store import Clock, FilePlace, Place, Store, bring_up_to_date, place_of

COPY, LIST = "records.encrypted", "contents.json"
SIGN_INS = table("sign_ins", column("ended_at", UtcTime), column("ended_why"))
"""As far as a restore needs to know the table; people and sign-ins are built upon the records, not the other way."""
CUT_SHORT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Backup:
    """A proven backup."""

    folder: Path
    made_at: datetime
    proven_at: datetime
    bytes: int
    audit_seq: int


@dataclass(frozen=True, slots=True)
class _Contents:
    """What must be in a backup: made when, how many rows of what, up to which row of the audit log."""

    made_at: datetime
    tables: dict[str, tuple[int, str]]
    head: Head


def make_backup(store: Store, into: Path) -> Backup:
    """A new folder in `into` with a copy that was restored elsewhere, checked and counted. Else nothing is left of it."""
    made_at = store.now()
    folder = into / f"backup-{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    part = into / f".{folder.name}.part"
    try:
        with problems_as_sentences():
            part.mkdir(parents=True, mode=0o700)
            listed = _write_copy(store, part, made_at)
            _write_list(part, listed, store.keys)
            prove_backup(part, store.keys)
            part.rename(folder)
            sync_folder(into)
        proven = Backup(folder, made_at, store.now(), (folder / COPY).stat().st_size, listed.head.seq)
        _note(store, proven)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        with contextlib.suppress(StoreProblem), store.writing() as connection:
            store.note(connection, made_at, EXECUTED, "backup", {"failed": True}, outcome=FAILED)
        raise
    return proven


def _write_copy(store: Store, folder: Path, made_at: datetime) -> _Contents:
    target = folder / COPY
    with store.reading() as connection:
        listed = _Contents(made_at, upkeep.contents(connection), audit.read_head(connection))
        if isinstance(store.place, FilePlace):
            encrypted_file.copy_encrypted(_raw(connection), target, store.keys.backup)
        else:
            move.fill_empty(connection, FilePlace(target), _under_backup_key(store.keys))
            encrypted_file.make_single(target, store.keys.backup)
    return listed


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _under_backup_key(keys: Keys) -> Keys:
    """The keys as they fit a backup's file: its own opens it. The store's takes the place that is free then."""
    return replace(keys, store=keys.backup, backup=keys.store)


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


def prove_backup(folder: Path, keys: Keys) -> _Contents:
    """Restores the backup to a place of its own and checks it there; StoreProblem if it could not be relied on."""
    listed = _read_list(folder, keys)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".trial-") as trial:
        _restore_beside(folder, Path(trial) / "trial", keys, listed)
    return listed


def _restore_beside(folder: Path, target: Path, keys: Keys, listed: _Contents) -> None:
    with problems_as_sentences(), encrypted_file.looking_at(folder / COPY, keys.backup) as copy:
        encrypted_file.check_pages(copy, str(folder / COPY))
        encrypted_file.copy_encrypted(copy, target, keys.store)
    move.prove(FilePlace(target), keys, listed.tables, listed.head)
    encrypted_file.make_single(target, keys.store)


def list_backups(folder: Path, keys: Keys) -> list[Backup]:
    """The proven backups in a folder, newest first: it got its name only after its trial restore. Foreign ones are left out."""
    found = []
    for path in folder.glob(f"backup-*/{LIST}"):
        with contextlib.suppress(StoreProblem, OSError):
            listed = _read_list(path.parent, keys)
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


def find_backup(folder: Path) -> Path:
    """The backup in this folder: itself, or the newest of those in it."""
    if (folder / LIST).is_file():
        return folder
    found = sorted(path.parent for path in folder.glob(f"backup-*/{LIST}"))
    if not found:
        raise StoreProblem(f"{folder}: there is no backup in this folder.")
    return found[-1]


def restore_backup(folder: Path, to: str | Path, keys: Keys, clock: Clock, doer: Doer = THE_PROGRAM) -> Backup:
    """Brings a backup back to where no store is: beside first, checked there, then switched. The log says so."""
    backup = find_backup(folder)
    listed = _read_list(backup, keys)
    place = place_of(to)
    if isinstance(place, FilePlace):
        _restore_file(backup, place.path, keys, listed)
    else:
        _restore_to_server(backup, place, keys, listed)
    with problems_as_sentences():
        bring_up_to_date(place, keys)
    with problems_as_sentences(), contextlib.closing(Store(place, keys, clock)) as store:
        _settle(store.by(doer), backup, listed)
    return Backup(backup, listed.made_at, listed.made_at, (backup / COPY).stat().st_size, listed.head.seq)


def restore_in_place(store: Store, folder: Path, doer: Doer) -> Path:
    """Puts a backup in the place of the store that is open: beside first, checked there, then switched.

    The store that was there is kept; its path comes back. Raises StoreBusy while another program has it open.
    """
    if not isinstance(store.place, FilePlace):
        raise StoreProblem(
            f"{store.place.name}: on a server a backup is restored into an empty database, with `restore`."
        )
    listed, path = _read_list(folder, store.keys), store.path
    with _proven_beside(folder, path, store.keys, listed) as beside, store.exchange():
        kept = _put_in_place(beside, path, store.now())
    _settle(store.by(doer), folder, listed)
    return kept


def restore_instead(
    folder: Path, path: Path, keys: Keys, clock: Clock, doer: Doer = THE_PROGRAM
) -> tuple[Backup, Path]:
    """The same where the store can't be opened: what is there is kept under another name. The program must be stopped."""
    backup = find_backup(folder)
    listed = _read_list(backup, keys)
    with _proven_beside(backup, path, keys, listed) as beside, encrypted_file.FileLock(path).alone():
        kept = _put_in_place(beside, path, clock())
    with problems_as_sentences(), contextlib.closing(Store(FilePlace(path), keys, clock)) as store:
        _settle(store.by(doer), backup, listed)
    return Backup(backup, listed.made_at, listed.made_at, (backup / COPY).stat().st_size, listed.head.seq), kept


@contextlib.contextmanager
def _proven_beside(backup: Path, path: Path, keys: Keys, listed: _Contents) -> Iterator[Path]:
    beside = path.with_name(f"{path.name}.restoring")
    try:
        with problems_as_sentences():
            _restore_beside(backup, beside, keys, listed)
            bring_up_to_date(FilePlace(beside), keys)
            encrypted_file.make_single(beside, keys.store)
        yield beside
    finally:
        for rest in beside.parent.glob(f"{beside.name}*"):
            rest.unlink(missing_ok=True)


def _put_in_place(beside: Path, path: Path, now: datetime) -> Path:
    """The switch itself. At every moment there is a store under its name; the old one is kept byte for byte."""
    kept = path.with_name(f"{path.name}.until-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}")
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
    return kept


def _restore_file(backup: Path, target: Path, keys: Keys, listed: _Contents) -> None:
    if target.exists() and target.stat().st_size:
        raise StoreProblem(f"{target}: there is a store already. Move it away first; nothing was changed.")
    with problems_as_sentences():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = target.with_name(f"{target.name}.restoring")
        try:
            _restore_beside(backup, beside, keys, listed)
            for rest in ("-wal", "-shm"):  # what a lost store may have left would not fit
                target.with_name(target.name + rest).unlink(missing_ok=True)
            beside.replace(target)
            sync_folder(target.parent)
        finally:
            beside.unlink(missing_ok=True)


def _restore_to_server(backup: Path, place: Place, keys: Keys, listed: _Contents) -> None:
    with encrypted_file.looking_at(backup / COPY, keys.backup) as copy:
        encrypted_file.check_pages(copy, str(backup / COPY))
    with _reading_copy(backup, keys) as source:
        move.fill_empty(source, place, keys)
    move.prove(place, keys, listed.tables, listed.head)


@contextlib.contextmanager
def _reading_copy(backup: Path, keys: Keys) -> Iterator[Connection]:
    with tempfile.TemporaryDirectory(dir=backup, prefix=".reading-") as folder:
        beside = Path(folder) / "copy"
        with encrypted_file.looking_at(backup / COPY, keys.backup) as copy:
            encrypted_file.copy_encrypted(copy, beside, keys.store)
        engine = FilePlace(beside).engine(keys)
        with engine.connect() as connection, connection.begin():
            yield connection
        engine.dispose()


def _settle(store: Store, backup: Path, listed: _Contents) -> None:
    """What no way back may leave out: the log says so, nobody stays signed in, what was erased since goes again."""
    outside = store.outside_head()
    detail = {"backup": backup.name, "restored_at": listed.head.seq, "outside_head": outside.seq if outside else None}
    with store.writing() as connection:
        ended = _end_sign_ins(connection, store.now())
        store.note(connection, store.now(), EXECUTED, "restore", detail | {"sign_ins_ended": ended})
    erased, discarded = erasing.erase_again(store), discarding.discard_again(store)
    if erased or discarded:
        store.leave_nothing_behind()
    store.publish_head(back=True)


def _end_sign_ins(connection: Connection, now: datetime) -> int:
    """Whoever was signed in when the backup was made may have been sent away since."""
    ended = update(SIGN_INS).where(SIGN_INS.c.ended_at.is_(None)).values(ended_at=now, ended_why="restored")
    return connection.execute(ended).rowcount


# --- the signed list ----------------------------------------------------------------------------------------------


def _write_list(folder: Path, listed: _Contents, keys: Keys) -> None:
    said = {
        "made_at": listed.made_at.astimezone(UTC).isoformat(),
        "tables": {name: list(found) for name, found in listed.tables.items()},
        "audit": [listed.head.seq, listed.head.hash],
    }
    write_secret(folder / LIST, json.dumps({"said": said, "proof": _proof(said, keys)}, indent=1) + "\n")


def _read_list(folder: Path, keys: Keys) -> _Contents:
    try:
        written = json.loads((folder / LIST).read_text("ascii"))
        said = written["said"]
        if not hmac.compare_digest(str(written["proof"]), _proof(said, keys)):
            raise ValueError("another clinic's, or changed")
        tables = {str(name): (int(count), str(rows)) for name, (count, rows) in said["tables"].items()}
        return _Contents(datetime.fromisoformat(said["made_at"]), tables, Head(*said["audit"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreProblem(
            f"{folder / LIST}: missing, changed, or of a clinic with other keys. This backup was not used."
        ) from None


def _proof(said: Any, keys: Keys) -> str:
    return hmac.new(keys.audit, b"backup " + json.dumps(said, sort_keys=True).encode(), hashlib.sha256).hexdigest()
