"""A copy of a store in a folder: the rows under the backup key, and a signed list of what must be in it. It counts only once
it was restored elsewhere and checked there. The same format for both engines and for every version.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from medspa_core.records import migration
from medspa_core.records.audit.log import Head
from medspa_core.records.database import encrypted_file, row_copy
from medspa_core.records.database.store_location import FilePlace, Place, ServerPlace, connected
from medspa_core.records.keys import Keys, sync_folder
from medspa_core.records.problems import StoreProblem, problems_as_sentences
from medspa_core.records.signed_list import UNREADABLE, read_signed, write_signed

COPY, LIST = "records.encrypted", "contents.json"


@dataclass(frozen=True, slots=True)
class Listed:
    """What must be in a copy: made when, how many rows of what, up to which row of the audit log."""

    made_at: datetime
    tables: dict[str, tuple[int, str]]
    head: Head


def make_copy(
    reading: AbstractContextManager[Connection], place: Place, keys: Keys, into: Path, made_at: datetime, why: str = ""
) -> tuple[Path, Listed]:
    """A new folder in `into` with a proven copy of what is read there. Else nothing is left of it."""
    folder = into / f"backup-{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{why}{secrets.token_hex(3)}"
    part = into / f".{folder.name}.part"
    try:
        _make_folder(part, into)
        with problems_as_sentences():
            with reading as source:
                listed = _write_copy(source, place, keys, part, made_at)
            write_list(part, listed, keys)
            prove_copy(part, keys)
            part.rename(folder)
            sync_folder(into)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return folder, listed


def _make_folder(part: Path, into: Path) -> None:
    try:
        part.mkdir(parents=True, mode=0o700)
    except OSError as problem:
        raise StoreProblem(
            f"{into}: a backup can't be written there ({problem.strerror}). Nothing was changed; name another folder."
        ) from None


def _write_copy(source: Connection, place: Place, keys: Keys, folder: Path, made_at: datetime) -> Listed:
    target = folder / COPY
    listed = Listed(made_at, migration.contents(source), row_copy.head_of(source))
    if isinstance(place, FilePlace):
        encrypted_file.copy_encrypted(raw(source), target, keys.backup)
    else:
        row_copy.fill_empty(source, FilePlace(target), _under_backup_key(keys))
        encrypted_file.make_single(target, keys.backup)
    return listed


def raw(connection: Connection) -> Any:
    """The engine's own connection."""
    return connection.connection.driver_connection


def _under_backup_key(keys: Keys) -> Keys:
    """The keys as they fit a backup's file: its own opens it. The store's takes the place that is free then."""
    return replace(keys, store=keys.backup, backup=keys.store)


def prove_copy(folder: Path, keys: Keys) -> Listed:
    """Restores the copy to a place of its own and checks it there; StoreProblem if it could not be relied on."""
    listed = read_list(folder, keys)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".trial-") as trial:
        restore_to_file(folder, Path(trial) / "trial", keys, listed)
    return listed


def restore_to_file(folder: Path, target: Path, keys: Keys, listed: Listed) -> None:
    """The store of a copy as a file under the store's key, checked against the list. It may be of an older version."""
    with problems_as_sentences(), encrypted_file.looking_at(folder / COPY, keys.backup) as copy:
        encrypted_file.check_pages(copy, str(folder / COPY))
        encrypted_file.copy_encrypted(copy, target, keys.store)
    row_copy.prove(FilePlace(target), keys, listed.tables, listed.head)
    encrypted_file.make_single(target, keys.store)


def restore_to_server(folder: Path, place: ServerPlace, keys: Keys, listed: Listed) -> None:
    """The rows of a copy in an empty place on a server, checked against the list. It may be of an older version."""
    with encrypted_file.looking_at(folder / COPY, keys.backup) as copy:
        encrypted_file.check_pages(copy, str(folder / COPY))
    with _reading_copy(folder, keys) as source:
        row_copy.fill_empty(source, place, keys)
    row_copy.prove(place, keys, listed.tables, listed.head)


@contextlib.contextmanager
def _reading_copy(copied: Path, keys: Keys) -> Iterator[Connection]:
    with tempfile.TemporaryDirectory(dir=copied, prefix=".reading-") as folder:
        beside = Path(folder) / "copy"
        with encrypted_file.looking_at(copied / COPY, keys.backup) as copy:
            encrypted_file.copy_encrypted(copy, beside, keys.store)
        with connected(FilePlace(beside), keys) as connection:
            yield connection


# --- the signed list ----------------------------------------------------------------------------------------------


def write_list(folder: Path, listed: Listed, keys: Keys) -> None:
    """Signs what is in the copy."""
    said = {
        "made_at": listed.made_at.astimezone(UTC).isoformat(),
        "tables": {name: list(found) for name, found in listed.tables.items()},
        "audit": [listed.head.seq, listed.head.hash],
    }
    write_signed(folder / LIST, "backup", said, keys, under="said")


def read_list(folder: Path, keys: Keys) -> Listed:
    """What is in the copy, if this clinic signed it; else StoreProblem."""
    try:
        said = read_signed(folder / LIST, "backup", keys, under="said")
        tables = {str(name): (int(count), str(rows)) for name, (count, rows) in said["tables"].items()}
        return Listed(datetime.fromisoformat(said["made_at"]), tables, Head(*said["audit"]))
    except UNREADABLE:
        raise StoreProblem(
            f"{folder / LIST}: missing, changed, or of a clinic with other keys. This backup was not used."
        ) from None
