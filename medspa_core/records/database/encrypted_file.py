"""The encrypted file: a path and a key go in, connections and whole, checked copies come out. Only this opens the file."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, Pool, QueuePool
from sqlcipher3 import dbapi2 as sqlcipher

from medspa_core.records.problems import KeyProblem, StoreBusy, StoreDamaged, StoreProblem, problems_as_sentences

OLDEST_SQLITE = (3, 53, 0)
BUSY_SECONDS = 8.0
"""So that a page says within ten that it is busy."""
KEPT_OPEN, AT_MOST_OPEN = 8, 64
TRY_AGAIN_SECONDS = 0.02
PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=ON",
)

FileConnection = Any
"""A connection of sqlcipher3, which has no types of its own."""


def connect(path: Path, key: bytes) -> FileConnection:
    """Opens the encrypted file for work. A missing file is an error, never a new empty one; so is a wrong key."""
    connection = _unlock(path, key)
    try:
        if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
            raise StoreProblem(f"{path}: this drive can't keep the record (a network drive?). Use a local disk.")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _unlock(path: Path, key: bytes | None, mode: str = "rw") -> FileConnection:
    connection = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")  # what it would print holds no data, but nobody reads it
        if key is not None:
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        if not _is_readable(connection, "SELECT count(*) FROM sqlite_master"):
            raise KeyProblem(
                f"{path}: this key does not open the store, or the start of the file is damaged. It was left as it is; "
                "check the keys, or restore the last good backup."
            )
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_readable(connection: FileConnection, first_look: str) -> bool:
    """False where what lies there is no database, or none under this key."""
    try:
        connection.execute(first_look).fetchone()
    except sqlcipher.DatabaseError as problem:
        if getattr(problem, "sqlite_errorname", "") != "SQLITE_NOTADB":
            raise
        return False
    return True


def file_engine(path: Path, key: bytes, *, foreign_keys: bool = True) -> Engine:
    """SQLAlchemy's engine on the file: an open connection for each operation at a time; a write begins IMMEDIATE, so it never
    has to give up. Opening the file costs ten times what a look-up does, so what was opened stays open."""

    def creator() -> FileConnection:
        connection = connect(path, key)
        if not foreign_keys:
            connection.execute("PRAGMA foreign_keys=OFF")
        return connection

    more = {"pool_size": KEPT_OPEN, "max_overflow": AT_MOST_OPEN - KEPT_OPEN, "pool_timeout": BUSY_SECONDS}
    return _engine(creator, QueuePool, **more)


def _engine(creator: Callable[[], FileConnection], pool: type[Pool], **more: float) -> Engine:
    engine = create_engine("sqlite://", module=sqlcipher, creator=creator, poolclass=pool, hide_parameters=True, **more)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes"):
        _begin_writing(connection, options.get("seconds", BUSY_SECONDS))
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection, seconds: float) -> None:
    """Waits for another program's lock as long as is left to wait, and not as long as a connection would by itself."""
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")


def refuse_old_sqlite() -> None:
    """Below the version that was tested we do not start."""
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise StoreProblem(f"SQLite {needed} or newer is needed; found {sqlcipher.sqlite_version}.")


def is_plain(path: Path) -> bool:
    """A store of the first versions, which was not encrypted.

    Asked of SQLite, never of the file itself: closing a file of our own would let go of every lock this process holds on
    it, and another process could then take the log away from under an open store.
    """
    with problems_as_sentences():
        if not path.stat().st_size:
            return False
        looking = sqlcipher.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        try:
            looking.execute("PRAGMA cipher_log_level=NONE")
            return _is_readable(looking, "PRAGMA schema_version")
        finally:
            looking.close()


def plain_copy(path: Path) -> Path:
    """Where the plain file waits until its encryption is proven."""
    return path.with_name(f"{path.name}.plain")


def make_empty(path: Path) -> None:
    """An empty file for its owner only; one that is there stays. Raises FileExistsError then."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def force_to_disk(path: Path) -> None:
    """What was written there survives a power cut from now on."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def copy_encrypted(source: FileConnection, target: Path, key: bytes) -> None:
    """A whole copy through the online backup, under the key given: one file, on the disk, complete under its name."""
    with _whole_or_not_at_all(target) as part, contextlib.closing(_unlock(part, key)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def make_single(path: Path, key: bytes) -> None:
    """All of the store in its one file, nothing beside it: as a copy is kept."""
    with problems_as_sentences(path), contextlib.closing(_unlock(path, key)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def encrypt_plain(plain: Path, target: Path, key: bytes) -> None:
    """An encrypted copy of a plain file, read alone: whoever still has the plain one open is in the way."""
    with _whole_or_not_at_all(target) as part, contextlib.closing(_unlock(plain, None)) as source:
        source.execute("PRAGMA locking_mode=EXCLUSIVE")
        source.execute("BEGIN EXCLUSIVE")
        source.execute("COMMIT")
        source.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(part), f"x'{key.hex()}'"))
        source.execute("SELECT sqlcipher_export('fresh')")
        source.execute("DETACH DATABASE fresh")


@contextlib.contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[Path]:
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    make_empty(part)
    try:
        yield part
        force_to_disk(part)
        part.replace(target)
    finally:
        for rest in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))):
            rest.unlink(missing_ok=True)


@contextlib.contextmanager
def looking_at(path: Path, key: bytes | None) -> Iterator[FileConnection]:
    """The file opened to be read only, as a backup is before it is trusted, or a plain one before it is converted."""
    mode = "rw" if key is None else "ro"
    with problems_as_sentences(path), contextlib.closing(_unlock(path, key, mode)) as connection:
        yield connection


def looking_engine(path: Path, key: bytes) -> Engine:
    """SQLAlchemy's engine on the file opened to be read only: neither it nor its log is changed."""
    return _engine(lambda: _unlock(path, key, "ro"), NullPool)


def check_seals(connection: FileConnection, name: str) -> None:
    """Every page is as it was written; else StoreDamaged. Quick enough for each start: it reads the file once."""
    try:
        sound = not connection.execute("PRAGMA cipher_integrity_check").fetchall()
    except sqlcipher.DatabaseError:
        sound = False
    if not sound:
        raise StoreDamaged(f"{name}: the file is damaged. It was left as it is; restore the last good backup.")


def check_pages(connection: FileConnection, name: str) -> None:
    """Every page is as it was written, every row where it belongs, every link leads somewhere; else StoreDamaged."""
    check_seals(connection, name)
    try:
        sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        linked = sound and connection.execute("PRAGMA foreign_key_check").fetchone() is None
    except sqlcipher.DatabaseError:
        sound = linked = False
    if not sound:
        raise StoreDamaged(f"{name}: the file is damaged. It was left as it is; restore the last good backup.")
    if not linked:
        raise StoreDamaged(f"{name}: a row leads to nothing. The file was left as it is; restore the last good backup.")


def files_of(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Which files a store lies in at this moment: itself and its log. While it is open they stay the same ones."""
    return tuple(_file_number(one) for one in (path, path.with_name(f"{path.name}-wal")))


def _file_number(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


class FileLock:
    """Open stores share it; converting, rotating a key and restoring need it alone. A killed process lets go of it."""

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(f"{store.name}.lock")
        self._handle: int | None = None

    def share(self) -> None:
        """Says: this store is in use."""
        self._take(alone=False)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody has the store open meanwhile."""
        self._take(alone=True)
        try:
            yield
        finally:
            self.release()

    @contextlib.contextmanager
    def alone_if_free(self) -> Iterator[bool]:
        """The same where nobody has the store open; False where somebody has, who keeps it whole, or nobody may write here."""
        try:
            self._handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            yield False
            return
        try:
            yield self._taken(self._handle, True, False)  # while somebody else has it alone, they may find it damaged
        finally:
            self.release()

    def release(self) -> None:
        """Lets go; more than once is fine."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _take(self, *, alone: bool) -> None:
        self._handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        self._taken(self._handle, alone)

    def _taken(self, handle: int, *ways: bool) -> bool:
        """Whether it was taken alone; of these ways the first that is free."""
        for _ in range(int(BUSY_SECONDS / TRY_AGAIN_SECONDS) + 1):
            for alone in ways:
                if _try_lock(handle, alone=alone):
                    return alone
            time.sleep(TRY_AGAIN_SECONDS)
        self.release()
        raise StoreBusy(f"{self._path.stem}: in use by another program. Stop it and try again.")


def _try_lock(handle: int, *, alone: bool) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: there an open file can't be replaced anyway
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
