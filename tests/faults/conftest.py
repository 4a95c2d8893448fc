"""A real server with one person of each role, and a raw websocket to it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from medspa_core.access import Role
from tests.practice import hire, keys_of, sign_in

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """The program as a child process on a home of its own."""

    home: Path
    port: int
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    program: tuple[str, ...] = ("-m", "streamlit")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEDSPA_", "STREAMLIT_"))}
        keys = str(keys_of(self.home))
        return kept | {"MEDSPA_HOME": str(self.home), "MEDSPA_KEYS": keys, "MEDSPA_PORT": str(self.port)} | self.extra

    @property
    def log(self) -> str:
        return self.home.with_name("server.log").read_text(errors="replace")

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """It does nothing meanwhile, and then goes on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def start(self) -> None:
        with self.home.with_name("server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, "run", "app.py", "--server.port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.get("/_stcore/health").status == 200:
                    return
            time.sleep(0.05)
        self.stop()
        pytest.fail(f"the program did not start:\n{self.log[-4000:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            asked.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            given = asked.getresponse()
            return Answer(given.status, {name.lower(): value for name, value in given.getheaders()}, given.read())
        finally:
            asked.close()

    def cookie(self, name: str) -> str:
        made = sign_in(self.url, name)
        return f"{made['name']}={made['value']}"

    def web_socket(self, cookie: str = "", session: str = "", origin: str | None = "", **headers: str) -> Tab:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if cookie:
            given["Cookie"] = cookie
        opened = connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=self.url if origin == "" else origin,  # type: ignore[arg-type]
            additional_headers=given,
            subprotocols=["streamlit", "none", session] if session else ["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=60,
            legacy=True,
        )
        return Tab(opened)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Tab:
    """A browser's tab as the server sees it."""

    def __init__(self, opened: ClientConnection) -> None:
        self._opened = opened

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def run(self, page: str = "", query: str = "", page_hash: str = "") -> Run:
        """Asks for a page, by name or by hash, and waits until it is drawn."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = page_hash
        self._opened.send(asked.SerializeToString())
        return self.next_run()

    def run_to_its_end(self, page: str, query: str) -> Run:
        """The same for a page that ends in an error, or late."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        self._opened.send(asked.SerializeToString())
        return self.next_run(any_end=True)

    def poll(self, fragment: str) -> Run:
        """What the browser sends by itself every few seconds, for a fragment with a clock."""
        asked = BackMsg()
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.is_auto_rerun = True
        self._opened.send(asked.SerializeToString())
        return self.next_run()

    def ask(self, kind: str) -> None:
        """What no tap asks for, as somebody with a socket of their own may."""
        asked = BackMsg()
        if kind in BackMsg.DESCRIPTOR.fields_by_name:
            field = getattr(asked, kind, None)
            if isinstance(field, bool):
                setattr(asked, kind, True)
            else:
                field.SetInParent()  # type: ignore[union-attr]
        else:
            getattr(asked.backend_operation_request, kind).SetInParent()
        self._opened.send(asked.SerializeToString())

    def file(self, file_id: str, session: str) -> str:
        """Taps a button that hands out a file; the address that the page is told, or nothing where it is refused."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = file_id
        asked.backend_operation_request.session_id = session
        asked.backend_operation_request.deferred_file.file_id = file_id
        self._opened.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self._opened.recv(timeout=60))  # type: ignore[arg-type]
            if told.WhichOneof("type") == "backend_operation_response":
                return str(told.backend_operation_response.deferred_file.url)

    def next_run(self, seconds: float = 60, *, any_end: bool = False) -> Run:
        """Waits for the end of a whole run, not of a fragment's."""
        seen, until = Run(), time.monotonic() + seconds
        while time.monotonic() < until:
            message = ForwardMsg()
            message.ParseFromString(self._opened.recv(timeout=max(0.1, until - time.monotonic())))  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "new_session":
                seen = Run(session=message.new_session.initialize.session_id)
            elif kind == "navigation":
                seen.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
                seen.drawn = message.navigation.page_script_hash
            seen.text += str(message)
            finished = (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                *((ForwardMsg.FINISHED_WITH_COMPILE_ERROR,) if any_end else ()),
            )
            if kind == "script_finished" and message.script_finished in finished:
                return seen
        raise TimeoutError


@dataclass
class Run:
    """What one run sent: the pages offered, the page drawn, and everything else as text."""

    session: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    drawn: str = ""
    text: str = ""

    @property
    def page(self) -> str:
        """The name of the page that was drawn."""
        return next((name for name, its_hash in self.pages.items() if its_hash == self.drawn), "")

    @property
    def locked(self) -> bool:
        return "You are signed out" in self.text


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all these tests; each role has a person of its name."""
    running = Server(tmp_path_factory.mktemp("gate") / "home", free_port())
    for role in Role:
        hire(running.home, role.value, [role])
    hire(running.home, "nobody", [Role.MANAGER])
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, not started."""
    running = Server(tmp_path / "home", free_port())
    yield running
    running.stop()
