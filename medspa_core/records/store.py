"""The store: a path goes in, connections come out that lose no acknowledged save. Only this module opens the file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from medspa_core.records.schema import REVISIONS

OLDEST_SQLITE = (3, 40, 0)
BUSY_SECONDS = 10.0


class StoreProblem(Exception):
    """The store can't do what was asked; the message is for the person at the tablet and holds no answer."""


class StoreBusy(StoreProblem):
    """Somebody else kept the store for longer than we wait."""


class StoreFull(StoreProblem):
    """There is no room on the disk."""


class StoreNewer(StoreProblem):
    """The store was written by a newer version of the program."""


def store_file(home: Path) -> Path:
    """Where the store lies inside a clinic's folder."""
    return home / "medspa.sqlite3"


class Store:
    """An open store. One connection per operation, plus one kept open so that closing does not checkpoint each time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._write_lock = threading.Lock()
        self._engine = _engine(path)
        self._keeper: sqlite3.Connection | None = _connect(path)
        self._joined: tuple[int, Connection] | None = None  # thread and transaction of `together`

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store."""
        with _problems_as_sentences(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Everything this thread writes inside is one transaction: many saves at the price of one, all of them or none."""
        with self.writing() as connection:
            self._joined = (threading.get_ident(), connection)
            try:
                yield
            finally:
                self._joined = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone. It is on the disk when the block is left without an error, else nothing of it is."""
        joined = self._joined
        if joined is not None and joined[0] == threading.get_ident():
            yield joined[1]
            return
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise StoreBusy("Busy. Your answers are kept; try again in a moment.")
        try:
            with _problems_as_sentences(), self._engine.connect() as plain:
                connection = plain.execution_options(writes=True)
                with connection.begin():
                    yield connection
        finally:
            self._write_lock.release()

    def close(self) -> None:
        """Closes the store for good. Saves need no close: each is on the disk when its verb returns."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
        self._engine.dispose()


def create_store(path: str | Path) -> Store:
    """Opens the store at `path`, making its folder and the file if there is none. Only this makes a store."""
    file = _file(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as problem:
        raise StoreProblem(f"{file}: the store can't be made there: {problem.strerror}.") from None
    with _problems_as_sentences():
        if _is_empty(file):
            _migrate(file)
    return open_store(file)


def open_store(url_or_path: str | Path) -> Store:
    """Opens an existing store, bringing an older one up to date first (a copy is kept beside it)."""
    file = _file(url_or_path)
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise StoreProblem(f"SQLite {needed} or newer is needed; found {sqlite3.sqlite_version}.")
    if not file.is_file():
        raise StoreProblem(f"{file}: there is no store. Start the program with `make run`, or restore a backup.")
    with _problems_as_sentences():
        found = _revision(file)
        if found is None:
            raise StoreProblem(f"{file}: this file is not a MedSpa Consult store. It was left as it is.")
        if found not in REVISIONS:
            raise StoreNewer(
                f"{file}: the store was written by a newer version of the program (store {found}, this program knows "
                f"up to {REVISIONS[-1]}). Update the program; the store was left as it is."
            )
        if found != REVISIONS[-1]:
            _copy_beside(file, found)
            _migrate(file)
        store = Store(file)
        try:
            with store.writing():
                pass  # a store that can't be written is found now, not at the client's first answer
        except BaseException:
            store.close()
            raise
    return store


def _file(url_or_path: str | Path) -> Path:
    if isinstance(url_or_path, str):
        kind, separator, rest = url_or_path.partition("://")
        if separator:
            if kind not in ("sqlite", "sqlite+pysqlite") or not rest.startswith("/") or len(rest) < 2:
                raise StoreProblem(
                    "MEDSPA_DATABASE_URL: expected a path or sqlite:///path (relative) or sqlite:////path (absolute), "
                    f"found one that starts with {kind}://."
                )
            return Path(rest[1:]).absolute()
    return Path(url_or_path).absolute()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
    )
    try:
        if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
            raise StoreProblem(f"{path}: this drive can't keep the record (a network drive?). Use a local disk.")
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "secure_delete=ON",
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _engine(path: Path, *, foreign_keys: bool = True) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = _connect(path)
        if not foreign_keys:
            connection.execute("PRAGMA foreign_keys=OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _is_empty(file: Path) -> bool:
    """No table yet: just made, or its making was cut short."""
    with contextlib.closing(_connect(file)) as connection:
        return not connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def _revision(file: Path) -> str | None:
    with contextlib.closing(_connect(file)) as connection:
        known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        return None if row is None else str(row[0])


def _copy_beside(file: Path, revision: str) -> None:
    """A whole copy through SQLite's backup, made under another name first, so that a copy of that name is complete."""
    copy = file.with_name(f"{file.name}.before-{revision}")
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with contextlib.closing(_connect(file)) as source, contextlib.closing(sqlite3.connect(part)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        if target.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StoreProblem(f"{file}: the store is damaged. It was left as it is; restore the last good backup.")
    part.replace(copy)


def _migrate(file: Path, to: str = "head") -> None:
    """All steps in one transaction; the store is as before if any fails, or if one would lose a row.

    Foreign keys are off meanwhile: rebuilding a table with them on would drop the rows that point to it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    engine = _engine(file, foreign_keys=False)
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            before = _row_counts(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            after = _row_counts(connection)
            fewer = sorted(table for table, count in before.items() if after.get(table, 0) < count)
            if fewer or connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StoreProblem(
                    f"{file}: bringing the store up to date would lose rows ({', '.join(fewer) or 'broken links'}). "
                    "The store was left as it is."
                )
    engine.dispose()


def _row_counts(connection: Connection) -> dict[str, int]:
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
    )
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608  (our own tables)
        for name in names.scalars().all()
    }


@contextlib.contextmanager
def _problems_as_sentences() -> Iterator[None]:
    """Database errors as a sentence for a person. Neither values nor the original error go along."""
    try:
        yield
    except DBAPIError as problem:
        told = _told(problem.orig)
    except sqlite3.Error as problem:
        told = _told(problem)
    except OSError as problem:
        told = StoreProblem(f"Not saved: {problem.strerror}.")
    else:
        return
    raise told from None


def _told(problem: BaseException | None) -> StoreProblem:
    name = getattr(problem, "sqlite_errorname", None) or type(problem).__name__
    told: StoreProblem
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        told = StoreBusy("Busy. Your answers are kept; try again in a moment.")
    elif name.startswith("SQLITE_FULL"):
        told = StoreFull("Not saved, the disk is full. Nothing that was saved before is lost.")
    elif name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        told = StoreProblem("Not saved, the store can't be opened or written. Check the folder's permissions.")
    elif name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        told = StoreProblem("The store is damaged, or is none. It was left as it is; restore the last good backup.")
    else:
        told = StoreProblem(f"Not saved ({name}). Nothing that was saved before is lost.")
    return told
