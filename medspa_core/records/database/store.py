"""The store: a file or a database address goes in, connections come out that lose no acknowledged save.

Every change and every reading of a client's record goes through here, and leaves its row in the audit log in the same
transaction. `store.by(doer)` is the same store in the hands of somebody.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine

from medspa_core.records.audit import log
from medspa_core.records.audit.log import NOBODY_YET, Doer, Head
from medspa_core.records.audit.outside_head import HeadsOutside, OutsideHead
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.encrypted_file import FileLock
from medspa_core.records.database.exclusive_lock import Patience, Turnstile
from medspa_core.records.database.store_location import FilePlace, Place, ServerPlace, held_alone
from medspa_core.records.keys import Keys
from medspa_core.records.problems import BUSY, StoreBusy, StoreDamaged, StoreProblem, problems_as_sentences

Clock = Callable[[], datetime]
"""What says the time, passed in: the core never reads a clock."""

Guard = Callable[[Connection, str | None], bool]
"""Says whether a record of this location is open to who holds the store; asked in the very transaction of the work."""

AGAIN_SECONDS = 0.5
"""How long is waited where the one before has waited in vain: a page does several things, and says busy within ten seconds."""
READ_AGAIN = timedelta(minutes=10)
"""The same person on the same sign-in who looks at the same record again within this time leaves no second row."""


@dataclass(slots=True)
class _Shared:
    """What all hands on one open store have in common."""

    place: Place
    keys: Keys
    clock: Clock
    engine: Engine
    heads: HeadsOutside
    write_lock: threading.Lock = field(default_factory=threading.Lock)
    turnstile: Turnstile = field(default_factory=Turnstile)
    keeper: Any = None
    files: tuple[object, ...] = ()
    lock: FileLock | None = None
    noted: tuple[Head, datetime] | None = None
    busy: bool = False
    last_read: dict[tuple[Doer, str], datetime] = field(default_factory=dict)
    joined: tuple[int, Connection] | None = None  # thread and transaction of `together`


_LEFT_OPEN: list[Any] = []


class Store:
    """An open store. One connection per operation; on a file one more is kept, so that closing does not checkpoint."""

    def __init__(self, place: Place, keys: Keys, clock: Clock) -> None:
        self.doer = NOBODY_YET
        self.guard: Guard | None = None
        heads = HeadsOutside(keys.folder, keys.audit, with_each_save=isinstance(place, FilePlace))
        self._shared = _Shared(place, keys, clock, place.engine(keys), heads)
        self._take_hold()

    def _take_hold(self) -> None:
        """On a file: says that it is in use, and keeps one connection for good."""
        shared = self._shared
        if not isinstance(shared.place, FilePlace):
            return
        path = shared.place.path
        shared.lock = FileLock(path)
        shared.lock.share()
        try:
            shared.keeper = encrypted_file.connect(path, shared.keys.store)
            shared.keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()  # makes the log, if there was none
            shared.files = encrypted_file.files_of(path)
        except BaseException:
            self._let_go()
            raise

    def _let_go(self) -> None:
        shared = self._shared
        shared.engine.dispose()
        if self._exchanged():
            _LEFT_OPEN.append(shared.keeper)  # closed as the last one it would put back what is no longer true
        elif shared.keeper is not None:
            shared.keeper.close()
        shared.keeper = None
        shared.heads.close()
        if shared.lock is not None:
            shared.lock.release()

    def _exchanged(self) -> bool:
        """Does another file lie where this store's was opened? Then what is saved here would be saved nowhere."""
        place = self._shared.place
        return isinstance(place, FilePlace) and encrypted_file.files_of(place.path) != self._shared.files

    @contextlib.contextmanager
    def _in_use(self) -> Iterator[None]:
        with self._shared.turnstile.inside(encrypted_file.BUSY_SECONDS):
            if self._shared.keeper is not None and self._exchanged():
                raise StoreDamaged(
                    f"{self.place.name}: the store's files were exchanged while the program was running. Nothing was "
                    "saved; stop the program and start it again."
                )
            yield

    @contextlib.contextmanager
    def exchange(self) -> Iterator[None]:
        """Nobody here has the store open meanwhile, a file nobody at all; what lies there afterwards is opened."""
        with self._shared.turnstile.alone(encrypted_file.BUSY_SECONDS):
            self._let_go()
            try:
                with held_alone(self.place):
                    yield
            finally:
                self._shared.last_read.clear()
                self._take_hold()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def place(self) -> Place:
        """Where it is."""
        return self._shared.place

    @property
    def path(self) -> Path:
        """The file; StoreProblem if the store is on a server."""
        if isinstance(self.place, FilePlace):
            return self.place.path
        raise StoreProblem(f"{self.place.name}: this store is not a file.")

    @property
    def keys(self) -> Keys:
        """The clinic's keys."""
        return self._shared.keys

    def now(self) -> datetime:
        """The time by the clock that was passed in."""
        return self._shared.clock()

    def by(self, doer: Doer) -> Store:
        """The same open store in the hands of somebody: what is done through it is theirs in the audit log."""
        handed = copy.copy(self)
        handed.doer = doer
        return handed

    def within(self, guard: Guard) -> Store:
        """The same open store, open only as far as the guard says: what lies beyond is not found."""
        handed = copy.copy(self)
        handed.guard = guard
        return handed

    def shows(self, connection: Connection, location_id: str | None) -> bool:
        """Whether a record of this location is there for who holds the store."""
        return self.guard is None or self.guard(connection, location_id)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store. Who reads a client's record calls `opening` instead."""
        shared = self._shared
        with self._in_use(), problems_as_sentences(shared.place.near), shared.engine.connect() as connection:
            if isinstance(shared.place, ServerPlace):
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Everything this thread writes inside is one transaction: many saves at the price of one, all of them or none."""
        with self.writing() as connection:
            around = self._shared.joined
            self._shared.joined = (threading.get_ident(), connection)
            try:
                yield
            finally:
                self._shared.joined = around

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone. It is on the disk when the block is left without an error, else nothing of it is."""
        shared = self._shared
        joined = shared.joined
        if joined is not None and joined[0] == threading.get_ident():
            yield joined[1]
            return
        patience = Patience(AGAIN_SECONDS if shared.busy else encrypted_file.BUSY_SECONDS)
        with self._in_use(), self._alone_writing(patience):
            shared.noted = None
            with problems_as_sentences(shared.place.near), shared.engine.connect() as plain:
                connection = plain.execution_options(writes=True, seconds=patience.left())
                with self._begun(connection):
                    yield connection
            if shared.noted is not None:
                shared.heads.follow(*shared.noted)

    @contextlib.contextmanager
    def _begun(self, connection: Connection) -> Iterator[None]:
        """Remembers whether another program held the store: who was told to wait once is told at once the next time."""
        shared = self._shared
        try:
            transaction = connection.begin()
        except BaseException:
            shared.busy = True
            raise
        shared.busy = False
        with transaction:
            yield

    @contextlib.contextmanager
    def _alone_writing(self, patience: Patience) -> Iterator[None]:
        if not self._shared.write_lock.acquire(timeout=patience.left()):
            raise StoreBusy(BUSY)
        try:
            yield
        finally:
            self._shared.write_lock.release()

    def note(
        self,
        connection: Connection,
        at: datetime,
        action: str,
        object_id: str,
        detail: Mapping[str, Any] | None = None,
        outcome: int = log.DONE,
    ) -> None:
        """Adds the audit row of what this transaction does. Without it the transaction must not end well."""
        shared = self._shared
        head = log.append(
            connection, shared.keys.audit, self.doer, at, action, object_id, outcome=outcome, detail=detail
        )
        shared.noted = (head, at)

    @contextlib.contextmanager
    def opening(self, object_id: str, about: str = "", detail: Mapping[str, Any] | None = None) -> Iterator[Connection]:
        """Reads a client's record. The first look of a sign-in at it leaves a row; if none can be left, nothing opens.

        `about` tells looks at one object apart, as two searches; it is a fingerprint and stands in no row.
        """
        now, key = self.now(), (self.doer, object_id + about)
        seen = self._shared.last_read.get(key)
        if seen is not None and timedelta(0) <= now - seen < READ_AGAIN:
            with self.reading() as connection:
                yield connection
            return
        with self.writing() as connection:
            self.note(connection, now, log.READ, object_id, detail)
            yield connection
        if len(self._shared.last_read) > 10_000:
            self._shared.last_read.clear()
        self._shared.last_read[key] = now

    def refused(self, at: datetime, action: str, object_id: str, why: StoreProblem) -> None:
        """Notes what was refused, in a transaction of its own; the refusal stands also if that fails."""
        with contextlib.suppress(StoreProblem), self.writing() as connection:
            self.note(connection, at, action, object_id, {"refused": type(why).__name__}, outcome=log.REFUSED)

    def outside_head(self) -> Head | None:
        """The head of the audit log as it was noted outside the database; None where there is no such place."""
        beside = self._shared.heads.beside
        return None if beside is None else beside.read()

    def second_head(self) -> Head | None:
        """The head as it was noted in the second place; None where it was not yet."""
        second = self._shared.heads.second
        return None if second is None else second.read()

    def note_head_in(self, folder: Path) -> None:
        """From now on the head is also noted in this folder, best on another disk."""
        self._shared.heads.second = OutsideHead(folder, self.keys.audit)

    def head(self) -> Head:
        """The last row of the audit log at this moment."""
        with self.reading() as connection:
            return log.read_head(connection)

    def publish_head(self, *, back: bool = False) -> Head:
        """Notes the head outside now. `back` only after a restore."""
        head = self.head()
        self._shared.heads.publish(head, back=back)
        return head

    def leave_nothing_behind(self) -> None:
        """After an erasure: the file's write-ahead log, which may still hold what was erased, is emptied."""
        shared = self._shared
        if shared.keeper is not None:
            with problems_as_sentences(shared.place.near), shared.write_lock:
                shared.keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self, *, note_head: bool = True) -> None:
        """Closes the store for good. Saves need no close: each is on the disk when its verb returns."""
        if note_head and self._shared.heads.beside is not None:
            with contextlib.suppress(StoreProblem, OSError):
                self.publish_head()
        self._let_go()
