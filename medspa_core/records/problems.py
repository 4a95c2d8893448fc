"""What can go wrong with the store, each as one sentence for a person that holds no answer, name or key."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

GO_BACK = (
    "To go back to the last good backup, stop the program and run: python -m medspa_core restore FOLDER --instead. "
    "What is there now is kept beside it."
)
BUSY = "Busy. Your answers are kept; try again in a moment."


class StoreProblem(Exception):
    """The store can't do what was asked; the message is for the person at the tablet and holds no answer.

    `title` and `what_to_do` are what a page says of this kind of problem. `fields`: a field of the form -> what is wrong with it.
    """

    title = "The records can't be opened just now"
    what_to_do = "Nothing that was saved is lost. Try again in a moment; if it stays like this, tell the owner."
    fields: Mapping[str, str] = MappingProxyType({})


class StoreBusy(StoreProblem):
    """Somebody else kept the store for longer than we wait, or the database is just starting again."""

    title = "Busy just now"
    what_to_do = "Your answers are kept. Wait a moment and try again."


class StoreUnreachable(StoreBusy):
    """The database server does not answer, or does not let the program in."""

    title = "The database server can't be reached"
    what_to_do = (
        "Nothing that was saved is lost. Wait a moment and try again. If it stays like this: is the server running, and are "
        "its address, database, user and password in MEDSPA_DATABASE_URL right?"
    )


class StoreFull(StoreProblem):
    """There is no room on the disk."""

    title = "The disk is full"
    what_to_do = (
        "Nothing that was saved is lost. Make room on the disk of the records and try again. Until then no client's "
        "record opens, because nothing can be noted in the log."
    )


class StoreNotWritable(StoreProblem):
    """What is there can be read, but the folder, the disk or the server takes no changes."""

    title = "Nothing can be written just now"
    what_to_do = (
        "Nothing that was saved is lost. The folder, disk or database server of the records takes no changes: look whether "
        "it is read-only, away or failing, put that right and try again. The program goes on without a new start. Until "
        "then no client's record opens, because nothing can be noted in the log."
    )


class StoreNewer(StoreProblem):
    """The store was written by a newer version of the program."""

    title = "The records are newer than the program"
    what_to_do = "Update the program and start it again. The records were left as they are."


class StoreDamaged(StoreProblem):
    """The store's file is not what was written."""

    title = "The records are damaged"
    what_to_do = f"They were left as they are, and nothing is saved over them. {GO_BACK}"


class LogDamaged(StoreDamaged):
    """Saves that were finished stand in the log behind a page that is not what was written."""

    title = "The log of the last saves is damaged"
    what_to_do = (
        "Nothing was changed, and nothing is saved over it: the files were kept as they were found. "
        f"{GO_BACK} To go on without the saves that are missing, an owner runs: python -m medspa_core accept-loss NAME"
    )


class StoreMissing(StoreProblem):
    """The store's file is not where it was."""

    title = "The records are not there"
    what_to_do = f"No empty store was made in their place. Bring the file back where it was. {GO_BACK}"


class KeyProblem(StoreProblem):
    """A key is missing, is no key, or belongs to another store."""

    title = "The keys do not open the records"
    what_to_do = (
        "Nothing was made or changed. Bring the folder of the keys back, or write them again from the recovery sheet: "
        "python -m medspa_core restore-keys SHEET"
    )


class AuditRefused(StoreProblem):
    """The audit log can't be written or does not hold together; so nothing is done."""

    title = "The log does not hold together"
    what_to_do = f"Nothing is done with these records. `python -m medspa_core verify` says what is wrong. {GO_BACK}"


FULL_BELOW_BYTES = 1_000_000


@contextlib.contextmanager
def problems_as_sentences(near: Path | None = None) -> Iterator[None]:
    """Database errors as a sentence for a person. Neither values nor the original error go along.

    `near`: a file on the disk in question. SQLite says only that writing failed where it found no room for its own notes.
    """
    try:
        yield
    except DBAPIError as problem:
        told = _told(problem.orig, near)
    except (sqlcipher.Error, sqlite3.Error, psycopg.Error) as problem:
        told = _told(problem, near)
    except OSError as problem:
        told = _told_of_disk(problem)
    else:
        return
    raise told from None


def _told(problem: BaseException | None, near: Path | None) -> StoreProblem:
    name = getattr(problem, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_IOERR") and near is not None and _has_no_room(near):
        name = "SQLITE_FULL"
    if name:
        return _told_of_file(name)
    if isinstance(problem, psycopg.Error):
        return _told_of_server(problem)
    return StoreProblem(f"Not saved ({type(problem).__name__}). Nothing that was saved before is lost.")


def _has_no_room(near: Path) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(near.parent).free < FULL_BELOW_BYTES
    return False


FILE_PROBLEMS: tuple[tuple[tuple[str, ...], type[StoreProblem], str], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED"), StoreBusy, BUSY),
    (("SQLITE_FULL",), StoreFull, "Not saved, the disk is full. Nothing that was saved before is lost."),
    (
        ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"),
        StoreNotWritable,
        "Not saved, the store can't be opened or written. Check the folder's permissions.",
    ),
    (
        ("SQLITE_IOERR",),
        StoreNotWritable,
        "Not saved, the disk of the records does not do what it should. It may be read-only, away or failing; check it.",
    ),
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB"),
        StoreDamaged,
        "The store is damaged, or is none. It was left as it is; restore the last good backup.",
    ),
)


def _told_of_file(name: str) -> StoreProblem:
    for starts, kind, sentence in FILE_PROBLEMS:
        if name.startswith(starts):
            return kind(sentence)
    return StoreProblem(f"Not saved ({name}). Nothing that was saved before is lost.")


def _told_of_server(problem: psycopg.Error) -> StoreProblem:
    state = problem.sqlstate or ""
    if state.startswith("53"):
        return StoreFull("Not saved, the database has no room. Nothing that was saved before is lost.")
    if not state or state.startswith(("08", "57P")) or state in ("55P03", "40001", "40P01"):
        return StoreBusy(BUSY)
    if state in ("25006", "58030"):
        return StoreNotWritable(
            "Not saved, the database server takes no changes: it is read-only, or its disk is failing. Check the server."
        )
    if state == "42501":
        return StoreProblem(
            "Not saved: the program's role may not do that on the database server. Do it as the role that owns the "
            "tables, see deploy/postgres.sql."
        )
    return StoreProblem(f"Not saved (database state {state}). Nothing that was saved before is lost.")


def _told_of_disk(problem: OSError) -> StoreProblem:
    import errno

    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull("Not saved, the disk is full. Nothing that was saved before is lost.")
    kind = StoreNotWritable if problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO) else StoreProblem
    return kind(f"Not saved: {problem.strerror}.")
