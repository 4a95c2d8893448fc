"""What a tap changed reaches the browser at once.

Streamlit sends a run as it goes: it has begun, it is running, each change, it is done. The browser draws its whole page
again for each of them that arrives alone, and that is most of what a tap takes. Here the messages of a run wait for its
end, though never longer than `LONGEST_SECONDS`: a long run goes out in pieces. Their content stays as it is, and their
order but for one: that a run is under way is said with its end, else the browser greys what is about to change in the same
moment. A run that its callback ends before it drew anything, to begin another, is left out: the browser would draw its
page twice for nothing.

A browser in which our script runs takes all of a run as one message, and gives Streamlit its parts one after another within
one step of its own: so the page is drawn once, where messages that arrive one by one are drawn in two or three goes. Whoever
speaks Streamlit's own language gets Streamlit's own messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from views.streamlit_patches.page_connections import OfPages

Told = tuple[str, Message]  # the kind of a message of Streamlit, "" for any other; the message

ASKS = "whole-runs"
"""What our script adds to the address of the socket."""
PACK = b"\0"
"""How a message that holds several begins; one of Streamlit's never does. Each is the four bytes of its length and itself."""
TAKES_PACKS = Path(__file__).with_suffix(".js").read_text("utf-8").replace("ASKS", ASKS)
"""In the page before Streamlit's own script (app.py gives it to the gate): it opens a pack, and lets all else pass."""

LONGEST_SECONDS = 0.1
BEGUN, CHANGED, OVER = "new_session", "session_status_changed", "script_finished"


class Together(OfPages):
    """Of what a page is told."""

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        takes_packs = ASKS.encode() in scope.get("query_string", b"").split(b"&")
        held = _Held(send, _socket_of(receive), takes_packs=takes_packs)
        try:
            await self._app(scope, receive, held.send)
        finally:
            held.stop()


class _Held:
    """The messages of one connection that wait for the end of their run."""

    def __init__(self, send: Send, connection: socket.socket | None, *, takes_packs: bool) -> None:
        self._send = send
        self._connection = connection
        self._takes_packs = takes_packs
        self._waiting: list[Told] = []
        self._in_a_run = False
        self._goes_on = False  # a tap whose callback asks for other parts ends one run early and begins the next
        self._left_out = False  # the run that was just cut short is not told
        self._limit: asyncio.TimerHandle | None = None
        self._late: asyncio.Task[None] | None = None
        self._in_order = asyncio.Lock()

    async def send(self, message: Message) -> None:
        """Takes a message of the server; hands it on now or with those that wait."""
        told = _told(message)
        kind = "" if told is None else str(told.WhichOneof("type"))
        if told is not None and self._leaves_out(told, kind):
            return
        self._waiting.append((kind, message))
        self._in_a_run = (self._in_a_run or kind == BEGUN) and not (told is not None and self._ends(told, kind))
        if told is None or not self._in_a_run:
            await self.let_go()
        elif self._limit is None:
            self._limit = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self._too_long)

    def _ends(self, told: ForwardMsg, kind: str) -> bool:
        if kind == OVER:
            self._goes_on = told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        is_over = kind == CHANGED and not told.session_status_changed.script_is_running
        return is_over and not self._goes_on

    def _leaves_out(self, told: ForwardMsg, kind: str) -> bool:
        """Whether this is the end of a run that drew nothing and goes on as another; its beginning is then dropped."""
        kinds = [kind for kind, _ in self._waiting]
        if kind == OVER and told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN and BEGUN in kinds:
            began = len(kinds) - 1 - kinds[::-1].index(BEGUN)
            if set(kinds[began:]) <= {BEGUN, CHANGED}:
                del self._waiting[began:]
                self._goes_on = self._left_out = True
                return True
        its_end = self._left_out and kind == CHANGED and not told.session_status_changed.script_is_running
        self._left_out = False
        return its_end

    def _too_long(self) -> None:
        self._late = asyncio.ensure_future(self._let_go_late())

    async def _let_go_late(self) -> None:
        with contextlib.suppress(OSError):  # the browser has gone meanwhile; whoever sends next is told so
            await self.let_go()

    async def let_go(self) -> None:
        """Everything that waits goes out, in the order in which it came but for "it is running"."""
        self.stop()
        async with self._in_order:
            waiting, self._waiting = self._waiting, []
            messages = [message for _, message in _running_said_last(waiting)]
            if self._takes_packs and len(waiting) > 1 and all(kind for kind, _ in waiting):
                messages = [_pack(messages)]
            with _in_one_piece(self._connection):
                for message in messages:
                    await self._send(message)

    def stop(self) -> None:
        """Nothing is to be waited for any more."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


def _pack(messages: list[Message]) -> Message:
    """Several messages of Streamlit as one."""
    parts = [len(one["bytes"]).to_bytes(4, "big") + one["bytes"] for one in messages]
    return {"type": "websocket.send", "bytes": PACK + b"".join(parts)}


def _running_said_last(messages: list[Told]) -> list[Told]:
    """Where the end of a run is here too: "it is running" just before "it is over", not just after "it has begun"."""
    ordered: list[Told] = []
    running: list[Told] = []
    for number, (kind, message) in enumerate(messages):
        if kind == CHANGED and number and messages[number - 1][0] == BEGUN and _has_its_end(messages[number:]):
            running = [(kind, message)]
        else:
            ordered += [*(running if kind == OVER else []), (kind, message)]
            running = [] if kind == OVER else running
    return ordered


def _has_its_end(rest: list[Told]) -> bool:
    ends = [kind for kind, _ in rest if kind in (BEGUN, OVER)]
    return ends[:1] == [OVER]


def _socket_of(receive: Receive) -> socket.socket | None:
    """The connection below, where the server is uvicorn."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    found: socket.socket | None = transport.get_extra_info("socket") if transport is not None else None
    return found


@contextlib.contextmanager
def _in_one_piece(connection: socket.socket | None) -> Iterator[None]:
    """What is sent meanwhile leaves together, where the system knows how (Linux): else the browser begins to draw while
    the rest is still being written."""
    _cork(connection, on=True)
    try:
        yield
    finally:
        _cork(connection, on=False)


def _cork(connection: socket.socket | None, *, on: bool) -> None:
    if (
        connection is not None
        and connection.family in (socket.AF_INET, socket.AF_INET6)
        and hasattr(socket, "TCP_CORK")
    ):
        with contextlib.suppress(OSError):  # the browser has gone meanwhile
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, on)


def _told(message: Message) -> ForwardMsg | None:
    """What Streamlit says to the browser; None for anything else that goes over the socket."""
    packed = message.get("bytes") if message["type"] == "websocket.send" else None
    return ForwardMsg.FromString(packed) if packed else None
