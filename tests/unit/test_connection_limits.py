"""Connections over real sockets: a head that does not come is not waited for, and the quietest goes where there is no room."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import inspect
import logging
import socket
from asyncio import selector_events
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from gate.connections.connection_limits import NO_ROOM, RESERVE, TAKEN_AT_ONCE, Connections, watched_by
from gate.connections.open_file_limit import raise_limit
from tests.loops import in_a_loop_of_its_own

PLENTY = 1_000_000
SOON = 0.05
LATE = 30.0
"""Seconds within which something happens on a busy machine."""


class Answering(asyncio.Protocol):
    """A server's protocol: "page" opens a page for good, "slow" begins a request that never ends, "ask" is answered."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._open = contextlib.ExitStack()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith((b"page", b"slow")):
            self._open.enter_context(self._connections.request(self.transport, is_page=data.startswith(b"page")))
            self.transport.write(b"open")
        elif data == b"ask":
            with self._connections.request(self.transport, is_page=False):
                self.transport.write(b"answer")

    def connection_lost(self, exc: Exception | None) -> None:
        self._open.close()


Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Served:
    """Opens connections to a server that is watched."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._opened: list[Opened] = []

    async def say(self, words: bytes) -> Opened:
        reader, writer = await asyncio.open_connection(*self._address)
        self._opened.append((reader, writer))
        writer.write(words)
        return reader, writer

    def close(self) -> None:
        for _, writer in self._opened:
            writer.transport.abort()


async def until_closed(one: Opened) -> bytes:
    """What was said until the other side closed it."""
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(one[0].read(), LATE)
    return b""


@contextlib.asynccontextmanager
async def served(connections: Connections) -> AsyncIterator[Served]:
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    with watched_by(connections):
        server = await asyncio.get_running_loop().create_server(lambda: Answering(connections), sock=made, backlog=2048)
        asking = Served(made.getsockname())
        try:
            yield asking
        finally:
            asking.close()
            server.close()


def test_a_head_that_does_not_come_is_not_waited_for_and_a_page_stays() -> None:
    async def run() -> None:
        async with served(Connections(PLENTY, head_seconds=SOON)) as to:
            page = await to.say(b"page")
            assert await page[0].readexactly(4) == b"open"
            halves = [await to.say(b"G" * number) for number in range(5)]
            for one in halves:
                assert await until_closed(one) == b""
            assert not page[0].at_eof()
            page[1].write(b"ask")
            assert await asyncio.wait_for(page[0].readexactly(6), LATE) == b"answer"

    in_a_loop_of_its_own(run())


def test_after_an_answer_the_next_head_has_its_time_again() -> None:
    async def run() -> None:
        async with served(Connections(PLENTY, head_seconds=SOON)) as to:
            one = await to.say(b"ask")
            assert await until_closed(one) == b"answer"

    in_a_loop_of_its_own(run())


def test_a_request_that_never_ends_is_closed_too() -> None:
    async def run() -> None:
        async with served(Connections(PLENTY, head_seconds=LATE, request_seconds=SOON)) as to:
            assert await until_closed(await to.say(b"slow")) == b"open"

    in_a_loop_of_its_own(run())


def test_without_room_the_oldest_that_is_quiet_goes_and_no_page() -> None:
    async def run() -> None:
        connections = Connections(0)  # none at all: each new one is one too many
        async with served(connections) as to:
            page = await _page(to, connections)
            quiet = await to.say(b"G")
            assert await until_closed(quiet) == b""  # nobody else is there to go: the new one
            connections.room = PLENTY
            first, second = await to.say(b""), await to.say(b"")
            await _seen(connections, 2)
            connections.room = 0
            third = await to.say(b"slow")
            assert await third[0].readexactly(4) == b"open"
            assert await until_closed(first) == b"" and not second[0].at_eof() and not page[0].at_eof()

    in_a_loop_of_its_own(run())


async def _page(to: Served, connections: Connections) -> Opened:
    connections.room = PLENTY
    page = await to.say(b"page")
    assert await page[0].readexactly(4) == b"open"
    connections.room = 0
    return page


async def _seen(connections: Connections, number: int) -> None:
    async with asyncio.timeout(LATE):
        while len(connections._quiet) < number:
            await asyncio.sleep(0.001)


def test_room_is_left_for_the_program_itself() -> None:
    assert Connections(1024).room == 1024 - RESERVE
    assert Connections(100).room == 50


def test_few_are_taken_at_once_and_many_may_wait() -> None:
    async def run() -> None:
        taken: list[int] = []
        made = socket.socket()
        made.bind(("127.0.0.1", 0))
        with watched_by(Connections(PLENTY)):
            loop = asyncio.get_running_loop()
            server = await loop.create_server(asyncio.Protocol, sock=made, backlog=2048)
            taken.append(server._backlog)  # type: ignore[attr-defined]
            with contextlib.ExitStack() as all_of_them:
                for _ in range(4 * TAKEN_AT_ONCE):  # nobody takes one meanwhile: this is the loop's own thread
                    one = all_of_them.enter_context(socket.socket())
                    one.settimeout(LATE)
                    one.connect(made.getsockname())
            server.close()
        assert taken == [TAKEN_AT_ONCE]

    in_a_loop_of_its_own(run())


def test_that_none_can_be_taken_is_said_once_a_second(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        loop, others = asyncio.get_running_loop(), []
        loop.set_exception_handler(lambda _, context: others.append(context["message"]))
        with watched_by(Connections(PLENTY)):
            for _ in range(500):
                loop.call_exception_handler({"message": NO_ROOM, "exception": OSError(errno.EMFILE, "too many")})
            loop.call_exception_handler({"message": "something else"})
        assert others == ["something else"]
        loop.call_exception_handler({"message": NO_ROOM})
        assert others == ["something else", NO_ROOM], "afterwards as before"

    with caplog.at_level(logging.WARNING, logger="gate"):
        in_a_loop_of_its_own(run())
    assert len(caplog.records) == 1


def test_asyncio_still_says_it_in_these_words() -> None:
    """`watched_by` knows it by them. Once asyncio says it once by itself, or has a number of its own for how many it takes at
    once, and uvicorn a time limit for a head, much of gate/connections/connection_limits.py can go."""
    assert NO_ROOM in inspect.getsource(selector_events)
    known = set(inspect.signature(uvicorn.Config).parameters)
    assert not {one for one in known if "header" in one and "timeout" in one} and "timeout_keep_alive" in known


def test_the_limit_is_raised_as_far_as_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: asked.append(both))
    for soft, hard, found in (
        (1024, 524_288, 4096),
        (1024, resource.RLIM_INFINITY, 4096),
        (1024, 2048, 2048),
        (1024, 1024, 1024),
        (20_000, 20_000, 4096),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 4096),
    ):
        monkeypatch.setattr(resource, "getrlimit", lambda _, both=(soft, hard): both)
        assert raise_limit() == found
    assert asked == [(4096, 524_288), (4096, resource.RLIM_INFINITY), (2048, 2048)]


def test_a_limit_that_can_not_be_raised_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")

    def refused(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 10_240))
    monkeypatch.setattr(resource, "setrlimit", refused)
    assert raise_limit() == 256
