"""What can go wrong with the store, each as one sentence for a person that holds no answer, name or key."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

BUSY = "Busy. Your answers are kept; try again in a moment."


class StoreProblem(Exception):
    """The store can't do what was asked; the message is for the person at the tablet and holds no answer."""


class StoreBusy(StoreProblem):
    """Somebody else kept the store for longer than we wait, or the database is just starting again."""


class StoreFull(StoreProblem):
    """There is no room on the disk."""


class StoreNewer(StoreProblem):
    """The store was written by a newer version of the program."""


class StoreDamaged(StoreProblem):
    """The store's file is not what was written."""


class KeyProblem(StoreProblem):
    """A key is missing, is no key, or belongs to another store."""


class AuditRefused(StoreProblem):
    """The audit log can't be written or does not hold together; so nothing is done."""


@contextlib.contextmanager
def problems_as_sentences() -> Iterator[None]:
    """Database errors as a sentence for a person. Neither values nor the original error go along."""
    try:
        yield
    except DBAPIError as problem:
        told = _told(problem.orig)
    except (sqlcipher.Error, sqlite3.Error, psycopg.Error) as problem:
        told = _told(problem)
    except OSError as problem:
        told = _told_of_disk(problem)
    else:
        return
    raise told from None


def _told(problem: BaseException | None) -> StoreProblem:
    name = getattr(problem, "sqlite_errorname", None) or ""
    if name:
        return _told_of_file(name)
    if isinstance(problem, psycopg.Error):
        return _told_of_server(problem)
    return StoreProblem(f"Not saved ({type(problem).__name__}). Nothing that was saved before is lost.")


FILE_PROBLEMS: tuple[tuple[tuple[str, ...], type[StoreProblem], str], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED"), StoreBusy, BUSY),
    (("SQLITE_FULL",), StoreFull, "Not saved, the disk is full. Nothing that was saved before is lost."),
    (
        ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"),
        StoreProblem,
        "Not saved, the store can't be opened or written. Check the folder's permissions.",
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
    return StoreProblem(f"Not saved (database state {state}). Nothing that was saved before is lost.")


def _told_of_disk(problem: OSError) -> StoreProblem:
    import errno

    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull("Not saved, the disk is full. Nothing that was saved before is lost.")
    return StoreProblem(f"Not saved: {problem.strerror}.")
