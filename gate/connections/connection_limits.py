"""Connections: none keeps another out. The head of a request must be whole in seconds, all of a request in two minutes; where
room runs out the quietest are closed, the oldest first, and an open page never.

uvicorn has no time limit for a head, and asyncio goes on taking connections until no descriptor is left, with a line in the
log for each that it could not take.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

LOG = logging.getLogger("gate")
HEAD_SECONDS = 10.0
REQUEST_SECONDS = 120.0
LONG_SECONDS = 30.0
"""A request under way for longer may be closed where room runs out."""
RESERVE = 128
"""Descriptors left for the program itself: the store, its backups, a page that opens."""
TAKEN_AT_ONCE = 16
"""Connections that are taken before those taken are looked at: else a flood has used up all descriptors by then."""
NO_ROOM = "socket.accept() out of system resource"
"""What asyncio says when it could not take one."""
Factory = Callable[[], asyncio.BaseProtocol]


class Connections:
    """All connections: those whose next request must come, those being answered, and open pages, which are let be."""

    def __init__(
        self, limit: int, head_seconds: float = HEAD_SECONDS, request_seconds: float = REQUEST_SECONDS
    ) -> None:
        """`limit`: how many descriptors there are."""
        self.room = max(limit - RESERVE, limit // 2)
        self._head_seconds, self._request_seconds = head_seconds, request_seconds
        self._quiet: dict[asyncio.Transport, asyncio.TimerHandle] = {}
        self._busy: dict[asyncio.Transport, asyncio.TimerHandle] = {}
        self._pages: set[asyncio.Transport] = set()
        self.log = OnceASecond()

    def made(self, transport: asyncio.Transport) -> None:
        """A new one: its head must come."""
        self._is_quiet(transport)
        if len(self._quiet) + len(self._busy) + len(self._pages) > self.room:
            self._make_room(transport)

    def lost(self, transport: asyncio.Transport) -> None:
        """One that is closed."""
        self._pages.discard(transport)
        for kept in (self._quiet, self._busy):
            timer = kept.pop(transport, None)
            if timer is not None:
                timer.cancel()

    @contextlib.contextmanager
    def request(self, transport: asyncio.Transport | None, *, is_page: bool) -> Iterator[None]:
        """While a request whose head was whole is answered. `is_page`: an open page, which stays as long as it likes."""
        if transport is None:
            yield
            return
        self.lost(transport)
        if is_page:
            self._pages.add(transport)
        else:
            self._busy[transport] = self._later(self._request_seconds, transport)
        try:
            yield
        finally:
            self.lost(transport)
            if not transport.is_closing():
                self._is_quiet(transport)

    def _is_quiet(self, transport: asyncio.Transport) -> None:
        self._quiet[transport] = self._later(self._head_seconds, transport)

    def _later(self, seconds: float, transport: asyncio.Transport) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, self._close, transport, "no whole request in time")

    def _make_room(self, new: asyncio.Transport) -> None:
        oldest = next((one for one in self._quiet if one is not new), None) or self._longest_busy()
        self._close(oldest or new, "no room")

    def _longest_busy(self) -> asyncio.Transport | None:
        one = next(iter(self._busy), None)
        if one is None:
            return None
        begun = self._busy[one].when() - self._request_seconds
        return one if asyncio.get_running_loop().time() - begun > LONG_SECONDS else None

    def _close(self, transport: asyncio.Transport, why: str) -> None:
        self.lost(transport)
        transport.abort()
        self.log.warning(f"connections closed: {why}")


class _Watched(asyncio.Protocol):
    """The server's own protocol, and beside it somebody who hears that a connection begins and ends. Once the connection is a
    page's, the server puts another protocol in its place, and nothing stands between."""

    def __init__(self, inner: Any, connections: Connections) -> None:
        self._inner, self._connections = inner, connections
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._inner.connection_made(transport)
        self._connections.made(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.lost(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        goes_on: bool | None = self._inner.eof_received()
        return goes_on

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


class OnceASecond:
    """A line in the log once a second at most, with how many it stands for."""

    def __init__(self) -> None:
        self._unsaid: dict[str, int] = {}
        self._said_at: dict[str, float] = {}

    def warning(self, words: str) -> None:
        """Says it now, or counts it for the next time."""
        now = asyncio.get_running_loop().time()
        self._unsaid[words] = self._unsaid.get(words, 0) + 1
        if now - self._said_at.get(words, now - 1) >= 1:
            LOG.warning("%s (%d)", words, self._unsaid.pop(words))
            self._said_at[words] = now


@contextlib.contextmanager
def watched_by(connections: Connections) -> Iterator[None]:
    """From now on every server that this event loop makes is watched; it must not have been made yet."""
    loop = asyncio.get_running_loop()
    plain, before = loop.create_server, loop.get_exception_handler()

    async def create_server(factory: Factory, *given: Any, backlog: int = 100, **more: Any) -> asyncio.AbstractServer:
        watched = lambda: _Watched(factory(), connections)  # noqa: E731
        server: asyncio.AbstractServer = await plain(watched, *given, backlog=TAKEN_AT_ONCE, **more)
        if more.get("sock") is not None:  # asyncio has one number for how many it takes at once and how many may wait
            more["sock"].listen(backlog)
        return server

    def told(of: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if str(context.get("message", "")).startswith(NO_ROOM):
            connections.log.warning("no connection can be taken, no descriptor is left")
        elif before is not None:
            before(of, context)
        else:
            of.default_exception_handler(context)

    loop.create_server = create_server  # type: ignore[method-assign, assignment]
    loop.set_exception_handler(told)
    try:
        yield
    finally:
        loop.create_server = plain  # type: ignore[method-assign]
        loop.set_exception_handler(before)
