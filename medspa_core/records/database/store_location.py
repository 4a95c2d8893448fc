"""Where a store lies: a path or a database address goes in, a file or a server comes out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine

from medspa_core.records.database import encrypted_file, postgres
from medspa_core.records.database.encrypted_file import FileLock
from medspa_core.records.keys import Keys
from medspa_core.records.problems import StoreDamaged, StoreProblem, problems_as_sentences


def store_file(home: Path) -> Path:
    """Where the store lies inside a clinic's folder."""
    return home / "medspa.sqlite3"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A store in an encrypted file."""

    path: Path

    @property
    def near(self) -> Path | None:
        """A file on the disk that it lies on."""
        return self.path

    @property
    def name(self) -> str:
        """As a message says it."""
        return str(self.path)

    def engine(self, keys: Keys, *, foreign_keys: bool = True) -> Engine:
        """SQLAlchemy's engine on it."""
        return encrypted_file.file_engine(self.path, keys.store, foreign_keys=foreign_keys)


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """A store on a PostgreSQL server, in the schema that its role sees first or in the one named."""

    url: URL
    schema: str = ""

    @property
    def near(self) -> Path | None:
        """The server's disk is its own."""
        return None

    @property
    def name(self) -> str:
        """As a message says it, without the password."""
        return postgres.label(self.url)

    def engine(self, keys: Keys, *, foreign_keys: bool = True) -> Engine:
        """SQLAlchemy's engine on it; the keys sign the audit log only, the server's disk is its administrator's."""
        return postgres.postgres_engine(self.url, self.schema)


Place = FilePlace | ServerPlace


def place_of(url_or_path: str | Path) -> Place:
    """A path, sqlite:///path or postgresql://… as a place. The message of a bad one never repeats it."""
    if isinstance(url_or_path, str):
        if postgres.is_postgres(url_or_path):
            return ServerPlace(postgres.read_url(url_or_path))
        kind, separator, rest = url_or_path.partition("://")
        if separator:
            if kind not in ("sqlite", "sqlite+pysqlite") or not rest.startswith("/") or len(rest) < 2:
                raise StoreProblem(
                    "MEDSPA_DATABASE_URL: expected a path, sqlite:///path (relative), sqlite:////path (absolute) or "
                    f"postgresql://user@host/database, found one that starts with {kind}://."
                )
            return FilePlace(Path(rest[1:]).absolute())
    return FilePlace(Path(url_or_path).absolute())


def make_file(file: Path) -> None:
    """An empty file in a folder, both for their owner only; what is there stays."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            encrypted_file.make_empty(file)
    except OSError as problem:
        raise StoreProblem(f"{file}: the store can't be made there: {problem.strerror}.") from None


def held_alone(place: Place) -> AbstractContextManager[None]:
    """Nobody has the file open meanwhile; on a server what is done there waits for the writers itself."""
    return FileLock(place.path).alone() if isinstance(place, FilePlace) else contextlib.nullcontext()


@contextlib.contextmanager
def connected(place: Place, keys: Keys, *, writes: bool = False) -> Iterator[Connection]:
    """One transaction on a place that is not open as a store; nothing of it stays open afterwards. One alone `writes`."""
    engine = place.engine(keys)
    try:
        with engine.connect().execution_options(writes=writes) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


@contextlib.contextmanager
def looking(place: Place, keys: Keys) -> Iterator[Connection]:
    """The same, to be read only: a file and its log stay byte for byte as they are."""
    if isinstance(place, ServerPlace):
        with problems_as_sentences(), connected(place, keys) as connection:
            yield connection
        return
    engine = encrypted_file.looking_engine(place.path, keys.store)
    try:
        with problems_as_sentences(place.near), engine.connect() as connection, connection.begin():
            yield connection
    except StoreDamaged as problem:
        if place.name in str(problem):
            raise
        raise StoreDamaged(
            f"{place.name}: the file is damaged. It was left as it is; restore the last good backup."
        ) from None
    finally:
        engine.dispose()
