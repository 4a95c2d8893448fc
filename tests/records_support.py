"""Real engines for the tests of records: an encrypted file with keys of its own, and a PostgreSQL server on loopback.

The server is started once per test process as an ordinary user, and every test gets a database of its own.
"""

from __future__ import annotations

import os
import pwd
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from medspa_core.records import (
    ChoiceFacts,
    Draft,
    Keys,
    Store,
    create_store,
    load_keys,
    make_keys,
    new_keys,
    open_store,
    start_draft,
)
from medspa_core.records.database import encrypted_file as files
from medspa_core.records.database.row_copy import build_if_empty
from medspa_core.records.database.store_location import ServerPlace, place_of
from tests.ready_stores import put_ready_store

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
ORDER = ("wait", "microneedling_alone", "prp_microneedling", "exosome_microneedling")
FACTS = ChoiceFacts("texture", "microneedling_alone", "leans", "exosome_microneedling", "leans")


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Clinic:
    """One clinic's store and keys, wherever they are."""

    where: str | Path
    keys: Keys
    clock: Clock = field(default_factory=Clock)

    def create(self) -> Store:
        """The store, without rows at first. A file is a copy of a ready one, see ready_stores."""
        if isinstance(self.where, Path):
            put_ready_store(self.where, self.keys)
        return self.make()

    def make(self) -> Store:
        """The store as the program itself makes it where there is none."""
        return create_store(self.where, self.keys, self.clock)

    def open(self) -> Store:
        return open_store(self.where, self.keys, self.clock)

    def copy_to(self, folder: Path) -> Clinic:
        """The same file and keys once more, for a test that may change them. Nobody has this one open."""
        assert self.keys.folder is not None
        shutil.copytree(self.file.parent, folder / "home")
        shutil.copytree(self.keys.folder, folder / "keys")
        return Clinic(folder / "home" / self.file.name, load_keys(folder / "keys"), Clock(self.clock.now))

    @property
    def file(self) -> Path:
        return Path(self.where)

    def unlocked(self) -> Any:
        """The file's own connection, past the store's door: what somebody with the key could do."""
        return closing(files._unlock(self.file, self.keys.store))

    def tamper(self, *statements: str) -> None:
        """Changes the database past the store's door, its guards first taken away as an administrator would."""
        if isinstance(self.where, Path):
            with self.unlocked() as raw:
                for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    raw.execute(f"DROP TRIGGER {name}")
                for statement in statements:
                    raw.execute(statement)
            return
        with psycopg.connect(self.where, autocommit=True) as raw:
            raw.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
            for statement in statements:
                raw.execute(statement)  # type: ignore[arg-type]


def new_clinic(folder: Path) -> Clinic:
    """A clinic on an encrypted file; nothing is made yet but its keys."""
    return Clinic(folder / "home" / "medspa.sqlite3", make_keys(folder / "keys"))


def begin(store: Store, code_name: str = "Birch 7") -> Draft:
    return start_draft(store, code_name, NOW, date(2026, 11, 22), ORDER)


@dataclass
class Server:
    """A PostgreSQL server of the tests' own."""

    folder: Path
    programs: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    made: int = 0

    def url(self, database: str) -> str:
        return f"postgresql://medspa@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        command = [self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=16MB"]
        for setting in settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **_ordinary_user())
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def fresh(self, template: str = "template0") -> str:
        """A database for one test."""
        self.made += 1
        name = f"clinic_{self.made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
        return self.url(name)

    def drop(self, url: str) -> None:
        """A test is done with its database: hundreds of them would be gigabytes."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@contextmanager
def nothing_can_be_written(store: Store) -> Iterator[None]:
    """While it is open: the disk takes nothing from this program, or the server was set to read-only."""
    if isinstance(store.place, ServerPlace):
        with _server_set_to_read_only(store.place.url.render_as_string(hide_password=False).replace("+psycopg", "")):
            yield
    else:
        with takes_nothing():
            yield


@contextmanager
def takes_nothing(process: int = 0) -> Iterator[None]:
    """The disk refuses what this process writes, as one that the system has made read-only: open files stay open."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@contextmanager
def _server_set_to_read_only(url: str) -> Iterator[None]:
    def set_to(how: str, statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")
            admin.execute(statement)  # type: ignore[arg-type]
            admin.execute("SELECT pg_reload_conf()")
        until = time.monotonic() + 120
        while time.monotonic() < until:  # open sessions are told before a new one can know it
            with psycopg.connect(url) as asked:
                if asked.execute("SHOW default_transaction_read_only").fetchone() == (how,):
                    return
        raise TimeoutError

    set_to("on", "ALTER SYSTEM SET default_transaction_read_only = on")
    try:
        yield
    finally:
        set_to("off", "ALTER SYSTEM RESET default_transaction_read_only")


def _ordinary_user() -> dict[str, Any]:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server on loopback. Where PostgreSQL is not installed the tests on it are skipped, and the summary says so."""
    programs = _programs()
    if programs is None:
        warnings.warn(pytest.PytestWarning("NO POSTGRESQL: the store was NOT tested on it"), stacklevel=1)
        pytest.skip("NO POSTGRESQL: the store was NOT tested on it")
    folder = Path(tempfile.mkdtemp(prefix="medspa-postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    server = None
    try:
        subprocess.run(
            f"{programs / 'initdb'} -D {folder / 'data'} -U medspa --auth=trust --no-sync --locale=C -E UTF8 -k".split(),
            check=True,
            capture_output=True,
            cwd=folder,
            **_ordinary_user(),
        )
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            server = Server(folder, programs, int(asked.getsockname()[1]))
        server.start()
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE built TEMPLATE template0")
        build_if_empty(place_of(server.url("built")), new_keys())  # no check value of any key is in it yet
        yield server
    finally:
        if server is not None:
            server.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def run_sql(url: str, file: str, **fields: str) -> None:
    """A file of deploy/ as psql runs it: its :'fields' filled in, a statement at a time."""
    text = re.sub(r"--[^\n]*", "", (DEPLOY / file).read_text("utf-8"))
    for name, value in fields.items():
        text = text.replace(f":'{name}'", f"'{value}'")
    with psycopg.connect(url, autocommit=True) as admin:
        for statement in filter(str.strip, text.split(";")):
            admin.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def chain(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    """A clinic whose tables belong to one role and whose program is another, as deploy/ says."""
    administrator = postgres_server.url("postgres")
    run_sql(administrator, "postgres.sql", owner_password="o-secret", program_password="p-secret")
    owner = f"postgresql://medspa_owner:o-secret@127.0.0.1:{postgres_server.port}/medspa"
    keys = make_keys(tmp_path_factory.mktemp("chain") / "keys")
    create_store(owner, keys, Clock()).close()
    run_sql(postgres_server.url("medspa"), "postgres_rights.sql")
    return Clinic(f"postgresql://medspa_program:p-secret@127.0.0.1:{postgres_server.port}/medspa", keys)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A real disk of two megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="medspa-small-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("a small disk can't be mounted here; the page limit below stands in for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


@pytest.fixture
def file_clinic(tmp_path: Path) -> Clinic:
    """A clinic on an encrypted file, not made yet."""
    return new_clinic(tmp_path)


@pytest.fixture
def server_clinic(tmp_path: Path, postgres_server: Server) -> Iterator[Clinic]:
    """A clinic on PostgreSQL with the tables already there."""
    url = postgres_server.fresh("built")
    yield Clinic(url, make_keys(tmp_path / "server-keys"))
    postgres_server.drop(url)


ON_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.integration)


@pytest.fixture(params=["file", ON_POSTGRESQL])
def clinic(request: pytest.FixtureRequest) -> Clinic:
    """The same test on both engines."""
    return request.getfixturevalue("file_clinic" if request.param == "file" else "server_clinic")


@pytest.fixture
def store(clinic: Clinic) -> Iterator[Store]:
    """An open store, on both engines."""
    with clinic.create() as opened:
        yield opened


@pytest.fixture
def file_store(file_clinic: Clinic) -> Iterator[Store]:
    """An open store in an encrypted file."""
    with file_clinic.create() as opened:
        yield opened


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process that runs some lines of Python; `here` says where the program is."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
